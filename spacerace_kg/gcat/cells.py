"""Cells: what the codes in a row of the launch log stand for, found once for all rows alike."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from spacerace_kg.gcat import codes
from spacerace_kg.gcat.places import Gazetteer
from spacerace_kg.gcat.values import Value, coded, link, text, typed
from spacerace_kg.gcat.vehicles import Vehicle

_MOST = 1 << 13  # combinations that are remembered


class Meaning(NamedTuple):
    """What cells say, and why some of it cannot be used.

    Of each locator only the end is here: each row puts its own before it.
    """

    values: list[Value]
    unused: list[str]


class Cells:
    """Looks codes up: ``of_launch`` and ``of_craft`` take the cells that recur from row to row."""

    def __init__(self, gazetteer: Gazetteer, vehicles: dict[str, Vehicle]) -> None:
        self.gazetteer, self.vehicles = gazetteer, vehicles
        self.of_launch = lru_cache(_MOST)(self._of_launch)
        self.of_craft = lru_cache(_MOST)(self._of_craft)

    def _of_launch(
        self,
        launch_code: str,
        lv_type: str,
        launch_site: str,
        launch_pad: str,
        ascent_site: str,
        ascent_pad: str,
        platform: str,
        agency: str,
    ) -> Meaning:
        """Return what a launch's code, vehicle, places and agency say; raises ValueError."""
        code = codes.launch_code(launch_code)
        found = Meaning(
            [coded("launchCategory", code.category, ""), coded("gcatLaunchCode", launch_code, "")],
            [],
        )
        if code.outcome:
            found.values.append(coded("launchOutcome", code.outcome, ""))
        if code.percent is not None:
            found.values.append(typed("launchSuccessPercent", str(code.percent), "integer", ""))
        type_, doubtful = codes.doubt(lv_type)
        if vehicle := self.vehicles.get(type_):
            found.values.append(link("launchVehicle", vehicle.id, "", doubtful))
        elif type_ not in ("", "-"):
            found.unused.append(f"no id of its own can be made of the vehicle {type_!r}.")
        self._at("place", launch_site, launch_pad, found)
        if ascent_site != "-":
            self._at("ascentPlace", ascent_site, ascent_pad, found)
        plain, doubtful = codes.doubt(platform)
        if id_ := self.gazetteer.platforms.get(plain):
            found.values.append(link("place", id_, "", doubtful))
        elif plain != "-":
            found.unused.append(f"the platform {plain!r} is not in platforms.")
        self._agents("agent", agency, found)
        return found

    def _of_craft(self, type_: str, satstate: str, satowner: str) -> Meaning:
        """Return what a craft's type, state and owner say."""
        found = Meaning([], [])
        if type_ != "-":
            found.values.append(text("gcatType", type_, ""))
        code, doubtful = codes.doubt(satstate)
        whose, state = self.gazetteer.state(code)
        if state:
            found.values.append(link(whose, state, "", doubtful))
        elif code != "-":
            found.unused.append(f"the state {code!r} is not in orgs.")
        self._agents("operator", satowner, found)
        return found

    def _at(self, property_: str, given_site: str, given_pad: str, found: Meaning) -> None:
        """Add the pad of a launch, or its site where the pad is not known.

        Of a pad that is one of two GCAT's words are kept behind the locator, with the doubt.
        """
        site, unsure = codes.doubt(given_site)
        pad, doubtful = codes.doubt(given_pad)
        site_id, pad_id = self.gazetteer.place(site, pad)
        if words := self.gazetteer.either(site, pad):
            words = f", at {pad}: {words}"
        elif pad != "-" and site_id and not pad_id:
            found.unused.append(f"the pad {pad!r} of {site!r} is not in lp.")
        if site_id:
            doubtful = unsure or bool(words) or (doubtful and bool(pad_id))
            found.values.append(link(property_, pad_id or site_id, words, doubtful))
        else:
            found.unused.append(f"the site {site!r} is not in sites.")

    def _agents(self, property_: str, given: str, found: Meaning) -> None:
        """Add a value for each organization of those that are joined by slashes."""
        for code, doubtful in codes.split(given):
            if self.gazetteer.is_place(code):
                found.unused.append(f"{code!r} is a part of a country, no organization.")
            elif agent := self.gazetteer.agents.get(code):
                found.values.append(link(property_, agent, "", doubtful))
            else:
                found.unused.append(f"the organization {code!r} is not in orgs.")
