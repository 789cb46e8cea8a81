"""What differs between two versions: whole names, words in runs, figures apart."""

from __future__ import annotations

from dataclasses import replace

from knowledge.article_difference import Difference, differences
from tests.knowledge.files_contract import named
from tests.knowledge.store_contract import article


def test_words_differ_in_runs_and_their_figures_are_called_out() -> None:
    one = article()
    text = one.localizations["ja"]
    before = replace(one, localizations={"ja": replace(text, summary="14日以内に届け出ます。")})
    after = replace(one, localizations={"ja": replace(text, summary="30日以内に届け出ます。")})
    (found,) = differences(before, after)
    assert (found.lang, found.field) == ("ja", "summary")
    assert found.before == ((True, "14"), (False, "日以内に届け出ます。"))
    assert found.after == ((True, "30"), (False, "日以内に届け出ます。"))
    assert (found.figures_before, found.figures_after) == (("14",), ("30",))


def test_a_department_changes_as_a_whole_and_a_date_is_no_figure() -> None:
    one = replace(article(), owner="section.garbage")
    later = one.effective_from.replace(year=one.effective_from.year + 1)
    found = differences(one, replace(one, owner="section.resident", effective_from=later))
    owner, day = found
    assert owner == Difference(
        "", "owner", ((True, "section.garbage"),), ((True, "section.resident"),), (), ()
    )
    assert (day.field, day.figures_before, day.figures_after) == ("effective_from", (), ())
    assert differences(one, one) == []


def test_a_file_that_came_went_or_moved_is_told_by_its_name() -> None:
    image, attachment = named()
    one = article(files=(image, attachment))
    (moved,) = differences(one, replace(one, files=(attachment, image)))
    assert (moved.lang, moved.field) == ("", "files")
    assert moved.before == ((False, image.name), (False, attachment.name))
    gone, *words = differences(one, replace(one, files=(image,)))
    assert gone.before == ((False, image.name), (True, attachment.name))
    assert gone.after == ((False, image.name),)
    assert [(found.lang, found.field) for found in words] == [("ja", "files"), ("en", "files")]


def test_words_of_a_file_differ_in_their_language_with_their_figures() -> None:
    image, _ = named()
    changed = replace(image, texts={**image.texts, "ja": "3番窓口の地図"})
    (found,) = differences(article(files=(image,)), article(files=(changed,)))
    assert (found.lang, found.field, found.figures_after) == ("ja", "files", ("3",))
