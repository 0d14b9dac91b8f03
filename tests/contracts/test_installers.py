"""The files of installers agree with each other and with the program."""

from __future__ import annotations

import importlib.util
import os
import plistlib
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
import yaml

import mlipviewer
from packaging.version import Version

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
LINUX = PACKAGING / "linux"
ID = "org.mlipviewer.MLIPViewer"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def module(name: str) -> ModuleType:
    """A script of packaging/, as a module."""
    sys.path.insert(0, str(PACKAGING))
    try:
        spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
        return found
    finally:
        sys.path.remove(str(PACKAGING))


def desktop() -> ConfigParser:
    entry = ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(LINUX / f"{ID}.desktop")
    return entry


@pytest.mark.parametrize("path", sorted(PACKAGING.rglob("*.sh")), ids=lambda path: path.name)
def test_that_each_script_of_packaging_parses(path: Path) -> None:
    subprocess.run(["sh", "-n", str(path)], check=True)


def test_that_the_desktop_entry_opens_all_kinds_that_are_declared() -> None:
    kinds = ElementTree.parse(LINUX / f"{ID}.xml").getroot()
    declared = {one.attrib["type"] for one in kinds.iter(f"{MIME}mime-type")}
    offered = set(desktop()["Desktop Entry"]["MimeType"].strip(";").split(";"))
    assert declared <= offered
    about = ElementTree.parse(LINUX / f"{ID}.metainfo.xml").getroot()
    assert {one.text for one in about.iter("mediatype")} == declared
    assert about.findtext("launchable") == f"{ID}.desktop"


def test_that_the_desktop_entry_says_options_that_there_are() -> None:
    from mlipviewer.cli import USAGE

    entry = desktop()
    for name in entry.sections():
        for option in re.findall(r"--[a-z-]+", entry[name]["Exec"]):
            assert option in USAGE
    page = (LINUX / "mlipviewer.1").read_text().replace("\\-", "-")
    assert set(re.findall(r"--[a-z-]+", USAGE)) - {"--json", "--out", "--help"} <= set(
        re.findall(r"--[a-z-]+", page)
    )


def test_that_the_window_is_known_to_the_desktop_by_the_entry() -> None:
    main = Path(mlipviewer.__file__).parent / "app" / "main.py"
    assert f'setDesktopFileName("{ID}")' in main.read_text("utf-8")


def test_that_windows_and_macos_offer_the_same_kinds_of_files() -> None:
    about = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    suffixes = {
        suffix
        for kind in (*about["UTImportedTypeDeclarations"], *about["UTExportedTypeDeclarations"])
        for suffix in kind["UTTypeTagSpecification"]["public.filename-extension"]
    }
    assert {"mlipview", "extxyz", "lammpstrj", "dump", "traj"} <= suffixes
    script = (PACKAGING / "windows" / "installer.nsi").read_text("utf-8")
    for suffix in suffixes:
        assert script.count(f".{suffix}") >= 2  # as it comes and as it goes
    known = {kind["UTTypeIdentifier"] for kind in about["UTExportedTypeDeclarations"]}
    ranks = {
        kind["LSHandlerRank"]: set(kind["LSItemContentTypes"])
        for kind in about["CFBundleDocumentTypes"]
    }
    assert ranks["Owner"] == known  # nothing of others is taken


def test_that_what_is_built_elsewhere_names_files_that_there_are() -> None:
    root = PACKAGING.parent
    flow = yaml.safe_load((root / ".github" / "workflows" / "installers.yml").read_text())
    said = [step.get("run", "") for job in flow["jobs"].values() for step in job["steps"]]
    scripts = re.findall(r"packaging[/\\][\w./\\]+\.(?:sh|ps1)", "\n".join(said))
    assert len(scripts) >= 5
    for script in scripts:
        assert (root / script.replace("\\", "/")).exists(), script
    bundle = yaml.safe_load((PACKAGING / "flatpak" / f"{ID}.yml").read_text())
    assert bundle["app-id"] == ID


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@y.invalid"]
    alone = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, env=alone)


def test_that_the_version_is_that_of_the_tag(tmp_path: Path) -> None:
    version = module("version").version
    (tmp_path / "mlipviewer").mkdir()
    (tmp_path / "mlipviewer" / "__init__.py").write_text('__version__ = "7.8"\n')
    assert version(tmp_path) == "7.8"
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    assert version(tmp_path) == "7.8"
    git(tmp_path, "tag", "v1.2.9")
    assert version(tmp_path) == "1.2.9"
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "two")
    later = version(tmp_path)
    assert re.fullmatch(r"1\.2\.10\.dev1\+g[0-9a-f]+", later)
    assert Version("1.2.9") < Version(later) < Version("1.2.10")
    inner = tmp_path / "unpacked"
    shutil.copytree(tmp_path / "mlipviewer", inner / "mlipviewer")
    assert version(inner) == "7.8"  # the tag of another repository around it says nothing
    (inner / "PKG-INFO").write_text("Metadata-Version: 2.4\nName: x\nVersion: 3.4rc1\n")
    assert version(inner) == "3.4rc1"


def test_that_tags_that_are_no_versions_are_refused() -> None:
    of_tag = module("version").of_tag
    assert of_tag("v2.0rc1-0-gabc") == "2.0rc1"
    assert of_tag("v2.0rc1-3-gabc") == "2.0rc2.dev3+gabc"
    assert of_tag("v3-1-gabc") == "4.dev1+gabc"
    with pytest.raises(ValueError, match="no version"):
        of_tag("v2.0-final-0-gabc")


def test_that_the_source_says_a_version_too() -> None:
    """The same, or an earlier one than that in the making: before the release come its trials."""
    made = Version(module("version").version())
    assert made.release >= Version(mlipviewer.__version__).release


def test_that_a_difference_of_two_analyses_is_found() -> None:
    every = module("every_analysis")
    one = {"exit": 0, "result": {"inputs": 1, "tables": {"a": [1.0, float("1e-7"), "x"]}}}
    near = {"exit": 0, "result": {"inputs": 2, "tables": {"a": [1.0 + 1e-9, 1e-7, "x"]}}}
    assert not list(every.differences(one, near, ""))
    for bad in ([1.0, 1e-7], [1.001, 1e-7, "x"], [1.0, 1e-7, "y"], [1.0, None, "x"]):
        other = {"exit": 0, "result": {"inputs": 1, "tables": {"a": bad}}}
        assert list(every.differences(one, other, ""))
    assert list(every.differences(one, {"exit": 1}, ""))


def test_that_docstrings_go_and_asserts_stay() -> None:
    """ASE reads in an assert."""
    import ast

    trim = module("trim_frozen")
    text = '"""Told."""\nfrom __future__ import annotations\ndef f():\n    "told"\nassert f()\n'
    tree = trim.silenced(ast.parse(text))
    assert "told" not in ast.dump(tree).lower()
    assert [type(one).__name__ for one in tree.body] == ["ImportFrom", "FunctionDef", "Assert"]
    compile(tree, "x", "exec")


def test_that_copies_of_a_library_become_links(tmp_path: Path) -> None:
    for name in ("liba.so", "liba.so.1", "liba.so.1.2"):
        (tmp_path / name).write_text("same")
    (tmp_path / "libb.so").write_text("other")
    module("trim_frozen").join_same(tmp_path)
    links = {path.name for path in tmp_path.iterdir() if path.is_symlink()}
    assert links == {"liba.so", "liba.so.1"}
    assert all(path.read_text() in ("same", "other") for path in tmp_path.iterdir())
