//! Limited-memory BFGS (Liu & Nocedal 1989) for smooth convex functions, with a backtracking line search.
//!
//! Same input, same output: no random numbers, one thread, a fixed order of sums.

use std::collections::VecDeque;

/// How long to search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) iterations: usize,
    /// Stop when an iteration improves the value by less than this share of it.
    pub(super) tolerance: f64,
}

/// Pairs of steps and gradient differences that stand for the curvature.
const MEMORY: usize = 6;
/// Armijo's condition: a step must gain at least this share of what the slope promises.
const SUFFICIENT: f64 = 1e-4;
const MAX_HALVINGS: usize = 20;

/// Moves `x` to the minimum of `function`, which fills in the gradient and returns the value; returns the last value.
pub(super) fn minimise(
    x: &mut [f32],
    limits: Limits,
    mut function: impl FnMut(&[f32], &mut [f32]) -> f64,
) -> f64 {
    let mut gradient = vec![0.0; x.len()];
    let mut value = function(x, &mut gradient);
    let mut pairs: VecDeque<Pair> = VecDeque::with_capacity(MEMORY);
    let (mut next, mut next_gradient) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    let mut direction = vec![0.0; x.len()];
    for _ in 0..limits.iterations {
        descend(&gradient, &pairs, &mut direction);
        let mut slope = dot(&gradient, &direction);
        if slope >= 0.0 {
            // The curvature was spoilt by rounding: start again from the gradient.
            pairs.clear();
            descend(&gradient, &pairs, &mut direction);
            slope = dot(&gradient, &direction);
        }
        if slope >= -f64::EPSILON {
            break;
        }
        let mut step = if pairs.is_empty() { 1.0 / slope.abs().sqrt() } else { 1.0 };
        let mut next_value = f64::INFINITY;
        for _ in 0..MAX_HALVINGS {
            for ((next, x), direction) in next.iter_mut().zip(x.iter()).zip(&direction) {
                *next = x + step as f32 * direction;
            }
            next_value = function(&next, &mut next_gradient);
            if next_value <= value + SUFFICIENT * step * slope {
                break;
            }
            step /= 2.0;
        }
        if next_value.is_nan() || next_value >= value {
            break;
        }
        let difference: Vec<f32> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let moved: Vec<f32> = next.iter().zip(x.iter()).map(|(a, b)| a - b).collect();
        let curvature = dot(&difference, &moved);
        if curvature > 1e-10 * dot(&difference, &difference) {
            if pairs.len() == MEMORY {
                pairs.pop_front();
            }
            pairs.push_back(Pair { moved, difference, curvature });
        }
        x.copy_from_slice(&next);
        std::mem::swap(&mut gradient, &mut next_gradient);
        let gain = value - next_value;
        value = next_value;
        if gain < limits.tolerance * value.abs() {
            break;
        }
    }
    value
}

struct Pair {
    moved: Vec<f32>,
    difference: Vec<f32>,
    curvature: f64,
}

/// The direction of descent: minus the gradient times the inverse of the curvature (two-loop recursion).
fn descend(gradient: &[f32], pairs: &VecDeque<Pair>, direction: &mut [f32]) {
    for (direction, gradient) in direction.iter_mut().zip(gradient) {
        *direction = -gradient;
    }
    let mut shares = [0.0; MEMORY];
    for (pair, share) in pairs.iter().zip(&mut shares).rev() {
        *share = dot(&pair.moved, direction) / pair.curvature;
        add_scaled(direction, -*share as f32, &pair.difference);
    }
    if let Some(last) = pairs.back() {
        let scale = (last.curvature / dot(&last.difference, &last.difference)) as f32;
        direction.iter_mut().for_each(|value| *value *= scale);
    }
    for (pair, share) in pairs.iter().zip(&shares) {
        let correction = share - dot(&pair.difference, direction) / pair.curvature;
        add_scaled(direction, correction as f32, &pair.moved);
    }
}

fn add_scaled(to: &mut [f32], scale: f32, from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += scale * from;
    }
}

/// Sums blocks in single and the blocks' sums in double precision.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f64 {
    const LANES: usize = 8;
    let mut total = 0.0;
    for (a, b) in a.chunks(256).zip(b.chunks(256)) {
        let mut sums = [0f32; LANES];
        let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
        for (a, b) in a.iter().zip(b) {
            for lane in 0..LANES {
                sums[lane] += a[lane] * b[lane];
            }
        }
        let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
        total += f64::from(sums.iter().sum::<f32>() + rest);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_minimum_of_a_stretched_bowl() {
        let mut x = vec![5.0, -3.0, 8.0];
        let limits = Limits { iterations: 100, tolerance: 1e-12 };
        let value = minimise(&mut x, limits, |x, gradient| {
            let scale = [1.0f32, 100.0, 0.01];
            let mut value = 0.0;
            for ((x, g), (s, at)) in x.iter().zip(gradient).zip(scale.iter().zip([1.0, 2.0, 3.0])) {
                value += 0.5 * f64::from(s * (x - at) * (x - at));
                *g = s * (x - at);
            }
            value
        });
        assert!(value < 1e-8, "{value}");
        for (x, wanted) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert!((x - wanted).abs() < 1e-2, "{x}, should be {wanted}");
        }
    }

    #[test]
    fn a_function_that_is_no_number_leaves_x_alone() {
        let mut x = vec![1.0];
        let limits = Limits { iterations: 10, tolerance: 1e-9 };
        assert!(minimise(&mut x, limits, |_, _| f64::NAN).is_nan());
        assert_eq!(x, [1.0]);
    }
}
