"""Where the picker is: as a page of the desk, or in a frame beside another help desk."""

from flask import request

from portal.web.staff import FRAME, PICKER, is_below

FRAME_SIGN_IN = f"{FRAME}/sign-in"
FRAME_CODE = f"{FRAME}/code"


def is_in_frame() -> bool:
    """Whether this request is the frame's."""
    return is_below(request.path, FRAME)


def base() -> str:
    """Return the address that the present picker's forms begin with."""
    return FRAME if is_in_frame() else PICKER
