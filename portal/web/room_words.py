"""Room words: what rooms say in English, in the language of the page that shows it.

Rooms know no languages: they raise and write plain English sentences. Those that are always the same stand in
`SENTENCES`; those with numbers and names in them in `FORMS`, and are told by their shape. What nobody thought of
stays English.
"""

import re
from functools import cache
from typing import Final

from flask_babel import force_locale, gettext, lazy_gettext

OWN: Final = "en"
"""What rooms speak."""
SENTENCES: Final = (
    lazy_gettext("There were many of these from your network in a short time."),
    lazy_gettext("Your vote says that this article helped, so there is nothing to explain."),
    lazy_gettext("Write in a few words what you were looking for."),
    lazy_gettext("Say in a few words what it is about."),
    lazy_gettext("Write what you would like us to know."),
    lazy_gettext("Write your e-mail address, so that our answer reaches you."),
    lazy_gettext("This e-mail address can't be used. Write one such as name@example.com."),
    lazy_gettext("Files can't be attached here. Send what you wrote without them."),
    lazy_gettext("That is too long to be kept. Say it in fewer words."),
    lazy_gettext("This e-mail address can't be used. Write one such as name@example.com, or leave it empty."),
    lazy_gettext("The database can't be reached at the moment. Please try again in a minute."),
    lazy_gettext("Choose what is wrong with the article."),
    lazy_gettext("Say in a few words what is wrong, so that a writer can mend it."),
    lazy_gettext("This flag is gone."),
    lazy_gettext("Say why this gap is dismissed, so that others need not ask."),
    lazy_gettext("Tick some of the wordings, but not all: the others stay."),
    lazy_gettext("The articles say this already, so there is nothing to draft."),
    lazy_gettext("The proposal names no article to change. Run `portal find-gaps` first, or write it by hand."),
    lazy_gettext("Write something first."),
    lazy_gettext("This conversation has changed. Look at it again first."),
    lazy_gettext("This reply has gone out already, so it can't be taken back. Write another to put it right."),
    lazy_gettext("This form was used for something else already. Load the page again."),
    lazy_gettext("There is no such reply of yours."),
    lazy_gettext("This account is shut."),
    lazy_gettext("There is no such saved reply."),
    lazy_gettext("There is no such webhook."),
    lazy_gettext("There is no such message."),
    lazy_gettext("This webhook is switched off. Switch it on first."),
    lazy_gettext("Write what the webhook is for, in 1 to 100 characters."),
    lazy_gettext("Choose at least one thing that the webhook hears of."),
    lazy_gettext("Choose from what the page offers."),
    lazy_gettext("This address can't be used. Write one that begins with https://, such as https://example.com/hook."),
    lazy_gettext("Leave name and password out of the address: the secret says who sends."),
    lazy_gettext("Leave out what follows the # of the address: it is never sent."),
    lazy_gettext("There is a saved reply of this name already. Choose another name."),
    lazy_gettext("Write the text that is to be saved."),
    lazy_gettext("nobody has had this need for a long time"),
    lazy_gettext("to nobody"),
    lazy_gettext("just now"),
    lazy_gettext("`portal draft` makes one."),
    # what a gap can not be
    lazy_gettext("accepted"),
    lazy_gettext("assigned"),
    lazy_gettext("dismissed"),
    lazy_gettext("opened again"),
    lazy_gettext("merged"),
    lazy_gettext("split"),
    lazy_gettext("renamed"),
    lazy_gettext("given away word by word"),
    lazy_gettext("drafted"),
    lazy_gettext("published"),
    lazy_gettext("watched"),
    lazy_gettext("closed"),
    # and what stands behind "it"
    lazy_gettext("is only suggested; accept it first"),
    lazy_gettext("is accepted"),
    lazy_gettext("is assigned"),
    lazy_gettext("is drafted"),
    lazy_gettext("is published"),
    lazy_gettext("is being watched"),
    lazy_gettext("is closed; open it again first"),
    lazy_gettext("is dismissed; open it again first"),
    lazy_gettext("was merged into another"),
)
"""Sentences without a gap, and words that fill one. Those of accounts and the door stand in `desk/people_words`."""
FORMS: Final = (
    lazy_gettext(
        "%(name)s is not a public address: messages must not reach into the network that this server stands in."
    ),
    lazy_gettext("There are %(count)s webhooks. Delete those that nobody needs first."),
    lazy_gettext("%(name)s has settled this flag in the meantime."),
    lazy_gettext("The subject is longer than %(count)s characters. Say the rest below it."),
    lazy_gettext("The message is longer than %(count)s characters. Shorten it, or attach the long part as a file."),
    lazy_gettext("There are %(count)s files, and %(most)s can go with one message. Take some out."),
    lazy_gettext("The file “%(name)s” is larger than %(size)s MB. Send a smaller one, or leave it out."),
    lazy_gettext("There is no gap %(number)s."),
    lazy_gettext("Gap %(number)s was merged into gap %(other)s. Change that one."),
    lazy_gettext("Gap %(number)s can't be merged into itself. Choose another."),
    lazy_gettext("Gap %(number)s has changed. Look at it again before you change it."),
    lazy_gettext("Gap %(number)s can't be %(wanted)s: it %(stands)s."),
    lazy_gettext(
        "Gap %(other)s is about questions in %(other_lang)s, gap %(number)s in %(own_lang)s. Keep them apart."
    ),
    lazy_gettext("Gap %(number)s has no wording of %(count)s different people within the window to try again."),
    lazy_gettext("That wording can't be moved from gap %(number)s to gap %(other)s. Look at both again."),
    lazy_gettext("A title has 1 to %(count)s characters."),
    lazy_gettext("%(name)s accepted this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s assigned this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s dismissed this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s opened this again %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s merged this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s split this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s renamed this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s moved a wording of this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s drafted this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s published this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s began to watch this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s closed this %(ago)s. Look at it again before you change it."),
    lazy_gettext("%(name)s found this %(ago)s. Look at it again before you change it."),
    lazy_gettext("1 minute ago"),
    lazy_gettext("%(count)s minutes ago"),
    lazy_gettext("1 hour ago"),
    lazy_gettext("%(count)s hours ago"),
    lazy_gettext("1 day ago"),
    lazy_gettext("%(count)s days ago"),
    lazy_gettext("There is no revision %(revision)s in the articles' repository. %(advice)s"),
    lazy_gettext("Drafts there: %(names)s."),
    lazy_gettext(
        "%(folder)s is a plain folder, which has no revision %(revision)s. "
        "Put the articles into a git repository to try revisions out."
    ),
    lazy_gettext("%(branch)s is checked out, so it is left as it is. Check out another branch and try again."),
    lazy_gettext("%(path)s is no longer among the articles. Run `portal find-gaps` for a new proposal."),
    lazy_gettext("What to improve in %(path)s is told by its readers' reasons; no line can do it. Edit the article."),
    lazy_gettext("%(path)s is hidden by something else than `draft` or `status`, such as its dates. Edit it by hand."),
    lazy_gettext("Every name like %(path)s is taken. Give the gap another title."),
    # what is said of conversations
    lazy_gettext("There is no conversation %(number)s."),
    lazy_gettext("The customer wrote %(ago)s. Look at it again first."),
    lazy_gettext("A mail to the customer came back %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s answered %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s left a note %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s took a reply back %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s assigned this %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s closed this %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s opened this again %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s merged another one into this %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s changed this %(ago)s. Look at it again first."),
    lazy_gettext("%(name)s's account is shut. Choose somebody else."),
    lazy_gettext("Conversation %(number)s was merged into %(other)s. Go on in that one."),
    lazy_gettext("Conversation %(number)s can't be merged into itself. Choose another."),
    lazy_gettext(
        "Conversations %(number)s and %(other)s are not from the same address. "
        "Merged, one customer would read what the other wrote."
    ),
    lazy_gettext("A message has at most %(count)s characters. Shorten it, or attach the rest as a file."),
    lazy_gettext("A message has at most %(count)s characters. Make two of it."),
    # the history of a gap
    lazy_gettext("from “%(title)s”"),
    lazy_gettext("into gap %(number)s"),
    lazy_gettext("with gap %(number)s"),
    lazy_gettext("split from gap %(number)s"),
    lazy_gettext("1 wordings went to gap %(number)s"),
    lazy_gettext("%(count)s wordings went to gap %(number)s"),
    lazy_gettext("a wording came from gap %(number)s"),
    lazy_gettext("a wording went to gap %(number)s"),
    lazy_gettext("%(count)s people have it by now; it was dismissed at %(before)s"),
    lazy_gettext("to %(name)s"),
    lazy_gettext("Proved: %(since)s since, %(earlier)s before; %(fell)s."),
    lazy_gettext("It did not help: %(since)s since, %(earlier)s before; %(fell)s. Published by %(revision)s."),
    lazy_gettext(
        "It did not help: after %(days)s days %(since)s since, %(earlier)s before. Published by %(revision)s."
    ),
    lazy_gettext("Likely: after %(days)s days %(since)s since, %(earlier)s before."),
    lazy_gettext("Quiet, so not proved: nobody asked in %(days)s days."),
    lazy_gettext("%(count)s of %(n)s people without an answer"),
    lazy_gettext("the share fell by %(points)s points (%(low)s to %(high)s)"),
)
"""Sentences with gaps; of two that fit, the first one counts."""
WORDED: Final = frozenset({"wanted", "stands", "ago", "advice", "since", "earlier", "fell"})
"""Gaps that are filled with words of the rooms' own, which have another language too; the others are anybody's."""
_NUMBERS: Final = frozenset({"number", "other", "count", "before", "days", "n", "points", "low", "high"})
_GAP = re.compile(r"%\\\((\w+)\\\)s")
"""A gap, in a form that `re.escape` has been over."""


def reworded(said: object) -> str:
    """Return a room's own sentence in the page's language; as it is where it has none there."""
    text = str(said)
    told = str(gettext(text)) if text else ""
    if told != text:
        return told
    for pattern, form in _shapes():
        found = pattern.fullmatch(text)
        if found:
            values = {gap: reworded(value) if gap in WORDED else value for gap, value in found.groupdict().items()}
            return str(gettext(form, **values) if values else gettext(form))
    return text


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each form with the pattern that tells it."""
    with force_locale(OWN):
        forms = tuple(str(form) for form in FORMS)
    return tuple((re.compile(_GAP.sub(_group, re.escape(form)), re.DOTALL), form) for form in forms)


def _group(gap: re.Match[str]) -> str:
    return rf"(?P<{gap[1]}>-?\d+)" if gap[1] in _NUMBERS else rf"(?P<{gap[1]}>.+?)"
