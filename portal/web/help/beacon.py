"""Beacon: what a page's scripts tell of a visit. Small JSON, checked; it answers nothing, and no page waits for it."""

from abc import ABC, abstractmethod
from typing import Annotated, Literal

from flask import Blueprint, Response, request
from limits import RateLimitItemPerMinute
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.content.page import Page
from portal.errors import Invalid, NotFound
from portal.events.kinds import Clicked, Contacted, Event, Searched, Step, Viewed, Where
from portal.text import one_line
from portal.web import access, caching, errors, languages, readers, recording
from portal.web.context import generation, site, the
from portal.web.limits import Limits, client_address
from portal.web.parameters import QUERY_LIMIT
from portal.web.recording import common

MOST_BYTES = 4096
BEACONS_A_MINUTE = 600
"""From one address; a reader sends a few, an office that reads together stays below."""
LONGEST_SECONDS = 3600.0
"""A page that was looked at longer was left open, not read."""
MOST_SHOWN = 50

Uid = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Named = Annotated[str, Field(min_length=1, max_length=64)]
Anchor = Annotated[str, Field(max_length=300)]

bp = Blueprint("beacon", __name__)


class _Told(BaseModel, ABC):
    """What every message has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lang: Annotated[str, Field(max_length=35)]

    @abstractmethod
    def events(self, who: str, lang: str) -> tuple[Event, ...]:
        """Return it as events of a visitor. Raises Invalid for an article that there is not."""

    def remember(self, response: AnyResponse) -> None:
        """Have the reader's own browser remember what is theirs of it: nothing."""


class _Clicked(_Told):
    """A hit was opened."""

    kind: Literal["clicked"]
    search: Uid
    article: Named
    anchor: Anchor = ""
    position: Annotated[int, Field(ge=0, le=10_050)]

    def events(self, who: str, lang: str) -> tuple[Event, ...]:
        anchor = _anchor(_article(self.article), self.anchor)
        return (
            Clicked(
                **common(who, lang),
                search=self.search,
                article=self.article,
                anchor=anchor,
                position=self.position,
            ),
        )


class _Viewed(_Told):
    """An article is left, or hidden. `seconds` counts from its opening, so the last message of a page says all."""

    kind: Literal["viewed"]
    article: Named
    revision: Annotated[str, Field(pattern="^([0-9a-f]{4,64})?$")] = ""
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    depth: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    search: Uid | Literal[""] = ""

    def events(self, who: str, lang: str) -> tuple[Event, ...]:
        _article(self.article)
        seconds = round(min(self.seconds, LONGEST_SECONDS), 1)
        return (
            Viewed(
                **common(who, lang),
                article=self.article,
                revision=self.revision,
                seconds=seconds,
                depth=round(self.depth, 2),
                search=self.search,
            ),
        )

    def remember(self, response: AnyResponse) -> None:
        readers.note_read(self.article, self.seconds, response)


class _Shown(_Told):
    """A page of results is there, and a script on it: who opens none of the hits now is known to have opened none."""

    kind: Literal["shown"]
    search: Uid

    def events(self, who: str, lang: str) -> tuple[Event, ...]:
        return (Viewed(**common(who, lang), article="", search=self.search),)


class _Typing(_Told):
    """A suggestion was chosen while typing: a search that the results page never saw, and a click."""

    kind: Literal["typing"]
    search: Uid
    text: Annotated[str, Field(min_length=1, max_length=QUERY_LIMIT)]
    article: Named
    anchor: Anchor = ""
    position: Annotated[int, Field(ge=1, le=MOST_SHOWN)]
    shown: Annotated[int, Field(ge=1, le=MOST_SHOWN)]

    def events(self, who: str, lang: str) -> tuple[Event, ...]:
        anchor = _anchor(_article(self.article), self.anchor)
        return (
            Searched(
                **common(who, lang, self.search),
                query=one_line(self.text),
                where=Where.TYPING,
                hits=self.shown,
                offered=(self.article,),
                generation=generation().name,
            ),
            Clicked(
                **common(who, lang),
                search=self.search,
                article=self.article,
                anchor=anchor,
                position=self.position,
            ),
        )


class _Contacted(_Told):
    """The contact page was opened, or a way to reach people was taken."""

    kind: Literal["contacted"]
    step: Literal[Step.OPENED, Step.SENT]
    channel: Annotated[str, Field(max_length=20)] = ""
    search: Uid | Literal[""] = ""

    def events(self, who: str, lang: str) -> tuple[Event, ...]:
        channel = self.channel if self.channel in {one.kind for one in site().channels} else ""
        return (Contacted(**common(who, lang), step=self.step, channel=channel, search=self.search),)


_MESSAGE: TypeAdapter[_Clicked | _Viewed | _Shown | _Typing | _Contacted] = TypeAdapter(
    Annotated[_Clicked | _Viewed | _Shown | _Typing | _Contacted, Field(discriminator="kind")]
)


@bp.post("/events")
def tell() -> AnyResponse:
    """Record what a script tells; 204 whether or not this visit is recorded, 400 for what no script of ours sends."""
    request.max_content_length = MOST_BYTES
    limit = RateLimitItemPerMinute(BEACONS_A_MINUTE)
    the(Limits).count(limit, "beacon", address=client_address(), today=clock.now().date())
    if not recording.is_allowed():
        return _nothing()
    try:
        told = _MESSAGE.validate_json(_body())
        lang = languages.known(told.lang, access.shelf().languages())
        who = recording.visitor()
        recording.record(*(told.events(who, lang) if who else ()))
    except ValidationError as error:
        return errors.problem(400, _what(error))
    except (Invalid, NotFound) as error:
        return errors.problem(400, str(error) or "lang: there is no such language.")
    response = _nothing()
    recording.set_key(response)
    told.remember(response)
    return response


def _body() -> bytes:
    """Return what was sent as JSON: another site's page can't send that unasked. Raises Invalid for any other type."""
    if request.mimetype != "application/json":
        raise Invalid("Send JSON, as application/json.")
    return request.get_data()


def _what(error: ValidationError) -> str:
    """Say what is wrong, and where, without a word of what was sent."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(str(part) for part in one['loc']) or 'message'}: {one['type']}" for one in faults[:5])


def _article(article_id: str) -> Page:
    page = access.shelf().page(article_id)
    if page is None:
        raise Invalid("article: there is none of this id.")
    return page


def _anchor(page: Page, anchor: str) -> str:
    """Return the anchor if it is a heading's of this article: nothing else comes into an event that way."""
    return anchor if any(anchor == one.anchor for one in page.headings) else ""


def _nothing() -> Response:
    return caching.never_kept(Response(status=204))
