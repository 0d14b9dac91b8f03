"""Many structures, one analysis: a table with a row for each file, and links to the files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import Any

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.framework import occupants
from mlipviewer.analysis.methods.ions import ions
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Params, Result, Scalar
from mlipviewer.core.file_names import natural_key
from mlipviewer.core.links import Link
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Role, Scale
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.inputs import Kind
from mlipviewer.session.opening import Opened, open_path, sniff_kind
from mlipviewer.session.state import Errand, State

KEY, FORMULA, PROBLEM = "structure", "formula", "problem"
N_ATOMS = "n_atoms"
LINKS, FACTS = ".links.csv", ".metrics.yaml"
MOST_FILES = 20_000
MOST_THREADS = 8
MOST_FAMILIES = 12
NONE = "none"  # for short words of what was not treated: families have a name
SHORT = 24  # letters of words that stand before the numbers


@dataclass(frozen=True)
class Row:
    """What was found of one file: numbers and words by name, or why nothing was."""

    path: str
    formula: str = ""
    n_atoms: int | None = None
    found: Mapping[str, Scalar] | None = None
    problem: str = ""


def structure_files(given: Iterable[str]) -> list[str]:
    """The files that are named, and those of named folders and of all in them, in natural order.
    Hidden files and texts that describe are left out. Raises ReadProblem."""
    found: dict[str, None] = {}
    for text in given:
        path = Path(text).expanduser().absolute()
        if not path.exists():
            raise ReadProblem("there is no such file", path)
        inside = _below(path) if path.is_dir() else [path]
        found.update(dict.fromkeys(map(str, sorted(inside, key=lambda one: natural_key(str(one))))))
    if len(found) > MOST_FILES:
        raise ReadProblem(f"{len(found)} files are more than {MOST_FILES}")
    return list(found)


def _below(folder: Path) -> list[Path]:
    found: list[Path] = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        told = (name for name in names if not name.startswith(".") and not _describes(name))
        found += [Path(here) / name for name in told]
    return found


def _describes(name: str) -> bool:
    return name.lower().endswith((".md", ".txt", ".pdf", LINKS, FACTS))


def batch(
    analysis: Analysis, params: Params, files: Sequence[str], progress: Progress
) -> tuple[Row, ...]:
    """The analysis of each file; of several frames the first, unless the parameters say another.
    Several files at once: most of the time is spent in libraries that let go of Python's lock.
    Raises Cancelled."""
    rows = []
    quiet = _Quiet(progress)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        waiting = [pool.submit(_row, analysis, params, path, quiet) for path in files]
        try:
            for k, one in enumerate(waiting):
                progress.step(k, len(files))
                rows.append(one.result())
        finally:
            for one in waiting:
                one.cancel()
    progress.step(len(files), len(files))
    return tuple(rows)


def _row(analysis: Analysis, params: Params, path: str, progress: Progress) -> Row:
    progress.step(0, 1)
    row = Row(path)
    try:
        trajectory = _structure(path)
        frame = trajectory.frame(0)
        row = Row(path, formula_of(frame), frame.n_atoms)
        result = analysis.run(Inputs(trajectory=trajectory), params, progress)
    except (ReadProblem, AnalysisProblem) as problem:
        reason = problem.reason if isinstance(problem, ReadProblem) else str(problem)
        return Row(path, row.formula, row.n_atoms, problem=reason)
    return Row(path, row.formula, row.n_atoms, dict(result.summary))


class _Quiet(Progress):
    """Stops when the whole is stopped, and tells nothing of its own steps."""

    def __init__(self, whole: Progress) -> None:
        super().__init__()
        self._whole = whole

    def step(self, done: int, total: int) -> None:
        if self._whole.stopped:
            self.stop()
        super().step(done, total)


def _structure(path: str) -> Trajectory:
    if sniff_kind(Path(path)) is not Kind.TRAJECTORY:
        raise ReadProblem("is a table, no structure", path)
    thing = open_path(path).thing
    if not isinstance(thing, Trajectory):
        raise ReadProblem("holds no structure", path)
    return thing


def formula_of(frame: Frame) -> str:
    """`Na3PS4`, in the least whole amounts where they are whole; metals come first."""
    amounts: Counter[str] = Counter()
    for held in occupants(frame):
        amounts.update(held)
    whole = {symbol: round(n) for symbol, n in amounts.items()}
    if all(n and abs(n - amounts[symbol]) < 0.02 for symbol, n in whole.items()):
        common = gcd(*whole.values())
        parts = {symbol: f"{n // common}" for symbol, n in whole.items()}
    else:
        parts = {symbol: f"{n:.3g}" for symbol, n in amounts.items()}
    order = sorted(parts, key=lambda symbol: (_strength(symbol), symbol))
    return "".join(symbol + (parts[symbol] if parts[symbol] != "1" else "") for symbol in order)


def _strength(symbol: str) -> float:
    return ions()[symbol].electronegativity if symbol in ions() else 9.0


def batch_result(analysis: Analysis, rows: Sequence[Row]) -> Result:
    """Summary: n_structures, n_treated, and of what is true or not how many. Table `structures`:
    structure (its name), formula, n_atoms, the numbers and words of each summary, problem.
    """
    table = batch_table(analysis, rows)
    treated = [row for row in rows if row.found is not None]
    summary: dict[str, Scalar] = {"n_structures": len(rows), "n_treated": len(treated)}
    for name in analysis.files:
        values = [row.found[name] for row in treated if row.found and name in row.found]
        if values and all(isinstance(value, bool) for value in values):
            summary[f"n_{name}"] = sum(map(bool, values))
    names = table[KEY]
    notes = [f"{name}: {row.problem}" for name, row in zip(names, rows, strict=True) if row.problem]
    return Result(summary=summary, tables={"structures": table}, notes=tuple(notes))


def batch_table(analysis: Analysis, rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The columns of the table; what is true or not becomes 1 or 0."""
    found = [row.found or {} for row in rows]
    names = dict.fromkeys(name for one in found for name in one)
    metrics = [name for name in names if name in analysis.files]
    words = {
        name: [_word(one.get(name)) for one in found]
        for name in names
        if name not in analysis.files
    }
    short = {name: texts for name, texts in words.items() if max(map(len, texts)) <= SHORT}
    return {
        KEY: names_of([row.path for row in rows]),
        FORMULA: [row.formula for row in rows],
        **{name: [text or NONE for text in texts] for name, texts in short.items()},
        N_ATOMS: [row.n_atoms for row in rows],
        **{name: [_number(one.get(name)) for one in found] for name in metrics},
        **{name: texts for name, texts in words.items() if name not in short},
        PROBLEM: [row.problem for row in rows],
    }


