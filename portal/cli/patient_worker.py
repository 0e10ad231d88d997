"""PatientWorker: gunicorn's threads, given only to requests whose head has arrived whole.

gunicorn hands a new connection to a thread at once, which then waits for it: 16 connections that a browser opened
ahead of time, or a client that sends its head byte by byte, hold all threads of two workers.
"""

import socket

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

LARGEST_HEAD = 64 * 1024
"""Bytes of a head after which gunicorn may look at it, complete or not: its own limits refuse it then."""
_END_OF_HEAD = b"\r\n\r\n"


class PatientWorker(ThreadWorker):  # type: ignore[misc] # gunicorn isn't typed
    """Leaves a connection with the poller, which costs no thread, until there is something to do."""

    def handle(self, conn: TConn) -> object:
        """Handle a request, or put its connection back until more of it has come."""
        if not conn.initialized and not _is_worth_a_thread(conn):
            return _DEFER
        conn.data_ready = True
        return super().handle(conn)


def _is_worth_a_thread(conn: TConn) -> bool:
    """Whether a whole head waits to be read, or no more of it will come; if not, say what the poller is to wait for."""
    try:
        seen = len(head := conn.sock.recv(LARGEST_HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        is_whole = _END_OF_HEAD in head or seen >= LARGEST_HEAD
        # Called again with nothing new: the other side has hung up, which counts as readable for ever.
        is_over = seen == getattr(conn, "seen", None) or not seen
    except BlockingIOError:
        seen, is_whole, is_over = 0, False, False
    except OSError:
        return True
    conn.seen = seen
    # The kernel calls a connection readable from this many bytes on; without it the poller would ask again at once.
    conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 if is_whole or is_over else seen + 1)
    return is_whole or is_over
