//! Money: "five euros", `$ 75 million`, `USD 20`, "two dollars fifty", "zwölf Euro und zehn Cent".

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::phrases::{self, Found, Phrases};
use super::quantity::opens_number;
use super::tokens::{TokenKind, Tokens};
use super::{Language, Reading, number};

/// An amount of money; the currency alone where no number stands with it ("in dollars").
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Money {
    /// How much.
    pub amount: Option<f64>,
    /// Of what.
    #[serde(deserialize_with = "Currency::by_name")]
    pub currency: &'static Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.currency.code.unwrap_or(self.currency.name);
        match self.amount {
            Some(amount) => write!(f, "{amount} {name}"),
            None => f.write_str(name),
        }
    }
}

/// A currency, or a name that several share ("dollar").
#[derive(Debug, PartialEq)]
pub struct Currency {
    /// Its English name.
    pub name: &'static str,
    /// ISO 4217; `None` where several share the name.
    pub code: Option<&'static str>,
    /// Of a part such as the cent: how many make one of the main unit.
    pub parts: Option<f64>,
}

/// The words for money in a language.
#[derive(Debug)]
pub struct CurrencyWords {
    /// Names of currencies, in the notation of `phrases.rs`. A line called `@names` says that the English names count.
    pub table: &'static str,
    /// Codes that are words too, such as ALL: they count in capitals behind the number only.
    pub word_codes: &'static [&'static str],
}

/// All currencies, with their signs.
static CURRENCIES: LazyLock<Vec<(Currency, &'static str)>> = LazyLock::new(|| {
    let rows = phrases::lines(include_str!("currencies.tsv"));
    let currencies = rows.map(|(name, rest)| {
        let (code, signs) = rest.split_once('\t').unwrap_or((rest, ""));
        let part_of = code.strip_prefix('/').and_then(|parts| parts.parse().ok());
        let code = Some(code).filter(|code| *code != "-" && part_of.is_none());
        (Currency { name, code, parts: part_of }, signs)
    });
    currencies.collect()
});

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        into.serialize_str(self.name)
    }
}

impl Currency {
    /// The currency of this English name, such as `Swiss franc`.
    pub fn find(name: &str) -> Option<&'static Self> {
        CURRENCIES.iter().map(|(currency, _)| currency).find(|currency| currency.name == name)
    }

    /// What was stored by name.
    fn by_name<'de, D: Deserializer<'de>>(from: D) -> Result<&'static Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::find(&name).ok_or_else(|| D::Error::custom(format_args!("no currency is called {name}")))
    }
}

/// What a phrase says of the money beside it.
#[derive(Clone, Copy, Debug)]
struct Tender {
    currency: &'static Currency,
    /// A million in `MEUR`.
    factor: f64,
    /// Whether it may stand before the number, as signs and codes do.
    is_sign: bool,
}

/// [`CurrencyWords`], made ready for looking up.
#[derive(Debug)]
pub struct CurrencyTable {
    phrases: Phrases<Tender>,
}

impl CurrencyTable {
    pub(crate) fn new(words: &CurrencyWords) -> Self {
        let own: HashMap<_, _> = phrases::lines(words.table).collect();
        let mut phrases = Phrases::default();
        let name_is_form = own.contains_key("@names");
        for (currency, signs) in CURRENCIES.iter() {
            let tender = |is_sign| Tender { currency, factor: 1.0, is_sign };
            for sign in phrases::forms(signs) {
                phrases.add(sign, tender(true), false);
            }
            for form in own.get(currency.name).into_iter().flat_map(|list| phrases::forms(list)) {
                phrases::expand(form, &own).iter().for_each(|form| phrases.add(form, tender(false), true));
            }
            if name_is_form {
                let name = currency.name.to_lowercase();
                let (adjective, noun) = name.rsplit_once(' ').unwrap_or(("", name.as_str()));
                let form = if own.contains_key(format!("@{noun}").as_str()) && !adjective.is_empty() {
                    format!("{adjective} {{{noun}}}")
                } else {
                    name
                };
                let is_own = own
                    .get(currency.name)
                    .is_some_and(|list| phrases::forms(list).any(|f| f.trim_end_matches('?') == form));
                if !is_own {
                    phrases::expand(&form, &own)
                        .iter()
                        .for_each(|form| phrases.add(form, tender(false), true));
                }
            }
            let Some(code) = currency.code else { continue };
            if words.word_codes.contains(&code) {
                phrases.add(&format!("={code}"), tender(false), false);
                continue;
            }
            phrases.add(&code.to_lowercase(), tender(true), false);
            for (prefix, factor) in [("M", 1e6), ("T", 1e3), ("K", 1e3), ("k", 1e3)] {
                let scaled = Tender { currency, factor, is_sign: true };
                phrases.add(&format!("={prefix}{code}"), scaled, false);
            }
        }
        Self { phrases }
    }

