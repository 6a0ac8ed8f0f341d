//! E-mail addresses, written (`anna.b@example.com`) and spoken ("anna dot b at example dot com", "anna at example punkt de").

use super::address::{host, label, sign};
use super::tokens::Tokens;
use super::{Language, Reading};

/// Longer local parts are none (RFC 5321 allows 64 characters).
const MAX_PIECES: usize = 16;

/// The e-mail addresses that begin at token `at`, in lower case.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<String>> {
    let words = language.address;
    let Some(mut local) = label(tokens, at, language) else { return Vec::new() };
    for _ in 0..MAX_PIECES {
        let dot = sign(tokens, local.end, '.', words.dot).map(|next| (next, '.'));
        let plus =
            (tokens.is_sign(local.end, '+') && tokens.is_glued(local.end)).then_some((local.end + 1, '+'));
        let Some((next, joint)) = dot.or(plus) else { break };
        let Some(more) = label(tokens, next, language) else { break };
        local.text = format!("{}{joint}{}", local.text, more.text);
        local.end = more.end;
    }
    let after_at = sign(tokens, local.end, '@', words.at);
    let Some(host) = after_at.and_then(|next| host(tokens, next, language)) else { return Vec::new() };
    vec![Reading { end: host.end, value: format!("{}@{}", local.text, host.text) }]
}

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, Language, recognize};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        let found = recognize(text, Language::find(language).unwrap(), None, &[Kind::Email]);
        let found: Vec<_> = found.iter().map(|e| (e.text.clone(), e.value.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn written() {
        check(
            "en",
            "Mail to Anna.B+news@mail.example.com.",
            &[("Anna.B+news@mail.example.com", "anna.b+news@mail.example.com")],
        );
        check(
            "de",
            "an anna_2-x@example-shop.de, bitte",
            &[("anna_2-x@example-shop.de", "anna_2-x@example-shop.de")],
        );
        check("en", "me @ home, a@b", &[]);
    }

    #[test]
    fn spoken() {
        check(
            "en",
            "write to anna at example dot com please",
            &[("anna at example dot com", "anna@example.com")],
        );
        check(
            "en",
            "anna underscore smith dot two at mail dot example dot co dot uk",
            &[(
                "anna underscore smith dot two at mail dot example dot co dot uk",
                "anna_smith.two@mail.example.co.uk",
            )],
        );
        check(
            "de",
            "schick das an anna punkt meier at g m x punkt de",
            &[("anna punkt meier at g m x punkt de", "anna.meier@gmx.de")],
        );
        check("en", "meet anna at noon", &[]);
    }
}
