"""Junk: what people type that names no need: mash, greetings, insults, words that say nothing by themselves.

A wording is junk only where all of it is; `asdf reset password` is not. The word lists are our own, short on purpose:
what they miss is one odd wording among others, what they took too much would be a need that nobody hears of.
"""

import re
from functools import lru_cache

from portal.search.query import words_that_say_little
from portal.search.words.languages import words
from portal.search.words.stop_words import stop_words
from portal.text import fold

_CHATTER = {
    "": """
        hi hey hello hallo helo hlo hlw halo hola ola ciao salut bonjour namaste yo ok okay oki okey k kk yes yeah yep
        ya no nope na lol haha hahaha hehe hmm hm uh um oh ah wow test testing tst foo bar xyz abc plz pls please thx
        tnx thanks bye""",
    "en": """
        morning afternoon evening night good fine nice great cool welcome sir madam mam bro dude friend guys there
        thank thankyou ty sorry goodbye cheers yup nah sure maybe right alright whatever anything something nothing
        everything someone anybody help hiya howdy sup again now today later really very so well bad stuff thing
        things question questions other more info information u ur r bot robot human""",
    "de": """
        moin servus grüß gruß grüße guten gute tag morgen abend nacht herr frau liebe lieber hilfe ja nein nö doch
        klar gut super toll schön tschüss tschüs ciao danke dankeschön merci bitte irgendwas etwas nichts alles
        irgendwie sonstiges anderes frage fragen mal eben halt egal naja äh öh hä""",
    "fr": "merci salut bonsoir oui non bien aide madame monsieur coucou revoir rien tout autre question",
    "es": "gracias buenos buenas días tardes noches sí vale ayuda señor señora adiós nada todo otra pregunta",
}
_INSULTS = {
    "": "fuck fucking fucker fck wtf stfu shit bullshit porn sex xxx",
    "en": """
        fucked shitty crap crappy idiot idiots idiotic stupid dumb dumbass moron morons bastard bastards bitch ass
        asshole assholes arsehole dick dickhead wanker prick cunt damn damned hell suck sucks sucker loser losers
        useless rubbish garbage trash pathetic fool fools jerk scum bloody hate kill die off""",
    "de": """
        scheiße scheisse scheiß scheiss beschissen kacke mist idiot idioten idiotisch blöd blöde blöder dumm dumme
        dummer arsch arschloch arschlöcher wichser hurensohn fotze fick ficken fickt verpiss verdammt verdammte
        dreck penner depp deppen vollidiot spast nutzlos müll hasse""",
    "fr": "merde putain con connard connasse salope idiot nul nulle chier",
    "es": "mierda puta puto joder idiota imbécil gilipollas cabrón",
}
_KEYS = ("qwertzuiop", "qwertyuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "yxcvbnm", "zxcvbnm", "wxcvbn")
_RUN = 4
"""Keys side by side that make a word mash; within a longer word, one more and half of it: *property* has `erty`."""
_VOWELLESS = 6
"""Letters without a vowel that make a word mash; shorter ones are names like `https` and `dhcp`."""
_CODE = re.compile(r"\D*\d{3,6}\D*")
"""The only text without letters that may be a need: a number as errors have them."""
_REPEATED = re.compile(r"(.{1,3}?)\1{2,}")
_SAME = re.compile(r"(.)\1+")
_PLACEHOLDER = re.compile(r"\[[^\]\s]{1,20}\]|\S+@\S+|https?://\S+")
"""What redaction puts in place of something personal, and what it might have missed."""
_LATIN = re.compile(r"[a-z]+")


@lru_cache(maxsize=50_000)
def is_junk(text: str, lang: str) -> bool:
    """Whether nothing in a text names a need. lang: BCP 47 tag; of most languages only the shape of words is known."""
    plain = _PLACEHOLDER.sub(" ", text)
    if not any(character.isalpha() for character in plain):
        return not _CODE.fullmatch(plain)
    language = lang.partition("-")[0].lower()
    empty, little = _empty(language), words_that_say_little(lang)
    for word in words(plain, lang):
        written = fold(plain[word.start : word.end])
        if word.text in little or written in empty or _SAME.sub(r"\1", written) in empty:
            continue
        if not (len(written) == 1 and written.isascii()) and not is_mash(written):
            return False
    return True


@lru_cache(maxsize=50_000)
def is_mash(word: str) -> bool:
    """Whether a word, in lower case and without accents, was made by a hand on the keyboard, not by a thought."""
    if not _LATIN.fullmatch(word) or len(word) < _RUN:
        return False
    if len(word) >= _VOWELLESS and not re.search("[aeiouy]", word):
        return True
    if (again := _REPEATED.search(word)) and len(again.group()) > len(word) / 2:
        return True
    longest = _longest_run(word)
    return longest >= _RUN and (longest == len(word) or longest > max(_RUN, len(word) / 2))


def _longest_run(word: str) -> int:
    """Return how many letters stand side by side on one row of keys, in one direction."""
    best = 0
    for row in (*_KEYS, *(row[::-1] for row in _KEYS)):
        for start in range(len(word)):
            end = start + 1
            while end < len(word) and word[start : end + 1] in row:
                end += 1
            best = max(best, end - start)
    return best


@lru_cache(maxsize=64)
def _empty(language: str) -> frozenset[str]:
    """Return the words of a language that name nothing, folded, also with doubled letters made single."""
    listed = {word for lists in (_CHATTER, _INSULTS) for key in ("", language) for word in lists.get(key, "").split()}
    folded = {fold(word) for word in listed | stop_words(language)}
    return frozenset(folded | {_SAME.sub(r"\1", word) for word in folded})
