//! Lengths of time: `ten minutes`, `1h 30m`, `half an hour`, `an hour and a half`, `eine Stunde und dreißig Minuten`,
//! `anderthalb Stunden`, `eine Dreiviertelstunde`, `zwei Minuten dreißig`.
//!
//! A duration is a row of amounts with units, each smaller than the one before. Months and years are left out: they
//! have no fixed length.

use super::tokens::{TokenKind, Tokens};
use super::{Language, Reading, number};

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Duration {
    /// Whole seconds.
    pub seconds: i64,
}

impl Duration {
    /// ISO 8601: `PT1H30M`, `P2D`, `-PT5M`. A week is written as seven days.
    pub fn to_iso_string(self) -> String {
        let all = self.seconds.unsigned_abs();
        let parts = [(all / 3_600 % 24, 'H'), (all / 60 % 60, 'M'), (all % 60, 'S')];
        let part = |count: u64, unit: char| if count > 0 { format!("{count}{unit}") } else { String::new() };
        let date = part(all / 86_400, 'D');
        let time: String = parts.map(|(count, unit)| part(count, unit)).concat();
        let sign = if self.seconds < 0 { "-" } else { "" };
        match (date.is_empty(), time.is_empty()) {
            (true, true) => "PT0S".to_owned(),
            (false, true) => format!("{sign}P{date}"),
            _ => format!("{sign}P{date}T{time}"),
        }
    }
}

/// The words that durations are made of in a language, in folded spelling.
#[derive(Debug)]
pub struct DurationWords {
    /// Units and their seconds.
    pub units: &'static [(&'static str, i64)],
    /// Abbreviations that need digits before them, as `5 h`, because alone they are letters.
    pub short_units: &'static [(&'static str, i64)],
    /// What stands for one before a unit: "an".
    pub articles: &'static [&'static str],
    /// What may stand between a fraction and its unit: "half *an* hour".
    pub fillers: &'static [&'static str],
    /// What may stand between any amount and its unit: "five *more* minutes".
    pub adjectives: &'static [&'static str],
    /// What joins amounts: "and".
    pub links: &'static [&'static str],
}

/// Longer than this is no timer but a mistake of the recogniser (some 30,000 years).
const MAX_SECONDS: f64 = 1e12;
/// Week, day, hour, minute, second: more amounts than units cannot descend.
const MAX_AMOUNTS: usize = 5;

/// All durations that begin at token `at`.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<Duration>> {
    let grammar = Grammar { tokens, language };
    let mut out = Vec::new();
    let mut rows = vec![Row { end: at, seconds: 0.0, unit: i64::MAX }];
    for _ in 0..MAX_AMOUNTS {
        rows = rows.iter().flat_map(|row| grammar.extend(*row, row.unit == i64::MAX, &mut out)).collect();
        rows.sort_by_key(|row| (row.end, row.unit));
        rows.dedup_by_key(|row| (row.end, row.unit));
        if rows.is_empty() {
            break;
        }
    }
    out
}

/// Amounts read so far; the next unit must be smaller than `unit`.
#[derive(Clone, Copy)]
struct Row {
    end: usize,
    seconds: f64,
    unit: i64,
}

struct Grammar<'a> {
    tokens: &'a Tokens,
    language: &'a Language,
}

