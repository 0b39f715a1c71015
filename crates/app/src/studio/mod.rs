//! The whole screen, and the clock that plays days. Panels show and wish; this room alone carries wishes out: [`acts`] does
//! what is asked, the desk ([`detente_session::desk`]) keeps futures beside it, [`keys`] and [`screen`] say what lies where.

mod acts;
mod evening;
mod files;
mod handout;
mod keys;
mod screen;
mod work;

pub(crate) use self::files::{Saving, stem};
pub use self::work::{Bench, Work};

use self::evening::Evenings;
use super::act::{Dialog, Tab};
use super::command::Frames;
use super::dialogs::{DialogView, Note};
use super::futures::FuturesView;
use super::keep::Keeper;
use super::levers::LeversView;
use super::look::{DARK, LIGHT, Look};
use super::map::{MapView, Pick};
use super::platform::{self, Chooser, now_seconds};
use super::timeline::TimelineView;
use super::top::TopView;
use super::why::WhyView;
use bevy_egui::egui::Rect;
use detente_session::Sitting;
use detente_session::desk::{Desk, Want};
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

/// When the next frame is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wake {
    /// At once: something moves.
    Now,
    /// Within so many seconds, if nothing happens before.
    Within(f64),
}

/// Everything the program shows, and how.
pub struct Studio {
    /// The sitting with the model.
    pub sitting: Sitting,
    /// View of the map.
    pub map: MapView,
    /// The second map while two branches are compared.
    pub other_map: MapView,
    /// Whether the ground is dark.
    pub dark: bool,
    /// Text size, 0.8 to 2.
    pub text: f32,
    /// Whether nothing travels.
    pub reduced_motion: bool,
    /// Days a second; infinite for as fast as it goes.
    pub speed: f32,
    /// Whether days pass.
    pub playing: bool,
    /// The panel at the right.
    pub tab: Tab,
    /// How files are chosen.
    pub chooser: Chooser,
    /// How the picture is drawn, where that is worth a word; empty where it is not.
    pub corner: Option<String>,
    /// What is kept for the next start, and what an earlier one left.
    pub keeper: Keeper,
    /// How fast frames come.
    pub frames: Frames,
    /// The name of a report that waits for a picture of the map.
    pub report_waits: Option<String>,
    /// Where the map was drawn, for its picture.
    pub map_area: Rect,
    /// The futures beside the sitting.
    pub desk: Desk,
    /// Pixels of the display for one point, as last drawn.
    pub pixels_per_point: f32,
    /// Whether a script drives: nothing is kept for the next start.
    pub is_tour: bool,
    /// Whether the window is to fill the display.
    pub full_screen: bool,
    /// Work that takes longer than a frame.
    pub bench: Bench,
    copy: Option<String>,
    dialog: Option<Dialog>,
    /// Whether the levers stand open; without a choice, by the room that there is.
    levers_open: Option<bool>,
    welcome: bool,
    note: Option<Note>,
    pick: Option<Pick>,
    pair: Option<[usize; 2]>,
    levers: LeversView,
    futures: FuturesView,
    why: WhyView,
    top: TopView,
    timeline: TimelineView,
    dialogs: DialogView,
    files: files::Files,
    compare: super::compare::CompareView,
    evenings: Evenings,
    wide_page: Page,
    due: f64,
    clock: f64,
    tab_since: f64,
    shown_theme: Option<(bool, bool)>,
}

/// What a narrow screen shows; a wide one shows all at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Map,
    Levers,
    Right,
}

impl Studio {
    /// The studio at the start of a sitting.
    #[must_use]
    pub fn new(sitting: Sitting) -> Self {
        let levers = LeversView::new(&sitting.rules);
        Self {
            levers,
            sitting,
            map: MapView::default(),
            other_map: MapView::default(),
            dark: false,
            text: 1.0,
            reduced_motion: false,
            speed: 3.0,
            playing: false,
            tab: Tab::Futures,
            chooser: Chooser::PLAIN,
            corner: None,
            keeper: Keeper::default(),
            frames: Frames::default(),
            report_waits: None,
            map_area: Rect::NOTHING,
            desk: Desk::on(platform::threads()),
            pixels_per_point: 1.0,
            is_tour: false,
            full_screen: false,
            bench: Bench::default(),
            copy: None,
            dialog: None,
            levers_open: None,
            welcome: true,
            note: None,
            pick: None,
            pair: None,
            futures: FuturesView::default(),
            why: WhyView::default(),
            top: TopView::default(),
            timeline: TimelineView::default(),
            dialogs: DialogView::default(),
            files: files::Files::default(),
            compare: super::compare::CompareView::default(),
            evenings: Evenings::default(),
            wide_page: Page::Map,
            due: 0.0,
            clock: 0.0,
            tab_since: -1.0,
            shown_theme: None,
        }
    }

