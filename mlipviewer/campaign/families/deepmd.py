"""Deep potentials of smooth edition, Zhang et al., Adv. Neural Inf. Process. Syst. 31 (2018), with
two-body embedding (`se_e2_a`), trained by `dp train` of DeePMD-kit (LGPL) on TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.environment_calculator import EnvironmentCalculator
from mlipviewer.campaign.environments import run_program
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.lesson_files import elements_of
from mlipviewer.campaign.space import Choice, Real
from mlipviewer.io.files import write_text

ENVIRONMENT = "deepmd"
INPUT, FILE, SYSTEMS = "input.json", "model.pb", "systems"
LAST_RATE = 1e-3
"""Of the first learning rate, in the last step."""
DECAYS = 100
"""Times at which the learning rate is lowered."""


def train(lesson: Lesson) -> Mapping[str, float]:
    """Energies and forces by dp train, then the model is frozen. Raises Failed."""
    elements = elements_of(lesson.train)
    systems = write_systems(lesson.folder / SYSTEMS, lesson.train, elements)
    said = told(lesson.choice, elements, systems, lesson.seed)
    write_text(lesson.folder / INPUT, json.dumps(said, indent=1))
    run_program(ENVIRONMENT, "dp", ["--tf", "train", INPUT], lesson.folder, "train")
    run_program(ENVIRONMENT, "dp", ["--tf", "freeze", "-o", FILE], lesson.folder, "freeze")
    return {"n_train": float(len(lesson.train))}


def write_systems(place: Path, frames: Sequence[Any], elements: Sequence[str]) -> list[str]:
    """A folder for the frames of the same atoms in the same order: arrays (frames, ...) of
    positions and cells in A, energies in eV, forces in eV/A. Raises Failed, OSError."""
    alike: dict[tuple[Any, ...], list[Any]] = {}
    for number, atoms in enumerate(frames):
        if atoms.pbc.any() != atoms.pbc.all():
            raise Failed(f"frame {number + 1} repeats along some directions only")
        alike.setdefault((bool(atoms.pbc.all()), *atoms.numbers.tolist()), []).append(atoms)
    for k, some in enumerate(alike.values()):
        _write_system(place / f"{k}", some, elements)
    return [f"{place.name}/{k}" for k in range(len(alike))]


def _write_system(place: Path, frames: Sequence[Any], elements: Sequence[str]) -> None:
    numbers = {symbol: k for k, symbol in enumerate(elements)}
    types = [numbers[symbol] for symbol in frames[0].get_chemical_symbols()]
    inside = place / "set.000"
    inside.mkdir(parents=True)
    write_text(place / "type.raw", "".join(f"{one}\n" for one in types))
    write_text(place / "type_map.raw", "".join(f"{one}\n" for one in elements))
    if not frames[0].pbc.all():
        write_text(place / "nopbc", "")
    arrays = {
        "coord": [atoms.positions.ravel() for atoms in frames],
        "box": [np.asarray(atoms.cell).ravel() for atoms in frames],
        "energy": [atoms.info["energy"] for atoms in frames],
        "force": [atoms.arrays["forces"].ravel() for atoms in frames],
    }
    for name, values in arrays.items():
        np.save(inside / f"{name}.npy", np.array(values, float), allow_pickle=False)


def told(
    choice: Mapping[str, Any], elements: Sequence[str], systems: Sequence[str], seed: int
) -> dict[str, Any]:
    """What dp train is told."""
    steps, nodes = int(choice["steps"]), int(choice["nodes"])
    embedding, rate = int(choice["embedding"]), float(choice["rate"])
    return {
        "model": {
            "type_map": list(elements),
            "descriptor": {
                "type": "se_e2_a",
                "sel": "auto",
                "rcut": choice["cutoff"],
                "rcut_smth": choice["smooth"],
                "neuron": [embedding, 2 * embedding, 4 * embedding],
                "axis_neuron": choice["axis"],
                "resnet_dt": False,
                "seed": seed,
            },
            "fitting_net": {"neuron": [nodes] * 3, "resnet_dt": True, "seed": seed + 1},
        },
        "learning_rate": {
            "type": "exp",
            "start_lr": rate,
            "stop_lr": rate * LAST_RATE,
            "decay_steps": max(steps // DECAYS, 1),
        },
        "loss": {
            "type": "ener",
            "start_pref_e": 0.02,
            "limit_pref_e": choice["energy_weight"],
            "start_pref_f": 1000,
            "limit_pref_f": 1,
        },
        "training": {
            "training_data": {"systems": list(systems), "batch_size": 1},
            "numb_steps": steps,
            "seed": seed + 2,
            "disp_file": "lcurve.out",
            "disp_freq": max(steps // 20, 1),
            "save_freq": steps,
        },
    }


def load(folder: Path) -> Any:
    """The calculator of a trained potential. Raises Failed."""
    settings = {"model": str(folder / FILE)}
    return EnvironmentCalculator(ENVIRONMENT, "deepmd.calculator:DP", settings)


FAMILY = Family(
    name="deepmd",
    label="DeePMD",
    title="deep potential, smooth edition",
    about="Networks that embed neighbours, and one for the energy of an atom (DeePMD-kit).",
    space={
        "cutoff": Real(4.8, 6.5, about="cut-off in A"),
        "smooth": Real(0.5, 3.0, about="where the cut-off begins, in A"),
        "embedding": Choice((8, 16), about="nodes of the first embedding layer"),
        "axis": Choice((4, 8), about="columns of the embedding that are contracted"),
        "nodes": Choice((32, 64), about="nodes of each fitting layer"),
        "steps": Choice((4000, 8000), about="steps of one frame"),
        "rate": Real(0.001, 0.005, log=True, about="first learning rate"),
        "energy_weight": Real(1.0, 100.0, log=True, about="weight of energies at the end"),
    },
    train=train,
    load=load,
    seconds=400.0,
    environment=ENVIRONMENT,
)
