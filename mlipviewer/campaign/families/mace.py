"""MACE: message passing with many-body messages, Batatia et al., Adv. Neural Inf. Process. Syst.
35, 11423 (2022), trained by `mace_run_train` of mace-torch (MIT)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlipviewer.campaign.environment_calculator import EnvironmentCalculator
from mlipviewer.campaign.environments import run_program
from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.lesson_files import ENERGY, FORCES, TRAIN, WATCHED, write_lesson
from mlipviewer.campaign.space import Choice, Real, Whole

ENVIRONMENT, NAME = "mace", "mace"
LAST_RATE = 0.02
"""Of the first learning rate, in the last epoch."""


def train(lesson: Lesson) -> Mapping[str, float]:
    """Energies and forces by mace_run_train. Raises Failed."""
    frames, _ = write_lesson(lesson)
    run_program(ENVIRONMENT, "mace_run_train", words(lesson.choice, lesson.seed), lesson.folder)
    return {"n_train": float(len(frames))}


def words(choice: Mapping[str, Any], seed: int) -> list[str]:
    """What mace_run_train is told."""
    epochs = int(choice["epochs"])
    said = {
        "name": NAME,
        "seed": seed,
        "train_file": TRAIN,
        "valid_file": WATCHED,
        "energy_key": ENERGY,
        "forces_key": FORCES,
        "E0s": "average",
        "r_max": choice["cutoff"],
        "num_channels": choice["channels"],
        "max_L": choice["max_l"],
        "max_ell": choice["max_ell"],
        "correlation": choice["correlation"],
        "num_interactions": choice["layers"],
        "energy_weight": choice["energy_weight"],
        "forces_weight": 1.0,
        "lr": choice["rate"],
        "batch_size": choice["batch"],
        "max_num_epochs": epochs,
        "scheduler": "ExponentialLR",
        "lr_scheduler_gamma": f"{LAST_RATE ** (1 / epochs):.6f}",
        "eval_interval": max(epochs // 20, 1),
        "default_dtype": "float32",
        "device": "cpu",
        "work_dir": ".",
        "plot": "False",
    }
    return [f"--{name}={value}" for name, value in said.items()]


def load(folder: Path) -> Any:
    """The calculator of a trained potential, in double precision. Raises Failed."""
    path = str(folder / f"{NAME}.model")
    settings = {"model_paths": path, "device": "cpu", "default_dtype": "float64"}
    return EnvironmentCalculator(ENVIRONMENT, "mace.calculators:MACECalculator", settings)


FAMILY = Family(
    name="mace",
    label="MACE",
    title="equivariant message passing with many-body messages",
    about="Messages from products of neighbour densities on spherical harmonics (mace-torch).",
    space={
        "cutoff": Real(4.2, 5.5, about="cut-off of one layer in A"),
        "layers": Choice((1, 2), about="layers of messages"),
        "channels": Choice((8, 16), about="channels of each degree"),
        "max_l": Choice((0, 1), about="largest degree of the messages"),
        "max_ell": Whole(2, 3, about="largest degree of the spherical harmonics"),
        "correlation": Whole(2, 3, about="neighbours at once in a message"),
        "epochs": Whole(20, 50, about="passes over the training set"),
        "batch": Choice((2, 4), about="frames of one step"),
        "rate": Real(0.005, 0.02, log=True, about="first learning rate"),
        "energy_weight": Real(1.0, 100.0, log=True, about="weight of energies per atom"),
    },
    train=train,
    load=load,
    seconds=600.0,
    environment=ENVIRONMENT,
)