impl Grammar<'_> {
    fn extend(&self, row: Row, is_first: bool, out: &mut Vec<Reading<Duration>>) -> Vec<Row> {
        let words = self.language.duration;
        let mut starts = vec![row.end];
        if !is_first {
            let comma = self.tokens.is_sign(row.end, ',').then_some(row.end + 1);
            starts.extend(comma);
            starts.extend(words.links.iter().filter_map(|link| self.tokens.after(row.end, link)));
        }
        let mut rows = Vec::new();
        for start in starts {
            for amount in number::readings(self.tokens, start, self.language) {
                self.amount(row, amount, &mut rows, out);
                self.compound(row, amount, &mut rows, out);
                if !is_first && !out.is_empty() {
                    self.bare_amount(row, amount, out);
                }
            }
            for end in words.articles.iter().filter_map(|article| self.tokens.after(start, article)) {
                self.amount(row, Reading { end, value: 1.0 }, &mut rows, out);
                for fraction in number::readings(self.tokens, end, self.language) {
                    if fraction.value < 1.0 {
                        self.amount(row, fraction, &mut rows, out);
                    }
                }
            }
            self.compound(row, Reading { end: start, value: 1.0 }, &mut rows, out);
        }
        rows
    }

    fn amount(&self, row: Row, amount: Reading<f64>, rows: &mut Vec<Row>, out: &mut Vec<Reading<Duration>>) {
        let words = self.language.duration;
        let mut starts = vec![amount.end];
        starts
            .extend(words.adjectives.iter().filter_map(|adjective| self.tokens.after(amount.end, adjective)));
        if amount.value < 1.0 {
            starts.extend(words.fillers.iter().filter_map(|filler| self.tokens.after(amount.end, filler)));
        }
        let last = amount.end.checked_sub(1).and_then(|last| self.tokens.get(last));
        let in_digits = last.is_some_and(|token| token.kind == TokenKind::Digits);
        let short = if in_digits { words.short_units } else { &[] };
        for start in starts {
            for (unit, length) in words.units.iter().chain(short) {
                let Some(end) = self.tokens.after(start, unit) else { continue };
                if *length >= row.unit {
                    continue;
                }
                let seconds = row.seconds + amount.value * *length as f64;
                rows.push(Row { end, seconds, unit: *length });
                emit(out, end, seconds);
                if amount.value.fract() == 0.0 {
                    for more in number::linked_fractions(self.tokens, end, self.language) {
                        emit(out, more.end, seconds + more.value * *length as f64);
                    }
                }
            }
        }
    }

    /// "eine Viertelstunde": the fraction and the unit are one word.
    fn compound(&self, row: Row, count: Reading<f64>, rows: &mut Vec<Row>, out: &mut Vec<Reading<Duration>>) {
        let word = self.tokens.text(count.end);
        for (unit, length) in self.language.duration.units {
            let Some(fraction) = word.strip_suffix(unit).filter(|rest| !rest.is_empty()) else { continue };
            let Some(value) = number::of_word(fraction, self.language).filter(|_| *length < row.unit) else {
                continue;
            };
            let seconds = row.seconds + count.value * value * *length as f64;
            rows.push(Row { end: count.end + 1, seconds, unit: *length });
            emit(out, count.end + 1, seconds);
        }
    }

    /// "eine Stunde dreißig", "1h30": a last amount without its unit counts in sixtieths.
    fn bare_amount(&self, row: Row, amount: Reading<f64>, out: &mut Vec<Reading<Duration>>) {
        // a "one" is an article more often: "ten minutes and one for tea"
        let is_sixtieth = (2.0..60.0).contains(&amount.value) && amount.value.fract() == 0.0;
        let mut units = self.language.duration.units.iter().chain(self.language.duration.short_units);
        let has_unit = units.any(|(unit, _)| self.tokens.after(amount.end, unit).is_some());
        if is_sixtieth && !has_unit && matches!(row.unit, 60 | 3600) {
            emit(out, amount.end, row.seconds + amount.value * (row.unit / 60) as f64);
        }
    }
}

