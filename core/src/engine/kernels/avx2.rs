//! x86-64 with AVX2, FMA and F16C: every desktop since 2013.

use super::format::Format;
use super::isa::{Isa, four, kernel_table};
use std::arch::x86_64::*;

/// Vectors of 256 bits.
pub(super) struct Avx2;

/// How many products of pairs (`vpmaddubsw`) of a format's weights can be added in 16 bits before they might overflow.
const fn run<F: Format>() -> usize {
    match i16::MAX as i32 / (2 * 127 * F::MAX) {
        8.. => 8,
        4.. => 4,
        2.. => 2,
        _ => 1,
    }
}

impl Isa for Avx2 {
    const LANES: usize = 8;
    const TOKENS: usize = 4;
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

kernel_table!(Avx2, "avx2", "avx2,fma,f16c,bmi2");
