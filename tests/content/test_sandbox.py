import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.content.problem import ArticleInvalid, Severity
from portal.content.rendered import Rendered
from portal.content.sandbox import RenderJob, RenderPool
from tests.content import hostile


def a_job(text: str, key: str = "k") -> RenderJob:
    return RenderJob(key, f"en/{key}.md", text, 4)


def results(*jobs: RenderJob, seconds: float = 10.0, megabytes: int = 256, processes: int = 1) -> dict[str, object]:
    with RenderPool(seconds=seconds, megabytes=megabytes, processes=processes) as pool:
        return {job.key: result for job, result in pool.map(jobs)}


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


def test_every_job_comes_back_with_its_own_result() -> None:
    found = results(*(a_job(f"text {n}", str(n)) for n in range(20)), processes=2)
    assert {key: result.html for key, result in found.items() if isinstance(result, Rendered)} == {
        str(n): f"<p>text {n}</p>" for n in range(20)
    }


def test_no_jobs_start_no_process() -> None:
    before = children()
    with RenderPool(seconds=1, megabytes=64, processes=2) as pool:
        assert list(pool.map([])) == []
        assert children() == before


@pytest.mark.parametrize("name", hostile.SLOW)
def test_an_article_that_takes_too_long_is_stopped_and_the_others_go_on(name: str) -> None:
    found = results(a_job(hostile.SLOW[name], "bad"), a_job("fine", "good"), seconds=0.6)
    invalid = found["bad"]
    assert isinstance(invalid, ArticleInvalid)
    [problem] = invalid.problems
    assert (problem.path, problem.line, problem.severity) == ("en/bad.md", 4, Severity.ERROR)
    assert "longer than 0.6 seconds" in problem.what or "nested too deeply" in problem.what
    assert problem.mend
    assert isinstance(found["good"], Rendered)


@pytest.mark.parametrize("name", hostile.QUICK)
def test_odd_articles_are_rendered_or_refused_within_their_time(name: str) -> None:
    result = results(a_job(hostile.QUICK[name], "odd"), seconds=4)["odd"]
    if isinstance(result, Rendered):
        assert hostile.harm_in(result.html) == []
    else:
        assert isinstance(result, ArticleInvalid)


def test_an_article_that_needs_too_much_memory_is_refused_and_the_others_go_on() -> None:
    large = "word " * 2_000_000
    found = results(a_job(large, "bad"), a_job("fine", "good"), megabytes=8, seconds=60)
    invalid = found["bad"]
    assert isinstance(invalid, ArticleInvalid)
    assert "more than 8 MB" in invalid.problems[0].what
    assert isinstance(found["good"], Rendered)


def test_problems_of_the_writer_come_through_whole() -> None:
    invalid = results(a_job(hostile.TOO_DEEP, "deep"))["deep"]
    assert isinstance(invalid, ArticleInvalid)
    assert "nested too deeply" in invalid.problems[0].what


def test_a_process_killed_from_outside_costs_one_article() -> None:
    with RenderPool(seconds=10, megabytes=256, processes=1) as pool:
        before = children()

        def jobs() -> Iterator[RenderJob]:
            yield a_job("one", "one")
            [child] = children() - before
            os.kill(int(child), signal.SIGKILL)
            yield a_job("two", "two")
            yield a_job("three", "three")

        found = {job.key: result for job, result in pool.map(jobs())}
    assert isinstance(found["one"], Rendered)
    assert isinstance(found["two"], ArticleInvalid)
    assert isinstance(found["three"], Rendered)


def test_leaving_the_pool_early_ends_its_processes() -> None:
    with RenderPool(seconds=10, megabytes=256, processes=2) as pool:
        for _ in pool.map(a_job(hostile.SLOW["brackets"] if n else "x", str(n)) for n in range(4)):
            break
        assert children()


def test_workers_die_with_their_parent() -> None:
    read, write = os.pipe()
    parent = os.fork()
    if not parent:
        with RenderPool(seconds=60, megabytes=256, processes=1) as pool:
            for _ in pool.map([a_job("x"), a_job(hostile.SLOW["brackets"])]):
                os.write(write, b"!")
        os._exit(0)
    os.close(write)
    assert os.read(read, 1) == b"!", "a worker has answered once and is busy with what takes long"
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert os.read(read, 1) == b"", "the pipe ends when the last process that holds it is gone"
    os.close(read)
