//! Looking up phrases of a table at a token.
//!
//! A table is a text of lines: a name, a tab, and forms with commas between. A form is written as
//! [`Tokens`] cut it, words and signs with single spaces between, folded: `sq . ft`, `m 2`, `km / h`. It may begin with
//! `=`, then case counts and nothing is spaced (`=MB` is no `mb`), and end with `?`, then it means something else where no number stands with it ("cup").
//! `{dollar}` stands for any form of the line called `@dollar`, `~` for any ending of the line called `~`. Lines that begin
//! with `#` are comments.

use std::collections::HashMap;

use super::tokens::Tokens;

/// What phrases of several tokens stand for, found by their first token.
#[derive(Debug)]
pub(crate) struct Phrases<V> {
    by_first: HashMap<String, Vec<Phrase<V>>>,
}

#[derive(Debug)]
struct Phrase<V> {
    /// The tokens after the first, with single spaces between.
    rest: Option<String>,
    /// As it must be written, where case counts.
    exact: Option<String>,
    /// Whether it is sure only beside a number.
    needs_number: bool,
    value: V,
}

/// A phrase that stands at a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<V> {
    /// The token after it.
    pub(crate) end: usize,
    pub(crate) value: V,
    /// Whether it means the same where no number stands with it.
    pub(crate) stands_alone: bool,
}

impl<V> Default for Phrases<V> {
    fn default() -> Self {
        Self { by_first: HashMap::new() }
    }
}

impl<V: Copy> Phrases<V> {
    /// Adds a form in the notation of tables; `alone` is false for forms that always need a number.
    pub(crate) fn add(&mut self, form: &str, value: V, alone: bool) {
        let (form, needs_number) = form.strip_suffix('?').map_or((form, !alone), |form| (form, true));
        let (form, exact) = match form.strip_prefix('=') {
            Some(exact) => (exact.to_lowercase(), Some(exact.replace(' ', ""))),
            None => (form.to_owned(), None),
        };
        let (first, rest) = match form.split_once(' ') {
            Some((first, rest)) => (first, Some(rest.to_owned())),
            None => (form.as_str(), None),
        };
        let phrase = Phrase { rest, exact, needs_number, value };
        let known = self.by_first.entry(first.to_owned()).or_default();
        // Where two are as long, what is written exactly so comes first.
        let at = if phrase.exact.is_some() { 0 } else { known.len() };
        known.insert(at, phrase);
    }

    /// All phrases that begin at token `at`.
    pub(crate) fn at(&self, tokens: &Tokens, at: usize) -> Vec<Found<V>> {
        let Some(phrases) = self.by_first.get(tokens.text(at)) else { return Vec::new() };
        let found = phrases.iter().filter_map(|phrase| {
            let end = match &phrase.rest {
                Some(rest) => {
                    let joined = at + 1 + usize::from(tokens.is_sign(at + 1, '-') && !rest.starts_with('-'));
                    let is_apart = tokens.is_digits(joined) && !tokens.is_glued(joined);
                    tokens.after(joined, rest).filter(|_| !is_apart)?
                }
                None => at + 1,
            };
            let is_exact = phrase.exact.as_ref().is_none_or(|exact| *exact == tokens.written(at, end));
            is_exact.then_some(Found { end, value: phrase.value, stands_alone: !phrase.needs_number })
        });
        found.collect()
    }
}

/// The lines of a table: names and their forms.
pub(crate) fn lines(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split_once('\t').unwrap_or((line, "")))
}

/// The forms of a line, one by one.
pub(crate) fn forms(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(',').map(str::trim).filter(|form| !form.is_empty())
}

/// All forms that a form of a table stands for.
pub(crate) fn expand(form: &str, table: &HashMap<&'static str, &'static str>) -> Vec<String> {
    let (before, choices, after) = if let Some((before, rest)) = form.split_once('{')
        && let Some((noun, after)) = rest.split_once('}')
    {
        (before, table.get(format!("@{noun}").as_str()), after)
    } else if let Some((before, after)) = form.split_once('~') {
        (before, table.get("~"), after)
    } else {
        return vec![form.to_owned()];
    };
    let choices = choices.map(|list| list.split(',').map(str::trim)).into_iter().flatten();
    let expanded = choices.flat_map(|choice| {
        // "pound?" alone is doubtful, "british pound" is not.
        let choice = if before.is_empty() { choice } else { choice.trim_end_matches('?') };
        expand(&format!("{before}{choice}{after}"), table)
    });
    expanded.collect()
}
