//! The map: ground, actors, fronts, strikes, bases, peacekeepers, and the two insets.
//!
//! One function from what is known to shapes: nothing here remembers the world, only where the user looks and what is on
//! its way. The region and the insets are drawn by the same code (`pane::draw`) with other views.

mod atlas;
mod bases;
mod ended;
mod facts;
mod flights;
mod fronts;
mod ground;
mod hits;
mod ink;
mod insets;
pub mod key;
mod labels;
mod layers;
mod local;
mod marks;
mod motion;
mod names;
mod pane;
mod peace;
mod places;
mod plates;
mod project;
mod scene;
mod sea;
mod sheet;
mod signs;
mod strikes;
#[cfg(test)]
mod tests;
mod tips;
mod tools;

use self::facts::Facts;
use self::hits::Hit;
use self::labels::Labels;
use self::layers::Layers;
use self::motion::Motion;
use self::pane::PaneState;
use self::project::Lens;
pub use self::scene::{Pick, Scene};
use self::sheet::{Pane, Sheet};
pub(crate) use self::tips::belongs;
use self::tools::Tool;
use super::look::Look;
use bevy_egui::egui::{self, CursorIcon, Rect, Response, Sense, Stroke, StrokeKind, Ui};

/// Where the map looks, what it hides, and what is in flight.
#[derive(Default)]
pub struct MapView {
    /// Whether the legend is open.
    pub key_open: bool,
    /// Whether the insets are left out.
    pub insets_hidden: bool,
    /// Whether the insets stand in a row below the region: two maps side by side have no room for them beside it. Where
    /// there is none below either, they are left out.
    pub insets_below: bool,
    /// Whether one of its panes has the keyboard.
    pub has_focus: bool,
    /// Whether keys that nothing else has are those of the map of the region.
    pub takes_keys: bool,
    /// Whether something on the map still moves.
    pub moving: bool,
    /// Whether there are no buttons on it: it is printed.
    pub is_print: bool,
    layers_open: bool,
    /// Insets that were closed: South Lebanon, Gaza and the West Bank.
    closed: [bool; 2],
    layers: Layers,
    motion: Motion,
    region: PaneState,
    south: PaneState,
    gaza: PaneState,
    /// What the last frame put where, for tests.
    #[cfg(test)]
    seen: Vec<tests::Seen>,
}

impl MapView {
    /// The view as it is for another sitting: where it looks stays, what flies does not.
    #[must_use]
    pub fn elsewhere(self) -> Self {
        Self { moving: false, motion: Motion::default(), ..self }
    }

    /// The view for a picture of the map: it looks where this one looks, and has no buttons.
    #[must_use]
    pub fn printed(&self) -> Self {
        let mut view = Self { is_print: true, insets_hidden: self.insets_hidden, ..Self::default() };
        view.follow(self);
        view
    }

    /// Looks where another map looks, so that two maps move in step.
    pub fn follow(&mut self, other: &Self) {
        (self.key_open, self.layers, self.closed) = (other.key_open, other.layers, other.closed);
        self.region.follow(&other.region);
        self.south.follow(&other.south);
        self.gaza.follow(&other.gaza);
    }

    /// Looks where it looked at first, with the insets that were closed.
    fn reset(&mut self) {
        [Pane::Region, Pane::South, Pane::Gaza].into_iter().for_each(|pane| self.pane(pane).reset());
        self.closed = [false; 2];
    }

    fn pane(&mut self, pane: Pane) -> &mut PaneState {
        match pane {
            Pane::Region => &mut self.region,
            Pane::South => &mut self.south,
            Pane::Gaza => &mut self.gaza,
        }
    }
}

