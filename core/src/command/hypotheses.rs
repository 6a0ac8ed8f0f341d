//! What a recogniser may have heard: of several hypotheses, the one that was most probably said.

use super::parser::{CommandParser, Parse, ParseContext};

/// What a recogniser may have heard, with its score: see [`CommandParser::parse_n_best`].
pub type Hypothesis<'a> = (&'a str, f32);

impl CommandParser {
    /// What was meant, if a recogniser is not sure what was said; see [`best_hypothesis`](Self::best_hypothesis).
    pub fn parse_n_best(&self, hypotheses: &[Hypothesis<'_>], context: &ParseContext) -> Parse {
        self.best_hypothesis(hypotheses, context).1
    }

    /// Which of the hypotheses was most probably said, by its index (`None` if there are none), and what it means. Scores
    /// are probabilities or their logarithms, as the recogniser gives them; only their differences count. A hypothesis
    /// that the set understands well may win against one that was heard a little better.
    pub fn best_hypothesis(
        &self,
        hypotheses: &[Hypothesis<'_>],
        context: &ParseContext,
    ) -> (Option<usize>, Parse) {
        most_probable(hypotheses, |text| {
            let parse = self.parse(text, context);
            let understood = match &parse {
                Parse::Command(command) | Parse::NeedsValue { command, .. } => command.confidence,
                Parse::OutOfScope { .. } => 0.0,
            };
            (understood, parse)
        })
        .map_or((None, Parse::OutOfScope { confidence: 1.0 }), |(index, parse)| (Some(index), parse))
    }
}

/// The hypothesis that was most probably said, given how it was heard and how well it is understood (0 to 1), with what
/// `understand` made of it.
pub(super) fn most_probable<T>(
    hypotheses: &[Hypothesis<'_>],
    understand: impl Fn(&str) -> (f32, T),
) -> Option<(usize, T)> {
    /// What a hypothesis that means nothing to the set counts against one that is certain.
    const NOTHING: f32 = 0.02;
    let logarithms = hypotheses.iter().any(|(_, score)| *score < 0.0);
    let heard = |score: f32| if logarithms { score } else { score.max(f32::MIN_POSITIVE).ln() };
    let mut best: Option<(f32, usize, T)> = None;
    for (index, (text, score)) in hypotheses.iter().enumerate().filter(|(_, (_, score))| !score.is_nan()) {
        let (understood, meaning) = understand(text);
        let total = heard(*score) + understood.max(NOTHING).ln();
        if best.as_ref().is_none_or(|(known, ..)| total > *known) {
            best = Some((total, index, meaning));
        }
    }
    best.map(|(_, index, meaning)| (index, meaning))
}
