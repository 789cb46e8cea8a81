"""Makes the images of articles small and clean: one WebP, upright, without metadata.

Nothing of what was sent is kept but the picture itself: it is decoded and written
anew, so that neither the place where a photo was taken nor anything hidden in
the file reaches a resident. Pillow does the work.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageOps

from knowledge.attached_file import IMAGE_BYTES, LONGEST_SIDE
from knowledge.errors import FileRefused

TAKEN = ("JPEG", "PNG", "WEBP")
"""The formats that are read; what a file is called does not matter."""

MOST_PIXELS = {"JPEG": 80_000_000, "MPO": 80_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""The most pixels by format: 100 MB while they are read; a JPEG is read at part of its size."""

_SIDES = (LONGEST_SIDE, 1280, 1024, 800)
_QUALITIES = (85, 75, 60)

_one_at_a_time = threading.Lock()  # an image at a time: its pixels are the most that is held


def reduced(content: bytes) -> tuple[bytes, int, int]:
    """Return an image as WebP of at most `IMAGE_BYTES`, with its width and height.

    The longer side has at most `LONGEST_SIDE` pixels. Raises `FileRefused`.
    """
    with _one_at_a_time:
        image, drawn = _decoded(content)
        for written in _written(image, drawn):
            if len(written[0]) <= IMAGE_BYTES:
                return written
    raise FileRefused("image_large")


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height of an image as `reduced` wrote it; raises `FileRefused`.

    One that was not made here, or carries more than the picture, is refused.
    """
    with _one_at_a_time, _opened(content, ("WEBP",)) as image:
        if len(content) > IMAGE_BYTES or max(image.size) > LONGEST_SIDE:
            raise FileRefused("image_large")
        _load(image)
        if {"exif", "xmp", "icc_profile"} & {key for key, value in image.info.items() if value}:
            raise FileRefused("image_metadata")
        return image.size


def _opened(content: bytes, formats: tuple[str, ...]) -> Image.Image:
    """Return an image whose head was read, and no pixel yet; refuses what must not be decoded."""
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused("image_pixels") from error
    except Exception as error:  # a damaged file makes the decoders raise anything
        raise FileRefused("image_damaged") from error
    if image.width * image.height > MOST_PIXELS[image.format or "PNG"]:
        raise FileRefused("image_pixels")
    # A JPEG never moves: several pictures in one are a photo and its small copies.
    if image.format in ("PNG", "WEBP") and getattr(image, "n_frames", 1) > 1:
        raise FileRefused("image_animated")
    return image


def _decoded(content: bytes) -> tuple[Image.Image, bool]:
    """Return the picture, upright and small enough, and whether it may be drawn, not a photo."""
    with _opened(content, TAKEN) as image:
        drawn = image.format == "PNG"
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at less than its size
        _load(image)
        try:
            picture = _in_srgb(ImageOps.exif_transpose(image))
        except Exception as error:
            raise FileRefused("image_damaged") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    picture.info.clear()
    return picture, drawn


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except Exception as error:
        raise FileRefused("image_damaged") from error


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture in the colours that every screen knows, with its transparency."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):  # 16 bits a pixel: the upper eight are seen
        image = image.point(lambda value: value / 256).convert("L")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        try:
            return _converted(image, given, mode)
        except ImageCms.PyCMSError:
            pass  # a profile that cannot be read: the colours as they are
    return image.convert(mode)


def _converted(image: Image.Image, given: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    converted = ImageCms.profileToProfile(image, given, screen, outputMode=mode)
    return converted if converted is not None else image.convert(mode)


def _written(picture: Image.Image, drawn: bool) -> Iterator[tuple[bytes, int, int]]:
    """Yield the picture as WebP, the best first; a plan or a screenshot without loss."""
    if drawn:
        yield _webp(picture, lossless=True, quality=75)
    for side in _SIDES:
        if side != LONGEST_SIDE and max(picture.size) <= side:
            continue
        smaller = picture.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            yield _webp(smaller, lossless=False, quality=quality)


def _webp(picture: Image.Image, *, lossless: bool, quality: int) -> tuple[bytes, int, int]:
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=lossless, quality=quality, method=4)
    return out.getvalue(), picture.width, picture.height
