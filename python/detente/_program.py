"""The command line, as the script ``detente`` and ``python -m detente`` start it."""

from __future__ import annotations

import signal
import sys

from detente import _detente


def main() -> int:
    """Runs ``detente`` on the arguments of this process, and gives its exit status."""
    # Python would note Ctrl-C down for later. The program answers it by itself, or is ended by it, as it is without Python; where it
    # is ignored it stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _detente.program(["detente", *sys.argv[1:]])
