"""Times a call several times: wall and CPU seconds of this process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any


def timed(call: Callable[[], Any], times: int = 7, warm: int = 1) -> dict[str, float]:
    """Medians of wall and CPU milliseconds over `times` calls after `warm` uncounted ones."""
    for _ in range(warm):
        call()
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        walls.append(1e3 * (time.perf_counter() - wall))
        cpus.append(1e3 * (time.process_time() - cpu))
    return {
        "wall_ms": round(statistics.median(walls), 2),
        "cpu_ms": round(statistics.median(cpus), 2),
        "worst_wall_ms": round(max(walls), 2),
    }
