"""The second teacher: multilingual E5-small (MIT) in 4 bits, run by the C engine that its package carries as source."""

import ctypes
import subprocess
from pathlib import Path

import numpy as np

from sentence import places

WIDTH = 384
LIBRARY = places.FOLDER / "libe5.so"


def build(source: Path, library: Path) -> None:
    flags = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]
    subprocess.run(["cc", *flags, str(source / "e5.c"), "-o", str(library), "-lm"], check=True)


class E5:
    """Embeds texts as queries; vectors of length 1."""

    def __init__(self) -> None:
        if not LIBRARY.exists():
            build(places.E5_SOURCE, LIBRARY)
        self._engine = ctypes.CDLL(str(LIBRARY))
        self._engine.e5_load.restype = ctypes.c_void_p
        texts = ctypes.POINTER(ctypes.c_char_p)
        self._engine.e5_embed_batch.argtypes = [ctypes.c_void_p, texts, ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
        self._model = self._engine.e5_load(str(places.E5_SOURCE / "e5-small-q4.bin").encode())
        if not self._model:
            raise RuntimeError(f"no E5 weights in {places.E5_SOURCE}")

    def embed(self, texts: list[str]) -> np.ndarray:
        vectors = np.empty((len(texts), WIDTH), np.float32)
        encoded = (ctypes.c_char_p * len(texts))(*[text.encode() for text in texts])
        if self._engine.e5_embed_batch(self._model, encoded, len(texts), 1, vectors.ctypes.data):
            raise RuntimeError("E5 could not embed these texts")
        return vectors
