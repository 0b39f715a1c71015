//! The desk beside a sitting: decides when futures are due, keeps the sets that have run, and hands to whoever asks what it
//! asks for, by what it is of, and nothing else. It has no clock: whoever passes time says what time it is.

pub use super::ahead::FIRST_BAND;
use super::chart::{Arms, Ask, Fans, Progress, Subject};
use super::contest::{Contest, Move};
use super::inquiry::Inquiry;
use super::needle::Needle;
use super::sitting::Sitting;
use detente_study::futures::causes::Came;
use detente_study::futures::rank::Metric;

/// Futures wait for a policy to rest this long before they start anew while a slider is dragged, seconds.
pub const REST: f64 = 0.04;
/// Days after which a set is renewed while days pass.
const RENEW_DAYS: i32 = 7;
/// Futures of each end of a lever in the ranking.
const RANKED: u64 = 128;
/// Sets that have run and are kept: going from one panel to another and back runs nothing twice.
const KEPT: usize = 5;

/// Which set is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// The branch shown, without its policy and with it.
    Policy,
    /// Two branches, by position.
    Branches([usize; 2]),
}

impl Want {
    /// What that is, as the sitting stands.
    #[must_use]
    pub fn subject(self, sitting: &Sitting) -> Subject {
        match self {
            Self::Policy => Subject::policy(sitting),
            Self::Branches(pair) => Subject::branches(sitting, pair),
        }
    }
}

/// A set, and how long it took.
struct Sheet {
    fans: Fans,
    started: f64,
    /// Seconds to a first band.
    first_band: Option<f64>,
    /// Seconds until all had come.
    took: Option<f64>,
    /// Whether a person stopped it: then nothing starts it anew but a person.
    stopped: bool,
}

impl Sheet {
    /// Whether there is enough of it to be shown.
    fn is_shown(&self) -> bool {
        self.fans.pairs() >= FIRST_BAND || self.fans.progress() == Progress::Complete
    }

    /// Whether nothing more of it comes by itself, but for a set that another took the place of.
    fn is_over(&self) -> bool {
        match self.fans.progress() {
            Progress::Running => false,
            Progress::Complete | Progress::Deserted => true,
            Progress::Cancelled => self.stopped,
        }
    }

    fn is_of(&self, subject: &Subject, from: i32, ask: Ask) -> bool {
        self.fans.from == from && self.fans.ask == ask && self.fans.subject == *subject
    }
}

/// What can be shown of what was asked for.
#[derive(Default)]
pub struct View<'a> {
    /// The set; none where too little of it has come.
    pub fans: Option<&'a Fans>,
    /// Whether that is the set before, of levers or a seed that no longer stand; of the same arms all the same.
    pub is_stale: bool,
    /// How far the set that was asked for is; none where it has not begun.
    pub progress: Option<Progress>,
    /// Pairs of it that have come, and how many were asked for.
    pub come: (usize, u64),
    /// Seconds that all of it took.
    pub took: Option<f64>,
}

/// The desk.
#[derive(Default)]
pub struct Desk {
    /// What is asked of futures.
    pub ask: Ask,
    /// Threads for them; 0 to run them between frames.
    pub threads: usize,
    /// How many of the last set had to be run; the rest was kept.
    pub fresh: u64,
    /// The longest that one frame gave to them, seconds.
    pub longest: f64,
    sheet: Option<Sheet>,
    /// Sets that are over, the last one last.
    kept: Vec<Sheet>,
    moved_at: Option<f64>,
    needle: Option<Needle>,
    inquiry: Option<Inquiry>,
    contest: Option<Contest>,
}

impl Desk {
    /// An empty desk with so many threads.
    #[must_use]
    pub fn on(threads: usize) -> Self {
        Self { threads, ..Self::default() }
    }

    /// Notes that a lever is on the move.
    pub fn note_move(&mut self, now: f64) {
        self.moved_at = Some(now);
    }

    /// The last set that was begun, whatever it is of and however little of it has come.
    #[must_use]
    pub fn last(&self) -> Option<&Fans> {
        self.sheet.as_ref().map(|sheet| &sheet.fans)
    }

    /// Seconds that all of the last set took.
    #[must_use]
    pub fn took(&self) -> Option<f64> {
        self.sheet.as_ref()?.took
    }

    /// Seconds to the first band of the last set.
    #[must_use]
    pub fn first_band(&self) -> Option<f64> {
        self.sheet.as_ref()?.first_band
    }

