//! What the learned parser guessed, as a command: the words it found for a slot become a value of the slot's type.
//!
//! It was shown few sentences, so it may have cut a value short ("half hours" of "two and a half hours") or have missed it.
//! What a set declares is known for certain: a value is read as far as its words go, and where a slot is empty, words
//! that can be nothing else fill it.

use jiff::civil::DateTime;
use unicode_segmentation::UnicodeSegmentation as _;

use super::automaton::{Answer, List, Names};
use super::dialogue::{DialogueWords, begins_with, made_of, phrases};
use super::heard::said_slot;
use super::homophones::respelled;
use super::learned::{Found, Guess};
use super::matcher::{Input, Match};
use super::parser::{Command, CommandParser, Parse, ParseContext, Slot};
use super::set::{DeclaredSlot, Language};
use super::value::SlotValue;
use crate::entity::text::Utterance;
use crate::entity::tokens::Tokens;
use crate::entity::{Kind, number};

/// Words that a value is longer than what was found of it, on each side.
const MOST_MORE: usize = 4;
/// Words of a value that are looked through for a shorter one, and of one that nothing was found of.
const MOST_WORDS: usize = 8;
/// Words of longer utterances are not looked through for values.
const LONGEST: usize = 40;

/// A guess as a command.
pub(super) struct Guessed {
    pub(super) command: Command,
    /// A slot whose words are no value that it can have: "turn on the light in the *garage*".
    unknown: Option<String>,
}

impl Guessed {
    /// The command, or the question for what it lacks or what was not understood of it.
    pub(super) fn into_parse(self, parser: &CommandParser) -> Parse {
        let Self { command, unknown } = self;
        let Some(slot) = unknown else { return parser.complete(command) };
        Parse::NeedsValue { prompt: parser.prompt(&command, &slot), slot, command }
    }
}

impl CommandParser {
    /// A guess as a command, its values typed as `code`'s words.
    pub(super) fn guessed(
        &self,
        guess: Guess,
        utterance: &str,
        code: &str,
        context: &ParseContext,
    ) -> Guessed {
        let mut command = Command {
            slots: Vec::new(),
            intent: guess.intent,
            language: code.to_owned(),
            confidence: guess.probability,
        };
        let Some(language) = self.set().languages.get(code) else {
            command.slots = guess.slots.iter().map(|found| text_of(utterance, found)).collect();
            return Guessed { command, unknown: None };
        };
        let mut unknown = None;
        let reader = Reader::new(language, &command.intent, utterance, code, context.reference);
        for found in &guess.slots {
            let answers = reader.answers(&found.slot);
            if answers.is_empty() {
                command.slots.push(text_of(utterance, found));
                continue;
            }
            match reader.read(&answers, (found.start, found.end)) {
                Some(slot) => command.slots.push(slot),
                None if answers.iter().all(|answer| reader.is_bounded(answer)) => unknown = Some(&found.slot),
                None => {}
            }
        }
        let declared = self.set().intents.get(&command.intent);
        let declared = declared.map_or(&[][..], |intent| intent.slots.as_slice());
        reader.fill(&mut command.slots, declared);
        let beside = |slot: &String| command.slots.iter().any(|known| known.name == *slot);
        let unknown = unknown.filter(|slot| !beside(slot) || reader.is_row(slot, &guess.slots)).cloned();
        if let Some(slot) = &unknown {
            command.slots.retain(|known| known.name != *slot);
        }
        command.slots.sort_by_key(|slot| slot.span);
        said_once(&mut command.slots);
        Guessed { command, unknown }
    }
}

/// Of a value that is said twice ("a large, large latte"), the first counts.
fn said_once(slots: &mut Vec<Slot>) {
    let mut known: Vec<Slot> = Vec::new();
    for slot in slots.drain(..) {
        if !known.iter().any(|other| other.name == slot.name && other.value == slot.value) {
            known.push(slot);
        }
    }
    *slots = known;
}

/// The words themselves, for a slot that the set does not declare.
fn text_of(utterance: &str, found: &Found) -> Slot {
    let text: String = utterance.chars().skip(found.start).take(found.end - found.start).collect();
    let value = SlotValue::Text(text.clone());
    let span = Some((found.start, found.end));
    Slot { name: found.slot.clone(), value, text, span, alternatives: Vec::new() }
}

