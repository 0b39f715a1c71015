//! Which lever matters most, from one point on: a race on common random numbers.
//!
//! **The question** is an order of given levers, each moved to the ends of its range from one day on, all else as it is.
//! Screening designs answer other questions at a higher price. A Morris trajectory moves one factor at a time through the
//! whole space of levers and averages over where the others stand; a Sobol design with N base points needs N × (levers + 2)
//! points, each run often enough to average luck out. Here the point of departure is given, so each lever costs one arm per
//! end; luck is not averaged out but held equal, future by future, so that the difference of two arms has a small variance;
//! and the unmoved futures are shared by all arms instead of being run once for each.
//!
//! **The race** saves most of what remains. Every arm starts with a small block of pairs. After each round, which doubles
//! the pairs of arms still running, neighbours in rank are compared on the futures that both have run (again in pairs, so
//! that what moves both cancels). An arm rests while each of its gaps is settled: separated at 99 %, or too narrow to
//! matter ([`NARROW`]), or never different, or not to be settled by the most pairs allowed either. An arm that becomes the
//! neighbour of another one wakes up. Levers that reach nothing the outcome reads need no futures ([`Metric::reached`]).
//! The race depends on whole numbers in order of futures only, never on threads.
//!
//! **Intervals.** A lever stands in the table with the end of its range that moves the outcome most. Looking at several ends and
//! keeping the largest finds large differences by luck, so the intervals of a lever's ends are made to cover together: each of
//! k ends leaves 10 %/k outside, and all k hold at once in 90 % of uses (Bonferroni). That a lever stands high among the others
//! is another selection; for that there are the marks of places not told apart, at 99 %.

use super::accumulate::Summary;
use super::arms::{Arm, run_arms, summaries};
use super::effect::{Difference, Paired};
use super::ensemble::{Plan, Progress};
use super::interval::TAIL;
use detente_model::record::outcome::Headline;
use detente_model::sim::mechanisms::{Node, reach};
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{Kind, Lever, OFF};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

/// What levers are ranked by: one whole number of each future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Whether a future ends in this class.
    Headline(Headline),
    /// Whether a table's agreement is in force at the end.
    InForce(usize),
    /// People killed by routine fire, strikes and salvos, everywhere.
    Killed,
    /// People killed by routine fire, all streams.
    Deaths,
    /// People killed by the fire of one stream.
    DeathsOf(usize),
    /// Events of one stream.
    EventsOf(usize),
}

