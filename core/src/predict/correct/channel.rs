//! How likely fingers and spelling turn one word into the letters typed: the noisy channel (Kernighan, Church and Gale 1990;
//! taps as in Goodman et al. 2002).
//!
//! A cost is −ln of the slip's probability, next to typing the letter right. The weights stand in [`costs`].

use super::keys::{Keyboard, Touch};
use crate::predict::lexicon::fold::fold;

/// What slips cost, in nats.
pub(super) mod costs {
    /// A key next to the right one.
    pub(crate) const NEIGHBOUR: f32 = 4.0;
    /// A key further away, and any other letter.
    pub(crate) const FAR: f32 = 7.5;
    /// A letter that sounds alike, or another vowel.
    pub(crate) const SOUND: f32 = 4.6;
    /// Two letters in the wrong order.
    pub(crate) const TRANSPOSED: f32 = 4.2;
    /// A letter two places too early or too late.
    pub(crate) const MOVED: f32 = 6.0;
    /// A letter left out.
    pub(crate) const OMITTED: f32 = 4.6;
    /// One of two equal letters left out, or one doubled.
    pub(crate) const DOUBLED: f32 = 3.8;
    /// A key too many that lies next to the one before or after.
    pub(crate) const BESIDE: f32 = 5.2;
    /// Any letter too many.
    pub(crate) const INSERTED: f32 = 6.6;
    /// An apostrophe or hyphen left out, or too many.
    pub(crate) const MARK: f32 = 1.5;
    /// An accent or umlaut left out; `ss` for `ß`.
    pub(crate) const PLAIN: f32 = 1.5;
    /// An umlaut for its vowel.
    pub(crate) const DOTTED: f32 = 5.0;
    /// An accent too many: nobody types one by mistake.
    pub(crate) const ACCENTED: f32 = 9.0;
    /// `ae` for `ä`, `ue` for `ü`.
    pub(crate) const SPELLED: f32 = 0.5;
    /// On top, if the first letter is wrong.
    pub(crate) const FIRST: f32 = 0.7;
}

/// Squared distance in key units within which keys are neighbours.
const NEAR: f32 = 1.7;
/// Standard deviations of taps, in key units; Azenkot and Zhai (2012) measured 0.2 to 0.4 key widths.
const SPREAD: [f32; 2] = [0.30, 0.36];
/// How much a tap may say for or against a letter, in nats, and where the scale's middle lies.
const TAP_SAYS: [f32; 2] = [-2.0, 0.7];
const TAP_MIDDLE: f32 = 1.0;
const TAP_WEIGHT: f32 = 0.35;

const LETTERS: usize = 26;

/// Parts of a nat in which walks count: whole numbers are compared several at a time.
const PARTS: f32 = 128.0;

/// A cost in the unit of walks, rounded down.
pub(super) fn parts(cost: f32) -> u16 {
    (cost * PARTS) as u16
}

/// A cost in nats.
pub(super) fn nats(parts: u16) -> f32 {
    f32::from(parts) / PARTS
}

/// The slips that could have led to the letters typed.
#[derive(Clone, Debug)]
pub(super) struct Slips {
    /// In lower case, apostrophes plain.
    typed: Vec<char>,
    /// Folded letter by letter; `\0` if that is no single byte.
    folded: Vec<u8>,
    /// Per letter meant, and any other byte, what that costs at each place.
    replaced: Vec<Vec<u16>>,
    /// Per letter, the places where it is typed, as bits.
    places: [u64; LETTERS + 1],
    /// Per place, the cost of the letter being too many.
    inserted: Vec<u16>,
    keyboards: Vec<(Keyboard, f32)>,
    taps: Vec<[f32; 2]>,
}

