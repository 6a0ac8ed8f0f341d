//! What the products are computed of: activations, and their quantisation to 8 bits.

use std::marker::PhantomData;

use super::team::{Scratch, Shares};
use super::{Kernels, Matrix, Team, format};

/// Activations that share a scale.
pub(super) const GROUP: usize = 32;

/// Inputs of a product, a row per token, in one form or both; quantised when first needed and not again until they change.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Activations {
    count: usize,
    cols: usize,
    values: Vec<f32>,
    quantized: Quantized,
    /// What holds these rows.
    form: Form,
}

/// In which forms activations are needed or there.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine) struct Form {
    /// As floats, for plain weights.
    values: bool,
    /// In 8 bits, for quantised weights.
    quantized: bool,
}

impl Form {
    /// What products with `matrices` read.
    pub(in crate::engine) fn of<const N: usize>(matrices: [Matrix<'_>; N]) -> Self {
        let quantized = matrices.map(|matrix| format::is_quantized(matrix.dtype));
        Self { values: quantized.contains(&false), quantized: quantized.contains(&true) }
    }
}

impl Activations {
    /// Room for `count` rows of `cols` values, to be filled by the caller.
    pub(in crate::engine) fn reset(&mut self, count: usize, cols: usize) -> &mut [f32] {
        (self.count, self.cols, self.form) = (count, cols, Form { values: true, quantized: false });
        self.values.resize(count * cols, 0.0);
        &mut self.values
    }

    /// Room for `count` rows of `cols` values in `form`, of whole groups if quantised, to be filled by threads.
    pub(super) fn open(&mut self, count: usize, cols: usize, form: Form) -> Places<'_> {
        (self.count, self.cols, self.form) = (count, cols, form);
        if form.values {
            self.values.resize(count * cols, 0.0);
        }
        if form.quantized {
            assert!(cols.is_multiple_of(GROUP), "rows of quantised activations are whole groups");
            self.quantized.resize(count * cols);
        }
        let values = Shares::new(&mut self.values);
        Places { count, cols, form, values, quantized: self.quantized.pointers(), of: PhantomData }
    }

    /// Fills `count` rows of `cols` values with what `job`, given a row's number, writes, in `form`.
    pub(super) fn fill(
        &mut self,
        [count, cols]: [usize; 2],
        form: Form,
        kernels: &Kernels,
        team: &mut Team,
        job: impl Fn(usize, &mut [f32]) + Sync,
    ) {
        let places = self.open(count, cols, form);
        let jobs = team.jobs(count);
        team.run(jobs, |Scratch { row, .. }, number| {
            row.resize(cols, 0.0);
            for token in count * number / jobs..count * (number + 1) / jobs {
                job(token, row);
                // SAFETY: no two jobs have the same token.
                unsafe { places.put(kernels, token, 0, row) };
            }
        });
    }

    /// The rows as they were filled.
    pub(in crate::engine) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Bytes of heap.
    pub(in crate::engine) fn bytes(&self) -> usize {
        4 * self.values.capacity() + self.quantized.bytes()
    }

    /// Quantises the rows if `wanted` is and they are not yet.
    pub(super) fn prepare(&mut self, wanted: Form, kernels: &Kernels, team: &mut Team) {
        assert!(self.form.values || !wanted.values, "activations were only kept quantised");
        if self.form.quantized || !wanted.quantized {
            return;
        }
        self.quantized.resize(self.values.len());
        let (cols, count) = (self.cols, self.count);
        let (values, to) = (&self.values, self.quantized.pointers());
        let jobs = team.jobs(count);
        team.run(jobs, |_, job| {
            let (first, end) = (count * job / jobs * cols, count * (job + 1) / jobs * cols);
            // SAFETY: the jobs' rows do not overlap, and there is room for all; `available` has only tables of this CPU.
            unsafe { (kernels.quantize)(&values[first..end], to.part(first, end - first)) };
        });
        self.form.quantized = true;
    }

    pub(super) fn rows(&self, first: usize) -> Rows<'_> {
        let quantized = self.form.quantized.then_some(&self.quantized);
        Rows { first, count: self.count - first, cols: self.cols, values: &self.values, quantized }
    }
}

/// Activations of `count` tokens from `first` on, row-major, as the products read them.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) cols: usize,
    /// Read by products with plain weights.
    pub(super) values: &'a [f32],
    /// Read by products with quantised weights.
    pub(super) quantized: Option<&'a Quantized>,
}

/// Activations in 8 bits: groups of 32 integers `q` with `|q| ≤ 127` and a scale; `x ≈ scale · q`.
#[derive(Clone, Debug, Default)]
pub(super) struct Quantized {
    pub(super) q: Vec<i8>,
    pub(super) scales: Vec<f32>,
    /// Scale times sum of the integers, per 32.
    pub(super) sums: Vec<f32>,
    /// The same per 16.
    pub(super) half_sums: Vec<f32>,
}

