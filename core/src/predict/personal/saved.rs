//! What was learned, as bytes for the store: all of it as a snapshot, one change as a record.
//!
//! Numbers are LEB128, text is UTF-8 with its length before it. Words are numbered in the order of their letters, 9
//! being the first; 0 stands for no word, 1 to 8 for the marks. Nothing is in the order in which it was typed.
//!
//! ```text
//! snapshot   number of words, each: text · flags (1: case is sure, 2: kept) · if kept: seconds, frequency (a byte)
//!            number of fingerprints, each 8 bytes, little-endian
//!            messages since the units were scaled down
//!            number of layers, each: seconds of the first message · seconds until the last ·
//!                number of words sent, each: word · messages ·
//!                number of grams, each: two before, word · weight (a byte)
//! record 1   seconds · number of words, each: text · flags · number of grams, each: two before, word · times
//! record 2   seconds · frequency (a byte) · text: a word kept
//! ```
//!
//! A weight is 4·log2 of the count in the units of its message, plus 136: a dozen messages have the same.

use super::bytes::{Reader, Writer};
use super::counts::{Counts, Gram, Layer, NONE};
use super::message::{Message, Spelling, is_word};
use super::{Kept, Personal, Word};
use crate::predict::lexicon::fold::lower;
use crate::predict::ngram::text::MARKS;
use crate::store::Kind;

/// How the store tells it apart.
pub(in crate::predict) const KIND: Kind = Kind { name: "personal", number: 1, version: 1 };

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::predict) enum Record {
    /// A message was learned from.
    Message { at: u64, message: Message },
    /// A word was kept.
    Kept { at: u64, frequency: u8, form: String },
}

const MESSAGE: u8 = 1;
const KEPT: u8 = 2;
const IS_SURE: u8 = 1;
const IS_KEPT: u8 = 2;
/// What a weight of 1 is as a byte, and how much twice of it is more.
const ONE: f32 = 136.0;
const TWICE: f32 = 4.0;

impl Record {
    pub(in crate::predict) fn bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        match self {
            Self::Message { at, message } => {
                out.byte(MESSAGE);
                out.number(*at);
                out.count(message.words.len());
                for word in &message.words {
                    out.text(&word.form);
                    out.byte(if word.is_sure { IS_SURE } else { 0 });
                }
                out.count(message.grams.len());
                for (gram, times) in &message.grams {
                    write_gram(&mut out, *gram);
                    out.number(*times);
                }
            }
            Self::Kept { at, frequency, form } => {
                out.byte(KEPT);
                out.number(*at);
                out.byte(*frequency);
                out.text(form);
            }
        }
        out.0
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let record = match bytes.byte()? {
            MESSAGE => {
                let at = bytes.number()?;
                let words = (0..bytes.count(3)?).map(|_| {
                    let form = word(&mut bytes)?;
                    Some(Spelling { form, is_sure: bytes.byte()? & IS_SURE != 0 })
                });
                let words: Vec<Spelling> = words.collect::<Option<_>>()?;
                let most = MARKS + words.len() as u32;
                let grams =
                    (0..bytes.count(4)?).map(|_| Some((read_gram(&mut bytes, most)?, bytes.small()?)));
                let grams = grams.collect::<Option<_>>()?;
                Self::Message { at, message: Message { words, grams } }
            }
            KEPT => Self::Kept { at: bytes.number()?, frequency: bytes.byte()?, form: word(&mut bytes)? },
            _ => return None,
        };
        bytes.end()?;
        Some(record)
    }
}

impl Personal {
    /// All of it.
    pub(in crate::predict) fn snapshot(&self) -> Vec<u8> {
        let mut out = Writer::default();
        let mut numbers = vec![NONE; self.words.len()];
        out.count(self.ids.len());
        for (id, number) in self.ids.values().zip(MARKS..) {
            numbers[(id - MARKS) as usize] = number;
            let Word { form, is_sure, kept } = self.of(*id);
            out.text(form);
            out.byte(if *is_sure { IS_SURE } else { 0 } | if kept.is_some() { IS_KEPT } else { 0 });
            if let Some(Kept { at, frequency }) = kept {
                out.number(*at);
                out.byte(*frequency);
            }
        }
        let number = |id: u32| match id {
            NONE => NONE,
            id => id.checked_sub(MARKS).map_or(id, |place| numbers[place as usize]),
        };
        out.count(self.forgotten.len());
        self.forgotten.iter().for_each(|fingerprint| out.0.extend(fingerprint.to_le_bytes()));
        out.number(self.counts.messages);
        out.count(self.counts.layers.len());
        for layer in &self.counts.layers {
            out.number(layer.from);
            out.number(layer.to.saturating_sub(layer.from));
            let mut saved = Layer {
                counts: layer.counts.iter().map(|(gram, weight)| (gram.map(number), *weight)).collect(),
                sent: layer.sent.iter().map(|(id, sent)| (number(*id), *sent)).collect(),
                ..Layer::default()
            };
            saved.sort();
            out.count(saved.sent.len());
            for (word, sent) in saved.sent {
                out.number(word + 1);
                out.number(sent);
            }
            out.count(saved.counts.len());
            for (gram, weight) in saved.counts {
                write_gram(&mut out, gram);
                out.byte(code(weight));
            }
        }
        out.0
    }

