//! Cardinal numbers in digits and words, with fractions: `25`, `1.000`, `22,5`, `twenty five`, `fünfundzwanzig`,
//! `hundred and one`, `two and a half`, `zweiundzwanzig komma fünf`, `anderthalb`, `minus three`.
//!
//! The grammar is one for all languages; [`NumberWords`] says what the words are and whether units go before tens.
//! Words may be written together or apart. Every position gives all its readings, longest or not, because only the
//! sentence around them can choose (`twenty` and `twenty five` both begin at the same place).

use super::{Reading, after, ends_word};

/// The words that numbers are made of in a language, in folded spelling.
#[derive(Debug)]
pub struct NumberWords {
    /// 0 to 9 with all their forms.
    pub units: &'static [(&'static str, u32)],
    /// 10 to 19.
    pub teens: &'static [(&'static str, u32)],
    /// 20, 30 … 90.
    pub tens: &'static [(&'static str, u32)],
    /// Whether 25 is "five and twenty" (German) or "twenty five" (English).
    pub unit_before_tens: bool,
    /// "and".
    pub links: &'static [&'static str],
    /// What stands for one before a hundred or a fraction: "a".
    pub articles: &'static [&'static str],
    /// Hundred, thousand and so on, ascending. The first may follow numbers below 100, the others numbers below 1000.
    pub scales: &'static [Scale],
    /// What opens the decimals: "point".
    pub points: &'static [&'static str],
    /// What makes a number negative.
    pub minus: &'static [&'static str],
    /// Fractions that stand alone, an article before them allowed: "half", "three quarters".
    pub fractions: &'static [(&'static str, f64)],
    /// What adds a fraction to a whole number: "and a half".
    pub mixed: &'static [(&'static str, f64)],
    /// The sign between digits that groups thousands; the other of `.` and `,` opens the decimals.
    pub thousands: char,
}

/// A power of ten with a name.
#[derive(Debug)]
pub struct Scale {
    /// All forms.
    pub words: &'static [&'static str],
    /// Its value.
    pub value: f64,
    /// Whether it may stand without a number before it: "hundred and one".
    pub alone: bool,
}

/// Digits beyond this are a serial number, not an amount, and an `f64` no longer holds them exactly.
const MAX_DIGITS: usize = 15;

/// All numbers that begin at folded character `at` and end at a word's end.
pub fn readings(chars: &[char], at: usize, words: &NumberWords) -> Vec<Reading<f64>> {
    let mut out = partial_readings(chars, at, words);
    out.retain(|reading| ends_word(chars, reading.end));
    out
}

/// As [`readings`], but the number may be glued to what follows it (`Viertelstunde`).
pub(crate) fn partial_readings(chars: &[char], at: usize, words: &NumberWords) -> Vec<Reading<f64>> {
    let grammar = Grammar { chars, words };
    let mut out = grammar.unsigned(at);
    let sign = words.minus.iter().filter_map(|minus| after(chars, at, minus)).max();
    if let Some(end) = sign.or_else(|| (chars.get(at) == Some(&'-')).then_some(at + 1)) {
        out.extend(grammar.unsigned(end).into_iter().map(|r| Reading { end: r.end, value: -r.value }));
    }
    out
}

/// Numbers in digits, for languages without tables; `.` and `,` both open decimals.
pub fn digit_readings(chars: &[char], at: usize) -> Vec<Reading<f64>> {
    const NO_WORDS: NumberWords = NumberWords {
        units: &[],
        teens: &[],
        tens: &[],
        unit_before_tens: false,
        links: &[],
        articles: &[],
        scales: &[],
        points: &[],
        minus: &[],
        fractions: &[],
        mixed: &[],
        thousands: '\'',
    };
    readings(chars, at, &NO_WORDS)
}

struct Grammar<'a> {
    chars: &'a [char],
    words: &'a NumberWords,
}