impl Metric {
    /// The number.
    #[must_use]
    pub fn of(self, summary: &Summary) -> u64 {
        match self {
            Self::Headline(headline) => u64::from(summary.outcome.headline == headline),
            Self::InForce(table) => u64::from(summary.in_force_at_end(table)),
            Self::Killed => summary.killed_in_all(),
            Self::Deaths => summary.streams.iter().map(|(_, deaths)| deaths).sum(),
            Self::DeathsOf(stream) => summary.streams[stream].1,
            Self::EventsOf(stream) => summary.streams[stream].0,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self, rules: &Rules) -> String {
        match self {
            Self::Headline(headline) => format!("{}, share of futures", headline.words()),
            Self::InForce(table) => format!("{} in force at the end, share of futures", rules.tables[table].name),
            Self::Killed => "killed by routine fire, strikes and salvos, in a future".to_owned(),
            Self::Deaths => "killed by routine fire, in a future".to_owned(),
            Self::DeathsOf(stream) => format!("killed by the fire {}, in a future", rules.streams[stream].id.text),
            Self::EventsOf(stream) => format!("events of {}, in a future", rules.streams[stream].id.text),
        }
    }

    /// Whether it is a share of futures, not a count in each.
    #[must_use]
    pub fn is_share(self) -> bool {
        matches!(self, Self::Headline(_) | Self::InForce(_))
    }

    /// Whether a lever can move it at all in these rules. A class of outcomes is read from levels, strikes between states
    /// and agreements.
    #[must_use]
    pub fn reached(self, rules: &Rules, lever: Lever) -> bool {
        reach(rules, lever).iter().any(|node| match (self, node) {
            (Self::Headline(_), node) => {
                matches!(
                    node,
                    Node::Front(_)
                        | Node::Table(_)
                        | Node::Pair(_)
                        | Node::Ledger(_)
                        | Node::Answer(_)
                        | Node::Initiative(_)
                ) || *node == Node::Lever(Lever::DealLinkage)
            }
            (Self::InForce(table), Node::Table(t)) => *t == table,
            (Self::Deaths, Node::Deaths(_)) | (Self::Killed, Node::Territory(_)) => true,
            (Self::DeathsOf(stream), Node::Deaths(s)) | (Self::EventsOf(stream), Node::Stream(s)) => *s == stream,
            _ => false,
        })
    }
}

/// Pairs of every arm in the first round; with it the third round ends at [`NEVER_DIFFERENT`].
const FIRST: u64 = 75;
/// Futures run between two moments at which the race can be stopped without loss.
const BLOCK: u64 = 75;
/// Two-sided 99 % quantile: a race looks several times, so it decides more strictly than the printed 90 % intervals.
const Z99: f64 = 2.575_829_303_548_901;
/// Levers whose effects differ by less need no order: a percentage point, or one in a hundred of the unmoved count.
pub const NARROW: f64 = 0.01;
/// Pairs without any difference after which fewer than one in a hundred futures can differ (at 95 %).
const NEVER_DIFFERENT: usize = 300;
/// Pairs before a race may give up on a gap.
const PATIENCE: usize = 256;

/// The values to which a lever is moved: the ends of its range, each option, or this very day and never.
#[must_use]
pub fn ends(lever: Lever, day: i32) -> Vec<f64> {
    let row = lever.row();
    match row.kind {
        Kind::Number => vec![row.low, row.high],
        Kind::Choice(options) => (0..options.len()).map(|option| option as f64).collect(),
        Kind::Date => vec![f64::from(day), OFF],
    }
}

/// One arm of the race: a lever at another value.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// Which lever, by position among those ranked.
    pub group: usize,
    /// What is run.
    pub plan: Plan,
}

/// An arm after the race.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Pairs.
    pub pairs: u64,
    /// Mean without the move, on the same futures.
    pub baseline: f64,
    /// Mean with it.
    pub changed: f64,
    /// Their difference, with an interval that covers at 90 % together with those of the lever's other ends.
    pub effect: Difference,
    /// Pairs that differ.
    pub differ: u64,
}

/// Why the race ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Every gap between neighbours is separated or too narrow to matter.
    Settled,
    /// Some gaps stay open at the most pairs allowed, or would.
    Open,
    /// Stopped before the end.
    Stopped,
}

/// The result of a race.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Every arm, as entered.
    pub arms: Vec<Ranked>,
    /// Levers from the largest absolute effect to the smallest, each with its arm of largest effect.
    pub order: Vec<(usize, usize)>,
    /// For each place of `order` but the last: whether the effect is separated at 99 % from that of the next.
    pub separated: Vec<bool>,
    /// Mean of the unmoved futures.
    pub baseline: f64,
    /// Unmoved futures run.
    pub futures: u64,
    /// Why it ended.
    pub ended: Ended,
}

/// How the gap between two neighbours in rank stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Separated,
    Alike,
    Hopeless,
    Open,
}

/// Values of the arms and of the unmoved futures, in order of futures.
#[derive(Debug, Default)]
struct Field {
    base: Vec<u64>,
    arms: Vec<Vec<u64>>,
    groups: Vec<usize>,
}

impl Field {
    fn difference(&self, arm: usize, future: usize) -> i128 {
        i128::from(self.arms[arm][future]) - i128::from(self.base[future])
    }

    fn mean(&self, arm: usize) -> f64 {
        let n = self.arms[arm].len();
        let sum: i128 = (0..n).map(|future| self.difference(arm, future)).sum();
        if n == 0 { 0.0 } else { sum as f64 / n as f64 }
    }

