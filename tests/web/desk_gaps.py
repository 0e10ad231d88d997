"""Gaps for the desk's tests: one by one with defaults, or a whole list as a help centre of some size would have it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from portal.gaps.models import Cause, Change, Gap, Need, State, Wording
from portal.gaps.replay import Answered, Replayed, Seen, Worse
from portal.gaps.suggest import Evidence, Kind, Proposal, Reference
from portal.gaps.unmet import wording
from portal.gaps.verify import Measure
from portal.outbox import store as outbox
from portal.outbox.models import Channel
from portal.outbox.parcel import Issue, Message

NOW = datetime.now(UTC).replace(microsecond=0)
_NUMBERS = count(1)
Asked = tuple[str, int, str]
"""A wording, how many people used it, and how that ended for them."""


def a_gap(
    session: Session,
    title: str = "Export all invoices of a year",
    *,
    asked: Sequence[Asked] = (("export all invoices", 3, "no_results"), ("download invoices as csv", 2, "gave_up")),
    state: State = State.SUGGESTED,
    cause: Cause = Cause.MISSING,
    lang: str = "en",
    topic: str | None = None,
    owner: int | None = None,
    trend: Sequence[int] = (0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 2),
    days_old: float = 20,
    offered: Sequence[str] = (),
    proposal: Proposal | None = None,
    **fields: object,
) -> Gap:
    """Write a gap with its wordings, the needs of as many different people, and its first change."""
    people = sum(number for _, number, _ in asked)
    created = NOW - timedelta(days=days_old)
    gap = Gap(
        title=title, lang=lang, cause=cause, state=state, topic=topic, owner=owner, people=people,
        people_a_week=round(sum(trend[-4:]) / 4, 2), weight=float(people), trend=json.dumps(list(trend)),
        evidence=Evidence(alike=("They share “invoice”.", "3 people went on to the same article.")).to_json(),
        proposal=(proposal or _article(title, lang)).to_json(),
        version=1, created_at=created, changed_at=created, last_at=NOW - timedelta(hours=5), **fields,
    )  # fmt: skip
    session.add(gap)
    session.flush()
    session.add(Change(gap_id=gap.id, at=created, by="Signpost", verb="found", state=State.SUGGESTED))
    for text, number, outcome in asked:
        session.add(Wording(lang=lang, text=wording(text), gap_id=gap.id))
        for _ in range(number):
            session.add(a_need(text, outcome, lang=lang, gap=gap.id, offered=offered))
    session.flush()
    return gap


def a_need(
    text: str, outcome: str = "no_results", *, lang: str = "en", gap: int | None = None, offered: Sequence[str] = ()
) -> Need:
    """Make one person's need, some hours ago."""
    number = next(_NUMBERS)
    opened = [[offered[0], 1]] if offered and outcome in {"downvoted", "came_back"} else []
    return Need(
        uid=f"{number:032x}", visitor=f"{number:032x}", at=NOW - timedelta(hours=number % 900 + 1), lang=lang,
        outcome=outcome, weight=0.7, wordings=json.dumps([text]), offered=json.dumps(list(offered)),
        clicked=json.dumps(opened), gap_id=gap,
    )  # fmt: skip


def many_gaps(session: Session, owners: Sequence[int], shown: Sequence[str]) -> list[Gap]:
    """Write some 25 gaps of a shop's help centre. owners: accounts. shown: ids of articles that were offered."""
    gaps = [_listed(session, place, owners, shown) for place in range(len(LIST))]
    _proved(session, gaps[0])
    session.flush()
    return gaps


