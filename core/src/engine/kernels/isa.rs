//! What an instruction set must provide, and nothing more.
//!
//! The algorithms (`matmul.rs`, `attention.rs`, `elementwise.rs`) are generic over [`Isa`]. Every function of the trait
//! is inlined into an entry point that the instruction set's file compiles with its features enabled (see
//! [`kernel_table!`]), which is why the plain Rust around these few functions is vectorised for it, too. So **a new
//! instruction set is one file** with an `Isa` and a `kernel_table!` line, and a branch in `Kernels::detect`.

use super::format::Format;

/// Bytes of a cache line.
pub(super) const LINE: usize = 64;

/// An instruction set: vectors of [`LANES`](Self::LANES) 32-bit values and what the algorithms do with them.
///
/// # Safety
///
/// Its functions may only run on a CPU that has the instruction set, inlined into a function that enables it.
/// Pointers must be valid for the elements that each function says it reads or writes; no alignment is needed.
pub(super) trait Isa {
    /// Values in a vector: the output rows that are computed side by side.
    const LANES: usize;
    /// Tokens whose sums fit the registers beside a vector of weights. A power of two, at most 8.
    const TOKENS: usize;
    /// The same where weights are plain numbers, of which there are four partial sums.
    const PLAIN_TOKENS: usize = Self::TOKENS / 2;
    /// Whether [`dot_group`](Self::dot_group) adds 128 to signed weights because its multiplier wants unsigned ones.
    const SHIFTS_SIGNED: bool = false;
    /// A vector of `i32`.
    type I32: Copy;
    /// A vector of `f32`.
    type F32: Copy;

    /// Transposes a tile of `LANES × LANES` 32-bit values: row `i` is read at `from + i · stride` and column `i`
    /// written at `to + i · LANES`.
    unsafe fn transpose(from: *const u32, stride: usize, to: *mut u32);

    /// Lays a tile of unpacked weights, four in each value, out for [`dot_group`](Self::dot_group).
    ///
    /// Always inline, as all that calls intrinsics: on its own it would be compiled without the instruction set, and each
    /// intrinsic would become a call.
    #[inline(always)]
    unsafe fn lay_out(from: *const u32, stride: usize, to: *mut u32) {
        // SAFETY: passed on.
        unsafe { Self::transpose(from, stride, to) }
    }

    /// Dot products of one group of weights in `LANES` rows with `T` tokens.
    ///
    /// `weights` holds `F::GROUP / 4` vectors as [`lay_out`](Self::lay_out) left them: unless it is overridden, lane `r`
    /// of vector `s` is weights `4 s .. 4 s + 4` of row `r`.
    /// `tokens[t]` holds the `F::GROUP` activations (`i8`, at least −127) of token `t`. The sums are exact.
    unsafe fn dot_group<F: Format, const T: usize>(
        weights: *const u8,
        tokens: [*const i8; T],
    ) -> [Self::I32; T];

    /// Whether there is [`dot_pair`](Self::dot_pair).
    const READS_BLOCKS: bool = false;

    /// Dot products of 64 weights in `LANES` rows with one token, read as they lie in the file: where a weight is used
    /// once, transposing it costs more than adding up across lanes. The sums are those of the `N = 64 / F::GROUP` groups.
    ///
    /// `block` is where the first row's block begins that holds the first of them, and each next row's is `stride` bytes
    /// further; `pair` tells which 64 of the block (0 if it has 32, and the next block the other 32). `token` holds the
    /// 64 activations. The sums are exact, of weights shifted as in [`dot_group`](Self::dot_group).
    unsafe fn dot_pair<F: Format, const N: usize>(
        block: *const u8,
        pair: usize,
        stride: usize,
        token: *const i8,
    ) -> [Self::I32; N] {
        let _ = (block, pair, stride, token);
        unreachable!("called without being there")
    }

    /// Whether there is [`dot_quad`](Self::dot_quad).
    const READS_QUADS: bool = false;

    /// As [`dot_pair`](Self::dot_pair), for four blocks of 32 weights packed as
    /// [`Packing::Nibbles`](super::format::Packing): their sums, and each block's first word.
    unsafe fn dot_quad<F: Format>(
        block: *const u8,
        stride: usize,
        token: *const i8,
    ) -> ([Self::I32; 4], [Self::I32; 4]) {
        let _ = (block, stride, token);
        unreachable!("called without being there")
    }

    /// The 32-bit word at `from + r · stride` in each lane `r`; a stride is far below 2^31 / `LANES`.
    unsafe fn gather(from: *const u8, stride: usize) -> Self::I32;
    /// Reads `LANES` words.
    unsafe fn load_words(from: *const u32) -> Self::I32;
    /// The half-precision number in the lower half of each word.
    unsafe fn low_half(words: Self::I32) -> Self::F32;
    /// The half-precision number in the upper half of each word.
    unsafe fn high_half(words: Self::I32) -> Self::F32;
    /// `word >> shift & mask`.
    unsafe fn field(words: Self::I32, shift: u32, mask: i32) -> Self::I32;
    /// The byte whose lowest bit is bit `shift`, with its sign.
    unsafe fn signed_byte(words: Self::I32, shift: u32) -> Self::I32;
    /// `a | b`.
    unsafe fn or(a: Self::I32, b: Self::I32) -> Self::I32;

