"""The engine of a cluster: frames computed by the workers of a Dask scheduler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from mlipviewer.core.analysis import AnalysisProblem, Params
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.frame_work import FrameWork, Known, Sent, Task, find, gathered
from mlipviewer.session.many_frames import kept_of

ABSENT = "--scheduler needs dask.distributed: pip install mlipviewer[cluster]"
PATIENCE = "15s"  # for the scheduler to answer
EACH = 3  # frames under way for each thread of a worker
FEWEST = 8
AGAIN = 2  # times that work is repeated which failed for a reason of the worker


class Cluster:
    """An `Engine`: work is sent as file and frame number, so workers must see the same files.

    What is found is kept on this machine, as by `ManyFrames`. A worker that dies is no harm: the
    scheduler gives its frames to others. `known` says how each trajectory is read.
    """

    def __init__(self, address: str, known: Known, keep: bool = True) -> None:
        self._address, self._known, self._keep = address, known, keep
        self._client: Any = None

    def over(
        self,
        trajectory: Trajectory,
        computation: Computation,
        params: Params,
        frames: Sequence[int],
        progress: Progress,
    ) -> Iterator[Computed]:
        """See `Engine.over`. Raises AnalysisProblem also where no scheduler answers, and where a
        frame ends its workers again and again."""
        progress.step(0, len(frames))
        client = self._connected()
        one = self._known.get(trajectory.name)
        if one is None:
            raise AnalysisProblem(f"{trajectory.name} is no file that workers can read")
        kept = kept_of(trajectory, computation, params) if self._keep else None
        task = Task(trajectory, one, computation, params, kept)
        threads = sum(client.nthreads().values())
        if not threads:
            raise AnalysisProblem(f"the scheduler at {self._address} has no workers")

        def send(work: FrameWork) -> Sent:
            sent: Sent = client.submit(find, work, pure=False, retries=AGAIN)
            return sent

        try:
            yield from gathered(task, list(frames), send, max(EACH * threads, FEWEST), progress)
        except (AnalysisProblem, ReadProblem):
            raise
        except Exception as problem:
            raise _told(problem) from problem
        if kept is not None:
            kept.used()

    def _connected(self) -> Any:
        if self._client is None:
            try:
                from distributed import Client
            except ImportError:
                raise AnalysisProblem(ABSENT) from None
            try:
                _check_address(self._address)
                self._client = Client(self._address, timeout=PATIENCE, set_as_default=False)
            except (OSError, ValueError) as problem:
                raise AnalysisProblem(
                    f"no scheduler answers at {self._address} ({type(problem).__name__})"
                ) from None
        return self._client

    def close(self) -> None:
        """Let go of the scheduler, which goes on."""
        if self._client is not None:
            with suppress(OSError):  # a scheduler that is gone lets go of us by itself
                self._client.close()
            self._client = None


def _check_address(address: str) -> None:
    """Raises ValueError for what is no address: a client that was begun in vain waits in its end
    for what never comes."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    scheme, place = parse_address(address)
    get_backend(scheme)
    if scheme in ("tcp", "tls", "ws", "wss"):
        parse_host_port(place)


def _told(problem: Exception) -> Exception:
    """What went wrong on the cluster in one sentence; what is none of it stays as it is."""
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    if isinstance(problem, KilledWorker):
        return AnalysisProblem("one frame ended several workers of the cluster: it is given up")
    if isinstance(problem, FutureCancelledError):
        return AnalysisProblem("the scheduler was lost, or let go of the work")
    if isinstance(problem, ImportError):
        return AnalysisProblem(f"a worker lacks a package: {problem}")
    return problem
