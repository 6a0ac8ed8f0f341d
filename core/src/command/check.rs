//! What is well formed and still not meant: intents that take each other's sentences, words that only one language has,
//! questions that nobody wrote.

use std::collections::{BTreeMap, BTreeSet};

use super::example::Example;
use super::learned::sample;
use super::parser::{CommandParser, Parse, ParseContext};
use super::set::{CommandSet, Intent};
use crate::entity::Language;

/// Fewer examples than this say little about an intent.
const FEW_EXAMPLES: usize = 5;

/// Something in a command set that its author probably did not mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A sentence of one intent is answered by another: put what tells them apart into the sentence, or remove it from one.
    Overlap {
        /// The language of the sentence.
        language: String,
        /// A sentence, drawn from a template.
        sentence: String,
        /// The intent whose template it is.
        intent: String,
        /// The intent that answers.
        answered_by: String,
    },
    /// An intent is known by examples only, and by few.
    FewExamples {
        /// The intent.
        intent: String,
        /// The language of the examples; empty if they are for all.
        language: String,
        /// How many there are.
        count: usize,
    },
    /// An intent has sentences in one language of the set and none in another.
    Untranslated {
        /// The intent.
        intent: String,
        /// The language that is missing.
        language: String,
    },
    /// A text that would be needed is missing in a language.
    MissingText {
        /// The intent.
        intent: String,
        /// Where: `prompt of hour`, `confirm`, `response`.
        what: String,
        /// The language that has none.
        language: String,
    },
    /// A declared slot that no sentence and no example fills.
    UnusedSlot {
        /// The intent.
        intent: String,
        /// The slot.
        slot: String,
    },
    /// A text names a slot in braces that its intent does not have: it would be said as it is written.
    UnknownName {
        /// The intent.
        intent: String,
        /// Where: `response`, `confirm`.
        what: &'static str,
        /// The name in braces.
        name: String,
    },
    /// Sentences are under a language of which Spatz knows no words: numbers, dates and answers are not understood in it.
    UnknownLanguage {
        /// What is written for the language.
        language: String,
    },
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Overlap { language, sentence, intent, answered_by } => write!(
                f,
                "\"{sentence}\" ({language}) stands in `{intent}`, but `{answered_by}` answers; tell them apart or remove one"
            ),
            Self::FewExamples { intent, language, count } => {
                let language = if language.is_empty() { String::new() } else { format!(" in {language}") };
                write!(f, "`{intent}` has {count} examples{language}; write {FEW_EXAMPLES} or more")
            }
            Self::Untranslated { intent, language } => {
                write!(f, "`{intent}` has no sentences in {language}; write some, or take the language out")
            }
            Self::MissingText { intent, what, language } => {
                write!(f, "`{intent}` has no {what} in {language}; write one")
            }
            Self::UnusedSlot { intent, slot } => {
                write!(f, "no sentence of `{intent}` fills the slot `{slot}`; use it or remove it")
            }
            Self::UnknownName { intent, what, name } => {
                write!(
                    f,
                    "the {what} of `{intent}` names {{{name}}}, which is no slot of it; write one of its slots, or declare it"
                )
            }
            Self::UnknownLanguage { language } => {
                let known: Vec<_> = Language::ALL.iter().map(|known| known.code).collect();
                let known = known.join(", ");
                write!(
                    f,
                    "no numbers and dates are known in `{language}`, only in {known}; write the language's code"
                )
            }
        }
    }
}

