"""The chain on a toy text, in seconds and without `shared/`: `python -m unittest` in this folder."""

import argparse
import tempfile
import unittest
from pathlib import Path

import gguf
import numpy as np
import torch

import checkpoint
import lexicon
import vocabulary
from batches import Sampler, Tokens
from export import export
from model import Llama, Shape, cut, from_interleaved, to_interleaved
from normalise import casual, modernise, normalise
from quantise import BLOCK, dither, fake_q4_0, pack_q4_0, pack_q5_0, pack_q8_0
from run import Run
from tokenise import tokenise
from train import from_layers

ENGLISH = ["the cat sat on the mat", "the dog sat on the cat", "don't sit on the dog"] * 5
GERMAN = ["die Katze saß auf der Matte", "der Hund saß auf der Katze", "für 12 Hunde"] * 5


def shares(lines: list[str]) -> dict[str, float]:
    words = [word for line in lines for word, _ in vocabulary.pre_tokenizer().pre_tokenize_str(" " + line)]
    return {word: words.count(word) / len(words) for word in words}


def toy_vocabulary(size: int = 300) -> tuple[list[str], list[vocabulary.Merge]]:
    pieces = sorted(vocabulary.pre_tokenizers.ByteLevel.alphabet())
    merges = vocabulary.continue_merges({tuple(word): share for word, share in shares(ENGLISH).items()}, set(), 40)
    pieces += [left + right for left, right in merges]
    return vocabulary.build(pieces, merges, shares(ENGLISH), shares(GERMAN), kept_size=276, size=size)


def toy_shape(pieces: list[str]) -> Shape:
    return Shape(layers=2, width=64, heads=4, kv_heads=2, hidden=96, vocabulary=len(pieces))


class VocabularyTest(unittest.TestCase):
    def test_text_comes_back(self) -> None:
        encoder = vocabulary.tokenizer(*toy_vocabulary())
        for text in (*ENGLISH, *GERMAN, " Grüße – 日本 🙂 \n x"):
            self.assertEqual(encoder.decode(encoder.encode(text).ids), text)

    def test_is_full_and_merges_have_their_parts(self) -> None:
        pieces, merges = toy_vocabulary()
        self.assertEqual(len(pieces), len(set(pieces)))
        self.assertEqual(len(pieces), 300)
        known = set(vocabulary.pre_tokenizers.ByteLevel.alphabet())
        for left, right in merges:
            self.assertLessEqual({left, right}, known)
            known.add(left + right)

    def test_english_splits_as_before(self) -> None:
        start = sorted(vocabulary.pre_tokenizers.ByteLevel.alphabet())
        words = {tuple(word): share for word, share in shares(ENGLISH).items()}
        merges = vocabulary.continue_merges(words, set(), 40)
        old = vocabulary.tokenizer(start + [left + right for left, right in merges], merges)
        new = vocabulary.tokenizer(
            *vocabulary.build([*start, *map("".join, merges)], merges, shares(ENGLISH), {}, kept_size=400, size=400)
        )
        for line in ENGLISH:
            self.assertEqual(old.encode(" " + line).tokens, new.encode(" " + line).tokens)


class NormaliseTest(unittest.TestCase):
    def test_quotes_spaces_and_case(self) -> None:
        self.assertEqual(normalise("„Ja“\u00a0 sagte’s"), '"Ja" sagte\'s')
        self.assertEqual(casual("Bis morgen!"), "bis morgen")

    def test_old_spelling_only_where_todays_is_commoner(self) -> None:
        frequency = {"dass": 9, "straße": 9, "strasse": 1, "tür": 5, "theater": 5}
        self.assertEqual(modernise("daß die Straße giebt", frequency), "dass die Straße gibt")
        self.assertEqual(modernise("Thür zum Theater", frequency), "Tür zum Theater")


class LexiconTest(unittest.TestCase):
    def test_what_is_glued_to_digits_is_no_word(self) -> None:
        words = [word for word, _ in lexicon.words_inside("On the 2nd, at 5pm, don't")]
        self.assertEqual(words, ["On", "the", "at", "don't"])

    def test_endings_of_ordinals_are_no_words(self) -> None:
        cases = (("nd", "en", False), ("rd", "de", False), ("ten", "en", True), ("ten", "de", False))
        for word, language, expected in cases:
            self.assertEqual(lexicon.is_shaped(word, language), expected, (word, language))


class QuantiseTest(unittest.TestCase):
    def test_packed_bytes_read_back_close(self) -> None:
        weight = torch.randn(8, 2 * BLOCK)
        kinds = gguf.GGMLQuantizationType
        for pack, kind, error in (
            (pack_q4_0, kinds.Q4_0, 0.1),
            (pack_q5_0, kinds.Q5_0, 0.05),
            (pack_q8_0, kinds.Q8_0, 0.01),
        ):
            back = gguf.quants.dequantize(pack(weight), kind)
            self.assertLess(float(np.square(back - weight.numpy()).mean()) ** 0.5, error)

    def test_training_sees_rounded_weights_and_passes_gradients(self) -> None:
        weight = torch.randn(2, BLOCK, requires_grad=True)
        rounded = fake_q4_0(weight)
        self.assertLessEqual(len(rounded[0].detach().unique()), 16)
        rounded.sum().backward()
        self.assertTrue(torch.equal(weight.grad, torch.ones_like(weight)))

    def test_dithered_weights_round_to_where_they_were(self) -> None:
        weight = fake_q4_0(torch.randn(64, BLOCK))
        moved = dither(weight)
        self.assertGreater(float((moved != weight).float().mean()), 0.8)
        torch.testing.assert_close(fake_q4_0(moved), weight)


