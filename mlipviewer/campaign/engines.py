"""Where the pieces of a campaign are done: worker processes here, or the workers of a Dask
scheduler. Either way each piece has a process of its own."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from typing import Any, Protocol

from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.isolated import Outcome, Worker, do_here
from mlipviewer.campaign.worker import Task

ABSENT = "--scheduler needs dask.distributed: pip install mlipviewer[cluster]"
PATIENCE = "15s"
AGAIN = 3


class Sent(Protocol):
    """Work under way."""

    def result(self, timeout: float | None = None) -> Any: ...

    def done(self) -> bool: ...


class Engine(Protocol):
    @property
    def room(self) -> int:
        """How many pieces can be under way at once."""
        ...

    def send(self, task: Task) -> Sent: ...

    def close(self) -> None: ...


class Here:
    """Worker processes of this machine, each served by a thread."""

    def __init__(self, workers: int) -> None:
        self.room = workers
        self._closing = False
        self._waiting: queue.SimpleQueue[tuple[Task, Future[Outcome]] | None] = queue.SimpleQueue()
        self._workers = [Worker() for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(worker,), daemon=True)
            for worker in self._workers
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pids(self) -> list[int]:
        """Of the worker processes that live."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    def send(self, task: Task) -> Future[Outcome]:
        made: Future[Outcome] = Future()
        self._waiting.put((task, made))
        return made

    def _serve(self, worker: Worker) -> None:
        while (given := self._waiting.get()) is not None and not self._closing:
            task, future = given
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(worker.do(task))
            except Exception as problem:  # noqa: BLE001 (told where the result is asked for)
                future.set_exception(problem)

    def close(self) -> None:
        """End what is under way: it was not written, and is done again another time."""
        self._closing = True
        for worker in self._workers:
            self._waiting.put(None)
            worker.end()
        for thread in self._threads:
            thread.join()
        for worker in self._workers:
            worker.close()


class Cluster:
    """The workers of a scheduler, which must see the folder of the campaign under its name."""

    def __init__(self, address: str, wait: bool = False) -> None:
        """Raises DesignProblem where no scheduler answers, or, unless workers are still to come
        (`wait`), has none."""
        try:
            from distributed import Client
        except ImportError:
            raise DesignProblem(ABSENT) from None
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise DesignProblem(
                f"no scheduler answers at {address} ({type(problem).__name__})"
            ) from None
        if not wait and not self._threads():
            self._client.close()
            raise DesignProblem(f"the scheduler at {address} has no workers")

    def _threads(self) -> int:
        return int(sum(self._client.nthreads().values()))

    @property
    def room(self) -> int:
        return 2 * max(self._threads(), 1)

    def send(self, task: Task) -> Sent:
        sent: Sent = self._client.submit(do_here, dict(task), pure=False, retries=AGAIN)
        return sent

    def close(self) -> None:
        self._client.close()
