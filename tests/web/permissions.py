"""The table of permissions: what each role gets from each route. A route that is not in it fails its test.

One line a route: `"METHOD /rule": who may`. What follows for articles of each audience and state is worked out from
`names` and the level on which a role reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.audience import Level
from portal.programs.tokens import Scope

API = "/api/v1/"
BY_PAGES = "GET /api/v1/complete"
"""What our own pages ask for whoever reads them, so that a cookie counts there."""


class As(StrEnum):
    """Who asks."""

    NOBODY = "nobody"
    CUSTOMER = "customer"
    AGENT = "agent"
    WRITER = "writer"
    LEAD = "lead"
    ADMIN = "admin"
    DISABLED = "disabled"
    """An admin whose account was shut while they were signed in."""
    TOKEN = "token"
    """A program whose token has every scope, an admin's."""
    NARROW = "narrow token"
    """A program whose token has every scope but the one that this route needs."""
    REVOKED = "revoked token"


class Gets(StrEnum):
    """What they get."""

    IN = "in"
    """The view's own answer, be it a page or what was wrong with the form."""
    SIGN_IN = "to the desk's sign-in"
    REFUSED = "403"
    HIDDEN = "404"
    TOKEN_NEEDED = "401"
    """Or a signature."""


STAFF = (As.AGENT, As.WRITER, As.LEAD, As.ADMIN)
PROGRAMS = (As.TOKEN, As.NARROW, As.REVOKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """What each role gets from a route."""

    gets: Mapping[As, Gets]
    names: str = ""
    """How the route names an article: an argument of the rule, `?` and a parameter, or `=` and a field of its form or
    document; empty where it names none."""
    is_hollow: bool = False
    """Whether even who may see the article gets 404 here: there is no vote to be taken back, or no editor."""
    staff_sees: Level = Level.STAFF
    """Whose articles staff see here; less where the answer is for other people's eyes."""
    is_public: bool = False
    """Whether everybody is shown what everybody may see, and no more."""
    forged: str = ""
    """The argument that proves that a link is ours: with it nearly right, whoever asks gets 404."""
    scope: Scope | None = None
    uses: Mapping[str, str] = field(default_factory=dict)
    """Argument of the rule -> name of the value that this route alone takes for it."""


def everybody(*, names: str = "", is_hollow: bool = False, forged: str = "", **uses: str) -> Who:
    """Whoever asks is let in."""
    return Who(gets=dict.fromkeys(As, Gets.IN), names=names, is_hollow=is_hollow, forged=forged, uses=uses)


def the_public(*, names: str) -> Who:
    """Whoever asks is let in, and sees what is public."""
    return Who(gets=dict.fromkeys(As, Gets.IN), names=names, is_public=True)


def on_the_companys_site(*, names: str) -> Who:
    """Whoever asks is let in; staff see here what is public, for it stands in a page of another site."""
    return Who(gets=dict.fromkeys(As, Gets.IN), names=names, staff_sees=Level.PUBLIC)


def nobody(gets: Gets) -> Who:
    """Whoever asks, without more than these roles have, is not let in."""
    return Who(gets=dict.fromkeys(As, gets))


def desk(least: As = As.AGENT, *, names: str = "", is_hollow: bool = False, **uses: str) -> Who:
    """Staff from this role on are let in, staff below it refused; everybody else is led to the sign-in."""
    known = {role: Gets.IN if STAFF.index(role) >= STAFF.index(least) else Gets.REFUSED for role in STAFF}
    return Who(gets={role: known.get(role, Gets.SIGN_IN) for role in As}, names=names, is_hollow=is_hollow, uses=uses)


def program(scope: Scope | None, *, names: str = "", is_hollow: bool = False, **uses: str) -> Who:
    """Programs with this scope are let in (None: every token that lives), and no cookie counts."""
    known = {As.TOKEN: Gets.IN, As.NARROW: Gets.REFUSED if scope else Gets.IN}
    gets = {role: known.get(role, Gets.TOKEN_NEEDED) for role in As}
    return Who(gets=gets, names=names, is_hollow=is_hollow, scope=scope, uses=uses)


def anybody_or_a_token(*, names: str = "", **uses: str) -> Who:
    """Whoever asks is let in, for what their level sees; with a token that is not taken they are told so."""
    gets = dict.fromkeys(As, Gets.IN) | {As.REVOKED: Gets.TOKEN_NEEDED}
    return Who(gets=gets, names=names, scope=Scope.ARTICLES_READ, uses=uses)


def level_of(role: As, line: str, who: Who) -> Level:
    """Return whose articles a role sees at a route. line: its key in the table."""
    if who.is_public:
        return Level.PUBLIC
    if line.partition(" ")[2].startswith(API) and (line != BY_PAGES or role in PROGRAMS):
        reads = role is As.TOKEN or (role is As.NARROW and who.scope is not Scope.ARTICLES_READ)
        return Level.STAFF if reads else Level.PUBLIC
    if role in STAFF:
        return who.staff_sees
    return Level.CUSTOMERS if role is As.CUSTOMER else Level.PUBLIC


LANG = "/<lang:lang>"
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE
CONVERSATION, INBOX = "/api/v1/conversations/<int:number>", "/desk/inbox/<int:conversation_id>"
GAP, PERSON = "/desk/gaps/<int:gap_id>", "/desk/people/<int:user_id>"

TABLE: Mapping[str, Who] = {
    # customers
    "GET /": everybody(),
    f"GET {LANG}/": everybody(),
    f"GET {LANG}/articles/<path:slug>": everybody(names="slug"),
    "GET /a/<article_id>": everybody(names="article_id"),
    f"GET {LANG}/search": everybody(),
    f"GET {LANG}/suggestions": everybody(),
    f"GET {LANG}/topics/<slug>": everybody(slug="topic"),
    f"GET {LANG}/notices": everybody(),
    f"GET {LANG}/votes/<article_id>": everybody(names="article_id"),
    f"POST {LANG}/votes/<article_id>": everybody(names="article_id"),
    f"POST {LANG}/votes/<article_id>/reason": everybody(names="article_id", is_hollow=True),
    f"POST {LANG}/votes/<article_id>/withdrawal": everybody(names="article_id", is_hollow=True),
    f"GET {LANG}/requests": everybody(),
    f"POST {LANG}/requests": everybody(),
    f"GET {LANG}/requests/thanks": everybody(),
    f"GET {LANG}/requests/<uid>/withdrawal": nobody(Gets.HIDDEN),
    f"POST {LANG}/requests/<uid>/withdrawal": nobody(Gets.HIDDEN),
    f"GET {LANG}/contact": everybody(),
    f"GET {LANG}/contact/form": everybody(),
    f"POST {LANG}/contact/form": everybody(),
    f"POST {LANG}/contact/suggestions": everybody(),
    f"POST {LANG}/contact/withdrawal": everybody(),
    f"GET {LANG}/contact/withdrawn": everybody(),
    f"GET {LANG}/conversations/<key>": everybody(forged="key"),
    f"POST {LANG}/conversations/<key>": everybody(forged="key"),
    f"GET {LANG}/conversations/<key>/attachments/<uid>/<name>": everybody(forged="key", uid="file", name="file name"),
    f"GET {LANG}/customers/enter": nobody(Gets.REFUSED),
    f"POST {LANG}/customers/enter": nobody(Gets.REFUSED),
    f"GET {LANG}/customers/sign-in": everybody(),
    f"POST {LANG}/customers/sign-out": everybody(),
    "GET /customers/oidc": nobody(Gets.HIDDEN),
    "GET /customers/oidc/back": nobody(Gets.HIDDEN),
    f"GET {LANG}/remembered": everybody(),
    f"POST {LANG}/remembered/products": everybody(),
    f"POST {LANG}/remembered/removal": everybody(),
    # machines
    "GET /.well-known/security.txt": everybody(),
    "GET /assets/<key>/<path:name>": everybody(),
    "GET /feed.xml": everybody(),
    "GET /healthz": everybody(),
    "GET /llms.txt": everybody(),
    "GET /oembed": the_public(names="?url"),
    "GET /opensearch.xml": everybody(),
    "GET /readyz": everybody(),
    "GET /robots.txt": everybody(),
    "GET /sitemap.xml": everybody(),
    "GET /static/<version>/<path:name>": everybody(),
    "GET /static/<version>/site.css": everybody(),
    "POST /events": everybody(),
    "POST /hooks/mail": nobody(Gets.TOKEN_NEEDED),
    # the widget, which shows staff no more than customers
    "GET /widget.js": everybody(),
    "GET /widget/demo": everybody(),
    "GET /widget/colours/<accent>.css": everybody(),
    f"GET /widget{LANG}/": everybody(),
    f"GET /widget{LANG}/search": everybody(),
    f"GET /widget{LANG}/a/<article_id>": on_the_companys_site(names="article_id"),
    f"GET /widget{LANG}/articles/<path:slug>": on_the_companys_site(names="slug"),
    f"GET /widget{LANG}/contact": everybody(),
    f"POST /widget{LANG}/contact": everybody(),
    f"POST /widget{LANG}/contact/withdrawal": everybody(),
    # programs
    "GET /api/v1/docs": everybody(),
    "GET /api/v1/openapi.json": everybody(),
    "GET /api/v1/whoami": program(None),
    "GET /api/v1/articles": anybody_or_a_token(),
    "GET /api/v1/articles/<article_id>": anybody_or_a_token(names="article_id"),
    "GET /api/v1/search": anybody_or_a_token(),
    BY_PAGES: anybody_or_a_token(),
    "POST /api/v1/match": anybody_or_a_token(),
    "GET /api/v1/articles/<article_id>/flags": program(Scope.GAPS_READ, names="article_id"),
    "POST /api/v1/articles/<article_id>/flags": program(Scope.VOTES_WRITE),
    "GET /api/v1/articles/<article_id>/links": program(Scope.LINKS_WRITE, names="article_id"),
    "GET /api/v1/articles/<article_id>/votes/<voter>": program(Scope.VOTES_WRITE, names="article_id", is_hollow=True),
    "PUT /api/v1/articles/<article_id>/votes/<voter>": program(Scope.VOTES_WRITE),
    "DELETE /api/v1/articles/<article_id>/votes/<voter>": program(Scope.VOTES_WRITE, names="article_id"),
    "GET /api/v1/requests": program(Scope.VOTES_WRITE),
    "POST /api/v1/requests": program(Scope.VOTES_WRITE),
    "GET /api/v1/requests/<uid>": program(Scope.VOTES_WRITE),
    "DELETE /api/v1/requests/<uid>": program(Scope.VOTES_WRITE),
    "DELETE /api/v1/requests/<uid>/address": program(Scope.VOTES_WRITE),
    "GET /api/v1/topics": anybody_or_a_token(),
    "GET /api/v1/topics/<slug>/articles": anybody_or_a_token(slug="topic"),
    "GET /api/v1/notices": anybody_or_a_token(),
    "GET /api/v1/contact": anybody_or_a_token(),
    "GET /api/v1/flags": program(Scope.GAPS_READ),
    "GET /api/v1/flags/<uid>": program(Scope.GAPS_READ, uid="flag"),
    "DELETE /api/v1/flags/<uid>": program(Scope.VOTES_WRITE, uid="flag"),
    "POST /api/v1/flags/<uid>/settlement": program(Scope.GAPS_WRITE, uid="flag"),
    "POST /api/v1/flags/<uid>/reopening": program(Scope.GAPS_WRITE, uid="flag"),
    "GET /api/v1/opinions": program(Scope.GAPS_READ),
    "GET /api/v1/unresolved": program(Scope.GAPS_READ),
    "POST /api/v1/links": program(Scope.LINKS_WRITE, names="=article"),
    "GET /api/v1/links": program(Scope.LINKS_WRITE),
    "GET /api/v1/links/<token>": program(Scope.LINKS_WRITE),
    "GET /api/v1/conversations": program(READ),
    "POST /api/v1/conversations": program(WRITE),
    f"GET {CONVERSATION}": program(READ),
    f"POST {CONVERSATION}/messages": program(WRITE),
    f"POST {CONVERSATION}/replies": program(WRITE),
    f"DELETE {CONVERSATION}/replies/<uid>": program(WRITE),
    f"POST {CONVERSATION}/notes": program(WRITE),
    f"POST {CONVERSATION}/assignment": program(WRITE),
    f"POST {CONVERSATION}/closing": program(WRITE),
    f"POST {CONVERSATION}/reopening": program(WRITE),
    f"POST {CONVERSATION}/merge": program(WRITE),
    f"GET {CONVERSATION}/draft": program(WRITE),
    f"DELETE {CONVERSATION}/drafts/<uid>": program(WRITE),
    f"GET {CONVERSATION}/background": program(READ),
    f"GET {CONVERSATION}/saved-replies/<int:saved_id>": program(WRITE),
    "GET /api/v1/conversations/counts": program(READ),
    "GET /api/v1/saved-replies": program(READ),
    "POST /api/v1/saved-replies": program(WRITE),
    "GET /api/v1/saved-replies/<int:number>": program(READ),
    "PUT /api/v1/saved-replies/<int:number>": program(WRITE),
    "DELETE /api/v1/saved-replies/<int:number>": program(WRITE),
    "GET /api/v1/uploads": program(WRITE),
    "POST /api/v1/uploads": program(WRITE),
    "DELETE /api/v1/uploads/<uid>": program(WRITE),
    "GET /api/v1/attachments/<uid>": program(READ, uid="file"),
    "GET /api/v1/people": program(READ),
    "GET /api/v1/gaps": program(Scope.GAPS_READ),
    "GET /api/v1/gaps.csv": program(Scope.GAPS_READ),
    "GET /api/v1/gaps/<int:number>": program(Scope.GAPS_READ),
    "POST /api/v1/gaps/<int:number>/acceptance": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/assignment": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/dismissal": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/draft": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/reopening": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/name": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/merge": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/split": program(Scope.GAPS_WRITE),
    "POST /api/v1/gaps/<int:number>/replay": program(Scope.GAPS_WRITE),
    "GET /api/v1/measures": program(Scope.MEASURES_READ),
    "GET /api/v1/measures/<name>": program(Scope.MEASURES_READ, name="measure"),
    # the desk's door
    "GET /desk/sign-in": everybody(),
    "POST /desk/sign-in": everybody(),
    "GET /desk/forgotten": everybody(),
    "POST /desk/forgotten": everybody(),
    "GET /desk/keys/<key>": nobody(Gets.HIDDEN),
    "POST /desk/keys/<key>": nobody(Gets.HIDDEN),
    "GET /desk/oidc": nobody(Gets.HIDDEN),
    "GET /desk/oidc/back": nobody(Gets.HIDDEN),
    "POST /desk/sign-out": nobody(Gets.SIGN_IN),
    "GET /desk/second-factor": desk(),
    "POST /desk/second-factor": desk(),
    "GET /desk/picker/frame/sign-in": everybody(),
    "POST /desk/picker/frame/sign-in": everybody(),
    "GET /desk/picker/frame/code": nobody(Gets.SIGN_IN),
    "POST /desk/picker/frame/code": nobody(Gets.SIGN_IN),
    "POST /desk/picker/frame/sign-out": nobody(Gets.SIGN_IN),
    # the desk
    "GET /desk": desk(),
    "GET /desk/account": desk(),
    "POST /desk/account/name": desk(),
    "POST /desk/account/language": desk(),
    "POST /desk/account/password": desk(),
    "POST /desk/account/second-factor/removal": desk(),
    "POST /desk/account/sessions/removal": desk(),
    "GET /desk/inbox": desk(),
    f"GET {INBOX}": desk(),
    f"POST {INBOX}/assignment": desk(),
    f"POST {INBOX}/closing": desk(),
    f"POST {INBOX}/reopening": desk(),
    f"POST {INBOX}/merge": desk(),
    f"POST {INBOX}/notes": desk(),
    f"POST {INBOX}/replies": desk(),
    f"POST {INBOX}/replies/<uid>/withdrawal": desk(),
    f"POST {INBOX}/drafts/<uid>/removal": desk(),
    f"GET {INBOX}/files/<uid>": desk(uid="file"),
    f"GET {INBOX}/saved/<int:saved_id>": desk(),
    "GET /desk/inbox/saved": desk(),
    "POST /desk/inbox/saved": desk(),
    "GET /desk/inbox/saved/<int:saved_id>": desk(),
    "POST /desk/inbox/saved/<int:saved_id>": desk(),
    "POST /desk/inbox/saved/<int:saved_id>/removal": desk(),
    "GET /desk/picker": desk(),
    "POST /desk/picker": desk(),
    "GET /desk/picker/suggestions": desk(),
    "POST /desk/picker/links": desk(names="=article"),
    "GET /desk/picker/frame": desk(),
    "POST /desk/picker/frame": desk(),
    "POST /desk/picker/frame/links": desk(names="=article"),
    "GET /desk/tokens": desk(),
    "POST /desk/tokens": desk(),
    "POST /desk/tokens/<int:token_id>/revocation": desk(),
    "GET /desk/links": desk(),
    "GET /desk/links.csv": desk(),
    "GET /desk/gaps": desk(),
    "GET /desk/gaps.csv": desk(),
    "GET /desk/gaps.json": desk(),
    f"GET {GAP}": desk(),
    f"POST {GAP}/acceptance": desk(As.WRITER),
    f"POST {GAP}/assignment": desk(As.WRITER),
    f"POST {GAP}/dismissal": desk(As.WRITER),
    f"POST {GAP}/draft": desk(As.WRITER),
    f"POST {GAP}/merge": desk(As.WRITER),
    f"POST {GAP}/name": desk(As.WRITER),
    f"POST {GAP}/reopening": desk(As.WRITER),
    f"POST {GAP}/replay": desk(As.WRITER),
    f"POST {GAP}/split": desk(As.WRITER),
    "GET /desk/unresolved": desk(),
    "GET /desk/opinions": desk(),
    "GET /desk/requests": desk(),
    "POST /desk/requests": desk(),
    "POST /desk/requests/<uid>/withdrawal": desk(),
    "GET /desk/flags": desk(),
    "GET /desk/flags/new": desk(names="?article"),
    "GET /desk/flags/editor": desk(names="?article", is_hollow=True),
    "POST /desk/flags": desk(names="=article"),
    "POST /desk/flags/<uid>/settlement": desk(As.WRITER, uid="flag"),
    "POST /desk/flags/<uid>/reopening": desk(As.WRITER, uid="flag"),
    "POST /desk/flags/<uid>/withdrawal": desk(uid="flag"),
    "GET /desk/contact": desk(As.LEAD),
    "GET /desk/running": desk(As.LEAD),
    "GET /desk/outbox": desk(As.ADMIN),
    "POST /desk/outbox/tries": desk(As.ADMIN),
    "GET /desk/webhooks": desk(As.ADMIN),
    "POST /desk/webhooks": desk(As.ADMIN),
    "GET /desk/webhooks/<uid>": desk(As.ADMIN),
    "POST /desk/webhooks/<uid>": desk(As.ADMIN),
    "POST /desk/webhooks/<uid>/removal": desk(As.ADMIN),
    "POST /desk/webhooks/<uid>/secret": desk(As.ADMIN),
    "POST /desk/webhooks/<uid>/switch": desk(As.ADMIN),
    "POST /desk/webhooks/<uid>/tests": desk(As.ADMIN),
    "POST /desk/webhooks/<uid>/tries": desk(As.ADMIN),
    "GET /desk/people": desk(As.ADMIN),
    "POST /desk/people": desk(As.ADMIN),
    f"POST {PERSON}/access": desk(As.ADMIN),
    f"POST {PERSON}/link": desk(As.ADMIN),
    f"POST {PERSON}/role": desk(As.ADMIN),
    f"POST {PERSON}/second-factor": desk(As.ADMIN),
    f"POST {PERSON}/second-factor/removal": desk(As.ADMIN),
}
