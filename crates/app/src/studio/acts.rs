//! Carrying wishes out: the one place where what a person asks for changes the sitting or the view.

use super::bench::Origin;
use super::evening::Evenings;
use super::room::{Page, Studio};
use crate::act::{Act, Dialog, Tab};
use crate::compare::CompareView;
use crate::contested::contested_moves;
use crate::futures::FuturesView;
use crate::levers::LeversView;
use crate::map::MapView;
use crate::platform::{self, now_seconds};
use crate::start::EXPERIMENTS;
use crate::steps::StepsView;
use crate::timeline::TimelineView;
use crate::why::WhyView;
use detente_model::scenario;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;
use detente_session::Sitting;
use detente_session::chart::Track;
use detente_session::cover;
use detente_session::file::Saved;
use detente_session::guesses::{Cover, What};
use detente_session::link;
use detente_session::replay::Wish;
use detente_session::start::shipped_start;

/// What is said of a session file that is open.
pub(super) const OPENED: &str = "Opened: every number is as it was saved.";

/// Whether a wish changes what a replay under way starts from.
fn changes_the_sitting(act: &Act) -> bool {
    matches!(
        act,
        Act::SetLever(..)
            | Act::ResetLever(_)
            | Act::ResetAll
            | Act::Undo
            | Act::Redo
            | Act::PlayPause
            | Act::Play(true)
            | Act::Walk(_)
            | Act::Step(_)
            | Act::Fork
            | Act::ForkAs(_)
            | Act::Show(_)
            | Act::Rename(..)
            | Act::Prune(_)
            | Act::Experiment(_)
    )
}

impl Studio {
    /// Takes the text of a session file (or a sentence that says why there is none).
    pub fn receive(&mut self, text: Result<String, String>) {
        self.open_saved(text.and_then(|text| Saved::from_text(&text)), OPENED, Origin::Elsewhere);
    }

    /// Takes a link, whole or only its tail.
    pub fn follow(&mut self, link: &str) {
        self.open_saved(
            Saved::from_link(link),
            "Opened from the link: every number is as it was shared.",
            Origin::Elsewhere,
        );
    }

    /// Goes on with the session that is offered.
    fn take_kept(&mut self) {
        match self.keeper.offer().map(|record| record.id.clone()) {
            Some(id) => self.take_up(id),
            None => self.say("No earlier session is waiting.".to_owned(), true),
        }
    }

    /// Goes on with a session that is kept.
    fn take_up(&mut self, id: String) {
        let saved = self.keeper.saved(&id);
        self.open_saved(saved, "As you left it.", Origin::Kept(id));
    }

    /// Goes on with a sitting that was opened, or says why not. Returns whether it does.
    pub(super) fn enter(&mut self, opened: Result<Sitting, String>, done: &str) -> bool {
        match opened {
            Ok(sitting) => {
                self.sit(sitting);
                self.dialog = None;
                self.say(done.to_owned(), false);
                true
            }
            Err(why) => {
                self.say(why, true);
                false
            }
        }
    }

    /// Goes on with another sitting. The one before is not lost: it is kept, and the map offers it, if anything was done in
    /// it.
    pub fn sit(&mut self, sitting: Sitting) {
        self.keeper.set_aside(&self.sitting);
        self.levers = LeversView::new(&sitting.rules);
        // What was under way was for the sitting before.
        self.stop_replay();
        self.sitting = sitting;
        self.keeper.begin(&self.sitting);
        self.leave_files();
        self.playing = false;
        self.due = 0.0;
        self.desk.clear();
        (self.pick, self.pair) = (None, None);
        // What was said was said of the session before.
        self.note = None;
        self.evenings = Evenings::default();
        self.why = WhyView::default();
        self.futures = FuturesView::default();
        self.timeline = TimelineView::default();
        self.compare = CompareView::default();
        self.steps = StepsView::of(&self.sitting);
        self.walking.clear();
        self.map = std::mem::take(&mut self.map).elsewhere();
        self.other_map = MapView::default();
        self.welcome = self.sitting.is_untouched();
    }

