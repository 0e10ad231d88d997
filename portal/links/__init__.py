"""Links to articles that agents send. In: an article that is put into a reply. Out: a short link, and what came of it.

Table: `sent_links`. A link names no customer: it knows the article, who sent it, and how often it was opened.
"""
