"""Conditions out of the diagnoses on claims: lasting ones only, each once, with how well they are founded. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cmp_tui.exchange.claims.records import Claim
from cmp_tui.patients.coding import Coded, ConditionTables, is_icd

SYSTEM = "icd-10-cm"


class ConditionIn(NamedTuple):
    """A lasting condition: the code that was billed most (ICD-10-CM with its dot), on how many days, in a stay or not.

    `category` is what it is known by (E11): codes of one category are one condition. `claim` is the first that has it.
    `recent` are the days since a day that was asked for, `recent_stay` a stay since then.
    """

    category: str
    code: str
    group: str | None
    chronic: bool | None
    days: int
    stay: bool
    recent: int
    recent_stay: bool
    claim: str

    def founded(self, days: int) -> bool:
        """Whether so many days, or a hospital stay, speak for it; a single diagnosis may be a suspicion."""
        return self.stay or self.days >= days

    def founded_lately(self, days: int) -> bool:
        """The same since the day that was asked for."""
        return self.recent_stay or self.recent >= days


@dataclass(slots=True)
class _Seen:
    first: str
    codes: Counter[str] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)
    stays: set[date] = field(default_factory=set)


@dataclass(slots=True)
class Diagnoses:
    """What diagnosis codes mean, asked once for each; counts what is no lasting condition."""

    tables: ConditionTables
    names: Mapping[str, str] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    _known: dict[str, Coded | None] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)

    def coded(self, code: str) -> Coded | None:
        """Returns what the tables say of a code (as it was billed) if it is a lasting condition, else None."""
        if code not in self._known:
            self._known[code] = self._look(code)
        return self._known[code]

    def words(self, code: str) -> str | None:
        """Returns a diagnosis in words: the name of its group and its code, or the code alone; None for none."""
        if not code:
            return None
        if code not in self._words:
            coded = self.tables.classify(SYSTEM, code)
            name = self.names.get(coded.group or "")
            self._words[code] = f"{name} ({coded.code})" if name else f"ICD-10-CM {coded.code}"
        return self._words[code]

    def _look(self, code: str) -> Coded | None:
        if not is_icd(code):
            self.left["codes that are none of ICD-10-CM"] += 1
            return None
        coded = self.tables.classify(SYSTEM, code)
        lasting = coded.chronic is True or (coded.chronic is None and coded.group is not None)
        if coded.kind != "problem" or not lasting:
            self.left["codes of what passes, of social needs, or of no illness"] += 1
            return None
        return coded

    def of(self, claims: Iterable[Claim], since: date) -> list[ConditionIn]:
        """Returns one person's lasting conditions, in the order of their codes."""
        seen: dict[str, _Seen] = {}
        for claim in claims:
            for code in claim.diagnoses:
                coded = self.coded(code)
                if coded is None:
                    continue
                one = seen.get(code[:3])
                if one is None:
                    one = seen[code[:3]] = _Seen(claim.id)
                one.codes[coded.code] += 1
                one.days.add(claim.start)
                if claim.kind == "inpatient":
                    one.stays.add(claim.start)
        found = []
        for category in sorted(seen):
            one = seen[category]
            code = min(one.codes, key=lambda each: (-one.codes[each], -len(each), each))
            coded = self.coded(code.replace(".", ""))
            assert coded is not None
            found.append(
                ConditionIn(
                    category, code, coded.group, coded.chronic, len(one.days), bool(one.stays),
                    sum(day >= since for day in one.days), any(day >= since for day in one.stays), one.first,
                )
            )  # fmt: skip
        return found
