//! The keyboard without a terminal: what is typed, what is suggested, what was sent.

use super::calls::Commands;
use crate::commands::predict::split;
use anyhow::Result;
use spatz::CancelToken;
use spatz::predict::{CandidateKind, Phrase, TextInput, TextPredictor};
use std::time::{Duration, Instant};

/// Begins a voice command.
pub(super) const SAY: &str = "/say ";
/// Places of the strip.
pub(super) const PLACES: usize = 3;

/// What suggests words. The predictor in earnest, a list in tests.
pub(super) trait Suggest {
    fn suggest(&self, context: &str, composing: &str) -> Result<Strip>;
    /// How the text probably goes on.
    fn phrase(&self, context: &str, composing: &str) -> Result<Option<Phrase>>;
    /// The correction of `typed` was taken back.
    fn reject(&self, typed: &str);
}

/// What the keyboard offers.
#[derive(Debug, Default)]
pub(super) struct Strip {
    words: Vec<String>,
    /// An emoji for the word typed, or the last one.
    emoji: Option<String>,
    /// What takes the place of the letters typed if the word ends here.
    autocorrection: Option<String>,
}

impl Suggest for TextPredictor {
    fn suggest(&self, context: &str, composing: &str) -> Result<Strip> {
        let input = TextInput { context, composing, limit: PLACES, ..TextInput::default() };
        let suggestions = TextPredictor::suggest(self, &input, &CancelToken::new())?;
        let mut words: Vec<String> = Vec::new();
        let mut emoji = None;
        for candidate in suggestions.candidates {
            match candidate.kind {
                CandidateKind::Emoji => emoji = emoji.or(Some(candidate.text)),
                _ => words.push(candidate.text),
            }
        }
        let autocorrection = suggestions.autocorrection.map(|correction| correction.text);
        Ok(Strip { words, emoji, autocorrection })
    }

    fn phrase(&self, context: &str, composing: &str) -> Result<Option<Phrase>> {
        let input = TextInput { context, composing, ..TextInput::default() };
        Ok(TextPredictor::phrase(self, &input, &CancelToken::new())?)
    }

    fn reject(&self, typed: &str) {
        Self::reject(self, typed, 0);
    }
}

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Letter(char),
    /// Takes the suggestion at this place; the emoji stands behind the words.
    Take(usize),
    /// Takes the phrase behind the cursor, or the first suggestion if there is none.
    Phrase,
    Backspace,
    Enter,
}

/// What was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) text: String,
    /// Keys that it took.
    pub(super) keys: usize,
    /// For a voice command, what the app would do.
    pub(super) call: Option<String>,
}

pub(super) struct Typing<'a> {
    suggest: &'a dyn Suggest,
    commands: Commands,
    text: String,
    strip: Strip,
    phrase: Option<Phrase>,
    /// What was corrected by the last key: the letters typed, and what stands there now with the key's letter.
    corrected: Option<(String, String)>,
    sent: Vec<Sent>,
    keys: usize,
    /// Whether the space at the end came with a suggestion and gives way to punctuation.
    loose_space: bool,
    latency: Duration,
}

