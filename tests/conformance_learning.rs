//! Runs `tests/conformance/learning.toml` on the shipped model.

mod common;

use common::shipped::{kind_name, shipped_model};
use spatz::predict::{Field, LearnedQuery, PredictorOptions, SupplementaryWord, TextInput, TextPredictor};
use spatz::{CancelToken, Model};
use std::fs;
use std::path::Path;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    name: String,
    r#do: Vec<Step>,
    context: String,
    composing: String,
    limit: usize,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    first: Option<String>,
    kind: Option<String>,
    known: Option<bool>,
    #[serde(default)]
    learned: Vec<String>,
    #[serde(default)]
    not_learned: Vec<String>,
    own: Option<Vec<String>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Step {
    learn: Option<String>,
    field: Option<String>,
    keep: Option<String>,
    forget: Option<String>,
    forget_since: Option<u64>,
    erase: Option<bool>,
    import: Option<String>,
    carry: Option<bool>,
    supplementary: Option<Vec<Supplementary>>,
    reopen: Option<bool>,
    at: Option<u64>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Supplementary {
    text: String,
    expansion: Option<String>,
}

/// A keyboard on a folder, both of which a step may replace.
struct Keyboard<'a> {
    model: &'a Model,
    folder: tempfile::TempDir,
    predictor: TextPredictor,
}

impl<'a> Keyboard<'a> {
    fn new(model: &'a Model) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let predictor = predictor(model, folder.path());
        Self { model, folder, predictor }
    }

    fn step(&mut self, step: Step) {
        let at = 3600 * step.at.unwrap_or(1);
        if let Some(message) = step.learn {
            self.predictor.learn(&message, field(step.field.as_deref()), at).unwrap();
        } else if let Some(word) = step.keep {
            self.predictor.keep(&word, at).unwrap();
        } else if let Some(word) = step.forget {
            self.predictor.forget(&word).unwrap();
        } else if let Some(hours) = step.forget_since {
            self.predictor.forget_since(3600 * hours).unwrap();
        } else if step.erase == Some(true) {
            self.predictor.erase().unwrap();
        } else if let Some(text) = step.import {
            self.predictor.import(&text, at).unwrap();
        } else if step.carry == Some(true) {
            let text = self.predictor.export();
            *self = Self::new(self.model);
            self.predictor.import(&text, at).unwrap();
        } else if let Some(words) = step.supplementary {
            let word = |word: Supplementary| SupplementaryWord { text: word.text, expansion: word.expansion };
            self.predictor.set_supplementary(words.into_iter().map(word).collect());
        } else if step.reopen == Some(true) {
            // The folder's lock goes with the old one.
            self.predictor = TextPredictor::new(self.model, PredictorOptions::default()).unwrap();
            self.predictor.attach_store(self.folder.path()).unwrap();
        } else {
            panic!("a step does nothing");
        }
    }
}

fn predictor(model: &Model, folder: &Path) -> TextPredictor {
    let predictor = TextPredictor::new(model, PredictorOptions::default()).unwrap();
    assert_eq!(predictor.attach_store(folder).unwrap().read_only, None);
    predictor
}

fn field(name: Option<&str>) -> Field {
    match name {
        None | Some("message") => Field::Message,
        Some("password") => Field::Password,
        Some("email") => Field::Email,
        Some("url") => Field::Url,
        Some("number") => Field::Number,
        Some("private") => Field::Private,
        Some(other) => panic!("no field {other}"),
    }
}

#[test]
fn learning_vectors() {
    let Some(path) = shipped_model() else { return };
    let model = Model::open(&path).unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/learning.toml");
    let cases = toml::from_str::<File>(&fs::read_to_string(file).unwrap()).unwrap().case;
    let count = cases.len();
    let failures: Vec<String> = cases.into_iter().filter_map(|case| check(&model, case)).collect();
    println!("{count} learning vectors, {} fail", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(model: &Model, case: Case) -> Option<String> {
    let mut keyboard = Keyboard::new(model);
    case.r#do.into_iter().for_each(|step| keyboard.step(step));
    let predictor = &keyboard.predictor;
    let input = TextInput {
        context: &case.context,
        composing: &case.composing,
        limit: case.limit,
        ..TextInput::default()
    };
    let answer = predictor.suggest(&input, &CancelToken::new()).unwrap();
    let texts: Vec<&str> = answer.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
    let kind = answer.candidates.first().map(|candidate| kind_name(candidate.kind));
    let query = LearnedQuery { own_only: true, ..LearnedQuery::default() };
    let own: Vec<String> = predictor.learned(query).words.into_iter().map(|word| word.text).collect();
    let has = |word: &String| texts.contains(&word.as_str());
    let wrong = [
        ("all", !case.all.iter().all(has)),
        ("none", case.none.iter().any(has)),
        ("first", case.first.as_ref().is_some_and(|first| texts.first() != Some(&first.as_str()))),
        ("kind", case.kind.as_ref().is_some_and(|wanted| kind != Some(wanted.as_str()))),
        ("known", case.known.is_some_and(|known| known != answer.typed_is_known)),
        ("learned", !case.learned.iter().all(|word| predictor.has_learned(word))),
        ("not-learned", case.not_learned.iter().any(|word| predictor.has_learned(word))),
        ("own", case.own.as_ref().is_some_and(|words| *words != own)),
    ];
    let wrong: Vec<&str> = wrong.iter().filter(|(_, is_wrong)| *is_wrong).map(|(what, _)| *what).collect();
    (!wrong.is_empty()).then(|| format!("{}: {}; {answer:?}; own {own:?}", case.name, wrong.join(", ")))
}
