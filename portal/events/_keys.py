"""Keys: what opens something, such as tokens, passwords and private keys, told by their form or by what stands before.

The forms are those that the services themselves document for their tokens, and RFC 7519 (JWT), 7468 (PEM), 6750
(Bearer), 7617 (Basic), 3986 (user information in a URL).
"""

import re

_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}-----.*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)", re.DOTALL)
_IN_URL = re.compile(r"(?<=://)[^\s/@:]*:[^\s/]*@")
_HOOK = re.compile(r"(?<=hooks\.slack\.com/services/)[\w/]+|(?<=/api/webhooks/)\d+/[\w-]+")
_FORMS = re.compile(
    r"""(?<![\w-])(?:
    eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*                          # JWT
    |(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}                          # AWS
    |gh[pousr]_\w{20,} | github_pat_\w{20,} | gl(?:pat|ptt|rt|dt|soat)-[\w.-]{16,}
    |xox[abeoprs]-[\w-]{10,} | xapp-[\w-]{10,}                    # Slack
    |(?:sk|rk|pk)[-_](?:live|test|prod|proj|ant|or)[-_][\w-]{8,} | sk-[A-Za-z0-9]{20,} | whsec_\w{12,}
    |AIza[\w-]{30,} | ya29\.[\w.-]{20,} | GOCSPX-[\w-]{20,}       # Google
    |npm_\w{30,} | pypi-[\w-]{16,} | hf_\w{20,} | dop_v1_\w{20,} | shp(?:at|ss|ca|pa)_\w{20,} | dckr_pat_[\w-]{16,}
    |SG\.[\w-]{16,}\.[\w-]{16,} | key-[0-9a-f]{32} | (?:AC|SK)[0-9a-f]{32} | \d{8,10}:[\w-]{35}
    |ssh-(?:rsa|dss|ed25519)\s+AAAA[\w+/=]{20,}
    |(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}                               # licence keys
    |(?:\d{6}-){7}\d{6}                                           # recovery keys of encrypted disks
    |[0-9A-Fa-f]{32,}                                             # keys and digests in hexadecimal
    )(?![\w])""",
    re.VERBOSE,
)
_LONG = re.compile(r"(?<![\w/.+=-])[\w+=-]{24,}(?![\w/.])")
_HEADER = re.compile(r"\b([Bb]earer\s+|[Bb]asic\s+)(?=[\w.~+/-]*(?:\d|[a-z][A-Z][\w.~+/-]*[a-z][A-Z]))[\w.~+/-]{8,}=*")
_NAMES = (
    "pass(?:wor[dt]|wd|code|phrase)?|pwd|pw|psw|secret|token|credentials?|session[ _-]?id|sessid|otp|pin|puk|tan|"
    "(?:api|access|auth|private|client|secret|encryption|account)[ _-]?(?:key|secret|token)|cvv2?|cvc2?|"
    "kennwort|zugangscode|geheimzahl|mot de passe|mdp|contrase(?:ñ|n)a|clave|senha|palavra-passe|parola d'ordine|"
    "wachtwoord|has(?:ł|l)o|heslo|l(?:ö|o)senord|adgangskode|passord|salasana|(?:ş|s)ifre|parol[ae]?|jelsz(?:ó|o)|"
    "пароль|κωδικός|密码|密碼|パスワード|비밀번호|पासवर्ड|كلمة المرور|סיסמה"
)
_IS = "is|was|ist|war|lautet|heißt|est|es|era|é|è|to|jest|är|er|on|это"
_ASSIGNED = re.compile(
    rf"(?<![^\W_])(?:{_NAMES})[\"']?\s{{0,3}}[=:]=?\s{{0,3}}[\"']?((?:[^\s&\"']|&(?!\w+=)){{3,}})", re.IGNORECASE
)
_SAID = re.compile(rf"(?<![^\W_])(?:{_NAMES})\s+(?:{_IS})\s*:?\s+[\"']?([^\s\"']{{4,}})", re.IGNORECASE)
_SHORT = re.compile(
    r"(?<!\w)(?:(?:pin|puk|tan|otp|cvv2?|cvc2?)(?:[ -]?(?:code|number|nummer))?|"
    r"(?:verification|security|confirmation|activation|sms|2fa|login|bestätigungs|sicherheits|aktivierungs)[ -]?code)"
    r"\s*[:=#]?\s*(\d{3,8})(?!\w)",
    re.IGNORECASE,
)
_HAS_LONG = re.compile(r"\S{16}")
_HAS_SIGN = re.compile(r"[\d!#$%&*+=_~|<>^]")
_COUNTED = re.compile(r"\d+-[^\W\d]+|0x[0-9a-f]+", re.IGNORECASE)
_LEAST_DIGITS = 3
PLACE = "[key]"


def hide_keys(text: str) -> str:
    """Put `[key]` where there is a key, a token or a password; where it stands in a URL, the URL stays.

    A password of letters alone is hidden behind `=`, and elsewhere taken for a word: "my password is wrong".
    """
    if _HAS_LONG.search(text) or "-----BEGIN" in text:
        text = _IN_URL.sub(f"{PLACE}@", _PEM.sub(PLACE, text))
        text = _FORMS.sub(PLACE, _HOOK.sub(PLACE, text))
        text = _LONG.sub(lambda found: PLACE if _is_random(found[0]) else found[0], text)
    if _HAS_SIGN.search(text):
        text = _HEADER.sub(rf"\1{PLACE}", text)
        text = _SHORT.sub(_hide, _SAID.sub(_hide_secret, text))
    if "=" in text or ":" in text:
        text = _ASSIGNED.sub(_hide_secret, text)
    return text


def _hide_secret(found: re.Match[str]) -> str:
    is_assigned = "=" in found[0][: found.start(1) - found.start()]
    return _hide(found) if PLACE not in found[1] and (is_assigned or _looks_secret(found[1])) else found[0]


def _hide(found: re.Match[str]) -> str:
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    return found[0][:start] + PLACE + found[0][end:]


def _looks_secret(word: str) -> bool:
    """Whether a word is none that people write in sentences: it has a digit or a sign in it."""
    return _HAS_SIGN.search(word) is not None and not _COUNTED.fullmatch(word)


def _is_random(word: str) -> bool:
    """Whether a long word was drawn at random: capitals, small letters and digits, and nothing like a word."""
    digits = sum(c.isdigit() for c in word)
    is_mixed = word.lower() != word != word.upper()
    return is_mixed and digits >= _LEAST_DIGITS and not re.search(r"[a-z]{8}|[A-Z][a-z]{6}", word)
