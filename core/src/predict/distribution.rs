//! How likely each word of the lexicon is after one context.
//!
//! The model gives the probability of the next piece. A word of one piece is over if the piece after it ends a word, and
//! goes on otherwise (` Haus`, ` Hausaufgaben`); the model knows which, for the price of running it on ` Haus`. So the
//! trie's nodes are of two kinds: *expanded* ones, where the model said how likely the word ends there or goes on with each
//! child, and *open* ones, whose probability is divided among the words below by their share of running text. The sum over
//! all words stays the same; expanding a node only moves probability to where the model wants it.

use super::edges::Edges;
use super::lexicon::{Lexicon, NO_WORD, Tokens, WordId};
use super::prior::{Mix, Prior};
use std::ops::Range;

/// Weight of a word's share of running text beside the model's probability: orders words that the model rules out alike.
const FLOOR: f32 = 1e-6;

/// What remains of a piece with a space where none can stand: its word is spelled in several pieces there, which nobody scored.
const SPACED: f32 = 0.01;

/// What is the same for all contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct World<'a> {
    pub(super) lexicon: Lexicon<'a>,
    pub(super) prior: &'a Prior,
    pub(super) edges: &'a Edges,
    /// Which of the lexicon's languages are on.
    pub(super) languages: &'a [bool],
}

impl World<'_> {
    /// Whether `word` belongs to a language that is on.
    pub(super) fn is_on(&self, word: WordId) -> bool {
        let listed = |language| self.lexicon.cost(language, word) != NO_WORD;
        self.languages.iter().enumerate().any(|(language, on)| *on && listed(language))
    }
}

/// The probabilities after one context.
#[derive(Debug)]
pub(super) struct Distribution {
    /// Of each piece.
    first: Vec<f32>,
    mix: Mix,
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
    /// Share of running text of all words below.
    total: f32,
    node: u16,
}

/// A word's probability, and the open node that it hangs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) probability: f32,
    /// Tokens of the word down to the open node; `None` if the model itself gave the probability.
    pub(super) open: Option<usize>,
}

impl Distribution {
    /// From the logits after the context. `glued`: words follow without a space.
    pub(super) fn new(logits: &[f32], mix: Mix, glued: bool, edges: &Edges) -> Self {
        let mut first = softmax(logits);
        if glued {
            let spelled =
                |piece| edges.unspaced(piece).map_or(SPACED * first[piece], |unspaced| first[unspaced]);
            first = (0..first.len()).map(spelled).collect();
        }
        Self { node_of: vec![OPEN; first.len()], first, mix, glued, nodes: Vec::new() }
    }

    /// Number of pieces.
    pub(super) fn pieces(&self) -> u32 {
        self.first.len() as u32
    }

    /// The probability of `word`, whose tokens are `tokens`.
    pub(super) fn score(&self, world: &World<'_>, word: WordId, tokens: Tokens<'_>) -> Score {
        let Some(first) = tokens.get(0) else { return Score { probability: 0.0, open: None } };
        let share = world.prior.share(&world.lexicon, &self.mix, word);
        if share <= 0.0 {
            return Score { probability: 0.0, open: None };
        }
        let (mut probability, mut node, mut total) =
            (self.first[first as usize], self.node_of[first as usize], None);
        let mut depth = 1;
        while let Some(expanded) = self.nodes.get(usize::from(node)) {
            let Some(token) = tokens.get(depth) else {
                return Score { probability: expanded.end + FLOOR * share, open: None };
            };
            let Some(child) = expanded.child(token) else { return Score { probability: 0.0, open: None } };
            (probability, node, total) = (child.probability, child.node, Some(child.total));
            depth += 1;
        }
        let total = total.unwrap_or_else(|| world.prior.total(&self.mix, first));
        let part = if total > 0.0 { share / total } else { 0.0 };
        Score { probability: probability * part + FLOOR * share, open: (part < 1.0).then_some(depth) }
    }

    /// A bound for the probability of any word that begins with `piece`; `None` if none does.
    pub(super) fn bound(&self, world: &World<'_>, piece: u32) -> Option<f32> {
        let total = world.prior.total(&self.mix, piece);
        if total <= 0.0 {
            return None;
        }
        let best = world.prior.best(&self.mix, piece);
        let part = if self.node_of[piece as usize] == OPEN { (best / total).min(1.0) } else { 1.0 };
        Some(self.first[piece as usize] * part + FLOOR * best)
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
        (self.first.capacity() * size_of::<f32>())
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
            total: world.prior.total_in(&world.lexicon, &self.mix, below),
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
    let sum: f32 = out.iter().sum();
    if sum.is_finite() && sum > 0.0 {
        out.iter_mut().for_each(|value| *value /= sum);
    } else {
        out.fill(0.0);
    }
    out
}
