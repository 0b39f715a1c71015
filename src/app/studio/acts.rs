//! Carrying wishes out: the one place where what a person asks for changes the sitting or the view.

use super::evening::Evenings;
use super::{Page, Studio};
use crate::app::act::{Act, Tab};
use crate::app::compare::CompareView;
use crate::app::futures::FuturesView;
use crate::app::levers::LeversView;
use crate::app::map::MapView;
use crate::app::platform;
use crate::app::start::EXPERIMENTS;
use crate::app::timeline::TimelineView;
use crate::app::why::WhyView;
use crate::scenario;
use crate::session::Sitting;
use crate::session::file::Saved;
use crate::session::report::{Extras, bundle, page};

impl Studio {
    /// Takes the text of a session file (or a sentence that says why there is none).
    pub fn receive(&mut self, text: Result<String, String>) {
        let opened = text.and_then(|text| Saved::from_text(&text)).and_then(|saved| saved.open());
        self.enter(opened, "Opened: every number is as it was saved.");
    }

    /// Takes a link, whole or only its tail.
    pub fn follow(&mut self, link: &str) {
        let opened = crate::app::command::open_link(link);
        self.enter(opened, "Opened from the link: every number is as it was shared.");
    }

    /// Goes on with the session that is offered.
    fn take_kept(&mut self) {
        let opened = self.keeper.restore();
        self.enter(opened, "As you left it.");
    }

    fn enter(&mut self, opened: Result<Sitting, String>, done: &str) {
        match opened {
            Ok(sitting) => {
                self.sit(sitting);
                self.dialog = None;
                self.say(done.to_owned(), false);
            }
            Err(why) => self.say(why, true),
        }
    }

    /// Goes on with another sitting. The one before is not lost: the map offers it, if anything was done in it.
    pub fn sit(&mut self, sitting: Sitting) {
        self.keeper.set_aside(&self.sitting);
        self.levers = LeversView::new(&sitting.rules);
        self.sitting = sitting;
        self.playing = false;
        self.due = 0.0;
        self.ahead.clear();
        (self.pick, self.pair) = (None, None);
        // What was said was said of the session before.
        self.note = None;
        self.evenings = Evenings::default();
        self.why = WhyView::default();
        self.futures = FuturesView::default();
        self.timeline = TimelineView::default();
        self.compare = CompareView::default();
        self.map = std::mem::take(&mut self.map).elsewhere();
        self.other_map = MapView::default();
        self.welcome = self.sitting.is_untouched();
    }

    /// Carries one wish out.
    pub fn act(&mut self, act: Act) {
        match act {
            Act::SetLever(lever, value) => {
                self.moved_at = self.clock;
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
                self.sitting.undo();
                self.welcome_again();
            }
            Act::Redo => self.sitting.redo(),
            Act::PlayPause => {
                self.playing = !self.playing;
                self.welcome = false;
            }
            Act::Speed(speed) => self.speed = speed,
            Act::GoTo(day) => {
                self.sitting.go_to(day);
                self.welcome_again();
            }
            Act::Step(days) => {
                self.sitting.step(days);
                self.welcome = false;
            }
            Act::Fork => {
                let name = format!("Branch {}", self.sitting.branches().len());
                let from = self.sitting.current();
                match self.sitting.fork(&name) {
                    Ok(name) => {
                        self.pair = Some([from, self.sitting.current()]);
                        let day = self.sitting.today();
                        self.say(
                            format!("“{name}” begins on day {day}. Move levers, play on, and see Compare."),
                            false,
                        );
                    }
                    Err(why) => self.say(why, true),
                }
            }
            Act::Show(branch) => {
                self.sitting.show(branch);
            }
            Act::Rename(branch, name) => self.sitting.rename(branch, &name),
            Act::Prune(branch) => self.prune(branch),
            Act::Reseed(seed) => {
                self.sitting.reseed(seed);
                self.why.event = None;
            }
            Act::Scenario(name) => self.start_scenario(&name),
            Act::Tab(tab) => {
                self.turn_to(tab);
            }
            Act::Explain(event) => {
                self.why.event = Some(event);
                self.playing = false;
                self.turn_to(Tab::Why);
            }
            Act::Inspect(pick) => {
                self.pick = Some(pick);
                self.turn_to(Tab::Inspect);
            }
            Act::Ask(ask) => self.ahead.ask = ask,
            Act::Track(track) => self.futures.track = Some(track),
            Act::Cancel => self.ahead.cancel(),
            Act::Rank(metric) => self.ahead.rank(&self.sitting, metric),
            Act::EndRank => self.ahead.end_rank(),
            Act::Pair(pair) => self.pair = Some(pair),
            Act::Experiment(i) => self.experiment(i),
            Act::Dismiss => {
                self.welcome = false;
                // The chart that a suggestion chose goes with them.
                self.futures.track = None;
            }
            Act::Dialog(dialog) => self.dialog = dialog,
            Act::Theme => self.dark = !self.dark,
            Act::Text(size) => self.text = size.clamp(0.8, 2.0),
            Act::ReducedMotion(still) => self.reduced_motion = still,
            Act::Save(name) => {
                let text = Saved::of(&self.sitting).to_text();
                self.told(platform::save_file(&name, text.as_bytes()));
            }
            Act::Open(name) => platform::open_file(&name),
            Act::TakeKept => self.take_kept(),
            Act::DropKept => self.keeper.decline(),
            Act::CopyLink => {
                let shared = platform::share_link(&Saved::of(&self.sitting).to_link());
                self.copy = Some(shared.link);
                self.say(shared.said, false);
            }
            Act::OpenLink(link) => self.follow(&link),
            Act::Report(name) => {
                self.report_waits = Some(name);
                self.dialog = None;
            }
        }
    }

    /// Back at the start with nothing changed, the suggestions are of use again.
    fn welcome_again(&mut self) {
        self.welcome |= self.sitting.today() == 0 && self.sitting.branch().changes.is_empty();
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
    fn told(&mut self, done: Result<String, String>) {
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

    /// Writes the report that waits, with a picture of the map (PNG) if there is one.
    pub fn write_report(&mut self, picture: Option<&[u8]>) {
        let Some(name) = self.report_waits.take() else { return };
        let wanted = self.futures.shown(&self.sitting);
        let fans = self.ahead.fans();
        let track = fans.and_then(|fans| fans.tracks.iter().position(|t| Some(*t) == wanted)).unwrap_or(0);
        let page = page(&self.sitting, &Extras { fans, track, picture, seconds: self.ahead.took });
        let done = match bundle(&self.sitting, fans) {
            Ok(data) => platform::save_folder(&name, ("report.html", page.as_bytes()), &data),
            Err(error) => Err(format!("The data of the report cannot be written ({error}).")),
        };
        self.told(done);
    }

    fn start_scenario(&mut self, name: &str) {
        self.keeper.keep(&self.sitting);
        match scenario::load(name) {
            Ok(loaded) => {
                let seed = self.sitting.seed();
                self.sit(Sitting::new(loaded, seed));
            }
            Err(errors) => self.say(errors.to_string(), true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::chart::Track;
    use crate::symbols::levers::Lever;

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
