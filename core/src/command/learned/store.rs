//! A fitted parser as bytes: for `spatz tailor commands`, and for an app that opens the same set again.
//!
//! Little-endian: `SPZC`, version, CRC-32 of all that follows, the fingerprint of what was learned from, then the parts;
//! a list is its length (`u32`) and its items. Everything is checked before it is used: whatever the bytes, what is read
//! can be asked.

use super::Fitted;
use super::crf::{Crf, Grammar};
use super::gazetteer::{Entry, Gazetteer};
use super::intents::Intents;
use super::neighbours::Neighbours;
use super::projection::Projection;
use super::regression::Regression;
use super::scope::Scale;
use super::sparse::{BUCKETS, TfIdf};
use super::tagger::{Elsewhere, Field, Tagger};
use super::things::Things;

const MAGIC: &[u8; 4] = b"SPZC";
/// Changes with the form, and with whatever makes old numbers mean something else.
const VERSION: u32 = 5;
const HEADER: usize = 12;

/// Why bytes are no fitted parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::command) enum StoreError {
    #[error("not a fitted parser")]
    Magic,
    #[error("of version {0}, but this one reads {VERSION}")]
    Version(u32),
    #[error("damaged (its checksum differs)")]
    Checksum,
    #[error("contradictory: {0}")]
    Content(&'static str),
    #[error("fitted to other examples or with another encoder")]
    Fingerprint,
}

pub(super) fn save(fitted: &Fitted, fingerprint: u64) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.u64(fingerprint);
    out.strings(&fitted.names);
    out.strings(&fitted.slots);
    let Intents { mean, tfidf, words_weight, regression, neighbours, own_everyday, scale } = &fitted.intents;
    out.f32s(mean);
    out.f32s(&tfidf.idf);
    out.f32s(&[*words_weight, scale.temperature, scale.threshold]);
    out.f32s(&regression.weights);
    out.list(&neighbours.vectors, |out, value| out.0.push(*value));
    out.f32s(&neighbours.scales);
    out.u32s(own_everyday);
    out.f32s(&fitted.projection.mean);
    out.f32s(&fitted.projection.rows);
    out.list(&fitted.tagger.gazetteer.entries, |out, entry| {
        out.u64(entry.phrase);
        out.u16(entry.slot);
        out.u32(entry.count);
    });
    for field in &fitted.tagger.fields {
        let slots = field.as_ref().map_or(&[][..], |field| &field.slots);
        out.u16s(slots);
        let Some(field) = field else { continue };
        out.list(&field.elsewhere.counts, |out, (word, label, count)| {
            out.u32(*word);
            out.u16(*label);
            out.u32(*count);
        });
        out.u32s(&field.crf.names);
        out.u32s(&field.crf.offsets);
        out.u16s(&field.crf.labels);
        out.f32s(&field.crf.weights);
    }
    out.u32s(&fitted.things.words);
    out.list(&fitted.things.vectors.vectors, |out, value| out.0.push(*value));
    out.f32s(&fitted.things.vectors.scales);
    let mut file = Writer(MAGIC.to_vec());
    file.u32(VERSION);
    file.u32(crc32fast::hash(&out.0));
    file.0.append(&mut out.0);
    file.0
}

pub(super) fn load(bytes: &[u8], fingerprint: u64) -> Result<Fitted, StoreError> {
    let (Some(header), Some(content)) = (bytes.get(..HEADER), bytes.get(HEADER..)) else {
        return Err(StoreError::Magic);
    };
    let mut header = Reader(header);
    if header.take(4)? != MAGIC {
        return Err(StoreError::Magic);
    }
    match header.u32()? {
        VERSION => {}
        other => return Err(StoreError::Version(other)),
    }
    if header.u32()? != crc32fast::hash(content) {
        return Err(StoreError::Checksum);
    }
    let mut content = Reader(content);
    if content.u64()? != fingerprint {
        return Err(StoreError::Fingerprint);
    }
    read(&mut content)
}

