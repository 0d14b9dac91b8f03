"""Tables of columns as text for other programs: TSV for spreadsheets, Markdown, LaTeX."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Table = Mapping[str, Sequence[Any]]

LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def as_tsv(table: Table) -> str:
    """Tab-separated with a header, all digits; tabs and line ends inside cells become spaces."""
    lines = [[_flat(name) for name in table], *([_flat(c) for c in row] for row in _rows(table))]
    return "\n".join("\t".join(line) for line in lines) + "\n"


def as_markdown(table: Table, digits: int = 4) -> str:
    """A pipe table; numbers with `digits` significant digits, to the right."""
    names = [_flat(name).replace("|", r"\|") for name in table]
    marks = ["---:" if _is_numeric(values) else ":---" for values in table.values()]
    body = [[short_cell(cell, digits).replace("|", r"\|") for cell in row] for row in _rows(table)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (names, marks, *body))


def as_latex(table: Table, digits: int = 4) -> str:
    """A booktabs `tabular`; numbers with `digits` significant digits."""
    shape = "".join("r" if _is_numeric(values) else "l" for values in table.values())
    names = [_flat(name).translate(LATEX) for name in table]
    body = [[short_cell(cell, digits).translate(LATEX) for cell in row] for row in _rows(table)]
    lines = [f"{' & '.join(line)} \\\\" for line in (names, *body)]
    return "\n".join(
        [
            rf"\begin{{tabular}}{{{shape}}}",
            r"\toprule",
            lines[0],
            r"\midrule",
            *lines[1:],
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )


def _rows(table: Table) -> list[tuple[Any, ...]]:
    return list(zip(*table.values(), strict=True))


def _is_numeric(values: Sequence[Any]) -> bool:
    return bool(len(values)) and all(isinstance(value, int | float) for value in values)


def _flat(cell: Any) -> str:
    if isinstance(cell, float):
        return "" if math.isnan(cell) else repr(cell)
    return " ".join(str(cell).split())


def short_cell(cell: Any, digits: int) -> str:
    """A cell for reading: numbers with so many significant digits."""
    if isinstance(cell, float) and not math.isnan(cell):
        return f"{cell:.{digits}g}"
    return _flat(cell)