    /// Carries one wish out.
    pub fn act(&mut self, act: Act) {
        if changes_the_sitting(&act)
            && let Some(work) = self.holder()
        {
            let why = work.waits();
            return self.say(why, false);
        }
        match act {
            Act::StopWork => self.stop_work(),
            Act::SetLever(lever, value) => {
                self.desk.note_move(now_seconds());
                let moved = self.sitting.set_lever(lever, value);
                self.tell_of_branch(moved);
                self.welcome = false;
            }
            Act::EndStep => self.sitting.end_step(),
            Act::ResetLever(lever) => {
                let moved = self.sitting.reset_lever(lever);
                self.tell_of_branch(moved);
                self.sitting.end_step();
                self.welcome_again();
            }
            Act::ResetAll => {
                let moved = self.sitting.reset_all();
                self.tell_of_branch(moved);
                self.welcome_again();
            }
            // What was said of the move that is taken back no longer holds.
            Act::Undo => {
                self.note = None;
                self.wish(Wish::Undo);
                self.welcome_again();
            }
            Act::Redo => self.wish(Wish::Redo),
            Act::PlayPause => self.act(Act::Play(!self.playing)),
            Act::Play(on) => {
                self.playing = on;
                self.welcome &= !on;
            }
            Act::Speed(speed) => self.speed = speed,
            Act::GoTo(day) => {
                self.wish(Wish::GoTo(day));
                self.welcome_again();
            }
            Act::GoToLast => {
                self.wish(Wish::GoTo(self.sitting.branch().history.days()));
                self.welcome_again();
            }
            Act::Step(days) => {
                self.sitting.step(days);
                self.welcome = false;
            }
            Act::Fork => self.fork(&format!("Branch {}", self.sitting.branches().len())),
            Act::ForkAs(name) => self.fork(&name),
            Act::Show(branch) => {
                self.sitting.show(branch);
            }
            Act::Rename(branch, name) => self.sitting.rename(branch, &name),
            Act::Prune(branch) => self.prune(branch),
            Act::Reseed(seed) => self.wish(Wish::Reseed(seed)),
            Act::Future(fate) => {
                self.then = None;
                self.wish(Wish::Future(fate));
            }
            Act::Scenario(name) => self.start_scenario(&name),
            Act::Start(nowcast) => self.start_from(nowcast.as_deref()),
            Act::Tab(tab) => {
                self.turn_to(tab);
            }
            Act::Explain(event) => {
                self.why.ask(event);
                self.playing = false;
                self.turn_to(Tab::Why);
            }
            Act::Inspect(pick) => {
                self.pick = Some(pick);
                self.turn_to(Tab::Inspect);
            }
            Act::Ask(ask) => self.desk.ask = ask,
            Act::Track(track) => self.futures.track = Some(track),
            Act::Cancel => self.desk.cancel(),
            Act::GoOn => self.desk.go_on(&self.sitting, now_seconds()),
            Act::Rank(metric) => self.desk.rank(&self.sitting, metric),
            Act::EndRank => self.desk.end_rank(),
            Act::Predict(on) => {
                if on {
                    // What was found out of a policy before would tell of it.
                    self.desk.forget_questions();
                }
                self.sitting.guess(|guesses| guesses.on = on);
            }
            Act::Guess(what, name) => {
                if let Err(why) = self.guess(what, &name) {
                    self.say(why, true);
                }
            }
            Act::Unguess => {
                let policy = cover::policy(&self.sitting);
                if let Err(why) = self.sitting.guess(|guesses| guesses.take_back(&policy)) {
                    self.say(why, true);
                }
            }
            Act::Reveal => match cover::reveal(&mut self.sitting, self.desk.ask) {
                Ok(()) => self.note = None,
                Err(why) => {
                    // A key that was hit by chance is no trouble.
                    let on = self.sitting.guesses().on;
                    self.say(why, on);
                }
            },
            // Both would tell of futures that are covered.
            Act::Causes(..) | Act::Contested(_) if cover::cover(&self.sitting) != Cover::Open => {
                self.say(cover::COVERED.to_owned(), false);
            }
            Act::Causes(came, futures) => {
                self.dialogs.causes.choose(came, futures);
                self.desk.inquire(&self.sitting, came, futures);
                self.act(Act::Dialog(Some(Dialog::Causes)));
            }
            Act::StopCauses => self.desk.stop_inquiry(),
            Act::Contested(pairs) => self.contest(pairs),
            Act::StopContested => self.desk.stop_contest(),
            Act::DropCamp(name) => self.sitting.drop_camp(&name),
            Act::FutureOn(fate, day) => {
                self.dialog = None;
                self.playing = false;
                self.then = Some(day);
                self.wish(Wish::Future(fate));
            }
            Act::Pair(pair) => self.pair = Some(pair),
            Act::Experiment(i) => self.experiment(i),
            Act::Dismiss => {
                self.welcome = false;
                // The chart that a suggestion chose goes with them.
                self.futures.track = None;
            }
            Act::Walk(walk) => self.walk(walk),
            Act::ShowSteps(shown) => self.steps.shown = shown,
            Act::ShowNotes(notes) => self.steps.notes = notes,
            Act::Remember(title, notes) => {
                let done = self.remember(&title, &notes);
                self.told(done);
            }
            Act::Reword(step, title, notes) => self.sitting.prepare(|steps| steps.reword(step, &title, &notes)),
            Act::Retake(step) => {
                let commands = self.shown_as_commands();
                self.sitting.prepare(|steps| steps.retake(step, commands));
            }
            Act::ShiftStep(step, up) => self.sitting.prepare(|steps| steps.shift(step, up)),
            Act::RemoveStep(step) => {
                if let Some(title) = self.sitting.prepare(|steps| steps.remove(step)) {
                    self.say(format!("“{title}” is removed."), false);
                }
            }
            Act::Lesson(name) => self.lesson(&name),
            Act::Dialog(dialog) => {
                self.dialog = dialog;
                self.files.question = None;
                self.keeper.refresh();
            }
            Act::Theme => self.dark = !self.dark,
            Act::FullScreen => self.full_screen = !self.full_screen,
            Act::Text(size) => self.text = size.clamp(0.8, 2.0),
            Act::Larger(tenths) => self.text = (self.text + 0.1 * tenths as f32).clamp(0.8, 2.0),
            Act::MapKey => self.map.key_open = !self.map.key_open,
            Act::SearchLevers => {
                self.levers_open = Some(true);
                self.levers.focus = true;
                self.wide_page = Page::Levers;
            }
            Act::ReducedMotion(still) => self.reduced_motion = still,
            Act::Save(name) => self.save_or_ask(&name, false),
            Act::Replace(Some(name)) => self.save_or_ask(&name, true),
            Act::Replace(None) => self.files.question = None,
            Act::SaveElsewhere => self.save_elsewhere(),
            Act::Open(name) => self.open_or_ask(&name),
            Act::TakeKept => self.take_kept(),
            Act::DropKept => self.keeper.decline(),
            Act::Restore(id) => self.take_up(id),
            Act::Forget(id) => self.keeper.forget(&id),
            Act::CopyLink => {
                let shared = platform::share_link(&Saved::of(&self.sitting).to_link());
                let mut advice = link::advice(shared.link.len()).map(|advice| format!(" {advice}")).unwrap_or_default();
                if !self.sitting.steps().is_empty() {
                    advice += " Steps and their notes are not in it; a saved file has them.";
                }
                self.copy = (!platform::COPIES_LINKS).then_some(shared.link);
                self.say(shared.said + &advice, false);
            }
            Act::OpenLink(link) => self.follow(&link),
            Act::Report(name) => self.report(&name),
            Act::ReportTo(name) => self.report_to(name),
        }
    }

