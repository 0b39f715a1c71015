//! Predict before reveal: what futures of a policy may be shown, guesses about them, and their scores.
//!
//! Nothing here knows a sitting or a future. Whether something is covered follows from the switch, the lever logs that it is
//! of, and the logs that were revealed; a score follows from a guess and what came. [`super::cover`] brings both together.

use super::names::clean_name;
use detente_model::chance::hash_id;
use detente_model::symbols::levers::LeverChange;
use detente_study::tables::provenance::LeverLine;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Most guesses of a session.
pub const MOST_GUESSES: usize = 1_000;
/// Most hands of one answer.
pub const MOST_HANDS: u32 = 10_000;
/// Largest change that is guessed, in the unit of its track.
const LARGEST_CHANGE: f64 = 1.0e9;
/// What is called so where no name was given.
pub const NO_NAME: &str = "No name";
/// What a show of hands is called among names.
pub const HANDS: &str = "Show of hands";

/// How much of a set of futures is covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// Nothing.
    #[default]
    Open,
    /// What is of the policy: the baseline may be seen.
    Policy,
    /// All of it: the baseline, too, goes on from levers that nobody has guessed about.
    All,
}

/// Which way something goes under a policy: an answer of a show of hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Less of it.
    Less,
    /// No difference that can be told from luck.
    Same,
    /// More of it.
    More,
}

impl Way {
    /// All of them, in the order in which hands are counted.
    pub const ALL: [Self; 3] = [Self::Less, Self::Same, Self::More];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        ["less likely", "about the same", "more likely"][self as usize]
    }

    /// The way of a difference with this interval: where it spans zero, none can be told.
    #[must_use]
    pub fn of(low: f64, high: f64) -> Self {
        match (low > 0.0, high < 0.0) {
            (true, _) => Self::More,
            (_, true) => Self::Less,
            _ => Self::Same,
        }
    }
}

/// What is guessed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// The share of the policy's futures that end so.
    Chance {
        /// Name of the headline outcome in files, such as `regional_war`.
        outcome: String,
        /// Percent, 0 to 100.
        percent: f64,
    },
    /// The mean change of a track on the last day, against no change.
    Size {
        /// Id of the track, such as `killed`.
        track: String,
        /// In the unit of the track; of a share of futures in points.
        change: f64,
    },
    /// A show of hands on whether an outcome becomes less likely, stays about the same, or becomes more likely.
    Hands {
        /// Name of the headline outcome in files.
        outcome: String,
        /// Hands for less, same and more.
        counts: [u32; 3],
    },
}

impl What {
    /// Whether two are answers to one question.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Chance { outcome: a, .. }, Self::Chance { outcome: b, .. })
            | (Self::Hands { outcome: a, .. }, Self::Hands { outcome: b, .. }) => a == b,
            (Self::Size { track: a, .. }, Self::Size { track: b, .. }) => a == b,
            _ => false,
        }
    }

    /// Refuses what is no answer.
    ///
    /// # Errors
    /// One sentence.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Chance { percent, .. } if !(0.0..=100.0).contains(percent) => {
                Err("A chance is guessed in percent, from 0 to 100.".to_owned())
            }
            Self::Size { change, .. } if change.is_nan() || change.abs() > LARGEST_CHANGE => {
                Err("A change is guessed as a number in the unit of the chart, such as -0.5.".to_owned())
            }
            Self::Hands { counts, .. } if counts.iter().all(|n| *n == 0) => {
                Err("A show of hands needs a hand at least: how many for less, for the same, for more.".to_owned())
            }
            Self::Hands { counts, .. } if counts.iter().any(|n| *n > MOST_HANDS) => {
                Err(format!("A show of hands counts up to {MOST_HANDS} for each answer."))
            }
            _ => Ok(()),
        }
    }
}