fn emit(out: &mut Vec<Reading<Duration>>, end: usize, seconds: f64) {
    if seconds.abs() <= MAX_SECONDS {
        out.push(Reading { end, value: Duration { seconds: seconds.round() as i64 } });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::durations;

    fn check(language: &str, text: &str, expected: &[(&str, i64)]) {
        let language = Language::find(language).unwrap();
        let found: Vec<_> =
            durations(text, language).into_iter().map(|e| (e.text, e.value.seconds)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(text, seconds)| ((*text).to_owned(), *seconds)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn english() {
        check("en", "set a timer for ten minutes please", &[("ten minutes", 600)]);
        check("en", "1h 30m", &[("1h 30m", 5400)]);
        check("en", "90s", &[("90s", 90)]);
        check("en", "half an hour", &[("half an hour", 1800)]);
        check("en", "a half hour", &[("a half hour", 1800)]);
        check("en", "three quarters of an hour", &[("three quarters of an hour", 2700)]);
        check("en", "a quarter of an hour", &[("a quarter of an hour", 900)]);
        check("en", "two and a half hours", &[("two and a half hours", 9000)]);
        check("en", "an hour and a half", &[("an hour and a half", 5400)]);
        check(
            "en",
            "one hour, twenty five minutes and 10 seconds",
            &[("one hour, twenty five minutes and 10 seconds", 3600 + 1500 + 10)],
        );
        check("en", "Two minutes thirty", &[("Two minutes thirty", 150)]);
        check("en", "1.5 hours", &[("1.5 hours", 5400)]);
        check("en", "two days", &[("two days", 172_800)]);
        check("en", "give me five more minutes", &[("five more minutes", 300)]);
        check("en", "one whole hour", &[("one whole hour", 3600)]);
        check("en", "five minutes two hours", &[("five minutes", 300), ("two hours", 7200)]);
        check("en", "ten minutes and one for tea", &[("ten minutes", 600)]);
        check("en", "two m or not two b", &[]);
        check("en", "99999999999999 weeks", &[]);
    }

    #[test]
    fn german() {
        check("de", "eine Stunde und dreißig Minuten", &[("eine Stunde und dreißig Minuten", 5400)]);
        check("de", "anderthalb Stunden", &[("anderthalb Stunden", 5400)]);
        check("de", "eineinhalb Stunden", &[("eineinhalb Stunden", 5400)]);
        check("de", "zweieinhalb Minuten", &[("zweieinhalb Minuten", 150)]);
        check("de", "zwei und eine halbe Stunde", &[("zwei und eine halbe Stunde", 9000)]);
        check("de", "in einer halben Stunde", &[("einer halben Stunde", 1800)]);
        check("de", "eine Viertelstunde", &[("eine Viertelstunde", 900)]);
        check("de", "eine dreiviertel Stunde", &[("eine dreiviertel Stunde", 2700)]);
        check("de", "einer Dreiviertelstunde", &[("einer Dreiviertelstunde", 2700)]);
        let all = readings(&Tokens::new("eine dreiviertelstunde"), 0, Language::find("de").unwrap());
        assert!(all.iter().all(|reading| reading.value.seconds == 2700), "{all:?}");
        check("de", "1,5 Stunden", &[("1,5 Stunden", 5400)]);
        check("de", "fünfundzwanzig minuten", &[("fünfundzwanzig minuten", 1500)]);
        check("de", "eine Stunde dreißig", &[("eine Stunde dreißig", 5400)]);
        check(
            "de",
            "zehn Minuten und einen auf fünf Minuten",
            &[("zehn Minuten", 600), ("fünf Minuten", 300)],
        );
        check("de", "zwei einhalb Stunden", &[("zwei einhalb Stunden", 9000)]);
        check("de", "2 h 5 min", &[("2 h 5 min", 7500)]);
        check("de", "drei Tage", &[("drei Tage", 259_200)]);
        check("de", "gib mir noch fünf weitere Minuten", &[("fünf weitere Minuten", 300)]);
        check("de", "zwei volle Stunden", &[("zwei volle Stunden", 7200)]);
        check("de", "am dritten Tag", &[]);
    }

    #[test]
    fn iso() {
        let check = |seconds, expected: &str| assert_eq!(Duration { seconds }.to_iso_string(), expected);
        check(0, "PT0S");
        check(5400, "PT1H30M");
        check(-300, "-PT5M");
        check(172_800, "P2D");
        check(90_061, "P1DT1H1M1S");
    }
}
