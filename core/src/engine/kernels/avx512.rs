//! x86-64 with AVX-512 and VNNI: servers since Ice Lake, AMD since Zen 4.

use super::avx2::{narrow_f16c, widen_f16c};
use super::format::{Format, Packing};
use super::isa::{Isa, four, kernel_table};
use std::arch::x86_64::*;

/// Vectors of 512 bits and `vpdpbusd`, which multiplies and adds four pairs of bytes at once.
pub(super) struct Avx512;

impl Isa for Avx512 {
    const LANES: usize = 16;
    const TOKENS: usize = 8;
    const SHIFTS_SIGNED: bool = true;
    type I32 = __m512i;
    type F32 = __m512;

    #[inline(always)]
    unsafe fn transpose(from: *const u32, stride: usize, to: *mut u32) {
        // SAFETY: the caller vouches for the tile; the features are enabled where this is inlined.
        unsafe {
            let mut rows = [_mm512_setzero_si512(); 16];
            for (i, row) in rows.iter_mut().enumerate() {
                *row = _mm512_loadu_si512(from.add(i * stride).cast());
            }
            // quads[4 g + c], 128-bit lane l: column 4 l + c of rows 4 g to 4 g + 3
            let mut quads = [_mm512_setzero_si512(); 16];
            for g in 0..4 {
                let (a, b, c, d) = (rows[4 * g], rows[4 * g + 1], rows[4 * g + 2], rows[4 * g + 3]);
                let low = (_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d));
                let high = (_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d));
                quads[4 * g] = _mm512_unpacklo_epi64(low.0, low.1);
                quads[4 * g + 1] = _mm512_unpackhi_epi64(low.0, low.1);
                quads[4 * g + 2] = _mm512_unpacklo_epi64(high.0, high.1);
                quads[4 * g + 3] = _mm512_unpackhi_epi64(high.0, high.1);
            }
            for c in 0..4 {
                let (a, b, e, f) = (quads[c], quads[4 + c], quads[8 + c], quads[12 + c]);
                // lanes 0 and 1 of two groups of rows, then lanes 2 and 3
                let ab = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0xEE>(a, b));
                let ef = (_mm512_shuffle_i32x4::<0x44>(e, f), _mm512_shuffle_i32x4::<0xEE>(e, f));
                let columns = [
                    _mm512_shuffle_i32x4::<0x88>(ab.0, ef.0),
                    _mm512_shuffle_i32x4::<0xDD>(ab.0, ef.0),
                    _mm512_shuffle_i32x4::<0x88>(ab.1, ef.1),
                    _mm512_shuffle_i32x4::<0xDD>(ab.1, ef.1),
                ];
                for (l, column) in columns.into_iter().enumerate() {
                    _mm512_storeu_si512(to.add((4 * l + c) * 16).cast(), column);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn dot_group<F: Format, const T: usize>(
        weights: *const u8,
        tokens: [*const i8; T],
    ) -> [__m512i; T] {
        // SAFETY: the caller vouches for the group; the features are enabled where this is inlined.
        unsafe {
            let shift = _mm512_set1_epi8(i8::MIN);
            // with few tokens, a single chain of additions would wait for itself
            let chains = if T < 4 { 4 / T } else { 1 };
            let mut sums = [[_mm512_setzero_si512(); T]; 4];
            for step in 0..F::GROUP / 4 {
                let mut w = _mm512_loadu_si512(weights.add(step * 64).cast());
                if F::SIGNED {
                    w = _mm512_xor_si512(w, shift);
                }
                let sums = &mut sums[step % chains];
                for t in 0..T {
                    sums[t] =
                        _mm512_dpbusd_epi32(sums[t], w, _mm512_set1_epi32(four(tokens[t].add(step * 4))));
                }
            }
            let mut total = sums[0];
            for sums in &sums[1..chains] {
                for t in 0..T {
                    total[t] = _mm512_add_epi32(total[t], sums[t]);
                }
            }
            total
        }
    }

    #[inline(always)]
    fn reads_blocks(packing: Packing) -> bool {
        packing != Packing::Other
    }

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "an inner loop")]
    unsafe fn dot_blocks<F: Format>(blocks: *const u8, stride: usize, token: *const i8) -> [__m512i; 2] {
        // SAFETY: the caller vouches for the blocks and the token; the features are enabled where this is inlined.
        unsafe {
            // Loops, not closures: those would not be compiled for the instruction set.
            let x = _mm512_loadu_si512(token.cast());
            // sums of four rows at a time, in each 128-bit lane those of its 16 weights
            let mut quads = [_mm512_setzero_si512(); 4];
            for i in 0..4 {
                let mut products = [_mm512_setzero_si512(); 4];
                for row in 0..4 {
                    let weights = two_blocks::<F>(blocks.add((4 * i + row) * stride));
                    products[row] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), weights, x);
                }
                let [a, b, c, d] = products;
                let ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
                let cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
                quads[i] = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
            }
            // the first block's two lanes together, and the second's
            let [a, b, c, d] = quads;
            let ab = _mm512_add_epi32(_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xDD>(a, b));
            let cd = _mm512_add_epi32(_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xDD>(c, d));
            [_mm512_shuffle_i32x4::<0x88>(ab, cd), _mm512_shuffle_i32x4::<0xDD>(ab, cd)]
        }
    }

    #[inline(always)]
    unsafe fn gather(from: *const u8, stride: usize, to: *mut f32) {
        // SAFETY: the caller vouches for the bytes; a stride is far below 2^31 / 16.
        unsafe {
            let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            let offsets = _mm512_mullo_epi32(lanes, _mm512_set1_epi32(stride as i32));
            _mm512_storeu_si512(to.cast(), _mm512_i32gather_epi32::<1>(offsets, from.cast()));
        }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        // SAFETY: the caller vouches for sixteen values.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, values: __m512) {
        // SAFETY: the caller vouches for sixteen values.
        unsafe { _mm512_storeu_ps(to, values) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> __m512 {
        // SAFETY: the feature is enabled where this is inlined; so below.
        unsafe { _mm512_set1_ps(value) }
    }

    #[inline(always)]
    unsafe fn to_f32(values: __m512i) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_cvtepi32_ps(values) }
    }

    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_mul_ps(a, b) }
    }

    #[inline(always)]
    unsafe fn mul_add(a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_fmadd_ps(a, b, c) }
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

