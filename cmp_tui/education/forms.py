"""The forms about education: a session, a hand-out, a class with who came."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.clinic.reference_rows import spoken
from cmp_tui.clinic.staff import staff_list
from cmp_tui.education import actions, queries
from cmp_tui.education.handout import handout_file
from cmp_tui.education.rules import PARTLY, REPEAT
from cmp_tui.education.topic_book import topic_book
from cmp_tui.patients.form_fields import Args, Edit
from cmp_tui.patients.panel import identity
from cmp_tui.patients.paper_out import Paper
from cmp_tui.patients.queries import patient_card
from cmp_tui.patients.record_forms import Part, open_part
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, given, its_patient, own_key

TONGUES = (Option("en", "English"), Option("es", "Spanish"))
FORMATS = (Option("pdf", "PDF on one page"), Option("text", "plain text"))
LOGS = (Option("yes", "note that it was given today"), Option("no", "only print it"))


class Printed(NamedTuple):
    """What was printed, and whether it was noted."""

    paper: Paper
    noted: bool = False


def topic_field(context: FormContext, *, required: bool = True) -> ChoiceField:
    """The choice of a topic, by its title."""
    book = topic_book(context.reference)
    return ChoiceField(
        name="topic", label="Topic", required=required,
        options=tuple(Option(one.name, one.title) for one in book.topics.values()),
    )  # fmt: skip


async def teaching_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A session: what was taught and how, and what the patient could say back. `args`: `topic`."""
    codes, settings, book = context.reference.codes, context.settings, topic_book(context.reference)

    def questions(values: Mapping[str, object]) -> list[tuple[str, str]]:
        topic = book.get(str(values.get("topic") or ""))
        return [(one, "dim") for one in topic.pages["en"].questions] if topic else []

    def again(values: Mapping[str, object]) -> bool:
        return values.get("teach_back") in (PARTLY, REPEAT)

    staff = await context.live.ask(staff_list, everyone=True)
    fields: tuple[Field, ...] = (
        topic_field(context),
        DateField(name="date", label="On", required=True, only="past", default=context.here.today()),
        ChoiceField(
            name="method", label="How", required=True, options=options(codes("teach_method")), default="talk"
        ),
        TellField(name="ask", label="Ask back", lines=questions, help="the questions of the topic's page"),
        ChoiceField(
            name="teach_back", label="Teach-back", options=options(codes("teach_back")),
            help="could they say it in their own words? empty when nobody asked",
        ),
        DateField(
            name="repeat_on", label="Again on", when=again,
            help=f"empty: partly in {settings.teach_partly_days} days, to repeat in {settings.teach_repeat_days}",
        ),
        ChoiceField(
            name="taught_by", label="By", required=True, default=context.me.id,
            options=tuple(Option(one.id, one.name) for one in staff),
        ),
        LongTextField(name="remarks", label="Remarks", limit=500),
    )  # fmt: skip
    part = Part(
        "teaching", "Session", queries.teachings, actions.teach, actions.edit_teaching, fields, _taught
    )
    return await open_part(context, patient, record, args, part)


def _taught(values: Mapping[str, object]) -> dict[str, Any]:
    """The values of a session; what only tells is none of them."""
    return {name: None if value == "" else value for name, value in values.items() if name != "ask"}


async def handout_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Prints the hand-out of a topic. The person says whether it is noted as given. `args`: `topic`."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    key = own_key(context, args)
    teach: Edit = actions.teach

    async def submit(submission: Submission) -> Printed:
        values = submission.values
        topic = str(values["topic"])
        paper = await context.live.ask_long(
            handout_file, context.live.clinic, patient, topic, str(values["tongue"]),
            plain=values["format"] == "text",
        )  # fmt: skip
        if values["log"] != "yes":
            return Printed(paper)
        if all(one.id != key for one in await context.live.ask(queries.teachings, patient)):
            await context.live.do(teach, patient, topic=topic, method="handout", id=key)
        return Printed(paper, noted=True)

    spec = FormSpec(
        name="handout",
        title="Hand-out",
        fields=(
            topic_field(context),
            ChoiceField(
                name="tongue", label="In", required=True, options=TONGUES, help="by the patient's language"
            ),
            ChoiceField(name="format", label="As", required=True, options=FORMATS),
            ChoiceField(name="log", label="And", required=True, options=LOGS),
        ),
        identity=identity(card, context.here.today()),
        button="Print",
    )

    def said(printed: Printed) -> str:
        return f"Written to {printed.paper.shown}.{' Noted as given.' if printed.noted else ''}"

    values = {"tongue": spoken(card.language), "format": "pdf", **given(args)}
    return Opening(spec, submit, values, said=said)


FORMS: Mapping[str, FormMaker] = MappingProxyType({"teaching": teaching_form, "handout": handout_form})
"""The forms of this file."""
