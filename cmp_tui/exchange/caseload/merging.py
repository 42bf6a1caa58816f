"""Two rows of one person as one: the second fills what the first leaves empty; contradictions are named. Pure."""

from __future__ import annotations

from cmp_tui.exchange.caseload.cells import merged
from cmp_tui.exchange.caseload.plan import PersonIn
from cmp_tui.exchange.caseload.sameness import same_value

_ONES = (
    "mrn", "family", "given", "birth_date", "pcp", "enrolled_on", "ended_on", "made_on", "reviewed_on", "last_contact",
    "next_due",
)  # fmt: skip


def merge(first: PersonIn, second: PersonIn, unit: str) -> None:
    """Takes a second row of a person into the first."""
    other = f"{unit} {second.number}"
    contradictions: list[str] = []

    def tell(what: str, mine: object, theirs: object) -> None:
        contradictions.append(f"{what} {theirs} (here {mine})")

    for name in _ONES:
        mine, theirs = getattr(first, name), getattr(second, name)
        if not mine and theirs:
            setattr(first, name, theirs)
        elif theirs and not same_value(name, theirs, mine):
            tell(name.replace("_", " "), mine, theirs)
    for name, value in second.values.items():
        mine = first.values.setdefault(name, value)
        if not same_value(name, value, mine) and name != "care_manager":
            tell(name.replace("_", " "), mine, value)
    digits = {phone.digits for phone in first.phones}
    first.phones += [phone for phone in second.phones if phone.digits not in digits]
    first.conditions += [one for one in second.conditions if one not in first.conditions]
    if second.consent is not None:
        if first.consent and first.consent.day and second.consent.day not in (None, first.consent.day):
            tell("consent", first.consent.day, second.consent.day)
        first.consent = merged(first.consent, second.consent) if first.consent else second.consent
    for part in ("status", "given_copy", "outcome"):
        mine, theirs = getattr(first, part), getattr(second, part)
        if mine is None:
            setattr(first, part, theirs)
        elif part == "status" and theirs is not None and theirs.status != mine.status:
            tell("status", mine.status, theirs.status)
    for month, minutes in second.minutes.items():
        before = first.minutes.get(month)
        if before is None or not before.seconds:
            first.minutes[month] = minutes
        elif minutes.seconds and minutes.seconds != before.seconds:
            tell(f"minutes of {month}", before.seconds // 60, minutes.seconds // 60)
    for label, text in second.notes.items():
        before_text = first.notes.get(label)
        if before_text is None:
            first.notes[label] = text
        elif text not in before_text and len(before_text) + len(text) < 19_000:
            first.notes[label] = f"{before_text}; {text}"
    first.warnings.append(f"{other} is the same person; it was taken into this one")
    first.warnings += second.warnings
    if contradictions:
        first.warnings.append(f"{other} says otherwise: {'; '.join(contradictions)}")
        words = "; ".join(contradictions)[:2000]
        before_text = first.notes.get("Second row")
        first.notes["Second row"] = f"{before_text}; {words}" if before_text else words