def a_replay(gap: int, revision: str = "signpost/gap-1-export-all-invoices") -> Replayed:
    """Return what a branch comes to: two of three answered, and one that worked is lost."""
    found, none = Seen(rank=1, confidence=0.8, first=("Export",)), Seen(rank=None, confidence=0.1, first=())
    return Replayed(
        gap=gap,
        revision=revision,
        wordings=(
            Answered(text="export all invoices", lang="en", people=3, before=none, after=found),
            Answered(text="download invoices as csv", lang="en", people=2, before=none, after=found),
            Answered(text="spreadsheet of every bill", lang="en", people=1, before=none, after=none),
        ),
        worse=(Worse(text="read an invoice", lang="en", people=4, article="invoice", before=1, after=5),),
        worked=12,
    )


def _proved(session: Session, gap: Gap) -> None:
    """Let one gap have all that the pages can show."""
    gap.replay, gap.branch = a_replay(gap.id).to_json(), "signpost/gap-1-export-all-invoices"
    gap.before, gap.after = Measure(41, 6).to_json(), Measure(9, 7).to_json()
    gap.watched_from, gap.revision = NOW - timedelta(days=6), "8d1f0c2b7a"
    issue = Issue("214", "https://git.example.com/issues/214")
    told = Message(uid=f"gap-{gap.id}", channel=Channel.TRACKER, target="GitHub", event="gap.accepted", payload="{}",
                   at=NOW, gap=gap.id)  # fmt: skip
    outbox.add(session, told)
    outbox.sent(session, told.uid, at=NOW, answer=issue)


def _article(title: str, lang: str) -> Proposal:
    return Proposal(
        kind=Kind.NEW_ARTICLE, path=f"{lang}/billing/export-invoices.md", lang=lang, title=title, topic="billing",
        aka=("download invoices as csv",), outline=("Where the export is", "Which columns it has"),
        nearest=(Reference(id="invoice", title="Read your invoice"),),
    )  # fmt: skip


def _listed(session: Session, place: int, owners: Sequence[int], shown: Sequence[str]) -> Gap:
    title, cause, state, topic, size, lang, asked = LIST[place]
    trend = [max(0, round(size * share)) for share in SHAPES[place % len(SHAPES)]]
    offered = [shown[(place + step) % len(shown)] for step in range(3)] if cause is not Cause.MISSING else shown[:1]
    proposals = {
        Cause.OTHER_WORDS: Proposal(kind=Kind.SYNONYMS, path="synonyms.txt", lang=lang, line=f"{asked[0]} => {topic}"),
        Cause.UNHELPFUL: Proposal(
            kind=Kind.IMPROVE, lang=lang, article=Reference(id=shown[0], title="", path="en/accounts/sign-in.md"),
            outline=("When no mail arrives",), reasons=("missing", "did_not_work"),
        ),
    }  # fmt: skip
    ends = ("no_results", "gave_up", "contacted", "no_click", "downvoted")
    spread = [(text, max(1, round(size * 2 / (step + 1))), ends[(place + step) % 5]) for step, text in enumerate(asked)]
    return a_gap(
        session, title, asked=spread, state=state, cause=cause, lang=lang, topic=topic, trend=trend,
        owner=owners[place % len(owners)] if state not in {State.SUGGESTED, State.DISMISSED} else None,
        days_old=3 + place * 4.3, offered=offered, proposal=proposals.get(cause),
        dismissal="We do not sell this any more" if state is State.DISMISSED else None,
    )  # fmt: skip


