//! What the records of a back-test come to: scores by series and horizon, skill against each baseline, coverage.

use super::backtest::{Answered, Plan, Record, Scored};
use super::baselines::Rule;
use super::forecast::{Question, UNOBSERVED};
use super::rules::{brier, log_binary, pit_histogram};
use super::skill::{FEWEST, Skill, block, skill};
use detente_model::chance::Key;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parts of a PIT histogram.
const PARTS: usize = 10;

/// Names of all baselines, simple rules first.
#[must_use]
pub fn baselines() -> Vec<&'static str> {
    Rule::ALL.iter().map(|rule| rule.name()).chain([UNOBSERVED]).collect()
}

/// A baseline in words, as in "better than …".
#[must_use]
pub fn words(baseline: &str) -> &'static str {
    let rule = Rule::ALL.iter().find(|rule| rule.name() == baseline);
    rule.map_or("the model without observations", |rule| rule.words())
}

/// Scores of one series at one horizon: means over the forecasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Forecasts.
    pub n: usize,
    /// Whether there are too few for anything but dots.
    pub few: bool,
    /// Fair CRPS, in the unit of the series.
    pub crps: f64,
    /// The same of each baseline.
    pub baselines: BTreeMap<String, f64>,
    /// Skill against each baseline; those whose scores sum to nothing are missing.
    pub skill: BTreeMap<String, Skill>,
    /// Log score on bins, bits.
    pub ignorance: f64,
    /// Share of forecasts whose central 50 % hold what came.
    pub coverage50: f64,
    /// The same of the central 90 %.
    pub coverage90: f64,
    /// Interval score of the central 50 %.
    pub interval50: f64,
    /// Interval score of the central 90 %.
    pub interval90: f64,
    /// PIT in ten parts, each a tenth where forecasts are calibrated; empty where there are too few forecasts.
    pub pit: Vec<f64>,
}

/// Scores of a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Times that it was asked.
    pub n: usize,
    /// Times that it happened.
    pub happened: usize,
    /// Mean chance given.
    pub chance: f64,
    /// Brier score.
    pub brier: f64,
    /// Log score, bits.
    pub log: f64,
    /// Brier and log score of each baseline.
    pub baselines: BTreeMap<String, [f64; 2]>,
}

/// How many series are forecast better than by any baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Best {
    /// Series with a lower CRPS than every baseline.
    pub better_than_all: usize,
    /// Series scored.
    pub of: usize,
}

/// The whole score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// By series, then by weeks ahead.
    pub series: BTreeMap<String, BTreeMap<String, Cell>>,
    /// By question.
    pub questions: BTreeMap<String, Asked>,
    /// By weeks ahead.
    pub best: BTreeMap<String, Best>,
}

impl Summary {
    /// Of records in order of their origins.
    #[must_use]
    pub fn of(records: &[Record], plan: &Plan) -> Self {
        let mut by: BTreeMap<(&str, u32), Vec<&Scored>> = BTreeMap::new();
        for week in records.iter().flat_map(|record| &record.weeks) {
            by.entry((&week.series, week.horizon)).or_default().push(week);
        }
        let mut series: BTreeMap<String, BTreeMap<String, Cell>> = BTreeMap::new();
        let mut best: BTreeMap<String, Best> = BTreeMap::new();
        for ((id, horizon), weeks) in by {
            let cell = cell(id, horizon, &weeks, plan);
            let count = best.entry(horizon.to_string()).or_insert(Best { better_than_all: 0, of: 0 });
            count.of += 1;
            count.better_than_all += usize::from(cell.baselines.values().all(|score| cell.crps < *score));
            series.entry(id.to_owned()).or_default().insert(horizon.to_string(), cell);
        }
        let questions = Question::ALL.iter().filter_map(|question| {
            let all = records.iter().flat_map(|record| &record.questions);
            let answers: Vec<&Answered> = all.filter(|answer| answer.question == *question).collect();
            Some((question.name().to_owned(), asked(&answers)?))
        });
        Self { series, questions: questions.collect(), best }
    }
}

fn mean<T>(of: &[T], value: impl Fn(&T) -> f64) -> f64 {
    of.iter().map(value).sum::<f64>() / of.len().max(1) as f64
}

fn share<T>(of: &[T], is: impl Fn(&T) -> bool) -> f64 {
    mean(of, |x| f64::from(u8::from(is(x))))
}

