"""Questions and answers in CSV and XLSX: one article a row."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from knowledge import yaml_text
from knowledge.article import LIFE_EVENTS, Article, Localization, Section
from knowledge.importers import office_zip
from knowledge.importers.encoding import decode
from knowledge.importers.source import Source, language_of, one_line, paragraphs, slug_of

ROLES = ("question", "answer", "category", "address", "id")
Table = list[list[str]]

_HEADER_ROWS = 10
"""How far down the row of column names may stand, under titles and notes."""

_FIELD_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table, and the name of the column that each role was found in."""

    columns: tuple[str, ...]
    roles: dict[str, str]
    rows: tuple[tuple[str, ...], ...]


def preview(source: Source, columns: Mapping[str, str] | None = None, rows: int = 5) -> Preview:
    """Return what a table looks like before it is read; raises `ImportRefused` for an empty one.

    Where no names of columns are known, the first row with two filled cells is taken for them.
    """
    for table in (tables := _tables(source)):
        found = _header(table, columns or {})
        if found is not None:
            at, roles = found
            named = {role: one_line(table[at][places[0]]) for role, places in roles.items()}
            return _preview(table, at, named, rows)
    for table in tables:
        for at, row in enumerate(table[:_HEADER_ROWS]):
            if sum(bool(cell) for cell in row) > 1:
                return _preview(table, at, {}, rows)
    raise source.refused("there is no table with columns in it.", "no_table")


def _preview(table: Table, at: int, roles: dict[str, str], rows: int) -> Preview:
    filled = [tuple(row) for row in table[at + 1 :] if any(row)]
    return Preview(tuple(one_line(cell) for cell in table[at]), roles, tuple(filled[:rows]))


def read(
    file: Path | bytes,
    name: str = "",
    *,
    columns: Mapping[str, str] | None = None,
    source: Source | None = None,
) -> list[Article]:
    """Return one article for each row with a question and an answer.

    `columns` names the column of a role of `ROLES` where the names in
    ``faq_columns.yaml`` do not find it, or is empty where there is none. Raises `ImportRefused`.
    """
    source = source or Source.of(file, name)
    tables = _tables(source)
    articles: list[Article] = []
    headings: list[str] = []
    for table in tables:
        found = _header(table, columns or {})
        if found is None:
            headings += [cell for row in table[:1] for cell in row if cell]
            continue
        row, roles = found
        articles += _articles(source, table[row], table[row + 1 :], roles)
    if not articles:
        shown = "、".join(headings[:8])
        if not shown:
            raise source.refused("there is no question with an answer in it.", "no_question")
        why = f"no column of questions and of answers was found among {shown}."
        raise source.refused(why, "no_columns", columns=shown)
    return _told_apart(articles)


def left_out(source: Source, columns: Mapping[str, str]) -> list[tuple[int, str]]:
    """Return the rows that became no article for want of a question or an answer.

    Each with its number, counted from 1 in its table, and what it says.
    """
    found = []
    for table in _tables(source):
        header = _header(table, columns)
        if header is None:
            continue
        at, roles = header
        for number, row in enumerate(table[at + 1 :], at + 2):
            if any(row) and not all(_told(row, roles, role) for role in ("question", "answer")):
                found.append((number, one_line(" ".join(cell for cell in row if cell))))
    return found


def _tables(source: Source) -> list[Table]:
    is_workbook = zipfile.is_zipfile(io.BytesIO(source.content))
    return list(_sheets(source)) if is_workbook else [_csv(source)]


