"""Orders and statements of medicines, and the list of a patient's drugs that they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from types import MappingProxyType

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.directory import Directory, Drug, drug_of
from cmp_tui.exchange.fhir.records import Code, Medication, Moment
from cmp_tui.exchange.fhir.refs import Links
from cmp_tui.exchange.fhir.values import LINE

NOT_ORDERS = ("proposal", "plan", "option")
NEVER = ("entered-in-error", "draft")
STATUSES = ("active", "completed", "intended", "stopped", "on-hold", "unknown", "not-taken")
OURS = MappingProxyType({"cancelled": "stopped", "ended": "stopped"})
UNITS = MappingProxyType(
    {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
)


@dataclass(frozen=True, slots=True)
class Order:
    """One order or statement, before those of one drug become one line."""

    source: str
    drug_key: str
    drug: Drug | None
    status: str
    dosage: str
    reason: str
    setting: str
    when: Moment | None
    until: Moment | None
    prescriber: str
    stated: bool  # a statement of what is taken, not an order


def order(context: Context, raw: Raw, source: str, links: Links, directory: Directory) -> Order | None:
    """A MedicationRequest or MedicationStatement, unless it is a proposal, a draft or a mistake."""
    kind = source.partition("/")[0]
    status = context.text(raw, "status")
    intent = context.text(raw, "intent")
    if status in NEVER or intent in NOT_ORDERS:
        context.skip(f"{kind} ({status if status in NEVER else intent})")
        return None
    if context.flag(raw, "doNotPerform"):
        context.skip(f"{kind} (an order not to give it)")
        return None
    key, drug = _drug(context, raw, links)
    if drug is None and not key:
        context.skip(f"{kind} (without a drug)")
        return None
    stated = kind == "MedicationStatement"
    when = context.moment(raw, "authoredOn") or context.moment(raw, "effectiveDateTime")
    until = None
    if stated:
        start, until = context.period(raw, "effectivePeriod")
        when = when or start or until or context.moment(raw, "dateAsserted")
    by = (
        links.ref(raw, "informationSource", "Person")
        if stated
        else links.ref(raw, "requester", "Practitioner")
    )
    settings = [context.code(item) for item in context.items(raw, "category")]
    status = OURS.get(status, status)
    return Order(
        source,
        key,
        drug,
        status if status in STATUSES else "unknown",
        dosage(context, context.items(raw, "dosage" if stated else "dosageInstruction")),
        "; ".join(filter(None, (context.words(item) for item in context.items(raw, "reasonCode")[:3]))),
        "inpatient" if "inpatient" in settings else "",
        when,
        until,
        directory.mention(by) if by.key else "",
        stated,
    )


def collapse(patient: str, orders: Iterable[Order], directory: Directory) -> tuple[Medication, ...]:
    """One line for each drug: what is active if anything is, else the latest; with first and latest date.

    Orders for a stay stay apart from those for home.
    """
    lines: dict[tuple[str, str, str], list[tuple[Order, Code]]] = {}
    for each in orders:
        drug = each.drug or directory.known_drug(each.drug_key)
        if drug is None or not (drug.codes or drug.words):
            continue
        code = next((code for code in drug.codes if code.system == "rxnorm"), None)
        if code is None:
            code = drug.codes[0] if drug.codes else Code("", "", "")
        code = Code("rxnorm" if code.system == "rxnorm" else "other", code.code, drug.words or code.display)
        name = code.code or f"h-{blake2b(code.display.casefold().encode(), digest_size=8).hexdigest()}"
        place = (each.setting, code.system, name)
        lines.setdefault(place, []).append((each, code))
    return tuple(_line(patient, place, found, directory) for place, found in lines.items())


def undrugged(orders: Iterable[Order], directory: Directory) -> list[Order]:
    """The orders whose drug was never found."""
    return [each for each in orders if each.drug is None and directory.known_drug(each.drug_key) is None]


def _line(
    patient: str, place: tuple[str, str, str], found: list[tuple[Order, Code]], directory: Directory
) -> Medication:
    found.sort(key=lambda pair: (_time(pair[0]), pair[0].source))
    active = [pair for pair in found if pair[0].status == "active"]
    now, code = (active or found)[-1]
    # Of several that hold, one may lack the words. A stopped order lends none: its dose may be the old one.
    words = next((each.dosage for each, _ in reversed(active or found) if each.dosage), "")
    by = next((each.prescriber for each in (now, *(e for e, _ in reversed(found))) if each.prescriber), "")
    setting, system, name = place
    return Medication(
        f"{patient}/drug/{setting}{'-' if setting else ''}{system}/{name}",
        system,
        code.code,
        code.display,
        now.status,
        words,
        now.reason,
        setting,
        found[0][0].when,
        found[-1][0].when,
        directory.find(by),
        directory.name(by),
        now.until,
        len(found),
    )


def _time(each: Order) -> tuple[str, str]:
    # Days first: an order with a day only must not sort before every order with a time.
    if each.when is None:
        return "", ""
    return each.when.day, each.when.at.isoformat() if each.when.at else ""


def _drug(context: Context, raw: Raw, links: Links) -> tuple[str, Drug | None]:
    concept = context.part(raw, "medicationCodeableConcept")
    if concept:
        codes = context.codings(concept)
        words = context.words(concept, codes)
        if codes or words:
            return "", Drug(tuple(codes), words)
    reference = context.part(raw, "medicationReference")
    if inside := links.inside(reference):
        return "", drug_of(context, inside)
    ref = links.whom(reference, "Medication") if reference else None
    if ref is None or not ref.key:
        return "", Drug((), ref.display) if ref and ref.display else None
    return ref.key, None


def dosage(context: Context, items: list[Raw]) -> str:
    """How it is taken, in words: the source's own, else put together from the parts."""
    said = [context.text(item, "text", LINE) or _spell_out(context, item) for item in items[:4]]
    return context.clean("; ".join(filter(None, said)), LINE)


def _spell_out(context: Context, item: Raw) -> str:
    parts = []
    for amount in context.items(item, "doseAndRate")[:1]:
        quantity = context.part(amount, "doseQuantity")
        value = context.number(quantity, "value")
        if value is not None:
            parts.append(f"{_short(value)} {context.text(quantity, 'unit')}".strip())
    timing = context.part(item, "timing")
    often = context.words(context.part(timing, "code"))
    parts.append(often or _how_often(context, context.part(timing, "repeat")))
    parts.append(context.words(context.part(item, "route")))
    if context.flag(item, "asNeededBoolean") or "asNeededCodeableConcept" in item:
        parts.append("as needed")
    return ", ".join(filter(None, parts))


def _how_often(context: Context, repeat: Raw) -> str:
    often, period = context.number(repeat, "frequency"), context.number(repeat, "period")
    unit = UNITS.get(context.text(repeat, "periodUnit"), "")
    if not unit or period is None:
        return ""
    times = "once" if often in (None, 1) else f"{_short(often)} times"
    every = f"a {unit}" if unit != "hour" else f"an {unit}"
    return f"{times} {every}" if period == 1 else f"{times} every {_short(period)} {unit}s"


def _short(value: Decimal | None) -> str:
    text = f"{value:f}" if value is not None else ""
    return text.rstrip("0").rstrip(".") if "." in text else text
