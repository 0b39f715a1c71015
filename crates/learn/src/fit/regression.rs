//! Weighted regression near a point: of many scores on the same figures.

/// Share of the futures that count, the nearest.
const NEAREST: f64 = 0.25;
/// At the least so many for each figure.
const FOR_EACH: usize = 10;

/// Futures: figures of each, and scores of its numbers.
#[derive(Default)]
pub(super) struct Cloud {
    figures: Vec<Vec<f64>>,
    scores: Vec<Vec<f32>>,
}

/// What is left of every score at a point.
pub(super) struct Law {
    /// Mean.
    pub mean: Vec<f64>,
    /// Variance.
    pub variance: Vec<f64>,
    /// Standard error of a variance, as a share of it.
    pub error: f64,
    /// Futures that count, by their weights.
    pub near: f64,
    /// Figures that differ between futures.
    pub figures: usize,
}

impl Cloud {
    /// Adds a future.
    pub(super) fn push(&mut self, figures: Vec<f64>, scores: Vec<f32>) {
        self.figures.push(figures);
        self.scores.push(scores);
    }

    /// Figures of a future.
    pub(super) fn figures(&self, future: usize) -> &[f64] {
        &self.figures[future]
    }

    /// Score of a number in a future.
    pub(super) fn score(&self, future: usize, number: usize) -> f64 {
        f64::from(self.scores[future][number])
    }

    fn column(&self, k: usize) -> Vec<f64> {
        let mut column: Vec<f64> = self.figures.iter().map(|row| row[k]).collect();
        column.sort_by(f64::total_cmp);
        column
    }

    /// Figures of a point outside what 99 % of the futures have.
    pub(super) fn outside(&self, at: &[f64]) -> Vec<usize> {
        let far = |k: &usize| {
            let column = self.column(*k);
            let cut = column.len() / 200;
            let (Some(low), Some(high)) = (column.get(cut), column.get(column.len().saturating_sub(1 + cut))) else {
                return false;
            };
            at[*k] < *low || at[*k] > *high
        };
        (0..at.len()).filter(far).collect()
    }

    /// The median distance of a figure from its median, by figure: what distances are measured in.
    pub(super) fn widths(&self) -> Vec<f64> {
        let of = |k| {
            let column = self.column(k);
            let median = column[column.len() / 2];
            let mut off: Vec<f64> = column.iter().map(|x| (x - median).abs()).collect();
            off.sort_by(f64::total_cmp);
            let mad = off[off.len() / 2];
            // More than half of the futures may have the same.
            if mad > 0.0 { mad } else { off.iter().sum::<f64>() / off.len() as f64 }
        };
        (0..self.figures.first().map_or(0, Vec::len)).map(of).collect()
    }

    /// The law of every score at a point, one future left out if that is asked.
    pub(super) fn at(&self, at: &[f64], without: Option<usize>) -> Law {
        self.with(&self.widths(), at, without)
    }

    /// The same with widths that are known.
    pub(super) fn with(&self, widths: &[f64], at: &[f64], without: Option<usize>) -> Law {
        let used: Vec<usize> = (0..at.len()).filter(|&k| widths[k] > 0.0).collect();
        let numbers = self.scores.first().map_or(0, Vec::len);
        let distance =
            |row: &[f64]| used.iter().map(|&k| (row[k] - at[k]) / widths[k]).map(|off| off * off).sum::<f64>();
        let mut near: Vec<(f64, usize)> = self.figures.iter().enumerate().map(|(i, row)| (distance(row), i)).collect();
        near.retain(|(_, i)| Some(*i) != without);
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let count = ((NEAREST * near.len() as f64) as usize).max(FOR_EACH * (used.len() + 1)).min(near.len());
        let reach = near.get(count).or(near.last()).map_or(1.0, |(d, _)| *d).max(f64::MIN_POSITIVE);
        near.truncate(count);
        let p = used.len() + 1;
        let (mut square, mut with, mut own) = (vec![0.0; p * p], vec![0.0; p * numbers], vec![0.0; numbers]);
        let (mut sum, mut squares) = (0.0, 0.0);
        let mut row = vec![0.0; p];
        for (d, i) in near {
            // Epanechnikov's weight.
            let w = (1.0 - d / reach).max(0.0);
            if w <= 0.0 {
                continue;
            }
            (sum, squares) = (sum + w, squares + w * w);
            row[0] = 1.0;
            for (x, &k) in row[1..].iter_mut().zip(&used) {
                *x = (self.figures[i][k] - at[k]) / widths[k];
            }
            let scores = &self.scores[i];
            for (a, x) in row.iter().enumerate() {
                for (b, y) in row.iter().enumerate().take(a + 1) {
                    square[a * p + b] += w * x * y;
                }
                let wx = w * x;
                for (cell, z) in with[a * numbers..(a + 1) * numbers].iter_mut().zip(scores) {
                    *cell += wx * f64::from(*z);
                }
            }
            for (cell, z) in own.iter_mut().zip(scores) {
                *cell += w * f64::from(*z) * f64::from(*z);
            }
        }
        let near = if squares > 0.0 { sum * sum / squares } else { 0.0 };
        let free = near - p as f64;
        if free < 1.0 {
            let nothing =
                Law { mean: vec![0.0; numbers], variance: vec![1.0; numbers], error: 1.0, near, figures: p - 1 };
            return nothing;
        }
        // A trace of a ridge, so that figures that say the same do no harm.
        let trace: f64 = (0..p).map(|a| square[a * p + a]).sum::<f64>() / p as f64;
        (1..p).for_each(|a| square[a * p + a] += 1e-6 * trace);
        factor(&mut square, p);
        let half = forward(&square, p, with, numbers);
        let beta = half_back(&square, p, &half, numbers);
        let variance = |k: usize| {
            let explained: f64 = (0..p).map(|a| half[a * numbers + k] * half[a * numbers + k]).sum();
            ((own[k] - explained) / sum * near / free).max(1e-6)
        };
        let error = (2.0 / free).sqrt();
        Law { mean: beta, variance: (0..numbers).map(variance).collect(), error, near, figures: p - 1 }
    }
}

