//! Numbers in digits: `25`, `1,234,567.5`, `12,34,567`, `1 234 567`, `.25`, `1/2`, `¾`, `1e10`, `1.1^23`, `1.3x10^6`.

use crate::entity::Reading;
use crate::entity::tokens::{TokenKind, Tokens};

/// Digits beyond this are a serial number, not an amount, and an `f64` no longer holds them exactly.
const MAX_DIGITS: usize = 15;
/// Longer rows of groups, as in `9.9.9.9…`, are no number: fifteen digits are eight groups at most, in India.
const MAX_GROUPS: usize = 8;

/// Digits as written, without exponent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literal {
    pub(super) end: usize,
    pub(super) value: f64,
    pub(super) is_integer: bool,
    /// How many digits, as decimals are read: the 2 of "point 05".
    pub(super) places: i32,
}

/// All ways to read the digits at `at`, shortest first: `40 000` may be 40.
pub(super) fn literals(tokens: &Tokens, at: usize, thousands: char) -> Vec<Literal> {
    let mut out = Vec::new();
    if let Some(fraction) = bare_fraction(tokens, at) {
        return vec![fraction];
    }
    if !tokens.is_digits(at) {
        return out;
    }
    let start = start_of_run(tokens, at);
    let run = Run::right_of(tokens, start);
    match run.value(thousands) {
        Some(literal) if start == at => out.push(literal),
        Some(_) => return out,
        None => {
            out.extend(Run { groups: vec![tokens.text(at)], signs: Vec::new(), start: at }.value(thousands))
        }
    }
    if let Some(first) = out.first().copied()
        && first.is_integer
        && first.end == at + 1
    {
        out.extend(spaced_groups(tokens, at, thousands));
    }
    out
}

/// An exponent behind `literal`: `e10`, `^-1`, `x10^6`. The sign before the number stays outside: `-1.1^2` is −1.21.
pub(super) fn power(tokens: &Tokens, literal: Literal) -> Option<Reading<f64>> {
    let at = literal.end;
    if tokens.text(at) == "e" && tokens.is_glued(at) && tokens.is_glued(at + 1) {
        let (end, exponent) = exponent(tokens, at + 1)?;
        return Some(Reading { end, value: literal.value * 10f64.powi(exponent) });
    }
    if tokens.is_sign(at, '^') {
        let (end, exponent) = exponent(tokens, at + 1)?;
        return Some(Reading { end, value: literal.value.powi(exponent) });
    }
    if matches!(tokens.text(at), "x" | "×" | "*")
        && tokens.text(at + 1) == "10"
        && tokens.is_sign(at + 2, '^')
    {
        let (end, exponent) = exponent(tokens, at + 3)?;
        return Some(Reading { end, value: literal.value * 10f64.powi(exponent) });
    }
    None
}

fn exponent(tokens: &Tokens, mut at: usize) -> Option<(usize, i32)> {
    let mut sign = 1;
    let mut signs = 0;
    while (tokens.is_sign(at, '-') || tokens.is_sign(at, '+')) && signs < 2 {
        sign = if tokens.is_sign(at, '-') { -sign } else { sign };
        at += 1;
        signs += 1;
    }
    let digits = tokens.get(at).filter(|token| token.kind == TokenKind::Digits && token.text.len() <= 3)?;
    Some((at + 1, sign * digits.text.parse::<i32>().ok()?))
}

/// `1/2`, `¾`.
pub(super) fn fraction(tokens: &Tokens, at: usize) -> Option<Reading<f64>> {
    if let Some(value) = tokens.get(at).and_then(|token| vulgar(&token.text)) {
        return Some(Reading { end: at + 1, value });
    }
    let digits = |at: usize| {
        let token =
            tokens.get(at).filter(|token| token.kind == TokenKind::Digits && token.text.len() <= 6)?;
        token.text.parse::<f64>().ok()
    };
    let (above, below) = (digits(at)?, digits(at + 2)?);
    let is_slash = tokens.is_sign(at + 1, '/') && tokens.is_glued(at + 1) == tokens.is_glued(at + 2);
    let is_date = |at: usize| tokens.is_glued(at) && (tokens.is_sign(at, '/') || tokens.is_sign(at, '-'));
    let left = at.checked_sub(1).is_some_and(|left| tokens.is_glued(at) && is_date_sign(tokens, left));
    let right = is_date(at + 3) || (tokens.is_glued(at + 3) && is_decimal(tokens, at + 3));
    (is_slash && below > 0.0 && !left && !right).then_some(Reading { end: at + 3, value: above / below })
}

fn is_date_sign(tokens: &Tokens, at: usize) -> bool {
    let joins_digits = at > 0 && tokens.is_glued(at) && tokens.is_digits(at - 1);
    tokens.is_sign(at, '/')
        || (tokens.is_sign(at, '-') && joins_digits)
        || (is_separator(tokens, at) && joins_digits)
}

fn is_decimal(tokens: &Tokens, at: usize) -> bool {
    is_separator(tokens, at) && tokens.is_glued(at + 1) && tokens.is_digits(at + 1)
}

fn vulgar(text: &str) -> Option<f64> {
    let (above, below) = match text {
        "½" => (1.0, 2.0),
        "⅓" => (1.0, 3.0),
        "⅔" => (2.0, 3.0),
        "¼" => (1.0, 4.0),
        "¾" => (3.0, 4.0),
        "⅕" => (1.0, 5.0),
        "⅖" => (2.0, 5.0),
        "⅗" => (3.0, 5.0),
        "⅘" => (4.0, 5.0),
        "⅙" => (1.0, 6.0),
        "⅚" => (5.0, 6.0),
        "⅐" => (1.0, 7.0),
        "⅛" => (1.0, 8.0),
        "⅜" => (3.0, 8.0),
        "⅝" => (5.0, 8.0),
        "⅞" => (7.0, 8.0),
        "⅑" => (1.0, 9.0),
        "⅒" => (1.0, 10.0),
        _ => return None,
    };
    Some(above / below)
}

