from hypothesis import given
from hypothesis import strategies as st

from portal.search.word_places import Places, pack, unpack, words_to_type, words_typed

Pairs = dict[str, list[int]]
PAIRS = st.dictionaries(
    st.text("abäß設z", min_size=1, max_size=4), st.lists(st.integers(1, 9), min_size=1, unique=True), max_size=6
)


def flat(pairs: Pairs) -> list[tuple[str, int]]:
    return [(word, key) for word, keys in pairs.items() for key in keys]


def read(places: Places) -> dict[str, set[int]]:
    """Return which keys each word has."""
    return {places[at]: set(places.keys[places.having(range(at, at + 1))].tolist()) for at in range(len(places))}


def as_sets(pairs: list[tuple[str, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for word, key in pairs:
        found.setdefault(word, set()).add(key)
    return found


@given(PAIRS, st.permutations(range(1, 10)))
def test_every_word_keeps_its_entries_whatever_their_order(pairs: Pairs, order: list[int]) -> None:
    places = unpack(pack(flat(pairs), order))
    assert read(places) == as_sets(flat(pairs))
    assert places.at(range(len(places))) == sorted(pairs)
    assert places.keys.tolist() == order


@given(PAIRS, PAIRS, st.sets(st.integers(1, 9)))
def test_an_update_is_as_if_written_anew(old: Pairs, new: Pairs, kept: set[int]) -> None:
    fresh = {key for _, key in flat(new)}
    stays = [(word, key) for word, key in flat(old) if key in kept - fresh]
    before = pack(flat(old), range(1, 10))
    assert read(unpack(pack(flat(new), sorted(kept | fresh), before))) == as_sets(stays + flat(new))


@given(PAIRS, st.text("abäß設z", min_size=1, max_size=2))
def test_words_are_found_whole_and_by_their_beginning(pairs: Pairs, start: str) -> None:
    places = unpack(pack(flat(pairs), range(1, 10)))
    assert places.at(places.beginning(start)) == sorted(word for word in pairs if word.startswith(start))
    assert places.at(places.word(start)) == [start] * (start in pairs)


def test_without_words_there_is_nothing_to_find() -> None:
    places = unpack(pack([], []))
    assert len(places) == 0
    assert not places.knows("a")
    assert places.at(places.beginning("a")) == []


def test_words_are_known_whole_and_without_blanks_from_any_place_on() -> None:
    words = words_to_type("reset パスワードを設定する")
    places = unpack(pack([(word, 1) for word in words], [1]))
    assert places.knows("reset")
    assert not places.knows("res")
    assert places.knows(words_typed("設定")[0])
    assert not places.knows("定設")
