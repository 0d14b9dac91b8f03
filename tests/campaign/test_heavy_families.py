"""MACE, DeePMD and NequIP: what their programs are told, and, where their environment is made, that
they learn, that their forces are slopes of their energies, and that saved models stay the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.fd import calculate_numerical_forces, calculate_numerical_stress

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.environments import ENVIRONMENTS, PLACE, is_there, missing
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.families import deepmd, mace, nequip
from mlipviewer.campaign.family import Lesson
from mlipviewer.campaign.labelled import label, read_labelled
from mlipviewer.campaign.lesson_files import TRAIN, WATCHED, write_lesson
from mlipviewer.campaign.sampling import sampled
from mlipviewer.campaign.set_errors import errors_on
from mlipviewer.session.campaigns.looking import absent_of

HEAVY = ("mace", "deepmd", "nequip")
QUICK: dict[str, dict[str, Any]] = {
    "mace": {"layers": 1, "channels": 8, "max_l": 0, "max_ell": 2, "correlation": 2, "epochs": 60},
    "deepmd": {"cutoff": 5.0, "smooth": 2.0, "embedding": 8, "axis": 4, "nodes": 32, "steps": 2000}
    | {"energy_weight": 10.0},
    "nequip": {"layers": 2, "features": 8, "l_max": 1, "width": 16, "epochs": 60},
}
SEED = 3


def frames_of(n: int) -> list[Any]:
    """Cells of eight atoms, strained and rattled, labelled by Stillinger-Weber."""
    rng, calculator = np.random.default_rng(5), named_calculator("stillinger-weber", {})
    found = []
    for _ in range(n):
        atoms = bulk("Si", a=5.431, cubic=True)
        atoms.set_cell(atoms.cell * rng.uniform(0.96, 1.04), scale_atoms=True)
        atoms.rattle(rng.uniform(0.05, 0.2), rng=rng)
        found.append(label(atoms, calculator))
    return found


def lesson(folder: Path, n: int = 10, **choice: Any) -> Lesson:
    made = frames_of(n)
    return Lesson(tuple(made[2:]), tuple(made[:2]), choice, SEED, folder)


@pytest.mark.parametrize("name", HEAVY)
def test_that_a_heavy_family_without_its_environment_says_what_to_type(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path / "none"))
    family = FAMILIES[name]
    assert family.environment == name
    assert name in ENVIRONMENTS
    said = f"needs the environment {name}: mlipviewer campaign environment {name}"
    assert absent_of(family) == missing(name) == said
    choice = dict(sampled(family.space, 1, "sobol", 1)[0])
    with pytest.raises(Failed, match=said):
        family.train(lesson(tmp_path, **choice))
    with pytest.raises(Failed, match=said):
        family.load(tmp_path)


def test_that_the_frames_of_a_lesson_are_written_apart_from_those_of_validation(
    tmp_path: Path,
) -> None:
    one = lesson(tmp_path, n=22)
    write_lesson(one)
    both = [read_labelled(tmp_path / name) for name in (TRAIN, WATCHED)]
    assert [len(frames) for frames in both] == [18, 2]
    known = sorted(atoms.info["energy"] for atoms in one.train)
    read = sorted(atoms.info["energy"] for frames in both for atoms in frames)
    assert read == pytest.approx(known, abs=1e-7)
    text = (tmp_path / TRAIN).read_text()
    assert "ref_energy=" in text
    assert ":ref_forces:R:3" in text
    with pytest.raises(Failed, match="two frames"):
        write_lesson(lesson(tmp_path, n=3))


def test_that_mace_is_told_all_that_is_chosen() -> None:
    for choice in sampled(FAMILIES["mace"].space, 4, "sobol", 1):
        said = dict(word.removeprefix("--").split("=") for word in mace.words(choice, SEED))
        assert said["r_max"] == str(choice["cutoff"])
        assert (said["num_channels"], said["max_L"]) == (
            str(choice["channels"]),
            str(choice["max_l"]),
        )
        assert (said["seed"], said["max_num_epochs"]) == ("3", str(choice["epochs"]))
        last = float(said["lr_scheduler_gamma"]) ** int(choice["epochs"])
        assert last == pytest.approx(mace.LAST_RATE, rel=1e-3)
        assert int(said["max_num_epochs"]) % int(said["eval_interval"]) >= 0
        assert {said["energy_key"], said["forces_key"]} == {"ref_energy", "ref_forces"}


def test_that_nequip_is_told_all_that_is_chosen() -> None:
    for choice in sampled(FAMILIES["nequip"].space, 4, "sobol", 1):
        said = nequip.config(choice, ["C", "Si"], SEED)
        assert set(said) == {"run", "data", "trainer", "training_module"}
        model = said["training_module"]["model"]
        assert (model["num_layers"], model["num_features"], model["l_max"]) == (
            choice["layers"],
            choice["features"],
            choice["l_max"],
        )
        mapper, neighbours = said["data"]["transforms"]
        assert neighbours["r_max"] == model["r_max"] == choice["cutoff"]
        assert mapper["model_type_names"] == model["type_names"] == ["C", "Si"]
        coefficients = said["training_module"]["loss"]["coeffs"]
        assert coefficients == {"total_energy": choice["energy_weight"], "forces": 1.0}
        assert said["trainer"]["max_epochs"] == choice["epochs"]


def test_that_deepmd_is_told_all_that_is_chosen() -> None:
    for choice in sampled(FAMILIES["deepmd"].space, 4, "sobol", 1):
        said = deepmd.told(choice, ["Si"], ["systems/0"], SEED)
        descriptor = said["model"]["descriptor"]
        assert (descriptor["rcut"], descriptor["rcut_smth"]) == (choice["cutoff"], choice["smooth"])
        assert descriptor["rcut_smth"] < descriptor["rcut"]
        assert descriptor["axis_neuron"] <= descriptor["neuron"][-1]
        assert said["model"]["fitting_net"]["neuron"] == [choice["nodes"]] * 3
        rates = said["learning_rate"]
        assert rates["stop_lr"] == pytest.approx(rates["start_lr"] * deepmd.LAST_RATE)
        assert said["training"]["numb_steps"] == choice["steps"]
        assert said["training"]["training_data"]["systems"] == ["systems/0"]


def test_that_systems_of_deepmd_hold_the_frames_by_their_atoms(tmp_path: Path) -> None:
    small = frames_of(3)
    large = [
        label(atoms.repeat((2, 1, 1)), named_calculator("stillinger-weber", {}))
        for atoms in small[:1]
    ]
    names = deepmd.write_systems(tmp_path / "systems", [small[0], *large, *small[1:]], ["C", "Si"])
    assert names == ["systems/0", "systems/1"]
    inside = tmp_path / "systems/0/set.000"
    assert (tmp_path / "systems/0/type.raw").read_text() == "1\n" * 8
    assert (tmp_path / "systems/0/type_map.raw").read_text() == "C\nSi\n"
    arrays = {path.stem: np.load(path) for path in inside.iterdir()}
    assert {name: one.shape for name, one in arrays.items()} == {
        "coord": (3, 24),
        "box": (3, 9),
        "energy": (3,),
        "force": (3, 24),
    }
    assert arrays["force"][2].reshape(8, 3) == pytest.approx(small[2].arrays["forces"])
    assert arrays["energy"].tolist() == [atoms.info["energy"] for atoms in small]
    assert np.load(tmp_path / "systems/1/set.000/coord.npy").shape == (1, 48)
    half = Atoms("Si", cell=[9.0] * 3, pbc=(True, True, False))
    with pytest.raises(Failed, match="frame 1 repeats along some directions only"):
        deepmd.write_systems(tmp_path / "other", [half], ["Si"])


@pytest.mark.parametrize("name", HEAVY)
def test_that_a_heavy_family_learns_and_gives_slopes_and_stays_the_same(
    name: str, tmp_path: Path
) -> None:
    if not is_there(name):
        pytest.skip(f"the environment {name} is not made")
    family, place = FAMILIES[name], tmp_path / "model"
    place.mkdir()
    choice = dict(sampled(family.space, 1, "sobol", 2)[0]) | {
        "rate": 0.01 if name != "deepmd" else 0.003
    }
    choice |= {"batch": 2, "energy_weight": 1.0} | QUICK[name]
    made = frames_of(34)
    train, test = made[4:], made[:4]
    family.train(Lesson(tuple(train), (), choice, SEED, place))
    calculator = family.load(place)
    found = errors_on(calculator, test)
    forces = np.concatenate([atoms.arrays["forces"].ravel() for atoms in test])
    energies = np.array([1000 * atoms.info["energy"] / len(atoms) for atoms in test])
    mean = np.mean([1000 * atoms.info["energy"] / len(atoms) for atoms in train])
    assert found.forces < 0.5 * np.sqrt(np.mean(forces**2))
    assert found.energies < np.sqrt(np.mean((energies - mean) ** 2))
    atoms = test[0].copy()
    atoms.calc = calculator
    numerical = calculate_numerical_forces(atoms, 1e-3, iatoms=[0, 5])
    assert atoms.get_forces()[[0, 5]] == pytest.approx(numerical, abs=1e-4)
    assert atoms.get_stress() == pytest.approx(calculate_numerical_stress(atoms, 1e-4), abs=1e-5)
    known = atoms.get_potential_energy()
    calculator.close()
    again = family.load(Path(shutil.move(place, tmp_path / "elsewhere")))
    atoms.calc = again
    assert atoms.get_potential_energy() == pytest.approx(known, abs=1e-8)
    again.close()
