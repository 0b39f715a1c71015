//! A report in the making: the page with its picture of the map, and the tables beside it, in slices of a frame.
//!
//! What needs the sitting as it is comes first: the map is drawn as shapes, events are explained. What is left needs nothing of it any
//! more: shapes become pixels, pixels a file, and tables are written.

use super::evening::Evenings;
use crate::look::{Look, fonts};
use crate::map::{MapView, Scene, map_ui};
use crate::raster::{Canvas, Encoding, Place};
use bevy_egui::egui::epaint::ClippedShape;
use bevy_egui::egui::{ClippedPrimitive, Context, RawInput, Rect, ViewportId, pos2, vec2};
use detente_session::Sitting;
use detente_session::replay::Progress;
use detente_session::report::{Bundle, Draft};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

/// Size of the picture, points.
const SIZE: [f32; 2] = [960.0, 660.0];
/// Pixels of it for a point: sharp in print.
const SCALE: f32 = 2.0;
/// Passes until the map stands: fonts are there from the first on, and words settle in the next ones.
const PASSES: u64 = 3;
/// Rows of pixels that are written at once.
const ROWS: usize = 60;

/// The map being printed.
pub(super) struct Printing {
    ctx: Context,
    view: MapView,
    evenings: Evenings,
    look: &'static Look,
    canvas: Canvas,
    passes: u64,
    shapes: Vec<ClippedShape>,
    primitives: Vec<ClippedPrimitive>,
    place: Place,
    file: Option<Encoding>,
    picture: Option<Vec<u8>>,
    /// Whether nothing is left to do, with a picture or without.
    over: bool,
}

impl Printing {
    /// A picture of the whole map of the branch shown, where the map looks now: the map and nothing else, the same at any scale of the
    /// display, in a window and a page.
    pub(super) fn new(sitting: &mut Sitting, map: &MapView, look: &'static Look) -> Self {
        let branch = sitting.current();
        let mut evenings = Evenings::default();
        evenings.look(sitting, 0, branch);
        evenings.look_unchanged(sitting);
        let ctx = Context::default();
        ctx.set_fonts(fonts());
        look.apply(&ctx, true);
        Self {
            ctx,
            view: map.printed(),
            evenings,
            look,
            canvas: Canvas::default(),
            passes: 0,
            shapes: Vec::new(),
            primitives: Vec::new(),
            place: Place::default(),
            file: None,
            picture: None,
            over: false,
        }
    }

    /// Whether the sitting must still stand as it stood.
    fn needs_the_sitting(&self) -> bool {
        self.passes < PASSES
    }

    /// Does the next piece of work. Returns whether there was one.
    pub(super) fn step(&mut self, sitting: &Sitting) -> bool {
        if self.over {
            return false;
        }
        if self.passes < PASSES {
            self.pass(sitting);
        } else if self.canvas.pixels.is_empty() {
            self.primitives = self.ctx.tessellate(std::mem::take(&mut self.shapes), SCALE);
            self.canvas.begin(SIZE.map(|points| (points * SCALE) as usize));
        } else if self.canvas.paint_on(&self.primitives, SCALE, &mut self.place) {
        } else if let Some(file) = self.file.take() {
            match file.rows(&self.canvas, ROWS) {
                Ok(Encoding::Open(file)) => self.file = Some(Encoding::Open(file)),
                Ok(Encoding::Done(bytes)) => (self.picture, self.over) = (Some(bytes), true),
                Err(_) => self.over = true,
            }
        } else {
            self.file = Encoding::begin(&self.canvas).ok();
            self.over = self.file.is_none();
        }
        true
    }

    /// One pass of the map.
    fn pass(&mut self, sitting: &Sitting) {
        let Some(evening) = &self.evenings.shown[0] else {
            (self.passes, self.over) = (PASSES, true);
            return;
        };
        let unchanged = self.evenings.unchanged.as_ref();
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
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(SIZE[0], SIZE[1]));
        let mut input = RawInput { screen_rect: Some(screen), time: Some(self.passes as f64), ..RawInput::default() };
        input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(SCALE);
        let (view, look) = (&mut self.view, self.look);
        let drawn = self.ctx.run_ui(input, |ui| {
            map_ui(ui, view, &scene, look);
        });
        self.canvas.take(drawn.textures_delta);
        self.shapes = drawn.shapes;
        self.passes += 1;
    }

    /// How far it is.
    fn progress(&self) -> Progress {
        let of = PASSES + 20;
        let painted = 10.0 * self.place.share(&self.primitives);
        let written = self.file.as_ref().map_or(0.0, |file| 10.0 * file.share(&self.canvas));
        let done = self.passes + (painted + written) as u64;
        Progress { done: if self.over { of } else { done.min(of - 1) }, of }
    }

    /// The picture as a PNG file, once it is there.
    pub(super) fn picture(self) -> Option<Vec<u8>> {
        self.picture
    }
}

