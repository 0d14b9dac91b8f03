"""Make the silicon example from a campaign: `python make_silicon.py FOLDER [FOLDER ...]`.

The campaign is that of `silicon.toml` beside this file; it may be half done, and its work may lie
in the folders of several runs (of other machines, or of other families): results are known by what
they depend on, so the same piece of work is the same wherever it was done. Only models all of whose
properties were tried are taken. What is made, in `silicon/` or in the folder of `--out`:

- `errors.parquet`, `values.parquet`, `notes.csv`, `errors.metrics.yaml`: as the campaign exports
  them, numbers in single precision (the campaign writes six digits); `curves/`, packed;
- `sets/`: the sets that were trained on and tested with, made by the reference;
- `trajectories/`, `evidence/`: of the best model of each family, and of one that errs most on rare
  events, a run with a vacancy, with the forces of model and reference, and its forces on the sets
  of rare events (kept where they are there already);
- `links.csv`, `facts.json`.

Needs this program and, for SNAP, qSNAP and POD, LAMMPS as `docs/guide/campaign.md` says.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign import FAMILIES, crystals
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.design_file import read_design
from mlipviewer.campaign.dynamics import langevin
from mlipviewer.campaign.export import TEXTS, export
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.journal import Entry, Journal
from mlipviewer.campaign.labelled import read_labelled, write_frames
from mlipviewer.campaign.plan import Model, Plan
from mlipviewer.campaign.set_errors import errors_on
from mlipviewer.core.links import Link
from mlipviewer.io.links import write_links
from mlipviewer.io.tables.reading import read_table

HERE = Path(__file__).parent
TEMPERATURE = 1100.0  # K
FRAMES, EVERY = 30, 25  # fs: 0.75 ps
RARE = "RE_I_M"
Known = dict[str, Entry]


def known_of(folders: Sequence[Path]) -> Known:
    """The results of all runs, the first of each key."""
    known: Known = {}
    for folder in folders:
        with Journal(Folder(folder).journal) as journal:
            known = journal.known() | known
    return known


def pack(folder: Path) -> None:
    """Put a file packed by gzip in the place of each."""
    for path in folder.glob("*.csv"):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        path.unlink()


def as_parquet(path: Path) -> None:
    """Put a Parquet file in the place of a CSV file: texts, then numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with path.open(newline="", encoding="utf-8") as handle:
        header, *lines = csv.reader(handle)
    columns: dict[str, Any] = {}
    for name, cells in zip(header, zip(*lines, strict=True), strict=True):
        if name in TEXTS:
            columns[name] = pa.array(cells, pa.string())
        else:
            columns[name] = pa.array([float(c) if c else None for c in cells], pa.float32())
    table = pa.table(columns)
    pq.write_table(table, path.with_suffix(".parquet"), compression="zstd", use_dictionary=False)
    path.unlink()


