//! The tokenizer for models that an app brings, built from the GGUF on the `tokenizers` crate.

use super::vocabulary::{TokenKind, TokenizerKind, Vocabulary};
use crate::model::Model;
use crate::model::error::{Fault, ModelError};
use std::borrow::Cow;
use std::collections::HashMap;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{SplitDelimiterBehavior, Tokenizer};

/// Encodes text for any supported vocabulary: byte-level BPE (`gpt2`) and SentencePiece's BPE (`llama`).
#[derive(Debug)]
pub struct ChatTokenizer {
    model: Model,
    tokenizer: Tokenizer,
    /// Names that stand for one token, longest first.
    specials: Vec<(String, u32, TokenKind)>,
    /// The bytes that such names start with.
    special_starts: [bool; 256],
}

/// Whether names of control tokens in a text (`<|im_end|>`) stand for these tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecialTokens {
    /// They do: the text is a template of ours.
    Parse,
    /// They are text like any other: it comes from a user, who must not be able to end a turn.
    AsText,
}

/// How each pre-tokenizer of GGUF (`tokenizer.ggml.pre`) splits a text, by llama.cpp's `llama-vocab.cpp` and the
/// models' own `tokenizer.json`. To support another one, add it here.
const PRE_TOKENIZERS: [(&str, &[Splitter]); 5] = [
    ("smollm", &[Splitter::SingleDigits, Splitter::Expression(GPT2)]),
    ("gpt-2", &[Splitter::Expression(GPT2)]),
    ("llama-bpe", &[Splitter::Expression(LLAMA3)]),
    ("qwen2", &[Splitter::Expression(QWEN2)]),
    (
        "default",
        &[
            Splitter::Expression(r"[\p{P}\$\+<=>\^~\|]+"),
            Splitter::Expression(GPT2),
            Splitter::Expression(r"\p{N}+"),
            Splitter::Expression("[0-9][0-9][0-9]"),
        ],
    ),
];

const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

#[derive(Clone, Copy)]
enum Splitter {
    SingleDigits,
    Expression(&'static str),
}

impl ChatTokenizer {
    /// Builds the tokenizer of `model`. Takes some tens of milliseconds and, unlike
    /// [`BytePairEncoder`](super::BytePairEncoder), several times the vocabulary's size in memory.
    ///
    /// # Errors
    ///
    /// [`ModelError`] if the pre-tokenizer is not among the supported ones, or if merges do not fit the vocabulary.
    pub fn new(model: &Model) -> Result<Self, ModelError> {
        let vocabulary = model.vocabulary();
        let tokenizer = match vocabulary.tokenizer_kind() {
            TokenizerKind::BytePair => byte_pair(vocabulary),
            TokenizerKind::SentencePiece => sentence_piece(vocabulary),
            TokenizerKind::WordPiece => Err(Fault::unsupported(
                "tokenizer.ggml.model",
                "bert",
                "gpt2 and llama for chat: an encoder cannot answer",
            )),
        };
        let tokenizer = tokenizer.map_err(|fault| fault.in_file(vocabulary.file()))?;
        let mut specials: Vec<_> = vocabulary
            .special_tokens()
            .filter_map(|(id, name)| Some((name.to_owned(), id, vocabulary.kind(id)?)))
            .collect();
        specials.sort_by_key(|(name, id, _)| (std::cmp::Reverse(name.len()), *id));
        let mut special_starts = [false; 256];
        specials.iter().filter_map(|(name, ..)| name.bytes().next()).for_each(|byte| {
            special_starts[usize::from(byte)] = true;
        });
        Ok(Self { model: model.clone(), tokenizer, specials, special_starts })
    }

    /// Appends the tokens of `text` to `out`, without a token for the begin of a document.
    ///
    /// # Errors
    ///
    /// What the `tokenizers` crate reports; no text is known for which it does.
    pub fn encode(&self, text: &str, special: SpecialTokens, out: &mut Vec<u32>) -> Result<(), ModelError> {
        self.encode_with(text, special, |plain| plain, out)
    }

