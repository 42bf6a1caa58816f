"""The words of the patient's copy in one language: fixed texts, days, targets, how often. People's own words stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cmp_tui.careplan.copy_book import CopyBook
from cmp_tui.careplan.goal_rules import value_words, way
from cmp_tui.careplan.lines import GoalLine, InterventionLine
from cmp_tui.careplan.template_book import Template
from cmp_tui.clinic.reference_rows import Words
from cmp_tui.education.topic_book import Topic
from cmp_tui.encounters.appointment_rules import clock_of

BLANK = "______________"
"""Stands where something is not known; it is written in by hand."""
OFTEN: tuple[tuple[range, str], ...] = (
    (range(1, 2), "step_daily"),
    (range(7, 8), "step_weekly"),
    (range(28, 32), "step_monthly"),
    (range(365, 367), "step_yearly"),
)
"""Days after which something comes again, and the text that says it."""
WEEK, MONTH, NEARLY = 7, 30.4, 3
"""Days of a week and of a month, and how many more or less are still so many months."""


DAYS = 7
"""Days of a week: of days, more cannot be asked for."""
_WEEK_OF = re.compile(r"(days|mornings|evenings|nights) a week\b", re.IGNORECASE)
_SAYS_HOW_OFTEN = re.compile(
    r"\b(?:(?:every|each|cada) (?:day|morning|noon|evening|night|week|month|year|día|mañana|tarde|noche|semana|mes|año)"
    r"|daily|weekly|monthly|yearly|todos los días|todas las (?:mañanas|tardes|noches|semanas))\b",
    re.IGNORECASE,
)
"""Words of a step after which how often it is done is not said a second time."""
TEACH = "Teach: "
"""How the step begins that a template's education becomes; the topic's title follows."""


def twins(templates: Iterable[Template], topics: Iterable[Topic], book: CopyBook) -> dict[str, Words]:
    """Returns the texts of templates by what they say in either language, and the steps that teach a topic.

    What nobody has changed since it came out of a template is a fixed text, and is printed in the patient's language.
    """
    found: dict[str, Words] = {}
    for topic in topics:
        en, es = (book.said("teach", tongue, topic=topic.page(tongue).title) for tongue in ("en", "es"))
        found[_plain(f"{TEACH}{topic.title}")] = Words(en, es)
    for one in templates:
        texts = [one.title, one.problem, one.outcome, *(sign.sign for sign in one.signs)]
        texts += [words for goal in one.goals for words in (goal.title, goal.unit)]
        texts += [step.title for step in one.interventions]
        for words in texts:
            for said in (words.en, words.es):
                if said:
                    found.setdefault(_plain(said), words)
    return found


@dataclass(frozen=True)
class Wording:
    """The fixed texts in one language ("en", "es"), and those of the templates."""

    book: CopyBook
    texts: Mapping[str, Words]
    tongue: str

    def say(self, key: str, **blanks: str) -> str:
        """Returns a fixed text; a blank that nothing fills is a line to write on."""
        return self.book.said(key, self.tongue, **{name: value or BLANK for name, value in blanks.items()})

    def code(self, table: str, code: str) -> str:
        """Returns the patient's word for a code."""
        return self.book.code(table, code, self.tongue)

    def text(self, written: str) -> str:
        """Returns a text of a template in the patient's language, any other as it was written."""
        twin = self.texts.get(_plain(written))
        return written.strip() if twin is None else twin.said(self.tongue)

    def day(self, day: date) -> str:
        """'March 4, 2026'"""
        return self.book.day(day, self.tongue)

    def weekday(self, day: date) -> str:
        """'Friday, March 4, 2026'"""
        return f"{self.code('weekday', str(day.isoweekday()))}, {self.day(day)}"

    def hour(self, kept: str | None) -> str:
        """'2:30 pm', of an hour that is kept as '14:30'; '' for none, other words as they stand."""
        at = clock_of(kept)
        if at is None:
            return kept or ""
        return f"{(at.hour - 1) % 12 + 1}:{at.minute:02d} {self.say('am' if at.hour < 12 else 'pm')}"

    def born(self, birth_date: str | None) -> str:
        """A birth date, which may be known to the year only; '' when it is not known."""
        whole = birth_date is not None and len(birth_date) == 10
        return self.day(date.fromisoformat(birth_date)) if whole and birth_date else birth_date or ""

    def value(self, goal: GoalLine, value: float, second: float | None) -> str:
        """'8.4 %', '4 days a week'"""
        return value_words(value, second, self.text(goal.counted) if goal.counted else "")

    def goal_lines(self, goal: GoalLine) -> list[str]:
        """Returns what a goal says besides its title: target and day, where it stands, what gets in the way."""
        lines = [self._target(goal)]
        if goal.points:
            last = goal.points[-1]
            lines.append(
                self.say(
                    "goal_now", value=self.value(goal, last.value, last.second), date=self.day(last.date)
                )
            )
        elif goal.baseline is not None:
            lines.append(self.say("goal_start", value=self.value(goal, goal.baseline, None)))
        lines.append(self._going(goal))
        ways = [one.words or self.code("barrier", one.kind) for one in goal.barriers if one.solved_on is None]
        if ways:
            lines.append(f"{self.say('in_the_way')}: {'; '.join(ways)}")
        return [line for line in lines if line]

    def step(self, one: InterventionLine, today: date) -> str:
        """'Walk ten minutes after a meal: every day', 'Call the eye clinic (Lucía): by March 4, 2026'"""
        words = self.text(one.title).rstrip(".") + (f" ({one.who})" if one.who else "")
        when = "" if one.every and _SAYS_HOW_OFTEN.search(words) else self._when(one, today)
        return f"{words}: {when}" if when else words

    def every(self, days: int) -> str:
        """'every day', 'every 2 weeks', 'every 3 months': as people count, a few days more or less."""
        key = next((key for some, key in OFTEN if days in some), None)
        months = round(days / MONTH)
        if key is not None:
            return self.say(key)
        if days % WEEK == 0 and days < 2 * MONTH:
            return self.say("step_weeks", weeks=str(days // WEEK))
        if months > 1 and abs(days - months * MONTH) <= NEARLY:
            return self.say("step_months", months=str(months))
        return self.say("step_again", days=str(days))

    def _when(self, one: InterventionLine, today: date) -> str:
        if one.every:
            return self.every(one.every)
        return self.say("step_by", date=self.day(one.due)) if one.due and one.due >= today else ""

    def _target(self, goal: GoalLine) -> str:
        if goal.target is None:
            if goal.measured:
                return self.say("goal_ask")
            return self.say("goal_by", date=self.day(goal.due)) if goal.due else ""
        value = self.value(goal, goal.target, goal.target2)
        # Nothing is lower than none, and no week has more days than seven.
        most = goal.target == 0 or (goal.target == DAYS and _WEEK_OF.match(goal.counted) is not None)
        side, counts = None if most else way(goal), goal.kind is None and bool(goal.counted)
        if side and counts:  # '5 or more days a week'
            number, unit = value_words(goal.target, None), self.text(goal.counted)
            target = self.say(f"goal_{side}_of", value=number, unit=unit)
        else:
            target = self.say(f"goal_{side}", value=value) if side else value
        if goal.due is None:
            return self.say("goal_to", target=target)
        return self.say("goal_target", target=target, date=self.day(goal.due))

    def _going(self, goal: GoalLine) -> str:
        if goal.lifecycle not in ("active", "accepted"):
            return self.say("goal_going", how=self.code("lifecycle", goal.lifecycle))
        code = goal.standing.code
        if not goal.standing.by or code == "in-progress":
            return ""
        return self.say("goal_going", how=self.code("achievement", code))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
