"""`python -m mlipviewer` is the command `mlipviewer`."""

import sys

from mlipviewer.cli import main

if __name__ == "__main__":
    sys.exit(main())
