"""Workers that are jobs of a cluster's queue: Slurm, PBS, LSF or SGE, by dask-jobqueue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlipviewer.campaign.design import Settings
from mlipviewer.campaign.engines import Cluster
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder, design_in

QUEUES: Mapping[str, str] = {
    "slurm": "SLURMCluster",
    "pbs": "PBSCluster",
    "lsf": "LSFCluster",
    "sge": "SGECluster",
}
ABSENT = "queues need dask-jobqueue: pip install mlipviewer[cluster]"
USUAL: Mapping[str, Any] = {"cores": 1, "memory": "4GB", "walltime": "04:00"}
NUMBERS = ("cores", "processes")


@dataclass(frozen=True)
class JobQueue:
    """A queue, and what its jobs ask for: words of dask-jobqueue, `queue`, `walltime`, `cores`,
    `memory`, `job_extra_directives` ..."""

    kind: str
    settings: Settings

    def cluster(self, **more: Any) -> Any:
        """The cluster of dask-jobqueue. Raises DesignProblem."""
        try:
            import dask_jobqueue
        except ImportError:
            raise DesignProblem(ABSENT) from None
        kind = getattr(dask_jobqueue, QUEUES[self.kind])
        try:
            return kind(**{**USUAL, **_times(self), **self.settings, **more})
        except (TypeError, ValueError) as problem:
            raise DesignProblem(f"cluster: {problem}") from None

    def script(self) -> str:
        """The job that brings one worker. Raises DesignProblem."""
        cluster = self.cluster(scheduler_options=LONELY)
        try:
            return str(cluster.job_script())
        finally:
            cluster.close()


LONELY = {"dashboard_address": None, "host": "127.0.0.1"}
"""Of a scheduler that is made for its words alone."""


def _times(queue: JobQueue) -> Mapping[str, str]:
    """LSF counts hours and minutes, the others seconds too."""
    return {} if queue.kind == "lsf" else {"walltime": "04:00:00"}


def queue_of(kind: str, folder: Folder) -> JobQueue:
    """The queue of the campaign's design, of this kind. Raises DesignProblem."""
    return checked(kind, design_in(folder).cluster)


def checked(kind: str, said: Settings) -> JobQueue:
    """A queue as `[cluster]` says it; its `scheduler` says the kind where none is given. Raises
    DesignProblem."""
    settings = dict(said)
    named = settings.pop("scheduler", "")
    kind = kind or str(named)
    if kind not in QUEUES:
        raise DesignProblem(f"cluster: scheduler is one of {', '.join(QUEUES)}, not {kind!r}")
    for name in NUMBERS:
        value = settings.get(name, 1)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise DesignProblem(f"cluster: {name} is a whole number from 1")
    return JobQueue(kind, settings)


class Queue(Cluster):
    """The workers of jobs of a queue: so many jobs, which end with the run."""

    def __init__(self, queue: JobQueue, jobs: int) -> None:
        """Raises DesignProblem."""
        self._cluster = queue.cluster()
        self._jobs = jobs
        self._cluster.scale(jobs=jobs)
        super().__init__(self._cluster.scheduler_address, wait=True)

    def close(self) -> None:
        super().close()
        self._cluster.close()
