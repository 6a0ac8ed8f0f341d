//! Addresses on the web, written (`https://example.com/a?b=c`, `example.com`) and spoken ("www dot example dot com slash news").

use super::address::{host, label, sign};
use super::tokens::Tokens;
use super::{Language, Reading};

/// Spoken paths are short.
const MAX_STEPS: usize = 16;

/// The addresses that begin at token `at`: as written, or with the signs that were said.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<String>> {
    if tokens.is_glued(at)
        && at.checked_sub(1).is_some_and(|left| tokens.is_word(left) || "@.-_".contains(tokens.text(left)))
    {
        return Vec::new();
    }
    let is_scheme = matches!(tokens.text(at), "http" | "https" | "ftp");
    if is_scheme && tokens.after(at + 1, ": / /").is_some() {
        let end = written_end(tokens, at);
        return if end > at + 4 { vec![Reading { end, value: tokens.written(at, end) }] } else { Vec::new() };
    }
    let words = language.address;
    let colon =
        words.colon.iter().filter_map(|colon| tokens.after(at + 1, colon)).max().filter(|_| is_scheme);
    let slashes = colon.and_then(|next| {
        let slash = |next: usize| words.slash.iter().filter_map(|slash| tokens.after(next, slash)).max();
        slash(next).and_then(slash)
    });
    let scheme = slashes.map(|_| format!("{}://", tokens.text(at))).unwrap_or_default();
    let Some(host) = host(tokens, slashes.unwrap_or(at), language) else { return Vec::new() };
    // An e-mail address has the same tail.
    if tokens.is_sign(host.end, '@') {
        return Vec::new();
    }
    let (mut end, mut text) = (host.end, format!("{scheme}{}", host.text));
    if tokens.is_glued(end) && matches!(tokens.text(end), "/" | ":" | "?" | "#") {
        let end = written_end(tokens, at);
        return vec![Reading { end, value: tokens.written(at, end) }];
    }
    let mut out = vec![Reading { end, value: text.clone() }];
    for _ in 0..MAX_STEPS {
        let Some(next) = sign(tokens, end, '/', words.slash) else { break };
        let Some(step) = label(tokens, next, language) else { break };
        text = format!("{text}/{}", step.text);
        end = step.end;
        out.push(Reading { end, value: text.clone() });
    }
    out
}

/// The end of what is written without a space from token `at` on, punctuation of the sentence left out.
fn written_end(tokens: &Tokens, at: usize) -> usize {
    let glued = (at + 1..tokens.len()).take_while(|next| tokens.is_glued(*next)).last().unwrap_or(at);
    let kept = (at..=glued).rev().find(|last| {
        !matches!(tokens.text(*last), "." | "," | ";" | ":" | "!" | "?" | ")" | "\"" | "'" | ">")
    });
    kept.unwrap_or(at) + 1
}

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, Language, recognize};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        let found = recognize(text, Language::find(language).unwrap(), None, &[Kind::Url]);
        let found: Vec<_> = found.iter().map(|e| (e.text.clone(), e.value.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn written() {
        check(
            "en",
            "(see https://example.com/a?q=1%20&b=c).",
            &[("https://example.com/a?q=1%20&b=c", "https://example.com/a?q=1%20&b=c")],
        );
        check(
            "en",
            "www.example.org or example.co.uk/x!",
            &[("www.example.org", "www.example.org"), ("example.co.uk/x", "example.co.uk/x")],
        );
        check("de", "öffne spiegel.example.de", &[("spiegel.example.de", "spiegel.example.de")]);
        check("en", "anna@example.com", &[]);
        check("de", "z.B. so, d.h. nicht.Es", &[]);
    }

    #[test]
    fn spoken() {
        check(
            "en",
            "open www dot example dot com slash news",
            &[("www dot example dot com slash news", "www.example.com/news")],
        );
        check(
            "de",
            "geh auf w w w punkt example punkt de",
            &[("w w w punkt example punkt de", "www.example.de")],
        );
        check(
            "en",
            "https colon slash slash example dot net",
            &[("https colon slash slash example dot net", "https://example.net")],
        );
    }
}
