//! From words found to the strip: case variants become one, written as the letters typed ask for.

use super::casing::{Casing, uncapitalised};
use super::distribution::World;
use super::lexicon::Lexicon;
use super::lexicon::fold::lower;
use super::personal::Own;
use super::search::Found;
use super::{Candidate, CandidateKind};

/// Weight of a word listed in lower case when a capital was typed inside a sentence: a name or noun is meant.
const NOT_MEANT: f32 = 0.1;

/// What the strip depends on beside the words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip<'a> {
    pub(super) composing: &'a str,
    pub(super) sentence_start: bool,
    pub(super) limit: usize,
    /// The person's own words that begin with the letters typed, and their weight.
    pub(super) own: &'a [Own],
    pub(super) own_weight: f32,
}

/// How many of the person's own words are looked at.
const OWN_LOOKED_AT: usize = 16;

/// All forms of one word.
#[derive(Debug)]
struct Merged {
    /// Lower case, the same for all forms.
    letters: String,
    probability: f32,
    /// The likeliest first; of the others only those that are words of their own.
    forms: Vec<(String, f32)>,
}

impl Strip<'_> {
    /// Candidates from `found`: words in the order of the sum over their forms, each as its likeliest form, then other
    /// forms, and last what is typed already, which nobody needs offered unless the strip is empty otherwise.
    ///
    /// A blocked word is left out unless it is typed in full. `of` is the probability of all listed words that begin with the
    /// letters typed; the same with the person's own words among them is given back.
    pub(super) fn candidates(
        &self,
        world: &World<'_>,
        mut found: Vec<Found>,
        of: f32,
    ) -> (Vec<Candidate>, f32) {
        let lexicon = &world.lexicon;
        let casing = Casing::of(self.composing, self.sentence_start);
        let prefix = lower(self.composing);
        let mut buffer = Vec::new();
        found.retain(|found| {
            !world.blocklist.has(found.word) || lower(lexicon.text(found.word, &mut buffer)) == prefix
        });
        let mut words = merged(lexicon, self.weighted(lexicon, found, casing));
        let of = self.mix_own(world, &mut words, of, &prefix);
        let first = words.iter().filter_map(|word| Some((&word.forms.first()?.0, word.probability)));
        let others = words.iter().flat_map(|word| word.forms.iter().skip(1)).map(|(form, p)| (form, *p));
        let written = first.chain(others).map(|(form, probability)| (casing.apply(form), probability));
        let (typed, new): (Vec<_>, Vec<_>) = written.partition(|(text, _)| text == self.composing);
        let kind = |text: &str| match text {
            _ if self.composing.is_empty() => CandidateKind::Prediction,
            _ if text == self.composing => CandidateKind::Typed,
            _ => CandidateKind::Completion,
        };
        let mut candidates: Vec<Candidate> = Vec::with_capacity(self.limit.min(words.len()));
        for (text, probability) in new.into_iter().chain(typed) {
            if candidates.len() == self.limit {
                break;
            }
            if lower(&text).starts_with(&prefix) && candidates.iter().all(|known| known.text != text) {
                let score = (probability / of).min(1.0).ln();
                candidates.push(Candidate { kind: kind(&text), text, score });
            }
        }
        (candidates, of)
    }

    /// Mixes the person's own words in; the probability of all words that begin with the letters typed, theirs mixed in too.
    fn mix_own(&self, world: &World<'_>, words: &mut Vec<Merged>, of: f32, prefix: &str) -> f32 {
        if self.own.is_empty() {
            return of;
        }
        // Lists say which words there are, not which comes next.
        let share = |own: &Own| if self.composing.is_empty() { 0.0 } else { own.share };
        let weighed = |own: &Own| self.own_weight * own.probability + share(own);
        let others = 1.0 - self.own_weight;
        for word in &mut *words {
            word.probability *= others;
            word.forms.iter_mut().for_each(|(_, probability)| *probability *= others);
        }
        let mut own: Vec<&Own> = self.own.iter().filter(|own| weighed(own) > 0.0).collect();
        own.sort_unstable_by(|a, b| {
            weighed(b).total_cmp(&weighed(a)).then_with(|| a.letters.cmp(&b.letters))
        });
        for own in own.iter().take(OWN_LOOKED_AT) {
            let probability = weighed(own);
            match words.iter_mut().find(|word| word.letters == own.letters) {
                Some(known) => known.probability += probability,
                None if may_offer(world, own, prefix) => words.push(Merged {
                    letters: own.letters.clone(),
                    probability,
                    forms: vec![(own.form.clone(), probability)],
                }),
                None => {}
            }
        }
        words.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        others * of + self.own.iter().map(weighed).sum::<f32>()
    }

    /// `found` with the weight of the case typed, best first.
    fn weighted(&self, lexicon: &Lexicon<'_>, mut found: Vec<Found>, casing: Casing) -> Vec<Found> {
        if casing == Casing::Capitalised && !self.sentence_start {
            let mut buffer = Vec::new();
            for found in &mut found {
                if lexicon.text(found.word, &mut buffer).starts_with(char::is_lowercase) {
                    found.probability *= NOT_MEANT;
                }
            }
            found.sort_by(|a, b| b.cmp(a));
        }
        found
    }
}

/// Whether an own word is established or listed, and not blocked.
fn may_offer(world: &World<'_>, own: &Own, prefix: &str) -> bool {
    if world.blocklist.has_letters(&own.letters) && own.letters != prefix {
        return false;
    }
    own.is_established || world.lexicon.same_letters(&own.letters).any(|word| world.is_on(word))
}

fn merged(lexicon: &Lexicon<'_>, found: Vec<Found>) -> Vec<Merged> {
    let mut words: Vec<Merged> = Vec::new();
    let mut buffer = Vec::new();
    for Found { word, probability, .. } in found {
        let listed = lexicon.text(word, &mut buffer);
        let letters = lower(listed);
        // What has a capital only because a sentence begins gets one when it is written, or not.
        let form = if lexicon.is_sentence_form(word) { uncapitalised(listed) } else { listed.to_owned() };
        match words.iter_mut().find(|word| word.letters == letters) {
            Some(known) => {
                known.probability += probability;
                if !lexicon.is_sentence_form(word) {
                    known.forms.push((form, probability));
                }
            }
            None if letters.is_empty() => {}
            None => words.push(Merged { letters, probability, forms: vec![(form, probability)] }),
        }
    }
    words.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    words
}
