//! Branches, the playhead, and lever moves with undo.

use super::camps;
use super::guesses::Guesses;
use super::history::{History, Stage};
use super::names::{LONGEST_NAME, clean_name};
use super::steps::Steps;
use super::wish::{Ready, Wish};
use detente_learn::now::Start;
use detente_model::camps::Camp;
use detente_model::chance::Key;
use detente_model::record::explain::{Explanation, Known, explain_known};
use detente_model::record::fates::Fates;
use detente_model::record::outcome::{Outcome, levers_on};
use detente_model::record::recorder::{EventId, outcome_of};
use detente_model::scenario::Loaded;
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Snapshot};
use detente_model::symbols::levers::{Lever, LeverChange, LeverSet};
use noisy_float::prelude::R64;

/// No branch goes on beyond this many days; the model is about the coming year or two.
pub const LAST_DAY: i32 = 1_000;
/// Most branches of a sitting.
pub const MOST_BRANCHES: usize = 64;
/// Steps that undo remembers.
const REMEMBERED: usize = 200;

/// One line of history: what the user changed on it, and what happened.
#[derive(Clone)]
pub struct Branch {
    /// Number that stays with it.
    pub id: u32,
    /// Name given by the user.
    pub name: String,
    /// The branch it left, and the first day on which it could differ.
    pub fork: Option<(u32, i32)>,
    /// Everything the user changed, that of the branches it came from included, in order of days.
    pub changes: Vec<LeverChange>,
    /// What happened.
    pub history: History,
}

impl Branch {
    /// The first day on which it can differ from what it is compared with: its fork, or day 0.
    #[must_use]
    pub fn since(&self) -> i32 {
        self.fork.map_or(0, |(_, day)| day)
    }

    /// Changes made since the fork: "your policy".
    pub fn policy(&self) -> impl Iterator<Item = &LeverChange> {
        let since = self.since();
        self.changes.iter().filter(move |change| change.day >= since)
    }

    /// The log of the sibling that never changed since the fork.
    #[must_use]
    pub fn unchanged(&self) -> Vec<LeverChange> {
        let since = self.since();
        self.changes.iter().filter(|change| change.day < since).copied().collect()
    }
}

/// A branch as the user made it, without what followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Number.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Fork.
    pub fork: Option<(u32, i32)>,
    /// Changes.
    pub changes: Vec<LeverChange>,
    /// Days played.
    pub days: i32,
}

/// Everything a sitting is made of; the rest follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Which future it is: seed, number, and whether parameters are drawn.
    pub fate: Fate,
    /// Branches.
    pub courses: Vec<Course>,
    /// Branch shown, by position.
    pub current: usize,
    /// Playhead.
    pub today: i32,
}

/// What a step of undo takes back.
struct Step {
    /// Says which moves are one step: a slider that is dragged is one move.
    tag: Option<(u32, Lever, i32)>,
    before: Script,
}

/// A sitting.
pub struct Sitting {
    /// The scenario as loaded.
    pub loaded: Loaded,
    /// Its rules, with the parameters that its future draws, where it draws any.
    pub rules: Rules,
    /// Where its history starts, where that is not day 0 of the scenario, and the scenario's rules, of which that has its own.
    start: Option<(Start, Rules)>,
    fate: Fate,
    branches: Vec<Branch>,
    current: usize,
    today: i32,
    now: Snapshot,
    stage: Stage,
    undo: Vec<Step>,
    redo: Vec<Script>,
    next_id: u32,
    /// Counts everything that can change what is shown; whoever caches compares it.
    revision: u64,
    sibling: Option<Sibling>,
    /// What was guessed, and what may be seen. Not a part of the history: undo does not touch it.
    guesses: Guesses,
    /// What is shown one after another. No part of the history either.
    steps: Steps,
    /// Camps of somebody's own. No part of the history either.
    camps: Vec<Camp>,
}

/// The line of history that never changed since the fork, as far as it was asked for.
struct Sibling {
    fate: Fate,
    log: Vec<LeverChange>,
    history: History,
}

impl Sitting {
    /// Day 0 of a scenario: the future 0 of a seed, with parameters at their defaults.
    #[must_use]
    pub fn new(loaded: Loaded, seed: u64) -> Self {
        Self::of(loaded, Fate { seed, future: 0, prior: false })
    }

    /// Day 0 of one future of a scenario: the one that a batch with this seed counts so.
    #[must_use]
    pub fn of(loaded: Loaded, fate: Fate) -> Self {
        Self::starting(loaded, fate, None)
    }

    /// The same from what was observed, where a start is given: the state and the numbers of one of its particles, those of
    /// the future at its number modulo theirs. Nothing is drawn beside them.
    #[must_use]
    pub fn starting(loaded: Loaded, fate: Fate, start: Option<Start>) -> Self {
        let mut rules = Rules::new(&loaded);
        let fate = Fate { prior: fate.prior && start.is_none(), ..fate };
        let base = start.as_ref().map(|_| rules.clone());
        if let Some(start) = &start {
            rules = start.own(&rules, fate.future);
        }
        let mut stage = Stage::new(&rules, fate.seed, start.clone());
        let history = History::new(&mut stage, fate);
        if fate.prior {
            rules.redraw(Key::new(fate.seed, fate.future));
        }
        let now = history.end().clone();
        let root = Branch { id: 0, name: "As it stands".to_owned(), fork: None, changes: Vec::new(), history };
        Self {
            loaded,
            rules,
            start: start.zip(base),
            fate,
            branches: vec![root],
            current: 0,
            today: 0,
            now,
            stage,
            undo: Vec::new(),
            redo: Vec::new(),
            next_id: 1,
            revision: 0,
            sibling: None,
            guesses: Guesses::default(),
            steps: Steps::default(),
            camps: Vec::new(),
        }
    }

