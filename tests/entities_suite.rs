//! Entities against the cases of Recognizers-Text, as `eval_entities.py` scores them: a case is right when spans, types
//! and values are. `docs/entities.md` and `docs/entities-datetime.md` list what is counted as
//! wrong and why.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail by panicking"
)]

use serde_json::Value;
use spatz::entity::Language;
use spatz::entity::protocol::{Request, ResponseEntity};
use std::fs;
use std::path::{Path, PathBuf};

/// The share of cases that must be right, in percent.
const BAR: f64 = 98.0;
const KINDS: [&str; 9] =
    ["number", "ordinal", "percent", "temperature", "dimension", "currency", "age", "boolean", "datetime"];

#[test]
fn english() {
    check("en");
}

#[test]
fn german() {
    check("de");
}

fn check(code: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let shared = std::env::var_os("SPATZ_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let folder = shared.join("commands/entities").join(code);
    if !folder.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing: set SPATZ_SHARED", folder.display());
        println!("skipped: {} is missing (set SPATZ_SHARED)", folder.display());
        return;
    }
    let language = Language::find(code).expect("rules for the language");
    for kind in KINDS {
        let text = fs::read_to_string(folder.join(kind).with_extension("jsonl")).expect("the suite's file");
        let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let types: Vec<&str> =
            cases.iter().flat_map(entities).filter_map(|entity| entity["type"].as_str()).collect();
        let wrong: Vec<&str> = cases
            .iter()
            .filter(|case| !is_right(case, &types, language))
            .filter_map(|case| case["text"].as_str())
            .collect();
        let right = 100.0 * (cases.len() - wrong.len()) as f64 / cases.len() as f64;
        println!("{code} {kind}: {right:.2} % of {} right", cases.len());
        assert!(right >= BAR, "{code} {kind}: {right:.2} % right; wrong: {wrong:#?}");
    }
}

fn entities(case: &Value) -> impl Iterator<Item = &Value> {
    case["entities"].as_array().into_iter().flatten()
}

fn is_right(case: &Value, types: &[&str], language: &Language) -> bool {
    let request = serde_json::json!({ "text": case["text"], "reference": case["reference"], "types": types });
    let request: Request = serde_json::from_value(request).unwrap();
    let has_offsets = entities(case).all(|entity| entity["start"].is_number());
    let mut wanted: Vec<String> = entities(case).map(|entity| described(entity, has_offsets)).collect();
    let answer = request.answer(language).entities;
    let found = answer.iter().filter(|entity| types.contains(&entity.kind));
    let mut found: Vec<String> = found
        .map(|entity: &ResponseEntity| described(&serde_json::to_value(entity).unwrap(), has_offsets))
        .collect();
    wanted.sort();
    found.sort();
    wanted == found
}

/// Span, type and value as a text to compare.
fn described(entity: &Value, has_offsets: bool) -> String {
    let resolution = &entity["resolution"];
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let span = if has_offsets {
        format!("{}..{}", entity["start"], entity["end"])
    } else {
        text(&entity["text"]).to_lowercase()
    };
    let kind = text(&entity["type"]);
    let value = match kind.as_str() {
        kind if kind.starts_with("datetimeV2") => {
            let value =
                |value: &Value| ["type", "value", "start", "end"].map(|key| text(&value[key])).join(" ");
            let mut values: Vec<String> =
                resolution["values"].as_array().unwrap().iter().map(value).collect();
            values.sort();
            values.join(", ")
        }
        "boolean" => resolution["value"].to_string(),
        kind if kind.starts_with("ordinal") => {
            let offset =
                if resolution["offset"].is_null() { &resolution["value"] } else { &resolution["offset"] };
            format!("{} {}", text(&resolution["relativeTo"]), text(offset))
        }
        _ => {
            let value = text(&resolution["value"]);
            let number: Option<f64> = value.trim_end_matches('%').parse().ok();
            let value = number.map_or(value, |number| format!("{number:.8e}"));
            format!("{value} {}", text(&resolution["unit"]).to_lowercase())
        }
    };
    format!("{span} {kind} {value}")
}
