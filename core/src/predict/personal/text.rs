//! What was learned as text that a person can read and keep, and AOSP's word lists (`.combined`).
//!
//! ```text
//! # Spatz learned words 1
//! word       Kiez      12                messages it was sent in
//! kept       Spatzl    189               by hand or from a list; how frequent, 0 to 255 as in AOSP's lists
//! phrase     in the    Kiez     3.25     what followed what, in messages, older ones counting less
//! forgotten  9d8a4b2f0c7e6155            fingerprint of a word that is not to be learned again
//! ```
//!
//! Fields are parted by tabs. Before a phrase's word stand up to two others, or marks: `^` a message begins, `#` a
//! number, `_` a word that is not learned, and `. ? ! , :` themselves. Lines that begin with `#` are notes.

use super::counts::{Gram, NONE};
use super::message::{Spelling, is_word};
use super::{Kept, MOST_KEPT, Personal, can_be_kept, full_minute};
use crate::predict::lexicon::fold::lower;
use crate::predict::ngram::text::MARKS;
use std::cmp::Reverse;

const TITLE: &str = "# Spatz learned words ";
const FORM: u32 = 1;
/// The marks in the order of their numbers.
const MARK_TEXTS: [&str; MARKS as usize] = ["^", ".", "?", "!", ",", ":", "#", "_"];
/// What one line can count at most: far more than anybody writes.
const MOST_WEIGHT: f32 = 1e6;

/// A text that was read.
#[derive(Debug)]
pub(in crate::predict) struct Parsed {
    pub(in crate::predict) personal: Personal,
    /// Words that are no words, or that nobody would want to be offered.
    pub(in crate::predict) unfit: usize,
}

/// Where a text is not what it should be, and why; without any of it.
pub(in crate::predict) type Mistake = (usize, &'static str);

impl Personal {
    /// All of it as text.
    pub(in crate::predict) fn export(&self) -> String {
        let mut out = format!(
            "{TITLE}{FORM}\n\
             # word: text, messages it was sent in. kept: text, frequency. phrase: what stands before, text, weight.\n\
             # forgotten: fingerprint of a word that stays deleted; the word itself is nowhere.\n"
        );
        for &id in self.ids.values() {
            let sent = self.counts.sent(id);
            if sent > 0 {
                out += &format!("word\t{}\t{sent}\n", self.of(id).form);
            }
        }
        for &id in self.ids.values() {
            if let Some(kept) = self.of(id).kept {
                out += &format!("kept\t{}\t{}\n", self.of(id).form, kept.frequency);
            }
        }
        let mut phrases: Vec<(String, &str, f32)> = self
            .counts
            .grams()
            .filter_map(|gram| {
                let [a, b, word] = gram;
                let before: Vec<&str> =
                    [a, b].into_iter().filter(|id| *id != NONE).map(|id| self.text(id)).collect();
                Some((before.join(" "), self.text(word), self.counts.weight(gram)?))
            })
            .collect();
        phrases.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        for (before, word, weight) in phrases {
            out += &format!("phrase\t{before}\t{word}\t{weight:.4}\n");
        }
        for fingerprint in &self.forgotten {
            out += &format!("forgotten\t{fingerprint:016x}\n");
        }
        out
    }

    /// Reads what [`Personal::export`] wrote, or a word list of AOSP. All of it counts as learned at `at`.
    pub(in crate::predict) fn parse(text: &str, at: u64) -> Result<Parsed, Mistake> {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        if let Some(form) = first.strip_prefix(TITLE) {
            return match form.trim().parse() {
                Ok(FORM) => exported(text, full_minute(at)),
                _ => Err((1, "the form is not 1; a newer version of Spatz can read it")),
            };
        }
        let first = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
        if first.starts_with("dictionary=") || first.trim_start().starts_with("word=") {
            return Ok(combined(text, full_minute(at)));
        }
        Err((1, "it begins neither with `# Spatz learned words` nor with `dictionary=`"))
    }

    /// Leaves out words that are only kept, and wanted by nobody; how many.
    pub(in crate::predict) fn drop_kept(&mut self, is_needless: impl Fn(&str) -> bool) -> usize {
        let needless = |id: &&u32| self.counts.sent(**id) == 0 && is_needless(&self.of(**id).form);
        let needless: Vec<String> =
            self.ids.iter().filter(|(_, id)| needless(id)).map(|(letters, _)| letters.clone()).collect();
        needless.iter().for_each(|letters| self.remove(letters));
        needless.len()
    }

    /// How many words there are.
    pub(in crate::predict) fn len(&self) -> usize {
        self.ids.len()
    }

    /// A word or mark as it is written.
    fn text(&self, id: u32) -> &str {
        match id.checked_sub(MARKS) {
            Some(place) => &self.words[place as usize].form,
            None => MARK_TEXTS[id as usize],
        }
    }

    /// The number of a word of the text, made up if it is new.
    fn spelled(&mut self, text: &str) -> Result<u32, &'static str> {
        if !is_word(&lower(text)) || text.contains(char::is_whitespace) {
            return Err("a word is empty, longer than 40 letters, or has a space in it");
        }
        Ok(self.word(&Spelling { form: text.to_owned(), is_sure: true }))
    }

    fn spelled_or_mark(&mut self, text: &str) -> Result<u32, &'static str> {
        match MARK_TEXTS.iter().position(|mark| *mark == text) {
            Some(mark) => Ok(mark as u32),
            None => self.spelled(text),
        }
    }

    fn keep_of_list(&mut self, text: &str, at: u64, frequency: u8) -> Result<(), &'static str> {
        let id = self.spelled(text)?;
        self.words[(id - MARKS) as usize].kept.get_or_insert(Kept { at, frequency });
        Ok(())
    }
}

