from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.web.filters import number, when

MOMENT = datetime(2020, 5, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(("lang", "said"), [("en", "May 7, 2020"), ("de", "7. Mai 2020")])
def test_dates_are_days_in_the_readers_way(app: Flask, lang: str, said: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert f">{said}</time>" in when(MOMENT)


def test_the_exact_moment_is_on_hover_and_for_scripts(app: Flask) -> None:
    with app.test_request_context("/en/"):
        written = when(MOMENT)
    assert "8:09" in written.partition('title="')[2].partition('"')[0]
    assert "UTC" in written
    assert 'datetime="2020-05-07T08:09:00+00:00"' in written


@pytest.mark.parametrize(("lang", "said"), [("en", "1,204"), ("de", "1.204")])
def test_numbers_are_written_in_the_readers_way(app: Flask, lang: str, said: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert number(1204) == said
