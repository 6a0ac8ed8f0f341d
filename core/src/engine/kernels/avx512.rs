//! x86-64 with AVX-512 and VNNI: servers since Ice Lake, AMD since Zen 4.

use super::avx2::{lanes_of, narrow_f16c, nibbles_of, widen_f16c};
use super::format::{Format, Packing};
use super::isa::{Isa, four, kernel_table};
use std::arch::x86_64::*;

/// Vectors of 512 bits and `vpdpbusd`, which multiplies and adds four pairs of bytes at once.
pub(super) struct Avx512;

impl Isa for Avx512 {
    const LANES: usize = 16;
    const TOKENS: usize = 8;
    const SHIFTS_SIGNED: bool = true;
    const READS_BLOCKS: bool = true;
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
    #[expect(clippy::needless_range_loop, reason = "an inner loop")]
    unsafe fn dot_pair<F: Format, const N: usize>(
        block: *const u8,
        pair: usize,
        stride: usize,
        token: *const i8,
    ) -> [__m512i; N] {
        // SAFETY: the caller vouches for the blocks and the token; the features are enabled where this is inlined.
        unsafe {
            let mut sums = [_mm512_setzero_si512(); N];
            if matches!(F::PACKING, Packing::Nibbles | Packing::Quints) {
                sums[..2].copy_from_slice(&dot_blocks::<F>(block, stride, token));
                return sums;
            }
            // Loops, not closures: those would not be compiled for the instruction set.
            let x = _mm512_loadu_si512(token.cast());
            // sums of four rows at a time, in each 128-bit lane those of its 16 weights
            let mut quads = [_mm512_setzero_si512(); 4];
            for i in 0..4 {
                let mut products = [_mm512_setzero_si512(); 4];
                for row in 0..4 {
                    let weights = pair_of::<F>(block.add((4 * i + row) * stride), pair);
                    products[row] = _mm512_dpbusd_epi32(_mm512_setzero_si512(), weights, x);
                }
                let [a, b, c, d] = products;
                let ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
                let cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
                quads[i] = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
            }
            let [a, b, c, d] = quads;
            // each lane of four quads makes a vector; where groups have 32 weights, lanes 0 and 1 together, and 2 and 3
            if N == 4 {
                sums.copy_from_slice(&lanes_across(quads));
            } else {
                let even = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xDD>(a, b));
                let odd = (_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xDD>(c, d));
                let (ab, cd) = (_mm512_add_epi32(even.0, even.1), _mm512_add_epi32(odd.0, odd.1));
                sums[0] = _mm512_shuffle_i32x4::<0x88>(ab, cd);
                sums[1] = _mm512_shuffle_i32x4::<0xDD>(ab, cd);
            }
            sums
        }
    }

    const READS_QUADS: bool = true;

    #[inline(always)]
    unsafe fn dot_quad<F: Format>(
        block: *const u8,
        stride: usize,
        token: *const i8,
    ) -> ([__m512i; 4], [__m512i; 4]) {
        // SAFETY: the caller vouches for the blocks, longer than a vector, and the token; the features are enabled where this is
        // inlined.
        unsafe {
            let tokens = [_mm512_loadu_si512(token.cast()), _mm512_loadu_si512(token.add(64).cast())];
            // of each block the first 16 activations, and the others
            let first = _mm512_shuffle_i32x4::<0x88>(tokens[0], tokens[1]);
            let second = _mm512_shuffle_i32x4::<0xDD>(tokens[0], tokens[1]);
            let nibble = _mm512_set1_epi8(15);
            let ones = _mm512_set1_epi16(1);
            let heads_at = const { &Halves::heads::<F>() }.get();
            let nibbles_at = const { &Halves::nibbles::<F>() }.get();

            // sums[i], 128-bit lane l: those of block l in rows 4 i to 4 i + 3
            let mut sums = [_mm512_setzero_si512(); 4];
            // heads[i], 128-bit lane l: the first words of all blocks of row 4 l + i
            let mut heads = [_mm512_setzero_si512(); 4];
            let (mut row, mut i) = (block, 0);
            // not counted to four, which would be unrolled: then the compiler keeps the addresses of 64 blocks at hand
            let end = block.wrapping_add(16 * stride);
            while row < end {
                let mut products = [_mm512_setzero_si512(); 4];
                for r in 0..4 {
                    let start = row.add(r * stride);
                    let three = _mm512_loadu_si512(start.cast());
                    heads[r] = _mm512_mask_permutexvar_epi16(heads[r], 0xFF << (8 * i), heads_at, three);
                    let last = _mm_loadu_si128(start.add(4 * F::BYTES - 16).cast());
                    let bytes = _mm512_inserti32x4::<3>(_mm512_permutexvar_epi16(nibbles_at, three), last);
                    let low = _mm512_and_si512(bytes, nibble);
                    let high = _mm512_and_si512(_mm512_srli_epi16::<4>(bytes), nibble);
                    let sums = _mm512_dpbusd_epi32(_mm512_setzero_si512(), low, first);
                    products[r] = _mm512_dpbusd_epi32(sums, high, second);
                }
                // eight products are at most 8 · 15 · 127 = 15,240 and sixteen 30,480, which 16 bits hold
                let [a, b, c, d] = products;
                let ab = _mm512_madd_epi16(_mm512_packs_epi32(a, b), ones);
                let cd = _mm512_madd_epi16(_mm512_packs_epi32(c, d), ones);
                sums.as_mut_ptr().add(i).write(_mm512_madd_epi16(_mm512_packs_epi32(ab, cd), ones));
                (row, i) = (row.wrapping_add(4 * stride), i + 1);
            }
            let [a, b, c, d] = heads;
            let ab = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
            let cd = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
            let heads = [
                _mm512_unpacklo_epi64(ab.0, cd.0),
                _mm512_unpackhi_epi64(ab.0, cd.0),
                _mm512_unpacklo_epi64(ab.1, cd.1),
                _mm512_unpackhi_epi64(ab.1, cd.1),
            ];
            (lanes_across(sums), heads)
        }
    }

    #[inline(always)]
    unsafe fn gather(from: *const u8, stride: usize) -> __m512i {
        // SAFETY: the caller vouches for the words and the stride.
        unsafe {
            let upper = eight_words(from.add(8 * stride), stride);
            _mm512_inserti64x4::<1>(_mm512_castsi256_si512(eight_words(from, stride)), upper)
        }
    }

    #[inline(always)]
    unsafe fn load_words(from: *const u32) -> __m512i {
        // SAFETY: the caller vouches for sixteen words.
        unsafe { _mm512_loadu_si512(from.cast()) }
    }

    #[inline(always)]
    unsafe fn low_half(words: __m512i) -> __m512 {
        // SAFETY: the features are enabled where this is inlined; so below.
        unsafe { _mm512_cvtph_ps(_mm512_cvtepi32_epi16(words)) }
    }

    #[inline(always)]
    unsafe fn high_half(words: __m512i) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_cvtph_ps(_mm512_cvtepi32_epi16(_mm512_srli_epi32::<16>(words))) }
    }

    #[inline(always)]
    unsafe fn field(words: __m512i, shift: u32, mask: i32) -> __m512i {
        // SAFETY: as above.
        unsafe {
            let shifted = _mm512_srl_epi32(words, _mm_cvtsi32_si128(shift as i32));
            _mm512_and_si512(shifted, _mm512_set1_epi32(mask))
        }
    }

    #[inline(always)]
    unsafe fn signed_byte(words: __m512i, shift: u32) -> __m512i {
        // SAFETY: as above.
        unsafe {
            let top = _mm512_sll_epi32(words, _mm_cvtsi32_si128(24 - shift as i32));
            _mm512_srai_epi32::<24>(top)
        }
    }

    #[inline(always)]
    unsafe fn or(a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_or_si512(a, b) }
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

