//! Words that say nothing: "äh", "please", a word that was begun twice.
//!
//! They are blanked, so that the others keep their places: what is left is tried again as if it had been said alone. The words
//! of all languages are left out of an utterance in any of them: a wrong guess costs nothing, since the whole utterance was
//! tried before.

use super::dialogue::DialogueWords;

/// `text` with spaces for the words that say nothing, as many code points as before; `None` if there are none, or
/// nothing else.
pub(super) fn without_fillers(text: &str) -> Option<String> {
    let words = words(text);
    let mut kept: Vec<&Word> = words.iter().filter(|word| !is_hesitation(&word.folded)).collect();
    stutter(&mut kept);
    while let Some(rest) = ends(&kept) {
        kept = rest;
    }
    blank(text, &words, &kept)
}

/// As [`without_fillers`], but politeness stays: the learned parser has seen it.
pub(super) fn without_hesitations(text: &str) -> Option<String> {
    let words = words(text);
    let mut kept: Vec<&Word> = words.iter().filter(|word| !is_hesitation(&word.folded)).collect();
    stutter(&mut kept);
    blank(text, &words, &kept)
}

struct Word {
    folded: String,
    start: usize,
    end: usize,
}

/// Longer texts are no commands that somebody stumbled over; they are left as they are.
const MOST_CHARS: usize = 1000;

/// Runs of letters and digits; none for a text that is too long.
fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    if text.chars().nth(MOST_CHARS).is_some() {
        return out;
    }
    for (at, c) in text.chars().enumerate().filter(|(_, c)| c.is_alphanumeric()) {
        match out.last_mut() {
            Some(word) if word.end == at => {
                word.folded.extend(c.to_lowercase());
                word.end = at + 1;
            }
            _ => out.push(Word { folded: c.to_lowercase().collect(), start: at, end: at + 1 }),
        }
    }
    out
}

/// Of a word said twice in a row, the second stays. Numbers may be said twice: "one one two".
fn stutter(words: &mut Vec<&Word>) {
    let repeats = |[word, next]: &[&Word; 2]| {
        let short =
            word.folded.chars().count() <= LONGEST_STUTTER && word.folded.chars().all(char::is_alphabetic);
        short && word.folded == next.folded && !is_number(&word.folded)
    };
    let again: Vec<bool> = words.array_windows().map(repeats).chain([false]).collect();
    let mut again = again.into_iter();
    words.retain(|_| again.next() != Some(true));
}

/// Longer words are seldom begun twice; a song may well be called "Gloria Gloria".
const LONGEST_STUTTER: usize = 4;

fn is_number(word: &str) -> bool {
    DialogueWords::ALL.iter().any(|words| words.numbers.contains(&word))
}

fn is_hesitation(word: &str) -> bool {
    DialogueWords::ALL.iter().any(|words| words.hesitations.contains(&word))
}

/// The words without a phrase at one of their ends.
fn ends<'a>(words: &[&'a Word]) -> Option<Vec<&'a Word>> {
    DialogueWords::ALL.iter().flat_map(|words| words.polite).find_map(|phrase| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let count = words.len().checked_sub(phrase.len()).filter(|rest| *rest > 0)?;
        let same = |part: &[&Word]| part.iter().zip(&phrase).all(|(word, wanted)| word.folded == *wanted);
        if same(words.get(..phrase.len())?) {
            words.get(phrase.len()..).map(<[_]>::to_vec)
        } else if same(words.get(count..)?) {
            words.get(..count).map(<[_]>::to_vec)
        } else {
            None
        }
    })
}

fn blank(text: &str, words: &[Word], kept: &[&Word]) -> Option<String> {
    if kept.is_empty() || kept.len() == words.len() {
        return None;
    }
    let mut kept = kept.iter().map(|word| word.start).peekable();
    let mut out: Vec<char> = text.chars().collect();
    for word in words {
        if kept.next_if_eq(&word.start).is_none() {
            out.iter_mut().take(word.end).skip(word.start).for_each(|c| *c = ' ');
        }
    }
    Some(out.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = without_fillers(text);
        if let Some(found) = &found {
            assert_eq!(found.chars().count(), text.chars().count(), "{text}");
        }
        let found = found.map(|found| found.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!(found.as_deref().unwrap_or("-"), expected, "{text}");
    }

    #[test]
    fn fillers_go_and_words_stay() {
        check("äh schalte ähm das Licht an bitte", "schalte das Licht an");
        check("hey can you turn it off please", "turn it off");
        check("turn turn the the light on", "turn the light on");
        check("call one one two", "-");
        check("turn on the light", "-");
        check("please", "-");
        check("uh", "-");
        check("kannst du mal bitte das Licht ausmachen", "das Licht ausmachen");
        check("", "-");
        check(&"on ".repeat(1000), "-");
    }
}
