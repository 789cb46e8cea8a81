"""A small knowledge base in several languages, and how to index it with stand-ins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from knowledge.embedding import Embedder
from knowledge.index import Index, IndexChunk, IndexDocument, MemoryCache, build
from knowledge.testing import FakeEmbedder

TEXTS = {
    "ja": {
        "moving-in": (
            "転入届",
            ("引っ越してきました。いつまでに届け出が必要ですか", "住民票を移したい"),
            ("住み始めた日から14日以内に届け出てください。", "転出証明書と本人確認書類。"),
        ),
        "bulky-garbage": (
            "粗大ごみの収集",
            ("家具を捨てたい", "ソファーの出し方"),
            ("受付センターに電話で申し込んでください。", "手数料券を買って貼ってください。"),
        ),
        "pension-exemption": (
            "国民年金保険料の免除",
            ("年金が払えない", "失業したので保険料を免除してほしい"),
            ("前年の所得で審査します。", "離職票があれば持ってきてください。"),
        ),
        "child-allowance": (
            "児童手当",
            ("子どもの手当をもらいたい", "児童手当はいくら"),
            ("出生の日から15日以内に申請してください。", "振込先の口座。"),
        ),
    },
    "en": {
        "moving-in": (
            "Moving-in notification (転入届)",
            ("I moved here. By when must I register?", "change my address"),
            ("Register within 14 days of moving in.", "Moving-out certificate and ID."),
        ),
        "bulky-garbage": (
            "Bulky garbage collection (粗大ごみ)",
            ("I want to throw away furniture", "how to dispose of a sofa"),
            ("Apply to the reception centre by telephone.", "Buy and attach fee stickers."),
        ),
    },
}


def documents() -> list[IndexDocument]:
    return [
        IndexDocument(
            slug=slug,
            lang=lang,
            unit=slug,
            title=title,
            questions=questions,
            chunks=(
                IndexChunk("facts.deadline", "fact", "", facts[0]),
                IndexChunk("facts.bring", "fact", "", facts[1]),
            ),
            life_event="moving" if slug == "moving-in" else "daily-life",
            effective_from=date(2026, 4, 1),
            effective_until=date(2027, 3, 31) if slug == "child-allowance" else None,
        )
        for lang, articles in TEXTS.items()
        for slug, (title, questions, facts) in articles.items()
    ]


def many(size: int) -> list[IndexDocument]:
    """`size` units that differ in a few words, besides the ones above."""
    template = documents()[0]
    return [
        *documents(),
        *(
            replace(
                template,
                slug=f"notice-{number:04d}",
                unit=f"notice-{number:04d}",
                title=f"お知らせ第{number}号",
                questions=(f"{number}番の説明会はいつですか",),
                chunks=(IndexChunk("summary", "summary", "", f"会場は第{number}会議室です。"),),
            )
            for number in range(size)
        ),
    ]


def indexed(
    folder: Path, units: list[IndexDocument] | None = None, embedder: Embedder | None = None
) -> Index:
    model = embedder or FakeEmbedder()
    build(documents() if units is None else units, model, MemoryCache(), folder)
    return Index.load(folder, model)
