//! Telephone numbers, written (`+49 30 1234-567`, `(415) 555-0199`) and spoken ("null eins sieben drei …", "oh two double five").

use super::number;
use super::tokens::{TokenKind, Tokens};
use super::{Language, Reading};

/// The words of telephone numbers in a language, in folded spelling.
#[derive(Debug)]
pub struct PhoneWords {
    /// What opens an international number: "plus".
    pub plus: &'static [&'static str],
    /// What says the next digit several times: "double".
    pub repeats: &'static [(&'static str, usize)],
    /// Numbers that are not dictated: "eins" is, "einen" is an article.
    pub articles: &'static [&'static str],
}

/// ITU-T E.164 allows fifteen digits.
const MAX_DIGITS: usize = 15;
/// Emergency numbers have three.
const MIN_DIGITS: usize = 3;
/// Fewer are hardly a telephone number where none is asked for.
const MIN_LIKELY: usize = 7;

/// How a number was written or said.
#[derive(Clone, Debug, Default)]
struct Dialled {
    digits: String,
    is_international: bool,
    is_in_parentheses: bool,
    /// The lengths of its groups with the sign before each; a space is none.
    groups: Vec<(Option<char>, usize)>,
    /// How many words were said one by one.
    spoken: usize,
}

/// All telephone numbers that begin at token `at`.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<String>> {
    dialled(tokens, at, language)
        .into_iter()
        .map(|(end, dialled)| Reading { end, value: dialled.text() })
        .collect()
}

