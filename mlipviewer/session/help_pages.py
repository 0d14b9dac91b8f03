"""Pages of help as plain data: one for each analysis, computation and panel, from what they say
of themselves, and of formulas and references in `resources/help`."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.core.analysis import Analysis, Params, param_help
from mlipviewer.core.computation import Computation
from mlipviewer.core.resources import resource_json
from mlipviewer.session.actions.action import Where
from mlipviewer.session.actions.listing import ACTIONS
from mlipviewer.session.state import Panel

PLACES = {
    "plot": Where.PLOT,
    "atoms": Where.ATOMS,
    "timeline": Where.TIMELINE,
    "links": Where.LINKS,
}


@dataclass(frozen=True)
class Page:
    """What is told about one thing: headings with their lines of plain text."""

    title: str
    about: str
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def text(self) -> str:
        """All of it, to be searched."""
        lines = (line for _, section in self.sections for line in section)
        return "\n".join([self.title, self.about, *lines])


@cache
def pages() -> Mapping[str, Page]:
    """By key: `analysis:NAME`, `column:NAME`, `panel:KIND`."""
    found = {f"panel:{kind}": panel_page(kind) for kind in panel_texts()}
    found |= {f"analysis:{name}": analysis_page(one) for name, one in ANALYSES.items()}
    found |= {f"column:{name}": computation_page(one) for name, one in COMPUTATIONS.items()}
    return MappingProxyType(found)


def page_key(panel: Panel) -> str:
    """The page about a panel: of its analysis, else of its kind."""
    return f"analysis:{panel.analysis}" if panel.analysis else f"panel:{panel.view}"


def found_pages(words: str) -> list[str]:
    """The keys of the pages that hold all the words: those with them in the title first."""
    asked = words.casefold().split()
    fitting = {
        key: page
        for key, page in pages().items()
        if all(word in page.text.casefold() for word in asked)
    }

    def order(key: str) -> tuple[bool, str]:
        title = fitting[key].title.casefold()
        return not all(word in title for word in asked), title

    return sorted(fitting, key=order)


@cache
def panel_texts() -> Mapping[str, Mapping[str, object]]:
    found: Mapping[str, Mapping[str, object]] = resource_json("help/panels.json")
    return found


@cache
def formulas() -> Mapping[str, Mapping[str, list[str]]]:
    """By analysis: `formula` and `reference` lines."""
    found: Mapping[str, Mapping[str, list[str]]] = resource_json("help/formulas.json")
    return found


def panel_page(kind: str) -> Page:
    """A panel by its kind of view. Raises KeyError."""
    told = panel_texts()[kind]
    lines = told["lines"]
    assert isinstance(lines, list)
    return Page(str(told["title"]), lines[0], _full(("Use", tuple(lines[1:])), _keys(kind)))


def analysis_page(analysis: Analysis) -> Page:
    """Definition, formula, parameters, results, reference, keys and command of an analysis."""
    extra, (told, references) = formulas().get(analysis.name, {}), _of_module(analysis.run)
    columns = tuple(f"{name}: {what}" for name, what in analysis.columns.items())
    sections = _full(
        ("Formula", tuple(extra.get("formula", ()))),
        ("Definition", told),
        ("Needs", (", ".join(analysis.needs),)),
        ("Parameters", tuple(_params(analysis.params))),
        ("Results", _paragraphs(inspect.getdoc(analysis.run) or "")),
        ("Columns of the table", columns),
        ("Plots", tuple(analysis.plots)),
        ("Reference", (*extra.get("reference", ()), *references)),
        ("Without a window", (f"mlipviewer run {analysis.name} --help",)),
        _keys("plot"),
    )
    return Page(analysis.title, analysis.about, sections)


def computation_page(one: Computation) -> Page:
    """A column that is computed of atoms."""
    told, references = _of_module(one.run)
    units = {name: f" ({unit})" for name, unit in one.units.items()}
    columns = tuple(f"{name}{units.get(name, '')}: {what}" for name, what in one.columns.items())
    sections = _full(
        ("Definition", told),
        ("Parameters", tuple(_params(one.params))),
        ("Columns of atoms", columns),
        ("Reference", references),
    )
    return Page(f"{one.title} (column of atoms)", one.about, sections)


def _full(*sections: tuple[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((title, lines) for title, lines in sections if any(lines))


def _of_module(run: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the file of a function says: its paragraphs, those that are references apart."""
    module = sys.modules.get(getattr(run, "__module__", ""))
    every = _paragraphs(inspect.getdoc(module) or "")
    references = tuple(one for one in every if re.match(r"(?i)references?:", one))
    return tuple(one for one in every if one not in references), tuple(
        re.sub(r"(?i)^references?:\s*", "", one) for one in references
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def _params(kind: type[Params]) -> Iterator[str]:
    about = param_help(kind)
    for field in fields(kind):
        told = about.get(field.name)
        if told is not None:
            yield f"{field.name.replace('_', ' ')}: {told.text}"


def _keys(kind: str) -> tuple[str, tuple[str, ...]]:
    place = PLACES.get(kind)
    mine = (one for one in ACTIONS if one.keys and place is not None and place in one.where)
    return "Keys", tuple(f"{', '.join(one.keys)}: {one.title}" for one in mine)
