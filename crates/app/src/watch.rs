//! What stands on the screen, for tests with a hand: every control and every line of text of the last picture, with the
//! place where a pointer finds it.
//!
//! A test that drives the program through its own door cannot see that a person's click is lost. One with a real pointer
//! needs to know where things are, and nothing else. Whoever watches only reads what was drawn: nothing here draws, waits or
//! wakes anything.

use super::command::{State, state};
use super::studio::Studio;
use bevy_egui::egui::accesskit::{Node, NodeId, Toggled, TreeUpdate};
use bevy_egui::egui::epaint::ClippedShape;
use bevy_egui::egui::{Context, FullOutput, Rect, Shape};
use serde::Serialize;
use std::collections::BTreeMap;

/// A rectangle in pixels of the window: left, top, right, bottom.
pub type Place = [f32; 4];

/// A control, as a screen reader is told of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Control {
    /// What it is, such as `Button` or `Slider`.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Its value: a number, or what is typed in it.
    pub value: Option<String>,
    /// Where it is.
    pub rect: Place,
    /// The part of it that can be pointed at; nothing where it is scrolled out of sight.
    pub shown: Option<Place>,
    /// Whether it can be used.
    pub enabled: bool,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// Whether it takes clicks.
    pub clicks: bool,
    /// Whether it is chosen or ticked, where it can be.
    pub on: Option<bool>,
}

/// A line of text, as it is painted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Where the part of it that is in sight is.
    pub rect: Place,
    /// Whether a part of it is cut away.
    pub cut: bool,
}

/// The screen after a picture was made.
#[derive(Clone, Debug, Serialize)]
pub struct Screen {
    /// What stands.
    pub state: State,
    /// Pixels to one point of the layout.
    pub scale: f32,
    /// Every control.
    pub controls: Vec<Control>,
    /// Every line of text that is not covered.
    pub texts: Vec<Line>,
}

impl Screen {
    /// What a pass of `ctx` has put on the screen; nothing before the first one that names its controls.
    #[must_use]
    pub fn of(studio: &Studio, ctx: &Context, output: &FullOutput) -> Option<Self> {
        let update = output.platform_output.accesskit_update.as_ref()?;
        let scale = output.pixels_per_point;
        Some(Self {
            state: state(studio),
            scale,
            controls: controls_of(update, ctx),
            texts: texts_of(&output.shapes, scale),
        })
    }

    /// Writes it down as JSON. Whoever reads finds the whole of one picture, never a part.
    ///
    /// # Errors
    /// If the file cannot be written.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn write(&self, file: &std::path::Path) -> Result<(), String> {
        let text = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        let beside = file.with_extension("new");
        std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file)).map_err(|error| error.to_string())
    }
}

fn place(rect: Rect, scale: f32) -> Place {
    [rect.left(), rect.top(), rect.right(), rect.bottom()].map(|side| side * scale)
}

/// Every control of a tree, in the order of the tree; `ctx` is the context that made it.
#[must_use]
pub fn controls_of(update: &TreeUpdate, ctx: &Context) -> Vec<Control> {
    let scale = ctx.pixels_per_point();
    let shown = parts_in_sight(ctx);
    let nodes: BTreeMap<NodeId, &Node> = update.nodes.iter().map(|(id, node)| (*id, node)).collect();
    let mut list = Vec::new();
    let mut next: Vec<NodeId> = update.tree.as_ref().map(|tree| tree.root).into_iter().collect();
    while let Some(id) = next.pop() {
        let Some(node) = nodes.get(&id) else { continue };
        next.extend(node.children().iter().rev());
        let name = node.label().or(node.value()).unwrap_or_default().to_owned();
        let Some(bounds) = node.bounds().filter(|_| !name.is_empty()) else { continue };
        let rect = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|side| side as f32 * scale);
        let typed = node.value().filter(|_| node.label().is_some()).map(str::to_owned);
        list.push(Control {
            role: format!("{:?}", node.role()),
            name,
            value: typed.or_else(|| node.numeric_value().map(|value| value.to_string())),
            rect,
            shown: shown.get(&id).copied().flatten(),
            enabled: !node.is_disabled(),
            focused: update.focus == id,
            clicks: node.supports_action(bevy_egui::egui::accesskit::Action::Click),
            on: node.toggled().map(|on| on == Toggled::True),
        });
    }
    list
}

