//! Long work beside what is shown: opening a session, another seed, undo across seeds, a playhead that goes far, a report. Each runs in slices (tables on a thread where there is one); what is shown stays as it is until all of it
//! is there, and Cancel leaves it so.

use super::bench::{Job, Origin, Work};
use super::paper::Paper;
use super::room::Studio;
use crate::platform::{self, now_seconds};
use detente_session::file::Saved;
use detente_session::replay::{Opening, Progress, Replay, Wish};
use detente_session::sitting::fate_words;

/// Seconds after which it is shown.
const SHOWN_AFTER: f64 = 0.1;
/// So many days are played without further ado.
const FEW_DAYS: i32 = 60;

impl Studio {
    /// The work to be shown: whatever has taken longer than a moment.
    #[must_use]
    pub fn work_shown(&self) -> Option<&Work> {
        self.bench.work.as_ref().filter(|work| now_seconds() - work.begun >= SHOWN_AFTER)
    }

    /// Whether anything is under way.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.bench.work.is_some()
    }

    /// The work that needs the sitting as it is, if there is any.
    pub(super) fn holder(&self) -> Option<&Work> {
        self.bench.work.as_ref().filter(|work| work.holds_the_sitting())
    }

    /// Goes on with what is under way, for a slice of a frame at least and as long as `go_on` says so.
    pub fn work_on(&mut self, go_on: impl FnMut() -> bool) {
        self.work_for(self.bench.share(now_seconds()), go_on);
        self.walk_on();
    }

    /// Stops what is under way. Everything stays as it was before.
    pub fn stop_work(&mut self) {
        self.bench.work = None;
        self.then = None;
        self.walking.clear();
    }

    /// Another sitting takes the place of this one: what was under way for this one is for nothing.
    pub(super) fn stop_replay(&mut self) {
        if self.holder().is_some() {
            self.stop_work();
        }
    }

    /// Does what is under way to its end: for whoever cannot wait for frames.
    pub fn finish_work(&mut self) {
        while self.is_working() {
            self.work_for(f64::INFINITY, || true);
            self.walk_on();
            // A thread has its own pace.
            std::thread::yield_now();
        }
    }

    fn work_for(&mut self, seconds: f64, mut go_on: impl FnMut() -> bool) {
        let Some(work) = &mut self.bench.work else { return };
        let until = now_seconds() + seconds;
        work.step(&self.sitting, || now_seconds() < until || go_on());
        self.bench.left = now_seconds();
        if work.progress.is_done()
            && let Some(work) = self.bench.work.take()
        {
            self.finish(work.job);
        }
    }

    /// Begins work; what is small is done on the spot. What is under way is given up for it, but for a report, which
    /// nothing would write anew.
    fn begin(&mut self, words: String, job: Job) {
        if let Some(work) = &self.bench.work
            && matches!(work.job, Job::Report(..))
        {
            let why = work.waits();
            return self.say(why, false);
        }
        let begun = now_seconds();
        self.bench.work = Some(Work { words, begun, progress: Progress::default(), job });
        self.work_for(self.bench.at_once, || false);
    }

    fn finish(&mut self, job: Job) {
        match job {
            Job::Open(opening, done, origin) => {
                let said: Vec<String> = std::iter::once(done).chain(opening.remarks()).collect();
                let opened = opening.finish();
                if let (Ok(_), Origin::Kept(id)) = (&opened, &origin) {
                    self.keeper.goes_on(id);
                }
                if self.enter(opened, &said.join(" ")) {
                    match origin {
                        Origin::File(path, text) => self.belongs_to(&path, &text),
                        Origin::Lesson => self.begin_lesson(),
                        Origin::Elsewhere | Origin::Kept(_) => {}
                    }
                }
            }
            Job::Grant(wish, replay) => self.grant(wish, *replay),
            Job::Report(name, paper) => {
                let done = match paper.finish() {
                    Ok(files) => platform::save_folder(&name, &files),
                    Err(error) => Err(format!("The data of the report cannot be written ({error}).")),
                };
                self.told(done);
            }
        }
    }

    /// Opens a session, however long it is, and says `done` when it is there.
    pub(super) fn open_saved(&mut self, saved: Result<Saved, String>, done: &str, origin: Origin) {
        match saved.and_then(Opening::begin) {
            Ok(opening) => {
                self.begin("Opening the session".to_owned(), Job::Open(Box::new(opening), done.to_owned(), origin));
            }
            Err(why) => self.say(why, true),
        }
    }

    /// Does what changes the whole sitting; where that takes a while, in slices.
    pub(super) fn wish(&mut self, wish: Wish) {
        let words = match wish {
            Wish::Reseed(seed) => format!("Playing every branch under seed {seed}"),
            Wish::Future(fate) => format!("Playing every branch as future {}", fate.future),
            Wish::Undo => "Taking the last move back".to_owned(),
            Wish::Redo => "Doing the move again".to_owned(),
            Wish::GoTo(day) => {
                if day - self.sitting.branch().history.days() <= FEW_DAYS {
                    return self.sitting.go_to(day);
                }
                format!("Playing on to day {day}")
            }
        };
        let replay = Replay::towards(&self.sitting, wish);
        self.begin(words, Job::Grant(wish, Box::new(replay)));
    }

    fn grant(&mut self, wish: Wish, replay: Replay) {
        self.sitting.grant(wish, replay.ready());
        if matches!(wish, Wish::Reseed(_) | Wish::Future(_)) {
            self.why.event = None;
        }
        if let Wish::Future(fate) = wish {
            self.say(format!("This is {} now; undo goes back.", fate_words(fate)), false);
            if let Some(day) = self.then.take() {
                self.wish(Wish::GoTo(day));
            }
        }
    }

    /// Writes a report that was begun.
    pub(super) fn hand_out(&mut self, name: String, paper: Paper) {
        self.begin("Writing the report".to_owned(), Job::Report(name, Box::new(paper)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::Act;
    use detente_model::scenario::load;
    use detente_model::symbols::levers::Lever;
    use detente_session::Sitting;

    /// A studio in which nothing is done at once.
    fn studio() -> Studio {
        let mut s = Sitting::new(load("november-2024").unwrap(), 3);
        s.go_to(12);
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        s.fork("Another").unwrap();
        s.go_to(20);
        let mut studio = Studio::new(s);
        studio.is_tour = true;
        studio.bench.at_once = 0.0;
        studio
    }

    fn run(studio: &mut Studio) -> u32 {
        let mut slices = 0;
        while studio.is_working() {
            studio.work_for(0.0, || false);
            slices += 1;
            assert!(slices < 10_000);
        }
        slices
    }

    #[test]
    fn another_seed_comes_in_slices_and_until_then_nothing_changes() {
        let mut s = studio();
        let before = s.sitting.script();
        s.act(Act::Reseed(4));
        assert!(s.is_working() && s.is_busy());
        s.work_for(0.0, || false);
        assert_eq!(s.sitting.script(), before);
        // Moves would be lost: they are refused in words.
        s.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
        assert_eq!(s.sitting.script(), before);
        assert!(s.note().is_some_and(|note| note.contains("seed 4") && note.contains("cancel")));
        assert!(run(&mut s) > 10, "day by day");
        let mut at_once = studio().sitting;
        at_once.reseed(4);
        assert_eq!(s.sitting.script(), at_once.script());
        for (a, b) in s.sitting.branches().iter().zip(at_once.branches()) {
            assert_eq!(a.history.digest(), b.history.digest());
        }
        assert_eq!(s.sitting.now(), at_once.now());
        // The way back crosses the seed, too.
        s.act(Act::Undo);
        assert!(s.is_working());
        run(&mut s);
        assert_eq!(s.sitting.script(), before);
    }

    #[test]
    fn cancel_leaves_everything_as_it_was() {
        let mut s = studio();
        let (before, undo) = (s.sitting.script(), s.sitting.can_undo());
        s.act(Act::Reseed(4));
        s.work_for(0.0, || false);
        s.act(Act::StopWork);
        assert!(!s.is_working());
        assert_eq!((s.sitting.script(), s.sitting.can_undo()), (before.clone(), undo));
        let other = Saved::of(&{
            let mut s = Sitting::new(load("null").unwrap(), 3);
            s.go_to(30);
            s
        });
        s.receive(Ok(other.to_text()));
        assert!(s.is_working());
        s.act(Act::StopWork);
        assert_eq!(s.sitting.script(), before);
        s.receive(Ok(other.to_text()));
        run(&mut s);
        assert_eq!((s.sitting.loaded.name.as_str(), s.sitting.today()), ("null", 30));
        assert!(s.note().is_some_and(|note| note.starts_with("Opened")));
    }

    /// A kept session is as long as any: it is opened as one from a file is, and until then the present one goes on.
    #[test]
    fn a_kept_session_comes_in_slices_and_may_be_left_where_it_is() {
        use crate::keep::{Keeper, Memory};
        let shelf = Memory::default();
        let mut left = studio();
        left.keeper = Keeper::on(Box::new(shelf.another_window()), false);
        left.keeper.keep(&left.sitting);
        let as_left = left.sitting.script();
        drop(left);
        let mut s = Studio::new(Sitting::new(load("null").unwrap(), 3));
        s.bench.at_once = 0.0;
        s.keeper = Keeper::on(Box::new(shelf.another_window()), true);
        let id = s.keeper.records().next().map(|record| record.id.clone()).unwrap();
        s.act(Act::Restore(id.clone()));
        assert!(s.is_working() && s.sitting.loaded.name == "null");
        s.act(Act::StopWork);
        assert_eq!(s.sitting.loaded.name, "null");
        s.act(Act::Restore(id));
        assert!(run(&mut s) > 10, "day by day");
        assert_eq!(s.sitting.script(), as_left);
        assert!(s.note().is_some_and(|note| note.starts_with("As you left it")), "{:?}", s.note());
    }

    #[test]
    fn a_playhead_that_goes_far_comes_with_all_days() {
        let mut s = studio();
        s.act(Act::GoTo(20 + FEW_DAYS + 5));
        assert_eq!(s.sitting.today(), 20);
        run(&mut s);
        assert_eq!(s.sitting.today(), 20 + FEW_DAYS + 5);
        let mut at_once = studio().sitting;
        at_once.go_to(20 + FEW_DAYS + 5);
        assert_eq!(s.sitting.branch().history.digest(), at_once.branch().history.digest());
    }

    #[test]
    fn a_session_that_is_not_what_its_name_says_opens_with_a_word() {
        let mut other = Saved::of(&Sitting::new(load("null").unwrap(), 3));
        other.scenario.name = "november-2024".to_owned();
        let mut s = studio();
        s.receive(Ok(other.to_text()));
        run(&mut s);
        assert!(s.note().is_some_and(|note| note.contains("not that of the built-in one")), "{:?}", s.note());
    }
}
