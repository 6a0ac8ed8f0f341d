//! Small random models as GGUF files, for the unit tests of all rooms.

use crate::model::Family;
use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use std::io::Cursor;
use std::path::PathBuf;

/// A random model: a Llama with a byte-level vocabulary (256 bytes, some merges, and `<|endoftext|>` at 0), or a BERT
/// encoder.
pub(crate) struct TinyModel {
    pub(crate) metadata: Vec<(String, Value)>,
    tensors: Vec<(String, QTensor)>,
}

impl TinyModel {
    const WIDTH: usize = 32;
    const HIDDEN: usize = 64;
    const BLOCKS: usize = 2;

    /// A language model as it should be.
    pub(crate) fn llama() -> Self {
        let tokens = tokens();
        let vocab = tokens.len();
        let types = (0..vocab).map(|id| Value::I32(if id == 0 { 3 } else { 1 })).collect();
        let strings = |texts: &[String]| Value::Array(texts.iter().cloned().map(Value::String).collect());
        let mut metadata = Vec::new();
        let mut add = |key: &str, value| metadata.push((key.to_owned(), value));
        add("general.architecture", Value::String("llama".into()));
        add("general.name", Value::String("tiny".into()));
        add("general.languages", strings(&["en".into(), "de".into()]));
        add("llama.block_count", Value::U32(Self::BLOCKS as u32));
        add("llama.embedding_length", Value::U32(Self::WIDTH as u32));
        add("llama.feed_forward_length", Value::U32(Self::HIDDEN as u32));
        add("llama.attention.head_count", Value::U32(4));
        add("llama.attention.head_count_kv", Value::U32(2));
        add("llama.context_length", Value::U32(128));
        add("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5));
        add("tokenizer.ggml.model", Value::String("gpt2".into()));
        add("tokenizer.ggml.pre", Value::String("smollm".into()));
        add("tokenizer.ggml.tokens", strings(&tokens));
        add("tokenizer.ggml.token_type", Value::Array(types));
        add("tokenizer.ggml.merges", strings(&MERGES.map(str::to_owned)));
        add("tokenizer.ggml.bos_token_id", Value::U32(0));
        add("tokenizer.ggml.eos_token_id", Value::U32(0));
        Self { metadata, tensors: tensors(vocab) }
    }

    /// The same of another family.
    pub(crate) fn of(family: Family) -> Self {
        let mut model = Self::llama();
        for (key, value) in &mut model.metadata {
            if let Some(rest) = key.strip_prefix("llama.") {
                *key = family.key(rest);
            }
            if key == "general.architecture" {
                *value = Value::String(family.name.into());
            }
        }
        let head = (Self::WIDTH / 4) as u32;
        model = model.set(&family.key("attention.key_length"), Value::U32(head));
        model = model.set(&family.key("attention.value_length"), Value::U32(head));
        model = model.set(&family.key("rope.freq_base"), Value::F32(10_000.0));
        if family.local.is_some() {
            model = model.set(&family.key("attention.sliding_window"), Value::U32(16));
        }
        let (width, head) = (Self::WIDTH, Self::WIDTH / 4);
        let vectors = [
            (family.has_biases, "attn_q.bias", width),
            (family.has_biases, "attn_k.bias", width / 2),
            (family.has_biases, "attn_v.bias", width / 2),
            (family.norms_heads, "attn_q_norm.weight", head),
            (family.norms_heads, "attn_k_norm.weight", head),
            (family.norms_additions, "post_attention_norm.weight", width),
            (family.norms_additions, "post_ffw_norm.weight", width),
        ];
        for block in 0..Self::BLOCKS {
            for (_, name, len) in vectors.into_iter().filter(|(is_there, ..)| *is_there) {
                let seed = model.tensors.len() as u64;
                let tensor = random_tensor(&[len], 0.5, GgmlDType::F32, seed);
                model.tensors.push((format!("blk.{block}.{name}"), tensor));
            }
        }
        model
    }

    /// A sentence encoder as it should be; its vocabulary has the letters `a` to `z`, at the start of a word and inside.
    pub(crate) fn bert() -> Self {
        let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(str::to_owned);
        let letters = ('a'..='z').flat_map(|letter| [format!("▁{letter}"), letter.to_string()]);
        let tokens: Vec<String> =
            specials.into_iter().chain(letters).chain(["▁the".into(), "▁light".into(), "s".into()]).collect();
        let types = (0..tokens.len()).map(|id| Value::I32(if id < 4 { 3 } else { 1 })).collect();
        let vocab = tokens.len();
        let mut metadata = Vec::new();
        let mut add = |key: &str, value| metadata.push((key.to_owned(), value));
        add("general.architecture", Value::String("bert".into()));
        add("general.name", Value::String("tiny encoder".into()));
        add("bert.block_count", Value::U32(Self::BLOCKS as u32));
        add("bert.embedding_length", Value::U32(Self::WIDTH as u32));
        add("bert.feed_forward_length", Value::U32(Self::HIDDEN as u32));
        add("bert.attention.head_count", Value::U32(4));
        add("bert.attention.layer_norm_epsilon", Value::F32(1e-12));
        add("bert.context_length", Value::U32(48));
        add("bert.pooling_type", Value::U32(1));
        add("tokenizer.ggml.model", Value::String("bert".into()));
        add("tokenizer.ggml.tokens", Value::Array(tokens.into_iter().map(Value::String).collect()));
        add("tokenizer.ggml.token_type", Value::Array(types));
        add("tokenizer.ggml.unknown_token_id", Value::U32(1));
        add("tokenizer.ggml.cls_token_id", Value::U32(2));
        add("tokenizer.ggml.seperator_token_id", Value::U32(3));
        Self { metadata, tensors: bert_tensors(vocab) }
    }

    /// Sets `key`, or removes it.
    pub(crate) fn set(mut self, key: &str, value: impl Into<Option<Value>>) -> Self {
        self.metadata.retain(|(known, _)| known != key);
        self.metadata.extend(value.into().map(|value| (key.to_owned(), value)));
        self
    }

    /// Sets tensor `name` to zeros of `shape`, or removes it.
    pub(crate) fn tensor(mut self, name: &str, shape: Option<(&[usize], GgmlDType)>) -> Self {
        self.tensors.retain(|(known, _)| known != name);
        self.tensors.extend(shape.map(|(shape, dtype)| {
            let zeros = Tensor::zeros(shape, candle_core::DType::F32, &Device::Cpu).unwrap();
            (name.to_owned(), QTensor::quantize(&zeros, dtype).unwrap())
        }));
        self
    }

    /// The same weights as floats: candle's kernel of Q4_1 wants two blocks a row.
    pub(crate) fn with_floats(mut self) -> Self {
        for (_, tensor) in &mut self.tensors {
            let floats = tensor.dequantize(&Device::Cpu).unwrap();
            *tensor = QTensor::quantize(&floats, GgmlDType::F32).unwrap();
        }
        self
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let metadata: Vec<_> = self.metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let tensors: Vec<_> = self.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
        gguf_file::write(&mut file, &metadata, &tensors).unwrap();
        file.into_inner()
    }

    /// The file on disk, deleted when dropped.
    pub(crate) fn file(&self) -> tempfile::NamedTempFile {
        file(&self.bytes())
    }
}

/// SmolLM2-135M-Instruct, the file that `SPATZ_CHAT_MODEL` names: a test that gets `None` returns. In CI it must be there.
pub(crate) fn smollm2() -> Option<PathBuf> {
    let path = std::env::var_os("SPATZ_CHAT_MODEL").map(PathBuf::from);
    if path.is_none() {
        assert!(std::env::var_os("CI").is_none(), "SPATZ_CHAT_MODEL names no model");
        println!("skipped: SPATZ_CHAT_MODEL names no model (`cargo xtask rust` installs one and sets it)");
    }
    path
}

/// `bytes` as a file on disk, deleted when dropped.
pub(crate) fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::with_suffix(".gguf").unwrap();
    std::fs::write(&file, bytes).unwrap();
    file
}

