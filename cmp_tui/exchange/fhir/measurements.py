"""Observations and immunizations that the caller's code list takes."""

from __future__ import annotations

from decimal import Decimal

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.records import Code, Measurement, Moment, Vaccine
from cmp_tui.exchange.fhir.values import LINE

# LOINC: any, sitting, standing, lying, by cuff, mean
SYSTOLIC = ("8480-6", "8459-0", "8460-8", "8461-6", "76534-7", "96608-5", "8479-8")
DIASTOLIC = ("8462-4", "8453-3", "8454-1", "8455-8", "76535-4", "96609-3")
UNSURE = ("entered-in-error", "cancelled", "registered", "unknown")
COMPARATORS = ("<", "<=", ">=", ">")
NOT_LISTED = "Observation (not in the code list)"


def surely_unlisted(context: Context, raw: Raw) -> bool:
    """A quick look at an Observation, before anything else: most are not on the code list. Tells nothing."""
    concept = raw.get("code")
    return "component" not in raw and isinstance(concept, dict) and not context.listed(concept)


def measurements(context: Context, raw: Raw, source: str) -> list[Measurement]:
    """The measurements in an Observation: none, one, or one for each component that is taken."""
    concept = context.part(raw, "code")
    parts = context.items(raw, "component") if "component" in raw else []
    codes = context.codings(concept)
    taken = context.taken(codes)
    inner = [(part, found) for part in parts if (found := _part(context, part))]
    if taken is None and not inner:
        context.skip(NOT_LISTED)
        return []
    status = context.text(raw, "status")
    if status in UNSURE:
        context.skip(f"Observation ({status})")
        return []
    moment = _moment(context, raw)
    if moment is None:
        context.skip("Observation (without a date)")
        return []
    pressures = _pressures(context, parts)
    if pressures is not None and (taken is not None or inner):
        high, low, unit = pressures
        # The panel's code may stand for either pressure in the code list; the systolic one names both.
        kind = next((kind for _, (kind, code) in inner if code.code in SYSTOLIC), (taken or inner[0][1])[0])
        code = codes[0] if codes else inner[0][1][1]
        words = context.words(concept, codes)
        return [
            Measurement(
                source, kind, code.system, code.code, words, moment, high, low, "", unit, "", "", status
            )
        ]
    if taken is not None:
        one = _one(context, raw, source, taken, context.words(concept, codes), moment, status)
        if one is not None:
            return [one]
    kept = []
    for part, (kind, code) in inner:
        words = context.words(context.part(part, "code"))
        each = _one(context, part, f"{source}/{code.code}", (kind, code), words, moment, status)
        if each is not None:
            kept.append(each)
    if not kept:
        context.skip("Observation (without a value)")
    return kept


def paired(found: list[Measurement]) -> list[Measurement]:
    """Joins a systolic and a diastolic pressure that came as two Observations of one moment."""
    lows = {each.taken: each for each in found if each.code in DIASTOLIC and each.value is None}
    if not lows:
        return found
    done, joined = set(), []
    for each in found:
        low = lows.get(each.taken) if each.code in SYSTOLIC and each.second is None else None
        if low is not None and low.source not in done:
            done.add(low.source)
            joined.append(each._replace(second=low.second))
        else:
            joined.append(each)
    return [each for each in joined if each.source not in done]


def vaccine(context: Context, raw: Raw, source: str) -> Vaccine | None:
    """An Immunization that was given, or was not and why."""
    concept = context.part(raw, "vaccineCode")
    codes = context.codings(concept)
    taken = context.taken(codes)
    if taken is None:
        context.skip("Immunization (not in the code list)")
        return None
    status = context.text(raw, "status")
    if status not in ("completed", "not-done"):
        context.skip(f"Immunization ({status or 'without a status'})")
        return None
    kind, code = taken
    given = context.moment(raw, "occurrenceDateTime") or context.moment(raw, "recorded")
    reason = context.words(context.part(raw, "statusReason"))
    return Vaccine(source, kind, code.system, code.code, context.words(concept, codes), given, status, reason)


def _part(context: Context, part: Raw) -> tuple[str, Code] | None:
    return context.taken(context.codings(context.part(part, "code")))


def _moment(context: Context, raw: Raw) -> Moment | None:
    for field in ("effectiveDateTime", "effectiveInstant"):
        if field in raw and (found := context.moment(raw, field)):
            return found
    if "effectivePeriod" in raw:
        start, end = context.period(raw, "effectivePeriod")
        if found := end or start:
            return found
    return context.moment(raw, "issued")


def _pressures(context: Context, parts: list[Raw]) -> tuple[Decimal | None, Decimal | None, str] | None:
    """(systolic, diastolic, unit) if the components are a blood pressure with at least one value."""
    found: dict[str, tuple[Decimal, str]] = {}
    for part in parts:
        for code in context.codings(context.part(part, "code")):
            which = "high" if code.code in SYSTOLIC else "low" if code.code in DIASTOLIC else ""
            if which:
                quantity = context.part(part, "valueQuantity")
                value = context.number(quantity, "value")
                if value is not None:
                    found[which] = value, _unit(context, quantity)
    if not found:
        return None
    high, low = found.get("high"), found.get("low")
    return high and high[0], low and low[0], (high or low or (0, ""))[1]


def _one(
    context: Context, raw: Raw, source: str, taken: tuple[str, Code], words: str, moment: Moment, status: str
) -> Measurement | None:
    """What an Observation or a component says, or None when it says nothing."""
    value, unit, comparator, answer, answer_code = None, "", "", "", ""
    if "valueQuantity" in raw:
        quantity = context.part(raw, "valueQuantity")
        value, unit = context.number(quantity, "value"), _unit(context, quantity)
        if "comparator" in quantity and (sign := context.text(quantity, "comparator")) in COMPARATORS:
            comparator = sign
    elif "valueInteger" in raw:
        value = context.number(raw, "valueInteger")
    elif "valueCodeableConcept" in raw:
        concept = context.part(raw, "valueCodeableConcept")
        answer, answer_code = context.words(concept), context.code(concept)
    elif "valueString" in raw:
        answer = context.text(raw, "valueString", LINE)
    elif "valueBoolean" in raw:
        answer = {True: "yes", False: "no", None: ""}[context.flag(raw, "valueBoolean")]
    if value is None and not answer:
        return None
    kind, code = taken
    second = None
    if code.code in DIASTOLIC:
        value, second = None, value
    return Measurement(
        source,
        kind,
        code.system,
        code.code,
        words,
        moment,
        value,
        second,
        comparator,
        unit,
        answer,
        answer_code,
        status,
    )


def _unit(context: Context, quantity: Raw) -> str:
    return context.text(quantity, "unit") or context.text(quantity, "code")