impl Quantized {
    /// Makes room for `len` values, whole groups.
    fn resize(&mut self, len: usize) {
        self.q.resize(len, 0);
        self.scales.resize(len / GROUP, 0.0);
        self.sums.resize(len / GROUP, 0.0);
        self.half_sums.resize(2 * len / GROUP, 0.0);
    }

    fn pointers(&mut self) -> Pointers {
        Pointers {
            q: self.q.as_mut_ptr(),
            scales: self.scales.as_mut_ptr(),
            sums: self.sums.as_mut_ptr(),
            half_sums: self.half_sums.as_mut_ptr(),
        }
    }

    /// Bytes of heap.
    fn bytes(&self) -> usize {
        self.q.capacity() + 4 * (self.scales.capacity() + self.sums.capacity() + self.half_sums.capacity())
    }
}

/// Some rows of a [`Quantized`], to be written.
pub(super) struct QuantizedRows<'a> {
    q: &'a mut [i8],
    scales: &'a mut [f32],
    sums: &'a mut [f32],
    half_sums: &'a mut [f32],
}

/// A [`Quantized`] of which threads write different parts.
struct Pointers {
    q: *mut i8,
    scales: *mut f32,
    sums: *mut f32,
    half_sums: *mut f32,
}

// SAFETY: who takes a part sees to it that parts do not overlap.
unsafe impl Sync for Pointers {}

impl Pointers {
    /// The part for `len` values from `first` on, both of whole groups.
    ///
    /// # Safety
    ///
    /// It lies in what was pointed to, which lives on, and nobody else takes it.
    unsafe fn part(&self, first: usize, len: usize) -> QuantizedRows<'_> {
        let (group, groups) = (first / GROUP, len / GROUP);
        // SAFETY: the caller vouches for it.
        unsafe {
            QuantizedRows {
                q: std::slice::from_raw_parts_mut(self.q.add(first), len),
                scales: std::slice::from_raw_parts_mut(self.scales.add(group), groups),
                sums: std::slice::from_raw_parts_mut(self.sums.add(group), groups),
                half_sums: std::slice::from_raw_parts_mut(self.half_sums.add(2 * group), 2 * groups),
            }
        }
    }
}

/// Where threads write rows of [`Activations`], in the forms that are wanted.
pub(super) struct Places<'a> {
    count: usize,
    cols: usize,
    form: Form,
    values: Shares<f32>,
    quantized: Pointers,
    of: PhantomData<&'a mut Activations>,
}

impl Places<'_> {
    /// Writes `values` from column `at` of row `token` on; whole groups if quantised.
    ///
    /// # Safety
    ///
    /// Nobody else writes them.
    pub(super) unsafe fn put(&self, kernels: &Kernels, token: usize, at: usize, values: &[f32]) {
        assert!(token < self.count && at + values.len() <= self.cols, "a row has its length");
        let place = token * self.cols + at;
        if self.form.values {
            // SAFETY: the place is inside, as was just seen, and nobody else's.
            unsafe { self.values.at(place).copy_from_nonoverlapping(values.as_ptr(), values.len()) };
        }
        if self.form.quantized {
            // SAFETY: as above; `available` has only tables of this CPU.
            unsafe { (kernels.quantize)(values, self.quantized.part(place, values.len())) };
        }
    }
}

/// Quantises rows of activations, whole groups. `to` has the size for them.
///
/// Scales and sums stay in single precision (llama.cpp rounds them to half).
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "indices of two halves")]
pub(super) fn quantize(x: &[f32], to: QuantizedRows<'_>) {
    let groups = x.as_chunks::<GROUP>().0.iter().zip(to.q.as_chunks_mut::<GROUP>().0);
    let scales = to.scales.iter_mut().zip(to.sums).zip(to.half_sums.as_chunks_mut::<2>().0);
    for ((x, q), ((scale, sum), halves)) in groups.zip(scales) {
        let mut largest = [0f32; 8];
        for x in x.as_chunks::<8>().0 {
            for lane in 0..8 {
                largest[lane] = if x[lane].abs() > largest[lane] { x[lane].abs() } else { largest[lane] };
            }
        }
        let largest = largest.into_iter().fold(0f32, f32::max);
        *scale = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let mut total = [0i32; 2];
        for half in 0..2 {
            for i in half * 16..half * 16 + 16 {
                let rounded = round(x[i] * inverse);
                q[i] = rounded as i8;
                total[half] += rounded;
            }
        }
        *halves = total.map(|total| *scale * total as f32);
        *sum = *scale * (total[0] + total[1]) as f32;
    }
}

/// Rounds to the nearest integer, ties to even, if `|x|` is below 2^22.
#[inline(always)]
fn round(x: f32) -> i32 {
    /// 1.5 · 2^23: added to `x`, it leaves no bits for a fraction.
    const MAGIC: f32 = 12_582_912.0;
    (x + MAGIC).to_bits() as i32 - MAGIC.to_bits() as i32
}