    /// What there is of a subject, from whichever day.
    #[must_use]
    pub fn view(&self, subject: &Subject) -> View<'_> {
        let mut view = View::default();
        let mine = self.sheet.as_ref().filter(|sheet| sheet.fans.subject == *subject);
        if let Some(sheet) = mine {
            view.progress = Some(sheet.fans.progress());
            view.come = (sheet.fans.pairs(), sheet.fans.ask.futures);
            if sheet.is_shown() {
                (view.fans, view.took) = (Some(&sheet.fans), sheet.took);
                return view;
            }
            if sheet.stopped {
                // Too little came before it was stopped; what was there before is of something else.
                return view;
            }
        }
        // The one before, as long as its arms are called the same: faint, until the first band of the next has come.
        let alike = |arms: Arms| match (arms, subject.arms) {
            (Arms::Policy(_), Arms::Policy(_)) => true,
            (one, other) => one == other,
        };
        let before = self.sheet.iter().chain(self.kept.iter().rev());
        let mut before = before.filter(|sheet| alike(sheet.fans.subject.arms) && sheet.is_shown());
        if let Some(sheet) = before.next() {
            view.fans = Some(&sheet.fans);
            view.is_stale = sheet.fans.subject != *subject;
        }
        view
    }

    /// The whole set of a subject from this day, if it has run, or as much of it as had come when a person stopped it.
    #[must_use]
    pub fn whole(&self, subject: &Subject, from: i32) -> Option<(&Fans, Option<f64>)> {
        let mut all = self.sheet.iter().chain(self.kept.iter().rev());
        let sheet = all.find(|sheet| sheet.is_of(subject, from, self.ask) && sheet.is_over())?;
        Some((&sheet.fans, sheet.took))
    }

    /// The ranking of levers, if it is open.
    #[must_use]
    pub fn needle(&self) -> Option<&Needle> {
        self.needle.as_ref()
    }

    /// Whether the ranking is of the sitting as it stands.
    #[must_use]
    pub fn needle_stands(&self, sitting: &Sitting) -> bool {
        self.needle.as_ref().is_some_and(|needle| needle.is_of(sitting, self.ask.days, self.ask.prior))
    }

    /// Whether anything is still coming.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.last().is_some_and(Fans::is_running)
            || self.needle.as_ref().is_some_and(Needle::is_running)
            || self.inquiry.as_ref().is_some_and(Inquiry::is_running)
            || self.contest.as_ref().is_some_and(Contest::is_running)
    }

    /// Whether another set is due than the one that is there: other levers, another branch, pair or seed, more or other
    /// futures, or a day that has moved on. A passing day cancels nothing: while days pass the set runs to its end, then the
    /// next one starts from where the days are. One who jumps to another day has no use for the set of the day before.
    #[must_use]
    pub fn is_due(&self, sitting: &Sitting, want: Want, playing: bool) -> bool {
        let Some(sheet) = &self.sheet else { return true };
        let fans = &sheet.fans;
        if fans.ask != self.ask || fans.subject != want.subject(sitting) {
            return true;
        }
        let away = (sitting.today() - fans.from).abs();
        if playing { away >= RENEW_DAYS && !fans.is_running() } else { away > 0 }
    }

    /// Lets time pass: begins what is due, takes what has come. `clock` is one on the wall, seconds; `go_on`
    /// says whether there is time left for futures that run between frames. Returns the seconds after which it wants to be
    /// asked again: 0 for at once, none where nothing is coming.
    pub fn pass(
        &mut self,
        sitting: &mut Sitting,
        want: Want,
        playing: bool,
        clock: impl Fn() -> f64,
        go_on: impl FnMut() -> bool,
    ) -> Option<f64> {
        let now = clock();
        let mut rest = None;
        if self.is_due(sitting, want, playing) {
            let rested = self.moved_at.map_or(f64::INFINITY, |moved| now - moved);
            // A clock that was put back waits for nobody.
            if (0.0..REST).contains(&rested) {
                rest = Some(REST - rested);
            } else {
                self.start(sitting, want, now);
            }
        }
        self.poll(clock, go_on);
        if self.is_running() { Some(0.0) } else { rest }
    }

    fn start(&mut self, sitting: &mut Sitting, want: Want, now: f64) {
        self.shelve();
        let subject = want.subject(sitting);
        let known = |sheet: &Sheet| sheet.is_over() && sheet.is_of(&subject, sitting.today(), self.ask);
        self.longest = 0.0;
        if let Some(i) = self.kept.iter().position(known) {
            self.fresh = 0;
            self.sheet = Some(self.kept.remove(i));
            return;
        }
        let before: Vec<&Fans> = self.kept.iter().map(|sheet| &sheet.fans).collect();
        let fans = match want {
            Want::Policy => Fans::start(sitting, self.ask, &before, self.threads),
            Want::Branches(pair) => Fans::compare(sitting, pair, self.ask, &before, self.threads),
        };
        let arms = if fans.is_null() { 1 } else { 2 };
        self.fresh = arms * self.ask.futures - (0..arms as usize).map(|arm| fans.come(arm)).sum::<u64>();
        let done = (!fans.is_running()).then_some(0.0);
        self.sheet = Some(Sheet { fans, started: now, first_band: done, took: done, stopped: false });
    }

    /// Puts the set that is there with those that are over.
    fn shelve(&mut self) {
        if let Some(mut sheet) = self.sheet.take() {
            sheet.fans.cancel();
            self.kept.push(sheet);
        }
        if self.kept.len() > KEPT {
            self.kept.remove(0);
        }
    }

    fn poll(&mut self, clock: impl Fn() -> f64, mut go_on: impl FnMut() -> bool) {
        if let Some(sheet) = &mut self.sheet {
            let running = sheet.fans.is_running();
            sheet.fans.poll(&mut go_on);
            let elapsed = clock() - sheet.started;
            if running && sheet.is_shown() {
                sheet.first_band.get_or_insert(elapsed);
            }
            if running && sheet.fans.progress() == Progress::Complete {
                sheet.took = Some(elapsed);
            }
        }
        if let Some(needle) = &mut self.needle {
            needle.poll(&mut go_on);
        }
        if let Some(inquiry) = &mut self.inquiry {
            inquiry.poll(&mut go_on);
        }
        if let Some(contest) = &mut self.contest {
            contest.poll(&mut go_on);
        }
    }

    /// Forgets what drives an outcome and what every camp must accept.
    pub fn forget_questions(&mut self) {
        (self.inquiry, self.contest) = (None, None);
    }

    /// Asks every camp what moves do, in so many pairs of futures each.
    ///
    /// # Errors
    /// One sentence, where that cannot be asked.
    pub fn contest(&mut self, sitting: &Sitting, moves: Vec<Move>, runs: u64) -> Result<(), String> {
        self.contest = Some(Contest::start(sitting, moves, runs, self.ask, self.threads)?);
        Ok(())
    }

    /// What every camp says, if that was asked.
    #[must_use]
    pub fn contested(&self) -> Option<&Contest> {
        self.contest.as_ref()
    }

    /// Stops working that out, and nothing else.
    pub fn stop_contest(&mut self) {
        if let Some(contest) = &mut self.contest {
            contest.cancel();
        }
    }

    /// Asks what drives an outcome in so many futures, from a sitting's playhead.
    pub fn inquire(&mut self, sitting: &Sitting, came: Came, runs: u64) {
        self.inquiry = Some(Inquiry::start(sitting, came, runs, self.ask, self.threads));
    }

    /// What drives an outcome, if that was asked.
    #[must_use]
    pub fn inquiry(&self) -> Option<&Inquiry> {
        self.inquiry.as_ref()
    }

    /// Stops working that out, and nothing else.
    pub fn stop_inquiry(&mut self) {
        if let Some(inquiry) = &mut self.inquiry {
            inquiry.cancel();
        }
    }

    /// Ranks levers by an outcome, from a sitting's playhead.
    pub fn rank(&mut self, sitting: &Sitting, metric: Metric) {
        let Ask { days, prior, .. } = self.ask;
        self.needle = Some(Needle::start(sitting, metric, days, prior, RANKED, self.threads));
    }

    /// Closes the ranking.
    pub fn end_rank(&mut self) {
        self.needle = None;
    }

    /// Stops everything, as a person wishes; what has come is kept, and nothing goes on by itself.
    pub fn cancel(&mut self) {
        if let Some(sheet) = self.sheet.as_mut().filter(|sheet| sheet.fans.is_running()) {
            sheet.fans.cancel();
            sheet.stopped = true;
        }
        if let Some(needle) = &mut self.needle {
            needle.cancel();
        }
        self.stop_inquiry();
        self.stop_contest();
    }

    /// Goes on with a set that was stopped, as far as it is still what the sitting is.
    pub fn go_on(&mut self, sitting: &Sitting, now: f64) {
        if let Some(sheet) = self.sheet.as_mut().filter(|sheet| sheet.fans.progress() != Progress::Complete) {
            sheet.fans.go_on(sitting, self.threads);
            (sheet.started, sheet.stopped) = (now, false);
        }
    }

    /// Forgets everything: another sitting is there.
    pub fn clear(&mut self) {
        (self.sheet, self.needle, self.moved_at) = (None, None, None);
        (self.inquiry, self.contest) = (None, None);
        self.kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::Lever;

    const ASK: Ask = Ask { futures: 24, days: 40, prior: false };

    fn sitting() -> Sitting {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3);
        s.go_to(30);
        s
    }

    fn desk() -> Desk {
        Desk { ask: ASK, ..Desk::on(0) }
    }

    /// Passes time until nothing is coming; returns the time.
    fn settle(desk: &mut Desk, s: &mut Sitting, want: Want, mut now: f64) -> f64 {
        let mut rounds = 0;
        while let Some(wait) = desk.pass(s, want, false, || now, || true) {
            now += wait.max(0.001);
            rounds += 1;
            assert!(rounds < 1_000, "it never comes to rest");
        }
        now
    }

    fn of(desk: &Desk, s: &Sitting, want: Want) -> Vec<LeverLog> {
        let view = desk.view(&want.subject(s));
        view.fans.filter(|_| !view.is_stale).map_or_else(Vec::new, |fans| fans.subject.logs.to_vec())
    }
    type LeverLog = Vec<detente_model::symbols::levers::LeverChange>;

    #[test]
    fn a_lever_moved_while_paused_gets_its_futures_once_it_rests_and_nothing_else_moves() {
        let (mut s, mut desk) = (sitting(), desk());
        let now = settle(&mut desk, &mut s, Want::Policy, 5.0);
        assert!(desk.last().unwrap().is_null());
        // The clock stood still between: only the time on the wall goes on.
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        desk.note_move(now + 60.0);
        let wait = desk.pass(&mut s, Want::Policy, false, || now + 60.0, || true);
        assert!(wait.is_some_and(|w| w > 0.0 && w <= REST), "it asks to be woken, {wait:?}");
        assert!(desk.is_due(&s, Want::Policy, false));
        settle(&mut desk, &mut s, Want::Policy, now + 60.0 + wait.unwrap());
        assert_eq!(of(&desk, &s, Want::Policy)[1].len(), 1);
        assert_eq!(desk.last().unwrap().progress(), Progress::Complete);
    }

    #[test]
    fn each_of_the_moves_of_a_hand_makes_a_set_due_and_the_set_is_of_what_stands() {
        let (mut s, mut desk) = (sitting(), desk());
        let mut now = settle(&mut desk, &mut s, Want::Policy, 0.0);
        let moves: [(&str, fn(&mut Sitting)); 8] = [
            ("lever", |s| drop(s.set_lever(Lever::UnifilTroops, 12_000.0))),
            ("another", |s| drop(s.set_lever(Lever::IsraelBlowRate, 0.0))),
            ("undo", Sitting::undo),
            ("redo", Sitting::redo),
            ("reset", |s| drop(s.reset_all())),
            ("seed", |s| s.reseed(9)),
            ("fork", |s| {
                s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
                s.fork("other").unwrap();
            }),
            ("day", |s| s.go_to(20)),
        ];
        for (what, act) in moves {
            act(&mut s);
            assert!(desk.is_due(&s, Want::Policy, false), "{what}");
            now = settle(&mut desk, &mut s, Want::Policy, now + 10.0);
            let fans = desk.view(&Subject::policy(&s)).fans.unwrap();
            assert_eq!((&fans.subject, fans.from), (&Subject::policy(&s), s.today()), "{what}");
        }
        desk.ask.prior = true;
        assert!(desk.is_due(&s, Want::Policy, false), "parameters");
    }

    #[test]
    fn compared_branches_are_run_anew_when_one_of_them_changes_and_the_other_is_kept() {
        let (mut s, mut desk) = (sitting(), desk());
        s.fork("B").unwrap();
        let want = Want::Branches([0, 1]);
        let now = settle(&mut desk, &mut s, want, 0.0);
        assert!(desk.last().unwrap().is_null());
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        assert!(desk.is_due(&s, want, false), "a lever on B");
        let now = settle(&mut desk, &mut s, want, now + 1.0);
        assert!(!desk.last().unwrap().is_null());
        assert_eq!(desk.fresh, 24, "A is not run again");
        s.undo();
        assert!(desk.is_due(&s, want, false), "undone");
        settle(&mut desk, &mut s, want, now + 1.0);
        assert!(desk.last().unwrap().is_null());
    }

    #[test]
    fn nobody_is_shown_a_set_of_something_else() {
        let (mut s, mut desk) = (sitting(), desk());
        s.fork("B").unwrap();
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        let pair = Want::Branches([0, 1]);
        let now = settle(&mut desk, &mut s, pair, 0.0);
        assert!(desk.view(&Subject::policy(&s)).fans.is_none(), "two branches are not a policy and its baseline");
        let swapped = Want::Branches([1, 0]);
        assert!(desk.view(&swapped.subject(&s)).fans.is_none(), "A is not B");
        let now = settle(&mut desk, &mut s, Want::Policy, now + 1.0);
        // Both arms were known: nothing was run, and going back runs nothing either.
        assert_eq!(desk.fresh, 0);
        settle(&mut desk, &mut s, pair, now + 1.0);
        assert_eq!((desk.fresh, desk.last().unwrap().subject.arms), (0, Arms::Branches([0, 1])));
        // Until its successor comes, the set before is shown as what it is.
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        let view = desk.view(&pair.subject(&s));
        assert!(view.is_stale && view.fans.is_some() && view.progress.is_none());
    }

    #[test]
    fn a_set_that_was_stopped_says_how_far_it_came_and_goes_on_only_by_hand() {
        let (mut s, mut desk) = (sitting(), desk());
        let mut few = 20;
        desk.pass(
            &mut s,
            Want::Policy,
            false,
            || 0.0,
            || {
                few -= 1;
                few > 0
            },
        );
        desk.cancel();
        let view = desk.view(&Subject::policy(&s));
        assert_eq!((view.progress, view.come), (Some(Progress::Cancelled), (20, 24)));
        assert_eq!(view.took, None, "it is not done");
        assert_eq!(desk.pass(&mut s, Want::Policy, false, || 9.0, || true), None, "it stays stopped");
        desk.go_on(&s, 10.0);
        settle(&mut desk, &mut s, Want::Policy, 10.0);
        assert_eq!(desk.view(&Subject::policy(&s)).progress, Some(Progress::Complete));
        // Stopped before a first band, nothing is shown of it.
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        desk.pass(&mut s, Want::Policy, false, || 20.0, || false);
        desk.cancel();
        let view = desk.view(&Subject::policy(&s));
        assert!(view.fans.is_none() && view.progress == Some(Progress::Cancelled), "{:?}", view.come);
    }

    /// A thread that ends in the middle of its work takes nothing with it but what it had not done: the set says how far it came, rests,
    /// and goes on by hand to all that was asked for.
    #[test]
    fn a_set_whose_threads_are_gone_says_how_far_it_came_and_is_completed_by_hand() {
        let (mut s, mut desk) = (sitting(), desk());
        let mut few = 20;
        let some = || {
            few -= 1;
            few > 0
        };
        desk.pass(&mut s, Want::Policy, false, || 0.0, some);
        desk.cancel();
        // A chart of a front that there is not: whoever reads it off a future ends there.
        let of = desk.sheet.as_mut().unwrap();
        of.fans.tracks.push(crate::chart::Track::Fire(usize::MAX));
        desk.threads = 2;
        desk.go_on(&s, 1.0);
        let begun = std::time::Instant::now();
        while desk.is_running() {
            assert!(begun.elapsed().as_secs() < 60, "nobody works, and it waits");
            desk.pass(&mut s, Want::Policy, false, || 2.0, || true);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let subject = Subject::policy(&s);
        let view = desk.view(&subject);
        assert_eq!((view.progress, view.come), (Some(Progress::Deserted), (20, 24)));
        assert!(view.fans.is_some() && !view.is_stale, "what came is shown");
        assert_eq!(desk.pass(&mut s, Want::Policy, false, || 9.0, || true), None, "nothing starts it but a hand");
        desk.sheet.as_mut().unwrap().fans.tracks.pop();
        desk.go_on(&s, 10.0);
        while desk.is_running() {
            assert!(begun.elapsed().as_secs() < 60, "it never comes");
            desk.pass(&mut s, Want::Policy, false, || 11.0, || true);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let view = desk.view(&subject);
        assert_eq!((view.progress, view.come), (Some(Progress::Complete), (24, 24)));
        // And they are the futures that would have come at once.
        let mut whole = Desk { ask: ASK, ..Desk::on(0) };
        settle(&mut whole, &mut s, Want::Policy, 0.0);
        let (a, b) = (desk.last().unwrap(), whole.last().unwrap());
        assert_eq!((a.table(1), a.bands(1, 0)), (b.table(1), b.bands(1, 0)));
    }

    #[test]
    fn a_ranking_is_of_the_levers_and_the_day_it_was_begun_with() {
        let (mut s, mut desk) = (sitting(), desk());
        desk.rank(&s, Metric::Deaths);
        assert!(desk.needle_stands(&s));
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        assert!(!desk.needle_stands(&s));
        s.undo();
        assert!(desk.needle_stands(&s));
        s.step(1);
        assert!(!desk.needle_stands(&s));
    }
}
