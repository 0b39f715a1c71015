//! The whole screen, and the clock that plays days. Panels show and wish; this is the one place that carries wishes out.

use super::act::{Act, Dialog, Tab};
use super::command::Frames;
use super::dialogs::{DialogView, Note, dialog_ui, kept_ui, note_ui};
use super::futures::{FuturesView, Status, futures_ui};
use super::inspect::inspect_ui;
use super::keep::Keeper;
use super::levers::{LeversView, levers_ui, rail};
use super::look::{DARK, LIGHT, Look, semibold};
use super::map::{MapView, Pick, Scene, map_ui};
use super::platform::{self, Arrival};
use super::start::{EXPERIMENTS, cards};
use super::timeline::{TimelineView, timeline_ui};
use super::top::{TopView, top_ui};
use super::why::{WhyView, why_ui};
use crate::futures::rank::Metric;
use crate::scenario;
use crate::session::Sitting;
use crate::session::chart::{Ask, Fans};
use crate::session::file::Saved;
use crate::session::needle::Needle;
use crate::sim::world::Snapshot;
use bevy_egui::egui::{
    self, Align2, CentralPanel, CursorIcon, FontId, Frame, Key, Margin, Modifiers, Panel, Rect, Sense, Stroke, Ui,
    pos2, vec2,
};

