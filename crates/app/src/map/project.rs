//! Mercator, and where a pane looks.

use bevy_egui::egui::{Pos2, Rect, Vec2, pos2};

/// What the atlas covers: west, east, south, north.
pub(super) const BOUNDS: [f64; 4] = [30.0, 66.0, 10.0, 42.0];
/// No closer than this, pixels a degree: the data are exact to some 350 m.
const CLOSEST: f64 = 2_400.0;

/// A place on Mercator's plane, in degrees of longitude; y grows downwards.
pub(super) type Plane = [f64; 2];

/// Longitude and latitude on the plane.
pub(super) fn mercator(lon: f64, lat: f64) -> Plane {
    let s = libm::sin(lat.to_radians());
    [lon, -(0.5 * libm::log((1.0 + s) / (1.0 - s))).to_degrees()]
}

/// Longitude and latitude of a place on the plane.
#[cfg(test)]
pub(super) fn geographic([x, y]: Plane) -> (f64, f64) {
    (x, libm::asin(libm::tanh((-y).to_radians())).to_degrees())
}

/// Where a pane looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    /// Centre, on the plane.
    pub centre: Plane,
    /// Pixels a degree of longitude.
    pub scale: f64,
}

impl View {
    /// The view that shows a box (west, east, south, north) as large as a rectangle allows.
    pub fn fit([west, east, south, north]: [f64; 4], size: Vec2) -> Self {
        let ([x0, y1], [x1, y0]) = (mercator(west, south), mercator(east, north));
        let scale = (f64::from(size.x) / (x1 - x0)).min(f64::from(size.y) / (y1 - y0));
        Self { centre: [(x0 + x1) / 2.0, (y0 + y1) / 2.0], scale }
    }

    /// The same, kept within what the atlas covers.
    pub fn held(self, size: Vec2) -> Self {
        let ([x0, y1], [x1, y0]) = (mercator(BOUNDS[0], BOUNDS[2]), mercator(BOUNDS[1], BOUNDS[3]));
        let (w, h) = (f64::from(size.x.max(1.0)), f64::from(size.y.max(1.0)));
        let scale = self.scale.clamp((w / (x1 - x0)).max(h / (y1 - y0)), CLOSEST);
        let hold = |v: f64, low: f64, high: f64, half: f64| v.clamp(low + half, (high - half).max(low + half));
        let centre = [hold(self.centre[0], x0, x1, w / scale / 2.0), hold(self.centre[1], y0, y1, h / scale / 2.0)];
        Self { centre, scale }
    }

    /// Moved by so many pixels, as a hand drags a sheet.
    pub fn dragged(self, by: Vec2) -> Self {
        let centre = [self.centre[0] - f64::from(by.x) / self.scale, self.centre[1] - f64::from(by.y) / self.scale];
        Self { centre, ..self }
    }

    /// Zoomed by a factor, with the place under a point (from the centre, pixels) staying where it is.
    pub fn zoomed(self, factor: f64, about: Vec2) -> Self {
        let scale = (self.scale * factor).min(CLOSEST);
        let shift = 1.0 / self.scale - 1.0 / scale;
        let centre = [self.centre[0] + f64::from(about.x) * shift, self.centre[1] + f64::from(about.y) * shift];
        Self { centre, scale }
    }
}

/// A view in a rectangle of the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lens {
    /// The rectangle.
    pub rect: Rect,
    /// The view.
    pub view: View,
}

impl Lens {
    /// Where a place on the plane is on the screen.
    pub fn at(&self, [x, y]: Plane) -> Pos2 {
        let c = self.rect.center();
        pos2(
            c.x + ((x - self.view.centre[0]) * self.view.scale) as f32,
            c.y + ((y - self.view.centre[1]) * self.view.scale) as f32,
        )
    }

    /// Where a longitude and latitude are on the screen.
    pub fn place(&self, lon: f64, lat: f64) -> Pos2 {
        self.at(mercator(lon, lat))
    }

    /// The place on the plane under a point of the screen.
    pub fn back(&self, p: Pos2) -> Plane {
        let d = p - self.rect.center();
        [self.view.centre[0] + f64::from(d.x) / self.view.scale, self.view.centre[1] + f64::from(d.y) / self.view.scale]
    }

    /// What is shown, on the plane: left, top, right, bottom.
    pub fn window(&self) -> [f64; 4] {
        let ([x0, y0], [x1, y1]) = (self.back(self.rect.min), self.back(self.rect.max));
        [x0, y0, x1, y1]
    }

    /// Whether a place is shown, within a margin of pixels.
    pub fn shows(&self, place: Pos2, margin: f32) -> bool {
        self.rect.expand(margin).contains(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy_egui::egui::vec2;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_and_back(lon in 30.0..66.0_f64, lat in 10.0..42.0_f64, scale in 5.0..2000.0_f64) {
            let (x, y) = geographic(mercator(lon, lat));
            prop_assert!((x - lon).abs() < 1e-9 && (y - lat).abs() < 1e-9);
            let view = View { centre: mercator(45.0, 27.0), scale };
            let lens = Lens { rect: Rect::from_min_size(pos2(10.0, 20.0), vec2(700.0, 600.0)), view };
            let back = lens.back(lens.place(lon, lat));
            let there = mercator(lon, lat);
            // Positions on the screen are single precision.
            prop_assert!((back[0] - there[0]).abs() * scale < 0.02 && (back[1] - there[1]).abs() * scale < 0.02);
        }

        #[test]
        fn the_place_under_the_pointer_stays(factor in 0.3..3.0_f64, x in -300.0..300.0_f32, y in -300.0..300.0_f32) {
            let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(700.0, 600.0));
            let view = View { centre: mercator(45.0, 27.0), scale: 40.0 };
            let point = rect.center() + vec2(x, y);
            let before = Lens { rect, view }.back(point);
            let after = Lens { rect, view: view.zoomed(factor, vec2(x, y)) }.back(point);
            prop_assert!((before[0] - after[0]).abs() < 1e-4 && (before[1] - after[1]).abs() < 1e-4);
        }

        #[test]
        fn a_held_view_stays_on_the_sheet(x in -200.0..200.0_f64, y in -80.0..80.0_f64, scale in 0.1..9000.0_f64) {
            let size = vec2(700.0, 600.0);
            let view = View { centre: [x, y], scale }.held(size);
            let lens = Lens { rect: Rect::from_min_size(pos2(0.0, 0.0), size), view };
            let [left, top, right, bottom] = lens.window();
            let ([x0, y1], [x1, y0]) = (mercator(30.0, 10.0), mercator(66.0, 42.0));
            let eps = 1e-4;
            prop_assert!(left >= x0 - eps && right <= x1 + eps && top >= y0 - eps && bottom <= y1 + eps);
        }
    }
}
