"""G2: files cut at every byte give exactly their first frames or rows, or a problem."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.tables.delimited import Cells
from mlipviewer.io.tables.formats import read_cells
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.conftest import REPOSITORY
from tests.fuzz import libraries, readers

sys.path.insert(0, str(REPOSITORY / "tests" / "io"))
from test_damage import SAMPLES, good_frames  # type: ignore[import-not-found]
from trajectory_samples import dump, extxyz, same  # type: ignore[import-not-found]

Faults = Iterator[str]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": readers.zstd().compress,
}


def text_frames() -> Faults:
    """Every cut of the texts, read in memory."""
    for name, (format, make) in SAMPLES.items():
        content = make()
        yield from _cut_frames(name, content, lambda cut, format=format: good_frames(cut, format))


def packed_frames() -> Faults:
    """Every cut of what is compressed, in one stream and in several."""
    with TemporaryDirectory() as folder:
        for kind, pack in PACKERS.items():
            for name, text in (("extxyz", extxyz()), ("dump", dump(form="%g"))):
                streams = b"".join(pack(text[at : at + 400]) for at in range(0, len(text), 400))
                for content in (pack(text), streams):
                    path = Path(folder) / f"run.{kind}"
                    yield from _cut_frames(f"{name}.{kind}", content, _opened(path))


def ase_frames() -> Faults:
    with TemporaryDirectory() as folder:
        for content in readers.ase_traj():
            opened = _opened(Path(folder) / "run.traj", "ase-traj")
            yield from _cut_frames("ase-traj", content, opened)


def _opened(path: Path, format: str | None = None) -> Callable[[bytes], list[Frame]]:
    def good(content: bytes) -> list[Frame]:
        path.write_bytes(content)
        try:
            source = open_trajectory(path, format)
            frames = [source.frame(k) for k in range(source.n_frames)]
        except ReadProblem:
            return []
        return [frame for frame in frames if frame.complete]

    return good


def _cut_frames(name: str, content: bytes, good_of: Callable[[bytes], list[Frame]]) -> Faults:
    """One text for each cut: '' where all is well."""
    whole, before = good_of(content), 0
    yield "" if whole else f"{name}: the whole file has no frames"
    for cut in range(len(content) + 1):
        good = good_of(content[:cut])
        wrong = any(not same(a, b) for a, b in zip(good, whole, strict=False))
        fine = not wrong and before <= len(good) <= len(whole)
        yield "" if fine else f"{name} cut at byte {cut}"
        before = len(good)


def tables() -> Faults:
    """Rows are the first ones; a last one that may be cut is told. Workbooks and Parquet, whose
    table of contents stands at the end, are whole or refused."""
    comma = readers.delimited()[0]
    lines = readers.records()[1]
    samples = {"a.csv": comma, "a.tsv": comma.replace(b",", b"\t"), "a.jsonl": lines}
    at_end = {"a.xlsx": libraries.xlsx()[0], "a.parquet": libraries.parquet()[0]}
    with TemporaryDirectory() as folder:
        for name, content in (samples | at_end).items():
            path = Path(folder) / name
            whole = _cells(path, content)
            assert whole is not None
            for cut in range(len(content)):
                found = _cells(path, content[:cut])
                fine = found is None or (name in samples and _first_rows(found, whole))
                yield "" if fine else f"{name} cut at byte {cut}"


def _cells(path: Path, content: bytes) -> Cells | None:
    path.write_bytes(content)
    try:
        cells, notes = read_cells(path)
    except ReadProblem:
        return None
    return Cells(cells.header, cells.rows, cells.lines, cells.separator, (*cells.notes, *notes))


def _first_rows(found: Cells, whole: Cells) -> bool:
    if not found.rows:
        return True  # a header that is cut has no rows yet
    n = len(found.rows)
    head = found.header == whole.header and found.rows[: n - 1] == whole.rows[: n - 1]
    return head and (found.rows[-1] == whole.rows[n - 1] or bool(found.notes))


PARTS = (text_frames, packed_frames, ase_frames, tables)


def prefixes(_begin: int, _n: int) -> dict[str, Any]:
    """All cuts of all parts, counted by part."""
    counts, faults = dict[str, int](), list[str]()
    for part in PARTS:
        found = list(part())
        counts[part.__name__] = len(found)
        faults += [fault for fault in found if fault]
    return {"n": sum(counts.values()), "n_cuts": counts, "faults": faults}
