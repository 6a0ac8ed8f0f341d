//! Words that may be said anywhere: "please", "äh".

/// Where one may go on from each word's start when skip words stand there.
pub(super) struct Skips {
    pub(super) from: Vec<Vec<usize>>,
    /// Whether nothing but skip words follows.
    pub(super) rest: Vec<bool>,
}

pub(super) fn skips<'w>(words: impl Iterator<Item = &'w [char]>, chars: &[char]) -> Skips {
    let words: Vec<_> = words.collect();
    let length = chars.len();
    let mut from = vec![Vec::new(); length + 1];
    let mut rest = vec![false; length + 1];
    rest[length] = true;
    for at in (0..length).rev() {
        let starts_word = at == 0 || chars[at - 1] == ' ';
        if chars[at] == ' ' {
            rest[at] = rest[at + 1];
        }
        if !starts_word {
            continue;
        }
        for word in &words {
            let end = at + word.len();
            if chars.get(at..end) == Some(word) && matches!(chars.get(end), None | Some(' ')) {
                let next = (end + 1).min(length);
                from[at].push(next);
                rest[at] |= rest[next];
            }
        }
    }
    Skips { from, rest }
}
