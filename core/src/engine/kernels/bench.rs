//! Single kernels for `benches/kernels.rs`, which lies outside the crate and must reach them.

use super::{Activations, Attention, BLOCK, Kernels, Matrix, Team, View};
use crate::model::TensorType;
use std::sync::Arc;

/// Heads of SmolLM2-135M and of our own models.
const HEADS: usize = 9;
const HEADS_KV: usize = 3;
const HEAD: usize = 64;

/// The instruction sets of this CPU.
pub fn instruction_sets() -> Vec<&'static str> {
    Kernels::available().into_iter().map(Kernels::name).collect()
}

fn named(instruction_set: &str) -> Option<&'static Kernels> {
    Kernels::available().into_iter().find(|kernels| kernels.name() == instruction_set)
}

fn values(count: usize) -> Vec<f32> {
    (0..count).map(|i| (i * 7919 % 1000) as f32 / 500.0 - 1.0).collect()
}

/// `weights · x` for some tokens, quantising `x` included.
#[derive(Debug)]
pub struct Product {
    kernels: &'static Kernels,
    dtype: TensorType,
    rows: usize,
    cols: usize,
    weights: Vec<u8>,
    x: Vec<f32>,
    activations: Activations,
    out: Vec<f32>,
}

impl Product {
    /// `None` if the CPU has no such `instruction_set`, or `cols` is no whole number of blocks of `dtype`.
    pub fn new(
        instruction_set: &str,
        dtype: TensorType,
        rows: usize,
        cols: usize,
        tokens: usize,
    ) -> Option<Self> {
        let (block, bytes) = super::format::block_size(dtype);
        // Bytes below 60 are finite scales wherever they stand.
        let weights = (0..rows * cols / block * bytes).map(|i| (i * 7919 % 60) as u8).collect();
        let product = Self {
            kernels: named(instruction_set)?,
            dtype,
            rows,
            cols,
            weights,
            x: values(tokens * cols),
            activations: Activations::default(),
            out: vec![0.0; tokens * rows],
        };
        Matrix::new(dtype, rows, cols, &product.weights)?;
        Some(product)
    }

    /// Computes it once.
    pub fn run(&mut self) -> &[f32] {
        if let Some(w) = Matrix::new(self.dtype, self.rows, self.cols, &self.weights) {
            let tokens = self.x.len() / self.cols;
            self.activations.reset(tokens, self.cols).copy_from_slice(&self.x);
            let product = super::Product { matrix: w, first: 0, out: &mut self.out };
            self.kernels.matmul(&mut self.activations, &mut Team::alone(), [product]);
        }
        &self.out
    }
}

/// What else a layer consists of, for one token behind some others.
#[derive(Debug)]
pub struct Rest {
    kernels: &'static Kernels,
    cache: Vec<Arc<[u16]>>,
    views: [View; 1],
    x: Vec<f32>,
    other: Vec<f32>,
    out: Vec<f32>,
}

impl Rest {
    /// `None` if the CPU has no such `instruction_set`. `width`: of norms and gates.
    pub fn new(instruction_set: &str, positions: usize, width: usize) -> Option<Self> {
        let kernels = named(instruction_set)?;
        let mut block = vec![0; 2 * HEADS_KV * BLOCK * HEAD];
        kernels.narrow(&values(block.len()), &mut block);
        let width = width.max(HEADS * HEAD);
        Some(Self {
            kernels,
            cache: vec![block.into(); positions.div_ceil(BLOCK)],
            views: [View { prefix: positions, path: 0..0 }],
            x: values(width),
            other: values(width),
            out: vec![0.0; width],
        })
    }

    /// Attention of nine heads of 64 values, three of them keys' and values'.
    pub fn attend(&mut self) -> &[f32] {
        let attention = Attention {
            queries: &self.x[..HEADS * HEAD],
            cache: &self.cache,
            keys_at: 0,
            values_at: HEADS_KV * BLOCK * HEAD,
            heads: HEADS,
            heads_kv: HEADS_KV,
            key_length: HEAD,
            value_length: HEAD,
            window: usize::MAX,
            views: &self.views,
            paths: &[],
        };
        self.kernels.attend(&attention, &mut Team::alone(), &mut self.out[..HEADS * HEAD]);
        &self.out
    }

    /// RMSNorm of a row.
    pub fn rms_norm(&mut self) -> &[f32] {
        self.kernels.rms_norm(&self.x, &self.other, 1e-5, &mut self.out);
        &self.out
    }

    /// `silu(gate) · up`.
    pub fn swiglu(&mut self) -> &[f32] {
        self.kernels.swiglu(&self.x, &self.other, &mut self.out);
        &self.out
    }
}
