"""What the templates are told of "What were you looking for?": the form, the thanks, the way to withdraw an address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext

from portal.feedback.models import ADDRESS_LIMIT, REQUEST_LIMIT
from portal.web.frame import AnyPage


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """shared/request.html: the form, with what was written so far."""

    lang: str
    q: str
    """What was searched for before, shown on the way back."""
    uid: str
    """Names the request before it is sent, so that sending it twice makes one."""
    search: str = ""
    """The search it came from; empty for none that was recorded."""
    text: str = ""
    address: str = ""
    has_mail: bool = False
    """Whether this portal sends mail, so that it may offer to tell them of an answer."""
    text_limit: int = REQUEST_LIMIT
    address_limit: int = ADDRESS_LIMIT

    @property
    def url(self) -> str:
        """Where it is sent to."""
        return f"/{self.lang}/requests"

    @property
    def back(self) -> str:
        """The results they came from; empty for none."""
        return f"/{self.lang}/search?{urlencode({'q': self.q})}" if self.q else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage(AnyPage):
    """help/request.html: the form by itself, and why it could not be taken."""

    form: RequestForm
    refused: str = ""
    todo: str = ""

    @classmethod
    def of(cls, form: RequestForm, refused: str = "", todo: str = "") -> "RequestPage":
        """Return the page. refused, todo: what was wrong with what was sent, and what to do about it."""
        return cls(title=gettext("What were you looking for?"), lang=form.lang, form=form, refused=refused, todo=todo)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksPage(AnyPage):
    """help/request_thanks.html and its fragment."""

    back: str
    will_hear: bool
    """Whether they left an address."""

    @classmethod
    def of(cls, form: RequestForm, *, will_hear: bool) -> "ThanksPage":
        """Return the page after a request was kept."""
        return cls(title=gettext("Thank you, that is noted"), lang=form.lang, back=form.back, will_hear=will_hear)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalPage(AnyPage):
    """help/request_withdrawal.html."""

    url: str
    is_done: bool

    @classmethod
    def of(cls, lang: str, url: str, *, is_done: bool) -> "WithdrawalPage":
        """Return the page that a mail's last link leads to. is_done: whether the address is gone by now."""
        title = gettext("Your address is deleted") if is_done else gettext("Delete my address")
        return cls(title=title, lang=lang, url=url, is_done=is_done)