fn exported(text: &str, at: u64) -> Result<Parsed, Mistake> {
    let mut personal = Personal::default();
    personal.counts.begin_layer(at);
    for (number, line) in text.lines().enumerate() {
        if !line.is_empty() && !line.starts_with('#') {
            let fields: Vec<&str> = line.split('\t').collect();
            exported_line(&mut personal, &fields, at).map_err(|why| (number + 1, why))?;
        }
    }
    personal.counts.sum_up();
    personal.bound();
    personal.drop_unused();
    Ok(Parsed { personal, unfit: 0 })
}

fn exported_line(personal: &mut Personal, fields: &[&str], at: u64) -> Result<(), &'static str> {
    match fields {
        ["word", text, sent] => {
            let sent = sent.parse().map_err(|_| "the messages are no number")?;
            let id = personal.spelled(text)?;
            personal.counts.add_sent(id, sent);
        }
        ["kept", text, frequency] => {
            let frequency = frequency.parse().map_err(|_| "the frequency is not from 0 to 255")?;
            if !can_be_kept(text) {
                return Err("what is kept is no word");
            }
            personal.keep_of_list(text, at, frequency)?;
        }
        ["phrase", before, text, weight] => {
            let weight: f32 = weight.parse().map_err(|_| "the weight is no number")?;
            if !(0.0..=MOST_WEIGHT).contains(&weight) {
                return Err("the weight is not from 0 to 1000000");
            }
            let word = personal.spelled(text)?;
            let gram: Gram = match before.split(' ').collect::<Vec<_>>()[..] {
                [""] => [NONE, NONE, word],
                [b] => [NONE, personal.spelled_or_mark(b)?, word],
                [a, b] => [personal.spelled_or_mark(a)?, personal.spelled_or_mark(b)?, word],
                _ => return Err("more than two words stand before"),
            };
            personal.counts.add(gram, weight);
        }
        ["forgotten", fingerprint] => {
            let fingerprint =
                u64::from_str_radix(fingerprint, 16).map_err(|_| "the fingerprint is not hexadecimal")?;
            personal.forgotten.insert(fingerprint);
        }
        _ => return Err("it is none of `word`, `kept`, `phrase`, `forgotten` with their fields"),
    }
    Ok(())
}

