import numpy as np
from threadpoolctl import threadpool_limits

from portal.search.meaning.threads import pin_threads, product_threads


def test_products_are_brought_to_one_thread_and_stay_there() -> None:
    threadpool_limits(limits=2, user_api="blas")
    assert product_threads() == 2
    pin_threads()
    assert product_threads() == 1
    np.ones((64, 64)) @ np.ones((64, 64))
    assert product_threads() == 1
