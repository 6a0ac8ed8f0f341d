"""What we start from: all-MiniLM-L6-v2 (Apache-2.0), as its package carries it, weights under the names of `encoder.py`."""

from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from sentence.encoder import Encoder, Shape

SHAPE = Shape(layers=6, width=384, heads=12, hidden=1536, vocabulary=30522, positions=512)
LAYER_NAMES = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
OUTER_NAMES = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}


def our_name(name: str) -> str | None:
    """The name of a tensor in `encoder.py`; none for the pooler, which sentence vectors do not use."""
    part, kind = name.rsplit(".", 1)
    if part in OUTER_NAMES:
        return f"{OUTER_NAMES[part]}.{kind}"
    if part.startswith("encoder.layer."):
        number, inner = part.removeprefix("encoder.layer.").split(".", 1)
        return f"blk.{number}.{LAYER_NAMES[inner]}.{kind}"
    return None


def state(folder: Path) -> dict[str, torch.Tensor]:
    renamed = {our_name(name): value for name, value in load_file(folder / "model.safetensors").items()}
    return {name: torch.from_numpy(np.array(value)).float() for name, value in renamed.items() if name}


def pieces(folder: Path) -> list[str]:
    return (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()


def tokenizer(folder: Path) -> Tokenizer:
    loaded = Tokenizer.from_file(str(folder / "tokenizer.json"))
    loaded.no_padding()
    return loaded


def load(folder: Path) -> Encoder:
    model = Encoder(SHAPE)
    model.load_state_dict(state(folder))
    return model.eval()
