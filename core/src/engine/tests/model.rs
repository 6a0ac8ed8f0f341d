//! Small models with random weights.

use crate::model::testing::random;
use crate::model::{Family, LlamaConfig, RopeConfig, RopeLayout, RopeScaling, TensorType, TensorView};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use std::ops::Range;

/// All weight types.
pub(crate) const TYPES: [TensorType; 11] = [
    TensorType::F32,
    TensorType::F16,
    TensorType::BF16,
    TensorType::Q8_0,
    TensorType::Q4_0,
    TensorType::Q4_1,
    TensorType::Q5_0,
    TensorType::Q5_1,
    TensorType::Q4_K,
    TensorType::Q5_K,
    TensorType::Q6_K,
];

pub(crate) fn candle_type(dtype: TensorType) -> GgmlDType {
    match dtype {
        TensorType::F32 => GgmlDType::F32,
        TensorType::F16 => GgmlDType::F16,
        TensorType::BF16 => GgmlDType::BF16,
        TensorType::Q8_0 => GgmlDType::Q8_0,
        TensorType::Q4_0 => GgmlDType::Q4_0,
        TensorType::Q4_1 => GgmlDType::Q4_1,
        TensorType::Q5_0 => GgmlDType::Q5_0,
        TensorType::Q5_1 => GgmlDType::Q5_1,
        TensorType::Q4_K => GgmlDType::Q4K,
        TensorType::Q5_K => GgmlDType::Q5K,
        TensorType::Q6_K => GgmlDType::Q6K,
    }
}

/// `values` as the bytes of `dtype`; whole blocks.
pub(crate) fn quantize(values: &[f32], dtype: TensorType) -> Vec<u8> {
    let tensor = Tensor::new(values, &Device::Cpu).unwrap();
    QTensor::quantize(&tensor, candle_type(dtype)).unwrap().data().unwrap().into_owned()
}

/// A model in memory. Its tensors begin at odd addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct TestModel {
    bytes: Vec<u8>,
    tensors: Vec<(String, Vec<usize>, TensorType, Range<usize>)>,
}

impl TestModel {
    /// Random weights of type `dtype` in the shapes that `config` asks for.
    pub(crate) fn random(config: &LlamaConfig, dtype: TensorType, tied: bool, seed: u64) -> Self {
        let mut model = Self { bytes: vec![0], ..Self::default() };
        let c = config;
        let width = c.embedding_length;
        model.add("token_embd", &[c.vocab_size, width], dtype, seed);
        if !tied {
            model.add("output", &[c.vocab_size, width], dtype, seed + 1);
        }
        model.add("output_norm", &[width], TensorType::F32, seed + 2);
        for i in 0..c.block_count {
            let seed = seed + 100 * (i as u64 + 1);
            let query = c.head_count * c.key_length;
            model.add(&format!("blk.{i}.attn_norm"), &[width], TensorType::F32, seed);
            model.add(&format!("blk.{i}.attn_q"), &[query, width], dtype, seed + 1);
            model.add(&format!("blk.{i}.attn_k"), &[c.head_count_kv * c.key_length, width], dtype, seed + 2);
            model.add(
                &format!("blk.{i}.attn_v"),
                &[c.head_count_kv * c.value_length, width],
                dtype,
                seed + 3,
            );
            model.add(
                &format!("blk.{i}.attn_output"),
                &[width, c.head_count * c.value_length],
                dtype,
                seed + 4,
            );
            model.add(&format!("blk.{i}.ffn_norm"), &[width], TensorType::F32, seed + 5);
            model.add(&format!("blk.{i}.ffn_gate"), &[c.feed_forward_length, width], dtype, seed + 6);
            model.add(&format!("blk.{i}.ffn_up"), &[c.feed_forward_length, width], dtype, seed + 7);
            model.add(&format!("blk.{i}.ffn_down"), &[width, c.feed_forward_length], dtype, seed + 8);
            for ((name, len), seed) in c.more_vectors().into_iter().zip(seed + 20..) {
                model.add_named(&format!("blk.{i}.{name}"), &[len], TensorType::F32, seed);
            }
        }
        model
    }

    /// Random weights for tensors given by name, shape and type.
    pub(crate) fn of<'a>(
        tensors: impl Iterator<Item = (&'a str, &'a [usize], TensorType)>,
        seed: u64,
    ) -> Self {
        let mut model = Self { bytes: vec![0], ..Self::default() };
        for (number, (name, shape, dtype)) in (seed..).zip(tensors) {
            model.add_named(name, shape, dtype, number);
        }
        model
    }

    fn add(&mut self, name: &str, shape: &[usize], dtype: TensorType, seed: u64) {
        self.add_named(&format!("{name}.weight"), shape, dtype, seed);
    }

    fn add_named(&mut self, name: &str, shape: &[usize], dtype: TensorType, seed: u64) {
        let len = shape.iter().product();
        let values = match shape {
            [_] => random(len, seed).into_iter().map(|value| 1.0 + 0.1 * value).collect(),
            // outputs of about the size of the inputs, so that nothing saturates
            _ => random(len, seed)
                .into_iter()
                .map(|value| value / (shape[1] as f32).sqrt())
                .collect::<Vec<_>>(),
        };
        let start = self.bytes.len();
        self.bytes.extend(quantize(&values, dtype));
        self.tensors.push((name.to_owned(), shape.to_vec(), dtype, start..self.bytes.len()));
    }

    /// Takes a tensor out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.tensors.retain(|(other, ..)| other != name);
        self
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn tensor(&self, name: &str) -> Option<TensorView<'_>> {
        let (name, shape, dtype, range) = self.tensors.iter().find(|(other, ..)| other == name)?;
        Some(TensorView { name, shape, dtype: *dtype, bytes: &self.bytes[range.clone()] })
    }
}

/// The same of another family, with a layer of each kind and a window shorter than the tests' sequences.
pub(crate) fn config_of(family: Family) -> LlamaConfig {
    let block_count = family.local.map_or(2, |local| local.period);
    LlamaConfig { family, block_count, sliding_window: 3, ..config(family.rope_layout) }
}

/// Two layers, four heads on two, keys and values of different length.
pub(crate) fn config(layout: RopeLayout) -> LlamaConfig {
    LlamaConfig {
        family: Family::llama(layout),
        block_count: 2,
        embedding_length: 256,
        feed_forward_length: 512,
        head_count: 4,
        head_count_kv: 2,
        key_length: 24,
        value_length: 64,
        context_length: 400,
        vocab_size: 61,
        rms_norm_epsilon: 1e-5,
        sliding_window: 400,
        rope: RopeConfig { dimension_count: 16, freq_base: 1e4, layout, scaling: RopeScaling::None },
    }
}
