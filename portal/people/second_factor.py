"""The second factor: a code from an app, that changes every 30 seconds (TOTP, RFC 6238).

Needs the extra `second-factor`; without it `is_available` says no, and pages say what to install. A code is taken
once, and one step early or late, for clocks that differ.
"""

import hmac
import unicodedata
from datetime import datetime
from types import ModuleType

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.people.accounts import get
from portal.people.models import User
from portal.people.sessions import sign_out_everywhere

pyotp: ModuleType | None
segno: ModuleType | None
try:
    import pyotp
    import segno
except ImportError:
    pyotp = segno = None

STEP_SECONDS = 30
_AROUND = (0, -1, 1)
"""RFC 6238, 5.2: at most one step for the time that a code is under way, and one for clocks."""
MISSING = 'The second factor needs two more packages: pip install "signpost-portal[second-factor]"'


def is_available() -> bool:
    """Whether the packages are installed."""
    return pyotp is not None and segno is not None


def new_secret() -> str:
    """Return a fresh secret, 160 bits in base32. Raises Unavailable without the packages."""
    return str(_installed(pyotp).random_base32())


def address(secret: str, *, email: str, name: str) -> str:
    """Return the otpauth: address that an app reads from the picture. name: of the help centre."""
    return str(_installed(pyotp).TOTP(secret).provisioning_uri(name=email, issuer_name=name))


def picture(text: str) -> str:
    """Return a QR code as an SVG element without styles, dark on light in every colour scheme."""
    made = _installed(segno).make(text, error="m")
    look = {"dark": "#000", "light": "#fff", "svgclass": "qr", "lineclass": None, "omitsize": True}
    return str(made.svg_inline(scale=4, border=4, **look))


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the time step whose code this is, None when it is no present one's. Raises Unavailable."""
    digits = unicodedata.normalize("NFKC", "".join(code.split())).encode("utf-8", "replace")
    now = int(at.timestamp()) // STEP_SECONDS
    maker = _installed(pyotp).TOTP(secret)
    return next((now + by for by in _AROUND if _same(maker.generate_otp(now + by), digits)), None)


def enrol(session: Session, user_id: int, secret: str, step: int) -> User:
    """Begin to ask for codes of this secret; `step` proves that the app has it, and is used up."""
    user = get(session, user_id)
    user.totp_secret, user.totp_step = secret, step
    session.flush()
    return user


def use_up(session: Session, user: User, step: int) -> bool:
    """Take the code of a step, which neither it nor an earlier one's will be again. Returns whether it was free."""
    fresh = or_(User.totp_step.is_(None), User.totp_step < step)
    mine = update(User).where(User.id == user.id, User.totp_secret == user.totp_secret, fresh)
    taken = session.scalars(mine.values(totp_step=step).returning(User.id)).one_or_none()
    return taken is not None


def reset(session: Session, user_id: int, *, but: str = "") -> User:
    """Forget somebody's second factor, and end their sessions but the one of the token `but`. Raises NotFound.

    If they must have one, the next sign-in asks for it.
    """
    user = get(session, user_id)
    user.totp_secret = user.totp_step = None
    session.flush()
    sign_out_everywhere(session, user_id, but=but)
    return user


def _same(code: str, typed: bytes) -> bool:
    return hmac.compare_digest(code.encode(), typed)


def _installed(package: ModuleType | None) -> ModuleType:
    if package is None:
        raise Unavailable(MISSING)
    return package
