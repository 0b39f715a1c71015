//! What every camp must accept: what levers do under the two sides of contested questions, worked out beside a sitting. The world of
//! a camp differs from day 0 on, so its futures begin there, and each lever is moved on the days on which it was moved.

use super::beside::{Asked, Question};
use super::chart::Ask;
use super::needle::Needle;
use super::sitting::Sitting;
use detente_model::camps::{Camp, camps};
use detente_model::record::outcome::Headline;
use detente_model::scenario::Loaded;
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{Lever, LeverChange};
use detente_study::futures::contested::{Table, Trial, futures_needed};
use detente_study::futures::ensemble::{Plan, Progress};
use detente_study::futures::rank::Metric;
use noisy_float::prelude::R64;
use std::sync::atomic::Ordering;

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

/// What every camp says of moves, as it was asked of a sitting.
pub type Contest = Asked<Laying>;

/// What a contest is about.
pub struct About {
    /// Its rows.
    pub moves: Vec<Move>,
    /// Its columns: the camps that ship, and then those of the sitting.
    pub camps: Vec<Camp>,
}

/// Camps that are laid over a scenario one by one, and then their futures.
pub struct Laying {
    loaded: Loaded,
    camps: Vec<Camp>,
    plan: Plan,
    moves: Vec<Vec<LeverChange>>,
    runs: u64,
    /// The scenario as the first camps see it.
    rules: Vec<Rules>,
    /// Once all see it.
    trial: Option<Trial>,
    /// Why one of them does not.
    fault: Option<String>,
}

impl Laying {
    /// Lays the next camp over the scenario: some milliseconds. Returns whether there is more to do.
    fn lay(&mut self) -> bool {
        let Some(camp) = self.camps.get(self.rules.len()) else {
            self.trial =
                Some(Trial::new(std::mem::take(&mut self.rules), &self.plan, &self.moves, &MEASURES, self.runs));
            return true;
        };
        match camp.over_loaded(&self.loaded, &[]) {
            Ok(loaded) => self.rules.push(Rules::new(&loaded)),
            Err(errors) => {
                let why = errors.0.first().map_or("", |error| error.message.as_str()).trim_end_matches('.');
                self.fault = Some(format!("The camp “{}” cannot be laid over this scenario: {why}.", camp.name));
            }
        }
        self.fault.is_none()
    }
}

impl Question for Laying {
    type What = About;
    /// A table, or the sentence that says which camp cannot be asked.
    type Answer = Result<Table, String>;

    /// From day 0, to the same evening as futures of the fan.
    fn span(sitting: &Sitting, ask: Ask) -> (i32, u32) {
        (0, sitting.today().max(0) as u32 + ask.days)
    }

    fn holds(what: &About, sitting: &Sitting) -> bool {
        what.camps[camps().len()..] == *sitting.camps()
    }

    fn step(&mut self) -> bool {
        match &mut self.trial {
            _ if self.fault.is_some() => false,
            Some(trial) => trial.step(),
            None => self.lay(),
        }
    }

    fn round(&mut self, threads: usize, progress: &Progress) -> Option<bool> {
        while self.trial.is_none() {
            if progress.stop.load(Ordering::Relaxed) {
                return None;
            }
            if !self.lay() {
                return Some(false);
            }
        }
        self.trial.as_mut()?.run(threads, progress).map(|()| false)
    }

    fn done(&self) -> u64 {
        self.trial.as_ref().map_or(0, Trial::done)
    }

    fn expected(&self) -> u64 {
        futures_needed(self.camps.len(), self.moves.len(), self.runs.max(1))
    }

