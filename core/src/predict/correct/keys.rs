//! Where the keys are, and how far a tap is from each.

use crate::predict::PredictError;

/// A key of the host's layout, in any unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Key {
    /// What it types; of several letters, each is on this key.
    pub letters: String,
    /// The centre, to the right.
    pub x: f32,
    /// The centre, down.
    pub y: f32,
    /// How wide it is, gaps included.
    pub width: f32,
    /// How high it is, gaps included.
    pub height: f32,
}

/// Where a finger touched the keyboard, in the unit of the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Touch {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// Keys of letters, placed in units of a usual key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Keyboard {
    /// In ascending order.
    letters: Vec<(char, [f32; 2])>,
    /// What a usual key measures in the host's unit.
    unit: [f32; 2],
}

/// The rows of the layouts that are assumed where the host gives none, and how far each row is moved to the right.
const QWERTY: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const QWERTZ: [&str; 3] = ["qwertzuiopü", "asdfghjklöä", "yxcvbnm"];
const MOVED: [f32; 3] = [0.0, 0.25, 0.75];

impl Keyboard {
    /// The keys of a host.
    pub(crate) fn new(keys: &[Key]) -> Result<Self, PredictError> {
        let sound = |key: &Key| {
            [key.x, key.y, key.width, key.height].iter().all(|number| number.is_finite())
                && key.width > 0.0
                && key.height > 0.0
        };
        if let Some(place) = keys.iter().position(|key| !sound(key)) {
            return Err(PredictError::Key { place });
        }
        let unit = [median(keys.iter().map(|key| key.width)), median(keys.iter().map(|key| key.height))];
        let on_key = |key: &Key| {
            let place = [key.x / unit[0], key.y / unit[1]];
            let letters: Vec<char> = key.letters.chars().flat_map(char::to_lowercase).collect();
            letters.into_iter().map(move |letter| (letter, place))
        };
        Ok(Self::placed(keys.iter().flat_map(on_key).collect(), unit))
    }

    /// The layout that people who write `language` (ISO 639-1) mostly type on.
    pub(crate) fn of_language(language: &str) -> Self {
        let rows = if language == "de" { QWERTZ } else { QWERTY };
        let placed = |(row, letters): (usize, &&'static str)| {
            let at = move |(column, letter)| (letter, [column as f32 + MOVED[row], row as f32]);
            letters.chars().enumerate().map(at).collect::<Vec<_>>()
        };
        Self::placed(rows.iter().enumerate().flat_map(placed).collect(), [1.0, 1.0])
    }

    fn placed(mut letters: Vec<(char, [f32; 2])>, unit: [f32; 2]) -> Self {
        letters.sort_by_key(|(letter, _)| *letter);
        letters.dedup_by_key(|(letter, _)| *letter);
        Self { letters, unit }
    }

    /// The centre of the key of `letter`, in key units.
    pub(crate) fn centre(&self, letter: char) -> Option<[f32; 2]> {
        let place = self.letters.binary_search_by_key(&letter, |(known, _)| *known).ok()?;
        Some(self.letters[place].1)
    }

    /// A tap, in key units.
    pub(crate) fn tap(&self, touch: Touch) -> [f32; 2] {
        [touch.x / self.unit[0], touch.y / self.unit[1]]
    }
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(letters: &str, x: f32, y: f32) -> Key {
        Key { letters: letters.into(), x, y, width: 36.0, height: 54.0 }
    }

    #[test]
    fn keys_are_placed_in_units_of_a_key() {
        let keyboard = Keyboard::new(&[key("a", 18.0, 27.0), key("S", 54.0, 81.0), key("dð", 90.0, 27.0)]);
        let keyboard = keyboard.unwrap();
        assert_eq!(keyboard.centre('a'), Some([0.5, 0.5]));
        assert_eq!(keyboard.centre('s'), Some([1.5, 1.5]));
        assert_eq!(keyboard.centre('ð'), keyboard.centre('d'));
        assert_eq!(keyboard.centre('q'), None);
        assert_eq!(keyboard.tap(Touch { x: 36.0, y: 54.0 }), [1.0, 1.0]);
    }

    #[test]
    fn a_layout_that_is_none_is_refused() {
        let mut broken = [key("a", 0.0, 0.0), key("b", f32::NAN, 0.0)];
        assert!(matches!(Keyboard::new(&broken), Err(PredictError::Key { place: 1 })));
        broken[1] = Key { width: 0.0, ..key("b", 0.0, 0.0) };
        assert!(Keyboard::new(&broken).is_err());
    }

    #[test]
    fn languages_have_their_layouts() {
        let (english, german) = (Keyboard::of_language("en"), Keyboard::of_language("de"));
        assert_eq!(english.centre('z'), Some([0.75, 2.0]));
        assert_eq!(german.centre('z'), Some([5.0, 0.0]));
        assert_eq!(german.centre('ö'), Some([9.25, 1.0]));
        assert_eq!(english.centre('ö'), None);
    }
}
