"""What steps of history say that they changed."""

from __future__ import annotations

from dataclasses import fields, replace

from mlipviewer.core.named_sets import NamedSet
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import step_parts
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.state import Colouring, Document, frozen
from mlipviewer.session.step_parts import Part, parts_of

START = Document(panels=start_panels())


def test_that_every_part_of_a_document_has_words() -> None:
    known = {*step_parts._PARTS, *step_parts._ATOMS, "selected"}
    assert known == {field.name for field in fields(Document)}


def test_that_numbers_and_texts_are_told_before_and_after() -> None:
    moved = replace(START, frame=16, condition="C11 < 5")
    assert parts_of(START, moved) == (
        Part.MODELS,
        ("frame 1 → 17", "filter: none → C11 < 5"),
    )
    back = parts_of(moved, START)[1]
    assert back == ("frame 17 → 1", "filter: C11 < 5 → none")


def test_that_selections_are_counted_by_space() -> None:
    chosen = {(Space.ATOM, "run"): rows(range(1200)), (Space.MODEL, "t"): rows([1])}
    kind, lines = parts_of(START, replace(START, selected=frozen(chosen)))
    assert kind is Part.MODELS
    assert lines == ("selected atoms of run: 0 → 1,200", "selected models of t: 0 → 1")
    both = replace(START, selected=frozen(chosen))
    fewer = {**chosen, (Space.ATOM, "run"): rows([])}
    assert parts_of(both, replace(both, selected=frozen(fewer))) == (
        Part.ATOMS,
        ("selected atoms of run: 1,200 → 0",),
    )


def test_that_opening_a_file_is_about_files() -> None:
    one = Input("a.csv", "/data/a.csv", Kind.TABLE)
    kind, lines = parts_of(START, replace(START, inputs=(one,), table="a.csv", axes=("x",)))
    assert kind is Part.FILES
    assert lines[0] == "open files: 0 → 1"
    assert "the shown table: none → a.csv" in lines


def test_that_kinds_are_those_of_what_changed() -> None:
    changed = {
        Part.PANELS: {"panels": START.panels[1:]},
        Part.ATOMS: {"colouring": Colouring("energies")},
        Part.TIME: {"frame": 3},
        Part.MODELS: {"sets": (NamedSet("a", Space.MODEL, "t", "#000000"),)},
    }
    for kind, values in changed.items():
        found, lines = parts_of(START, replace(START, **values))  # type: ignore[arg-type]
        assert found is kind
        assert len(lines) == 1


def test_that_a_long_text_is_cut_and_nothing_said_of_nothing() -> None:
    long = replace(START, condition="a" * 500)
    (line,) = parts_of(START, long)[1]
    assert len(line) < 100
    assert parts_of(START, START) == (Part.PANELS, ())
