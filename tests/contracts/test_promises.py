"""Each rule of docs/reliability.md names the tests that prove it, and those tests exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
RULES = [f"{letter}{n}" for letter, last in (("R", 16), ("S", 6), ("D", 8), ("L", 5))
         for n in range(1, last + 1)]  # fmt: skip
MET = ("met", "partly", "not met")


def rows() -> dict[str, tuple[str, str, str, str]]:
    """Rule -> what it asks, whether it is met, its tests, what is missing."""
    found = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and re.fullmatch(r"[RSDL]\d+", cells[0]):
            assert cells[0] not in found, f"{cells[0]} stands there twice"
            found[cells[0]] = (cells[1], cells[2], cells[3], cells[4])
    return found


def proofs_named() -> list[str]:
    """Every `file.py::name` of the page, its tables of goals and threats too."""
    pages = (PAGE, PAGE.with_name("threats.md"))
    text = "\n".join(page.read_text("utf-8") for page in pages)
    return sorted(set(re.findall(r"`(\S+?\.py::\w+)`", text)))


@cache
def functions(file: str) -> frozenset[str]:
    """What stands in a file of tests: its basename is the only one of its kind."""
    (path,) = (ROOT / "tests").rglob(file)
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_that_every_rule_is_answered_for() -> None:
    assert list(rows()) == RULES


@pytest.mark.parametrize("rule", RULES)
def test_that_a_rule_is_proved_or_what_lacks_is_said(rule: str) -> None:
    asked, met, proofs, missing = rows()[rule]
    assert asked
    assert met in MET
    assert ".py::" in proofs or met == "not met", "no test proves it"
    assert bool(missing) == (met != "met"), "what is missing is said where something is missing"


@pytest.mark.parametrize("name", proofs_named())
def test_that_a_named_test_exists(name: str) -> None:
    file, _, function = name.partition("::")
    assert f"test_that_{function}" in functions(file)


def test_that_a_rule_can_be_found_wanting() -> None:
    assert "test_that_no_such_thing" not in functions("test_promises.py")
    assert len(proofs_named()) > 60
