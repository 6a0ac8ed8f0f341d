//! Dates with the names of months: `2nd of May 2019`, `2019-aug-01`, `May 22 (Tue)`, `siebter vierter`.
use super::calendar::{self, Choice};
use super::day::Written;
use super::lexicon::{Unit, Word};
use super::text::Grammar;

impl Grammar<'_> {
    /// Dates as written, the longest first. After a weekday also what could be something else alone: `7-6`, `7.6`.
    pub(super) fn written_dates(&self, at: usize, after_weekday: bool) -> Vec<(usize, Written)> {
        let mut out = Vec::new();
        out.extend(self.dates_in_digits(at, after_weekday));
        self.day_then_month(self.word(at, Word::The).unwrap_or(at), &mut out);
        self.month_then_day(at, &mut out);
        out.extend(self.with_month_between_digits(at));
        out.extend(self.year_then_month_and_day(at));
        out.extend(self.two_ordinals(at, after_weekday));
        out.retain(|(_, written)| (1..=31).contains(&written.day));
        for (end, _) in &mut out {
            // "May 22 (Tue)"
            if self.is_sign(*end, '(')
                && let Some((close, _)) = self.weekday(*end + 1)
                && self.is_sign(close, ')')
            {
                *end = close + 1;
            }
        }
        out.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        out
    }

    /// Whether the digits at `at` are the rest of a number, an amount of money or a name with digits.
    pub(super) fn is_inside_number(&self, at: usize) -> bool {
        if self.digits(at).is_none() || at == 0 {
            return false;
        }
        let before = at - 1;
        let money = matches!(self.text(before), "$" | "€" | "£");
        let joined = self.glued(at) && matches!(self.text(before), "." | "," | ":" | "/" | "-");
        let digits_before = joined && self.glued(before) && before > 0 && self.digits(before - 1).is_some();
        let letters_before = self.glued(at) && self.is_word(before) && self.words(before).next().is_none();
        money || digits_before || letters_before
    }

    /// January to December by name.
    pub(super) fn month(&self, at: usize) -> Option<(usize, i8)> {
        let (end, month) =
            self.pick(at, |word| if let Word::Month(month) = word { Some(month) } else { None })?;
        (at == 0 || self.text(at - 1) != "$").then_some((end, month))
    }

    /// A year in four digits or in words, the longest first.
    pub(super) fn years(&self, at: usize) -> Vec<(usize, i16)> {
        if let Some((length, year)) = self.digits(at) {
            let fits = length == 4 && (1500..2200).contains(&year) && !self.glues_to_letters(at);
            return if fits { vec![(at + 1, year as i16)] } else { Vec::new() };
        }
        let mut out: Vec<(usize, i16)> = self
            .numbers(at)
            .iter()
            .filter(|(_, value)| value.fract() == 0.0 && (1500.0..2200.0).contains(value))
            .map(|(end, value)| (*end, *value as i16))
            .collect();
        for (end, century) in self.small(at, 21).into_iter().filter(|(_, century)| *century >= 15) {
            let rest = self.small(end, 99);
            out.extend(
                rest.into_iter()
                    .filter(|(_, rest)| *rest >= 10)
                    .map(|(end, rest)| (end, i16::from(century) * 100 + i16::from(rest))),
            );
        }
        out.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        out
    }

    fn glues_to_letters(&self, at: usize) -> bool {
        (self.glued(at + 1) && self.is_word(at + 1) && self.words(at + 1).next().is_none())
            || (self.glued(at) && at > 0 && self.is_word(at - 1) && self.words(at - 1).next().is_none())
    }

    /// "2nd of May 2019", "fourth of july, 1995", "22/Jan/2019", "23 day of September"
    fn day_then_month(&self, at: usize, out: &mut Vec<(usize, Written)>) {
        let cardinals =
            self.small(at, 31).into_iter().map(|(end, day)| (end, day, self.digits(at).is_some()));
        let ordinal = self.ordinal(at).map(|(end, day)| (end, day, true));
        for (end, day, sure) in ordinal.into_iter().chain(cardinals) {
            let of = self.optional(end, &[Word::Unit(Unit::Day), Word::Of, Word::The]);
            let of = self.separator(of).unwrap_or(of);
            let Some((end, month)) = self.month(of) else { continue };
            if !sure && self.is_ambiguous(of) {
                continue;
            }
            self.with_year(end, month, day, out);
        }
    }

    /// "May the 2nd", "Oct/2", "dec31 , 1994"
    fn month_then_day(&self, at: usize, out: &mut Vec<(usize, Written)>) {
        let Some((end, month)) = self.month(at) else { return };
        let start = self.separator(end).unwrap_or(self.skip(self.skip(end, '.'), ','));
        let start = self.word(start, Word::The).unwrap_or(start);
        let cardinals = self.small(start, 31);
        for (end, day) in self.ordinal(start).into_iter().chain(cardinals) {
            if self.digits(start).is_some() && self.is_clock_after(end) {
                continue;
            }
            self.with_year(end, month, day, out);
        }
    }

    /// "2020 July 4th"
    fn year_then_month_and_day(&self, at: usize) -> Option<(usize, Written)> {
        let (end, year) = self.digits(at).and(self.years(at).first().copied())?;
        let (end, month) = self.month(self.skip(end, ','))?;
        let day =
            || self.small(end, 31).into_iter().next().filter(|(day_end, _)| !self.is_clock_after(*day_end));
        let (end, day) = self.ordinal(end).or_else(day)?;
        Some((end, Written { year: Some(Choice::one(year)), month, day }))
    }

    /// A sign that joins the parts of a date.
    pub(super) fn separator(&self, at: usize) -> Option<usize> {
        self.is_separator(at).then_some(at + 1)
    }

    pub(super) fn is_separator(&self, at: usize) -> bool {
        self.glued(at) && self.glued(at + 1) && matches!(self.text(at), "/" | "-" | ".")
    }

    fn with_year(&self, at: usize, month: i8, day: i8, out: &mut Vec<(usize, Written)>) {
        out.push((at, Written { year: None, month, day }));
        let separator = self.separator(at);
        if let Some((end, year)) = self.year_after(separator.unwrap_or(self.skip(at, '.'))) {
            out.push((end, Written { year: Some(Choice::one(year)), month, day }));
        }
        // "22/Jan/19", "Jan 22 '19"
        let apostrophe = || (matches!(self.text(at), "'" | "’") && self.glued(at + 1)).then_some(at + 1);
        let separated = separator.filter(|_| at >= 2 && self.is_separator(at - 2));
        if let Some(start) = separated.or_else(apostrophe)
            && let Some((2, year)) = self.digits(start)
            && !self.goes_on(start + 1)
        {
            out.push((start + 1, Written { year: Some(calendar::two_digit_year(year as i16)), month, day }));
        }
    }

    /// "2019/aug/01", "2020-23-Sep", "23-2020-September", "September-2020-23"
    fn with_month_between_digits(&self, at: usize) -> Option<(usize, Written)> {
        let mut parts = [Part::Day(0); 3];
        let mut end = at;
        for (index, part) in parts.iter_mut().enumerate() {
            if index > 0 {
                end = self.separator(end)?;
            }
            (end, *part) = self.date_part(end)?;
        }
        let (mut year, mut month, mut day) = (None, None, None);
        for part in parts {
            match part {
                Part::Year(value) => year = Some(value),
                Part::Month(value) => month = Some(value),
                Part::Day(value) => day = Some(value),
            }
        }
        Some((end, Written { year: Some(Choice::one(year?)), month: month?, day: day? }))
    }

    fn date_part(&self, at: usize) -> Option<(usize, Part)> {
        if let Some((end, month)) = self.month(at) {
            return Some((end, Part::Month(month)));
        }
        match self.digits(at)? {
            (4, year) => Some((at + 1, Part::Year(year as i16))),
            (1 | 2, day) => Some((at + 1, Part::Day(day as i8))),
            _ => None,
        }
    }

    /// "siebten vierten", "7. vierter", "dritter/11." after a weekday or "am"
    fn two_ordinals(&self, at: usize, after_weekday: bool) -> Option<(usize, Written)> {
        let words = self.language.datetime.words;
        let the = self.word(at, Word::The);
        let is_led = after_weekday
            || the.is_some()
            || self.follows(at, |word| matches!(word, Word::On | Word::From | Word::To));
        (words.day_first && is_led).then_some(())?;
        let (end, day) = self.ordinal(the.unwrap_or(at))?;
        let (end, month) =
            self.ordinal(self.separator(end).unwrap_or(end)).filter(|(_, month)| (1..=12).contains(month))?;
        match self.year_after(end) {
            Some((end, year)) => Some((end, Written { year: Some(Choice::one(year)), month, day })),
            None => Some((end, Written { year: None, month, day })),
        }
    }
}

#[derive(Clone, Copy)]
enum Part {
    Year(i16),
    Month(i8),
    Day(i8),
}
