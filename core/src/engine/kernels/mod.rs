//! The inner loops: products with quantised weights, attention, norms; per instruction set, chosen once.
//!
//! | file | what |
//! |---|---|
//! | `format/` | how each weight type unpacks: **a new type goes here** |
//! | `isa.rs` | the few operations that an instruction set provides: **a new one is one file** beside |
//! | `scalar.rs`, `avx2.rs`, `avx512.rs`, `neon.rs` | them |
//! | `matmul.rs`, `decode.rs`, `attention.rs`, `elementwise.rs` | the algorithms, generic over the instruction set |
//! | `activations.rs` | what the products are computed of |
//! | `fused.rs` | what lies between products, done in passing while its values are in the cache |
//! | `bench.rs` | kernels one by one, for `benches/kernels.rs` |
//! | `team.rs` | the threads that share the work |
//!
//! All `unsafe` of the engine is in here, behind the safe methods of [`Kernels`], which check lengths.

#![cfg_attr(
    not(any(target_arch = "x86_64", target_arch = "aarch64")),
    allow(dead_code, reason = "what only vectors need, on processors that run the scalar kernels")
)]

mod activations;
mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
pub mod bench;
mod decode;
mod elementwise;
mod format;
mod fused;
mod isa;
mod matmul;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;
mod team;

pub(super) use activations::{Activations, Form};
pub(super) use attention::{Attention, BLOCK, View};
pub(super) use fused::RmsNorm;
pub(super) use team::{Pool, Team};

use crate::model::TensorType;
use activations::{QuantizedRows, Rows};
use matmul::Panel;
use std::ops::Range;
use team::Shares;

/// A weight matrix as it lies in the map: `rows` outputs, `cols` inputs, row-major.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix<'a> {
    dtype: TensorType,
    rows: usize,
    cols: usize,
    bytes: &'a [u8],
}

impl<'a> Matrix<'a> {
    /// `None` if a row is no whole number of blocks, or `bytes` is not as long as the shape says.
    pub(super) fn new(dtype: TensorType, rows: usize, cols: usize, bytes: &'a [u8]) -> Option<Self> {
        let (block, block_bytes) = format::block_size(dtype);
        let row_bytes = cols.is_multiple_of(block).then_some(cols / block * block_bytes)?;
        (row_bytes.checked_mul(rows)? == bytes.len()).then_some(Self { dtype, rows, cols, bytes })
    }

    fn row(&self, row: usize) -> &'a [u8] {
        let len = self.bytes.len() / self.rows.max(1);
        &self.bytes[row * len..(row + 1) * len]
    }
}

/// A product of a matrix with the activations from token `first` on; `out` is `(count − first) × rows`.
pub(super) struct Product<'a> {
    pub(super) matrix: Matrix<'a>,
    pub(super) first: usize,
    pub(super) out: &'a mut [f32],
}

/// Tiles of a matrix that are worth a job of their own.
const MIN_TILES: usize = 4;

/// Values, weight, bias, epsilon, result.
type LayerNorm = unsafe fn(&[f32], &[f32], &[f32], f32, &mut [f32]);

/// The kernels of one instruction set.
pub(super) struct Kernels {
    name: &'static str,
    matmul: unsafe fn(Matrix<'_>, Rows<'_>, Range<usize>, &mut Panel, *mut f32, usize),
    dequantize: unsafe fn(&[u8], TensorType, &mut [f32]),
    quantize: unsafe fn(&[f32], QuantizedRows<'_>),
    attend: unsafe fn(&Attention<'_>, usize, &mut attention::Scratch, *mut f32),
    narrow: unsafe fn(&[f32], &mut [u16]),
    rms_norm: unsafe fn(&[f32], &[f32], f32, &mut [f32]),
    layer_norm: LayerNorm,
    swiglu: unsafe fn(&[f32], &[f32], &mut [f32]),
    geglu: unsafe fn(&[f32], &[f32], &mut [f32]),
    gelu: unsafe fn(&[f32], &mut [f32]),
}

impl std::fmt::Debug for Kernels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kernels({})", self.name)
    }
}

