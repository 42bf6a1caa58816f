"""Opening forms: on the dock of the screen one is on, with its draft behind it, from a message or from a draft."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cmp_tui.clinic.errors import ClinicError, Gone
from cmp_tui.ui.board import Board
from cmp_tui.ui.fields.base import Raw
from cmp_tui.ui.fields.drafts import CHANGED
from cmp_tui.ui.form import Form, FormSpec, Passing, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening

if TYPE_CHECKING:
    from cmp_tui.ui.dock import Result

DRAFT = "draft"
OPENING_SECONDS = 30.0
"""How long a form may take to get the focus; keys that are typed meanwhile are dropped long before (keyboard.py)."""


class Opener:
    """Knows every form of the program by name, opens them, and keeps and restores their drafts."""

    def __init__(
        self,
        context: FormContext,
        makers: Mapping[str, FormMaker],
        phrases: Callable[[], Mapping[str, str]],
        reads: Callable[[bytes, str], Awaitable[None]] | None = None,
        kept_record: Callable[[bytes], Awaitable[bytes]] | None = None,
    ) -> None:
        """`reads` logs that a form shows a patient's record, before it is shown; None where nobody asks.

        `kept_record` says into whose record a patient's was merged since a draft was begun.
        """
        self._context = context
        self._makers = makers
        self._phrases = phrases
        self._reads = reads
        self._kept_record = kept_record
        self._open: dict[Form, tuple[str, dict[str, Any], bytes | None]] = {}

    async def open(
        self,
        board: Board,
        name: str,
        patient: bytes | None,
        record: bytes | None,
        args: dict[str, Any],
        ready: Callable[[], None],
    ) -> tuple[Opening, Result]:
        """Opens a form and waits until it ends. Call it from a worker. Raises ClinicError when it can't open.

        `ready` is called when the form has the focus.

        A draft of the same form for the same patient and record is put back into it.
        """
        if name not in self._makers:  # a draft may outlive its form
            raise Gone("This form is not part of the program (any more).")
        key = _key(name, patient, record, args)
        kept = next((one for one in await self._context.live.kept(DRAFT) if one.key == key), None)
        if kept is not None:  # a form goes on where it was left; what it is asked for now adds to that
            args = {**kept.data.get("args", {}), **args}
        own, kept_as = patient, record
        if patient is not None and self._kept_record is not None:
            patient = await self._kept_record(patient)
            record = patient if record == own else record
        opening = await self._makers[name](self._context, patient, record, args)
        if patient is not None and self._reads is not None:
            await self._reads(patient, name)
        about = {"form": name, "title": opening.spec.title, "record": _hex(kept_as), "args": args}
        form = Form(
            opening.spec,
            opening.values,
            opening.submit,
            lambda typed: self._keep(key, about, typed, opening.seen, own),
            lambda: self._context.live.forget(DRAFT, key),
            here=self._context.here,
            seen=_seen(kept.data if kept else {}, opening.seen),
            phrases=self._phrases,
        )
        self._open[form] = (key, about, own)
        future = board.dock.open(form)
        await _has_focus(board, form)
        if kept is not None:
            form.restore(_still_true(kept.data.get("typed", {}), opening.gone))
        ready()
        try:
            return opening, await future
        finally:
            self._open.pop(form, None)

    async def ask(
        self,
        board: Board,
        spec: FormSpec,
        values: Mapping[str, object],
        submit: Callable[[Submission], Awaitable[object]],
        ready: Callable[[], None],
    ) -> Result:
        """Opens a form that asks something in passing, keeps no draft, and waits until it ends. From a worker."""
        form = Passing(spec, values, submit, _keep_nothing, _forget_nothing, here=self._context.here)
        future = board.dock.open(form)
        await _has_focus(board, form)
        ready()
        return await future

    def patient_of(self, form: Form) -> bytes | None:
        """Returns the patient that an open form is about; None when it is about nobody in particular."""
        found = self._open.get(form)
        return found[2] if found is not None else None

    async def of_draft(self, draft: bytes) -> tuple[str, bytes | None, bytes | None, dict[str, Any]]:
        """Returns what a draft would open. Raises Gone when it was saved or thrown away meanwhile."""
        for one in await self._context.live.kept(DRAFT):
            if one.id == draft:
                record = one.data.get("record")
                return (
                    one.data["form"],
                    one.patient,
                    bytes.fromhex(record) if record else None,
                    one.data["args"],
                )
        raise Gone("This draft was saved or thrown away meanwhile.")

    def keep_all_now(self) -> int:
        """Keeps what stands in every open form, at once: the line was cut. Returns how many drafts were kept.

        Runs on the event loop's thread with a connection of its own; a form that can't be kept does not stop
        the others.
        """
        count = 0
        for key, data, patient in self._typed():
            with suppress(ClinicError):
                self._context.live.clinic.keep(DRAFT, key, data, patient)
                count += 1
        return count

    async def keep_all(self) -> None:
        """Keeps what stands in every open form, without making the screen wait for the file: somebody quits."""
        for key, data, patient in self._typed():
            with suppress(ClinicError):
                await self._context.live.keep(DRAFT, key, data, patient)

    def _typed(self) -> list[tuple[str, dict[str, Any], bytes | None]]:
        """What is to be kept now: of each form in which something was typed its key, its draft, its patient."""
        return [
            (key, {**about, "typed": typed, "seen": form.seen}, patient)
            for form, (key, about, patient) in self._open.items()
            if (typed := form.typed())
        ]

    async def _keep(
        self, key: str, about: dict[str, Any], typed: dict[str, Raw], seen: int | None, patient: bytes | None
    ) -> None:
        await self._context.live.keep(DRAFT, key, {**about, "typed": typed, "seen": seen}, patient)


async def _keep_nothing(typed: dict[str, Raw]) -> None:
    """A form in passing has no draft."""


async def _forget_nothing() -> None:
    """A form in passing has no draft."""


async def _has_focus(board: Board, form: Form) -> None:
    """Waits until a form that opens has the focus, so that what is typed next goes into it."""
    until = asyncio.get_running_loop().time() + OPENING_SECONDS
    while asyncio.get_running_loop().time() < until:
        if board.focused is not None and form in board.focused.ancestors:
            return
        await asyncio.sleep(0.005)


def _key(name: str, patient: bytes | None, record: bytes | None, args: Mapping[str, Any]) -> str:
    named = (args[name] for name in ("contact", "which") if args.get(name))
    several = ",".join((*args.get("patients", ()), *named))
    return f"{name}|{_hex(patient)}|{_hex(record)}|{several}"


def _hex(key: bytes | None) -> str:
    return key.hex() if key else ""


def _seen(data: Mapping[str, Any], now: int | None) -> int | None:
    """The version that the person saw when the draft began: a later one is someone else's change."""
    seen = data.get("seen")
    return seen if isinstance(seen, int) else now


def _still_true(typed: Mapping[str, Raw], gone: frozenset[str]) -> dict[str, Raw]:
    """What a draft kept, without the text of fields that the person had not touched and that no longer holds."""
    changed = typed.get(CHANGED)
    touched = changed if isinstance(changed, list) else list[Raw]()
    return {name: raw for name, raw in typed.items() if name not in gone or name in touched}
