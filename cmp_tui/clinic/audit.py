"""The audit chain: each entry names the hash of the one before, so a changed or missing entry shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, as_columns, columns_of, raw_batches, raw_rows, row_hashes, rows
from cmp_tui.clinic.scope import Scope

_encoded = json.JSONEncoder(separators=(",", ":"), default=bytes.hex).encode


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
        whole.update(image_bytes(part))
    return whole.digest()


def image_bytes(part: tuple[Any, ...]) -> bytes:
    """Returns what one image gives to the hash over a change's images; see `image_part`."""
    return _encoded(part).encode()


def audit_head(scope: Scope) -> Head:
    """Returns the head of the chain, to be kept elsewhere."""
    for seq, digest in rows(Audit.select(Audit.seq, Audit.hash).order_by(Audit.seq.desc()).limit(1)):
        return Head(seq, bytes(digest).hex())
    return Head(0, "")


def clock_behind(scope: Scope) -> int:
    """Returns by how many seconds the computer's clock is behind the file's last change: 0 when it is not.

    Nobody asks in a practice file, whose days are made up.
    """
    if scope.mark is None or scope.settings.practice:
        return 0
    for (at,) in rows(Audit.select(Audit.at).order_by(Audit.seq.desc()).limit(1)):
        return max(0, int((at - scope.now).total_seconds()))
    return 0


def behind_words(seconds: int) -> str:
    """Returns what to say of a clock that is so many seconds behind."""
    return (
        f"The computer's clock is {seconds // 3600} h {seconds // 60 % 60} min {seconds % 60} s behind the last change "
        "in this file. Set it right: everything is dated by it."
    )


def audit_page(
    scope: Scope,
    *,
    before: int | None = None,
    since: datetime | None = None,
    patient: bytes | None = None,
    who: str | None = None,
    limit: int = 200,
) -> list[Entry]:
    """Returns entries of the chain, newest first: before a number, since a moment, of a patient, of a person.

    Those of a patient are also those in which they are one of several.
    """
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
        query = query.where(
            (Audit.patient == patient)
            | (Audit.patient.is_null() & (fn.instr(Audit.facts, f'"{patient.hex()}"') > 0))
        )
    if who is not None:
        query = query.where(Staff.username == who)
    return [
        Entry(seq, at, name or "", action, None if about is None else bytes(about), facts or {})
        for seq, at, name, action, about, facts in rows(query)
    ]


def verify_chain(scope: Scope, tables: tuple[type[Record], ...], head: Head | None = None) -> list[Finding]:
    """Checks the whole chain, every image and every row; returns what is wrong, nothing when all is well.

    `head` is one that was kept outside the file: the chain must still hold it.
    """
    findings: list[Finding] = []
    prev, last = b"", 0
    proofs = _Proofs()
    for seq, at, who, action, patient, facts, content, before, own in raw_rows(
        Audit, "seq", "at", "who", "action", "patient", "facts", "content", "prev", "hash", order="seq"
    ):
        if seq != last + 1:
            findings.append(Finding(seq, f"entries {last + 1} to {seq - 1} are missing"))
        values = entry_values(at, who, action, patient, facts, content)
        if before != prev or entry_hash(prev, seq, values) != own:
            findings.append(Finding(seq, "the entry does not match its hash"))
        images = proofs.of_change(seq)
        if images and (content is None or content_hash(images) != content):
            findings.append(Finding(seq, "the images of this change were altered"))
        if not images and content is not None:
            findings.append(Finding(seq, "the images of this change are missing"))
        if head is not None and seq == head.seq and own.hex() != head.hash:
            findings.append(Finding(seq, "the entry differs from the one that was kept outside"))
        prev, last = own, seq
    findings += [Finding(seq, "images without an audit entry") for seq in proofs.loose()]
    if head is not None and last < head.seq:
        findings.append(
            Finding(head.seq, f"the chain ends at {last}, before the entry that was kept outside")
        )
    for table in tables:
        findings += _rows_without_proof(table, proofs.rows.get(table._meta.table_name, {}))
    return findings


def entry_values(
    at: int, who: bytes | None, action: str, patient: bytes | None, facts: str | None, content: bytes | None
) -> dict[str, Any]:
    """Returns what an entry's hash covers: its values as they are stored."""
    return {"at": at, "who": who, "action": action, "patient": patient, "facts": facts, "content": content}


def image_part(
    table: str,
    row: bytes | None,
    version: int,
    before: str | None,
    after: bytes | None,
    packed: bytes | None,
) -> tuple[Any, ...]:
    """Returns what the content hash of a change covers for one image."""
    return (table, row, version, before, after, None if packed is None else hashlib.sha256(packed).digest())


class _Proofs:
    """All images, read once in the order of their changes: each change's own, and the last proof of every row."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[bytes, tuple[int, bytes, int]]] = {}
        self._images = raw_rows(
            Image, "seq", "table", "row", "version", "before", "after", "packed", order="seq, part"
        )
        self._next = next(self._images, None)
        self._loose: set[int] = set()

    def of_change(self, seq: int) -> list[tuple[Any, ...]]:
        """Returns the parts of one change; changes are asked for in rising order."""
        parts = []
        while self._next is not None and self._next[0] <= seq:
            if self._next[0] == seq:
                parts.append(self._take())
            else:
                self._loose.add(self._next[0])
                self._take()
        return parts

    def loose(self) -> list[int]:
        """Returns the numbers that images name and no audit entry has, once all changes were asked for."""
        while self._next is not None:
            self._loose.add(self._next[0])
            self._take()
        return sorted(self._loose)

    def _take(self) -> tuple[Any, ...]:
        assert self._next is not None
        seq, table, row, version, before, after, packed = self._next
        proofs = self.rows.setdefault(table, {})
        if row is not None:
            proofs[row] = (version, after or b"", seq)
        else:
            for at in range(0, len(packed or b""), 32):
                proofs[packed[at : at + 16]] = (1, packed[at + 16 : at + 32], seq)
        self._next = next(self._images, None)
        return image_part(table, row, version, before, after, packed)


def _rows_without_proof(table: type[Record], proofs: dict[bytes, tuple[int, bytes, int]]) -> list[Finding]:
    """Rows whose present content is not what their last change left, or that no change made."""
    name = table._meta.table_name
    findings = []
    for some in raw_batches(table, *columns_of(table)):
        columns = as_columns(table, some)
        hashes = row_hashes(columns)
        for key, has, content in zip(columns["id"], columns["version"], hashes, strict=True):
            proof = proofs.pop(key, None)
            if proof is None:
                findings.append(Finding(0, f"a row of {name} was made outside the program"))
                continue
            version, digest, seq = proof
            if has != version or not digest or not content.startswith(digest):
                findings.append(Finding(seq, f"a row of {name} was altered outside the program"))
    findings += [
        Finding(seq, f"a row of {name} was removed outside the program") for _, _, seq in proofs.values()
    ]
    return findings
