"""The sentence encoder's chain on toy text, in seconds and without `shared/`: `python -m unittest` in the folder above."""

import random
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import gguf
import numpy as np
import torch

from quantise import fake_q4_0
from sentence import commands, measure, minilm, pieces, probe, reader, texts, train, tune
from sentence.embed import embed, embed_ids, padded
from sentence.encoder import END, PAD, SPECIALS, START, UNKNOWN, Encoder, Shape
from sentence.export import export, stored_piece

TOY_PIECES = [
    *SPECIALS,
    "a",
    "ä",
    "schon",
    "schön",
    "licht",
    "##er",
    "light",
    "on",
    "##s",
    "?",
    "ß",
    "##ß",
    "stra",
    "##e",
]


def toy_encoder(layers: int = 2) -> Encoder:
    torch.manual_seed(3)
    return Encoder(Shape(layers, width=64, heads=4, hidden=96, vocabulary=len(TOY_PIECES), positions=16)).eval()


class NormaliserTest(unittest.TestCase):
    def check(self, text: str, expected: str) -> None:
        self.assertEqual(pieces.normalizer().normalize_str(text), expected)

    def test_umlauts_stay_letters_and_other_accents_go(self) -> None:
        self.check("Äpfel für Café", "äpfel für cafe")
        self.check("a\u0308o\u0308U\u0308", "äöü")
        self.check("STRA\u1e9eE Straße", "straße straße")
        self.check("naïve ÿ ǟ", "naive y ä")

    def test_control_characters_go_and_white_space_is_space(self) -> None:
        self.check("a\u0000b\tc\u00a0d", "ab c d")


class TokenizerTest(unittest.TestCase):
    def check(self, text: str, expected: list[str]) -> None:
        tokenizer = pieces.tokenizer(TOY_PIECES)
        self.assertEqual([tokenizer.id_to_token(number) for number in tokenizer.encode(text).ids], expected)

    def test_longest_piece_first(self) -> None:
        self.check("Lichter schön", [START, "licht", "##er", "schön", END])
        self.check("lights on?", [START, "light", "##s", "on", "?", END])

    def test_a_word_without_pieces_is_one_unknown(self) -> None:
        self.check("lichtxyz on", [START, UNKNOWN, "on", END])

    def test_nothing_is_two_marks(self) -> None:
        self.check("", [START, END])


class VocabularyTest(unittest.TestCase):
    def test_english_pieces_come_first_and_letters_are_never_missing(self) -> None:
        english, german = {"lights": 0.6, "on": 0.4}, {"licht": 0.5, "lichter": 0.3, "für": 0.2}
        old = [*SPECIALS, "light", "##s", "on", "off", "l", "##l"]
        chosen = pieces.choose(english, german, old, kept=40, size=60)
        self.assertEqual(chosen[:4], SPECIALS)
        self.assertEqual(len(chosen), len(set(chosen)))
        self.assertIn("light", chosen)
        self.assertNotIn("off", chosen)
        self.assertLess(chosen.index("light"), chosen.index("licht") if "licht" in chosen else 60)
        ids = pieces.tokenizer(chosen).encode("lichter für").ids
        self.assertNotIn(chosen.index(UNKNOWN), ids)


class TextsTest(unittest.TestCase):
    def test_remarks_in_brackets_go(self) -> None:
        self.assertEqual(texts.without_notes("book (sheets (bound) together), volume"), "book , volume")

    def test_commands_share_slot_values(self) -> None:
        text = "= room: kitchen | Küche; bath | Bad\nen light in {room} / on\nde Licht in {room} / an\n"
        found = set(commands.pairs(random.Random(1), text))
        self.assertEqual(
            found, {("light in kitchen", "Licht in Küche"), ("light in bath", "Licht in Bad"), ("on", "an")}
        )

    def test_a_translation_has_its_original(self) -> None:
        text = "en on\nde an\nen+ light please / it is dark\nde+ Licht bitte / es ist dunkel\n"
        found = set(commands.pairs(random.Random(1), text))
        self.assertTrue({("light please", "Licht bitte"), ("it is dark", "es ist dunkel")} <= found)
        self.assertFalse({("light please", "es ist dunkel"), ("it is dark", "Licht bitte"), ("on", "Licht bitte")} & found)

    def test_second_value_differs(self) -> None:
        text = "= n: one | eins; two | zwei\nen {n} plus {n2}\nde {n} plus {n2}\n"
        found = set(commands.pairs(random.Random(1), text))
        self.assertEqual(found, {("one plus two", "eins plus zwei"), ("two plus one", "zwei plus eins")})

    def test_an_intent_has_all_its_phrasings_filled(self) -> None:
        text = "= room: kitchen | Küche; bath | Bad\nen light in {room} / on\nde Licht in {room} / an\n"
        [(english, german)] = commands.intents(random.Random(1), text)
        self.assertEqual(set(english), {"light in kitchen", "light in bath", "on"})
        self.assertEqual(set(german), {"Licht in Küche", "Licht in Bad", "an"})

    def test_no_phrase_is_in_two_intents(self) -> None:
        _, groups = commands.read(commands.written())
        for side in range(2):
            phrases = Counter(phrase for group in groups for phrase in group.sides[side])
            self.assertEqual([phrase for phrase, count in phrases.items() if count > 1], [])

    def test_our_own_commands_have_no_empty_slot(self) -> None:
        pairs = list(commands.pairs(random.Random(1)))
        self.assertGreater(len(pairs), 1000)
        self.assertFalse([pair for pair in pairs if "{" in "".join(pair) or not all(pair)])

    def test_spoken_text_loses_only_marks(self) -> None:
        draw = random.Random(2)
        found = Counter(train.spoken("Wie spät ist es, bitte?", draw) for _ in range(200))
        expected = {"Wie spät ist es, bitte?", "Wie spät ist es, bitte", "Wie spät ist es bitte"}
        self.assertEqual(set(found), expected)


