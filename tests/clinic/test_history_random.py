"""Two people edit, undo and redo at random: the rows, and what may be undone, are as a plain model says."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Gone, Refused
from cmp_tui.clinic.history import as_it_was, last_redoable, last_undoable, versions_of
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.patients.model import Patient
from cmp_tui.tables import TABLES
from tests.clinic import acts
from tests.clinic.conftest import person
from tests.conftest import MONDAY

State = tuple[str | None, str | None, str | None]  # given, city, why it was struck out
PEOPLE = st.sampled_from(["dana", "ben"])
WORDS = st.sampled_from([None, "A", "B", "C"])


@dataclass
class Made:
    """What one change did to each row: its state before (None: not there) and after."""

    seq: int
    rows: dict[bytes, tuple[State | None, State]]


@dataclass
class Stacks:
    done: list[Made] = field(default_factory=list)
    undone: list[tuple[Made, Made]] = field(default_factory=list)  # what was undone, and the undo


def machine(template: Path) -> type[RuleBasedStateMachine]:
    class TwoPeople(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.folder = Path(tempfile.mkdtemp(prefix="cmp-tui-test-"))
            path = self.folder / "clinic.cmp"
            shutil.copyfile(template, path)
            clock = FrozenClock(MONDAY)
            self.clinics = {
                name: open_clinic(path, TABLES, os_name=name, clock=clock, rights=acts.RIGHTS)
                for name in ("dana", "ben")
            }
            self.rows: dict[bytes, State] = {}
            self.stacks = {"dana": Stacks(), "ben": Stacks()}
            self.own_undos: dict[str, set[int]] = {"dana": set(), "ben": set()}
            self.numbers = 0
            self.start = self.head(self.clinics["dana"])

        def teardown(self) -> None:
            assert self.clinics["dana"].verify() == []
            for key in self.rows:
                versions = self.clinics["ben"].read(versions_of, Patient, key)
                assert [each.version for each in versions] == list(range(len(versions), 0, -1))
                now = self.clinics["ben"].read(as_it_was, Patient, key, MONDAY)
                assert now is not None
                assert (now["given"], now["city"], now["struck_why"]) == self.rows[key]
            for clinic in self.clinics.values():
                clinic.close_here()
            shutil.rmtree(self.folder)

        def head(self, clinic: Clinic) -> int:
            return clinic.read(lambda scope: acts.last_seq())

        def fresh(self) -> dict[str, Any]:
            self.numbers += 1
            return person(str(self.numbers))

        def note(self, who: str, after: dict[bytes, State]) -> None:
            """Keeps a change that `who` made in the model."""
            rows = {key: (self.rows.get(key), state) for key, state in after.items()}
            self.rows.update(after)
            made = Made(self.head(self.clinics[who]), rows)
            self.stacks[who].done.append(made)
            self.stacks[who].undone.clear()

        @initialize(who=PEOPLE)
        def begin(self, who: str) -> None:
            self.add(who, 2, False)

        @rule(who=PEOPLE, count=st.integers(1, 3), together=st.booleans())
        def add(self, who: str, count: int, together: bool) -> None:
            lines = [self.fresh() for _ in range(count)]
            if together:
                keys = self.clinics[who].run(acts.add_many, Patient, lines)
            else:
                keys = [
                    row.id
                    for row in self.clinics[who].run(acts.several, *[(acts.add, Patient, v) for v in lines])
                ]
            self.note(who, dict.fromkeys(keys, (None, None, None)))

        @rule(who=PEOPLE, edits=st.lists(st.tuples(st.integers(0, 9), WORDS, WORDS), min_size=1, max_size=3))
        def edit(self, who: str, edits: list[tuple[int, str | None, str | None]]) -> None:
            living = [key for key, state in self.rows.items() if state[2] is None]
            if not living:
                return
            steps = [(living[pick % len(living)], given, city) for pick, given, city in edits]
            self.clinics[who].run(
                acts.several,
                *[(acts.edit, Patient, key, {"given": given, "city": city}) for key, given, city in steps],
            )
            after, moved = dict(self.rows), set()
            for key, given, city in steps:
                if after[key] != (given, city, None):
                    after[key] = (given, city, None)
                    moved.add(key)
            if moved:
                self.note(who, {key: after[key] for key in moved})

        @rule(who=PEOPLE, pick=st.integers(0, 9))
        def strike(self, who: str, pick: int) -> None:
            living = [key for key, state in self.rows.items() if state[2] is None]
            if not living:
                return
            key = living[pick % len(living)]
            self.clinics[who].run(acts.strike, Patient, key, f"by {who}")
            self.note(who, {key: (*self.rows[key][:2], f"by {who}")})

        @precondition(lambda self: any(stack.done for stack in self.stacks.values()))
        @rule(who=PEOPLE)
        def undo(self, who: str) -> None:
            clinic, stack = self.clinics[who], self.stacks[who]
            if not stack.done:
                return
            made = stack.done[-1]
            stands = all(self.rows[key] == after for key, (_, after) in made.rows.items())
            if not stands:
                with pytest.raises(Refused, match="changed since"):
                    clinic.undo(made.seq)
                return
            clinic.undo(made.seq)
            back: dict[bytes, tuple[State | None, State]] = {}
            for key, (before, after) in made.rows.items():
                back[key] = (after, before or (None, None, "undone"))
                self.rows[key] = back[key][1]
            stack.done.pop()
            stack.undone.append((made, Made(self.head(clinic), back)))
            self.own_undos[who].add(self.head(clinic))

        @precondition(lambda self: any(stack.undone for stack in self.stacks.values()))
        @rule(who=PEOPLE)
        def redo(self, who: str) -> None:
            clinic, stack = self.clinics[who], self.stacks[who]
            if not stack.undone:
                return
            made, back = stack.undone[-1]
            stands = all(self.rows[key] == after for key, (_, after) in back.rows.items())
            if not stands:
                with pytest.raises(Refused, match="changed since"):
                    clinic.redo(back.seq)
                return
            clinic.redo(back.seq)
            for key, (before, _) in back.rows.items():
                assert before is not None
                self.rows[key] = before
            stack.undone.pop()
            stack.done.append(made)

        @rule(who=PEOPLE, seq=st.integers(-1, 40))
        def meddle(self, who: str, seq: int) -> None:
            """Whatever number is asked for, what is not one's own or not an undo is refused."""
            if seq not in self.own_undos[who]:
                with pytest.raises((Refused, Gone)):
                    self.clinics[who].redo(seq)

        @invariant()
        def rows_are_as_the_model_says(self) -> None:
            for clinic in self.clinics.values():
                found = clinic.read(acts.states)
                assert found == self.rows

        @invariant()
        def what_may_be_undone_is_as_the_model_says(self) -> None:
            for who, clinic in self.clinics.items():
                done, back = clinic.read(last_undoable), clinic.read(last_redoable)
                stack = self.stacks[who]
                assert (done.seq if done and done.seq > self.start else None) == (
                    stack.done[-1].seq if stack.done else None
                )
                assert (back.seq if back else None) == (stack.undone[-1][1].seq if stack.undone else None)

    return TwoPeople


@pytest.mark.timeout(600)
def test_two_people_edit_undo_and_redo(_made_once: Path) -> None:
    run_state_machine_as_test(
        machine(_made_once),
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
