"""Importing claims in tests: a folder of files, a plan, and one call that plans and imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.staff import settings_list
from cmp_tui.exchange.caseload.plan import Choices
from cmp_tui.exchange.claims.actions import Imported, import_claims
from cmp_tui.exchange.claims.book import claims_book
from cmp_tui.exchange.claims.held import MODELS
from cmp_tui.exchange.claims.plan import ClaimsPlan
from cmp_tui.exchange.claims.queries import claims_plan
from cmp_tui.exchange.claims.reading import Reading, read_claims
from cmp_tui.patients.actions import add_patient
from tests.exchange.claims.files import (
    CARRIER,
    HOUSE,
    PEOPLE,
    Row,
    emergency,
    house,
    office,
    person,
    write_rif,
)

Bring = Callable[..., Imported]


def read(clinic: Clinic, *paths: Path) -> Reading:
    """Reads files as the command does."""
    return read_claims(
        paths, claims_book(clinic.reference).marks, clinic.clock.today(clinic.read(settings_list).zone)
    )


def plan_of(clinic: Clinic, *paths: Path, **choices: Any) -> ClaimsPlan:
    """The plan of some files and folders."""
    reading = read(clinic, *paths)
    return clinic.read(claims_plan, reading, claims_book(clinic.reference), Choices(**choices))


def rows_now(clinic: Clinic, kind: str) -> list[dict[str, Any]]:
    """The living rows of a kind, oldest first."""
    model = MODELS[kind]
    return clinic.read(lambda scope: list(model.live().order_by(model.id).dicts()))


@pytest.fixture
def bring(clinic: Clinic) -> Bring:
    """Plans an import of files and does it."""

    def act(*paths: Path) -> Imported:
        return clinic.run(import_claims, plan_of(clinic, *paths))

    return act


KINDS = ("patient", "intake", "condition", "stay", "visit", "service")
BORN = {"family": "Mooney", "given": "Ida", "birth_date": "1947-05-03"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ida Mooney: a stay, two ED visits, two visits, and CCM that others bill."""
    return make(tmp_path / "claims")


def make(path: Path, people: tuple[Row, ...] = (person(),), houses: tuple[Row, ...] | None = None) -> Path:
    write_rif(path / "people.csv", PEOPLE, *people) if people else path.mkdir(exist_ok=True)
    default = (
        house("1", "02-Mar-2026", "06-Mar-2026"), emergency("2", "11-Jan-2026"), emergency("3", "20-Jun-2026"),
    )  # fmt: skip
    write_rif(path / "hospital.csv", HOUSE, *(default if houses is None else houses))
    write_rif(
        path / "carrier.csv", CARRIER,
        office("4", "09-Mar-2026"), office("5", "30-Jun-2026", "99490"), office("6", "10-Apr-2026", "G0439"),
    )  # fmt: skip
    return path


def values(clinic: Clinic, kind: str, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows_now(clinic, kind)]


def everything(clinic: Clinic) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [{k: v for k, v in row.items() if k != "version"} for row in rows_now(clinic, kind)]
        for kind in KINDS
    }


def ida(clinic: Clinic, **more: Any) -> bytes:
    return clinic.run(add_patient, **BORN, mrn="100", **more).id