/// An utterance that means an intent.
struct Reader<'a> {
    language: &'a Language,
    intent: &'a str,
    code: &'a str,
    reference: Option<DateTime>,
    chars: Vec<char>,
    /// Code points of each word.
    words: Vec<(usize, usize)>,
    /// Of each number as far as it goes.
    numbers: Vec<(usize, usize)>,
}

impl<'a> Reader<'a> {
    fn new(
        language: &'a Language,
        intent: &'a str,
        utterance: &str,
        code: &'a str,
        reference: Option<DateTime>,
    ) -> Self {
        let mut words = Vec::new();
        let (mut byte, mut at) = (0, 0);
        for (start, word) in utterance.unicode_word_indices() {
            at += utterance.get(byte..start).unwrap_or_default().chars().count();
            let end = at + word.chars().count();
            words.push((at, end));
            (byte, at) = (start + word.len(), end);
        }
        let numbers =
            language.program.entities.map(|language| number::find(&Tokens::new(utterance), language));
        let numbers = numbers.into_iter().flatten().map(|number| (number.start, number.end)).collect();
        Self { language, intent, code, reference, chars: utterance.chars().collect(), words, numbers }
    }

    /// What the slot can be.
    fn answers(&self, slot: &str) -> Vec<&'a Answer> {
        let program = &self.language.program;
        let is_slot =
            |answer: &&Answer| program.slots.get(answer.slot as usize).is_some_and(|name| name == slot);
        program.answers.iter().filter(|answer| answer.intent == self.intent).filter(is_slot).collect()
    }

    fn list(&self, answer: &Answer) -> Option<&'a List> {
        self.language.lists.get(answer.list as usize).map(AsRef::as_ref)
    }

    /// Whether there are words of its kind that are none of its values.
    fn is_bounded(&self, answer: &Answer) -> bool {
        matches!(self.list(answer), Some(List::Values { .. } | List::Range(_)))
    }

    /// Whether two values of `slot` were found that a word like "and" joins.
    fn is_row(&self, slot: &str, found: &[Found]) -> bool {
        let Some(words) = DialogueWords::find(self.code) else { return false };
        let spans: Vec<(usize, usize)> =
            found.iter().filter(|found| found.slot == slot).map(|found| (found.start, found.end)).collect();
        spans.array_windows().any(|[before, after]| {
            let between = Utterance::new(&self.text((before.1, after.0)));
            begins_with(between.chars(), words.join)
        })
    }

    /// The value in code points `span`: of all of them and as many around them as belong to it, or else of the longest part, or
    /// else of words that sound or look like one.
    fn read(&self, answers: &[&Answer], span: (usize, usize)) -> Option<Slot> {
        let first = self.words.partition_point(|word| word.1 <= span.0);
        let last = self.words.partition_point(|word| word.0 < span.1);
        let is_open = answers.iter().any(|answer| matches!(self.list(answer), Some(List::Wildcard) | None));
        let more = if is_open { 0 } else { MOST_MORE };
        let starts = first.saturating_sub(more)..=first;
        let mut wider: Vec<(usize, usize)> = starts
            .flat_map(|start| (last..=(last + more).min(self.words.len())).map(move |end| (start, end)))
            .filter(|(start, end)| start < end)
            .collect();
        wider.sort_by_key(|(start, end)| (std::cmp::Reverse(end - start), *start));
        // Around what was found, skip words do not belong to the value.
        let grown = |(start, end): (usize, usize)| {
            let slot = self.exactly(answers, self.span(start, end)?)?;
            let covers = slot.span.is_some_and(|found| found.0 <= span.0 && found.1 >= span.1);
            (covers || (start, end) == (first, last)).then_some(slot)
        };
        let parts = (1..(last - first.min(last)).min(MOST_WORDS + 1)).rev();
        let parts = parts.flat_map(|count| (first..=last - count).map(move |start| (start, start + count)));
        wider
            .into_iter()
            .find_map(grown)
            .or_else(|| self.exactly(answers, span))
            .or_else(|| {
                parts.into_iter().find_map(|(start, end)| self.exactly(answers, self.span(start, end)?))
            })
            .or_else(|| self.alike(answers, span))
    }

    /// Code points of words `start..end`.
    fn span(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        Some((self.words.get(start)?.0, self.words.get(end.checked_sub(1)?)?.1))
    }

    fn text(&self, (start, end): (usize, usize)) -> String {
        self.chars.get(start..end).unwrap_or_default().iter().collect()
    }

    fn exactly(&self, answers: &[&Answer], span: (usize, usize)) -> Option<Slot> {
        let starts: Vec<_> = answers.iter().map(|answer| answer.start).collect();
        let slot = self.said(&self.text(span), |input| input.answers(starts.into_iter(), &[]))?;
        Some(moved(slot, span.0)).filter(|slot| !self.cuts_number(slot))
    }

    /// Whether the value is part of a number: "three" of "three hundred percent".
    fn cuts_number(&self, slot: &Slot) -> bool {
        let is_number = matches!(slot.value, SlotValue::Integer(_) | SlotValue::Number(_));
        slot.span.filter(|_| is_number).is_some_and(|(start, end)| {
            let contains = |number: &&(usize, usize)| number.0 <= start && end <= number.1;
            self.numbers.iter().find(contains).is_some_and(|number| number.1 - number.0 > end - start)
        })
    }

    /// Whether a number is a word that counts nothing: "*ein* bisschen lauter".
    fn is_article(&self, slot: &Slot) -> bool {
        let is_number = matches!(slot.value, SlotValue::Integer(_) | SlotValue::Number(_));
        let around = DialogueWords::find(self.code).map_or(&[][..], |words| words.around);
        is_number && made_of(Utterance::new(&slot.text).chars(), &phrases(around))
    }

    fn alike(&self, answers: &[&Answer], span: (usize, usize)) -> Option<Slot> {
        let text = self.text(span);
        let starts = || answers.iter().map(|answer| answer.start);
        let respelled = respelled(&text, self.code).into_iter().find_map(|respelled| {
            let slot = self.said(&respelled.text, |input| input.answers(starts(), &[]))?;
            Some(respelled.told_in(&text, slot, !answers.iter().all(|answer| self.is_bounded(answer))))
        });
        let slot = respelled.or_else(|| self.said(&text, |input| input.answers_alike(starts())))?;
        Some(moved(slot, span.0)).filter(|slot| !self.cuts_number(slot))
    }

    fn said(&self, text: &str, matches: impl FnOnce(Input<'_>) -> Vec<Match>) -> Option<Slot> {
        let folded = Utterance::new(text);
        let (program, lists) = (&self.language.program, &self.language.lists);
        let input = Input { program, lists, original: text, folded: &folded, reference: self.reference };
        let found = matches(input).into_iter();
        let said = |found: Match| said_slot(self.language, text, &folded, found.captures.into_iter().next()?);
        found.filter_map(said).map(|said| said.slot).next()
    }

    /// Gives slots that nothing was found for the values that stand in words without another meaning.
    fn fill(&self, slots: &mut Vec<Slot>, declared: &[DeclaredSlot]) {
        if self.words.len() > LONGEST {
            return;
        }
        let program = &self.language.program;
        let mut names: Vec<&str> = Vec::new();
        for answer in program.answers.iter().filter(|answer| answer.intent == self.intent) {
            let Some(name) = program.slots.get(answer.slot as usize) else { continue };
            let is_required = declared.iter().any(|slot| slot.required && slot.name == *name);
            let is_sure = match self.list(answer) {
                Some(List::Values { names: Names::Declared { .. }, .. }) => true,
                Some(List::Entity(kind)) => {
                    is_required || !matches!(kind, Kind::Boolean | Kind::Number | Kind::Ordinal)
                }
                Some(List::Duration) => true,
                Some(List::Range(_)) => is_required,
                Some(List::Values { .. } | List::Wildcard) | None => false,
            };
            let is_empty = !slots.iter().any(|slot| slot.name == *name);
            if is_sure && is_empty && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let found: Vec<Slot> = names.iter().filter_map(|name| self.only_value(name, slots)).collect();
        for (number, slot) in found.iter().enumerate() {
            let overlaps = |other: &Slot| match (slot.span, other.span) {
                (Some(a), Some(b)) => a.0 < b.1 && b.0 < a.1,
                _ => false,
            };
            if !found.iter().enumerate().any(|(other, slot)| other != number && overlaps(slot)) {
                slots.push(slot.clone());
            }
        }
    }

    /// The longest value of a slot among the words that no other slot has.
    fn only_value(&self, slot: &str, slots: &[Slot]) -> Option<Slot> {
        let answers = self.answers(slot);
        let is_free = |(start, end): (usize, usize)| {
            !slots.iter().filter_map(|slot| slot.span).any(|other| start < other.1 && other.0 < end)
        };
        let windows = (1..=self.words.len().min(MOST_WORDS)).rev();
        let windows = windows.flat_map(|count| {
            (0..=self.words.len() - count).filter_map(move |start| self.span(start, start + count))
        });
        let values = windows.filter(|span| is_free(*span)).filter_map(|span| self.exactly(&answers, span));
        values.into_iter().find(|slot| !self.is_article(slot))
    }
}

fn moved(slot: Slot, by: usize) -> Slot {
    let span = slot.span.map(|(start, end)| (start + by, end + by));
    Slot { span, ..slot }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::CommandSet;

    const SET: &str = r#"
language: en
intents:
  Timer:
    slots: { duration: { type: duration, required: true }, name: text }
    sentences: ["set a timer for {duration} [called {name}]"]
  Coffee:
    slots:
      drink: { type: list, values: [coffee, tea], required: true }
      size: { type: list, values: [large, small] }
      count: { type: integer, from: 1, to: 4 }
    sentences: ["make [{count}] [{size}] {drink}"]
"#;

    /// What is read for `found`, words of a slot that the learned parser found; then what else the utterance has.
    #[track_caller]
    fn check(
        intent: &str,
        utterance: &str,
        found: &[(&str, &str)],
        expected: &[(&str, &str)],
        unknown: Option<&str>,
    ) {
        let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
        let slots = found.iter().map(|(slot, words)| {
            let (before, _) = utterance.split_once(words).unwrap();
            let start = before.chars().count();
            Found { slot: (*slot).to_owned(), start, end: start + words.chars().count() }
        });
        let guess = Guess { intent: intent.to_owned(), probability: 0.9, slots: slots.collect() };
        let guessed = parser.guessed(guess, utterance, "en", &ParseContext::default());
        let slots = guessed.command.slots.iter();
        let slots: Vec<(&str, &str)> = slots.map(|slot| (slot.name.as_str(), slot.text.as_str())).collect();
        assert_eq!((slots.as_slice(), guessed.unknown.as_deref()), (expected, unknown), "{utterance}");
        for slot in &guessed.command.slots {
            let (start, end) = slot.span.unwrap();
            let words: String = utterance.chars().skip(start).take(end - start).collect();
            assert_eq!(words, slot.text);
        }
    }

    #[test]
    fn a_value_goes_as_far_as_its_words() {
        let whole = [("duration", "two and a half hours")];
        check("Timer", "a timer für two and a half hours ok", &[("duration", "half hours")], &whole, None);
        check(
            "Timer",
            "timer of the ten minutes kind",
            &[("duration", "the ten minutes")],
            &[("duration", "ten minutes")],
            None,
        );
        check(
            "Timer",
            "timer ate minutes",
            &[("duration", "ate minutes")],
            &[("duration", "ate minutes")],
            None,
        );
    }

    #[test]
    fn what_was_missed_is_found() {
        check("Timer", "timer please ten minutes", &[], &[("duration", "ten minutes")], None);
        check(
            "Coffee",
            "can i get a tea large",
            &[("drink", "tea")],
            &[("drink", "tea"), ("size", "large")],
            None,
        );
        check(
            "Coffee",
            "a large really large tea",
            &[("size", "large"), ("size", "large"), ("drink", "tea")],
            &[("size", "large"), ("drink", "tea")],
            None,
        );
        // A number that need not be said may be anything.
        check("Coffee", "one of us wants tea", &[("drink", "tea")], &[("drink", "tea")], None);
    }

    #[test]
    fn what_no_list_has_is_asked_for() {
        check(
            "Coffee",
            "a huge tea",
            &[("size", "huge"), ("drink", "tea")],
            &[("drink", "tea")],
            Some("size"),
        );
        check(
            "Coffee",
            "a huge large tea",
            &[("size", "huge"), ("drink", "tea")],
            &[("size", "large"), ("drink", "tea")],
            None,
        );
        let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
        let found = Found { slot: "size".into(), start: 2, end: 6 };
        let guess = Guess { intent: "Coffee".into(), probability: 0.9, slots: vec![found] };
        let guessed = parser.guessed(guess, "a huge tea", "en", &ParseContext::default());
        assert!(matches!(guessed.into_parse(&parser), Parse::NeedsValue { slot, .. } if slot == "size"));
    }
}