/// A report in the making.
pub(super) struct Paper {
    draft: Draft,
    printing: Printing,
    tables: Tables,
}

impl Paper {
    pub(super) fn new(draft: Draft, printing: Printing, tables: Tables) -> Self {
        Self { draft, printing, tables }
    }

    /// Whether the sitting must still stand as it stood.
    pub(super) fn needs_the_sitting(&self) -> bool {
        self.printing.needs_the_sitting() || !self.draft.progress().is_done()
    }

    /// Goes on, a piece at least, and as long as `go_on` says so.
    pub(super) fn step(&mut self, sitting: &Sitting, mut go_on: impl FnMut() -> bool) -> Progress {
        loop {
            let read = self.printing.needs_the_sitting() && self.printing.step(sitting);
            let read = read
                || !self.draft.progress().is_done() && {
                    self.draft.step(sitting, || false);
                    true
                };
            if !read && !self.printing.step(sitting) {
                self.tables.step(&mut go_on);
                break;
            }
            if !go_on() {
                break;
            }
        }
        let parts = [self.draft.progress(), self.printing.progress(), self.tables.progress()];
        Progress { done: parts.iter().map(|part| part.done).sum(), of: parts.iter().map(|part| part.of).sum() }
    }

    /// Its files by name: the page, and the tables.
    ///
    /// # Errors
    /// Those of the tables' writers.
    pub(super) fn finish(self) -> io::Result<Vec<(String, Vec<u8>)>> {
        let page = self.draft.page(self.printing.picture().as_deref());
        let data = self.tables.finish()?;
        Ok(std::iter::once(("report.html".to_owned(), page.into_bytes())).chain(data).collect())
    }
}

/// The tables of a report as they are written.
pub(super) enum Tables {
    /// Between frames.
    Slices(Box<Bundle>),
    /// Not at all.
    Failed(io::Error),
    /// On a thread.
    Thread { writer: JoinHandle<io::Result<Bundle>>, done: Arc<AtomicU64>, of: u64, stop: Stop },
}

/// Stops a thread when it is let go of.
pub(super) struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Tables {
    pub(super) fn begin(mut bundle: Bundle, threads: usize) -> Self {
        if threads == 0 {
            return Self::Slices(Box::new(bundle));
        }
        let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (told, asked) = (Arc::clone(&done), Arc::clone(&stop));
        let of = bundle.progress().of;
        let writer = std::thread::spawn(move || -> io::Result<Bundle> {
            while !bundle.progress().is_done() && !asked.load(Ordering::Relaxed) {
                told.store(bundle.step(|| false)?.done, Ordering::Relaxed);
            }
            Ok(bundle)
        });
        Self::Thread { writer, done, of, stop: Stop(stop) }
    }

    fn step(&mut self, go_on: impl FnMut() -> bool) {
        if let Self::Slices(bundle) = self
            && let Err(error) = bundle.step(go_on)
        {
            *self = Self::Failed(error);
        }
    }

    fn progress(&self) -> Progress {
        match self {
            Self::Slices(bundle) => bundle.progress(),
            // There is nothing to wait for.
            Self::Failed(_) => Progress::default(),
            // A thread that has ended is done, with tables or without.
            Self::Thread { writer, of, .. } if writer.is_finished() => Progress { done: *of, of: *of },
            Self::Thread { done, of, .. } => {
                Progress { done: done.load(Ordering::Relaxed).min(of.saturating_sub(1)), of: *of }
            }
        }
    }

    fn finish(self) -> io::Result<Vec<(String, Vec<u8>)>> {
        match self {
            Self::Slices(mut bundle) => {
                bundle.step(|| true)?;
                Ok(bundle.files())
            }
            Self::Failed(error) => Err(error),
            Self::Thread { writer, stop, .. } => {
                let bundle = writer.join().map_err(|_| io::Error::other("its writer ended early"))?;
                drop(stop);
                Ok(bundle?.files())
            }
        }
    }
}
