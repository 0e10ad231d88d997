from tests.browser.visitor import come
def test_x(visitor, served):
    for q in ("footnote", "keyboard", "restore a backup", "move an article"):
        visitor.page.goto("/en/search?q="+q); print(q, visitor.page.evaluate("[...document.querySelectorAll('.hit a')].map(a=>[a.getAttribute('href'), a.innerHTML])")[:3], visitor.page.evaluate("[...document.querySelectorAll('.hit')].map(a=>a.querySelectorAll('mark').length)"))
    visitor.page.goto("/en/search?q=zzyzx"); print(visitor.page.inner_text("main"))
    visitor.page.goto("/en/articles/writing/markdwon-you-can-use"); print(visitor.page.inner_text("main"))
    visitor.page.goto("/en/articles/writing/markdown-you-can-use"); print(visitor.page.inner_html("main")[:9000])
