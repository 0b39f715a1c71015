//! What moving levers does under assumptions that are contested: one cell for each lever, camp and measure.
//!
//! In every cell the same futures run twice, with the lever moved and without, at the numbers of the camp. A conclusion is the
//! sign of a difference. It is **robust** if every camp must accept it, and it **flips** with a question if the sides of that
//! question come to opposite signs, all else being the same.
//!
//! **Level.** A conclusion stands in the list because every one of `k` intervals left out zero on the same side: that is a
//! selection, and what just made it would often not make it again. The intervals are therefore as wide as the following asks.
//! Of a difference seen at `z` standard errors, the same futures under other seeds would show the same sign with a chance of
//! `Φ(z / √2)`, for both are uncertain, if nothing is known of the difference beforehand (every size of it alike). With
//! `z = √2 Φ⁻¹(1 − .05/k)` the chance that any of the `k` camps then shows the other sign is at most 5 %, however they depend on
//! one another (Bonferroni): a conclusion that is called robust holds again, in every camp, in 95 % of uses at the least. With
//! eight camps that is an interval of 99.96 %. Conclusions are not counted
//! against each other: the promise is for each of them. Counts have few and large differences, for which a normal law promises
//! too much: see [`Table::difference`]. Fewer than [`FEW`] pairs say little of a count at all.

use super::effect::{Difference, Paired};
use super::ensemble::{Plan, Progress, Worker, run_all};
use super::interval::{normal_beyond, student_beyond};
use super::rank::Metric;
use detente_model::camps::{Camp, Question};
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::LeverChange;

/// Share of uses in which a conclusion that is called robust may fail to show again.
const AGAIN: f64 = 0.05;

/// Pairs below which a conclusion about counts should not be leant on: what few futures go quite another way may be missing.
pub const FEW: u64 = 100;

/// Chance beyond either end of the intervals of a conclusion about so many camps.
#[must_use]
pub fn tail(camps: usize) -> f64 {
    let z = libm::sqrt(2.0) * normal_beyond(AGAIN / camps.max(1) as f64);
    libm::erfc(z / libm::sqrt(2.0)) / 2.0
}

/// Differences of every camp, lever and measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    camps: usize,
    levers: usize,
    metrics: Vec<Metric>,
    sums: Vec<Paired>,
}

/// A conclusion: what a lever does to a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// Position of the lever.
    pub lever: usize,
    /// Position of the measure.
    pub measure: usize,
    /// Whether the measure rises.
    pub rises: bool,
}

/// A conclusion that the two sides of a question come to with opposite signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Position of the lever.
    pub lever: usize,
    /// Position of the measure.
    pub measure: usize,
    /// The question.
    pub question: Question,
    /// The camp in which it rises, by position.
    pub rises: usize,
    /// The camp in which it falls.
    pub falls: usize,
}

/// A conclusion that some camps see with one sign and some with the other, while no question flips it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mixed {
    /// Position of the lever.
    pub lever: usize,
    /// Position of the measure.
    pub measure: usize,
    /// Camps in which it rises, by position.
    pub rises: Vec<usize>,
    /// Camps in which it falls.
    pub falls: Vec<usize>,
}

/// A conclusion that some camps come to and none denies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Position of the lever.
    pub lever: usize,
    /// Position of the measure.
    pub measure: usize,
    /// Whether it rises.
    pub rises: bool,
    /// Camps in which it shows, by position.
    pub camps: Vec<usize>,
    /// Questions of which one side sees it and the other cannot tell.
    pub questions: Vec<Question>,
}

/// What is concluded from a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What every camp must accept.
    pub robust: Vec<Conclusion>,
    /// What turns on an assumption.
    pub flips: Vec<Flip>,
    /// What camps of different questions see differently.
    pub mixed: Vec<Mixed>,
    /// What some camps see and none denies.
    pub open: Vec<Open>,
}

impl Table {
    /// The pairs of a cell.
    #[must_use]
    pub fn cell(&self, lever: usize, camp: usize, measure: usize) -> &Paired {
        &self.sums[(camp * self.levers + lever) * self.metrics.len() + measure]
    }

