"""Files that are cut, extended, overwritten, replaced or removed while they are being read.

Each frame says in all its atoms which version and which number it is: what is given as good must
be one frame, of the number that was asked for."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.opening import open_trajectory

N_ATOMS, N_FRAMES = 12, 30
VERSION, NUMBER = 1000.0, 1.0  # what a version and a number add to x


def xyz(version: int, n: int = N_FRAMES) -> bytes:
    rows = "Ar {x:.3f} {j} 0.5\n"
    one = '{n}\nLattice="90 0 0 0 90 0 0 0 90" Properties=species:S:1:pos:R:3\n'
    return _made(version, n, one, rows)


def dump(version: int, n: int = N_FRAMES) -> bytes:
    head = (
        "ITEM: TIMESTEP\n{k}\nITEM: NUMBER OF ATOMS\n{n}\nITEM: BOX BOUNDS pp pp pp\n"
        "0 9000\n0 90\n0 90\nITEM: ATOMS id type x y z\n"
    )
    return _made(version, n, head, "{i} 1 {x:.3f} {j} 0.5\n")


def xdatcar(version: int, n: int = N_FRAMES) -> bytes:
    head = f"a\n 1.0\n 1 0 0\n 0 1 0\n 0 0 1\n Ar\n {N_ATOMS}\n".encode()
    return head + _made(version, n, "Cartesian configuration= {k}\n", " {x:.3f} {j} 0.5\n")


def _made(version: int, n: int, head: str, row: str) -> bytes:
    parts = []
    for k in range(n):
        parts.append(head.format(n=N_ATOMS, k=k))
        x = version * VERSION + k * NUMBER
        parts += [row.format(x=x, i=j + 1, j=j) for j in range(N_ATOMS)]
    return "".join(parts).encode()


KINDS: dict[str, Callable[..., bytes]] = {"a.xyz": xyz, "a.dump": dump, "XDATCAR": xdatcar}


# -- what happens to a file


def cut(path: Path, chance: random.Random, _make: Callable[..., bytes]) -> None:
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


def extend(path: Path, chance: random.Random, make: Callable[..., bytes]) -> None:
    """Further frames of the same run, the last of them perhaps cut."""
    whole = make(1, N_FRAMES + 5)
    with path.open("r+b") as file:
        size = path.stat().st_size
        file.seek(size)
        file.write(whole[size : chance.randrange(size, len(whole))] if size < len(whole) else b"")


def replace(path: Path, chance: random.Random, make: Callable[..., bytes]) -> None:
    beside = path.with_name("beside")
    beside.write_bytes(make(2, chance.randrange(1, 2 * N_FRAMES)))
    beside.replace(path)


def rewrite(path: Path, chance: random.Random, make: Callable[..., bytes]) -> None:
    """In place, as a run that is started again over its old file."""
    path.write_bytes(make(2, chance.randrange(1, 2 * N_FRAMES)))


def scribble(path: Path, chance: random.Random, _make: Callable[..., bytes]) -> None:
    with path.open("r+b") as file:
        file.seek(chance.randrange(path.stat().st_size))
        file.write(b"\0" * 400)


def remove(path: Path, _chance: random.Random, _make: Callable[..., bytes]) -> None:
    path.unlink()


DEEDS = (cut, extend, replace, rewrite, scribble, remove)


def beneath(begin: int, n: int) -> dict[str, Any]:
    """Trials number `begin` to `begin + n`: how many frames were given as good, and the faults."""
    faults, good = list[str](), 0
    for number in range(begin, begin + n):
        found, given = trial(number)
        faults += [f"trial {number}: {one}" for one in found]
        good += given
    return {"n": n, "n_good": good, "faults": faults}


def trial(number: int) -> tuple[list[str], int]:
    """What is wrong with what a reader gives of a file that changes, and how much it gives."""
    chance = random.Random(number)
    name, make = list(KINDS.items())[number % len(KINDS)]
    faults, good = list[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(make(1))
        source = open_trajectory(path)
        for deed in chance.choices(DEEDS, k=3):
            if path.exists() and path.stat().st_size:
                deed(path, chance, make)
            for k in chance.choices(range(source.n_frames), k=8):
                why, given = read(source, k)
                faults += [f"{name} after {deed.__name__}: {why}"] if why else []
                good += given
    return faults, good


def read(source: Any, k: int) -> tuple[str, bool]:
    """Why a frame is wrong ('' where it is not), and whether it was given as good."""
    try:
        frame: Frame = source.frame(k)
    except ReadProblem:
        return "", False
    except Exception as error:  # noqa: BLE001 (that is what is looked for)
        return f"frame {k}: {type(error).__name__}: {error}", False
    if not frame.complete:
        return "", False
    xs = np.unique(frame.positions[:, 0])
    if len(frame.positions) != N_ATOMS or len(xs) != 1:
        return f"frame {k}: given as good, and is of several: {xs[:4]}", True
    if round(xs[0] % VERSION) != k:
        return f"frame {k}: is frame {round(xs[0] % VERSION)}", True
    return "", True