/// The part of every control that can be pointed at: panels cut off what is scrolled away.
fn parts_in_sight(ctx: &Context) -> BTreeMap<NodeId, Option<Place>> {
    let scale = ctx.pixels_per_point();
    let part = |rect: Rect| rect.is_positive().then(|| place(rect, scale));
    ctx.viewport(|viewport| {
        let layers = viewport.prev_pass.widgets.layers();
        layers.flat_map(|(_, list)| list).map(|w| (w.id.accesskit_id(), part(w.interact_rect))).collect()
    })
}

/// Every line of text in a picture, without what was painted over later.
#[must_use]
pub fn texts_of(shapes: &[ClippedShape], scale: f32) -> Vec<Line> {
    let mut list = Vec::new();
    for clipped in shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut list);
    }
    let line = |(text, rect, cut): (String, Rect, bool)| Line { text, rect: place(rect, scale), cut };
    list.into_iter().map(line).collect()
}

fn collect(shape: &Shape, clip: Rect, list: &mut Vec<(String, Rect, bool)>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, list)),
        Shape::Rect(cover) if cover.fill.a() == 255 => {
            let covered = cover.rect.intersect(clip).expand(0.5);
            list.retain(|(_, rect, _)| !covered.contains_rect(*rect));
        }
        Shape::Text(text) => {
            for row in &text.galley.rows {
                let (words, whole) = (row.text(), row.rect_without_leading_space().translate(text.pos.to_vec2()));
                let part = whole.intersect(clip);
                // A halo is the same word several times, a pixel or two aside.
                let halo = |(text, at, _): &(String, Rect, bool)| *text == words && at.min.distance(part.min) < 4.0;
                let again = list.iter().rev().take(12).any(halo);
                if part.is_positive() && !words.trim().is_empty() && !again {
                    list.push((
                        words,
                        part,
                        part.width() < whole.width() - 2.5 || part.height() < whole.height() * 0.6,
                    ));
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::fonts;
    use bevy_egui::egui::{Pos2, RawInput, Vec2};
    use detente_model::scenario::load;
    use detente_session::Sitting;

    #[test]
    fn controls_and_words_lie_where_a_pointer_finds_them_at_any_scale() {
        let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
        let ctx = Context::default();
        ctx.set_fonts(fonts());
        ctx.enable_accesskit();
        ctx.set_zoom_factor(2.0);
        let frame = |studio: &mut Studio| {
            let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(1440.0, 900.0)));
            let mut drawn = ctx.run_ui(RawInput { screen_rect, ..RawInput::default() }, |ui| studio.ui(ui));
            // Nobody uploads textures here.
            drawn.textures_delta.clear();
            drawn
        };
        frame(&mut studio);
        let drawn = frame(&mut studio);
        let update = drawn.platform_output.accesskit_update.as_ref().unwrap();
        let controls = controls_of(update, &ctx);
        let play = controls.iter().find(|c| c.name == "Play").unwrap();
        assert!(play.enabled && play.clicks && play.shown.is_some());
        assert!((play.rect[2] - play.rect[0] - 72.0).abs() < 1.0, "36 points are 72 pixels: {:?}", play.rect);
        let unifil = controls.iter().find(|c| c.role == "Slider" && c.name == "UNIFIL strength").unwrap();
        assert_eq!(unifil.value.as_deref(), Some("10000"));
        let texts = texts_of(&drawn.shapes, 2.0);
        let inside = |line: &Line| line.rect[0] >= 0.0 && line.rect[2] <= 2880.0 && line.rect[3] <= 1800.0;
        assert!(texts.iter().any(|line| line.text == "Day 0" && inside(line)), "{texts:?}");
        assert!(texts.iter().all(inside));
    }
}