fn is_separator(tokens: &Tokens, at: usize) -> bool {
    matches!(tokens.text(at), "." | "," | "'")
}

/// `.25` where no digit stands before.
fn bare_fraction(tokens: &Tokens, at: usize) -> Option<Literal> {
    let digits = tokens.get(at + 1).filter(|token| token.kind == TokenKind::Digits && !token.spaced)?;
    if !tokens.is_sign(at, '.') || tokens.is_glued(at) || digits.text.len() > MAX_DIGITS {
        return None;
    }
    let is_last = !(tokens.is_glued(at + 2) && is_decimal(tokens, at + 2));
    let value = format!("0.{}", digits.text).parse().ok()?;
    is_last.then_some(Literal { end: at + 2, value, is_integer: false, places: 0 })
}

/// Groups of digits with single signs between, nothing spaced.
struct Run<'a> {
    groups: Vec<&'a str>,
    signs: Vec<&'a str>,
    start: usize,
}

impl<'a> Run<'a> {
    fn right_of(tokens: &'a Tokens, start: usize) -> Self {
        let mut run = Self { groups: vec![tokens.text(start)], signs: Vec::new(), start };
        let mut at = start + 1;
        while tokens.is_glued(at) && is_decimal(tokens, at) && run.groups.len() <= MAX_GROUPS {
            run.signs.push(tokens.text(at));
            run.groups.push(tokens.text(at + 1));
            at += 2;
        }
        run
    }

    /// What it says if it is one number.
    fn value(&self, thousands: char) -> Option<Literal> {
        let (first, rest) = self.groups.split_first()?;
        let signs = self.signs.get(..rest.len())?;
        let end = self.start + 2 * rest.len() + 1;
        if self.groups.len() > MAX_GROUPS
            || self.groups.iter().map(|group| group.len()).sum::<usize>() > MAX_DIGITS
        {
            return None;
        }
        let literal = |whole: String, decimals: &str| {
            let is_integer = decimals.is_empty();
            let text = if is_integer { whole } else { format!("{whole}.{decimals}") };
            let places = i32::try_from(first.len()).unwrap_or(0);
            Some(Literal { end, value: text.parse().ok()?, is_integer, places })
        };
        if is_grouped(first, signs, rest, thousands) {
            return literal(self.groups.concat(), "");
        }
        let (decimals, groups) = rest.split_last()?;
        let (point, signs) = signs.split_last()?;
        if *point == "'" || (!groups.is_empty() && signs.contains(point)) {
            return None;
        }
        let is_whole = groups.is_empty() || is_grouped(first, signs, groups, thousands);
        if !is_whole { None } else { literal(format!("{first}{}", groups.concat()), decimals) }
    }
}

/// Thousands as `1,234,567`, or as in India `12,34,567`; one group alone needs no sign.
fn is_grouped(first: &str, signs: &[&str], groups: &[&str], thousands: char) -> bool {
    let Some((last, inner)) = groups.split_last() else { return true };
    let is_sign = |sign: &&str| sign.starts_with(thousands) || *sign == "'";
    let same = |length: usize| inner.iter().all(|group| group.len() == length);
    signs.iter().all(is_sign)
        && last.len() == 3
        && ((first.len() <= 3 && same(3)) || (first.len() <= 2 && !inner.is_empty() && same(2)))
}

/// The first digits of a row of groups such as `192.168.1.2`, of which those at `at` are one.
fn start_of_run(tokens: &Tokens, at: usize) -> usize {
    let mut start = at;
    while start >= 2
        && tokens.is_glued(start)
        && tokens.is_glued(start - 1)
        && is_separator(tokens, start - 1)
    {
        if !tokens.is_digits(start - 2) || at - start > 2 * MAX_GROUPS {
            break;
        }
        start -= 2;
    }
    start
}

/// `1 234 567`, `12 500,25`: groups of three with single spaces between.
fn spaced_groups(tokens: &Tokens, at: usize, thousands: char) -> Vec<Literal> {
    let mut out = Vec::new();
    let mut whole = tokens.text(at).to_owned();
    if whole.len() > 3 || whole.starts_with('0') || is_spaced_group(tokens, at) {
        return out;
    }
    let mut next = at + 1;
    while is_spaced_group(tokens, next) && whole.len() + 3 <= MAX_DIGITS {
        let run = Run::right_of(tokens, next);
        whole.push_str(tokens.text(next));
        match run.value(thousands) {
            Some(group) if group.is_integer && group.end == next + 1 => {
                if let Ok(value) = whole.parse() {
                    out.push(Literal { end: next + 1, value, is_integer: true, places: 0 });
                }
            }
            Some(group) if run.groups.len() == 2 => {
                let decimals = run.groups.last().copied().unwrap_or_default();
                if let Ok(value) = format!("{whole}.{decimals}").parse() {
                    out.push(Literal { end: group.end, value, is_integer: false, places: 0 });
                }
                break;
            }
            _ => break,
        }
        next += 1;
    }
    out
}

fn is_spaced_group(tokens: &Tokens, at: usize) -> bool {
    let gap = at.checked_sub(1).and_then(|left| Some(tokens.get(at)?.start - tokens.get(left)?.end));
    gap == Some(1)
        && tokens.get(at).is_some_and(|token| token.kind == TokenKind::Digits && token.text.len() == 3)
        && at.checked_sub(1).is_some_and(|left| tokens.is_digits(left))
}
