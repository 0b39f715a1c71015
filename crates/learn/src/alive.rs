//! Which of a model's numbers move anything that is counted: a screening by futures drawn from the prior.
//!
//! A filter's particles descend from few, so that numbers which nothing speaks about come to stand wherever those few happened to
//! have them. What moves no count is told apart here before anything is observed, and drifts back to its prior quickly.

use crate::filter::on_grid;
use crate::link::Bound;
use crate::observed::SERIES;
use detente_model::chance::Key;
use detente_model::sim::course::Course;
use detente_model::sim::rules::{FreeNumbers, Point, Rules};
use detente_model::sim::world::Fate;
use std::sync::Arc;

/// Futures of a screening.
pub const FUTURES: usize = 500;
/// Days of each.
pub const DAYS: i32 = 182;
/// Days over which what is counted is summed.
const SPAN: i32 = 91;
/// Correlation from which a number is alive, in standard errors under none: of ten thousand that are not, fewer than one is taken
/// for one.
const ERRORS: f64 = 4.0;

/// By number of the model, whether it moves what is counted of any series: the largest correlation of its normal score with the
/// logarithm of what a quarter's signals sum to, in futures of their own. It is the scenario's: no seed and nothing observed shows.
#[must_use]
pub fn alive(rules: &Rules, free: &FreeNumbers) -> Vec<bool> {
    let mut nuisances = Vec::new();
    let bounds: Vec<Bound> = SERIES.iter().filter_map(|of| Bound::new(of, rules, &mut nuisances)).collect();
    let medians: Vec<f64> = nuisances.iter().map(|number| number.at(0.0)).collect();
    let medians: Vec<_> = bounds.iter().map(|bound| bound.nuisances(&medians)).collect();
    let mut course: Course = Course::new(rules, Fate { seed: 0, future: 0, prior: false }, Vec::new());
    let spans = (DAYS / SPAN) as usize;
    let (mut scores, mut sums) = (Vec::with_capacity(FUTURES), vec![Vec::with_capacity(FUTURES); bounds.len() * spans]);
    for future in 0..FUTURES as u64 {
        let draws = Key::new(0, future).of("screening").timeless();
        let z: Vec<f32> = (0..free.0.len()).map(|k| on_grid(draws.normal(k as u32))).collect();
        let values = free.0.iter().zip(&z).map(|(number, z)| number.at(crate::density::normal_share(f64::from(*z))));
        course.begin_at(0, future, &Point::Given(Arc::new(free.all(values))), Vec::new());
        let mut sum = vec![0.0; bounds.len() * spans];
        while course.day() < DAYS {
            let span = (course.day() / SPAN) as usize;
            course.step();
            for (i, (bound, medians)) in bounds.iter().zip(&medians).enumerate() {
                sum[spans * i + span] += bound.signal(&course, medians);
            }
        }
        for (column, sum) in sums.iter_mut().zip(sum) {
            column.push(libm::log1p(sum));
        }
        scores.push(z);
    }
    let least = ERRORS / libm::sqrt(FUTURES as f64);
    let summaries: Vec<Vec<f64>> = sums.into_iter().filter_map(standardised).collect();
    (0..free.0.len())
        .map(|k| {
            let Some(number) = standardised(scores.iter().map(|z| f64::from(z[k])).collect()) else { return false };
            let with = |summary: &Vec<f64>| number.iter().zip(summary).map(|(a, b)| a * b).sum::<f64>().abs();
            summaries.iter().map(with).fold(0.0, f64::max) > least
        })
        .collect()
}

/// Values less their mean, of length 1; `None` where they are all the same.
fn standardised(mut values: Vec<f64>) -> Option<Vec<f64>> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|x| *x -= mean);
    let length = libm::sqrt(values.iter().map(|x| x * x).sum());
    if length < 1e-9 {
        return None;
    }
    values.iter_mut().for_each(|x| *x /= length);
    Some(values)
}
