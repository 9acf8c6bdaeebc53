"""The command line: a thin skin that parses, calls one public function and prints."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``paotui``; mistakes of the user end with one line each and exit code 2."""
    from sim.cli.app import app
    from sim.cli.errors import EXPECTED

    try:
        app(prog_name="paotui")
    except EXPECTED as error:
        for line in str(error).splitlines() or [type(error).__name__]:
            print(f"paotui: {''.join(c if c.isprintable() else '?' for c in line)}", file=sys.stderr)
        sys.exit(2)
