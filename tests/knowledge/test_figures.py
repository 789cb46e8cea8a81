"""Figures compare across notations and languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.figures import figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5万円以下", "up to 50,000 yen"),
        ("50万円", "500.000 yên"),
        ("48万8,000円", "488,000 yen"),
        ("3億2000万円", "320,000,000 yen"),
        ("１４日以内", "within 14 days"),
        ("午後5時30分", "17:30"),
        ("9時半", "9:30"),
        ("3月に14日間", "14 days in March"),
        ("tháng 3, 14 ngày", "3月、14日"),
        ("5만 엔", "5万日元"),
        ("๑๔ วัน", "14日"),
        ("06‐0000‐1010", "06-0000-1010"),
        ("#7119に電話", "call #7119"),
        ("https://www.example.jp/をごらんください", "see https://www.example.jp"),
    ],
)
def test_same(one: str, other: str) -> None:
    assert figures(one) == figures(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14日", "15日"),
        ("5万円", "5千円"),
        ("9:00", "9:30"),
        ("06-0000-1010", "06-0000-1020"),
        ("300円", "3,000円"),
    ],
)
def test_different(one: str, other: str) -> None:
    assert figures(one) != figures(other)


@given(st.integers(0, 10**8))
def test_grouping_does_not_matter(number: int) -> None:
    assert figures(f"{number:,}円") == figures(f"{number}円") == {str(number)}


@given(st.text())
def test_never_fails(text: str) -> None:
    assert all(isinstance(figure, str) for figure in figures(text))
