"""Two ways to tell structures, on one frame: which atoms they call differently."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames import cna, ptm, rules
from mlipviewer.analysis.methods.neighbourhood import AMONG, taking_part
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.computation import with_computed
from mlipviewer.core.plot import Array, Axis, Bars, Plot, Space, Texts
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

CNA, PTM, RULES, COLUMN = "cna", "ptm", "rules", "column"
METHODS = (CNA, PTM, RULES, COLUMN)
LEFT_OUT = "left out"


@dataclass(frozen=True)
class CompareStructureParams(Params):
    first: str = param(CNA, "a way to tell classes (down)", choices=METHODS)
    second: str = param(PTM, "another (across)", choices=METHODS)
    cutoff: float = param(0.1, "of template matching, the largest deviation", low=0.0, high=0.5)
    rules: str = param(rules.RulesParams().rules, "name: condition; the first that holds counts")
    column: str = param("", "a column of classes in the frames", names="column")
    among: str = param("", AMONG)
    frame: int = param(0, "the frame, counted from 0", low=0, names="shown")


def run(inputs: Inputs, params: CompareStructureParams, progress: Progress) -> Result:
    """Atoms of one frame by what two methods call them.

    Summary: n_atoms, agreement (share of atoms that both call the same), kappa (Cohen's: beyond
    chance), majority_first, majority_second (the class of most atoms). Tables `confusion`: first,
    second, count; `differing`: first, second, count, most first. Raises AnalysisProblem,
    ReadProblem, Cancelled.
    """
    progress.step(0, 1)
    trajectory = inputs.the_trajectory()
    if not 0 <= params.frame < trajectory.n_frames:
        raise AnalysisProblem(
            f"there are {trajectory.n_frames} frames, no frame {params.frame + 1}"
        )
    frame = trajectory.frame(params.frame)
    rows = taking_part(frame, params.among)
    first = _called(frame, params.first, params)[rows]
    second = _called(frame, params.second, params)[rows]
    kept = (first != LEFT_OUT) & (second != LEFT_OUT)
    first, second, ids = first[kept], second[kept], frame.atom_ids[rows[kept]]
    names = _names(first, second)
    places = {name: i for i, name in enumerate(names)}
    cells = np.array([places[one] for one in first]), np.array([places[one] for one in second])
    return _result(names, ids, *(one.astype(np.int64) for one in cells))


def _called(frame: Frame, method: str, params: CompareStructureParams) -> Array:
    """(n,) the names of classes. Raises AnalysisProblem."""
    module: Any
    asked: Any
    match method:
        case "cna":
            module, asked, name = cna, cna.CnaParams(among=params.among), "cna"
        case "ptm":
            module, name = ptm, "ptm"
            asked = ptm.PtmParams(cutoff=params.cutoff, among=params.among)
        case "rules":
            module, name = rules, "rules"
            asked = rules.RulesParams(params.rules, params.among, params.cutoff)
        case _:
            return _of_column(frame, params.column)
    bare = Frame(
        frame.index, frame.positions, frame.numbers, frame.cell, frame.pbc, frame.origin,
        frame.ids, {k: v for k, v in frame.columns.items() if k != name}, species=frame.species,
        classes={k: v for k, v in frame.classes.items() if k != name},
    )  # fmt: skip
    found = with_computed(bare, module.COMPUTATION, module.COMPUTATION.run(bare, asked))
    return _of_column(found, name)


def _of_column(frame: Frame, name: str) -> Array:
    values = frame.columns.get(name)
    if values is None or values.ndim != 1:
        known = ", ".join(frame.columns) or "none"
        raise AnalysisProblem(f"there is no column of classes {name!r}; columns: {known}")
    if name in frame.classes:
        table = np.array(frame.classes[name], object)
        return np.asarray(table[np.clip(np.asarray(values, int), 0, len(table) - 1)])
    return values.astype(str).astype(object)


def _names(first: Array, second: Array) -> tuple[str, ...]:
    """All classes, the most frequent first; `other` and `disordered` last."""
    names, counts = np.unique(np.concatenate([first, second]).astype(str), return_counts=True)
    order = sorted(zip(-counts, names.tolist(), strict=True))
    ends = ("other", "disordered")
    named = [name for _, name in order]
    return (*(n for n in named if n not in ends), *(n for n in ends if n in named))


def _result(names: tuple[str, ...], ids: Array, first: Array, second: Array) -> Result:
    k, n = max(len(names), 1), len(ids)
    matrix = np.bincount(first * k + second, minlength=k * k).reshape(k, k)
    agreement = float(np.trace(matrix)) / n if n else float("nan")
    chance = float((matrix.sum(axis=0) * matrix.sum(axis=1)).sum()) / n**2 if n else 1.0
    kappa = (agreement - chance) / (1 - chance) if chance < 1 else float(agreement == 1)
    cells = [(names[i], names[j], int(matrix[i, j])) for i in range(len(names))
             for j in range(len(names))]  # fmt: skip
    differing = sorted((c for c in cells if c[0] != c[1] and c[2]), key=lambda c: -c[2])
    majority = [names[int(one.argmax())] if n else "" for one in (matrix.sum(1), matrix.sum(0))]
    return Result(
        summary={
            "n_atoms": n,
            "agreement": round(agreement, 6) if n else None,
            "kappa": round(kappa, 6) if n else None,
            "majority_first": majority[0],
            "majority_second": majority[1],
        },
        tables={"confusion": _listed(cells), "differing": _listed(differing)},
        arrays={"matrix": matrix, "ids": ids, "first": first, "second": second},
        names=names,
    )


def _listed(cells: list[tuple[str, str, int]]) -> dict[str, list[Any]]:
    return {
        "first": [one for one, _, _ in cells],
        "second": [one for _, one, _ in cells],
        "count": [n for _, _, n in cells],
    }


def draw(_inputs: Inputs, params: CompareStructureParams, result: Result) -> Plot:
    """The confusion matrix: a cell stands for its atoms, its size for their share of the row."""
    matrix, names = result.arrays["matrix"], result.names
    if not names:
        return Plot(title="Methods compared", empty="No atom takes part.")
    k = len(names)
    ids, first, second = (result.arrays[name] for name in ("ids", "first", "second"))
    down, across = np.divmod(np.arange(k * k), k)
    own = first * k + second
    order = np.argsort(own, kind="stable")
    ends = np.searchsorted(own[order], np.arange(k * k + 1))
    rows = tuple(np.sort(ids[order[a:b]]) for a, b in pairwise(ends))
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    there = np.flatnonzero(matrix.ravel())
    side = 0.25 + 0.7 * np.sqrt(shares.ravel())
    cells = Bars(
        at=across[there].astype(float),
        base=k - 1 - down[there] - side[there] / 2,
        end=k - 1 - down[there] + side[there] / 2,
        rows=tuple(rows[i] for i in there),
        space=Space.ATOM,
        thick=side[there],
        group=(down != across)[there].astype(int),
        group_names=("same", "different"),
        faint=True,
        labels=tuple(
            f"{params.first}: {names[down[i]]}, {params.second}: {names[across[i]]}" for i in there
        ),
    )
    texts = tuple(f"{int(matrix.ravel()[i]):,}" for i in there)
    at = across[there].astype(float), k - 1.0 - down[there]
    said = Texts(*at, texts, np.ones(len(there)), room=0.9)
    agreement = float(result.summary["agreement"] or 0.0)
    return Plot(
        title="Methods compared",
        x=Axis(params.second, ticks=tuple((float(i), name) for i, name in enumerate(names))),
        y=Axis(params.first, ticks=tuple((float(k - 1 - i), n) for i, n in enumerate(names))),
        marks=(cells, said),
        status=f"frame {params.frame + 1} / {result.summary['n_atoms']} atoms /"
        f" {100 * agreement:.2f} % the same",
    )


ANALYSIS = Analysis(
    name="compare-structure",
    title="Methods compared",
    about="Which atoms of the shown frame two methods call differently.",
    needs=(Needs.TRAJECTORY,),
    params=CompareStructureParams,
    run=run,
    plots=MappingProxyType({"Confusion": draw}),
)
