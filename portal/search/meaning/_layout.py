"""Layout: the shape of a sentence transformer, read from its folder, and refused where it is another kind."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.errors import Unavailable

MOST_PIECES = 256
"""Word pieces of a text that are read: what all-MiniLM-L6-v2 was made for; passages have about 100."""
_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})


@dataclass(frozen=True, slots=True)
class Layout:
    """The numbers that say how the weights belong together."""

    dims: int
    layers: int
    heads: int
    pieces: int
    """Word pieces of a text that are read."""
    epsilon: float
    takes_first: bool
    """Whether the first word stands for the text; else their mean does."""
    bend: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    """What the layers' inner values go through; may change them in place."""


def read_layout(folder: Path) -> Layout:
    """Read the shape of a folder's network.

    Raises Unavailable on one that this program can't compute, OSError, KeyError or ValueError on damaged files.
    """
    config = _json(folder / "config.json")
    _must(config["model_type"] == "bert", f"its model_type is {config['model_type']!r}, and only 'bert' is understood")
    _must(config.get("position_embedding_type", "absolute") == "absolute", "its positions are not absolute")
    _must(config["hidden_act"] in _BENDS, f"its hidden_act is {config['hidden_act']!r}")
    _check_modules(folder / "modules.json")
    dims, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
    _must(heads > 0 and dims % heads == 0, "its hidden_size can't be shared out among its attention heads")
    told = _json(folder / "sentence_bert_config.json", {}).get("max_seq_length") or MOST_PIECES
    return Layout(
        dims=dims,
        layers=int(config["num_hidden_layers"]),
        heads=heads,
        pieces=min(MOST_PIECES, int(told), int(config["max_position_embeddings"])),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
        takes_first=_takes_first(_json(folder / "1_Pooling" / "config.json", {})),
        bend=_BENDS[config["hidden_act"]],
    )


def _check_modules(file: Path) -> None:
    """Refuse what has further layers behind the pooling: without them the vectors would be wrong in silence."""
    kinds = {str(module["type"]).rpartition(".")[2] for module in _json(file, [])}
    others = sorted(kinds - _MODULES)
    _must(not others, f"it has a further layer: {', '.join(others)}")


def _takes_first(pooling: Mapping[str, Any]) -> bool:
    modes = {key.removeprefix("pooling_mode_") for key, value in pooling.items() if "_mode_" in key and value is True}
    _must(modes <= {"mean_tokens"} or modes == {"cls_token"}, f"it pools by {', '.join(sorted(modes))}")
    return modes == {"cls_token"}


def _gelu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Multiply each value by the normal distribution's share below it (Hendrycks and Gimpel, arXiv 1606.08415).

    The error function, which NumPy lacks, by Abramowitz and Stegun 7.1.26: off by 1.5e-7 at most.
    """
    z = np.abs(x)
    z *= np.float32(0.5**0.5)
    t = z * np.float32(0.3275911)
    t += 1
    np.reciprocal(t, out=t)
    tail = np.full_like(x, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail *= t
        tail += np.float32(factor)
    tail *= t
    np.square(z, out=z)
    np.negative(z, out=z)
    tail *= np.exp(z, out=z)
    np.subtract(1, tail, out=tail)
    np.copysign(tail, x, out=tail)
    tail += 1
    tail *= x
    tail *= np.float32(0.5)
    return tail


def _gelu_by_tanh(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Come close to the same by a hyperbolic tangent, as some models were made with; same paper."""
    inner = x * x
    inner *= np.float32(0.044715)
    inner += 1
    inner *= x
    inner *= np.float32((2 / np.pi) ** 0.5)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner


_BENDS: Mapping[str, Callable[[NDArray[np.float32]], NDArray[np.float32]]] = {
    "gelu": _gelu,
    "gelu_new": _gelu_by_tanh,
    "gelu_pytorch_tanh": _gelu_by_tanh,
}


def _must(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise Unavailable(f"This kind of sentence transformer can't be computed: {otherwise}. Name another folder.")


def _json(file: Path, default: Any = None) -> Any:  # noqa: ANN401 - as JSON is
    """Read a file; one that is missing is the default, where there is one."""
    if default is not None and not file.exists():
        return default
    return json.loads(file.read_text("utf-8"))
