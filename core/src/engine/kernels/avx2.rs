//! x86-64 with AVX2, FMA and F16C: every desktop since 2013. With AVX-VNNI, too: those since about 2021.

use super::format::{Format, Packing};
use super::isa::{Isa, four};
use std::arch::x86_64::*;

/// Vectors of 256 bits; `VNNI` says whether the CPU has `vpdpbusd`, which multiplies and adds four pairs of bytes at once.
pub(super) struct Avx2<const VNNI: bool>;

pub(super) mod with_vnni {
    crate::engine::kernels::isa::kernel_table!(super::Avx2<true>, "avx-vnni", "avx2,fma,f16c,bmi2,avxvnni");
}

pub(super) mod without_vnni {
    crate::engine::kernels::isa::kernel_table!(super::Avx2<false>, "avx2", "avx2,fma,f16c,bmi2");
}

/// How many products of pairs (`vpmaddubsw`) of a format's weights can be added in 16 bits before they might overflow.
const fn run<F: Format>() -> usize {
    match i16::MAX as i32 / (2 * 127 * F::MAX) {
        8.. => 8,
        4.. => 4,
        2.. => 2,
        _ => 1,
    }
}

impl<const VNNI: bool> Isa for Avx2<VNNI> {
    const LANES: usize = 8;
    const TOKENS: usize = 4;
    const SHIFTS_SIGNED: bool = VNNI;
    const READS_BLOCKS: bool = true;
    type I32 = __m256i;
    type F32 = __m256;

    #[inline(always)]
    unsafe fn transpose(from: *const u32, stride: usize, to: *mut u32) {
        // SAFETY: the caller vouches for the tile; the features are enabled where this is inlined.
        unsafe {
            let mut pairs = [_mm256_setzero_ps(); 8];
            for i in 0..4 {
                let even = _mm256_loadu_ps(from.add(2 * i * stride).cast());
                let odd = _mm256_loadu_ps(from.add((2 * i + 1) * stride).cast());
                pairs[2 * i] = _mm256_unpacklo_ps(even, odd);
                pairs[2 * i + 1] = _mm256_unpackhi_ps(even, odd);
            }
            // quads[4 h + c]: columns c and c + 4 of rows 4 h to 4 h + 3
            let mut quads = [_mm256_setzero_ps(); 8];
            for half in 0..2 {
                let p = &pairs[4 * half..];
                quads[4 * half] = _mm256_shuffle_ps::<0x44>(p[0], p[2]);
                quads[4 * half + 1] = _mm256_shuffle_ps::<0xEE>(p[0], p[2]);
                quads[4 * half + 2] = _mm256_shuffle_ps::<0x44>(p[1], p[3]);
                quads[4 * half + 3] = _mm256_shuffle_ps::<0xEE>(p[1], p[3]);
            }
            for column in 0..4 {
                let (top, bottom) = (quads[column], quads[column + 4]);
                _mm256_storeu_ps(to.add(column * 8).cast(), _mm256_permute2f128_ps::<0x20>(top, bottom));
                _mm256_storeu_ps(
                    to.add((column + 4) * 8).cast(),
                    _mm256_permute2f128_ps::<0x31>(top, bottom),
                );
            }
        }
    }

