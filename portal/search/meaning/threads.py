"""Threads: products of matrices run where they are asked for, in the server and in the publishing process."""

from threadpoolctl import threadpool_info, threadpool_limits


def pin_threads() -> None:
    """Let NumPy's products run on the thread that asks for them, in this process and in those it forks afterwards.

    Help texts make small products: to share one out costs more than it saves, and processes would fight over cores.
    """
    threadpool_limits(limits=1, user_api="blas")


def product_threads() -> int | None:
    """Return on how many threads NumPy's products run; None where its library can't be asked."""
    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return max((int(library["num_threads"]) for library in libraries), default=None)
