"""The files behind the paths: found, opened, unpacked, and cut into documents or lines."""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from cmp_tui.clinic.text import terminal_safe

LARGEST = 128 * 1024 * 1024  # bytes of one document or one line; a patient's bundle has up to 20 MB
SUSPECT = 16 * 1024 * 1024
EXPANSION = 200  # FHIR shrinks about 10 to 40 times; what shrinks more is no FHIR
PEEK = 4096
LINES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
JSON = (".json", ".json.gz")
FIRST_KIND = re.compile(rb'"resourceType"\s*:\s*"(?!Bundle")([A-Za-z]{1,40})"')
ONLY_OPENS = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*\r?\n")
WIDE = (b"\xff\xfe", b"\xfe\xff")


class Source(NamedTuple):
    """One file to read: its path, its name for messages, its size in bytes, whether a person named it."""

    path: Path
    name: str
    size: int
    named: bool


class Chunk(NamedTuple):
    """A document (line None) or a line; and how many bytes of the file are read with it."""

    line: int | None
    data: bytes
    done: int


class Unusable(Exception):
    """A file can't be read (on). Its text is a sentence that can follow the file's name."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


def find(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Source], list[tuple[str, str]]]:
    """The files under the paths in a stable order, and (name, sentence) for what can't be used.

    A file that is reached twice is read once. Hidden files and folders are passed over.
    """
    found: dict[Path, Source] = {}
    wrong: list[tuple[str, str]] = []

    def denied(error: OSError) -> None:
        wrong.append((shown(Path(str(error.filename))), f"This can't be read: {error.strerror}."))

    def note(path: Path, named: bool) -> None:
        try:
            real, size = path.resolve(), path.stat().st_size
        except OSError as error:
            wrong.append((shown(path), f"This can't be read: {error.strerror}."))
            return
        if path.is_file():
            found.setdefault(real, Source(path, shown(path), size, named))

    for given in paths:
        path = Path(given)
        if path.is_dir():
            for folder, folders, files in os.walk(path, onerror=denied):
                folders[:] = sorted(each for each in folders if not each.startswith("."))
                for name in sorted(files):
                    if not name.startswith("."):
                        note(Path(folder) / name, named=False)
        elif path.is_file():
            note(path, named=True)
        elif path.exists():
            wrong.append((shown(path), "The path is neither a file nor a folder."))
        else:
            wrong.append((shown(path), "The path is not there. Check its spelling."))
    return list(found.values()), wrong


def shown(path: Path) -> str:
    """A path as it may be shown on a terminal."""
    return terminal_safe(str(path))


def first_kind(source: Source) -> str:
    """The first kind of resource that the beginning of a file speaks of, "" if it does not tell."""
    try:
        with source.path.open("rb") as raw:
            head = raw.read(PEEK)
        if _packed(source):
            head = zlib.decompressobj(wbits=31).decompress(head, PEEK)
    except (OSError, zlib.error):
        return ""
    match = FIRST_KIND.search(head)
    return match[1].decode("ascii") if match else ""


def chunks(source: Source) -> Iterator[Chunk]:
    """The documents or lines of a file. Raises Unusable; what came before it stands."""
    try:
        with source.path.open("rb") as raw:
            if not _packed(source):
                yield from _cut(source, raw, lambda read: read)
                return

            def packed_bytes(read: int) -> int:
                if read > SUSPECT and read > EXPANSION * source.size:
                    raise Unusable("unpacks to far more than health records do; the rest was not read.")
                return raw.tell()

            with gzip.GzipFile(fileobj=raw, mode="rb") as unpacked:
                yield from _cut(source, unpacked, packed_bytes)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unusable("is damaged or cut off: it can't be unpacked to its end.") from error
    except MemoryError as error:
        raise Unusable("is too large for this machine's memory.") from error
    except OSError as error:
        raise Unusable(f"can't be read: {error.strerror or 'the disk reports an error'}.") from error


class _Progress(Protocol):
    def __call__(self, read: int, /) -> int: ...


def _cut(source: Source, file: _Readable, done: _Progress) -> Iterator[Chunk]:
    """Lines where the file is made of lines, else the whole as one document."""
    longest = _longest(source)
    first = file.readline(longest + 1)
    by_lines = source.path.name.lower().endswith(LINES)
    if ONLY_OPENS.fullmatch(first[:PEEK]) or first[:2] in WIDE or not by_lines:
        # One document over many lines or on one; or lines in a file that calls itself .json.
        rest = _rest(file, first, done, longest)
        if rest is not None:
            yield Chunk(None, rest, done(len(rest)))
            return
    yield from _lines(file, first, done, longest)


def _longest(source: Source) -> int:
    """The most bytes read at once: of a packed file no more than it may unpack to, or a bomb fills the memory first."""
    return min(LARGEST, max(SUSPECT, EXPANSION * source.size)) if _packed(source) else LARGEST


def _rest(file: _Readable, first: bytes, done: _Progress, longest: int) -> bytes | None:
    """The whole document, or None when the first line is complete in itself and others follow."""
    parts, read = [first], len(first)
    if first.rstrip().endswith(b"}") and first.lstrip().startswith(b"{"):
        following = file.readline(longest + 1)
        if following.lstrip().startswith(b"{"):
            file.seek(len(first))
            return None
        parts.append(following)
        read += len(following)
    while piece := file.read(1 << 20):
        parts.append(piece)
        read += len(piece)
        done(read)
        if read > LARGEST:
            raise Unusable(
                f"is larger than {LARGEST >> 20} MB. Export it as NDJSON, or as one bundle for each patient."
            )
    return b"".join(parts)


def _lines(file: _Readable, line: bytes, done: _Progress, longest: int) -> Iterator[Chunk]:
    number, read = 1, 0
    while line:
        read += len(line)
        at = done(read)
        if len(line) > LARGEST:
            raise Unusable(f"has more than {LARGEST >> 20} MB in line {number:,}; the rest was not read.")
        if not line.isspace():
            yield Chunk(number, line, at)
        line = file.readline(longest + 1)
        number += 1


def _packed(source: Source) -> bool:
    return source.path.name.lower().endswith(".gz")
