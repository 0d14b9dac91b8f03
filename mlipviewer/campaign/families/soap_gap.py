"""Gaussian approximation potentials on the smooth overlap of atomic positions, by gap_fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlipviewer.campaign.environment_calculator import EnvironmentCalculator
from mlipviewer.campaign.environments import run_program
from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.labelled import write_frames
from mlipviewer.campaign.space import Choice, Real, Whole

ENVIRONMENT, FILE = "soap-gap", "gap.xml"
STRESS_SIGMA = 0.1


def train(lesson: Lesson) -> Mapping[str, float]:
    """Fit energies and forces by gap_fit. Raises Failed."""
    frames = []
    for atoms in lesson.train:
        one = atoms.copy()
        one.info = {"ref_energy": atoms.info["energy"]}
        one.arrays["ref_forces"] = one.arrays.pop("forces")
        frames.append(one)
    write_frames(lesson.folder / "train.extxyz", frames)
    run_program(ENVIRONMENT, "gap_fit", words(lesson.choice, lesson.seed), lesson.folder)
    return {"n_train": float(len(frames))}


def words(choice: Mapping[str, Any], seed: int) -> list[str]:
    """What gap_fit is told. Its random numbers begin with `seed`."""
    soap = (
        f"soap l_max={choice['l_max']} n_max={choice['n_max']} atom_sigma={choice['atom_sigma']}"
        f" cutoff={choice['cutoff']} cutoff_transition_width=1.0 zeta={choice['zeta']}"
        f" delta={choice['delta']} n_sparse={choice['sparse']} sparse_method=cur_points"
        " covariance_type=dot_product add_species=T"
    )
    sigma = f"{choice['sigma_energy']} {choice['sigma_forces']} {STRESS_SIGMA} 0.0"
    return [
        "at_file=train.extxyz",
        f"gap={{{soap}}}",
        f"default_sigma={{{sigma}}}",
        "energy_parameter_name=ref_energy",
        "force_parameter_name=ref_forces",
        "e0_method=average",
        f"rnd_seed={seed}",
        "do_copy_at_file=F",
        f"gp_file={FILE}",
    ]


def load(folder: Path) -> Any:
    """The calculator of a trained potential. Raises Failed."""
    settings = {"param_filename": str(folder / FILE)}
    return EnvironmentCalculator(ENVIRONMENT, "quippy.potential:Potential", settings)


FAMILY = Family(
    name="soap-gap",
    label="SOAP-GAP",
    title="Gaussian approximation potential on SOAP",
    about="Sparse Gaussian process on the smooth overlap of atomic positions (QUIP, gap_fit).",
    space={
        "cutoff": Real(4.2, 5.5, about="cut-off in A"),
        "n_max": Whole(6, 9, about="radial functions"),
        "l_max": Whole(4, 7, about="largest degree of the spherical harmonics"),
        "atom_sigma": Real(0.4, 0.7, about="width of the atoms in A"),
        "zeta": Choice((2, 4), about="power of the similarity"),
        "sparse": Choice((60, 100, 200), about="representative neighbourhoods"),
        "sigma_energy": Real(0.001, 0.01, log=True, about="expected error of energies, eV/atom"),
        "sigma_forces": Real(0.03, 0.3, log=True, about="expected error of forces, eV/A"),
        "delta": Real(0.5, 4.0, log=True, about="expected spread of energies of atoms, eV"),
    },
    train=train,
    load=load,
    seconds=60.0,
    environment=ENVIRONMENT,
)
