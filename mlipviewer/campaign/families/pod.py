"""Potentials of proper orthogonal descriptors (Nguyen and Rohskopf, J. Comput. Phys. 480, 112030
(2023)), fitted by LAMMPS.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.labelled import write_frames
from mlipviewer.campaign.lammps_fitting import fitting, load_potential, write_potential
from mlipviewer.campaign.space import Choice, Real, Whole


def train(lesson: Lesson) -> Mapping[str, float]:
    """Let LAMMPS fit in the folder of the model. Raises Failed."""
    symbol = lesson.train[0].get_chemical_symbols()[0]
    folder = lesson.folder
    frames = []
    for atoms in lesson.train:
        made = atoms.copy()
        made.info = {"energy": atoms.info["energy"]}
        made.arrays = {name: made.arrays[name] for name in ("numbers", "positions", "forces")}
        frames.append(made)
    # without a test set fitpod sizes its memory by a number that it never sets
    sets = {"train": frames, "test": frames[:1]}
    for name, some in sets.items():
        write_frames(folder / name / "set.xyz", some)
    (folder / "model_param.pod").write_text(_parameters(symbol, lesson.choice), encoding="utf-8")
    (folder / "data.pod").write_text(_data(lesson.choice), encoding="utf-8")
    with fitting(folder) as process:
        process.ask({"what": "pod", "parameters": "model_param.pod", "data": "data.pod"})
    made_file = folder / "model_coefficients.pod"
    if not made_file.is_file():
        raise Failed("LAMMPS wrote no coefficients")
    for name in sets:
        (folder / name / "set.xyz").unlink()
    write_potential(folder, symbol, "pod", f"* * model_param.pod model_coefficients.pod {symbol}")
    return {"parameters": float(made_file.read_text(encoding="utf-8").count("\n") - 1)}


def _parameters(symbol: str, choice: Mapping[str, Any]) -> str:
    four = int(choice["four_radial"])
    said = {
        "species": symbol,
        "pbc": "1 1 1",
        "rin": f"{float(choice['inner']):.6g}",
        "rcut": f"{float(choice['cutoff']):.6g}",
        "bessel_polynomial_degree": 4,
        "inverse_polynomial_degree": 8,
        "onebody": 1,
        "twobody_number_radial_basis_functions": int(choice["two_radial"]),
        "threebody_number_radial_basis_functions": int(choice["three_radial"]),
        "threebody_angular_degree": int(choice["three_angular"]),
        "fourbody_number_radial_basis_functions": four,
        "fourbody_angular_degree": 3 if four else 0,
        "fivebody_number_radial_basis_functions": 0,
        "fivebody_angular_degree": 0,
        "sixbody_number_radial_basis_functions": 0,
        "sixbody_angular_degree": 0,
        "sevenbody_number_radial_basis_functions": 0,
        "sevenbody_angular_degree": 0,
    }
    return "".join(f"{name} {value}\n" for name, value in said.items())


def _data(choice: Mapping[str, Any]) -> str:
    said = {
        "file_format": "extxyz",
        "file_extension": "xyz",
        "path_to_training_data_set": '"train"',
        "path_to_test_data_set": '"test"',
        "fitting_weight_energy": f"{float(choice['energy_weight']):.6g}",
        "fitting_weight_force": "1.0",
        "fitting_regularization_parameter": f"{float(choice['ridge']):.6g}",
        "error_analysis_for_training_data_set": 0,
        "error_analysis_for_test_data_set": 0,
        "basename_for_output_files": "model",
        "precision_for_pod_coefficients": 12,
    }
    return "".join(f"{name} {value}\n" for name, value in said.items())


def load(folder: Path) -> Any:
    """The calculator of a trained model. Raises Failed."""
    return load_potential(folder)


FAMILY = Family(
    name="pod",
    label="POD",
    title="potential of proper orthogonal descriptors",
    about="Linear in proper orthogonal descriptors of two to four bodies (LAMMPS).",
    space={
        "cutoff": Real(4.2, 6.0, about="cut-off in A"),
        "inner": Real(0.8, 1.4, about="inner cut-off in A"),
        "two_radial": Whole(5, 10, about="radial functions of two bodies"),
        "three_radial": Whole(3, 6, about="radial functions of three bodies"),
        "three_angular": Whole(2, 5, about="angular degree of three bodies"),
        "four_radial": Choice((0, 2, 3), about="radial functions of four bodies"),
        "energy_weight": Real(10.0, 300.0, log=True, about="weight of energies against forces"),
        "ridge": Real(1e-12, 1e-8, log=True, about="strength of the ridge"),
    },
    train=train,
    load=load,
    seconds=10.0,
    needs=("lammps",),
)
