//! The encoder on small random models: the network equals a naive one, and neighbours in a batch do not matter.

use super::*;
use crate::engine::tests::model::TestModel;
use crate::engine::tests::reference::{Rows, rows};
use crate::model::{Everyday, Normalizer, TensorType};

fn config() -> BertConfig {
    BertConfig {
        block_count: 2,
        embedding_length: 64,
        feed_forward_length: 96,
        head_count: 4,
        context_length: 40,
        vocab_size: 61,
        token_type_count: 2,
        layer_norm_epsilon: 1e-12,
        normalizer: Normalizer::Uncased,
        everyday: Everyday::default(),
    }
}

fn model(config: &BertConfig, dtype: TensorType) -> TestModel {
    let (width, hidden) = (config.embedding_length, config.feed_forward_length);
    let plain = TensorType::F32;
    let mut shapes: Vec<(String, Vec<usize>, TensorType)> = vec![
        ("token_embd.weight".into(), vec![config.vocab_size, width], dtype),
        ("position_embd.weight".into(), vec![config.context_length, width], plain),
        ("token_types.weight".into(), vec![2, width], plain),
        ("token_embd_norm.weight".into(), vec![width], plain),
        ("token_embd_norm.bias".into(), vec![width], plain),
    ];
    for block in 0..config.block_count {
        for part in ["attn_q", "attn_k", "attn_v", "attn_output"] {
            shapes.push((format!("blk.{block}.{part}.weight"), vec![width, width], dtype));
            shapes.push((format!("blk.{block}.{part}.bias"), vec![width], plain));
        }
        for part in ["attn_output_norm", "layer_output_norm"] {
            shapes.push((format!("blk.{block}.{part}.weight"), vec![width], plain));
            shapes.push((format!("blk.{block}.{part}.bias"), vec![width], plain));
        }
        shapes.push((format!("blk.{block}.ffn_up.weight"), vec![hidden, width], dtype));
        shapes.push((format!("blk.{block}.ffn_up.bias"), vec![hidden], plain));
        shapes.push((format!("blk.{block}.ffn_down.weight"), vec![width, hidden], dtype));
        shapes.push((format!("blk.{block}.ffn_down.bias"), vec![width], plain));
    }
    TestModel::of(shapes.iter().map(|(name, shape, dtype)| (name.as_str(), shape.as_slice(), *dtype)), 5)
}

fn encoder(config: &BertConfig, model: &TestModel, kernels: &'static Kernels) -> Encoder {
    Encoder::with_kernels(config.clone(), Source::Test(model.clone()), kernels).unwrap()
}

/// The vectors of each sentence's tokens, and of the sentence.
fn run(encoder: &Encoder, sentences: &[&[u32]]) -> Vec<(Vec<f32>, Vec<f32>)> {
    let mut out = Vec::new();
    encoder
        .encode(sentences, |number, encoded| {
            assert_eq!(number, out.len());
            out.push((encoded.tokens.to_vec(), encoded.sentence.to_vec()));
        })
        .unwrap();
    out
}

/// The network written down naively: no batch, no quantised activations, double precision.
fn naive(model: &TestModel, config: &BertConfig, tokens: &[u32]) -> Rows {
    let get = |name: &str| rows(model, name).unwrap();
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let linear = |name: &str, x: &[f64]| -> Vec<f64> {
        let (weight, bias) = (get(&format!("{name}.weight")), get(&format!("{name}.bias")).remove(0));
        weight.iter().zip(bias).map(|(row, bias)| dot(row, x) + bias).collect()
    };
    let norm = |name: &str, x: Vec<f64>| -> Vec<f64> {
        let (weight, bias) =
            (get(&format!("{name}.weight")).remove(0), get(&format!("{name}.bias")).remove(0));
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
        let scale = 1.0 / (variance + f64::from(config.layer_norm_epsilon)).sqrt();
        x.iter().zip(weight).zip(bias).map(|((x, weight), bias)| (x - mean) * scale * weight + bias).collect()
    };
    let plus = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    let gelu = |x: f64| 0.5 * x * (1.0 + erf(x / 2f64.sqrt()));

    let (embedding, positions, segments) =
        (get("token_embd.weight"), get("position_embd.weight"), get("token_types.weight"));
    let mut x: Rows = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        let sum = plus(&plus(&embedding[*token as usize], &positions[position]), &segments[0]);
        x.push(norm("token_embd_norm", sum));
    }
    for block in 0..config.block_count {
        let name = |part: &str| format!("blk.{block}.{part}");
        let project = |part: &str| -> Rows { x.iter().map(|x| linear(&name(part), x)).collect() };
        let (queries, keys, values) = (project("attn_q"), project("attn_k"), project("attn_v"));
        let length = config.embedding_length / config.head_count;
        let mut next = Vec::new();
        for (query, x) in queries.iter().zip(&x) {
            let mut mixed = Vec::new();
            for head in 0..config.head_count {
                let part = head * length..(head + 1) * length;
                let scores: Vec<f64> = keys
                    .iter()
                    .map(|key| (dot(&query[part.clone()], &key[part.clone()]) / (length as f64).sqrt()).exp())
                    .collect();
                let total: f64 = scores.iter().sum();
                mixed.extend(
                    part.map(|i| scores.iter().zip(&values).map(|(s, row)| s * row[i]).sum::<f64>() / total),
                );
            }
            let x = norm(&name("attn_output_norm"), plus(&linear(&name("attn_output"), &mixed), x));
            let hidden: Vec<f64> = linear(&name("ffn_up"), &x).into_iter().map(gelu).collect();
            next.push(norm(&name("layer_output_norm"), plus(&linear(&name("ffn_down"), &hidden), &x)));
        }
        x = next;
    }
    x
}

