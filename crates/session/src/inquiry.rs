//! Why, in all of them: what drives an outcome over the futures from the playhead, worked out beside a sitting. On a thread where
//! there is one, else in pieces between frames; the search is the same, and so is what it finds.

use super::beside::{Asked, Question};
use super::chart::{Ask, plan};
use super::sitting::Sitting;
use detente_model::sim::world::Fate;
use detente_study::futures::causes::{Came, Drivers, Hand, Search};
use detente_study::futures::ensemble;

/// Futures that are asked, unless somebody asks more: some seconds.
pub const FEW: u64 = 200;

/// What drives an outcome, as it was asked of a sitting.
pub type Inquiry = Asked<Searching>;

/// What an inquiry is about.
pub struct About {
    /// The outcome.
    pub came: Came,
    /// Whether it had come before the day from which futures run.
    pub had_come: bool,
}

/// The search, and where its futures run.
pub struct Searching {
    search: Search,
    hand: Hand,
}

impl Question for Searching {
    type What = About;
    type Answer = Drivers;

    fn span(sitting: &Sitting, ask: Ask) -> (i32, u32) {
        (sitting.today(), ask.days)
    }

    fn step(&mut self) -> bool {
        self.search.step(&mut self.hand)
    }

    fn round(&mut self, threads: usize, progress: &ensemble::Progress) -> Option<bool> {
        self.search.round(threads, progress)
    }

    fn done(&self) -> u64 {
        self.search.done()
    }

    fn expected(&self) -> u64 {
        self.search.expected()
    }

    fn answer(&self) -> Option<Drivers> {
        self.search.found().cloned()
    }
}

impl Inquiry {
    /// Asks what drives an outcome in `runs` futures from a sitting's playhead, as many days ahead and with such parameters as its
    /// futures have.
    #[must_use]
    pub fn start(sitting: &Sitting, came: Came, runs: u64, ask: Ask, threads: usize) -> Self {
        let plan = plan(sitting, ask, sitting.now().clone(), sitting.branch().changes.clone());
        let about = About { came, had_come: came.had_come(&sitting.now().tally) };
        Self::begin(sitting, about, runs, ask, threads, || Searching {
            search: Search::new(sitting.base(), plan.clone(), came, runs),
            hand: Hand::default(),
        })
    }

    /// One such future as a history of its own, and the day to see it on: the day after the outcome came, or the last. Futures of a
    /// later day share their past with the history that they go on from, and are none.
    #[must_use]
    pub fn example(&self) -> Option<(Fate, i32)> {
        let found = self.answer().filter(|_| self.from == 0)?;
        let fate = Fate { seed: self.seed(), future: found.example?, prior: self.draws };
        Some((fate, found.example_day.map_or(0, |day| (day + 1).min(self.days as i32))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::record::outcome::Headline;
    use detente_model::record::recorder::record;
    use detente_model::sim::event::Event;
    use detente_model::symbols::levers::Lever;
    use detente_study::futures::causes::drivers;
    use detente_study::futures::ensemble::Plan;

    const WAR: Came = Came::Headline(Headline::RegionalWar);
    const ASK: Ask = Ask { futures: 24, days: 120, prior: false };

    fn sitting() -> Sitting {
        Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3)
    }

    fn finish(mut inquiry: Inquiry) -> Inquiry {
        let mut last = 0.0;
        while inquiry.is_running() {
            inquiry.poll(|| false);
            assert!(inquiry.share() >= last, "the bar goes back");
            last = inquiry.share();
            std::thread::yield_now();
        }
        inquiry
    }

    /// Beside a window on threads, in a page piece by piece, on the command line in one go: the same question, the same answer.
    #[test]
    fn it_finds_what_the_command_finds_however_it_is_worked_out() {
        let s = sitting();
        let plan = Plan { seed: 3, days: 120, ..Plan::default() };
        let command = drivers(&s.rules, &plan, Came::DirectFire, 60, 2, &ensemble::Progress::default()).unwrap();
        assert!(command.with_outcome > 5 && command.with_outcome < 60 && command.causes.len() > 3, "{command:?}");
        for threads in [0, 1, 3] {
            let inquiry = finish(Inquiry::start(&s, Came::DirectFire, 60, ASK, threads));
            assert_eq!(inquiry.answer(), Some(&command), "{threads} threads");
            assert!(inquiry.share() > 0.99, "{}", inquiry.share());
        }
    }

    /// It says of which scenario, seed, levers and day it is, and a move makes it one of before.
    #[test]
    fn it_is_of_what_stood_when_it_was_asked() {
        let mut s = sitting();
        s.go_to(20);
        let inquiry = Inquiry::start(&s, WAR, 8, ASK, 0);
        assert!(inquiry.is_of(&s, ASK) && inquiry.is_of(&s, Ask { futures: 512, ..ASK }), "it has futures of its own");
        assert!(!inquiry.is_of(&s, Ask { days: 30, ..ASK }) && !inquiry.is_of(&s, Ask { prior: true, ..ASK }));
        s.go_to(21);
        assert!(!inquiry.is_of(&s, ASK) && inquiry.is_of_levers(&s), "another day, the same levers");
        s.go_to(20);
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        assert!(!inquiry.is_of(&s, ASK) && !inquiry.is_of_levers(&s));
        s.undo();
        assert!(inquiry.is_of(&s, ASK));
        s.reseed(4);
        assert!(!inquiry.is_of(&s, ASK));
    }

    #[test]
    fn cancelled_it_stops_and_finds_nothing() {
        let s = sitting();
        for threads in [0, 2] {
            let mut inquiry = Inquiry::start(&s, WAR, 2_000, ASK, threads);
            inquiry.poll(|| false);
            assert!(inquiry.is_running());
            inquiry.cancel();
            inquiry.poll(|| true);
            assert!(!inquiry.is_running() && inquiry.answer().is_none() && inquiry.example().is_none());
        }
    }

    /// The example, opened, is the future that was counted: what it comes to, and every event of it.
    #[test]
    fn the_example_is_a_history_with_the_same_events() {
        let mut s = sitting();
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        for prior in [false, true] {
            let ask = Ask { prior, ..ASK };
            let inquiry = finish(Inquiry::start(&s, Came::DirectFire, 40, ask, 1));
            let (fate, day) = inquiry.example().unwrap();
            assert_eq!((fate.seed, fate.prior), (3, prior));
            let mut opened = Sitting::of(s.loaded.clone(), fate);
            opened.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
            opened.go_to(day);
            assert_eq!(Some(opened.now().tally.contained_since.unwrap()), inquiry.answer().unwrap().example_day);
            let run = record(&s.base(), fate, &s.branch().changes, day as u32, |_| true).unwrap();
            let events: Vec<Event> = opened.past().iter().map(|(_, event)| *event).collect();
            let counted: Vec<Event> = run.events.iter().map(|(_, event)| *event).collect();
            assert!(!events.is_empty());
            assert_eq!(events, counted);
        }
    }

    /// From a later day its futures go on from the history shown, and none of them is one of its own.
    #[test]
    fn of_a_later_day_there_is_no_history_to_open() {
        let mut s = sitting();
        s.go_to(10);
        let inquiry = finish(Inquiry::start(&s, Came::DirectFire, 24, ASK, 0));
        assert!(inquiry.answer().is_some_and(|found| found.example.is_some()) && inquiry.example().is_none());
        assert!(!inquiry.what.had_come);
    }
}
