"""The Model Context Protocol, by its official SDK: tools over standard streams, and over HTTP with a token.

Needs the extra `mcp`. The one module that knows the SDK; `portal.cli.mcp` brings it when it is wanted, for its import
takes as long as a search. Nothing but the protocol goes to standard output: logs go to standard error.
"""

import functools
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from typing import Annotated, ParamSpec, TypeVar
from urllib.parse import urlsplit

import uvicorn
from anyio import to_thread
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations
from pydantic import AnyHttpUrl, Field

from portal import clock
from portal.audience import Level
from portal.bootstrap import Portal
from portal.cli.assistants import Assistants, Caller, Matched, Reported, Results, at_this_machine
from portal.db import transaction
from portal.errors import Forbidden, PortalError, Unavailable
from portal.programs import tokens
from portal.programs.tokens import Bearer, Scope
from portal.settings import Settings

PATH = "/mcp"
PACKAGE = "signpost-portal"
MOST_BYTES = 64 * 1024
"""Of one request; a message of 6,000 characters in any script, with room."""
INSTRUCTIONS = (
    "The help centre of {name}. Search it before you answer a question about {name}, read what you found, answer from "
    "it alone, and give the article's address. Where nothing answers the question, say so, and report what is missing "
    "in the words of whoever asked."
)
Params = ParamSpec("Params")
Result = TypeVar("Result")
Lang = Annotated[str, Field(description="Language such as en or de; left out, the help centre's first one.")]
Question = Annotated[str, Field(description="The question, or words, as somebody would type them.")]
Id = Annotated[str, Field(description="`id` of an article that was found.")]
Message = Annotated[str, Field(description="A customer's whole message.")]
Missing = Annotated[str, Field(description="What somebody needed, in their words, without their name.")]
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def serve_stdio(portal: Portal, level: Level) -> None:
    """Answer whoever started this process, until they close its standard input."""
    caller = at_this_machine(level)
    _server(portal, lambda: caller).run("stdio")


def serve_http(portal: Portal, address: str) -> None:
    """Answer at `http://<address>/mcp` whoever shows a token, until a signal ends it."""
    host, _, port = address.rpartition(":")
    auth = AuthSettings(issuer_url=AnyHttpUrl(_base(portal.settings)), resource_server_url=None)
    server = _server(portal, _caller_by_token, auth=auth, verifier=Verifier(portal))
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BYTES,
        transport_security=_hosts(portal.settings, address),
    )
    uvicorn.run(app, host=host.strip("[]"), port=int(port), log_config=None, access_log=False)


class Verifier:
    """Knows tokens as the API does."""

    def __init__(self, portal: Portal) -> None:
        """portal: whose database has the tokens."""
        self._portal = portal

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return what a token may do; None for one that is not taken."""
        bearer = await to_thread.run_sync(self._who, token)
        if bearer is None:
            return None
        ends = int(bearer.expires_at.timestamp()) if bearer.expires_at else None
        return AccessToken(
            token=token, client_id=f"token-{bearer.token}", scopes=sorted(bearer.scopes), expires_at=ends
        )

    def _who(self, token: str) -> Bearer | None:
        """Ask the database; while that is away no token is known."""
        at = clock.now()
        with suppress(Unavailable), self._portal.database.session() as session:
            bearer = tokens.who(session, token, at)
            if bearer and tokens.is_to_be_noted(bearer, at):
                with transaction(session):
                    tokens.note(session, bearer, at)
            return bearer
        return None


class _Tools:
    """The tools, as assistants see them: names, descriptions and fields are read from these methods."""

    def __init__(self, portal: Portal, caller: Callable[[], Caller]) -> None:
        self._assistants = Assistants(portal)
        self._caller = caller

    def search(self, query: Question, lang: Lang = "") -> Results:
        """Search the help articles. `nearest` are only shown where nothing answers the query: they are no answers."""
        return self._assistants.search(self._caller(), query, lang, at=clock.now())

    def read(self, article_id: Id) -> str:
        """Return a whole article as Markdown, with its address and the day of its last change at the end."""
        return self._assistants.read(self._caller(), article_id, at=clock.now())

    def match(self, message: Message, lang: Lang = "") -> list[Matched]:
        """Return the articles that a customer's message may be about, the likeliest first, each with the reason."""
        return self._assistants.match(self._caller(), message, lang, at=clock.now())

    def report_missing(self, text: Missing, lang: Lang = "") -> Reported:
        """Tell the writers what no article answers. Only after a search found nothing; the same text twice is one."""
        return self._assistants.report_missing(self._caller(), text, lang, at=clock.now())


def _server(
    portal: Portal,
    caller: Callable[[], Caller],
    *,
    auth: AuthSettings | None = None,
    verifier: Verifier | None = None,
) -> MCPServer[None]:
    """Return a server with the tools. caller: returns whose call is being answered."""
    name, tools = _name(portal), _Tools(portal, caller)
    server: MCPServer[None] = MCPServer(
        "signpost",
        title=name,
        instructions=INSTRUCTIONS.format(name=name),
        version=version(PACKAGE),
        auth=auth,
        token_verifier=verifier,
        log_level="WARNING",
    )
    server.add_tool(_in_words(tools.search), title="Search the help centre", annotations=READS)
    server.add_tool(_in_words(tools.read), title="Read an article", annotations=READS)
    server.add_tool(_in_words(tools.match), title="Match a message", annotations=READS)
    server.add_tool(_in_words(tools.report_missing), title="Report what is missing", annotations=WRITES)
    return server


def _in_words(tool: Callable[Params, Result]) -> Callable[Params, Result]:
    """Let a tool answer what a room refused with the room's own sentence."""

    @functools.wraps(tool)
    def answer(*given: Params.args, **named: Params.kwargs) -> Result:
        try:
            return tool(*given, **named)
        except PortalError as error:
            raise ToolError(str(error)) from error

    return answer


def _caller_by_token() -> Caller:
    """Return who shows the token of this call. Raises Forbidden without one, which the transport refused already."""
    token = get_access_token()
    if token is None:
        raise Forbidden("This needs a token.")
    level = Level.STAFF if Scope.ARTICLES_READ in token.scopes else Level.PUBLIC
    return Caller(token.client_id, level, may_report=Scope.VOTES_WRITE in token.scopes)


def _hosts(settings: Settings, address: str) -> TransportSecuritySettings:
    """Return which hosts a request may name, so that no page can reach it under a name of its own (DNS rebinding)."""
    base = urlsplit(_base(settings))
    names = {address, base.netloc, "127.0.0.1:*", "localhost:*", "[::1]:*"}
    names |= {name for host in settings.trusted_hosts for name in (host, f"{host}:*")}
    return TransportSecuritySettings(
        allowed_hosts=sorted(names), allowed_origins=[f"{base.scheme}://{base.netloc}", *_own_origins(names)]
    )


def _own_origins(names: set[str]) -> list[str]:
    return [f"{scheme}://{name}" for name in sorted(names) for scheme in ("http", "https")]


def _base(settings: Settings) -> str:
    return settings.base_url or f"http://{settings.bind}"


def _name(portal: Portal) -> str:
    """Return what the company calls its help centre; our own name while nothing is published."""
    try:
        return portal.library.current().site.name
    except Unavailable:
        return "Signpost"