    #[inline(always)]
    unsafe fn dot_group<F: Format, const T: usize>(
        weights: *const u8,
        tokens: [*const i8; T],
    ) -> [__m256i; T] {
        if VNNI {
            // SAFETY: passed on.
            return unsafe { dot_group_vnni::<F, T>(weights, tokens) };
        }
        let run = const { run::<F>() };
        // SAFETY: the caller vouches for the group; the features are enabled where this is inlined.
        unsafe {
            let ones = _mm256_set1_epi16(1);
            let mut sums = [_mm256_setzero_si256(); T];
            for first in (0..F::GROUP / 4).step_by(run) {
                let mut pairs = [_mm256_setzero_si256(); T];
                for step in first..first + run {
                    let w = _mm256_loadu_si256(weights.add(step * 32).cast());
                    for t in 0..T {
                        let x = _mm256_set1_epi32(four(tokens[t].add(step * 4)));
                        // vpmaddubsw multiplies unsigned with signed bytes: |w| · (x with the sign of w) is w · x
                        let products = if F::SIGNED {
                            _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w))
                        } else {
                            _mm256_maddubs_epi16(w, x)
                        };
                        pairs[t] = _mm256_add_epi16(pairs[t], products);
                    }
                }
                for t in 0..T {
                    sums[t] = _mm256_add_epi32(sums[t], _mm256_madd_epi16(pairs[t], ones));
                }
            }
            sums
        }
    }

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "an inner loop")]
    unsafe fn dot_pair<F: Format, const N: usize>(
        block: *const u8,
        pair: usize,
        stride: usize,
        token: *const i8,
    ) -> [__m256i; N] {
        // SAFETY: the caller vouches for the blocks and the token; the features are enabled where this is inlined.
        unsafe {
            let mut sums = [_mm256_setzero_si256(); N];
            if matches!(F::PACKING, Packing::Nibbles | Packing::Quints) {
                sums[..2].copy_from_slice(&dot_blocks::<F, VNNI>(block, stride, token));
                return sums;
            }
            for half in 0..2 {
                let x = _mm256_loadu_si256(token.add(32 * half).cast());
                // sums of four rows at a time, in each 128-bit lane those of its 16 weights
                let mut quads = [_mm256_setzero_si256(); 2];
                for i in 0..2 {
                    let mut products = [_mm256_setzero_si256(); 4];
                    for row in 0..4 {
                        let weights = half_of::<F, VNNI>(block.add((4 * i + row) * stride), pair, half);
                        products[row] = product::<F, VNNI>(weights, x);
                    }
                    quads[i] = add_across::<VNNI>(products, run::<F>());
                }
                let [low, high] = lanes_of(quads);
                if N == 4 {
                    (sums[2 * half], sums[2 * half + 1]) = (low, high);
                } else {
                    sums[half] = _mm256_add_epi32(low, high);
                }
            }
            sums
        }
    }

    #[inline(always)]
    unsafe fn gather(from: *const u8, stride: usize) -> __m256i {
        // Not `vpgatherdd`, which is slow where its leak of data (CVE-2022-40982) is mended.
        let mut words = [0; 8];
        for (row, word) in words.iter_mut().enumerate() {
            // SAFETY: the caller vouches for the words.
            *word = unsafe { from.add(row * stride).cast::<i32>().read_unaligned() };
        }
        let [a, b, c, d, e, f, g, h] = words;
        // SAFETY: the features are enabled where this is inlined; so below.
        unsafe { _mm256_setr_epi32(a, b, c, d, e, f, g, h) }
    }

    #[inline(always)]
    unsafe fn load_words(from: *const u32) -> __m256i {
        // SAFETY: the caller vouches for eight words.
        unsafe { _mm256_loadu_si256(from.cast()) }
    }

    #[inline(always)]
    unsafe fn low_half(words: __m256i) -> __m256 {
        // SAFETY: as above.
        unsafe {
            // of each 128-bit lane the lower halves, then those of both lanes together
            let halves = _mm256_setr_epi64x(0x0D0C_0908_0504_0100, -1, 0x0D0C_0908_0504_0100, -1);
            let halves = _mm256_permute4x64_epi64::<0x08>(_mm256_shuffle_epi8(words, halves));
            _mm256_cvtph_ps(_mm256_castsi256_si128(halves))
        }
    }

    #[inline(always)]
    unsafe fn high_half(words: __m256i) -> __m256 {
        // SAFETY: as above.
        unsafe { Self::low_half(_mm256_srli_epi32::<16>(words)) }
    }

    #[inline(always)]
    unsafe fn field(words: __m256i, shift: u32, mask: i32) -> __m256i {
        // SAFETY: as above.
        unsafe {
            let shifted = _mm256_srl_epi32(words, _mm_cvtsi32_si128(shift as i32));
            _mm256_and_si256(shifted, _mm256_set1_epi32(mask))
        }
    }

    #[inline(always)]
    unsafe fn signed_byte(words: __m256i, shift: u32) -> __m256i {
        // SAFETY: as above.
        unsafe {
            let top = _mm256_sll_epi32(words, _mm_cvtsi32_si128(24 - shift as i32));
            _mm256_srai_epi32::<24>(top)
        }
    }

    #[inline(always)]
    unsafe fn or(a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_or_si256(a, b) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m256 {
        // SAFETY: the caller vouches for eight values.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, values: __m256) {
        // SAFETY: the caller vouches for eight values.
        unsafe { _mm256_storeu_ps(to, values) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> __m256 {
        // SAFETY: the feature is enabled where this is inlined; so below.
        unsafe { _mm256_set1_ps(value) }
    }

    #[inline(always)]
    unsafe fn to_f32(values: __m256i) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_cvtepi32_ps(values) }
    }

    #[inline(always)]
    unsafe fn mul(a: __m256, b: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_mul_ps(a, b) }
    }

    #[inline(always)]
    unsafe fn mul_add(a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn mul_add_one(a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }

    #[inline(always)]
    fn prefetch(address: *const u8) {
        // SAFETY: part of every x86-64; a prefetch of an invalid address does nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
    }

    #[inline(always)]
    fn prefetch_far(address: *const u8) {
        // SAFETY: as above.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(address.cast()) };
    }

    #[inline(always)]
    unsafe fn widen(from: &[u16], to: &mut [f32]) {
        // SAFETY: F16C is enabled where this is inlined.
        unsafe { widen_f16c(from, to) }
    }

    #[inline(always)]
    unsafe fn narrow(from: &[f32], to: &mut [u16]) {
        // SAFETY: F16C is enabled where this is inlined.
        unsafe { narrow_f16c(from, to) }
    }
}

