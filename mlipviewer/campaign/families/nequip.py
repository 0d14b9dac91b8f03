"""NequIP: equivariant message passing, Batzner et al., Nat. Commun. 13, 2453 (2022), trained by
`nequip-train` of nequip (MIT). The checkpoint of the best epoch is the model: what `nequip-compile`
makes of it would be faster, and needs a C++ compiler."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlipviewer.campaign.environment_calculator import EnvironmentCalculator
from mlipviewer.campaign.environments import run_program
from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.lesson_files import (
    ENERGY,
    FORCES,
    TRAIN,
    WATCHED,
    elements_of,
    write_lesson,
)
from mlipviewer.campaign.space import Choice, Real
from mlipviewer.io.files import write_text

ENVIRONMENT = "nequip"
CONFIG, BEST = "config.yaml", "best"
LAST_RATE = 0.02
"""Of the first learning rate, in the last epoch."""


def train(lesson: Lesson) -> Mapping[str, float]:
    """Energies and forces by nequip-train. Raises Failed."""
    frames, _ = write_lesson(lesson)
    said = config(lesson.choice, elements_of(lesson.train), lesson.seed)
    write_text(lesson.folder / CONFIG, json.dumps(said, indent=1))
    here = ["hydra.run.dir=.", "hydra.output_subdir=null"]
    run_program(ENVIRONMENT, "nequip-train", ["-cp", str(lesson.folder), *here], lesson.folder)
    return {"n_train": float(len(frames))}


def config(choice: Mapping[str, Any], elements: Sequence[str], seed: int) -> dict[str, Any]:
    """What nequip-train is told: YAML holds all that JSON does."""
    watched = "val0_epoch/weighted_sum"
    return {
        "run": ["train"],
        "data": _data(choice, elements, seed),
        "trainer": {
            "_target_": "lightning.Trainer",
            "accelerator": "cpu",
            "max_epochs": choice["epochs"],
            "enable_progress_bar": False,
            "logger": False,
            "callbacks": [
                {
                    "_target_": "lightning.pytorch.callbacks.ModelCheckpoint",
                    "monitor": watched,
                    "dirpath": ".",
                    "filename": BEST,
                    "save_top_k": 1,
                }
            ],
        },
        "training_module": {
            "_target_": "nequip.train.NequIPLightningModule",
            "loss": _weighted("EnergyForceLoss", float(choice["energy_weight"])),
            "val_metrics": _weighted("EnergyForceMetrics", float(choice["energy_weight"])),
            "optimizer": {"_target_": "torch.optim.Adam", "lr": choice["rate"]},
            "lr_scheduler": {
                "scheduler": {
                    "_target_": "torch.optim.lr_scheduler.ExponentialLR",
                    "gamma": LAST_RATE ** (1 / int(choice["epochs"])),
                },
                "interval": "epoch",
                "frequency": 1,
            },
            "model": _model(choice, elements, seed),
        },
    }


def _data(choice: Mapping[str, Any], elements: Sequence[str], seed: int) -> dict[str, Any]:
    return {
        "_target_": "nequip.data.datamodule.ASEDataModule",
        "seed": seed,
        "train_file_path": TRAIN,
        "val_file_path": WATCHED,
        "include_keys": [ENERGY, FORCES],
        "key_mapping": {ENERGY: "total_energy", FORCES: "forces"},
        "transforms": [
            {
                "_target_": "nequip.data.transforms.ChemicalSpeciesToAtomTypeMapper",
                "model_type_names": list(elements),
            },
            {
                "_target_": "nequip.data.transforms.NeighborListTransform",
                "r_max": choice["cutoff"],
            },
        ],
        "train_dataloader": {
            "_target_": "torch.utils.data.DataLoader",
            "batch_size": choice["batch"],
            "shuffle": True,
        },
        "val_dataloader": {"_target_": "torch.utils.data.DataLoader", "batch_size": 4},
        "stats_manager": {
            "_target_": "nequip.data.CommonDataStatisticsManager",
            "dataloader_kwargs": {"batch_size": 4},
            "type_names": list(elements),
        },
    }


def _weighted(kind: str, energy: float) -> dict[str, Any]:
    name = "total_energy" if kind.endswith("Loss") else "per_atom_energy_rmse"
    forces = "forces" if kind.endswith("Loss") else "forces_rmse"
    return {"_target_": f"nequip.train.{kind}", "coeffs": {name: energy, forces: 1.0}}


def _model(choice: Mapping[str, Any], elements: Sequence[str], seed: int) -> dict[str, Any]:
    return {
        "_target_": "nequip.model.NequIPGNNModel",
        "seed": seed,
        "model_dtype": "float64",
        "type_names": list(elements),
        "r_max": choice["cutoff"],
        "num_layers": choice["layers"],
        "l_max": choice["l_max"],
        "parity": False,
        "num_features": choice["features"],
        "radial_mlp_depth": 1,
        "radial_mlp_width": choice["width"],
        "num_bessels": 8,
        "polynomial_cutoff_p": 6,
        "avg_num_neighbors": "${training_data_stats:num_neighbors_mean}",
        "per_type_energy_shifts": "${training_data_stats:per_atom_energy_mean}",
        "per_type_energy_scales": "${training_data_stats:forces_rms}",
    }


def load(folder: Path) -> Any:
    """The calculator of a trained potential. Raises Failed."""
    kind = "nequip.integrations.ase:NequIPCalculator._from_saved_model"
    settings = {"model_path": str(folder / f"{BEST}.ckpt"), "device": "cpu"}
    return EnvironmentCalculator(ENVIRONMENT, kind, settings)


FAMILY = Family(
    name="nequip",
    label="NequIP",
    title="equivariant message passing",
    about="Messages of features that turn with the structure, on spherical harmonics (nequip).",
    space={
        "cutoff": Real(4.2, 5.5, about="cut-off of one layer in A"),
        "layers": Choice((2, 3), about="layers of messages"),
        "features": Choice((8, 16), about="features of each degree"),
        "l_max": Choice((1, 2), about="largest degree of the features"),
        "width": Choice((16, 32, 64), about="nodes of the radial network"),
        "epochs": Choice((30, 60), about="passes over the training set"),
        "batch": Choice((2, 4), about="frames of one step"),
        "rate": Real(0.005, 0.02, log=True, about="first learning rate"),
        "energy_weight": Real(1.0, 100.0, log=True, about="weight of energies per atom"),
    },
    train=train,
    load=load,
    seconds=600.0,
    environment=ENVIRONMENT,
)
