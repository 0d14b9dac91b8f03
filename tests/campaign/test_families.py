"""Families train, and what they give is a potential: slopes, symmetries, files."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase.calculators.fd import calculate_numerical_forces, calculate_numerical_stress

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.design import Crystal, LabelledSet
from mlipviewer.campaign.family import Lesson
from mlipviewer.campaign.generating import generated
from mlipviewer.campaign.labelled import read_labelled, split, write_frames
from mlipviewer.campaign.potentials.features import rows_of
from mlipviewer.campaign.potentials.network import Network
from mlipviewer.campaign.potentials.network_fit import Lessons, loss_of
from mlipviewer.campaign.potentials.pairs import LocalCalculator
from mlipviewer.campaign.sampling import sampled
from mlipviewer.campaign.set_errors import errors_on
from mlipviewer.campaign.space import Choice


def there(package: str) -> bool:
    return find_spec(package) is not None


def of_here(name: str) -> bool:
    """Whether a family needs no environment: those are tried by test_environments.py."""
    return not FAMILIES[name].environment


OWN = [
    name for name in FAMILIES if all(there(one) for one in FAMILIES[name].needs) and of_here(name)
]


@pytest.fixture(scope="module")
def frames() -> tuple[list[Any], list[Any]]:
    """Frames to train on and to test with, labelled by Stillinger-Weber."""
    kinds = ("bulk", "strained", "vacancy")
    asked = LabelledSet("Org", kinds=kinds, frames=15, steps=40)
    made = generated(asked, Crystal("Si"), 5.431, named_calculator("stillinger-weber", {}), 1)
    return split(made, 0.2, 1)


def choice_of(name: str) -> dict[str, Any]:
    made = dict(sampled(FAMILIES[name].space, 1, "sobol", 2)[0])
    return made | ({"iterations": 60} if name == "nnp" else {})


@pytest.fixture(scope="module")
def trained(
    frames: tuple[list[Any], list[Any]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    made = {}
    for name in OWN:
        folder = made[name] = tmp_path_factory.mktemp(name)
        lesson = Lesson(tuple(frames[0]), tuple(frames[1]), choice_of(name), 3, folder)
        assert FAMILIES[name].train(lesson)["parameters"] > 0
    return made


def odd(frames: tuple[list[Any], list[Any]]) -> Any:
    """A structure without symmetry in a sheared cell, with atoms nearer than usual."""
    atoms = frames[1][0].copy()
    rng = np.random.default_rng(8)
    atoms.set_cell(np.array(atoms.cell) @ (np.eye(3) + 0.03 * rng.normal(size=(3, 3))), True)
    atoms.rattle(0.15, rng=rng)
    return atoms


@pytest.mark.parametrize("name", OWN)
def test_that_forces_and_stress_are_derivatives_of_the_energy(
    name: str, trained: dict[str, Path], frames: tuple[list[Any], list[Any]]
) -> None:
    atoms = odd(frames)
    atoms.calc = FAMILIES[name].load(trained[name])
    some = calculate_numerical_forces(atoms, 1e-4, iatoms=[0, 7])
    assert atoms.get_forces()[[0, 7]] == pytest.approx(some, abs=2e-5)
    assert abs(atoms.get_forces().sum(axis=0)).max() < 1e-8
    stress = calculate_numerical_stress(atoms, 1e-5)
    assert atoms.get_stress() == pytest.approx(stress, abs=1e-6)
    total = atoms.get_potential_energies().sum()
    assert total == pytest.approx(atoms.get_potential_energy(), abs=1e-8)


@pytest.mark.parametrize("name", OWN)
def test_that_turning_and_renumbering_change_nothing(
    name: str, trained: dict[str, Path], frames: tuple[list[Any], list[Any]]
) -> None:
    atoms = odd(frames)
    atoms.calc = calculator = FAMILIES[name].load(trained[name])
    forces = atoms.get_forces()
    order = np.random.default_rng(1).permutation(len(atoms))
    turned = atoms[order]
    turned.rotate(37, (1, 2, 3), rotate_cell=True)
    turned.calc = calculator
    assert turned.get_potential_energy() == pytest.approx(atoms.get_potential_energy(), abs=1e-8)
    lengths = np.linalg.norm(turned.get_forces(), axis=1)
    assert lengths == pytest.approx(np.linalg.norm(forces, axis=1)[order], abs=1e-7)


@pytest.mark.parametrize("name", OWN)
def test_that_a_little_training_learns_and_is_repeatable(
    name: str, trained: dict[str, Path], frames: tuple[list[Any], list[Any]], tmp_path: Path
) -> None:
    train, test = frames
    found = errors_on(FAMILIES[name].load(trained[name]), test)
    spread = np.concatenate([atoms.arrays["forces"].ravel() for atoms in test]).std()
    assert found.forces < 0.6 * spread
    energies = np.array([1000 * atoms.info["energy"] / len(atoms) for atoms in test])
    assert found.energies < energies.std()
    FAMILIES[name].train(Lesson(tuple(train), tuple(test), choice_of(name), 3, tmp_path))
    again = errors_on(FAMILIES[name].load(tmp_path), test)
    assert again.forces == pytest.approx(found.forces, rel=1e-6)


@pytest.mark.parametrize("name", list(FAMILIES))
def test_that_a_family_says_what_it_is(name: str) -> None:
    family = FAMILIES[name]
    assert family.about.endswith(".")
    assert family.title
    assert all(dimension.about for dimension in family.space.values())
    assert all(len(d.values) > 1 for d in family.space.values() if isinstance(d, Choice))


def test_that_there_are_enough_families_without_lammps() -> None:
    assert {"mtp", "gap", "nnp", "uf3"} <= {name for name in FAMILIES if not FAMILIES[name].needs}
    assert {"snap", "qsnap", "pod"} <= set(FAMILIES)


def test_that_rows_of_a_fit_are_the_potential_that_comes_of_it(
    trained: dict[str, Path], frames: tuple[list[Any], list[Any]]
) -> None:
    """The rows that the normal equations are made of, times the weights, are its forces."""
    calculator = FAMILIES["mtp"].load(trained["mtp"])
    assert isinstance(calculator, LocalCalculator)
    local: Any = calculator.local
    atoms = odd(frames)
    sums, slopes = rows_of(local.descriptor, atoms, lambda features: (features, None))
    atoms.calc = calculator
    energy = sums @ local.head.weights + local.head.constant * len(atoms)
    assert energy == pytest.approx(atoms.get_potential_energy(), abs=1e-8)
    assert (slopes @ local.head.weights).reshape(-1, 3) == pytest.approx(atoms.get_forces())


def test_that_the_slopes_of_a_networks_loss_are_right(
    trained: dict[str, Path], frames: tuple[list[Any], list[Any]]
) -> None:
    calculator = FAMILIES["nnp"].load(trained["nnp"])
    local: Any = calculator.local
    lessons = Lessons(local.descriptor, frames[0][:3], shift=-4.3)
    lessons.slopes = lessons.slopes.astype(float)
    k, rng = local.descriptor.count, np.random.default_rng(5)
    begun = Network.begun(lessons.features.mean(0), lessons.features.std(0), 6, rng)
    packed = begun.packed()
    _, slopes = loss_of(begun, lessons, 20.0, 1e-3)
    assert len(packed) == 6 * k + 6 + 36 + 6 + 6 + 1
    for _ in range(3):
        way = rng.normal(size=len(packed))
        ends = [
            loss_of(begun.with_weights(packed + s * way), lessons, 20.0, 1e-3)[0]
            for s in (1e-3, -1e-3)
        ]
        assert slopes @ way == pytest.approx((ends[0] - ends[1]) / 2e-3, rel=2e-3)


def test_that_labelled_frames_are_read_as_they_were_written(
    frames: tuple[list[Any], list[Any]], tmp_path: Path
) -> None:
    write_frames(tmp_path / "set.extxyz", frames[0])
    again = read_labelled(tmp_path / "set.extxyz")
    assert len(again) == len(frames[0])
    for made, read in zip(frames[0], again, strict=True):
        assert read.info["energy"] == made.info["energy"]
        assert np.array_equal(read.arrays["forces"], made.arrays["forces"])
        assert np.array_equal(np.array(read.cell), np.array(made.cell))
        assert read.pbc.all()
