//! Opening sound files, and what each kind of fault is answered with.

use super::testing::{TinyModel, file};
use super::*;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Value;
use std::io::Write;

/// Opens `model` and expects an error whose message has all of `parts`.
fn check(model: TinyModel, parts: &[&str]) {
    check_bytes(&model.bytes(), parts);
}

fn check_bytes(bytes: &[u8], parts: &[&str]) {
    let file = file(bytes);
    let message = Model::open(&file).expect_err("should have been refused").to_string();
    assert!(message.contains(&*file.path().to_string_lossy()), "no file name in {message:?}");
    parts.iter().for_each(|part| assert!(message.contains(part), "no {part:?} in {message:?}"));
}

#[test]
fn a_sound_model_opens() {
    let model = Model::open(TinyModel::llama().file()).unwrap();
    let config = model.llama().unwrap();
    assert_eq!((config.block_count, config.embedding_length, config.head_count_kv), (2, 32, 2));
    assert_eq!((config.key_length, config.rope.dimension_count, config.vocab_size), (8, 8, 264));
    assert_eq!(config.rope.scaling, RopeScaling::None);
    assert_eq!(model.info().name, "tiny");
    assert_eq!(model.info().languages, ["en", "de"]);
    assert_eq!(model.info().format_version, None);
    let queries = model.tensor("blk.1.attn_k.weight").unwrap();
    assert_eq!(
        (queries.shape, queries.dtype, queries.bytes.len()),
        (&[16, 32][..], TensorType::Q4_0, 16 * 18)
    );
    assert!(model.tensor("blk.2.attn_k.weight").is_none());
    assert!(model.section("lexicon").is_none());
    assert_eq!(model.verify().unwrap().checked_bytes, 0);
}

#[test]
fn a_model_inside_another_file_opens_at_any_offset() {
    let bytes = TinyModel::llama().bytes();
    let mut asset = tempfile::tempfile().unwrap();
    asset.write_all(&[7; 4099]).unwrap();
    asset.write_all(&bytes).unwrap();
    asset.write_all(&[7; 99]).unwrap();
    let range = 4099..4099 + bytes.len() as u64;
    let model = Model::open_at(asset.try_clone().unwrap(), range.clone()).unwrap();
    let plain = Model::open(file(&bytes)).unwrap();
    let name = "blk.0.ffn_up.weight";
    assert_eq!(model.tensor(name).unwrap().bytes, plain.tensor(name).unwrap().bytes);
    assert_eq!(model.info().file_bytes, bytes.len() as u64);

    let error = Model::open_at(asset, range.start..range.end + 100).unwrap_err().to_string();
    assert!(error.contains("of a file of"), "{error}");
}

