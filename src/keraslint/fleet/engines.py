"""The engines that work is mapped over: threads of this process, or a cluster of Dask, both as an Executor."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from keraslint.config.settings import ConfigError
from keraslint.extras import command_for
from keraslint.fleet.bounded import close_all

ENGINES = ("local", "dask")


@dataclass(frozen=True, slots=True)
class Engine:
    """Where batches of repositories are checked, and how many of them at once."""

    executor: Executor
    workers: int


@contextlib.contextmanager
def local(jobs: int) -> Iterator[Engine]:
    """Threads of this process, each of which waits for a process of its own that checks."""
    executor = ThreadPoolExecutor(jobs)
    try:
        yield Engine(executor, jobs)
    finally:
        executor.shutdown(cancel_futures=True)
        close_all()


@contextlib.contextmanager
def dask(scheduler: str | None, jobs: int) -> Iterator[Engine]:
    """The cluster whose scheduler has an address; without one a cluster on this machine. Raises ConfigError."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ConfigError(f"--engine dask needs distributed; run `{command_for('fleet')}`") from error
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            quiet = logging.CRITICAL
            cluster = LocalCluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=quiet
            )
            client = Client(stack.enter_context(cluster))
        else:
            try:
                client = Client(scheduler, timeout=10)
            except (OSError, ValueError) as error:
                raise ConfigError(f"--scheduler {scheduler}: {error}") from error
        stack.enter_context(client)
        workers = sum(client.nthreads().values())
        if not workers:
            raise ConfigError(f"--scheduler {scheduler}: it has no workers")
        executor = client.get_executor(pure=False)
        try:
            yield Engine(executor, workers)
        finally:
            executor.shutdown(wait=False)