    /// What a snapshot and the records after it say. `None` if they make no sense.
    pub(in crate::predict) fn read(snapshot: &[u8], records: &[Vec<u8>]) -> Option<Self> {
        let mut personal = if snapshot.is_empty() { Self::default() } else { Self::read_snapshot(snapshot)? };
        for record in records {
            personal.redo(&Record::read(record)?);
        }
        Some(personal)
    }

    fn read_snapshot(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let mut personal = Self::default();
        for id in (MARKS..).take(bytes.count(3)?) {
            let form = bytes.text()?.to_owned();
            let letters = lower(&form);
            let flags = bytes.byte()?;
            let kept = match flags & IS_KEPT {
                0 => None,
                _ => Some(Kept { at: bytes.number()?, frequency: bytes.byte()? }),
            };
            if !is_word(&letters) || personal.ids.insert(letters, id).is_some() {
                return None;
            }
            personal.words.push(Word { form, is_sure: flags & IS_SURE != 0, kept });
        }
        let most = MARKS + personal.words.len() as u32;
        for _ in 0..bytes.count(8)? {
            personal.forgotten.insert(bytes.fixed()?);
        }
        personal.counts.messages = bytes.small().filter(|&messages| messages <= Counts::MOST_MESSAGES)?;
        let weights = std::array::from_fn(|code| ((code as f32 - ONE) / TWICE).exp2());
        for _ in 0..bytes.count(4)? {
            personal.counts.layers.push(read_layer(&mut bytes, most, &weights)?);
        }
        bytes.end()?;
        personal.counts.sum_up();
        Some(personal)
    }
}

fn read_layer(bytes: &mut Reader<'_>, most: u32, weights: &[f32; 256]) -> Option<Layer> {
    let from = bytes.number()?;
    let to = from.checked_add(bytes.number()?)?;
    let sent = (0..bytes.count(2)?).map(|_| {
        let word = bytes.small()?.checked_sub(1).filter(|word| (MARKS..most).contains(word))?;
        Some((word, bytes.small()?))
    });
    let sent = sent.collect::<Option<_>>()?;
    let counts = (0..bytes.count(4)?).map(|_| {
        let gram = read_gram(bytes, most)?;
        Some((gram, weights[usize::from(bytes.byte()?)]))
    });
    let counts = counts.collect::<Option<_>>()?;
    Some(Layer { from, to, counts, sent })
}

fn code(weight: f32) -> u8 {
    (TWICE * weight.log2() + ONE).round().clamp(0.0, 255.0) as u8
}

fn word(bytes: &mut Reader<'_>) -> Option<String> {
    bytes.text().filter(|text| is_word(&lower(text))).map(str::to_owned)
}

fn write_gram(out: &mut Writer, gram: Gram) {
    gram.iter().for_each(|number| out.number(number.wrapping_add(1)));
}

/// A gram of words below `most`.
fn read_gram(bytes: &mut Reader<'_>, most: u32) -> Option<Gram> {
    let mut number = || bytes.small().filter(|&number| number <= most).map(|number| number.wrapping_sub(1));
    let gram = [number()?, number()?, number()?];
    (MARKS..most).contains(&gram[2]).then_some(gram)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A message and its bytes: what `docs/learned-words.md` shows.
    #[test]
    fn the_form_is_the_one_written_down() {
        let record = Personal::default().learn("Hi Bo", 60).unwrap();
        let words = [b"\x01\x3c\x02\x02Bo\x01\x02Hi\x00".as_slice()].concat();
        let grams = [1, 1, 10, 1, 1, 10, 9, 1, 0, 1, 10, 1, 0, 10, 9, 1, 0, 0, 9, 1, 0, 0, 10, 1];
        assert_eq!(record.bytes().len(), words.len() + 1 + grams.len());
        assert_eq!(record.bytes(), [words, vec![6], grams.to_vec()].concat());
        let mut personal = Personal::default();
        personal.redo(&record);
        assert_eq!(personal.snapshot()[..12], *b"\x02\x02Bo\x01\x02Hi\x00\x00\x01\x01");
    }

    #[test]
    fn weights_stay_the_same_however_often_they_are_saved() {
        for code_before in 0..=255_u8 {
            let weight = ((f32::from(code_before) - ONE) / TWICE).exp2();
            assert_eq!(code(weight), code_before);
        }
        assert_eq!(
            (code(1e-30), code(0.0), code(1e30)),
            (0, 0, 255),
            "too faint and too strong ones are kept"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = Personal::read(&bytes, &[]);
            let _ = Personal::read(&[], &[bytes]);
        }

        #[test]
        fn a_changed_byte_never_panics(place: prop::sample::Index, bit in 0_u8..8) {
            let mut personal = Personal::default();
            personal.learn("see you in the Kiez, Anna", 1000);
            personal.keep("Spatzl", 2000);
            personal.forget("you");
            let mut bytes = personal.snapshot();
            bytes[place.index(personal.snapshot().len())] ^= 1 << bit;
            if let Some(read) = Personal::read(&bytes, &[]) {
                read.words("in the ", "");
                read.words("", "k");
                prop_assert!(Personal::read(&read.snapshot(), &[]).is_some());
            }
        }
    }
}