/// Futures wait for a policy to rest this long before they start anew while a slider is dragged, seconds.
const REST: f64 = 0.04;
/// Days after which a fan is renewed while days pass.
const RENEW_DAYS: i32 = 7;
/// Futures of each end of a lever in the ranking.
const RANKED: u64 = 128;

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
    /// Threads for futures; 0 to run them between frames.
    pub threads: usize,
    /// Whether files have names that are typed.
    pub typed_files: bool,
    /// A quiet line in the timeline's corner.
    pub corner: Option<String>,
    /// What is kept for the next start, and what an earlier one left.
    pub keeper: Keeper,
    /// How fast frames come.
    pub frames: Frames,
    /// The folder of a report that waits for a picture of the map.
    pub report_waits: Option<String>,
    /// Where the map was drawn, for its picture.
    pub map_area: Rect,
    /// How many futures of the last set had to be run; the rest was kept.
    pub fresh: u64,
    /// The longest that one frame gave to futures, seconds.
    pub longest: f64,
    /// Whether a script drives: nothing is kept for the next start.
    pub is_tour: bool,
    copy: Option<String>,
    /// Seconds of the last finished set of futures.
    pub took: Option<f64>,
    /// Seconds to the first band of the last set.
    pub first_band: Option<f64>,
    /// What is asked of the futures.
    pub ask: Ask,
    fans: Option<Fans>,
    stale: Option<Fans>,
    started: f64,
    needle: Option<Needle>,
    dialog: Option<Dialog>,
    levers_open: bool,
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
    compare: super::compare::CompareView,
    unchanged: Option<(u64, Snapshot)>,
    wide_page: Page,
    due: f64,
    clock: f64,
    moved_at: f64,
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
            threads: platform::threads(),
            typed_files: platform::TYPED_PATHS,
            corner: None,
            keeper: Keeper::default(),
            frames: Frames::default(),
            report_waits: None,
            map_area: Rect::NOTHING,
            fresh: 0,
            longest: 0.0,
            is_tour: false,
            copy: None,
            took: None,
            first_band: None,
            ask: Ask::default(),
            fans: None,
            stale: None,
            started: 0.0,
            needle: None,
            dialog: None,
            levers_open: false,
            welcome: true,
            note: None,
            pick: None,
            pair: None,
            futures: FuturesView::default(),
            why: WhyView::default(),
            top: TopView::default(),
            timeline: TimelineView::default(),
            dialogs: DialogView::default(),
            compare: super::compare::CompareView::default(),
            unchanged: None,
            wide_page: Page::Map,
            due: 0.0,
            clock: 0.0,
            moved_at: -1.0,
            shown_theme: None,
        }
    }

    /// Colours in use.
    #[must_use]
    pub fn look(&self) -> &'static Look {
        if self.dark { &DARK } else { &LIGHT }
    }

    /// The futures shown, if any have come.
    #[must_use]
    pub fn fans(&self) -> Option<&Fans> {
        self.fans.as_ref()
    }

    /// Whether futures or a ranking are still running or about to.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.wants_futures()
            || self.fans.as_ref().is_some_and(Fans::is_running)
            || self.needle.as_ref().is_some_and(Needle::is_running)
    }

    /// Whether the ranking of levers is shown.
    #[must_use]
    pub fn is_ranking(&self) -> bool {
        self.needle.is_some()
    }

    /// Lets `seconds` pass: plays days, collects futures. `go_on` says whether there is time left in this frame for futures
    /// that run between frames. Returns whether another frame is wanted soon.
    pub fn pass(&mut self, seconds: f64, mut go_on: impl FnMut() -> bool) -> bool {
        self.clock += seconds;
        if self.playing {
            self.due += seconds.min(0.25) * f64::from(self.speed.min(200.0));
            let days = self.due as i32;
            self.due -= f64::from(days);
            if days > 0 {
                self.sitting.step(days);
                if self.sitting.today() >= crate::session::sitting::LAST_DAY {
                    self.playing = false;
                    self.say(
                        "A session ends here; the model is about the coming years, not decades.".to_owned(),
                        false,
                    );
                }
            }
        }
        if self.wants_futures() {
            self.start_futures();
        }
        if let Some(fans) = &mut self.fans {
            let running = fans.is_running();
            let begun = platform::now_seconds();
            fans.poll(&mut go_on);
            self.longest = self.longest.max(platform::now_seconds() - begun);
            // The clock counts a slow frame as a short one; this is the user's time.
            let elapsed = platform::now_seconds() - self.started;
            if fans.pairs() >= 16 && self.first_band.is_none() {
                self.first_band = Some(elapsed);
            }
            if running && !fans.is_running() {
                self.took = Some(elapsed);
                self.first_band.get_or_insert(elapsed);
            }
            if fans.pairs() >= 16 || !fans.is_running() {
                self.stale = None;
            }
        }
        if let Some(needle) = &mut self.needle {
            needle.poll(&mut go_on);
        }
        if self.note.as_ref().is_some_and(|n| !n.trouble && n.until < self.clock) {
            self.note = None;
        }
        let keep_in = if self.is_tour { None } else { self.keeper.pass(&self.sitting, self.clock) };
        if let Some(why) = self.keeper.trouble.take() {
            self.say(why, true);
        }
        let moving = self.map.moving || self.other_map.moving;
        self.playing || moving || self.is_busy() || keep_in.is_some() || self.note.as_ref().is_some_and(|n| !n.trouble)
    }

    /// Takes what has come from outside: files that were chosen, links that were pasted. Returns whether anything has.
    pub fn attend(&mut self) -> bool {
        let mut any = false;
        while let Some(arrival) = platform::arrived() {
            match arrival {
                Ok(Arrival::Link(tail)) => self.follow(&tail),
                Ok(Arrival::File(file)) => self.receive(Ok(String::from_utf8_lossy(&file.bytes).into_owned())),
                Err(why) => self.say(why, true),
            }
            any = true;
        }
        any
    }

    /// Whether the futures shown are not those of today's policy.
    fn wants_futures(&self) -> bool {
        if self.clock - self.moved_at < REST {
            return false;
        }
        let Some(fans) = &self.fans else { return true };
        let today = self.sitting.today();
        let compared = self.tab == Tab::Compare && self.pair.is_some();
        if fans.ask != self.ask || self.compare.pair_of_fans() != self.pair.filter(|_| compared) {
            return true;
        }
        if compared {
            return fans.from != today
                && !fans.is_running()
                && (!self.playing || (today - fans.from).abs() >= RENEW_DAYS);
        }
        if !fans.same_policy(&self.sitting) {
            return true;
        }
        // A passing day cancels nothing: the set runs to its end, then the next one starts from where the days are.
        fans.from != today && !fans.is_running() && (!self.playing || (today - fans.from).abs() >= RENEW_DAYS)
    }

    fn start_futures(&mut self) {
        let before = self.fans.take();
        let compared = self.pair.filter(|_| self.tab == Tab::Compare);
        self.compare.set_pair_of_fans(compared);
        let fans = match compared {
            Some(pair) => Fans::compare(&mut self.sitting, pair, self.ask, None, self.threads),
            None => Fans::start(&self.sitting, self.ask, before.as_ref().map(Fans::finished), self.threads),
        };
        // What was shown stays, faint, until the first new band.
        if let Some(before) = before.filter(|b| b.pairs() >= 16) {
            self.stale = Some(before);
        }
        if let Some(stale) = &mut self.stale {
            stale.cancel();
        }
        let arms = if fans.is_null() { 1 } else { 2 };
        self.fresh = arms * self.ask.futures - (0..arms as usize).map(|arm| fans.come(arm)).sum::<u64>();
        self.longest = 0.0;
        self.fans = Some(fans);
        (self.started, self.first_band) = (platform::now_seconds(), None);
        if self.fans.as_ref().is_some_and(|f| !f.is_running()) {
            (self.took, self.first_band) = (Some(0.0), Some(0.0));
        }
    }

    /// Says a sentence for a while; a trouble stays until it is put away.
    pub fn say(&mut self, text: String, trouble: bool) {
        let until = self.clock + 3.0 + text.len() as f64 * 0.05;
        self.note = Some(Note { text, trouble, until });
    }

    /// The sentence shown at the moment.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_ref().map(|note| note.text.as_str())
    }

    /// Takes the text of a session file (or a sentence that says why there is none).
    pub fn receive(&mut self, text: Result<String, String>) {
        let opened = text.and_then(|text| Saved::from_text(&text)).and_then(|saved| saved.open());
        self.enter(opened, "Opened: every number is as it was saved.");
    }

    /// Takes the tail of a link.
    pub fn follow(&mut self, link: &str) {
        let tail = link.rsplit_once(platform::LINK_MARK).map_or(link, |(_, tail)| tail);
        let opened = Saved::from_link(tail).and_then(|saved| saved.open());
        self.enter(opened, "Opened from the link: every number is as it was shared.");
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

    /// Goes on with another sitting.
    pub fn sit(&mut self, sitting: Sitting) {
        self.keeper.anew();
        self.levers = LeversView::new(&sitting.rules);
        self.sitting = sitting;
        self.playing = false;
        self.due = 0.0;
        (self.fans, self.stale, self.needle) = (None, None, None);
        (self.pick, self.pair, self.unchanged) = (None, None, None);
        self.why = WhyView::default();
        self.futures = FuturesView::default();
        self.timeline = TimelineView::default();
        self.compare = super::compare::CompareView::default();
        self.map = std::mem::take(&mut self.map).elsewhere();
        self.other_map = MapView::default();
        self.welcome = self.sitting.today() == 0 && self.sitting.branch().changes.is_empty();
    }

    /// Carries one wish out.
    pub fn act(&mut self, act: Act) {
        match act {
            Act::SetLever(lever, value) => {
                self.moved_at = self.clock;
                match self.sitting.set_lever(lever, value) {
                    Ok(Some(branch)) => {
                        self.say(format!("The past is not overwritten: “{branch}” begins here."), false)
                    }
                    Ok(None) => {}
                    Err(why) => self.say(why, true),
                }
            }
            Act::EndStep => self.sitting.end_step(),
            Act::ResetLever(lever) => {
                if let Err(why) = self.sitting.reset_lever(lever) {
                    self.say(why, true);
                }
                self.sitting.end_step();
            }
            Act::ResetAll => {
                if let Err(why) = self.sitting.reset_all() {
                    self.say(why, true);
                }
            }
            Act::Undo => self.sitting.undo(),
            Act::Redo => self.sitting.redo(),
            Act::PlayPause => {
                self.playing = !self.playing;
                self.welcome = false;
            }
            Act::Speed(speed) => self.speed = speed,
            Act::GoTo(day) => self.sitting.go_to(day),
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
            Act::Reseed(seed) => {
                self.sitting.reseed(seed);
                self.why.event = None;
            }
            Act::Scenario(name) => self.start_scenario(&name),
            Act::Tab(tab) => {
                self.tab = tab;
                self.wide_page = Page::Right;
                if tab == Tab::Compare && self.pair.is_none() {
                    let parent = self.sitting.branch().fork.and_then(|(id, _)| self.sitting.position(id));
                    self.pair = parent.map(|parent| [parent, self.sitting.current()]);
                }
            }
            Act::Explain(event) => {
                self.why.event = Some(event);
                self.tab = Tab::Why;
                self.playing = false;
                self.wide_page = Page::Right;
            }
            Act::Inspect(pick) => {
                self.pick = Some(pick);
                self.tab = Tab::Inspect;
                self.wide_page = Page::Right;
            }
            Act::Ask(ask) => self.ask = ask,
            Act::Track(track) => self.futures.track = Some(track),
            Act::Cancel => {
                if let Some(fans) = &mut self.fans {
                    fans.cancel();
                }
                if let Some(needle) = &mut self.needle {
                    needle.cancel();
                }
            }
            Act::Rank(metric) => self.rank(metric),
            Act::EndRank => self.needle = None,
            Act::Pair(pair) => self.pair = Some(pair),
            Act::Experiment(i) => {
                if let Some(experiment) = EXPERIMENTS.get(i) {
                    for act in experiment.acts(&self.sitting) {
                        if let Act::SetLever(lever, _) = act {
                            self.levers.reveal(lever);
                        }
                        self.act(act);
                    }
                    self.welcome = false;
                    self.playing = true;
                }
            }
            Act::Dismiss => self.welcome = false,
            Act::Dialog(dialog) => self.dialog = dialog,
            Act::Theme => self.dark = !self.dark,
            Act::Text(size) => self.text = size.clamp(0.8, 2.0),
            Act::ReducedMotion(still) => self.reduced_motion = still,
            Act::Save(name) => {
                let text = Saved::of(&self.sitting).to_text();
                self.told(platform::save_file(&name, text.as_bytes()));
            }
            Act::Open(name) => platform::open_file(&name),
            Act::TakeKept => {
                let opened = self.keeper.restore();
                self.enter(opened, "As you left it.");
            }
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

    /// Says what became of something: done, or why not.
    fn told(&mut self, done: Result<String, String>) {
        match done {
            Ok(said) => self.say(said, false),
            Err(why) => self.say(why, true),
        }
    }

    /// Writes the report that waits, with a picture of the map (PNG) if there is one.
    pub fn write_report(&mut self, picture: Option<&[u8]>) {
        let Some(name) = self.report_waits.take() else { return };
        let wanted = self.futures.shown(&self.sitting);
        let track = self.fans.as_ref().and_then(|f| f.tracks.iter().position(|t| Some(*t) == wanted)).unwrap_or(0);
        let extras = crate::session::report::Extras { fans: self.fans.as_ref(), track, picture, seconds: self.took };
        let page = crate::session::report::page(&self.sitting, &extras);
        let data = crate::session::report::bundle(&self.sitting, self.fans.as_ref());
        let done = match data {
            Ok(data) => platform::save_folder(&name, ("report.html", page.as_bytes()), &data),
            Err(error) => Err(format!("The data of the report cannot be written ({error}).")),
        };
        self.told(done);
    }

    fn start_scenario(&mut self, name: &str) {
        self.keeper.keep(&self.sitting);
        match scenario::load(name) {
            Ok(loaded) => {
                let before = (self.sitting.today() > 0).then(|| Saved::of(&self.sitting).to_link());
                let seed = self.sitting.seed();
                self.sit(Sitting::new(loaded, seed));
                // What was there is not lost: the offer to go back stands on the map.
                self.keeper.offered = before.or(self.keeper.offered.take());
            }
            Err(errors) => self.say(errors.to_string(), true),
        }
    }

    fn rank(&mut self, metric: Metric) {
        let Ask { days, prior, .. } = self.ask;
        self.needle = Some(Needle::start(&self.sitting, metric, days, prior, RANKED, self.threads));
    }

    /// Keys that work wherever nothing is being typed.
    fn keys(&mut self, ui: &Ui, acts: &mut Vec<Act>) {
        let typing = ui.ctx().egui_wants_keyboard_input();
        let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|i| i.consume_key(modifiers, key));
        let (plain, ctrl) = (Modifiers::NONE, Modifiers::COMMAND);
        if pressed(ctrl | Modifiers::SHIFT, Key::Z) || pressed(ctrl, Key::Y) {
            acts.push(Act::Redo);
        }
        if pressed(ctrl, Key::Z) {
            acts.push(Act::Undo);
        }
        if pressed(ctrl, Key::S) || pressed(ctrl, Key::O) {
            acts.push(Act::Dialog(Some(Dialog::Share)));
        }
        if pressed(ctrl, Key::Plus) || pressed(ctrl, Key::Equals) {
            acts.push(Act::Text(self.text + 0.1));
        }
        if pressed(ctrl, Key::Minus) {
            acts.push(Act::Text(self.text - 0.1));
        }
        if pressed(ctrl, Key::Num0) {
            acts.push(Act::Text(1.0));
        }
        if typing || self.dialog.is_some() {
            return;
        }
        let focused = ui.memory(egui::Memory::focused).is_some();
        if pressed(Modifiers::SHIFT, Key::Questionmark) || pressed(plain, Key::Questionmark) {
            acts.push(Act::Dialog(Some(Dialog::Help)));
        }
        // A control that has the keyboard keeps its arrows and its space.
        if !focused {
            if pressed(plain, Key::Space) {
                acts.push(Act::PlayPause);
            }
            for (modifiers, days) in [(Modifiers::SHIFT, 7), (plain, 1)] {
                if pressed(modifiers, Key::ArrowRight) {
                    acts.push(Act::Step(days));
                }
                if pressed(modifiers, Key::ArrowLeft) {
                    acts.push(Act::Step(-days));
                }
            }
        }
        if pressed(plain, Key::Home) {
            acts.push(Act::GoTo(0));
        }
        if pressed(plain, Key::End) {
            acts.push(Act::GoTo(self.sitting.branch().history.days()));
        }
        for (key, tab) in [(Key::F, Tab::Futures), (Key::W, Tab::Why), (Key::I, Tab::Inspect), (Key::C, Tab::Compare)] {
            if pressed(plain, key) {
                acts.push(Act::Tab(tab));
            }
        }
        if pressed(plain, Key::L) {
            self.levers_open = true;
            self.levers.focus = true;
            self.wide_page = Page::Levers;
        }
        if pressed(plain, Key::B) {
            acts.push(Act::Fork);
        }
        if pressed(plain, Key::T) {
            acts.push(Act::Theme);
        }
        if pressed(plain, Key::K) {
            self.map.key_open = !self.map.key_open;
        }
        if pressed(plain, Key::Escape) {
            self.note = None;
        }
    }

    /// Shows everything.
    pub fn ui(&mut self, ui: &mut Ui) {
        let look = self.look();
        if self.shown_theme != Some((self.dark, self.reduced_motion)) {
            look.apply(ui.ctx(), self.reduced_motion);
            self.shown_theme = Some((self.dark, self.reduced_motion));
            let style = ui.ctx().style_of(if self.dark { egui::Theme::Dark } else { egui::Theme::Light });
            ui.set_style(style);
        }
        ui.ctx().data_mut(|d| {
            d.insert_temp(egui::Id::new("text size"), self.text);
            d.insert_temp(egui::Id::new("reduced motion"), self.reduced_motion);
        });
        if let Some(text) = self.copy.take() {
            ui.ctx().copy_text(text);
        }
        let mut acts = Vec::new();
        self.keys(ui, &mut acts);
        let size = ui.max_rect().size();
        let plain = Frame::NONE.fill(look.panel);
        Panel::top("top").exact_size(48.0).frame(plain).show(ui, |ui| {
            top_ui(ui, &self.sitting, &mut self.top, self.playing, self.speed, self.dark, look, &mut acts);
        });
        if size.x < 700.0 {
            self.narrow_ui(ui, look, &mut acts);
        } else {
            self.wide_ui(ui, size, look, &mut acts);
        }
        if let Some(dialog) = self.dialog {
            dialog_ui(ui, dialog, &self.sitting, &mut self.dialogs, self.typed_files, look, &mut acts);
        }
        for act in acts {
            self.act(act);
        }
    }

    /// Everything at once.
    fn wide_ui(&mut self, ui: &mut Ui, size: egui::Vec2, look: &'static Look, acts: &mut Vec<Act>) {
        let roomy = size.x >= 1100.0;
        let plain = Frame::NONE.fill(look.panel);
        let right = if roomy { 424.0 } else { (size.x * 0.42).clamp(300.0, 424.0) };
        Panel::right("right")
            .exact_size(right)
            .frame(plain)
            .resizable(false)
            .show(ui, |ui| self.right_ui(ui, look, acts));
        let timeline = if size.y >= 620.0 {
            208.0
        } else if size.y >= 500.0 {
            136.0
        } else {
            74.0
        };
        Panel::bottom("timeline")
            .exact_size(timeline)
            .frame(plain)
            .resizable(false)
            .show(ui, |ui| self.timeline_ui(ui, look, acts));
        let comparing = self.comparing().is_some();
        if roomy && !comparing || self.levers_open {
            let mut close = false;
            Panel::left("levers").exact_size(284.0).frame(plain).resizable(false).show(ui, |ui| {
                close = levers_ui(ui, &self.sitting, &mut self.levers, !roomy || comparing, look, acts);
            });
            if close {
                self.levers_open = false;
            }
        } else {
            Panel::left("rail").exact_size(46.0).frame(plain).resizable(false).show(ui, |ui| {
                if rail(ui, &self.sitting, look) {
                    self.levers_open = true;
                }
            });
        }
        CentralPanel::no_frame().show(ui, |ui| self.maps_ui(ui, look, acts));
    }

    /// One thing at a time, with a bar to choose by.
    fn narrow_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let plain = Frame::NONE.fill(look.panel);
        Panel::bottom("pages").exact_size(40.0).frame(plain).show(ui, |ui| {
            let rect = ui.available_rect_before_wrap();
            let changed = self.sitting.branch().policy().count();
            let levers = if changed > 0 { format!("Levers ({changed})") } else { "Levers".to_owned() };
            let names = ["Map", &levers, "Futures", "Why", "Inspect", "Compare"];
            let width = rect.width() / names.len() as f32;
            for (i, name) in names.iter().enumerate() {
                let cell = Rect::from_min_size(rect.min + vec2(width * i as f32, 0.0), vec2(width, rect.height()));
                let on = match self.wide_page {
                    Page::Map => i == 0,
                    Page::Levers => i == 1,
                    Page::Right => i >= 2 && self.tab as usize == i - 2,
                };
                let response = ui.interact(cell, ui.id().with(("page", i)), Sense::click());
                response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, on, *name));
                let font = if on { super::draw::bold() } else { super::draw::narrow() };
                let galley = super::draw::clipped(ui, name, font, look.ink, width - 4.0);
                ui.painter().galley(cell.center() - galley.size() / 2.0, galley, look.ink);
                if on {
                    ui.painter().hline(cell.x_range().shrink(6.0), cell.top() + 1.0, Stroke::new(2.0, look.ink));
                }
                super::draw::focus_ring(ui, &response, look);
                if response.clicked() {
                    match i {
                        0 => self.wide_page = Page::Map,
                        1 => self.wide_page = Page::Levers,
                        n => acts.push(Act::Tab(Tab::ALL[n - 2])),
                    }
                }
            }
        });
        if ui.available_height() > 240.0 {
            Panel::bottom("timeline").exact_size(62.0).frame(plain).show(ui, |ui| self.timeline_ui(ui, look, acts));
        }
        CentralPanel::no_frame().show(ui, |ui| match self.wide_page {
            Page::Map => self.maps_ui(ui, look, acts),
            Page::Levers => {
                ui.painter().rect_filled(ui.max_rect(), 0.0, look.panel);
                levers_ui(ui, &self.sitting, &mut self.levers, false, look, acts);
            }
            Page::Right => {
                ui.painter().rect_filled(ui.max_rect(), 0.0, look.panel);
                self.panel_ui(ui, look, acts);
            }
        });
    }

    fn right_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let rect = ui.available_rect_before_wrap();
        ui.painter().vline(rect.left() + 0.5, rect.y_range(), Stroke::new(1.0, look.hairline));
        let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 42.0), Sense::hover());
        let mut x = bar.left() + 18.0;
        let gap = if bar.width() > 380.0 { 26.0 } else { 14.0 };
        for tab in Tab::ALL {
            let on = tab == self.tab;
            let font = FontId::new(15.0, if on { semibold() } else { egui::FontFamily::Proportional });
            let galley = ui.painter().layout_no_wrap(tab.name().to_owned(), font, look.ink);
            let cell = Rect::from_min_size(pos2(x - 8.0, bar.top()), vec2(galley.size().x + 16.0, bar.height()));
            let response = ui.interact(cell, ui.id().with(("tab", tab as usize)), Sense::click());
            response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, on, tab.name()));
            ui.painter().galley(pos2(x, bar.center().y - galley.size().y / 2.0), galley.clone(), look.ink);
            if on {
                ui.painter().hline(cell.x_range(), bar.bottom() - 1.0, Stroke::new(2.0, look.ink));
            }
            super::draw::focus_ring(ui, &response, look);
            if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
                acts.push(Act::Tab(tab));
            }
            x += galley.size().x + gap;
        }
        ui.painter().hline(bar.x_range(), bar.bottom(), Stroke::new(1.0, look.hairline));
        self.panel_ui(ui, look, acts);
    }

    fn panel_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let margin = Margin { left: 16, right: 14, top: 8, bottom: 4 };
        Frame::NONE.inner_margin(margin).show(ui, |ui| match self.tab {
            Tab::Futures => {
                let fresh = self.fans.as_ref().filter(|f| f.pairs() >= 16 || !f.is_running());
                let stale = fresh.is_none() && self.stale.is_some();
                let running = self.fans.as_ref().filter(|f| f.is_running());
                let status = Status {
                    fans: fresh.or(self.stale.as_ref()),
                    stale,
                    arriving: running.map(|f| (f.pairs(), f.ask.futures)),
                    took: self.took,
                    ask: self.ask,
                    needle: self.needle.as_ref(),
                };
                futures_ui(ui, &self.sitting, &mut self.futures, &status, look, acts);
            }
            Tab::Why => why_ui(ui, &mut self.sitting, &mut self.why, look, acts),
            Tab::Inspect => inspect_ui(ui, &self.sitting, self.pick, look, acts),
            Tab::Compare => {
                let fans = self.fans.as_ref().filter(|f| f.pairs() >= 16 || !f.is_running());
                super::compare::compare_ui(
                    ui,
                    &mut self.sitting,
                    &mut self.compare,
                    self.pair,
                    fans,
                    self.futures.track,
                    look,
                    acts,
                );
            }
        });
    }

    fn timeline_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let rect = ui.available_rect_before_wrap();
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, look.hairline));
        let other = self.comparing().map(|[a, b]| if a == self.sitting.current() { b } else { a });
        timeline_ui(ui, &self.sitting, &mut self.timeline, other, self.corner.as_deref(), look, acts);
    }

    /// The two branches shown side by side, if they are.
    fn comparing(&self) -> Option<[usize; 2]> {
        let n = self.sitting.branches().len();
        self.pair.filter(|[a, b]| self.tab == Tab::Compare && a != b && *a < n && *b < n)
    }

    /// One map, or two in step.
    fn maps_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let area = ui.available_rect_before_wrap();
        self.map_area = area;
        match self.comparing().filter(|_| area.width() > 420.0) {
            None => self.map_in(ui, area, None, look, acts),
            Some(pair) => {
                for branch in pair {
                    self.sitting.bring(branch);
                }
                let (left, right) = area.split_left_right_at_fraction(0.5);
                for (i, (half, branch)) in [left, right].into_iter().zip(pair).enumerate() {
                    let (head, rest) = half.split_top_bottom_at_y(half.top() + 36.0);
                    self.map_in(ui, rest, Some((i, branch)), look, acts);
                    self.branch_head(ui, head, i, branch, look);
                }
                ui.painter().vline(area.center().x, area.y_range(), Stroke::new(1.0, look.hairline));
            }
        }
        if self.welcome && self.sitting.today() == 0 {
            cards(ui, area, look, acts);
        }
        if self.keeper.offered.is_some() {
            kept_ui(ui, area, look, acts);
        }
        if let Some(note) = &self.note
            && note_ui(ui, area, note, look)
        {
            self.note = None;
        }
    }

    fn branch_head(&mut self, ui: &mut Ui, head: Rect, i: usize, branch: usize, look: &'static Look) {
        let painter = ui.painter();
        painter.rect_filled(head, 0.0, look.panel);
        painter.hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, look.hairline));
        let square = Rect::from_center_size(pos2(head.left() + 22.0, head.center().y), vec2(20.0, 20.0));
        painter.rect_filled(square, 4.0, if i == 0 { look.ink2 } else { look.you });
        let letter = ["A", "B"][i.min(1)];
        painter.text(square.center(), Align2::CENTER_CENTER, letter, super::draw::bold(), look.on_ink());
        let state = self.sitting.state(branch, self.sitting.today());
        let headline = crate::record::recorder::outcome_of(&self.sitting.rules, &state).headline;
        let words = super::draw::capital(headline.words());
        let right = painter.layout_no_wrap(words, super::draw::body(), look.ink);
        let at = pos2(head.right() - 12.0 - right.size().x, head.center().y - right.size().y / 2.0);
        let name = &self.sitting.branches()[branch].name;
        let galley = super::draw::clipped(ui, name, super::draw::bold(), look.ink, at.x - square.right() - 36.0);
        let painter = ui.painter();
        painter.galley(pos2(square.right() + 8.0, head.center().y - galley.size().y / 2.0), galley, look.ink);
        super::draw::headline_mark(painter, pos2(at.x - 13.0, head.center().y), headline, look);
        painter.galley(at, right, look.ink);
    }

    fn map_in(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        which: Option<(usize, usize)>,
        look: &'static Look,
        acts: &mut Vec<Act>,
    ) {
        let branch = which.map_or(self.sitting.current(), |(_, branch)| branch);
        let now = if branch == self.sitting.current() {
            self.sitting.now().clone()
        } else {
            self.sitting.state(branch, self.sitting.today())
        };
        let unchanged = self.unchanged_row();
        let sitting = &self.sitting;
        let row = sitting.stage().row(&sitting.rules, &now);
        let chain = if self.tab == Tab::Why { self.why.chain() } else { Vec::new() };
        let scene = Scene {
            rules: &sitting.rules,
            scenario: &sitting.loaded.scenario,
            history: &sitting.branches()[branch].history,
            stage: sitting.stage(),
            now: &now,
            today: sitting.today(),
            row: &row,
            unchanged: if which.is_none() { unchanged.as_deref().unwrap_or(&row) } else { &row },
            unchanged_now: if which.is_none() && unchanged.is_some() {
                self.unchanged.as_ref().map(|(_, s)| s)
            } else {
                None
            },
            speed: if self.playing { self.speed } else { 0.0 },
            time: self.clock,
            reduced_motion: self.reduced_motion,
            chain: &chain,
        };
        let view = if matches!(which, Some((1, _))) { &mut self.other_map } else { &mut self.map };
        view.insets_hidden = which.is_some();
        let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(area).id_salt(("map", which)));
        inner.set_clip_rect(area.intersect(ui.clip_rect()));
        match map_ui(&mut inner, view, &scene, look) {
            Some(Pick::Event(event)) => acts.push(Act::Explain(event)),
            Some(pick) => acts.push(Act::Inspect(pick)),
            None => {}
        }
        if matches!(which, Some((0, _))) {
            self.other_map.follow(&self.map);
        }
    }

    /// The series at the playhead as they would be without the policy since the fork, for ticks.
    fn unchanged_row(&mut self) -> Option<Vec<f64>> {
        self.sitting.branch().policy().next()?;
        let revision = self.sitting.revision();
        if self.unchanged.as_ref().is_none_or(|(known, _)| *known != revision) {
            let snapshot = self.sitting.had_it_not_changed();
            self.unchanged = Some((revision, snapshot));
        }
        let (_, snapshot) = self.unchanged.as_ref()?;
        Some(self.sitting.stage().row(&self.sitting.rules, snapshot))
    }
}