    /// As [`encode`](Self::encode), with `change` applied to the text between special tokens.
    pub(crate) fn encode_with<'t, T: Into<Cow<'t, str>>>(
        &self,
        text: &'t str,
        special: SpecialTokens,
        change: impl Fn(&'t str) -> T,
        out: &mut Vec<u32>,
    ) -> Result<(), ModelError> {
        let mut rest = text;
        while let Some((start, end, id)) = self.find_special(rest, special) {
            let (plain, _) = rest.split_at(start);
            self.encode_plain(&change(plain).into(), out)?;
            out.push(id);
            (_, rest) = rest.split_at(end);
        }
        self.encode_plain(&change(rest).into(), out)
    }

    /// The names of the control tokens, which [`SpecialTokens::Parse`] looks for.
    pub fn control_names(&self) -> impl Iterator<Item = &str> {
        self.specials
            .iter()
            .filter(|(_, _, kind)| *kind == TokenKind::Control)
            .map(|(name, ..)| name.as_str())
    }

    /// The first name of a special token in `text`, the longest where several start: start, end, token.
    fn find_special(&self, text: &str, special: SpecialTokens) -> Option<(usize, usize, u32)> {
        let wanted = |kind| special == SpecialTokens::Parse || kind == TokenKind::UserDefined;
        let starts = text.bytes().enumerate().filter(|(_, byte)| self.special_starts[usize::from(*byte)]);
        starts.map(|(start, _)| start).find_map(|start| {
            let rest = text.get(start..)?;
            let mut names = self.specials.iter().filter(|(.., kind)| wanted(*kind));
            let (name, id, _) = names.find(|(name, ..)| rest.starts_with(name.as_str()))?;
            Some((start, start + name.len(), *id))
        })
    }

    fn encode_plain(&self, text: &str, out: &mut Vec<u32>) -> Result<(), ModelError> {
        if text.is_empty() {
            return Ok(());
        }
        let vocabulary = self.model.vocabulary();
        let text = match vocabulary.tokenizer_kind() {
            TokenizerKind::BytePair | TokenizerKind::WordPiece => Cow::Borrowed(text),
            TokenizerKind::SentencePiece => Cow::Owned(escape_spaces(text, vocabulary.adds_space_prefix())),
        };
        let encoding = self
            .tokenizer
            .encode_fast(&*text, false)
            .map_err(|error| Fault::invalid("the tokenizer", error.to_string()).in_file(vocabulary.file()))?;
        out.extend_from_slice(encoding.get_ids());
        Ok(())
    }
}

/// SentencePiece writes spaces as `▁`, and one before the text.
fn escape_spaces(text: &str, prefix: bool) -> String {
    let prefix = if prefix { "▁" } else { "" };
    let mut escaped = String::with_capacity(text.len() + 3);
    escaped.push_str(prefix);
    text.chars().for_each(|character| escaped.push(if character == ' ' { '▁' } else { character }));
    escaped
}

fn byte_pair(vocabulary: &Vocabulary) -> Result<Tokenizer, Fault> {
    const KEY: &str = "tokenizer.ggml.pre";
    let name = vocabulary.pre_tokenizer();
    let Some((_, splitters)) = PRE_TOKENIZERS.iter().find(|(known, _)| *known == name) else {
        let supported = PRE_TOKENIZERS.map(|(known, _)| known).join(", ");
        return Err(Fault::unsupported(KEY, format!("{name:?}"), supported));
    };
    let tokens = token_ids(vocabulary);
    let mut merges = Vec::new();
    for (rank, merge) in vocabulary.merges().enumerate() {
        // The crate's builder panics on a merge whose whole is longer than every token, so this is checked here.
        match merge.split_once(' ') {
            Some((left, right))
                if [left, right, &format!("{left}{right}")]
                    .iter()
                    .all(|piece| tokens.contains_key(*piece)) =>
            {
                merges.push((left.to_owned(), right.to_owned()));
            }
            _ => {
                let problem = format!("is {merge:?}, but its halves or the whole are not in the vocabulary");
                return Err(Fault::invalid(format!("tokenizer.ggml.merges[{rank}]"), problem));
            }
        }
    }
    let model = BPE::builder().vocab_and_merges(tokens, merges).ignore_merges(name == "llama-bpe");
    let mut tokenizer = build(model)?;
    let mut steps = splitters.iter().map(|splitter| split(*splitter)).collect::<Result<Vec<_>, _>>()?;
    steps.push(ByteLevel::new(false, false, false).into());
    tokenizer.with_pre_tokenizer(Some(PreTokenizerWrapper::Sequence(Sequence::new(steps))));
    Ok(tokenizer)
}

fn split(splitter: Splitter) -> Result<PreTokenizerWrapper, Fault> {
    match splitter {
        Splitter::SingleDigits => Ok(Digits::new(true).into()),
        Splitter::Expression(expression) => {
            let pattern = SplitPattern::Regex(expression.to_owned());
            let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false);
            split.map(Into::into).map_err(|error| Fault::invalid("the pre-tokenizer", error.to_string()))
        }
    }
}

/// SentencePiece merges the pair whose whole has the highest score; the same as merges ranked by score
/// (`generate_merges` in Hugging Face `transformers`).
fn sentence_piece(vocabulary: &Vocabulary) -> Result<Tokenizer, Fault> {
    let tokens = token_ids(vocabulary);
    let mut merges = Vec::new();
    for ((id, piece), score) in (0..).zip(vocabulary.tokens()).zip(vocabulary.scores()) {
        if !matches!(vocabulary.kind(id), Some(TokenKind::Normal)) {
            continue;
        }
        let splits = piece.char_indices().skip(1).map(|(at, _)| piece.split_at(at));
        let known =
            splits.filter_map(|(left, right)| Some((left, right, *tokens.get(left)?, *tokens.get(right)?)));
        merges.extend(
            known.map(|(left, right, left_id, right_id)| (score, id, left_id, right_id, left, right)),
        );
    }
    merges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    let merges = merges.into_iter().map(|(.., left, right)| (left.to_owned(), right.to_owned())).collect();
    let mut model = BPE::builder().vocab_and_merges(tokens, merges).byte_fallback(true).fuse_unk(true);
    if let Some(unknown) = vocabulary.unknown().and_then(|id| vocabulary.tokens().nth(id as usize)) {
        model = model.unk_token(unknown.to_owned());
    }
    build(model)
}

fn build(model: tokenizers::models::bpe::BpeBuilder) -> Result<Tokenizer, Fault> {
    // Without its cache, which is kept per thread for as long as the thread lives.
    let model = model.cache_capacity(0).build();
    model.map(Tokenizer::new).map_err(|error| Fault::invalid("the tokenizer", error.to_string()))
}

/// The tokens as the file spells them, by which `tokenizers` knows them. Control tokens are not among them: text that
/// happens to spell one must not become one.
fn token_ids(vocabulary: &Vocabulary) -> Vocab {
    let unknown = vocabulary.unknown();
    let text =
        (0..).zip(vocabulary.tokens()).filter(|(id, _)| !vocabulary.is_control(*id) || Some(*id) == unknown);
    let mut ids: HashMap<&str, u32> = HashMap::with_capacity(vocabulary.len());
    text.for_each(|(id, token)| {
        ids.entry(token).or_insert(id);
    });
    ids.into_iter().map(|(token, id)| (token.to_owned(), id)).collect()
}