const MERGES: [&str; 7] = ["Ġ t", "h e", "Ġt he", "i n", "a n", "Ã ¤", "l l"];

fn tokens() -> Vec<String> {
    let printable = |byte: u32| matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
    let mut others = 0xffu32;
    let bytes = (0..=255).map(|byte| {
        let code = if printable(byte) {
            byte
        } else {
            others += 1;
            others
        };
        String::from(char::from_u32(code).unwrap())
    });
    let merged = MERGES.iter().map(|merge| merge.replacen(' ', "", 1));
    std::iter::once("<|endoftext|>".to_owned()).chain(bytes).chain(merged).collect()
}

fn tensors(vocab: usize) -> Vec<(String, QTensor)> {
    const WIDTH: usize = TinyModel::WIDTH;
    const HIDDEN: usize = TinyModel::HIDDEN;
    let mut random = random_tensors(0.2);
    let mut tensors = vec![
        random("token_embd.weight", &[vocab, WIDTH], GgmlDType::Q8_0),
        random("output_norm.weight", &[WIDTH], GgmlDType::F32),
    ];
    for block in 0..TinyModel::BLOCKS {
        let parts: [(&str, &[usize], GgmlDType); 9] = [
            ("attn_norm", &[WIDTH], GgmlDType::F32),
            ("attn_q", &[WIDTH, WIDTH], GgmlDType::Q4_0),
            ("attn_k", &[WIDTH / 2, WIDTH], GgmlDType::Q4_0),
            ("attn_v", &[WIDTH / 2, WIDTH], GgmlDType::Q4_1),
            ("attn_output", &[WIDTH, WIDTH], GgmlDType::Q5_0),
            ("ffn_norm", &[WIDTH], GgmlDType::F32),
            ("ffn_gate", &[HIDDEN, WIDTH], GgmlDType::Q5_1),
            ("ffn_up", &[HIDDEN, WIDTH], GgmlDType::F16),
            ("ffn_down", &[WIDTH, HIDDEN], GgmlDType::Q8_0),
        ];
        for (part, shape, dtype) in parts {
            tensors.push(random(&format!("blk.{block}.{part}.weight"), shape, dtype));
        }
    }
    tensors
}