    /// The difference in a cell, with an interval at the level of conclusions.
    ///
    /// Of a difference of counts the spread is that of the camp in which it is largest: a few futures that go another way make
    /// most of it, and a camp that happens to have none of them says nothing of how far its futures could differ.
    #[must_use]
    pub fn difference(&self, lever: usize, camp: usize, measure: usize) -> Difference {
        let (paired, tail) = (self.cell(lever, camp, measure), tail(self.camps));
        if self.metrics[measure].is_share() {
            return paired.difference_of_shares_beyond(tail);
        }
        // Of few pairs the spread is itself uncertain, the more so the farther out one asks: Student's t and not the normal law.
        let errors = student_beyond(tail, paired.n);
        if paired.differ == 0 {
            return paired.difference_within(errors);
        }
        let all = (0..self.camps).map(|camp| self.cell(lever, camp, measure));
        let widest = all.max_by_key(|cell| cell.squares).unwrap_or(paired);
        Paired { squares: widest.squares, differ: widest.differ, ..*paired }.difference_within(errors)
    }

    /// Whether a measure rises or falls in a cell; `None` where its interval spans zero.
    #[must_use]
    pub fn rises(&self, lever: usize, camp: usize, measure: usize) -> Option<bool> {
        let Difference { low, high, .. } = self.difference(lever, camp, measure);
        if low > 0.0 { Some(true) } else { (high < 0.0).then_some(false) }
    }

    /// Conclusions that every camp must accept.
    #[must_use]
    pub fn robust(&self) -> Vec<Conclusion> {
        let mut robust = Vec::new();
        for (lever, measure) in self.conclusions() {
            let first = self.rises(lever, 0, measure);
            let all = (1..self.camps).all(|camp| self.rises(lever, camp, measure) == first);
            robust.extend(first.filter(|_| all).map(|rises| Conclusion { lever, measure, rises }));
        }
        robust
    }

    /// Conclusions with opposite signs in two of these camps: the two sides of a question.
    #[must_use]
    pub fn flips(&self, a: usize, b: usize) -> Vec<(usize, usize)> {
        let signs = |&(lever, measure): &(usize, usize)| {
            let (a, b) = (self.rises(lever, a, measure), self.rises(lever, b, measure));
            a.zip(b).is_some_and(|(a, b)| a != b)
        };
        self.conclusions().filter(signs).collect()
    }

    /// Conclusions that some camps see with one sign and some with the other, but no two sides of one question: camps of different
    /// questions disagree. `question` says of a camp what it is a side of.
    #[must_use]
    pub fn mixed<Q: PartialEq>(&self, question: impl Fn(usize) -> Q) -> Vec<(usize, usize)> {
        let seen = |&(lever, measure): &(usize, usize)| {
            let of = |sign| (0..self.camps).filter(move |&camp| self.rises(lever, camp, measure) == Some(sign));
            let flips = of(true).any(|up| of(false).any(|down| question(up) == question(down)));
            of(true).next().is_some() && of(false).next().is_some() && !flips
        };
        self.conclusions().filter(seen).collect()
    }

    /// All that is concluded from it; `camps` are those of its columns.
    #[must_use]
    pub fn verdict(&self, camps: &[Camp]) -> Verdict {
        let mut flips = Vec::new();
        for question in Question::ALL {
            let sides: Vec<usize> = (0..camps.len()).filter(|&c| camps[c].question == Some(question)).collect();
            for (k, &a) in sides.iter().enumerate() {
                for &b in &sides[k + 1..] {
                    for (lever, measure) in self.flips(a, b) {
                        let (rises, falls) = if self.rises(lever, a, measure) == Some(true) { (a, b) } else { (b, a) };
                        flips.push(Flip { lever, measure, question, rises, falls });
                    }
                }
            }
        }
        let mut open = Vec::new();
        for (lever, measure) in self.conclusions() {
            let signs: Vec<Option<bool>> = (0..camps.len()).map(|c| self.rises(lever, c, measure)).collect();
            let Some(rises) = signs.iter().flatten().next().copied() else { continue };
            let denied = signs.contains(&Some(!rises));
            if denied || signs.iter().all(Option::is_some) {
                continue;
            }
            let sees = |c: usize| signs[c].is_some();
            let split = |question: &Question| {
                let mut sides = (0..camps.len()).filter(|&c| camps[c].question == Some(*question)).map(sees);
                let first = sides.next();
                sides.any(|side| Some(side) != first)
            };
            let questions = Question::ALL.into_iter().filter(split).collect();
            open.push(Open {
                lever,
                measure,
                rises,
                camps: (0..camps.len()).filter(|&c| sees(c)).collect(),
                questions,
            });
        }
        // A camp of somebody's own is no side of a question but its own.
        let mixed = self.mixed(|c| camps[c].question.ok_or(c)).into_iter().map(|(lever, measure)| {
            let seen = |sign| {
                let camps = 0..camps.len();
                camps.filter(|&c| self.rises(lever, c, measure) == Some(sign)).collect()
            };
            Mixed { lever, measure, rises: seen(true), falls: seen(false) }
        });
        Verdict { robust: self.robust(), flips, mixed: mixed.collect(), open }
    }