impl Grammar<'_> {
    fn unsigned(&self, at: usize) -> Vec<Reading<f64>> {
        let mut out = self.digits_or_words(at);
        for whole in out.clone() {
            if whole.value.fract() == 0.0 {
                self.decimals(whole, &mut out);
                let mixed = self.table(whole.end, self.words.mixed);
                out.extend(mixed.map(|m| Reading { end: m.end, value: whole.value + m.value }));
                out.extend(
                    self.slashed(whole.end)
                        .filter(|_| self.starts_word(whole.end))
                        .map(|f| Reading { end: f.end, value: whole.value + f.value }),
                );
            }
        }
        let articles = self.words.articles.iter().filter_map(|article| after(self.chars, at, article));
        for start in articles.chain([at]) {
            out.extend(self.table(start, self.words.fractions));
        }
        out.extend(self.slashed(at));
        out
    }

    fn starts_word(&self, at: usize) -> bool {
        self.chars.get(at) == Some(&' ')
    }

    fn digits_or_words(&self, at: usize) -> Vec<Reading<f64>> {
        let mut out = self.up_to(at, self.words.scales.len());
        if let Some(digits) = self.digits(at) {
            out.push(digits);
            for scale in self.words.scales {
                let named = scale.words.iter().filter_map(|word| after(self.chars, digits.end, word));
                out.extend(named.map(|end| Reading { end, value: digits.value * scale.value }));
            }
        }
        out
    }

    /// Numbers in words below the scale of this level: 0 is below a hundred.
    fn up_to(&self, at: usize, level: usize) -> Vec<Reading<f64>> {
        let Some(scale) = level.checked_sub(1).and_then(|index| self.words.scales.get(index)) else {
            return self.below_hundred(at);
        };
        let mut out = self.up_to(at, level - 1);
        let mut counts = self.up_to(at, usize::from(level > 1));
        counts.retain(|count| count.value >= 1.0);
        let ones = self.words.articles.iter().filter_map(|article| after(self.chars, at, article));
        counts.extend(ones.chain(scale.alone.then_some(at)).map(|end| Reading { end, value: 1.0 }));
        for count in counts {
            for end in scale.words.iter().filter_map(|word| after(self.chars, count.end, word)) {
                let value = count.value * scale.value;
                out.push(Reading { end, value });
                let linked = self.words.links.iter().filter_map(|link| after(self.chars, end, link));
                for start in linked.chain([end]) {
                    let rest = self.up_to(start, level - 1).into_iter().filter(|rest| rest.value >= 1.0);
                    out.extend(rest.map(|rest| Reading { end: rest.end, value: value + rest.value }));
                }
            }
        }
        keep_distinct(&mut out);
        out
    }

    fn below_hundred(&self, at: usize) -> Vec<Reading<f64>> {
        let words = self.words;
        let mut out: Vec<_> =
            self.table_u32(at, words.units).chain(self.table_u32(at, words.teens)).collect();
        let (first, second) =
            if words.unit_before_tens { (words.units, words.tens) } else { (words.tens, words.units) };
        out.extend(self.table_u32(at, words.tens));
        for left in self.table_u32(at, first).filter(|left| left.value >= 1.0) {
            let linked: Vec<usize> = if words.unit_before_tens {
                words.links.iter().filter_map(|link| after(self.chars, left.end, link)).collect()
            } else {
                vec![left.end]
            };
            for start in linked {
                let right = self.table_u32(start, second).filter(|right| right.value >= 1.0);
                out.extend(right.map(|right| Reading { end: right.end, value: left.value + right.value }));
            }
        }
        out
    }

    /// "komma fünf", "point two five", "komma fünfundzwanzig" after a whole number.
    fn decimals(&self, whole: Reading<f64>, out: &mut Vec<Reading<f64>>) {
        for point in self.words.points {
            let Some(start) = after(self.chars, whole.end, point) else { continue };
            let pair = self.below_hundred(start).into_iter().filter(|pair| pair.value >= 10.0);
            out.extend(pair.map(|pair| Reading { end: pair.end, value: whole.value + pair.value / 100.0 }));
            let mut end = start;
            let mut value = 0.0;
            let mut place = 1.0;
            for _ in 0..MAX_DIGITS {
                let spoken = self.table_u32(end, self.words.units).max_by_key(|digit| digit.end);
                let Some(digit) = spoken.or_else(|| self.spaced_digits(end)) else { break };
                place *= 10.0;
                value = value * 10.0 + digit.value;
                end = digit.end;
                out.push(Reading { end, value: whole.value + value / place });
            }
        }
    }

    fn spaced_digits(&self, at: usize) -> Option<Reading<f64>> {
        let at = at + usize::from(self.starts_word(at));
        let digit = self.chars.get(at)?.to_digit(10)?;
        Some(Reading { end: at + 1, value: f64::from(digit) })
    }

    /// `25`, `1.000.000`, `22,5`; nothing if it goes on as a time, a date or a version.
    fn digits(&self, at: usize) -> Option<Reading<f64>> {
        let at = at + usize::from(at > 0 && self.starts_word(at));
        let left = |back: usize| at.checked_sub(back).and_then(|left| self.chars.get(left)).copied();
        let digit_left = |back| left(back).is_some_and(|c: char| c.is_ascii_digit());
        if digit_left(1) || (digit_left(2) && matches!(left(1), Some('.' | ',' | ':' | '/'))) {
            return None;
        }
        let rest = self.chars.get(at..)?;
        let length = rest.iter().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).count();
        let mut written = rest.get(..length)?;
        while let Some((&last, shorter)) = written.split_last()
            && !last.is_ascii_digit()
        {
            written = shorter;
        }
        if !written.first()?.is_ascii_digit()
            || written.iter().filter(|c| c.is_ascii_digit()).count() > MAX_DIGITS
        {
            return None;
        }
        let end = at + written.len();
        let digit_follows = self.chars.get(end + 1).is_some_and(char::is_ascii_digit);
        if digit_follows && matches!(self.chars.get(end), Some(':' | '/' | '.' | ',')) {
            return None;
        }
        let mut groups = written.split(|c| !c.is_ascii_digit());
        let signs: Vec<char> = written.iter().copied().filter(|c| !c.is_ascii_digit()).collect();
        let first = groups.next()?;
        let groups: Vec<&[char]> = groups.collect();
        let text = |parts: &[&[char]]| parts.iter().flat_map(|part| part.iter()).collect::<String>();
        let grouped = |signs: &[char], groups: &[&[char]]| {
            first.len() <= 3
                && !signs.is_empty()
                && signs.iter().all(|s| *s == self.words.thousands)
                && groups.iter().all(|group| group.len() == 3)
        };
        let number = if signs.is_empty() {
            text(&[first])
        } else if grouped(&signs, &groups) {
            text(&[&[first], groups.as_slice()].concat())
        } else {
            let (decimals, thousands) = groups.split_last()?;
            let (_, inner) = signs.split_last()?;
            if !(thousands.is_empty() || grouped(inner, thousands)) {
                return None;
            }
            let whole = text(&[&[first], thousands].concat());
            format!("{whole}.{}", text(&[decimals]))
        };
        Some(Reading { end, value: number.parse().ok()? })
    }

    /// `1/2`, `3/4`, `½`.
    fn slashed(&self, at: usize) -> impl Iterator<Item = Reading<f64>> + use<> {
        let at = at + usize::from(at > 0 && self.starts_word(at));
        let sign = match self.chars.get(at) {
            Some('½') => Some(0.5),
            Some('¼') => Some(0.25),
            Some('¾') => Some(0.75),
            _ => None,
        };
        let run = |start: usize| {
            let digits: String =
                self.chars.iter().skip(start).take(4).take_while(|c| c.is_ascii_digit()).collect();
            Some((start + digits.len(), digits.parse::<f64>().ok()?))
        };
        let written = || {
            let (slash, above) = run(at)?;
            if self.chars.get(slash) != Some(&'/') {
                return None;
            }
            let (end, below) = run(slash + 1)?;
            let goes_on =
                self.chars.get(end).is_some_and(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | ','));
            (below > 0.0 && !goes_on).then_some(Reading { end, value: above / below })
        };
        sign.map(|value| Reading { end: at + 1, value }).or_else(written).into_iter()
    }

    fn table<'t>(
        &self,
        at: usize,
        table: &'t [(&str, f64)],
    ) -> impl Iterator<Item = Reading<f64>> + use<'_, 't> {
        table.iter().filter_map(move |(word, value)| {
            after(self.chars, at, word).map(|end| Reading { end, value: *value })
        })
    }

    fn table_u32<'t>(
        &self,
        at: usize,
        table: &'t [(&str, u32)],
    ) -> impl Iterator<Item = Reading<f64>> + use<'_, 't> {
        table.iter().filter_map(move |(word, value)| {
            after(self.chars, at, word).map(|end| Reading { end, value: f64::from(*value) })
        })
    }
}

