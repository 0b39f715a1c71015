//! Buttons over the map: closer, wider, layers, key. Icons are drawn, since the font has none.

use super::insets::MARGIN;
use super::layers::{Layer, Layers};
use crate::look::Look;
use bevy_egui::egui::{
    Area, Context, Frame, Id, Order, Painter, Rect, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2,
};

/// Side of a button.
const SIDE: f32 = 32.0;

/// A button over the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// Closer.
    Closer,
    /// Wider.
    Wider,
    /// As at first.
    Home,
    /// Layers.
    Layers,
    /// Key.
    Key,
}

const TOOLS: [(Tool, &str); 5] = [
    (Tool::Closer, "Closer (+)"),
    (Tool::Wider, "Wider (−)"),
    (Tool::Home, "All maps as at first (0)"),
    (Tool::Layers, "Choose what is shown"),
    (Tool::Key, "Explain the signs"),
];

/// Where the buttons stand.
pub(super) fn place(region: Rect) -> Rect {
    let size = vec2(SIDE, SIDE * TOOLS.len() as f32);
    // In the upper corner lies the sea from which the coast of the Levant is named.
    Rect::from_min_size(pos2(region.min.x + MARGIN, region.max.y - MARGIN - size.y), size)
}

/// Shows the buttons; returns the one that was pressed.
pub(super) fn show(ui: &Ui, region: Rect, on: [bool; 2], look: &Look) -> Option<Tool> {
    let rect = place(region);
    let p = ui.painter_at(region);
    p.rect(rect, 5.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let mut pressed = None;
    for (k, (tool, words)) in TOOLS.into_iter().enumerate() {
        let cell = Rect::from_min_size(rect.min + vec2(0.0, SIDE * k as f32), Vec2::splat(SIDE));
        let response = ui.interact(cell, ui.id().with(("map-tool", k)), Sense::click());
        let lit = match tool {
            Tool::Layers => on[0],
            Tool::Key => on[1],
            _ => false,
        };
        if response.hovered() || lit {
            p.rect_filled(cell.shrink(2.0), 4.0, look.raised);
        }
        if response.has_focus() {
            p.rect_stroke(cell.shrink(1.0), 5.0, Stroke::new(2.0, look.ink), StrokeKind::Inside);
        }
        icon(&p, cell, tool, look);
        let info = || bevy_egui::egui::WidgetInfo::labeled(bevy_egui::egui::WidgetType::Button, true, words);
        response.widget_info(info);
        if response.clicked() {
            pressed = Some(tool);
        }
        response.on_hover_text(words);
    }
    pressed
}

fn icon(p: &Painter, cell: Rect, tool: Tool, look: &Look) {
    let (c, stroke) = (cell.center(), Stroke::new(1.6, look.ink));
    match tool {
        Tool::Closer | Tool::Wider => {
            p.line_segment([c - vec2(6.5, 0.0), c + vec2(6.5, 0.0)], stroke);
            if tool == Tool::Closer {
                p.line_segment([c - vec2(0.0, 6.5), c + vec2(0.0, 6.5)], stroke);
            }
        }
        Tool::Home => {
            // Corners around a middle.
            for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                let corner = c + vec2(x * 6.5, y * 6.5);
                p.line(vec![corner - vec2(x * 4.0, 0.0), corner, corner - vec2(0.0, y * 4.0)], stroke);
            }
            p.circle_filled(c, 1.8, look.ink);
        }
        Tool::Layers => {
            let sheet = |dy: f32| {
                [c + vec2(-7.0, dy), c + vec2(0.0, dy - 4.0), c + vec2(7.0, dy), c + vec2(0.0, dy + 4.0)].to_vec()
            };
            p.add(Shape::closed_line(sheet(-2.5), Stroke::new(1.4, look.ink)));
            for dy in [1.0, 4.5] {
                let s = sheet(dy);
                p.line(vec![s[0], s[3], s[2]], Stroke::new(1.4, look.ink));
            }
        }
        Tool::Key => {
            for (k, dy) in [-5.0, 0.0, 5.0].into_iter().enumerate() {
                let left = c + vec2(-6.0, dy);
                if k == 0 {
                    p.circle_filled(left, 1.8, look.ink);
                } else {
                    p.rect_filled(Rect::from_center_size(left, Vec2::splat(3.2)), 0.5, look.ink);
                }
                p.line_segment([c + vec2(-1.5, dy), c + vec2(7.0, dy)], stroke);
            }
        }
    }
}

/// The list of layers, beside the buttons.
pub(super) fn layers(ctx: &Context, id: Id, region: Rect, layers: &mut Layers, closed: &mut [bool; 2]) {
    let at = place(region).right_top() + vec2(8.0, 0.0);
    let place =
        Area::new(id.with("map-layers")).order(Order::Foreground).fixed_pos(pos2(at.x, at.y)).constrain_to(region);
    place.show(ctx, |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            for (layer, name) in Layer::ALL {
                ui.checkbox(layers.switch(layer), name);
            }
            ui.separator();
            for (closed, name) in closed.iter_mut().zip(["Map 1: South Lebanon", "Map 2: Gaza & West Bank"]) {
                let mut shown = !*closed;
                ui.checkbox(&mut shown, name);
                *closed = !shown;
            }
        });
    });
}
