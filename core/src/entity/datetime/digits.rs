//! Dates in digits: `5/3/18`, `2018-09-23`, `20161016`, `22.04.`, `27. 11.`, `Friday 7-6`.

use super::calendar::{self, Choice};
use super::day::Written;
use super::lexicon::Word;
use super::text::Grammar;

impl Grammar<'_> {
    /// Dates in digits that begin at `at`. After a weekday also what could be something else alone.
    pub(super) fn dates_in_digits(&self, at: usize, after_weekday: bool) -> Vec<(usize, Written)> {
        let start = if self.language.datetime.words.day_first { self.optional(at, &[Word::The]) } else { at };
        let whole = [
            self.without_signs(start),
            self.with_spaces(start),
            self.with_spaced_dots(start),
            self.with_three_parts(start),
        ];
        let whole: Vec<_> = whole.into_iter().flatten().collect();
        if whole.is_empty() { self.with_two_parts(start, after_weekday) } else { whole }
    }

    /// "20161016"
    fn without_signs(&self, at: usize) -> Option<(usize, Written)> {
        let (8, all) = self.digits(at)? else { return None };
        Some((at + 1, written(all / 10_000, all / 100 % 100, all % 100, 4)?))
    }

    /// "2016 10 16"
    fn with_spaces(&self, at: usize) -> Option<(usize, Written)> {
        let ((4, year), (2, month), (2, day)) =
            (self.digits(at)?, self.digits(at + 1)?, self.digits(at + 2)?)
        else {
            return None;
        };
        Some((at + 3, written(year, month, day, 4)?))
    }

    /// "27. 11.", "3. 10. 2019"
    fn with_spaced_dots(&self, at: usize) -> Option<(usize, Written)> {
        let is_dot = |at| self.is_sign(at, '.') && self.glued(at);
        (self.language.datetime.words.ordinal_dot && is_dot(at + 1) && is_dot(at + 3)).then_some(())?;
        let ((1 | 2, day), (1 | 2, month)) = (self.digits(at)?, self.digits(at + 2)?) else { return None };
        match self.digits(at + 4) {
            Some((4, year)) => Some((at + 5, written(year, month, day, 4)?)),
            _ if self.glued(at + 2) => None,
            _ => Some((at + 4, written(0, month, day, 0)?)),
        }
    }

    /// "5/3/18", "2018-09-23", "23.04.2022"
    fn with_three_parts(&self, at: usize) -> Option<(usize, Written)> {
        let is_joined =
            self.is_separator(at + 1) && self.is_separator(at + 3) && self.text(at + 1) == self.text(at + 3);
        is_joined.then_some(())?;
        let date = match (self.digits(at)?, self.digits(at + 2)?, self.digits(at + 4)?) {
            ((4, year), (1 | 2, month), (1 | 2, day)) => written(year, month, day, 4),
            ((1 | 2, first), (1 | 2, second), (length @ (2 | 4), year)) => {
                let (month, day) = self.month_and_day(first, second);
                written(year, month, day, length)
            }
            _ => None,
        };
        Some((at + 5, date?))
    }

    /// "5/3", "22.04.", "5/7, 2020"; after a weekday or "on" also "7-6" and "7.6"
    fn with_two_parts(&self, at: usize, after_weekday: bool) -> Vec<(usize, Written)> {
        let mut out = Vec::new();
        let end = at + 3;
        let sign = self.text(at + 1);
        let (Some((1 | 2, first)), Some((1 | 2, second))) = (self.digits(at), self.digits(at + 2)) else {
            return out;
        };
        // `10/1-11/7` is a range, `30/4.85` a number.
        let ends = !self.goes_on(end) || (self.text(end) == "-" && sign == "/");
        let (month, day) = self.month_and_day(first, second);
        let Some(date) = written(0, month, day, 0).filter(|_| ends && self.is_separator(at + 1)) else {
            return out;
        };
        let has_dots = sign == "." && self.is_sign(end, '.') && self.glued(end);
        let is_led = after_weekday || self.is_led_date(at, end);
        if has_dots && self.language.datetime.words.ordinal_dot {
            out.push((end + 1, date));
        } else if sign == "/" || (is_led && !self.is_clock_after(end)) {
            out.push((end, date));
        }
        if sign == "/"
            && self.is_sign(end, ',')
            && let Some((4, year)) = self.digits(end + 1)
        {
            out.extend(written(year, month, day, 4).map(|date| (end + 2, date)));
        }
        out
    }

    /// "on 4-22", "in 4.22", but not "in 4.5 minutes"
    fn is_led_date(&self, at: usize, end: usize) -> bool {
        let is_unit = |word| matches!(word, Word::Unit(_) | Word::UnitLetter(_));
        let is_amount =
            self.is_noun(end) || self.text(end) == "%" || self.words(end).any(|(_, word)| is_unit(word));
        self.follows(at, |word| matches!(word, Word::On | Word::In)) && !is_amount
    }

    /// Which of two numbers is the month: as the language writes them, unless it is no month.
    fn month_and_day(&self, first: i64, second: i64) -> (i64, i64) {
        let (month, day) =
            if self.language.datetime.words.day_first { (second, first) } else { (first, second) };
        if month > 12 { (day, month) } else { (month, day) }
    }
}

/// A date from numbers; `year_length` is how many digits the year has.
fn written(year: i64, month: i64, day: i64, year_length: usize) -> Option<Written> {
    let year = match year_length {
        0 => None,
        2 => Some(calendar::two_digit_year(i16::try_from(year).ok()?)),
        _ => Some(Choice::one(i16::try_from(year).ok().filter(|year| (1000..3000).contains(year))?)),
    };
    let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
    Some(Written { year, month, day })
}
