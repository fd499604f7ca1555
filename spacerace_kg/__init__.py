"""The Space Race Knowledge Graph: an open, cited graph of the Space Race with a query layer.

>>> import spacerace_kg
>>> kg = spacerace_kg.connect()
>>> kg.ask("missions", nation="soviet-union").columns[:2]
['mission', 'missionName']
"""

from __future__ import annotations

__version__ = "1.0.0"
__all__ = [
    "Answer",
    "DataError",
    "Iri",
    "KnowledgeGraph",
    "OutsideError",
    "SpaceRaceError",
    "Text",
    "UsageError",
    "connect",
    "ontology_classes",
]

TYPE_CHECKING = False  # as `typing` has it, which takes 5 ms to import
if TYPE_CHECKING:
    from typing import Any

    from spacerace_kg.answers import Answer, Iri, Text
    from spacerace_kg.errors import DataError, OutsideError, SpaceRaceError, UsageError
    from spacerace_kg.knowledge import KnowledgeGraph, connect
    from spacerace_kg.reasoner.reason import ontology_classes

_HOME = {"Answer": "answers", "Iri": "answers", "Text": "answers",
         "KnowledgeGraph": "knowledge", "connect": "knowledge",
         "ontology_classes": "reasoner.reason"}  # fmt: skip


def __dir__() -> list[str]:
    """Name also the public names that nobody has used yet, for help and completion."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the package costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'spacerace_kg' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"spacerace_kg.{_HOME.get(name, 'errors')}"), name)
