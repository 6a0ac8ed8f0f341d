//! What lies between the products of a layer, done in passing: the values of a few tokens or rows go through several steps
//! while they lie in the first caches, and threads need not wait for each other between them.

use super::activations::{Form, GROUP};
use super::team::{Scratch, Shares};
use super::{Activations, Kernels, Matrix, Team, format};
use crate::model::Gate;

/// Rows of the feed-forward layer that go through it together: whole tiles of every instruction set, and whole groups.
const BLOCK: usize = 64;
/// Values of a block, about: what fits the first cache beside the rest.
const BLOCK_VALUES: usize = 8192;

/// Weights of an RMSNorm, and what keeps it from dividing by nothing.
#[derive(Clone, Copy)]
pub(in crate::engine) struct RmsNorm<'a> {
    pub(in crate::engine) weight: &'a [f32],
    pub(in crate::engine) epsilon: f32,
}

impl Kernels {
    /// Adds `delta`, unless it is empty, to the rows of the residual stream `x`, and makes `normed` their RMSNorm in `form`.
    pub(in crate::engine) fn add_norm(
        &self,
        x: &mut [f32],
        delta: &[f32],
        norm: RmsNorm<'_>,
        form: Form,
        team: &mut Team,
        normed: &mut Activations,
    ) {
        let RmsNorm { weight, epsilon } = norm;
        let width = weight.len();
        let count = x.len() / width.max(1);
        assert!(delta.is_empty() || delta.len() == x.len(), "something is added to every row");
        let x = Shares::new(x);
        normed.fill([count, width], form, self, team, |token, normed| {
            // SAFETY: `x` has `count` rows, and each token is filled once.
            let x = unsafe { std::slice::from_raw_parts_mut(x.at(token * width), width) };
            if let Some(delta) = delta.get(token * width..(token + 1) * width) {
                x.iter_mut().zip(delta).for_each(|(x, delta)| *x += delta);
            }
            self.rms_norm(x, weight, epsilon, normed);
        });
    }

    /// The gated half of a feed-forward layer: `hidden = activation(gate · x) · (up · x)` in `form`.
    pub(in crate::engine) fn gated(
        &self,
        [gate, up]: [Matrix<'_>; 2],
        activation: Gate,
        x: &mut Activations,
        form: Form,
        team: &mut Team,
        hidden: &mut Activations,
    ) {
        x.prepare(Form::of([gate, up]), self, team);
        let x = x.rows(0);
        assert!(
            gate.rows == up.rows && gate.cols == x.cols && up.cols == x.cols,
            "shapes of a layer disagree"
        );
        let (count, rows) = (x.count, gate.rows);
        let places = hidden.open(count, rows, form);
        let blocks = rows.div_ceil(BLOCK);
        let together = (BLOCK_VALUES / count.max(1)).max(BLOCK) / BLOCK * BLOCK;
        let jobs = team.jobs(blocks);
        team.run(jobs, |Scratch { panel, gate: gates, up: ups, row, .. }, job| {
            let [start, end] = [job, job + 1].map(|job| rows.min(blocks * job / jobs * BLOCK));
            for first in (start..end).step_by(together) {
                let range = first..end.min(first + together);
                let len = range.len();
                gates.resize(gates.len().max(count * len), 0.0);
                ups.resize(ups.len().max(count * len), 0.0);
                // SAFETY: as in `matmul`; the results have room for the block's rows of all tokens.
                unsafe {
                    (self.matmul)(gate, x, range.clone(), panel, gates.as_mut_ptr(), len);
                    (self.matmul)(up, x, range, panel, ups.as_mut_ptr(), len);
                }
                row.resize(len, 0.0);
                for (token, (gate, up)) in
                    gates.chunks_exact(len).zip(ups.chunks_exact(len)).take(count).enumerate()
                {
                    match activation {
                        Gate::Silu => self.swiglu(gate, up, row),
                        Gate::Gelu => self.geglu(gate, up, row),
                    }
                    // SAFETY: no two jobs have the same rows.
                    unsafe { places.put(self, token, first, row) };
                }
            }
        });
    }
}

const _: () = assert!(BLOCK.is_multiple_of(format::MAX_LANES) && BLOCK.is_multiple_of(GROUP));