/// The 64 weights of two blocks as unsigned bytes, signed ones shifted by 128.
#[inline(always)]
unsafe fn two_blocks<F: Format>(blocks: *const u8) -> __m512i {
    // SAFETY: the caller vouches for two blocks of `F` and for the features.
    unsafe {
        let next = blocks.add(F::BYTES);
        if F::PACKING == Packing::Bytes {
            let at = F::BYTES - 32;
            let first = _mm512_castsi256_si512(_mm256_loadu_si256(blocks.add(at).cast()));
            let both = _mm512_inserti64x4::<1>(first, _mm256_loadu_si256(next.add(at).cast()));
            return _mm512_xor_si512(both, _mm512_set1_epi8(i8::MIN));
        }
        let at = F::BYTES - 16;
        let first = _mm512_broadcast_i32x4(_mm_loadu_si128(blocks.add(at).cast()));
        let second = _mm_loadu_si128(next.add(at).cast());
        let bytes = _mm512_mask_broadcast_i32x4(first, 0xFF00, second);
        let shifts = _mm512_setr_epi32(0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4);
        let low = _mm512_and_si512(_mm512_srlv_epi32(bytes, shifts), _mm512_set1_epi8(15));
        if F::PACKING == Packing::Nibbles {
            return low;
        }
        let fifth = u64::from(blocks.add(at - 4).cast::<u32>().read_unaligned());
        let fifth = fifth | u64::from(next.add(at - 4).cast::<u32>().read_unaligned()) << 32;
        _mm512_mask_add_epi8(low, fifth, low, _mm512_set1_epi8(16))
    }
}

kernel_table!(Avx512, "avx512-vnni", "avx2,fma,f16c,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni");
