"""Packages with plug-ins in a folder of a test, found as installed ones are."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mlipviewer.core import plugins

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "worst-metric"


def install(
    folder: Path,
    name: str,
    points: Mapping[str, Mapping[str, str]],
    modules: Mapping[str, str],
    requires: str = "mlipviewer",
    version: str = "1.0",
) -> None:
    """Modules with their text, and a .dist-info that names their entry points."""
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text, "utf-8")
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: {requires}\n"
    (info / "METADATA").write_text(head)
    lines = []
    for group, of in points.items():
        lines += [f"[{group}]", *(f"{key} = {place}" for key, place in of.items()), ""]
    (info / "entry_points.txt").write_text("\n".join(lines))


def install_example(folder: Path) -> None:
    """The package of docs/examples, as its pyproject.toml says."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    text = (EXAMPLE / "worst_metric.py").read_text("utf-8")
    (requires,) = project["dependencies"]
    points = project["entry-points"]
    modules = {"worst_metric": text}
    install(folder, project["name"], points, modules, requires, project["version"])


@contextmanager
def on_path(folder: Path) -> Iterator[Path]:
    """The folder is one of those that packages are installed in."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    plugins.forget()
    before = set(sys.modules)
    try:
        yield folder
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if (folder / f"{name}.py").exists():
                del sys.modules[name]
        plugins.forget()
