"""How many threads the linear algebra of this process uses."""

from __future__ import annotations

from functools import cache
from importlib import import_module


@cache
def single_threaded_products() -> None:
    """Keep the matrix products of NumPy on the thread that asks for them, from now on.

    The products of a question are too small to share out, and the threads of a
    server that answers several questions would wait for each other: on two busy
    cores a question took 42 ms with two threads a product and 18 with one.
    Does nothing where `threadpoolctl` is not installed.
    """
    try:
        pools = import_module("threadpoolctl")
    except ImportError:
        return
    pools.threadpool_limits(limits=1, user_api="blas")