impl Slips {
    /// `typed`: in lower case; `keyboards`: layouts by how much each counts.
    pub(super) fn new(typed: &str, touches: &[Touch], mut keyboards: Vec<(Keyboard, f32)>) -> Self {
        let typed: Vec<char> = typed.chars().collect();
        let mut taps = Vec::new();
        if touches.len() == typed.len()
            && touches.iter().all(|touch| touch.x.is_finite() && touch.y.is_finite())
        {
            let off = |keyboard: &Keyboard| -> f32 {
                let each = typed.iter().zip(touches).filter_map(|(letter, touch)| {
                    Some(distance2(keyboard.centre(*letter)?, keyboard.tap(*touch)))
                });
                each.sum()
            };
            // Of several layouts, taps tell which one it is.
            keyboards.sort_by(|a, b| off(&a.0).total_cmp(&off(&b.0)));
            keyboards.truncate(1);
            if let Some((keyboard, weight)) = keyboards.first_mut() {
                *weight = 1.0;
                taps = touches.iter().map(|touch| keyboard.tap(*touch)).collect();
            }
        }
        let mut slips = Self {
            folded: typed.iter().map(|letter| folded(*letter)).collect(),
            typed,
            replaced: Vec::new(),
            places: [0; LETTERS + 1],
            inserted: Vec::new(),
            keyboards,
            taps,
        };
        let by_place: Vec<_> = (0..slips.typed.len()).map(|place| slips.replaced_at(place)).collect();
        let of_letter = |letter: usize| by_place.iter().map(|costs| parts(costs[letter])).collect();
        slips.replaced = (0..=LETTERS).map(of_letter).collect();
        for (place, &letter) in slips.folded.iter().enumerate().take(u64::BITS as usize) {
            slips.places[index(letter)] |= 1 << place;
        }
        slips.inserted = (0..slips.typed.len()).map(|place| parts(slips.inserted_at(place))).collect();
        slips
    }

    /// Number of letters typed.
    pub(super) fn len(&self) -> usize {
        self.typed.len()
    }

    /// What it costs at each place that the folded `letter` was meant.
    pub(super) fn replaced(&self, letter: u8) -> &[u16] {
        &self.replaced[index(letter)]
    }

    /// What it costs at each place that the letter is too many.
    pub(super) fn inserted(&self) -> &[u16] {
        &self.inserted
    }

    /// What it costs to have left out the folded `letter` behind `before`.
    pub(super) fn omitted(&self, letter: u8, before: Option<u8>) -> f32 {
        match letter {
            b'\'' | b'-' => costs::MARK,
            // Maybe a `ß`.
            b's' if before == Some(b's') => costs::PLAIN,
            _ if before == Some(letter) => costs::DOUBLED,
            _ => costs::OMITTED,
        }
    }

    /// Slips of more than one letter that end with the last of the folded `meant`: where, over how many letters typed and
    /// meant, and what they cost.
    pub(super) fn tangled(&self, meant: &[u8], mut see: impl FnMut(usize, usize, usize, f32)) {
        let at = |letter: u8, back: u32| self.places[index(letter)] << back;
        let mut each = |mut places: u64, typed: usize, meant: usize, cost: f32| {
            while places != 0 {
                see(places.trailing_zeros() as usize, typed, meant, cost);
                places &= places - 1;
            }
        };
        let [.., second, third] = *meant else {
            if meant == b"f" {
                each(at(b'p', 1) & at(b'h', 0), 2, 1, costs::SOUND);
            }
            return;
        };
        if second != third {
            each(at(third, 1) & at(second, 0), 2, 2, costs::TRANSPOSED);
        }
        if third == b'f' {
            each(at(b'p', 1) & at(b'h', 0), 2, 1, costs::SOUND);
        }
        if (second, third) == (b'p', b'h') {
            each(at(b'f', 0), 1, 2, costs::SOUND);
        }
        if let [.., first, _, _] = *meant
            && first != second
            && second != third
        {
            let later = at(second, 2) & at(third, 1) & at(first, 0);
            let earlier = at(third, 2) & at(first, 1) & at(second, 0);
            each(later | earlier, 3, 3, costs::MOVED);
        }
    }

    /// The least that leads to a row from the one before the last, and from the one before that.
    pub(super) fn least_from_above(&self) -> [f32; 2] {
        [costs::TRANSPOSED, costs::MOVED]
    }