@dataclass
class Making:
    """The example that is being made in `plan.folder`, of results in `folders`."""

    plan: Plan
    known: Known
    folders: Sequence[Path]
    before: Path | None = None
    """The example that was made of the same design, whose runs are kept."""

    @property
    def out(self) -> Path:
        return self.plan.folder.path

    def found(self, kind: str, path: Path) -> Path:
        """A set or model in the first folder that has it."""
        places = [folder / kind / path.name for folder in self.folders]
        return next((one for one in places if one.exists()), places[0])

    def sets(self) -> dict[str, Path]:
        """Pack the sets; where they are now."""
        made = {}
        for name, key in self.plan.set_keys.items():
            source = self.found("sets", self.plan.folder.set_file(name, key))
            made[name] = self.out / "sets" / f"{name}.extxyz.gz"
            made[name].parent.mkdir(exist_ok=True)
            made[name].write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))
        return made

    def calculator(self, model: Model) -> Any:
        place = self.found("models", self.plan.folder.model(model.key))
        return FAMILIES[model.said["family"]].load(place)

    def shown(self) -> Iterator[Model]:
        """The best model of each family by the mean logarithm of its errors, and the one of all
        that errs most on the forces of hopping interstitials."""
        table = read_table(self.out / "errors.parquet")
        scores, worst = scores_of(table), {}
        by_name = {one.name: one for one in self.plan.models(self.known)}
        for row in np.argsort(scores):
            model = by_name.get(table.keys[row])
            if model is not None and np.isfinite(scores[row]) and model.family not in worst:
                worst[model.family] = float(table.values[row, table.metric_index(RARE)])
                yield model
        whole = np.where(np.isfinite(scores), table.values[:, table.metric_index(RARE)], -1.0)
        last = by_name[table.keys[int(np.argmax(whole))]]
        if worst.get(last.family) != float(whole.max()):
            yield last

    def run_of(self, model: Model, calculator: Any) -> Sequence[Any]:
        """A run of a crystal with a vacancy, at the model's own lattice constant."""
        crystal = self.plan.design.crystal
        lattice = next(p for p in self.plan.properties if p.name == "lattice")
        entry = self.known[self.plan.property_piece(model, lattice).key]
        start = crystals.vacancy(crystal, float(entry.data["values"]["a"]), drawn_in=True)
        rng = np.random.default_rng(1)
        frames = list(langevin(start, calculator, TEMPERATURE, FRAMES, EVERY, rng))
        reference = self.plan.design.reference
        judge = named_calculator(reference.calculator, reference.settings)
        for atoms in frames:
            atoms.calc = judge
            atoms.info["ref_energy"] = float(atoms.get_potential_energy())
            atoms.set_array("ref_forces", np.array(atoms.get_forces()))
            atoms.calc = None
        return frames

    def links_of(self, model: Model) -> Iterator[Link]:
        """Make the files of a model, or keep those of before."""
        rare = [one.name for one in self.plan.design.test_sets if one.role == "rare"]
        run = self.out / "trajectories" / f"{model.name}.extxyz.gz"
        told = {one: self.out / "evidence" / f"{model.name}-{one}.extxyz.gz" for one in rare}
        if not self.kept([run, *told.values()]):
            print(f"runs {model.name}", flush=True)
            self.make(model, run, told)
        yield Link(model.name, "trajectory", str(run))
        for name, path in told.items():
            for kind in "AMF":
                yield Link(model.name, "test", str(path), f"{name}_{kind}")

    def kept(self, files: Sequence[Path]) -> bool:
        if self.before is None:
            return False
        old = [self.before / one.relative_to(self.out) for one in files]
        if not all(one.exists() for one in old):
            return False
        for one, file in zip(old, files, strict=True):
            file.parent.mkdir(exist_ok=True)
            shutil.copy(one, file)
        return True

    def make(self, model: Model, run: Path, told: Mapping[str, Path]) -> None:
        calculator = self.calculator(model)
        try:
            write_frames(run, [rounded(one) for one in self.run_of(model, calculator)])
            for name, path in told.items():
                file = self.plan.folder.set_file(name, self.plan.set_keys[name])
                known = read_labelled(self.found("sets", file))
                predicted = errors_on(calculator, known).predicted
                write_frames(path, [rounded(atoms) for atoms in predicted])
        finally:
            getattr(calculator, "close", lambda: None)()

    def facts(self) -> dict[str, Any]:
        """What was done, in numbers."""
        table = read_table(self.out / "errors.parquet")
        rows = [row for row in range(len(table.keys)) if table.families[row] != "Threshold"]
        models = {one.name: one for one in self.plan.models(self.known)}
        here = [models[table.keys[row]] for row in rows]
        by_model: dict[str, float] = defaultdict(float)
        for entry in self.known.values():
            by_model[entry.model] += entry.cpu
        whole = np.isfinite(table.values[rows]).all(axis=1)
        floors = np.array([one.floor or 0.0 for one in table.metric_columns])
        return {
            "models": len(here),
            "designed": sum(p.models * len(p.sets) for p in self.plan.design.families),
            "metrics": len(self.plan.metrics),
            "families": dict(Counter(one.family for one in here)),
            "sets": dict(Counter(one.set for one in here)),
            "whole_rows": int(whole.sum()),
            "at_floor": int((table.values[rows] <= floors * (1 + 1e-6)).sum()),
            "untrained": sum(not one.trained for one in here),
            "processor_hours": round(sum(by_model[one.name] for one in here) / 3600, 2),
        }


def scores_of(table: Any) -> np.ndarray:
    """(rows,) mean logarithm of the errors of rows that have all, else not a number."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log10(np.maximum(table.values, 1e-9))
    found: np.ndarray = np.where(np.isfinite(table.values).all(axis=1), logs.mean(axis=1), np.nan)
    return found


def rounded(atoms: Any) -> Any:
    """Six digits are enough, and pack well."""
    atoms.positions = atoms.positions.round(5)
    for name in ("forces", "ref_forces"):
        if name in atoms.arrays:
            atoms.arrays[name] = atoms.arrays[name].round(5)
    return atoms


def main(design: Path, folders: Sequence[Path], out: Path) -> int:
    known = known_of(folders)
    staged = out.with_name(f"{out.name}.new")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    same = out / "design.toml"
    before = out if same.exists() and same.read_text() == design.read_text() else None
    making = Making(Plan(read_design(design), Folder(staged)), known, folders, before)
    if not export(making.plan, known, whole=True):
        print("no model of the design is judged in these folders", file=sys.stderr)
        return 1
    shutil.copy(design, staged / "design.toml")
    for name in ("errors.csv", "values.csv"):
        as_parquet(staged / name)
    files = making.sets()
    links = [
        Link("", "test", str(files[one]), f"{one}_{kind}")
        for one, kinds in (("RE_V", "AMF"), ("RE_I", "AMF"), ("test", "EF"))
        if one in files
        for kind in kinds
    ]
    for model in making.shown():
        links += making.links_of(model)
    write_links(staged / "links.csv", links)
    pack(staged / "curves")
    facts = making.facts()
    (staged / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
    shutil.rmtree(out, ignore_errors=True)
    staged.rename(out)
    print((out / "facts.json").read_text())
    return 0


def _said(words: Sequence[str] | None = None) -> Mapping[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="of a campaign")
    parser.add_argument("--design", type=Path, default=HERE / "silicon.toml")
    parser.add_argument("--out", type=Path, default=HERE / "silicon")
    return vars(parser.parse_args(words))


if __name__ == "__main__":
    said = _said()
    sys.exit(main(said["design"], said["folders"], said["out"].absolute()))
