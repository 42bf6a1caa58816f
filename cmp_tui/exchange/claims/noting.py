"""Where a reading is, and what it has counted, named and found wrong."""

from __future__ import annotations

from collections import Counter
from datetime import date

from cmp_tui.exchange.claims.records import Claim, Marks, Member
from cmp_tui.exchange.claims.values import Days
from cmp_tui.exchange.fhir.problems import Problems

TWO_PEOPLE = "One member number stands for two different people here; their claims were left out."


class Notes:
    """Everything that the readers of single files hand on. No sentence in here holds a patient's data."""

    def __init__(self, marks: Marks, today: date) -> None:
        self.marks, self.today = marks, today
        self.days = Days()
        self.members: dict[str, Member] = {}
        self.claims: dict[str, list[Claim]] = {}
        self.contested: set[str] = set()
        self.lines = 0
        self.not_taken: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.problems = Problems()
        self.file = ""

    def problem(self, line: int | None, sentence: str, *, lost: bool = True) -> None:
        """Notes something wrong in the file that is being read."""
        self.problems.add(self.file, line, sentence, lost=lost)

    def member(self, new: Member) -> None:
        """Takes what a file says of someone: the latest word holds, and nothing that was said gets lost."""
        old = self.members.get(new.source)
        if old is None:
            self.members[new.source] = new
            return
        if _two_people(old, new):
            if new.source not in self.contested:
                self.problem(None, TWO_PEOPLE)
            self.contested.add(new.source)
            return
        first, last = (new, old) if new.year < old.year else (old, new)
        self.members[new.source] = Member._make(
            then if not now or (now == "U" and then) else now for then, now in zip(first, last, strict=True)
        )

    def claim(self, claim: Claim) -> None:
        """Takes a version of a claim."""
        self.claims.setdefault(claim.member, []).append(claim)


def _two_people(old: Member, new: Member) -> bool:
    births = bool(old.birth_date and new.birth_date) and old.birth_date != new.birth_date
    names = bool(old.family and new.family) and old.family.casefold() != new.family.casefold()
    return births and names