fn read(bytes: &mut Reader<'_>) -> Result<Fitted, StoreError> {
    let names = bytes.strings()?;
    let slots = bytes.strings()?;
    check(!names.is_empty() && u16::try_from(slots.len()).is_ok(), "names")?;
    let classes = names.len();
    let mean = bytes.f32s()?;
    let width = mean.len();
    let idf = bytes.f32s()?;
    check(idf.len() == BUCKETS, "word weights")?;
    let [words_weight, temperature, threshold] = bytes.f32s()?[..] else {
        return Err(StoreError::Content("scale"));
    };
    check(temperature > 0.0 && words_weight.is_finite() && !threshold.is_nan(), "scale")?;
    let weights = bytes.f32s()?;
    check(Some(weights.len()) == (width + BUCKETS + 1).checked_mul(classes), "classifier")?;
    let vectors = bytes.list(1, Reader::u8)?;
    let scales = bytes.f32s()?;
    check(Some(vectors.len()) == scales.len().checked_mul(width), "neighbours")?;
    let own_everyday = bytes.u32s()?;
    let projection = Projection { mean: bytes.f32s()?, rows: bytes.f32s()? };
    let is_projection = match projection.mean.len() {
        0 => projection.rows.is_empty(),
        length => length == width && projection.rows.len().is_multiple_of(length),
    };
    check(is_projection, "projection")?;
    let entries = bytes
        .list(14, |bytes| Ok(Entry { phrase: bytes.u64()?, slot: bytes.u16()?, count: bytes.u32()? }))?;
    check(entries.is_sorted(), "values")?;
    let dimensions = projection.dimensions();
    let fields = (0..classes).map(|_| field(bytes, slots.len(), dimensions)).collect::<Result<_, _>>()?;
    let words = bytes.u32s()?;
    check(words.is_sorted_by(|a, b| a < b), "things")?;
    let compared = Neighbours { width, vectors: bytes.list(1, Reader::u8)?, scales: bytes.f32s()? };
    check(Some(compared.vectors.len()) == compared.scales.len().checked_mul(width), "things")?;
    check(bytes.0.is_empty(), "its end")?;
    Ok(Fitted {
        names,
        slots,
        intents: Intents {
            mean,
            tfidf: TfIdf { idf },
            words_weight,
            regression: Regression { classes, dense: width, weights },
            neighbours: Neighbours { width, vectors, scales },
            own_everyday,
            scale: Scale { temperature, threshold },
        },
        projection,
        tagger: Tagger { gazetteer: Gazetteer { entries }, dimensions, fields },
        things: Things { words, vectors: compared },
    })
}

fn field(bytes: &mut Reader<'_>, slot_count: usize, dimensions: usize) -> Result<Option<Field>, StoreError> {
    let slots = bytes.u16s()?;
    if slots.is_empty() {
        return Ok(None);
    }
    let known = slots.iter().all(|slot| usize::from(*slot) < slot_count);
    check(known && slots.is_sorted_by(|a, b| a < b) && slots.len() < usize::from(u16::MAX) / 2, "slots")?;
    let grammar = Grammar::of_slots(slots.len());
    let labels_count = grammar.labels;
    let is_label = |label: u16| usize::from(label) < labels_count;
    let counts = bytes.list(10, |bytes| Ok((bytes.u32()?, bytes.u16()?, bytes.u32()?)))?;
    check(counts.is_sorted() && counts.iter().all(|(_, label, _)| is_label(*label)), "words")?;
    let (names, offsets, labels) = (bytes.u32s()?, bytes.u32s()?, bytes.u16s()?);
    let fits = offsets.len() == names.len() + 1
        && offsets.first() == Some(&0)
        && offsets.last().is_some_and(|last| *last as usize == labels.len())
        && offsets.is_sorted()
        && names.is_sorted_by(|a, b| a < b)
        && labels.iter().all(|label| is_label(*label));
    check(fits, "features")?;
    let weights = bytes.f32s()?;
    check(weights.len() == labels.len() + (dimensions + labels_count + 1) * labels_count, "weights")?;
    let crf = Crf { grammar, dense_width: dimensions, names, offsets, labels, weights };
    Ok(Some(Field { slots, elsewhere: Elsewhere { counts }, crf }))
}

fn check(holds: bool, what: &'static str) -> Result<(), StoreError> {
    if holds { Ok(()) } else { Err(StoreError::Content(what)) }
}

struct Writer(Vec<u8>);

