"""The help: every analysis, column and panel has a page that says what it is."""

from __future__ import annotations

import pytest

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.core.resources import guide_folder
from mlipviewer.session.help_pages import (
    formulas,
    found_pages,
    page_key,
    pages,
    panel_texts,
)
from mlipviewer.session.panels import all_panels, plot_panel, start_panels


@pytest.mark.parametrize("name", list(ANALYSES))
def test_that_every_analysis_has_a_page(name: str) -> None:
    page = pages()[f"analysis:{name}"]
    told = dict(page.sections)
    assert page.title == ANALYSES[name].title
    assert len(page.about) > 10
    assert any(told["Definition"])
    assert told["Results"]
    assert f"mlipviewer run {name}" in page.text


@pytest.mark.parametrize("name", list(COMPUTATIONS))
def test_that_every_column_of_atoms_has_a_page(name: str) -> None:
    told = dict(pages()[f"column:{name}"].sections)
    assert told["Definition"]
    assert told["Columns of atoms"] or COMPUTATIONS[name].values


def test_that_every_panel_of_a_new_window_has_a_page() -> None:
    for panel in start_panels():
        assert page_key(panel) in pages()
    assert found_pages("families ranges notes.csv")[0] == "panel:campaign"
    assert page_key(plot_panel("rdf")) == "analysis:rdf"
    assert {panel.view for panel in start_panels()} <= panel_texts().keys()


def test_that_formulas_are_of_analyses_and_readable() -> None:
    assert formulas().keys() <= ANALYSES.keys()
    assert len(formulas()) >= 60
    for one in formulas().values():
        assert all(line.isprintable() for line in one["formula"])
    assert "D = lim MSD" in pages()["analysis:msd"].text
    assert any("Liu" in line for line in dict(pages()["analysis:pareto"].sections)["Reference"])


def test_that_pages_are_found_by_words_with_titles_first() -> None:
    assert found_pages("radial distribution")[0] == "analysis:rdf"
    assert "analysis:msd" in found_pages("einstein")
    assert found_pages("no such thing at all") == []
    assert len(found_pages("")) == len(pages())


def test_that_keys_of_a_place_are_told() -> None:
    told = dict(pages()["panel:atoms"].sections)
    assert any("Measure" in line for line in told["Keys"])


def test_that_the_guide_is_there_with_its_pictures() -> None:
    folder = guide_folder()
    assert folder is not None
    size = sum(file.stat().st_size for file in (folder / "pictures").iterdir())
    assert 0 < size < 30e6


@pytest.mark.parametrize("kind", sorted({one.view for one in all_panels()}))
def test_that_every_kind_of_panel_of_a_workspace_has_a_page(kind: str) -> None:
    page = pages()[f"panel:{kind}"]
    assert len(page.about) > 10
