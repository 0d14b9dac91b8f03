"""The results of a campaign as a table of errors, with links to what stands behind its numbers.

`errors.csv` holds one row per model and one absolute error per metric, `values.csv` the values
themselves, the reference first, `notes.csv` the reason for each empty cell, `errors.metrics.yaml`
what columns mean, `links.csv` the files of models and of metrics, `curves/` the curves behind
metrics, `uncertainties.csv` those of values that have one, `costs.csv` the processor seconds of the
training and of each property of a model.

An error below the floor of its metric is written as the floor, so that it has a logarithm: it says
no more than that the model has no error there that could be told. The floor stands in the metadata,
the value as it was computed in `values.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from mlipviewer.campaign.behind import Told, file_of, write_behind
from mlipviewer.campaign.journal import Entry
from mlipviewer.campaign.plan import Model, Plan
from mlipviewer.campaign.property import Metric
from mlipviewer.core.links import Link
from mlipviewer.io.files import write_text
from mlipviewer.io.links import write_links

TEXTS = ("Models", "ModelName", "SelectionType", "TrainingData")
THRESHOLD = ("Threshold", "Threshold", "threshold", "")
Known = Mapping[str, Entry]


@dataclass
class Row:
    """What is known of one model."""

    texts: tuple[str, ...]
    values: dict[str, float | list[float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    curves: dict[str, Any] = field(default_factory=dict)
    uncertainties: dict[str, float] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    waiting: bool = False

    @property
    def told(self) -> Told:
        """What curves are made of."""
        return {"values": self.values, "curves": self.curves}


def export(plan: Plan, known: Known, whole: bool = False) -> int:
    """Write the table of what is known so far into the folder; `whole`: only models all of whose
    properties were tried. Returns the models in it; none are written while the reference is not
    known. Raises OSError."""
    reference = _row(plan, plan.reference_model, known)
    _add_table_values(plan, reference)
    rows = [_row(plan, model, known) for model in plan.models(known)]
    rows = [row for row in rows if not row.waiting or (row.values and not whole)]
    if not rows or not reference.values:
        return 0
    folder = plan.folder.path
    # before the table, which is read anew when it changes
    told = {row.texts[1]: row.told for row in rows}
    kinds = write_behind(folder, reference.told, told, plan.metrics)
    write_text(folder / "errors.metrics.yaml", metadata(plan, kinds))
    errors = [_errors(row, reference, plan.metrics) for row in rows]
    threshold = [THRESHOLD, *[_number(plan.good_enough(one)) for one in plan.metrics]]
    names = [one.name for one in plan.metrics]
    _write(folder / "errors.csv", names, [threshold, *_lines(rows, errors, plan.metrics)])
    values = [_scalars(row, plan.metrics) for row in (reference, *rows)]
    _write(folder / "values.csv", names, _lines([reference, *rows], values, plan.metrics))
    _write_notes(folder / "notes.csv", [reference, *rows])
    _write_beside(plan, [reference, *rows])
    _write_links(plan, rows)
    return len(rows)


def _row(plan: Plan, model: Model, known: Known) -> Row:
    selection = model.selection if model.trained else f"{model.selection}"
    row = Row((model.family, model.name, selection, model.set))
    if model.key in known:
        row.costs["training"] = known[model.key].cpu
    if not model.trained:
        why = f"training: {known[model.key].reason}"
        row.failures = {one.name: why for one in plan.metrics}
        return row
    for prop in plan.properties:
        if not plan.asks(model, prop):
            why = "not asked: the design wants it of a subset of the models"
            row.failures |= {one.name: why for one in plan.metrics_of(prop)}
            continue
        entry = known.get(plan.property_piece(model, prop).key)
        names = [one.name for one in plan.metrics_of(prop)]
        if entry is not None:
            row.costs[prop.name] = entry.cpu
        if entry is None:
            row.waiting = True
        elif not entry.good:
            row.failures |= dict.fromkeys(names, entry.reason)
        else:
            row.values |= {k: v for k, v in entry.data["values"].items() if k in names}
            row.failures |= entry.data["failures"]
            row.evidence |= entry.data["evidence"]
            row.uncertainties |= entry.data["uncertainties"]
            row.curves |= entry.data.get("curves", {})  # older journals have none
    return row


def _add_table_values(plan: Plan, reference: Row) -> None:
    for name, value in plan.design.reference.values.items():
        reference.values[name] = float(value)
        reference.failures.pop(name, None)


def _errors(row: Row, reference: Row, metrics: Iterable[Metric]) -> dict[str, float]:
    """Absolute errors, not below the floor; of curves the mean absolute difference. What the
    reference lacks is told as a failure of the row."""
    found = {}
    for one in metrics:
        value, known = row.values.get(one.name), reference.values.get(one.name)
        if value is None:
            continue
        if one.is_error:
            found[one.name] = max(_mean(value), one.floor)
        elif known is None:
            why = reference.failures.get(one.name, "it is not computed yet")
            row.failures[one.name] = f"the reference has no value: {why}"
        else:
            found[one.name] = max(_apart(value, known), one.floor)
    return found


def _apart(value: float | list[float], known: float | list[float]) -> float:
    ours = value if isinstance(value, list) else [value]
    theirs = known if isinstance(known, list) else [known] * len(ours)
    return sum(abs(a - b) for a, b in zip(ours, theirs, strict=True)) / len(ours)


def _mean(value: float | list[float]) -> float:
    return sum(value) / len(value) if isinstance(value, list) else value


def _scalars(row: Row, metrics: Iterable[Metric]) -> dict[str, float]:
    return {one.name: _mean(row.values[one.name]) for one in metrics if one.name in row.values}


def _lines(
    rows: Sequence[Row], cells: Sequence[Mapping[str, float]], metrics: Sequence[Metric]
) -> list[list[Any]]:
    return [
        [row.texts, *(_number(found[one.name]) if one.name in found else "" for one in metrics)]
        for row, found in zip(rows, cells, strict=True)
    ]


def _number(value: float) -> str:
    return f"{value:.6g}"


def _write(path: Path, names: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*TEXTS, *names])
    writer.writerows([*texts, *cells] for texts, *cells in lines)
    write_text(path, text.getvalue())


def _write_beside(plan: Plan, rows: Sequence[Row]) -> None:
    """Uncertainties by metric and costs by piece of work; no file where there is nothing."""
    metrics = [one.name for one in plan.metrics]
    pieces = ["training", *(one.name for one in plan.properties)]
    for file, names, of in (
        ("uncertainties.csv", metrics, [row.uncertainties for row in rows]),
        ("costs.csv", pieces, [row.costs for row in rows]),
    ):
        there = [name for name in names if any(name in one for one in of)]
        if there:
            cells = [[_number(one[n]) if n in one else "" for n in there] for one in of]
            lines = [[row.texts, *told] for row, told in zip(rows, cells, strict=True)]
            _write(plan.folder.path / file, there, lines)


def _write_notes(path: Path, rows: Sequence[Row]) -> None:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*TEXTS, "metric", "reason"])
    for row in rows:
        writer.writerows([*row.texts, name, why] for name, why in sorted(row.failures.items()))
    write_text(path, text.getvalue())


def metadata(plan: Plan, kinds: Sequence[str] = ()) -> str:
    """`errors.metrics.yaml`: what rows and columns mean; `kinds` of curves have a file."""
    import yaml

    against = plan.design.reference.calculator
    columns: dict[str, dict[str, Any]] = {}
    for one in plan.metrics:
        of = one.label if one.is_error else f"error of the {one.label}"
        source = plan.design.reference.sources.get(one.name, "")
        columns[one.name] = {
            "category": one.category,
            "unit": one.unit,
            "label": of,
            "direction": "lower",
            "good": plan.good_enough(one),
            "bad": one.bad,
            "floor": float(_number(one.floor)),
            "level_of_theory": f"errors against {source or against}",
        }
        if one.curve is not None and one.curve.name in kinds:
            columns[one.name]["curves"] = file_of(one.curve)
    meant = {
        "keys": ["ModelName"],
        "family": "Models",
        "row_roles": {THRESHOLD[1]: "threshold"},
        "scale": "linear",
    }
    said = {"table": meant, "metrics": columns}
    return str(yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=1000))


def _write_links(plan: Plan, rows: Sequence[Row]) -> None:
    """Files behind numbers: a run is the model's trajectory, all are evidence for their metric."""
    links = []
    for row in rows:
        key = row.texts[1]
        for metric, path in row.evidence.items():
            if metric in RUNS:
                links.append(Link(key, "trajectory", path))
            links.append(Link(key, "test", path, metric))
    write_links(plan.folder.path / "links.csv", links)


RUNS = ("md_drift",)
"""Metrics whose evidence is a run of the model."""
