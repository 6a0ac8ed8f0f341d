//! Each kernel by itself, for every instruction set of this CPU: products of 576 × 1536 with one token and with 64, and
//! what else a layer consists of. Throughput is weights times tokens.
//!
//! ```sh
//! cargo bench -p spatz --bench kernels
//! cargo bench -p spatz --bench kernels -- Q4_0/1
//! ```

#![allow(missing_docs, reason = "criterion's macros")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use spatz::engine::bench::{Product, Rest, instruction_sets};
use spatz::model::TensorType;
use std::time::Duration;

const TYPES: [TensorType; 11] = [
    TensorType::F32,
    TensorType::F16,
    TensorType::BF16,
    TensorType::Q4_0,
    TensorType::Q4_1,
    TensorType::Q5_0,
    TensorType::Q5_1,
    TensorType::Q8_0,
    TensorType::Q4_K,
    TensorType::Q5_K,
    TensorType::Q6_K,
];
const ROWS: usize = 576;
/// A whole number of blocks of every type.
const COLS: usize = 1536;
/// Positions that attention sees.
const POSITIONS: usize = 128;

fn kernels(criterion: &mut Criterion) {
    for set in instruction_sets() {
        let mut group = criterion.benchmark_group(set);
        group.sample_size(20).warm_up_time(Duration::from_millis(200));
        group.measurement_time(Duration::from_millis(500));
        for dtype in TYPES {
            for tokens in [1, 64] {
                let Some(mut product) = Product::new(set, dtype, ROWS, COLS, tokens) else { continue };
                group.throughput(Throughput::Elements((ROWS * COLS * tokens) as u64));
                group.bench_function(format!("{dtype:?}/{tokens}"), |bencher| {
                    bencher.iter(|| product.run().len());
                });
            }
        }
        let Some(mut rest) = Rest::new(set, POSITIONS, COLS) else { continue };
        group.throughput(Throughput::Elements(1));
        group.bench_function("attention", |bencher| bencher.iter(|| rest.attend().len()));
        group.bench_function("RMSNorm", |bencher| bencher.iter(|| rest.rms_norm().len()));
        group.bench_function("SwiGLU", |bencher| bencher.iter(|| rest.swiglu().len()));
    }
}

criterion_group!(benches, kernels);
criterion_main!(benches);