/// The most frequent words of a list; those that it marks as offensive or as no words are left out.
fn combined(text: &str, at: u64) -> Parsed {
    let mut words: Vec<(u8, &str)> = Vec::new();
    let mut unfit = 0;
    for line in text.lines() {
        let Some(entry) = line.trim_start().strip_prefix("word=") else { continue };
        let mut fields = entry.trim_end().split(',');
        let word = fields.next().unwrap_or_default();
        let mut frequency = 0;
        let mut is_fit = can_be_kept(word);
        for field in fields {
            match field.split_once('=') {
                Some(("f", number)) => frequency = number.parse().unwrap_or_default(),
                Some(("not_a_word" | "possibly_offensive", "true")) => is_fit = false,
                _ => {}
            }
        }
        // A frequency of 0 is AOSP's way to say that a word is known but never to be offered.
        if is_fit && frequency > 0 {
            words.push((frequency, word));
        } else {
            unfit += 1;
        }
    }
    words.sort_by_key(|(frequency, _)| Reverse(*frequency));
    unfit += words.len().saturating_sub(MOST_KEPT);
    let mut personal = Personal::default();
    for (frequency, word) in words.into_iter().take(MOST_KEPT) {
        if personal.keep_of_list(word, at, frequency).is_err() {
            unfit += 1;
        }
    }
    Parsed { personal, unfit }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Parsed, Mistake> {
        Personal::parse(text, 600)
    }

    #[test]
    fn an_export_can_be_read_by_a_person() {
        let mut personal = Personal::default();
        personal.learn("Bis morgen!", 60);
        personal.keep("Spatzl", 60);
        personal.forget("geheim");
        let text = personal.export();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let expected = [
            "word\tBis\t1",
            "word\tmorgen\t1",
            "kept\tSpatzl\t189",
            "phrase\t\tBis\t1.0000",
            "phrase\t\tmorgen\t1.0000",
            "phrase\tBis\tmorgen\t1.0000",
            "phrase\t^\tBis\t1.0000",
            "phrase\t^ Bis\tmorgen\t1.0000",
            "phrase\t^ ^\tBis\t1.0000",
        ];
        assert_eq!(lines[..lines.len() - 1], expected);
        let fingerprint = lines.last().unwrap().strip_prefix("forgotten\t").unwrap();
        assert!(fingerprint.len() == 16 && fingerprint.chars().all(|digit| digit.is_ascii_hexdigit()));
        assert!(!text.contains("geheim"));
    }

    #[test]
    fn what_is_exported_can_be_imported() {
        let mut personal = Personal::default();
        personal.learn("Bis morgen im Kiez. Bis 12:30, Anna?", 60);
        personal.learn("Im Kiez", 60);
        personal.keep("Spatzl", 60);
        personal.forget("Anna");
        let text = personal.export();
        assert_eq!(parse(&text).unwrap().personal.export(), text);
        let mut other = Personal::default();
        other.learn("see Anna and Otto", 60);
        other.keep("Otto", 60);
        other.import(&parse(&text).unwrap().personal);
        assert!(
            other.is_established("Kiez") && other.is_established("spatzl") && other.is_established("Otto")
        );
        assert!(other.list().all(|word| word.text != "Anna"), "forgotten there is forgotten here");
    }

    #[test]
    fn what_was_forgotten_here_is_not_imported() {
        let mut there = Personal::default();
        there.learn("im Kiez", 60);
        there.keep("Kiez", 60);
        let mut here = Personal::default();
        here.forget("kiez");
        here.import(&parse(&there.export()).unwrap().personal);
        assert!(here.words("im ", "k").is_empty() && !here.is_established("Kiez"));
        assert_eq!(here.list().map(|word| word.text).collect::<Vec<_>>(), ["im"]);
    }

    #[test]
    fn what_is_kept_here_stays() {
        let mut there = Personal::default();
        there.forget("Kiez");
        let mut here = Personal::default();
        here.keep("Kiez", 60);
        here.import(&parse(&there.export()).unwrap().personal);
        assert!(here.is_established("Kiez"));
    }

    #[test]
    fn mistakes_are_told_by_line_and_nothing_is_taken() {
        fn check(text: &str, expected: (usize, &str)) {
            let (line, why) = parse(text).map(|parsed| parsed.personal.export()).unwrap_err();
            assert!((line, true) == (expected.0, why.contains(expected.1)), "{line}: {why}");
        }
        let lines = |lines: &str| format!("# Spatz learned words 1\n{lines}");
        check("hello", (1, "begins neither"));
        check("# Spatz learned words 2\n", (1, "newer"));
        check(&lines("word\tKiez\t2\nword\tKiez\n"), (3, "none of"));
        check(&lines("word\tKiez\tmany"), (2, "no number"));
        check(&lines("word\ttwo words\t1"), (2, "space"));
        check(&lines("kept\tKiez\t256"), (2, "0 to 255"));
        check(&lines("kept\t12\t1"), (2, "no word"));
        check(&lines("phrase\ta b c\td\t1"), (2, "more than two"));
        check(&lines("phrase\t\td\tNaN"), (2, "not from"));
        check(&lines("phrase\t\td\t-1"), (2, "not from"));
        check(&lines("forgotten\tKiez"), (2, "hexadecimal"));
    }

    #[test]
    fn a_combined_list_becomes_kept_words() {
        let list = "# A list\ndictionary=main:de,locale=de,description=x,date=1,version=1\n \
             word=Kiez,f=120,flags=,originalFreq=120\n  bigram=Kneipe,f=10\n word=doof,f=90,possibly_offensive=true\n \
             word=omw,f=80,not_a_word=true\n  shortcut=on my way,f=15\n word=nie,f=0\n word=New York,f=50\r\n word=ok,f=7\r\n";
        let Parsed { personal, unfit } = parse(list).unwrap();
        assert_eq!(
            personal.list().map(|word| (word.text, word.kept)).collect::<Vec<_>>(),
            [("Kiez".into(), true), ("ok".into(), true)]
        );
        assert_eq!(unfit, 4);
        let share = |letters| personal.words("", letters)[0].share;
        assert!(share("kiez") > share("ok") && share("ok") > 0.0);
        assert_eq!(personal.weight(), 0.0, "a list is nothing that the person wrote");
    }

    #[test]
    fn of_a_long_list_the_most_frequent_are_taken() {
        let words = (0..30_000).map(|number| {
            format!(" word=w{}x,f={}\n", super::super::tests::letters(number), 1 + number / 200)
        });
        let parsed = parse(&words.collect::<String>()).unwrap();
        assert_eq!((parsed.personal.len(), parsed.unfit), (MOST_KEPT, 10_000));
    }

    proptest! {
        #[test]
        fn any_text_can_be_parsed(text in "\\PC{0,60}", lines in prop::collection::vec("(word|kept|phrase|forgotten)\t\\PC{0,9}\t[0-9]{0,3}", 0..5)) {
            let _ = parse(&text);
            let _ = parse(&format!("# Spatz learned words 1\n{}\n", lines.join("\n")));
            let _ = parse(&format!("word={text}\n{}\n", lines.join("\n")));
        }
    }
}
