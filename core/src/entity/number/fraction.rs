//! Parts of one: "half", "a quarter", "two thirds", "one twenty-fifth", "drei Achtel".

use super::walk::{State, walk};
use super::words::{Atoms, Form, Role};

/// Fractions from atom `index` on, with the atom after each: "half", "a quarter", "two thirds", "one twenty-fifth".
pub(super) fn fractions(atoms: &mut Atoms<'_>, index: usize) -> Vec<(usize, f64)> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    let article = atoms.role(index) == Some(Role::Article);
    let start = index + usize::from(article);
    if let Some(atom) = atoms.get(start).filter(|atom| atom.morph.role == Role::Part) {
        found.push((start + 1, 1.0 / atom.morph.value));
    }
    let state = if article { State::ARTICLE } else { State::START };
    let mut counts: Vec<(usize, f64, bool)> = walk(atoms, start, state)
        .iter()
        .filter(|step| step.form == Form::Cardinal && step.value >= 1.0)
        .map(|step| (step.next, step.value, step.scale.is_some()))
        .collect();
    if article {
        counts.insert(0, (start, 1.0, false));
    }
    // The number before the part and the part itself may be cut apart in several places.
    let mut cuts: Vec<Cut> = Vec::new();
    for (next, count, is_scale) in counts {
        if let Some(atom) = atoms.get(next).filter(|atom| atom.morph.role == Role::Part) {
            found.push((next + 1, count / atom.morph.value));
        }
        let opens_small = atoms.role(next).is_some_and(|role| role != Role::Scale);
        // "one hundred fifth" is the 105th; "one hundredth" is a part.
        let is_cut = count > 1.0
            || atoms.get(next).is_some_and(|a| a.morph.role != Role::Scale || a.morph.form != Form::Cardinal);
        for part in walk(atoms, next, State::START) {
            let is_part = is_cut && (part.form == Form::Part || (part.form == Form::Ordinal && count == 1.0));
            if is_part && part.value > 2.0 {
                let value = count / part.value;
                cuts.push(Cut { next: part.next, value, is_sure: is_scale && opens_small });
            }
        }
    }
    cuts.sort_by_key(|cut| cut.next);
    for same in cuts.chunk_by(|a, b| a.next == b.next) {
        let chosen = same.iter().find(|cut| cut.is_sure).or(same.last());
        found.extend(chosen.map(|cut| (cut.next, cut.value)));
    }
    found
}

/// A place where "one hundred thirty fifths" may be cut into a number and the name of a part.
struct Cut {
    next: usize,
    value: f64,
    is_sure: bool,
}
