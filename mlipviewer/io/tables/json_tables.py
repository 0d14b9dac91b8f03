"""JSON and JSON Lines -> cells. Tokens that are no JSON, repeated keys and cut lines are noted."""

from __future__ import annotations

import json
from dataclasses import dataclass

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.files import MEGABYTE
from mlipviewer.io.tables.delimited import LISTED, Cells
from mlipviewer.io.tables.nested import records_of, unwrapped
from mlipviewer.io.tables.records import Record, cells_of_records

SIZE_LIMIT = 64 * MEGABYTE
TOO_DEEP = "is nested too deeply for a table"
TOKENS = {"NaN": "NaN", "Infinity": "inf", "-Infinity": "-inf"}


def looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def read_json(text: str, path: str, by_lines: bool = False) -> Cells:
    """The cells of JSON, or of one record a line. Raises ReadProblem."""
    if len(text) > SIZE_LIMIT:
        raise ReadProblem(f"has more than {SIZE_LIMIT // MEGABYTE} MB of JSON", path)
    if by_lines:
        return _read_lines(text, path)
    parser = _Parser()
    try:
        found = parser.parse(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _read_lines(text, path)
        raise ReadProblem(f"is no complete JSON: {error.msg}", path, line=error.lineno) from None
    except RecursionError:
        raise ReadProblem(TOO_DEEP, path) from None
    except ValueError as error:
        raise ReadProblem(f"is no JSON: {str(error).splitlines()[0]}", path) from None
    records, notes = records_of(found, "JSON", path)
    lines = list(range(1, len(records) + 1))
    return cells_of_records(unwrapped(records), lines, path, [*notes, *parser.notes(path)])


def _read_lines(text: str, path: str) -> Cells:
    """A record a line; lines that hold none are left out, each with a note."""
    parser = _Parser()
    records: list[Record] = []
    lines: list[int] = []
    bad: list[Note] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        reason = ""
        try:
            found = parser.parse(line)
            if not isinstance(found, dict):
                reason = "holds no record"
        except json.JSONDecodeError as error:
            reason = f"is no complete JSON ({error.msg})"
        except (RecursionError, ValueError):
            reason = TOO_DEEP
        if reason:
            bad.append(Note(f"{reason}; the line is left out", Place(path, line=number), True))
        else:
            records.append(found)  # type: ignore[arg-type]
            lines.append(number)
    if not records:
        raise ReadProblem(bad[0].text if bad else "is empty", path, line=1)
    if len(bad) > LISTED:
        more = Note(f"{len(bad) - LISTED} more lines are left out", Place(path), True)
        bad = [*bad[:LISTED], more]
    return cells_of_records(unwrapped(records), lines, path, [*bad, *parser.notes(path)])


@dataclass
class _Parser:
    """JSON with what it does not allow counted: NaN and Infinity, keys that are repeated."""

    n_tokens: int = 0
    n_repeated: int = 0
    repeated: str = ""

    def parse(self, text: str) -> object:
        return json.loads(text, parse_constant=self._token, object_pairs_hook=self._object)

    def _token(self, token: str) -> float:
        self.n_tokens += 1
        return float(TOKENS[token])

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            again = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
            self.n_repeated += len(again)
            self.repeated = self.repeated or again[0]
        return found

    def notes(self, path: str) -> list[Note]:
        notes = []
        if self.n_tokens:
            what = "value is" if self.n_tokens == 1 else "values are"
            text = f"{self.n_tokens} {what} NaN or Infinity, which is no JSON; shown as missing"
            notes.append(Note(text, Place(path)))
        if self.n_repeated:
            text = f"{self.n_repeated} keys are repeated in a record ({self.repeated!r}); the last"
            notes.append(Note(f"{text} of them counts", Place(path), loss=True))
        return notes