    /// Takes a guess about the policy that stands.
    ///
    /// # Errors
    /// One sentence, where there is nothing to guess about, or it is no answer.
    pub fn guess(&mut self, what: What, name: &str) -> Result<(), String> {
        // What is guessed about stands still: its score is of the futures from this day.
        self.playing = false;
        cover::guess(&mut self.sitting, self.desk.ask, name, what)
    }

    /// The chart that the panel of futures shows.
    #[must_use]
    pub fn track(&self) -> Option<Track> {
        self.futures.shown(&self.sitting)
    }

    /// Asks every camp about the levers that were moved; where none was, about the strongest of the ranking.
    fn contest(&mut self, pairs: u64) {
        let moves = contested_moves(&self.sitting, &self.desk);
        match self.desk.contest(&self.sitting, moves, pairs) {
            Ok(()) => self.act(Act::Dialog(Some(Dialog::Contested))),
            Err(why) => self.say(why, true),
        }
    }

    /// Back at the start with nothing changed, the suggestions are of use again.
    fn welcome_again(&mut self) {
        self.welcome |= self.sitting.today() == 0 && self.sitting.branch().changes.is_empty();
    }

    /// Begins a branch at the playhead, to be compared with the one it leaves.
    fn fork(&mut self, name: &str) {
        let from = self.sitting.current();
        match self.sitting.fork(name) {
            Ok(name) => {
                self.pair = Some([from, self.sitting.current()]);
                let day = self.sitting.today();
                self.say(format!("“{name}” begins on day {day}. Move levers, play on, and see Compare."), false);
            }
            Err(why) => self.say(why, true),
        }
    }

    /// Deletes a branch; the two that are compared stay the two, where both are still there.
    fn prune(&mut self, branch: usize) {
        let ids = self.pair.map(|pair| pair.map(|b| self.sitting.branches().get(b).map(|b| b.id)));
        match self.sitting.prune(branch) {
            Ok(name) => self.say(format!("“{name}” is deleted; undo brings it back."), false),
            Err(why) => self.say(why, true),
        }
        self.pair = ids.and_then(|[a, b]| Some([self.sitting.position(a?)?, self.sitting.position(b?)?]));
    }

