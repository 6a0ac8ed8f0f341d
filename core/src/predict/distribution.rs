//! How likely each word of the lexicon is after one context.
//!
//! The model gives the probability of the next piece. A word of one piece is over if the piece after it ends a word, and
//! goes on otherwise (` Haus`, ` Hausaufgaben`); the model knows which, for the price of running it on ` Haus`. So the
//! trie's nodes are of two kinds: *expanded* ones, where the model said how likely the word ends there or goes on with each
//! child, and *open* ones, whose probability is divided among the words below by their shares (see `shares`). The sum over
//! all words stays the same; expanding a node only moves probability to where the model wants it.
//!
//! What the model says is then mixed with the shares themselves, which are the n-gram's word where there is one.

use super::Evidence;
use super::blocklist::Blocklist;
use super::edges::Edges;
use super::emoji::Emoji;
use super::lexicon::{Lexicon, NO_WORD, Tokens, WordId};
use super::ngram::Ngram;
use super::shares::{SentenceForms, Shares};
use std::ops::Range;

/// What remains of a piece with a space where none can stand: its word is spelled in several pieces there, which nobody scored.
const SPACED: f32 = 0.01;

/// What is the same for all contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct World<'a> {
    pub(super) lexicon: Lexicon<'a>,
    pub(super) ngram: Option<Ngram<'a>>,
    /// The share of running text that each cost of the lexicon stands for.
    pub(super) share_of_cost: &'a [f32; 256],
    pub(super) sentence_forms: &'a SentenceForms,
    pub(super) blocklist: &'a Blocklist,
    pub(super) edges: &'a Edges,
    pub(super) emoji: &'a Emoji,
    /// Which of the lexicon's languages are on.
    pub(super) languages: &'a [bool],
    pub(super) evidence: Evidence,
}

impl World<'_> {
    /// Whether `word` belongs to a language that is on.
    pub(super) fn is_on(&self, word: WordId) -> bool {
        is_on(&self.lexicon, self.languages, word)
    }
}

/// Whether `word` belongs to one of the lexicon's languages that is on.
pub(super) fn is_on(lexicon: &Lexicon<'_>, languages: &[bool], word: WordId) -> bool {
    let listed = |language| lexicon.cost(language, word) != NO_WORD;
    languages.iter().enumerate().any(|(language, on)| *on && listed(language))
}

/// The probabilities after one context.
#[derive(Debug)]
pub(super) struct Distribution {
    /// Of each piece, if a word follows and the model is asked.
    first: Vec<f32>,
    shares: Shares,
    /// Of the shares, beside the model.
    weight: f32,
    /// What the model gave the words together, before they shared all there is.
    goes_on: f32,
    glued: bool,
    /// Expanded nodes; the index of each first piece's node, or [`OPEN`].
    nodes: Vec<Node>,
    node_of: Vec<u16>,
}

const OPEN: u16 = u16::MAX;

#[derive(Debug)]
struct Node {
    above: Above,
    /// Probability of the word that ends here.
    end: f32,
    /// Sorted by token.
    children: Vec<Child>,
}

/// Where a node hangs.
#[derive(Clone, Copy, Debug)]
enum Above {
    /// On the root, by its first piece.
    First(u32),
    /// On an expanded node, at this place among its children.
    Child { node: u16, place: usize },
}

#[derive(Debug)]
struct Child {
    token: u32,
    probability: f32,
    /// Share of all words below.
    total: f32,
    node: u16,
}

/// A word's probability, and the open node that it hangs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) probability: f32,
    /// Tokens of the word down to the open node; `None` if the model itself gave the probability.
    pub(super) open: Option<usize>,
    /// The part of the probability that is the word's part of the open node.
    pub(super) uncertain: f32,
}

impl Score {
    const NONE: Self = Self { probability: 0.0, open: None, uncertain: 0.0 };
}