impl Kernels {
    /// The fastest kernels that this CPU runs.
    pub(super) fn detect() -> &'static Self {
        Self::available()[0]
    }

    /// All kernels that this CPU runs, the fastest first; the last is the scalar reference.
    pub(super) fn available() -> Vec<&'static Self> {
        let mut all = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("fma")
                && is_x86_feature_detected!("f16c")
                && is_x86_feature_detected!("bmi2");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni");
            if avx2 && avx512 {
                all.push(&avx512::KERNELS);
            }
            if avx2 && is_x86_feature_detected!("avxvnni") {
                all.push(&avx2::with_vnni::KERNELS);
            }
            if avx2 {
                all.push(&avx2::without_vnni::KERNELS);
            }
        }
        #[cfg(target_arch = "aarch64")]
        all.extend(neon::available());
        all.push(&scalar::KERNELS);
        all
    }

    /// The instruction set's name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// `out[t][n] = Σ_k w[n][k] · x[t][k]` of each product, all in one go, so that threads wait for each other once;
    /// quantises `x` if a matrix is quantised and `x` has not been yet.
    pub(super) fn matmul<const N: usize>(
        &self,
        x: &mut Activations,
        team: &mut Team,
        products: [Product<'_>; N],
    ) {
        x.prepare(Form::of(products.each_ref().map(|product| product.matrix)), self, team);
        let tiles = products.each_ref().map(|product| product.matrix.rows.div_ceil(format::MAX_LANES));
        let products = products.map(|Product { matrix, first, out }| {
            let x = x.rows(first);
            let fits = x.cols == matrix.cols && out.len() == x.count * matrix.rows;
            assert!(fits, "shapes of a product disagree");
            (matrix, x, Shares::new(out))
        });
        let all = tiles.iter().sum::<usize>();
        let jobs = team.jobs(all.div_ceil(MIN_TILES));
        team.run(jobs, |scratch, job| {
            let mut before = 0;
            for ((matrix, x, out), tiles) in products.iter().zip(tiles) {
                let [start, end] = [job, job + 1]
                    .map(|job| (all * job / jobs).clamp(before, before + tiles) - before)
                    .map(|tile| matrix.rows.min(tile * format::MAX_LANES));
                before += tiles;
                if start < end && x.count > 0 {
                    // SAFETY: `available` has only tables of this CPU; `Matrix::new` checked the weights' length,
                    // `Activations` is as long as it says, the shapes were compared above, and no two jobs have the same rows.
                    unsafe {
                        (self.matmul)(*matrix, *x, start..end, &mut scratch.panel, out.at(start), matrix.rows)
                    };
                }
            }
        });
    }

    /// Row `row` of `w` as floats.
    pub(super) fn dequantize(&self, w: Matrix<'_>, row: usize, out: &mut [f32]) {
        assert_eq!(out.len(), w.cols, "a row has as many values as the matrix columns");
        // SAFETY: `available` has only tables of this CPU; so below.
        unsafe { (self.dequantize)(w.row(row), w.dtype, out) };
    }

    /// One layer's attention; `out` is `tokens × heads × value_length`.
    pub(super) fn attend(&self, attention: &Attention<'_>, team: &mut Team, out: &mut [f32]) {
        assert_eq!(out.len(), attention.out_len(), "a row has the values of all heads");
        let out = Shares::new(out);
        team.run(attention.parts(), |scratch, part| {
            // SAFETY: as above; no two parts have the same values, and `out` has those of all.
            unsafe { (self.attend)(attention, part, &mut scratch.attention, out.at(0)) };
        });
    }

    /// Rounds to half precision.
    pub(super) fn narrow(&self, from: &[f32], to: &mut [u16]) {
        // SAFETY: as above.
        unsafe { (self.narrow)(from, to) };
    }

    /// RMSNorm of one row.
    pub(super) fn rms_norm(&self, x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
        // SAFETY: as above.
        unsafe { (self.rms_norm)(x, weight, epsilon, out) };
    }

    /// LayerNorm of one row.
    pub(super) fn layer_norm(&self, x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32, out: &mut [f32]) {
        // SAFETY: as above.
        unsafe { (self.layer_norm)(x, weight, bias, epsilon, out) };
    }

    /// `out = gelu(x)`.
    pub(super) fn gelu(&self, x: &[f32], out: &mut [f32]) {
        // SAFETY: as above.
        unsafe { (self.gelu)(x, out) };
    }

    /// `out = silu(gate) · up`.
    pub(super) fn swiglu(&self, gate: &[f32], up: &[f32], out: &mut [f32]) {
        // SAFETY: as above.
        unsafe { (self.swiglu)(gate, up, out) };
    }

    /// `out = gelu(gate) · up`, GELU by tanh.
    pub(super) fn geglu(&self, gate: &[f32], up: &[f32], out: &mut [f32]) {
        // SAFETY: as above.
        unsafe { (self.geglu)(gate, up, out) };
    }
}

#[cfg(test)]
mod tests;