class TuneTest(unittest.TestCase):
    def test_vectors_of_one_intent_that_lie_together_cost_less(self) -> None:
        labels = torch.tensor([0, 0, 1, 1])
        together = torch.tensor([[1.0, 0.1], [1.0, -0.1], [-1.0, 0.1], [-1.0, -0.1]])
        self.assertLess(tune.contrast(together, labels), tune.contrast(together[[0, 2, 1, 3]], labels) - 1)

    def test_a_batch_has_both_languages_of_an_intent(self) -> None:
        intents = [[["on", "light"], ["an", "Licht"]], [["off", "dark"], ["aus", "dunkel"]]]
        found, labels = tune.drawn(intents, random.Random(1))
        self.assertEqual(len(found), 8)
        self.assertEqual(
            {label for text, label in zip(found, labels.tolist(), strict=True) if text == "an"},
            {label for text, label in zip(found, labels.tolist(), strict=True) if text == "on"},
        )


class EncoderTest(unittest.TestCase):
    def test_padding_changes_nothing(self) -> None:
        model = toy_encoder()
        short, long = [2, 5, 3], [2, 5, 6, 7, 8, 9, 3]
        together = model(*padded([short, long]))
        torch.testing.assert_close(together[0], model(*padded([short]))[0], rtol=1e-5, atol=1e-5)

    def test_vectors_keep_their_order_and_have_length_one(self) -> None:
        model = toy_encoder()
        rows = [[2, n, 3] + [5] * (n % 4) for n in range(4, 16)]
        vectors = embed_ids(model, rows)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
        np.testing.assert_allclose(vectors[7], embed_ids(model, [rows[7]])[0], rtol=1e-4, atol=1e-5)

    def test_weight_names(self) -> None:
        self.assertEqual(minilm.our_name("embeddings.LayerNorm.bias"), "token_embd_norm.bias")
        self.assertEqual(minilm.our_name("encoder.layer.3.output.dense.weight"), "blk.3.ffn_down.weight")
        self.assertEqual(minilm.our_name("encoder.layer.3.attention.output.dense.weight"), "blk.3.attn_output.weight")
        self.assertIsNone(minilm.our_name("pooler.dense.weight"))

    def test_training_brings_the_vectors_to_their_targets(self) -> None:
        model = toy_encoder(layers=1).train()
        generator = np.random.default_rng(4)
        batch = [train.Example([2, n, 3], generator.normal(size=64)) for n in range(4, 12)]
        optimiser = torch.optim.Adam(model.parameters(), 1e-2)
        _, first = train.loss(model, batch)
        for _ in range(30):
            total, last = train.loss(model, batch)
            optimiser.zero_grad()
            total.backward()
            optimiser.step()
        self.assertLess(last, first / 2)


class FileTest(unittest.TestCase):
    def test_llama_cpp_marks_word_starts(self) -> None:
        self.assertEqual([stored_piece(p) for p in ("##ing", "go", PAD, "[")], ["ing", "\u2581go", PAD, "\u2581["])

    def test_what_is_read_is_what_was_trained_rounded(self) -> None:
        model = toy_encoder()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "toy.gguf"
            everyday = embed(model, pieces.tokenizer(TOY_PIECES), ["licht", "light on", "schon?"])
            names = {"name": "toy", "license": "mit", "normalizer": pieces.NORMALIZER}
            forms = {"matrices": "q4_0", "embedding": "q4_0", "positions": "f32"}
            export(model, TOY_PIECES, (everyday.mean(0), everyday), path, **names, **forms)
            again, tokenizer = reader.read(path)
            fields = gguf.GGUFReader(path).fields
        model.round_with(fake_q4_0, fake_q4_0)
        sentences = ["lichter on", "schön?"]
        expected = embed(model, pieces.tokenizer(TOY_PIECES), sentences)
        np.testing.assert_allclose(embed(again, tokenizer, sentences), expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(fields["spatz.sentence.mean"].contents(), everyday.mean(0), atol=1e-6)
        scale = fields["spatz.sentence.everyday_scale"].contents()
        kept = np.array(fields["spatz.sentence.everyday"].contents()).reshape(3, -1) * scale
        np.testing.assert_allclose(kept, everyday, atol=scale)


class ProbeTest(unittest.TestCase):
    def test_sentences_are_even(self) -> None:
        held = probe.read()
        self.assertEqual(len(held.english), len(held.german))
        self.assertEqual(set(Counter(held.intents).values()), {10})

    def test_nearest_centre(self) -> None:
        known = np.eye(4)[[0, 0, 1, 1]]
        found = probe.nearest_centre(known, np.array([7, 7, 9, 9]), np.eye(4)[[1, 0]])
        self.assertEqual(found.tolist(), [9, 7])

    def test_few_takes_as_many_of_each(self) -> None:
        labels = np.array(["a", "b", "a", "b", "b", "a"])
        self.assertEqual(Counter(labels[measure.few(labels, 2, seed=1)]), {"a": 2, "b": 2})

    def test_logistic_regression_separates_what_can_be_separated(self) -> None:
        vectors = np.random.default_rng(5).normal(size=(60, 8)).astype(np.float32)
        labels = np.where(vectors[:, 2] > 0, "right", "left")
        self.assertGreater(measure.accuracy(vectors[:40], labels[:40], vectors[40:], labels[40:]), 80)


if __name__ == "__main__":
    unittest.main()
