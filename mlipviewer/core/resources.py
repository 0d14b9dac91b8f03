"""The files that come with the program, read through one door."""

from __future__ import annotations

import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


def resource(name: str) -> Traversable:
    """A shipped file or folder, such as `elements.json`. Raises FileNotFoundError.

    An installed program has them as `mlipviewer/resources`, a checkout beside the package.
    """
    package = files("mlipviewer")
    for root in (package / "resources", Path(str(package)).parent / "resources"):
        found = root.joinpath(*name.split("/"))
        if found.is_file() or found.is_dir():
            return found
    raise FileNotFoundError(f"MLIPViewer was installed without its file {name!r}")


def guide_folder() -> Path | None:
    """The user guide with its pictures: installed with the program, `docs/guide` of a checkout."""
    package = Path(str(files("mlipviewer")))
    places = (package / "resources" / "guide", package.parent / "docs" / "guide")
    return next((place for place in places if (place / "README.md").is_file()), None)


def resource_json(name: str) -> Any:
    """The content of a shipped JSON file. Raises FileNotFoundError."""
    return json.loads(resource(name).read_text(encoding="utf-8"))
