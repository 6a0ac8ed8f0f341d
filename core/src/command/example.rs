//! Example sentences: what people say for an intent, with the places of the slots' values.
//!
//! In a command file an example is a plain sentence; a value stands in brackets with its slot behind it:
//! `remind me to [call mum](task) at [six](time)`. `\[` is the sign itself. A labelled set has a JSON object a line:
//! `{"text": …, "intent": …, "slots": [{"name", "start", "end"}]}` with offsets in code points, end exclusive.

use serde::Deserialize;

use super::error::{CommandError, Location};

/// A sentence that means an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// The intent's name.
    pub intent: String,
    /// Its language (ISO 639-1), if it is known.
    pub language: Option<String>,
    /// The values in it.
    pub slots: Vec<ExampleSlot>,
}

/// A value of an [`Example`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleSlot {
    /// The slot's name.
    pub name: String,
    /// First code point of the value in the text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// What is wrong with an annotated sentence, and where (code points).
#[derive(Debug, PartialEq)]
pub(super) struct ExampleError {
    pub(super) offset: usize,
    pub(super) found: String,
    pub(super) mend: &'static str,
}

/// Reads `[value](slot)` out of a sentence.
pub(super) fn annotated(text: &str) -> Result<(String, Vec<ExampleSlot>), ExampleError> {
    let wrong = |offset, found: &str, mend| Err(ExampleError { offset, found: found.to_owned(), mend });
    let (mut plain, mut length) = (String::new(), 0);
    let mut slots = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut signs = text.chars().enumerate().peekable();
    while let Some((offset, sign)) = signs.next() {
        match sign {
            '\\' if signs.peek().is_some_and(|(_, next)| matches!(next, '[' | ']' | '\\')) => {
                plain.extend(signs.next().map(|(_, escaped)| escaped));
                length += 1;
            }
            '[' if open.is_some() => {
                return wrong(offset, "`[` inside a value", "close the value before it with `](slot)`");
            }
            '[' => open = Some((offset, length)),
            ']' => {
                let Some((start_offset, start)) = open.take() else {
                    return wrong(
                        offset,
                        "`]` closes nothing that is open",
                        "remove it, or write `\\]` for the sign itself",
                    );
                };
                if start == length {
                    return wrong(
                        start_offset,
                        "a value without words",
                        "write the words between `[` and `]`",
                    );
                }
                if signs.next_if(|(_, next)| *next == '(').is_none() {
                    let mend = "write the slot's name behind it, as in `[kitchen](room)`; what may be left out is for `sentences:`";
                    return wrong(offset, "a value without a slot", mend);
                }
                let mut name = String::new();
                loop {
                    match signs.next() {
                        Some((_, ')')) => break,
                        Some((_, sign)) => name.push(sign),
                        None => {
                            return wrong(
                                offset + 1,
                                "`(` is never closed",
                                "add `)` behind the slot's name",
                            );
                        }
                    }
                }
                let name = name.trim().to_owned();
                if name.is_empty() {
                    return wrong(
                        offset + 1,
                        "a slot without a name",
                        "write the slot's name, as in `[kitchen](room)`",
                    );
                }
                slots.push(ExampleSlot { name, start, end: length });
            }
            sign => {
                plain.push(sign);
                length += 1;
            }
        }
    }
    match open {
        Some((offset, _)) => wrong(offset, "`[` is never closed", "close the value with `](slot)`"),
        None => Ok((plain, slots)),
    }
}

