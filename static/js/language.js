// Whoever chooses a language keeps it: the next visit to `/` begins there. Nothing is kept before that click.
const YEAR_SECONDS = 31536000;

export default function language(link) {
  link.addEventListener("click", () => {
    document.cookie = `lang=${link.hreflang}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  });
}