/// Those that are one even where nobody asked for a number.
pub(crate) fn likely(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<String>> {
    let glued = at > 0 && tokens.is_glued(at) && !tokens.get(at - 1).is_some_and(|left| left.is_sign(':'));
    if glued {
        return Vec::new();
    }
    let all = dialled(tokens, at, language).into_iter();
    let whole =
        all.filter(|(end, _)| !(tokens.is_glued(*end) && (tokens.is_word(*end) || tokens.is_digits(*end))));
    whole.filter(|(_, d)| d.is_likely()).map(|(end, d)| Reading { end, value: d.text() }).collect()
}

fn dialled(tokens: &Tokens, at: usize, language: &Language) -> Vec<(usize, Dialled)> {
    let words = language.phone;
    let mut out = Vec::new();
    let mut so_far = Dialled::default();
    let mut next = at;
    if tokens.is_sign(next, '+') || words.plus.contains(&tokens.text(next)) {
        so_far.is_international = true;
        next += 1;
    }
    let mut sign = None;
    loop {
        if let Some((inner, group)) = in_parentheses(tokens, next) {
            so_far.is_in_parentheses = true;
            so_far.push(sign.take(), &group);
            next = inner;
        } else if let Some((end, group, is_spoken)) = group(tokens, next, language) {
            so_far.push(sign.take(), &group);
            so_far.spoken += usize::from(is_spoken);
            next = end;
        } else {
            break;
        }
        if so_far.digits.len() > MAX_DIGITS {
            break;
        }
        if so_far.digits.len() >= MIN_DIGITS {
            out.push((next, so_far.clone()));
        }
        let between =
            tokens.get(next).filter(|token| token.kind == TokenKind::Sign && "-/.,".contains(&token.text));
        if let Some(token) = between {
            sign = token.text.chars().next();
            next += 1;
        }
    }
    out
}

/// Digits, or a word for one or two of them; the end, the digits, and whether it was a word.
fn group(tokens: &Tokens, at: usize, language: &Language) -> Option<(usize, String, bool)> {
    let token = tokens.get(at)?;
    if token.kind == TokenKind::Digits {
        return Some((at + 1, token.text.clone(), false));
    }
    let text = token.text.as_str();
    if let Some((_, times)) = language.phone.repeats.iter().find(|(word, _)| *word == text) {
        let (end, digit, _) = group(tokens, at + 1, language).filter(|(_, digits, _)| digits.len() == 1)?;
        return Some((end, digit.repeat(*times), true));
    }
    if language.number.words.spoken_zeros.contains(&text) {
        return Some((at + 1, "0".to_owned(), true));
    }
    let word = number::steps(tokens, at, language).into_iter().rfind(|(step, _)| step.value < 100.0)?.0;
    if token.kind != TokenKind::Word || language.phone.articles.contains(&text) {
        return None;
    }
    Some((word.end, format!("{}", word.value), true))
}

/// `(0)30`, `(415)`.
fn in_parentheses(tokens: &Tokens, at: usize) -> Option<(usize, String)> {
    let inner =
        tokens.get(at + 1).filter(|token| token.kind == TokenKind::Digits && token.text.len() <= 5)?;
    (tokens.is_sign(at, '(') && tokens.is_sign(at + 2, ')')).then(|| (at + 3, inner.text.clone()))
}

impl Dialled {
    fn push(&mut self, sign: Option<char>, digits: &str) {
        // `+49 (0)30`: the zero is dialled at home only.
        let is_trunk =
            self.is_international && self.is_in_parentheses && digits == "0" && self.groups.len() == 1;
        if !is_trunk {
            self.digits.push_str(digits);
        }
        self.groups.push((sign, digits.len()));
    }

    fn text(&self) -> String {
        let plus = if self.is_international { "+" } else { "" };
        format!("{plus}{}", self.digits)
    }

    fn is_likely(&self) -> bool {
        if self.digits.len() < MIN_LIKELY || self.is_date() {
            return false;
        }
        let lengths: Vec<usize> = self.groups.iter().map(|(_, length)| *length).collect();
        let has_sign = self.groups.iter().any(|(sign, _)| sign.is_some()) || self.is_in_parentheses;
        let is_american = matches!(lengths.as_slice(), [3, 3, 4] | [1, 3, 3, 4] | [3, 4]);
        let has_commas = self.groups.iter().any(|(sign, _)| *sign == Some(',')) && self.spoken == 0;
        !has_commas
            && (self.is_international
                || self.digits.starts_with('0')
                || (has_sign && is_american)
                || self.spoken >= MIN_LIKELY - 1)
    }

    /// `01.02.2026`, `2026-02-01`.
    fn is_date(&self) -> bool {
        let signs: Vec<_> = self.groups.iter().skip(1).filter_map(|(sign, _)| *sign).collect();
        let lengths: Vec<_> = self.groups.iter().map(|(_, length)| *length).collect();
        signs.len() == 2 && matches!(lengths.as_slice(), [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2])
    }
}

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, Language, recognize};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        let found = recognize(text, Language::find(language).unwrap(), None, &[Kind::Phone]);
        let found: Vec<_> = found.iter().map(|e| (e.text.clone(), e.value.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn written() {
        check("en", "call +1 (415) 555-2671 now", &[("+1 (415) 555-2671", "+14155552671")]);
        check("en", "555-0199 or 800.555.0199.", &[("555-0199", "5550199"), ("800.555.0199", "8005550199")]);
        check("de", "ruf +49 (0)30 123456 an", &[("+49 (0)30 123456", "+4930123456")]);
        check("de", "unter 0171/1234567", &[("0171/1234567", "01711234567")]);
        check("de", "Tel.:030 12 34 56 7", &[("030 12 34 56 7", "0301234567")]);
    }

    #[test]
    fn spoken() {
        check(
            "en",
            "dial oh two oh seven double five one two",
            &[("oh two oh seven double five one two", "02075512")],
        );
        check("en", "five five five zero one nine nine", &[("five five five zero one nine nine", "5550199")]);
        check(
            "de",
            "wähle null eins sieben zwo drei vier fünfundzwanzig",
            &[("null eins sieben zwo drei vier fünfundzwanzig", "01723425")],
        );
        check(
            "de",
            "plus vier neun drei null eins zwei drei",
            &[("plus vier neun drei null eins zwei drei", "+4930123")],
        );
    }

    #[test]
    fn no_telephones() {
        check("en", "1,234,567 people on 2026-11-25 or 01.02.2026", &[]);
        check("en", "set a timer for 20 minutes", &[]);
        check("de", "zwei oder drei Lampen", &[]);
    }
}