fn cell(id: &str, horizon: u32, weeks: &[&Scored], plan: &Plan) -> Cell {
    let block = block(weeks.len(), horizon, plan.every);
    let (mut means, mut skills) = (BTreeMap::new(), BTreeMap::new());
    for name in baselines() {
        let pairs: Vec<(f64, f64)> =
            weeks.iter().filter_map(|week| Some((week.crps, *week.baselines.get(name)?))).collect();
        means.insert(name.to_owned(), mean(&pairs, |pair| pair.1));
        let key = Key::new(plan.seed, u64::from(horizon)).of("skill").of(name).of(id);
        if let Some(skill) = skill(&pairs, block, key) {
            skills.insert(name.to_owned(), skill);
        }
    }
    let few = weeks.len() < FEWEST;
    let pits: Vec<(f64, f64)> = weeks.iter().map(|week| (week.pit[0], week.pit[1])).collect();
    Cell {
        n: weeks.len(),
        few,
        crps: mean(weeks, |week| week.crps),
        baselines: means,
        skill: skills,
        ignorance: mean(weeks, |week| week.ignorance),
        coverage50: share(weeks, |week| week.held[0]),
        coverage90: share(weeks, |week| week.held[1]),
        interval50: mean(weeks, |week| week.interval[0]),
        interval90: mean(weeks, |week| week.interval[1]),
        pit: if few { Vec::new() } else { pit_histogram(&pits, PARTS) },
    }
}

fn asked(answers: &[&Answered]) -> Option<Asked> {
    let first = answers.first()?;
    let of = |name: &String, score: fn(f64, bool) -> f64| {
        mean(answers, |answer| answer.baselines.get(name).map_or(f64::NAN, |p| score(*p, answer.happened)))
    };
    Some(Asked {
        n: answers.len(),
        happened: answers.iter().filter(|answer| answer.happened).count(),
        chance: mean(answers, |answer| answer.chance),
        brier: mean(answers, |answer| answer.brier),
        log: mean(answers, |answer| answer.log),
        baselines: first.baselines.keys().map(|name| (name.clone(), [of(name, brier), of(name, log_binary)])).collect(),
    })
}

/// A difference as a whole percentage, without a sign before nothing.
fn percent(value: f64) -> i64 {
    (100.0 * value).round() as i64
}

impl Cell {
    /// What the back-test says of a series at a horizon against a baseline, in one sentence: "4 weeks ahead: 12 % better than
    /// last week's value, 90 % interval −3 to 25, 23 forecasts; the 90 % band held 20 of 23". `None` without a skill.
    #[must_use]
    pub fn sentence(&self, weeks: u32, baseline: &str) -> Option<String> {
        let skill = self.skill.get(baseline)?;
        let (ahead, than) = (ahead(weeks), words(baseline));
        let value = percent(skill.value);
        let verdict = match value {
            0 => format!("as good as {than}"),
            1.. => format!("{value} % better than {than}"),
            _ => format!("{} % worse than {than}", -value),
        };
        let interval = match (skill.low, skill.high) {
            (Some(low), Some(high)) => format!("90 % interval {} to {}", signed(percent(low)), signed(percent(high))),
            _ => "too few forecasts for an interval".to_owned(),
        };
        let forecasts = if self.n == 1 { "forecast" } else { "forecasts" };
        let held = self.held(self.coverage90);
        Some(format!("{ahead}: {verdict}, {interval}, {} {forecasts}; the 90 % band held {held}", self.n))
    }

    /// The skill against a baseline in per cent with its interval: "+12 (−3 to 25)". `None` without a skill.
    #[must_use]
    pub fn against(&self, baseline: &str) -> Option<String> {
        let skill = self.skill.get(baseline)?;
        let plus = if skill.value >= 0.005 { "+" } else { "" };
        let value = signed(percent(skill.value));
        Some(match (skill.low, skill.high) {
            (Some(low), Some(high)) => {
                format!("{plus}{value} ({} to {})", signed(percent(low)), signed(percent(high)))
            }
            _ => format!("{plus}{value}"),
        })
    }

    /// How many forecasts a band held, of all: "20 of 23". The share is `coverage50` or `coverage90`.
    #[must_use]
    pub fn held(&self, share: f64) -> String {
        format!("{} of {}", (share * self.n as f64).round() as usize, self.n)
    }

    /// Simple rules that did better, those that did best first, with by how many per cent the forecast is worse.
    #[must_use]
    pub fn better_rules(&self) -> Vec<(Rule, i64)> {
        let worse = |rule: &Rule| self.skill.get(rule.name()).filter(|skill| skill.value < 0.0).map(|s| -s.value);
        let mut rules: Vec<(Rule, f64)> = Rule::ALL.iter().filter_map(|rule| Some((*rule, worse(rule)?))).collect();
        rules.sort_by(|a, b| b.1.total_cmp(&a.1));
        rules.into_iter().map(|(rule, by)| (rule, percent(by))).collect()
    }

    /// Baselines that did better, with the skill against them.
    pub fn worse_than(&self) -> impl Iterator<Item = (&str, &Skill)> {
        self.skill.iter().filter(|(_, skill)| skill.value < 0.0).map(|(name, skill)| (name.as_str(), skill))
    }
}

/// "1 week ahead", "4 weeks ahead".
#[must_use]
pub fn ahead(weeks: u32) -> String {
    format!("{weeks} week{} ahead", if weeks == 1 { "" } else { "s" })
}