impl Writer {
    fn u16(&mut self, value: u16) {
        self.0.extend(value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.u32(items.len() as u32);
        items.iter().for_each(|item| write(self, item));
    }

    fn u16s(&mut self, values: &[u16]) {
        self.list(values, |out, value| out.u16(*value));
    }

    fn u32s(&mut self, values: &[u32]) {
        self.list(values, |out, value| out.u32(*value));
    }

    fn f32s(&mut self, values: &[f32]) {
        self.list(values, |out, value| out.u32(value.to_bits()));
    }

    fn strings(&mut self, texts: &[String]) {
        self.list(texts, |out, text| out.list(text.as_bytes(), |out, byte| out.0.push(*byte)));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], StoreError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(StoreError::Content("its length"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(StoreError::Content("its length"))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, StoreError> {
        self.array().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16, StoreError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, StoreError> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, StoreError> {
        self.array().map(u64::from_le_bytes)
    }

    /// Items of at least `size` bytes: a length that cannot be true costs no memory.
    fn list<T>(
        &mut self,
        size: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let count = self.u32()? as usize;
        if count > self.0.len() / size {
            return Err(StoreError::Content("its length"));
        }
        (0..count).map(|_| read(self)).collect()
    }

    fn u16s(&mut self) -> Result<Vec<u16>, StoreError> {
        self.list(2, Self::u16)
    }

    fn u32s(&mut self) -> Result<Vec<u32>, StoreError> {
        self.list(4, Self::u32)
    }

    fn f32s(&mut self) -> Result<Vec<f32>, StoreError> {
        self.list(4, |bytes| bytes.u32().map(f32::from_bits))
    }

    fn strings(&mut self) -> Result<Vec<String>, StoreError> {
        self.list(4, |bytes| {
            let text = bytes.list(1, Self::u8)?;
            String::from_utf8(text).map_err(|_| StoreError::Content("a name"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::gazetteer::{Hit, phrase};
    use super::super::intents::Training;
    use super::super::tagger::Tagged;
    use super::super::words::words;
    use super::*;
    use crate::command::learned::everyday::Everyday;
    use crate::model::Model;
    use crate::model::testing::TinyModel;
    use once_cell::sync::Lazy;
    use proptest::prelude::*;

    /// One without everyday vectors.
    static ENCODER: Lazy<Model> = Lazy::new(|| Model::open(TinyModel::bert().file()).unwrap());

    const TEXTS: [&str; 6] =
        ["light in the kitchen", "light in the hall", "light on", "play jazz", "play rock loud", "music off"];

    /// Fitted to made-up vectors.
    fn fitted() -> Fitted {
        let classes = [0, 0, 0, 1, 1, 1];
        let vector = |i: usize| vec![1.0 - i as f32 / 5.0, i as f32 / 5.0, 0.1 * (i % 2) as f32, 0.0];
        let vectors: Vec<Vec<f32>> = (0..6).map(vector).collect();
        let training = Training { texts: &TEXTS, vectors: &vectors, classes: &classes, class_count: 2 };
        let split = TEXTS.map(words);
        let rows: Vec<f32> = split.iter().flatten().flat_map(|word| vector(word.folded.len() % 6)).collect();
        let projection = Projection::fit(&rows, 4, 2);
        let dense = |words: &[super::super::words::Word]| -> Vec<f32> {
            words.iter().flat_map(|word| projection.apply(&vector(word.folded.len() % 6))).collect()
        };
        let dense: Vec<Vec<f32>> = split.iter().map(|words| dense(words)).collect();
        let hits = [vec![Hit { slot: 0, start: 3, end: 4 }], vec![Hit { slot: 0, start: 3, end: 4 }]];
        let tagged: Vec<Tagged<'_>> = (0..6)
            .map(|i| Tagged {
                words: &split[i],
                vectors: &dense[i],
                intent: classes[i],
                slots: hits.get(i).map_or(&[][..], Vec::as_slice),
            })
            .collect();
        let known = [(phrase(&words("living room")).unwrap(), 0)];
        Fitted {
            names: vec!["Light".into(), "Music".into()],
            slots: vec!["room".into()],
            intents: Intents::fit(training, &ENCODER),
            tagger: Tagger::fit(&tagged, 2, projection.dimensions(), known.into_iter()),
            projection,
            things: Things {
                words: vec![3, 7],
                vectors: Neighbours { width: 4, vectors: vec![1; 4], scales: vec![0.01] },
            },
        }
    }

    fn ask(fitted: &Fitted) {
        let words = words("light in the living room");
        let mean = &fitted.intents.mean;
        let everyday = Everyday::around(mean, &ENCODER);
        let vector = &[0.5; 4][..mean.len().min(4)];
        let ranking = fitted.intents.rank("light in the living room", vector, &everyday);
        assert_eq!(ranking.guesses.len(), fitted.names.len());
        for class in 0..fitted.names.len() as u32 {
            let vectors = vec![0.1; words.len() * fitted.tagger.dimensions];
            let hits = fitted.tagger.tag(&words, &vectors, class);
            assert!(hits.iter().all(|hit| hit.start < hit.end && hit.end <= words.len()));
        }
    }

    #[test]
    fn what_is_saved_comes_back() {
        let fitted = fitted();
        let bytes = save(&fitted, 7);
        assert_eq!(load(&bytes, 7).unwrap(), fitted);
        ask(&fitted);
        assert_eq!(load(&bytes, 8), Err(StoreError::Fingerprint));
        assert_eq!(load(b"GGUF", 7), Err(StoreError::Magic));
        assert_eq!(load(&[0; 50], 7), Err(StoreError::Magic));
        let mut newer = bytes.clone();
        newer[4] = 9;
        assert_eq!(load(&newer, 7), Err(StoreError::Version(9)));
        let mut damaged = bytes;
        damaged[40] ^= 1;
        assert_eq!(load(&damaged, 7), Err(StoreError::Checksum));
    }

    #[test]
    fn the_same_examples_give_the_same_parser() {
        assert_eq!(save(&fitted(), 1), save(&fitted(), 1));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(at in any::<prop::sample::Index>(), value in any::<u8>(), cut in any::<prop::sample::Index>()) {
            static BYTES: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| save(&fitted(), 7));
            let mut bytes = BYTES.clone();
            // Beyond the vocabulary's weights most bytes are structure.
            let at = 12 + at.index(bytes.len() - 12);
            bytes[at] = value;
            let mend = |bytes: &mut Vec<u8>| {
                let crc = crc32fast::hash(&bytes[12..]);
                bytes[8..12].copy_from_slice(&crc.to_le_bytes());
            };
            mend(&mut bytes);
            if let Ok(fitted) = load(&bytes, 7) {
                ask(&fitted);
            }
            bytes.truncate(12 + cut.index(bytes.len() - 12));
            mend(&mut bytes);
            prop_assert!(load(&bytes, 7).is_err());
        }
    }
}
