"""The peer: a Flask app whose one view answers with nothing. `gunicorn benchmarks.empty:app`."""

from flask import Flask

app = Flask("empty", static_folder=None)


@app.get("/")
def nothing() -> str:
    """Answer 200 with an empty body: what Flask and the server cost before anybody does anything."""
    return ""