/// Words with several forms give the same reading several times; later steps would multiply them.
fn keep_distinct(readings: &mut Vec<Reading<f64>>) {
    readings
        .sort_by(|a, b| (a.end, a.value).partial_cmp(&(b.end, b.value)).unwrap_or(std::cmp::Ordering::Equal));
    readings.dedup();
}

#[cfg(test)]
mod tests {
    use crate::entity::{Language, numbers};

    fn check(language: &str, text: &str, expected: &[(&str, f64)]) {
        let language = Language::find(language).unwrap();
        let found: Vec<_> = numbers(text, language).into_iter().map(|e| (e.text, e.value)).collect();
        let expected: Vec<_> = expected.iter().map(|(text, value)| ((*text).to_owned(), *value)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn digits() {
        check("en", "to 25", &[("25", 25.0)]);
        check("en", "1,000", &[("1,000", 1000.0)]);
        check("en", "1,234,567.5", &[("1,234,567.5", 1_234_567.5)]);
        check("en", "1.5", &[("1.5", 1.5)]);
        check("en", "21,5", &[("21,5", 21.5)]);
        check("de", "1.000", &[("1.000", 1000.0)]);
        check("de", "22,5", &[("22,5", 22.5)]);
        check("de", "22.5", &[("22.5", 22.5)]);
        check("en", "minus 5 or -5", &[("minus 5", -5.0), ("-5", -5.0)]);
        check("en", "at 12:30 on 1.2.3", &[]);
        check("en", "1/2 cup", &[("1/2", 0.5)]);
        check("en", "2 1/2 cups", &[("2 1/2", 2.5)]);
        check("en", "½", &[("½", 0.5)]);
        check("en", "50%, 20°C, 5min", &[("50", 50.0), ("20", 20.0), ("5", 5.0)]);
        check("en", "1234567890123456", &[]);
        check("en", "2 million", &[("2 million", 2e6)]);
    }

    #[test]
    fn english_words() {
        check("en", "twenty five", &[("twenty five", 25.0)]);
        check("en", "Twenty-Five", &[("Twenty-Five", 25.0)]);
        check("en", "hundred and one", &[("hundred and one", 101.0)]);
        check("en", "a hundred", &[("a hundred", 100.0)]);
        check("en", "three hundred twenty", &[("three hundred twenty", 320.0)]);
        check("en", "nineteen hundred", &[("nineteen hundred", 1900.0)]);
        check("en", "two thousand and three", &[("two thousand and three", 2003.0)]);
        check(
            "en",
            "one hundred twenty three thousand four hundred",
            &[("one hundred twenty three thousand four hundred", 123_400.0)],
        );
        check("en", "seventy two point five", &[("seventy two point five", 72.5)]);
        check("en", "zero point two five", &[("zero point two five", 0.25)]);
        check("en", "two and a half", &[("two and a half", 2.5)]);
        check("en", "half", &[("half", 0.5)]);
        check("en", "three quarters", &[("three quarters", 0.75)]);
        check("en", "minus twenty", &[("minus twenty", -20.0)]);
        check("en", "often someone tens", &[]);
    }

    #[test]
    fn german_words() {
        check("de", "fünfundzwanzig", &[("fünfundzwanzig", 25.0)]);
        check("de", "fünf und zwanzig", &[("fünf und zwanzig", 25.0)]);
        check("de", "einundzwanzig", &[("einundzwanzig", 21.0)]);
        check("de", "dreißig", &[("dreißig", 30.0)]);
        check("de", "hundert", &[("hundert", 100.0)]);
        check("de", "hunderteins", &[("hunderteins", 101.0)]);
        check(
            "de",
            "zweihundertfünfunddreißigtausendsiebenhundertelf",
            &[("zweihundertfünfunddreißigtausendsiebenhundertelf", 235_711.0)],
        );
        check("de", "neunzehnhundertachtzig", &[("neunzehnhundertachtzig", 1980.0)]);
        check("de", "eine Million zweihunderttausend", &[("eine Million zweihunderttausend", 1.2e6)]);
        check("de", "zweiundzwanzig komma fünf", &[("zweiundzwanzig komma fünf", 22.5)]);
        check("de", "zwei Komma fünfundzwanzig", &[("zwei Komma fünfundzwanzig", 2.25)]);
        check("de", "eineinhalb", &[("eineinhalb", 1.5)]);
        check("de", "anderthalb", &[("anderthalb", 1.5)]);
        check("de", "zweieinhalb", &[("zweieinhalb", 2.5)]);
        check("de", "ein halb", &[("ein halb", 0.5)]);
        check("de", "minus drei", &[("minus drei", -3.0)]);
        check("de", "Eintritt verachtet Dreirad", &[]);
    }

    #[test]
    fn long_input_stays_linear() {
        let german = Language::find("de").unwrap();
        for text in
            ["zwei hundert ".repeat(800), "hundert".repeat(1400), "9".repeat(10_000), "und ".repeat(2500)]
        {
            numbers(&text, german);
        }
    }
}