    fn at(&self, tokens: &Tokens, at: usize) -> Vec<Found<Tender>> {
        let mut found = self.phrases.at(tokens, at);
        found.retain(|tender| {
            !tokens.is_glued(tender.end)
                || !tokens.is_word(tender.end)
                || tokens.get(tender.end - 1).is_some_and(|t| t.kind == TokenKind::Sign)
        });
        found
    }
}

/// All amounts of money that begin at token `at`.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<Money>> {
    let table: &CurrencyTable = &language.currency;
    let mut out = Vec::new();
    let is_open = !tokens.is_glued(at) || !at.checked_sub(1).is_some_and(|left| tokens.is_word(left));
    let before = if is_open { table.at(tokens, at) } else { Vec::new() };
    for sign in before {
        let currency = sign.value.currency;
        if sign.stands_alone {
            out.push(Reading { end: sign.end, value: Money { amount: None, currency } });
        }
        if !sign.value.is_sign {
            continue;
        }
        let plain = number::readings(tokens, sign.end, language).into_iter();
        for number in plain.filter(|number| !is_divided(tokens, sign.end, number.end, language)) {
            let amount = number.value * sign.value.factor;
            let money = |end, amount| Reading { end, value: Money { amount: Some(amount), currency } };
            with_parts(tokens, money(number.end, amount), true, language, &mut out);
            // `$3m`
            if tokens.is_glued(number.end) && MILLIONS.contains(&tokens.text(number.end)) {
                out.push(money(number.end + 1, amount * 1e6));
            }
        }
    }
    if opens_number(tokens, at) {
        for number in number::readings(tokens, at, language) {
            behind(tokens, number, language, &mut out);
        }
    }
    out
}

/// A number with the currency behind it.
fn behind(tokens: &Tokens, number: Reading<f64>, language: &Language, out: &mut Vec<Reading<Money>>) {
    let table: &CurrencyTable = &language.currency;
    let words = language.number.words;
    let mut start = number.end + usize::from(tokens.is_sign(number.end, '-'));
    // "2,5 Mio. Euro"
    start +=
        usize::from(tokens.is_sign(start, '.') && tokens.is_glued(start) && tokens.is_word(number.end - 1));
    if number.value < 1.0 {
        start += usize::from(words.of.contains(&tokens.text(start)));
        start += usize::from(words.articles.contains(&tokens.text(start)));
    }
    for found in table.at(tokens, start) {
        // In "1 $10" the sign belongs to what follows.
        if tokens.is_glued(found.end) && tokens.is_digits(found.end) {
            continue;
        }
        let currency = found.value.currency;
        let amount = number.value * found.value.factor;
        let money = |end, amount| Reading { end, value: Money { amount: Some(amount), currency } };
        with_parts(tokens, money(found.end, amount), false, language, out);
        // "75 USD million"
        let scale = words.scales.iter().find(|scale| scale.words.contains(&tokens.text(found.end)));
        out.extend(
            scale.filter(|_| found.value.is_sign).map(|scale| money(found.end + 1, amount * scale.value)),
        );
    }
}

/// Whether the number in tokens `start..end` was divided: "$10 over 3 years" is no share of ten dollars.
fn is_divided(tokens: &Tokens, start: usize, end: usize, language: &Language) -> bool {
    let words = language.number.words;
    let divides = |text: &str| words.over.contains(&text) || words.out_of.is_some_and(|(out, _)| out == text);
    (start..end).any(|at| divides(tokens.text(at)))
}

