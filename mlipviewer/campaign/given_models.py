"""A model that exists, as people name it, as a calculator of a design: an ASE calculator, a LAMMPS
potential, a file of parameters or a checkpoint."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlipviewer.analysis.methods.potential_files import is_potential
from mlipviewer.campaign.calculators import SHORT
from mlipviewer.campaign.design import Existing
from mlipviewer.campaign.failure import DesignProblem

STYLES: Mapping[str, str] = {
    ".sw": "sw",
    ".tersoff": "tersoff",
    ".tersoff.mod": "tersoff/mod",
    ".edip": "edip",
    ".eam.alloy": "eam/alloy",
    ".eam.fs": "eam/fs",
}
"""Pair styles of LAMMPS by the end of the name of their file of parameters."""


@dataclass(frozen=True)
class Checkpoint:
    """Who reads a file: a calculator that is made with the path as `key`."""

    calculator: str
    key: str
    more: Mapping[str, Any]


CHECKPOINTS: Mapping[str, Checkpoint] = {
    ".model": Checkpoint("mace.calculators:MACECalculator", "model_paths", {"device": "cpu"}),
    ".xml": Checkpoint("quippy.potential:Potential", "param_filename", {}),
    ".pb": Checkpoint("deepmd.calculator:DP", "model", {}),
    ".pth": Checkpoint("deepmd.calculator:DP", "model", {}),
    "nep.txt": Checkpoint("calorine.calculators:CPUNEP", "model_filename", {}),
}
"""By the end of the name of the file."""
HOW = (
    "it is an ASE calculator (module:Class), lammps:NAME, a .toml that says a pair_style, a file"
    f" of parameters ({', '.join(STYLES)}, .snapcoeff) or a checkpoint ({', '.join(CHECKPOINTS)})"
)
_NAME = re.compile(r"\w+(\.\w+)*:\w+")


def existing_of(
    name: str, spec: str, settings: Mapping[str, Any], element: str, folder: Path
) -> Existing:
    """The model of that name; files of LAMMPS are copied into `folder/NAME`, so that the campaign
    can be moved and the row stays what it is. Raises DesignProblem, OSError."""
    text = spec.strip()
    path = Path(text).expanduser().absolute()
    if not path.exists():
        if text in SHORT or text.startswith("lammps:") or _NAME.fullmatch(text):
            return Existing(name, text, dict(settings))
        raise DesignProblem(f"{text!r} is no file; {HOW}")
    if is_potential(str(path)):
        return Existing(name, str(path), dict(settings))
    style = _ending(path, STYLES)
    if style is not None:
        return Existing(name, _potential(name, style, (path,), element, folder), dict(settings))
    if path.name.endswith(".snapcoeff"):
        both = (path, path.with_suffix(".snapparam"))
        return Existing(name, _potential(name, "snap", both, element, folder), dict(settings))
    reader = _ending(path, CHECKPOINTS)
    if reader is None:
        raise DesignProblem(f"{path.name} is no kind of file that is known; {HOW}")
    made = {reader.key: str(path), **reader.more, **settings}
    return Existing(name, reader.calculator, made)


def _ending(path: Path, known: Mapping[str, Any]) -> Any:
    """What the longest known end of the name stands for."""
    fitting = [end for end in known if path.name.lower().endswith(end)]
    return known[max(fitting, key=len)] if fitting else None


def _potential(name: str, style: str, files: Sequence[Path], element: str, folder: Path) -> str:
    """A folder that says how LAMMPS uses the files."""
    missing = [one for one in files if not one.is_file()]
    if missing:
        raise DesignProblem(f"there is no {missing[0].name} beside it")
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    words = []
    for number, one in enumerate(files):
        plain = f"parameters{number or ''}{''.join(one.suffixes[-2:])}"
        plain = re.sub(r"[^\w.-]", "_", plain)
        shutil.copyfile(one, place / plain)
        words.append(plain)
    coefficients = f"* * {' '.join(words)} {element}"
    said = f'elements = ["{element}"]\npair_style = "{style}"\npair_coeff = "{coefficients}"\n'
    (place / "potential.toml").write_text(said, encoding="utf-8")
    return str(place)


def files_in(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Files that settings name: what a model computes depends on their contents."""
    texts = [one for one in settings.values() if isinstance(one, str)]
    lists = [one for one in settings.values() if isinstance(one, list | tuple)]
    texts += [one for many in lists for one in many if isinstance(one, str)]
    return tuple(one for one in texts if Path(one).is_absolute() and Path(one).is_file())
