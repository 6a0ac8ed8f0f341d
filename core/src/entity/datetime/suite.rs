//! The share of Recognizers-Text's cases that come out right, where the shared data is at hand.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value as Json;

use crate::entity::Language;
use crate::entity::protocol::{Request, Response};

/// Start, end, type and the values of an entity, as `eval_entities.py` compares them.
type Shown = BTreeSet<(u64, u64, String, BTreeSet<[String; 4]>)>;

fn shown(entities: &Json) -> Shown {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_lowercase();
    let entity = |entity: &Json| {
        let number = |key: &str| entity[key].as_u64().unwrap();
        let values = entity["resolution"]["values"].as_array().unwrap();
        let values =
            values.iter().map(|value| ["type", "value", "start", "end"].map(|key| text(&value[key])));
        (number("start"), number("end"), text(&entity["type"]), values.collect())
    };
    entities.as_array().unwrap().iter().map(entity).collect()
}

fn check(language: &str, at_least: f64) {
    let shared = std::env::var_os("SPATZ_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = shared.join("commands/entities").join(language).join("datetime.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "no {}: set SPATZ_SHARED", path.display());
        println!("skipped: no {}", path.display());
        return;
    };
    let rules = Language::find(language).unwrap();
    let (mut right, mut all) = (0, 0);
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let mut request: Request = serde_json::from_str(line).unwrap();
        let kinds = crate::entity::Kind::ALL.into_iter().filter(|kind| kind.is_about_time());
        request.types = kinds.map(|kind| kind.name().to_owned()).collect();
        let Response { entities } = request.answer(rules);
        let found = shown(&serde_json::to_value(entities).unwrap());
        let wanted = shown(&case["entities"]);
        all += 1;
        if found == wanted {
            right += 1;
        } else {
            println!("{}\n  wanted {wanted:?}\n  found  {found:?}", case["text"]);
        }
    }
    let share = 100.0 * f64::from(right) / f64::from(all);
    println!("{language}: {right} of {all} right, {share:.2} %");
    assert!(share >= at_least, "{language}: {share:.2} % of the cases are right, not {at_least}");
}

#[test]
fn english_cases_come_out_right() {
    check("en", 98.0);
}

#[test]
fn german_cases_come_out_right() {
    check("de", 97.0);
}
