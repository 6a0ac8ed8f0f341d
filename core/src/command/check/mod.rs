//! What is well formed and still not meant: intents that take each other's sentences, words that only one language has,
//! questions that nobody wrote.
//!
//! `finding.rs` says what may be found, `grammar.rs` which slots the templates can fill, `meanings.rs` looks into the
//! lists; this file looks at intents and languages.

mod finding;
mod grammar;
mod meanings;

use std::collections::{BTreeMap, BTreeSet};

pub use finding::{Finding, Oddity};

use super::automaton::index;
use super::learned::sample;
use super::parser::{CommandParser, Parse, ParseContext};
use super::set::{CommandSet, DeclaredSlot, Intent};
use super::source::UnreadKey;
use crate::entity::Language;

/// Fewer examples than this say little about an intent.
const FEW_EXAMPLES: usize = 5;

/// The languages that each intent has sentences or examples in; the empty one stands for all.
type Spoken<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

impl CommandSet {
    /// Looks for what its author probably did not mean, file by file from top to bottom. Takes milliseconds to seconds: a
    /// tool for the desk, not the phone.
    pub fn check(&self) -> Vec<Finding> {
        let spoken = self.spoken();
        let mut findings = self.unknown_keys();
        findings.extend(self.overlaps());
        findings.extend(self.few_examples());
        findings.extend(self.untranslated(&spoken));
        findings.extend(self.unknown_languages());
        findings.extend(self.unsaid(&spoken));
        findings.extend(self.two_meanings());
        findings.extend(self.unused_slots(&spoken));
        for (name, intent) in self.intents.iter() {
            findings.extend(self.unknown_names(name, intent));
            findings.extend(self.unused_confirm(name, intent));
            let languages = spoken.get(name.as_str()).into_iter().flatten().filter(|code| !code.is_empty());
            findings.extend(languages.flat_map(|language| self.missing_texts(name, intent, language)));
        }
        findings.sort_by_cached_key(|finding| {
            finding.at.as_ref().map(|at| (at.file.clone(), at.line, at.column))
        });
        findings
    }

    fn in_intent(&self, name: &str, what: Oddity) -> Finding {
        Finding { at: self.outline.intents.get(name).cloned(), what }
    }

    /// The language and the intent of every sentence.
    fn sentences(&self) -> impl Iterator<Item = (&str, &str)> {
        self.languages.iter().flat_map(|(code, language)| {
            let numbers = 0..index(language.program.sentences.len());
            let blocks = numbers.filter_map(move |number| language.program.block_of(number));
            blocks.map(move |block| (code.as_str(), block.intent.as_str()))
        })
    }

