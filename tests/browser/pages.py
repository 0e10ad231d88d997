"""One address for every kind of page."""

MANUAL_ARTICLE = "/en/articles/writing/markdown-you-can-use"
MANUAL_ID = "markdown"
ARABIC = "/ar/articles/reading/password"
NEARLY = "/en/articles/writing/markdwon-you-can-use"
HOME, NO_HITS, SEARCH = "/en/", "/en/search?q=zzyzx", "/en/search?q=article"
PAGES = {
    "home": HOME,
    "home in German": "/de/",
    "topic": "/en/topics/writing",
    "search": "/en/search",
    "hits": SEARCH,
    "hits, filtered": "/en/search?q=article&topic=writing&tag=writing",
    "later hits": "/en/search?q=article&offset=10",
    "hits in another language": "/en/search?q=Antwort",
    "no hits": NO_HITS,
    "article": MANUAL_ARTICLE,
    "article in Arabic": ARABIC,
    "vote": f"/en/votes/{MANUAL_ID}",
    "not found": NEARLY,
}
