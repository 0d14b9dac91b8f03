"""Small campaigns for tests: designs as text, and how they are run."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from mlipviewer.campaign.design import Design
from mlipviewer.campaign.design_file import design_of
from mlipviewer.campaign.engines import Here
from mlipviewer.campaign.folder import Folder, begun
from mlipviewer.campaign.journal import Entry, Journal
from mlipviewer.campaign.plan import Plan
from mlipviewer.campaign.runner import Run
from mlipviewer.core.progress import Progress

HEAD = """
properties = [{properties}]
[crystal]
element = "Si"
[reference]
calculator = "stillinger-weber"
"""


def design(properties: str = "lattice", more: str = "") -> Design:
    names = ", ".join(f'"{one}"' for one in properties.split())
    return design_of(tomllib.loads(HEAD.format(properties=names) + more))


def existing(count: int) -> str:
    """So many Stillinger-Weber potentials, each a little stronger than the last."""
    return "".join(
        f'[[existing]]\nname = "sw{k}"\ncalculator = "stillinger-weber"\n'
        f"settings = {{ strength = {21.0 + k / 10} }}\n"
        for k in range(count)
    )


def plan_in(folder: Path, asked: Design) -> Plan:
    made = Folder(folder)
    begun(made, asked, folder / "design.toml")
    return Plan(asked, made)


def run(
    plan: Plan, workers: int = 2, told: Callable[[Entry], None] = lambda _: None
) -> dict[str, Entry]:
    """All of a plan; what the journal holds then."""
    engine = Here(workers)
    try:
        with Journal(plan.folder.journal) as journal:
            Run(plan, journal, engine, told).go(Progress())
            return journal.known()
    finally:
        engine.close()
