//! What e-mail addresses and addresses on the web have in common: names of hosts, written and spoken.

use super::Language;
use super::tokens::{TokenKind, Tokens};

/// The words for signs of addresses in a language, in folded spelling.
#[derive(Debug)]
pub struct AddressWords {
    /// `@`
    pub at: &'static [&'static str],
    /// `.`
    pub dot: &'static [&'static str],
    /// `/`
    pub slash: &'static [&'static str],
    /// Signs inside a name, and what stands for them: `-`, `_`.
    pub inner: &'static [(&'static str, char)],
    /// "colon", before the slashes of `https://`.
    pub colon: &'static [&'static str],
}

/// Domains that end an address. A list, because `z.B.` and "at home. It" are none.
const TOP_LEVEL: [&str; 58] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "io", "ai", "app", "dev", "eu", "de",
    "at", "ch", "li", "lu", "uk", "ie", "us", "ca", "au", "nz", "fr", "es", "pt", "nl", "be", "dk", "se",
    "no", "fi", "pl", "cz", "sk", "hu", "ru", "ua", "jp", "cn", "kr", "in", "br", "mx", "za", "tv", "me",
    "online", "shop", "cloud", "berlin", "wien", "blog", "club", "xyz", "tech",
];

/// Longer names than DNS allows are none (RFC 1035).
const MAX_LABELS: usize = 16;

/// A piece of an address with the token after it.
pub(super) struct Piece {
    pub(super) end: usize,
    pub(super) text: String,
}

/// Whether the sign at token `at` is part of a name without spaces.
fn is_written(tokens: &Tokens, at: usize) -> bool {
    tokens.is_glued(at) && tokens.is_glued(at + 1)
}

/// The token after a sign that is written (`.`) or said ("dot").
pub(super) fn sign(tokens: &Tokens, at: usize, written: char, said: &[&str]) -> Option<usize> {
    if tokens.is_sign(at, written) && is_written(tokens, at) {
        return Some(at + 1);
    }
    said.iter().filter_map(|word| tokens.after(at, word)).max()
}

/// A name without dots: `anna`, `anna_1`, "anna underscore one", "g m x". Letters and digits of one name are glued, except
/// single letters that are spelled.
pub(super) fn label(tokens: &Tokens, at: usize, language: &Language) -> Option<Piece> {
    let words = language.address;
    let mut end = at;
    let mut text = String::new();
    loop {
        let token = tokens.get(end).filter(|token| token.kind != TokenKind::Sign)?;
        text.push_str(&token.text);
        let is_letter = |at: usize| tokens.is_word(at) && tokens.text(at).chars().count() == 1;
        let mut spelled = is_letter(end) && !tokens.is_glued(end);
        end += 1;
        while text.len() < 64 && tokens.get(end).is_some_and(|next| next.kind != TokenKind::Sign) {
            let goes_on = tokens.is_glued(end) || (spelled && is_letter(end));
            if !goes_on {
                break;
            }
            spelled = spelled && is_letter(end);
            text.push_str(tokens.text(end));
            end += 1;
        }
        let inner = words.inner.iter().find_map(|(said, sign)| {
            let after = if tokens.is_sign(end, *sign) && is_written(tokens, end) {
                Some(end + 1)
            } else {
                tokens.after(end, said)
            };
            after
                .filter(|after| tokens.get(*after).is_some_and(|next| next.kind != TokenKind::Sign))
                .map(|after| (after, *sign))
        });
        match inner {
            Some((after, sign)) if text.len() < 64 => {
                text.push(sign);
                end = after;
            }
            _ => return Some(Piece { end, text }),
        }
    }
}

/// A name with dots that ends in a domain of [`TOP_LEVEL`]: `mail.example.com`, "example dot co dot uk".
pub(super) fn host(tokens: &Tokens, at: usize, language: &Language) -> Option<Piece> {
    let mut piece = label(tokens, at, language)?;
    let mut known = None;
    for _ in 0..MAX_LABELS {
        let Some(next) = sign(tokens, piece.end, '.', language.address.dot) else { break };
        // "Es regnet.Es" lacks a space.
        if starts_sentence(tokens, piece.end, next) {
            break;
        }
        let Some(more) = label(tokens, next, language) else { break };
        piece.end = more.end;
        piece.text.push('.');
        piece.text.push_str(&more.text);
        if TOP_LEVEL.contains(&more.text.as_str()) {
            known = Some((piece.end, piece.text.len()));
        }
    }
    let (end, length) = known?;
    piece.text.truncate(length);
    Some(Piece { end, text: piece.text })
}

/// Whether an address may stand anywhere in the text.
pub(super) fn may_stand(tokens: &Tokens) -> bool {
    tokens.iter().any(|token| {
        TOP_LEVEL.contains(&token.text.as_str()) || matches!(token.text.as_str(), "http" | "https" | "ftp")
    })
}

fn starts_sentence(tokens: &Tokens, dot: usize, next: usize) -> bool {
    let is_capital = |at: usize| tokens.written(at, at + 1).chars().next().is_some_and(char::is_uppercase);
    tokens.is_sign(dot, '.') && is_capital(next) && !dot.checked_sub(1).is_some_and(is_capital)
}
