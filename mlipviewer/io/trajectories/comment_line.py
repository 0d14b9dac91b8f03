"""The comment line of extended XYZ: `key=value` pairs, read without losing what was written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.io.trajectories.layout import Damaged

Array = NDArray[Any]

LONGEST_PARSED = 1 << 20
"""Longer values stay text: they are no numbers that anybody plots."""

_QUOTED = r""" "[^"\\]*(?:\\.[^"\\]*)*" | '[^'\\]*(?:\\.[^'\\]*)*' """
_BRACKETS = r""" \{[^{}]*\} | \[[^\s"']*\] | \[[^"']*?\](?=\s|$) """
_PAIR = re.compile(
    rf""" \s*(?P<key> "[^"]*" | '[^']*' | [^\s="'{{}}\[\]]+[^\s=]* )
          (?: \s*=\s* (?P<value> {_QUOTED} | {_BRACKETS} | [^\s]* ) )? """,
    re.VERBOSE,
)
_WHOLE = re.compile(r"[+-]?(?:0|[1-9]\d{0,17})")
_REAL = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?\d+[eE][+-]\d+")
_LOOSE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_MEASURED = re.compile(r"energy|force|stress|virial|dipole|temperature|pressure", re.IGNORECASE)
_STEP = re.compile(r"(\w+)\s*=\s*([^\s,]+)(?:,|$)")


@dataclass
class Comment:
    """What the comment says: the cell (rows, A), its corner, what is periodic, and the rest."""

    cell: Array | None = None
    pbc: tuple[bool, bool, bool] = (False, False, False)
    origin: Array = field(default_factory=lambda: np.zeros(3))
    properties: str | None = None
    info: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def finite(self) -> bool:
        cell = self.cell is None or bool(np.isfinite(self.cell).all())
        return cell and bool(np.isfinite(self.origin).all())


def read_comment(text: str) -> Comment:
    """Raises Damaged where the cell cannot be read."""
    comment = Comment()
    if "=" not in text:
        if text:
            comment.info["comment"] = text
        return comment
    pairs = _pairs(text, comment.notes)
    _take_cell(pairs, comment)
    properties = pairs.pop("Properties", None)
    comment.properties = _unquoted(properties)[0] if properties else None
    for key, value in pairs.items():
        comment.info[key] = True if value is None else typed(key, value)
        if value is not None and (oddity := _oddity(value, comment.info[key])):
            comment.notes.append(f"{key[:40]} {oddity}")
    _voigt(comment)
    _units(comment)
    return comment


def _pairs(text: str, notes: list[str]) -> dict[str, str | None]:
    """The keys with their values as written (quotes included); None for a bare word. Raises
    Damaged."""
    if re.match(r"i\s*=\s*\d+\s*,", text):
        return dict(_STEP.findall(text))
    pairs: dict[str, str | None] = {}
    for match in _PAIR.finditer(text):
        key, value = _unquoted(match["key"])[0], match["value"]
        if key in pairs and pairs[key] != value:
            if key == "Properties":
                raise Damaged("Properties is given twice: which columns there are is not clear", 1)
            notes.append(f"{key[:40]} is given twice ({_short(pairs[key])}, {_short(value)})")
        pairs[key] = value
    return pairs


def _short(value: str | None) -> str:
    return "" if value is None else value[:40]


def _unquoted(value: str) -> tuple[str, bool]:
    """The value without its quotes, and whether it had any."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        inner = value[1:-1]
        return (re.sub(r"\\(.)", r"\1", inner) if "\\" in inner else inner), True
    return value, False


def typed(key: str, value: str) -> Any:
    """A number, an array or True/False where the text can mean nothing else; else the text.

    `007`, `1_000`, `12e4567`, `1e5`, `F` and `nan` stay text: they are labels as often as not.
    """
    text, quoted = _unquoted(value)
    if len(text) > LONGEST_PARSED:
        return text
    if text.startswith("_JSON "):
        return _json(text[6:], text)
    if text[:1] == "[" and text[-1:] == "]":
        return _json(text, text)
    if text[:1] == "{" and text[-1:] == "}" and not quoted:
        text, quoted = text[1:-1], True
    return _scalar(key, text) if len(text.split()) < 2 else _vector(text)


def _oddity(raw: str, value: Any) -> str:
    if len(raw) > LONGEST_PARSED:
        return f"has {len(raw)} characters: kept as text"
    if isinstance(value, str) and value.startswith("_JSON "):
        return "is not readable JSON: kept as text"
    return ""


def _scalar(key: str, text: str) -> Any:
    word = text.strip()
    if _WHOLE.fullmatch(word):
        return int(word)
    if _REAL.fullmatch(word) and abs(number := float(word)) < np.inf:
        return number
    if word in ("True", "true", "False", "false"):
        return word.title() == "True"
    if _MEASURED.search(key) and (
        word.lower().lstrip("+-") in ("nan", "inf") or _LOOSE.fullmatch(word)
    ):
        return float(word)
    return text


def _vector(text: str) -> Any:
    """An array where all words are numbers, or all T or F; 9 numbers are a matrix, by columns."""
    words = text.replace(",", " ").split()
    if all(word in ("T", "F") for word in words):
        return np.array([word == "T" for word in words])
    if not all(_LOOSE.fullmatch(word) for word in words):
        return text
    whole = all(_WHOLE.fullmatch(word) for word in words)
    values = np.array([int(w) if whole else float(w) for w in words], np.int64 if whole else float)
    return values.reshape(3, 3).T if len(values) == 9 else values


def _json(text: str, raw: str) -> Any:
    """JSON as lists, numbers and text, an array where it is one; else the raw text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return raw
    if isinstance(value, list):
        try:
            array = np.array(value)
        except (ValueError, RecursionError):
            return value
        return array if array.dtype.kind in "ifb" else value
    return value


def _take_cell(pairs: dict[str, str | None], comment: Comment) -> None:
    lattice = next(
        (key for key in ("Lattice", "lattice", "cell") if _numbers(pairs.get(key))), None
    )
    if lattice is not None:
        numbers = _numbers(pairs.pop(lattice))
        comment.cell = _cell(numbers)
        comment.pbc = (True, True, True) if comment.cell is not None else comment.pbc
    for key in ("Origin", "origin"):
        if (numbers := _numbers(pairs.get(key))) and len(numbers) == 3:
            del pairs[key]
            comment.origin = np.array(numbers)
    if (pbc := pairs.get("pbc")) is not None:
        words = re.findall(r"[TtFf01]\w*", _unquoted(pbc)[0])
        if len(words) in (1, 3):
            del pairs["pbc"]
            flags = [word[0] in "Tt1" for word in words]
            comment.pbc = (flags[0], flags[len(flags) // 2], flags[-1])
        else:
            comment.notes.append(f"pbc {pbc[:40]} is neither one nor three of T and F: not taken")


def _numbers(value: str | None) -> list[float]:
    """The numbers of a vector; empty where it is none. Raises Damaged where a word is bad."""
    if not value:
        return []
    words = re.sub(r"[\[\]{},]", " ", _unquoted(value)[0]).split()
    try:
        return [_strict_float(word) for word in words]
    except ValueError:
        if sum(_LOOSE.fullmatch(word) is not None for word in words) < 3:
            return []
        bad = next(word for word in words if not _is_float(word))
        raise Damaged(f"Lattice: {bad[:40]!a} is not a number", 1) from None


def _strict_float(word: str) -> float:
    """float() without Python's own `1_000`. Raises ValueError."""
    if "_" in word:
        raise ValueError(word)
    return float(word)


def _is_float(word: str) -> bool:
    try:
        _strict_float(word)
    except ValueError:
        return False
    return True


def _cell(numbers: list[float]) -> Array | None:
    if len(numbers) == 3:
        return np.diag(numbers)
    if len(numbers) != 9:
        raise Damaged(f"Lattice: {len(numbers)} numbers, expected 9", 1)
    cell = np.array(numbers).reshape(3, 3)
    return cell if cell.any() else None


_UNIT_OF_TIME = re.compile(r"(sim|simulation|md)?[_ ]?time_units?", re.IGNORECASE)


def _units(comment: Comment) -> None:
    for key, value in comment.info.items():
        if not re.search(r"(^|[-_])units?$", key, re.IGNORECASE) or not isinstance(value, str):
            continue
        # times are converted where they are asked for
        if not (_UNIT_OF_TIME.fullmatch(key) and value.lower() in ("fs", "ps", "ns", "us", "s")):
            comment.notes.append(f"{key[:40]} is {value[:40]!a}: nothing was converted")


def _voigt(comment: Comment) -> None:
    for key, value in comment.info.items():
        if key.lower().endswith(("stress", "virial")) and np.shape(value) == (6,):
            comment.notes.append(f"{key[:40]} has 6 numbers: kept as written (Voigt order unknown)")
