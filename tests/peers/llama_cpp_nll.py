"""Compares the engine's likelihoods with llama.cpp's, on the tokens of `tests/likelihood.rs`.

    pip install llama-cpp-python   # CMAKE_ARGS="-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON"
    SPATZ_CHAT_MODEL=FILE SPATZ_LIKELIHOOD_OUT=/tmp/ours.json cargo test -p spatz-tests --test likelihood smollm2
    python3 tests/peers/llama_cpp_nll.py /tmp/ours.json

Prints both means and exits with 1 if they are more than 0.01 nats per token apart.
"""

import json
import sys

import llama_cpp
import numpy as np

TOLERANCE = 0.01


def mean_nll(path: str, windows: list[list[int]]) -> float:
    model = llama_cpp.Llama(path, n_ctx=512, n_batch=512, logits_all=True, n_threads=1, verbose=False)
    surprises = []
    for window in windows:
        model.reset()
        model.eval(window[:-1])
        logits = np.asarray(model.scores[: len(window) - 1], dtype=np.float64)
        largest = logits.max(axis=1, keepdims=True)
        total = np.log(np.exp(logits - largest).sum(axis=1)) + largest[:, 0]
        surprises.extend(total - logits[np.arange(len(logits)), window[1:]])
    return float(np.mean(surprises))


def main() -> int:
    with open(sys.argv[1]) as file:
        ours = json.load(file)
    theirs = mean_nll(ours["model"], ours["windows"])
    print(f"{ours['model']}: nats per token: {ours['mean_nll']:.5f} here, {theirs:.5f} in llama.cpp")
    return 0 if abs(ours["mean_nll"] - theirs) < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
