//! Holds text back as long as it might be the start of a stop string.

/// Watches a text, given in pieces, for the first stop string.
#[derive(Debug)]
pub(super) struct StopStrings {
    stops: Vec<String>,
    /// Text that is not given out yet: the start of a stop string, perhaps.
    held: String,
}

impl StopStrings {
    pub(super) fn new(stops: Vec<String>) -> Self {
        Self { stops, held: String::new() }
    }

    /// Adds `text` and appends to `out` what is certain now. Gives `true` when a stop string was found: `out` then ends
    /// before it, and the rest is dropped.
    pub(super) fn push(&mut self, text: &str, out: &mut String) -> bool {
        self.held.push_str(text);
        let found = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str())).min();
        let certain = found.unwrap_or_else(|| self.held.len() - self.undecided());
        out.extend(self.held.drain(..certain));
        if found.is_some() {
            self.held.clear();
        }
        found.is_some()
    }

    /// Ends the text: appends to `out` what was held back.
    pub(super) fn finish(&mut self, out: &mut String) {
        out.push_str(&self.held);
        self.held.clear();
    }

    /// Bytes at the end that could become a stop string.
    fn undecided(&self) -> usize {
        let starts = self.held.char_indices().map(|(at, _)| self.held.split_at(at).1);
        let mut tails = starts.filter(|tail| self.stops.iter().any(|stop| stop.starts_with(tail)));
        tails.next().map_or(0, str::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stops: &[&str], pieces: &[&str], expected: &[&str], stopped: bool) {
        let mut watch = StopStrings::new(stops.iter().map(|stop| (*stop).to_owned()).collect());
        let mut given = Vec::new();
        let mut found = false;
        for piece in pieces {
            let mut out = String::new();
            found = watch.push(piece, &mut out);
            given.push(out);
            if found {
                break;
            }
        }
        let mut rest = String::new();
        watch.finish(&mut rest);
        given.push(rest);
        assert_eq!((given, found), (expected.iter().map(|text| (*text).to_owned()).collect(), stopped));
    }

    #[test]
    fn without_stop_strings_nothing_is_held() {
        check(&[], &["a", "b"], &["a", "b", ""], false);
    }

    #[test]
    fn a_stop_string_across_pieces_is_not_given_out() {
        check(&["\n\n"], &["one\n", "\ntwo"], &["one", "", ""], true);
        check(&["STOP"], &["say S", "T", "OP now"], &["say ", "", "", ""], true);
    }

    #[test]
    fn what_turns_out_harmless_is_given_out() {
        check(&["STOP"], &["S", "TOO"], &["", "STOO", ""], false);
        check(&["STOP"], &["ST"], &["", "ST"], false);
        check(&["aab"], &["aa", "ab!"], &["", "a", ""], true);
    }

    #[test]
    fn the_first_of_several_counts() {
        check(&["world", "o w"], &["hello world"], &["hell", ""], true);
        check(&["äö"], &["xä", "u"], &["x", "äu", ""], false);
    }
}
