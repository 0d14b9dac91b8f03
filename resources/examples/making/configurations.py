"""Fixed configurations of silicon, made and labelled by the reference potential."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from making.models import RANDOM_SEED, REFERENCE
from making.properties import Properties
from making.session import Session, dynamics
from making.structures import Configuration, Structure, phase


def reference_structures(a: float) -> Iterator[tuple[str, Structure]]:
    """Structures of 63 to 65 atoms: rattled and strained, thermal, defective, molten."""
    bulk = phase("diamond", a**3 / 8).repeated(2)
    for number, strain in enumerate((-0.03, -0.015, 0.0, 0.0, 0.015, 0.03)):
        yield "solid", bulk.deformed(strain * np.eye(3)).rattled(0.05 + 0.03 * (number % 3), number)
    off_centre = 0.5 * a + np.array([[0.1, 0.0, 0.2]])
    extra = np.vstack([bulk.positions, off_centre])
    runs = (
        ("solid", bulk, 600.0, 4, 1),
        ("solid", bulk, 1200.0, 4, 2),
        ("defect", Structure(bulk.cell, bulk.positions[1:]), 1000.0, 6, 3),
        ("defect", Structure(bulk.cell, extra), 1000.0, 6, 4),
        ("melt", bulk.rattled(0.4, 5), 3500.0, 3, 5),
        ("melt", bulk.deformed(-0.02 * np.eye(3)).rattled(0.4, 6), 2500.0, 3, 6),
    )
    for group, start, temperature, n_frames, seed in runs:
        frames = dynamics(
            REFERENCE,
            start,
            temperature=temperature,
            n_frames=n_frames,
            stride=300,
            seed=RANDOM_SEED + seed,
        )
        for session, _ in frames:
            yield group, Structure(start.cell, session.gather("x"))


def make_configurations(path: Path) -> None:
    """Make and label the fixed configurations (JSON lines)."""
    reference = Properties(REFERENCE)
    a, diamond = reference.crystal
    lines = []
    for group, structure in reference_structures(a):
        with Session(REFERENCE, structure) as session:
            energy = session.compute() / session.n - diamond
            record = {
                "group": group,
                "cell": structure.cell.tolist(),
                "positions": structure.positions.tolist(),
                "energy_above_diamond": energy,
                "forces": session.forces.tolist(),
            }
        lines.append(json.dumps(record))
    path.write_text("\n".join(lines) + "\n")


def read_configurations(path: Path) -> list[Configuration]:
    """The configurations written by make_configurations."""
    result = []
    for line in path.read_text().splitlines():
        item = json.loads(line)
        structure = Structure(np.array(item["cell"]), np.array(item["positions"]))
        forces = np.array(item["forces"])
        result.append(Configuration(item["group"], structure, item["energy_above_diamond"], forces))
    return result