/// [`Isa::dot_group`] with `vpdpbusd`.
#[inline(always)]
unsafe fn dot_group_vnni<F: Format, const T: usize>(
    weights: *const u8,
    tokens: [*const i8; T],
) -> [__m256i; T] {
    // SAFETY: the caller vouches for the group and the features.
    unsafe {
        let mut sums = [_mm256_setzero_si256(); T];
        for step in 0..F::GROUP / 4 {
            let mut w = _mm256_loadu_si256(weights.add(step * 32).cast());
            if F::SIGNED {
                w = _mm256_xor_si256(w, _mm256_set1_epi8(i8::MIN));
            }
            for t in 0..T {
                let x = _mm256_set1_epi32(four(tokens[t].add(step * 4)));
                sums[t] = _mm256_dpbusd_avx_epi32(sums[t], w, x);
            }
        }
        sums
    }
}

/// [`Isa::dot_pair`] for blocks of 32 weights whose halves share their bytes: two blocks side by side, one in each 128-bit
/// lane, so that the sums of each block's halves are added before those across a lane are.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "an inner loop")]
unsafe fn dot_blocks<F: Format, const VNNI: bool>(
    block: *const u8,
    stride: usize,
    token: *const i8,
) -> [__m256i; 2] {
    // SAFETY: the caller vouches for the blocks, the token and the features.
    unsafe {
        let [first, second] =
            lanes_of([_mm256_loadu_si256(token.cast()), _mm256_loadu_si256(token.add(32).cast())]);
        let mut quads = [_mm256_setzero_si256(); 2];
        for i in 0..2 {
            let mut products = [_mm256_setzero_si256(); 4];
            for row in 0..4 {
                let [low, high] = halves_of::<F>(block.add((4 * i + row) * stride));
                products[row] = if VNNI {
                    let sums = _mm256_dpbusd_avx_epi32(_mm256_setzero_si256(), low, first);
                    _mm256_dpbusd_avx_epi32(sums, high, second)
                } else {
                    _mm256_add_epi16(_mm256_maddubs_epi16(low, first), _mm256_maddubs_epi16(high, second))
                };
            }
            quads[i] = add_across::<VNNI>(products, run::<F>() / 2);
        }
        lanes_of(quads)
    }
}