    /// What it costs to have typed the letters while meaning `word`, in lower case.
    pub(super) fn cost(&self, word: &str) -> f32 {
        let word: Vec<char> = word.chars().collect();
        let width = self.typed.len() + 1;
        let mut rows = vec![f32::INFINITY; width * (word.len() + 1)];
        rows[0] = 0.0;
        for typed in 1..width {
            rows[typed] = rows[typed - 1] + nats(self.inserted[typed - 1]);
        }
        for depth in 1..=word.len() {
            let letter = word[depth - 1];
            let plain = folded(letter);
            let omitted = self.omitted_letter(letter, depth.checked_sub(2).map(|place| word[place]));
            for typed in 0..width {
                let at = |up: usize, left: usize| rows[(depth - up) * width + typed - left];
                let mut cost = at(1, 0) + omitted;
                if typed > 0 {
                    cost = cost.min(at(1, 1) + self.replaced_letter(typed - 1, letter, plain));
                    cost = cost.min(at(0, 1) + nats(self.inserted[typed - 1]));
                }
                if typed > 1 {
                    if self.is_spelled(typed - 1, letter) {
                        cost = cost.min(at(1, 2) + costs::SPELLED);
                    }
                    let (first, second) = (self.typed[typed - 2], self.typed[typed - 1]);
                    if depth > 1 && letter == first && word[depth - 2] == second && first != second {
                        cost = cost.min(at(2, 2) + costs::TRANSPOSED);
                    }
                    if depth > 2 && typed > 2 {
                        let [first, second, third] = [word[depth - 3], word[depth - 2], letter];
                        let typed = &self.typed[typed - 3..typed];
                        if first != second
                            && second != third
                            && (typed == [second, third, first] || typed == [third, first, second])
                        {
                            cost = cost.min(at(3, 3) + costs::MOVED);
                        }
                    }
                    // `f` and `ph` sound alike.
                    if letter == 'f' && (first, second) == ('p', 'h') {
                        cost = cost.min(at(1, 2) + costs::SOUND);
                    }
                }
                if depth > 1 && typed > 0 {
                    match (word[depth - 2], letter, self.typed[typed - 1]) {
                        ('p', 'h', 'f') => cost = cost.min(at(2, 1) + costs::SOUND),
                        ('s', 's', 'ß') => cost = cost.min(at(2, 1) + costs::PLAIN),
                        _ => {}
                    }
                }
                rows[depth * width + typed] = cost;
            }
        }
        let first = match (word.first(), self.folded.first()) {
            (Some(meant), Some(typed)) if folded(*meant) != *typed => costs::FIRST,
            _ => 0.0,
        };
        rows.last().copied().unwrap_or_default() + first
    }

    /// Whether the letters at `place` and before spell one umlaut or `ß`.
    fn is_spelled(&self, place: usize, letter: char) -> bool {
        let pair = (self.typed[place - 1], self.typed[place]);
        matches!(
            (letter, pair),
            ('ä', ('a', 'e')) | ('ö', ('o', 'e')) | ('ü', ('u', 'e')) | ('ß', ('s', 's'))
        )
    }

    fn omitted_letter(&self, letter: char, before: Option<char>) -> f32 {
        match letter {
            '\'' | '-' => costs::MARK,
            _ if before == Some(letter) => costs::DOUBLED,
            _ => costs::OMITTED,
        }
    }

    /// `plain` is the letter folded.
    fn replaced_letter(&self, place: usize, letter: char, plain: u8) -> f32 {
        let typed = self.typed[place];
        if typed == letter {
            return 0.0;
        }
        let own_key = self.by_keys(place, letter);
        let is_same = plain != 0 && plain == self.folded[place];
        if letter == 'ß' && typed == 's' || is_same && typed.is_ascii() {
            return costs::PLAIN;
        }
        if is_same {
            return if matches!(typed, 'ä' | 'ö' | 'ü') { costs::DOTTED } else { costs::ACCENTED };
        }
        let by_sound = if sound_alike(letter, typed) { costs::SOUND } else { costs::FAR };
        let through_plain = if plain == 0 || letter.is_ascii() {
            costs::FAR
        } else {
            nats(self.replaced(plain)[place]) + costs::PLAIN
        };
        own_key.min(by_sound).min(through_plain)
    }

