//! Minimising without derivatives (Nelder and Mead 1965), with the coefficients that adapt to the dimension
//! (Gao and Han 2012). Only sums, products and comparisons, so the same on every platform.

/// Where a search ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimum {
    /// Place of the lowest value found.
    pub at: Vec<f64>,
    /// That value.
    pub value: f64,
    /// Whether the values of the last simplex agreed to the tolerance before the evaluations ran out.
    pub converged: bool,
}

/// Searches for a minimum of `of` from `start`, with first steps of `step` along each axis, until the values of the simplex
/// agree to `tolerance`, or after `most` evaluations. A value that is not a number counts as infinite.
#[must_use]
pub fn nelder_mead(of: impl Fn(&[f64]) -> f64, start: &[f64], step: f64, tolerance: f64, most: usize) -> Minimum {
    let n = start.len();
    let dimension = n.max(2) as f64;
    let (expand, contract, shrink) = (1.0 + 2.0 / dimension, 0.75 - 0.5 / dimension, 1.0 - 1.0 / dimension);
    let value_of = |at: &[f64]| {
        let value = of(at);
        if value.is_nan() { f64::INFINITY } else { value }
    };
    let mut evaluations = 0;
    let mut vertex = |at: Vec<f64>| {
        evaluations += 1;
        let value = value_of(&at);
        ((at, value), evaluations)
    };
    let mut used = 0;
    let mut simplex: Vec<(Vec<f64>, f64)> = (0..=n)
        .map(|i| {
            let mut at = start.to_vec();
            if let Some(x) = i.checked_sub(1).and_then(|axis| at.get_mut(axis)) {
                *x += step;
            }
            let (new, count) = vertex(at);
            used = count;
            new
        })
        .collect();
    let mut converged = false;
    while used < most {
        // Stable, so that equal values keep their order.
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (lowest, highest, second) = (simplex[0].1, simplex[n].1, simplex[n.saturating_sub(1)].1);
        if highest - lowest <= tolerance {
            converged = true;
            break;
        }
        let centre: Vec<f64> =
            (0..n).map(|axis| simplex[..n].iter().map(|(at, _)| at[axis]).sum::<f64>() / n as f64).collect();
        let away =
            |by: f64| centre.iter().zip(&simplex[n].0).map(|(c, worst)| c + by * (c - worst)).collect::<Vec<_>>();
        let mut tried = |by: f64| {
            let (new, count) = vertex(away(by));
            used = count;
            new
        };
        let reflected = tried(1.0);
        let taken = if reflected.1 < lowest {
            let further = tried(expand);
            Some(if further.1 < reflected.1 { further } else { reflected })
        } else if reflected.1 < second {
            Some(reflected)
        } else if reflected.1 < highest {
            let outside = tried(contract);
            (outside.1 <= reflected.1).then_some(outside)
        } else {
            let inside = tried(-contract);
            (inside.1 < highest).then_some(inside)
        };
        match taken {
            Some(new) => simplex[n] = new,
            None => {
                let best = simplex[0].0.clone();
                for (at, value) in &mut simplex[1..] {
                    for (x, best) in at.iter_mut().zip(&best) {
                        *x = best + shrink * (*x - best);
                    }
                    let (new, count) = vertex(at.clone());
                    used = count;
                    *value = new.1;
                }
            }
        }
    }
    simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (at, value) = simplex.swap_remove(0);
    Minimum { at, value, converged }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_bottom_of_a_curved_valley() {
        let rosenbrock = |x: &[f64]| 100.0 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1.0 - x[0]) * (1.0 - x[0]);
        let found = nelder_mead(rosenbrock, &[-1.2, 1.0], 0.5, 1e-14, 4000);
        assert!(found.converged && found.value < 1e-10, "{found:?}");
        assert!((found.at[0] - 1.0).abs() < 1e-4 && (found.at[1] - 1.0).abs() < 1e-4, "{found:?}");
    }

    #[test]
    fn it_finds_the_bottom_in_one_dimension_and_in_five() {
        let bowl =
            |x: &[f64]| x.iter().enumerate().map(|(i, x)| (1.0 + i as f64) * (x - i as f64) * (x - i as f64)).sum();
        for n in [1, 5] {
            let found = nelder_mead(bowl, &vec![3.0; n], 0.7, 1e-14, 5000);
            assert!(found.converged, "{found:?}");
            for (i, x) in found.at.iter().enumerate() {
                assert!((x - i as f64).abs() < 1e-5, "{found:?}");
            }
        }
    }

    #[test]
    fn it_stays_where_values_are_numbers_and_stops_when_told() {
        let half = |x: &[f64]| if x[0] > 0.0 { x[0] - libm::log(x[0]) } else { f64::NAN };
        let found = nelder_mead(half, &[0.2], -1.0, 1e-12, 500);
        assert!((found.at[0] - 1.0).abs() < 1e-4, "{found:?}");
        assert!(!nelder_mead(half, &[100.0], 0.1, 1e-12, 5).converged);
    }
}