    fn baseline(&self) -> f64 {
        let sum: u64 = self.base.iter().sum();
        if self.base.is_empty() { 0.0 } else { sum as f64 / self.base.len() as f64 }
    }

    /// Levers from the largest absolute effect to the smallest, each with its arm of largest effect; ties keep the order
    /// in which they were entered.
    fn order(&self) -> Vec<(usize, usize)> {
        let means: Vec<f64> = (0..self.arms.len()).map(|arm| self.mean(arm).abs()).collect();
        let mut best: Vec<(usize, usize)> = Vec::new();
        for (arm, &group) in self.groups.iter().enumerate() {
            match best.iter_mut().find(|(known, _)| *known == group) {
                Some((_, leader)) if means[arm] > means[*leader] => *leader = arm,
                Some(_) => {}
                None => best.push((group, arm)),
            }
        }
        best.sort_by(|a, b| means[b.1].total_cmp(&means[a.1]).then(a.0.cmp(&b.0)));
        best
    }

    /// Compares the absolute effects of two arms on the futures that both have run.
    fn gap(&self, upper: usize, lower: usize, narrow: f64, most: u64) -> Gap {
        let n = self.arms[upper].len().min(self.arms[lower].len());
        if n == 0 {
            return Gap::Open;
        }
        let sign = |arm: usize| if self.mean(arm) < 0.0 { -1 } else { 1 };
        let (up, low) = (sign(upper), sign(lower));
        let (mut sum, mut squares, mut differ) = (0_i128, 0_i128, 0_u64);
        for future in 0..n {
            let x = up * self.difference(upper, future) - low * self.difference(lower, future);
            sum += x;
            squares += x * x;
            differ += u64::from(x != 0);
        }
        if differ == 0 {
            return if n >= NEVER_DIFFERENT { Gap::Alike } else { Gap::Open };
        }
        let count = n as f64;
        let mean = sum as f64 / count;
        let variance = (squares as f64 / count - mean * mean).max(0.0) * count / (count - 1.0).max(1.0);
        // As in a paired effect: a handful of differing futures says little.
        let variance = variance.max(squares as f64 / differ as f64 / count);
        let error = libm::sqrt(variance / count);
        let last = libm::sqrt(variance / most as f64);
        if mean > Z99 * error {
            Gap::Separated
        } else if mean.abs() + Z99 * error <= narrow {
            Gap::Alike
        } else if n >= PATIENCE && mean + error < Z99 * last && mean.abs() + Z99 * last > narrow {
            Gap::Hopeless
        } else {
            Gap::Open
        }
    }

    /// Gaps between each lever and the next in rank: that of the larger one's leading arm to every arm of the smaller one.
    fn gaps(&self, narrow: f64, most: u64) -> Vec<Vec<(usize, usize, Gap)>> {
        let order = self.order();
        let below = |group: usize| (0..self.arms.len()).filter(move |&arm| self.groups[arm] == group);
        order
            .windows(2)
            .map(|pair| {
                let upper = pair[0].1;
                below(pair[1].0).map(|lower| (upper, lower, self.gap(upper, lower, narrow, most))).collect()
            })
            .collect()
    }

    fn narrow(&self, metric: Metric) -> f64 {
        if metric.is_share() { NARROW } else { NARROW * self.baseline() }
    }
}