    fn spoken(&self) -> Spoken<'_> {
        let examples = self.examples.iter().map(|example| {
            let language = example.language.as_deref().unwrap_or_default();
            (language, example.intent.as_str())
        });
        let mut spoken = Spoken::new();
        for (language, intent) in self.sentences().chain(examples) {
            spoken.entry(intent).or_default().insert(language);
        }
        spoken
    }

    fn unknown_keys(&self) -> Vec<Finding> {
        let finding = |key: &UnreadKey| Finding {
            at: Some(key.at.clone()),
            what: Oddity::UnknownKey { key: key.name.clone(), known: key.known },
        };
        self.outline.unread.iter().map(finding).collect()
    }

    fn few_examples(&self) -> Vec<Finding> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for example in self.examples.iter() {
            let language = example.language.as_deref().unwrap_or_default();
            *counts.entry((&example.intent, language)).or_default() += 1;
        }
        let has_template: BTreeSet<&str> = self.sentences().map(|(_, intent)| intent).collect();
        let few = counts
            .into_iter()
            .filter(|((intent, _), count)| *count < FEW_EXAMPLES && !has_template.contains(intent));
        few.map(|((intent, language), count)| {
            let (name, language) = (intent.to_owned(), language.to_owned());
            self.in_intent(intent, Oddity::FewExamples { intent: name, language, count })
        })
        .collect()
    }

    fn unsaid(&self, spoken: &Spoken) -> Vec<Finding> {
        let silent = self.outline.intents.keys().filter(|intent| !spoken.contains_key(intent.as_str()));
        silent.map(|intent| self.in_intent(intent, Oddity::Unsaid { intent: intent.clone() })).collect()
    }

    /// Languages without a sentence, and intents that lack one in any of the others.
    fn untranslated(&self, spoken: &Spoken) -> Vec<Finding> {
        let heard: BTreeSet<&str> = spoken.values().flatten().copied().collect();
        let is_silent = |code: &str| !heard.contains(code) && !heard.contains("");
        let declared: BTreeSet<&String> =
            self.outline.languages.keys().chain(self.languages.keys()).collect();
        let (silent, others): (Vec<_>, Vec<_>) = declared.into_iter().partition(|code| is_silent(code));
        let mut findings: Vec<Finding> = silent
            .into_iter()
            .map(|code| self.in_language(code, Oddity::SilentLanguage { language: code.clone() }))
            .collect();
        for (intent, languages) in spoken.iter().filter(|(_, languages)| !languages.contains("")) {
            let missing = others.iter().filter(|code| !languages.contains(code.as_str()));
            findings.extend(missing.map(|language| {
                let (name, language) = ((*intent).to_owned(), (*language).clone());
                self.in_intent(intent, Oddity::Untranslated { intent: name, language })
            }));
        }
        findings
    }

    fn unknown_languages(&self) -> Vec<Finding> {
        let unknown = self.languages.keys().filter(|code| Language::find(code).is_none());
        unknown
            .map(|code| self.in_language(code, Oddity::UnknownLanguage { language: code.clone() }))
            .collect()
    }

    /// At the language's name, or at its first sentence if it has no place of its own.
    fn in_language(&self, code: &str, what: Oddity) -> Finding {
        let declared = self.outline.languages.get(code).cloned();
        let at = declared.or_else(|| self.languages.get(code)?.program.place_of(0));
        Finding { at, what }
    }

    fn unused_slots(&self, spoken: &Spoken) -> Vec<Finding> {
        let filled = self.filled();
        let declared = self.intents.iter().filter(|(name, _)| spoken.contains_key(name.as_str()));
        let slots = declared.flat_map(|(name, intent)| intent.slots.iter().map(move |slot| (name, slot)));
        let unused = slots.filter(|(name, slot)| !filled.contains(&(name.as_str(), slot.name.as_str())));
        let finding = |(name, slot): (&String, &DeclaredSlot)| Finding {
            at: Some(slot.at.clone()),
            what: Oddity::UnusedSlot { intent: name.clone(), slot: slot.name.clone() },
        };
        unused.map(finding).collect()
    }

    /// Intents and their slots that templates, blocks, the context or examples fill.
    fn filled(&self) -> BTreeSet<(&str, &str)> {
        let mut filled: BTreeSet<(&str, &str)> = self.languages.values().flat_map(grammar::slots).collect();
        for block in self.languages.values().flat_map(|language| &language.program.blocks) {
            let fixed = block.slots.iter().map(|(slot, _)| slot.as_str());
            let from_context = block.requires.iter().filter_map(|required| required.slot.as_deref());
            filled.extend(fixed.chain(from_context).map(|slot| (block.intent.as_str(), slot)));
        }
        for example in self.examples.iter() {
            filled.extend(example.slots.iter().map(|slot| (example.intent.as_str(), slot.name.as_str())));
        }
        filled
    }

    fn unused_confirm(&self, name: &str, intent: &Intent) -> Option<Finding> {
        let is_unused = !intent.destructive && !intent.confirm.is_empty();
        is_unused.then(|| self.in_intent(name, Oddity::UnusedConfirm { intent: name.to_owned() }))
    }

    /// The texts that `language` lacks: questions for required slots, and what other languages have.
    fn missing_texts(&self, name: &str, intent: &Intent, language: &str) -> Vec<Finding> {
        let oddity = |what: String| Oddity::MissingText {
            intent: name.to_owned(),
            what,
            language: language.to_owned(),
        };
        let asked = intent.slots.iter().filter(|slot| slot.required || !slot.prompt.is_empty());
        let unasked = asked.filter(|slot| slot.prompt.get(language).is_none());
        let mut missing: Vec<Finding> = unasked
            .map(|slot| Finding {
                at: Some(slot.at.clone()),
                what: oddity(format!("prompt of `{}`", slot.name)),
            })
            .collect();
        if intent.destructive && intent.confirm.get(language).is_none() {
            missing.push(self.in_intent(name, oddity("confirm".into())));
        }
        if !intent.response.is_empty() && intent.response.get(language).is_none() {
            missing.push(self.in_intent(name, oddity("response".into())));
        }
        missing
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
                let oddity = Oddity::UnknownName { intent: name.to_owned(), what, name: slot };
                let finding = self.in_intent(name, oddity);
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
        findings
    }

    /// One sentence for each pair of intents, as far as what is known around an utterance does not decide between them.
    fn overlaps(&self) -> Vec<Finding> {
        let parser = CommandParser::new(self.clone());
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut findings = Vec::new();
        for (code, language) in &self.languages {
            for (sentence, example) in sample::drawn(code, language) {
                let parse = parser.parse(&example.text, &ParseContext::in_language(code));
                let (Parse::Command(command) | Parse::NeedsValue { command, .. }) = parse else { continue };
                let pair = (example.intent.clone(), command.intent.clone());
                if command.intent != example.intent && command.confidence >= 1.0 && seen.insert(pair) {
                    let what = Oddity::Overlap {
                        language: code.clone(),
                        sentence: example.text.trim().to_owned(),
                        intent: example.intent,
                        answered_by: command.intent,
                    };
                    findings.push(Finding { at: language.program.place_of(sentence), what });
                }
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found, wherever it stands.
    #[track_caller]
    fn check(yaml: &str, expected: &[&str]) {
        let findings = CommandSet::from_yaml("test.yaml", yaml).unwrap().check();
        let found: Vec<_> = findings.iter().map(|finding| finding.what.to_string()).collect();
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
                "`A` has no prompt of `n` in de; write one",
                "`B` has no sentences in de; write some, or take the language out",
            ],
        );
    }

    #[test]
    fn a_required_slot_without_a_prompt() {
        check(
            "language: en\nintents:\n  A:\n    slots: { r: { type: list, values: [hall], required: true } }\n    sentences: [\"go [to {r}]\"]\n",
            &["`A` has no prompt of `r` in en; write one"],
        );
    }

    #[test]
    fn a_confirm_that_is_never_asked() {
        check(
            "language: en\nintents:\n  A: { confirm: { de: Ja? }, sentences: [erase] }\n  B: { confirm: Sure?, destructive: true, sentences: [stop] }\n",
            &["the confirm of `A` is never asked; write `destructive: true` beside it, or remove it"],
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

    #[test]
    fn a_slot_is_filled_wherever_its_place_is() {
        let sentences =
            ["go [{n}]", "[[[{n}] please] now] go", "go [<number>]", "go [{place}]", "{n} [{n}] go"];
        for sentence in sentences {
            check(
                &format!(
                    "language: en\nintents:\n  On:\n    slots: {{ n: integer }}\n    sentences: ['{sentence}']\nexpansion_rules:\n  number: \"[to [<digits>]]\"\n  digits: \"[{{n}}]\"\nlists:\n  place: [home, \"room [{{integer:n}}]\"]\n"
                ),
                &[],
            );
        }
        check(
            "language: en\nintents:\n  On:\n    slots: { n: integer, m: integer, o: integer }\n    data:\n      - { sentences: [go], slots: { n: 1 } }\n      - { sentences: [stop], requires_context: { m: { slot: true } } }\n",
            &["no sentence of `On` fills the slot `o`; use it or remove it"],
        );
    }

    #[test]
    fn what_nobody_can_say() {
        let yaml = |languages: &str| {
            format!(
                "{languages}\nintents:\n  On: {{ sentences: {{ en: [go] }} }}\n  Off: {{ slots: {{ n: integer }} }}\n"
            )
        };
        let off = "`Off` has no sentences and no examples; write some, or remove it";
        let german = "no intent has sentences in de; write some, or take the language out";
        check(&yaml(""), &[off]);
        check(&yaml("languages: [en, de-AT]"), &[german, off]);
        check(&yaml("languages: { en: {}, de: { lists: { room: [Flur] } } }"), &[german, off]);
        check("language: en\nintents:\n  On: [go]\n  Off: []\n", &[off]);
        check("languages: [en]\nintents:\n  On: { examples: [a, b, c, d, e] }\n", &[]);
    }

    #[test]
    fn words_with_two_meanings() {
        let values =
            "[{ in: \"[the] hall\", out: a }, { in: { en: Hall, de: Flur }, out: b }, { in: hall, out: a }]";
        check(
            &format!("language: en\nintents:\n  Go: [\"go {{room}}\"]\nlists: {{ room: {values} }}\n"),
            &["\"hall\" (en) means both `a` and `b` in the list `room`; tell them apart or remove one"],
        );
        check(
            &format!(
                "language: en\nintents:\n  Go: {{ slots: {{ room: {{ values: {values} }} }}, sentences: [\"go {{room}}\"] }}\n"
            ),
            &[
                "\"hall\" (en) means both `a` and `b` in the slot `room` of `Go`; tell them apart or remove one",
            ],
        );
        check(
            "language: en\nintents:\n  Go: [\"go {room}\"]\nlists: { room: [{ in: hall, out: a, context: { floor: 1 } }, { in: hall, out: b }] }\n",
            &[],
        );
    }

    #[test]
    fn keys_that_nothing_reads() {
        let value = "lists: { room: { values: [{ in: hall, out: h, colour: red }], items: [hall] } }";
        let found =
            |key: &str, known: &str| format!("nothing reads `{key}` here, only {known}; rename or remove it");
        check(
            &format!(
                "language: en\nfoo: 1\nintents:\n  Go: {{ sentences: [\"go {{room}}\"], utterances: [walk] }}\n{value}\n"
            ),
            &[
                &found(
                    "foo",
                    "language, languages, intents, intent, data, lists, expansion_rules, skip_words, settings, responses",
                ),
                &found(
                    "utterances",
                    "data, sentences, examples, slots, description, destructive, confirm, response",
                ),
                &found("colour", "in, out, context, metadata, value, synonyms"),
                &found("items", "values, range, wildcard"),
            ],
        );
        // Home Assistant's form
        check(
            &format!(
                "language: en\nfoo: 1\nintents:\n  Go: {{ data: [{{ sentences: [\"go {{room}}\"], test: 1 }}], wanted: true }}\n{value}\n"
            ),
            &[],
        );
    }

    #[test]
    fn findings_say_where() {
        let yaml = [
            "languages: [en, de]",
            "intents:",
            "  On:",
            "    slots:",
            "      n: integer",
            "    confirm: sure?",
            "    mandatory: true",
            "    sentences:",
            "      en:",
            "        - go to {room}",
            "        - run",
            "  Off: {}",
            "  Run:",
            "    sentences:",
            "      en:",
            "        - walk",
            "        - (run|jog)",
            "  Fly:",
            "    examples: { en: [up] }",
            "lists:",
            "  room:",
            "    - { in: hall, out: a }",
            "    - { in: hall, out: b }",
        ];
        let findings = CommandSet::from_yaml("test.yaml", &yaml.join("\n")).unwrap().check();
        let found: Vec<_> = findings.iter().map(|finding| finding.to_string()).collect();
        let expected = [
            "test.yaml:1:17: no intent has sentences in de",
            "test.yaml:3:3: the confirm of `On`",
            "test.yaml:5:7: no sentence of `On` fills the slot `n`",
            "test.yaml:7:5: nothing reads `mandatory`",
            "test.yaml:12:3: `Off` has no sentences",
            "test.yaml:17:11: \"run\" (en) stands in `Run`, but `On` answers",
            "test.yaml:18:3: `Fly` has 1 example in en",
            "test.yaml:21:3: \"hall\" (en) means both",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}");
        }
    }
}
