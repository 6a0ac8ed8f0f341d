//! Runs `tests/conformance/predict-*.toml` on the shipped model.

mod common;

use common::shipped::{kind_name, shipped_model};
use spatz::predict::{CandidateKind, PredictorOptions, Suggestions, TextInput, TextPredictor, Touch};
use spatz::{CancelToken, Model};
use std::fs;
use std::path::Path;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    context: String,
    composing: String,
    limit: usize,
    languages: Option<Vec<String>>,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    first: Option<String>,
    count: Option<usize>,
    #[serde(default)]
    least: usize,
    #[serde(default)]
    capitals: bool,
    kind: Option<String>,
    known: Option<bool>,
    #[serde(default)]
    finished: bool,
    #[serde(default)]
    touches: Vec<[f32; 2]>,
    autocorrection: Option<String>,
    emoji: Option<String>,
    #[serde(default)]
    early: bool,
    phrase: Option<String>,
    rest: Option<String>,
}

const FILES: [&str; 4] =
    ["predict-ahead.toml", "predict-completion.toml", "predict-correction.toml", "predict-next-word.toml"];

#[test]
fn predict_vectors() {
    let Some(path) = shipped_model() else { return };
    let model = Model::open(&path).unwrap();
    let cases: Vec<Case> = FILES.iter().flat_map(|name| cases(name)).collect();
    let failures: Vec<String> = cases.iter().filter_map(|case| check(&model, case).err()).collect();
    println!("{} predict vectors, {} fail", cases.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn cases(name: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(name);
    let text = fs::read_to_string(&path).unwrap();
    toml::from_str::<File>(&text).unwrap_or_else(|error| panic!("{name}: {error}")).case
}

fn check(model: &Model, case: &Case) -> Result<(), String> {
    let mut options = PredictorOptions::default();
    if let Some(languages) = &case.languages {
        options.languages.clone_from(languages);
    }
    options.emoji = usize::from(case.emoji.is_some());
    let predictor = TextPredictor::new(model, options).unwrap();
    let touches: Vec<Touch> = case.touches.iter().map(|&[x, y]| Touch { x, y }).collect();
    let input = TextInput {
        context: &case.context,
        composing: &case.composing,
        limit: case.limit,
        touches: &touches,
    };
    let deadline = CancelToken::new();
    if case.early {
        deadline.cancel();
    }
    let mut answer = match case.finished {
        true => predictor.correct(&input, &CancelToken::new()).unwrap(),
        false => predictor.suggest_by(&input, &deadline, &CancelToken::new()).unwrap(),
    };
    let emoji: Vec<String> = answer
        .candidates
        .extract_if(.., |candidate| candidate.kind == CandidateKind::Emoji)
        .map(|candidate| candidate.text)
        .collect();
    let mut wrong = problems(case, &answer);
    if emoji.first().cloned().unwrap_or_default() != case.emoji.clone().unwrap_or_default() {
        wrong.push(format!("the emoji is {emoji:?}"));
    }
    if let Some(wanted) = &case.phrase {
        let phrase = predictor.phrase(&input, &CancelToken::new()).unwrap();
        let found = phrase.as_ref().map_or(("", ""), |phrase| (&phrase.text, &phrase.rest));
        if found != (wanted.as_str(), case.rest.as_deref().unwrap_or_default()) {
            wrong.push(format!("the phrase is {phrase:?}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}: {}; {answer:?}", case.name, wrong.join(", "))) }
}

fn problems(case: &Case, answer: &Suggestions) -> Vec<String> {
    let texts: Vec<&str> = answer.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
    let composing = plain(&case.composing);
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    expect(answer.is_early == case.early, format!("early is {}", answer.is_early));
    expect(texts.len() <= case.limit, format!("more than {}", case.limit));
    for candidate in &answer.candidates {
        let text = &candidate.text;
        let begins = candidate.kind == CandidateKind::Correction || plain(text).starts_with(&composing);
        expect(begins, format!("{text:?} does not begin with {composing:?}"));
        expect(!case.capitals || text.starts_with(char::is_uppercase), format!("{text:?} has no capital"));
    }
    for word in &case.all {
        expect(texts.contains(&word.as_str()), format!("{word:?} is missing"));
    }
    for word in &case.none {
        expect(!texts.contains(&word.as_str()), format!("{word:?} is there"));
    }
    if let Some(first) = &case.first {
        expect(texts.first() == Some(&first.as_str()), format!("{first:?} is not first"));
    }
    if let Some(count) = case.count {
        expect(texts.len() == count, format!("not {count} candidates"));
    }
    expect(texts.len() >= case.least, format!("less than {} candidates", case.least));
    if let Some(known) = case.known {
        expect(answer.typed_is_known == known, format!("known is not {known}"));
    }
    if let Some(wanted) = &case.autocorrection {
        let found = answer.autocorrection.as_ref().map_or("", |correction| correction.text.as_str());
        expect(found == wanted, format!("the autocorrection is {found:?}, not {wanted:?}"));
    }
    for candidate in &answer.candidates {
        let kind = kind_name(candidate.kind);
        expect(
            case.kind.as_deref().is_none_or(|wanted| wanted == kind),
            format!("{:?} is {kind}", candidate.text),
        );
    }
    wrong
}

/// Lower case, apostrophes plain, letters composed: the umlauts are all that the vectors need of NFC.
fn plain(text: &str) -> String {
    let composed = [("a\u{308}", "ä"), ("o\u{308}", "ö"), ("u\u{308}", "ü")]
        .iter()
        .fold(text.to_lowercase(), |text, (two, one)| text.replace(two, one));
    composed.replace('’', "'")
}