/// Shows the map in the space that is left. Returns what was clicked.
pub fn map_ui(ui: &mut Ui, view: &mut MapView, scene: &Scene<'_>, look: &Look) -> Option<Pick> {
    let rect = ui.available_rect_before_wrap();
    if !rect.is_positive() {
        return None;
    }
    let hidden = view.insets_hidden || view.insets_below && !insets::fit_below(rect);
    let mut layout = if view.insets_below { insets::below(rect) } else { insets::layout(rect) };
    if hidden {
        (layout.region, layout.docked) = (rect, true);
    } else {
        layout = layout.without(view.closed, rect);
    }
    #[cfg(test)]
    view.seen.clear();
    let facts = Facts::of(scene);
    view.motion.follow(scene);
    let widths = view.motion.ease(&fronts::shares(&facts), scene);
    let days = strikes::days(&facts, &view.motion.flights(scene));
    view.moving = view.motion.moves(scene.time);
    if layout.docked {
        ui.painter().rect_filled(rect, 0.0, look.sunk);
    }

    let mut frames = vec![(Pane::South, layout.insets[0]), (Pane::Gaza, layout.insets[1])];
    frames.retain(|(pane, _)| !hidden && !view.closed[usize::from(*pane == Pane::Gaza)]);
    let places: Vec<Rect> = frames.iter().map(|(_, frame)| *frame).collect();
    let key = view.key_open.then(|| key::place(layout.region, rect.max.x, &places, scene.rules));
    // Their outlines stay on the region while the key stands in their place.
    let outlines: Vec<(Pane, Lens)> =
        frames.iter().map(|&(pane, frame)| (pane, view.pane(pane).lens(pane, insets::window(frame)))).collect();
    frames.retain(|(_, frame)| key.is_none_or(|key| !key.intersects(*frame)));
    let mut lenses = Vec::new();
    let mut responses = Vec::new();
    let panes =
        [(Pane::Region, layout.region)].into_iter().chain(frames.iter().map(|&(p, frame)| (p, insets::window(frame))));
    for (pane, window) in panes {
        let response = ui.interact(window, ui.id().with(("map", pane as usize)), Sense::click_and_drag());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Other, true, pane_name(pane)));
        let lens = view.pane(pane).lens(pane, window);
        let keyed = response.has_focus() || pane == Pane::Region && view.takes_keys;
        view.pane(pane).steer(ui, &response, pane, &lens, keyed);
        lenses.push(view.pane(pane).lens(pane, window));
        responses.push((pane, response));
    }

    let map_focused = responses.iter().any(|(_, response)| response.has_focus());
    view.has_focus = map_focused;
    let mut picked = None;
    for (k, (pane, response)) in responses.into_iter().enumerate() {
        let lens = lenses[k];
        let painter = ui.painter_at(lens.rect);
        let mut labels = Labels::default();
        let mut over = Vec::new();
        if pane == Pane::Region {
            over.extend((!view.is_print).then(|| tools::place(lens.rect).expand(4.0)));
            over.extend(places.iter().filter(|_| !layout.docked));
            over.iter().for_each(|rect| labels.keep_free(*rect));
            // What lies under the key is found where it was when that closes.
            over.extend(key);
            labels.cover(key);
        } else {
            insets::frame(&ui.painter_at(rect), frames[k - 1].1, pane, &facts, look);
        }
        let (layers, paired) = (view.layers, view.insets_below);
        let mut sheet = Sheet { painter, lens, look, facts: &facts, pane, layers, paired, labels, hits: Vec::new() };
        if pane == Pane::Region {
            for &(pane, ref inset) in &outlines {
                // Painted again over the ground; here it only keeps words away.
                let free = insets::outline(&sheet.painter, &lens, inset, pane, look);
                free.into_iter().flatten().for_each(|rect| sheet.labels.keep_free(rect));
            }
        }
        pane::draw(view.pane(pane), &mut sheet, &widths, &days);
        let hits = std::mem::take(&mut sheet.hits);
        #[cfg(test)]
        view.seen.push(tests::Seen {
            pane,
            room: lens.rect,
            over,
            placed: std::mem::take(&mut sheet.labels.placed),
            marked: hits.iter().filter_map(hits::Hit::marked).collect(),
        });
        if pane == Pane::Region {
            for &(pane, ref inset) in &outlines {
                insets::outline(&sheet.painter, &lens, inset, pane, look);
            }
            if response.has_focus() {
                let inner = lens.rect.shrink(1.0);
                sheet.painter.rect_stroke(inner, 0.0, Stroke::new(2.0, look.ink), StrokeKind::Inside);
            }
        } else {
            let (painter, frame) = (ui.painter_at(rect.expand(2.0)), frames[k - 1].1);
            insets::foot(&painter, frame, pane, &facts, look);
            insets::edge(&painter, frame, response.has_focus(), look);
            if insets::close(ui, frame, pane, look) {
                view.closed[usize::from(pane == Pane::Gaza)] = true;
            }
        }
        if !key.is_some_and(|key| pointer_in(ui, key)) {
            picked = picked.or(point(&response, &hits, &facts));
        }
    }

    let region = lenses[0];
    if let Some(key) = key {
        key::paint(&ui.painter_at(rect), key, region.rect, scene.rules, look);
    }
    if view.is_print {
        return None;
    }
    match tools::show(ui, region.rect, [view.layers_open, view.key_open], look) {
        Some(Tool::Closer) => view.region.zoom(&region, 1.6),
        Some(Tool::Wider) => view.region.zoom(&region, 1.0 / 1.6),
        Some(Tool::Home) => view.reset(),
        Some(Tool::Layers) => view.layers_open = !view.layers_open,
        Some(Tool::Key) => view.key_open = !view.key_open,
        None => {}
    }
    if view.layers_open {
        tools::layers(ui.ctx(), ui.id(), region.rect, &mut view.layers, &mut view.closed);
    }
    if view.layers_open && ui.input(|i| i.key_pressed(egui::Key::Escape)) {
        view.layers_open = false;
    }
    if ui.input(|i| i.key_pressed(egui::Key::Num0) && !i.modifiers.command) && (map_focused || view.takes_keys) {
        view.reset();
    }
    picked
}