def _word(value: Scalar) -> str:
    return "" if value is None else str(value)


def _number(value: Scalar) -> Scalar:
    return int(value) if isinstance(value, bool) else value


def names_of(paths: Sequence[str]) -> list[str]:
    """The shortest ends of paths that differ: the file's name, with folders where needed."""
    parts = [Path(path).parts for path in paths]
    lengths = [1] * len(paths)
    while True:
        names = ["/".join(one[-n:]) for one, n in zip(parts, lengths, strict=True)]
        counts = Counter(names)
        longer = [
            k for k, name in enumerate(names) if counts[name] > 1 and lengths[k] < len(parts[k])
        ]
        if not longer:
            return names
        for k in longer:
            lengths[k] += 1


def write_batch(path: str | Path, analysis: Analysis, rows: Sequence[Row]) -> Path:
    """The table as CSV or Parquet; beside it what its metrics mean, and which file each row is
    about. Returns the path of the links. Raises OSError, ValueError, ImportError."""
    import yaml

    from mlipviewer.io.export import write_table
    from mlipviewer.io.files import write_text
    from mlipviewer.io.links import write_links

    file, table = Path(path), batch_table(analysis, rows)
    write_table(file, table)
    there = {name: dict(facts) for name, facts in analysis.files.items() if name in table}
    content = {"metrics": there, "table": _meaning(analysis, table)}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    write_text(file.with_name(file.stem + FACTS), text)
    links = [
        Link(key, "trajectory", row.path)
        for key, row in zip(table[KEY], rows, strict=True)
        if row.n_atoms is not None
    ]
    told = file.with_name(file.stem + LINKS)
    write_links(told, links)
    return told


def _meaning(analysis: Analysis, table: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """What the columns are: the first words that make a few groups are the families."""
    roles = {name: Role.ERROR if name in analysis.files else Role.METADATA for name in table}
    roles[KEY] = Role.KEY
    words = [name for name in table if name not in (KEY, FORMULA, PROBLEM, N_ATOMS)]
    words = [name for name in words if name not in analysis.files]
    several = (name for name in words if 2 <= len(set(table[name])) <= MOST_FAMILIES)
    return {
        "roles": {name: role.value for name, role in roles.items()},
        "keys": [KEY],
        "scale": Scale.LINEAR.value,
        "family": next(several, ""),
    }


def batch_errand(name: str, params: Params, given: Sequence[str], path: str) -> Errand:
    """The work of a window: analyse what is given, write the table, and open it with its links."""
    analysis = ANALYSES[name]

    def work(progress: Progress) -> tuple[Opened, Opened]:
        rows = batch(analysis, params, structure_files(given), progress)
        links = write_batch(path, analysis, rows)
        return open_path(path), open_path(str(links))

    return Errand(f"{analysis.title} of {Path(given[0]).name}", work, _land)


def _land(state: State, found: tuple[Opened, Opened]) -> State:
    from mlipviewer.session.landing import land_opened

    table, links = found
    return land_opened(land_opened(state, table), links)