/// [`Isa::dot_pair`] for blocks of 32 weights whose halves share their bytes: two blocks side by side, one in each 128-bit
/// lane, in vectors of 256 bits. Their halves are added by `vpdpbusd`, which leaves half as many sums to add across lanes as
/// 64 weights in a vector of 512.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "an inner loop")]
unsafe fn dot_blocks<F: Format>(block: *const u8, stride: usize, token: *const i8) -> [__m512i; 2] {
    // SAFETY: the caller vouches for the blocks, the token and the features.
    unsafe {
        let [first, second] =
            lanes_of([_mm256_loadu_si256(token.cast()), _mm256_loadu_si256(token.add(32).cast())]);
        let mut quads = [_mm256_setzero_si256(); 4];
        for i in 0..4 {
            let mut products = [_mm256_setzero_si256(); 4];
            for row in 0..4 {
                let [low, high] = halves_of::<F>(block.add((4 * i + row) * stride));
                let sums = _mm256_dpbusd_epi32(_mm256_setzero_si256(), low, first);
                products[row] = _mm256_dpbusd_epi32(sums, high, second);
            }
            let [a, b, c, d] = products;
            let ab = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
            let cd = _mm256_add_epi32(_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
            quads[i] = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
        }
        let [a, b, c, d] = quads;
        let ab = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(a), b);
        let cd = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(c), d);
        [_mm512_shuffle_i32x4::<0x88>(ab, cd), _mm512_shuffle_i32x4::<0xDD>(ab, cd)]
    }
}