    fn replaced_at(&self, place: usize) -> [f32; LETTERS + 1] {
        let typed = self.typed[place];
        let mut out = [costs::FAR; LETTERS + 1];
        for (letter, cost) in (b'a'..=b'z').zip(&mut out) {
            let meant = char::from(letter);
            if letter == self.folded[place] || letter == b's' && typed == 'ß' {
                *cost = 0.0;
                continue;
            }
            // The key of an umlaut is another one than its vowel's.
            let dotted = match meant {
                'a' => Some('ä'),
                'o' => Some('ö'),
                'u' => Some('ü'),
                _ => None,
            };
            for letter in [Some(meant), dotted].into_iter().flatten() {
                *cost = cost.min(self.by_keys(place, letter));
                if sound_alike(letter, typed) {
                    *cost = cost.min(costs::SOUND);
                }
            }
        }
        if matches!(typed, '\'' | '-') {
            // An apostrophe or hyphen typed as such.
            out[LETTERS] = 0.0;
        }
        out
    }

    /// What it costs to have hit the key at `place` on the way to that of `meant`.
    fn by_keys(&self, place: usize, meant: char) -> f32 {
        let typed = self.typed[place];
        let hit = |(keyboard, weight): &(Keyboard, f32)| {
            let near = keyboard
                .centre(meant)
                .zip(keyboard.centre(typed))
                .is_some_and(|(meant, typed)| distance2(meant, typed) < NEAR);
            weight * (-if near { costs::NEIGHBOUR } else { costs::FAR }).exp()
        };
        let by_layout = -self.keyboards.iter().map(hit).sum::<f32>().max((-costs::FAR).exp()).ln();
        let says = self.taps.get(place).zip(self.keyboards.first()).and_then(|(tap, (keyboard, _))| {
            let to = |letter| Some(spread2(keyboard.centre(letter)?, *tap));
            Some(TAP_WEIGHT * (to(meant)? - to(typed)?) - TAP_MIDDLE)
        });
        by_layout + says.unwrap_or_default().clamp(TAP_SAYS[0], TAP_SAYS[1])
    }

    fn inserted_at(&self, place: usize) -> f32 {
        let letter = self.typed[place];
        let before = place.checked_sub(1).map(|place| self.typed[place]);
        let after = self.typed.get(place + 1).copied();
        if matches!(letter, '\'' | '-') {
            return costs::MARK + 1.0;
        }
        if before == Some(letter) {
            return costs::DOUBLED;
        }
        let is_beside = |other: Option<char>| {
            other.is_some_and(|other| {
                self.keyboards.iter().any(|(keyboard, _)| {
                    let keys = keyboard.centre(letter).zip(keyboard.centre(other));
                    keys.is_some_and(|(a, b)| distance2(a, b) < NEAR)
                })
            })
        };
        if is_beside(before) || is_beside(after) { costs::BESIDE } else { costs::INSERTED }
    }

    /// The same for folded letters, where an umlaut spelled with `e` has a letter too many.
    pub(super) fn loosened(&self) -> Self {
        let mut loose = self.clone();
        for place in 1..self.typed.len() {
            if self.typed[place] == 'e' && matches!(self.typed[place - 1], 'a' | 'o' | 'u') {
                loose.inserted[place] = parts(costs::SPELLED);
            }
        }
        loose
    }
}

/// The one byte that `letter` is looked up as; 0 if there is none.
fn folded(letter: char) -> u8 {
    let mut out = String::new();
    fold(letter.encode_utf8(&mut [0; 4]), &mut out);
    match out.as_bytes() {
        [byte] => *byte,
        _ => 0,
    }
}

fn index(letter: u8) -> usize {
    usize::from(letter.wrapping_sub(b'a')).min(LETTERS)
}

