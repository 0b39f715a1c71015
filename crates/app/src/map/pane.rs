//! One pane's view, how it is moved, and drawing it from the ground up.

use super::ground::Ground;
use super::insets::home_view;
use super::layers::Layer;
use super::motion::Flying;
use super::project::{Lens, View};
use super::sheet::{Pane, Sheet};
use super::strikes::Day;
use super::{bases, fronts, marks, names, peace, sea, signs, strikes};
use bevy_egui::egui::{EventFilter, Key, Pos2, Rect, Response, Ui, Vec2, vec2};
use detente_model::record::recorder::EventId;

/// Opacity of what does not belong to the chain shown in Why.
const DIMMED: f32 = 0.35;

/// What a pane keeps between frames.
#[derive(Default)]
pub(super) struct PaneState {
    view: Option<View>,
    ground: Ground,
}

impl PaneState {
    /// Where it looks now.
    pub fn lens(&self, pane: Pane, rect: Rect) -> Lens {
        let size = rect.size().max(vec2(1.0, 1.0));
        let view = self.view.map_or_else(|| home_view(pane, size), |view| view.held(size));
        Lens { rect, view }
    }

    /// Closer or wider.
    pub fn zoom(&mut self, lens: &Lens, factor: f64) {
        self.view = Some(lens.view.zoomed(factor, stays(lens, None)).held(lens.rect.size()));
    }

    /// Looks where another looks.
    pub fn follow(&mut self, other: &Self) {
        self.view = other.view;
    }

    /// Looks at a place.
    #[cfg(test)]
    pub fn look_at(&mut self, view: View) {
        self.view = Some(view);
    }

    /// As at first.
    pub fn reset(&mut self) {
        self.view = None;
    }

    /// Wheel, drag, pinch, double click and keys.
    pub fn steer(&mut self, ui: &Ui, response: &Response, pane: Pane, lens: &Lens, keyed: bool) {
        let mut view = lens.view;
        if response.dragged() {
            view = view.dragged(response.drag_delta());
        }
        if let Some(at) = response.hover_pos() {
            let about = at - lens.rect.center();
            let (pinch, wheel, pan) = ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta(), i.multi_touch()));
            let mut factor = f64::from(pinch);
            if pinch == 1.0 && wheel.y != 0.0 {
                factor = libm::exp(f64::from(wheel.y) * 0.004);
            }
            if factor != 1.0 {
                view = view.zoomed(factor, about);
            }
            if let Some(touch) = pan {
                view = view.dragged(touch.translation_delta);
            }
            if response.double_clicked() {
                if pane != Pane::Region && self.view.is_some() {
                    // An inset that was moved away comes back.
                    self.view = None;
                    return;
                }
                view = view.zoomed(2.0, about);
            }
        }
        if response.has_focus() {
            let filter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: false };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        }
        if keyed {
            view = keys(ui, view, stays(lens, response.hover_pos()));
        }
        if view != lens.view {
            self.view = Some(view.held(lens.rect.size()));
        }
    }
}

/// What stays where it is while a map is enlarged, from its middle: the place under the pointer; without one the coast where most fronts
/// meet, where it is in sight, since the middle of the region is desert.
fn stays(lens: &Lens, pointer: Option<Pos2>) -> Vec2 {
    let coast = || Some(lens.place(35.3, 32.5)).filter(|coast| lens.shows(*coast, 0.0));
    pointer.or_else(coast).map_or(Vec2::ZERO, |at| at - lens.rect.center())
}

/// Shift and arrows move, + and − zoom about a place, 0 shows everything again.
fn keys(ui: &Ui, view: View, about: Vec2) -> View {
    ui.input(|i| {
        let mut view = view;
        let step = 60.0;
        for (key, by) in [
            (Key::ArrowLeft, vec2(step, 0.0)),
            (Key::ArrowRight, vec2(-step, 0.0)),
            (Key::ArrowUp, vec2(0.0, step)),
            (Key::ArrowDown, vec2(0.0, -step)),
        ] {
            if i.modifiers.shift && i.key_pressed(key) {
                view = view.dragged(by);
            }
        }
        // With Ctrl they are the text's.
        if i.modifiers.command {
            return view;
        }
        if i.key_pressed(Key::Plus) || i.key_pressed(Key::Equals) {
            view = view.zoomed(1.5, about);
        }
        if i.key_pressed(Key::Minus) {
            view = view.zoomed(1.0 / 1.5, about);
        }
        view
    })
}

/// Draws everything that belongs to the world on a pane.
pub(super) fn draw(state: &mut PaneState, sheet: &mut Sheet<'_>, widths: &[[f32; 2]], days: &[Day]) {
    let chain = sheet.facts.scene.chain;
    let dim = if chain.is_empty() { 1.0 } else { DIMMED };
    state.ground.paint(&sheet.painter, sheet.lens, sheet.look);
    names::draw(sheet);
    if sheet.layers.has(Layer::Peacekeepers) {
        peace::draw(sheet, dim);
    }
    if sheet.layers.has(Layer::Shipping) {
        sea::ships(sheet, dim);
    }
    if sheet.layers.has(Layer::People) {
        sea::people(sheet, dim);
    }
    if sheet.layers.has(Layer::Fronts) {
        fronts::draw(sheet, widths, dim);
    }
    if sheet.layers.has(Layer::Strikes) {
        strikes::scars(sheet, days, dim);
    }
    marks::sites(sheet, dim);
    if sheet.layers.has(Layer::Bases) {
        bases::draw(sheet, dim);
    }
    if sheet.layers.has(Layer::Actors) {
        marks::actors(sheet, dim);
    }
    if sheet.layers.has(Layer::Fronts) {
        signs::draw(sheet, dim);
    }
    if sheet.layers.has(Layer::Strikes) {
        // What belongs to the chain is drawn with it: once, and not dimmed.
        let shown_below: Vec<EventId> = chain.iter().map(|(_, id)| *id).collect();
        strikes::flights(sheet, days, dim, false, &shown_below);
    }
    if !chain.is_empty() {
        links(sheet);
    }
    sheet.finish();
}

/// The chain of Why: its strikes at full strength, and its numbers.
fn links(sheet: &mut Sheet<'_>) {
    let facts = sheet.facts;
    let chain = facts.scene.chain;
    let ids: Vec<EventId> = chain.iter().map(|(_, id)| *id).collect();
    let mut days: Vec<i32> = ids.iter().map(|id| id.day).collect();
    days.sort_unstable();
    days.dedup();
    let days: Vec<Flying> = days.into_iter().map(Flying::landed).collect();
    strikes::flights(sheet, &strikes::days(facts, &days), 1.0, true, &ids);
    let mut spots: Vec<bevy_egui::egui::Pos2> = Vec::new();
    for (number, id) in chain {
        let event = facts.scene.history.on(id.day).iter().find(|(other, _)| other == id);
        let Some(at) = event.and_then(|(_, event)| facts.place_of(event)).and_then(|place| sheet.shown(place)) else {
            continue;
        };
        // Numbers that fall on each other stand in a row.
        let mut at = at + vec2(0.0, -16.0);
        while spots.iter().any(|p| p.distance(at) < 20.0) {
            at.x += 21.0;
        }
        spots.push(at);
        marks::number(&sheet.painter, at, *number, sheet.look);
        sheet.keep_clear(at, 11.0);
        sheet.hit(super::hits::Region::Disc(at, 11.0), super::hits::Target::Pick(super::scene::Pick::Event(*id)));
    }
}