/// Reads a labelled set. `name` is what errors call the file.
pub(super) fn read_lines(name: &str, text: &str) -> Result<Vec<Example>, CommandError> {
    #[derive(Deserialize)]
    struct Row {
        text: String,
        intent: String,
        language: Option<String>,
        #[serde(default)]
        slots: Vec<RowSlot>,
    }
    /// `text` is for people, and must be what `start` and `end` say.
    #[derive(Deserialize)]
    struct RowSlot {
        name: String,
        start: usize,
        end: usize,
        text: Option<String>,
    }
    let mut out = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let at = |column| Location { file: name.to_owned(), line, column };
        let row: Row = serde_json::from_str(text).map_err(|error| {
            let mend =
                r#"write {"text": "…", "intent": "…", "slots": [{"name": "…", "start": 0, "end": 4}]}"#;
            CommandError::form(at(error.column().max(1)), format!("no labelled example ({error})"), mend)
        })?;
        let length = row.text.chars().count();
        if let Some(slot) = row.slots.iter().find(|slot| slot.start >= slot.end || slot.end > length) {
            let found =
                format!("the slot `{}` is {}..{} of {length} code points", slot.name, slot.start, slot.end);
            return Err(CommandError::form(
                at(1),
                found,
                "count from 0; the end is one past the last code point",
            ));
        }
        let words = |slot: &RowSlot| -> String {
            row.text.chars().skip(slot.start).take(slot.end - slot.start).collect()
        };
        let differs = |slot: &&RowSlot| slot.text.as_ref().is_some_and(|text| *text != words(slot));
        if let Some(slot) = row.slots.iter().find(differs) {
            let (said, found) = (slot.text.clone().unwrap_or_default(), words(slot));
            let found = format!(
                "the slot `{}` is \"{said}\", but {}..{} is \"{found}\"",
                slot.name, slot.start, slot.end
            );
            return Err(CommandError::form(at(1), found, "count code points from 0, or leave `text` out"));
        }
        let overlaps = |a: &RowSlot, b: &RowSlot| a.start < b.end && b.start < a.end;
        let mut pairs = row.slots.iter().enumerate();
        if let Some((_, slot)) =
            pairs.find(|(at, slot)| row.slots.iter().take(*at).any(|before| overlaps(before, slot)))
        {
            let found = format!("the slot `{}` has words of the slot before it", slot.name);
            return Err(CommandError::form(at(1), found, "give each word to one slot"));
        }
        if row.text.trim().is_empty() || row.intent.trim().is_empty() {
            return Err(CommandError::form(
                at(1),
                "an example without words or intent",
                "write both, or remove the line",
            ));
        }
        let slot = |RowSlot { name, start, end, .. }| ExampleSlot { name, start, end };
        let slots = row.slots.into_iter().map(slot).collect();
        out.push(Example { text: row.text, intent: row.intent, language: row.language, slots });
    }
    match out.is_empty() {
        false => Ok(out),
        true => Err(CommandError::Read {
            path: name.to_owned(),
            reason: "no examples in it; write one JSON object a line".into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, plain: &str, expected: &[(&str, &str)]) {
        let (read, slots) = annotated(text).unwrap();
        assert_eq!(read, plain);
        let words = |slot: &ExampleSlot| -> String {
            read.chars().skip(slot.start).take(slot.end - slot.start).collect()
        };
        let slots: Vec<_> = slots.iter().map(|slot| (slot.name.clone(), words(slot))).collect();
        let expected: Vec<_> =
            expected.iter().map(|(name, words)| ((*name).to_owned(), (*words).to_owned())).collect();
        assert_eq!(slots, expected, "{text}");
    }

    fn check_error(text: &str, offset: usize, part: &str) {
        let error = annotated(text).unwrap_err();
        assert!(error.offset == offset && error.found.contains(part), "{error:?}");
    }

    #[test]
    fn values_are_annotated() {
        check("turn it off", "turn it off", &[]);
        check(
            "Licht in der [Küche](room) [aus]( state )",
            "Licht in der Küche aus",
            &[("room", "Küche"), ("state", "aus")],
        );
        check(r"say \[hello\] (loud)", "say [hello] (loud)", &[]);
        check_error("the [kitchen", 4, "never closed");
        check_error("the kitchen]", 11, "closes nothing");
        check_error("[please] go", 7, "without a slot");
        check_error("[a [b](c)](d)", 3, "inside a value");
        check_error("[](room)", 0, "without words");
        check_error("[a](", 3, "never closed");
    }

    #[test]
    fn labelled_lines_are_read_and_checked() {
        let line = r#"{"text": "in Köln", "intent": "A", "slots": [{"name": "city", "start": 3, "end": 7, "text": "Köln"}]}"#;
        let read = read_lines("x.jsonl", &format!("{line}\n\n{line}\n")).unwrap();
        assert_eq!((read.len(), read[0].slots[0].end), (2, 7));
        let check = |text: &str, part: &str| {
            let error = read_lines("x.jsonl", text).unwrap_err().to_string();
            assert!(error.starts_with("x.jsonl") && error.contains(part), "{error}");
        };
        check(&format!("{line}\n{{\"text\": 1}}"), "x.jsonl:2:");
        check(&line.replace('7', "8"), "3..8 of 7");
        check(&line.replace("\"Köln\"}", "\"Koeln\"}"), "is \"Koeln\", but 3..7 is \"Köln\"");
        check(
            &line.replace("}]", r#"}, {"name": "b", "start": 6, "end": 7}]"#),
            "has words of the slot before",
        );
        check("", "no examples");
    }
}
