"""Step 6, `python export.py CHECKPOINT OUT`: averaged weights and vocabulary as one plain GGUF v3 file.

llama.cpp, candle and Spatz open it: architecture `llama`, tokenizer `gpt2`/`smollm`, embeddings tied. Matrices are
packed with the scales they trained with (`q4_0`) or, if they never trained rounded, with searched ones
(`q4_0-searched`); the embedding, whose rows are also the output layer, takes the format given.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from torch import Tensor

import checkpoint
import vocabulary
from model import NORM_EPSILON, ROPE_BASE, Llama, to_interleaved
from quantise import pack_q4_0, pack_q5_0, pack_q8_0, searched_scale

ALIGNMENT = 64
CONTEXT = 512
LICENSE = "cc-by-sa-4.0"

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


def add_header(writer: gguf.GGUFWriter, model: Llama, name: str, matrices: str) -> None:
    shape = model.shape
    writer.add_custom_alignment(ALIGNMENT)
    writer.add_type("model")
    writer.add_name(name)
    writer.add_license(LICENSE)
    writer.add_languages(["en", "de"])
    writer.add_file_type(FILE_TYPES[PACKERS[matrices][0]])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(NORM_EPSILON)
    writer.add_vocab_size(shape.vocabulary)


def add_tokenizer(writer: gguf.GGUFWriter, pieces: list[str], merges: list[vocabulary.Merge]) -> None:
    document = pieces.index(vocabulary.DOCUMENT)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(pieces)
    specials = set(vocabulary.SPECIALS)
    writer.add_token_types([gguf.TokenType.CONTROL if p in specials else gguf.TokenType.NORMAL for p in pieces])
    writer.add_token_merges([f"{left} {right}" for left, right in merges])
    writer.add_bos_token_id(document)
    writer.add_eos_token_id(document)
    writer.add_unk_token_id(document)
    writer.add_pad_token_id(document)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)


def add_tensors(writer: gguf.GGUFWriter, model: Llama, matrices: str, embedding: str) -> None:
    heads = {"attn_q.weight": model.shape.heads, "attn_k.weight": model.shape.kv_heads}
    for name, weight in model.state_dict().items():
        layer_part = name.split(".", 2)[-1]
        if layer_part in heads:
            weight = to_interleaved(weight, heads[layer_part])
        form = "f32" if weight.ndim == 1 else embedding if name.startswith("token_embd") else matrices
        kind, pack = PACKERS[form]
        writer.add_tensor(name, pack(weight), raw_dtype=kind)


def export(
    model: Llama, pieces: list[str], merges: list[vocabulary.Merge], out: Path, name: str, matrices: str, embedding: str
) -> None:
    """Writes beside, then renames: nobody opens half a file."""
    aside = out.with_suffix(".part")
    writer = gguf.GGUFWriter(aside, "llama")
    add_header(writer, model, name, matrices)
    add_tokenizer(writer, pieces, merges)
    add_tensors(writer, model, matrices, embedding)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    aside.replace(out)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--name", default="Spatz base")
    arguments.add_argument("--matrices", choices=PACKERS, default="q4_0")
    arguments.add_argument("--embedding", choices=PACKERS, default="q4_0")
    chosen = arguments.parse_args()
    model = checkpoint.average(chosen.checkpoint)
    export(model, *vocabulary.load(), chosen.out, chosen.name, chosen.matrices, chosen.embedding)
    print(f"{chosen.out}: {chosen.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
