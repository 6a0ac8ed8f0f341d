//! Whole numbers and ordinals, word by word: each step adds a word to what was said so far or says that the number is over.

use super::words::{Atoms, Form, Morph, Role};

/// A number that may end here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// The atom after it.
    pub(super) next: usize,
    /// The token after it, if a word ends here.
    pub(super) end: Option<usize>,
    pub(super) value: f64,
    pub(super) form: Form,
    /// The value of its last word, if that is a hundred or more.
    pub(super) scale: Option<f64>,
}

/// What was said so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Thousands, millions and so on that are complete.
    total: f64,
    /// The last of them.
    last: f64,
    /// What they were counted in; what follows must be smaller.
    scale: f64,
    hundreds: f64,
    /// What is below a hundred.
    small: f64,
    stage: Stage,
}

/// What came last, and so what may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Start,
    Article,
    Unit,
    Tens,
    /// A number below a hundred that takes nothing more.
    Whole,
    Hundred,
    Scale,
    End,
}

impl State {
    pub(super) const START: Self =
        Self { total: 0.0, last: 0.0, scale: f64::INFINITY, hundreds: 0.0, small: 0.0, stage: Stage::Start };

    /// "a": one, but only before a hundred, a thousand, a dozen.
    pub(super) const ARTICLE: Self = Self { stage: Stage::Article, ..Self::START };

    /// Digits that may be followed by "hundred" or "million".
    pub(super) fn after_digits(value: f64) -> Self {
        Self { small: value, stage: Stage::Whole, ..Self::START }
    }

    fn value(&self) -> f64 {
        self.total + self.hundreds + self.small
    }

    fn add(mut self, morph: Morph, unit_before_tens: bool) -> Option<Self> {
        let opens = matches!(self.stage, Stage::Start | Stage::Hundred | Stage::Scale);
        let is_first = self.stage == Stage::Start;
        match morph.role {
            Role::Unit if opens && (is_first || morph.value >= 1.0) => {
                self.small = morph.value;
                self.stage = Stage::Unit;
            }
            Role::Unit if self.stage == Stage::Tens && !unit_before_tens && morph.value >= 1.0 => {
                self.small += morph.value;
                self.stage = Stage::Whole;
            }
            Role::Teen if opens => {
                self.small = morph.value;
                self.stage = Stage::Whole;
            }
            Role::Tens if opens => {
                self.small = morph.value;
                self.stage = Stage::Tens;
            }
            Role::Digits if opens && !is_first && self.has_room(morph.value) => {
                self.small = morph.value;
                self.stage = Stage::Whole;
            }
            Role::Scale if morph.value == 100.0 => return self.hundred(morph),
            Role::Scale => return self.thousands(morph),
            Role::Dozen => return self.dozen(morph),
            _ => return None,
        }
        Some(self)
    }

    /// Whether a number in digits may stand behind the last scale: "3 hundred and 21".
    fn has_room(&self, digits: f64) -> bool {
        let below = if self.stage == Stage::Hundred { 100.0 } else { self.scale };
        digits >= 1.0 && digits < below && digits.fract() == 0.0
    }

    fn hundred(mut self, morph: Morph) -> Option<Self> {
        let count = match self.stage {
            Stage::Start if morph.alone => 1.0,
            Stage::Article => 1.0,
            Stage::Unit | Stage::Tens | Stage::Whole if self.small > 0.0 && self.small < 1000.0 => self.small,
            _ => return None,
        };
        if self.hundreds > 0.0 || count * 100.0 >= self.scale {
            return None;
        }
        self.hundreds = count * 100.0;
        self.small = 0.0;
        self.stage = Stage::Hundred;
        Some(self)
    }

    fn thousands(mut self, morph: Morph) -> Option<Self> {
        let is_chain = self.stage == Stage::Scale && self.total == self.last && morph.value > self.scale;
        if is_chain {
            // "three lakh crore", "hundred thousand million"
            self.last *= morph.value;
            self.total = self.last;
            self.scale = morph.value;
            return Some(self);
        }
        let group = match self.stage {
            Stage::Start if morph.alone => 1.0,
            Stage::Article => 1.0,
            Stage::Start | Stage::Scale | Stage::End => return None,
            Stage::Unit | Stage::Tens | Stage::Whole | Stage::Hundred => self.hundreds + self.small,
        };
        self.last = group * morph.value;
        if group <= 0.0 || self.last >= self.scale {
            return None;
        }
        self.total += self.last;
        self.scale = morph.value;
        (self.hundreds, self.small, self.stage) = (0.0, 0.0, Stage::Scale);
        Some(self)
    }

    /// "three hundred and two dozens" is 324: the dozen counts the nearest number.
    fn dozen(mut self, morph: Morph) -> Option<Self> {
        match self.stage {
            Stage::Article => self.small = morph.value,
            Stage::Unit | Stage::Tens | Stage::Whole => self.small *= morph.value,
            Stage::Hundred => self.hundreds *= morph.value,
            Stage::Scale => self.total *= morph.value,
            Stage::Start if self.scale.is_infinite() => self.small = morph.value,
            Stage::Start | Stage::End => return None,
        }
        self.stage = Stage::End;
        Some(self)
    }
}

/// All numbers from atom `index` on, shortest first.
pub(super) fn walk(atoms: &mut Atoms<'_>, mut index: usize, mut state: State) -> Vec<Step> {
    let unit_before_tens = atoms.lexicon.words.unit_before_tens;
    let mut out = Vec::new();
    while let Some(atom) = atoms.get(index) {
        let (before, mut morph) = (state, atom.morph);
        if morph.role == Role::Link {
            let Some(linked) = atoms.get(index + 1) else { break };
            let is_tens = unit_before_tens && state.stage == Stage::Unit && linked.morph.role == Role::Tens;
            if is_tens && state.small > 0.0 {
                // "fünf und zwanzig"
                state = State { small: state.small + linked.morph.value, stage: Stage::Whole, ..state };
            } else if matches!(state.stage, Stage::Hundred | Stage::Scale)
                && !matches!(linked.morph.role, Role::Scale | Role::Dozen)
            {
                // "hundred and one"
                let Some(next) = state.add(linked.morph, unit_before_tens) else { break };
                state = next;
            } else {
                break;
            }
            morph = linked.morph;
            index += 1;
        } else {
            let Some(next) = state.add(morph, unit_before_tens) else { break };
            state = next;
        }
        let end = atoms.get(index).and_then(|atom| atom.end);
        index += 1;
        let from_article = before.stage == Stage::Article && morph.form != Form::Cardinal;
        if !from_article {
            let scale = matches!(state.stage, Stage::Hundred | Stage::Scale).then_some(morph.value);
            out.push(Step { next: index, end, value: state.value(), form: morph.form, scale });
        }
        if morph.form != Form::Cardinal {
            break;
        }
    }
    out
}
