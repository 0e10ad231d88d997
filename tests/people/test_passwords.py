import pytest
from argon2 import PasswordHasher

from portal.errors import Invalid
from portal.people import passwords
from portal.people.passwords import Passwords, check
from tests.people.staff import CHEAP, HASHED, PASSWORD, Noting


def test_a_password_is_kept_as_argon2id_at_the_costs_that_owasp_names() -> None:
    assert Passwords().hash(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert CHEAP.hash(PASSWORD) != CHEAP.hash(PASSWORD)


@pytest.mark.parametrize("typed", [PASSWORD + "x", PASSWORD[:-1], PASSWORD.upper(), "", "nobody"])
def test_another_password_is_wrong(typed: str) -> None:
    assert not CHEAP.is_right(HASHED, typed)


def test_a_password_is_right_however_its_accents_were_typed() -> None:
    assert CHEAP.is_right(CHEAP.hash("caf\u00e9 au lait noir"), "cafe\u0301 au lait noir")


@pytest.mark.parametrize("kept", [None, "", "not a hash"])
@pytest.mark.parametrize("typed", [PASSWORD, "nobody", ""])
def test_who_has_no_password_is_refused_whatever_is_typed(kept: str | None, typed: str) -> None:
    assert not CHEAP.is_right(kept, typed)


def test_somebody_unknown_costs_one_comparison_at_the_same_price() -> None:
    noting = Noting()
    hasher = Passwords(noting)
    hasher.is_right(HASHED, "wrong")
    hasher.is_right(None, "wrong")
    assert [kept.split("$")[1:4] for kept in noting.verified] == [HASHED.split("$")[1:4]] * 2


def test_nobodys_hash_is_at_the_costs_of_all_and_nobodys() -> None:
    assert not Passwords().is_outdated(passwords.NOBODYS)
    assert not Passwords().is_right(None, passwords.NOBODYS)
    assert not Passwords(Noting()).is_right(None, passwords.NOBODYS)


def test_a_hash_at_other_costs_is_outdated() -> None:
    assert not CHEAP.is_outdated(CHEAP.hash(PASSWORD))
    assert CHEAP.is_outdated(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD))


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "x" * 201,
        "bo@acme.example",
        "Bo Derfuss-Mann",
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_with_the_mend(password: str) -> None:
    with pytest.raises(Invalid, match="Choose a password"):
        check(password, email="Bo@acme.example", name="bo derfuss-mann")


@pytest.mark.parametrize("password", [PASSWORD, "twelve chars", "пароль из слов", "x" * 100 + "yzabc" * 20])
def test_length_is_enough(password: str) -> None:
    assert check(password, email="bo@acme.example", name="Bo") == password
