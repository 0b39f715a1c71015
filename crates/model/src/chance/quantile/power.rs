//! `x^y` for the zero class of the negative binomial, the one transcendental function on the model's hottest path.
//!
//! `libm` needs about 19 ns for `exp` and `log1p`, most of what a small count costs. Tables of 128 entries and short
//! polynomials (the method of ARM's optimized routines, here without their second half of the logarithm's digits) need a
//! third of it. The compiler makes the tables from series, so no constant is copied; the tests compare with `libm`.

use core::f64::consts::{LN_2, LOG2_E};

/// Table entries: 7 bits of the mantissa.
const CELLS: usize = 128;

/// `(c, −log₂ c)` with `c` the reciprocal of the middle of each 128th of \[1, 2), rounded.
const RECIPROCALS: [(f64, f64); CELLS] = {
    let mut table = [(0.0, 0.0); CELLS];
    let mut i = 0;
    while i < CELLS {
        let c = 1.0 / (1.0 + (i as f64 + 0.5) / CELLS as f64);
        table[i] = (c, -ln_series(c) * LOG2_E);
        i += 1;
    }
    table
};

/// `2^(i/128)`.
const ROOTS: [f64; CELLS] = {
    let mut table = [0.0; CELLS];
    let mut i = 0;
    while i < CELLS {
        table[i] = exp_series(i as f64 / CELLS as f64 * LN_2);
        i += 1;
    }
    table
};

/// ln x for x in \[½, 1\] by the series of the inverse hyperbolic tangent.
const fn ln_series(x: f64) -> f64 {
    let s = (x - 1.0) / (x + 1.0);
    let mut sum = 0.0;
    let mut k = 60;
    while k > 0 {
        k -= 1;
        sum = sum * s * s + 1.0 / (2 * k + 1) as f64;
    }
    2.0 * s * sum
}

/// e^x for x in \[0, 1\] by Taylor's series.
const fn exp_series(x: f64) -> f64 {
    let mut sum = 1.0;
    let mut k = 30;
    while k > 0 {
        sum = 1.0 + sum * x / k as f64;
        k -= 1;
    }
    sum
}

/// log₂ x for finite x ≥ 1; absolute error below 4e-16 plus one rounding of the result.
#[inline(always)]
fn log2(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i32 - 1023;
    let (c, minus_log_c) = RECIPROCALS[(bits >> 45 & (CELLS as u64 - 1)) as usize];
    let r = f64::from_bits(bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000) * c - 1.0;
    let r2 = r * r;
    let tail =
        (-0.5 * LOG2_E + r * (LOG2_E / 3.0)) + r2 * ((-0.25 * LOG2_E + r * (LOG2_E / 5.0)) - r2 * (LOG2_E / 6.0));
    f64::from(exponent) + (minus_log_c + (r * LOG2_E + r2 * tail))
}

/// 2^y for 0 ≤ y ≤ 1000; relative error below 2e-15.
#[inline(always)]
fn exp2(y: f64) -> f64 {
    // Adding a number this large rounds y to the nearest 128th and leaves the count of 128ths in the lowest bits.
    const ROUNDER: f64 = 6_755_399_441_055_744.0 / CELLS as f64;
    let shifted = y + ROUNDER;
    let steps = shifted.to_bits();
    let r = (y - (shifted - ROUNDER)) * LN_2;
    let r2 = r * r;
    let tail = r + r2 * ((0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0));
    let root = ROOTS[(steps & (CELLS as u64 - 1)) as usize];
    let scale = f64::from_bits((1023 + (steps >> 7 & 0x3FF)) << 52);
    (root + root * tail) * scale
}

/// `x^y` for x ≥ 1 and 0 ≤ `y · log₂ x` ≤ 1000; relative error below 2e-15 + 4e-16 · y + 2e-16 · `y · log₂ x`.
#[inline(always)]
pub(super) fn power(x: f64, y: f64) -> f64 {
    exp2(y * log2(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_agree_with_libm() {
        for i in 0..200_000 {
            let x = 1.0 + 1e-9 * libm::exp(f64::from(i) * 31.0 / 200_000.0);
            assert!((log2(x) - libm::log2(x)).abs() < 4e-16 + 3e-16 * libm::log2(x), "log2 {x}");
            let y = f64::from(i) * 1000.0 / 200_000.0;
            assert!((exp2(y) / libm::exp2(y) - 1.0).abs() < 2e-15, "exp2 {y}");
            let y = f64::from(i % 997) * 0.1;
            let octaves = y * libm::log2(x);
            if octaves < 1000.0 {
                let error = (power(x, y) / libm::pow(x, y) - 1.0).abs();
                assert!(error < 2e-15 + 4e-16 * y + 2e-16 * octaves, "{x}^{y}: {error}");
            }
        }
    }

    #[test]
    fn one_to_any_power_is_one() {
        for y in [0.05, 1.0, 80.0] {
            assert!((power(1.0, y) - 1.0).abs() < 1e-14);
        }
    }
}