/// A whole number with a true minus sign.
fn signed(value: i64) -> String {
    if value < 0 { format!("−{}", value.unsigned_abs()) } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn plan() -> Plan {
        Plan {
            from: date(2024, 1, 4),
            to: date(2024, 6, 30),
            every: 14,
            horizons: vec![1, 4],
            members: 100,
            particles: 100,
            series: vec!["gaza.killed".to_owned()],
            seed: 1,
        }
    }

    fn records(n: usize, forecast: f64, rule: f64) -> Vec<Record> {
        let week = |i: usize, horizon| Scored {
            series: "gaza.killed".to_owned(),
            horizon,
            from: date(2024, 1, 5),
            to: date(2024, 1, 11),
            came: 10.0,
            band: [10.0, 5.0, 20.0],
            crps: forecast * (1.0 + 0.1 * (i % 3) as f64),
            ignorance: 2.0,
            interval: [3.0, 7.0],
            held: [i.is_multiple_of(2), !i.is_multiple_of(10)],
            pit: [0.2, 0.4],
            baselines: baselines()
                .into_iter()
                .map(|name| (name.to_owned(), rule * (1.0 + 0.1 * (i % 5) as f64)))
                .collect(),
        };
        let answer = |i: usize| Answered {
            question: Question::Signed,
            chance: 0.5,
            happened: i.is_multiple_of(2),
            brier: 0.25,
            log: 1.0,
            baselines: [("past_rate".to_owned(), 0.9)].into(),
        };
        let record = |i| Record {
            origin: crate::observed::later(date(2024, 1, 4), 14 * i as i32),
            effective: 50.0,
            weeks: vec![week(i, 1), week(i, 4)],
            questions: vec![answer(i)],
        };
        (0..n).map(record).collect()
    }

    #[test]
    fn means_skill_and_coverage_are_those_of_the_records() {
        let of = Summary::of(&records(40, 3.0, 4.0), &plan());
        let cell = &of.series["gaza.killed"]["1"];
        assert_eq!((cell.n, cell.few), (40, false));
        assert!((cell.crps - 3.3).abs() < 0.05, "{}", cell.crps);
        for name in baselines() {
            assert!((cell.baselines[name] - 4.8).abs() < 1e-9);
            assert!((cell.skill[name].value - (1.0 - cell.crps / 4.8)).abs() < 1e-12);
        }
        assert!((cell.coverage50 - 0.5).abs() < 1e-12 && (cell.coverage90 - 0.9).abs() < 1e-12);
        assert_eq!(cell.pit.len(), 10);
        assert!((cell.pit[2] - 0.5).abs() < 1e-9 && cell.pit[5].abs() < 1e-9);
        assert_eq!(of.best["4"], Best { better_than_all: 1, of: 1 });
        let asked = &of.questions["signed"];
        assert_eq!((asked.n, asked.happened), (40, 20));
        assert!((asked.baselines["past_rate"][0] - 0.41).abs() < 1e-9);
        assert!(!of.questions.contains_key("collapse"), "what was not asked is not there");
    }

    #[test]
    fn few_forecasts_are_said_to_be_few() {
        let cell = Summary::of(&records(29, 3.0, 4.0), &plan()).series["gaza.killed"]["4"].clone();
        assert!(cell.few && cell.pit.is_empty());
        assert!(Summary::of(&[], &plan()).series.is_empty());
    }

    #[test]
    fn worse_is_said_as_plainly_as_better() {
        let better = &Summary::of(&records(20, 3.0, 4.0), &plan()).series["gaza.killed"]["4"];
        let sentence = better.sentence(4, "last_value").unwrap();
        assert!(
            sentence.starts_with("4 weeks ahead: 32 % better than last week's value, 90 % interval "),
            "{sentence}"
        );
        assert!(sentence.ends_with("20 forecasts; the 90 % band held 18 of 20"), "{sentence}");
        assert_eq!(better.worse_than().count(), 0);
        assert!(better.better_rules().is_empty() && better.against("nb_recent").unwrap().starts_with("+32 ("));
        let of = Summary::of(&records(2, 5.0, 4.0), &plan());
        let worse = &of.series["gaza.killed"]["1"];
        assert_eq!(worse.against("nb_recent").as_deref(), Some("−25"));
        assert_eq!(worse.better_rules().len(), Rule::ALL.len(), "{:?}", worse.better_rules());
        assert_eq!(worse.better_rules()[0].1, 25);
        let sentence = worse.sentence(1, UNOBSERVED).unwrap();
        assert!(
            sentence.starts_with("1 week ahead: 25 % worse than the model without observations, too few"),
            "{sentence}"
        );
        assert_eq!(worse.worse_than().count(), baselines().len());
        assert_eq!(of.best["1"], Best { better_than_all: 0, of: 1 });
    }
}
