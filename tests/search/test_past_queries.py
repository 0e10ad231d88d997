from portal.search.past_queries import MOST_READ, PastQueries

ASKED = ("reset password", "password for wifi", "change my password", "wi-fi", "Größe", "password", "")


def known(_: str) -> bool:
    return True


def going_on(typed: str, asked: tuple[str, ...] = ASKED) -> list[str]:
    return list(PastQueries(asked).going_on_from(typed.split(), known))


def test_those_that_begin_so_come_first_then_the_most_asked() -> None:
    assert going_on("pass") == ["password for wifi", "password", "reset password", "change my password"]
    assert going_on("password f") == ["password for wifi"]
    assert going_on("password res") == ["reset password"]


def test_case_and_accents_make_no_difference_and_it_is_offered_as_typed() -> None:
    assert going_on("gros") == ["Größe"]


def test_what_is_typed_already_is_not_offered() -> None:
    assert "password" not in going_on("password")


def test_every_word_must_be_known_to_the_reader() -> None:
    queries = PastQueries(("reset falcon", "reset password"))
    assert list(queries.going_on_from(["res"], lambda word: word != "falcon")) == ["reset password"]


def test_of_very_many_the_most_asked_are_read_and_long_ones_are_not() -> None:
    many = ("reset " + "x" * 200, *(f"reset {n}" for n in range(MOST_READ + 5)))
    assert len(going_on("reset", many)) == MOST_READ - 1


def test_what_can_not_be_shown_is_taken_out() -> None:
    assert going_on("res", ("reset\ud800\u202e it",)) == ["reset it"]