    /// Sets the levers of a suggested experiment, as one step, and plays.
    fn experiment(&mut self, which: usize) {
        let Some(experiment) = EXPERIMENTS.get(which) else { return };
        let moves = experiment.moves(&self.sitting);
        moves.iter().for_each(|(lever, _)| self.levers.reveal(*lever));
        let moved = self.sitting.set_levers(&moves);
        self.tell_of_branch(moved);
        self.futures.track = experiment.track(&self.sitting).or(self.futures.track);
        self.welcome = false;
        self.playing = true;
    }

    /// Says that a move began a branch, or why it could not be made.
    fn tell_of_branch(&mut self, moved: Result<Option<String>, String>) {
        match moved {
            Ok(Some(branch)) => self.say(format!("The past is not overwritten: “{branch}” begins here."), false),
            Ok(None) => {}
            Err(why) => self.say(why, true),
        }
    }

    /// Says what became of something: done, or why not.
    pub(super) fn told(&mut self, done: Result<String, String>) {
        match done {
            Ok(said) => self.say(said, false),
            Err(why) => self.say(why, true),
        }
    }

    /// Shows a panel; on a small screen, instead of the map.
    fn turn_to(&mut self, tab: Tab) {
        if self.tab != tab {
            self.tab_since = self.clock;
        }
        self.tab = tab;
        self.wide_page = Page::Right;
    }

    fn start_scenario(&mut self, name: &str) {
        self.keeper.keep(&self.sitting);
        match scenario::load(name) {
            Ok(loaded) => {
                // What was observed stays the start where the scenario can begin with it.
                let rules = Rules::new(&loaded);
                let start = self.sitting.start().and_then(|start| shipped_start(&start.nowcast, &rules).ok());
                let fate = Fate { seed: self.sitting.seed(), future: 0, prior: false };
                self.sit_anew(Sitting::starting(loaded, fate, start));
            }
            Err(errors) => self.say(errors.to_string(), true),
        }
    }

    /// Goes on with a sitting that begins. A class that predicts first does so in it, too: its guesses stay with the sitting before.
    /// Its own camps come along.
    fn sit_anew(&mut self, mut sitting: Sitting) {
        let on = self.sitting.guesses().on;
        sitting.guess(|guesses| guesses.on = on);
        for camp in self.sitting.camps() {
            // There is room for as many as there were.
            let _ = sitting.add_camp(camp.clone());
        }
        self.sit(sitting);
    }

    /// Begins the scenario anew: from a nowcast that ships, or from the start that the scenario sets itself.
    fn start_from(&mut self, nowcast: Option<&str>) {
        let loaded = self.sitting.loaded.clone();
        let start = match nowcast.map(|name| shipped_start(name, &Rules::new(&loaded))).transpose() {
            Ok(start) => start,
            Err(why) => return self.say(why, true),
        };
        self.keeper.keep(&self.sitting);
        let said = match &start {
            Some(start) => format!("{} particles of what was observed to {}.", start.beginnings.len(), start.until),
            None => "The start that the scenario sets.".to_owned(),
        };
        let fate = Fate { seed: self.sitting.seed(), future: 0, prior: false };
        self.sit_anew(Sitting::starting(loaded, fate, start));
        self.say(said, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::Lever;

    fn studio() -> Studio {
        let mut studio = Studio::new(Sitting::new(scenario::load("november-2024").unwrap(), 7));
        studio.is_tour = true;
        studio
    }

    #[test]
    fn a_suggestion_shows_what_it_moves_and_takes_its_chart_away_with_it() {
        for (card, front) in [(0, "LEB"), (1, "LEB"), (2, "YEM-RED")] {
            let mut studio = studio();
            let first = studio.futures.shown(&studio.sitting);
            studio.act(Act::Experiment(card));
            let front = studio.sitting.rules.front(front).unwrap();
            assert_eq!(studio.futures.shown(&studio.sitting), Some(Track::Fire(front)), "card {card}");
            studio.act(Act::Dismiss);
            assert_eq!(studio.futures.shown(&studio.sitting), first);
        }
    }

    #[test]
    fn suggestions_go_with_the_first_move_and_come_back_with_the_start() {
        let mut studio = studio();
        assert!(studio.welcome);
        studio.act(Act::SetLever(Lever::UnifilTroops, 12_000.0));
        assert!(!studio.welcome);
        studio.act(Act::Undo);
        assert!(studio.welcome, "nothing is changed any more");
        studio.act(Act::SetLever(Lever::UnifilTroops, 12_000.0));
        studio.act(Act::ResetAll);
        assert!(studio.welcome);
        studio.act(Act::GoTo(3));
        studio.act(Act::SetLever(Lever::UnifilTroops, 12_000.0));
        studio.act(Act::GoTo(0));
        assert!(!studio.welcome, "a lever is moved later on this branch");
    }
}