impl Distribution {
    /// What the shares say alone.
    pub(super) fn without_model(shares: Shares, pieces: usize, glued: bool) -> Self {
        Self {
            first: vec![0.0; pieces],
            node_of: vec![OPEN; pieces],
            shares,
            weight: 1.0,
            goes_on: 1.0,
            glued,
            nodes: Vec::new(),
        }
    }

    /// From the logits after the context, mixed with the shares. `glued`: words follow without a space.
    pub(super) fn new(logits: &[f32], shares: Shares, glued: bool, edges: &Edges) -> Self {
        let mut first = softmax(logits);
        if glued {
            let spelled =
                |piece| edges.unspaced(piece).map_or(SPACED * first[piece], |unspaced| first[unspaced]);
            first = (0..first.len()).map(spelled).collect();
        }
        for (piece, probability) in first.iter_mut().enumerate() {
            if shares.total(piece as u32) <= 0.0 {
                *probability = 0.0;
            }
        }
        let goes_on = normalise(&mut first);
        let weight = shares.weight;
        Self { node_of: vec![OPEN; first.len()], first, shares, weight, goes_on, glued, nodes: Vec::new() }
    }

    /// How likely the text goes on with a listed word at all, and not with a mark or its end. The model says so; 1 without it.
    pub(super) fn goes_on(&self) -> f32 {
        self.goes_on
    }

    /// The shares again, to ask the model after all.
    pub(super) fn into_shares(self) -> Shares {
        self.shares
    }

    /// Number of pieces.
    pub(super) fn pieces(&self) -> u32 {
        self.first.len() as u32
    }

    /// The probability of `word`, whose tokens are `tokens`.
    pub(super) fn score(&self, word: WordId, tokens: Tokens<'_>) -> Score {
        let Some(first) = tokens.get(0) else { return Score::NONE };
        let share = self.shares.of(word);
        if share <= 0.0 {
            return Score::NONE;
        }
        let (own, model) = (self.weight * share, 1.0 - self.weight);
        let (mut probability, mut node, mut total) =
            (self.first[first as usize], self.node_of[first as usize], None);
        let mut depth = 1;
        while let Some(expanded) = self.nodes.get(usize::from(node)) {
            let Some(token) = tokens.get(depth) else {
                return Score { probability: model * expanded.end + own, ..Score::NONE };
            };
            let Some(child) = expanded.child(token) else { return Score::NONE };
            (probability, node, total) = (child.probability, child.node, Some(child.total));
            depth += 1;
        }
        let total = total.unwrap_or_else(|| self.shares.total(first));
        let part = if total > 0.0 { (share / total).min(1.0) } else { 0.0 };
        let said = model * probability * part;
        match part < 1.0 {
            true => Score { probability: said + own, open: Some(depth), uncertain: said },
            false => Score { probability: said + own, ..Score::NONE },
        }
    }

    /// A bound for the probability of any word that begins with `piece`; `None` if none does.
    pub(super) fn bound(&self, piece: u32) -> Option<f32> {
        let total = self.shares.total(piece);
        if total <= 0.0 {
            return None;
        }
        let best = self.shares.best(piece);
        let part = if self.node_of[piece as usize] == OPEN { (best / total).min(1.0) } else { 1.0 };
        Some((1.0 - self.weight) * self.first[piece as usize] * part + self.weight * best)
    }

    /// Whether the open node `path` could be expanded.
    pub(super) fn is_open(&self, path: &[u32]) -> bool {
        let Some((&first, rest)) = path.split_first() else { return false };
        let mut node = self.node_of[first as usize];
        for &token in rest {
            let Some(expanded) = self.nodes.get(usize::from(node)) else { return false };
            let Some(child) = expanded.child(token) else { return false };
            node = child.node;
        }
        node == OPEN && self.nodes.len() < usize::from(OPEN)
    }

