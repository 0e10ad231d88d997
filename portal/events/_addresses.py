"""Addresses: of mailboxes, also where the @ is written as a word, and of machines on the internet."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_LOCAL = r"[^\s@<>()\[\]{},;:\"“”„«»|/\\=?&]"
_MAIL = re.compile(
    rf"(?<!\w)(?!git@[\w.-]+:)(?!['’]){_LOCAL}{{1,128}}\s?(?:@|%40)\s?(?:[\w-]{{1,63}}\.){{1,8}}(?!\d)\w[\w-]{{1,62}}",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"\n]{1,64}\"@(?:[\w-]{1,63}\.){1,8}[^\W\d]\w{1,62}")
_SPELT = re.compile(
    r"[\w.+-]{1,64}\s?(?:[(\[{<]\s?(?:at|ät|arroba|chez|@)\s?[)\]}>]|\s(?:at|ät|arroba)\s(?=[\w-]+\s?(?:[(\[{]\s?(?:dot|punkt|punto|point)|\sdot\s|\spunkt\s|\spunto\s)))\s?"
    r"[\w-]{1,63}(?:\s?(?:\.|[(\[{]\s?(?:dot|punkt|punto|point)\s?[)\]}]|(?<=\s)(?:dot|punkt|punto)(?=\s))\s?[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
_SPELT_SIGN = re.compile(r"[(\[{<]\s?(?:at|ät|arroba|chez|@)\s?[)\]}>]|\s(?:at|ät|arroba)\s", re.IGNORECASE)
_V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_VERSION = re.compile(
    r"(?:\bv|version|release|firmware|build|update|patch|driver|treiber|ver\.?|rev\.?)\s{0,2}:?\s{0,2}$", re.IGNORECASE
)
_V6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?<=:):?)(?![\w:])", re.IGNORECASE)
_NOBODYS = tuple(
    ip_network(net)
    for net in (
        # at home in every house, or the same for all: RFC 6890; and the resolvers that manuals name
        *(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
        ),
        *("224.0.0.0/3", "8.8.8.8/32", "8.8.4.4/32", "1.1.1.1/32", "1.0.0.1/32", "9.9.9.9/32", "208.67.222.222/32"),
    )
)
_SOMEBODYS = tuple(ip_network(net) for net in ("2000::/3", "fc00::/7", "fe80::/10"))
_LEAST_IN_VERSIONS = 20
"""Four numbers that are all smaller are rather a version's than an address."""
MAIL, MACHINE = "[e-mail]", "[ip]"


def hide_mail(text: str) -> str:
    """Put `[e-mail]` where there is an address that mail can be sent to."""
    if "@" in text or "%40" in text:
        text = _MAIL.sub(MAIL, _QUOTED.sub(MAIL, text))
    return _SPELT.sub(MAIL, text) if _SPELT_SIGN.search(text) else text


def hide_machines(text: str) -> str:
    """Put `[ip]` where there is an address of somebody's connection. Versions and addresses of all houses stay."""
    if "." in text:
        text = _V4.sub(_hide_v4, text)
    return _V6.sub(_hide_v6, text) if text.count(":") > 1 else text


def _hide_v4(found: re.Match[str]) -> str:
    try:
        address = IPv4Address(found[0])
    except ValueError:
        return found[0]
    is_version = _VERSION.search(found.string[: found.start()]) or max(address.packed) < _LEAST_IN_VERSIONS
    return found[0] if is_version or any(address in net for net in _NOBODYS) else MACHINE


def _hide_v6(found: re.Match[str]) -> str:
    try:
        address = ip_address(found[0])
    except ValueError:
        return found[0]
    is_somebodys = isinstance(address, IPv6Address) and any(address in net for net in _SOMEBODYS)
    return MACHINE if is_somebodys else found[0]
