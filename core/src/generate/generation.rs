//! Text in the making: one token after the other, given out in whole characters.

use super::GenerateError;
use super::options::GenerateOptions;
use super::sampler::Sampler;
use super::session::Session;
use super::stop::StopStrings;
use crate::cancel::CancelToken;
use crate::model::tokenizer::TextDecoder;

/// Text being generated. Pull it with [`Generation::next_piece`].
#[derive(Debug)]
pub struct Generation<'s> {
    session: &'s mut Session,
    /// The prompt and what was generated so far.
    tokens: Vec<u32>,
    /// Where to stop for want of [`GenerateOptions::max_tokens`].
    max_len: usize,
    sampler: Sampler,
    decoder: TextDecoder,
    stop: StopStrings,
    /// Whether the text is the answer of the session's conversation.
    is_answer: bool,
    finish_reason: Option<FinishReason>,
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishReason {
    /// The model ended its turn.
    EndOfTurn,
    /// A stop string was reached.
    StopString,
    /// `max_tokens` were generated.
    MaxTokens,
    /// The context is full.
    ContextFull,
}

impl<'s> Generation<'s> {
    pub(super) fn new(
        session: &'s mut Session,
        tokens: Vec<u32>,
        mut options: GenerateOptions,
        is_answer: bool,
    ) -> Self {
        Self {
            session,
            max_len: tokens.len().saturating_add(options.max_tokens),
            tokens,
            stop: StopStrings::new(std::mem::take(&mut options.stop)),
            sampler: Sampler::new(options),
            decoder: TextDecoder::new(),
            is_answer,
            finish_reason: None,
        }
    }

    /// The next piece of text, or `None` at the end. A piece is valid UTF-8: characters are never split.
    ///
    /// The first call runs the prompt and takes the longest.
    ///
    /// # Errors
    ///
    /// After [`GenerateError::Cancelled`] nothing is lost: the next call goes on where this one stopped.
    pub fn next_piece(&mut self, cancel: &CancelToken) -> Result<Option<String>, GenerateError> {
        let mut piece = String::new();
        while piece.is_empty() && self.finish_reason.is_none() {
            self.step(&mut piece, cancel)?;
        }
        if piece.is_empty() {
            return Ok(None);
        }
        if self.is_answer {
            self.session.append_to_answer(&piece);
        }
        Ok(Some(piece))
    }

    /// Why it ended; `None` while it runs.
    pub fn finish_reason(&self) -> Option<FinishReason> {
        self.finish_reason
    }

    #[cfg(test)]
    pub(super) fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Generates one token, or finds that there is none to generate; appends to `piece` the text that is certain now.
    fn step(&mut self, piece: &mut String, cancel: &CancelToken) -> Result<(), GenerateError> {
        if self.tokens.len() >= self.max_len {
            self.finish(FinishReason::MaxTokens, piece);
            return Ok(());
        }
        if self.tokens.len() >= self.session.limit() {
            self.finish(FinishReason::ContextFull, piece);
            return Ok(());
        }
        let logits = self.session.run(&self.tokens, cancel)?;
        let token = self.sampler.sample(logits, &self.tokens).ok_or(GenerateError::NotANumber)?;
        let vocabulary = self.session.vocabulary();
        if vocabulary.end_of_generation().contains(&token) {
            self.finish(FinishReason::EndOfTurn, piece);
            return Ok(());
        }
        self.tokens.push(token);
        let mut text = String::new();
        self.decoder.push(vocabulary.piece(token), &mut text);
        if self.stop.push(&text, piece) {
            self.finish_reason = Some(FinishReason::StopString);
        }
        Ok(())
    }

    /// Ends the text, giving out what was held back.
    fn finish(&mut self, reason: FinishReason, piece: &mut String) {
        let mut rest = String::new();
        self.decoder.finish(&mut rest);
        let stopped = self.stop.push(&rest, piece);
        self.stop.finish(piece);
        self.finish_reason = Some(if stopped { FinishReason::StopString } else { reason });
    }
}
