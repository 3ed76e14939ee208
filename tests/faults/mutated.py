"""``python -m tests.faults.mutated <mutation> <module>``: a service's main, with a bug in it."""

from __future__ import annotations

import importlib
import sys

from tests.faults.mutations import MUTATIONS

if __name__ == "__main__":
    name, module = sys.argv[1:]
    MUTATIONS[name]()
    importlib.import_module(module).main()
