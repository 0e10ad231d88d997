"""Recent: the answers that were given last, kept so that the same question costs nothing again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Recent(Generic[Key, Answer]):
    """Keeps the answers that were asked for last; safe for threads.

    Only for answers that never change, and none of them is None. Nothing waits while one is worked out: two
    threads that ask the same at the same moment both work, and come to the same.
    """

    def __init__(self, most: int) -> None:
        """most: answers kept; the one that nobody has asked for longest goes first."""
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Answer] = OrderedDict()

    def answer(self, key: Key, work_out: Callable[[], Answer]) -> Answer:
        """Return the answer that is kept, else work it out and keep it. What `work_out` raises is not kept."""
        found = self.find(key)
        return self.keep(key, work_out()) if found is None else found

    def find(self, key: Key) -> Answer | None:
        """Return the answer that is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, answer: Answer) -> Answer:
        """Keep an answer, in the place of the one that nobody has asked for longest, and return it."""
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return answer

    def forget(self) -> None:
        """Let go of all answers."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._kept)
