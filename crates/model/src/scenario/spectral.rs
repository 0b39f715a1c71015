//! Whether fire can feed itself without end: the spectral radius of a branching matrix.

/// Spectral radius of a square matrix without negative entries, given row by row; 0 for an empty one.
///
/// This is power iteration on all columns at once: the matrix is squared again and again, and the `2^k`-th root of the
/// norm of its `2^k`-th power tends to the radius (Gelfand). Unlike iteration on one vector it needs no dominant eigenvalue
/// to be simple or alone on its circle: chains, cycles and separate blocks of streams converge as fast. Negative entries
/// count as zero. The result is infinite only if an entry is, or a row sums to infinity.
#[must_use]
pub fn spectral_radius(matrix: &[f64], n: usize) -> f64 {
    const SQUARINGS: u32 = 48;
    // Before the n²-th power a chain of streams may hold the norm up though it dies out in the end.
    let settled = 2 * (usize::BITS - n.leading_zeros()) + 2;
    let mut power: Vec<f64> = matrix.iter().take(n * n).map(|entry| entry.max(0.0)).collect();
    power.resize(n * n, 0.0);
    // ln ‖Aᵏ‖ is `log_norm`, where k = 2^round; `power` holds Aᵏ / ‖Aᵏ‖.
    let (mut log_norm, mut radius) = (0.0, f64::INFINITY);
    let mut k = 1.0;
    for round in 0..SQUARINGS {
        let norm = power.chunks(n.max(1)).map(|row| row.iter().sum::<f64>()).fold(0.0, f64::max);
        if norm <= 0.0 {
            return 0.0;
        }
        if !norm.is_finite() {
            return f64::INFINITY;
        }
        log_norm += libm::log(norm);
        for entry in &mut power {
            *entry /= norm;
        }
        let next = libm::exp(log_norm / k);
        if round >= settled && (next - radius).abs() <= 1e-13 * next {
            return next;
        }
        radius = next;
        power = squared(&power, n);
        log_norm *= 2.0;
        k *= 2.0;
    }
    radius
}

fn squared(matrix: &[f64], n: usize) -> Vec<f64> {
    let mut product = vec![0.0; n * n];
    for (row, out) in matrix.chunks(n).zip(product.chunks_mut(n)) {
        for (entry, other) in row.iter().zip(matrix.chunks(n)).filter(|(entry, _)| **entry > 0.0) {
            for (sum, term) in out.iter_mut().zip(other) {
                *sum += entry * term;
            }
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(matrix: &[f64], n: usize, expected: f64) {
        let radius = spectral_radius(matrix, n);
        assert!((radius - expected).abs() < 1e-9, "{radius} instead of {expected}");
    }

    #[test]
    fn radius_of_matrices_known_by_hand() {
        near(&[], 0, 0.0);
        near(&[0.7], 1, 0.7);
        near(&[0.4, 0.5, 0.25, 0.35], 2, 0.375 + libm::sqrt(0.025 * 0.025 + 0.125));
        // A cycle: two eigenvalues on the same circle.
        near(&[0.0, 2.0, 0.5, 0.0], 2, 1.0);
        // A chain feeds nothing back.
        near(&[0.0, 5.0, 5.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0], 3, 0.0);
        let mut chain = vec![0.0; 81];
        for i in 0..8 {
            chain[i * 9 + i + 1] = 1.0;
        }
        near(&chain, 9, 0.0);
        // A chain of two streams with the same memory: a defective eigenvalue.
        near(&[0.3, 4.0, 0.0, 0.3], 2, 0.3);
        // Separate blocks.
        near(&[0.9, 0.0, 0.0, 0.1], 2, 0.9);
        // Negative entries deter and feed nothing.
        near(&[0.5, -9.0, -9.0, 0.2], 2, 0.5);
    }

    #[test]
    fn no_input_panics() {
        assert!(!spectral_radius(&[f64::INFINITY, 1.0, 1.0, 1.0], 2).is_finite());
        assert_eq!(spectral_radius(&[1.0], 2).to_bits(), 1.0_f64.to_bits());
        assert!(spectral_radius(&[1e300; 4], 2) > 1e300);
        assert!(spectral_radius(&[1e-300; 4], 2) < 1e-299);
    }
}
