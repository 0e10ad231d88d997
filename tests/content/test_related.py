"""Related articles: what writers said decides, rare words before common ones, and never another language."""

from dataclasses import replace
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from portal.content.related import MOST, Kin, fingerprint, related


def kin(key: str, *, lang: str = "en", topic: str | None = None, tags: str = "", links: str = "") -> Kin:
    return Kin(id=key, lang=lang, topic=topic, tags=tuple(tags.split()), links=tuple(links.split()))


def test_a_link_counts_in_either_direction() -> None:
    found = related([kin("a", links="b"), kin("b"), kin("c")])
    assert found == {"a": ("b",), "b": ("a",)}


def test_a_shared_tag_counts_the_more_the_fewer_share_it() -> None:
    articles = [kin("a", tags="rare common"), kin("b", tags="common"), kin("c", tags="Rare"), kin("d", tags="common")]
    assert related([*articles, kin("e")])["a"] == ("c", "b", "d")


def test_a_shared_product_counts_as_a_tag_does() -> None:
    one, other = replace(kin("a"), products=("Router X",)), replace(kin("b"), products=("router x",))
    assert related([one, other, kin("c", tags="router")]) == {"a": ("b",), "b": ("a",)}


def test_a_link_outweighs_a_shared_tag() -> None:
    assert related([kin("a", links="z", tags="t"), kin("b", tags="t"), kin("z"), kin("y")])["a"] == ("z", "b")


def test_a_link_to_what_everybody_links_to_says_less() -> None:
    articles = [kin(key, links="hub") for key in "bcdefg"]
    assert related([*articles, kin("a", links="hub x"), kin("hub"), kin("x")])["a"] == ("x", "hub")


def test_the_topic_settles_ties_and_nothing_else() -> None:
    articles = [kin("a", topic="t", tags="x"), kin("b", topic="u", tags="x"), kin("c", topic="t", tags="x")]
    assert related([*articles, kin("d", topic="t")]) == {"a": ("c", "b"), "b": ("a", "c"), "c": ("a", "b")}


def test_what_all_share_says_nothing() -> None:
    assert related([kin("a", tags="x"), kin("b", tags="x")]) == {}


def test_another_language_is_never_related() -> None:
    assert related([kin("a", tags="x", links="b"), kin("b", lang="de", tags="x", links="a")]) == {}


def test_a_link_to_what_is_not_there_or_to_itself_is_nothing() -> None:
    assert related([kin("a", links="gone a"), kin("b")]) == {}


def test_at_most_so_many_are_named() -> None:
    found = related([kin("a", links=" ".join("bcdefgh")), *(kin(key) for key in "bcdefgh")])
    assert len(found["a"]) == MOST


NAMES = st.sampled_from("abcdefgh")
KINS = st.builds(
    Kin,
    id=NAMES,
    lang=st.sampled_from(["en", "de"]),
    topic=st.none() | NAMES,
    tags=st.lists(NAMES, max_size=3).map(tuple),
    products=st.lists(NAMES, max_size=2).map(tuple),
    links=st.lists(NAMES, max_size=3).map(tuple),
)


@given(
    st.lists(KINS, unique_by=lambda one: one.id).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some)))
)
def test_the_order_in_which_articles_come_changes_nothing(pair: tuple[list[Kin], list[Kin]]) -> None:
    one, other = pair
    assert related(one) == related(other)
    assert fingerprint(one) == fingerprint(other)
    langs = {article.id: article.lang for article in one}
    for key, others in related(one).items():
        assert key not in others
        assert {langs[other] for other in others} == {langs[key]}


def test_the_fingerprint_follows_what_matters() -> None:
    base = kin("a", topic="t", tags="x", links="b")
    changed = [replace(base, topic="u"), replace(base, tags=("y",)), replace(base, links=()), replace(base, lang="de")]
    assert len({fingerprint([article]) for article in [base, *changed]}) == len(changed) + 1


def test_thousands_with_the_same_few_tags_take_no_long_time() -> None:
    """Ten tags, each on a quarter of 2,640 articles, would be 17 million pairs."""
    tags = [f"t{number}" for number in range(40)]
    many = [kin(f"{n:04}", tags=" ".join(tags[(n + step) % 40] for step in range(10))) for n in range(2640)]
    began = process_time()
    found = related(many)
    assert process_time() - began < 2
    assert len(found) == len(many)
