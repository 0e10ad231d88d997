// Marks the section that is being read in the contents list.
export default function contents(nav) {
  const links = new Map([...nav.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const details = nav.querySelector("details");
  let present;

  function mark() {
    const line = innerHeight / 4;
    const isAtEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top <= line);
    const on = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight);
    const heading = isAtEnd && scrollY > 0 ? on.at(-1) : passed.at(-1);
    const link = heading && links.get(heading.id);
    if (link === present) return;
    present?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    if (link && nav.scrollHeight > nav.clientHeight) nav.scrollTo({ top: link.offsetTop - nav.clientHeight / 2 });
    present = link;
  }

  const watch = new IntersectionObserver(mark, { rootMargin: "0px 0px -75% 0px", threshold: [0, 1] });
  headings.forEach((heading) => watch.observe(heading));
  addEventListener("scrollend", mark);
  nav.addEventListener("click", (event) => {
    if (event.target.closest("a") && getComputedStyle(nav).position !== "sticky") details.open = false;
  });
  mark();
}
