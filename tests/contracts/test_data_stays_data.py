"""Rules S1, S2 and R1 as far as the text of the program shows them: see docs/reliability.md.

That no file imports pickle, calls eval, exec, DataFrame.query or blockSignals is in test_house.py.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = sorted((ROOT / "mlipviewer").rglob("*.py"))
NETWORK = {"socket", "http", "urllib", "requests", "ftplib", "smtplib", "httpx", "aiohttp", "ssl"}
PANDAS = {"pd", "pandas"}
MAPPED = {"mmap", "memmap", "open_memmap"}
IN_A_PROCESS_OF_ITS_OWN = {"mlipviewer/io/trajectories/indexed/netcdf.py"}
SCRATCH = {  # folders of a campaign's own work, begun anew after a crash; logs; what is unpacked
    "mlipviewer/campaign/environments.py",
    "mlipviewer/campaign/families/pod.py",
    "mlipviewer/campaign/given_models.py",
    "mlipviewer/campaign/lammps_fitting.py",
    "mlipviewer/campaign/potentials/saved.py",
    "mlipviewer/campaign/potentials/snap_fit.py",
    "mlipviewer/app/start/crash_log.py",
    "mlipviewer/session/campaigns/process.py",
    "mlipviewer/session/reports/log_book.py",
    "mlipviewer/session/saving/packing.py",
}

Rule = Callable[[ast.AST], str | None]


def named(node: ast.AST) -> str:
    """The last part of what is called: `load` of `numpy.load`."""
    func = node.func if isinstance(node, ast.Call) else node
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def opens_addresses(node: ast.AST) -> str | None:
    """A library of the network, or a reader of pandas: those take an address for a file."""
    match node:
        case ast.Import(names=names) if {n.name.split(".")[0] for n in names} & NETWORK:
            return "imports the network"
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in NETWORK:
            return "imports the network"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
            return f"calls {owner}.{name}" if owner in PANDAS and name.startswith("read_") else None
    return None


def unpacks(node: ast.AST) -> str | None:
    """An archive's own names would say where its content goes."""
    if isinstance(node, ast.Call) and named(node) in {"extractall", "unpack_archive"}:
        return f"calls {named(node)}"
    return None


def maps(node: ast.AST) -> str | None:
    """A mapped file that becomes shorter ends the process (SIGBUS)."""
    if not isinstance(node, ast.Call):
        return None
    said = {key.arg: ast.unparse(key.value) for key in node.keywords}
    if named(node) in MAPPED or said.get("mmap", "False") != "False":
        return "maps a file"
    return "maps a file" if said.get("mmap_mode", "None") != "None" else None


def shows_html(node: ast.AST) -> str | None:
    """A label made with a text that is not written here would take it for HTML."""
    match node:
        case ast.Call(func=ast.Name(id="QLabel"), args=[first, *_]) if not constant(first):
            return f"QLabel({ast.unparse(first)})"
        case ast.Call(func=ast.Attribute(attr="showText"), args=[_, text, *_]) if not inert(text):
            return f"showText({ast.unparse(text)})"
    return None


TIPS = {"setToolTip", "setStatusTip", "setWhatsThis", "setInformativeText"}
BOXES = {"question", "information", "warning", "critical"}
ASKED = {"getText", "getItem", "getInt", "getDouble", "getMultiLineText"}


