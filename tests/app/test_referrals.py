"""Screen 4 and the chart's Referrals, by keys alone: a referral through every stage, one that is silent, one missed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.referrals.actions import end_referral, order, take_step
from cmp_tui.referrals.queries import open_of, referrals_of, steps_of
from cmp_tui.ui.table import WindowTable
from tests.app.driving import SIZES, Driver, driving
from tests.snapshots import same_as_kept, screen_text

People = dict[str, bytes]
VISIT = date(2026, 12, 1)


@pytest.fixture
def referred(clinic: Clinic, clock: FrozenClock, people: People) -> dict[str, bytes]:
    """Five referrals at as many stages; the one to Heart Group is silent since Tuesday 3 November."""
    now = clock.at
    clock.at = datetime(2026, 11, 2, 16, tzinfo=UTC)
    heart = clinic.run(
        add_provider, name="Heart Group", specialty="Cardiology", phone="5125550199", fax="5125550198",
        hours="Mon-Thu 8-4",
    ).id  # fmt: skip
    said = {"said_by": "Deb", "how": "phone"}
    keys = {
        "silent": clinic.run(
            order, people["Okafor"], kind="specialist", what="cardiology", question="Short of breath: the valve?",
            provider=heart, ordered_by="levin",
        ).id,
        "eye": clinic.run(order, people["Weiss"], kind="test", what="eye exam", to_name="Lake Eye").id,
        "meals": clinic.run(order, people["Tran"], kind="community", what="meals", need="food", sent_how="phone").id,
    }  # fmt: skip
    clock.at = datetime(2026, 11, 3, 16, tzinfo=UTC)
    clinic.run(take_step, keys["silent"], stage="sent", how="fax", records="last note, ECG")
    clinic.run(take_step, keys["eye"], stage="sent", how="portal")
    clock.at = datetime(2026, 11, 12, 16, tzinfo=UTC)
    clinic.run(take_step, keys["silent"], stage="checked", **said, remarks="She can't find it; sent again.")
    visit = {"day": date(2026, 11, 18), "time": "09:30"}
    clinic.run(take_step, keys["eye"], stage="scheduled", **said, appointment=visit)
    clinic.run(
        end_referral, keys["meals"], None, end="met", why="Five meals a week.", said_by="Linh", how="phone"
    )
    clock.at = datetime(2026, 11, 20, 16, tzinfo=UTC)
    keys["oxygen"] = clinic.run(
        order, people["Ruiz-Moreno"], kind="equipment", what="home oxygen", urgency="urgent", provider=heart
    ).id
    clinic.run(take_step, keys["oxygen"], stage="sent", how="fax")
    clock.at = now
    keys["hearing"] = clinic.run(
        order, people["田中"], kind="test", what="hearing test", to_name="Ear Clinic"
    ).id
    return keys


async def put_on(person: Driver, key: bytes) -> None:
    """Goes to a referral with the arrows."""
    await person.press("home")
    for _ in range(20):
        if person.row.id == key:
            return
        await person.press("down")
    raise AssertionError(f"not on the list:\n{person.text}")


def chart_row(person: Driver) -> Any:
    """The row under the cursor of the chart."""
    return next(table.row for table in person.board.query(WindowTable) if table.display and table.row)


async def test_a_referral_goes_through_every_stage_by_keys(
    clinic: Clinic, clock: FrozenClock, people: People
) -> None:
    async with driving(clinic) as person:
        await person.press("4", "n", "'weiss'", "enter", "enter", "'cardiology'", "enter", "'Heart Group'")
        await person.press("enter", "ctrl+s")
        assert "cardiology: ordered. We ask on Wed 25 Nov." in person.notice
        (line,) = clinic.read(open_of, people["Weiss"])
        assert line.to == "Heart Group", "a new name goes into the directory"
        await put_on(person, line.id)

        async def proposed(stage: str, *keys: str) -> None:
            """What is proposed needs `d`, what it asks, and `ctrl+s`."""
            await person.press("d")
            assert person.value("stage") == stage
            await person.press(*keys, "ctrl+s")
            assert person.form is None, person.text
            assert person.row.id == line.id, "the cursor goes with it"

        await proposed("sent")
        await proposed("accepted")
        await proposed("scheduled", "enter", "'12/1'", "enter", "'9:30'")
        assert "visit Tue 1 Dec 09:30" in person.text
        clock.at = datetime(2026, 12, 2, 15, tzinfo=UTC)
        await proposed("attended")
        await proposed("report")
        await proposed("reviewed", "enter", "'Amy Levin'")
        await proposed("plan-updated")
        await person.press("d")
        assert person.value("stage") == "told"
        await person.go_to("met")
        await person.press("y", "ctrl+s")
        assert "need met" in person.notice
        assert clinic.read(open_of, people["Weiss"]) == []
    (ended,) = clinic.read(referrals_of, people["Weiss"])
    assert (ended.end, ended.need_met) == ("met", True)
    steps = clinic.read(steps_of, ended.id)
    assert [step.stage for step in reversed(steps)] == [
        "ordered", "sent", "accepted", "scheduled", "attended", "report", "reviewed", "plan-updated", "told", "closed",
    ]  # fmt: skip
    by = {step.stage: (step.said_by, step.how) for step in steps}
    assert by["sent"] == ("Dana Ruiz", "fax")
    assert by["accepted"] == ("Heart Group", "phone")
    assert by["attended"] == ("Weiss, Ruth", "phone")


async def test_a_silent_one_climbs_and_says_whom_to_call(
    clinic: Clinic, clock: FrozenClock, people: People, referred: dict[str, bytes]
) -> None:
    async with driving(clinic) as person:
        for _ in range(15):
            if person.row.source == "referral" and person.row.ref == referred["silent"]:
                break
            await person.press("down")
        assert person.row.reason == "cardiology silent since Tue 3 Nov: call Heart Group (512) 555-0199"
        assert "cardiology silent" in person.text
        await person.press("d")
        assert person.value("stage") == "accepted"
        await person.press("a", "ctrl+s")
        assert "asked, nothing new" in person.notice
        found = next(one for one in clinic.read(open_of, people["Okafor"]))
        assert (found.checks, found.check_on) == (2, date(2026, 12, 1))


async def test_a_missed_visit_asks_why_and_offers_what_helps(
    clinic: Clinic, people: People, referred: dict[str, bytes]
) -> None:
    async with driving(clinic) as person:
        await person.press("4")
        await put_on(person, referred["eye"])
        await person.press("d", "m", "enter", "'no ride'", "enter", "ctrl+s")
        assert person.form is not None and person.form.spec.name == "referral"
        assert (person.value("kind"), person.value("what")) == ("community", "rides to visits")
        await person.press("ctrl+s")
        assert "rides to visits: ordered" in person.notice
        lines = {one.what: one for one in clinic.read(open_of, people["Weiss"])}
        assert lines["eye exam"].stage == "missed"
        assert lines["rides to visits"].need == "getting there"


async def test_a_step_is_taken_back_with_its_appointment(
    clinic: Clinic, people: People, referred: dict[str, bytes]
) -> None:
    async with driving(clinic) as person:
        await person.press("4")
        await put_on(person, referred["silent"])
        await person.press("d", "s", "enter", "'12/1'", "ctrl+s")
        assert "visit Tue 1 Dec" in person.text
        await person.press("u", "enter")
        assert "visit Tue 1 Dec" not in person.text
        found = next(one for one in clinic.read(open_of, people["Okafor"]))
        assert (found.stage, found.visit_on, found.checks) == ("sent", None, 1)


async def test_asking_later_keeps_why(clinic: Clinic, people: People, referred: dict[str, bytes]) -> None:
    async with driving(clinic) as person:
        await person.press("4")
        await put_on(person, referred["silent"])
        await person.press("z", "'fri'", "enter", "'Deb is back then'", "ctrl+s")
        assert "cardiology: we ask on Fri 27 Nov" in person.notice
        assert "Deb is back then" in person.preview


async def test_filters_hold_together_and_go_one_key(
    clinic: Clinic, people: People, referred: dict[str, bytes]
) -> None:
    async with driving(clinic) as person:
        await person.press("4")
        assert "4 open · 2 late" in person.title
        await person.press("f", "'late'", "enter")
        assert "3 open" in person.title and "only to ask" in person.title
        await person.press("f", "'test'", "enter")
        assert "1 open" in person.title and person.row.what == "eye exam"
        await person.press("escape")
        assert "4 open" in person.title
        await person.press("f", "'ended'", "enter")
        assert "1 ended" in person.title and person.row.what == "meals"
        await person.press("b", "'asks again'", "ctrl+s")
        assert "taken up again" in person.notice
        await person.press("escape", "w")
        assert "team · 5 open" in person.title


async def test_sorting_keeps_the_row(clinic: Clinic, people: People, referred: dict[str, bytes]) -> None:
    async with driving(clinic) as person:
        await person.press("4")
        await put_on(person, referred["hearing"])
        for words in ("by day to ask", "oldest first", "by name"):
            await person.press("s")
            assert words in person.title
            assert person.row.id == referred["hearing"]
        await person.press("s", "right", "left", "right")
        assert person.row.id == referred["oxygen"] or person.row.what


async def test_the_chart_has_a_referral_whole(
    clinic: Clinic, people: People, referred: dict[str, bytes]
) -> None:
    async with driving(clinic) as person:
        await person.press("4")
        await put_on(person, referred["silent"])
        await person.press("enter")
        assert chart_row(person).line.id == referred["silent"]
        for words in ("asked, nothing new", "She can't find it", "Deb", "visit by", "Short of breath"):
            assert words in person.preview
        await person.press("x", "s", "'not today'", "ctrl+s")
        assert "Struck out" in person.notice
        assert chart_row(person).line.checks == 0 or "asked, nothing new" not in person.preview
        await person.press("e")
        assert person.value("question") == "Short of breath: the valve?"
        await person.press("escape")
        await person.press("n", "enter", "'kidney'", "enter", "enter", "ctrl+s")
        assert "kidney: ordered" in person.notice


async def test_the_same_thing_twice_is_told_before_saving(
    clinic: Clinic, people: People, referred: dict[str, bytes]
) -> None:
    async with driving(clinic) as person:
        await person.press("4")
        await put_on(person, referred["silent"])
        await person.press("enter", "n", "enter", "'cardiology'", "enter", "enter", "ctrl+s")
        assert "Ordered already" in person.text
        await person.press("ctrl+s")
        assert "cardiology: ordered" in person.notice
        assert len(clinic.read(open_of, people["Okafor"])) == 2


SCREENS = {
    "referrals": ("4", "down", "down"),
    "referrals-preview": ("4", "down", "space"),
    "referrals-step": ("4", "down", "d", "s"),
    "referrals-order": ("4", "n"),
    "referrals-filter": ("4", "f"),
    "referrals-chart": ("4", "down", "enter", "space"),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
async def test_screens(clinic: Clinic, referred: dict[str, bytes], name: str, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press(*SCREENS[name])
        same_as_kept(f"{name}-{size[0]}x{size[1]}", screen_text(person.app))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_nothing_referred(clinic: Clinic, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press("4")
        same_as_kept(f"referrals-empty-{size[0]}x{size[1]}", screen_text(person.app))