/// Runs the race between `entrants` over at most `most` pairs for each; `progress` counts futures and may stop it.
#[must_use]
pub fn rank(
    rules: &Rules,
    unmoved: &Plan,
    entrants: &[Entrant],
    metric: Metric,
    most: u64,
    jobs: usize,
    progress: &Progress,
) -> Ranking {
    let rules = std::slice::from_ref(rules);
    let unmoved = Arm { rules: 0, plan: unmoved.clone() };
    let arms: Vec<Arm> = entrants.iter().map(|entrant| Arm { rules: 0, plan: entrant.plan.clone() }).collect();
    let mut field = Field {
        base: Vec::new(),
        arms: vec![Vec::new(); arms.len()],
        groups: entrants.iter().map(|entrant| entrant.group).collect(),
    };
    let mut running: BTreeSet<usize> = (0..arms.len()).collect();
    let mut target = FIRST.min(most);
    let ended = loop {
        if !advance(&mut field, rules, &unmoved, &arms, &running, metric, target, jobs, progress) {
            break Ended::Stopped;
        }
        let gaps: Vec<_> = field.gaps(field.narrow(metric), most).into_iter().flatten().collect();
        running = gaps.iter().filter(|gap| gap.2 == Gap::Open).flat_map(|gap| [gap.0, gap.1]).collect();
        if running.iter().all(|&arm| field.arms[arm].len() as u64 >= most) {
            let settled = gaps.iter().all(|gap| matches!(gap.2, Gap::Separated | Gap::Alike));
            break if settled { Ended::Settled } else { Ended::Open };
        }
        // Arms that woke up catch up first, so that neighbours are compared on as many futures as either has run.
        let fewest = running.iter().map(|&arm| field.arms[arm].len() as u64).min().unwrap_or(most);
        target = if fewest < target { target } else { (2 * target).min(most) };
        let reached = |arm: usize| (field.arms[arm].len() as u64).max(if running.contains(&arm) { target } else { 0 });
        let spared = (0..arms.len()).map(|arm| target.saturating_sub(reached(arm))).sum();
        progress.spared.store(spared, Ordering::Relaxed);
    };

    let order = field.order();
    let narrow = field.narrow(metric);
    let all = |gaps: Vec<(usize, usize, Gap)>| gaps.iter().all(|gap| gap.2 == Gap::Separated);
    let separated = field.gaps(narrow, most).into_iter().map(all).collect();
    let ranked = |(arm, group): (&Vec<u64>, &usize)| {
        let ends = field.groups.iter().filter(|other| *other == group).count();
        let tail = TAIL / ends.max(1) as f64;
        let mut paired = Paired::default();
        field.base.iter().zip(arm).for_each(|(&base, &value)| paired.add(base, value));
        Ranked {
            pairs: paired.n,
            baseline: paired.baseline_mean(),
            changed: paired.changed_mean(),
            effect: if metric.is_share() {
                paired.difference_of_shares_beyond(tail)
            } else {
                paired.difference_beyond(tail)
            },
            differ: paired.differ,
        }
    };
    let arms = field.arms.iter().zip(&field.groups).map(ranked).collect();
    Ranking { arms, order, separated, baseline: field.baseline(), futures: field.base.len() as u64, ended }
}

