//! Tensors as they lie in the map: types, shapes, bounds.

use super::error::Fault;
use super::gguf::Layout;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Content;
use std::ops::Range;

/// The storage type of a tensor, with GGML's block layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, non_camel_case_types)]
#[rustfmt::skip]
pub enum TensorType {
    F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K,
}

impl TensorType {
    /// Every supported type with its number in GGUF: to add one, add it here and to the kernels of `engine`.
    #[rustfmt::skip]
    const NUMBERS: [(u32, Self); 11] = [
        (0, Self::F32), (1, Self::F16), (2, Self::Q4_0), (3, Self::Q4_1), (6, Self::Q5_0), (7, Self::Q5_1),
        (8, Self::Q8_0), (12, Self::Q4_K), (13, Self::Q5_K), (14, Self::Q6_K), (30, Self::BF16),
    ];

    fn from_number(number: u32) -> Option<Self> {
        Self::NUMBERS.iter().find(|(known, _)| *known == number).map(|(_, dtype)| *dtype)
    }

    /// Values in a block; 1 for the plain types.
    pub fn block_len(self) -> usize {
        self.ggml().block_size()
    }

    /// Bytes of a block.
    pub fn block_bytes(self) -> usize {
        self.ggml().type_size()
    }

    /// Whether the values are floats as they stand, not blocks with a scale.
    pub fn is_plain(self) -> bool {
        matches!(self, Self::F32 | Self::F16 | Self::BF16)
    }

    fn ggml(self) -> GgmlDType {
        match self {
            Self::F32 => GgmlDType::F32,
            Self::F16 => GgmlDType::F16,
            Self::BF16 => GgmlDType::BF16,
            Self::Q8_0 => GgmlDType::Q8_0,
            Self::Q4_0 => GgmlDType::Q4_0,
            Self::Q4_1 => GgmlDType::Q4_1,
            Self::Q5_0 => GgmlDType::Q5_0,
            Self::Q5_1 => GgmlDType::Q5_1,
            Self::Q4_K => GgmlDType::Q4K,
            Self::Q5_K => GgmlDType::Q5K,
            Self::Q6_K => GgmlDType::Q6K,
        }
    }
}

/// A tensor as it lies in the map.
///
/// `shape` is outermost first: a weight matrix that maps `k` inputs to `n` outputs is `[n, k]`, row-major; rows are
/// contiguous blocks of `dtype`.
#[derive(Clone, Copy, Debug)]
pub struct TensorView<'a> {
    /// The tensor's name in the file.
    pub name: &'a str,
    /// Dimensions, outermost first.
    pub shape: &'a [usize],
    /// How the values are stored.
    pub dtype: TensorType,
    /// The values' bytes, borrowed from the map; no alignment is promised (an APK asset may start at any offset).
    pub bytes: &'a [u8],
}

/// The tensor table: what a [`TensorView`] is made from.
#[derive(Debug)]
pub(crate) struct Table(Vec<Tensor>);

#[derive(Debug)]
pub(crate) struct Tensor {
    pub(crate) name: Box<str>,
    pub(crate) shape: Box<[usize]>,
    pub(crate) dtype: TensorType,
    /// Bytes from the start of the file.
    pub(crate) range: Range<usize>,
}

