"""A sentence transformer as small as one can be: random weights, and a tokenizer that knows single letters."""

import json
import string
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

DIMS, LAYERS, HEADS, WIDE, PLACES = 16, 2, 4, 32, 48


def write_model(folder: Path, *, seed: int = 1, **config: object) -> Path:
    """Write a folder as sentence-transformers lays it out."""
    folder.mkdir(parents=True)
    tokenizer = _tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    shape = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": DIMS,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "max_position_embeddings": PLACES,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(shape | config))
    save_file(_weights(tokenizer.get_vocab_size(), seed), folder / "model.safetensors")
    return folder


def _tokenizer() -> Tokenizer:
    letters = string.ascii_lowercase + string.digits + "?.,-"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


def _weights(pieces: int, seed: int) -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    shapes = {
        "embeddings.word_embeddings.weight": (pieces, DIMS),
        "embeddings.position_embeddings.weight": (PLACES, DIMS),
        "embeddings.token_type_embeddings.weight": (2, DIMS),
        **_normed("embeddings.LayerNorm"),
    }
    for layer in range(LAYERS):
        of = f"encoder.layer.{layer}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{of}{part}.weight": (DIMS, DIMS), f"{of}{part}.bias": (DIMS,)}
        shapes |= {f"{of}intermediate.dense.weight": (WIDE, DIMS), f"{of}intermediate.dense.bias": (WIDE,)}
        shapes |= {f"{of}output.dense.weight": (DIMS, WIDE), f"{of}output.dense.bias": (DIMS,)}
        shapes |= _normed(f"{of}attention.output.LayerNorm") | _normed(f"{of}output.LayerNorm")
    weights = {name: random.normal(0, 0.6, shape).astype(np.float32) for name, shape in shapes.items()}
    for name in weights:
        if name.endswith("LayerNorm.bias"):  # large ones would make all texts alike
            weights[name] *= np.float32(0.05)
    return weights


def _normed(name: str) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (DIMS,), f"{name}.bias": (DIMS,)}
