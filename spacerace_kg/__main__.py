"""``python -m spacerace_kg``."""

from spacerace_kg.cli import run

run()
