"""Where the frozen program starts. MLIPViewer itself lies beside it as source, in `source/`: it can
be read and changed, and another Python (LAMMPS') is given its workers without this one's packages.
"""

import sys
from multiprocessing import freeze_support
from pathlib import Path

sys.path.insert(0, str(Path(sys.executable).parent / "source"))

if __name__ == "__main__":
    freeze_support()  # a process that computes frames starts here and ends here
    from mlipviewer.cli import main

    sys.exit(main())
