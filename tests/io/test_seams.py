"""Which of several files are one run: restarts, and not runs that are named alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.io.trajectories.opening import open_in_order
from mlipviewer.io.trajectories.together import grouped_files

SIDE, N = 8.0, 20


def walk(n_frames: int, seed: int = 1) -> np.ndarray:
    """(n_frames, N, 3) atoms that begin at the same places and wander about 0.2 A a frame."""
    begin = np.random.default_rng(0).random((N, 3)) * SIDE
    steps = np.random.default_rng(seed).normal(0, 0.12, (n_frames, N, 3))
    steps[0] = 0
    return begin + np.cumsum(steps, axis=0)


def write_dump(path: Path, places: np.ndarray, steps: Sequence[int], ids: int = 0) -> Path:
    """Atoms by ids above `ids`, in an order of their own in each frame."""
    text = ""
    for step, frame in zip(steps, places, strict=True):
        text += f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(frame)}\n"
        text += "ITEM: BOX BOUNDS pp pp pp\n" + f"0 {SIDE}\n" * 3
        text += "ITEM: ATOMS id type element x y z\n"
        for k in np.random.default_rng(step).permutation(len(frame)):
            text += f"{ids + k + 1} 1 Li {' '.join(f'{x:.4f}' for x in frame[k] % SIDE)}\n"
    path.write_text(text)
    return path


def write_xyz(path: Path, places: np.ndarray) -> Path:
    """Without steps."""
    text = ""
    for frame in places:
        text += f'{N}\nLattice="{SIDE} 0 0 0 {SIDE} 0 0 0 {SIDE}"\n'
        text += "".join(f"Li {' '.join(f'{x:.5f}' for x in atom)}\n" for atom in frame)
    path.write_text(text)
    return path


def groups(folder: Path, surely: bool = True) -> list[list[str]]:
    """Names of the files, run by run, given in the order that is least of use."""
    paths = sorted(folder.iterdir(), reverse=True)
    return sorted([path.name for path in one.paths] for one in grouped_files(paths, None, surely))


def test_that_runs_of_other_temperatures_stay_apart(tmp_path: Path) -> None:
    for seed, name in enumerate(("run_300K", "run_600K", "run_900K")):
        write_dump(tmp_path / f"{name}.dump", walk(6, seed), range(0, 600, 100))
        write_xyz(tmp_path / f"{name}.xyz", walk(6, seed))
    assert [len(one) for one in groups(tmp_path)] == [1] * 6
    assert [len(one) for one in groups(tmp_path, surely=False)] == [3, 3]


def test_that_numbered_runs_from_one_structure_stay_apart(tmp_path: Path) -> None:
    for seed in (1, 2, 3):
        write_dump(tmp_path / f"seed_{seed}.dump", walk(6, seed), range(0, 600, 100))
        write_xyz(tmp_path / f"seed_{seed}.xyz", walk(6, seed))
    assert [len(one) for one in groups(tmp_path)] == [1] * 6


def test_that_a_restart_that_repeats_a_step_is_one_run_and_shows_it_once(tmp_path: Path) -> None:
    places = walk(9)
    parts = [
        write_dump(tmp_path / "equilibration.dump", places[:4], range(0, 400, 100)),
        write_dump(tmp_path / "production.dump", places[3:], range(300, 900, 100)),
    ]
    assert groups(tmp_path) == [["equilibration.dump", "production.dump"]]
    source = open_in_order(parts)
    assert [source.info(k)["Timestep"] for k in range(source.n_frames)] == list(range(0, 900, 100))


def test_that_a_restart_from_before_the_end_is_told_by_where_its_atoms_are(tmp_path: Path) -> None:
    write_dump(tmp_path / "run.1.dump", walk(6), range(0, 600, 100))
    write_dump(tmp_path / "run.2.dump", walk(9)[3:], range(300, 900, 100))
    assert groups(tmp_path) == [["run.1.dump", "run.2.dump"]]
    write_dump(tmp_path / "run.2.dump", walk(9, seed=2)[3:], range(300, 900, 100))
    assert len(groups(tmp_path)) == 2


def test_that_a_later_step_goes_on_where_no_step_is_left_out(tmp_path: Path) -> None:
    write_dump(tmp_path / "cold.dump", walk(3), [0, 100, 200])
    write_dump(tmp_path / "hot.dump", walk(3, 2), [300, 400, 500])
    assert groups(tmp_path) == [["cold.dump", "hot.dump"]]
    write_dump(tmp_path / "hot.dump", walk(3, 2), [3000, 3100, 3200])
    assert len(groups(tmp_path)) == 2
    (tmp_path / "cold.dump").rename(tmp_path / "run.1.dump")  # counted: a part is missing
    (tmp_path / "hot.dump").rename(tmp_path / "run.2.dump")
    assert groups(tmp_path) == [["run.1.dump", "run.2.dump"]]


def test_that_other_atoms_are_another_run(tmp_path: Path) -> None:
    write_dump(tmp_path / "a.dump", walk(3), [0, 100, 200])
    write_dump(tmp_path / "b.dump", walk(3)[:, :-1], [200, 300, 400])
    assert len(groups(tmp_path)) == 2


def test_that_files_without_steps_go_on_by_where_their_atoms_are(tmp_path: Path) -> None:
    places = walk(12)
    for k in range(3):
        write_xyz(tmp_path / f"part_{k}.xyz", places[4 * k : 4 * k + 4])
    assert groups(tmp_path) == [["part_0.xyz", "part_1.xyz", "part_2.xyz"]]
    write_xyz(tmp_path / "part_1.xyz", walk(40, 7)[30:])  # from far away
    assert len(groups(tmp_path)) == 3


@pytest.mark.parametrize("steps", [(0, 100, 200), None])
def test_that_a_part_that_begins_with_the_last_frame_goes_on_though_steps_begin_anew(
    tmp_path: Path, steps: tuple[int, ...] | None
) -> None:
    places = walk(5)
    for k, part in enumerate((places[:3], places[2:]), start=1):
        if steps is None:
            write_xyz(tmp_path / f"run_{k}.xyz", part)
        else:
            write_dump(tmp_path / f"run_{k}.dump", part, steps)
    assert [len(one) for one in groups(tmp_path)] == [2]


def test_that_of_many_numbered_files_each_run_is_put_together(tmp_path: Path) -> None:
    for seed, name in enumerate(("300K", "600K")):
        places = walk(9, seed)
        for k in range(3):
            part = slice(3 * k, 3 * k + 3)
            write_dump(
                tmp_path / f"{name}.{k}.dump", places[part], range(900)[part.start : part.stop]
            )
    assert groups(tmp_path) == [[f"{t}.{k}.dump" for k in range(3)] for t in ("300K", "600K")]


def test_that_one_frame_each_is_a_sequence_whatever_the_numbers(tmp_path: Path) -> None:
    for step in (1000, 500, 2000, 10000):
        write_dump(tmp_path / f"dump.{step}", walk(2, step)[1:], [step])
    assert groups(tmp_path) == [["dump.500", "dump.1000", "dump.2000", "dump.10000"]]


def test_that_pieces_of_a_parallel_dump_are_one(tmp_path: Path) -> None:
    for piece in (0, 1):
        atoms = slice(10 * piece, 10 * piece + 10)
        write_dump(tmp_path / f"dump.{piece}", walk(3)[:, atoms], [0, 100, 200], 10 * piece)
    assert groups(tmp_path) == [["dump.0", "dump.1"]]