/// 128-bit lane `l` of all vectors, one after the other, as vector `l`.
#[inline(always)]
unsafe fn lanes_across([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    // SAFETY: the caller vouches for the features.
    unsafe {
        let ab = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0xEE>(a, b));
        let cd = (_mm512_shuffle_i32x4::<0x44>(c, d), _mm512_shuffle_i32x4::<0xEE>(c, d));
        [
            _mm512_shuffle_i32x4::<0x88>(ab.0, cd.0),
            _mm512_shuffle_i32x4::<0xDD>(ab.0, cd.0),
            _mm512_shuffle_i32x4::<0x88>(ab.1, cd.1),
            _mm512_shuffle_i32x4::<0xDD>(ab.1, cd.1),
        ]
    }
}

/// Which halves of words a permutation takes.
#[repr(align(64))]
struct Halves([u16; 32]);

impl Halves {
    /// Of each 128-bit lane, the first words of four blocks.
    const fn heads<F: Format>() -> Self {
        let mut at = [0; 32];
        let mut i = 0;
        while i < 32 {
            at[i] = (i % 8 / 2 * F::BYTES / 2 + i % 2) as u16;
            i += 1;
        }
        Self(at)
    }

    /// Of three blocks the last 16 bytes, a lane each.
    const fn nibbles<F: Format>() -> Self {
        let mut at = [0; 32];
        let mut i = 0;
        while i < 24 {
            at[i] = (((i / 8 + 1) * F::BYTES - 16) / 2 + i % 8) as u16;
            i += 1;
        }
        Self(at)
    }

    /// As a vector that the compiler knows nothing about: otherwise it replaces the permutation by several instructions.
    #[inline(always)]
    unsafe fn get(&self) -> __m512i {
        // SAFETY: 64 aligned bytes; the caller vouches for the features.
        unsafe { self.0.as_ptr().cast::<__m512i>().read_volatile() }
    }
}

/// Weights 0 to 15 of a block and the one behind it, a lane each, and weights 16 to 31.
#[inline(always)]
unsafe fn halves_of<F: Format>(block: *const u8) -> [__m256i; 2] {
    // SAFETY: the caller vouches for two blocks of `F` and for the features.
    unsafe {
        let [low, high] = nibbles_of::<F>(block);
        if F::PACKING == Packing::Nibbles {
            return [low, high];
        }
        let fifth = block.add(F::BYTES - 20).cast::<u32>();
        let (word, next) = (fifth.read_unaligned(), fifth.byte_add(F::BYTES).read_unaligned());
        let bit = _mm256_set1_epi8(16);
        let first = _mm256_mask_add_epi8(low, word & 0xFFFF | next << 16, low, bit);
        [first, _mm256_mask_add_epi8(high, word >> 16 | next & 0xFFFF_0000, high, bit)]
    }
}

