//! The report: written once the futures of the policy have come, with a picture of the map that is drawn for it.

use super::evening::Evenings;
use super::room::Studio;
use crate::look::{Look, fonts};
use crate::map::{MapView, Scene, map_ui};
use crate::raster::Canvas;
use bevy_egui::egui::{Context, RawInput, Rect, ViewportId, pos2, vec2};
use detente_session::chart::{Fans, Subject};
use detente_session::report::{Bundle, Extras, page};

/// Size of the picture, points.
const SIZE: [f32; 2] = [960.0, 660.0];
/// Pixels of it for a point: sharp in print.
const SCALE: f32 = 2.0;

impl Studio {
    /// Writes the report that waits, once nothing more is coming of the futures that it is about.
    pub(super) fn report_if_ready(&mut self) {
        let Some(name) = &self.report_waits else { return };
        let subject = Subject::policy(&self.sitting);
        if self.desk.whole(&subject, self.sitting.today()).is_none() {
            return;
        }
        let name = name.clone();
        self.report_waits = None;
        let picture = self.map_picture();
        let (page, tables) = self.report_parts(picture.as_deref());
        self.hand_out(name, page, tables);
    }

    /// The page of a report, and the tables beside it, to be written.
    fn report_parts(&self, picture: Option<&[u8]>) -> (String, Bundle) {
        let sitting = &self.sitting;
        let (fans, seconds) = self.desk.whole(&Subject::policy(sitting), sitting.today()).unzip();
        let compared = self.compared_whole();
        let wanted = self.futures.shown(sitting);
        let track = fans.and_then(|fans| fans.tracks.iter().position(|t| Some(*t) == wanted)).unwrap_or(0);
        let page = page(sitting, &Extras { fans, compared, track, picture, seconds: seconds.flatten() });
        (page, Bundle::new(sitting, fans, compared))
    }

    /// The futures of the two branches that are compared, where they are and have come.
    pub(super) fn compared_whole(&self) -> Option<&Fans> {
        let pair = self.comparing()?;
        let subject = Subject::branches(&self.sitting, pair);
        self.desk.whole(&subject, self.sitting.today()).map(|(fans, _)| fans)
    }

    /// A picture of the whole map of the branch shown, where the map looks now, as a PNG file: the map and nothing else, the
    /// same at any scale of the display, in a window and a page.
    pub fn map_picture(&mut self) -> Option<Vec<u8>> {
        let look = self.look();
        let branch = self.sitting.current();
        let mut evenings = Evenings::default();
        evenings.look(&mut self.sitting, 0, branch);
        evenings.look_unchanged(&mut self.sitting);
        let evening = evenings.shown[0].as_ref()?;
        let unchanged = evenings.unchanged.as_ref();
        let sitting = &self.sitting;
        let scene = Scene {
            rules: evening.rules(sitting),
            scenario: &sitting.loaded.scenario,
            history: &sitting.branch().history,
            stage: sitting.stage(),
            now: &evening.now,
            today: sitting.today(),
            row: &evening.row,
            unchanged: &unchanged.unwrap_or(evening).row,
            unchanged_now: unchanged.map(|evening| &evening.now),
            speed: 0.0,
            time: 0.0,
            reduced_motion: true,
            chain: &[],
        };
        print(&mut self.map.printed(), &scene, look)
    }
}

/// Draws the map on a sheet of its own.
fn print(view: &mut MapView, scene: &Scene<'_>, look: &Look) -> Option<Vec<u8>> {
    let ctx = Context::default();
    ctx.set_fonts(fonts());
    look.apply(&ctx, true);
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(SIZE[0], SIZE[1]));
    let mut canvas = Canvas::default();
    let mut shapes = Vec::new();
    // Fonts are there from the first frame on; words settle in the next ones.
    for frame in 0..3 {
        let mut input = RawInput { screen_rect: Some(screen), time: Some(f64::from(frame)), ..RawInput::default() };
        input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(SCALE);
        let drawn = ctx.run_ui(input, |ui| {
            map_ui(ui, view, scene, look);
        });
        canvas.take(drawn.textures_delta);
        shapes = drawn.shapes;
    }
    let primitives = ctx.tessellate(shapes, SCALE);
    canvas.paint(SIZE.map(|points| (points * SCALE) as usize), &primitives, SCALE);
    canvas.png().ok()
}
