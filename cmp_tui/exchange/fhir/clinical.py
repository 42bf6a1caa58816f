"""Conditions and allergies."""

from __future__ import annotations

from types import MappingProxyType

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.records import Allergy, Code, Condition
from cmp_tui.exchange.fhir.values import LINE

CONDITION_STATUSES = ("active", "recurrence", "relapse", "inactive", "remission", "resolved")
ALLERGY_STATUSES = ("active", "inactive", "resolved")
WRONG = ("refuted", "entered-in-error")
SEVERITIES = ("mild", "moderate", "severe")
# SNOMED CT: no known allergy; to drugs, to the environment, to food, to latex
NONE_KNOWN = ("716186003", "409137002", "428607008", "429625007", "1003774007")
PREFERRED = MappingProxyType({"icd-10-cm": 0, "snomed": 1})


def condition(context: Context, raw: Raw, source: str) -> Condition | None:
    """A Condition, unless it was refuted, entered in error, or says nothing."""
    verification = context.code(context.part(raw, "verificationStatus"))
    if verification in WRONG:
        context.skip(f"Condition ({verification})")
        return None
    main, codes, words = _coded(context, raw)
    if not words:
        context.skip("Condition (without a code or words)")
        return None
    abatement = _when(context, raw, "abatement")
    status = context.code(context.part(raw, "clinicalStatus"))
    if status not in CONDITION_STATUSES:
        status = "resolved" if abatement or "abatementBoolean" in raw else "active"
    return Condition(
        source,
        main.system if main.system in PREFERRED else "other",
        main.code,
        words,
        codes,
        status,
        verification,
        _when(context, raw, "onset"),
        abatement,
        context.day(raw, "recordedDate"),
        tuple(code for item in context.items(raw, "category") if (code := context.code(item))),
    )


def allergy(context: Context, raw: Raw, source: str) -> Allergy | None:
    """An AllergyIntolerance, unless it was refuted, entered in error, or says nothing."""
    verification = context.code(context.part(raw, "verificationStatus"))
    if verification in WRONG:
        context.skip(f"AllergyIntolerance ({verification})")
        return None
    reactions = context.items(raw, "reaction")
    main, codes, words = _coded(context, raw)
    if not words:
        substances = [context.words(context.part(item, "substance")) for item in reactions]
        words = next(filter(None, substances), "")
    if not words:
        context.skip("AllergyIntolerance (without a code or words)")
        return None
    status = context.code(context.part(raw, "clinicalStatus"))
    signs: list[str] = []
    for item in reactions:
        for concept in context.items(item, "manifestation"):
            if (sign := context.words(concept)) and sign not in signs:
                signs.append(sign)
    felt = [context.text(item, "severity") for item in reactions]
    return Allergy(
        source,
        main.system or "other",
        main.code,
        words,
        any(code.code in NONE_KNOWN for code in codes) or words.casefold().startswith("no known"),
        context.text(raw, "type"),
        tuple(context.texts(raw, "category")),
        status if status in ALLERGY_STATUSES else "active",
        verification,
        context.text(raw, "criticality"),
        max((word for word in felt if word in SEVERITIES), key=SEVERITIES.index, default=""),
        context.clean(", ".join(signs), LINE),
        _when(context, raw, "onset"),
        context.day(raw, "recordedDate"),
    )


def _coded(context: Context, raw: Raw) -> tuple[Code, tuple[Code, ...], str]:
    """The code to file it under, all codes, and the words."""
    concept = context.part(raw, "code")
    codes = context.codings(concept)
    words = context.words(concept, codes)
    main = min(codes, key=lambda code: PREFERRED.get(code.system, 2), default=Code("", "", ""))
    return main, tuple(codes), words


def _when(context: Context, raw: Raw, what: str) -> str:
    """The day of onset or abatement, from whichever form it came in."""
    if day := context.day(raw, f"{what}DateTime"):
        return day
    if f"{what}Period" in raw:
        start, end = context.period(raw, f"{what}Period")
        found = start or end
        return found.day if found else ""
    return ""
