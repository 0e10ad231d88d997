"""Stems: what is left of a word without its endings, as each language forms them.

Snowball's stemmers, mended by a few rules where they leave apart what customers mean as one; docs/languages.md
says what that gives each language.
"""

import re
import threading

import Stemmer

# Snowball's newer Dutch tells `wachtwoorden` from `wachtwoord`; the older one does not.
_STEMMERS = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch_porter", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# What Snowball leaves apart although customers mean the same: (what a word must hold, pattern, instead). Rules before
# its stemmer, how often that runs, rules after.
_UNDOUBLED = ("", r"(?<=..)([bcdfgklmnprst])\1$", r"\1")
_SYNCOPE = ("e", r"(?<=..)([bdfgjkmprstv])\1?e(?=[lnr]$)", r"\1")
_RULES_BEFORE = {
    "ar": (  # a light stemmer of our own in place of Snowball's, which takes a noun with an article for another word
        ("", "[\u0621\u0624\u0626\u0640\u0610-\u061a\u064b-\u065f\u0670]", ""), ("", "[\u0622\u0623\u0625]", "\u0627"),
        ("", "\u0649", "\u064a"), ("", "\u0629$", "\u0647"),
        ("", "^\u0648?(?:[\u0628\u0643\u0641]?\u0627\u0644|\u0644\u0644)(?:\u0627\u0644)?(?=..)", ""),
        ("", ("^(..+?)(?:\u0627\u062a|\u064a\u0646|\u0647\u0627|[\u0647\u064a]"
             "|(?<=...)(?:[\u0627\u0648]\u0646|[\u0643\u0647]\u0645|\u0646\u0627|[\u0643\u062a])){1,3}$"), r"\1"),
    ),
    "de": (
        ("ert", "(?!hundert$)(..[bdfghklmnpst])ert$", r"\1"),
        ("t", "(...ier|..ell|..[a\u00e4]hl)t$", r"\1"),
    ),
    "en": (
        ("is", "(?<=[a-z]{3}[bdghlmnrtvz])is(?=e[drs]?$|ing$|ations?$)", "iz"),
        ("our", "^(behavi|col|fav|hon|lab)our(?=s?$|ed$|ing$|ites?$)", r"\1or"), ("logue", "logue(?=s?$)", "log"),
        ("centre", "^centre(?=s?$)", "center"), ("licence", "^licence(?=s?$)", "license"),
    ),
    "fi": (("sti", "sti$", "stin"),),  # a message, a test and the post end as adverbs do
    "fr": (("s", "(?<=..[bcdfgklmnprtv\u00e9])s$", ""),),
    "nl": (("es", "(?<=[dgilmt]e)s$", ""),),
    "no": (("erne", "erne$", "er"),),
    "pt": (
        ("", "(?:\u00f5e|oe|\u00e3e)s$|ao$", "\u00e3o"), ("\u00e3o", "c(?=\u00e3o$)", "\u00e7"),
        ("ns", "([aeiou])ns$", r"\1m"), ("s", "(?<=[klprt])s$", ""),
    ),
}  # fmt: skip
_ROUNDS = {"da": 2, "fi": 2, "nl": 2, "no": 2, "sv": 2, "tr": 3}
_RULES_AFTER = {
    "da": (_SYNCOPE, ("lt", "(?<=..l)t$", "")),
    "fi": (("ks", "(?<=[uy])ks$", "s"), ("", "(?<=...)(?:im|ej)$", ""), ("", "(?<=..[dhjklmnprstv])[aei\u00e4]$", "")),
    "fr": (("i", "(?<=....)i$", ""),),
    "nl": (_UNDOUBLED,),
    "no": (_SYNCOPE, ("", r"([bdfgklmnprst])\1(?=[lnr]$)", r"\1"), ("lt", "(?<=..l)t$", ""), _UNDOUBLED),
    "pt": (("s", "(?<=...[aeo])s$", ""),),
    "sv": (
        ("et", "(?<=....)(?<!n)et$", ""), ("o", "(?<=...o)[nt]$", ""), ("an", "(?<=...)an$", ""), _SYNCOPE, _UNDOUBLED,
    ),
}  # fmt: skip
# A further spelling, kept beside the word as written: vowels typed without their letters, participles, possessives.
_VOWELS = (("oe", "oe", "\u00f8"), ("aa", "aa", "\u00e5"), ("ae", "ae", "\u00e6"))
_RULES_BESIDE = {
    "da": _VOWELS,
    "de": (
        ("ge", "^(ab|an|auf|aus|ein|frei|her|hoch|um|vor|weiter|zu|zur\u00fcck|)ge(...+)t(?:e[mnrs]?)?$", r"\1\2en"),
    ),
    "nl": (("ge", "^(aan|af|door|in|om|op|over|terug|toe|uit|)ge(...+)[dt]e?$", r"\1\2"),),
    "no": _VOWELS,
    "tr": (
        ("", "(?<=..[aeiou\u0131\u00f6\u00fc])s[iu\u0131\u00fc](?:n(?:[aeiu\u0131\u00fc]|d[ae]n?))?$", ""),
        ("", "(?<=..[^aeiou\u0131\u00f6\u00fc])[iu\u0131\u00fc]$", ""),
    ),
}  # fmt: skip
_BEFORE, _AFTER, _BESIDE = (
    {
        lang: tuple((sign, re.compile(written), instead) for sign, written, instead in rules)
        for lang, rules in of.items()
    }
    for of in (_RULES_BEFORE, _RULES_AFTER, _RULES_BESIDE)
)
_thread = threading.local()


def stem(word: str, language: str) -> str:
    """Return the stem of a word in lower case. Words with digits, and in other languages, stay as they are."""
    if not word.isalpha() and any(map(str.isdigit, word)):
        return word
    word = _ruled(word, _BEFORE.get(language, ()))
    if name := _STEMMERS.get(language):
        stemmer = _stemmer(name)
        for _ in range(_ROUNDS.get(language, 1)):
            word = stemmer.stemWord(word)
    return _ruled(word, _AFTER.get(language, ()))


def beside(word: str, language: str) -> str:
    """Return what else a word in lower case may stand for, not stemmed; the word itself where nothing."""
    return _ruled(word, _BESIDE.get(language, ()))


def _ruled(text: str, rules: tuple[tuple[str, re.Pattern[str], str], ...]) -> str:
    for sign, written, instead in rules:
        if sign in text:
            text = written.sub(instead, text) or text
    return text


def _stemmer(name: str) -> Stemmer.Stemmer:
    """Return this thread's own stemmer; Snowball's can't be shared between threads."""
    stemmers: dict[str, Stemmer.Stemmer] = _thread.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        stemmers[name] = Stemmer.Stemmer(name, 0)
    return stemmers[name]
