"""Times of frames for analyses that need them: rates, diffusion, lifetimes."""

from __future__ import annotations

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.trajectory import TimeUnknown, Trajectory


def interval_of(trajectory: Trajectory) -> float:
    """ps between neighbouring frames. Raises AnalysisProblem with the reason where it is not known
    and with what to do about it; ReadProblem."""
    try:
        return trajectory.frame_interval()
    except TimeUnknown as unknown:
        raise AnalysisProblem(
            f"{trajectory.name}: {unknown}; say it with Time > What the trajectory is, "
            "or --frame-interval PS"
        ) from None
