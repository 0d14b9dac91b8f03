"""The class of every atom in every frame, with its identity and place: what analyses of
crystallization are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.frames import cna, ptm, rules
from mlipviewer.analysis.methods.calculators import CALCULATOR, SETTINGS
from mlipviewer.analysis.methods.class_rules import classes_of, left_out, read_rules
from mlipviewer.analysis.methods.histogram_cutoff import usual_cutoff
from mlipviewer.analysis.methods.neighbourhood import (
    AMONG,
    AS_THEY_ARE,
    AVERAGE,
    MINIMISED,
    PLACES,
    POSITIONS,
    taking_part,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Params, param
from mlipviewer.core.computation import Computation, Computed, over_frames
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows, member
from mlipviewer.core.trajectory import Frame, Trajectory

Array = NDArray[Any]

CNA, PTM, RULES, COLUMN = "cna", "ptm", "rules", "column"
METHODS = (PTM, CNA, RULES, COLUMN)
METHOD_HELP = (
    "ptm: template matching; cna: common neighbours (adaptive); rules: your own conditions, whose"
    " classes bcc, fcc, hcp and close-packed are crystals; column: a column of the frames that"
    " holds classes by name or as numbers (0 other, 1 fcc, 2 hcp, 3 bcc)"
)
CLASSES = (*ptm.CLASSES, "close-packed")
LEFT_OUT = CLASSES.index("left out")
BINS, WIDEST = 1000, 0.5
"""Deviations are counted in bins of 0.0005: a cut-off then needs no second look at the atoms."""
SAME = {"disordered": "other", "liquid": "other", "amorphous": "other", "": "left out"}


RULES_HELP = "with method rules: name: condition, with ; between; the usual ones when empty"


@dataclass(frozen=True)
class LabelParams(Params):
    """What tells classes apart; analyses add parameters of their own."""

    method: str = param(
        PTM,
        METHOD_HELP,
        choices=METHODS,
    )
    cutoff: float = param(
        0.0,
        "with ptm, the largest deviation; 0: behind the peak of the crystal in the histogram",
        low=0.0,
        high=WIDEST,
    )
    column: str = param("", "with method column, its name", names="column")
    rules: str = param("", RULES_HELP)
    positions: str = param(AS_THEY_ARE, f"{POSITIONS}, or by the calculator below", choices=PLACES)
    calculator: str = param(
        "", f"with positions minimised: {CALCULATOR}; when empty the frames have a column of them"
    )
    settings: str = param("", SETTINGS)
    among: str = param("", AMONG)
    average: int = param(0, AVERAGE, low=0, high=1000)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


@dataclass(frozen=True)
class Labelling(Params):
    """How the atoms of one frame are told apart."""

    method: str = PTM
    column: str = ""
    among: str = ""
    average: int = 0
    rules: str = ""
    positions: str = AS_THEY_ARE
    calculator: str = ""
    settings: str = ""


def label_frame(frame: Frame, params: Labelling) -> Computed:
    """Columns (n,): `label` of CLASSES, `deviation` (ptm; else 0), `id`; `place` (n, 3) in A;
    `orientation` (n, 4) (ptm alone). Raises AnalysisProblem."""
    columns: dict[str, Array] = {"id": np.array(frame.atom_ids)}
    columns["place"] = np.asarray(frame.positions).astype(np.float32)
    if params.method == PTM:
        found = ptm.run(
            frame, ptm.PtmParams(cutoff=0.0, among=params.among, positions=params.positions)
        ).columns
        columns["label"] = np.asarray(found["ptm"], np.uint8)
        columns["deviation"] = np.asarray(found["ptm_rmsd"], np.float32)
        columns["orientation"] = np.asarray(found["ptm_orientation"], np.float32)
        return Computed(columns)
    if params.method == CNA:
        asked = cna.CnaParams(among=params.among, positions=params.positions)
        types = cna.run(frame, asked).columns["cna"]
        columns["label"] = np.where(types == cna.LEFT_OUT, LEFT_OUT, types).astype(np.uint8)
    elif params.method == RULES:
        columns["label"] = _by_rules(frame, params)
    else:
        columns["label"] = _from_column(frame, params)
    columns["deviation"] = np.zeros(frame.n_atoms, np.float32)
    return Computed(columns)


def _by_rules(frame: Frame, params: Labelling) -> Array:
    """(n,) classes of rules by their names; those in parentheses are left out."""
    text = params.rules or rules.RulesParams().rules
    given = read_rules(text)
    names, _ = classes_of(given)
    if not any(_number(name) for name in names):
        raise AnalysisProblem(
            f"no rule is of a crystal: there are {', '.join(names)}; name one bcc, fcc, hcp or"
            " close-packed"
        )
    asked = rules.RulesParams(text, params.among, positions=params.positions)
    codes = rules.run(frame, asked).columns["rules"]
    out = left_out(given)
    table = [LEFT_OUT if name in out else _number(name) for name in names]
    labels = np.full(frame.n_atoms, LEFT_OUT, np.uint8)
    rows = taking_part(frame, params.among)
    labels[rows] = np.array(table, np.uint8)[codes[rows]]
    return labels


def _from_column(frame: Frame, params: Labelling) -> Array:
    values = frame.columns.get(params.column)
    if values is None or values.ndim != 1:
        known = ", ".join(frame.columns) or "none"
        reason = f"frame {frame.index + 1} has no column of classes {params.column!r}"
        raise AnalysisProblem(f"{reason}; its columns: {known}")
    names = frame.classes.get(params.column)
    labels = np.full(frame.n_atoms, LEFT_OUT, np.uint8)
    rows = taking_part(frame, params.among)
    if names is not None:
        table = np.array([_number(name) for name in names], np.uint8)
        found = table[np.clip(np.asarray(values, int), 0, len(names) - 1)]
    elif values.dtype.kind in "iufb":
        numbers = np.nan_to_num(np.asarray(values, float), nan=-1.0).astype(int)
        known = (numbers >= 0) & (numbers < len(CLASSES))
        found = np.where(known, numbers, LEFT_OUT).astype(np.uint8)
    else:
        different, which = np.unique(values.astype(str), return_inverse=True)
        found = np.array([_number(name) for name in different], np.uint8)[which]
    labels[rows] = found[rows]
    return labels


def _number(name: str) -> int:
    """The class of a name, small or capital; what is not known is `other`."""
    name = SAME.get(name.strip().lower(), name.strip().lower())
    return CLASSES.index(name) if name in CLASSES else 0


LABELS = Computation(
    name="labels",
    title="Classes of atoms",
    about="The class, identity and place of each atom.",
    params=Labelling,
    run=label_frame,
    around=lambda params: params.average,
    version=2,
    columns=MappingProxyType({}),
)


@dataclass(frozen=True, eq=False)
class Labelled:
    """The atoms of one frame that are looked at: (n,) rows in the frame, ids and labels, places
    (n, 3) in A, orientations (n, 4) with ptm."""

    rows: Array
    ids: Array
    labels: Array
    places: Array
    orientations: Array | None = None


def looked_at(trajectory: Trajectory, every: int) -> range:
    """The frames that are looked at. Raises AnalysisProblem where there are none."""
    if trajectory.n_frames == 0:
        raise AnalysisProblem(f"{trajectory.name} has no frames")
    return range(0, trajectory.n_frames, every)


def asked_of(params: LabelParams) -> Labelling:
    column = params.column if params.method == COLUMN else ""
    if params.method == COLUMN and not column:
        raise AnalysisProblem("method column: say which column holds the classes")
    asked = Labelling(
        params.method, column, params.among, params.average, positions=params.positions
    )
    if params.method == RULES:
        asked = replace(asked, rules=params.rules or rules.RulesParams().rules)
    if params.positions == MINIMISED:
        asked = replace(asked, calculator=params.calculator, settings=params.settings)
    return asked


def labels_over(
    inputs: Inputs, how: Labelling, frames: Sequence[int], progress: Progress
) -> Iterator[Computed]:
    """What `label_frame` finds of these frames; where they are to be minimised first, that is kept
    and done in processes of its own. Raises AnalysisProblem, ReadProblem, Cancelled."""
    if how.positions != MINIMISED or not how.calculator:
        yield from over_frames(inputs, LABELS, how, frames, progress)
        return
    from mlipviewer.analysis.methods.minimising import MINIMISE, MinimisedParams

    trajectory = inputs.the_trajectory()
    asked = MinimisedParams(how.calculator, how.settings)
    found = over_frames(inputs, MINIMISE, asked, frames, progress)
    for index, one in zip(frames, found, strict=True):
        frame = trajectory.frame(index)
        columns = MappingProxyType({**frame.columns, **one.columns})
        yield label_frame(replace(frame, columns=columns), how)


def labelled_frames(
    inputs: Inputs, params: LabelParams, progress: Progress, cutoff: float | None
) -> Iterator[Labelled]:
    """The atoms of each frame that take part, and are chosen. Raises AnalysisProblem, ..."""
    frames = looked_at(inputs.the_trajectory(), params.every)
    for found in labels_over(inputs, asked_of(params), frames, progress):
        columns = found.columns
        kept = columns["label"] != LEFT_OUT
        if inputs.atoms is not None:
            kept &= member(columns["id"], inputs.atoms)
        labels = columns["label"]
        if cutoff is not None:
            labels = np.where(columns["deviation"] <= cutoff, labels, 0).astype(np.uint8)
        turned = columns.get("orientation")
        yield Labelled(
            np.flatnonzero(kept),
            columns["id"][kept],
            labels[kept],
            columns["place"][kept],
            None if turned is None else turned[kept],
        )


def cutoff_of(inputs: Inputs, params: LabelParams, progress: Progress) -> float | None:
    """The largest deviation of template matching: as given, or read from the histogram over all
    frames; None for the other methods. Raises AnalysisProblem, ReadProblem, Cancelled."""
    if params.method != PTM:
        return None
    if params.cutoff:
        return params.cutoff
    frames = looked_at(inputs.the_trajectory(), params.every)
    counts = np.zeros(BINS + 1)
    for found in labels_over(inputs, asked_of(params), frames, progress):
        labels = found.columns["label"]
        matched = (labels > 0) & (labels != LEFT_OUT)
        counts += np.bincount(deviation_bins(found.columns["deviation"][matched]), minlength=1001)
    return usual_cutoff(counts[:BINS], WIDEST / BINS)


def deviation_bins(deviations: Array) -> Array:
    """(n,) the bin of each deviation; BINS for those beyond the widest, and for none."""
    found: Array = np.minimum(np.nan_to_num(deviations, posinf=WIDEST) / WIDEST * BINS, BINS)
    return found.astype(int)


class Births:
    """Counts atoms that appear and disappear, frame by frame, by their ids."""

    def __init__(self) -> None:
        self._seen = np.empty(0, np.int64)
        self._last = np.empty(0, np.int64)
        self._as_given = np.empty(0, np.int64)
        self.born: list[Array] = []
        self.gone: list[Array] = []

    def see(self, ids: Array) -> None:
        """The atoms of the next frame. The first frame's are not born: they are there."""
        if self.born and np.array_equal(ids, self._as_given):
            self.born.append(ids[:0])
            self.gone.append(ids[:0])
            return
        now, self._as_given = np.unique(ids), ids
        first = not self.born
        self.born.append(np.empty(0, now.dtype) if first else np.setdiff1d(now, self._last))
        self.gone.append(np.setdiff1d(self._last, now))
        self._last = now

    @property
    def inserted(self) -> Array:
        """(k,) atoms that appeared up to each frame."""
        return np.cumsum([len(one) for one in self.born])


def ids_where(
    trajectory: Trajectory, condition: str, appearing: Sequence[tuple[int, Array]]
) -> Rows:
    """The ids for which a condition holds in the frame in which they first appear: pairs of frame
    and ids. Raises AnalysisProblem."""
    from mlipviewer.core.rows import rows

    found = []
    for index, ids in appearing:
        if len(ids) == 0:
            continue
        frame = trajectory.frame(index)
        own = frame.atom_ids[taking_part(frame, condition)]
        found.append(np.intersect1d(own, ids))
    return rows(np.concatenate(found)) if found else rows([])
