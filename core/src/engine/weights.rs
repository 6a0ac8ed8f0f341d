//! A model's tensors, found and checked once.

use super::EngineError;
use super::kernels::Matrix;
use crate::model::{LlamaConfig, Model, TensorType, TensorView};
use std::ops::Range;

/// The weights of a Llama-family model. Matrices stay in the map; only the norms, a thousandth of the whole, are copied.
#[derive(Debug)]
pub(super) struct Weights {
    source: Source,
    /// `vocab_size × embedding_length`.
    pub(super) embedding: Tensor,
    pub(super) layers: Vec<Layer>,
    pub(super) output_norm: Vec<f32>,
    /// `vocab_size × embedding_length`; the embedding where the file has no output layer of its own.
    pub(super) output: Tensor,
}

/// The weights of one transformer block.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) attention_norm: Vec<f32>,
    pub(super) query: Tensor,
    pub(super) key: Tensor,
    pub(super) value: Tensor,
    pub(super) attention_output: Tensor,
    pub(super) feed_forward_norm: Vec<f32>,
    pub(super) gate: Tensor,
    pub(super) up: Tensor,
    pub(super) down: Tensor,
    /// Of queries, keys and values (Qwen2).
    pub(super) biases: Option<[Vec<f32>; 3]>,
    /// Of each head's queries and keys (Qwen3, Gemma 3).
    pub(super) head_norms: Option<[Vec<f32>; 2]>,
    /// Of what attention and the feed-forward layer add (Gemma 3).
    pub(super) addition_norms: Option<[Vec<f32>; 2]>,
}

/// A matrix as a place in the source.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    dtype: TensorType,
    rows: usize,
    cols: usize,
    range: Range<usize>,
}

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Source {
    Model(Model),
    #[cfg(test)]
    Test(super::tests::model::TestModel),
}

impl Source {
    /// The matrix behind `tensor`, which [`find`] found here.
    #[expect(clippy::expect_used, reason = "`find` has built the same matrix before")]
    pub(super) fn matrix(&self, tensor: &Tensor) -> Matrix<'_> {
        let bytes = &self.bytes()[tensor.range.clone()];
        Matrix::new(tensor.dtype, tensor.rows, tensor.cols, bytes).expect("checked when it was found")
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Model(model) => model.bytes(),
            #[cfg(test)]
            Self::Test(model) => model.bytes(),
        }
    }

    fn tensor(&self, name: &str) -> Option<TensorView<'_>> {
        match self {
            Self::Model(model) => model.tensor(name),
            #[cfg(test)]
            Self::Test(model) => model.tensor(name),
        }
    }
}

impl Weights {
    /// Finds the tensors of `model`.
    pub(super) fn new(model: &Model, config: &LlamaConfig) -> Result<Self, EngineError> {
        Self::resolve(Source::Model(model.clone()), config)
    }

    #[cfg(test)]
    pub(super) fn of_test(
        model: super::tests::model::TestModel,
        config: &LlamaConfig,
    ) -> Result<Self, EngineError> {
        Self::resolve(Source::Test(model), config)
    }

    fn resolve(source: Source, config: &LlamaConfig) -> Result<Self, EngineError> {
        let width = config.embedding_length;
        let (query, key) = (config.head_count * config.key_length, config.head_count_kv * config.key_length);
        let value = config.head_count_kv * config.value_length;
        let mixed = config.head_count * config.value_length;
        let hidden = config.feed_forward_length;

        let layer = |i: usize| {
            let matrix =
                |name: &str, rows, cols| find(&source, &format!("blk.{i}.{name}.weight"), rows, cols);
            let vector = |name: &str, len| find_vector(&source, &format!("blk.{i}.{name}"), len);
            let norm = |name: &str| vector(&format!("{name}.weight"), width);
            let biases = || -> Result<_, EngineError> {
                Ok([
                    vector("attn_q.bias", query)?,
                    vector("attn_k.bias", key)?,
                    vector("attn_v.bias", value)?,
                ])
            };
            let head_norms = || -> Result<_, EngineError> {
                let norm = |name: &str| vector(&format!("{name}.weight"), config.key_length);
                Ok([norm("attn_q_norm")?, norm("attn_k_norm")?])
            };
            let addition_norms =
                || -> Result<_, EngineError> { Ok([norm("post_attention_norm")?, norm("post_ffw_norm")?]) };
            let family = config.family;
            Ok(Layer {
                attention_norm: norm("attn_norm")?,
                query: matrix("attn_q", query, width)?,
                key: matrix("attn_k", key, width)?,
                value: matrix("attn_v", value, width)?,
                attention_output: matrix("attn_output", width, mixed)?,
                feed_forward_norm: norm("ffn_norm")?,
                gate: matrix("ffn_gate", hidden, width)?,
                up: matrix("ffn_up", hidden, width)?,
                down: matrix("ffn_down", width, hidden)?,
                biases: family.has_biases.then(biases).transpose()?,
                head_norms: family.norms_heads.then(head_norms).transpose()?,
                addition_norms: family.norms_additions.then(addition_norms).transpose()?,
            })
        };
        let layers = (0..config.block_count).map(layer).collect::<Result<_, EngineError>>()?;
        let embedding = find(&source, "token_embd.weight", config.vocab_size, width)?;
        let output = match source.tensor("output.weight") {
            Some(_) => find(&source, "output.weight", config.vocab_size, width)?,
            None => embedding.clone(),
        };
        let output_norm = find_vector(&source, "output_norm.weight", width)?;
        Ok(Self { embedding, layers, output_norm, output, source })
    }

    /// The matrix behind `tensor`.
    pub(super) fn matrix(&self, tensor: &Tensor) -> Matrix<'_> {
        self.source.matrix(tensor)
    }
}

/// The matrix `name`, which must be `rows × cols`.
pub(super) fn find(source: &Source, name: &str, rows: usize, cols: usize) -> Result<Tensor, EngineError> {
    let view = source.tensor(name).ok_or_else(|| EngineError::MissingTensor { name: name.into() })?;
    if view.shape != [rows, cols] || Matrix::new(view.dtype, rows, cols, view.bytes).is_none() {
        return Err(wrong_shape(&view, &format!("{rows} × {cols}")));
    }
    // The view borrows from the source's bytes, so the difference of the addresses is its place in them.
    let start = view.bytes.as_ptr().addr() - source.bytes().as_ptr().addr();
    Ok(Tensor { dtype: view.dtype, rows, cols, range: start..start + view.bytes.len() })
}

/// The vector `name` of `len` values.
pub(super) fn find_vector(source: &Source, name: &str, len: usize) -> Result<Vec<f32>, EngineError> {
    let view = source.tensor(name).ok_or_else(|| EngineError::MissingTensor { name: name.into() })?;
    let matrix = Matrix::new(view.dtype, 1, len, view.bytes).filter(|_| view.shape == [len]);
    let matrix = matrix.ok_or_else(|| wrong_shape(&view, &len.to_string()))?;
    let mut values = vec![0.0; len];
    super::kernels::Kernels::detect().dequantize(matrix, 0, &mut values);
    Ok(values)
}

fn wrong_shape(view: &TensorView<'_>, wanted: &str) -> EngineError {
    let shape = view.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ");
    EngineError::TensorShape {
        name: view.name.into(),
        found: format!("{shape} of {:?} in {} bytes", view.dtype, view.bytes.len()),
        wanted: wanted.into(),
    }
}
