"""What is taken beside an article, how small it becomes, and what is refused and why."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
from PIL import Image

from knowledge.attached_file import IMAGE_BYTES, LONGEST_SIDE, file_from_json, file_to_json
from knowledge.attaching import confirmed, prepared
from knowledge.errors import FileRefused
from tests.knowledge import file_samples as samples


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_small_and_says_nothing_of_where_it_was_taken(kind: str) -> None:
    sent = samples.photo(kind=kind)
    assert opened(sent).getexif().get_ifd(samples.GPS)
    made = prepared(sent)
    image = opened(made.content)
    assert image.format == "WEBP" and image.size == (made.file.width, made.file.height)
    assert max(image.size) <= LONGEST_SIDE and image.width == 2 * image.height
    assert len(made.content) == made.file.size <= IMAGE_BYTES
    assert not image.getexif() and not {"exif", "xmp", "icc_profile"} & set(image.info)
    assert b"Tanaka" not in made.content
    assert (made.file.kind, made.file.media_type) == ("image", "image/webp")
    assert confirmed(made.file, made.content) == made


def test_a_photo_taken_upright_stands_upright() -> None:
    made = prepared(samples.photo(800, 400, orientation=6))
    assert (made.file.width, made.file.height) == (400, 800)


def test_a_drawing_keeps_every_pixel_and_its_size() -> None:
    sent = samples.plan()
    made = prepared(sent)
    assert (made.file.width, made.file.height) == (640, 400)
    assert opened(made.content).convert("RGB").tobytes() == opened(sent).convert("RGB").tobytes()


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    if mode == "I;16":
        image = Image.new("I;16", (30, 20), 40_000)
    else:
        colour = (200, 10, 10, 128)[: 4 if "A" in mode else 3]
        image = Image.new("RGBA" if "A" in mode else "RGB", (30, 20), colour).convert(mode)
    out = io.BytesIO()
    image.save(out, "PNG")
    shown = opened(prepared(out.getvalue()).content)
    assert shown.size == (30, 20)
    assert ("A" in shown.mode) == (mode in ("LA", "RGBA"))
    if mode == "I;16":
        assert shown.convert("L").getpixel((5, 5)) == 40_000 // 256


def test_colours_of_wide_screens_and_of_print_become_those_of_every_screen() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (40, 40), (0, 255, 255, 0)).save(out, "JPEG")
    red, green, blue = opened(prepared(out.getvalue()).content).convert("RGB").getpixel((9, 9))  # type: ignore[misc]
    assert red > 200 and green < 90 and blue < 90


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (b"GIF89a" + b"\0" * 50, "type"),
        (b"<html><script>alert(1)</script></html>", "type"),
        (samples.bomb(), "image_pixels"),
        (samples.bomb(6_000), "image_pixels"),
        (samples.bomb(4_000), "image_damaged"),
        (samples.moving("PNG"), "image_animated"),
        (samples.moving("WEBP"), "image_animated"),
        (samples.photo(400, 200)[:-2000], "image_damaged"),
        (samples.plan()[:-60], "image_damaged"),
        (samples.photo(400, 200, kind="WEBP")[:-500], "image_damaged"),
        (b"\xff\xd8\xff" + b"\0" * 100, "image_damaged"),
        (b"\xff\xd8\xff" + b"\0" * 15_000_000, "image_heavy"),
        (b"%PDF-1.7\nnothing\n%%EOF", "pdf_damaged"),
        (samples.pdf()[:-200], "pdf_damaged"),
        (samples.pdf(201), "pdf_pages"),
        (b"%PDF-1.7" + b"\0" * 3_000_000, "pdf_large"),
        (samples.locked_pdf(), "pdf_locked"),
        (samples.script_pdf(), "pdf_script"),
        (samples.script_pdf(b"/J#53", b"/#4aavaScrip#74"), "pdf_script"),
        (samples.packed_pdf(b"<< /S /JavaScript /JS (app.alert) >>"), "pdf_script"),
        (samples.packed_pdf(b"<< /S /GoToE /F (a.pdf) >>"), "pdf_embedded"),
        (samples.launch_pdf(), "pdf_launch"),
        (samples.embedding_pdf(), "pdf_embedded"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_broken_moves_or_acts_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        prepared(content)
    assert refused.value.reason == reason
    assert str(refused.value) == FileRefused.SENTENCES[reason]


def test_the_bytes_tell_what_a_file_is() -> None:
    """A photo called map.pdf and a PDF called map.png are what they are."""
    assert prepared(samples.photo(40, 20)).file.kind == "image"
    assert prepared(samples.pdf()).file.kind == "attachment"


def test_a_pdf_is_kept_as_it_is() -> None:
    sent = samples.pdf(3)
    made = prepared(sent)
    assert made.content == sent
    assert (made.file.pages, made.file.size, made.file.media_type) == (
        3,
        len(sent),
        "application/pdf",
    )
    assert confirmed(made.file, sent) == made


def test_a_pdf_may_open_at_a_page() -> None:
    assert prepared(samples.packed_pdf(b"<< /S /GoTo /D [3 0 R /Fit] >>")).file.pages == 1


def test_another_content_than_the_article_names_is_refused() -> None:
    one, other = prepared(samples.plan()), prepared(samples.plan(64, 40))
    wrong = [
        (one.file, other.content),
        (replace(one.file, width=2), one.content),
        (replace(one.file, size=2), one.content),
    ]
    for file, content in wrong:
        with pytest.raises(FileRefused):
            confirmed(file, content)


def test_an_image_that_was_not_made_here_does_not_come_in_by_its_folder() -> None:
    """Its hash is right, but it carries where it was taken."""
    sent = samples.photo(400, 200, kind="WEBP")
    file = replace(prepared(sent).file, digest=hashlib.sha256(sent).hexdigest(), size=len(sent))
    with pytest.raises(FileRefused) as refused:
        confirmed(file, sent)
    assert refused.value.reason == "image_metadata"


def test_a_file_goes_through_json() -> None:
    image = replace(prepared(samples.plan()).file, texts={"ja": "窓口の地図", "en": "Map"})
    attachment = replace(prepared(samples.pdf()).file, texts={"ja": "申請書"})
    decorative = replace(image, decorative=True, texts={})
    for file in (image, attachment, decorative):
        assert file_from_json(file_to_json(file)) == file