impl<'a> Typing<'a> {
    pub(super) fn new(suggest: &'a dyn Suggest, commands: Commands) -> Self {
        Self {
            suggest,
            commands,
            text: String::new(),
            strip: Strip::default(),
            phrase: None,
            corrected: None,
            sent: Vec::new(),
            keys: 0,
            loose_space: false,
            latency: Duration::ZERO,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn strip(&self) -> &[String] {
        &self.strip.words
    }

    /// The emoji behind them.
    pub(super) fn emoji(&self) -> Option<&str> {
        self.strip.emoji.as_deref()
    }

    /// What probably comes after the cursor: nothing while a correction of the letters waits.
    pub(super) fn phrase(&self) -> &str {
        self.offered().map_or("", |phrase| &phrase.rest)
    }

    fn offered(&self) -> Option<&Phrase> {
        let is_text = !self.text.starts_with('/') && self.autocorrection().is_none();
        self.phrase.as_ref().filter(|phrase| is_text && !phrase.rest.is_empty())
    }

    /// What takes the place of the letters typed if the word ends here.
    pub(super) fn autocorrection(&self) -> Option<&str> {
        self.strip.autocorrection.as_deref().filter(|_| !self.text.starts_with('/'))
    }

    pub(super) fn sent(&self) -> &[Sent] {
        &self.sent
    }

    /// Keys since the message began.
    pub(super) fn keys(&self) -> usize {
        self.keys
    }

    /// How long the strip took.
    pub(super) fn latency(&self) -> Duration {
        self.latency
    }

    /// Whether a word is being typed, so that the strip completes it.
    pub(super) fn in_word(&self) -> bool {
        !split(&self.text).1.is_empty()
    }

    pub(super) fn press(&mut self, key: Key) -> Result<()> {
        match key {
            Key::Letter(letter) => self.letter(letter),
            Key::Take(place) => {
                let Some(word) =
                    self.strip.words.get(place).or(self.strip.emoji.as_ref().filter(|_| place == PLACES))
                else {
                    return Ok(());
                };
                self.put(&word.clone());
            }
            Key::Phrase => match self.offered().map(|phrase| phrase.text.clone()) {
                Some(phrase) => self.put(&phrase),
                None => return self.press(Key::Take(0)),
            },
            Key::Backspace => {
                self.loose_space = false;
                self.take_back();
            }
            Key::Enter => {
                self.send()?;
                return self.refresh();
            }
        }
        self.keys += 1;
        self.refresh()
    }

    /// Asks for the strip of the text as it stands.
    pub(super) fn refresh(&mut self) -> Result<()> {
        let typed = self.text.strip_prefix(SAY).unwrap_or(&self.text);
        let (context, composing) = split(typed);
        let start = Instant::now();
        self.strip = self.suggest.suggest(context, composing)?;
        self.latency = start.elapsed();
        self.phrase = self.suggest.phrase(context, composing)?;
        Ok(())
    }

    fn letter(&mut self, letter: char) {
        self.corrected = None;
        let ends_word = letter == ' ' || matches!(letter, '.' | ',' | '!' | '?' | ':' | ';' | ')');
        if let Some(correction) = self.autocorrection().filter(|_| ends_word) {
            let correction = format!("{correction}{letter}");
            let typed = self.text.split_off(self.text.len() - split(&self.text).1.len());
            self.text.push_str(&correction);
            self.corrected = Some((typed, correction));
            self.loose_space = false;
            return;
        }
        if self.loose_space && matches!(letter, '.' | ',' | '!' | '?' | ':' | ';' | ')') {
            self.text.pop();
        }
        self.loose_space = false;
        self.text.push(letter);
    }

    /// Takes the last letter back, or the correction that it brought about.
    fn take_back(&mut self) {
        match self.corrected.take() {
            Some((typed, correction)) if self.text.ends_with(&correction) => {
                self.text.truncate(self.text.len() - correction.len());
                self.text.push_str(&typed);
                self.suggest.reject(&typed);
            }
            _ => {
                self.text.pop();
            }
        }
    }

    /// Puts `words` in the place of the letters typed.
    fn put(&mut self, words: &str) {
        self.corrected = None;
        let composing = split(&self.text).1.len();
        self.text.truncate(self.text.len() - composing);
        self.text.push_str(words);
        self.text.push(' ');
        self.loose_space = true;
    }

    fn send(&mut self) -> Result<()> {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let keys = std::mem::take(&mut self.keys);
        self.loose_space = false;
        self.corrected = None;
        if text.is_empty() {
            return Ok(());
        }
        let said = text.strip_prefix(SAY.trim_end()).filter(|said| said.starts_with(' '));
        let call = said.map(|said| self.commands.answer(said.trim())).transpose()?;
        self.sent.push(Sent { text: said.map_or(text.clone(), |said| said.trim().to_owned()), keys, call });
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Completes and predicts from a few words.
    pub(in super::super) struct Words;

    impl Suggest for Words {
        fn suggest(&self, _context: &str, composing: &str) -> Result<Strip> {
            let words = ["morgen", "mit", "heute"].into_iter().filter(|word| word.starts_with(composing));
            let autocorrection = (composing == "mti").then(|| "mit".to_owned());
            let emoji = (composing == "mit").then(|| "🤝".to_owned());
            Ok(Strip { words: words.map(str::to_owned).collect(), emoji, autocorrection })
        }

        fn phrase(&self, _context: &str, composing: &str) -> Result<Option<Phrase>> {
            let rest = "mit dir".strip_prefix(composing).filter(|_| !composing.is_empty());
            Ok(rest.map(|rest| Phrase { text: "mit dir".into(), rest: rest.into(), scores: vec![0.0, 0.0] }))
        }

        fn reject(&self, _typed: &str) {}
    }

    fn typed(keys: &[Key], check: impl FnOnce(&Typing<'_>)) {
        let commands = Commands::samples(None);
        let mut typing = Typing::new(&Words, commands);
        typing.refresh().unwrap();
        for key in keys {
            typing.press(*key).unwrap();
        }
        check(&typing);
    }

    #[test]
    fn a_suggestion_replaces_the_letters() {
        typed(&[Key::Letter('m'), Key::Letter('i'), Key::Take(0)], |typing| {
            assert_eq!((typing.text(), typing.keys()), ("mit ", 3));
        });
    }

    #[test]
    fn a_phrase_is_shown_and_taken() {
        typed(&[Key::Letter('m')], |typing| assert_eq!(typing.phrase(), "it dir"));
        typed(&[Key::Letter('m'), Key::Phrase, Key::Letter('.')], |typing| {
            assert_eq!(typing.text(), "mit dir.")
        });
        typed(&[Key::Letter('h'), Key::Phrase], |typing| assert_eq!(typing.text(), "heute "));
        typed(&[Key::Letter('/')], |typing| assert_eq!(typing.phrase(), ""));
    }

    #[test]
    fn an_emoji_stands_behind_the_words() {
        let mit = ['m', 'i', 't'].map(Key::Letter);
        typed(&mit, |typing| assert_eq!(typing.emoji(), Some("🤝")));
        typed(&[&mit[..], &[Key::Take(PLACES)]].concat(), |typing| assert_eq!(typing.text(), "🤝 "));
        typed(&[Key::Take(PLACES)], |typing| assert_eq!(typing.text(), ""));
    }

    #[test]
    fn an_error_is_corrected_and_taken_back() {
        let keys = |text: &str| -> Vec<Key> { text.chars().map(Key::Letter).collect() };
        typed(&keys("mti"), |typing| assert_eq!(typing.autocorrection(), Some("mit")));
        typed(&keys("mti "), |typing| assert_eq!(typing.text(), "mit "));
        typed(&keys("so mti, "), |typing| assert_eq!(typing.text(), "so mit, "));
        let back = |text: &str| [keys(text), vec![Key::Backspace]].concat();
        typed(&back("mti "), |typing| assert_eq!(typing.text(), "mti"));
        typed(&back("mti da"), |typing| assert_eq!(typing.text(), "mit d"));
        typed(&keys("/mti "), |typing| assert_eq!(typing.text(), "/mti "));
    }

    #[test]
    fn an_empty_place_does_nothing() {
        typed(&[Key::Letter('h'), Key::Take(2)], |typing| {
            assert_eq!((typing.text(), typing.keys()), ("h", 1))
        });
    }

    #[test]
    fn the_space_of_a_suggestion_gives_way() {
        typed(&[Key::Take(0), Key::Letter('!')], |typing| assert_eq!(typing.text(), "morgen!"));
        typed(&[Key::Take(0), Key::Letter('x')], |typing| assert_eq!(typing.text(), "morgen x"));
        typed(&[Key::Letter('a'), Key::Letter(' '), Key::Letter('!')], |typing| {
            assert_eq!(typing.text(), "a !")
        });
    }

    #[test]
    fn enter_sends_and_clears() {
        typed(&[Key::Take(0), Key::Enter, Key::Enter], |typing| {
            assert_eq!(typing.text(), "");
            assert_eq!(typing.sent(), [Sent { text: "morgen".into(), keys: 1, call: None }]);
        });
    }

    #[test]
    fn a_voice_command_is_parsed() {
        let keys: Vec<Key> = "/say lorem ipsum".chars().map(Key::Letter).chain([Key::Enter]).collect();
        typed(&keys, |typing| {
            assert_eq!(typing.sent()[0].text, "lorem ipsum");
            assert_eq!(typing.sent()[0].call.as_deref(), Some("no command for this"));
        });
    }
}
