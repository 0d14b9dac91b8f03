"""The folder of a campaign: its design, journal, sets, models, evidence and table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mlipviewer.campaign import journal
from mlipviewer.campaign.design import Design
from mlipviewer.campaign.design_file import as_toml, read_design
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.io.files import write_text

SUFFIX = ".campaign"


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def design_file(self) -> Path:
        return self.path / "design.toml"

    @property
    def journal(self) -> Path:
        return self.path / journal.FILE

    def set_file(self, name: str, key: str) -> Path:
        return self.path / "sets" / f"{name}-{key[:8]}.extxyz"

    def model(self, key: str) -> Path:
        return self.path / "models" / key[:16]

    def evidence(self, model: str, key: str) -> Path:
        return self.path / "evidence" / f"{model}-{key[:6]}"

    @property
    def given(self) -> Path:
        """Files of models that were added to it."""
        return self.path / "given"

    @property
    def log(self) -> Path:
        return self.path / "run.log"

    @property
    def links(self) -> Path:
        return self.path / "links.csv"

    @property
    def table(self) -> Path:
        return self.path / "errors.csv"


def folder_of(design_file: Path, given: str = "") -> Folder:
    """The folder that is named, else one in the working folder by the name of the design."""
    return Folder(Path(given or f"{design_file.stem}{SUFFIX}").absolute())


def begun(folder: Folder, design: Design, source: Path) -> None:
    """Make the folder, with its own copy of the design: as text where it is the first one, to keep
    the comments. Relative names of files mean those beside the source. Raises OSError."""
    folder.path.mkdir(parents=True, exist_ok=True)
    write_text(folder.design_file, as_toml(placed(design, source.absolute().parent)))


def placed(design: Design, beside: Path) -> Design:
    """The design with absolute names of files."""
    from dataclasses import replace

    sets = tuple(
        replace(one, file=str(beside / one.file)) if one.file else one for one in design.sets
    )
    return replace(design, sets=sets)


def design_in(folder: Folder) -> Design:
    """The design of a folder. Raises DesignProblem, ReadProblem."""
    if not folder.design_file.is_file():
        raise DesignProblem(f"{folder.path} holds no campaign: campaign run begins one")
    return read_design(folder.design_file)


def folder_beside(file: str) -> Folder:
    """The folder of the campaign of a design file: beside it, and of its name. The design in the
    folder of a campaign is that campaign's own."""
    path = Path(file)
    if path.parent.name.endswith(SUFFIX):
        return Folder(path.parent)
    return Folder(path.with_name(f"{path.stem}{SUFFIX}"))
