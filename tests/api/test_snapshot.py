"""A page of a session: complete, linked, without network, and nothing in it runs but its own."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlipviewer
from mlipviewer.cli import main
from mlipviewer.core.rows import rows
from mlipviewer.gui.snapshot import MOST_FRAMES, run_part
from tests import made

NASTY = "</script><script>throw 1</script><img src=http://x onerror=y>"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    table = made.write_table(tmp_path / "errors.csv")
    text = table.read_text().replace("m7,", f'"{NASTY}",')
    table.write_text(text)
    made.write_extxyz(tmp_path / "run.extxyz")
    with mlipviewer.open(table, tmp_path / "run.extxyz") as viewer:
        viewer.open_panel("pareto", metrics=("e0", "e1"))
        viewer.open_panel("correlation", "Heat map")
        viewer.open_panel("distributions")
        viewer.select(["m2", "m5"], atoms=[3, 4])
        viewer.save(tmp_path / "work.mlipview")
    return tmp_path / "work.mlipview"


@pytest.fixture
def page(session: Path) -> str:
    out = session.with_name("page.html")
    assert main(["snapshot", str(session), "--out", str(out), "--title", NASTY]) == 0
    return out.read_text("utf-8")


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def test_that_the_page_holds_table_plots_and_atoms(page: str) -> None:
    data = data_of(page)
    assert [one["name"] for one in data["table"]["columns"]][:3] == ["model", "family", "e0"]
    assert len(data["table"]["rows"]) == 24
    titles = [one["title"] for one in data["plots"]]
    assert len(titles) == 3
    front = data["plots"][0]
    assert len({row for _, _, space, row in front["points"] if space == "model"}) >= 24
    assert all(0 <= x <= front["width"] for x, _, _, _ in front["points"])
    heat = data["plots"][1]
    assert len(heat["boxes"]) == 36
    assert {box[4] for box in heat["boxes"]} == {"metric"}
    assert data["chosen"] == {"model": [2, 5], "metric": [], "frame": [], "atom": [3, 4]}
    run = data["run"]
    assert [frame["index"] for frame in run["frames"]] == list(range(8))
    assert run["note"] == "8 of 8 frames, 27 of 27 atoms"
    assert {one["symbol"] for one in run["kinds"]} == {"Li", "Na"}


def test_that_atoms_keep_their_identity_over_frames() -> None:
    run = made.trajectory()
    part = run_part(run, rows([]))
    for k, told in enumerate(part["frames"]):
        frame = run.frame(k)
        places = dict(zip(part["ids"], np.array(told["x"]).reshape(-1, 3), strict=True))
        for i, atom in enumerate(frame.atom_ids.tolist()):
            assert places[atom] == pytest.approx(frame.positions[i], abs=0.006)
    assert part["ids"] == sorted(part["ids"])


def test_that_long_runs_are_thinned() -> None:
    part = run_part(made.trajectory(n_frames=100), rows([]))
    assert len(part["frames"]) == MOST_FRAMES
    assert part["frames"][-1]["index"] == 99
    assert part["note"].startswith("40 of 100 frames")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


def test_that_text_of_data_is_text_and_nothing_is_fetched(page: str) -> None:
    tags = _Tags()
    tags.feed(page)
    assert tags.tags.count("script") == 2
    assert "img" not in tags.tags
    assert tags.links == []
    assert "default-src 'none'" in page
    assert "innerHTML" not in page
    data = data_of(page)
    assert data["title"] == NASTY
    assert any(row[1] == NASTY for row in data["table"]["rows"])
    for plot in data["plots"]:
        assert plot["image"].startswith("data:image/svg+xml;base64,")
        svg = base64.b64decode(plot["image"].split(",")[1]).decode()
        assert "<script" not in svg
    plain = re.sub(r"base64,[A-Za-z0-9+/=]*", "", page).replace("http-equiv", "")
    assert "http" not in plain.replace("http://x", "")


STUB = """
const made = [];
function element(kind) {
  const one = { kind, children: [], style: {}, listeners: {}, setAttribute() {},
    classList: { toggle(name, on) { one.on = on; } },
    appendChild(child) { this.children.push(child); },
    replaceChildren() { this.children = []; },
    addEventListener(name, act) { this.listeners[name] = act; },
    getContext() { return new Proxy({}, { get: () => () => {}, set: () => true }); } };
  made.push(one);
  return one;
}
const known = { data: { textContent: DATA } };
globalThis.document = { createElement: element, getElementById: (id) => known[id] ??= element(id) };
"""
CHECK = """
const isLine = (one) => one.kind === "tr" && one.listeners.click && one.children[0].kind === "td";
const lines = () => made.filter(isLine);
const ringed = () => lines().filter((one) => one.on).length;
const out = { first: ringed() };
lines()[0].listeners.click({});
out.clicked = ringed();
lines()[3].listeners.click({ ctrlKey: true });
out.added = ringed();
const canvas = made.filter((one) => one.kind === "canvas");
const point = data.plots[0].points.find((one) => one[2] === "model");
canvas[0].listeners.click({ offsetX: point[0], offsetY: point[1] });
out.plot = [...chosen.model].length;
out.sorted = sorted([[0, 3], [1, null], [2, 1]], 1, false).map((row) => row[0]);
out.down = sorted([[0, 3], [1, null], [2, 1]], 1, true).map((row) => row[0]);
select("frame", [5], false);
out.slider = made.find((one) => one.kind === "input").value;
known.none.listeners.click();
out.none = ringed() + chosen.model.size;
console.log(JSON.stringify(out));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the page's script")
def test_that_the_parts_are_linked(page: str, tmp_path: Path) -> None:
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[-1]
    data = json.dumps(json.dumps(data_of(page)))
    (tmp_path / "page.js").write_text(STUB.replace("DATA", data) + script + CHECK)
    done = subprocess.run(
        ["node", str(tmp_path / "page.js")], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {
        "first": 2,
        "clicked": 1,
        "added": 2,
        "plot": 1,
        "sorted": [2, 0, 1],
        "down": [0, 2, 1],
        "slider": 5,
        "none": 0,
    }


def test_that_what_cannot_be_shown_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mlipviewer.open(made.write_table(tmp_path / "errors.csv")) as viewer:
        viewer.open_panel("series")
        viewer.save(tmp_path / "work.mlipview")
    assert main(["snapshot", f"{tmp_path}/work.mlipview", "--out", f"{tmp_path}/p.html"]) == 0
    assert "left out: series" in capsys.readouterr().err
    assert main(["snapshot", f"{tmp_path}/none.mlipview", "--out", f"{tmp_path}/p.html"]) == 1
    with pytest.raises(SystemExit):
        main(["snapshot", "x", "--out", f"{tmp_path}/p.pdf"])