/// What a guess is about: the policy, the point from which its futures run, and how far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Digest of every lever moved on the line of history without the policy.
    pub baseline: String,
    /// Digest of every lever moved with it.
    pub policy: String,
    /// What was moved.
    pub levers: Vec<LeverLine>,
    /// Seed.
    pub seed: u64,
    /// Number of the future that the history shown is.
    #[serde(default)]
    pub future: u64,
    /// The day from which the futures run.
    pub day: i32,
    /// Days ahead.
    pub days: u32,
    /// Whether parameters are drawn from their ranges.
    pub drawn: bool,
}

/// How it came out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Came {
    /// A share in percent; a change; of a show of hands −1, 0 or 1 for less, same and more.
    pub value: f64,
    /// The score: 0 is best.
    pub score: f64,
    /// The least that any answer could have had.
    pub least: f64,
    /// Pairs of futures that it was read from.
    pub pairs: u64,
}

/// A guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    /// Who guessed; empty without a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is about.
    pub about: About,
    /// The answer.
    pub what: What,
    /// How it came out, once it is revealed and its futures have come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<Came>,
}

impl Guess {
    /// Who guessed, in words.
    #[must_use]
    pub fn who(&self) -> &str {
        match &self.what {
            What::Hands { .. } => HANDS,
            _ if self.name.is_empty() => NO_NAME,
            _ => &self.name,
        }
    }
}

/// A sum of scores.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// How many.
    pub guesses: u32,
    /// Their scores together.
    pub score: f64,
}

impl Sum {
    fn add(&mut self, score: f64) {
        self.guesses += 1;
        self.score += score;
    }
}

/// A line of the board.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Who.
    pub who: String,
    /// Brier scores of chances (0 to 1 each) and of shows of hands (0 to 2 each).
    pub brier: Sum,
    /// Distances of sizes, in widths of the baseline's 90 % band.
    pub size: Sum,
}

/// The switch, the guesses of a session, and what was revealed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Guesses {
    /// Whether a policy's futures wait for a guess.
    #[serde(default)]
    pub on: bool,
    /// Digests of the lever logs that were revealed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    revealed: BTreeSet<String>,
    /// Guesses, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list: Vec<Guess>,
}

/// The digest of a lever log: the same for the same levers on the same days, on whatever branch.
#[must_use]
pub fn digest(log: &[LeverChange]) -> String {
    let mut text = String::new();
    for change in log {
        // The bits of the value: what is typed and what is dragged to is one only where it is the same.
        let _ = write!(text, "{} {} {:x};", change.day, change.lever.id(), change.value.raw().to_bits());
    }
    format!("{:016x}", hash_id(&text))
}

/// The mean Brier score of a guessed chance over futures of which this share comes to it: the chance squared where it does not
/// come, what is left to 1 squared where it does. Both are between 0 and 1.
#[must_use]
pub fn brier(chance: f64, share: f64) -> f64 {
    share * (1.0 - chance) * (1.0 - chance) + (1.0 - share) * chance * chance
}

/// The Brier score of hands over three answers, of which one came: 0 where all are for it, 2 where all are for another one.
#[must_use]
pub fn brier_of_hands(counts: [u32; 3], came: Way) -> f64 {
    let all: f64 = counts.iter().map(|n| f64::from(*n)).sum();
    let miss = |(n, way): (u32, Way)| {
        let share = if all > 0.0 { f64::from(n) / all } else { 1.0 / 3.0 };
        let so = f64::from(u8::from(way == came));
        (share - so) * (share - so)
    };
    counts.into_iter().zip(Way::ALL).map(miss).sum()
}

/// The score of a guessed size: its distance from what came (the CRPS of a single number), in units of `scale`.
#[must_use]
pub fn distance(guess: f64, came: f64, scale: f64) -> f64 {
    let scale = if scale > 0.0 { scale } else { 1.0 };
    (guess - came).abs() / scale
}