impl Table {
    /// Checks type, shape, alignment and bounds of every tensor, and that no two share bytes.
    pub(crate) fn new(layout: &Layout<'_>, content: &Content, file_len: usize) -> Result<Self, Fault> {
        let mut tensors = Vec::with_capacity(layout.tensors.len());
        for entry in &layout.tensors {
            let Some(info) = content.tensor_infos.get(entry.name) else {
                return Err(Fault::invalid(place(entry.name), "is not in the table that candle read"));
            };
            let dtype =
                TensorType::from_number(entry.kind).ok_or_else(|| unknown_type(entry.name, entry.kind))?;
            let shape: Box<[usize]> = info.shape.dims().into();
            let bytes = size_in_bytes(entry.name, &shape, dtype)?;
            let range = bounds(entry.name, layout, info.offset, bytes, file_len)?;
            tensors.push(Tensor { name: entry.name.into(), shape, dtype, range });
        }
        tensors.sort_unstable_by_key(|tensor| tensor.range.start);
        if let Some([a, b]) = tensors.array_windows().find(|[a, b]| a.range.end > b.range.start) {
            return Err(Fault::invalid(place(&b.name), format!("shares bytes with tensor {}", a.name)));
        }
        tensors.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(Self(tensors))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Tensor> {
        let index = self.0.binary_search_by(|tensor| (*tensor.name).cmp(name)).ok()?;
        self.0.get(index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Tensor> {
        self.0.iter()
    }

    /// Where the last tensor ends, in bytes from the start of the file.
    pub(crate) fn end(&self) -> usize {
        self.iter().map(|tensor| tensor.range.end).max().unwrap_or(0)
    }
}

impl Tensor {
    pub(crate) fn elements(&self) -> u64 {
        self.shape.iter().map(|dimension| *dimension as u64).product()
    }
}

pub(crate) fn place(name: &str) -> String {
    format!("tensor {name}")
}

/// Refuses types before candle reads the table: it knows fewer, and its error does not name the tensor.
pub(crate) fn check_types(layout: &Layout<'_>) -> Result<(), Fault> {
    match layout.tensors.iter().find(|entry| TensorType::from_number(entry.kind).is_none()) {
        Some(entry) => Err(unknown_type(entry.name, entry.kind)),
        None => Ok(()),
    }
}

fn unknown_type(name: &str, number: u32) -> Fault {
    const GGML_NAMES: [(u32, &str); 9] = [
        (10, "Q2_K"),
        (11, "Q3_K"),
        (16, "IQ2_XXS"),
        (18, "IQ3_XXS"),
        (19, "IQ1_S"),
        (20, "IQ4_NL"),
        (21, "IQ3_S"),
        (22, "IQ2_S"),
        (23, "IQ4_XS"),
    ];
    let found = GGML_NAMES.iter().find(|(known, _)| *known == number).map_or("unknown", |(_, name)| name);
    let supported = TensorType::NUMBERS.map(|(_, dtype)| format!("{dtype:?}")).join(", ");
    Fault::unsupported(
        place(name),
        format!("of type {number} ({found})"),
        format!("{supported}: quantize it anew"),
    )
}

fn size_in_bytes(name: &str, shape: &[usize], dtype: TensorType) -> Result<usize, Fault> {
    let row = shape.last().copied().unwrap_or(0);
    if shape.contains(&0) || !row.is_multiple_of(dtype.block_len()) {
        let problem = format!("has shape {shape:?}; rows of {dtype:?} are blocks of {}", dtype.block_len());
        return Err(Fault::invalid(place(name), problem));
    }
    let elements = shape.iter().try_fold(1usize, |product, dimension| product.checked_mul(*dimension));
    elements
        .and_then(|elements| (elements / dtype.block_len()).checked_mul(dtype.block_bytes()))
        .ok_or_else(|| Fault::invalid(place(name), format!("has shape {shape:?}, larger than any memory")))
}

fn bounds(
    name: &str,
    layout: &Layout<'_>,
    offset: u64,
    bytes: usize,
    file_len: usize,
) -> Result<Range<usize>, Fault> {
    if !offset.is_multiple_of(layout.alignment as u64) {
        let problem =
            format!("starts at {offset}, not a multiple of general.alignment ({})", layout.alignment);
        return Err(Fault::invalid(place(name), problem));
    }
    let start = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(layout.data_start));
    let range = start.and_then(|start| Some(start..start.checked_add(bytes)?));
    range.filter(|range| range.end <= file_len).ok_or_else(|| {
        let problem = format!(
            "needs {bytes} bytes at {offset} of the tensor data, which has {}: the file is cut off",
            file_len - layout.data_start
        );
        Fault::invalid(place(name), problem)
    })
}