    fn answer(&self) -> Option<Result<Table, String>> {
        let table = || self.trial.as_ref()?.table().map(Ok);
        self.fault.clone().map(Err).or_else(table)
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
        let (_, days) = Laying::span(sitting, ask);
        let plan = Plan { seed: sitting.seed(), days, prior: ask.prior, log: Vec::new(), from: None };
        let camps: Vec<Camp> = camps().iter().chain(sitting.camps()).cloned().collect();
        let laying = || Laying {
            loaded: sitting.loaded.clone(),
            camps: camps.clone(),
            plan: plan.clone(),
            moves: moves.iter().map(|(_, changes)| changes.clone()).collect(),
            runs,
            rules: Vec::new(),
            trial: None,
            fault: None,
        };
        let about = About { moves: moves.clone(), camps: camps.clone() };
        Ok(Self::begin(sitting, about, runs, ask, threads, laying))
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
            assert_eq!(contest.answer(), Some(&Ok(command.clone())));
        }
    }

    #[test]
    fn it_is_of_what_stood_and_nothing_is_left_of_what_is_stopped() {
        let mut s = sitting();
        let mut contest = Contest::start(&s, moved(&s), 50, ASK, 0).unwrap();
        // Camps are laid over the scenario first, one at a time.
        let mut steps = 0;
        contest.poll(|| {
            steps += 1;
            steps < 20
        });
        assert!(contest.is_running() && contest.is_of(&s, ASK) && contest.share() > 0.0);
        s.undo();
        assert!(!contest.is_of(&s, ASK));
        contest.cancel();
        assert!(!contest.is_running() && contest.answer().is_none());
        let untouched = Sitting::new(s.loaded.clone(), 4);
        let why = Contest::start(&untouched, moved(&untouched), 50, ASK, 0).err().unwrap();
        assert!(why.contains("Move a lever"), "{why}");
    }

    fn own(name: &str, parameter: &str) -> Camp {
        let text = format!(
            "format = 1\nextends = \"november-2024\"\nname = \"{name}\"\ntitle = \"Mine\"\ndescription = \"So it is.\"\n\
             [parameters]\n# Heard in a lecture.\n{parameter} = 0.3\n"
        );
        Camp::from_text("mine.toml", &text).unwrap()
    }

    /// A camp of a sitting's own is a column more, with what it would be alone; and with it what was asked before is of before.
    #[test]
    fn camps_of_a_sitting_stand_beside_those_that_ship() {
        let mut s = sitting();
        let finish = |s: &Sitting, threads| {
            let mut contest = Contest::start(s, moved(s), 8, ASK, threads).unwrap();
            while contest.is_running() {
                contest.poll(|| false);
                std::thread::yield_now();
            }
            contest
        };
        let before = finish(&s, 2);
        s.add_camp(own("mine", "beta_rho")).unwrap();
        assert!(!before.is_of(&s, ASK));
        let mine = s.camps()[0].clone();
        for threads in [0, 2] {
            let contest = finish(&s, threads);
            let table = contest.answer().unwrap().as_ref().unwrap();
            assert_eq!(contest.what.camps.len(), camps().len() + 1);
            let rules = [Rules::new(&mine.over("november-2024", &[]).unwrap())];
            let plan = Plan { seed: 4, days: 70, ..Plan::default() };
            let changes: Vec<Vec<LeverChange>> = moved(&s).iter().map(|(_, changes)| changes.clone()).collect();
            let alone = contested(&rules, &plan, &changes, &MEASURES, 8, 1, &Progress::default()).unwrap();
            let before = before.answer().unwrap().as_ref().unwrap();
            for (lever, measure) in table.conclusions() {
                assert_eq!(table.cell(lever, camps().len(), measure), alone.cell(lever, 0, measure));
                assert_eq!(table.cell(lever, 3, measure), before.cell(lever, 3, measure));
            }
        }
        s.drop_camp("mine");
        assert!(before.is_of(&s, ASK));
    }

    /// A camp whose parameter a scenario has not is named, and nothing is concluded without it.
    #[test]
    fn a_camp_that_does_not_fit_is_named() {
        let mut s = Sitting::new(detente_model::scenario::load("null").unwrap(), 4);
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        let mut camp = own("mine", "beta_rho");
        camp.sets[0].id = "table.eta[NOBODY]".to_owned();
        s.add_camp(camp).unwrap();
        for threads in [0, 1] {
            let mut contest = Contest::start(&s, moved(&s), 8, ASK, threads).unwrap();
            while contest.is_running() {
                contest.poll(|| false);
                std::thread::yield_now();
            }
            let why = contest.answer().unwrap().as_ref().unwrap_err();
            assert!(
                why.starts_with("The camp “mine” cannot be laid over this scenario: ") && why.ends_with('.'),
                "{why}"
            );
        }
    }
}