impl Guesses {
    /// Whether there is nothing in it that a file would have to keep.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.on && self.revealed.is_empty() && self.list.is_empty()
    }

    /// All of them, oldest first.
    #[must_use]
    pub fn list(&self) -> &[Guess] {
        &self.list
    }

    /// What a link takes along: the switch. Whoever opens it guesses anew.
    #[must_use]
    pub fn unanswered(&self) -> Self {
        Self { on: self.on, ..Self::default() }
    }

    /// Whether the futures of a lever log may be seen: without a move they always may.
    #[must_use]
    fn is_seen(&self, log: &[LeverChange]) -> bool {
        log.is_empty() || self.revealed.contains(&digest(log))
    }

    /// How much is covered of futures of these two lever logs, without a policy and with it.
    #[must_use]
    pub fn cover(&self, logs: &[Vec<LeverChange>; 2]) -> Cover {
        let [before, with] = logs;
        match self.on {
            true if !self.is_seen(before) => Cover::All,
            true if !self.is_seen(with) => Cover::Policy,
            _ => Cover::Open,
        }
    }

    /// Guesses about a policy, by the digest of its log.
    pub fn about<'a>(&'a self, policy: &'a str) -> impl Iterator<Item = &'a Guess> {
        self.list.iter().filter(move |guess| guess.about.policy == policy)
    }

    /// Whether a guess waits to be revealed.
    #[must_use]
    pub fn waits(&self, guess: &Guess) -> bool {
        !self.revealed.contains(&guess.about.policy)
    }

    /// Takes a guess. One under the same name about the same takes the place of the one before, and so does a show of hands;
    /// guesses without a name stand beside each other.
    ///
    /// # Errors
    /// One sentence, where it is no answer, or comes too late.
    pub fn add(&mut self, name: &str, about: About, what: What) -> Result<(), String> {
        what.check()?;
        if self.revealed.contains(&about.policy) {
            return Err("The futures of this policy were revealed already; move a lever for a new question.".to_owned());
        }
        let name = if name.trim().is_empty() { String::new() } else { clean_name(name) };
        let replaces = !name.is_empty() || matches!(what, What::Hands { .. });
        let same = |g: &Guess| g.about.policy == about.policy && g.name == name && g.what.asks_the_same(&what);
        if let Some(before) = self.list.iter_mut().find(|g| replaces && same(g)) {
            *before = Guess { name, about, what, came: None };
            return Ok(());
        }
        if self.list.len() >= MOST_GUESSES {
            return Err(format!("A session holds {MOST_GUESSES} guesses, and this one is full; start a new session."));
        }
        self.list.push(Guess { name, about, what, came: None });
        Ok(())
    }

    /// Takes the last guess about a policy back that is not revealed yet.
    ///
    /// # Errors
    /// One sentence, where there is none.
    pub fn take_back(&mut self, policy: &str) -> Result<(), String> {
        let last = self.list.iter().rposition(|guess| guess.about.policy == policy && self.waits(guess));
        let Some(last) = last else {
            return Err("No guess about this policy is waiting to be revealed.".to_owned());
        };
        self.list.remove(last);
        Ok(())
    }

    /// Reveals a policy about which a guess is in.
    ///
    /// # Errors
    /// One sentence, where there is none.
    pub fn reveal(&mut self, policy: &str) -> Result<(), String> {
        if self.about(policy).next().is_none() {
            return Err("No guess about this policy is in yet: guess first, then reveal.".to_owned());
        }
        self.revealed.insert(policy.to_owned());
        Ok(())
    }

    /// Whether a guess is revealed and waits for its score.
    #[must_use]
    pub fn has_unscored(&self) -> bool {
        self.list.iter().any(|guess| guess.came.is_none() && !self.waits(guess))
    }

    /// Scores what is revealed and waits for it, where `came` knows how it came out.
    pub fn score(&mut self, came: impl Fn(&Guess) -> Option<Came>) {
        let revealed = &self.revealed;
        for guess in self.list.iter_mut().filter(|g| g.came.is_none() && revealed.contains(&g.about.policy)) {
            guess.came = came(guess);
        }
    }

    /// The board: scores added up, in the order in which names came first.
    #[must_use]
    pub fn board(&self) -> Vec<Line> {
        let mut board: Vec<Line> = Vec::new();
        for guess in &self.list {
            let Some(came) = guess.came else { continue };
            let at = board.iter().position(|line| line.who == guess.who()).unwrap_or_else(|| {
                let (brier, size) = Default::default();
                board.push(Line { who: guess.who().to_owned(), brier, size });
                board.len() - 1
            });
            match guess.what {
                What::Size { .. } => board[at].size.add(came.score),
                _ => board[at].brier.add(came.score),
            }
        }
        board
    }

    /// Makes every word in it fit to be shown; returns whether a name had to be changed.
    pub(super) fn clean(&mut self) -> bool {
        let mut changed = false;
        for guess in &mut self.list {
            if !guess.name.is_empty() {
                let clean = clean_name(&guess.name);
                changed |= clean != guess.name;
                guess.name = clean;
            }
            let about = &mut guess.about;
            let mut codes = vec![&mut about.baseline, &mut about.policy];
            for line in &mut about.levers {
                codes.push(&mut line.lever);
                match &mut line.value {
                    serde_json::Value::String(text) => codes.push(text),
                    serde_json::Value::Number(_) => {}
                    other => *other = serde_json::Value::Null,
                }
            }
            codes.push(match &mut guess.what {
                What::Chance { outcome: id, .. } | What::Hands { outcome: id, .. } | What::Size { track: id, .. } => id,
            });
            for code in codes {
                *code = clean_name(code);
            }
        }
        self.revealed = std::mem::take(&mut self.revealed).into_iter().map(|digest| clean_name(&digest)).collect();
        changed
    }

    /// What is wrong with guesses that came from a file, if anything is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let finite = |came: &Came| [came.value, came.score, came.least].iter().all(|x| x.is_finite());
        if self.list.len() > MOST_GUESSES || self.revealed.len() > MOST_GUESSES {
            return Some("it has too many guesses");
        }
        let odd = |g: &Guess| g.what.check().is_err() || g.came.is_some_and(|came| !finite(&came));
        self.list.iter().any(odd).then_some("a guess in it is no answer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::Lever;
    use noisy_float::prelude::R64;

    fn log(moves: &[(i32, f64)]) -> Vec<LeverChange> {
        let change = |&(day, value): &(i32, f64)| LeverChange {
            day,
            lever: Lever::UnifilTroops,
            value: R64::try_new(value).unwrap(),
        };
        moves.iter().map(change).collect()
    }

    fn about(policy: &[LeverChange]) -> About {
        About {
            baseline: digest(&[]),
            policy: digest(policy),
            levers: Vec::new(),
            seed: 80,
            future: 0,
            day: 0,
            days: 180,
            drawn: true,
        }
    }

    fn chance(percent: f64) -> What {
        What::Chance { outcome: "regional_war".to_owned(), percent }
    }

    fn hands(counts: [u32; 3]) -> What {
        What::Hands { outcome: "regional_war".to_owned(), counts }
    }

    /// Whoever believes in a chance does best by saying it, and a little off costs something.
    #[test]
    fn scores_are_proper() {
        for share in [0.0, 0.07, 0.37, 0.5, 0.93, 1.0] {
            let at = brier(share, share);
            assert!((at - share * (1.0 - share)).abs() < 1e-12);
            for guess in (0..=100).map(|g| f64::from(g) / 100.0).filter(|g| (g - share).abs() > 1e-9) {
                assert!(brier(guess, share) > at, "{guess} for {share}");
            }
        }
        // Hands: the expected score under any belief in the three answers is least where hands are as the belief.
        let expected = |counts: [u32; 3], belief: [u32; 3]| -> f64 {
            Way::ALL.iter().zip(belief).map(|(way, p)| f64::from(p) / 20.0 * brier_of_hands(counts, *way)).sum()
        };
        let beliefs = [[20, 0, 0], [10, 6, 4], [1, 2, 17], [7, 7, 6]];
        for belief in beliefs {
            let at = expected(belief, belief);
            for less in 0..=20 {
                for same in 0..=20 - less {
                    let counts = [less, same, 20 - less - same];
                    assert!(counts == belief || expected(counts, belief) > at + 1e-9, "{counts:?} for {belief:?}");
                }
            }
        }
        for (guess, score) in [(-0.5, 0.5), (0.0, 0.25), (0.5, 0.0), (1.5, 0.5)] {
            assert!((distance(guess, 0.5, 2.0) - score).abs() < 1e-12, "{guess}");
        }
        assert!((distance(3.0, 1.0, 0.0) - 2.0).abs() < 1e-12, "without a band the unit is that of the chart");
    }

    #[test]
    fn hands_are_shares_whatever_their_number() {
        assert!(brier_of_hands([0, 0, 9], Way::More).abs() < 1e-12);
        assert!((brier_of_hands([9, 0, 0], Way::More) - 2.0).abs() < 1e-12);
        let few = brier_of_hands([1, 2, 3], Way::Same);
        assert!((few - brier_of_hands([10, 20, 30], Way::Same)).abs() < 1e-12);
        assert!((few - (1.0 / 36.0 + 16.0 / 36.0 + 9.0 / 36.0)).abs() < 1e-12, "{few}");
        for (low, high, way) in
            [(0.1, 0.2, Way::More), (-0.2, -0.1, Way::Less), (-0.1, 0.1, Way::Same), (0.0, 0.0, Way::Same)]
        {
            assert_eq!(Way::of(low, high), way);
        }
    }

    #[test]
    fn a_policy_is_covered_exactly_until_a_guess_about_it_is_revealed() {
        let (none, one, two) = (log(&[]), log(&[(0, 15_000.0)]), log(&[(0, 15_000.0), (40, 0.0)]));
        let mut g = Guesses::default();
        let pair = |a: &Vec<LeverChange>, b: &Vec<LeverChange>| [a.clone(), b.clone()];
        assert_eq!(g.cover(&pair(&none, &one)), Cover::Open, "it is off by default");
        g.on = true;
        assert_eq!(g.cover(&pair(&none, &none)), Cover::Open);
        assert_eq!(g.cover(&pair(&none, &one)), Cover::Policy);
        assert!(g.reveal(&digest(&one)).is_err(), "not without a guess");
        g.add("", about(&one), chance(20.0)).unwrap();
        assert_eq!(g.cover(&pair(&none, &one)), Cover::Policy, "a guess alone reveals nothing");
        assert!(!g.has_unscored());
        g.reveal(&digest(&one)).unwrap();
        assert_eq!(g.cover(&pair(&none, &one)), Cover::Open);
        assert!(g.add("", about(&one), chance(30.0)).is_err(), "too late");
        // Another policy needs another guess; a branch that goes on from it shows its past alone.
        assert_eq!(g.cover(&pair(&none, &two)), Cover::Policy);
        assert_eq!(g.cover(&pair(&one, &two)), Cover::Policy);
        assert_eq!(g.cover(&pair(&two, &two)), Cover::All, "a fork is no way round");
        assert_eq!(g.cover(&pair(&none, &log(&[(0, 15_000.5)]))), Cover::Policy);
        g.on = false;
        assert_eq!(g.cover(&pair(&none, &two)), Cover::Open);
        // From a file it is as it was; from a link everybody guesses anew.
        g.on = true;
        let again: Guesses = serde_json::from_str(&serde_json::to_string(&g).unwrap()).unwrap();
        assert_eq!(again, g);
        assert_eq!(g.unanswered().cover(&pair(&none, &one)), Cover::Policy);
        assert!(g.unanswered().list().is_empty());
    }

    #[test]
    fn names_and_hands_guess_once_and_the_nameless_each_for_themselves() {
        let one = log(&[(0, 15_000.0)]);
        let mut g = Guesses { on: true, ..Guesses::default() };
        for percent in [10.0, 20.0] {
            g.add("", about(&one), chance(percent)).unwrap();
            g.add(" Ana ", about(&one), chance(percent)).unwrap();
        }
        g.add("", about(&one), hands([1, 1, 1])).unwrap();
        g.add("", about(&one), hands([3, 2, 1])).unwrap();
        let told: Vec<(&str, &What)> = g.list().iter().map(|guess| (guess.who(), &guess.what)).collect();
        let (ten, twenty, shown) = (chance(10.0), chance(20.0), hands([3, 2, 1]));
        assert_eq!(told, [(NO_NAME, &ten), ("Ana", &twenty), (NO_NAME, &twenty), (HANDS, &shown)]);
        g.take_back(&digest(&one)).unwrap();
        assert_eq!(g.list().len(), 3);
        for bad in [chance(-1.0), chance(f64::NAN), chance(101.0), hands([0, 0, 0]), hands([0, 20_000, 0])] {
            assert!(g.add("", about(&one), bad.clone()).is_err_and(|why| why.ends_with('.')), "{bad:?}");
        }
        let nothing = What::Size { track: "killed".to_owned(), change: f64::INFINITY };
        assert!(g.add("", about(&one), nothing).is_err());
        g.reveal(&digest(&one)).unwrap();
        assert!(g.take_back(&digest(&one)).is_err(), "what was revealed stands");
    }

    #[test]
    fn the_board_adds_up_what_was_scored() {
        let (one, two) = (log(&[(0, 15_000.0)]), log(&[(0, 0.0)]));
        let mut g = Guesses { on: true, ..Guesses::default() };
        for policy in [&one, &two] {
            g.add("Ana", about(policy), chance(50.0)).unwrap();
            g.add("", about(policy), What::Size { track: "killed".to_owned(), change: 1.0 }).unwrap();
            g.add("", about(policy), hands([1, 0, 1])).unwrap();
        }
        let came = |_: &Guess| Some(Came { value: 1.0, score: 0.25, least: 0.0, pairs: 256 });
        g.score(came);
        assert!(g.board().is_empty(), "nothing is revealed");
        g.reveal(&digest(&one)).unwrap();
        assert!(g.has_unscored());
        g.score(|_| None);
        assert!(g.has_unscored() && g.board().is_empty(), "the futures have not come");
        g.score(came);
        assert!(!g.has_unscored());
        g.reveal(&digest(&two)).unwrap();
        g.score(came);
        let sum = |guesses: u32, score: f64| Sum { guesses, score };
        let line = |who: &str, brier, size| Line { who: who.to_owned(), brier, size };
        let board = [
            line("Ana", sum(2, 0.5), Sum::default()),
            line(NO_NAME, Sum::default(), sum(2, 0.5)),
            line(HANDS, sum(2, 0.5), Sum::default()),
        ];
        assert_eq!(g.board(), board);
    }

    #[test]
    fn guesses_of_strangers_are_cleaned_or_refused() {
        let one = log(&[(0, 15_000.0)]);
        let mut g = Guesses { on: true, ..Guesses::default() };
        g.add("Ana", about(&one), chance(50.0)).unwrap();
        assert_eq!(g.fault(), None);
        let mut long = g.clone();
        long.list[0].name = "a\u{202E}b\n".repeat(900);
        assert!(long.clean() && long.list[0].name.chars().count() <= 60);
        assert!(!g.clean(), "what is clean stays as it is");
        let mut odd = g.clone();
        odd.list[0].what = chance(900.0);
        assert!(odd.fault().is_some());
        let mut many = g;
        many.list = vec![many.list[0].clone(); MOST_GUESSES + 1];
        assert!(many.fault().is_some());
    }
}
