"""A customer at the contact form: opens it, writes, sends; without a script, as a browser would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal import clock
from portal.web import stamps

FORM = "/en/contact/form"
_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_WRITING = re.compile(r'<form class="writing-form".*?</form>', re.DOTALL)


@dataclass
class Form:
    """The fields of a form that was opened; `fields` may be changed before it is sent."""

    client: FlaskClient
    url: str
    fields: dict[str, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, client: FlaskClient, url: str = FORM) -> "Form":
        return cls.of(client, client.get(url).text, url.partition("?")[0])

    @classmethod
    def of(cls, client: FlaskClient, page: str, url: str) -> "Form":
        form = _WRITING.search(page)
        assert form, page
        return cls(client, url, {name: unescape(value) for name, value in _FIELD.findall(form[0])})

    def aged(self, app: Flask, age: timedelta) -> "Form":
        """Let it have been handed out some time ago."""
        with app.test_request_context():
            self.fields["stamp"] = stamps.make(self.fields["uid"], clock.now() - age)
        return self

    def send(self, *files: tuple[str, bytes], headers: Mapping[str, str] | None = None, **fields: str) -> TestResponse:
        data: dict[str, Any] = self.fields | fields
        data["files"] = [FileStorage(BytesIO(content), name) for name, content in files]
        boundary, body = encode_multipart(data)
        content_type = f"multipart/form-data; boundary={boundary}"
        return self.client.post(self.url, data=body, headers=headers, content_type=content_type)


def a_form(client: FlaskClient, app: Flask, url: str = FORM, **fields: str) -> Form:
    """Open a form that is old enough to be a person's, with words in it that nothing answers."""
    form = Form.opened(client, url).aged(app, timedelta(minutes=1))
    form.fields |= {"subject": "Zyxgrb", "text": "Qwvbt krzl fmpnd.", "address": "ada@example.com"} | fields
    return form
