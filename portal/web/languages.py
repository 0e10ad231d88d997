"""Languages as the web meets them: in addresses, in what browsers prefer, in which way they run."""

from collections.abc import Iterable

from flask import request
from werkzeug.routing import BaseConverter

from portal.errors import NotFound

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
COOKIE = "lang"
_OWN_NAMES = {
    "ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית", "hi": "हिन्दी",
    "hu": "Magyar", "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어",
    "nb": "Norsk bokmål", "nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português",
    "pt-br": "Português (Brasil)", "ro": "Română", "ru": "Русский", "sv": "Svenska", "tr": "Türkçe",
    "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文", "zh-cn": "简体中文", "zh-tw": "繁體中文",
}  # fmt: skip


class LanguageConverter(BaseConverter):
    """The first segment of a customer's address: a BCP 47 tag such as `en` or `pt-BR`, in any case."""

    regex = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"


def own_name(lang: str) -> str:
    """Return what a language calls itself, or its tag."""
    tag = lang.casefold()
    return _OWN_NAMES.get(tag) or _OWN_NAMES.get(tag.partition("-")[0], lang)


def direction(lang: str) -> str:
    """Return the value of `dir`: which way the language is written."""
    return "rtl" if lang.casefold().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def known(lang: str, languages: Iterable[str]) -> str:
    """Return the language as this help centre writes it. Raises NotFound when it has none of that name."""
    found = next((one for one in languages if one.casefold() == lang.casefold()), None)
    if found is None:
        raise NotFound
    return found


def preferred(languages: tuple[str, ...]) -> str:
    """Return the language for a reader who named none: the cookie's, else the browser's, else the first."""
    chosen = request.cookies.get(COOKIE, "").casefold()
    kept = next((one for one in languages if one.casefold() == chosen), None)
    return kept or request.accept_languages.best_match(languages) or languages[0]
