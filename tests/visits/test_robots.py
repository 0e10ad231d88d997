from portal.visits.robots import MOST_A_MINUTE, MOST_A_VISIT, is_robot
from tests.visits.cast import a_search, a_visit, judged


def test_more_than_twenty_searches_in_a_minute_are_a_robots() -> None:
    assert is_robot(a_visit(*(a_search(f"word{i}x", i * 2.8) for i in range(MOST_A_MINUTE + 1))))


def test_twenty_searches_in_a_minute_may_be_a_persons() -> None:
    assert not is_robot(a_visit(*(a_search(f"word{i}x", i * 3) for i in range(2 * MOST_A_MINUTE))))


def test_more_than_a_hundred_searches_in_one_visit_are_a_robots() -> None:
    assert is_robot(a_visit(*(a_search(f"word{i}x", i * 60) for i in range(MOST_A_VISIT + 1))))


def test_whoever_types_letter_by_letter_is_no_robot() -> None:
    text = "how do i change the address on my last invoice"
    assert not is_robot(a_visit(*(a_search(text[: i + 1], i * 0.2) for i in range(len(text)))))


def test_whoever_asks_the_same_500_times_is_one_person_with_one_search() -> None:
    asked = [a_search("reset password", i * 0.1, hits=0) for i in range(500)]
    assert not is_robot(a_visit(*asked))
    ((need, _),) = judged(*asked)
    assert need.wordings == ("reset password",)


def test_a_robots_visit_counts_nowhere() -> None:
    assert judged(*(a_search(f"word{i}x", i, hits=0) for i in range(200))) == []


def test_staff_are_people_however_quick_they_are() -> None:
    assert not is_robot(a_visit(*(a_search(f"word{i}x", i, visitor="user-1") for i in range(200))))
