"""Writes tokenizer-smollm2.json: texts and the tokens that Hugging Face's own tokenizers gives them.

    pip install tokenizers gguf
    python tests/conformance/tokenizer.py SmolLM2-135M-Instruct.Q4_1.gguf

The tokenizer is put together from the GGUF as SmolLM2's tokenizer.json says: single digits, then byte-level BPE.
Control tokens are left out, so a text that spells one is text.
"""

import json
import sys
from pathlib import Path

from gguf import GGUFReader
from tokenizers import Tokenizer, models, pre_tokenizers

TEXTS = [
    "", " ", "  ", "   ", "\t", "\n", "\n\n", " \n", "\n ", "\r\n", "\r\n\r\n  x", "\t\tif x:\n\t\t\treturn", "\u000b\u000c",
    "Hello", " Hello", "  Hello", "Hello world", "Hello  world", "Hello\nworld", "Hello world \n", "trailing   ",
    "Die Straße nach Köln führt über den Fluß.", "Ärger, Öl und Übermut; „Gänsefüßchen“ – und ‚einfache‘ …",
    "Wir sehen uns morgen um 18:30 Uhr, Gleis 7a!", "3.141.592,65 €", "1 22 333 4444", "2024-02-29T23:59:60Z", "v2.0.1-rc3",
    "٣٤٥", "१२३", "Ⅷ ½ ² ① 一二三", "x²+y²=z²",
    "it's we're I'd you'll they've I'm don't", "IT'S WE'RE", "'s 's'", "rock 'n' roll", "'tis", "l'été", "''''", "' '",
    "naïve café résumé", "cafe\u0301 re\u0301sume\u0301", "A\u030a\u0301", "\u0301", "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d",
    "Ψυχή και σώμα", "Привет, мир!", "مرحبا بالعالم", "שָׁלוֹם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "こんにちは、世界！", "你好，世界。", "안녕하세요", "Tiếng Việt",
    "😀", " 😀", "😀😀 😀", "👩‍👩‍👧‍👦", "👩🏽‍🚀 start", "🇩🇪🇬🇧", "❤️ ❤", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣2️⃣", "🐦Spatz🐦",
    "<|im_end|>", "<|im_start|>user\nhi<|im_end|>", "<|endoftext|>", "a<|endoftext|", "<repo_name>",
    "\u00a0", "a\u00a0b", "a\u3000b", "\u2028\u2029", "\u200b\u200d\ufeff", "\u0085x", "\u001f \u001e", "\u0000", "a\u0000b", "\u0007\u001b[31m",
    "\ufffd", "\ufffe", "\U0010ffff", "\ue000", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "Ⓐⓑ 🄰 🅱", "ǅ ʰ ª º", "ⅷⅧ",
    "{\"key\": [1, 2.5e-3, null]}", "fn main() { println!(\"{}\", x); }", "https://example.org/a?b=c&d=%20#e", "a_b-c.d/e\\f",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "!!!!!!!!!!!!!!!!", "----------------", "=====", "......", "Donaudampfschifffahrtsgesellschaft",
    "supercalifragilisticexpialidocious", "\u0627\u064e\u0644\u0652", "e\u20dd", "\u1100\u1161\u11a8", "ﬁ ﬂ", "ſtraſse", "İstanbul ıI", "ß ẞ",
    "x \u200d y", "word\u00adbreak", "100%\t50 %", "$5 £6 ¥7 ₹8", "a\r\nb\rc\nd", "   leading and    inner   ", " \t \n \t ", "\n\n\n\nfour",
]


def main(path: str) -> None:
    fields = GGUFReader(path).fields
    tokens, kinds, merges = (
        fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "token_type", "merges")
    )
    vocabulary = {token: index for index, (token, kind) in enumerate(zip(tokens, kinds)) if kind != 3}
    tokenizer = Tokenizer(models.BPE(vocabulary, [tuple(merge.split(" ")) for merge in merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])
    lines = [json.dumps([text, tokenizer.encode(text).ids]) for text in TEXTS]
    out = Path(__file__).with_name("tokenizer-smollm2.json")
    out.write_text("[\n" + ",\n".join(lines) + "\n]\n")


main(sys.argv[1])