    /// Every lever with every measure.
    pub fn conclusions(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let measures = self.metrics.len();
        (0..self.levers).flat_map(move |lever| (0..measures).map(move |measure| (lever, measure)))
    }
}

/// Futures to run in all.
#[must_use]
pub fn futures_needed(camps: usize, levers: usize, runs: u64) -> u64 {
    camps as u64 * (levers as u64 + 1) * runs
}

/// A comparison under way. It goes on future by future, by whoever has time for it ([`Trial::step`]), or on several threads
/// ([`Trial::run`]); what comes out is the same.
pub struct Trial {
    camps: Vec<Rules>,
    /// With no lever moved, then with each of them.
    plans: Vec<Plan>,
    metrics: Vec<Metric>,
    runs: u64,
    sums: Vec<Paired>,
    /// Futures of camps that have run in every arm, and arms of the one under way.
    done: u64,
    arms: usize,
    /// What that one came to with no lever moved.
    unmoved: Vec<u64>,
    worker: Option<(usize, Box<Worker>)>,
}

impl Trial {
    /// `runs` futures of every camp, one at the least, unmoved and with each of the levers moved; `camps` are the rules as each camp
    /// sees them, `levers` the changes that each lever's move adds to the plan's log.
    #[must_use]
    pub fn new(camps: Vec<Rules>, plan: &Plan, levers: &[Vec<LeverChange>], metrics: &[Metric], runs: u64) -> Self {
        let moved = levers.iter().map(|changes| {
            let mut log = plan.log.clone();
            log.extend(changes.iter().copied());
            log.sort_by_key(|change| change.day);
            Plan { log, ..plan.clone() }
        });
        Self {
            sums: vec![Paired::default(); camps.len() * levers.len() * metrics.len()],
            plans: std::iter::once(plan.clone()).chain(moved).collect(),
            camps,
            metrics: metrics.to_vec(),
            runs: runs.max(1),
            done: 0,
            arms: 0,
            unmoved: Vec::new(),
            worker: None,
        }
    }

    /// Futures run.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done * self.plans.len() as u64 + self.arms as u64
    }

    /// Futures to run in all.
    #[must_use]
    pub fn needed(&self) -> u64 {
        futures_needed(self.camps.len(), self.plans.len() - 1, self.runs)
    }

    /// Futures of all camps.
    fn tasks(&self) -> u64 {
        self.camps.len() as u64 * self.runs
    }

    /// What came out, once all is run.
    #[must_use]
    pub fn table(&self) -> Option<Table> {
        (self.done >= self.tasks()).then(|| Table {
            camps: self.camps.len(),
            levers: self.plans.len() - 1,
            metrics: self.metrics.clone(),
            sums: self.sums.clone(),
        })
    }

    /// Place of the first sum of a lever in a camp.
    fn at(&self, camp: usize, lever: usize) -> usize {
        (camp * (self.plans.len() - 1) + lever) * self.metrics.len()
    }

    /// Runs the next future. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        if self.done >= self.tasks() {
            return false;
        }
        let (camp, future) = ((self.done / self.runs) as usize, self.done % self.runs);
        if self.worker.as_ref().is_none_or(|(of, _)| *of != camp) {
            self.worker = Some((camp, Box::new(Worker::new(&self.camps[camp], &self.plans[0]))));
        }
        let Some((_, worker)) = &mut self.worker else { return false };
        let summary = worker.run_as(&self.plans[self.arms], future);
        let values: Vec<u64> = self.metrics.iter().map(|metric| metric.of(&summary)).collect();
        if self.arms == 0 {
            self.unmoved = values;
        } else {
            let at = self.at(camp, self.arms - 1);
            for ((sum, unmoved), moved) in self.sums[at..].iter_mut().zip(&self.unmoved).zip(values) {
                sum.add(*unmoved, moved);
            }
        }
        self.arms += 1;
        if self.arms == self.plans.len() {
            (self.arms, self.done) = (0, self.done + 1);
        }
        true
    }

    /// Runs all that is left on so many threads; `None` if stopped, with nothing added.
    pub fn run(&mut self, jobs: usize, progress: &Progress) -> Option<()> {
        while self.arms > 0 {
            self.step();
        }
        let new = || vec![Paired::default(); self.sums.len()];
        let worlds = || (0..self.camps.len()).map(|_| None::<Worker>).collect::<Vec<_>>();
        let parts = run_all(self.done..self.tasks(), jobs, progress, worlds, new, |worlds, sums, task| {
            let (camp, future) = ((task / self.runs) as usize, task % self.runs);
            let world = worlds[camp].get_or_insert_with(|| Worker::new(&self.camps[camp], &self.plans[0]));
            let unmoved = world.run_as(&self.plans[0], future);
            for (lever, plan) in self.plans[1..].iter().enumerate() {
                let with = world.run_as(plan, future);
                for (sum, metric) in sums[self.at(camp, lever)..].iter_mut().zip(&self.metrics) {
                    sum.add(metric.of(&unmoved), metric.of(&with));
                }
            }
            let also = self.plans.len() as u64 - 1;
            progress.done.fetch_add(also, std::sync::atomic::Ordering::Relaxed);
        })?;
        for part in &parts {
            self.sums.iter_mut().zip(part).for_each(|(sum, part)| sum.merge(part));
        }
        self.done = self.tasks();
        Some(())
    }
}

