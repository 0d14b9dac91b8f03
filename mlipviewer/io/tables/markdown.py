"""Pipe tables of Markdown -> cells."""

from __future__ import annotations

import re

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.tables.delimited import Cells, distinct_names, unfinished

RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*")
BAR = re.compile(r"(?<!\\)\|")


def is_markdown(text: str) -> bool:
    """Whether one of the first lines is the rule between the head and the rows of a pipe table."""
    lines = text[:65_536].splitlines()
    return any("|" in line and RULE.fullmatch(line) for line in lines)


def read_markdown(text: str, path: str) -> Cells:
    """The cells of the first pipe table; others are counted in a note. Raises ReadProblem."""
    lines = text.splitlines()
    rules = [i for i, line in enumerate(lines) if "|" in line and RULE.fullmatch(line)]
    if not rules or rules[0] == 0:
        raise ReadProblem("is Markdown without a table", path)
    header = _split(lines[rules[0] - 1])
    names, notes = distinct_names([header[0] or "row", *header[1:]], path, rules[0])
    rows, numbers = [], []
    for number, line in enumerate(lines[rules[0] + 1 :], rules[0] + 2):
        if "|" not in line:
            break
        row = _split(line)
        if len(row) == len(names):
            rows.append(row)
            numbers.append(number)
        else:
            text_ = f"{len(row)} of {len(names)} cells; the row is left out"
            notes.append(Note(text_, Place(path, line=number), loss=True))
    if len(rules) > 1:
        notes.append(Note(f"the first of {len(rules)} tables is read", Place(path)))
    if numbers and numbers[-1] == len(lines):
        notes += unfinished(text, path)
    return Cells(names, rows, numbers, "|", tuple(notes))


def _split(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|").strip("*`") for cell in BAR.split(inner)]