def _csv(source: Source) -> Table:
    text = decode(source)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(_head(text), ",\t;")
    except csv.Error:
        dialect = "excel"
    if isinstance(dialect, type):
        dialect.doublequote, dialect.skipinitialspace = True, False
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), dialect)
        return [[paragraphs(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise source.refused("the rows of the CSV cannot be told apart.", "rows") from error


def _head(text: str) -> str:
    """The first lines, without what is quoted, so that only separators count."""
    return re.sub(r'"[^"]*"', '""', text[:20_000])


def _sheets(source: Source) -> Iterator[Table]:
    """Yield the cells of each sheet; a merged area holds its text in every cell."""
    import openpyxl

    office_zip.check(source)
    try:
        book = openpyxl.load_workbook(io.BytesIO(source.content), data_only=True)
        for sheet in book.worksheets:
            cells = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            for area in sheet.merged_cells.ranges:
                text = cells[area.min_row - 1][area.min_col - 1]
                for row in cells[area.min_row - 1 : area.max_row]:
                    for column in range(area.min_col - 1, min(area.max_col, len(row))):
                        row[column] = text
            yield cells
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise source.refused("the spreadsheet is damaged.", "damaged") from error


def _cell(value: object) -> str:
    """The text of a cell; a spreadsheet keeps whole numbers as fractions."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else paragraphs(str(value))


def _header(table: Table, columns: Mapping[str, str]) -> tuple[int, dict[str, list[int]]] | None:
    """The row of column names and the columns of each role, or None without both that matter."""
    for number, row in enumerate(table[:_HEADER_ROWS]):
        roles = _roles([_folded(cell) for cell in row], columns)
        if "question" in roles and "answer" in roles:
            return number, roles
    return None


def _roles(names: list[str], columns: Mapping[str, str]) -> dict[str, list[int]]:
    roles: dict[str, list[int]] = {}
    taken: set[int] = set()
    for role in ROLES:
        wanted = [_folded(columns[role])] if role in columns else list(_known_names()[role])
        wanted = [name for name in wanted if name]
        exact = [names.index(name) for name in wanted if name in names]
        part = [
            at
            for name in wanted
            if len(name) > 1
            for at, cell in enumerate(names)
            if name in cell and len(cell) <= len(name) + 8
        ]
        free = [at for at in dict.fromkeys(exact or part) if at not in taken]
        if free:
            roles[role] = sorted(free) if role == "category" else free[:1]
            taken.update(roles[role])
    return roles


def _articles(
    source: Source, header: list[str], rows: Table, roles: dict[str, list[int]]
) -> Iterator[Article]:
    heading = one_line(header[roles["answer"][0]])
    for row in rows:
        question = one_line(_told(row, roles, "question"))
        answer = _told(row, roles, "answer")
        if not question or not answer:
            continue
        categories = [one_line(row[at]) for at in roles.get("category", ()) if at < len(row)]
        path = tuple(dict.fromkeys(category for category in categories if category))
        lang = source.lang or language_of(question + answer)
        section = Section(heading, answer, path)
        yield Article(
            slug=_row_slug(source, one_line(_told(row, roles, "id")), question),
            life_event=next((part for part in path if part in LIFE_EVENTS), ""),
            effective_from=source.on,
            checked_on=source.on,
            localizations={lang: Localization(lang, question, (question,), sections=(section,))},
            kind="faq",
            address=one_line(_told(row, roles, "address")) or source.address,
        )


def _told(row: list[str], roles: Mapping[str, list[int]], role: str) -> str:
    return next((row[at] for at in roles.get(role, ()) if at < len(row)), "")


def _row_slug(source: Source, number: str, question: str) -> str:
    """The file's slug and the row's own number, or a hash of its question."""
    digest = hashlib.sha256(question.encode()).hexdigest()[:8]
    return slug_of(source.stem)[:70].strip("-") + "-" + (slug_of(number)[:24] if number else digest)


def _told_apart(articles: Iterable[Article]) -> list[Article]:
    """The articles without rows that stand twice; a question with another answer gets a number."""
    told: dict[str, list[Article]] = {}
    for article in articles:
        same = told.setdefault(article.slug, [])
        if article not in same:
            same.append(article)
    return [
        replace(article, slug=f"{slug}-{number}") if number > 1 else article
        for slug, same in told.items()
        for number, article in enumerate(same, start=1)
    ]


def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"[\s\W_]+", "", folded)


@cache
def _known_names() -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("faq_columns.yaml").read_text(encoding="utf-8")
    loaded = yaml_text.load(text, "faq_columns.yaml")
    return {role: tuple(_folded(name) for name in loaded[role]) for role in ROLES}