/// Runs `runs` futures of every camp, unmoved and with each of the levers moved; see [`Trial::new`]. `None` if stopped.
pub fn contested(
    camps: &[Rules],
    plan: &Plan,
    levers: &[Vec<LeverChange>],
    metrics: &[Metric],
    runs: u64,
    jobs: usize,
    progress: &Progress,
) -> Option<Table> {
    let mut trial = Trial::new(camps.to_vec(), plan, levers, metrics, runs);
    trial.run(jobs, progress)?;
    trial.table()
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::camps::camps;
    use detente_model::record::outcome::Headline;
    use detente_model::symbols::levers::Lever;
    use noisy_float::prelude::R64;

    fn rules() -> Vec<Rules> {
        let of = |camp: &detente_model::camps::Camp| Rules::new(&camp.over("november-2024", &[]).unwrap());
        camps().iter().map(of).collect()
    }

    fn moves() -> Vec<Vec<LeverChange>> {
        let change = |lever, value| vec![LeverChange { day: 0, lever, value: R64::new(value) }];
        vec![
            change(Lever::IsraelBlowRate, 3.0),
            change(Lever::UnifilTroops, 15_000.0),
            change(Lever::DealGuarantee, 1.0),
            change(Lever::DealArchitecture, 2.0),
        ]
    }

    #[test]
    fn the_level_is_such_that_what_just_makes_it_shows_again() {
        // One camp: z = √2 · 1.645 = 2.326, which leaves 1 % beyond.
        assert!((tail(1) - 0.01).abs() < 1e-4, "{}", tail(1));
        // Eight camps: √2 · Φ⁻¹(1 − .00625) = 3.533.
        assert!((tail(8) - 2.06e-4).abs() < 2e-6, "{}", tail(8));
        assert!(tail(20) < tail(8));
    }

    #[test]
    fn whoever_runs_what_first_does_not_show() {
        let (rules, plan) = (rules(), Plan { seed: 4, days: 90, ..Plan::default() });
        let metrics = [Metric::Headline(Headline::ContainedExchange), Metric::Deaths];
        let of = |jobs| contested(&rules[..3], &plan, &moves()[..2], &metrics, 24, jobs, &Progress::default()).unwrap();
        assert_eq!(of(1), of(3));
        assert_eq!(of(1).cell(1, 2, 1).n, 24);
        // Future by future, as in a page, and then the rest at once.
        let mut trial = Trial::new(rules[..3].to_vec(), &plan, &moves()[..2], &metrics, 24);
        (0..70).for_each(|_| assert!(trial.step()));
        assert_eq!((trial.done(), trial.needed(), trial.table()), (70, 216, None));
        trial.run(2, &Progress::default()).unwrap();
        assert_eq!((trial.done(), trial.step()), (216, false));
        assert_eq!(trial.table(), Some(of(1)));
        // A cell is what an effect of that camp alone would be.
        let moved = Plan { log: moves()[1].clone(), ..plan.clone() };
        let effect = super::super::effect::effect(&rules[2], &plan, &moved, 24, 1, &Progress::default());
        let deaths: u64 = effect.deaths.iter().map(|p| u64::try_from(p.changed).unwrap()).sum();
        assert_eq!(of(1).cell(1, 2, 1).changed, i128::from(deaths));
    }

    /// Of few pairs a mean is known less well than the normal law says: five standard errors of eight pairs are no conclusion.
    #[test]
    fn few_pairs_take_more_standard_errors() {
        let few = |pairs: u64| {
            let mut paired = Paired::default();
            (0..pairs).for_each(|i| paired.add(100, 101 + 2 * (i % 4)));
            Table { camps: 1, levers: 1, metrics: vec![Metric::Deaths], sums: vec![paired] }
        };
        let reach = |pairs| {
            let (table, normal) = (few(pairs), few(pairs).cell(0, 0, 0).difference_within(normal_beyond(tail(1))));
            let wide = table.difference(0, 0, 0);
            (wide.high - wide.difference) / (normal.high - normal.difference)
        };
        // t of 7 degrees beyond 1 % is 2.998, and z 2.326.
        assert!((reach(8) - 2.998 / 2.326).abs() < 2e-3, "{}", reach(8));
        assert!(reach(400) > 1.0 && reach(400) < 1.01, "{}", reach(400));
    }

    /// What is called robust on one seed has the same sign in every camp on other seeds, in 95 % of cases at the least.
    #[test]
    fn what_is_called_robust_holds_on_fresh_seeds() {
        let (rules, moves) = (rules(), moves());
        let metrics = [
            Metric::Headline(Headline::RegionalWar),
            Metric::Headline(Headline::ContainedExchange),
            Metric::Deaths,
            Metric::InForce(rules[0].table("LEB").unwrap()),
        ];
        let of = |seed| {
            let plan = Plan { seed, days: 200, ..Plan::default() };
            contested(&rules, &plan, &moves, &metrics, 150, 2, &Progress::default()).unwrap()
        };
        let tables: Vec<Table> = (11..14).map(of).collect();
        let (mut called, mut held) = (0, 0);
        for (i, table) in tables.iter().enumerate() {
            for Conclusion { lever, measure, rises } in table.robust() {
                for (_, fresh) in tables.iter().enumerate().filter(|(j, _)| *j != i) {
                    called += 1;
                    let same = |camp| {
                        let d = fresh.difference(lever, camp, measure).difference;
                        if rises { d > 0.0 } else { d < 0.0 }
                    };
                    held += u32::from((0..rules.len()).all(same));
                }
            }
        }
        assert!(called >= 16, "robust conclusions are found: {called}");
        assert!(f64::from(held) >= 0.95 * f64::from(called), "{held} of {called} held");
    }

    /// A thousand pairs of which so many gain an outcome and so many lose it.
    fn sum(gained: u64, lost: u64) -> Paired {
        let mut paired = Paired::default();
        (0..gained).for_each(|_| paired.add(0, 1));
        (0..lost).for_each(|_| paired.add(1, 0));
        (0..1000 - gained - lost).for_each(|_| paired.add(0, 0));
        paired
    }

    /// Opposite signs in camps of different questions are neither robust nor a flip, and are said all the same.
    #[test]
    fn what_camps_of_different_questions_see_differently_is_found() {
        let (up, down, none) = (sum(200, 0), sum(0, 200), sum(20, 20));
        let metrics = vec![Metric::Headline(Headline::RegionalWar)];
        // Camps 0 and 1 are sides of one question, 2 and 3 of another. Each row a camp: two levers.
        let table = Table { camps: 4, levers: 2, metrics, sums: vec![up, up, none, none, none, down, down, down] };
        assert_eq!(table.mixed(|camp| camp / 2), [(0, 0), (1, 0)]);
        assert_eq!(table.mixed(|camp| camp % 2), [(0, 0)], "of lever 1 camps 0 and 2 are then two sides");
        assert_eq!((table.robust(), table.flips(0, 1), table.flips(2, 3)), (Vec::new(), Vec::new(), Vec::new()));
        // Once a question flips it, it is its.
        let table = Table { sums: vec![up, up, down, none, none, none, down, none], ..table };
        assert_eq!(table.flips(0, 1), [(0, 0)]);
        assert!(table.mixed(|camp| camp / 2).is_empty());
    }

    /// Signs are read off intervals, and the sides of a question off each other.
    #[test]
    fn robust_and_flips_are_read_off_the_cells() {
        let metrics = vec![Metric::Headline(Headline::RegionalWar), Metric::Headline(Headline::Unsettled)];
        let table = Table {
            camps: 2,
            levers: 2,
            metrics,
            // Camp 0: lever 0, lever 1; then camp 1.
            sums: vec![
                sum(200, 0),
                sum(0, 200),
                sum(200, 10),
                sum(20, 20),
                sum(150, 0),
                sum(200, 0),
                sum(5, 6),
                sum(0, 200),
            ],
        };
        assert_eq!(table.robust(), [Conclusion { lever: 0, measure: 0, rises: true }]);
        assert_eq!(table.flips(0, 1), [(0, 1)]);
        assert_eq!(table.rises(1, 1, 0), None);
    }
}
