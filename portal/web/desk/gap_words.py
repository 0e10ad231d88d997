"""How the desk says causes, states, outcomes and changes of gaps, and the reasons of readers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask_babel import lazy_gettext

from portal.feedback.models import Reason
from portal.gaps.models import Cause, State

CAUSES: Final[Mapping[str, object]] = MappingProxyType(
    {
        Cause.MISSING: lazy_gettext("Missing"),
        Cause.OTHER_WORDS: lazy_gettext("Other words"),
        Cause.OTHER_LANGUAGE: lazy_gettext("Other language"),
        Cause.NOT_VISIBLE: lazy_gettext("Not visible"),
        Cause.DRAFT: lazy_gettext("Draft"),
        Cause.BADLY_RANKED: lazy_gettext("Badly ranked"),
        Cause.UNHELPFUL: lazy_gettext("Unhelpful"),
        Cause.OUT_OF_DATE: lazy_gettext("Out of date"),
    }
)
MEANINGS: Final[Mapping[str, object]] = MappingProxyType(
    {
        Cause.MISSING: lazy_gettext("No article answers it, in whatever words it is asked."),
        Cause.OTHER_WORDS: lazy_gettext("An article answers it, but in other words than these people used."),
        Cause.OTHER_LANGUAGE: lazy_gettext("It is answered in another language only."),
        Cause.NOT_VISIBLE: lazy_gettext("An article answers it that these people may not see."),
        Cause.DRAFT: lazy_gettext("An article answers it that is not published yet."),
        Cause.BADLY_RANKED: lazy_gettext("The right article is there, but too far down the list."),
        Cause.UNHELPFUL: lazy_gettext("People find the article and read it, and it does not help them."),
        Cause.OUT_OF_DATE: lazy_gettext(
            "People find the article, and it is past the day on which it was to be reviewed."
        ),
    }
)
STATES: Final[Mapping[str, object]] = MappingProxyType(
    {
        State.SUGGESTED: lazy_gettext("Suggested"),
        State.ACCEPTED: lazy_gettext("Accepted"),
        State.ASSIGNED: lazy_gettext("Assigned"),
        State.DRAFTED: lazy_gettext("Drafted"),
        State.PUBLISHED: lazy_gettext("Published"),
        State.WATCHING: lazy_gettext("Watching"),
        State.CLOSED: lazy_gettext("Closed"),
        State.DISMISSED: lazy_gettext("Dismissed"),
        State.MERGED: lazy_gettext("Merged"),
    }
)
OUTCOMES: Final[Mapping[str, object]] = MappingProxyType(
    {
        "contacted": lazy_gettext("Turned to a person"),
        "requested": lazy_gettext("Wrote what they were looking for"),
        "downvoted": lazy_gettext("Read an article and said that it did not help"),
        "gave_up": lazy_gettext("Tried other words, and left"),
        "no_results": lazy_gettext("Were told that there is nothing"),
        "no_click": lazy_gettext("Opened nothing on the list"),
        "came_back": lazy_gettext("Opened an article and came straight back"),
        "refined": lazy_gettext("Got there in the end, by other words"),
    }
)
CHANGES: Final[Mapping[str, object]] = MappingProxyType(
    {
        "found": lazy_gettext("found this gap"),
        "accepted": lazy_gettext("accepted it"),
        "assigned": lazy_gettext("assigned it"),
        "dismissed": lazy_gettext("dismissed it"),
        "reopened": lazy_gettext("opened it again"),
        "merged": lazy_gettext("merged it"),
        "split": lazy_gettext("split it"),
        "renamed": lazy_gettext("renamed it"),
        "moved": lazy_gettext("moved a wording"),
        "drafted": lazy_gettext("drafted it"),
        "published": lazy_gettext("published it"),
        "watched": lazy_gettext("began to watch it"),
        "closed": lazy_gettext("closed it"),
    }
)

REASONS: Final[Mapping[str, object]] = MappingProxyType(
    {
        Reason.WRONG: lazy_gettext("Something in it is wrong"),
        Reason.UNCLEAR: lazy_gettext("Could not follow it"),
        Reason.MISSING: lazy_gettext("Something is missing"),
        Reason.DID_NOT_WORK: lazy_gettext("Did as it says, and it did not work"),
        Reason.NOT_LOOKED_FOR: lazy_gettext("Was looking for something else"),
    }
)


def said(words: Mapping[str, object], name: str) -> str:
    """Return how something is said; its own name where nobody thought of words."""
    return str(words.get(name, name.replace("_", " ")))
