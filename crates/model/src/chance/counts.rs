//! ln(1 + n) of whole numbers: the model takes it of the day's dead, which are few on most days.

use std::sync::LazyLock;

const CELLS: usize = 1_024;

static TABLE: LazyLock<[f64; CELLS]> = LazyLock::new(|| std::array::from_fn(|n| libm::log1p(n as f64)));

/// ln(1 + n), the same bits as `libm::log1p` gives.
#[inline]
#[must_use]
pub fn ln_1p(n: u32) -> f64 {
    match TABLE.get(n as usize) {
        Some(&value) => value,
        None => libm::log1p(f64::from(n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_bits_of_the_function() {
        for n in (0..3_000).chain([1 << 20, u32::MAX]) {
            assert_eq!(ln_1p(n).to_bits(), libm::log1p(f64::from(n)).to_bits(), "{n}");
        }
    }
}
