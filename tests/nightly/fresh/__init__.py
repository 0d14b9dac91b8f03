"""Inputs written for this alone, each with what is demanded of it by docs/reliability.md."""

from tests.nightly.fresh.fresh_binary import BINARY
from tests.nightly.fresh.fresh_dumps import DUMPS
from tests.nightly.fresh.fresh_sessions import SESSIONS
from tests.nightly.fresh.fresh_tables import TABLES
from tests.nightly.fresh.fresh_vasp import VASP
from tests.nightly.fresh.fresh_xyz import XYZ
from tests.nightly.fresh.second import SECOND
from tests.nightly.fresh.third import THIRD

FIRST = (*XYZ, *DUMPS, *VASP, *BINARY, *TABLES, *SESSIONS)
CASES = (*FIRST, *SECOND, *THIRD)
