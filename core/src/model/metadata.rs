//! Typed access to a header's metadata, with errors that name the key.

use super::error::Fault;
use super::gguf::value_type::value_type_name;
use super::gguf::{Array, Layout};
use candle_core::quantized::gguf_file::Value;
use std::collections::HashMap;

/// The scalars as candle read them, the arrays as they lie in the file.
pub(crate) struct Metadata<'a> {
    pub(crate) scalars: HashMap<String, Value>,
    pub(crate) layout: &'a Layout<'a>,
}

impl<'a> Metadata<'a> {
    /// A count, size or token id; any integer type that holds it is fine, since writers differ.
    pub(crate) fn uint(&self, key: &str) -> Result<Option<usize>, Fault> {
        let wide = match self.scalars.get(key) {
            None => return self.absent(key),
            Some(Value::U8(value)) => i128::from(*value),
            Some(Value::I8(value)) => i128::from(*value),
            Some(Value::U16(value)) => i128::from(*value),
            Some(Value::I16(value)) => i128::from(*value),
            Some(Value::U32(value)) => i128::from(*value),
            Some(Value::I32(value)) => i128::from(*value),
            Some(Value::U64(value)) => i128::from(*value),
            Some(Value::I64(value)) => i128::from(*value),
            Some(other) => return Err(mismatch(key, other, "an integer")),
        };
        match usize::try_from(wide) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Fault::invalid(key, format!("is {wide}, which is no size"))),
        }
    }

    pub(crate) fn required_uint(&self, key: &str) -> Result<usize, Fault> {
        self.uint(key)?.ok_or_else(|| missing(key))
    }

    /// A token id or another number of 32 bits.
    pub(crate) fn u32(&self, key: &str) -> Result<Option<u32>, Fault> {
        let narrow = |value| {
            u32::try_from(value)
                .map_err(|_| Fault::invalid(key, format!("is {value}, more than 32 bits hold")))
        };
        self.uint(key)?.map(narrow).transpose()
    }

    pub(crate) fn float(&self, key: &str) -> Result<Option<f32>, Fault> {
        match self.scalars.get(key) {
            None => self.absent(key),
            Some(Value::F32(value)) => Ok(Some(*value)),
            Some(Value::F64(value)) => Ok(Some(*value as f32)),
            Some(other) => Err(mismatch(key, other, "a float")),
        }
    }

    pub(crate) fn bool(&self, key: &str) -> Result<Option<bool>, Fault> {
        match self.scalars.get(key) {
            None => self.absent(key),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(other) => Err(mismatch(key, other, "a truth value")),
        }
    }

    pub(crate) fn string(&self, key: &str) -> Result<Option<&str>, Fault> {
        match self.scalars.get(key) {
            None => self.absent(key),
            Some(Value::String(value)) => Ok(Some(value)),
            Some(other) => Err(mismatch(key, other, "a string")),
        }
    }

    pub(crate) fn required_string(&self, key: &str) -> Result<&str, Fault> {
        self.string(key)?.ok_or_else(|| missing(key))
    }

    pub(crate) fn array(&self, key: &str) -> Result<Option<Array<'a>>, Fault> {
        self.layout.array(key)
    }

    pub(crate) fn required_array(&self, key: &str) -> Result<Array<'a>, Fault> {
        self.array(key)?.ok_or_else(|| missing(key))
    }

    /// Arrays are not among the scalars: where one is asked for, "not there" would be the wrong answer.
    fn absent<T>(&self, key: &str) -> Result<Option<T>, Fault> {
        if self.layout.entries.iter().any(|entry| entry.key == key) {
            return Err(Fault::unsupported(key, "an array (a value per layer?)", "one value"));
        }
        Ok(None)
    }
}

fn missing(key: &str) -> Fault {
    Fault::invalid(key, "is missing from the metadata")
}

fn mismatch(key: &str, found: &Value, wanted: &str) -> Fault {
    Fault::invalid(key, format!("is {}, expected {wanted}", value_type_name(found)))
}