    /// Seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.fate.seed
    }

    /// Random numbers and parameters of the history shown.
    #[must_use]
    pub fn fate(&self) -> Fate {
        self.fate
    }

    /// Which future the history is, in words: `seed 80`, `seed 80, future 17, parameters drawn`.
    #[must_use]
    pub fn fate_words(&self) -> String {
        match self.start() {
            Some(start) => start_words(self.fate, start),
            None => fate_words(self.fate),
        }
    }

    /// Where its history starts, where that is not day 0 of the scenario.
    #[must_use]
    pub fn start(&self) -> Option<&Start> {
        self.start.as_ref().map(|(start, _)| start)
    }

    /// The scenario's own rules, from which futures draw theirs: those of the history shown draw nothing more.
    #[must_use]
    pub fn base(&self) -> Rules {
        if let Some((_, base)) = &self.start {
            return base.clone();
        }
        let mut base = self.rules.clone();
        if self.fate.prior {
            base.reset();
        }
        base
    }

    /// The day about to run: the playhead.
    #[must_use]
    pub fn today(&self) -> i32 {
        self.today
    }

    /// The state at the playhead: the evening before today.
    #[must_use]
    pub fn now(&self) -> &Snapshot {
        &self.now
    }

    /// Whether nothing was done in it yet.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        let branch = self.branch();
        let prepared = !self.guesses.list().is_empty() || !self.steps.is_empty() || !self.camps.is_empty();
        self.branches.len() == 1 && branch.history.days() == 0 && branch.changes.is_empty() && !prepared
    }

    /// What was guessed in it, and whether a policy's futures wait for a guess.
    #[must_use]
    pub fn guesses(&self) -> &Guesses {
        &self.guesses
    }

    /// Changes what was guessed.
    pub fn guess<R>(&mut self, change: impl FnOnce(&mut Guesses) -> R) -> R {
        self.revision += 1;
        change(&mut self.guesses)
    }

    /// What is shown one after another.
    #[must_use]
    pub fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Changes what is shown one after another.
    pub fn prepare<R>(&mut self, change: impl FnOnce(&mut Steps) -> R) -> R {
        self.revision += 1;
        change(&mut self.steps)
    }

    /// Camps of somebody's own, which stand beside those that ship.
    #[must_use]
    pub fn camps(&self) -> &[Camp] {
        &self.camps
    }

    /// Adds a camp of somebody's own.
    ///
    /// # Errors
    /// One sentence, where there are enough, or one of that name.
    pub fn add_camp(&mut self, camp: Camp) -> Result<(), String> {
        self.revision += 1;
        camps::add(&mut self.camps, camp)
    }

    /// Takes a camp of somebody's own away, if there is one of this name.
    pub fn drop_camp(&mut self, name: &str) {
        self.revision += 1;
        self.camps.retain(|camp| camp.name != name);
    }

    /// Counts what was done; the same number means that nothing has changed.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// All branches, oldest first.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Position of the branch shown.
    #[must_use]
    pub fn current(&self) -> usize {
        self.current
    }

    /// The branch shown.
    #[must_use]
    pub fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    /// The branch with this number.
    #[must_use]
    pub fn position(&self, id: u32) -> Option<usize> {
        self.branches.iter().position(|branch| branch.id == id)
    }

    /// Names and readers of the series.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The state of any branch before a day runs (its end, if it was not played so far).
    #[must_use]
    pub fn state(&mut self, branch: usize, day: i32) -> Snapshot {
        let b = &self.branches[branch];
        b.history.at(&mut self.stage, self.fate, &b.changes, day)
    }

    /// Events before the playhead.
    #[must_use]
    pub fn past(&self) -> &[(EventId, Event)] {
        self.branch().history.before(self.today)
    }

    /// Why an event of the branch shown happened, replayed from the kept evening before it.
    ///
    /// # Errors
    /// If the branch has no such event.
    pub fn explain(&self, event: EventId) -> Result<Explanation, String> {
        let Branch { changes, history, .. } = self.branch();
        let known = Known { events: &history.events, mark_before: &|day| history.mark_before(day) };
        let start = self.start.as_ref().map(|_| history.mark_before(0));
        explain_known(&self.rules, Fates::from(self.fate()).starting(start), changes, event, known)
    }

    /// How the history shown would be classed, were today its end.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        outcome_of(&self.rules, &self.now)
    }

    /// A lever's value from today on: what is in force, or what is about to be.
    #[must_use]
    pub fn lever(&self, lever: Lever) -> f64 {
        self.levers()[lever]
    }

    /// Every lever's value from today on: what is in force, or what is about to be.
    #[must_use]
    pub fn levers(&self) -> LeverSet {
        let (mut levers, log) = (self.now.levers.clone(), &self.branch().changes);
        for change in self.rules.frame.log_with(log).iter().filter(|change| change.day == self.today) {
            levers.set(change.lever, change.value.raw());
        }
        let steered = self.rules.frame.administration == Some(self.today)
            || levers[Lever::Administration].to_bits() != self.now.levers[Lever::Administration].to_bits();
        if steered {
            self.steer(&mut levers, log, self.today);
        }
        levers
    }

    /// A lever's value from today on, had the user never moved it since the fork.
    #[must_use]
    pub fn lever_unchanged(&self, lever: Lever) -> f64 {
        self.levers_unchanged()[lever]
    }

    /// Every lever's value from today on, had the user never moved one since the fork.
    #[must_use]
    pub fn levers_unchanged(&self) -> LeverSet {
        self.levers_under(&self.branch().unchanged(), self.today)
    }

    /// Levers in force on the evening of a day under a log.
    pub(super) fn levers_under(&self, log: &[LeverChange], day: i32) -> LeverSet {
        let mut levers = levers_on(&self.rules.frame, log, day);
        self.steer(&mut levers, log, day);
        levers
    }

    /// What an administration in office makes of the sanctions lever, unless the scenario or the user holds it.
    fn steer(&self, levers: &mut LeverSet, log: &[LeverChange], day: i32) {
        let held = log.iter().any(|change| change.lever == Lever::SanctionsPressure && change.day <= day);
        if !held
            && !self.rules.frame.holds_sanctions
            && let Some(pressure) = self.rules.course(levers, day).map(|course| course.sanctions)
        {
            levers.set(Lever::SanctionsPressure, pressure);
        }
    }

    /// The state at the playhead with the levers as they would be, had the user never moved one since the fork: where the
    /// baseline's futures start.
    #[must_use]
    pub fn now_unchanged(&self) -> (Snapshot, Vec<LeverChange>) {
        self.with_levers_unchanged(self.now.clone(), self.today)
    }

    /// The state at the playhead, had the user moved no lever since the fork: the sibling's state on the same day.
    #[must_use]
    pub fn had_it_not_changed(&mut self) -> Snapshot {
        let branch = self.branch();
        let (log, since, today, fate) = (branch.unchanged(), branch.since(), self.today, self.fate);
        let first = branch.policy().map(|change| change.day).min().unwrap_or(today).min(today).max(since);
        // A history is a pure function of fate and log, so one that is known only has to be played on.
        let known = self.sibling.take().filter(|known| known.fate == self.fate && known.log == log);
        let mut history = match known {
            Some(known) => known.history,
            None => self.branches[self.current].history.branch(&mut self.stage, fate, &log, first),
        };
        history.play(&mut self.stage, fate, &log, today);
        let now = history.at(&mut self.stage, fate, &log, today);
        self.sibling = Some(Sibling { fate, log, history });
        now
    }

    /// Moves the playhead, playing on where it goes beyond what was played.
    pub fn go_to(&mut self, day: i32) {
        let day = day.clamp(0, LAST_DAY);
        if day == self.today {
            return;
        }
        self.today = day;
        self.refresh();
    }

    /// Moves the playhead by one day.
    pub fn step(&mut self, days: i32) {
        self.go_to(self.today + days);
    }

    /// Brings the shown branch to the playhead and reads its state there.
    fn refresh(&mut self) {
        let branch = &mut self.branches[self.current];
        branch.history.play(&mut self.stage, self.fate, &branch.changes, self.today);
        self.now = branch.history.at(&mut self.stage, self.fate, &branch.changes, self.today);
        self.revision += 1;
    }

    /// Plays another branch to the playhead, so that both can be shown in step.
    pub fn bring(&mut self, branch: usize) {
        let (fate, today) = (self.fate, self.today);
        if let Some(b) = self.branches.get_mut(branch)
            && b.history.days() < today
        {
            b.history.play(&mut self.stage, fate, &b.changes, today);
            self.revision += 1;
        }
    }

    /// Moves a lever from today on. Where the branch was already played beyond today, the past is not overwritten: a new
    /// branch begins, and its name is returned. From then on the user holds the lever: what the scenario or an
    /// administration would have made of it later no longer comes.
    ///
    /// # Errors
    /// One sentence, if the lever does not take the value or there is no room for a branch.
    pub fn set_lever(&mut self, lever: Lever, value: f64) -> Result<Option<String>, String> {
        let value = lever.admit(value)?;
        let Some(exact) = R64::try_new(value) else { return Err(format!("{} takes no such value", lever.id())) };
        if self.lever(lever).to_bits() == value.to_bits() {
            return Ok(None);
        }
        let past = self.branch().history.days() > self.today;
        if past {
            self.room()?;
        }
        self.remember(Some((self.branch().id, lever, self.today)));
        let mut forked = None;
        if past {
            forked = Some(self.fork_unremembered(&format!("From day {}", self.today)));
            // What follows on the new branch is one step with its beginning.
            if let Some(step) = self.undo.last_mut() {
                step.tag = Some((self.branches[self.current].id, lever, self.today));
            }
        }
        self.put(lever, exact);
        Ok(forked)
    }

    /// Moves a lever from today on, on a branch that ends today.
    fn put(&mut self, lever: Lever, value: R64) {
        let today = self.today;
        let changes = &mut self.branches[self.current].changes;
        changes.retain(|c| c.lever != lever || c.day < today);
        self.revision += 1;
        if self.lever(lever).to_bits() != value.raw().to_bits() {
            let changes = &mut self.branches[self.current].changes;
            changes.push(LeverChange { day: today, lever, value });
            changes.sort_by_key(|change| change.day);
        }
    }

    /// Refuses where no more branches fit.
    fn room(&self) -> Result<(), String> {
        if self.branches.len() < MOST_BRANCHES {
            return Ok(());
        }
        Err(format!(
            "A session holds {MOST_BRANCHES} branches, and this one is full; delete branches that you no longer need, then go on."
        ))
    }

    /// Takes a lever back to what it would be without the user's changes since the fork.
    ///
    /// # Errors
    /// As [`Sitting::set_lever`].
    pub fn reset_lever(&mut self, lever: Lever) -> Result<Option<String>, String> {
        self.set_lever(lever, self.lever_unchanged(lever))
    }

    /// Takes every lever back, in one step. Returns the name of the branch that this begins, as [`Sitting::set_lever`].
    ///
    /// # Errors
    /// As [`Sitting::set_lever`].
    pub fn reset_all(&mut self) -> Result<Option<String>, String> {
        let unchanged = self.levers_unchanged();
        let moves: Vec<(Lever, f64)> = Lever::ALL.iter().map(|&lever| (lever, unchanged[lever])).collect();
        self.set_levers(&moves)
    }

    /// Moves several levers from today on, in one step, as [`Sitting::set_lever`] moves one.
    ///
    /// # Errors
    /// As [`Sitting::set_lever`]; then none is moved.
    pub fn set_levers(&mut self, moves: &[(Lever, f64)]) -> Result<Option<String>, String> {
        let mut news = Vec::new();
        for &(lever, value) in moves {
            let value = lever.admit(value)?;
            let Some(exact) = R64::try_new(value) else { return Err(format!("{} takes no such value", lever.id())) };
            if self.lever(lever).to_bits() != value.to_bits() {
                news.push((lever, exact));
            }
        }
        if news.is_empty() {
            return Ok(None);
        }
        let past = self.branch().history.days() > self.today;
        if past {
            self.room()?;
        }
        self.remember(None);
        let forked = past.then(|| self.fork_unremembered(&format!("From day {}", self.today)));
        for (lever, value) in news {
            self.put(lever, value);
        }
        Ok(forked)
    }

    /// Starts a new branch at the playhead and shows it; returns its name. It takes along what was set for today; what its
    /// parent changed later, it does not.
    ///
    /// # Errors
    /// One sentence, if there is no room for a branch.
    pub fn fork(&mut self, name: &str) -> Result<String, String> {
        self.room()?;
        self.remember(None);
        Ok(self.fork_unremembered(name))
    }

    fn fork_unremembered(&mut self, name: &str) -> String {
        let (fate, today) = (self.fate, self.today);
        let parent = self.branch();
        let mut name = clean_name(name);
        let taken = |name: &str| self.branches.iter().any(|b| b.name == name);
        if taken(&name) {
            // With room for the number behind it.
            let stem: String = name.chars().take(LONGEST_NAME - 5).collect();
            let free = (2..).map(|n| format!("{stem} ({n})")).find(|name| !taken(name));
            name = free.unwrap_or(name);
        }
        let changes: Vec<LeverChange> = parent.changes.iter().filter(|c| c.day <= today).copied().collect();
        let fork = Some((parent.id, today));
        let history = self.branches[self.current].history.branch(&mut self.stage, fate, &changes, today);
        self.branches.push(Branch { id: self.next_id, name: name.clone(), fork, changes, history });
        self.next_id += 1;
        self.current = self.branches.len() - 1;
        self.refresh();
        name
    }

    /// The first day on which two branches can differ: where their lines of descent part. A branch never leaves itself.
    #[must_use]
    pub fn shared_days(&self, a: usize, b: usize) -> i32 {
        // Every branch on the way back to the first, with the last day that is shared with it.
        let line = |branch: usize| {
            let mut line = Vec::new();
            let (mut at, mut until) = (self.branches.get(branch), i32::MAX);
            while let Some(branch) = at {
                line.push((branch.id, until));
                at = branch.fork.and_then(|(id, day)| {
                    until = until.min(day);
                    self.branches.get(self.position(id)?)
                });
            }
            line
        };
        let other = line(b);
        let shared = |(id, until): (u32, i32)| Some(until.min(other.iter().find(|(o, _)| *o == id)?.1));
        line(a).into_iter().filter_map(shared).max().unwrap_or(0)
    }

    /// Shows another branch, at the same day.
    pub fn show(&mut self, branch: usize) {
        if branch < self.branches.len() && branch != self.current {
            self.current = branch;
            self.refresh();
        }
    }

    /// Renames a branch.
    pub fn rename(&mut self, branch: usize, name: &str) {
        let name = clean_name(name);
        if let Some(b) = self.branches.get_mut(branch)
            && b.name != name
        {
            b.name = name;
            self.revision += 1;
        }
    }

    /// Deletes a branch, as one step of undo; returns its name. Branches that left it keep their history: of these the one
    /// that shares most with it takes its place, and leaves where it left. If it was shown, its parent is shown.
    ///
    /// # Errors
    /// One sentence, for the first branch and for one that is not there.
    pub fn prune(&mut self, branch: usize) -> Result<String, String> {
        let Some(pruned) = self.branches.get(branch) else {
            return Err("This branch is no longer there.".to_owned());
        };
        let Some((parent, left)) = pruned.fork else {
            return Err(format!("“{}” cannot be deleted: every other branch has its past from it.", pruned.name));
        };
        let (id, shown) = (pruned.id, self.branch().id);
        self.remember(None);
        let pruned = self.branches.remove(branch);
        let day = |b: &Branch| b.fork.filter(|(of, _)| *of == id).map(|(_, day)| day);
        // The last to leave shares with each of the others what the branch itself did; of several, the oldest.
        let last = self.branches.iter().filter_map(day).max();
        if let Some(heir) = self.branches.iter().position(|b| last.is_some() && day(b) == last) {
            let mut heir = self.branches.remove(heir);
            heir.fork = Some((parent, left.min(last.unwrap_or(left))));
            for other in &mut self.branches {
                if let Some(day) = day(other) {
                    other.fork = Some((heir.id, day));
                }
            }
            // A branch stands behind the one that it left.
            self.branches.insert(branch.min(self.branches.len()), heir);
        }
        let next = self.position(if shown == id { parent } else { shown });
        self.current = next.unwrap_or(0);
        self.refresh();
        Ok(pruned.name)
    }

    /// Replays everything under another seed.
    pub fn reseed(&mut self, seed: u64) {
        self.grant(Wish::Reseed(seed), Vec::new());
    }

    /// Replays everything as another future: the same levers on its random numbers, and with the parameters that it draws.
    pub fn turn_to(&mut self, fate: Fate) {
        self.grant(Wish::Future(fate), Vec::new());
    }

    /// What the sitting will be made of once a wish is granted.
    #[must_use]
    pub fn script_after(&self, wish: Wish) -> Script {
        match wish {
            Wish::Reseed(seed) => Script { fate: Fate { seed, future: 0, prior: false }, ..self.script() },
            Wish::Future(fate) => {
                // The numbers of a start are drawn already.
                let fate = Fate { prior: fate.prior && self.start.is_none(), ..fate };
                Script { fate, ..self.script() }
            }
            Wish::Undo => self.undo.last().map_or_else(|| self.script(), |step| self.back_at(step.before.clone())),
            Wish::Redo => self.redo.last().map_or_else(|| self.script(), |after| self.back_at(after.clone())),
            Wish::GoTo(day) => {
                let mut script = self.script();
                script.today = day.clamp(0, LAST_DAY);
                let course = &mut script.courses[self.current];
                course.days = course.days.max(script.today);
                script
            }
        }
    }

    /// Does what may take a while, with what was played for it beforehand ([`super::replay::Replay`]); what is missing is
    /// played now, and what does not fit is left aside, so that every number is the same either way.
    pub fn grant(&mut self, wish: Wish, ready: Vec<Ready>) {
        let script = self.script_after(wish);
        match wish {
            Wish::Reseed(_) | Wish::Future(_) if script.fate == self.fate => return,
            Wish::Reseed(_) | Wish::Future(_) => self.remember(None),
            Wish::Undo => match self.undo.pop() {
                Some(_) => self.redo.push(self.script()),
                None => return,
            },
            Wish::Redo => match self.redo.pop() {
                Some(_) => self.undo.push(Step { tag: None, before: self.script() }),
                None => return,
            },
            Wish::GoTo(_) if script.today == self.today => return,
            Wish::GoTo(_) => {}
        }
        self.take_ready(&script, ready);
    }

    /// Whether there is something to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Takes the last move back.
    pub fn undo(&mut self) {
        self.grant(Wish::Undo, Vec::new());
    }

    /// Does again what was taken back.
    pub fn redo(&mut self) {
        self.grant(Wish::Redo, Vec::new());
    }

    /// A script of this sitting's own past as of today. Undo takes back a move: not the days that passed since, nor names.
    fn back_at(&self, mut script: Script) -> Script {
        script.today = self.today;
        let same_fate = script.fate == self.fate;
        for course in &mut script.courses {
            if let Some(known) = self.branches.iter().find(|b| b.id == course.id) {
                course.name.clone_from(&known.name);
                if same_fate {
                    course.days = course.days.max(known.history.days());
                }
            }
        }
        script
    }

    /// Closes a step of undo: the next move of the same lever is a step of its own.
    pub fn end_step(&mut self) {
        if let Some(step) = self.undo.last_mut() {
            step.tag = None;
        }
    }

    fn remember(&mut self, tag: Option<(u32, Lever, i32)>) {
        self.redo.clear();
        if tag.is_some() && self.undo.last().is_some_and(|step| step.tag == tag) {
            return;
        }
        self.undo.push(Step { tag, before: self.script() });
        if self.undo.len() > REMEMBERED {
            self.undo.remove(0);
        }
    }

    /// What the sitting is made of.
    #[must_use]
    pub fn script(&self) -> Script {
        let course = |b: &Branch| Course {
            id: b.id,
            name: b.name.clone(),
            fork: b.fork,
            changes: b.changes.clone(),
            days: b.history.days(),
        };
        Script {
            fate: self.fate,
            courses: self.branches.iter().map(course).collect(),
            current: self.current,
            today: self.today,
        }
    }

    /// Becomes what a script says, replaying what has to be.
    pub fn take(&mut self, script: &Script) {
        self.take_ready(script, Vec::new());
    }

    /// Becomes what a script says, with histories that were played beforehand as far as they fit.
    pub fn take_ready(&mut self, script: &Script, mut ready: Vec<Ready>) {
        let fate = script.fate;
        let same_fate = script.fate == self.fate;
        let mut old = std::mem::take(&mut self.branches);
        if !same_fate {
            self.rules = self.base();
            if let Some((start, _)) = &self.start {
                self.rules = start.own(&self.rules, fate.future);
                self.stage.take_rules(&self.rules);
            }
            if fate.prior {
                self.rules.redraw(Key::new(fate.seed, fate.future));
            }
        }
        self.fate = fate;
        for course in &script.courses {
            let played = ready.iter().position(|r| r.fate == fate && r.id == course.id);
            let played = played.map(|i| ready.swap_remove(i)).map(|r| (r.changes, r.history));
            let known = old.iter().position(|b| same_fate && b.id == course.id);
            let known = known.map(|i| old.swap_remove(i)).map(|b| (b.changes, b.history));
            let mut history = match played.or(known) {
                Some((changes, mut history)) => {
                    let parts = first_difference(&changes, &course.changes).unwrap_or(i32::MAX);
                    history.truncate(&mut self.stage, fate, &course.changes, course.days.min(parts));
                    history
                }
                None => History::new(&mut self.stage, fate),
            };
            history.play(&mut self.stage, fate, &course.changes, course.days.min(LAST_DAY));
            self.branches.push(Branch {
                id: course.id,
                name: course.name.clone(),
                fork: course.fork,
                changes: course.changes.clone(),
                history,
            });
            self.next_id = self.next_id.max(course.id + 1);
        }
        self.current = script.current.min(self.branches.len().saturating_sub(1));
        self.today = script.today.clamp(0, LAST_DAY);
        self.refresh();
    }
}

