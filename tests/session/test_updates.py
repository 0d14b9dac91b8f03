"""The newest version, asked of a server of this computer."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer import __version__
from mlipviewer.session.session import Session
from mlipviewer.session.settings.listing import RELEASES, setting
from mlipviewer.session.settings.places import state_folder
from mlipviewer.session.store import Store
from mlipviewer.session.updates import (
    Release,
    UpdateProblem,
    begin_of_day,
    look_for_update,
    newest_release,
    release_of,
    sentence,
)
from tests.release_server import Answers, server

__all__ = ["server"]

PAGE = "https://example.org/releases"


def asked(address: str, quiet: bool = False) -> list[str]:
    """What a session tells after the question."""
    session = Session(Store())
    session.store.commit(lambda state: look_for_update(state, address, quiet), "Ask")
    session.settle(30)
    said = [one.text for one in session.store.state.moment.notices]
    session.close()
    return said


def test_that_nobody_is_asked_unless_the_user_wants_it(server: Answers) -> None:
    assert setting("updates.check").default is False
    assert setting("updates.address").default == RELEASES == ""
    assert len(asked("  ")) == 1
    assert "no address" in asked("")[0]
    assert asked("", quiet=True) == server.asked == []


@pytest.mark.parametrize(
    "form",
    [
        {"version": "99.1", "page": PAGE},
        {"tag_name": "v99.1", "html_url": PAGE, "draft": False},
        {"info": {"version": "99.1", "package_url": PAGE}, "releases": {}},
    ],
)
def test_that_a_newer_version_is_told_with_its_page(server: Answers, form: object) -> None:
    server.answer = json.dumps(form).encode()
    for quiet in (False, True):
        said = asked(server.address, quiet)
        assert said == [f"MLIPViewer 99.1 is there; this is {__version__}: {PAGE}"]


def test_that_nothing_but_the_request_is_sent(server: Answers) -> None:
    server.answer = b'{"version": "0.0.1"}'
    assert asked(server.address) == [f"This is the newest version, {__version__}."]
    assert asked(server.address, quiet=True) == []
    assert server.asked[0].pop("Host") == server.address.split("/")[2]
    assert server.asked[0] == {
        "path": "/newest.json",
        "Accept-Encoding": "identity",
        "User-Agent": "MLIPViewer",
        "Connection": "close",
    }


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (b"<html>", 200, "not JSON"),
        (b"[" * 100_000, 200, "not JSON"),
        (b"[1]", 200, "no version"),
        (b'{"version": "soon", "page": "x"}', 200, "no version"),
        (b"gone", 404, "Not Found"),
    ],
)
def test_that_a_bad_answer_is_one_sentence(
    server: Answers, answer: bytes, status: int, reason: str
) -> None:
    server.answer, server.status = answer, status
    said = asked(server.address)
    assert len(said) == 1
    assert server.address in said[0]
    assert reason in said[0]
    assert asked(server.address, quiet=True) == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "example.org", "https://", "ftp://a/b"])
def test_that_only_the_web_is_asked(address: str) -> None:
    with pytest.raises(UpdateProblem, match="no address to ask"):
        newest_release(address)


def test_that_a_closed_door_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Answers() as server:
        address = server.address
    with pytest.raises(UpdateProblem, match=r"could not be asked .*refused"):
        newest_release(address)


@pytest.mark.parametrize("page", ["javascript:alert(1)", "https://a b", f"https://{'x' * 400}"])
def test_that_a_page_that_is_no_address_is_left_out(page: str) -> None:
    found = release_of(json.dumps({"version": "2", "page": page}).encode())
    assert found == Release("2")
    assert sentence(found, "1") == "MLIPViewer 2 is there; this is 1."


@given(st.recursive(st.text() | st.none() | st.integers(), st.lists, max_leaves=5))
def test_that_any_answer_names_a_version_or_is_refused(value: object) -> None:
    for answer in (value, {"version": value}, {"info": value}, {"info": {"version": value}}):
        found = None
        with suppress(ValueError):
            found = release_of(json.dumps(answer).encode())
        assert found is None or found.version


def test_that_later_is_newer_and_the_same_is_not() -> None:
    assert "0.10.0 is there" in sentence(Release("0.10.0"), "0.9.1")
    assert sentence(Release("0.9"), "0.10") == sentence(Release("1.0"), "1.0") == ""
    assert sentence(Release("1.0"), "1.0.dev3")


def test_that_a_start_asks_once_a_day() -> None:
    import os

    place = state_folder() / "asked_for_update"
    place.unlink(missing_ok=True)
    assert [begin_of_day() for _ in range(3)] == [True, False, False]
    old = place.stat().st_mtime - 86_500
    os.utime(place, (old, old))
    assert begin_of_day()
    place.unlink()
