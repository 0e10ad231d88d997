import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import IMAGE

ARTICLE = "/en/articles/accounts/reset-your-password"


def asset(client: FlaskClient, name: str) -> str:
    found = re.search(rf'"(/assets/[^"]+/{name})"', client.get(ARTICLE).text)
    assert found
    return found[1]


def test_an_image_is_shown(client: FlaskClient) -> None:
    answer = client.get(asset(client, "form.png"), buffered=True)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, IMAGE, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers


def test_a_drawing_that_could_carry_a_script_is_downloaded(client: FlaskClient) -> None:
    answer = client.get(asset(client, "drawing.svg"), buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_image_is_304_the_second_time_and_comes_in_parts(client: FlaskClient) -> None:
    path = asset(client, "form.png")
    tag = client.get(path, buffered=True).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}, buffered=True).status_code == 304
    part = client.get(path, headers={"Range": "bytes=1-3"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"PNG")
    beyond = client.get(path, headers={"Range": "bytes=9000-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(IMAGE)}"


@pytest.mark.parametrize(
    "path",
    [
        "../portal.toml",
        "%2e%2e/portal.toml",
        "..%2fportal.toml",
        "//etc/passwd",
        "\\..\\x",
        "%00",
        "form.png/",
        "other.png",
    ],
)
def test_no_other_file_is_reached(client: FlaskClient, path: str) -> None:
    key = asset(client, "form.png").split("/")[2]
    assert client.get(f"/assets/{key}/{path}").status_code in {308, 404}
    assert client.get(f"/assets/{path}").status_code in {308, 404}