class ModelTest(unittest.TestCase):
    def test_interleaving_is_undone(self) -> None:
        weight = torch.randn(64, 16)
        self.assertTrue(torch.equal(from_interleaved(to_interleaved(weight, 4), 4), weight))

    def test_a_document_does_not_see_the_one_before(self) -> None:
        model = Llama(Shape(layers=1, width=64, heads=4, kv_heads=2, hidden=96, vocabulary=50))
        alone, packed = model(torch.tensor([[0, 7, 8]])), model(torch.tensor([[0, 5, 0, 7, 8]]))
        torch.testing.assert_close(alone[:, :3], packed[:, 2:], rtol=1e-4, atol=1e-5)

    def test_a_cut_keeps_the_named_layers(self) -> None:
        state = Llama(Shape(layers=3, width=64, heads=4, kv_heads=2, hidden=96, vocabulary=50)).state_dict()
        shorter = cut(state, [0, 2])
        self.assertTrue(torch.equal(shorter["blk.1.attn_q.weight"], state["blk.2.attn_q.weight"]))
        self.assertNotIn("blk.2.attn_q.weight", shorter)


class RunTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.pieces, self.merges = toy_vocabulary()
        self.encoder = vocabulary.tokenizer(self.pieces, self.merges)
        text = self.folder / "text.txt"
        text.write_text("\n\n".join(ENGLISH + GERMAN), encoding="utf-8")
        tokenise(self.encoder, text, self.folder / "text.npz")

    def run_of(self, seed: int, teacher: Path | None = None) -> Run:
        torch.manual_seed(seed)
        sampler = Sampler([Tokens.load(self.folder / "text.npz")], [1.0], self.encoder, length=16)
        chosen = argparse.Namespace(
            out=self.folder, seed=1, rows=4, passes=2, length=16, rate=3e-3, embedding_rate=3e-3, warmup=1,
            compile=False, teacher=teacher, teacher_share=1.0,
        )  # fmt: skip
        return Run(chosen, Llama(toy_shape(self.pieces)), sampler)

    def test_learns_saves_and_goes_on_exactly(self) -> None:
        run = self.run_of(seed=1)
        losses = [run.step(1.0) for _ in range(8)]
        self.assertLess(losses[-1], losses[0])
        run.save()
        expected = run.step(1.0)
        resumed = self.run_of(seed=2)
        resumed.restore(checkpoint.read(self.folder / checkpoint.NAME))
        self.assertEqual(resumed.step(1.0), expected)

    def test_a_copy_has_nothing_to_learn_from_its_teacher(self) -> None:
        self.run_of(seed=1).save()
        copy = self.run_of(seed=1, teacher=self.folder / checkpoint.NAME)
        self.assertAlmostEqual(copy.step(1.0), 0.0, places=4)
        stranger = self.run_of(seed=2, teacher=self.folder / checkpoint.NAME)
        self.assertGreater(stranger.step(1.0), 0.1)

    def test_export_is_a_readable_gguf(self) -> None:
        model = Llama(toy_shape(self.pieces))
        out = self.folder / "toy.gguf"
        export(model, self.pieces, self.merges, out, "toy", "q4_0", "q5_0")
        reader = gguf.GGUFReader(out)
        self.assertEqual(reader.fields["llama.block_count"].contents(), 2)
        self.assertEqual(reader.fields["tokenizer.ggml.tokens"].contents(), self.pieces)
        tensors = {tensor.name: tensor for tensor in reader.tensors}
        query = gguf.quants.dequantize(tensors["blk.0.attn_q.weight"].data, tensors["blk.0.attn_q.weight"].tensor_type)
        packed = to_interleaved(model.blk[0].attn_q.weight.detach(), 4).numpy()
        self.assertLess(float(np.abs(query - packed).max()), 0.1)
        self.assertTrue(all(tensor.data_offset % 64 == 0 for tensor in reader.tensors))

    def test_a_run_goes_on_from_a_packed_file(self) -> None:
        model = Llama(toy_shape(self.pieces))
        out = self.folder / "toy.gguf"
        export(model, self.pieces, self.merges, out, "toy", "q8_0", "q8_0")
        whole, second = from_layers(out, None).state_dict(), from_layers(out, "1").state_dict()
        for name, weight in model.state_dict().items():
            torch.testing.assert_close(whole[name], weight, atol=0.03, rtol=0)
        torch.testing.assert_close(second["blk.0.attn_k.weight"], whole["blk.1.attn_k.weight"])


if __name__ == "__main__":
    unittest.main()
