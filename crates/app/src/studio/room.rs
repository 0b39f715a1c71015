//! The studio itself: everything the program shows, and how; and what it says.

use super::bench::Bench;
use super::evening::Evenings;
use crate::act::{Dialog, Tab};
use crate::compare::CompareView;
use crate::dialogs::{DialogView, Note};
use crate::frames::Frames;
use crate::futures::FuturesView;
use crate::keep::Keeper;
use crate::levers::LeversView;
use crate::look::{DARK, LIGHT, Look};
use crate::map::{MapView, Pick};
use crate::platform::{self, Chooser, now_seconds};
use crate::settings::Settler;
use crate::steps::StepsView;
use crate::timeline::TimelineView;
use crate::top::TopView;
use crate::why::WhyView;
use bevy_egui::egui::Rect;
use detente_session::Sitting;
use detente_session::desk::Desk;
use std::collections::{BTreeSet, VecDeque};

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
    pub(super) copy: Option<String>,
    pub(super) dialog: Option<Dialog>,
    /// Whether the levers stand open; without a choice, by the room that there is.
    pub(super) levers_open: Option<bool>,
    pub(crate) welcome: bool,
    pub(super) note: Option<Note>,
    pub(super) pick: Option<Pick>,
    pub(crate) pair: Option<[usize; 2]>,
    pub(super) levers: LeversView,
    pub(super) futures: FuturesView,
    pub(super) why: WhyView,
    pub(super) top: TopView,
    pub(super) timeline: TimelineView,
    pub(super) dialogs: DialogView,
    pub(super) files: Files,
    pub(super) compare: CompareView,
    pub(super) evenings: Evenings,
    pub(super) steps: StepsView,
    /// Commands of the step that is being shown which are still to be carried out.
    pub(super) walking: VecDeque<String>,
    /// The day to go to once another future is there.
    pub(super) then: Option<i32>,
    pub(super) wide_page: Page,
    pub(super) due: f64,
    pub(super) clock: f64,
    pub(super) tab_since: f64,
    pub(super) shown_theme: Option<(bool, bool)>,
}

/// What a studio knows of files.
#[derive(Default)]
pub(super) struct Files {
    /// The digest of what this sitting last read from its file or wrote there.
    pub(super) print: Option<String>,
    /// The file that is there already, while the user is asked whether to replace it.
    pub(super) question: Option<String>,
    /// Reports of this start: a page cannot see what lies in the downloads.
    pub(super) reports: BTreeSet<String>,
    pub(super) settler: Option<Settler>,
    /// Whether a dialog of the system was open when it was last looked for.
    pub(super) asking: bool,
}

/// What a narrow screen shows; a wide one shows all at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Page {
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
        let steps = StepsView::of(&sitting);
        Self {
            levers,
            steps,
            walking: VecDeque::new(),
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
            files: Files::default(),
            compare: CompareView::default(),
            evenings: Evenings::default(),
            then: None,
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

    /// Puts away what was said before, so that a trouble is one of what is asked for now.
    pub fn hush(&mut self) {
        self.note = None;
    }
}
