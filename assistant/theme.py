"""The colours of a city: checked for contrast, completed from the one that is given.

Relative luminance and contrast are those of WCAG 2.2 (JIS X 8341-3).
"""

from __future__ import annotations

WHITE, BLACK = "#ffffff", "#000000"
DARK_PAPER = "#16171a"
"""What dark pages are written on, as in `widget/static/theme.css`."""

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""

COMFORTABLE = 7.0
"""The contrast that a colour gets where we choose it (WCAG 2.2, 1.4.6)."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21.

    >>> round(contrast("#ffffff", "#000000"), 1), round(contrast("#ffffff", "#777777"), 2)
    (21.0, 4.48)
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, into: str, share: float) -> str:
    """Return `colour` with `share` (0 to 1) of `into` in it.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(colour), _channels(into), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def completed(
    color: str, on_color: str = "", tint: str = "", color_dark: str = ""
) -> dict[str, str]:
    """Return the custom properties of a city with the strong colour `color`; none without one.

    What is not given is derived: the text on the colour, a tint, a stronger one
    for pressed buttons, and one that can be read on dark paper.
    """
    if not color:
        return {}
    on_color = on_color or max((WHITE, BLACK), key=lambda text: contrast(text, color))
    return {
        "--city-color": color,
        "--city-color-strong": mixed(color, BLACK if on_color == WHITE else WHITE, 0.25),
        "--city-on-color": on_color,
        "--city-tint": tint or mixed(color, WHITE, 0.93),
        "--city-color-dark": color_dark or _readable_in_the_dark(color),
    }


def unreadable(color: str, on_color: str = "", tint: str = "", color_dark: str = "") -> str | None:
    """Say which two colours are too close to each other, or None."""
    given = completed(color, on_color, tint, color_dark)
    if not given:
        return None
    pairs = [
        (given["--city-on-color"], color, "text on the colour"),
        (color, WHITE, "links on white"),
        (color, given["--city-tint"], "links on the tint"),
        (given["--city-color-dark"], DARK_PAPER, "links on dark paper"),
        (BLACK, given["--city-color-dark"], "text on the dark page's colour"),
    ]
    for text, ground, what in pairs:
        found = contrast(text, ground)
        if found < READABLE:
            return f"{what}: {text} on {ground} has a contrast of {found:.1f}, {READABLE} is needed"
    return None


def _readable_in_the_dark(color: str) -> str:
    for step in range(20):
        lighter = mixed(color, WHITE, step / 20)
        if contrast(lighter, DARK_PAPER) >= COMFORTABLE:
            return lighter
    return WHITE


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
