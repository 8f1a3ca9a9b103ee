"""Looks whether the site can start here: `python -m config.preflight --port 8000`."""

import argparse
import sys

from config.env import environment
from jobs.startup import CannotStart, check_data_folder, check_port


def main() -> None:
    """Exit with 1 and one line on stderr when the port is taken or the disk is full."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", required=True)
    options = parser.parse_args()
    try:
        check_port(options.host, _number(options.port))
        check_data_folder(environment().data_dir)
    except CannotStart as reason:
        print(f"counterpoint: {reason}", file=sys.stderr)
        sys.exit(1)


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"{text!r} is no port: choose a number from 1 to 65535.")
    return int(text)


if __name__ == "__main__":
    main()
