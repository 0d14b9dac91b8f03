"""ASE trajectories. Written down before any of it was read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.nightly.fresh.case import Case, text

BAD = ("error", "partial", "refused")
traj = partial(Case, kind="trajectory")


@cache
def good(n: int = 3, varying: bool = False, first: float = 0.2) -> bytes:
    """Frames of a molecule, as ASE writes them; `varying` in their number of atoms."""
    from ase import Atoms
    from ase.io.trajectory import Trajectory

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.traj")
        with Trajectory(path, "w") as writer:
            for k in range(n):
                size = 2 + k if varying else 3
                places = [[first, 0.3 * j, 0.1 * k] for j in range(size)]
                writer.write(Atoms(f"N{size}", places, cell=[7, 7, 7], pbc=False))
        return path.read_bytes()


def made(change: Callable[[bytes], bytes], **how: Any) -> Callable[[Path], object]:
    """Written when it is asked for: ASE takes a while to load."""
    return lambda path: path.write_bytes(change(good(**how)))


def same(content: bytes) -> bytes:
    return content


def holed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + b"\xff" * 40 + content[middle + 40 :]


BINARY = (
    traj("varying.traj", demand="R5: a number of atoms that varies", good=3, quiet=True,
         make=made(same, varying=True)),
    traj("head_alone.traj", demand="R5: the first 100 bytes: told", good=0, statuses=BAD,
         make=made(lambda b: b[:100]), told=True),
    traj("garbage_after.traj", demand="R6: bytes after the end: 3 frames are good", good=3,
         make=made(lambda b: b + b"\x80\x03cposix\nsystem\n" * 9), statuses=("ok", "partial")),
    traj("renamed.xyz", demand="R3: content decides, whatever the name", good=3,
         make=made(same)),
    traj("other_magic.traj", demand="R3: another magic word: told, not read", good=0,
         make=made(lambda b: b"X" + b[1:]), statuses=BAD, told=True),
    traj("hole.traj", demand="R6: 40 bytes overwritten: told, or frames that are whole",
         make=made(holed, n=5), statuses=("ok", *BAD),
         check=lambda a: a["problems"] or a["good_frames"] == 5),
    traj("nan.traj", demand="R5: a place that is no number: no frame is good",
         make=made(same, first=float("nan")), good=0, statuses=BAD, told=True),
    traj("half.traj", demand="R5: half a file: whole frames in front of the cut, or told",
         make=made(lambda b: b[: len(b) // 2], n=8), statuses=BAD, told=True),
    traj("name_of_a_traj.traj", demand="R3: extended XYZ called .traj is read by its content",
         make=text("2\n\nNe 0 0 0\nNe 2 0 0\n"), good=1),
    traj("version_99.traj", demand="R3: a version nobody knows: told, or read",
         make=made(lambda b: b[:24] + (99).to_bytes(8, "little") + b[32:]),
         statuses=("ok", *BAD), check=lambda a: a["problems"] or a["good_frames"] == 3),
)  # fmt: skip
