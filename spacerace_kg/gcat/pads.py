"""Pads: the launch points of each site, by the codes that the launch log uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from spacerace_kg.gcat import codes, identities
from spacerace_kg.gcat.identities import Identity
from spacerace_kg.gcat.tables import DatedRow, Fault


class Pads:
    """The pads of all sites, by the UCode of the site and the code of the pad.

    ``ids`` has their ids; ``either`` has GCAT's words where it knows only that a pad is one of two,
    as in "PU19 or PU20", so that a launch from there has no pad.
    """

    def __init__(
        self,
        rows: Iterable[DatedRow],
        ucodes: dict[str, str],
        known: Callable[[DatedRow], str],
        file: str,
        faults: list[Fault],
    ) -> None:
        """Find the pads among rows; ``ucodes`` has each site's, ``known`` gives the record's id."""
        self.ids: dict[tuple[str, str], str] = {}
        self.either: dict[tuple[str, str], str] = {}
        by_site: dict[str, list[DatedRow]] = defaultdict(list)
        for row in rows:
            if row.site in ucodes:
                by_site[ucodes[row.site]].append(row)
            else:
                faults.append(Fault(file, row.line, f"the site {row.site!r} is not in sites."))
        found: dict[str, Identity] = {}
        for ucode, members in by_site.items():
            prefix = f"gcat-pad-{codes.slug(ucode)}-"
            for pad in identities.identify(members, prefix, known, file, faults):
                if pad.id in found:
                    reason = f"would have the id {pad.id!r}, as a pad of another site has."
                    faults.extend(Fault(file, r.line, f"{r.code!r} {reason}") for r in pad.rows)
                    continue
                found[pad.id] = pad
                for row in pad.rows:
                    self._register(ucode, row, pad.id)
        self.identities = sorted(found.values())

    def _register(self, ucode: str, row: DatedRow, id_: str) -> None:
        (code, _), (words, _) = codes.doubt(row.code), codes.words(row.name)
        if " or " in words:
            self.either[ucode, code] = words
        else:
            self.ids[ucode, code] = id_
