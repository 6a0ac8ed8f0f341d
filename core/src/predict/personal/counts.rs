//! How often which word followed which, in layers of time.
//!
//! A message counts half after [`HALF_LIFE`] more: counting in units that grow with every message does that without
//! touching what is old. What was learned in one stretch of time is a *layer*, and what is looked up is the sum over
//! all of them; so that a stretch can be forgotten as if it had not been. Layers are an hour long at first. When there
//! are many, neighbours become one, those first that are short beside their age, so that a layer is at most about twice
//! as long as it is old.

use rustc_hash::{FxBuildHasher, FxHashMap};

/// Messages after which one counts half.
pub(super) const HALF_LIFE: u32 = 45;
/// No word in this place.
pub(super) const NONE: u32 = u32::MAX;
/// Counts that are kept at most: some 2 MB.
pub(super) const MOST_COUNTS: usize = 20_000;
/// Layers at most.
pub(super) const MOST_LAYERS: usize = 24;
/// Seconds from which a layer takes nothing more.
pub(super) const STRETCH: u64 = 3600;
/// Half-lives after which all counts are scaled down; the unit is a million then.
const MOST_HALF_LIVES: u32 = 20;

/// The two words or marks before a word, [`NONE`] where they do not matter, and the word.
pub(super) type Gram = [u32; 3];

/// What was counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// By the times of their messages.
    pub(super) layers: Vec<Layer>,
    /// Messages since the units were scaled down.
    pub(super) messages: u32,
    sums: FxHashMap<Gram, f32>,
    contexts: FxHashMap<[u32; 2], Context>,
    sent: FxHashMap<u32, u32>,
}

/// What was learned in one stretch of time. What is added stands behind the rest until the layer is [`Layer::sort`]ed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layer {
    /// Time of the first and the last message, in seconds.
    pub(super) from: u64,
    pub(super) to: u64,
    /// In the units of their messages.
    pub(super) counts: Vec<(Gram, f32)>,
    /// Messages with each word.
    pub(super) sent: Vec<(u32, u32)>,
}

impl Layer {
    /// Puts everything in the order of its numbers, each once.
    pub(super) fn sort(&mut self) {
        self.counts.sort_unstable_by_key(|(gram, _)| *gram);
        self.counts.dedup_by(|next, first| {
            let is_same = next.0 == first.0;
            if is_same {
                first.1 += next.1;
            }
            is_same
        });
        self.sent.sort_unstable_by_key(|(word, _)| *word);
        self.sent.dedup_by(|next, first| {
            let is_same = next.0 == first.0;
            if is_same {
                first.1 = first.1.saturating_add(next.1);
            }
            is_same
        });
    }
}

/// What followed two words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    pub(super) total: f32,
    /// Different words.
    pub(super) kinds: u32,
}

impl Counts {
    /// Messages since the units were scaled down, at most.
    pub(super) const MOST_MESSAGES: u32 = MOST_HALF_LIVES * HALF_LIFE;

    /// Begins the next message, sent at `at`.
    pub(super) fn begin_message(&mut self, at: u64) {
        self.messages += 1;
        self.layer(at);
    }

    /// Counts in the newest layer; what follows what, so many times in the newest message.
    pub(super) fn count(&mut self, gram: Gram, times: u32) {
        let weight = times as f32 * self.unit();
        if let Some(layer) = self.layers.last_mut() {
            layer.counts.push((gram, weight));
            self.sum(gram, weight);
        }
    }

    /// Counts a message with this word in the newest layer.
    pub(super) fn count_sent(&mut self, word: u32) {
        if let Some(layer) = self.layers.last_mut() {
            layer.sent.push((word, 1));
            let messages = self.sent.entry(word).or_default();
            *messages = messages.saturating_add(1);
        }
    }

    /// Begins a layer that [`Counts::add`] fills; then [`Counts::sum_up`].
    pub(super) fn begin_layer(&mut self, at: u64) {
        self.layers.push(Layer { from: at, to: at, ..Layer::default() });
    }

    /// Adds to the newest layer, in messages of today.
    pub(super) fn add(&mut self, gram: Gram, weight: f32) {
        let unit = self.unit();
        if let Some(layer) = self.layers.last_mut() {
            layer.counts.push((gram, weight * unit));
        }
    }

    /// Adds messages with a word to the newest layer.
    pub(super) fn add_sent(&mut self, word: u32, messages: u32) {
        if let Some(layer) = self.layers.last_mut() {
            layer.sent.push((word, messages));
        }
    }

    /// Messages with this word.
    pub(super) fn sent(&self, word: u32) -> u32 {
        self.sent.get(&word).copied().unwrap_or_default()
    }

    /// How much a gram counts, in messages of today.
    pub(super) fn weight(&self, gram: Gram) -> Option<f32> {
        Some(self.sums.get(&gram)? / self.unit())
    }

