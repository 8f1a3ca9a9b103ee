"""The command line: `python -m ml COMMAND`; `python -m ml --help` lists the commands."""

from __future__ import annotations

import os
import sys

from ml.cli import main

STOPPED = 130  # what shells report for Ctrl-C

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(STOPPED)
