"""What a worker does with one piece of a campaign's work."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from mlipviewer.campaign import FAMILIES, PROPERTIES, crystals
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.design import Crystal, Design
from mlipviewer.campaign.design_file import read_design
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.family import Lesson
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.labelled import read_labelled, split, weighted, write_frames
from mlipviewer.campaign.property import Found, Subject
from mlipviewer.campaign.relaxing import energy_of, minimum

Said = Mapping[str, Any]


def perform(task: Said) -> dict[str, Any]:
    """The result of a piece as plain values. Raises Failed, ReadProblem, and whatever calculators
    raise."""
    folder = Folder(Path(task["folder"]))
    design = read_design(folder.design_file)
    what: Mapping[str, Callable[[Said, Design], dict[str, Any]]]
    what = {"set": _set, "train": _train, "property": _property}
    return what[task["kind"]](task, design)


def _set(task: Said, design: Design) -> dict[str, Any]:
    from mlipviewer.campaign.generating import checked, generated
    from mlipviewer.campaign.rare_events import rare_events

    one = design.set_named(task["set"])
    calculator = _reference(design)
    if one.file:
        frames = checked(read_labelled(Path(one.file)))
    else:
        a = lattice_of(calculator, design.crystal)
        make = rare_events if one.role == "rare" else generated
        frames = checked(make(one, design.crystal, a, calculator, design.seed))
    if not frames:
        raise Failed("there are no frames")
    write_frames(Path(task["file"]), frames)
    return {"frames": len(frames), "atoms": sum(map(len, frames))}


def _reference(design: Design) -> Any:
    return named_calculator(design.reference.calculator, design.reference.settings)


def _train(task: Said, design: Design) -> dict[str, Any]:
    family = FAMILIES[task["family"]]
    frames = read_labelled(Path(task["set_file"]))
    one = design.set_named(task["set"])
    train, validation = split(frames, one.validation, design.seed)
    train = weighted(train, one.weights)
    place = Path(task["place"])
    if place.exists():
        shutil.rmtree(place)  # of a training that did not end
    place.mkdir(parents=True)
    lesson = Lesson(tuple(train), tuple(validation), task["choice"], int(task["seed"]), place)
    told = family.train(lesson)
    calculator = family.load(place)
    with ended(lambda: calculator):
        scores = validated(calculator, validation)
    return {**{name: float(value) for name, value in told.items()}, **scores}


@contextmanager
def ended(calculator: Callable[[], Any]) -> Iterator[None]:
    """End the process of a calculator that has one, and wait for it: what it cost is then known as
    a cost of this piece. A calculator that cannot be made has none."""
    try:
        yield
    finally:
        with suppress(Exception):
            close = getattr(calculator(), "close", None)
            if close is not None:
                close()


def validated(calculator: Any, frames: list[Any]) -> dict[str, float]:
    """Root mean squares on frames that were not trained on: energies in meV/atom, forces in eV/A,
    and the score by which models are selected: forces, and 10 meV/atom count as 0.1 eV/A."""
    from mlipviewer.campaign.set_errors import errors_on

    found = errors_on(calculator, frames)
    score = found.forces + 0.01 * found.energies
    if not math.isfinite(score):
        raise Failed("its energies or forces are not finite")
    return {"score": score, "E_rmse": found.energies, "F_rmse": found.forces}


# -- properties


def _property(task: Said, design: Design) -> dict[str, Any]:
    prop = PROPERTIES[task["property"]]
    model = task["model"]

    @lru_cache(maxsize=1)
    def calculator() -> Any:
        if "place" in model:
            return FAMILIES[model["family"]].load(Path(model["place"]))
        return named_calculator(model["calculator"], model["settings"])

    subject = Subject(
        calculator=calculator,
        crystal=design.crystal,
        lattice=lru_cache(maxsize=1)(lambda: lattice_of(calculator(), design.crystal)),
        sets={name: Path(file) for name, file in task.get("sets", {}).items()},
        rare=tuple(one.name for one in design.test_sets if one.role == "rare"),
        seed=design.seed,
        atom_energy=lambda: _atom_energy(design),
    )
    with ended(calculator):
        found = prop.run(subject)
    files = _write_evidence(task.get("evidence", ""), found)
    return as_plain(found, files)


def as_plain(found: Found, files: Mapping[str, str]) -> dict[str, Any]:
    """What the journal keeps. A value that is not finite is a failure of that metric."""
    values, failures = {}, dict(found.failures)
    for name, value in found.values.items():
        numbers = value if isinstance(value, tuple) else (value,)
        if all(math.isfinite(one) for one in numbers):
            values[name] = list(numbers) if isinstance(value, tuple) else float(value)
        else:
            failures[name] = "the value is not finite"
    return {
        "values": values,
        "uncertainties": dict(found.uncertainties),
        "failures": failures,
        "evidence": dict(files),
        "curves": {name: curve for name, curve in found.curves.items() if _finite(curve)},
    }


def _finite(curve: Sequence[Sequence[float]]) -> bool:
    return all(math.isfinite(one) for axis in curve for one in axis)


def _write_evidence(place: str, found: Found) -> dict[str, str]:
    if not place:
        return {}
    files = {}
    for metric, frames in found.frames.items():
        file = Path(place) / f"{metric}.extxyz.gz"
        write_frames(file, frames)
        files[metric] = str(file)
    return files


def lattice_of(calculator: Any, crystal: Crystal) -> float:
    """The lattice constant of a calculator's own crystal in A. Raises Failed."""
    guess = crystal.a**3 / crystals.n_cubic(crystal)

    def energy(volume: float) -> float:
        atoms = crystals.phase(crystal.structure, crystal.element, volume)
        atoms.calc = calculator
        return energy_of(atoms) / len(atoms)

    volume, _ = minimum(energy, 0.75 * guess, 1.3 * guess)
    return float((volume * crystals.n_cubic(crystal)) ** (1 / 3))


def _atom_energy(design: Design) -> float:
    """eV of an isolated atom of the reference."""
    from ase import Atoms

    atoms = Atoms(design.crystal.element, cell=[30.0] * 3, pbc=True, positions=[[15.0] * 3])
    atoms.calc = _reference(design)
    return energy_of(atoms)
