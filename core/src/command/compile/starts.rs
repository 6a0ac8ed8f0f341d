//! The characters that sentences begin with, so that an utterance meets only those that can match.

use std::collections::{BTreeSet, HashSet};

use crate::command::automaton::{Fragment, Program, Starts, State, StateId};

/// The characters that a fragment may begin with.
#[derive(Clone, Default)]
struct First {
    chars: BTreeSet<char>,
    any: bool,
    nullable: bool,
}

pub(super) fn first_characters(program: &Program) -> Starts {
    // A rule only calls rules that were compiled before it.
    let mut rules: Vec<First> = Vec::with_capacity(program.rules.len());
    for rule in &program.rules {
        let first = first_of(rule, rule.start, &rules);
        rules.push(first);
    }
    let mut starts = Starts::default();
    for start in &program.starts.any {
        let first = first_of(&program.root, *start, &rules);
        if first.any || first.nullable {
            starts.any.push(*start);
        } else {
            for c in first.chars {
                starts.by_char.entry(c).or_default().push(*start);
            }
        }
    }
    starts
}

fn first_of(fragment: &Fragment, start: StateId, rules: &[First]) -> First {
    let mut first = First::default();
    let mut seen = HashSet::new();
    let mut waiting = vec![start];
    while let Some(state) = waiting.pop() {
        if !seen.insert(state) {
            continue;
        }
        match fragment.states.get(state as usize) {
            Some(State::Text { start, .. }) => first.chars.extend(fragment.chars.get(*start as usize)),
            Some(State::Space { next }) => waiting.push(*next),
            Some(State::Split { start, end }) => {
                waiting.extend(fragment.targets.get(*start as usize..*end as usize).unwrap_or_default());
            }
            Some(State::Call { rule, next }) => match rules.get(*rule as usize) {
                Some(called) => {
                    first.chars.extend(&called.chars);
                    first.any |= called.any;
                    if called.nullable {
                        waiting.push(*next);
                    }
                }
                None => first.any = true,
            },
            Some(State::Branch { .. } | State::List { .. }) | None => first.any = true,
            Some(State::End { .. }) => first.nullable = true,
        }
    }
    first
}