/// The lower 128-bit lanes of both vectors, and the upper ones; shared with AVX-512.
#[inline(always)]
pub(super) unsafe fn lanes_of([a, b]: [__m256i; 2]) -> [__m256i; 2] {
    // SAFETY: the caller vouches for the features.
    unsafe { [_mm256_permute2x128_si256::<0x20>(a, b), _mm256_permute2x128_si256::<0x31>(a, b)] }
}

/// The low four bits of weights 0 to 15 of a block and the one behind it, a lane each, and of weights 16 to 31; shared with
/// AVX-512.
#[inline(always)]
pub(super) unsafe fn nibbles_of<F: Format>(block: *const u8) -> [__m256i; 2] {
    // SAFETY: the caller vouches for two blocks of `F` and for the features.
    unsafe {
        let at = F::BYTES - 16;
        let bytes = _mm256_castsi128_si256(_mm_loadu_si128(block.add(at).cast()));
        let bytes = _mm256_inserti128_si256::<1>(bytes, _mm_loadu_si128(block.add(F::BYTES + at).cast()));
        let nibble = _mm256_set1_epi8(15);
        [_mm256_and_si256(bytes, nibble), _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble)]
    }
}

/// Weights 0 to 15 of a block and the one behind it, a lane each, and weights 16 to 31.
#[inline(always)]
unsafe fn halves_of<F: Format>(block: *const u8) -> [__m256i; 2] {
    // SAFETY: the caller vouches for two blocks of `F` and for the features.
    unsafe {
        let at = F::BYTES - 16;
        let [low, high] = nibbles_of::<F>(block);
        if F::PACKING == Packing::Nibbles {
            return [low, high];
        }
        let word = block.add(at - 4).cast::<i32>();
        let next = block.add(F::BYTES + at - 4).cast::<i32>();
        let words = _mm256_blend_epi32::<0xF0>(
            _mm256_set1_epi32(word.read_unaligned()),
            _mm256_set1_epi32(next.read_unaligned()),
        );
        let first = fifth_bits(words, 0, 0x0101_0101_0101_0101);
        let second = fifth_bits(words, 0x0202_0202_0202_0202, 0x0303_0303_0303_0303);
        [_mm256_or_si256(low, first), _mm256_or_si256(high, second)]
    }
}

/// 16 for each weight whose fifth bit is set in the word of its lane; `first` and `second` are which byte of the word has the
/// bits of a lane's first and second eight weights.
#[inline(always)]
unsafe fn fifth_bits(words: __m256i, first: i64, second: i64) -> __m256i {
    // SAFETY: the caller vouches for the features.
    unsafe {
        let bits = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64 as i64);
        let bytes = _mm256_setr_epi64x(first, second, first, second);
        let set = _mm256_and_si256(_mm256_shuffle_epi8(words, bytes), bits);
        _mm256_and_si256(_mm256_cmpeq_epi8(set, bits), _mm256_set1_epi8(16))
    }
}

/// 32 weights as bytes: the first or the second half of 64.
#[inline(always)]
unsafe fn half_of<F: Format, const VNNI: bool>(block: *const u8, pair: usize, half: usize) -> __m256i {
    // SAFETY: the caller vouches for the blocks of `F` and for the features.
    unsafe {
        let nibble = _mm256_set1_epi8(15);
        match F::PACKING {
            Packing::Bytes => {
                let weights = _mm256_loadu_si256(block.add(half * F::BYTES + F::BYTES - 32).cast());
                if VNNI { _mm256_xor_si256(weights, _mm256_set1_epi8(i8::MIN)) } else { weights }
            }
            Packing::Nibbles | Packing::Quints => unreachable!("read by `dot_blocks`"),
            Packing::LongNibbles | Packing::LongQuints => {
                let mut low = _mm256_loadu_si256(block.add(F::BYTES - 128 + 32 * pair).cast());
                if half == 1 {
                    low = _mm256_srli_epi32::<4>(low);
                }
                low = _mm256_and_si256(low, nibble);
                if F::PACKING == Packing::LongNibbles {
                    return low;
                }
                let high = _mm256_loadu_si256(block.add(16).cast());
                let high = _mm256_srl_epi32(high, _mm_cvtsi32_si128((2 * pair + half) as i32));
                let high = _mm256_and_si256(high, _mm256_set1_epi8(1));
                _mm256_or_si256(low, _mm256_slli_epi32::<4>(high))
            }
            Packing::Sixes => {
                let (part, odd) = (pair / 2, pair % 2);
                let low = _mm256_loadu_si256(block.add(64 * part + 32 * half).cast());
                let low = _mm256_srl_epi32(low, _mm_cvtsi32_si128(4 * odd as i32));
                let high = _mm256_loadu_si256(block.add(128 + 32 * part).cast());
                let high = _mm256_srl_epi32(high, _mm_cvtsi32_si128((4 * odd + 2 * half) as i32));
                let high = _mm256_slli_epi32::<4>(_mm256_and_si256(high, _mm256_set1_epi8(3)));
                _mm256_or_si256(_mm256_and_si256(low, nibble), high)
            }
        }
    }
}