/// The error function by its Taylor series, good for the arguments that occur here.
fn erf(x: f64) -> f64 {
    if x.abs() > 5.0 {
        return x.signum();
    }
    let (mut sum, mut term) = (x, x);
    for n in 1..100 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

#[test]
fn the_network_equals_a_naive_one() {
    let config = config();
    let tokens = [3, 60, 0, 17, 17, 42, 5];
    for (dtype, tolerance) in [(TensorType::F32, 5e-3), (TensorType::Q8_0, 6e-2)] {
        let model = model(&config, dtype);
        let wanted = naive(&model, &config, &tokens).concat();
        for kernels in Kernels::available() {
            let (got, sentence) = run(&encoder(&config, &model, kernels), &[&tokens]).remove(0);
            assert_eq!(got.len(), wanted.len());
            for (got, wanted) in got.iter().zip(&wanted) {
                assert!(
                    (f64::from(*got) - wanted).abs() < tolerance,
                    "{kernels:?}: {got}, should be {wanted}"
                );
            }
            let length: f32 = sentence.iter().map(|value| value * value).sum();
            assert!((length - 1.0).abs() < 1e-5, "{length}");
        }
    }
}

#[test]
fn neighbours_in_a_batch_do_not_matter() {
    let config = config();
    let encoder = encoder(&config, &model(&config, TensorType::Q4_0), Kernels::detect());
    let sentences: Vec<Vec<u32>> =
        (0..60).map(|i| (0..1 + i % 37).map(|t| (7 * i + t) % 61).collect()).collect();
    let sentences: Vec<&[u32]> = sentences.iter().map(Vec::as_slice).collect();
    let together = run(&encoder, &sentences);
    for (sentence, together) in sentences.iter().zip(together) {
        assert_eq!(run(&encoder, &[sentence]).remove(0), together);
    }
}

#[test]
fn what_cannot_be_run_is_an_error() {
    let config = config();
    let encoder = encoder(&config, &model(&config, TensorType::F32), Kernels::detect());
    let check = |sentence: &[u32], part: &str| {
        let error = encoder.encode(&[sentence], |_, _| {}).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    check(&[], "nothing to run");
    check(&[1; 41], "41 tokens do not fit the context of 40");
    check(&[61], "token 61 is outside the vocabulary of 61");
    assert!(encoder.encode(&[] as &[&[u32]], |_, _| panic!("nothing to hand out")).is_ok());
}

/// Vectors of the sentence package against those computed in 32 bits by PyTorch (`training/sentence`).
///
/// `SPATZ_SENTENCE_CASES` names a file of cases, `SPATZ_SENTENCE` its model.
#[test]
fn vectors_equal_the_reference() {
    #[derive(serde::Deserialize)]
    struct Case {
        text: String,
        ids: Vec<u32>,
        vector: Vec<f32>,
    }
    let path = |key: &str| std::env::var_os(key).map(std::path::PathBuf::from).filter(|path| path.is_file());
    let (Some(model), Some(cases)) = (path("SPATZ_SENTENCE"), path("SPATZ_SENTENCE_CASES")) else {
        println!("skipped: SPATZ_SENTENCE and SPATZ_SENTENCE_CASES name no model and its cases");
        return;
    };
    let model = Model::open(model).unwrap();
    let pieces = crate::model::WordPieceEncoder::new(&model).unwrap();
    let encoder = Encoder::new(&model).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(cases).unwrap()).unwrap();
    for Case { text, ids, vector } in cases {
        let got: Vec<u32> = pieces.encode(&text, 128).into_iter().map(|piece| piece.id).collect();
        assert_eq!(got, ids, "{text:?}");
        let sentence = run(&encoder, &[&got]).remove(0).1;
        let cosine: f32 = sentence.iter().zip(&vector).map(|(a, b)| a * b).sum();
        // What remains is the activations' eight bits.
        assert!(cosine > 0.995, "{text:?}: {cosine}");
    }
}
