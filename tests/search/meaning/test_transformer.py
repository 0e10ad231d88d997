"""The network in NumPy, held against one that is written down word by word, without batches, masks or shortcuts."""

import json
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import safetensors.numpy
import tokenizers
from numpy.typing import NDArray
from tokenizers import Tokenizer

from portal.errors import Unavailable
from portal.search.meaning.transformer import TransformerEngine
from tests.search.meaning.tiny import DIMS, HEADS, LAYERS, PLACES, write_model

TEXTS = ["reset my password", "a", "no mail arrives, why?", "é", "x" * 30, " ".join("abcdefghij") * 20, "zebra 12"]
Vector = NDArray[np.float64]


def _open(folder: Path) -> TransformerEngine:
    return TransformerEngine(folder, "tiny", tokenizers, safetensors.numpy)


@pytest.mark.parametrize("act", ["gelu", "gelu_new", "gelu_pytorch_tanh"])
@pytest.mark.parametrize("pooling", ["mean_tokens", "cls_token"])
def test_vectors_are_those_of_the_network_as_it_is_defined(tmp_path: Path, act: str, pooling: str) -> None:
    folder = write_model(tmp_path / "tiny", hidden_act=act)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({f"pooling_mode_{pooling}": True}))
    expected = np.array([_slowly(folder, text, act, pooling) for text in TEXTS])
    assert np.abs(_open(folder).vectors(TEXTS) - expected).max() < 2e-5


def test_a_text_has_the_same_vector_alone_and_among_others(tmp_path: Path) -> None:
    engine = _open(write_model(tmp_path / "tiny"))
    many = [f"{text} {number}" for number in range(60) for text in TEXTS]
    alone = np.concatenate([engine.vectors([text]) for text in many])
    assert np.allclose(engine.vectors(many), alone, atol=1e-5)


def test_words_beyond_the_bound_change_nothing(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "tiny")
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 12}')
    engine = _open(folder)
    short, long = engine.vectors(["abcdefghij", "abcdefghij klm"])
    assert np.allclose(short, long, atol=1e-5)


def test_the_name_changes_with_the_weights_and_with_nothing_else(tmp_path: Path) -> None:
    one, same, other = (_open(write_model(tmp_path / name, seed=seed)) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert one.name == same.name != other.name


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"model_type": "distilbert"}, "model_type is 'distilbert'"),
        ({"hidden_act": "relu6"}, "hidden_act is 'relu6'"),
        ({"position_embedding_type": "relative_key"}, "positions are not absolute"),
        ({"num_attention_heads": 3}, "shared out"),
    ],
)
def test_another_kind_of_network_is_refused_in_words(tmp_path: Path, config: dict[str, object], words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        _open(write_model(tmp_path / "tiny", **config))


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("modules.json", '[{"type": "sentence_transformers.models.Dense"}]', "further layer: Dense"),
        ("1_Pooling/config.json", '{"pooling_mode_max_tokens": true}', "pools by max_tokens"),
    ],
)
def test_a_further_layer_or_other_pooling_is_refused(tmp_path: Path, file: str, text: str, words: str) -> None:
    folder = write_model(tmp_path / "tiny")
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text)
    with pytest.raises(Unavailable, match=words):
        _open(folder)


def test_weights_saved_with_a_prefix_or_in_half_precision_are_read(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "tiny")
    before = _open(folder).vectors(["password"])
    weights = safetensors.numpy.load_file(folder / "model.safetensors")
    halves = {f"bert.{name}": array.astype(np.float16) for name, array in weights.items()}
    safetensors.numpy.save_file(halves, folder / "model.safetensors")
    assert np.allclose(_open(folder).vectors(["password"]), before, atol=0.05)


def test_no_threads_of_the_tokenizer_are_started(tmp_path: Path) -> None:
    """Threads don't outlive a fork, so a batch for the tokenizer would hang in a worker."""

    class Careful:
        @staticmethod
        def from_file(path: str) -> object:
            real = Tokenizer.from_file(path)
            one_by_one = {"encode": real.encode, "no_padding": real.no_padding}
            return type("OneByOne", (), {**one_by_one, "enable_truncation": real.enable_truncation})

    careful = ModuleType("careful")
    careful.Tokenizer = Careful  # type: ignore[attr-defined]
    engine = TransformerEngine(write_model(tmp_path / "tiny"), "tiny", careful, safetensors.numpy)
    assert engine.vectors(TEXTS).shape == (len(TEXTS), DIMS)


def _slowly(folder: Path, text: str, act: str, pooling: str) -> Vector:
    weights = safetensors.numpy.load_file(folder / "model.safetensors")
    whole = {name: array.astype(np.float64) for name, array in weights.items()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(max_length=PLACES)
    pieces = tokenizer.encode(text).ids
    words = [
        _norm(
            whole["embeddings.word_embeddings.weight"][piece]
            + whole["embeddings.position_embeddings.weight"][place]
            + whole["embeddings.token_type_embeddings.weight"][0],
            whole,
            "embeddings.LayerNorm",
        )
        for place, piece in enumerate(pieces)
    ]
    for layer in range(LAYERS):
        words = _layer(words, whole, f"encoder.layer.{layer}.", act)
    return words[0] if pooling == "cls_token" else sum(words, np.zeros(DIMS)) / len(words)


def _layer(words: list[Vector], whole: dict[str, Vector], of: str, act: str) -> list[Vector]:
    queries, keys, values = (
        [_dense(word, whole, f"{of}attention.self.{part}") for word in words] for part in ("query", "key", "value")
    )
    size = DIMS // HEADS
    after = []
    for word, query in zip(words, queries, strict=True):
        heard = np.zeros(DIMS)
        for head in range(HEADS):
            own = slice(head * size, (head + 1) * size)
            scores = [math.exp(query[own] @ key[own] / math.sqrt(size)) for key in keys]
            for score, value in zip(scores, values, strict=True):
                heard[own] += score / sum(scores) * value[own]
        merged = _norm(
            word + _dense(heard, whole, f"{of}attention.output.dense"), whole, f"{of}attention.output.LayerNorm"
        )
        wide = np.array([_bend(value, act) for value in _dense(merged, whole, f"{of}intermediate.dense")])
        after.append(_norm(merged + _dense(wide, whole, f"{of}output.dense"), whole, f"{of}output.LayerNorm"))
    return after


def _dense(x: Vector, whole: dict[str, Vector], name: str) -> Vector:
    return whole[f"{name}.weight"] @ x + whole[f"{name}.bias"]


def _norm(x: Vector, whole: dict[str, Vector], name: str) -> Vector:
    return (x - x.mean()) / math.sqrt(x.var() + 1e-12) * whole[f"{name}.weight"] + whole[f"{name}.bias"]


def _bend(x: float, act: str) -> float:
    if act == "gelu":
        return x * 0.5 * (1 + math.erf(x / math.sqrt(2)))
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