LONG = (
    "A very long question that somebody typed into the search field because they hoped that a person would read it "
    "and answer them at once"
)
SHAPES = (
    (0, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.7, 0.8, 1, 1.2, 1.4),
    (0.8, 1, 0.9, 1.2, 1, 0.8, 1.1, 0.9, 1, 1.2, 1, 0.9),
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2, 1.5, 2.2),
    (2, 1.6, 1.8, 1.2, 1, 0.9, 0.7, 0.5, 0.6, 0.3, 0.2, 0.2),
    (0.3, 0, 0.5, 0.2, 0.6, 0, 0.4, 0.8, 0.2, 0.5, 0.6, 0.4),
)
LIST: tuple[tuple[str, Cause, State, str, float, str, tuple[str, ...]], ...] = (
    ("Export all invoices of a year", Cause.MISSING, State.WATCHING, "billing", 12, "en",
     ("export all invoices", "download invoices as csv", "year end invoice list", "one file with every bill")),
    ("Change the address after ordering", Cause.MISSING, State.SUGGESTED, "orders", 9, "en",
     ("change delivery address", "wrong address on my order", "parcel goes to my old flat")),
    ("Sign in with a passkey", Cause.MISSING, State.SUGGESTED, "accounts", 8, "en",
     ("passkey", "log in without password", "face id login")),
    ("VAT number on the bill", Cause.OTHER_WORDS, State.ACCEPTED, "billing", 7, "en",
     ("vat number", "tax id on bill", "company number invoice")),
    ("The reset mail does not arrive", Cause.UNHELPFUL, State.ASSIGNED, "accounts", 6, "en",
     ("no reset email", "password mail never comes")),
    ("Cancel a subscription before it renews", Cause.BADLY_RANKED, State.DRAFTED, "billing", 5, "en",
     ("stop subscription", "cancel renewal")),
    ("Rechnung als PDF herunterladen", Cause.OTHER_LANGUAGE, State.SUGGESTED, "billing", 5, "de",
     ("rechnung pdf", "rechnung herunterladen")),
    ("Send a gift without the price", Cause.MISSING, State.SUGGESTED, "orders", 4, "en",
     ("gift without price", "hide price on delivery note")),
    ("Two people on one account", Cause.MISSING, State.ASSIGNED, "accounts", 3, "en",
     ("share account", "second user", "add my colleague")),
    ("Pay by bank transfer", Cause.DRAFT, State.ACCEPTED, "billing", 3, "en", ("bank transfer", "pay by wire")),
    ("Delivery to a pick-up station", Cause.NOT_VISIBLE, State.SUGGESTED, "orders", 2.5, "en",
     ("pickup station", "send to locker")),
    ("Konto endgültig löschen", Cause.MISSING, State.SUGGESTED, "accounts", 2.2, "de", ("konto löschen",)),
    ("Prices without tax", Cause.OUT_OF_DATE, State.ACCEPTED, "billing", 2, "en", ("net prices",)),
    ("Follow a parcel of several boxes", Cause.MISSING, State.SUGGESTED, "orders", 2, "en",
     ("only one of two boxes", "track second parcel")),
    ("Change the language of e-mails", Cause.OTHER_WORDS, State.CLOSED, "accounts", 2, "en", ("mails in german",)),
    ("Buy spare parts", Cause.MISSING, State.DISMISSED, "orders", 1.8, "en", ("spare parts",)),
    ("Use a voucher twice", Cause.MISSING, State.SUGGESTED, "billing", 1.5, "en", ("voucher again",)),
    ("Order as a guest", Cause.UNHELPFUL, State.SUGGESTED, "orders", 1.5, "en", ("order without account",)),
    (LONG, Cause.MISSING, State.SUGGESTED, "accounts", 1.2, "en", ("please help me with my account",)),
    ("Reihenfolge der Adressen ändern", Cause.MISSING, State.SUGGESTED, "accounts", 1, "de", ("adresse sortieren",)),
    ("Return something that was a gift", Cause.MISSING, State.SUGGESTED, "orders", 1, "en", ("return gift",)),
    ("Weight of a parcel", Cause.MISSING, State.SUGGESTED, "orders", 1, "en", ("how heavy",)),
    ("Reminder although it was paid", Cause.BADLY_RANKED, State.SUGGESTED, "billing", 1, "en", ("wrong reminder",)),
    ("Reset the second factor", Cause.MISSING, State.SUGGESTED, "accounts", 0.8, "en", ("lost my phone code",)),
    ("Opening hours of the shop", Cause.MISSING, State.SUGGESTED, "orders", 0.6, "en", ("opening hours",)),
)  # fmt: skip
