//! Families that candle runs, too: the same file gives the same logits. (Its Gemma 3 has SiLU for GELU, and its window is one
//! token wider than llama.cpp's, so that family is held against the naive network alone.)

use super::{fresh, never};
use crate::engine::{Engine, EngineOptions};
use crate::model::testing::TinyModel;
use crate::model::{Family, Model};
use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::{Device, Tensor};
use candle_transformers::models::{quantized_llama, quantized_qwen2, quantized_qwen3};
use std::io::Cursor;

const TOKENS: [u32; 7] = [3, 60, 0, 17, 17, 42, 5];

/// The logits after the last token.
fn of_candle(name: &str, file: &[u8]) -> Vec<f32> {
    let mut reader = Cursor::new(file);
    let content = Content::read(&mut reader).unwrap();
    let tokens = Tensor::new(&TOKENS, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
    let device = &Device::Cpu;
    let logits = match name {
        "llama" => quantized_llama::ModelWeights::from_gguf(content, &mut reader, device)
            .unwrap()
            .forward(&tokens, 0),
        "qwen2" => quantized_qwen2::ModelWeights::from_gguf(content, &mut reader, device)
            .unwrap()
            .forward(&tokens, 0),
        "qwen3" => quantized_qwen3::ModelWeights::from_gguf(content, &mut reader, device)
            .unwrap()
            .forward(&tokens, 0),
        other => panic!("{other}"),
    };
    logits.unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn files_of_other_families_give_candles_logits() {
    for family in Family::ALL.into_iter().filter(|family| family.local.is_none()) {
        let rotated = Value::U32(8);
        let file =
            TinyModel::of(family).with_floats().set(&family.key("rope.dimension_count"), rotated).bytes();
        let model = Model::open(crate::model::testing::file(&file)).unwrap();
        let engine = Engine::new(&model, EngineOptions::default()).unwrap();
        let ours = fresh(&engine, &TOKENS);
        assert_eq!(engine.context().sync(&TOKENS, &never()).unwrap(), ours);
        let candles = of_candle(family.name, &file);
        assert_eq!(ours.len(), candles.len());
        let size = candles.iter().map(|x| x * x).sum::<f32>();
        let difference = ours.iter().zip(&candles).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        assert!((difference / size).sqrt() < 0.02, "{}: {}", family.name, (difference / size).sqrt());
    }
}
