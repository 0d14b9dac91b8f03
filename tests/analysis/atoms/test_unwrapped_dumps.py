"""Long steps of atoms: dumps with image flags and with unwrapped coordinates give one answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mlipviewer
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.gui.scene.arranging import places_of
from mlipviewer.session.looks import Wrapping

L, N, FRAMES = 10.0, 8, 40
CELL = np.diag([L, L, L])
KINDS = ("x y z ix iy iz", "xs ys zs ix iy iz", "xu yu zu", "xsu ysu zsu", "xu yu zu ix iy iz")


def walk() -> np.ndarray:
    """(frames, atoms, 3) places in A of atoms that cross more than half of the cell at a step."""
    rng = np.random.default_rng(0)
    start = rng.uniform(0, L, (1, N, 3))
    return 4 * np.cumsum(np.concatenate([start, rng.normal(size=(FRAMES - 1, N, 3))]), axis=0)


def written(path: Path, names: str) -> Trajectory:
    """The walk as a dump with such columns."""
    parts = []
    for k, places in enumerate(walk()):
        flags = np.floor(places / L)
        shown = places if "u" in names else places - flags * L
        columns = shown / L if "s" in names else shown
        rows = np.concatenate([columns, flags], axis=1) if "ix" in names else columns
        parts += ["ITEM: UNITS\nmetal\nITEM: TIME", f"{k * 0.1:g}", "ITEM: TIMESTEP", str(k * 100)]
        parts += ["ITEM: NUMBER OF ATOMS", str(N), "ITEM: BOX BOUNDS pp pp pp", *["0 10"] * 3]
        parts.append(f"ITEM: ATOMS id type element {names}")
        parts += [f"{i} 1 Li {' '.join(f'{v:.9g}' for v in row)}" for i, row in enumerate(rows, 1)]
    path.write_text("\n".join([*parts, ""]))
    return mlipviewer.read_trajectory(path)


@pytest.mark.parametrize("names", KINDS)
def test_that_long_steps_are_followed_where_the_file_tells_them(tmp_path: Path, names: str) -> None:
    run, places = written(tmp_path / "run.dump", names), walk()
    away = np.linalg.norm(places - places[0], axis=2)
    path = mlipviewer.run("path", trajectory=run, atoms="id > 0")
    assert path.summary["farthest"] == pytest.approx(away.max(), abs=1e-4)
    np.testing.assert_allclose(path.result.arrays["away"], away, atol=1e-4)
    msd = mlipviewer.run("msd", trajectory=run, drift="none").table("msd")
    steps = ((places[1:] - places[:-1]) ** 2).sum(axis=2).mean()
    assert msd["msd"][0] == pytest.approx(steps, rel=1e-3)
    for name in ("vibrations", "van-hove", "events"):
        assert mlipviewer.run(name, trajectory=run).summary, name


@pytest.mark.parametrize("names", KINDS)
def test_that_such_dumps_are_drawn_and_written_as_others(tmp_path: Path, names: str) -> None:
    run, places = written(tmp_path / "run.dump", names), walk()
    frame = run.frame(20)
    np.testing.assert_allclose(places_of(frame, Wrapping.UNWRAPPED), places[20], atol=1e-4)
    np.testing.assert_allclose(
        places_of(frame, Wrapping.WRAPPED), places[20] - np.floor(places[20] / L) * L, atol=1e-4
    )
    for name in ("again.dump", "again.extxyz"):
        mlipviewer.convert(tmp_path / "run.dump", tmp_path / name)
        again = mlipviewer.read_trajectory(tmp_path / name)
        found = mlipviewer.run("path", trajectory=again, atoms="id >= 0")
        away = np.linalg.norm(places - places[0], axis=2)
        assert found.summary["farthest"] == pytest.approx(away.max(), abs=1e-4)