/// Adds `whole`, and the same with what follows: "and fifty cents", "fifty".
fn with_parts(
    tokens: &Tokens,
    whole: Reading<Money>,
    is_before: bool,
    language: &Language,
    out: &mut Vec<Reading<Money>>,
) {
    out.push(whole);
    let Some(amount) = whole.value.amount.filter(|amount| amount.fract() == 0.0 && *amount < MAX_WITH_PARTS)
    else {
        return;
    };
    if whole.value.currency.parts.is_some() {
        return;
    }
    let table: &CurrencyTable = &language.currency;
    let is_linked = language.number.words.links.contains(&tokens.text(whole.end));
    let start = whole.end + usize::from(is_linked);
    let numbers = number::readings(tokens, start, language);
    for part in numbers.iter().filter(|part| (0.0..100.0).contains(&part.value)) {
        for found in table.at(tokens, part.end) {
            let Some(parts) = found.value.currency.parts else { continue };
            let sum = amount + part.value / parts;
            out.push(with_amount(found.end, sum, whole));
            if parts == 10.0 {
                // "five mao five"
                let last = number::readings(tokens, found.end, language)
                    .into_iter()
                    .find(|last| (0.0..10.0).contains(&last.value));
                out.extend(last.map(|last| with_amount(last.end, sum + last.value / 100.0, whole)));
            }
        }
    }
    // "thirteen dollars forty five"
    let Some(bare) = numbers.into_iter().max_by_key(|number| number.end) else { return };
    let is_cents =
        (1.0..100.0).contains(&bare.value) && bare.value.fract() == 0.0 && !tokens.is_sign(start, '-');
    let has_unit =
        !table.at(tokens, bare.end).is_empty() || tokens.is_glued(bare.end) && !tokens.is_sign(bare.end, '.');
    let ends = tokens.get(bare.end).is_none_or(|next| next.kind == TokenKind::Sign);
    let is_said_so = if is_linked { ends } else { !is_before };
    if is_cents && !has_unit && is_said_so {
        out.push(with_amount(bare.end, amount + bare.value / 100.0, whole));
    }
}

fn with_amount(end: usize, amount: f64, whole: Reading<Money>) -> Reading<Money> {
    Reading { end, value: Money { amount: Some(amount), ..whole.value } }
}

/// What makes millions of an amount that has its sign before it.
const MILLIONS: [&str; 3] = ["m", "mn", "mio"];

/// Larger amounts are not told to the cent.
const MAX_WITH_PARTS: f64 = 1e6;

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, Language, recognize};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        let found = recognize(text, Language::find(language).unwrap(), None, &[Kind::Currency]);
        let found: Vec<_> = found.iter().map(|e| (e.text.clone(), e.value.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn english() {
        check("en", "send anna 20 euros", &[("20 euros", "20 EUR")]);
        check("en", "it was £4.50 or C$ 8", &[("£4.50", "4.5 Pound"), ("C$ 8", "8 CAD")]);
        check("en", "two dollars and five cents", &[("two dollars and five cents", "2.05 Dollar")]);
        check("en", "half a million norwegian kroner", &[("half a million norwegian kroner", "500000 NOK")]);
        check("en", "all 5 of us try 3 cups", &[]);
        check("en", "a 12-dollar ticket", &[("12-dollar", "12 Dollar")]);
        check("en", "£3m", &[("£3m", "3000000 Pound")]);
        check("en", "how much is that in rupees", &[("rupees", "Rupee")]);
        check("en", "3 KUSD and 40 MSEK", &[("3 KUSD", "3000 USD"), ("40 MSEK", "40000000 SEK")]);
    }

    #[test]
    fn german() {
        check("de", "überweise zwölf Euro fünfzig", &[("zwölf Euro fünfzig", "12.5 EUR")]);
        check("de", "1.200,50 CHF", &[("1.200,50 CHF", "1200.5 CHF")]);
        check(
            "de",
            "3 Mrd. Euro für 2 schwedische Kronen",
            &[("3 Mrd. Euro", "3000000000 EUR"), ("2 schwedische Kronen", "2 SEK")],
        );
        check("de", "fünf Cent", &[("fünf Cent", "5 Cent")]);
        check("de", "dem 5 Mann starken Team", &[]);
    }
}