impl CommandSet {
    /// Looks for what its author probably did not mean. Takes milliseconds to seconds: a tool for the desk, not the phone.
    pub fn check(&self) -> Vec<Finding> {
        let sampled: BTreeMap<&str, Vec<Example>> = self
            .languages
            .iter()
            .map(|(code, language)| (code.as_str(), sample::sentences(code, language)))
            .collect();
        let mut findings = self.overlaps(&sampled);
        let mut spoken: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut filled: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for example in sampled.values().flatten().chain(self.examples.iter()) {
            let language = example.language.as_deref().unwrap_or_default();
            spoken.entry(&example.intent).or_default().insert(language);
            filled.extend(example.slots.iter().map(|slot| (example.intent.as_str(), slot.name.as_str())));
        }
        for block in self.languages.values().flat_map(|language| &language.program.blocks) {
            filled.extend(block.slots.iter().map(|(slot, _)| (block.intent.as_str(), slot.as_str())));
            let from_context = block.requires.iter().filter_map(|required| required.slot.as_deref());
            filled.extend(from_context.map(|slot| (block.intent.as_str(), slot)));
        }
        for example in self.examples.iter() {
            *counts.entry((&example.intent, example.language.as_deref().unwrap_or_default())).or_default() +=
                1;
        }
        let has_template = |intent: &str| sampled.values().flatten().any(|example| example.intent == intent);
        for ((intent, language), count) in counts {
            if count < FEW_EXAMPLES && !has_template(intent) {
                let (intent, language) = (intent.to_owned(), language.to_owned());
                findings.push(Finding::FewExamples { intent, language, count });
            }
        }
        for (intent, languages) in &spoken {
            let missing = self.languages.keys().filter(|code| !languages.contains(code.as_str()));
            if !languages.contains("") {
                findings.extend(missing.map(|language| Finding::Untranslated {
                    intent: (*intent).to_owned(),
                    language: language.clone(),
                }));
            }
        }
        let unknown = self.languages.keys().filter(|code| Language::find(code).is_none());
        findings.extend(unknown.map(|code| Finding::UnknownLanguage { language: code.clone() }));
        for (name, intent) in self.intents.iter() {
            findings.extend(self.unknown_names(name, intent));
            let languages = spoken.get(name.as_str()).into_iter().flatten().filter(|code| !code.is_empty());
            for language in languages {
                findings.extend(missing_texts(name, intent, language));
            }
            let unused = intent.slots.iter().filter(|slot| !filled.contains(&(name, &slot.name)));
            findings.extend(
                unused.map(|slot| Finding::UnusedSlot { intent: name.clone(), slot: slot.name.clone() }),
            );
        }
        findings
    }

