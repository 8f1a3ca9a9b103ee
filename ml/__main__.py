"""The command line: `python -m ml score FILE...` and `python -m ml reference`."""

from __future__ import annotations

import os
import sys

from ml.cli import main

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
