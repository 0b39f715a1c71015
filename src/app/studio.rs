//! The whole screen: top bar, levers, map, right panel, timeline; and the clock that plays days.

use super::command::Frames;
use super::foresight::Foresight;
use super::keep::Keeper;
use super::look::{DARK, LIGHT, Look};
use super::map::{MapView, Scene, map_ui};
use super::platform::{self, Arrival};
use crate::session::Sitting;
use crate::session::file::Saved;
use bevy_egui::egui::{self, CentralPanel, Frame, Panel};

/// Everything the program shows, and how.
pub struct Studio {
    /// The sitting with the model.
    pub sitting: Sitting,
    /// View of the map.
    pub map: MapView,
    /// Whether the ground is dark.
    pub dark: bool,
    /// Text size, 0.8 to 2.
    pub text: f32,
    /// Days a second; `f32::INFINITY` for as fast as it goes.
    pub speed: f32,
    /// Whether days pass.
    pub playing: bool,
    /// Futures from today.
    pub ahead: Foresight,
    /// What is kept for the next start.
    pub keeper: Keeper,
    /// How fast frames come.
    pub frames: Frames,
    /// What the user is told.
    pub notice: Option<String>,
    due: f64,
}

impl Studio {
    /// The studio at the start of a sitting.
    #[must_use]
    pub fn new(sitting: Sitting) -> Self {
        Self {
            sitting,
            map: MapView::default(),
            dark: false,
            text: 1.0,
            speed: 3.0,
            playing: false,
            ahead: Foresight::default(),
            keeper: Keeper::default(),
            frames: Frames::default(),
            notice: None,
            due: 0.0,
        }
    }

    /// Takes another sitting in place of this one.
    pub fn sit(&mut self, sitting: Sitting) {
        self.sitting = sitting;
        self.playing = false;
        self.keeper.anew();
        self.ahead = Foresight::asking(self.ahead.ask);
    }

    /// Colours in use.
    #[must_use]
    pub fn look(&self) -> &'static Look {
        if self.dark { &DARK } else { &LIGHT }
    }

    /// Takes what has come from outside: files that were chosen, links that were pasted. Returns whether anything has.
    pub fn attend(&mut self) -> bool {
        let mut any = false;
        while let Some(arrival) = platform::arrived() {
            let opened = arrival.and_then(|arrival| match arrival {
                Arrival::Link(tail) => Saved::from_link(&tail)?.open(),
                Arrival::File(file) => Saved::from_text(&String::from_utf8_lossy(&file.bytes))?.open(),
            });
            match opened {
                Ok(sitting) => self.sit(sitting),
                Err(why) => self.notice = Some(why),
            }
            any = true;
        }
        any
    }

    /// Lets `seconds` pass. Returns whether anything moves, so that another frame is wanted soon.
    pub fn pass(&mut self, seconds: f64) -> bool {
        if self.playing {
            self.due += seconds * f64::from(self.speed.min(400.0));
            let days = self.due as i32;
            self.due -= f64::from(days);
            self.sitting.step(days);
        }
        let running = self.ahead.pass(&self.sitting);
        self.playing || self.map.moving || running
    }

    /// Shows everything.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let look = self.look();
        Panel::top("top").exact_size(48.0).show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                if ui.button("Play").clicked() {
                    self.playing = !self.playing;
                }
                ui.label(format!("Day {}", self.sitting.today()));
            });
        });
        Panel::left("levers").exact_size(284.0).show(ui, |ui| ui.label("Levers"));
        Panel::right("right").exact_size(424.0).show(ui, |ui| ui.label("Futures"));
        Panel::bottom("timeline").exact_size(196.0).show(ui, |ui| ui.label("Timeline"));
        CentralPanel::no_frame().frame(Frame::NONE).show(ui, |ui| {
            let sitting = &self.sitting;
            let row = sitting.stage().row(&sitting.rules, sitting.now());
            let scene = Scene {
                rules: &sitting.rules,
                scenario: &sitting.loaded.scenario,
                history: &sitting.branch().history,
                stage: sitting.stage(),
                now: sitting.now(),
                today: sitting.today(),
                row: &row,
                unchanged: &row,
                speed: if self.playing { self.speed } else { 0.0 },
                time: ui.input(|i| i.time),
                reduced_motion: false,
                chain: &[],
            };
            map_ui(ui, &mut self.map, &scene, look);
        });
    }
}
