//! What every camp must accept: what levers do under the two sides of contested questions, worked out beside a sitting. The world of
//! a camp differs from day 0 on, so its futures begin there, and each lever is moved on the days on which it was moved.

use super::beside::{Asked, Question};
use super::chart::Ask;
use super::needle::Needle;
use super::sitting::Sitting;
use detente_model::camps::camps;
use detente_model::record::outcome::Headline;
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{Lever, LeverChange};
use detente_study::futures::contested::{Table, Trial};
use detente_study::futures::ensemble::{Plan, Progress};
use detente_study::futures::rank::Metric;
use noisy_float::prelude::R64;

/// Pairs of futures in each cell, unless somebody asks more: some seconds for a lever or two.
pub const FEW: u64 = 100;
/// What is measured.
pub const MEASURES: [Metric; 2] = [Metric::Headline(Headline::RegionalWar), Metric::Deaths];
/// Levers of a ranking that are taken where none was moved.
const STRONGEST: usize = 3;

/// A lever, and everything that is done with it.
pub type Move = (Lever, Vec<LeverChange>);

/// The levers that were moved on the branch shown, each with all of its moves.
#[must_use]
pub fn moved(sitting: &Sitting) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for change in &sitting.branch().changes {
        match moves.iter_mut().find(|(lever, _)| *lever == change.lever) {
            Some((_, changes)) => changes.push(*change),
            None => moves.push((change.lever, vec![*change])),
        }
    }
    moves
}

/// The strongest levers of a ranking, each moved on day 0 to the end that moves the outcome most.
#[must_use]
pub fn strongest(needle: &Needle) -> Vec<Move> {
    let bars = needle.bars();
    let to = |bar: &super::needle::Bar| {
        let size = |end: &&super::needle::End| end.effect.difference.abs();
        let end = bar.ends.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?;
        let change = LeverChange { day: 0, lever: bar.lever, value: R64::try_new(end.value)? };
        Some((bar.lever, vec![change]))
    };
    bars.iter().take(STRONGEST).filter_map(to).collect()
}

/// What every camp says of moves, as it was asked of a sitting; what is asked about are its rows.
pub type Contest = Asked<Trial>;

impl Question for Trial {
    type What = Vec<Move>;
    type Answer = Table;

    /// From day 0, to the same evening as futures of the fan.
    fn span(sitting: &Sitting, ask: Ask) -> (i32, u32) {
        (0, sitting.today().max(0) as u32 + ask.days)
    }

    fn step(&mut self) -> bool {
        Self::step(self)
    }

    fn round(&mut self, threads: usize, progress: &Progress) -> Option<bool> {
        self.run(threads, progress).map(|()| false)
    }

    fn done(&self) -> u64 {
        Self::done(self)
    }

    fn expected(&self) -> u64 {
        self.needed()
    }

    fn answer(&self) -> Option<Table> {
        self.table()
    }
}

impl Contest {
    /// Compares what moves do in a sitting's scenario, camp by camp, in `runs` pairs of futures for each.
    ///
    /// # Errors
    /// One sentence, where there is nothing to compare, or the scenario is not one that camps can be laid over.
    pub fn start(sitting: &Sitting, moves: Vec<Move>, runs: u64, ask: Ask, threads: usize) -> Result<Self, String> {
        if moves.is_empty() {
            return Err(
                "Move a lever first, or rank levers in Futures: then the camps can be asked what it does.".to_owned()
            );
        }
        if sitting.start().is_some() {
            return Err(
                "Camps differ from day 0 on, and a nowcast has its numbers from what was observed: begin with the start that the \
                 scenario sets."
                    .to_owned(),
            );
        }
        let mut rules = Vec::new();
        for camp in camps() {
            match camp.over_loaded(&sitting.loaded) {
                Ok(loaded) => rules.push(Rules::new(&loaded)),
                Err(errors) => {
                    let why = errors.0.first().map_or("", |error| error.message.as_str());
                    return Err(format!("The camp {} cannot be laid over this scenario: {why}.", camp.name));
                }
            }
        }
        let (_, days) = Trial::span(sitting, ask);
        let plan = Plan { seed: sitting.seed(), days, prior: ask.prior, log: Vec::new(), from: None };
        let changes: Vec<Vec<LeverChange>> = moves.iter().map(|(_, changes)| changes.clone()).collect();
        let trial = || Trial::new(rules.clone(), &plan, &changes, &MEASURES, runs);
        Ok(Self::begin(sitting, moves, runs, ask, threads, trial))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_study::futures::contested::contested;

    const ASK: Ask = Ask { futures: 16, days: 40, prior: false };

    fn sitting() -> Sitting {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 4);
        s.go_to(20);
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        s.go_to(30);
        s.set_lever(Lever::IranResponseScale, 0.0).unwrap();
        s.set_lever(Lever::IsraelBlowRate, 3.0).unwrap();
        s
    }

    #[test]
    fn it_finds_what_the_command_finds_for_the_levers_that_were_moved() {
        let s = sitting();
        let moves = moved(&s);
        let of: Vec<(Lever, usize)> = moves.iter().map(|(lever, changes)| (*lever, changes.len())).collect();
        assert_eq!(of, [(Lever::IsraelBlowRate, 2), (Lever::IranResponseScale, 1)]);
        // As `detente contested --set israel.blow_rate=0@20 --set israel.blow_rate=3@30 --set iran.response_scale=0@30 --days 70`.
        let rules: Vec<Rules> =
            camps().iter().map(|camp| Rules::new(&camp.over("november-2024", &[]).unwrap())).collect();
        let plan = Plan { seed: 4, days: 70, ..Plan::default() };
        let changes: Vec<Vec<LeverChange>> = moves.iter().map(|(_, changes)| changes.clone()).collect();
        let command = contested(&rules, &plan, &changes, &MEASURES, 12, 2, &Progress::default()).unwrap();
        for threads in [0, 2] {
            let mut contest = Contest::start(&s, moved(&s), 12, ASK, threads).unwrap();
            while contest.is_running() {
                contest.poll(|| false);
                std::thread::yield_now();
            }
            assert_eq!(contest.answer(), Some(&command));
        }
    }

    #[test]
    fn it_is_of_what_stood_and_nothing_is_left_of_what_is_stopped() {
        let mut s = sitting();
        let mut contest = Contest::start(&s, moved(&s), 50, ASK, 0).unwrap();
        contest.poll(|| false);
        assert!(contest.is_running() && contest.is_of(&s, ASK) && contest.share() > 0.0);
        s.undo();
        assert!(!contest.is_of(&s, ASK));
        contest.cancel();
        assert!(!contest.is_running() && contest.answer().is_none());
        let untouched = Sitting::new(s.loaded.clone(), 4);
        let why = Contest::start(&untouched, moved(&untouched), 50, ASK, 0).err().unwrap();
        assert!(why.contains("Move a lever"), "{why}");
    }
}
