import pytest

from portal.outbox.key_letters import key_letter

LINK = "https://help.acme.example/desk/keys/abc"


@pytest.mark.parametrize(
    ("lang", "is_invitation", "subject", "said"),
    [
        ("en", True, "Your account for Acme help", "within seven days"),
        ("de-CH", True, "Ihr Konto für Acme help", "sieben Tage lang"),
        ("en", False, "Your new password for Acme help", "within two hours"),
        ("de", False, "Ihr neues Passwort für Acme help", "zwei Stunden lang"),
        ("fr", False, "Your new password for Acme help", "within two hours"),
    ],
)
def test_a_link_comes_with_what_it_is_for_and_how_long(
    lang: str,
    is_invitation: bool,
    subject: str,
    said: str,
) -> None:
    letter = key_letter(lang, name="Acme help", is_invitation=is_invitation)
    assert letter.subject == subject
    assert said in letter.text(LINK)
    assert f"\n\n{LINK}\n\n" in letter.text(LINK)
