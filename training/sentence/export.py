"""An encoder and its pieces as one GGUF v3 file, as llama.cpp's converter lays out the `bert` architecture.

What llama.cpp does not know (the mean vector for centring, the normaliser) is metadata under `spatz.sentence`, no tensor,
so that other readers still open the file.
"""

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from torch import Tensor

from sentence.encoder import END, NORM_EPSILON, PAD, START, UNKNOWN, Encoder

from quantise import pack_q4_0, pack_q5_0, pack_q8_0, searched_scale

ALIGNMENT = 64
WORD_START = "\u2581"
CONTINUED = "##"

PACKERS: dict[str, tuple[Kind, Callable[[Tensor], np.ndarray]]] = {
    "q4_0": (Kind.Q4_0, pack_q4_0),
    "q4_0-searched": (Kind.Q4_0, lambda weight: pack_q4_0(weight, searched_scale)),
    "q5_0": (Kind.Q5_0, pack_q5_0),
    "q8_0": (Kind.Q8_0, pack_q8_0),
    "f16": (Kind.F16, lambda weight: weight.detach().half().numpy()),
    "f32": (Kind.F32, lambda weight: weight.detach().float().numpy()),
}
FILE_TYPES = {
    Kind.Q4_0: gguf.LlamaFileType.MOSTLY_Q4_0,
    Kind.Q5_0: gguf.LlamaFileType.MOSTLY_Q5_0,
    Kind.Q8_0: gguf.LlamaFileType.MOSTLY_Q8_0,
    Kind.F16: gguf.LlamaFileType.MOSTLY_F16,
    Kind.F32: gguf.LlamaFileType.ALL_F32,
}


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


def export(
    model: Encoder,
    pieces: list[str],
    mean: np.ndarray,
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
    """Writes beside, then renames: nobody opens half a file."""
    aside = out.with_suffix(".part")
    writer = gguf.GGUFWriter(aside, "bert")
    add_header(writer, model, name, license, PACKERS[matrices][0])
    writer.add_languages(list(languages))
    add_tokenizer(writer, pieces)
    writer.add_string("spatz.sentence.normalizer", normalizer)
    writer.add_array("spatz.sentence.mean", [float(value) for value in mean])
    for tensor_name, weight in model.state_dict().items():
        kind, pack = PACKERS[form_of(tensor_name, matrices, embedding, positions)]
        writer.add_tensor(tensor_name, pack(weight), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    aside.replace(out)
