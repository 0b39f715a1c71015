//! `x^(−y)` for the zero class of the negative binomial, the one transcendental function on the model's hottest path.
//!
//! `libm` needs 15 to 20 ns for `exp` and `log1p`, most of what a small count costs. Tables of 128 entries and short
//! polynomials (the method of ARM's optimized routines) need a third of it. The tables are made by the compiler from
//! series, so no constant is copied from anywhere; the tests compare with `libm`.

/// Table entries: 7 bits of the mantissa.
const CELLS: usize = 128;

/// `(c, −ln c)` with `c` close to the reciprocal of the middle of each 128th of \[1, 2).
const RECIPROCALS: [(f64, f64); CELLS] = {
    let mut table = [(0.0, 0.0); CELLS];
    let mut i = 0;
    while i < CELLS {
        let c = 1.0 / (1.0 + (i as f64 + 0.5) / CELLS as f64);
        table[i] = (c, -ln_series(c));
        i += 1;
    }
    table
};

/// `2^(i/128)`.
const ROOTS: [f64; CELLS] = {
    let mut table = [0.0; CELLS];
    let mut i = 0;
    while i < CELLS {
        table[i] = exp_series(i as f64 / CELLS as f64 * core::f64::consts::LN_2);
        i += 1;
    }
    table
};

/// ln 2 / 128, the upper part with enough trailing zeros that its product with any step count here is exact.
const STEP_HIGH: f64 = f64::from_bits((core::f64::consts::LN_2 / CELLS as f64).to_bits() & !0xFFFF_FFFF);
/// The rest of it: the rounded rest, and the part of ln 2 beyond double precision (2.3190468138462996e-17).
const STEP_LOW: f64 = core::f64::consts::LN_2 / CELLS as f64 - STEP_HIGH + 2.319_046_813_846_299_6e-17 / CELLS as f64;

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

/// ln x for normal x ≥ 1; absolute error below 3e-16 plus one rounding of the result.
#[inline(always)]
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i32 - 1023;
    let (c, minus_ln_c) = RECIPROCALS[(bits >> 45) as usize & (CELLS - 1)];
    let r = f64::from_bits(bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000) * c - 1.0;
    let r2 = r * r;
    let tail = (-0.5 + r * (1.0 / 3.0)) + r2 * ((-0.25 + r * 0.2) - r2 * (1.0 / 6.0));
    f64::from(exponent) * core::f64::consts::LN_2 + (minus_ln_c + (r + r2 * tail))
}

/// e^(−y) for 0 ≤ y ≤ 700; relative error below 1e-15.
#[inline(always)]
fn exp_minus(y: f64) -> f64 {
    let steps = (y * (CELLS as f64 / core::f64::consts::LN_2) + 0.5) as i64;
    let r = (steps as f64 * STEP_HIGH - y) + steps as f64 * STEP_LOW;
    let r2 = r * r;
    let tail = r + r2 * ((0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0)));
    let root = ROOTS[(-steps) as usize & (CELLS - 1)];
    let scale = f64::from_bits(((1023 + (-steps >> 7)) as u64) << 52);
    (root + root * tail) * scale
}

/// `x^(−y)` for x ≥ 1 and `y · ln x` ≤ 700; relative error below 1e-15 · (1 + y).
#[inline(always)]
pub(super) fn power_minus(x: f64, y: f64) -> f64 {
    exp_minus(y * ln(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_agree_with_libm() {
        for i in 0..200_000 {
            let x = 1.0 + 1e-9 * libm::exp(f64::from(i) * 31.0 / 200_000.0);
            assert!((ln(x) - libm::log(x)).abs() < 3e-16 + 3e-16 * libm::log(x), "ln {x}");
            let y = f64::from(i) * 700.0 / 200_000.0;
            assert!((exp_minus(y) / libm::exp(-y) - 1.0).abs() < 1e-15, "exp -{y}");
        }
    }

    #[test]
    fn one_to_any_power_is_one() {
        for y in [0.05, 1.0, 80.0] {
            assert!((power_minus(1.0, y) - 1.0).abs() < 1e-14);
        }
    }
}
