"""What differs between two versions: whole names, words in runs, figures apart."""

from __future__ import annotations

from dataclasses import replace

from knowledge.article_difference import Difference, differences
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