/// Cholesky's factor of a positive matrix, in its lower half.
fn factor(m: &mut [f64], p: usize) {
    for a in 0..p {
        for b in 0..=a {
            let done: f64 = (0..b).map(|k| m[a * p + k] * m[b * p + k]).sum();
            let left = m[a * p + b] - done;
            m[a * p + b] = if a == b { libm::sqrt(left.max(f64::MIN_POSITIVE)) } else { left / m[b * p + b] };
        }
    }
}

/// Solves L y = x for every column.
fn forward(l: &[f64], p: usize, mut x: Vec<f64>, columns: usize) -> Vec<f64> {
    for a in 0..p {
        for b in 0..a {
            let (done, rest) = x.split_at_mut(a * columns);
            for (cell, y) in rest[..columns].iter_mut().zip(&done[b * columns..(b + 1) * columns]) {
                *cell -= l[a * p + b] * y;
            }
        }
        x[a * columns..(a + 1) * columns].iter_mut().for_each(|cell| *cell /= l[a * p + a]);
    }
    x
}

/// The first row of the solution of Lᵀ β = y: the constants.
fn half_back(l: &[f64], p: usize, y: &[f64], columns: usize) -> Vec<f64> {
    let mut x = y.to_vec();
    for a in (0..p).rev() {
        for b in a + 1..p {
            let (left, right) = x.split_at_mut(b * columns);
            for (cell, beta) in left[a * columns..(a + 1) * columns].iter_mut().zip(&right[..columns]) {
                *cell -= l[b * p + a] * beta;
            }
        }
        x[a * columns..(a + 1) * columns].iter_mut().for_each(|cell| *cell /= l[a * p + a]);
    }
    x.truncate(columns);
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::chance::Key;

    /// A score of which a figure is a noisy view has the conjugate posterior; one that has nothing to do with it stays as it was.
    #[test]
    fn a_score_seen_through_noise_has_the_posterior_of_the_conjugate_pair() {
        let mut cloud = Cloud::default();
        for future in 0..8_000 {
            let draws = Key::new(1, future).of("test").timeless();
            let [z, other, noise, flat] = [0, 1, 2, 3].map(|k| draws.normal(k));
            cloud.push(vec![2.0 * (z + noise), 7.0, flat], vec![z as f32, other as f32]);
        }
        let law = cloud.at(&[1.6, 7.0, 0.0], None);
        // Seen 0.8 with as much noise as there is prior: mean 0.4, variance 1/2.
        assert!((law.mean[0] - 0.4).abs() < 0.05 && (law.variance[0] - 0.5).abs() < 0.05, "{:?}", law.mean);
        assert!(law.mean[1].abs() < 0.08 && (law.variance[1] - 1.0).abs() < 4.0 * law.error, "{:?}", law.variance);
        assert_eq!(law.figures, 2, "what all futures have alike says nothing");
        assert_eq!(cloud.outside(&[30.0, 7.0, 0.0]), [0]);
    }

    #[test]
    fn too_few_futures_say_nothing() {
        let mut cloud = Cloud::default();
        (0..3).for_each(|i| cloud.push(vec![f64::from(i), f64::from(i * i)], vec![0.5]));
        let law = cloud.at(&[1.0, 1.0], None);
        assert_eq!((law.mean[0], law.variance[0]), (0.0, 1.0));
    }
}
