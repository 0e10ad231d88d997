"""Key letters: around a link that works once, for who was invited and for who asks for a new password. For staff."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyLetter:
    """A mail that waits for its link."""

    subject: str
    before: str
    """What stands above the link."""
    after: str

    def text(self, link: str) -> str:
        """Return the whole text."""
        return f"{self.before}\n\n{link}\n\n{self.after}\n"


_INVITATION = {
    "en": KeyLetter(
        "Your account for {name}",
        "You have been invited. With this link you choose a password. It works once, within seven days:",
        "If you did not expect this, leave it alone: nothing happens.",
    ),
    "de": KeyLetter(
        "Ihr Konto für {name}",
        "Sie sind eingeladen. Mit diesem Link wählen Sie ein Passwort. Er gilt einmal, sieben Tage lang:",
        "Wenn Sie das nicht erwartet haben, lassen Sie es: Es geschieht nichts.",
    ),
}
_NEW_PASSWORD = {
    "en": KeyLetter(
        "Your new password for {name}",
        "With this link you choose a new password. It works once, within two hours:",
        "If you did not ask for it, leave it alone: your password stays as it is.",
    ),
    "de": KeyLetter(
        "Ihr neues Passwort für {name}",
        "Mit diesem Link wählen Sie ein neues Passwort. Er gilt einmal, zwei Stunden lang:",
        "Wenn Sie nicht darum gebeten haben, lassen Sie es: Ihr Passwort bleibt, wie es ist.",
    ),
}


def key_letter(lang: str, *, name: str, is_invitation: bool) -> KeyLetter:
    """Return what is written around a link. name: the help centre's. A language that we don't speak gets English."""
    words = _INVITATION if is_invitation else _NEW_PASSWORD
    found = words.get(lang.partition("-")[0].casefold(), words["en"])
    return KeyLetter(found.subject.format(name=name), found.before, found.after)