def tells_html(node: ast.AST) -> str | None:
    """Tool tips and questions take a text that looks like HTML for it: `plain` is not enough."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[*_, text]) if name in TIPS:
            return None if inert(text) else f"{name}({ast.unparse(text)})"
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="QMessageBox"), attr=name), args=[_, _, text, *_]
        ) if name in BOXES and not inert(text):
            return f"QMessageBox.{name}({ast.unparse(text)})"
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="QInputDialog"), attr=name), args=[_, _, text, *_]
        ) if name in ASKED and not inert(text):
            return f"QInputDialog.{name}({ast.unparse(text)})"
    return _tip_of_a_model(node)


def _tip_of_a_model(node: ast.AST) -> str | None:
    """What a model answers where it is asked for a tool tip."""
    match node:
        case ast.If(test=test, body=body) if "ToolTipRole" in ast.unparse(test):
            answers = body
        case ast.match_case(pattern=pattern, body=body) if "ToolTipRole" in ast.unparse(pattern):
            answers = body
        case _:
            return None
    told = [one.value for part in answers for one in ast.walk(part) if isinstance(one, ast.Return)]
    bad = [one for one in told if one is not None and not inert(one)]
    return f"tells {ast.unparse(bad[0])}" if bad else None


def inert(text: ast.AST) -> bool:
    """Written here, or made by a function that lets nothing be HTML."""
    match text:
        case ast.IfExp(body=one, orelse=other):
            return inert(one) and inert(other)
        case ast.Call():
            return named(text) in {"plain_tip", "escape"}
    return constant(text)


def constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def writes_in_place(node: ast.AST) -> str | None:
    """A file that is written where it stands is lost by a full disk or a kill."""
    match node:
        case ast.Call(func=ast.Attribute(attr="write_text" | "write_bytes" as name)):
            return f"calls .{name}"
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open"), args=args):
            modes = [a.value for a in args if isinstance(a, ast.Constant)]
            modes += [k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)]
            bad = [m for m in modes if isinstance(m, str) and set(m) <= set("rwaxbt+")]
            return "opens to write" if any(set(m) & set("wax+") for m in bad) else None
    return None


def found(rule: Rule, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if why := rule(node):
            yield f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}: {why}"


def everywhere(rule: Rule, but: set[str] | frozenset[str] = frozenset()) -> list[str]:
    files = [path for path in PACKAGE if path.relative_to(ROOT).as_posix() not in but]
    return [one for path in files for one in found(rule, path)]


def test_that_no_reader_takes_an_address_for_a_file() -> None:
    # the one question to the web is the user's own: session/updates.py, no room of readers
    assert everywhere(opens_addresses, {"mlipviewer/session/updates.py"}) == []


def test_that_no_archive_says_where_it_is_unpacked() -> None:
    assert everywhere(unpacks) == []


def test_that_no_file_of_a_user_is_mapped() -> None:
    assert everywhere(maps, IN_A_PROCESS_OF_ITS_OWN) == []


def test_that_no_label_takes_a_text_for_html() -> None:
    assert everywhere(shows_html) == []


def test_that_s2_no_tip_and_no_question_takes_a_text_for_html() -> None:
    assert everywhere(tells_html) == []


def test_that_files_are_written_beside_and_renamed() -> None:
    assert everywhere(writes_in_place, {"mlipviewer/io/files.py", *SCRATCH}) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (opens_addresses, "import urllib.request"),
        (opens_addresses, "from socket import socket"),
        (opens_addresses, "pd.read_csv(text)"),
        (opens_addresses, "pandas.read_hdf(path)"),
        (unpacks, "archive.extractall(folder)"),
        (unpacks, "shutil.unpack_archive(path)"),
        (maps, "np.memmap(path)"),
        (maps, "np.load(path, mmap_mode='r')"),
        (maps, "netcdf_file(path, 'r', mmap=True)"),
        (shows_html, "QLabel(name)"),
        (shows_html, "QLabel(f'{name} atoms', self)"),
        (shows_html, "QToolTip.showText(at, name, self)"),
        (tells_html, "item.setToolTip(2, plain(name))"),
        (tells_html, "button.setToolTip(tip)"),
        (tells_html, "button.setToolTip(f'{name}: drag')"),
        (tells_html, "box.setInformativeText(reason)"),
        (tells_html, "QMessageBox.question(self, 'Save', plain(name))"),
        (tells_html, "QInputDialog.getText(self, 'Name', f'Name of {name}')"),
        (tells_html, "if role == Role.ToolTipRole and known:\n    return plain(name)"),
        (writes_in_place, "path.write_text(text)"),
        (writes_in_place, "open(path, 'w')"),
        (writes_in_place, "path.open(mode='ab')"),
    ],
)
def test_that_each_rule_of_data_finds_what_it_forbids(rule: Rule, code: str) -> None:
    assert any(rule(node) for node in ast.walk(ast.parse(code)))
