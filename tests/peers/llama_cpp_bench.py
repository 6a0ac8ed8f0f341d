"""What `spatz bench --once` measures, in llama.cpp: one line of JSON, from one run in this process.

    python3 tests/peers/llama_cpp_bench.py FILE PROMPT DECODE THREADS [--cpu-time]
"""

import json
import sys
import time

import llama_cpp


def memory_mb(field: str) -> float:
    with open("/proc/self/status") as status:
        kilobytes = next(line.split()[1] for line in status if line.startswith(field))
    return int(kilobytes) * 1024 / 1e6


def main() -> None:
    path, (prompt, decode, threads) = sys.argv[1], map(int, sys.argv[2:5])
    clock = time.process_time if "--cpu-time" in sys.argv else time.perf_counter
    quiet = llama_cpp.llama_log_callback(lambda *_: None)
    llama_cpp.llama_log_set(quiet, None)
    llama_cpp.llama_backend_init()
    # What Python and its packages hold is not llama.cpp's.
    before = {field: memory_mb(field) for field in ("VmRSS:", "RssAnon:")}

    start = clock()
    # llama.cpp's defaults: weights from the map, but for types that it repacks into a faster layout when it loads them.
    model = llama_cpp.llama_model_load_from_file(path.encode(), llama_cpp.llama_model_default_params())
    params = llama_cpp.llama_context_default_params()
    params.n_ctx = prompt + decode + 1
    params.n_batch = params.n_ubatch = max(prompt, 1)
    params.n_threads = params.n_threads_batch = threads
    context = llama_cpp.llama_init_from_model(model, params)
    vocab = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
    tokens = (llama_cpp.llama_token * prompt)(*[i * 7919 % vocab for i in range(prompt)])

    def run(tokens, count: int) -> int:
        if llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(tokens, count)):
            sys.exit("llama_decode failed")
        logits = llama_cpp.llama_get_logits_ith(context, -1)
        return llama_cpp.llama_sampler_sample(greedy, context, -1) if logits else sys.exit("no logits")

    greedy = llama_cpp.llama_sampler_init_greedy()
    prefill = clock()
    token = run(tokens, prompt)
    first = clock()
    for _ in range(decode):
        token = run((llama_cpp.llama_token * 1)(token), 1)
    end = clock()
    print(
        json.dumps(
            {
                "prefill_tokens_per_s": prompt / (first - prefill),
                "decode_tokens_per_s": decode / (end - first),
                "open_to_first_token_ms": 1e3 * (first - start),
                "resident_mb": memory_mb("VmRSS:") - before["VmRSS:"],
                "anonymous_mb": memory_mb("RssAnon:") - before["RssAnon:"],
            }
        )
    )


main()
