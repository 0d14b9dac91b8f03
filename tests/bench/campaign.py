"""Strong scaling of a campaign: the same pieces by one and by two workers of a local Dask cluster.

Wall time says what a user waits, and depends on what else the machine does (`load`); the CPU
seconds of the pieces do not, and their sum over the wall time is how many cores were at work.
"""

from __future__ import annotations

import os
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

DESIGN = """
properties = ["lattice", "elastic", "vacancy", "interstitials", "phonons", "surfaces"]
[crystal]
element = "Si"
[reference]
calculator = "stillinger-weber"
"""
MODEL = """
[[existing]]
name = "sw{k}"
calculator = "stillinger-weber"
settings = {{ strength = {strength} }}
"""
MODELS = 16


def measure(repeats: int = 2) -> dict[str, Any]:
    """By number of workers: wall seconds, CPU seconds of all pieces, cores at work; the speed-up of
    two workers; whether both wrote the same table."""
    runs = {n: [_run(n) for _ in range(repeats)] for n in (1, 2)}
    best = {n: min(found, key=lambda one: one["wall_s"]) for n, found in runs.items()}
    tables = {one.pop("table") for found in runs.values() for one in found}
    return {
        "models": MODELS,
        "pieces": best[1]["pieces"],
        "workers": {str(n): one for n, one in best.items()},
        "speed_up": round(best[1]["wall_s"] / best[2]["wall_s"], 2),
        "same_table": len(tables) == 1,
        "load": round(os.getloadavg()[0], 2),
    }


def _run(workers: int) -> dict[str, Any]:
    from distributed import LocalCluster

    from mlipviewer.campaign.design_file import design_of
    from mlipviewer.campaign.engines import Cluster
    from mlipviewer.campaign.export import export
    from mlipviewer.campaign.folder import Folder, begun
    from mlipviewer.campaign.journal import Journal
    from mlipviewer.campaign.plan import Plan
    from mlipviewer.campaign.runner import Run
    from mlipviewer.core.progress import Progress

    models = "".join(MODEL.format(k=k, strength=21.0 + k / 10) for k in range(MODELS))
    design = design_of(tomllib.loads(DESIGN + models))
    with (
        tempfile.TemporaryDirectory() as place,
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as hosts,
    ):
        folder = Folder(Path(place))
        begun(folder, design, Path(place) / "design.toml")
        plan, engine = Plan(design, folder), Cluster(hosts.scheduler_address)
        with Journal(folder.journal) as journal:
            run = Run(plan, journal, engine)
            began = time.perf_counter()
            run.go(Progress())
            wall = time.perf_counter() - began
        engine.close()
        export(plan, run.known)
        cpu = sum(entry.cpu for entry in run.known.values())
        return {
            "pieces": len(run.known),
            "wall_s": round(wall, 2),
            "cpu_s": round(cpu, 2),
            "cores_at_work": round(cpu / wall, 2),
            "table": folder.table.read_text(encoding="utf-8"),
        }
