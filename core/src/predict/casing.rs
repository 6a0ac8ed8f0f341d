//! Upper and lower case of what is shown.

/// How a suggestion is written, whatever the lexicon's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    /// As in the lexicon.
    AsListed,
    /// With a capital.
    Capitalised,
    /// All capitals.
    Upper,
}

impl Casing {
    /// What the letters typed ask for; where none are typed, a sentence begins with a capital.
    pub(super) fn of(composing: &str, sentence_start: bool) -> Self {
        let mut letters = composing.chars().filter(|letter| letter.is_alphabetic());
        let Some(first) = letters.next() else {
            return if sentence_start { Self::Capitalised } else { Self::AsListed };
        };
        let mut rest = letters.peekable();
        match (first.is_uppercase(), rest.peek().is_some() && rest.all(char::is_uppercase)) {
            (true, true) => Self::Upper,
            (true, false) => Self::Capitalised,
            (false, _) => Self::AsListed,
        }
    }

    /// `word` written so.
    pub(super) fn apply(self, word: &str) -> String {
        match self {
            Self::AsListed => word.to_owned(),
            Self::Upper => word.to_uppercase(),
            Self::Capitalised => capitalised(word),
        }
    }
}

/// `word` with its first letter in upper case. A first letter without a single capital (`ß`) stays.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return String::new() };
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(capital), None) => std::iter::once(capital).chain(letters).collect(),
        _ => word.to_owned(),
    }
}

/// `word` with its first letter in lower case.
pub(super) fn uncapitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_decides() {
        fn check(composing: &str, sentence_start: bool, word: &str, expected: &str) {
            assert_eq!(Casing::of(composing, sentence_start).apply(word), expected, "{composing:?}");
        }
        check("", false, "morgen", "morgen");
        check("", true, "morgen", "Morgen");
        check("mo", true, "morgen", "morgen");
        check("Mo", false, "morgen", "Morgen");
        check("M", false, "morgen", "Morgen");
        check("MO", false, "morgen", "MORGEN");
        check("ha", false, "Haus", "Haus");
        check("STRA", false, "Straße", "STRASSE");
        check("", true, "über", "Über");
        check("", true, "ßpa", "ßpa");
        check("I'", false, "i'm", "I'm");
        check("'", true, "'tis", "'tis");
        assert_eq!(uncapitalised("IPhone"), "iPhone");
    }
}
