"""Rules that name classes of atoms: `name: condition`, the first that holds counts.

    bcc: ptm == "bcc"
    close-packed #2ca02c: ptm in ("fcc", "hcp")
    (wall): element != "Li"
    disordered: true

A colour may follow the name. A class in parentheses is left out of counts. Rules stand on lines of
their own, or with `;` between them; rules of one name are one class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import matching_mask

Array = NDArray[Any]

OTHER = "other"
"""The class of atoms for which no rule holds."""
MOST = 60
_PIECE = re.compile(r"""((?:"[^"]*"|'[^']*'|`[^`]*`|[^;\n"'`]|["'`])*)[;\n]?""")
_RULE = re.compile(
    r"\s*(?P<open>\()?\s*(?P<name>[^:()#]+?)\s*(?(open)\))\s*(?P<colour>#[0-9a-fA-F]{6})?\s*"
    r":(?P<condition>.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Rule:
    """Atoms for which a condition holds are of a class. `colour`: `#rrggbb`, '' for the usual."""

    name: str
    condition: str
    colour: str = ""
    counted: bool = True


CRYSTAL = (
    Rule("bcc", 'cna == "bcc"'),
    Rule("close-packed", 'cna in ("fcc", "hcp")'),
    Rule("disordered", "true"),
)
LITHIUM = (
    Rule("wall", 'element != "Li"', counted=False),
    Rule("electrolyte Li", 'near("O", 2.6)', counted=False),
    Rule("bcc", 'ptm == "bcc"'),
    Rule("close-packed", 'ptm in ("fcc", "hcp")'),
    Rule("disordered", "true"),
)
"""Thermal lithium at an oxide. Its metal alone is matched: see METAL."""
METAL = 'element == "Li" and not near("O", 2.6)'


def read_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a text, in order. Raises AnalysisProblem with the rule that cannot be read."""
    pieces = [piece.strip() for piece in _pieces(text) if piece.strip()]
    rules = tuple(_rule(piece) for piece in pieces)
    if not rules:
        raise AnalysisProblem("there are no rules; write e.g. bcc: cna == 'bcc'")
    if len(rules) > MOST:
        raise AnalysisProblem(f"there are at most {MOST} rules")
    return rules


def _pieces(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None or match.end() == at:
            break
        yield match[1]
        at = match.end()


def _rule(piece: str) -> Rule:
    match = _RULE.fullmatch(piece)
    if match is None or not match["condition"].strip():
        raise AnalysisProblem(f"rule {piece!r}: write a name, a colon and a condition")
    name, condition = match["name"].strip(), match["condition"].strip()
    return Rule(name, condition, (match["colour"] or "").lower(), match["open"] is None)


def write_rules(rules: Sequence[Rule]) -> str:
    """The text that `read_rules` reads."""
    return "\n".join(_written(rule) for rule in rules)


def _written(rule: Rule) -> str:
    name = rule.name if rule.counted else f"({rule.name})"
    return f"{name}{' ' if rule.colour else ''}{rule.colour}: {rule.condition}"


def classes_of(rules: Sequence[Rule]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the classes, in order, and their colours ('' where none was chosen)."""
    colours: dict[str, str] = {}
    for rule in rules:
        colours[rule.name] = colours.get(rule.name) or rule.colour
    colours.setdefault(OTHER, "")
    return tuple(colours), tuple(colours.values())


def left_out(rules: Sequence[Rule]) -> frozenset[str]:
    """The classes that are left out of counts."""
    return frozenset(rule.name for rule in rules if not rule.counted)


def classified(rules: Sequence[Rule], names: Mapping[str, Array], n: int) -> Array:
    """(n,) the number of each atom's class. Raises AnalysisProblem with the rule that does not fit.

    `names` has an array (n,) for each name that conditions may use.
    """
    classes, _ = classes_of(rules)
    codes = np.full(n, classes.index(OTHER), np.uint8)
    free = np.ones(n, bool)
    for rule in rules:
        try:
            holds = matching_mask(rule.condition, names, n) & free
        except QueryProblem as problem:
            raise AnalysisProblem(f"rule {rule.name!r}: {problem.reason}") from None
        codes[holds] = classes.index(rule.name)
        free &= ~holds
    return codes
