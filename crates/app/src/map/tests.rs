//! The map drawn without a window.

mod load;
mod picture;
mod sides;
mod signs;
mod words;

use super::labels::Placed;
use super::sheet::Pane;
use super::*;
use crate::look::{DARK, fonts};
use bevy_egui::egui::{self, Context, FullOutput, RawInput, pos2, vec2};
use detente_model::record::recorder::EventId;
use detente_model::scenario::raw::LadderRule;
use detente_model::sim::event::Event;
use detente_session::{History, Sitting};
use std::time::{Duration, Instant};

/// What one pane of a frame put where.
#[derive(Debug)]
pub(super) struct Seen {
    /// Which pane.
    pub pane: Pane,
    /// Its rectangle.
    pub room: Rect,
    /// What lies over it.
    pub over: Vec<Rect>,
    /// Words.
    pub placed: Vec<Placed>,
    /// Actors that have a mark.
    pub marked: Vec<usize>,
}

/// A sitting with what it takes to draw its map.
struct Stand {
    sitting: Sitting,
    /// What happened, where it is not what the sitting says.
    history: Option<History>,
    /// The playhead, where it is not the sitting's.
    today: Option<i32>,
    row: Vec<f64>,
    ctx: Context,
    look: Look,
}

impl Stand {
    fn new(seed: u64, day: i32) -> Self {
        Self::of("november-2024", seed, day)
    }

    fn of(scenario: &str, seed: u64, day: i32) -> Self {
        let sitting = Sitting::new(detente_model::scenario::load(scenario).unwrap(), seed);
        let ctx = Context::default();
        ctx.set_fonts(fonts());
        DARK.apply(&ctx, false);
        let mut stand = Self { sitting, history: None, today: None, row: Vec::new(), ctx, look: DARK };
        stand.go_to(day);
        stand
    }

    fn go_to(&mut self, day: i32) {
        self.sitting.go_to(day);
        self.row = self.sitting.stage().row(&self.sitting.rules, self.sitting.now());
    }

    fn scene(&self, time: f64) -> Scene<'_> {
        Scene {
            rules: &self.sitting.rules,
            scenario: &self.sitting.loaded.scenario,
            history: self.history.as_ref().unwrap_or(&self.sitting.branch().history),
            stage: self.sitting.stage(),
            now: self.sitting.now(),
            today: self.today.unwrap_or(self.sitting.today()),
            row: &self.row,
            unchanged: &self.row,
            unchanged_now: None,
            speed: 0.0,
            time,
            reduced_motion: false,
            chain: &[],
        }
    }

    /// Draws a frame whose textures nobody uploads.
    fn frame(&self, view: &mut MapView, size: [f32; 2], time: f64) -> (FullOutput, Duration) {
        let (mut drawn, spent) = self.whole_frame(view, size, time);
        drawn.textures_delta.clear();
        (drawn, spent)
    }

    /// Draws a frame; also says how long the map's own part took.
    fn whole_frame(&self, view: &mut MapView, size: [f32; 2], time: f64) -> (FullOutput, Duration) {
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(size[0], size[1]));
        let input = RawInput { screen_rect: Some(screen), time: Some(time), ..RawInput::default() };
        let mut spent = Duration::ZERO;
        let drawn = self.ctx.run_ui(input, |ui| {
            let before = Instant::now();
            map_ui(ui, view, &self.scene(time), &self.look);
            spent = before.elapsed();
        });
        (drawn, spent)
    }

    /// Draws frames `step` seconds apart, and returns the mean cost of one in milliseconds; the first, which builds the
    /// ground and the fonts, left out.
    fn frames(&self, view: &mut MapView, size: [f32; 2], frames: u32, start: f64, step: f64) -> f64 {
        let costs = (0..=frames).map(|k| self.frame(view, size, start + f64::from(k) * step).1.as_secs_f64() * 1000.0);
        costs.skip(1).sum::<f64>() / f64::from(frames.max(1))
    }
}

#[test]
fn where_nothing_is_on_its_way_nothing_moves() {
    let mut stand = Stand::new(7, 96);
    let mut view = MapView::default();
    stand.frames(&mut view, [732.0, 656.0], 3, 0.0, 0.02);
    assert!(!view.moving);
    stand.go_to(97);
    stand.frames(&mut view, [732.0, 656.0], 1, 1.0, 0.02);
    assert!(view.moving, "a day that was played flies");
    stand.frames(&mut view, [732.0, 656.0], 3, 5.0, 0.02);
    assert!(!view.moving, "and lands");
}

/// In October 2023 there was nothing to withdraw from yet.
#[test]
fn ground_is_held_only_after_a_campaign_on_it() {
    let held = |scenario: &str| {
        let stand = Stand::of(scenario, 7, 0);
        let scene = stand.scene(0.0);
        peace::south(&Facts::of(&scene)).unwrap().held
    };
    assert_eq!((held("november-2024"), held("october-2023")), (1.0, 0.0));
}

