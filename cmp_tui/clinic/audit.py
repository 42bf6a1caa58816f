"""The audit chain: each entry names the hash of the one before, so a changed or missing entry shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, row_hash, stored
from cmp_tui.clinic.scope import Scope


class Head(NamedTuple):
    """The last entry of the chain: its number and its hash as hexadecimal text."""

    seq: int
    hash: str


class Entry(NamedTuple):
    """One entry of the chain, for people."""

    seq: int
    at: datetime
    who: str
    action: str
    patient: bytes | None
    facts: dict[str, Any]


class Finding(NamedTuple):
    """Something that verification found wrong."""

    seq: int
    says: str


def entry_hash(prev: bytes, seq: int, values: Mapping[str, Any]) -> bytes:
    """Returns the hash of an entry: over the hash before, its number and its encoded values."""
    text = json.dumps([seq, dict(values)], sort_keys=True, separators=(",", ":"), default=bytes.hex)
    return hashlib.sha256(prev + text.encode()).digest()


def content_hash(parts: list[tuple[Any, ...]]) -> bytes:
    """Returns the hash over the images of one change."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(json.dumps(part, separators=(",", ":"), default=bytes.hex).encode())
    return whole.digest()


def audit_head(scope: Scope) -> Head:
    """Returns the head of the chain, to be kept elsewhere."""
    last = Audit.select(Audit.seq, Audit.hash).order_by(Audit.seq.desc()).limit(1).tuples()
    for seq, digest in last:
        return Head(seq, bytes(digest).hex())
    return Head(0, "")


def audit_page(
    scope: Scope,
    *,
    before: int | None = None,
    since: datetime | None = None,
    patient: bytes | None = None,
    who: str | None = None,
    limit: int = 200,
) -> list[Entry]:
    """Returns entries of the chain, newest first: those before a number, since a moment, of a patient, of a person."""
    query = (
        Audit.select(Audit.seq, Audit.at, Staff.username, Audit.action, Audit.patient, Audit.facts)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
        .order_by(Audit.seq.desc())
        .limit(min(limit, 1000))
    )
    if before is not None:
        query = query.where(Audit.seq < before)
    if since is not None:
        query = query.where(Audit.at >= since)
    if patient is not None:
        query = query.where(Audit.patient == patient)
    if who is not None:
        query = query.where(Staff.username == who)
    return [
        Entry(seq, at, name or "", action, None if about is None else bytes(about), facts or {})
        for seq, at, name, action, about, facts in query.tuples()
    ]


def verify_chain(scope: Scope, tables: tuple[type[Record], ...], head: Head | None = None) -> list[Finding]:
    """Checks the whole chain, every image and every row; returns what is wrong, nothing when all is well.

    `head` is one that was kept outside the file: the chain must still hold it.
    """
    findings: list[Finding] = []
    prev, expected, last = b"", 1, 0
    parts = _parts_by_change()
    for entry in Audit.select().order_by(Audit.seq).iterator():
        if entry.seq != expected:
            findings.append(Finding(entry.seq, f"entries {expected} to {entry.seq - 1} are missing"))
        values = entry_values(entry.at, entry.who, entry.action, entry.patient, entry.facts, entry.content)
        own = bytes(entry.hash)
        if bytes(entry.prev) != prev or entry_hash(prev, entry.seq, values) != own:
            findings.append(Finding(entry.seq, "the entry does not match its hash"))
        images = parts.pop(entry.seq, [])
        if images and (entry.content is None or content_hash(images) != bytes(entry.content)):
            findings.append(Finding(entry.seq, "the images of this change were altered"))
        if not images and entry.content is not None:
            findings.append(Finding(entry.seq, "the images of this change are missing"))
        if head is not None and entry.seq == head.seq and own.hex() != head.hash:
            findings.append(Finding(entry.seq, "the entry differs from the one that was kept outside"))
        prev, expected, last = own, entry.seq + 1, entry.seq
    findings += [Finding(seq, "images without an audit entry") for seq in parts]
    if head is not None and last < head.seq:
        findings.append(Finding(head.seq, f"the chain ends at {last}, before the entry that was kept outside"))
    for table in tables:
        findings += _rows_without_proof(table)
    return findings


def entry_values(
    at: datetime, who: bytes | None, action: str, patient: bytes | None, facts: Any, content: bytes | None
) -> dict[str, Any]:
    """Returns what an entry's hash covers."""
    return {
        "at": int(at.timestamp()),
        "who": None if who is None else bytes(who),
        "action": action,
        "patient": None if patient is None else bytes(patient),
        "facts": facts,
        "content": None if content is None else bytes(content),
    }


def image_part(
    table: str,
    row: bytes | None,
    version: int,
    before: str | None,
    after: bytes | None,
    packed: bytes | None,
) -> tuple[Any, ...]:
    """Returns what the content hash of a change covers for one image."""
    return (
        table,
        None if row is None else bytes(row),
        version,
        before,
        None if after is None else bytes(after),
        None if packed is None else hashlib.sha256(packed).digest(),
    )


def _parts_by_change() -> dict[int, list[tuple[Any, ...]]]:
    parts: dict[int, list[tuple[Any, ...]]] = {}
    query = Image.select(
        Image.seq, Image.table, Image.row, Image.version, Image.before, Image.after, Image.packed
    ).order_by(Image.seq, Image.part)
    for seq, *rest in query.tuples().iterator():
        parts.setdefault(seq, []).append(image_part(*rest))
    return parts


def _rows_without_proof(table: type[Record]) -> list[Finding]:
    """Rows whose present content is not what their last change left, or that no change made."""
    name = table._meta.table_name
    proofs: dict[bytes, tuple[int, bytes, int]] = {}
    query = Image.select(Image.seq, Image.row, Image.version, Image.after, Image.packed).where(Image.table == name)
    for seq, row, version, after, packed in query.order_by(Image.seq).tuples().iterator():
        if row is not None:
            proofs[bytes(row)] = (version, bytes(after), seq)
            continue
        for at in range(0, len(packed), 32):
            proofs[packed[at : at + 16]] = (1, packed[at + 16 : at + 32], seq)
    findings = []
    for values in table.select().dicts().iterator():
        key = bytes(values["id"])
        proof = proofs.pop(key, None)
        if proof is None:
            findings.append(Finding(0, f"a row of {name} was made outside the program"))
            continue
        version, digest, seq = proof
        if values["version"] != version or not row_hash(stored(table, values)).startswith(digest):
            findings.append(Finding(seq, f"a row of {name} was altered outside the program"))
    findings += [Finding(seq, f"a row of {name} was removed outside the program") for _, _, seq in proofs.values()]
    return findings
