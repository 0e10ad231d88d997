"""Transformer: a sentence transformer of BERT's kind, from a folder of files, computed in NumPy.

Devlin et al. 2019 (arXiv 1810.04805) for the network, Reimers and Gurevych 2019 (arXiv 1908.10084) for what makes one
vector of it. The folder is laid out as the library sentence-transformers writes it: `config.json`,
`tokenizer.json`, `model.safetensors`, and `1_Pooling/config.json` where it is not the mean.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.search.meaning._layout import Layout, read_layout

PACKAGES = ("tokenizers", "safetensors.numpy")
PIECES_AT_ONCE = 512
"""Word pieces in one batch, padding included: enough to keep the products busy, few enough for the cache."""
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Block:
    """The weights of one layer; matrices stand so that rows of words are multiplied from the left."""

    attend: tuple[Array, Array]
    """Queries, keys and values side by side; queries are scaled already."""
    merge: tuple[Array, Array]
    after_merge: tuple[Array, Array]
    widen: tuple[Array, Array]
    narrow: tuple[Array, Array]
    after_narrow: tuple[Array, Array]


class TransformerEngine:
    """A folder's model, loaded. Reads only, so threads may share it, and processes after a fork."""

    def __init__(self, folder: Path, name: str, tokenizers: ModuleType, safetensors: ModuleType) -> None:
        """tokenizers, safetensors: the packages `tokenizers` and `safetensors.numpy`, imported.

        Raises Unavailable where the folder holds another kind of network, OSError, KeyError or ValueError
        where files are missing or damaged.
        """
        self._layout = read_layout(folder)
        self.dims = self._layout.dims
        self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=self._layout.pieces)
        weights = {key.removeprefix("bert."): value for key, value in _read(folder, safetensors).items()}
        self._words, self._places = _words_and_places(weights, self._layout)
        self._first = _pair(weights, "embeddings.LayerNorm")
        self._blocks = tuple(_block(weights, i, self._layout) for i in range(self._layout.layers))
        self.name = f"transformer-{name}@{_fingerprint(folder)}"

    def vectors(self, texts: list[str]) -> Array:
        """Encode texts in batches of about the same length; only the first word pieces of a long one count."""
        # One by one: `encode_batch` starts threads that don't outlive a fork.
        pieces = [self._tokenizer.encode(text).ids for text in texts]
        found = np.zeros((len(texts), self.dims), np.float32)
        for batch in _batches([len(ids) for ids in pieces]):
            found[batch] = self._encode([pieces[i] for i in batch])
        return found

    def _encode(self, batch: list[list[int]]) -> Array:
        longest = max(map(len, batch))
        ids = np.zeros((len(batch), longest), np.int64)
        is_said = np.zeros((len(batch), longest), np.bool_)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            is_said[row, : len(pieces)] = True
        x = _normed((self._words[ids] + self._places[:longest]).reshape(-1, self.dims), self._first, self._layout)
        silence = None if is_said.all() else np.where(is_said, 0, np.finfo(np.float32).min)[:, None, None, :]
        for block in self._blocks:
            x = self._through(block, x, is_said.shape, silence)
        return self._pooled(x.reshape(*is_said.shape, self.dims), is_said)

    def _through(self, block: _Block, x: Array, shape: tuple[int, ...], silence: Array | None) -> Array:
        """Take the words of a batch, all below one another, through one layer."""
        layout = self._layout
        apart = _product(x, block.attend).reshape(*shape, 3, layout.heads, layout.dims // layout.heads)
        queries, keys, values = apart.transpose(2, 0, 3, 1, 4)
        heard = _softmax(queries @ keys.swapaxes(-1, -2), silence) @ values
        merged = _product(heard.swapaxes(1, 2).reshape(x.shape), block.merge)
        x = _normed(np.add(x, merged, out=merged), block.after_merge, layout)
        wide = _product(x, block.widen)
        narrowed = _product(layout.bend(wide), block.narrow)
        return _normed(np.add(x, narrowed, out=narrowed), block.after_narrow, layout)

    def _pooled(self, x: Array, is_said: NDArray[np.bool_]) -> Array:
        """Make one vector of each text's words: the first one's, or the mean of all."""
        if self._layout.takes_first:
            return x[:, 0]
        counted = is_said[:, :, None].astype(np.float32)
        mean: Array = (x * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
        return mean


def _read(folder: Path, safetensors: ModuleType) -> Mapping[str, NDArray[Any]]:
    weights: Mapping[str, NDArray[Any]] = safetensors.load_file(folder / "model.safetensors")
    return weights


def _words_and_places(weights: Mapping[str, NDArray[Any]], layout: Layout) -> tuple[Array, Array]:
    """Return the vectors of word pieces, and those of places with that of the first (here: only) sentence in them."""
    words = np.ascontiguousarray(weights["embeddings.word_embeddings.weight"], np.float32)
    places = np.asarray(weights["embeddings.position_embeddings.weight"][: layout.pieces], np.float32)
    return words, places + np.asarray(weights["embeddings.token_type_embeddings.weight"][0], np.float32)


def _block(weights: Mapping[str, NDArray[Any]], number: int, layout: Layout) -> _Block:
    of = f"encoder.layer.{number}."
    parts = [_turned(weights, f"{of}attention.self.{part}") for part in ("query", "key", "value")]
    scale = np.float32((layout.dims // layout.heads) ** -0.5)
    parts[0] = (parts[0][0] * scale, parts[0][1] * scale)
    matrix, bias = (np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True))
    return _Block(
        attend=(np.ascontiguousarray(matrix), bias),
        merge=_turned(weights, f"{of}attention.output.dense"),
        after_merge=_pair(weights, f"{of}attention.output.LayerNorm"),
        widen=_turned(weights, f"{of}intermediate.dense"),
        narrow=_turned(weights, f"{of}output.dense"),
        after_narrow=_pair(weights, f"{of}output.LayerNorm"),
    )


def _turned(weights: Mapping[str, NDArray[Any]], name: str) -> tuple[Array, Array]:
    weight, bias = _pair(weights, name)
    return np.ascontiguousarray(weight.T), bias


def _pair(weights: Mapping[str, NDArray[Any]], name: str) -> tuple[Array, Array]:
    return np.asarray(weights[f"{name}.weight"], np.float32), np.asarray(weights[f"{name}.bias"], np.float32)


def _fingerprint(folder: Path) -> str:
    """Return twelve letters that change with any file that has a say in the vectors."""
    seen = hashlib.sha256()
    for name in ("config.json", "tokenizer.json", "1_Pooling/config.json", "model.safetensors"):
        if (folder / name).exists():
            seen.update((folder / name).read_bytes())
    return seen.hexdigest()[:12]


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Group texts, the shortest first, so that little is padded and no batch has too many pieces."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[i] > PIECES_AT_ONCE:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _product(x: Array, weights: tuple[Array, Array]) -> Array:
    product: Array = x @ weights[0]
    product += weights[1]
    return product


def _normed(x: Array, weights: tuple[Array, Array], layout: Layout) -> Array:
    """Bring each row, in place, to mean 0 and variance 1, then to the layer's own."""
    x -= x.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x) / np.float32(x.shape[-1])
    x *= (1 / np.sqrt(variance + layout.epsilon))[:, None].astype(np.float32)
    x *= weights[0]
    x += weights[1]
    return x


def _softmax(scores: Array, silence: Array | None) -> Array:
    """Turn scores into shares of one, in place; silence: added first, so that padding is not heard."""
    if silence is not None:
        scores += silence
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores
