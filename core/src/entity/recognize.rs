//! All entities of a text.

use super::tokens::Tokens;
use super::value::{Kind, Value};
use super::{Entity, Language};

/// All entities of `kinds` in `text`, left to right. Within a kind none overlaps another: the one that begins first wins,
/// and of those that begin together the longest. Kinds do not see each other: in "3 euros" stand a number and an amount
/// of money. `reference` is the local time that dates and times are resolved against; without it they are left out.
pub fn recognize(
    text: &str,
    language: &Language,
    reference: Option<jiff::civil::DateTime>,
    kinds: &[Kind],
) -> Vec<Entity<Value>> {
    let mut found = Vec::new();
    for kind in kinds {
        match kind {
            Kind::Number => {
                found.extend(super::numbers(text, language).into_iter().map(|e| e.map(Value::Number)))
            }
            _ => {}
        }
    }
    if kinds.iter().any(|kind| kind.is_about_time()) {
        let times = super::datetime::find(&Tokens::new(text), language, reference);
        let wanted = times.into_iter().filter(|entity| kinds.contains(&entity.value.kind));
        found.extend(wanted.map(|entity| entity.map(Value::DateTime)));
    }
    found.sort_by_key(|entity| (entity.start, entity.end));
    found
}
