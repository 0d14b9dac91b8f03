"""A family of potentials: what can be chosen, how one is trained, and how it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.space import HyperParameters, Space

Labelled = tuple[Any, ...]
"""ase.Atoms with `info["energy"]` in eV and `arrays["forces"]` in eV/A."""


@dataclass(frozen=True)
class Lesson:
    """What a model is trained with: labelled frames, a choice of hyper-parameters, a seed."""

    train: Labelled
    validation: Labelled
    choice: HyperParameters
    seed: int
    folder: Path
    """Where the model is saved."""

    def generator(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)


@dataclass(frozen=True)
class Family:
    """`train(lesson)` saves a model in its folder and tells what it found; `load(folder)` gives an
    ASE calculator. Both raise Failed. `version` counts changes that give other numbers; `needs`
    are packages that must be there; `defaults` are used where a design samples nothing."""

    name: str
    label: str
    """as it stands in the table"""
    title: str
    about: str
    space: Space
    train: Callable[[Lesson], Mapping[str, float]]
    load: Callable[[Path], Any]
    seconds: float
    """of a core for a training on 80 frames of 64 atoms, roughly"""
    version: int = 1
    needs: tuple[str, ...] = ()
    environment: str = ""
    """the one of `environments` in which it is trained and computed"""
