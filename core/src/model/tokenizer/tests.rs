//! The encoders against each other, against Hugging Face's tokens, and there and back.

use super::*;
use crate::model::testing::{TinyModel, smollm2};
use crate::model::{Model, ModelError};
use candle_core::quantized::gguf_file::Value;
use proptest::prelude::*;

fn encode(model: &Model, text: &str) -> Vec<u32> {
    let mut tokens = Vec::new();
    BytePairEncoder::new(model.vocabulary()).unwrap().encode(text, &mut tokens);
    tokens
}

const EDGES: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "'s",
    "'ll",
    "7",
    "٣",
    "½",
    "e\u{301}",
    "ä",
    "👩🏽‍🚀",
    "🇩🇪",
    "\u{0}",
    "\u{a0}",
    "the",
];

/// Text as people and programs write it: any characters, runs of few, and what the expressions look for.
fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(EDGES).prop_map(str::to_owned),
        "[a-z ]{0,8}",
        "\\PC{0,4}",
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

#[cfg(feature = "chat")]
mod chat {
    use super::*;

    fn chat_encode(tokenizer: &ChatTokenizer, text: &str, special: SpecialTokens) -> Vec<u32> {
        let mut tokens = Vec::new();
        tokenizer.encode(text, special, &mut tokens).unwrap();
        tokens
    }

    /// `tests/conformance/tokenizer.py` makes the file.
    #[test]
    fn smollm2_gives_hugging_faces_tokens() {
        let Some(path) = smollm2() else { return };
        let model = Model::open(path).unwrap();
        let encoder = BytePairEncoder::new(model.vocabulary()).unwrap();
        let chat = ChatTokenizer::new(&model).unwrap();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance/tokenizer-smollm2.json");
        let cases: Vec<(String, Vec<u32>)> =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert!(cases.len() > 100);
        for (text, expected) in cases {
            let mut tokens = Vec::new();
            encoder.encode(&text, &mut tokens);
            assert_eq!(tokens, expected, "{text:?}");
            assert_eq!(chat_encode(&chat, &text, SpecialTokens::AsText), expected, "{text:?}");
        }
    }