fn distance2(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

/// Half the squared distance in standard deviations.
fn spread2(key: [f32; 2], tap: [f32; 2]) -> f32 {
    ((key[0] - tap[0]) / SPREAD[0]).powi(2) / 2.0 + ((key[1] - tap[1]) / SPREAD[1]).powi(2) / 2.0
}

fn sound_alike(a: char, b: char) -> bool {
    const VOWELS: &str = "aeiouyäöü";
    const GROUPS: [&str; 8] = ["ck", "csz", "dt", "bp", "gkj", "fv", "vw", "mn"];
    VOWELS.contains(a) && VOWELS.contains(b)
        || GROUPS.iter().any(|group| group.contains(a) && group.contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slips(typed: &str) -> Slips {
        Slips::new(typed, &[], vec![(Keyboard::of_language("en"), 0.5), (Keyboard::of_language("de"), 0.5)])
    }

    #[track_caller]
    fn check(typed: &str, word: &str, expected: f32) {
        let cost = slips(typed).cost(word);
        assert!((cost - expected).abs() < 0.05, "{typed} for {word}: {cost}, not {expected}");
    }

    #[test]
    fn slips_cost_what_they_are() {
        check("haus", "haus", 0.0);
        check("hqus", "haus", costs::NEIGHBOUR);
        check("huas", "haus", costs::TRANSPOSED);
        check("hus", "haus", costs::OMITTED);
        check("hauus", "haus", costs::DOUBLED);
        check("comming", "coming", costs::DOUBLED);
        check("coming", "comming", costs::DOUBLED);
        check("hauws", "haus", costs::BESIDE);
        check("hkaus", "haus", costs::INSERTED);
        check("jaus", "haus", costs::NEIGHBOUR + costs::FIRST);
        check("haup", "haus", costs::FAR);
        check("mehe", "nehe", costs::NEIGHBOUR + costs::FIRST);
        check("jstu", "just", costs::MOVED);
        check("hvea", "have", costs::MOVED);
    }

    #[test]
    fn umlauts_and_marks_are_cheap() {
        check("fuer", "für", costs::SPELLED);
        check("fur", "für", costs::PLAIN);
        check("fluß", "fluss", costs::PLAIN);
        check("gruss", "gruß", costs::SPELLED);
        check("grus", "gruß", costs::PLAIN);
        check("dont", "don't", costs::MARK);
        check("schön", "schon", costs::DOTTED);
        check("guantánamo", "guantanamo", costs::ACCENTED);
        check("fone", "phone", costs::SOUND + costs::FIRST);
        check("alphabet", "alfabet", costs::SOUND);
    }

    #[test]
    fn taps_tell_which_key_was_meant() {
        let english = || vec![(Keyboard::of_language("en"), 1.0)];
        let at = |touches: &[[f32; 2]]| -> Vec<Touch> {
            touches.iter().map(|[x, y]| Touch { x: *x, y: *y }).collect()
        };
        // `hsus`: the second tap between `a` and `s`, or right on `s`.
        let between = at(&[[5.25, 1.0], [0.8, 1.0], [6.0, 0.0], [1.25, 1.0]]);
        let right_on = at(&[[5.25, 1.0], [1.25, 1.0], [6.0, 0.0], [1.25, 1.0]]);
        let cost = |touches: &[Touch]| Slips::new("hsus", touches, english()).cost("haus");
        assert!(cost(&between) < cost(&[]) && cost(&[]) < cost(&right_on));
        let wrong_number = at(&[[5.25, 1.0]]);
        assert_eq!(cost(&wrong_number), cost(&[]));
        let broken = at(&[[f32::NAN, 1.0], [0.8, 1.0], [6.0, 0.0], [1.25, 1.0]]);
        assert_eq!(cost(&broken), cost(&[]));
    }

    #[test]
    fn taps_tell_the_layout() {
        // `y` tapped where QWERTZ has it, so that `x` is its neighbour.
        let tap = |x, y| Touch { x, y };
        let touches = [tap(0.8, 2.1), tap(8.0, 0.0)];
        let both = vec![(Keyboard::of_language("en"), 0.9), (Keyboard::of_language("de"), 0.1)];
        let slips = Slips::new("yo", &touches, both);
        assert!(slips.cost("xo") < costs::FAR);
    }
}
