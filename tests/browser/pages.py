"""One address for every kind of page: those that `make audit` has, and the states that only a browser brings about."""

from benchmarks.audit_kinds import of_the_manual

MANUAL_ARTICLE = "/en/articles/writing/markdown-you-can-use"
MANUAL_ID = "markdown"
ARABIC = "/ar/articles/reading/password"
NEARLY = "/en/articles/writing/markdwon-you-can-use"
HOME, NO_HITS, SEARCH = "/en/", "/en/search?q=zzyzx", "/en/search?q=article"
PAGES = {kind.name: kind.path for kind in of_the_manual()} | {
    "hits, filtered": "/en/search?q=article&topic=writing&tag=writing",
    "hits, later": "/en/search?q=article&offset=10",
    "hits in another language": "/en/search?q=Antwort",
    "hits that are hard to show": "/en/search?q=measuring+station",
    "no hits among the filtered": "/en/search?q=zzyzx&topic=writing",
    "topic of hard input": "/en/topics/hard",
    "contact about a topic": "/en/contact?topic=writing",
    "contact where mail is better": "/en/contact?topic=running",
    "no notices": "/de/notices",
}