    /// Colours in use.
    #[must_use]
    pub fn look(&self) -> &'static Look {
        if self.dark { &DARK } else { &LIGHT }
    }

    /// Whether futures or a ranking are still running or about to.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.desk.is_due(&self.sitting, self.wanted(), self.playing) || self.desk.is_running() || self.is_working()
    }

    /// Lets time pass: `seconds` for what moves on the screen, the clock on the wall for what waits. `go_on` says whether
    /// there is time left in this frame for futures that run between frames.
    pub fn pass(&mut self, seconds: f64, mut go_on: impl FnMut() -> bool) -> Wake {
        self.clock += seconds;
        self.work_on(&mut go_on);
        self.play(seconds);
        let now = now_seconds();
        let begun = now;
        let wanted = self.wanted();
        let futures_in = self.desk.pass(&mut self.sitting, wanted, self.playing, now, go_on);
        self.desk.longest = self.desk.longest.max(now_seconds() - begun);
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

    /// The futures that are wanted: those of the two branches that are compared, else those of the policy. A report is about
    /// the policy, whatever is on the screen, and about the two branches as well where they are compared.
    fn wanted(&self) -> Want {
        let done = self.report_waits.is_some() && self.compared_whole().is_some();
        self.comparing().filter(|_| !done).map_or(Want::Policy, Want::Branches)
    }

    /// The two branches shown side by side, if they are.
    fn comparing(&self) -> Option<[usize; 2]> {
        self.pair().filter(|_| self.tab == Tab::Compare)
    }

    /// The two branches to compare: those that were chosen, as long as both are there and one of them is the branch shown;
    /// else the branch shown and the one that it left, or one that left it.
    fn pair(&self) -> Option<[usize; 2]> {
        let (sitting, current) = (&self.sitting, self.sitting.current());
        let n = sitting.branches().len();
        let chosen =
            self.pair.filter(|pair| pair[0] != pair[1] && pair.contains(&current) && pair.iter().all(|b| *b < n));
        let parent = |branch: usize| sitting.branches()[branch].fork.and_then(|(id, _)| sitting.position(id));
        let related = || {
            let child = || (0..n).rev().find(|&b| parent(b) == Some(current)).map(|child| [current, child]);
            parent(current).map(|parent| [parent, current]).or_else(child)
        };
        chosen.or_else(related)
    }

    /// How far the panel at the right has come, 0 to 1.
    fn panel_come(&self) -> f32 {
        if self.reduced_motion { 1.0 } else { ((self.clock - self.tab_since) / PANEL_SECONDS).clamp(0.0, 1.0) as f32 }
    }

    /// Whether a panel is on its way.
    #[must_use]
    pub fn panel_moves(&self) -> bool {
        self.panel_come() < 1.0
    }

    /// Takes what has come from outside: files that were chosen, links that were pasted. Returns whether anything has.
    pub fn attend(&mut self) -> bool {
        let mut any = false;
        while let Some(arrival) = platform::arrived() {
            match arrival {
                Ok(arrival) => self.take(arrival),
                Err(why) => self.say(why, true),
            }
            any = true;
        }
        any
    }

    /// Says a sentence for a while; a trouble stays until it is put away.
    pub fn say(&mut self, text: String, trouble: bool) {
        let until = now_seconds() + 3.0 + text.len() as f64 * 0.05;
        self.note = Some(Note { text, trouble, until });
    }

    /// The sentence shown at the moment.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_ref().map(|note| note.text.as_str())
    }

    /// The same, if it is of a trouble.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.note.as_ref().filter(|note| note.trouble).map(|note| note.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::scenario::load;
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
