"""`links.csv`: which trajectories and other files belong to which model."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from mlipviewer.core.links import ROLES, Link
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.files import MEGABYTE, decode, read_bytes, write_text

NEEDED = ("model", "role", "path")
SIZE_LIMIT = 16 * MEGABYTE
LISTED = 10  # lines with problems; more are counted


def read_links(path: str | Path) -> tuple[Link, ...]:
    """Links of a CSV file with the header `model,role,path` and, if wanted, `metric`.

    A line with a metric may name no model: its file is the evidence for that metric of all models.
    Paths are relative to the file of links; whether they exist is asked when they are opened.
    Raises ReadProblem with a sentence for each line that says no link.
    """
    file = Path(path)
    text, _ = decode(read_bytes(file, SIZE_LIMIT), file)
    reader = csv.reader(StringIO(text, newline=""))
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in header]
        if missing:
            wanted = ",".join(NEEDED)
            raise ReadProblem(f"the header of a file of links is {wanted}", file, line=1)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ReadProblem(str(error), file, line=reader.line_num) from None
    links, problems = [], []
    for line, row in rows:
        try:
            links.append(_link(dict(zip(header, row, strict=False)), file, line))
        except ReadProblem as problem:
            problems.append(problem)
    if problems:
        raise _as_one(problems, file)
    return tuple(links)


def _as_one(problems: list[ReadProblem], file: Path) -> ReadProblem:
    more = [f"line {one.place.line}: {one.reason}" for one in problems[1:LISTED]]
    if len(problems) > LISTED:
        more.append(f"and {len(problems) - LISTED} more lines")
    return ReadProblem("; ".join((problems[0].reason, *more)), file, line=problems[0].place.line)


def _link(cells: dict[str, str], file: Path, line: int) -> Link:
    values = {name: cells.get(name, "").strip() for name in (*NEEDED, "metric")}
    needed = NEEDED[1:] if values["metric"] else NEEDED
    for name in needed:
        if not values[name]:
            raise ReadProblem(f"the {name} is missing", file, line=line)
    role = values["role"].lower()
    if role not in ROLES:
        raise ReadProblem(f"the role is {', '.join(ROLES)}, not {role!r}", file, line=line)
    if "\0" in values["path"]:
        raise ReadProblem("the path holds a NUL character", file, line=line)
    # a POSIX path in the file, whatever the system it was written on
    target = file.absolute().parent / values["path"].replace("\\", "/")
    return Link(values["model"], role, str(target), values["metric"])


def write_links(path: str | Path, links: Iterable[Link]) -> None:
    """A file that `read_links` reads as these links. Paths in the folder of the file and below it
    are relative to it, so that the folder can be moved; others are absolute.

    Raises OSError, or ValueError for a link that the file cannot say.
    """
    file = Path(path)
    folder = file.absolute().parent
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*NEEDED, "metric"))
    for link in links:
        cells = (link.model, link.role, _told(Path(link.path), folder), link.metric)
        if any(cell != cell.strip() or "\0" in cell for cell in cells):
            raise ValueError(f"a link of {link.model} has blanks around a name or path")
        writer.writerow(cells)
    write_text(file, text.getvalue())


def _told(target: Path, folder: Path) -> str:
    below = target.is_relative_to(folder)
    return (target.relative_to(folder) if below else target).as_posix()