#[test]
fn a_file_that_is_not_there_or_no_model() {
    let error = Model::open("/no/such/model.gguf").unwrap_err();
    assert!(
        matches!(&error, ModelError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound),
        "{error}"
    );
    assert!(matches!(Model::open("/"), Err(ModelError::Io { .. })));
    check_bytes(b"", &["the first four bytes", "only 0 are left"]);
    check_bytes(b"PK\x03\x04 a zip archive", &[r#""PK\x03\x04""#, "no GGUF"]);
    check_bytes(b"GGUF\x01\0\0\0\0\0\0\0\0\0\0\0", &["version", "is 1"]);
    check_bytes(b"GGUF\x04\0\0\0\0\0\0\0\0\0\0\0", &["version", "is 4", "update Spatz"]);
    check_bytes(b"GGUF\0\0\0\x03\0\0\0\0\0\0\0\0", &["big-endian", "gguf-convert-endian"]);
}

#[test]
fn hostile_counts() {
    let sound = TinyModel::llama().bytes();
    for (at, what) in [(8, "the tensor count"), (16, "the metadata count")] {
        for count in [u64::MAX, 1 << 62, 1 << 31, 4096 * 5] {
            let mut bytes = sound.clone();
            bytes[at..at + 8].copy_from_slice(&count.to_le_bytes());
            check_bytes(&bytes, &[what, &count.to_string()]);
        }
    }
    // The length of the first key, and the length of the tokens' array.
    let mut bytes = sound.clone();
    bytes[24..32].copy_from_slice(&u64::MAX.to_le_bytes());
    check_bytes(&bytes, &["metadata entry 0", "18446744073709551615"]);
    let mut bytes = sound.clone();
    let key = b"tokenizer.ggml.tokens";
    let at = sound.windows(key.len()).position(|window| window == key).unwrap() + key.len() + 8;
    bytes[at..at + 8].copy_from_slice(&(1u64 << 60).to_le_bytes());
    check_bytes(&bytes, &["tokenizer.ggml.tokens"]);
}

#[test]
fn deeply_nested_arrays() {
    let nested = |depth| (0..depth).fold(Value::Array(vec![]), |value, _| Value::Array(vec![value]));
    Model::open(TinyModel::llama().set("some.key", nested(7)).file()).unwrap();
    check(TinyModel::llama().set("some.key", nested(60)), &["some.key", "nested more than 8 deep"]);
}

#[test]
fn metadata_that_is_missing_or_of_the_wrong_type() {
    check(TinyModel::llama().set("llama.block_count", None), &["llama.block_count", "is missing"]);
    check(
        TinyModel::llama().set("llama.block_count", Value::String("2".into())),
        &["llama.block_count", "is a string, expected an integer"],
    );
    check(TinyModel::llama().set("llama.block_count", Value::I32(-2)), &["llama.block_count", "-2"]);
    check(
        TinyModel::llama().set("llama.attention.head_count_kv", Value::Array(vec![Value::U32(2); 2])),
        &["llama.attention.head_count_kv", "an array"],
    );
    check(TinyModel::llama().set("general.alignment", Value::U32(48)), &["general.alignment", "48"]);
    check(TinyModel::llama().set("general.alignment", Value::U32(0)), &["general.alignment", "0"]);
    check(TinyModel::llama().set("tokenizer.ggml.tokens", None), &["tokenizer.ggml.tokens", "is missing"]);
}

#[test]
fn architectures_and_variants_that_are_not_supported() {
    check(
        TinyModel::llama().set("general.architecture", Value::String("mamba".into())),
        &["general.architecture", "mamba", "llama"],
    );
    check(TinyModel::llama().set("llama.expert_count", Value::U32(8)), &["llama.expert_count", "8"]);
    check(
        TinyModel::llama().set("llama.rope.scaling.type", Value::String("yarn".into())),
        &["llama.rope.scaling.type", "yarn", "linear"],
    );
    check(
        TinyModel::llama().set("tokenizer.ggml.model", Value::String("t5".into())),
        &["tokenizer.ggml.model", "t5", "gpt2"],
    );
    check(
        TinyModel::llama().set("spatz.format_version", Value::U32(2)),
        &["spatz.format_version", "2", "update Spatz"],
    );
}

#[test]
fn numbers_that_contradict_each_other() {
    check(
        TinyModel::llama().set("llama.attention.head_count_kv", Value::U32(3)),
        &["head_count_kv", "divide"],
    );
    check(
        TinyModel::llama().set("llama.feed_forward_length", Value::U32(65)),
        &["blk.0.ffn_gate.weight", "[64, 32]"],
    );
    check(TinyModel::llama().set("llama.vocab_size", Value::U32(300)), &["llama.vocab_size", "300", "264"]);
    check(
        TinyModel::llama().set("llama.block_count", Value::U32(3)),
        &["blk.2.attn_norm.weight", "is missing"],
    );
    check(TinyModel::llama().set("llama.block_count", Value::U32(1)), &["blk.1.", "llama.block_count 1"]);
    check(TinyModel::llama().set("tokenizer.ggml.bos_token_id", Value::U32(264)), &["bos_token_id", "264"]);
    check(TinyModel::llama().set("llama.context_length", Value::U64(1 << 60)), &["llama.context_length"]);
    check(
        TinyModel::llama().set("llama.rope.dimension_count", Value::U32(7)),
        &["llama.rope.dimension_count", "7"],
    );
    check(
        TinyModel::llama().set("tokenizer.ggml.token_type", Value::Array(vec![Value::I32(1); 3])),
        &["tokenizer.ggml.token_type", "3 entries for 264"],
    );
}

#[test]
fn tensors_that_are_missing_strange_or_of_the_wrong_kind() {
    check(TinyModel::llama().tensor("output_norm.weight", None), &["output_norm.weight", "is missing"]);
    check(
        TinyModel::llama().tensor("output_norm.weight", Some((&[32], GgmlDType::Q8_0))),
        &["output_norm.weight", "Q8_0", "F32"],
    );
    check(
        TinyModel::llama().tensor("blk.0.attn_q.bias", Some((&[32], GgmlDType::F32))),
        &["blk.0.attn_q.bias", "not supported"],
    );
    check(
        TinyModel::llama().tensor("blk.0.attn_q.weight", Some((&[32, 32], GgmlDType::Q8_1))),
        &["tensor blk.0.attn_q.weight", "type 9", "Q4_K"],
    );
}

#[test]
fn tensors_outside_the_file_or_over_each_other() {
    let sound = TinyModel::llama().bytes();
    check_bytes(&sound[..sound.len() - 3000], &["the file is cut off"]);
    let name = b"blk.1.ffn_down.weight";
    let row = sound.windows(name.len()).position(|window| window == name).unwrap();
    let offset = row + name.len() + 4 + 16 + 4;
    for (value, problem) in [(33u64, "not a multiple"), (0, "shares bytes"), (u64::MAX - 31, "cut off")] {
        let mut bytes = sound.clone();
        bytes[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
        check_bytes(&bytes, &["tensor", problem]);
    }
    let mut bytes = sound.clone();
    bytes[row + name.len() + 4..][..8].copy_from_slice(&(u64::MAX / 64 * 32).to_le_bytes());
    check_bytes(&bytes, &["blk.1.ffn_down.weight"]);
}

#[test]
fn names_that_are_there_twice() {
    let mut model = TinyModel::llama();
    model.metadata.push(("general.name".into(), Value::String("again".into())));
    check(model, &["key general.name", "twice"]);
    let mut bytes = TinyModel::llama().bytes();
    let at = bytes.windows(12).position(|window| window == b"blk.1.attn_k").unwrap();
    bytes[at..at + 12].copy_from_slice(b"blk.0.attn_k");
    check_bytes(&bytes, &["tensor blk.0.attn_k.weight", "twice"]);
}

#[test]
fn rope_scaling_is_read() {
    let scaling = |model: TinyModel| Model::open(model.file()).unwrap().llama().unwrap().rope.scaling.clone();
    let linear = TinyModel::llama()
        .set("llama.rope.scaling.type", Value::String("linear".into()))
        .set("llama.rope.scaling.factor", Value::F32(4.0));
    assert_eq!(scaling(linear), RopeScaling::Linear { factor: 4.0 });
    let zeros = TinyModel::llama().tensor("rope_freqs.weight", Some((&[4], GgmlDType::F32)));
    check(zeros, &["rope_freqs.weight", "not a positive number"]);
}

#[test]
fn kin_of_llama_open() {
    for family in Family::ALL {
        let model = Model::open(TinyModel::of(family).file()).unwrap();
        assert_eq!(model.llama().unwrap().family, family);
        assert_eq!(model.info().architecture, family.name);
    }
    let of = |name: &str| TinyModel::of(Family::ALL.into_iter().find(|family| family.name == name).unwrap());
    check(of("qwen2").tensor("blk.1.attn_k.bias", None), &["blk.1.attn_k.bias", "is missing"]);
    check(of("qwen3").tensor("blk.0.attn_q_norm.weight", None), &["blk.0.attn_q_norm.weight", "is missing"]);
    let wide = Some((&[32usize][..], GgmlDType::F32));
    check(of("qwen3").tensor("blk.0.attn_q_norm.weight", wide), &["blk.0.attn_q_norm.weight", "qwen3.*"]);
    check(of("gemma3").set("gemma3.attention.sliding_window", None), &["gemma3.attention.sliding_window"]);
    check(of("gemma3").set("gemma3.block_count", None), &["gemma3.block_count", "is missing"]);
    let unknown = TinyModel::llama().set("general.architecture", Value::String("mamba".into()));
    check(unknown, &["general.architecture", "mamba", "llama, qwen2, qwen3 and gemma3", "bert"]);
}

#[test]
fn a_sentence_encoder_opens() {
    let mean = Value::Array(vec![Value::F32(0.5); 32]);
    let model = TinyModel::bert()
        .set("spatz.sentence.normalizer", Value::String("bert-uncased-umlauts".into()))
        .set("spatz.sentence.mean", mean)
        .set("spatz.sentence.everyday", Value::Array((0..64).map(|step| Value::I8(step - 32)).collect()))
        .set("spatz.sentence.everyday_scale", Value::F32(0.25));
    let model = Model::open(model.file()).unwrap();
    let config = model.bert().unwrap();
    assert_eq!((config.block_count, config.embedding_length, config.context_length), (2, 32, 48));
    assert_eq!(config.normalizer, Normalizer::UncasedUmlauts);
    assert_eq!(config.everyday.mean.as_deref(), Some(&[0.5; 32][..]));
    assert_eq!(config.everyday.scale, 0.25);
    let steps: Vec<i8> = model.everyday().iter().map(|byte| byte.cast_signed()).collect();
    assert_eq!(steps, Vec::from_iter(-32..32));
    let error = model.llama().unwrap_err().to_string();
    assert!(error.contains("general.architecture") && error.contains("\"bert\""), "{error}");
    let error = Model::open(TinyModel::llama().file()).unwrap().bert().unwrap_err().to_string();
    assert!(error.contains("general.architecture") && error.contains("\"llama\""), "{error}");
}

#[test]
fn sentence_encoders_that_are_not_as_they_say() {
    let bert = TinyModel::bert;
    check(bert().set("bert.embedding_length", None), &["bert.embedding_length", "is missing"]);
    check(bert().set("bert.attention.head_count", Value::U32(5)), &["bert.attention.head_count", "divide"]);
    check(bert().set("bert.attention.causal", Value::Bool(true)), &["bert.attention.causal", "true"]);
    check(bert().set("bert.pooling_type", Value::U32(2)), &["bert.pooling_type", "2", "mean"]);
    check(bert().set("bert.pooling_type", None), &["bert.pooling_type", "is missing"]);
    check(bert().set("bert.context_length", Value::U32(47)), &["position_embd.weight", "[48, 32]", "bert.*"]);
    check(bert().set("bert.block_count", Value::U32(1)), &["blk.1.", "bert.block_count 1"]);
    check(
        bert().set("bert.attention.layer_norm_epsilon", Value::F32(0.0)),
        &["bert.attention.layer_norm_epsilon", "0"],
    );
    check(
        bert().set("spatz.sentence.normalizer", Value::String("cased".into())),
        &["spatz.sentence.normalizer", "cased", "bert-uncased"],
    );
    let short = Value::Array(vec![Value::F32(0.5); 31]);
    check(bert().set("spatz.sentence.mean", short), &["spatz.sentence.mean", "31 values for vectors of 32"]);
    let vectors = |count| Value::Array(vec![Value::I8(1); count]);
    check(
        bert().set("spatz.sentence.everyday", vectors(33)),
        &["spatz.sentence.everyday", "33 values for vectors of 32"],
    );
    check(
        bert().set("spatz.sentence.everyday", vectors(32)),
        &["spatz.sentence.everyday_scale", "is missing"],
    );
    let text = Value::Array(vec![Value::String("hallo".into())]);
    check(bert().set("spatz.sentence.everyday", text), &["spatz.sentence.everyday", "string"]);
    check(
        bert().tensor("blk.0.ffn_up.bias", Some((&[64], GgmlDType::Q8_0))),
        &["blk.0.ffn_up.bias", "Q8_0", "F32"],
    );
    check(bert().tensor("token_types.weight", None), &["token_types.weight", "is missing"]);
    check(
        bert().tensor("pooler.weight", Some((&[32, 32], GgmlDType::F32))),
        &["pooler.weight", "not supported"],
    );
}