/// The first day on which two logs differ; both are in order of days.
pub(super) fn first_difference(a: &[LeverChange], b: &[LeverChange]) -> Option<i32> {
    let only = |of: &[LeverChange], not: &[LeverChange]| {
        let that_day = |day: i32| {
            &not[not.partition_point(|change| change.day < day)..not.partition_point(|change| change.day <= day)]
        };
        of.iter().find(|change| !that_day(change.day).contains(change)).map(|change| change.day)
    };
    match (only(a, b), only(b, a)) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (one, other) => one.or(other),
    }
}

/// A future in words: `seed 80`, `seed 80, future 17, parameters drawn`.
#[must_use]
pub fn fate_words(Fate { seed, future, prior }: Fate) -> String {
    let drawn = if prior { ", parameters drawn" } else { "" };
    if future == 0 && !prior { format!("seed {seed}") } else { format!("seed {seed}, future {future}{drawn}") }
}

/// The same of a history that starts from a nowcast: `seed 80, future 17 from what was observed to 2024-11-07`.
fn start_words(Fate { seed, future, .. }: Fate, start: &Start) -> String {
    format!("seed {seed}, future {future} from what was observed to {}", start.until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::record::recorder::record;

    fn sitting() -> Sitting {
        Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 7)
    }

    fn digest(sitting: &Sitting, branch: usize) -> String {
        let b = &sitting.branches()[branch];
        record(&sitting.rules, sitting.fate(), &b.changes, b.history.days() as u32, |_| true).unwrap().digest.whole
    }

    /// From what was observed a history is that of a run from there; it is opened again from a file and a link, explained, forked,
    /// and turned to another particle; its futures have the particles' numbers.
    #[test]
    fn a_history_from_a_nowcast_is_that_of_a_headless_run_and_opens_again() {
        use crate::chart::{Ask, Fans};
        use crate::file::Saved;
        use detente_learn::now::shipped_start;
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let base = Rules::new(&loaded);
        let start = shipped_start("2024-11-07", &base).unwrap();
        let fate = Fate { seed: 7, future: 17, prior: false };
        let alone = |future: u64, log: &[LeverChange], days: u32| {
            let fates = Fates::from(Fate { future, ..fate }).starting(Some(&start.of(future).state));
            record(&start.own(&base, future), fates, log, days, |_| true).unwrap().digest
        };
        let mut s = Sitting::starting(loaded, fate, Some(start.clone()));
        assert_eq!(s.now(), &start.of(17).state);
        s.go_to(40);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        s.go_to(60);
        let log = s.branch().changes.clone();
        assert_eq!(s.branch().history.digest(), alone(17, &log, 60));
        assert!(s.fate_words().ends_with("from what was observed to 2024-11-07"), "{}", s.fate_words());
        let &(id, _) = s.past().iter().rev().find(|(_, event)| event.kind().weight().is_some()).unwrap();
        let told = s.explain(id).unwrap();
        let fates = Fates::from(fate).starting(Some(&start.of(17).state));
        let slow = detente_model::record::explain::explain(&s.rules, fates, &log, id).unwrap();
        assert_eq!(format!("{told}"), format!("{slow}"), "from kept evenings as from the first day");

        let saved = Saved::of(&s);
        for mut again in [Saved::from_text(&saved.to_text()).unwrap(), Saved::from_link(&saved.to_link()).unwrap()] {
            let t = again.open().unwrap();
            assert_eq!((t.now(), t.branch().history.digest()), (s.now(), s.branch().history.digest()));
            again.start.as_mut().unwrap().digest = "0".to_owned();
            assert!(again.open().err().unwrap().contains("another nowcast"));
            again.start.as_mut().unwrap().nowcast = "2031-01-01".to_owned();
            assert!(again.open().err().unwrap().contains("there is 2024-11-07"));
        }
        // Another future, and back; drawing numbers beside those of the particles is not offered.
        s.turn_to(Fate { seed: 7, future: 18, prior: true });
        assert_eq!(s.fate(), Fate { future: 18, ..fate });
        assert_eq!(s.branch().history.digest(), alone(18, &log, 60));
        s.undo();
        assert_eq!(s.branch().history.digest(), alone(17, &log, 60));
        let fork = s.fork("other").unwrap();
        s.go_to(70);
        assert!(!fork.is_empty() || s.branches().len() == 2);
        assert_eq!(s.branch().history.digest(), alone(17, &log, 70));

        // Futures of day 0 are the particles; those of later days have their numbers.
        let ask = Ask { futures: 6, days: 30, prior: true };
        for day in [0, 12] {
            s.go_to(day);
            let mut fans = Fans::start(&s, ask, &[], 1);
            while fans.is_running() {
                fans.poll(|| true);
                std::thread::yield_now();
            }
            let killed: Vec<u64> = fans.arm(0).iter().flatten().map(|done| done.summary.killed_in_all()).collect();
            let now = s.now().clone();
            let by_hand = |future: u64| {
                let own = start.own(&base, future);
                let from = if day == 0 { start.of(future).state.clone() } else { now.clone() };
                let mut course: detente_model::sim::course::Course =
                    detente_model::sim::course::Course::new(&own, Fate { future, ..fate }, Vec::new());
                course.restore(&from, Fate { future, ..fate }, Vec::new());
                course.run(30);
                course.columns().territories.iter().map(|t| u64::from(t.killed)).sum::<u64>()
            };
            assert_eq!(killed, (0..6).map(by_hand).collect::<Vec<u64>>(), "day {day}");
            let open = Fate { future: 3, ..fate };
            assert_eq!(fans.fate(3), (day == 0).then_some(open));
        }
    }

    /// Any future is the one that a run alone gives, with its drawn parameters too, and back again.
    #[test]
    fn another_future_is_that_of_a_headless_run_and_undo_comes_back() {
        let mut s = sitting();
        s.go_to(20);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        s.go_to(50);
        s.fork("other").unwrap();
        s.set_lever(Lever::DealArchitecture, 2.0).unwrap();
        s.go_to(90);
        let before = (s.branch().history.digest(), s.levers(), s.outcome());
        let base = s.base();
        for fate in [
            Fate { seed: 7, future: 17, prior: false },
            Fate { seed: 7, future: 17, prior: true },
            Fate { seed: 7, future: 18, prior: true },
        ] {
            s.turn_to(fate);
            assert_eq!((s.fate(), s.today()), (fate, 90));
            for b in s.branches() {
                let alone = record(&base, fate, &b.changes, b.history.days() as u32, |_| true).unwrap();
                assert_eq!(b.history.digest(), alone.digest, "{fate:?}");
                assert_eq!(s.outcome(), outcome_of(&s.rules, s.now()));
            }
            assert_eq!(s.rules.p == base.p, !fate.prior, "what is drawn is what is shown");
            s.go_to(60);
            let (id, _) = *s.past().last().unwrap();
            assert!(s.explain(id).is_ok(), "{fate:?}");
            s.go_to(90);
        }
        for _ in 0..3 {
            s.undo();
        }
        assert_eq!((s.branch().history.digest(), s.levers(), s.outcome()), before);
        assert_eq!(s.fate(), Fate { seed: 7, future: 0, prior: false });
        s.redo();
        assert_eq!(s.fate().future, 17);
    }

    #[test]
    fn what_is_shown_is_what_a_headless_run_gives() {
        let mut s = sitting();
        s.go_to(60);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        s.go_to(75);
        s.set_lever(Lever::DealArchitecture, 2.0).unwrap();
        s.go_to(130);
        s.go_to(40);
        s.go_to(131);
        assert_eq!(s.branch().history.digest().whole, digest(&s, 0));
        assert_eq!(s.branches().len(), 1);
    }

    #[test]
    fn a_move_in_the_past_begins_a_branch_and_keeps_the_old_one() {
        let mut s = sitting();
        s.go_to(90);
        let before = s.branch().history.digest();
        s.go_to(41);
        let forked = s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        assert_eq!(forked.as_deref(), Some("From day 41"));
        s.go_to(90);
        assert_eq!(s.branches()[0].history.digest(), before);
        assert_eq!(s.branch().fork, Some((0, 41)));
        assert_eq!(s.branch().history.digest().whole, digest(&s, 1));
        s.undo();
        assert_eq!((s.branches().len(), s.today()), (1, 90));
        assert_eq!(s.branch().history.digest(), before);
        s.redo();
        assert_eq!(s.branches().len(), 2);
        assert_eq!(s.branch().history.digest().whole, digest(&s, 1));
    }

    #[test]
    fn a_branch_without_a_change_is_its_parent_to_the_bit() {
        let mut s = sitting();
        s.go_to(50);
        s.fork("same").unwrap();
        s.go_to(120);
        s.show(0);
        assert_eq!(s.today(), 120);
        let [a, b] = s.branches() else { panic!("two branches") };
        assert_eq!(a.history.digest(), b.history.digest());
        assert_eq!(a.history.rows, b.history.rows);
    }

    #[test]
    fn undo_takes_back_the_move_and_not_the_days() {
        let mut s = sitting();
        s.go_to(30);
        let mut plain = sitting();
        plain.go_to(80);
        for troops in [11_000.0, 12_000.0, 15_000.0] {
            s.set_lever(Lever::UnifilTroops, troops).unwrap();
        }
        s.end_step();
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        s.go_to(80);
        s.undo();
        assert_eq!(s.branch().changes.len(), 1, "back to the end of the first drag");
        s.undo();
        assert!(!s.can_undo());
        assert_eq!(s.branch().history.digest(), plain.branch().history.digest());
        s.redo();
        s.redo();
        assert_eq!(s.branch().history.digest().whole, digest(&s, 0));
        assert_eq!(s.now().levers[Lever::UnifilTroops].to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn a_lever_moved_and_moved_back_on_one_day_leaves_no_trace() {
        let mut s = sitting();
        s.go_to(20);
        s.set_lever(Lever::UnifilTroops, 3_000.0).unwrap();
        s.reset_lever(Lever::UnifilTroops).unwrap();
        assert!(s.branch().changes.is_empty());
        let (from, log) = s.now_unchanged();
        assert_eq!((&from, log), (s.now(), Vec::new()));
    }

    #[test]
    fn any_evening_can_be_had_again() {
        let mut s = sitting();
        s.go_to(5);
        s.set_lever(Lever::LafTroopsSouth, 15_000.0).unwrap();
        s.go_to(100);
        for day in [0, 1, 5, 6, 8, 63, 64, 65, 99, 100] {
            let mut fresh = sitting();
            fresh.go_to(day.min(5));
            if day >= 5 {
                fresh.set_lever(Lever::LafTroopsSouth, 15_000.0).unwrap();
            }
            fresh.go_to(day);
            s.go_to(day);
            assert_eq!(s.now(), fresh.now(), "day {day}");
        }
    }

    #[test]
    fn a_lever_is_shown_and_moved_as_it_will_be_where_the_scenario_moves_it_that_day() {
        let mut s = Sitting::new(detente_model::scenario::load("october-2023").unwrap(), 7);
        let theirs = *s.rules.frame.lever_log.iter().find(|c| c.lever == Lever::IranDirectiveIri).unwrap();
        s.go_to(theirs.day);
        assert_ne!(s.now().levers[theirs.lever].to_bits(), theirs.value.raw().to_bits(), "not yet in force");
        assert_eq!(s.lever(theirs.lever).to_bits(), theirs.value.raw().to_bits());
        assert_eq!(s.levers(), s.levers_unchanged());
        // To keep what stands is a move; to take it back leaves no trace.
        let kept = s.now().levers[theirs.lever];
        s.set_lever(theirs.lever, kept).unwrap();
        assert_eq!((s.branch().changes.len(), s.lever(theirs.lever).to_bits()), (1, kept.to_bits()));
        assert_eq!(s.lever_unchanged(theirs.lever).to_bits(), theirs.value.raw().to_bits());
        s.reset_lever(theirs.lever).unwrap();
        assert!(s.branch().changes.is_empty());
        s.set_lever(theirs.lever, kept).unwrap();
        s.go_to(theirs.day + 30);
        assert_eq!(s.now().levers[theirs.lever].to_bits(), kept.to_bits());
        let (from, log) = s.now_unchanged();
        assert!(log.is_empty());
        assert_eq!(from.levers[theirs.lever].to_bits(), theirs.value.raw().to_bits());
    }

    #[test]
    fn an_administration_moves_the_sanctions_with_its_course_and_the_baseline_knows() {
        let (mut s, mut plain) = (sitting(), sitting());
        let office = s.rules.frame.administration.unwrap();
        s.go_to(office);
        let coming = s.lever(Lever::SanctionsPressure);
        assert_eq!(s.levers(), s.levers_unchanged());
        s.go_to(office + 1);
        assert_eq!(s.now().levers[Lever::SanctionsPressure].to_bits(), coming.to_bits());
        s.go_to(100);
        s.set_lever(Lever::Administration, 1.0).unwrap();
        assert_ne!(s.lever(Lever::SanctionsPressure).to_bits(), coming.to_bits(), "another course, other sanctions");
        let next = s.levers();
        s.go_to(120);
        assert_eq!(s.now().levers, next);
        plain.go_to(120);
        let (from, log) = s.now_unchanged();
        assert_eq!((&from.levers, log), (&plain.now().levers, Vec::new()));
        assert_eq!(s.levers_unchanged(), plain.levers());
        // One move takes both back, and one step of undo takes that move back.
        let steps = s.undo.len();
        s.reset_all().unwrap();
        assert_eq!((s.levers(), s.undo.len()), (plain.levers(), steps + 1));
        s.undo();
        assert_eq!(s.levers(), next);
    }

    #[test]
    fn undo_keeps_names_and_what_was_played_elsewhere() {
        let mut s = sitting();
        s.go_to(20);
        s.fork("B").unwrap();
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        s.go_to(50);
        s.show(0);
        s.go_to(150);
        s.rename(0, "Mine");
        s.show(1);
        s.undo();
        assert_eq!((s.branches()[0].name.as_str(), s.branches()[0].history.days()), ("Mine", 150));
        assert!(s.branches()[1].changes.is_empty());
        s.redo();
        assert_eq!(s.branches()[1].changes.len(), 1);
        assert_eq!(s.branch().history.digest().whole, digest(&s, 1));
    }

    #[test]
    fn the_sibling_that_never_changed_is_the_same_whichever_way_the_playhead_went() {
        let mut s = sitting();
        s.go_to(30);
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        let mut plain = sitting();
        for day in [30, 90, 60, 31, 120, 121] {
            s.go_to(day);
            plain.go_to(day);
            assert_eq!(s.had_it_not_changed(), *plain.now(), "day {day}");
        }
        // Another policy from another fork has another sibling.
        s.fork("B").unwrap();
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        s.go_to(140);
        let sibling = s.had_it_not_changed();
        s.show(0);
        s.go_to(140);
        assert_eq!(sibling, *s.now());
    }

    #[test]
    fn several_levers_are_one_step_and_a_wrong_one_moves_none() {
        let mut s = sitting();
        s.go_to(5);
        let wrong = [(Lever::UnifilTroops, 15_000.0), (Lever::DealLinkage, 7.0)];
        s.set_levers(&wrong).unwrap_err();
        assert!(s.branch().changes.is_empty() && !s.can_undo());
        s.set_levers(&[(Lever::UnifilTroops, 15_000.0), (Lever::DealLinkage, 0.7)]).unwrap();
        assert_eq!(s.branch().changes.len(), 2);
        s.undo();
        assert!(s.branch().changes.is_empty() && !s.can_undo());
    }

    #[test]
    fn branches_share_days_up_to_where_their_lines_part() {
        let mut s = sitting();
        s.go_to(50);
        s.fork("B").unwrap();
        s.go_to(80);
        s.fork("C").unwrap();
        s.show(0);
        s.go_to(20);
        s.fork("D").unwrap();
        assert_eq!(s.shared_days(0, 0), i32::MAX);
        assert_eq!([(0, 1), (1, 2), (0, 2), (2, 3), (1, 3)].map(|(a, b)| s.shared_days(a, b)), [50, 80, 50, 20, 20]);
        assert_eq!(s.shared_days(2, 0), s.shared_days(0, 2));
    }

    #[test]
    fn a_fork_takes_along_what_is_set_for_today() {
        let mut s = sitting();
        s.go_to(40);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        s.fork("here").unwrap();
        assert_eq!(s.lever(Lever::UnifilTroops).to_bits(), 15_000.0_f64.to_bits());
        s.go_to(150);
        s.bring(0);
        assert_eq!(s.branches()[0].history.digest(), s.branches()[1].history.digest());
    }

    #[test]
    fn a_full_sitting_refuses_branches_in_words_and_changes_nothing() {
        let mut s = sitting();
        s.go_to(3);
        for _ in 1..MOST_BRANCHES {
            s.fork("one more").unwrap();
        }
        assert!(s.fork("too many").unwrap_err().contains("64 branches"));
        s.go_to(1);
        let before = s.script();
        assert!(s.set_lever(Lever::UnifilTroops, 0.0).unwrap_err().contains("64 branches"));
        assert_eq!(s.script(), before);
        s.go_to(3);
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        assert_eq!(s.branches().len(), MOST_BRANCHES);
    }

    #[test]
    fn a_deleted_branch_leaves_every_other_as_it_was() {
        let mut s = sitting();
        s.go_to(20);
        s.fork("B").unwrap();
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        s.go_to(30);
        for (name, day) in [("C", 25), ("D", 30), ("E", 10)] {
            s.show(1);
            s.go_to(day);
            s.fork(name).unwrap();
            s.go_to(34);
        }
        let of = |s: &Sitting, name: &str| s.branches().iter().position(|b| b.name == name).unwrap();
        let others = ["As it stands", "C", "D", "E"];
        let known = |s: &Sitting| {
            let pair = |a: &str, b: &str| s.shared_days(of(s, a), of(s, b));
            let shared: Vec<i32> = others.iter().flat_map(|a| others.map(|b| pair(a, b))).collect();
            (others.map(|name| s.branches()[of(s, name)].history.digest().whole), shared)
        };
        let (before, script) = (known(&s), s.script());
        s.show(of(&s, "E"));
        assert_eq!(s.prune(1).as_deref(), Ok("B"));
        assert_eq!((s.branches().len(), known(&s), s.branch().name.as_str()), (4, before.clone(), "E"));
        // As files want it: every branch stands behind the one that it left.
        for (i, b) in s.branches().iter().enumerate() {
            assert!(b.fork.is_none_or(|(parent, day)| s.position(parent).unwrap() < i && day <= b.history.days()));
        }
        let again = crate::file::Saved::of(&s).open().unwrap();
        assert_eq!(again.script(), s.script());
        s.undo();
        assert_eq!(Script { current: script.current, ..s.script() }, script);
        assert_eq!(known(&s), before);
        s.redo();
        assert_eq!((s.branches().len(), known(&s)), (4, before));
    }

    #[test]
    fn the_first_branch_stays_and_a_shown_one_gives_way_to_its_parent() {
        let mut s = sitting();
        s.go_to(3);
        assert!(s.prune(0).unwrap_err().contains("cannot be deleted"));
        assert!(s.prune(5).is_err() && !s.can_undo());
        for _ in 1..MOST_BRANCHES {
            s.fork("one more").unwrap();
        }
        assert!(s.fork("too many").unwrap_err().contains("delete branches"));
        let last = s.current();
        s.prune(last).unwrap();
        assert_eq!((s.branches().len(), s.current(), s.today()), (MOST_BRANCHES - 1, last - 1, 3));
        s.fork("room again").unwrap();
    }
}
