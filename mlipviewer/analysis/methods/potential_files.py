"""Files that say which LAMMPS potential is meant: a few words, and files of parameters beside."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mlipviewer.analysis.methods.lammps_worker import UNITS
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.elements import elements
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.resources import resource

FILE = "potential.toml"
SHIPPED = "potentials"
LARGEST = 1 << 20
_WORDS = re.compile(r"[^\s$&\"'#;`]+(?: [^\s$&\"'#;`]+)*")
"""Words of one command: no second line, no variable, no quote."""
_PROGRAMS = {"python", "mliappy", "unified", "kim", "plugin"}
"""Styles whose parameters are programs, or are unpickled: a file of parameters is data."""
_KEYS = {"title", "about", "elements", "units", "pair_style", "pair_coeff", "pair_modify"}


@dataclass(frozen=True)
class Potential:
    """A LAMMPS potential: commands of its pair style; `elements` are its types in their order.

    `folder` is where names of files are looked for, before LAMMPS's own potentials.
    """

    name: str
    folder: str
    elements: tuple[str, ...]
    units: str
    pair_style: str
    pair_coeff: tuple[str, ...]
    pair_modify: tuple[str, ...] = ()
    title: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Atomic numbers of the types."""
        known = {one.symbol: one.number for one in elements()}
        return tuple(known[symbol] for symbol in self.elements)


def is_potential(name: str) -> bool:
    """Whether a calculator is named by a file of this kind, its folder, or `lammps:NAME`."""
    text = name.strip()
    return text.startswith("lammps:") or text.endswith(".toml") or (Path(text) / FILE).is_file()


def potential_path(name: str) -> Path:
    """The file that a name means. Raises AnalysisProblem."""
    text = name.strip()
    if text.startswith("lammps:"):
        return _shipped(text.removeprefix("lammps:"))
    path = Path(text).expanduser()
    return path / FILE if path.is_dir() else path


def shipped_potentials() -> tuple[str, ...]:
    """Names of the potentials whose parameters come with LAMMPS, as `lammps:NAME` wants them."""
    names = (one.name for one in resource(SHIPPED).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _shipped(name: str) -> Path:
    if name not in shipped_potentials():
        known = ", ".join(shipped_potentials())
        raise AnalysisProblem(f"no potential lammps:{name}; there are {known}")
    return Path(str(resource(f"{SHIPPED}/{name}.toml")))


def read_potential(name: str) -> Potential:
    """The potential of a `.toml` file, of the folder of a potential.toml, or a shipped one.

    Raises AnalysisProblem, ReadProblem.
    """
    path = potential_path(name)
    try:
        if path.stat().st_size > LARGEST:
            raise ReadProblem("is too large to name a potential", path)
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise ReadProblem(f"cannot be read: {problem}", path) from None
    except tomllib.TOMLDecodeError as problem:
        raise ReadProblem(f"is no TOML: {problem}", path) from None
    return _potential(said, path)


def _potential(said: dict[str, Any], path: Path) -> Potential:
    unknown = sorted(set(said) - _KEYS)
    if unknown:
        raise ReadProblem(f"{unknown[0]!r} is none of {', '.join(sorted(_KEYS))}", path)
    units = said.get("units", "metal")
    if units not in UNITS:
        raise ReadProblem(f"units are {' or '.join(UNITS)}, not {units!r}", path)
    symbols = _listed(said, "elements", path)
    known = {one.symbol for one in elements() if one.number > 0}
    if odd := [symbol for symbol in symbols if symbol not in known]:
        raise ReadProblem(f"elements: {odd[0]!r} is no element", path)
    style = _listed(said, "pair_style", path)
    if len(style) != 1:
        raise ReadProblem("pair_style is one text", path)
    coefficients = _listed(said, "pair_coeff", path)
    modify = _listed(said, "pair_modify", path, needed=False)
    return Potential(
        path.parent.name if path.name == FILE else path.stem,
        str(path.parent.absolute()),
        symbols,
        units,
        style[0],
        coefficients,
        modify,
        str(said.get("title", "")),
    )


def _listed(said: dict[str, Any], key: str, path: Path, needed: bool = True) -> tuple[str, ...]:
    """One text or several, each the words of one command. Raises ReadProblem."""
    given = said.get(key, [])
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise ReadProblem(f"{key} is a text or a list of texts", path)
    if needed and not texts:
        raise ReadProblem(f"it has no {key}", path)
    for text in texts:
        if not _WORDS.fullmatch(text):
            raise ReadProblem(f"{key}: {text[:80]!r} is not the words of one command", path)
        if program := _PROGRAMS & set(text.lower().split()):
            raise ReadProblem(f"{key}: {program.pop()!r} would run a program", path)
    return tuple(texts)


def fingerprint_of_calculator(name: str) -> str:
    """What the numbers of a named potential depend on beside its name: the contents of its files
    and the version of LAMMPS; empty for other calculators."""
    if not is_potential(name):
        return ""
    try:
        potential = read_potential(name)
    except (AnalysisProblem, ReadProblem):
        return ""
    digest = sha256(repr(potential).encode())
    for word in dict.fromkeys(" ".join(potential.pair_coeff).split()):
        file = Path(potential.folder) / word
        if file.is_file():
            digest.update(file.read_bytes())
    try:
        return f"{digest.hexdigest()} {version('lammps')}"
    except PackageNotFoundError:
        return digest.hexdigest()