/// The words at `from + r · stride`. Not by `vpgatherdd`, which takes longer than the products on Zen 4 and where its leak of data
/// (CVE-2022-40982) is mended; and not by `_mm512_setr_epi32`, which is compiled to a detour through memory.
#[inline(always)]
unsafe fn eight_words(from: *const u8, stride: usize) -> __m256i {
    // SAFETY: the caller vouches for the words and the features.
    unsafe {
        let mut words = [_mm256_setzero_si256(); 8];
        for (row, word) in words.iter_mut().enumerate() {
            *word = _mm256_set1_epi32(from.add(row * stride).cast::<i32>().read_unaligned());
        }
        let [a, b, c, d, e, f, g, h] = words;
        let ab = _mm256_blend_epi32::<0b0000_0010>(a, b);
        let cd = _mm256_blend_epi32::<0b0000_1000>(c, d);
        let ef = _mm256_blend_epi32::<0b0010_0000>(e, f);
        let gh = _mm256_blend_epi32::<0b1000_0000>(g, h);
        let abcd = _mm256_blend_epi32::<0b0000_1100>(ab, cd);
        _mm256_blend_epi32::<0b1111_0000>(abcd, _mm256_blend_epi32::<0b1100_0000>(ef, gh))
    }
}

/// 64 weights as unsigned bytes, signed ones shifted by 128.
#[inline(always)]
unsafe fn pair_of<F: Format>(block: *const u8, pair: usize) -> __m512i {
    // SAFETY: the caller vouches for the blocks of `F` and for the features.
    unsafe {
        let next = block.add(F::BYTES);
        let (nibble, low_bits) = (_mm512_set1_epi8(15), _mm512_set1_epi8(16));
        match F::PACKING {
            Packing::Bytes => {
                let at = F::BYTES - 32;
                let first = _mm512_castsi256_si512(_mm256_loadu_si256(block.add(at).cast()));
                let both = _mm512_inserti64x4::<1>(first, _mm256_loadu_si256(next.add(at).cast()));
                _mm512_xor_si512(both, _mm512_set1_epi8(i8::MIN))
            }
            Packing::Nibbles | Packing::Quints => unreachable!("read by `dot_blocks`"),
            Packing::LongNibbles | Packing::LongQuints => {
                let at = F::BYTES - 128 + 32 * pair;
                let bytes = _mm512_broadcast_i64x4(_mm256_loadu_si256(block.add(at).cast()));
                let shifts = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4);
                let low = _mm512_and_si512(_mm512_srlv_epi32(bytes, shifts), nibble);
                if F::PACKING == Packing::LongNibbles {
                    return low;
                }
                let high = _mm512_broadcast_i64x4(_mm256_loadu_si256(block.add(16).cast()));
                let bit = _mm512_mask_set1_epi8(_mm512_set1_epi8(1 << (2 * pair)), !0 << 32, 2 << (2 * pair));
                _mm512_mask_add_epi8(low, _mm512_test_epi8_mask(high, bit), low, low_bits)
            }
            Packing::Sixes => {
                let bytes = _mm512_loadu_si512(block.add(64 * (pair / 2)).cast());
                let low = _mm512_srl_epi32(bytes, _mm_cvtsi32_si128(4 * (pair % 2) as i32));
                let high =
                    _mm512_broadcast_i64x4(_mm256_loadu_si256(block.add(128 + 32 * (pair / 2)).cast()));
                // the two bits to where they belong: 4 or 2 bits to the left, then 0 or 2 to the right
                let turns = _mm512_setr_epi32(4, 4, 4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2);
                let turns = _mm512_sub_epi32(turns, _mm512_set1_epi32(4 * (pair % 2) as i32));
                let high = _mm512_and_si512(_mm512_rolv_epi32(high, turns), _mm512_set1_epi8(48));
                _mm512_or_si512(_mm512_and_si512(low, nibble), high)
            }
        }
    }
}

kernel_table!(Avx512, "avx512-vnni", "avx2,fma,f16c,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni");
