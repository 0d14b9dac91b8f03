"""A second set, after the first had been read and the program mended."""

from tests.nightly.fresh.second.second_binary import SECOND_BINARY
from tests.nightly.fresh.second.second_books import SECOND_BOOKS
from tests.nightly.fresh.second.second_dumps import SECOND_DUMPS
from tests.nightly.fresh.second.second_printed import SECOND_PRINTED
from tests.nightly.fresh.second.second_sessions import SECOND_SESSIONS
from tests.nightly.fresh.second.second_tables import SECOND_TABLES
from tests.nightly.fresh.second.second_vasp import SECOND_VASP
from tests.nightly.fresh.second.second_xyz import SECOND_XYZ

SECOND = (
    *SECOND_XYZ,
    *SECOND_DUMPS,
    *SECOND_VASP,
    *SECOND_PRINTED,
    *SECOND_BINARY,
    *SECOND_TABLES,
    *SECOND_BOOKS,
    *SECOND_SESSIONS,
)
