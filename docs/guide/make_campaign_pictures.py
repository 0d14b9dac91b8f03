"""Makes the pictures of the campaign in this guide: `python docs/guide/make_campaign_pictures.py`.

A small campaign is designed and run in the window. Needs a screen (a virtual one will do).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from make_pictures import PICTURES, save
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mlipviewer.app.main import settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.session.campaigns import changes
from mlipviewer.session.campaigns.attending import standing_of
from mlipviewer.views.campaign import CampaignView

LEFT = Qt.MouseButton.LeftButton
MODELS = "".join(
    f'[[existing]]\nname = "sw{k}"\ncalculator = "stillinger-weber"\n'
    f"settings = {{ strength = {20.0 + k / 5} }}\n"
    for k in range(12)
)
SMALL = f"""
properties = ["lattice", "elastic", "eos", "surfaces", "vacancy"]
[crystal]
element = "Si"
[reference]
calculator = "stillinger-weber"
{MODELS}
[[existing]]
name = "metal"
calculator = "emt"
"""


def main() -> int:
    """The design as form and as text, then a run with its table."""
    application = QApplication(["pictures"])
    dress(application, "light")
    window = MainWindow()
    window.resize(1280, 720)
    window.show()
    window.panel_menus.open_workspace("Campaign")
    settle(window)
    view = window.docks.by_panel["campaign"].view
    assert isinstance(view, CampaignView)
    QTest.mouseClick(view.begin, LEFT)
    until(window, lambda: bool(view.design.families), 20)
    QTest.mouseClick(view.design.families["mtp"].ranges, LEFT)
    until(window, lambda: False, 0.5)
    save(window.docks.by_panel["campaign"], PICTURES / "campaign-design.png")
    text = window.store.state.document.campaign.text.replace("models = 4", "models = 40", 1)
    window.store.commit(lambda s: changes.set_draft(s, text=text), "Edit")
    view.pages.setCurrentIndex(1)
    until(window, lambda: view.text.said.text().startswith("Line"), 10)
    view.text.editor.verticalScrollBar().setValue(24)
    until(window, lambda: False, 0.3)
    save(window.docks.by_panel["campaign"], PICTURES / "campaign-text.png")
    with tempfile.TemporaryDirectory() as folder:
        run(window, view, Path(folder))
        for theme in ("light", "dark"):
            dress(application, theme)
            until(window, lambda: False, 1.0)
            save(window, PICTURES / f"campaign-window-{theme}.png")
        window.close()
    return 0


def run(window: MainWindow, view: CampaignView, folder: Path) -> None:
    """Most of a small campaign, with its table open."""
    file = str(folder / "small.toml")
    window.store.commit(lambda s: changes.set_draft(s, text=SMALL, file=file, workers=2), "Open")
    view.pages.setCurrentIndex(2)
    until(window, view.run.start.isEnabled, 20)
    QTest.mouseClick(view.run.start, LEFT)
    until(window, view.run.result.isEnabled, 60)
    QTest.mouseClick(view.run.result, LEFT)

    def far() -> bool:
        now = standing_of(window.store.state)
        return now is not None and now.n_done > 0.75 * now.n_total

    until(window, far, 200)


def until(window: MainWindow, come: object, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not come():  # type: ignore[operator]
        QApplication.processEvents()
        window.session.drain(0.01)
        window.store.flush()


if __name__ == "__main__":
    sys.exit(main())
