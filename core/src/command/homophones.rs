//! Words that a recogniser writes for others that sound the same: "ate minutes", "switch of the light".
//!
//! Each spelling of such a word is tried as if it had been written; what is found is then told in the words that were.

use super::dialogue::DialogueWords;
use super::parser::Slot;
use super::value::SlotValue;

/// Texts that are tried for one utterance.
const MOST: usize = 24;
/// Longer texts are no commands that were misheard in a word.
const MOST_CHARS: usize = 200;

/// A text with other spellings in it.
#[derive(Debug)]
pub(super) struct Respelled {
    pub(super) text: String,
    /// Where a word was exchanged: its code points in the original, and in `text`.
    places: Vec<[(usize, usize); 2]>,
}

/// `original` with one word exchanged for another that sounds the same, then with two; those of one word come first.
pub(super) fn respelled(original: &str, code: &str) -> Vec<Respelled> {
    let Some(words) = DialogueWords::find(code) else { return Vec::new() };
    if original.chars().nth(MOST_CHARS).is_some() {
        return Vec::new();
    }
    let chars: Vec<char> = original.chars().collect();
    let mut changes: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut at = 0;
    for word in chars.split(|c| !c.is_alphabetic()) {
        let folded: String = word.iter().flat_map(|c| c.to_lowercase()).collect();
        let same = words.homophones.iter().filter(|group| group.contains(&folded.as_str()));
        let others = same.flat_map(|group| group.iter().filter(|other| **other != folded));
        changes.extend(others.map(|other| (at, at + word.len(), *other)));
        at += word.len() + 1;
    }
    let single = changes.iter().map(|change| vec![*change]);
    let pairs = changes.iter().enumerate().flat_map(|(number, first)| {
        changes[number + 1..].iter().filter(|second| second.0 > first.0).map(|second| vec![*first, *second])
    });
    single.chain(pairs).take(MOST).map(|changes| with(&chars, &changes)).collect()
}

fn with(chars: &[char], changes: &[(usize, usize, &str)]) -> Respelled {
    let (mut text, mut length, mut from) = (String::new(), 0, 0);
    let mut places = Vec::new();
    for (start, end, word) in changes {
        text.extend(&chars[from..*start]);
        length += start - from;
        let after = length + word.chars().count();
        text.push_str(word);
        places.push([(*start, *end), (length, after)]);
        (length, from) = (after, *end);
    }
    text.extend(&chars[from..]);
    Respelled { text, places }
}

impl Respelled {
    /// `slot`, found in the text, in the words of `original`.
    pub(super) fn told_in(&self, original: &str, mut slot: Slot, is_open: bool) -> Slot {
        let Some((start, end)) = slot.span else { return slot };
        let span = (self.place(start, 0), self.place(end, 1));
        let text: String = original.chars().skip(span.0).take(span.1 - span.0).collect();
        if is_open && matches!(&slot.value, SlotValue::Text(value) if *value == slot.text) {
            slot.value = SlotValue::Text(text.clone());
        }
        Slot { text, span: Some(span), ..slot }
    }

    /// The code point of the original that `at` stands for; inside an exchanged word, its start (`side` 0) or end (1).
    fn place(&self, at: usize, side: usize) -> usize {
        let mut out = at;
        for [original, here] in &self.places {
            let (start, end) = *here;
            if at >= end {
                out = original.1 + (at - end);
            } else if at > start {
                return if side == 0 { original.0 } else { original.1 };
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_exchanged_then_two() {
        let texts: Vec<String> =
            respelled("set it too ate", "en").into_iter().map(|respelled| respelled.text).collect();
        assert_eq!(texts[..3], ["set it to ate", "set it two ate", "set it too eight"]);
        assert!(texts.contains(&"set it to eight".to_owned()));
        assert!(respelled("turn on", "xx").is_empty());
        assert!(respelled(&"to ".repeat(100), "en").is_empty());
    }

    #[test]
    fn what_is_found_is_told_in_the_words_that_were_written() {
        let original = "four ate minutes too";
        let respelled = respelled(original, "en").into_iter();
        for respelled in respelled.filter(|respelled| respelled.text.starts_with("for eight minutes")) {
            let slot = Slot {
                name: "name".into(),
                value: SlotValue::Text("eight minutes".into()),
                text: "eight minutes".into(),
                span: Some((4, 17)),
                alternatives: Vec::new(),
            };
            let known = respelled.told_in(original, slot.clone(), false);
            assert_eq!((known.value, known.text.as_str()), (slot.value.clone(), "ate minutes"));
            let told = respelled.told_in(original, slot, true);
            assert_eq!((told.text.as_str(), told.span), ("ate minutes", Some((5, 16))));
            assert_eq!(told.value, SlotValue::Text("ate minutes".into()));
        }
    }
}
