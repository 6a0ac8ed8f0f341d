//! A small random package, the shipped model, a disk with a mind of its own, and a way to show what was understood, for tests
//! that cross rooms.

#![allow(dead_code, reason = "each test file takes what it needs")]

pub(crate) mod disk;
pub(crate) mod shipped;
pub(crate) mod shown;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use spatz::Model;
use spatz_tailor::lexicon;
use spatz_tailor::package::pack;
use std::fs::{self, File};
use std::path::PathBuf;

const WIDTH: usize = 32;
const HIDDEN: usize = 64;

/// A random Llama of two blocks with a vocabulary of bytes, plain and packed with two sections, in a folder of its own.
pub(crate) struct TinyPackage {
    folder: tempfile::TempDir,
}

impl TinyPackage {
    /// Writes both files.
    pub(crate) fn new() -> Self {
        let package = Self { folder: tempfile::tempdir().unwrap() };
        write_plain(&package.path("plain.gguf"));
        let sections = [("lexicon", vec![7; 1000]), ("empty", vec![])];
        pack(&package.path("plain.gguf"), &sections, &package.path("package.gguf")).unwrap();
        package
    }

    /// A path in the package's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The package.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        fs::read(self.path("package.gguf")).unwrap()
    }

    /// The GGUF that it was made from.
    pub(crate) fn plain_bytes(&self) -> Vec<u8> {
        fs::read(self.path("plain.gguf")).unwrap()
    }
}

/// A package with a word list, in the folder that comes with it.
pub(crate) fn packed(list: &str) -> (TinyPackage, Model) {
    let folder = TinyPackage::new();
    let plain = folder.path("plain.gguf");
    let compiled = lexicon::compile(list, Model::open(&plain).unwrap().vocabulary()).unwrap();
    pack(&plain, &[("lexicon", compiled.bytes)], &folder.path("words.gguf")).unwrap();
    let model = Model::open(folder.path("words.gguf")).unwrap();
    (folder, model)
}

fn write_plain(path: &std::path::Path) {
    let tokens: Vec<String> = std::iter::once("<|endoftext|>".to_owned())
        .chain((0..=255u32).map(|byte| {
            // GPT-2's alphabet for the printable bytes, its order for the others.
            let printable = |byte: u32| matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
            let others = (0..byte).filter(|other| !printable(*other)).count() as u32;
            char::from_u32(if printable(byte) { byte } else { 0x100 + others }).unwrap().to_string()
        }))
        .chain(["Ġt".to_owned(), "he".to_owned(), "Ġthe".to_owned()])
        .collect();
    let vocab = tokens.len();
    let strings = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::String).collect());
    let metadata: Vec<(&str, Value)> = vec![
        ("general.architecture", Value::String("llama".into())),
        ("llama.block_count", Value::U32(2)),
        ("llama.embedding_length", Value::U32(WIDTH as u32)),
        ("llama.feed_forward_length", Value::U32(HIDDEN as u32)),
        ("llama.attention.head_count", Value::U32(4)),
        ("llama.attention.head_count_kv", Value::U32(2)),
        ("llama.context_length", Value::U32(128)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ("tokenizer.ggml.model", Value::String("gpt2".into())),
        ("tokenizer.ggml.pre", Value::String("smollm".into())),
        ("tokenizer.ggml.tokens", strings(tokens)),
        (
            "tokenizer.ggml.token_type",
            Value::Array((0..vocab).map(|id| Value::I32(if id == 0 { 3 } else { 1 })).collect()),
        ),
        ("tokenizer.ggml.merges", strings(["Ġ t", "h e", "Ġt he"].map(str::to_owned).to_vec())),
        ("tokenizer.ggml.eos_token_id", Value::U32(0)),
    ];
    let tensors = tensors(vocab);
    let metadata: Vec<_> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    gguf_file::write(&mut File::create(path).unwrap(), &metadata, &tensors).unwrap();
}

fn tensors(vocab: usize) -> Vec<(String, QTensor)> {
    // Candle's own generator cannot be seeded, and a test that sees other weights in each run cannot be run again.
    let mut state = 1_u64;
    let mut number = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1 << 24) as f32 - 0.5) * 0.7
    };
    let mut random = |shape: &[usize], dtype| {
        let values: Vec<f32> = (0..shape.iter().product()).map(|_| number()).collect();
        QTensor::quantize(&Tensor::from_vec(values, shape, &Device::Cpu).unwrap(), dtype).unwrap()
    };
    let mut tensors = vec![
        ("token_embd.weight".to_owned(), random(&[vocab, WIDTH], GgmlDType::Q8_0)),
        ("output_norm.weight".to_owned(), random(&[WIDTH], GgmlDType::F32)),
    ];
    for block in 0..2 {
        let parts: [(&str, &[usize]); 9] = [
            ("attn_norm", &[WIDTH]),
            ("attn_q", &[WIDTH, WIDTH]),
            ("attn_k", &[WIDTH / 2, WIDTH]),
            ("attn_v", &[WIDTH / 2, WIDTH]),
            ("attn_output", &[WIDTH, WIDTH]),
            ("ffn_norm", &[WIDTH]),
            ("ffn_gate", &[HIDDEN, WIDTH]),
            ("ffn_up", &[HIDDEN, WIDTH]),
            ("ffn_down", &[WIDTH, HIDDEN]),
        ];
        for (part, shape) in parts {
            let dtype = if shape.len() == 1 { GgmlDType::F32 } else { GgmlDType::Q4_0 };
            tensors.push((format!("blk.{block}.{part}.weight"), random(shape, dtype)));
        }
    }
    tensors
}