    #[test]
    fn special_tokens_are_parsed_only_when_asked() {
        let Some(path) = smollm2() else { return };
        let model = Model::open(path).unwrap();
        let chat = ChatTokenizer::new(&model).unwrap();
        let text = "<|im_start|>user\nHi<|im_end|>\n";
        let parsed = chat_encode(&chat, text, SpecialTokens::Parse);
        assert_eq!(parsed.iter().filter(|token| model.vocabulary().is_control(**token)).count(), 2);
        assert_eq!((parsed[0], model.vocabulary().decode(&parsed)), (1, "user\nHi\n".to_owned()));
        let plain = chat_encode(&chat, text, SpecialTokens::AsText);
        assert!(plain.iter().all(|token| !model.vocabulary().is_control(*token)));
        assert_eq!(model.vocabulary().decode(&plain), text);
        assert_eq!(model.vocabulary().end_of_generation(), [0, 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn both_encoders_give_the_same_tokens(text in texts()) {
            thread_local! {
                static ENCODERS: Option<(BytePairEncoder, ChatTokenizer)> = smollm2().map(|path| {
                    let model = Model::open(path).unwrap();
                    (BytePairEncoder::new(model.vocabulary()).unwrap(), ChatTokenizer::new(&model).unwrap())
                });
            }
            ENCODERS.with(|encoders| {
                let Some((own, chat)) = encoders else { return };
                let mut tokens = Vec::new();
                own.encode(&text, &mut tokens);
                assert_eq!(tokens, chat_encode(chat, &text, SpecialTokens::AsText), "{text:?}");
            });
        }

        #[test]
        fn every_pre_tokenizer_gives_any_text_back(text in texts(), pre in 0..5usize) {
            thread_local! {
                static MODELS: Vec<(Model, ChatTokenizer)> = ["smollm", "gpt-2", "llama-bpe", "qwen2", "default"].map(|pre| {
                    let file = TinyModel::llama().set("tokenizer.ggml.pre", Value::String(pre.into())).file();
                    let model = Model::open(file).unwrap();
                    let tokenizer = ChatTokenizer::new(&model).unwrap();
                    (model, tokenizer)
                }).into();
            }
            MODELS.with(|models| {
                let (model, tokenizer) = &models[pre];
                for special in [SpecialTokens::AsText, SpecialTokens::Parse] {
                    let tokens = chat_encode(tokenizer, &text, special);
                    assert_eq!(model.vocabulary().decode(&tokens), text);
                }
            });
        }

        #[test]
        fn sentence_piece_gives_any_text_back(text in texts()) {
            thread_local! {
                static MODEL: (Model, ChatTokenizer) = {
                    let model = Model::open(sentence_piece().file()).unwrap();
                    let tokenizer = ChatTokenizer::new(&model).unwrap();
                    (model, tokenizer)
                };
            }
            MODEL.with(|(model, tokenizer)| {
                let tokens = chat_encode(tokenizer, &text, SpecialTokens::AsText);
                // `▁` is how the algorithm writes a space, so it cannot come back.
                assert_eq!(model.vocabulary().decode(&tokens), text.replace('▁', " "));
            });
        }
    }

    /// 264 tokens as SentencePiece makes them: specials, bytes, a few pieces with scores.
    fn sentence_piece() -> TinyModel {
        const PIECES: [(&str, f32); 5] = [("▁", -4.0), ("a", -5.0), ("b", -6.0), ("ab", -1.0), ("▁a", -2.0)];
        let names = ["<unk>", "<s>", "</s>"].map(str::to_owned).into_iter();
        let bytes = (0..=255).map(|byte| format!("<0x{byte:02X}>"));
        let pieces = PIECES.iter().map(|(piece, _)| (*piece).to_owned());
        let scores = [0.0; 259].into_iter().chain(PIECES.map(|(_, score)| score));
        let kinds = [2, 3, 3].into_iter().chain([6; 256]).chain([1; 5]);
        TinyModel::llama()
            .set("tokenizer.ggml.model", Value::String("llama".into()))
            .set("tokenizer.ggml.pre", None)
            .set("tokenizer.ggml.merges", None)
            .set(
                "tokenizer.ggml.tokens",
                Value::Array(names.chain(bytes).chain(pieces).map(Value::String).collect()),
            )
            .set("tokenizer.ggml.scores", Value::Array(scores.map(Value::F32).collect()))
            .set("tokenizer.ggml.token_type", Value::Array(kinds.map(Value::I32).collect()))
            .set("tokenizer.ggml.unknown_token_id", Value::U32(0))
            .set("tokenizer.ggml.bos_token_id", Value::U32(1))
            .set("tokenizer.ggml.eos_token_id", Value::U32(2))
    }

    #[test]
    fn sentence_piece_merges_by_score_and_falls_back_to_bytes() {
        let model = Model::open(sentence_piece().file()).unwrap();
        let tokenizer = ChatTokenizer::new(&model).unwrap();
        let pieces = |text| {
            let tokens = chat_encode(&tokenizer, text, SpecialTokens::Parse).into_iter();
            tokens
                .map(|token| model.vocabulary().name(token).unwrap_or("byte").to_owned())
                .collect::<Vec<_>>()
        };
        // `ab` has a higher score than `▁a`, so it goes first.
        assert_eq!(pieces("ab"), [" ", "ab"]);
        assert_eq!(pieces("a b"), [" a", " ", "b"]);
        assert_eq!(pieces("b\n"), [" ", "b", "\n"]);
        assert_eq!(pieces("ä"), [" ", "byte", "byte"]);
        assert_eq!(pieces("</s>a"), ["</s>", " a"]);
        assert_eq!(
            model.vocabulary().decode(&chat_encode(&tokenizer, "  ä b", SpecialTokens::AsText)),
            "  ä b"
        );
        assert!(model.vocabulary().adds_bos() && model.vocabulary().adds_space_prefix());
        assert!(matches!(BytePairEncoder::new(model.vocabulary()), Err(ModelError::Unsupported { .. })));
    }

    #[test]
    fn merges_that_do_not_fit_the_vocabulary_are_errors() {
        for merge in ["no space?", "z q", "Ġ Ġ Ġ", "long- er", "", "ń a"] {
            let merges = Value::Array(vec![Value::String(merge.into())]);
            let model = Model::open(TinyModel::llama().set("tokenizer.ggml.merges", merges).file()).unwrap();
            let own = BytePairEncoder::new(model.vocabulary()).unwrap_err().to_string();
            let chat = ChatTokenizer::new(&model).unwrap_err().to_string();
            assert!(
                [&own, &chat].iter().all(|error| error.contains("tokenizer.ggml.merges[0]")),
                "{own} {chat}"
            );
        }
    }
}

#[test]
fn tiny_merges_by_rank() {
    let model = Model::open(TinyModel::llama().file()).unwrap();
    let pieces = |text| {
        let tokens = encode(&model, text).into_iter();
        tokens
            .map(|token| String::from_utf8_lossy(model.vocabulary().piece(token)).into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(pieces("in the hall"), ["in", " the", " ", "h", "a", "ll"]);
    assert_eq!(pieces("ä"), ["ä"]);
    assert_eq!(pieces("llll lll"), ["ll", "ll", " ", "ll", "l"]);
    assert_eq!(pieces(""), [""; 0]);
}

#[test]
fn other_pre_tokenizers_are_refused_by_name() {
    let file = TinyModel::llama().set("tokenizer.ggml.pre", Value::String("tekken".into())).file();
    let model = Model::open(&file).unwrap();
    let error = BytePairEncoder::new(model.vocabulary()).unwrap_err().to_string();
    assert!(error.contains("\"tekken\"") && error.contains("smollm"), "{error}");
}

#[test]
fn a_page_without_a_space_takes_no_quadratic_time() {
    let model = Model::open(TinyModel::llama().file()).unwrap();
    let page = "l".repeat(1_000_000);
    assert_eq!(encode(&model, &page).len(), 500_000);
}

proptest! {
    #[test]
    fn any_text_comes_back(text in texts()) {
        thread_local! {
            static MODEL: (Model, BytePairEncoder) = {
                let model = Model::open(TinyModel::llama().file()).unwrap();
                let encoder = BytePairEncoder::new(model.vocabulary()).unwrap();
                (model, encoder)
            };
        }
        MODEL.with(|(model, encoder)| {
            let mut tokens = Vec::new();
            encoder.encode(&text, &mut tokens);
            assert_eq!(model.vocabulary().decode(&tokens), text);
        });
    }
}

mod word_piece {
    use super::*;
    use crate::model::{Model, WordPieceEncoder};

    fn encoder() -> WordPieceEncoder {
        WordPieceEncoder::new(&Model::open(TinyModel::bert().file()).unwrap()).unwrap()
    }

    /// Tokens by name; those around the text apart.
    fn check(text: &str, expected: &[&str]) {
        let model = Model::open(TinyModel::bert().file()).unwrap();
        let pieces = encoder().encode(text, 40);
        let names: Vec<&str> =
            pieces.iter().map(|piece| model.vocabulary().name(piece.id).unwrap()).collect();
        assert_eq!((names.first(), names.last()), (Some(&"[CLS]"), Some(&"[SEP]")), "{text:?}");
        assert_eq!(names[1..names.len() - 1], *expected, "{text:?}");
        let count = text.chars().count();
        assert!(pieces.iter().all(|piece| piece.start <= piece.end && piece.end <= count), "{pieces:?}");
    }

    #[test]
    fn the_longest_piece_goes_first() {
        check("The lights", &[" the", " light", "s"]);
        check("theme", &[" the", "m", "e"]);
        check("é!", &[" e", "[UNK]"]);
        check("[CLS] 1", &["[UNK]", " c", "l", "s", "[UNK]", "[UNK]"]);
        check("", &[]);
        check(&"a".repeat(101), &["[UNK]"]);
    }

    #[test]
    fn pieces_know_where_they_come_from() {
        let spans: Vec<_> =
            encoder().encode("é, Lights", 40).iter().map(|piece| (piece.start, piece.end)).collect();
        assert_eq!(spans, [(0, 0), (0, 1), (1, 2), (3, 8), (8, 9), (9, 9)]);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(encoder().encode(&"the ".repeat(100_000), 40).len(), 40);
        assert_eq!(encoder().encode("the lights", 0).len(), 2);
    }

    #[test]
    fn other_vocabularies_are_refused() {
        let llama = Model::open(TinyModel::llama().file()).unwrap();
        let error = WordPieceEncoder::new(&llama).unwrap_err().to_string();
        assert!(error.contains("tokenizer.ggml.model"), "{error}");
    }
}
