"""The path of a question on the real model: twelve articles, several languages, a swap."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Desk, Question
from assistant.blocks import NotesBlock, ShortBlock
from assistant.composition import Installation
from assistant.settings import Settings

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city"
REPORT = Path(__file__).parents[3] / "shared" / "corpora" / "osaka-city-dx-strategy.txt"
SLUGS = (
    "moving-in",
    "moving-out",
    "residence-certificate",
    "my-number-card-loss",
    "birth-registration",
    "child-allowance",
    "nhi-enrollment",
    "pension-exemption",
    "long-term-care-certification",
    "bulky-garbage",
    "appliance-recycling",
    "emergency-119",
)

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve articles in the languages a test asks in."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(SAMPLE / "city", folder / "city")
    for name in ("synonyms", "broad_topics", "outside"):
        shutil.copy(SAMPLE / f"{name}.yaml", folder)
    for slug in SLUGS:
        (folder / "articles" / slug).mkdir(parents=True)
        for name in (
            "article.yaml",
            "ja.md",
            "ja-x-easy.md",
            "en.md",
            "zh-Hans.md",
            "ko.md",
            "vi.md",
        ):
            shutil.copy(SAMPLE / "articles" / slug / name, folder / "articles" / slug)
    return folder


@pytest.fixture(scope="module")
def installation(
    city_folder: Path, model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    data = tmp_path_factory.mktemp("data")
    (data / "models").mkdir()
    (data / "models" / "e5-small").symlink_to(model_folder)
    made = Installation(Settings(_env_file=None, data=data))
    assert not made.import_paths([city_folder]).refused
    made.build_release()
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def desk(installation: Installation) -> Desk:
    return installation.desk


@pytest.mark.parametrize(
    ("question", "lang", "words"),
    [
        ("引っ越してきました。いつまでに届け出が必要ですか", "ja", "14日以内"),
        ("きのう ひっこして きました。いつまでに とどけますか", "ja-x-easy", "14日以内"),
        ("I just moved to the city. When is the deadline to register?", "en", "14 days"),
        ("我刚搬来，需要在什么时候之前申报？", "zh-Hans", "14"),
        ("얼마 전에 이사 왔어요. 신고는 언제까지 해야 하나요", "ko", "14일"),
        ("tôi mới chuyển đến, khi nào phải khai báo", "vi", "14 ngày"),
    ],
)
def test_a_newcomer_learns_the_deadline(desk: Desk, question: str, lang: str, words: str) -> None:
    answer = desk.answer(Question(question, None))
    assert answer.status == "answered", answer.answer
    assert answer.lang == lang
    assert answer.sources[0].slug == "moving-in"
    assert words in answer.answer
    assert any(isinstance(block, NotesBlock) for block in answer.blocks)


def test_a_conversation_in_two_languages(desk: Desk) -> None:
    first = desk.answer(Question("転入届について教えてください", "ja"))
    assert first.sources[0].slug == "moving-in"
    bring = desk.answer(Question("持ち物は？", "ja", first.conversation))
    assert bring.sources[0].slug == "moving-in"
    assert "転出証明書" in bring.answer
    late = desk.answer(Question("what if I'm late?", "ja", first.conversation))
    assert late.sources[0].slug == "moving-in"
    assert late.lang == "en"
    short = next(block for block in late.blocks if isinstance(block, ShortBlock))
    assert "late" in short.body.text or "14 days" in short.body.text
    assert "50,000 yen" in late.answer


@pytest.mark.parametrize(
    ("question", "lang", "slug"),
    [
        ("How do I get rid of a sofa?", "en", "bulky-garbage"),
        ("tháng sau chuyển đi thành phố khác phải báo không", "vi", "moving-out"),
        ("旧床垫怎么扔", "zh-Hans", "bulky-garbage"),
        ("赤ちゃんが生まれた。何したらええ", "ja", "birth-registration"),
    ],
)
def test_a_new_topic_leaves_the_one_before(desk: Desk, question: str, lang: str, slug: str) -> None:
    first = desk.answer(Question("ごみの日はいつ？", "ja"))
    answer = desk.answer(Question(question, lang, first.conversation))
    assert answer.sources[0].slug == slug


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("明日の天気は？", "abstained"),
        ("What's the weather tomorrow?", "abstained"),
        ("カレーの作り方", "abstained"),
        ("家が燃えています", "emergency"),
        ("人と話したい", "handoff"),
        ("引っ越し", "clarify"),
    ],
)
def test_what_is_no_procedure(desk: Desk, question: str, status: str) -> None:
    answer = desk.answer(Question(question, None))
    assert answer.status == status
    assert not answer.sources


@pytest.mark.skipif(not REPORT.exists(), reason="the report is not beside the project")
def test_an_imported_report_is_cited_by_its_section(installation: Installation) -> None:
    installation.import_paths([REPORT])
    installation.build_release()
    installation.live.refresh()
    answer = installation.desk.answer(Question("書かない窓口とはどんな取り組みですか", "ja"))
    assert answer.status == "answered"
    assert "書かない窓口" in answer.answer
    assert answer.sources[0].slug.startswith("osaka")
    assert "サービスのRe-Design" in answer.sources[0].section
    assert answer.sources[0].page == 12


def test_questions_are_answered_while_a_release_is_built(
    installation: Installation, tmp_path: Path
) -> None:
    before = installation.live.get().info.id
    folder = tmp_path / "moving-in"
    shutil.copytree(SAMPLE / "articles" / "moving-in", folder)
    text = (folder / "ja.md").read_text(encoding="utf-8")
    changed = text.replace("引っ越す前に届け出ることはできません。", "窓口は混み合います。")
    assert changed != text
    (folder / "ja.md").write_text(changed, encoding="utf-8")
    question = Question("転入届はいつまでに出せばいいですか", "ja")
    answers = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            answers.append(installation.desk.answer(question))

    asking = threading.Thread(target=keep_asking)
    asking.start()
    installation.import_paths([folder])
    installation.build_release()
    installation.live.refresh()
    last = installation.desk.answer(question)
    stop.set()
    asking.join()
    assert installation.live.get().info.id != before
    assert {answer.status for answer in answers} == {"answered"}
    assert "窓口は混み合います" in last.answer
    assert last.sources[0].version == 2

    installation.releases.roll_back(before)
    installation.live.refresh()
    assert installation.desk.answer(question).sources[0].version == 1