fn bert_tensors(vocab: usize) -> Vec<(String, QTensor)> {
    const WIDTH: usize = TinyModel::WIDTH;
    const HIDDEN: usize = TinyModel::HIDDEN;
    let mut random = random_tensors(0.3);
    let mut tensors = vec![
        random("token_embd.weight", &[vocab, WIDTH], GgmlDType::Q8_0),
        random("position_embd.weight", &[48, WIDTH], GgmlDType::F16),
        random("token_types.weight", &[2, WIDTH], GgmlDType::F32),
        random("token_embd_norm.weight", &[WIDTH], GgmlDType::F32),
        random("token_embd_norm.bias", &[WIDTH], GgmlDType::F32),
    ];
    for block in 0..TinyModel::BLOCKS {
        let square = [WIDTH, WIDTH];
        for part in ["attn_q", "attn_k", "attn_v", "attn_output"] {
            tensors.push(random(&format!("blk.{block}.{part}.weight"), &square, GgmlDType::Q4_0));
            tensors.push(random(&format!("blk.{block}.{part}.bias"), &[WIDTH], GgmlDType::F32));
        }
        for part in ["attn_output_norm", "layer_output_norm"] {
            tensors.push(random(&format!("blk.{block}.{part}.weight"), &[WIDTH], GgmlDType::F32));
            tensors.push(random(&format!("blk.{block}.{part}.bias"), &[WIDTH], GgmlDType::F32));
        }
        tensors.push(random(&format!("blk.{block}.ffn_up.weight"), &[HIDDEN, WIDTH], GgmlDType::Q4_0));
        tensors.push(random(&format!("blk.{block}.ffn_up.bias"), &[HIDDEN], GgmlDType::F32));
        tensors.push(random(&format!("blk.{block}.ffn_down.weight"), &[WIDTH, HIDDEN], GgmlDType::Q4_0));
        tensors.push(random(&format!("blk.{block}.ffn_down.bias"), &[WIDTH], GgmlDType::F32));
    }
    tensors
}

/// Roughly normal numbers, the same in every run: sums of three uniform ones (xorshift64*).
pub(crate) fn random(len: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut uniform = || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..len).map(|_| 2.0 * (uniform() + uniform() + uniform())).collect()
}

/// Makes tensors of a name, shape and type, other numbers in each.
fn random_tensors(deviation: f32) -> impl FnMut(&str, &[usize], GgmlDType) -> (String, QTensor) {
    let mut seed = 0;
    move |name, shape, dtype| {
        seed += 1;
        (name.to_owned(), random_tensor(shape, deviation, dtype, seed))
    }
}

fn random_tensor(shape: &[usize], deviation: f32, dtype: GgmlDType, seed: u64) -> QTensor {
    let values: Vec<f32> =
        random(shape.iter().product(), seed).iter().map(|value| deviation * value).collect();
    let tensor = Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
    QTensor::quantize(&tensor, dtype).unwrap()
}
