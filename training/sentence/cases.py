"""`python -m sentence.cases FILE OUT`: sentences with the ids and vectors that any reader of a file must find, as JSON."""

import argparse
import json
from pathlib import Path

from sentence import reader
from sentence.embed import embed

SENTENCES = [
    "Turn on the lights in the kitchen, please!",
    "what's the weather like in New York tomorrow",
    "Café Müller öffnet um 8:30 Uhr",
    "set a timer for twenty-five minutes",
    "Stelle den Wecker auf sieben Uhr",
    "Mach die Rollläden im Schlafzimmer runter",
    "Donaudampfschifffahrtsgesellschaft",
    "schon schön, über Über, A\u0308pfel, a\u0323\u0308",
    "STRASSE Straße STRA\u1e9eE",
    "naïve résumé à la carte",
    "",
    "?",
    "antidisestablishmentarianism",
    "日本語 text",
    "🙂 hello",
    "U.S.A. e-mail: bob@example.com",
    "A  lot   of \t spaces\n and lines",
    "pay $5.50 or 20 € to John’s account – now",
    "erinnere mich morgen früh daran, den Müll rauszubringen, weil die Tonne sonst wieder voll ist",
    "remind me to call mum at half past six this evening because she wanted to know about the trip",
]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("out", type=Path)
    chosen = arguments.parse_args()
    model, tokenizer = reader.read(chosen.file)
    encodings = tokenizer.encode_batch_fast(SENTENCES)
    vectors = embed(model, tokenizer, SENTENCES)
    rows = [
        {
            "text": text,
            "ids": row.ids,
            "tokens": [tokenizer.id_to_token(number) for number in row.ids],
            "vector": [round(float(value), 6) for value in vector],
        }
        for text, row, vector in zip(SENTENCES, encodings, vectors, strict=True)
    ]
    chosen.out.write_text(json.dumps(rows, ensure_ascii=False, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main()