    /// What followed two words, in messages of today.
    pub(super) fn context(&self, before: [u32; 2]) -> Option<Context> {
        let Context { total, kinds } = *self.contexts.get(&before)?;
        Some(Context { total: total / self.unit(), kinds })
    }

    /// All grams.
    pub(super) fn grams(&self) -> impl Iterator<Item = Gram> {
        self.sums.keys().copied()
    }

    /// Number of grams.
    pub(super) fn len(&self) -> usize {
        self.sums.len()
    }

    /// Leaves only what `keep` wants of the grams and words.
    pub(super) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let all = |gram: &Gram| gram.iter().all(|&id| id == NONE || keep(id));
        for layer in &mut self.layers {
            layer.counts.retain(|(gram, _)| all(gram));
            layer.sent.retain(|(word, _)| keep(*word));
        }
        self.sum_up();
    }

    /// Forgets what was counted at `at` or later, and all of a layer that reaches there.
    pub(super) fn forget_since(&mut self, at: u64) {
        self.layers.retain(|layer| layer.to < at);
        self.sum_up();
    }

    /// Adds what was counted elsewhere, `id` giving each word its number here (`None`: it is left out). The messages
    /// come behind those that were learned here.
    pub(super) fn absorb(&mut self, newer: &Self, id: impl Fn(u32) -> Option<u32>) {
        let unit = self.unit();
        for layer in &newer.layers {
            let counts = layer.counts.iter().filter_map(|(gram, weight)| {
                let [a, b, word] = gram.map(|number| if number == NONE { Some(NONE) } else { id(number) });
                Some(([a?, b?, word?], weight * unit))
            });
            let sent = layer.sent.iter().filter_map(|(word, count)| Some((id(*word)?, *count)));
            self.layers.push(Layer {
                from: layer.from,
                to: layer.to,
                counts: counts.collect(),
                sent: sent.collect(),
            });
        }
        self.layers.sort_by_key(|layer| (layer.to, layer.from));
        while self.layers.len() > MOST_LAYERS {
            self.merge_two();
        }
        self.messages += newer.messages;
        self.sum_up();
        self.scale_down();
    }

    /// Scales everything down once the units are large: by a power of two, which changes nothing else.
    pub(super) fn scale_down(&mut self) {
        let half_lives = self.messages / HALF_LIFE;
        if half_lives < MOST_HALF_LIVES {
            return;
        }
        let factor = (-f64::from(half_lives)).exp2() as f32;
        for layer in &mut self.layers {
            layer.counts.iter_mut().for_each(|(_, weight)| *weight *= factor);
        }
        self.messages -= half_lives * HALF_LIFE;
        self.sum_up();
    }

    /// Drops the faintest half of all counts.
    pub(super) fn thin(&mut self) {
        let fainter = |a: &(f32, Gram), b: &(f32, Gram)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        let mut all: Vec<(f32, Gram)> = self.sums.iter().map(|(gram, sum)| (*sum, *gram)).collect();
        if all.is_empty() {
            return;
        }
        let middle = all.len() / 2;
        let (_, &mut least, _) = all.select_nth_unstable_by(middle, fainter);
        for layer in &mut self.layers {
            let is_stronger =
                |gram: &Gram| self.sums.get(gram).is_some_and(|sum| fainter(&(*sum, *gram), &least).is_ge());
            layer.counts.retain(|(gram, _)| is_stronger(gram));
        }
        self.sum_up();
    }

    /// Sums the layers up, after one was changed.
    pub(super) fn sum_up(&mut self) {
        self.layers.retain(|layer| !layer.counts.is_empty() || !layer.sent.is_empty());
        let mut layers = std::mem::take(&mut self.layers);
        let all = layers.iter().map(|layer| layer.counts.len()).sum();
        self.sums = FxHashMap::with_capacity_and_hasher(all, FxBuildHasher);
        self.contexts = FxHashMap::with_capacity_and_hasher(all / 2, FxBuildHasher);
        self.sent.clear();
        for layer in &mut layers {
            layer.sort();
            for grams in layer.counts.chunk_by(|(one, _), (next, _)| one[..2] == next[..2]) {
                let context = self.contexts.entry([grams[0].0[0], grams[0].0[1]]).or_default();
                for (gram, weight) in grams {
                    context.total += weight;
                    *self.sums.entry(*gram).or_insert_with(|| {
                        context.kinds += 1;
                        0.0
                    }) += weight;
                }
            }
            for (word, count) in &layer.sent {
                let sent = self.sent.entry(*word).or_default();
                *sent = sent.saturating_add(*count);
            }
        }
        self.layers = layers;
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let entry = size_of::<(Gram, f32)>() + 1;
        let of_layer = |layer: &Layer| {
            layer.counts.capacity() * size_of::<(Gram, f32)>()
                + layer.sent.capacity() * size_of::<(u32, u32)>()
        };
        self.layers.iter().map(of_layer).sum::<usize>()
            + self.sums.capacity() * entry
            + self.contexts.capacity() * (size_of::<([u32; 2], Context)>() + 1)
            + self.sent.capacity() * 9
    }

    /// What one count of the newest message is.
    fn unit(&self) -> f32 {
        (f64::from(self.messages) / f64::from(HALF_LIFE)).exp2() as f32
    }

    fn sum(&mut self, gram: Gram, weight: f32) {
        let context = self.contexts.entry([gram[0], gram[1]]).or_default();
        context.total += weight;
        let sum = self.sums.entry(gram).or_insert_with(|| {
            context.kinds += 1;
            0.0
        });
        *sum += weight;
    }

    /// Makes the newest layer one that may take a message of this time. A clock that was put back does not go back here.
    fn layer(&mut self, at: u64) {
        if let Some(last) = self.layers.last_mut() {
            let is_open = at < last.from.saturating_add(STRETCH);
            if !is_open || last.counts.len() > 2 * MOST_COUNTS {
                last.sort();
            }
            if is_open {
                last.to = last.to.max(at);
                return;
            }
        }
        self.layers.push(Layer { from: at, to: at, ..Layer::default() });
        if self.layers.len() > MOST_LAYERS {
            self.merge_two();
        }
    }

    /// Makes one of the two neighbours that are shortest together beside their age.
    fn merge_two(&mut self) {
        let Some(now) = self.layers.last().map(|layer| layer.to) else { return };
        let length = |pair: &[Layer]| {
            let (from, to) = (pair[0].from.min(pair[1].from), pair[1].to);
            (to.saturating_sub(from)) as f64 / (now.saturating_sub(to) + STRETCH) as f64
        };
        let lengths = self.layers.windows(2).map(length).enumerate();
        let Some((first, _)) = lengths.min_by(|a, b| a.1.total_cmp(&b.1)) else { return };
        let second = self.layers.remove(first + 1);
        let layer = &mut self.layers[first];
        layer.from = layer.from.min(second.from);
        layer.to = layer.to.max(second.to);
        layer.counts.extend(second.counts);
        layer.sent.extend(second.sent);
        layer.sort();
        layer.counts.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORD: u32 = 8;

    fn counts(times: &[u64]) -> Counts {
        let mut counts = Counts::default();
        for &at in times {
            counts.begin_message(at);
            counts.count([NONE, NONE, WORD], 1);
            counts.count_sent(WORD);
        }
        counts
    }

    #[test]
    fn old_messages_count_half() {
        let mut counts = counts(&[1]);
        (0..HALF_LIFE).for_each(|_| counts.begin_message(2));
        assert!((counts.weight([NONE, NONE, WORD]).unwrap() - 0.5).abs() < 1e-6);
    }

    #[test]
    fn scaling_down_changes_nothing() {
        let times: Vec<u64> = (0..u64::from(HALF_LIFE * MOST_HALF_LIVES + 7)).collect();
        let mut counts = counts(&times);
        let before =
            (counts.weight([NONE, NONE, WORD]).unwrap(), counts.context([NONE, NONE]).unwrap().total);
        counts.scale_down();
        assert_eq!(counts.messages, 7);
        let after = (counts.weight([NONE, NONE, WORD]).unwrap(), counts.context([NONE, NONE]).unwrap().total);
        assert!(
            (before.0 - after.0).abs() < 1e-3 && (before.1 - after.1).abs() < 1e-3,
            "{before:?} {after:?}"
        );
    }

    #[test]
    fn a_clock_put_back_is_not_followed() {
        let mut counts = counts(&[10_000, 5, 20_000]);
        assert_eq!(counts.layers.len(), 2);
        counts.forget_since(15_000);
        assert_eq!(counts.sent(WORD), 2);
        counts.forget_since(6_000);
        assert_eq!((counts.sent(WORD), counts.len()), (0, 0));
    }

    proptest! {
        /// Forgetting forgets all that it should, and before that at most twice as long as it is ago, give or take an
        /// hour or two.
        #[test]
        fn forgetting_since_reaches_as_far_as_asked(
            gaps in prop::collection::vec(prop_oneof![0..600_u64, 600..20_000_u64, 20_000..400_000_u64], 1..300),
            back in 0_u64..3_000_000,
        ) {
            let mut at = 1_000_000;
            let times: Vec<u64> = gaps.into_iter().map(|gap| { at += gap; at }).collect();
            let mut counts = counts(&times);
            prop_assert!(counts.layers.len() <= MOST_LAYERS);
            let since = at.saturating_sub(back);
            counts.forget_since(since);
            let left = counts.sent(WORD) as usize;
            let asked = times.iter().filter(|&&time| time < since).count();
            let furthest = times.iter().filter(|&&time| time < since.saturating_sub(2 * (back + STRETCH))).count();
            prop_assert!(left <= asked, "{left} of {asked} left");
            prop_assert!(left >= furthest, "{left} left, {furthest} were old");
            prop_assert_eq!(counts.len(), usize::from(left > 0));
        }
    }
}
