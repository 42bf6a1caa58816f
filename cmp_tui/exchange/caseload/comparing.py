"""One row against what stands here: what is added, what is filled, what differs and is left. Pure but for codes.

What is empty here is filled. What differs is shown and left as it is here, unless the person says that the sheet goes
before it; months that were brought in from a sheet follow the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import Month, day_start
from cmp_tui.clinic.text import clean, fold
from cmp_tui.contacts.rules import minutes_of
from cmp_tui.enrollment.rules import ONGOING, revoked_to
from cmp_tui.exchange.caseload.enrolling import death_of, is_over, wanted_enrollment
from cmp_tui.exchange.caseload.held import PROGRAM, Held
from cmp_tui.exchange.caseload.matching import OWN_NUMBER
from cmp_tui.exchange.caseload.minutes import MinutesIn
from cmp_tui.exchange.caseload.plan import Differs, PersonIn, RowPlan
from cmp_tui.exchange.caseload.sameness import completes, same_value
from cmp_tui.exchange.plan import Count, Edit, Row, Values
from cmp_tui.patients.rules import NAMES, fold_names

TASK_TITLE = "Next due, from the spreadsheet"
STRUCK = "The spreadsheet says 0 minutes for this month."
NO_CONSENT = "enrollment: taken as the sheet says, without a consent: nothing is billed until one is recorded"


class Comparer:
    """Compares rows. `counts` are those of the whole plan, `labels` the first heading of each meaning."""

    def __init__(
        self,
        counts: dict[str, Count],
        labels: Mapping[str, str],
        today: date,
        zone: ZoneInfo,
        overwrite: bool,
    ) -> None:
        self._counts, self._labels, self._today, self._zone = counts, labels, today, zone
        self._overwrite = overwrite
        self._starts: dict[date, Any] = {}
        self._new = Held()
        self._months: dict[tuple[Month, MinutesIn], Row] = {}

    def compare(self, plan: RowPlan, person: PersonIn, held: Held | None, number_taken: bool) -> None:
        """Fills a row's plan."""
        if held is None:
            self._new_patient(plan, person)
            held = self._new
        else:
            self._patient(plan, person, held, number_taken)
        self._phones(plan, person, held)
        if person.pcp:
            self._primary_care(plan, person.pcp, held)
        if person.conditions:
            self._conditions(plan, person, held)
        if person.consent is not None:
            self._consent(plan, person, held)
        self._enrollment(plan, person, held)
        if person.made_on or person.reviewed_on or (person.given_copy and person.given_copy.given):
            self._plan(plan, person, held)
        if person.last_contact is not None or person.outcome is not None:
            self._contact(plan, person, held)
        if person.next_due is not None:
            self._task(plan, person, held)
        if held is self._new:
            self._new_months(plan, person)
        else:
            for month, minutes in person.minutes.items():
                self._month(plan, month, minutes.seconds, minutes.rest, held)
        for label, text in person.notes.items():
            self._note(plan, label, text, held)

    # -- the patient's own record

    def _new_patient(self, plan: RowPlan, person: PersonIn) -> None:
        values: Values = {
            **person.values, "mrn": person.mrn, "family": person.family, "given": person.given or None,
            "birth_date": person.birth_date or None,
        }  # fmt: skip
        if "practitioner" in values:
            values["billing_practitioner"] = values.pop("practitioner")
        if person.status is not None and person.status.died:
            values |= death_of(person)
        values["folded"] = fold_names(*(values.get(name) for name in NAMES)) or person.family
        plan.values = values
        self._counts["patient"].new += 1

    def _patient(self, plan: RowPlan, person: PersonIn, held: Held, number_taken: bool) -> None:
        here, said = held.values, dict(person.values)
        said |= {"family": person.family, "given": person.given, "birth_date": person.birth_date}
        if "practitioner" in said:
            said["billing_practitioner"] = said.pop("practitioner")
        changed: Values = {}
        for name, value in said.items():
            now = here.get(name)
            if not value or same_value(name, value, now):
                continue
            if now in (None, "") or (name, now) == ("sex", "U") or completes(name, value, now):
                changed[name] = value
            elif name == "care_manager":
                self._differs(plan, "care manager", "another", "another", changed, name, value)
            else:
                self._differs(plan, name.replace("_", " "), str(value), str(now), changed, name, value)
        if (
            person.mrn
            and person.mrn != here["mrn"]
            and here["mrn"].startswith(OWN_NUMBER)
            and not number_taken
        ):
            changed["mrn"] = person.mrn
        if person.status is not None and person.status.died and not here.get("deceased"):
            changed |= death_of(person)
        if changed:
            if any(name in changed for name in NAMES):
                names = [changed.get(name, here.get(name)) for name in NAMES]
                changed["folded"] = fold_names(*names) or names[0]
            plan.edits.append(Edit("patient", here["id"], here["version"], changed))
            self._counts["patient"].changed += 1
        else:
            self._counts["patient"].same += 1

    # -- what belongs to the patient

    def _phones(self, plan: RowPlan, person: PersonIn, held: Held) -> None:
        rank, count = held.last_rank, self._counts["phone"]
        for phone in person.phones:
            if phone.digits in held.digits:
                count.same += 1
                continue
            rank += 1
            values = {
                "number": phone.number,
                "digits": phone.digits,
                "use": phone.use or "home",
                "rank": rank,
            }
            plan.adds.append(Row("phone", {**values, "remarks": phone.remarks or None}))
            count.new += 1

    def _primary_care(self, plan: RowPlan, name: str, held: Held) -> None:
        if any(fold(name) == fold(one) for one in held.pcps):
            self._counts["team-member"].same += 1
        elif held.pcps and not self._overwrite:
            self._left(plan, "team-member", "primary care", name, held.pcps[0])
        else:
            plan.adds.append(Row("team-member", {"name": name, "role": "primary-care"}))
            self._counts["team-member"].new += 1

    def _conditions(self, plan: RowPlan, person: PersonIn, held: Held) -> None:
        count, have = self._counts["condition"], held.conditions
        seen: set[str] = set()
        for one in person.conditions:
            key = one.folded
            if key in have:
                count.same += 1
                continue
            if key in seen:
                continue
            seen.add(key)
            values: Values = {
                "system": "icd-10-cm" if one.code else "other", "code": one.code or None, "display": one.display,
                "own_words": None if one.code else one.display, "group": one.group, "chronic": one.chronic,
            }  # fmt: skip
            plan.adds.append(Row("condition", values))
            count.new += 1

    def _consent(self, plan: RowPlan, person: PersonIn, held: Held) -> None:
        said = person.consent
        assert said is not None
        count = self._counts["consent"]
        decision = said.decision if said.decision is not None else "accepted"
        if not decision:
            if any(one.decision == "accepted" for one in held.consents):
                self._left(plan, "consent", "consent", "no", "accepted")
            return
        if said.day is None:
            words = " ".join(filter(None, (said.decision, said.mode)))
            if not any(one.decision == decision for one in held.consents):
                plan.warnings.append(f"consent: {words!r} without a day, so no consent is recorded")
                person.notes.setdefault(self._labels.get("consent", "Consent"), words)
            return
        for one in held.consents:
            if (one.decision, one.date) == (decision, said.day):
                if said.mode and one.mode is None:
                    plan.edits.append(Edit("consent", one.id, one.version, {"mode": said.mode}))
                    count.changed += 1
                elif said.mode and one.mode != said.mode:
                    self._either(
                        plan, "consent", "consent", one.id, one.version, {"mode": said.mode}, one.mode or ""
                    )
                else:
                    count.same += 1
                return
        values: Values = {
            "program": PROGRAM, "decision": decision, "date": said.day, "mode": said.mode,
            "effective_to": revoked_to(said.day) if decision == "revoked" else None,
            "remarks": "From a spreadsheet.",
        }  # fmt: skip
        last = held.consents[-1] if held.consents else None
        if last is not None and not self._overwrite:
            self._left(plan, "consent", "consent", f"{decision} {said.day}", f"{last.decision} {last.date}")
            return
        if last is not None:
            plan.differs.append(
                Differs("consent", f"{decision} {said.day}", f"{last.decision} {last.date}", True)
            )
        plan.adds.append(Row("consent", values))
        count.new += 1

    def _enrollment(self, plan: RowPlan, person: PersonIn, held: Held) -> None:
        wanted = wanted_enrollment(person, self._today)
        if wanted is None:
            return
        values, told = wanted
        count = self._counts["enrollment"]
        here = held.enrollments[0] if held.enrollments else None
        if here is None:
            plan.adds.append(Row("enrollment", {"program": PROGRAM, **values}))
            plan.warnings += [told] if told else []
            if values["status"] in ONGOING and not _agreed(person, held):
                plan.warnings.append(NO_CONSENT)
            count.new += 1
        elif (
            here.status == values["status"]
            or (told and here.status in ONGOING)
            or is_over(person, here.status)
        ):
            if here.start is None and values["start"] is not None:
                plan.edits.append(Edit("enrollment", here.id, here.version, {"start": values["start"]}))
                count.changed += 1
            elif person.enrolled_on and here.start != person.enrolled_on:
                self._either(
                    plan, "enrollment", "enrolled on", here.id, here.version, {"start": person.enrolled_on},
                    str(here.start),
                )  # fmt: skip
            else:
                count.same += 1
        elif here.status in ("planned", "waitlist") and values["status"] in ONGOING:
            # The sheet knows the day now.
            plan.edits.append(Edit("enrollment", here.id, here.version, values))
            count.changed += 1
        else:
            self._either(plan, "enrollment", "status", here.id, here.version, values, here.status)

    def _plan(self, plan: RowPlan, person: PersonIn, held: Held) -> None:
        given = person.given_copy
        values: Values = {"made_on": person.made_on, "reviewed_on": person.reviewed_on}
        if given is not None and given.given:
            values |= {"given_on": given.day, "given_how": given.how, "given_to": "patient"}
        values = {name: value for name, value in values.items() if value is not None}
        same = [one for one in held.plans if person.made_on in (None, one.made_on)]
        here = same[-1] if same else None
        count = self._counts["plan"]
        if here is None:
            if held.plans and not self._overwrite:
                self._left(plan, "plan", "care plan", str(person.made_on), str(held.plans[-1].made_on))
                return
            plan.adds.append(Row("plan", {"program": PROGRAM, **values}))
            count.new += 1
            return
        now = here._asdict()
        filled = {name: value for name, value in values.items() if now[name] is None}
        other = {name: value for name, value in values.items() if now[name] not in (None, value)}
        if filled:
            plan.edits.append(Edit("plan", here.id, here.version, filled))
            count.changed += 1
        if other:
            words = ", ".join(f"{name.replace('_', ' ')} {now[name]}" for name in other)
            self._either(plan, "plan", "care plan", here.id, here.version, other, words)
        elif not filled:
            count.same += 1

    def _contact(self, plan: RowPlan, person: PersonIn, held: Held) -> None:
        day, said = person.last_contact, person.outcome
        if day is None:
            assert said is not None
            words = said.words or (said.outcome or "")
            person.notes.setdefault(self._labels.get("outcome", "Outcome"), words)
            return
        count = self._counts["contact"]
        outcome = said.outcome if said else None
        here = held.contacts.get(day)
        if here is not None:
            key, version, now, precision = here
            if outcome and outcome != now and precision == "day":
                self._either(plan, "contact", f"contact of {day}", key, version, {"outcome": outcome}, now)
            else:
                count.same += 1
            return
        values: Values = {
            "at": self._start(day), "mode": (said and said.mode) or "phone", "outcome": outcome or "not-applicable",
            "with_whom": (said and said.with_whom) or "patient", "precision": "day",
            "did": said.words[:4000] if said and said.words else None,
        }  # fmt: skip
        plan.adds.append(Row("contact", values))
        count.new += 1

    def _task(self, plan: RowPlan, person: PersonIn, held: Held) -> None:
        due = person.next_due
        assert due is not None
        count = self._counts["task"]
        over = person.status is not None and person.status.status in ("finished", "cancelled")
        if due in held.dues:
            count.same += 1
        elif over:
            words = " ".join(filter(None, (due.isoformat(), person.due_words)))
            person.notes.setdefault(self._labels.get("next_due", "Next due"), words)
        elif held.own_task is not None:
            key, version, now = held.own_task
            self._either(plan, "task", "next due", key, version, {"due": due}, now.isoformat())
        else:
            words = clean(person.due_words, limit=10**6).text[:500]
            plan.adds.append(Row("task", {"title": TASK_TITLE, "due": due, "why": words or None}))
            count.new += 1

    def _new_months(self, plan: RowPlan, person: PersonIn) -> None:
        """The months of someone new: most of what a sheet brings, and many are alike."""
        for key in person.minutes.items():
            if key[1].seconds:
                row = self._months.get(key)
                if row is None:
                    start = self._start(key[0].first)
                    end = start + timedelta(seconds=key[1].seconds)
                    values: Values = {"start": start, "end": end, "note": key[1].rest[:4000] or None}
                    row = self._months[key] = Row("time", values)
                plan.adds.append(row)
                self._counts["time"].new += 1

    def _month(self, plan: RowPlan, month: Month, seconds: int, words: str, held: Held) -> None:
        count, before, all_ = self._counts["time"], held.totals.get(month), held.logged.get(month, 0)
        if seconds == (before.seconds if before else 0) or (minutes_of(seconds) == minutes_of(all_) and all_):
            count.same += bool(seconds)
            return
        start = self._start(month.first)
        if before is not None:
            plan.differs.append(
                Differs(
                    f"minutes of {month}", str(minutes_of(seconds)), str(minutes_of(before.seconds)), True
                )
            )
            if seconds:
                values: Values = {"end": start + timedelta(seconds=seconds)}
                plan.edits.append(Edit("time", before.id, before.version, values))
            else:
                plan.strikes.append(("time", before.id, before.version))
            count.changed += 1
            return
        if all_:
            # Time was logged here in that month; the sheet may count it too.
            if not self._overwrite or seconds <= all_:
                self._left(
                    plan,
                    "time",
                    f"minutes of {month}",
                    str(minutes_of(seconds)),
                    f"{minutes_of(all_)} logged",
                )
                return
            plan.differs.append(
                Differs(f"minutes of {month}", str(minutes_of(seconds)), f"{minutes_of(all_)} logged", True)
            )
            seconds -= all_
        values = {"start": start, "end": start + timedelta(seconds=seconds), "note": words[:4000] or None}
        plan.adds.append(Row("time", values))
        count.new += 1

    def _note(self, plan: RowPlan, label: str, text: str, held: Held) -> None:
        count, here = self._counts["note"], held.notes.get(label)
        if here is None:
            plan.adds.append(Row("note", {"label": label, "text": text}))
            count.new += 1
        elif here.text == text or text in here.text.split("; "):
            count.same += 1
        elif text.startswith(here.text) or text.endswith(here.text):
            # More was written before or behind it; nothing of it is lost.
            plan.edits.append(Edit("note", here.id, here.version, {"text": text}))
            count.changed += 1
        else:
            self._either(plan, "note", label, here.id, here.version, {"text": text}, here.text, text)

    # -- inside

    def _start(self, day: date) -> Any:
        if day not in self._starts:
            self._starts[day] = day_start(day, self._zone)
        return self._starts[day]

    def _left(self, plan: RowPlan, kind: str, what: str, sheet: str, here: str) -> None:
        plan.differs.append(Differs(what, _short(sheet), _short(here)))
        self._counts[kind].kept += 1

    def _differs(
        self, plan: RowPlan, what: str, sheet: str, here: str, changed: Values, name: str, value: Any
    ) -> None:
        plan.differs.append(Differs(what, _short(sheet), _short(here), self._overwrite))
        if self._overwrite:
            changed[name] = value
        else:
            self._counts["patient"].kept += 1

    def _either(
        self,
        plan: RowPlan,
        kind: str,
        what: str,
        key: bytes,
        version: int,
        values: Values,
        here: str,
        sheet: str = "",
    ) -> None:
        """Shows what differs; changes it when the sheet goes before."""
        said = sheet or ", ".join(str(value) for value in values.values() if value is not None)
        plan.differs.append(Differs(what, _short(said), _short(here), self._overwrite))
        if self._overwrite:
            plan.edits.append(Edit(kind, key, version, values))
            self._counts[kind].changed += 1
        else:
            self._counts[kind].kept += 1


def _agreed(person: PersonIn, held: Held) -> bool:
    """Whether an agreement with its day is there, in the sheet or here."""
    said = person.consent
    in_sheet = said is not None and said.decision in (None, "accepted") and said.day is not None
    return in_sheet or any(one.decision == "accepted" for one in held.consents)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
