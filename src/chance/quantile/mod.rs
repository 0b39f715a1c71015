//! Quantile functions: one uniform in, one value out, monotone in the uniform and in the mean.
//!
//! Counts are never drawn by rejection: with the same uniform a larger mean can only give a larger or equal count, so
//! paired futures differ by what policy changed and not by the luck of a resampling.
//!
//! All transcendental functions come from `libm` or, in one hot place, from [`power`] here: basic operations only, so
//! that every platform gives the same bits.

mod binomial;
mod deaths;
mod negative_binomial;
mod normal;
mod power;

pub use binomial::binomial;
pub use deaths::DeathLaw;
pub use negative_binomial::{COUNT_LIMIT, NegativeBinomial, negative_binomial};
pub use normal::normal;

#[cfg(test)]
pub(crate) fn grid(cells: u32) -> impl Iterator<Item = f64> {
    (0..cells).map(move |i| (f64::from(i) + 0.5) / f64::from(cells))
}
