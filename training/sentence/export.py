"""Step 7, `python -m sentence.export CHECKPOINT OUT`: encoder and pieces as one GGUF v3 file of the `bert` architecture.

Laid out as llama.cpp's converter does. What llama.cpp does not know is metadata under `spatz.sentence`, no tensor, so that
other readers still open the file: the normaliser, the mean vector of everyday sentences for centring, and vectors of things
people say, everyday sentences and one command of each intent of `phrases/` and language, by which a command set tells
what is not meant for it (the sentences themselves stay out).
"""

import argparse
import random
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from tokenizers import Tokenizer

from export import ALIGNMENT, FILE_TYPES, LICENSE, PACKERS
from sentence import commands, pieces, texts, train
from sentence.embed import embed
from sentence.encoder import END, NORM_EPSILON, PAD, START, UNKNOWN, Encoder

EVERYDAY = [
    ("en", "self-dialogue"),
    ("en", "persona-chat"),
    ("en", "common-voice"),
    ("de", "common-voice"),
    ("de", "plays"),
    ("de", "klexikon"),
]
EVERYDAY_EACH = 85
EVERYDAY_STEPS = 127
WORD_START = "\u2581"
CONTINUED = "##"


def is_special(piece: str) -> bool:
    return piece.startswith("[") and piece.endswith("]") and len(piece) > 2


def stored_piece(piece: str) -> str:
    """llama.cpp marks a word's start instead of its continuation: `##ing` → `ing`, `go` → `▁go`; specials stay."""
    if is_special(piece):
        return piece
    return piece.removeprefix(CONTINUED) if piece.startswith(CONTINUED) else WORD_START + piece


def add_tokenizer(writer: gguf.GGUFWriter, pieces: list[str]) -> None:
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([stored_piece(piece) for piece in pieces])
    writer.add_token_types([gguf.TokenType.CONTROL if is_special(p) else gguf.TokenType.NORMAL for p in pieces])
    writer.add_token_type_count(2)
    writer.add_unk_token_id(pieces.index(UNKNOWN))
    writer.add_sep_token_id(pieces.index(END))
    writer.add_pad_token_id(pieces.index(PAD))
    writer.add_uint32("tokenizer.ggml.cls_token_id", pieces.index(START))
    writer.add_bos_token_id(pieces.index(START))
    writer.add_eos_token_id(pieces.index(END))


def add_header(writer: gguf.GGUFWriter, model: Encoder, name: str, license: str, kind: Kind) -> None:
    shape = model.shape
    writer.add_custom_alignment(ALIGNMENT)
    writer.add_type("model")
    writer.add_name(name)
    writer.add_license(license)
    writer.add_file_type(FILE_TYPES[kind])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.positions)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_head_count(shape.heads)
    writer.add_layer_norm_eps(NORM_EPSILON)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)


def form_of(name: str, matrices: str, embedding: str, positions: str) -> str:
    if name.startswith("token_embd.weight"):
        return embedding
    if name.startswith("position_embd"):
        return positions
    is_matrix = name.startswith("blk.") and "norm" not in name and name.endswith(".weight")
    return matrices if is_matrix else "f32"


def everyday_sentences() -> list[str]:
    """As many of each register and language: short lines nobody says to command a device."""
    draw = random.Random(texts.SEED + 1)
    chosen = []
    for language, name in EVERYDAY:
        lines = sorted({line for line in texts.paragraphs(language, name) if 3 <= len(line.split()) <= 14})
        chosen += draw.sample(lines, EVERYDAY_EACH)
    return chosen


def everyday_commands(model: Encoder, tokenizer: Tokenizer) -> np.ndarray:
    """Of each intent and language the vector nearest to the mean of its sentences."""
    draw = random.Random(texts.SEED + 2)
    return np.stack([typical(embed(model, tokenizer, side)) for sides in commands.intents(draw) for side in sides])


def typical(vectors: np.ndarray) -> np.ndarray:
    return vectors[(vectors @ vectors.mean(0)).argmax()]


def add_everyday(writer: gguf.GGUFWriter, mean: np.ndarray, vectors: np.ndarray) -> None:
    """The vectors in signed bytes: value = byte × scale."""
    scale = float(np.abs(vectors).max()) / EVERYDAY_STEPS
    writer.add_array("spatz.sentence.mean", [float(value) for value in mean])
    writer.add_float32("spatz.sentence.everyday_scale", scale)
    levels = np.round(vectors / scale).astype(np.int8).ravel()
    writer.add_key_value("spatz.sentence.everyday", levels.tolist(), gguf.GGUFValueType.ARRAY, gguf.GGUFValueType.INT8)


def export(
    model: Encoder,
    pieces: list[str],
    everyday: tuple[np.ndarray, np.ndarray],
    out: Path,
    *,
    name: str,
    license: str,
    normalizer: str,
    matrices: str,
    embedding: str,
    positions: str = "f32",
    languages: tuple[str, ...] = ("en",),
) -> None:
    """Writes beside, then renames: nobody opens half a file. `everyday`: see `add_everyday`."""
    aside = out.with_suffix(".part")
    writer = gguf.GGUFWriter(aside, "bert")
    add_header(writer, model, name, license, PACKERS[matrices][0])
    writer.add_languages(list(languages))
    add_tokenizer(writer, pieces)
    writer.add_string("spatz.sentence.normalizer", normalizer)
    add_everyday(writer, *everyday)
    for tensor_name, weight in model.state_dict().items():
        kind, pack = PACKERS[form_of(tensor_name, matrices, embedding, positions)]
        writer.add_tensor(tensor_name, pack(weight), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    aside.replace(out)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--name", default="Spatz sentence")
    arguments.add_argument("--matrices", choices=PACKERS, default="q4_0")
    arguments.add_argument("--embedding", choices=PACKERS, default="q4_0")
    arguments.add_argument("--positions", choices=PACKERS, default="f16")
    chosen = arguments.parse_args()
    model, vocabulary = train.load(chosen.checkpoint)
    tokenizer = pieces.tokenizer(vocabulary)
    sentences = embed(model, tokenizer, everyday_sentences())
    spoken = everyday_commands(model, tokenizer)
    everyday = (sentences.mean(0), np.concatenate([sentences, spoken]))
    forms = {"matrices": chosen.matrices, "embedding": chosen.embedding, "positions": chosen.positions}
    names = {"name": chosen.name, "license": LICENSE, "normalizer": pieces.NORMALIZER, "languages": ("en", "de")}
    export(model, vocabulary, everyday, chosen.out, **names, **forms)
    print(f"{chosen.out}: {chosen.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
