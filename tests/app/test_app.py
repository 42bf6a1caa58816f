"""A person's work with keys in the whole program: on an empty clinic, and on a small one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cmp_tui.app import CmpApp, key_table
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.staff import disable_staff
from cmp_tui.contacts.actions import start_timer
from cmp_tui.contacts.queries import parked_timers, running_timer
from cmp_tui.patients.actions import lend_panel
from cmp_tui.patients.queries import by_mrn, patient_count
from cmp_tui.queue.queries import QueueRow, page
from cmp_tui.tasks.actions import add_task, hand_over
from tests.app.conftest import TODAY
from tests.app.driving import SIZES, Driver, driving
from tests.conftest import AsUser

People = dict[str, bytes]


# An empty clinic


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_today_says_what_to_do_next(clinic: Clinic, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        assert "Nothing is due." in person.text
        assert "adds a patient" in " ".join(person.text.replace("│", " ").split())
        assert person.title == "Today  mine · 0 due"
        await person.press("2")
        assert "Nobody here." in person.text


async def test_from_an_empty_clinic_to_the_first_row_of_today(clinic: Clinic) -> None:
    async with driving(clinic) as person:
        await person.press("2", "n")
        assert person.form is not None
        await person.go_to("family")
        await person.press("'Okafor'")
        await person.go_to("given")
        await person.press("'James'")
        await person.go_to("birth_date")
        await person.press("'1958-03-01'", "ctrl+s")
        assert person.form is None, person.text
        assert person.app.current_mode == "chart", "whoever adds someone goes on with them"
        assert "Okafor, James" in person.text
        await person.press("escape")
        assert person.row.family == "Okafor"
        await person.press("C")
        assert person.form is not None
        await person.press("escape", "1", "n")
        assert person.form is not None
        await person.go_to("title")
        await person.press("'ring him'", "ctrl+s")
        assert person.row.reason == "ring him"
    assert clinic.read(patient_count) == 1


# Moving about


async def test_the_numbered_places(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("2")
        assert person.app.current_mode == "caseload"
        await person.press("7")
        assert person.notice == "Outcomes comes later; its number is kept for it."
        assert person.app.current_mode == "caseload"
        for number, mode in (("4", "referrals"), ("5", "transitions")):
            await person.press(number)
            assert person.app.current_mode == mode
        await person.press("q", "q", "q")
        assert person.app.current_mode == "today"
        await person.press("escape")
        assert "first screen" in person.notice
        assert person.app.is_running


async def test_enter_opens_the_chart_and_esc_comes_back_to_the_same_row(
    clinic: Clinic, people: People
) -> None:
    async with driving(clinic) as person:
        await person.press("j", "j")
        row: QueueRow = person.row
        await person.press("enter")
        assert person.app.current_mode == "chart"
        assert row.family in person.text
        await person.press("escape")
        assert person.app.current_mode == "today"
        assert person.row.key == row.key
        await person.press("2", "j", "enter")
        assert person.app.current_mode == "chart"
        await person.press("q")
        assert person.app.current_mode == "caseload"


async def test_r_is_the_day_review(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("r")
        assert "Day review" in person.title
        await person.press("escape")
        assert person.app.current_mode == "today"


async def test_the_views_mine_team_and_a_lent_panel(clinic: Clinic, as_user: AsUser, people: People) -> None:
    ben = as_user("ben")
    ben.run(add_task, title="his own", due=TODAY)
    ben.run(lend_panel, _key(ben), _key(clinic), TODAY, TODAY, "ill")
    async with driving(clinic) as person:
        assert "mine" in person.title
        await person.press("f")
        assert "team" in person.title
        await person.press("f")
        assert "cover for ben" in person.title
        assert person.row.reason == "his own"
        await person.press("f")
        assert "mine" in person.title


def _key(clinic: Clinic) -> bytes:
    from cmp_tui.clinic.staff import me

    return clinic.read(me).id


@pytest.mark.parametrize("size", SIZES)
async def test_space_shows_the_preview_where_there_is_no_room_beside(
    clinic: Clinic, people: People, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        wide = size[0] > 100
        assert ("Clears when" in person.text) is wide
        await person.press("space")
        assert "Clears when" in person.text
        await person.press("escape")
        assert ("Clears when" in person.text) is wide


# Search


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("okafro", "Okafor"),
        ("ruiz moreno", "Ruiz-Moreno"),
        ("1955-07-02", "Tran"),
        ("L-1004", "Weiss"),
        ("555-1003", "Tran"),
    ],
)
async def test_search_from_anywhere(clinic: Clinic, people: People, typed: str, found: str) -> None:
    async with driving(clinic) as person:
        await person.press("slash", f"'{typed}'")
        assert found in person.text
        await person.press("enter")
        assert person.app.current_mode == "chart"
        assert found in person.text


async def test_what_is_typed_right_after_the_slash_is_the_search(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.pilot.press("slash", "t", "r", "a", "n", "enter")
        await person.settle()
        assert person.app.current_mode == "chart"
        assert "Tran, Linh" in person.text
    assert clinic.read(running_timer) is None


async def test_enter_before_the_answers_opens_what_was_asked_for(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("slash", "'weiss'")
        await person.pilot.press(*["backspace"] * 5, *"tran", "enter")
        await person.settle()
        assert "Tran, Linh" in person.text
        assert person.app.current_mode == "chart"


async def test_nobody_found_says_so_and_stays(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("slash", "'xyzzy'", "enter")
        assert "Nobody found." in person.text
        await person.press("escape")
        assert person.app.current_mode == "today"


# The timer


async def test_t_on_another_patient_puts_the_first_timer_aside(
    clinic: Clinic, clock: FrozenClock, people: People
) -> None:
    async with driving(clinic) as person:
        first = person.row.patient
        await person.press("t")
        clock.at += timedelta(minutes=6)
        while person.row.patient == first:
            await person.press("j")
        second = person.row
        await person.press("t")
        assert "waits in Today" in person.notice
        assert [row.source for row in clinic.read(page)].count("timer") == 1
        assert f"T 0 min {second.given} {second.family[0]}." in person.lines[1]
    (parked,) = clinic.read(parked_timers)
    assert parked.patient == first
    running = clinic.read(running_timer)
    assert running is not None
    assert running.patient == second.patient


async def test_a_running_timer_survives_the_program(
    clinic: Clinic, clock: FrozenClock, people: People
) -> None:
    clinic.run(start_timer, people["Tran"])
    clock.at += timedelta(minutes=5)
    async with driving(clinic) as person:
        assert "T 5 min Linh T." in person.lines[1]


async def test_quitting_asks_while_a_timer_runs(clinic: Clinic, people: People) -> None:
    clinic.run(start_timer, people["Tran"])
    async with driving(clinic) as person:
        await person.press("ctrl+q")
        assert "A timer runs for Tran, Linh. Quit all the same?" in person.notice
        await person.press("escape")
        assert person.app.is_running
        await person.press("question_mark", "ctrl+q")
        assert "A timer runs" in person.notice
        await person.press("enter")
        assert not person.app.is_running
    assert clinic.read(running_timer) is not None


async def test_quitting_over_an_open_form_asks_in_the_form(clinic: Clinic, people: People) -> None:
    clinic.run(start_timer, people["Tran"])
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("did")
        await person.press("'half'", "ctrl+q")
        assert person.form is not None
        assert "ctrl+q again quits" in " ".join(person.text.split())
        await person.press("ctrl+q")
        assert not person.app.is_running
    assert [one.data["typed"]["did"] for one in clinic.kept("draft")] == ["half"]


async def test_without_a_timer_quitting_asks_nothing(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("ctrl+q")
        assert not person.app.is_running


# Undo


async def test_undo_shows_what_and_waits_for_enter(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        before = [row.key for row in clinic.read(page)]
        await person.press("c", "v", "ctrl+s")
        after = [row.key for row in clinic.read(page)]
        assert after != before
        await person.press("u")
        assert "Undo: " in person.notice
        assert "09:00" in person.notice
        await person.press("escape")
        assert person.notice == "Nothing was changed."
        assert [row.key for row in clinic.read(page)] == after
        await person.press("u", "enter")
        assert person.notice.startswith("✓ Undone: ")
        assert [row.key for row in clinic.read(page)] == before
        await person.press("U", "enter")
        assert person.notice.startswith("✓ Done again: ")
        assert [row.key for row in clinic.read(page)] == after
    async with driving(clinic) as person:  # also after a restart
        await person.press("u", "enter")
        assert [row.key for row in clinic.read(page)] == before
    assert clinic.verify() == []


async def test_there_may_be_nothing_to_undo(as_user: AsUser, people: People) -> None:
    async with driving(as_user("ben")) as person:
        await person.press("u")
        assert person.notice == "There is nothing to undo."
        await person.press("U")
        assert person.notice == "There is nothing to do again."


# Settling and putting off


async def test_z_puts_a_row_off_and_d_settles_a_task(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        seen = set()
        for _ in range(12):
            if person.row is None:
                break
            seen.add(person.row.source)
            await person.press("z")
            assert person.form is not None
            assert "Until" in person.text
            await person.go_to("why")
            await person.press("'later'", "ctrl+s")
            assert person.form is None, person.text
        assert {"task", "not-reached", "minutes"} <= seen
        assert "Nothing is due." in person.text
        await person.press("u", "enter")
        assert person.row is not None


async def test_d_on_a_task_asks_how_and_on_a_derived_row_opens_what_settles_it(
    clinic: Clinic, people: People
) -> None:
    async with driving(clinic) as person:
        forms = {}
        for _ in range(len(clinic.read(page))):
            source = person.row.source
            await person.press("d")
            assert person.form is not None
            forms[source] = person.form.spec.name
            await person.press("escape", "j")
        assert forms["task"] == "settle-task"
        assert forms["not-reached"] == forms["minutes"] == "contact"


async def test_a_task_that_i_handed_over_waits_for_the_other(
    clinic: Clinic, as_user: AsUser, people: People
) -> None:
    task = clinic.run(add_task, title="ask Levin", due=TODAY - timedelta(30), patient=people["Tran"])
    clinic.run(hand_over, task.id, _key(as_user("ben")))
    async with driving(clinic) as person:
        await person.press("g")
        assert person.row.reason == "handed to Ben Ortiz, not seen yet: ask Levin"
        await person.press("d")
        assert person.form is None
        assert person.notice.endswith("This waits until Ben Ortiz accepts it. h hands it to someone else.")
    async with driving(as_user("ben")) as person:
        assert person.row.reason == "Dana Ruiz hands over: ask Levin"
        await person.press("d")
        assert person.form is not None
        await person.press("ctrl+s")
        assert person.row.source == "task"


# Help, palette, themes, keys


@pytest.mark.parametrize("size", SIZES)
async def test_help_explains_the_screen_and_its_keys(
    clinic: Clinic, people: People, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press("question_mark")
        for words in ("Everything that is due", "contact", "today.snooze"):
            assert words in person.text, words
        if size[0] < 100:
            await person.press("pagedown", "pagedown", "pagedown")
        assert "due later" in person.text
        await person.press("question_mark")
        assert person.app.screen is person.board
        await person.press("2", "question_mark")
        assert "Everyone in one list" in person.text


@pytest.mark.parametrize("opener", ["ctrl+p", "colon"])
async def test_the_palette_finds_commands_and_themes(clinic: Clinic, people: People, opener: str) -> None:
    async with driving(clinic) as person:
        await person.press(opener, "'caselo'", "enter")
        await person.settle()
        assert person.app.current_mode == "caseload"
        await person.press(opener, "'colours: day'", "enter")
        await person.settle()
        assert person.app.theme == "day"


async def test_the_palette_offers_every_theme(clinic: Clinic) -> None:
    async with driving(clinic) as person:
        offered = {command.title for command in person.app.get_system_commands(person.app.screen)}
        for name in ("dusk", "day", "contrast", "sixteen", "sixteen-light"):
            assert f"Colours: {name}" in offered


async def test_a_theme_is_kept_for_the_next_time(clinic: Clinic, as_user: AsUser) -> None:
    async with driving(clinic, usual_theme="contrast") as person:
        assert person.app.theme == "contrast"
        person.app.colours.wear("day")
        await person.settle()
    async with driving(clinic, usual_theme="contrast") as person:
        assert person.app.theme == "day"
    async with driving(clinic, theme="sixteen") as person:
        assert person.app.theme == "sixteen"
    async with driving(clinic) as person:
        assert person.app.theme == "sixteen", "asking for one on the command line keeps it too"
    async with driving(clinic, theme="pink") as person:
        assert person.app.theme == "sixteen"
        assert "There is no theme 'pink'. Themes: contrast, day, dusk" in person.notice
    async with driving(as_user("ben")) as person:
        assert person.app.theme == "dusk", "each has their own"


async def test_keys_can_be_remapped(clinic: Clinic, people: People) -> None:
    async with driving(clinic, keys={"today.snooze": "o", "app.search": ["slash", "ctrl+f"]}) as person:
        await person.press("z")
        assert person.form is None
        await person.press("o")
        assert person.form is not None
        await person.press("escape", "ctrl+f")
        assert "search" in person.text
        assert "o snooze" in Driver(person.pilot).lines[-1] or person.app.screen is not person.board


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"today.snoze": "o"}, "Did you mean “today.snooze”?"),
        ({"today.snooze": "c"}, "is already the key of “contact” (board.contact)"),
        ({"today.snooze": "u"}, "is already the key of “undo” (app.undo)"),
        ({"today.snooze": "blub"}, "is not a key"),
    ],
)
async def test_a_wrong_remap_is_told_and_harms_nothing(
    clinic: Clinic, people: People, keys: dict[str, str], says: str
) -> None:
    async with driving(clinic, size=(160, 36), keys=keys) as person:
        assert says in person.notice
        await person.press("z")
        assert person.form is not None


def test_the_shipped_keys_do_not_clash() -> None:
    table = key_table()
    assert table.clashes() == ()
    assert {"app.undo", "list.down", "form.save", "search.close", "help.close", "notice.yes"} <= set(
        table.entries
    )


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("c", "board.contact"), ("t", "board.timer"), ("u", "app.undo"), ("U", "app.redo"), ("z", "today.snooze"),
        ("d", "today.done"), ("y", "board.copy"), ("f", "caseload.filter"), ("s", "caseload.sort"),
        ("colon", "app.palette"), ("ctrl+p", "app.palette"),
        ("exclamation_mark", "app.mask"), ("question_mark", "app.help"), ("slash", "app.search"),
        ("ctrl+q", "app.quit"),
        ("n", "today.new"), ("e", "today.edit"), ("j", "list.down"), ("G", "list.last"), ("ctrl+s", "form.save"),
    ],
)  # fmt: skip
def test_the_keys_are_those_of_the_design(key: str, name: str) -> None:
    assert key in key_table().entries[name].keys


# Over the shoulder


@pytest.mark.parametrize("mode", ["1", "2"])
async def test_masked_names_stand_nowhere(
    clinic: Clinic, clock: FrozenClock, people: People, mode: str
) -> None:
    def names_in(text: str) -> set[str]:
        words = {"Ruiz-Moreno", "Okafor", "James", "Tran", "Linh", "Weiss", "田中", "Bell", "Lucía", "Moreno"}
        return {word for word in words if word in text.replace("Transitions", "")}

    clinic.run(start_timer, people["Tran"])
    clock.at += timedelta(minutes=2)
    async with driving(clinic) as person:
        await person.press(mode)
        assert len(names_in(person.text)) >= 4
        await person.press("exclamation_mark")
        assert names_in(person.text) == set(), person.text
        for key in ("j", "j", "j", "space"):
            await person.press(key)
            assert names_in(person.text) == set(), person.text
        await person.press("u")
        assert "Undo" in person.notice
        assert names_in(person.text) == set(), person.text
        await person.press("escape", "ctrl+q")
        assert "A timer runs" in person.notice
        assert names_in(person.text) == set(), person.text
        await person.press("escape", "slash", "'o'")
        assert names_in(person.text) == set(), person.text
        await person.press("escape", "t")
        if person.form is None:
            assert "Timer runs for" in person.notice
            assert names_in(person.text) == set(), person.text
        else:
            await person.press("escape")
        await person.press("exclamation_mark")
        assert len(names_in(person.text)) >= 4


# Who may not


async def test_whose_access_ends_is_told_and_can_still_leave(
    clinic: Clinic, as_user: AsUser, people: People
) -> None:
    ben = as_user("ben")
    async with driving(ben) as person:
        await person.press("f")
        clinic.run(disable_staff, "ben")
        for keys in (
            ("j", "t"),
            ("u",),
            ("f",),
            ("2",),
            ("c",),
            ("1",),
            ("slash", "'tran'", "escape"),
            ("enter",),
        ):
            await person.press(*keys)
            assert person.app.is_running, keys
        await person.press("t")
        assert "not (or no longer) among this clinic's staff" in person.text
        await person.press("ctrl+q")
        assert not person.app.is_running


async def test_an_administrator_without_patients_is_told_why_the_list_is_empty(as_user: AsUser) -> None:
    async with driving(as_user("iris")) as person:
        assert "The list could not be read." in person.text
        assert "admin" in person.text
        await person.press("2")
        assert "The list could not be read." in person.text


async def test_an_auditor_sees_and_changes_nothing(as_user: AsUser, clinic: Clinic, people: People) -> None:
    async with driving(as_user("otto")) as person:
        await person.press("f")
        assert person.row is not None
        await person.press("t")
        assert "auditor" in person.notice
    assert clinic.read(running_timer) is None


async def test_every_look_is_in_the_audit_trail(clinic: Clinic, people: People) -> None:
    from cmp_tui.clinic.audit import audit_page

    async with driving(clinic) as person:
        await person.press("f", "f", "enter", "escape", "slash", "'tran'", "escape", "ctrl+q")
    looks = [entry.action for entry in clinic.read(audit_page, limit=20) if entry.action.startswith("look.")]
    assert looks[0] == "look.sign-out"
    assert {"look.chart", "look.search", "look.list", "look.sign-in"} <= set(looks)


async def test_the_program_does_not_take_two_forms_for_one_key_pressed_twice(
    clinic: Clinic, people: People
) -> None:
    async with driving(clinic) as person:
        await person.pilot.press("c", "c")
        await person.settle()
        assert len(person.board.dock.forms) == 1
        assert isinstance(person.app, CmpApp)
    assert clinic.read(by_mrn, "L-1001") is not None
