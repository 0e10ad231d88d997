import multiprocessing
from multiprocessing.connection import Connection

from sqlalchemy import select

from portal.db import Database
from portal.feedback.models import Vote
from tests.feedback.writer import vote_for_ever

KILLS = 10


def test_every_committed_vote_survives_the_kill_of_its_writer(database: Database) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.feedback.writer"])
    told: set[str] = set()
    for number in range(KILLS):
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(target=vote_for_ever, args=(url_of(database), number, writer))
        process.start()
        writer.close()
        told.add(reader.recv())
        process.join(timeout=number / 500)  # another moment each time
        process.kill()
        process.join()
        told |= rest_of(reader)
    with database.session() as session:
        kept = set(session.scalars(select(Vote.voter)))
    assert len(told) >= KILLS
    assert told <= kept
    assert len(kept) <= len(told) + KILLS  # at most the one vote that was under way


def rest_of(reader: Connection) -> set[str]:
    voters = set()
    try:
        while True:
            voters.add(reader.recv())
    except EOFError:
        return voters


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)
