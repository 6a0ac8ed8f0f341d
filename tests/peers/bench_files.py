"""Makes the files that `cargo xtask bench` compares on, from one GGUF file: needs llama-cpp-python and gguf.

    python3 tests/peers/bench_files.py SMOLLM2 FOLDER

`FOLDER` gets SmolLM2 re-quantised by llama.cpp to Q4_0, Q8_0 and Q4_K_M, and a Llama shape of 30 M random weights in Q8_0
and Q4_0. What is there already stays.
"""

import os
import sys

import gguf
import llama_cpp
import numpy as np

LAYERS, WIDTH, HEADS, HEADS_KV, FEED_FORWARD = 13, 320, 5, 1, 864
FILE_TYPES = {
    "q4_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0,
    "q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0,
    "q4_k_m": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M,
}


def quantize(source: str, file_type: str, to: str) -> None:
    if os.path.exists(to):
        return
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = FILE_TYPES[file_type]
    params.allow_requantize = True
    params.nthread = 2
    if llama_cpp.llama_model_quantize(source.encode(), f"{to}.part".encode(), params):
        sys.exit(f"llama.cpp could not quantise {source} to {file_type}")
    os.rename(f"{to}.part", to)


def random_llama(vocabulary_of: str, to: str) -> None:
    """30 M weights in single precision, with the vocabulary of another file."""
    if os.path.exists(to):
        return
    fields = gguf.GGUFReader(vocabulary_of).fields

    def field(name: str):
        return fields[f"tokenizer.ggml.{name}"].contents()

    writer = gguf.GGUFWriter(f"{to}.part", "llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS_KV)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(field("tokens")))
    writer.add_tokenizer_model(field("model"))
    writer.add_tokenizer_pre(field("pre"))
    writer.add_token_list(field("tokens"))
    writer.add_token_types(field("token_type"))
    writer.add_token_merges(field("merges"))
    writer.add_bos_token_id(field("bos_token_id"))
    writer.add_eos_token_id(field("eos_token_id"))

    random = np.random.default_rng(1)
    key_row = WIDTH // HEADS * HEADS_KV

    def add(name: str, *shape: int) -> None:
        values = np.ones(shape) if len(shape) == 1 else random.normal(0, shape[1] ** -0.5, shape)
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))

    add("token_embd", len(field("tokens")), WIDTH)
    add("output_norm", WIDTH)
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        add(f"{block}.attn_norm", WIDTH)
        add(f"{block}.attn_q", WIDTH, WIDTH)
        add(f"{block}.attn_k", key_row, WIDTH)
        add(f"{block}.attn_v", key_row, WIDTH)
        add(f"{block}.attn_output", WIDTH, WIDTH)
        add(f"{block}.ffn_norm", WIDTH)
        add(f"{block}.ffn_gate", FEED_FORWARD, WIDTH)
        add(f"{block}.ffn_up", FEED_FORWARD, WIDTH)
        add(f"{block}.ffn_down", WIDTH, FEED_FORWARD)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.rename(f"{to}.part", to)


def main() -> None:
    smollm2, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for file_type in FILE_TYPES:
        quantize(smollm2, file_type, f"{folder}/smollm2-{file_type}.gguf")
    random_llama(smollm2, f"{folder}/random-30m-f32.gguf")
    for file_type in ("q8_0", "q4_0"):
        quantize(f"{folder}/random-30m-f32.gguf", file_type, f"{folder}/random-30m-{file_type}.gguf")


main()
