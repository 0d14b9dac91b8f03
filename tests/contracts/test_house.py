"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from mlipviewer.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = sorted((ROOT / "mlipviewer").rglob("*.py"))
ALL = sorted(
    path
    for folder in ("mlipviewer", "tests", "packaging")
    for path in (ROOT / folder).rglob("*.py")
)
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
UNSAFE_METHODS = {"query", "read_pickle", "to_pickle", "blockSignals"}
HEAVY = {"pandas", "scipy", "ase", "networkx", "PySide6", "pyqtgraph", "vispy", "yaml"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8"), filename=str(path)))


def unsafe(node: ast.AST) -> str | None:
    """Why `node` may run code that came with a file, or hide a signal; None when it is harmless."""
    match node:
        case ast.Import(names=names) if {n.name.split(".")[0] for n in names} & UNSAFE_MODULES:
            return "imports " + ", ".join(n.name for n in names)
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in UNSAFE_MODULES:
            return f"imports from {module}"
        case ast.Call(func=ast.Name(id=name)) if name in UNSAFE_CALLS:
            return f"calls {name}"
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            return unsafe_method(ast.unparse(owner), name, node)
    return None


def unsafe_method(owner: str, name: str, call: ast.Call) -> str | None:
    if owner == "yaml" and name in {"load", "load_all", "unsafe_load", "full_load"}:
        loader = " ".join(ast.unparse(part) for part in [*call.args, *call.keywords])
        return None if "SafeLoader" in loader else f"calls yaml.{name} without a safe loader"
    if name == "query" and owner.removeprefix("self._") == "tree":
        return None  # a search of neighbours (scipy.spatial.KDTree), not a condition on a table
    frame_eval = name == "eval" and owner != "self"
    pickled = any(k.arg == "allow_pickle" and ast.unparse(k.value) == "True" for k in call.keywords)
    if name in UNSAFE_METHODS or frame_eval or pickled:
        return f"calls {owner}.{name}" + (" with allow_pickle" if pickled else "")
    return None


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_that_no_file_runs_data_as_code_or_blocks_signals(path: Path) -> None:
    found = [f"line {n.lineno}: {why}" for n in nodes(path) if (why := unsafe(n))]  # type: ignore[attr-defined]
    assert not found, found


@pytest.mark.parametrize(
    "code",
    [
        "eval(text)",
        "exec(text)",
        "import pickle",
        "from pickle import load",
        "frame.query(text)",
        "frame.eval(text)",
        "pandas.read_pickle(path)",
        "yaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
        "numpy.load(path, allow_pickle=True)",
        "box.blockSignals(True)",
    ],
)
def test_that_the_rule_above_finds_what_it_forbids(code: str) -> None:
    assert any(unsafe(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_that_files_and_functions_stay_short(path: Path) -> None:
    n_lines = len(path.read_text("utf-8").splitlines())
    assert n_lines <= 400
    functions = [n for n in nodes(path) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    assert not {name: n for name, n in lengths.items() if n > 50}


def test_that_file_names_say_something() -> None:
    assert not [
        name_of(path) for path in PACKAGE if EMPTY_NAMES & set(re.split(r"[_.]", path.stem))
    ]


def test_that_no_two_files_of_tests_share_a_name() -> None:
    """Pytest takes the second for the first, and then runs nothing at all."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert not [name for name, count in names.items() if count > 1]


def test_that_every_file_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in PACKAGE
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


# --- start -----------------------------------------------------------------------------------


def test_that_the_command_line_starts_without_the_heavy_libraries() -> None:
    code = "import sys, mlipviewer.cli; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_that_pyside_keeps_the_reference_count_of_none() -> None:
    """PySide6 6.12 on Python 3.11 loses one per void call and aborts after some 5000 of them."""
    from PySide6.QtCore import QObject

    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(2000):
        thing.setObjectName("a name")
    assert abs(sys.getrefcount(None) - before) < 500


# --- licences --------------------------------------------------------------------------------


def core_packages() -> set[str]:
    """Every distribution that an installed MLIPViewer needs, on this platform."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: set[str] = set()
    waiting = list(project["dependencies"])
    while waiting:
        wanted = Requirement(waiting.pop())
        name = wanted.name.lower().replace("_", "-")
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += importlib.metadata.requires(name) or []
    return found


def licence_of(name: str) -> str:
    """The declared licence: the expression, else the classifiers, else the first line of text."""
    data = importlib.metadata.metadata(name)
    classifiers = [c for c in data.get_all("Classifier") or () if c.startswith("License ::")]
    text = data.get("License-Expression") or " AND ".join(classifiers) or data.get("License") or ""
    return text.strip().splitlines()[0] if text.strip() else ""


def is_gpl(licence: str) -> bool:
    """Whether no alternative of the licence is free of the (Affero) GPL; the LGPL is welcome."""
    gpl = re.compile(r"(?<![A-Z])A?GPL|(?<!LESSER )GENERAL PUBLIC|AFFERO")
    return all(gpl.search(choice) for choice in licence.upper().split(" OR "))


def test_that_no_core_package_is_under_the_gpl() -> None:
    licences = {name: licence_of(name) for name in core_packages()}
    assert {"numpy", "pyside6-essentials", "shiboken6"} <= set(licences)
    assert not [name for name, licence in licences.items() if not licence], "no licence declared"
    assert not {name: licence for name, licence in licences.items() if is_gpl(licence)}


@pytest.mark.parametrize(
    ("licence", "gpl"),
    [
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("LGPL-2.1-or-later", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GPL-3.0-or-later", True),
        ("MIT AND GPL-2.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0-only", True),
    ],
)
def test_that_the_gpl_is_told_from_the_lgpl(licence: str, gpl: bool) -> None:
    assert is_gpl(licence) is gpl


def test_that_every_core_package_is_locked_with_hashes() -> None:
    lock = (ROOT / "packaging" / "lock.txt").read_text("utf-8")
    locked = re.findall(r"^([a-z0-9-]+)==\S+.*\\\n +--hash=sha256:", lock, flags=re.MULTILINE)
    assert core_packages() <= set(locked)


@pytest.mark.parametrize("name", ["lock.txt", "uv.txt", "build.txt"])
def test_that_a_lock_names_packages_and_no_addresses(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text("utf-8")
    assert "==" in text
    assert not re.search(r"://|^-|^--| @ ", text, flags=re.MULTILINE)


def test_that_run_looks_for_no_screen_where_a_command_needs_none() -> None:
    case = re.search(r"^(list \|.*)\)$", (ROOT / "run").read_text("utf-8"), flags=re.MULTILINE)
    assert case is not None
    words = {word for word in case.group(1).split(" | ") if not word.startswith("-")}
    assert words == set(COMMANDS)


@pytest.mark.parametrize("name", ["run", "test", "packaging/setup.sh", "packaging/screen.sh"])
def test_that_the_shell_scripts_parse(name: str) -> None:
    subprocess.run(["sh", "-n", str(ROOT / name)], check=True)
