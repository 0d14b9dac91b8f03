"""Frames of a lesson as files for programs that train: energies and forces under names that no
reader takes for those of a calculator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.family import Lesson
from mlipviewer.campaign.labelled import split, write_frames

ENERGY, FORCES = "ref_energy", "ref_forces"
TRAIN, WATCHED = "train.extxyz", "watched.extxyz"
SHARE = 0.1


def bare(atoms: Any) -> Any:
    """A copy with nothing but the structure, `ref_energy` in eV and `ref_forces` in eV/A."""
    from ase import Atoms

    made = Atoms(numbers=atoms.numbers, positions=atoms.positions, cell=atoms.cell, pbc=atoms.pbc)
    made.info[ENERGY] = float(atoms.info["energy"])
    made.set_array(FORCES, atoms.arrays["forces"])
    return made


def parted(lesson: Lesson) -> tuple[list[Any], list[Any]]:
    """The frames to train on, and a tenth of them by which a program chooses among its own epochs.
    Those of validation are not touched: models are compared by them. Raises Failed."""
    if len(lesson.train) < 2:
        raise Failed("it needs two frames to train on at least")
    return split(lesson.train, SHARE, lesson.seed)


def write_lesson(lesson: Lesson) -> tuple[Sequence[Any], Sequence[Any]]:
    """Both parts, written as extended XYZ to the folder. Raises Failed, OSError."""
    parts = parted(lesson)
    for name, frames in zip((TRAIN, WATCHED), parts, strict=True):
        write_frames(lesson.folder / name, map(bare, frames))
    return parts


def elements_of(frames: Sequence[Any]) -> list[str]:
    """Symbols of the elements, by number."""
    from ase.data import chemical_symbols

    return [
        chemical_symbols[z] for z in sorted({int(z) for atoms in frames for z in atoms.numbers})
    ]
