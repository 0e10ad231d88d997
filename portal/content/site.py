"""Site: what `portal.toml` beside the articles says of this help centre; sensible without it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from portal import text
from portal.content.contact import Contact, Customers, Frames, Widget
from portal.content.loop import Digest, Gaps, Outcomes, Recording, Tracker
from portal.content.opening import Opening

Words = tuple[tuple[str, str], ...]
"""(language, words) pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A group of articles, in the order and with the words that the company chose."""

    slug: str
    name: str
    summary: str = ""
    icon: str = ""
    owner: str = ""
    """Who looks after its articles where their front matter names nobody: an e-mail address or a name."""
    names: Words = ()
    """(language, name) pairs that differ from `name`."""
    summaries: Words = ()
    """(language, summary) pairs that differ from `summary`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way to reach people, in the order of preference."""

    kind: str
    """form, email, phone, chat or social."""
    label: str
    value: str = ""
    """Address, number or URL; empty for the portal's own form."""
    hours: str = ""
    """As people say it: "Mon to Fri, 9 to 17"."""
    time_zone: str = ""
    """IANA name such as Europe/Berlin."""
    opening: tuple[Opening, ...] = ()
    """When somebody is there, so that pages can say whether that is now; empty where nobody said."""
    topics: tuple[str, ...] = ()
    """Slugs of the topics it serves; empty for all."""
    labels: Words = ()
    """(language, label) pairs that differ from `label`."""
    hours_labels: Words = ()
    """(language, hours) pairs that differ from `hours`."""

    def label_in(self, lang: str) -> str:
        """Return the label in a language."""
        return _worded(self.labels, lang, self.label)

    def hours_in(self, lang: str) -> str:
        """Return the hours in a language."""
        return _worded(self.hours_labels, lang, self.hours)

    @property
    def url(self) -> str:
        """What a link to it opens; empty for the portal's own form."""
        if self.kind == "email":
            return f"mailto:{self.value}"
        return "tel:" + re.sub(r"[^\d+]", "", self.value) if self.kind == "phone" else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterLink:
    """A link at the foot of each page, such as the imprint."""

    label: str
    url: str
    labels: Words = ()
    """(language, label) pairs that differ from `label`."""

    def label_in(self, lang: str) -> str:
        """Return the label in a language."""
        return _worded(self.labels, lang, self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """Whom to tell of a weakness, as in `security.txt` (RFC 9116)."""

    contacts: tuple[str, ...] = ()
    """`mailto:` and `https:` addresses, the preferred one first; without any there is no `security.txt`."""
    policy: str = ""
    """https address; empty for none."""
    acknowledgments: str = ""
    """https address of the page that thanks finders; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How search behaves."""

    floor: float = 0.15
    """Confidence from 0 to 1 under which a page says honestly that nothing fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one address may do; over it an answer is 429, or a vote is not counted. contracts.md names them."""

    votes_per_article_and_day: int = 5
    searches_per_minute: int = 300
    completions_per_minute: int = 600
    """A fast typist sends ten a second for a moment."""
    new_visitors_per_day: int = 200
    """Visitors without a key whose searches are recorded; an office may share one address."""
    forms_per_hour: int = 10
    """Contact forms sent from one address; an office shares one."""
    api_calls_per_minute: int = 600
    """Of one token, or of one address without a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept."""

    events_days: int = 180
    """gaps.md."""
    conversations_days: int = 730
    """After a conversation was closed: two years, as long as people come back to what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What this help centre is and how it behaves."""

    name: str = "Help centre"
    tagline: str = ""
    names: Words = ()
    taglines: Words = ()
    logo: str = ""
    """Path of an image in the content; empty for none. This and the next three are on the shelf as `SiteFiles`."""
    logo_dark: str = ""
    """Path of the image for dark pages; empty where one serves for both."""
    icon: str = ""
    """Path of the small image that browsers show in a tab; empty for ours."""
    accent: str = ""
    """`#rrggbb`; empty for the stylesheet's own."""
    stylesheet: str = ""
    """Path in the content of the company's own rules; empty for none."""
    languages: tuple[str, ...] = ()
    """BCP 47 tags, the default one first; empty when the tree decides."""
    topics: tuple[Topic, ...] = ()
    channels: tuple[Channel, ...] = ()
    footer: tuple[FooterLink, ...] = ()
    no_index: bool = False
    """Whether search engines are asked to stay away."""
    edit_url: str = ""
    """Address of "edit this page", with `{path}` for the article's file; empty for none."""
    security: Security = field(default_factory=Security)
    search: Search = field(default_factory=Search)
    limits: Limits = field(default_factory=Limits)
    retention: Retention = field(default_factory=Retention)
    recording: Recording = field(default_factory=Recording)
    gaps: Gaps = field(default_factory=Gaps)
    outcomes: Outcomes = field(default_factory=Outcomes)
    digest: Digest = field(default_factory=Digest)
    trackers: tuple[Tracker, ...] = ()
    contact: Contact = field(default_factory=Contact)
    widget: Widget = field(default_factory=Widget)
    picker: Frames = field(default_factory=Frames)
    customers: Customers = field(default_factory=Customers)

    def default_language(self, seen: Collection[str]) -> str:
        """Return the first language that has articles; `seen` are those of the articles.

        Without any in `seen` the first one named; without names English if seen, else the first by name.
        """
        named = [language for language in self.languages if not seen or language in seen]
        if named:
            return named[0]
        return "en" if "en" in seen or not seen else min(seen)

    def topic(self, slug: str) -> Topic | None:
        """Return the topic with this slug."""
        return next((topic for topic in self.topics if topic.slug == slug), None)

    def find_topic(self, words: str) -> Topic | None:
        """Return the topic that an article's front matter or folder names by slug or by name in any language."""
        slug, folded = text.slugify(words), words.casefold()
        for topic in self.topics:
            if slug == topic.slug or folded in {topic.name.casefold(), *(name.casefold() for _, name in topic.names)}:
                return topic
        return None

    def topic_name(self, slug: str, lang: str) -> str | None:
        """Return the topic's name in a language, else its plain one; None when the site doesn't list it."""
        topic = self.topic(slug)
        return _worded(topic.names, lang, topic.name) if topic else None

    def topic_summary(self, slug: str, lang: str) -> str:
        """Return what a topic is about in a language, else its plain words; empty when there are none."""
        topic = self.topic(slug)
        return _worded(topic.summaries, lang, topic.summary) if topic else ""

    def topic_owner(self, slug: str | None) -> str:
        """Return who looks after a topic, as `portal.toml` writes it; empty where it names nobody."""
        topic = self.topic(slug) if slug else None
        return topic.owner if topic else ""

    def name_in(self, lang: str) -> str:
        """Return the help centre's name in a language."""
        return _worded(self.names, lang, self.name)

    def tagline_in(self, lang: str) -> str:
        """Return the tagline in a language."""
        return _worded(self.taglines, lang, self.tagline)

    def to_json(self) -> str:
        """Write it down for `from_json`."""
        return _AS_JSON.dump_json(self).decode()

    @staticmethod
    def from_json(written: str) -> "Site":
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        return _AS_JSON.validate_json(written)


_AS_JSON = TypeAdapter(Site)


def _worded(words: Words, lang: str, default: str) -> str:
    return dict(words).get(lang) or default