    /// Names in braces that stand for no slot of the intent.
    fn unknown_names(&self, name: &str, intent: &Intent) -> Vec<Finding> {
        let programs = || self.languages.values().map(|language| &language.program);
        let is_slot = |slot: &str| {
            let answers =
                || programs().flat_map(|program| program.answers.iter().map(move |one| (program, one)));
            let blocks =
                || programs().flat_map(|program| &program.blocks).filter(|block| block.intent == name);
            intent.slots.iter().any(|declared| declared.name == slot)
                || answers().any(|(program, answer)| {
                    let said = program.slots.get(answer.slot as usize);
                    answer.intent == name && said.is_some_and(|said| said == slot)
                })
                || blocks().any(|block| {
                    let required = block.requires.iter().filter_map(|required| required.slot.as_deref());
                    let fixed = block.slots.iter().map(|(fixed, _)| fixed.as_str());
                    fixed.chain(required).any(|known| known == slot)
                })
        };
        let texts = [("response", &intent.response), ("confirm", &intent.confirm)];
        let mut used: Vec<(&'static str, String)> = Vec::new();
        let mut findings: Vec<Finding> = Vec::new();
        for (what, text) in texts.iter().flat_map(|(what, texts)| texts.all().map(move |text| (*what, text)))
        {
            let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
            used.extend(names.map(|(slot, _)| (what, slot.to_owned())));
        }
        // an intent that declares no slots takes those of its examples
        let examples =
            self.examples.iter().filter(|example| example.intent == name && !intent.slots.is_empty());
        used.extend(examples.flat_map(|example| &example.slots).map(|slot| ("example", slot.name.clone())));
        for (what, slot) in used {
            if !is_slot(&slot) {
                let finding = Finding::UnknownName { intent: name.to_owned(), what, name: slot };
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
        findings
    }

    /// One sentence for each pair of intents, as far as what is known around an utterance does not decide between them.
    fn overlaps(&self, sampled: &BTreeMap<&str, Vec<Example>>) -> Vec<Finding> {
        let parser = CommandParser::new(self.clone());
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut findings = Vec::new();
        for example in sampled.values().flatten() {
            let language = example.language.clone().unwrap_or_default();
            let parse = parser.parse(&example.text, &ParseContext::in_language(&language));
            let (Parse::Command(command) | Parse::NeedsValue { command, .. }) = parse else { continue };
            let pair = (example.intent.clone(), command.intent.clone());
            if command.intent != example.intent && command.confidence >= 1.0 && seen.insert(pair) {
                findings.push(Finding::Overlap {
                    language,
                    sentence: example.text.trim().to_owned(),
                    intent: example.intent.clone(),
                    answered_by: command.intent,
                });
            }
        }
        findings
    }
}

/// The texts that `language` lacks: questions for required slots, and what other languages have.
fn missing_texts(name: &str, intent: &Intent, language: &str) -> Vec<Finding> {
    let mut missing = Vec::new();
    for slot in intent.slots.iter().filter(|slot| slot.required || !slot.prompt.is_empty()) {
        if slot.prompt.get(language).is_none() {
            missing.push(format!("prompt of `{}`", slot.name));
        }
    }
    let confirms = intent.destructive || !intent.confirm.is_empty();
    if confirms && intent.confirm.get(language).is_none() {
        missing.push("confirm".to_owned());
    }
    if !intent.response.is_empty() && intent.response.get(language).is_none() {
        missing.push("response".to_owned());
    }
    let finding =
        |what| Finding::MissingText { intent: name.to_owned(), what, language: language.to_owned() };
    missing.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(yaml: &str, expected: &[&str]) {
        let findings = CommandSet::from_yaml("test.yaml", yaml).unwrap().check();
        let found: Vec<_> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_sound_set_has_no_findings() {
        check(
            "language: en\nintents:\n  A: [\"turn on [the] light\"]\n  B: [\"turn off [the] light\"]\n",
            &[],
        );
    }

    #[test]
    fn intents_that_say_the_same() {
        check(
            "language: en\nintents:\n  A: [\"light on\"]\n  B: [\"light (on|off)\"]\n",
            &["\"light on\" (en) stands in `B`, but `A` answers; tell them apart or remove one"],
        );
    }

    #[test]
    fn what_only_one_language_has() {
        check(
            "intents:\n  A:\n    slots: { n: { type: integer, required: true, prompt: { en: Which? } } }\n    sentences: { en: [\"take {n}\"], de: [\"nimm {n}\"] }\n  B:\n    sentences: { en: [stop] }\n",
            &[
                "`B` has no sentences in de; write some, or take the language out",
                "`A` has no prompt of `n` in de; write one",
            ],
        );
    }

    #[test]
    fn names_that_stand_for_nothing() {
        check(
            "languages:\n  deutsch:\n    intents:\n      A: [\"eins\"]\nintents:\n  A: { response: \"{rom} is on\", slots: { room: { type: list, values: [hall] } }, sentences: { deutsch: [\"licht {room}\"] } }\n",
            &[
                "no numbers and dates are known in `deutsch`, only in en, de; write the language's code",
                "the response of `A` names {rom}, which is no slot of it; write one of its slots, or declare it",
            ],
        );
    }

    #[test]
    fn few_examples_and_slots_that_nothing_fills() {
        check(
            "language: en\nintents:\n  A:\n    slots: { n: integer }\n    examples: [\"how are you\", \"what is up\"]\n  B: [\"stop\"]\n",
            &[
                "`A` has 2 examples in en; write 5 or more",
                "no sentence of `A` fills the slot `n`; use it or remove it",
            ],
        );
    }
}