    /// Reads `LANES` values.
    unsafe fn load(from: *const f32) -> Self::F32;
    /// Writes `LANES` values.
    unsafe fn store(to: *mut f32, values: Self::F32);
    /// `value` in every lane.
    unsafe fn splat(value: f32) -> Self::F32;
    /// Rounds each lane to `f32`.
    unsafe fn to_f32(values: Self::I32) -> Self::F32;
    /// `a · b`.
    unsafe fn mul(a: Self::F32, b: Self::F32) -> Self::F32;
    /// `a · b + c`, fused if the instruction set can.
    unsafe fn mul_add(a: Self::F32, b: Self::F32, c: Self::F32) -> Self::F32;

    /// `a · b + c` of single values, fused exactly if [`mul_add`](Self::mul_add) is.
    fn mul_add_one(a: f32, b: f32, c: f32) -> f32;

    /// Asks for the cache line of `address`, which may be any.
    #[inline(always)]
    fn prefetch(address: *const u8) {
        let _ = address;
    }

    /// The same, for a line that is used much later: into a cache behind the first.
    #[inline(always)]
    fn prefetch_far(address: *const u8) {
        let _ = address;
    }

    /// Half-precision bits to single precision.
    #[inline(always)]
    unsafe fn widen(from: &[u16], to: &mut [f32]) {
        for (to, &from) in to.iter_mut().zip(from) {
            *to = super::format::f16_to_f32(from);
        }
    }

    /// Single to half precision, rounding to the nearest, ties to even.
    #[inline(always)]
    unsafe fn narrow(from: &[f32], to: &mut [u16]) {
        for (to, &from) in to.iter_mut().zip(from) {
            *to = half::f16::from_f32(from).to_bits();
        }
    }
}

/// The four activations at `at` as one value.
#[inline(always)]
pub(super) unsafe fn four(at: *const i8) -> i32 {
    // SAFETY: the caller vouches for four readable bytes.
    unsafe { at.cast::<i32>().read_unaligned() }
}

/// Entry points of every kernel for one [`Isa`], compiled with `$features`; gives a `Kernels` called `$name`.
macro_rules! kernel_table {
    ($isa:ty, $name:literal $(, $features:literal)?) => {
        pub(in crate::engine::kernels) static KERNELS: $crate::engine::kernels::Kernels = {
            use $crate::engine::kernels::{Kernels, Matrix, activations, attention, elementwise, matmul};

            $(#[target_feature(enable = $features)])?
            unsafe fn matmul(
                w: Matrix<'_>,
                x: activations::Rows<'_>,
                range: std::ops::Range<usize>,
                panel: &mut matmul::Panel,
                out: *mut f32,
                stride: usize,
            ) {
                // SAFETY: this function's features are the instruction set's.
                unsafe { matmul::matmul::<$isa>(w, x, range, panel, out, stride) }
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn dequantize(row: &[u8], dtype: $crate::model::TensorType, out: &mut [f32]) {
                matmul::dequantize(row, dtype, out)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn quantize(x: &[f32], to: activations::QuantizedRows<'_>) {
                activations::quantize(x, to)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn attend(
                job: &attention::Attention<'_>,
                part: usize,
                scratch: &mut attention::Scratch,
                out: *mut f32,
            ) {
                // SAFETY: as above.
                unsafe { attention::attend::<$isa>(job, part, scratch, out) }
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn narrow(from: &[f32], to: &mut [u16]) {
                // SAFETY: as above.
                unsafe { <$isa as $crate::engine::kernels::isa::Isa>::narrow(from, to) }
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn rms_norm(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
                elementwise::rms_norm(x, weight, epsilon, out)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn layer_norm(x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32, out: &mut [f32]) {
                elementwise::layer_norm(x, weight, bias, epsilon, out)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn gelu(x: &[f32], out: &mut [f32]) {
                elementwise::gelu(x, out)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn swiglu(gate: &[f32], up: &[f32], out: &mut [f32]) {
                elementwise::swiglu(gate, up, out)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn geglu(gate: &[f32], up: &[f32], out: &mut [f32]) {
                elementwise::geglu(gate, up, out)
            }
            Kernels {
                name: $name,
                matmul,
                dequantize,
                quantize,
                attend,
                narrow,
                rms_norm,
                layer_norm,
                swiglu,
                geglu,
                gelu,
            }
        };
    };
}
pub(super) use kernel_table;
