//! The clock of the studio: what passes with time, days among it, and when the next frame is wanted.

use super::room::Studio;
use crate::pace::Wake;
use crate::platform::now_seconds;
use detente_session::chart::{Fans, Subject};
use detente_session::cover::settle;
use detente_session::sitting::LAST_DAY;

/// Seconds in which a panel comes or goes.
const PANEL_SECONDS: f64 = 0.15;
/// Time that a frame gives to days when they pass as fast as they go, seconds: with what is drawn, well under the 50 ms from
/// which motion is seen to halt.
const DAYS_IN_A_FRAME: f64 = 0.012;
/// Where futures run between frames, pictures in which nothing else moves take the time they need: seconds from one to the
/// next, before the first band and after it.
const BESIDE_FUTURES: [f64; 2] = [0.06, 0.2];
/// The longest that nothing needs to be done for, seconds.
const LONG: f64 = 60.0;

impl Studio {
    /// Whether futures or a ranking are still running or about to.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.desk.is_due(&self.sitting, self.wanted(), self.playing) || self.desk.is_running() || self.is_working()
    }

    /// Whether futures run between frames, a first band of them is still to come, and no days pass meanwhile.
    #[must_use]
    pub fn awaits_a_band(&self) -> bool {
        let begun = || self.desk.last().is_some_and(Fans::is_running) && self.desk.first_band().is_none();
        let due = || self.desk.is_due(&self.sitting, self.wanted(), self.playing);
        self.desk.threads == 0 && !self.playing && (begun() || due())
    }

    /// Lets time pass: `seconds` for what moves on the screen, the clock on the wall for what waits. `go_on` says whether
    /// there is time left in this frame for futures that run between frames.
    pub fn pass(&mut self, seconds: f64, mut go_on: impl FnMut() -> bool) -> Wake {
        self.clock += seconds;
        self.work_on(&mut go_on);
        self.play(seconds);
        let begun = now_seconds();
        let wanted = self.wanted();
        let futures_in = self.desk.pass(&mut self.sitting, wanted, self.playing, now_seconds, go_on);
        self.desk.longest = self.desk.longest.max(now_seconds() - begun);
        self.score_guesses();
        self.report_if_ready();
        // Notes and autosave keep the time of day: they go on while nothing is drawn.
        let now = now_seconds();
        if self.note.as_ref().is_some_and(|note| note.is_over(now)) {
            self.note = None;
        }
        let keep_in = if self.is_tour { None } else { self.keeper.pass(&self.sitting, now) };
        let tend_in = self.tend(now);
        if let Some(why) = self.keeper.trouble.take() {
            self.say(why, true);
        }
        // The second map moves only while it is there: what was on its way on it as it went would be so for ever.
        let maps = self.map.moving || self.comparing().is_some() && self.other_map.moving;
        let moving = self.playing || self.is_working() || maps || self.panel_moves();
        if moving || self.report_waits.is_some() {
            return Wake::Now;
        }
        let note = self.note.as_ref().filter(|note| !note.trouble).map(|note| note.until - now);
        let rest = keep_in.into_iter().chain(tend_in).chain(note).chain(futures_in).fold(LONG, f64::min).max(0.0);
        match futures_in {
            Some(0.0) if self.desk.threads > 0 => Wake::Now,
            Some(0.0) => Wake::Within(BESIDE_FUTURES[usize::from(self.desk.first_band().is_some())]),
            _ => Wake::Within(rest),
        }
    }

    /// Scores guesses that are revealed, once all futures of what they are about have come.
    fn score_guesses(&mut self) {
        if self.sitting.guesses().has_unscored() {
            let subject = Subject::policy(&self.sitting);
            if let Some((fans, _)) = self.desk.whole(&subject, self.sitting.today()) {
                settle(&mut self.sitting, fans);
            }
        }
    }

    fn play(&mut self, seconds: f64) {
        if !self.playing || self.holder().is_some() {
            return;
        }
        let days = if self.speed.is_finite() {
            self.due += seconds.min(0.25) * f64::from(self.speed);
            let days = self.due as i32;
            self.due -= f64::from(days);
            self.sitting.step(days);
            days
        } else if seconds > 0.0 {
            // As fast as it goes: day after day for as long as this frame has time for them.
            let until = now_seconds() + DAYS_IN_A_FRAME;
            let mut days = 0;
            while self.sitting.today() < LAST_DAY && (days == 0 || now_seconds() < until) {
                self.sitting.step(1);
                days += 1;
            }
            days
        } else {
            0
        };
        if days > 0 && self.sitting.today() >= LAST_DAY {
            self.playing = false;
            let why = "A session ends here; the model is about the coming years, not decades.";
            self.say(why.to_owned(), false);
        }
    }

    /// How far the panel at the right has come, 0 to 1.
    pub(super) fn panel_come(&self) -> f32 {
        if self.reduced_motion { 1.0 } else { ((self.clock - self.tab_since) / PANEL_SECONDS).clamp(0.0, 1.0) as f32 }
    }

    /// Whether a panel is on its way.
    #[must_use]
    pub fn panel_moves(&self) -> bool {
        self.panel_come() < 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::scenario::load;
    use detente_session::Sitting;
    use detente_session::file::Saved;

    fn studio(speed: f32) -> Studio {
        let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
        studio.is_tour = true;
        studio.speed = speed;
        studio
    }

    #[test]
    fn as_fast_as_it_goes_is_as_fast_as_frames_allow_and_gives_the_same_history() {
        let mut quick = studio(f32::INFINITY);
        quick.act(crate::act::Act::PlayPause);
        let (mut frames, mut longest) = (0, 0.0_f64);
        while quick.playing {
            let begun = now_seconds();
            quick.play(0.016);
            longest = longest.max(now_seconds() - begun);
            frames += 1;
            assert!(frames < 1_001, "it does not come to the end");
        }
        assert_eq!(quick.sitting.today(), LAST_DAY);
        // At 200 days a second, as it once was, 1,000 days took 312 such frames.
        assert!(frames < 150, "{frames} frames");
        assert!(longest < 0.05, "a frame took {longest} s");
        let mut slow = Sitting::new(load("november-2024").unwrap(), 7);
        slow.step(LAST_DAY);
        let digest = |sitting: &Sitting| Saved::of(sitting).to_link();
        assert_eq!(digest(&quick.sitting), digest(&slow));
        assert_eq!(quick.sitting.branch().history.rows, slow.branch().history.rows);
    }

    #[test]
    fn a_frame_in_which_nothing_should_move_plays_no_day_at_any_speed() {
        for speed in [1.0, 30.0, f32::INFINITY] {
            let mut studio = studio(speed);
            studio.playing = true;
            studio.play(0.0);
            assert_eq!(studio.sitting.today(), 0);
        }
    }

    #[test]
    fn where_futures_run_between_frames_few_frames_take_their_time() {
        let mut studio = studio(3.0);
        studio.desk.threads = 0;
        studio.pass(0.0, || false);
        let wake = studio.pass(0.0, || false);
        assert!(studio.is_busy());
        assert!(matches!(wake, Wake::Within(rest) if rest >= 0.05), "{wake:?}");
        studio.playing = true;
        assert_eq!(studio.pass(0.01, || false), Wake::Now);
    }
}
