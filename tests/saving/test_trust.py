"""What a stranger's session must not do unasked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.core.computation import Asked
from mlipviewer.session.campaigns.seen import Draft
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import plot_panel, start_panels
from mlipviewer.session.saving.places import is_foreign, near, whole_path
from mlipviewer.session.saving.restoring import state_of
from mlipviewer.session.saving.session_file import Saved, read_session, save_session, session_text
from mlipviewer.session.saving.trust import (
    PROGRAMS,
    is_trusted,
    known_digests,
    programs,
    questions,
    refused,
    trust,
    without_programs,
)
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document
from mlipviewer.session.store import Store
from tests import made


def document(*paths: str) -> Document:
    inputs = tuple(Input(f"{n}", path, Kind.TABLE) for n, path in enumerate(paths))
    return Document(inputs=inputs, panels=start_panels())


def test_that_files_outside_the_folder_are_asked_about(tmp_path: Path) -> None:
    inside = str(tmp_path / "session" / "errors.csv")
    one = document(inside, "/etc/passwd", str(tmp_path / "key"))
    asked = questions(one, tmp_path / "session")
    assert asked == ("opens /etc/passwd", f"opens {tmp_path / 'key'}")
    assert set(refused(one, tmp_path / "session", agreed=False)) == {"1", "2"}
    assert refused(one, tmp_path / "session", agreed=True) == {}


def test_that_a_link_that_leads_outside_lies_outside(tmp_path: Path) -> None:
    folder = tmp_path / "session"
    folder.mkdir()
    (tmp_path / "secret.csv").touch()
    (folder / "errors.csv").symlink_to(tmp_path / "secret.csv")
    assert questions(document(str(folder / "errors.csv")), folder)


def test_that_addresses_are_never_opened(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:9/x.csv", "file:///etc/passwd", "//host/share/x.csv"):
        assert is_foreign(address)
        assert whole_path(address, tmp_path) == address
        assert refused(document(address), tmp_path, agreed=True)
    assert not is_foreign(str(tmp_path / "a.csv"))
    assert not is_foreign("C:/data/a.csv")
    assert is_foreign("\\\\host\\share\\x.csv")


def test_that_home_is_no_place_of_a_session(tmp_path: Path) -> None:
    assert whole_path("~/.ssh/id_rsa", tmp_path) == str(tmp_path / "~" / ".ssh" / "id_rsa")


def test_that_paths_are_told_from_the_session_on(tmp_path: Path) -> None:
    assert near(str(tmp_path / "a" / "x.csv"), tmp_path) == "a/x.csv"
    assert near(str(tmp_path / "x.csv"), tmp_path / "b") == "../x.csv"
    assert near("/elsewhere/x.csv", Path("/home/me")) == "/elsewhere/x.csv"


@pytest.mark.parametrize("agreed", [False, True])
def test_that_nothing_outside_is_read_unless_agreed(tmp_path: Path, agreed: bool) -> None:
    made.write_table(tmp_path / "errors.csv")
    folder = tmp_path / "session"
    folder.mkdir()
    saved = Saved(replace(document(str(tmp_path / "errors.csv")), table="0"))
    save_session(folder / "a.mlipview", saved)
    store = Store()
    session = Session(store)
    path = folder / "a.mlipview"
    session.begin(state_of(read_session(path), path, agreed))
    session.settle()
    assert (store.state.table is not None) is agreed
    said = store.state.moment.notices[-1].text if not agreed else "outside"
    assert "outside" in said
    session.close()


def test_that_calculators_are_asked_about_and_left_out(tmp_path: Path) -> None:
    forces = COMPUTATIONS["calculated-forces"].params
    panel = plot_panel("force-errors")
    assert panel.params is not None
    named = replace(panel.params, calculator="os.system")  # type: ignore[call-arg]
    one = Document(
        panels=(*start_panels(), replace(panel, params=named)),
        computed=(Asked("calculated-forces", forces(calculator="evil.Calculator")),),
    )
    assert set(programs(one)) == {"os.system", "evil.Calculator"}
    assert len(questions(one, tmp_path)) == 2
    tame = without_programs(one)
    assert programs(tame) == ()
    assert tame.computed == ()
    assert len(tame.panels) == len(one.panels)


def test_that_a_campaign_is_asked_about_and_left_out(tmp_path: Path) -> None:
    draft = Draft("[reference]\ncalculator = 'evil:Evil'\n", "", scheduler="tcp://evil:8786")
    one = Document(panels=start_panels(), campaign=draft)
    asked = questions(one, tmp_path)
    assert len(asked) == 2
    assert "tcp://evil:8786" in asked[1]
    path = tmp_path / "a.mlipview"
    save_session(path, Saved(one))
    assert state_of(read_session(path), path, agreed=False).document.campaign == Draft()
    assert state_of(read_session(path), path, agreed=True).document.campaign == draft


def test_that_a_design_on_another_computer_is_not_looked_after(tmp_path: Path) -> None:
    one = Document(panels=start_panels(), campaign=Draft("text", "//host/share/a.toml"))
    path = tmp_path / "a.mlipview"
    save_session(path, Saved(one))
    assert state_of(read_session(path), path, agreed=True).document.campaign == Draft("text")


def test_that_no_parameter_that_runs_code_is_forgotten() -> None:
    """A parameter whose help speaks of a calculator, or of what it is made with, runs code."""
    from mlipviewer.core.params import param_help

    for registry in (ANALYSES, COMPUTATIONS):
        for one in registry.values():
            for name, about in param_help(one.params).items():
                if about.text.startswith(
                    ("predict by this", "an ASE calculator", "the calculator")
                ):
                    assert name in PROGRAMS, f"{one.name}.{name}"


def test_that_a_session_saved_here_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.mlipview"
    digest = save_session(path, Saved(document()))
    assert not is_trusted(digest)
    trust(digest)
    assert is_trusted(digest)
    assert read_session(path).digest == digest
    path.write_text(path.read_text().replace('"frame": 0', '"frame": 1'))
    assert not is_trusted(read_session(path).digest)


def test_that_the_list_of_known_sessions_is_bounded() -> None:
    for number in range(1010):
        if number in (0, 1, 1008, 1009):
            trust(f"{number}")
    assert known_digests()[-1] == "1009"
    assert len(known_digests()) <= 1000


def test_that_text_of_a_session_is_plain_ascii_json(tmp_path: Path) -> None:
    name = "lone \udcff surrogate"
    one = replace(document(str(tmp_path / "a")), condition=name)
    text = session_text(Saved(one), tmp_path)
    assert text.isascii()
    assert json.loads(text)["document"]["condition"] == name