/// Products of 32 weights with as many activations: sums of two in 16 bits, or with VNNI of four in 32.
#[inline(always)]
unsafe fn product<F: Format, const VNNI: bool>(w: __m256i, x: __m256i) -> __m256i {
    // SAFETY: the caller vouches for the features.
    unsafe {
        if VNNI {
            _mm256_dpbusd_avx_epi32(_mm256_setzero_si256(), w, x)
        } else if F::SIGNED {
            // |w| · (x with the sign of w), as above
            _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w))
        } else {
            _mm256_maddubs_epi16(w, x)
        }
    }
}

/// Adds up the products of each of four rows within 128-bit lanes, a row each; without VNNI they are sums in 16 bits, of
/// which `run` can be added before they might overflow.
#[inline(always)]
unsafe fn add_across<const VNNI: bool>(products: [__m256i; 4], run: usize) -> __m256i {
    let [a, b, c, d] = products;
    // SAFETY: the caller vouches for the features.
    unsafe {
        let ones = _mm256_set1_epi16(1);
        if VNNI {
            _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d))
        } else if run >= 4 {
            let quads = _mm256_hadd_epi16(_mm256_hadd_epi16(a, b), _mm256_hadd_epi16(c, d));
            _mm256_madd_epi16(quads, ones)
        } else if run >= 2 {
            let (ab, cd) = (_mm256_hadd_epi16(a, b), _mm256_hadd_epi16(c, d));
            _mm256_hadd_epi32(_mm256_madd_epi16(ab, ones), _mm256_madd_epi16(cd, ones))
        } else {
            let (a, b) = (_mm256_madd_epi16(a, ones), _mm256_madd_epi16(b, ones));
            let (c, d) = (_mm256_madd_epi16(c, ones), _mm256_madd_epi16(d, ones));
            _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d))
        }
    }
}

/// Half to single precision, eight at a time; shared with AVX-512.
#[inline(always)]
pub(super) unsafe fn widen_f16c(from: &[u16], to: &mut [f32]) {
    let (from, from_rest) = from.as_chunks::<8>();
    let (to, to_rest) = to.as_chunks_mut::<8>();
    for (from, to) in from.iter().zip(to) {
        // SAFETY: both are eight values; the caller enables F16C.
        unsafe { _mm256_storeu_ps(to.as_mut_ptr(), _mm256_cvtph_ps(_mm_loadu_si128(from.as_ptr().cast()))) };
    }
    for (from, to) in from_rest.iter().zip(to_rest) {
        *to = super::format::f16_to_f32(*from);
    }
}

/// Single to half precision, eight at a time; shared with AVX-512.
#[inline(always)]
pub(super) unsafe fn narrow_f16c(from: &[f32], to: &mut [u16]) {
    let (from, from_rest) = from.as_chunks::<8>();
    let (to, to_rest) = to.as_chunks_mut::<8>();
    for (from, to) in from.iter().zip(to) {
        // SAFETY: both are eight values; the caller enables F16C.
        unsafe {
            let halves = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(_mm256_loadu_ps(from.as_ptr()));
            _mm_storeu_si128(to.as_mut_ptr().cast(), halves);
        }
    }
    for (from, to) in from_rest.iter().zip(to_rest) {
        *to = half::f16::from_f32(*from).to_bits();
    }
}