    /// The node `path` as the text continues there: without a space if it is glued to what stands before.
    pub(super) fn spelled(&self, path: &[u32], edges: &Edges) -> Vec<u32> {
        let mut path = path.to_vec();
        if let (true, Some(first)) = (self.glued, path.first_mut()) {
            *first = edges.unspaced(*first as usize).map_or(*first, |piece| piece as u32);
        }
        path
    }

    /// Takes in what the model says after `path`, an open node whose parent is expanded.
    pub(super) fn expand(&mut self, world: &World<'_>, path: &[u32], logits: &[f32]) {
        let (Some(&first), true) = (path.first(), self.is_open(path)) else { return };
        let (mut probability, mut above) = (self.first[first as usize], Above::First(first));
        let mut range = world.lexicon.beginning_with(first);
        let mut node = self.node_of[first as usize];
        for (depth, &token) in path.iter().enumerate().skip(1) {
            let Some(place) = self.nodes[usize::from(node)].place(token) else { return };
            let child = &self.nodes[usize::from(node)].children[place];
            probability = child.probability;
            above = Above::Child { node, place };
            range = narrowed(&world.lexicon, range, depth, token);
            node = child.node;
        }
        let number = self.nodes.len() as u16;
        let (end, children) = self.looked_into(world, range, path.len(), probability, logits);
        self.nodes.push(Node { above, end, children });
        self.hang(above, number);
    }

    /// How many nodes are expanded.
    pub(super) fn expanded(&self) -> usize {
        self.nodes.len()
    }

    /// Closes all nodes but the first `kept` that were expanded.
    pub(super) fn undo(&mut self, kept: usize) {
        while self.nodes.len() > kept {
            if let Some(node) = self.nodes.pop() {
                self.hang(node.above, OPEN);
            }
        }
    }

    fn hang(&mut self, above: Above, number: u16) {
        match above {
            Above::First(piece) => self.node_of[piece as usize] = number,
            Above::Child { node, place } => self.nodes[usize::from(node)].children[place].node = number,
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let children: usize = self.nodes.iter().map(|node| node.children.capacity()).sum();
        self.first.capacity() * size_of::<f32>()
            + self.shares.heap_bytes()
            + self.node_of.capacity() * size_of::<u16>()
            + self.nodes.capacity() * size_of::<Node>()
            + children * size_of::<Child>()
    }

    /// The probability that the word ends at a node, and its children.
    fn looked_into(
        &self,
        world: &World<'_>,
        range: Range<u32>,
        depth: usize,
        probability: f32,
        logits: &[f32],
    ) -> (f32, Vec<Child>) {
        let after = softmax(logits);
        let ending = after.iter().enumerate().filter(|(piece, _)| world.edges.ends_word(*piece));
        let end = probability * ending.map(|(_, probability)| probability).sum::<f32>();
        let children = world.lexicon.children(range, depth).map(|(token, below)| Child {
            token,
            probability: probability * after[token as usize],
            total: self.shares.total_in(&world.lexicon, below),
            node: OPEN,
        });
        (end, children.collect())
    }
}

impl Node {
    fn place(&self, token: u32) -> Option<usize> {
        self.children.binary_search_by_key(&token, |child| child.token).ok()
    }

    fn child(&self, token: u32) -> Option<&Child> {
        self.place(token).map(|place| &self.children[place])
    }
}

/// The part of a node's range whose words have `token` at `depth`.
fn narrowed(lexicon: &Lexicon<'_>, range: Range<u32>, depth: usize, token: u32) -> Range<u32> {
    let nothing = range.end..range.end;
    lexicon.children(range, depth).find(|(found, _)| *found == token).map_or(nothing, |(_, below)| below)
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut out: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
    normalise(&mut out);
    out
}

/// Makes the sum 1, if there is one; the sum before.
fn normalise(values: &mut [f32]) -> f32 {
    let sum: f32 = values.iter().sum();
    if sum.is_finite() && sum > 0.0 {
        values.iter_mut().for_each(|value| *value /= sum);
        return sum;
    }
    values.fill(0.0);
    0.0
}
