//! Quantile functions: one uniform in, one value out, monotone in the uniform and in the mean.
//!
//! Counts are never drawn by rejection: with the same uniform a larger mean can only give a larger or equal count, so
//! paired futures differ by what policy changed and not by the luck of a resampling.
//!
//! All transcendental functions come from `libm` or, in one hot place, from `power` here: basic operations only, so
//! that every platform gives the same bits.

mod binomial;
mod deaths;
mod negative_binomial;
mod normal;
mod power;

pub use binomial::binomial;
pub use deaths::{DeathLaw, Toll};
pub use negative_binomial::{COUNT_LIMIT, NegativeBinomial, negative_binomial};
pub use normal::normal;

#[cfg(test)]
pub(crate) fn grid(cells: u32) -> impl Iterator<Item = f64> {
    (0..cells).map(move |i| (f64::from(i) + 0.5) / f64::from(cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that a build for another platform must meet to the last bit: histories are made of these. Beside the
    /// fingerprint of `chance`, which says only whether something differs, this says what.
    #[test]
    fn values_are_the_same_on_every_platform() {
        let normals = [1e-9, 0.001, 0.3, 0.5, 0.93, 0.999_999].map(|u| normal(u).to_bits());
        assert_eq!(normals, NORMALS);
        let inputs = [
            (0.97, 0.05, 0.3),
            (0.7, 0.5, 1.0),
            (0.1, 3.0, 8.0),
            (0.5, 30.0, 0.8),
            (0.9, 150.0, 6.0),
            (0.999, 700.0, 2.0),
        ];
        assert_eq!(inputs.map(|(u, mean, size)| NegativeBinomial::new(size).quantile(u, mean)), COUNTS);
        let law = DeathLaw::new(2.5, 500);
        assert_eq!([0.6, 0.8, 0.99, 0.9999, 0.999_999].map(|u| law.deaths(u, 0.3)), DEATHS);
        assert_eq!([0.01, 0.5, 0.99].map(|u| binomial(u, 200, 0.84)), HITS);
    }
    const NORMALS: [u64; 6] = [
        13_841_810_985_641_620_903,
        13_837_513_040_186_066_032,
        13_826_270_636_307_301_882,
        0,
        4_609_325_191_097_231_347,
        4_617_037_898_413_868_529,
    ];
    const COUNTS: [u32; 6] = [1, 1, 1, 19, 233, 3235];
    const DEATHS: [u32; 5] = [0, 1, 6, 120, 477];
    const HITS: [u32; 3] = [155, 168, 180];
}
