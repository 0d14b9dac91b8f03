"""What is typed runs in a thread of its own, and what it says is told."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from mlipviewer.session.interpreter import (
    MOST_SAID,
    Completed,
    Interpreter,
    Ready,
    Said,
    needs_more,
)

PATIENCE = 20.0


class Listener:
    """An interpreter with all that it told."""

    def __init__(self, **names: Any) -> None:
        self.news: list[Any] = []
        self.interpreter = Interpreter(names, self.news.append)

    def until(self, kind: type, n: int) -> None:
        end = time.monotonic() + PATIENCE
        while sum(isinstance(one, kind) for one in self.news) < n:
            assert time.monotonic() < end, self.news
            time.sleep(0.002)

    def run(self, source: str) -> tuple[str, str]:
        """(what it said, what it said of errors)"""
        self.news.clear()
        self.interpreter.run(source)
        self.until(Ready, 1)
        said = [one for one in self.news if isinstance(one, Said)]
        good = "".join(one.text for one in said if not one.wrong)
        return good, "".join(one.text for one in said if one.wrong)


@pytest.fixture
def console() -> Iterator[Listener]:
    listener = Listener(seven=7)
    yield listener
    listener.interpreter.close()


def test_that_values_are_shown_and_kept(console: Listener) -> None:
    assert console.run("seven * 6") == ("42\n", "")
    assert console.run("x = seven") == ("", "")
    assert console.run("print(x, end='!')") == ("7!", "")
    assert console.run("None") == ("", "")


def test_that_blocks_and_pasted_statements_run(console: Listener) -> None:
    assert console.run("for k in range(2):\n    print(k)")[0] == "0\n1\n"
    pasted = "def f(x):\n    y = x\n\n    return y\n\nz = f(3)\nprint(z)"
    assert console.run(pasted) == ("3\n", "")


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("1 + 1", False),
        ("for k in range(2):", True),
        ("for k in range(2):\n    print(k)", True),
        ("for k in range(2):\n    print(k)\n    ", False),
        ("f(1,", True),
        ('"""text', True),
        ("1 +", False),
        ("if x:\n    a = 1\nelse:", True),
        ("a = 1\nb = 2", False),
    ],
)
def test_that_a_begun_statement_waits_for_more(source: str, more: bool) -> None:
    assert needs_more(source) is more


def test_that_errors_are_text_without_lines_of_the_console(console: Listener) -> None:
    good, wrong = console.run("1 / 0")
    assert good == ""
    assert wrong.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert "interpreter.py" not in wrong
    assert "code.py" not in wrong
    assert "SyntaxError" in console.run("1 +")[1]
    assert "goes on" in console.run("raise SystemExit")[1]
    assert "reads no input" in console.run("input('name?')")[1]
    assert console.run("seven") == ("7\n", "")


def test_that_what_runs_can_be_interrupted(console: Listener) -> None:
    console.interpreter.interrupt()  # nothing runs, perhaps not even its thread
    assert console.run("seven") == ("7\n", "")
    console.news.clear()
    console.interpreter.run("while True: pass")
    time.sleep(0.1)
    assert console.interpreter.busy
    console.interpreter.interrupt()
    console.until(Ready, 1)
    assert any("KeyboardInterrupt" in one.text for one in console.news if isinstance(one, Said))
    assert console.run("seven") == ("7\n", "")


def test_that_an_interrupt_does_not_end_a_thread_that_has_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go, run = threading.Event(), threading.Thread.run

    def late(thread: threading.Thread) -> None:
        assert go.wait(PATIENCE)
        run(thread)

    monkeypatch.setattr(threading.Thread, "run", late)
    listener = Listener(seven=7)
    listener.interpreter.run("seven")
    listener.interpreter.interrupt()
    go.set()
    listener.until(Ready, 1)
    assert listener.run("seven + 1") == ("8\n", "")
    listener.interpreter.close()


def test_that_words_are_completed(console: Listener) -> None:
    console.interpreter.complete("sev")
    console.until(Completed, 1)
    assert console.news[-1] == Completed("sev", ("seven",))
    console.interpreter.complete("seven.bit_")
    console.until(Completed, 2)
    assert "seven.bit_length()" in console.news[-1].found


def test_that_much_output_is_cut(console: Listener) -> None:
    good, wrong = console.run("print('x' * 10**6)")
    assert len(good) <= MOST_SAID
    assert "cut after" in wrong
    assert console.run("1") == ("1\n", "")


def test_that_only_what_this_thread_prints_is_caught(
    console: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    console.news.clear()
    console.interpreter.run("import time; print('mine'); time.sleep(0.3)")
    console.until(Said, 1)
    other = threading.Thread(target=sys.stdout.write, args=("of another\n",))
    other.start()
    other.join()
    sys.stdout.write("of the test\n")
    console.until(Ready, 1)
    assert "of another\nof the test\n" in capsys.readouterr().out
    assert "".join(one.text for one in console.news if isinstance(one, Said)) == "mine\n"
    assert not hasattr(sys.stdout, "ears")


def test_that_an_interrupt_while_another_is_told_does_not_end_the_console() -> None:
    news: list[Any] = []
    told = threading.Semaphore(0)
    interrupts = [1, 2]

    def tell(one: object) -> None:
        if isinstance(one, Said) and "KeyboardInterrupt" in one.text and interrupts:
            interrupts.pop()
            raise KeyboardInterrupt
        news.append(one)
        if isinstance(one, Ready):
            told.release()

    interpreter = Interpreter({}, tell)
    interpreter.run("raise KeyboardInterrupt")
    while interrupts or interpreter.busy:
        assert told.acquire(timeout=PATIENCE)
    interpreter.run("print(1 + 1)")
    while not any(isinstance(one, Said) and one.text == "2" for one in news):
        assert told.acquire(timeout=PATIENCE)
    interpreter.close()
