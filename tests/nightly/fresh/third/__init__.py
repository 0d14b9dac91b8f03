"""A third set, after the second had been read and the program mended."""

from tests.nightly.fresh.third.third_frames import THIRD_FRAMES
from tests.nightly.fresh.third.third_others import THIRD_OTHERS
from tests.nightly.fresh.third.third_tables import THIRD_TABLES

THIRD = (*THIRD_FRAMES, *THIRD_TABLES, *THIRD_OTHERS)