/// Fire on the front of two states is what fell there: a blow by one of them at an ally of the other counts on the ally's front.
#[test]
fn a_blow_at_an_ally_is_no_fire_between_the_two_states() {
    let mut stand = Stand::new(1, 365);
    let rules = &stand.sitting.rules;
    let front = rules.fronts.iter().position(|f| f.ladder == LadderRule::Exchange).unwrap();
    let on = |actor: u16| rules.fronts[front].parties.contains(&usize::from(actor));
    let elsewhere = |(id, event): &(EventId, Event)| match event {
        Event::Struck(s) if on(s.actor) && on(s.opponent) && event.about(rules).front != Some(front) => Some(id.day),
        _ => None,
    };
    let days: Vec<i32> = stand.sitting.past().iter().filter_map(elsewhere).collect();
    assert!(!days.is_empty(), "no blow at an ally in a year of seed 1");
    for day in days {
        stand.go_to(day + 1);
        let scene = stand.scene(0.0);
        let facts = Facts::of(&scene);
        let all: Vec<usize> = (0..scene.rules.actors.len()).collect();
        let there =
            facts.strikes(facts::FIRE_DAYS).filter(|(_, s)| Event::Struck(**s).about(scene.rules).front == Some(front));
        let fell: f64 = there.map(|(_, s)| 1.0 + f64::from(s.rounds.iter().sum::<u32>()) / 20.0).sum();
        let routine: f64 = scene.rules.fronts[front].streams.iter().map(|&s| facts.pace[s]).sum();
        assert!((facts.fire_of(front, &all) - routine - fell).abs() < 1e-9, "day {day}");
    }
}

/// What is printed has no buttons, nor the ground that they stand on.
#[test]
fn nothing_is_painted_in_the_place_of_the_buttons_when_the_map_is_printed() {
    fn plates(shape: &egui::Shape, place: Rect) -> usize {
        match shape {
            egui::Shape::Rect(plate) => {
                usize::from(plate.rect.expand(1.0).contains_rect(place) && plate.rect.width() < place.width() + 4.0)
            }
            egui::Shape::Vec(shapes) => shapes.iter().map(|shape| plates(shape, place)).sum(),
            _ => 0,
        }
    }
    let stand = Stand::new(7, 96);
    let size = [960.0, 660.0];
    let whole = Rect::from_min_size(pos2(0.0, 0.0), vec2(size[0], size[1]));
    let place = tools::place(insets::layout(whole).region);
    let painted = |mut view: MapView| {
        stand.frame(&mut view, size, 0.0);
        let drawn = stand.frame(&mut view, size, 0.02).0;
        drawn.shapes.iter().map(|clipped| plates(&clipped.shape, place)).sum::<usize>()
    };
    assert_eq!((painted(MapView::default()), painted(MapView::default().printed())), (1, 0));
}

#[test]
fn a_frame_is_cheap_at_every_size() {
    let stand = Stand::new(7, 200);
    for size in [[732.0, 656.0], [572.0, 476.0], [1400.0, 900.0], [220.0, 160.0]] {
        let cost = stand.frames(&mut MapView::default(), size, 20, 0.0, 0.016);
        println!("{size:?}: {cost:.2} ms a frame");
        assert!(cost < 60.0, "{size:?}: {cost} ms");
    }
}

/// Words of a frame, as drawn.
fn words_of(drawn: &FullOutput) -> Vec<String> {
    fn gather(shape: &egui::Shape, into: &mut Vec<String>) {
        match shape {
            egui::Shape::Text(text) => into.push(text.galley.text().to_owned()),
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| gather(shape, into)),
            _ => {}
        }
    }
    let mut words = Vec::new();
    drawn.shapes.iter().for_each(|clipped| gather(&clipped.shape, &mut words));
    words
}

/// On the evening of a salvo that Why explains, the day in flight and the chain would both draw it.
#[test]
fn a_salvo_in_the_chain_of_why_is_drawn_and_counted_once() {
    let stand = Stand::new(1, 226);
    let struck = |(id, event): &(detente_model::record::recorder::EventId, Event)| match event {
        Event::Struck(s) if s.rounds[0] > 8 => Some((*id, s.rounds[0])),
        _ => None,
    };
    let (id, rounds) = stand.sitting.past().iter().filter_map(struck).next_back().unwrap();
    assert_eq!(id.day, 225);
    let chain = [(1, id)];
    let mut view = MapView::default();
    for time in [0.0, 1.0, 2.0] {
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1200.0, 800.0));
        let input = RawInput { screen_rect: Some(screen), time: Some(time), ..RawInput::default() };
        let mut drawn = stand.ctx.run_ui(input, |ui| {
            map_ui(ui, &mut view, &Scene { chain: &chain, ..stand.scene(time) }, &stand.look);
        });
        drawn.textures_delta.clear();
        let counts: Vec<String> = words_of(&drawn).into_iter().filter(|word| word.contains("ballistic")).collect();
        if time > 0.5 {
            assert_eq!(counts, [format!("{rounds} ballistic missiles")]);
        }
    }
}
