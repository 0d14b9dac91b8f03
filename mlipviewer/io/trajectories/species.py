"""Labels of atoms to atomic numbers: the element where a label names one, 0 where it does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_TABLE = (
    "X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se "
    "Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy "
    "Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf "
    "Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
)
SYMBOLS = tuple(_TABLE.split(" "))

_NUMBERS = {symbol: number for number, symbol in enumerate(SYMBOLS)}
_ISOTOPES = {"D": 1, "T": 1}
_LETTERS = re.compile(r"[A-Za-z]+")


def atomic_number(label: str) -> int:
    """The best guess: `Si`, `Si1`, `SI`, `si`, `Si-bulk` are 14, `D` is 1, `bulk` is 0."""
    if label in _NUMBERS:
        return _NUMBERS[label]
    if label.isascii() and label.isdigit():
        return int(label) if len(label) < 4 and int(label) < len(SYMBOLS) else 0
    match = _LETTERS.match(label)
    letters = match.group() if match else ""
    if len(letters) > 2:
        return 0
    return _NUMBERS.get(letters.title(), 0) or _ISOTOPES.get(letters, 0) or _split(letters)


def _split(letters: str) -> int:
    """`HW`, `OW`, `CT`: no element of two letters, so the first letter is the element."""
    return _NUMBERS.get(letters[:1], 0) if letters.isupper() else 0


def numbers_and_labels(codes: Array, labels: Sequence[str]) -> tuple[Array, Array | None]:
    """(n,) atomic numbers and, where a label says more than its element, the (n,) labels.

    `codes` (n,) are indices into `labels`.
    """
    table = np.array([atomic_number(label) for label in labels] or [0], np.int32)
    numbers = table[codes]
    if all(SYMBOLS[number] == label for number, label in zip(table, labels, strict=False)):
        return numbers, None
    return numbers, np.array(list(labels) or [""])[codes]