/// Brings every running arm up to `target` pairs, block by block; `false` if stopped, with whole blocks kept.
fn advance(
    field: &mut Field,
    rules: &[Rules],
    unmoved: &Arm,
    arms: &[Arm],
    running: &BTreeSet<usize>,
    metric: Metric,
    target: u64,
    jobs: usize,
    progress: &Progress,
) -> bool {
    loop {
        let behind = |arm: &usize| (field.arms[*arm].len() as u64) < target;
        let Some(start) = running.iter().filter(|arm| behind(arm)).map(|&arm| field.arms[arm].len()).min() else {
            return true;
        };
        let start = start as u64;
        let end = (start + BLOCK).min(target);
        let base = field.base.len() as u64;
        if base < end {
            let Some(new) = summaries(rules, unmoved, base..end, jobs, progress) else { return false };
            field.base.extend(new.iter().map(|summary| metric.of(summary)));
        }
        // Blocks start at the same futures for all arms, so an arm is either at `start` or past this block.
        let tasks: Vec<(usize, u64)> = running
            .iter()
            .filter(|&&arm| field.arms[arm].len() as u64 == start)
            .flat_map(|&arm| (start..end).map(move |future| (arm, future)))
            .collect();
        let new = Vec::new;
        let parts = run_arms(rules, arms, &tasks, jobs, progress, new, |values: &mut Vec<_>, task, summary| {
            values.push((task, metric.of(&summary)));
        });
        let Some(parts) = parts else { return false };
        let mut values: Vec<(usize, u64)> = parts.into_iter().flatten().collect();
        values.sort_unstable();
        for (task, value) in values {
            field.arms[tasks[task].0].push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::LeverChange;
    use noisy_float::prelude::R64;

    fn field(arms: &[(usize, &dyn Fn(u64) -> u64)], n: u64) -> Field {
        Field {
            base: (0..n).map(|future| future % 2).collect(),
            arms: arms.iter().map(|(_, value)| (0..n).map(value).collect()).collect(),
            groups: arms.iter().map(|(group, _)| *group).collect(),
        }
    }

    #[test]
    fn a_gap_is_separated_alike_hopeless_or_open() {
        let much = |future: u64| u64::from(future % 2 == 1 || future.is_multiple_of(4));
        let less = |future: u64| u64::from(future % 2 == 1 && future % 8 != 1);
        let same = |future: u64| future % 2;
        let noise = |future: u64| future / 2 % 2;
        let gap = |n: u64, most: u64, upper: &dyn Fn(u64) -> u64, lower: &dyn Fn(u64) -> u64| {
            field(&[(0, upper), (1, lower)], n).gap(0, 1, NARROW, most)
        };
        assert_eq!(gap(320, 1000, &much, &less), Gap::Separated, "25 points up against 12.5 down");
        assert_eq!(gap(16, 1000, &much, &less), Gap::Open, "too few to tell");
        assert_eq!(gap(320, 1000, &same, &same), Gap::Alike, "no future differs");
        assert_eq!(gap(200, 1000, &same, &same), Gap::Open, "one in a hundred might");
        assert_eq!(gap(320, 1000, &noise, &same), Gap::Hopeless, "half of the futures differ, by nothing on average");
        assert_eq!(gap(320, 10_000_000, &noise, &same), Gap::Open, "enough pairs would show that it is narrow");
        // What moves two arms alike cancels between them, however noisy either is.
        let noisier = |future: u64| noise(future).max(u64::from(future.is_multiple_of(8)));
        assert_eq!(gap(320, 1000, &noisier, &noise), Gap::Separated);
    }

    #[test]
    fn a_lever_stands_where_its_stronger_end_puts_it() {
        let up = |future: u64| u64::from(future % 2 == 1 || future.is_multiple_of(4));
        let down = |_: u64| 0;
        let same = |future: u64| future % 2;
        let field = field(&[(0, &same), (1, &up), (1, &same), (2, &same), (2, &down)], 320);
        assert_eq!(field.order(), [(2, 4), (1, 1), (0, 0)]);
        // Ties keep the order of entry.
        let field = self::field(&[(0, &same), (1, &same)], 8);
        assert_eq!(field.order(), [(0, 0), (1, 1)]);
    }

    fn entrants(plan: &Plan, levers: &[(Lever, &[f64])]) -> Vec<Entrant> {
        let mut all = Vec::new();
        for (group, (lever, values)) in levers.iter().enumerate() {
            for value in *values {
                let log = vec![LeverChange { day: 0, lever: *lever, value: R64::new(*value) }];
                all.push(Entrant { group, plan: Plan { log, ..plan.clone() } });
            }
        }
        all
    }

    /// A moratorium on leadership strikes does more to a year than a Swiss channel; and what is settled early costs less.
    #[test]
    fn a_race_ranks_and_spares() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let plan = Plan { seed: 6, days: 120, prior: false, log: Vec::new(), from: None };
        let lebanon = rules.table("LEB").unwrap();
        let levers: [(Lever, &[f64]); 3] = [
            (Lever::IsraelWithdrawalShare, &[0.0]),
            (Lever::ChannelBerriHochstein, &[0.0, 1.0]),
            (Lever::RestraintHou, &[0.0, 1.0]),
        ];
        let run = |jobs, most| {
            let progress = Progress::default();
            let entrants = entrants(&plan, &levers);
            let ranking = rank(&rules, &plan, &entrants, Metric::InForce(lebanon), most, jobs, &progress);
            (ranking, progress.done.load(Ordering::Relaxed))
        };
        let (ranking, futures) = run(1, 700);
        assert_eq!((ranking.clone(), futures), run(3, 700), "threads do not show");
        assert_eq!(ranking.order.last().map(|last| last.0), Some(2), "restraint in the Red Sea is far from the truce");
        assert_eq!(ranking.order.len(), 3);
        let ran: u64 = ranking.arms.iter().map(|arm| arm.pairs).sum();
        assert_eq!(ran + ranking.futures, futures, "each unmoved future runs once, for all arms");
        assert!(ran < 5 * 700, "some arms rest early: {ran}");
        assert!(ranking.separated[1] && ranking.arms[ranking.order[0].1].differ > 0, "{ranking:?}");
        assert!(Metric::InForce(lebanon).reached(&rules, Lever::UnifilTroops));
    }

    /// A lever said not to reach an outcome does not move it in any future, whatever its value. In the built-in scenarios
    /// everything hangs together; here the fire and the truce of Lebanon are cut off from the rest.
    #[test]
    fn what_is_not_reached_does_not_differ() {
        let overlay = "format = 1\nextends = \"november-2024\"\n\
             without = [\"administration\", \"bases\", \"economy\", \"factions\", \"nuclear\", \"roadmap\", \"iraq\", \
             \"council\", \"gaza_path\", \"wider_tables\", \"partner_shield\"]\n\
             [tables.LEB]\nlinks = []\n[tables.GAZ]\nlinks = []\n\
             [streams.\"IRI>ISR\"]\noffspring.\"ISR>HZB\" = 0\nsolidarity.LEB = 0\n\
             [streams.\"ISR>SYR\"]\noffspring.\"HZB>ISR\" = 0\nsolidarity.LEB = 0\n\
             [initiatives.\"ISR>IRN\"]\nheld_back_by = []\n[initiatives.\"IRN>ISR\"]\nheld_back_by = []\n\
             [initiatives.\"HZB>ISR\"]\nheld_back_by = []\n";
        let rules = Rules::new(&detente_model::scenario::load_text("cut-off.toml", overlay).unwrap());
        let plan = Plan { seed: 3, days: 150, prior: true, log: Vec::new(), from: None };
        let of = |plan: &Plan| {
            let arm = Arm { rules: 0, plan: plan.clone() };
            summaries(std::slice::from_ref(&rules), &arm, 0..6, 2, &Progress::default()).unwrap()
        };
        let mut metrics: Vec<Metric> = Headline::ALL.map(Metric::Headline).to_vec();
        metrics.extend([Metric::Deaths, Metric::Killed]);
        metrics.extend((0..rules.tables.len()).map(Metric::InForce));
        metrics.extend((0..rules.streams.len()).flat_map(|s| [Metric::DeathsOf(s), Metric::EventsOf(s)]));
        let base = of(&plan);
        let mut checked = 0;
        for &lever in Lever::ALL {
            let beyond: Vec<Metric> = metrics.iter().copied().filter(|metric| !metric.reached(&rules, lever)).collect();
            if beyond.is_empty() {
                continue;
            }
            for value in [lever.row().low, lever.row().high] {
                let log = vec![LeverChange { day: 0, lever, value: R64::new(value) }];
                for (unmoved, moved) in base.iter().zip(&of(&Plan { log, ..plan.clone() })) {
                    for metric in &beyond {
                        assert_eq!(metric.of(unmoved), metric.of(moved), "{} moves {metric:?}", lever.id());
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 0);
    }

    #[test]
    fn a_stopped_race_keeps_whole_blocks() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let plan = Plan { seed: 6, days: 3, prior: false, log: Vec::new(), from: None };
        let progress = Progress::default();
        progress.stop.store(true, Ordering::Relaxed);
        let entrants = entrants(&plan, &[(Lever::UnifilTroops, &[0.0])]);
        let ranking = rank(&rules, &plan, &entrants, Metric::Deaths, 100, 1, &progress);
        assert_eq!((ranking.ended, ranking.futures, ranking.arms[0].pairs), (Ended::Stopped, 0, 0));
    }
}