/// The part of an area for a map that is free at its foot: between the buttons and the insets as they stand at first.
pub(crate) fn free_foot(area: Rect) -> Rect {
    let layout = insets::layout(area);
    let right = if layout.docked { layout.region.max.x } else { layout.insets[0].min.x };
    let left = tools::place(layout.region).max.x;
    Rect::from_min_max(egui::pos2(left, area.min.y), egui::pos2(right, area.max.y)).shrink(insets::MARGIN)
}

fn pane_name(pane: Pane) -> &'static str {
    match pane {
        Pane::Region => "Map of the region",
        Pane::South => "Map of South Lebanon",
        Pane::Gaza => "Map of Gaza and the West Bank",
    }
}

fn pointer_in(ui: &Ui, rect: Rect) -> bool {
    ui.input(|i| i.pointer.hover_pos()).is_some_and(|p| rect.contains(p))
}

/// Lines of a tip at most; a click shows the rest.
const TIP_LINES: usize = 5;

/// Says what is under the pointer, and returns it when clicked.
fn point(response: &Response, hits: &[Hit], facts: &Facts<'_>) -> Option<Pick> {
    let target = hits::under(hits, response.hover_pos()?)?;
    let clicked = response.clicked();
    let response = response.clone().on_hover_cursor(CursorIcon::PointingHand);
    // While days pass it would tell of another day every moment, and cover what is watched.
    let tip = tips::tip(facts, target).filter(|_| facts.scene.speed <= 0.0);
    if let Some(mut tip) = tip {
        let more = tip.lines.len() > TIP_LINES;
        tip.lines.truncate(TIP_LINES);
        let card = egui::Tooltip::for_enabled(&response).at_pointer().gap(14.0);
        card.show(|ui| {
            ui.set_max_width(300.0);
            ui.strong(&tip.title);
            egui::Grid::new("tip").num_columns(2).spacing([14.0, 2.0]).show(ui, |ui| {
                for (name, value) in tip.lines.iter().filter(|(_, value)| !value.is_empty()) {
                    ui.label(name);
                    ui.label(value);
                    ui.end_row();
                }
            });
            for (sentence, _) in tip.lines.iter().filter(|(_, value)| value.is_empty()) {
                ui.label(sentence);
            }
            if more {
                ui.weak("Click: everything known of it.");
            }
        });
    }
    match target {
        hits::Target::Pick(pick) if clicked => Some(pick),
        _ => None,
    }
}
