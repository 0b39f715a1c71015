//! The map as a picture, drawn without a card or a display and held against pictures that are kept in `tests/pictures`.
//!
//! A picture is a quarter of the size, so that what a rounding moves by a hair does not show; what is left out does. After a
//! change that is meant: `RENEW_PICTURES=1 cargo test --lib map::tests::picture`, and look at what changed.

use super::*;
use crate::look::{LIGHT, Look};
use crate::raster::Canvas;
use bevy_egui::egui::Shape;
use std::path::PathBuf;

/// Pixels of the map for one of a picture, each way.
const COARSE: usize = 4;
/// Difference of a channel from which a pixel counts as another one, of 255.
const APART: u8 = 24;
/// Most of the pixels that may be others.
const OTHERS: f64 = 0.0015;
/// Most by which channels may differ on average, of 255.
const MEAN: f64 = 0.5;

/// A picture: width, height, three bytes a pixel.
#[derive(Clone, Debug, PartialEq)]
struct Picture {
    size: [usize; 2],
    bytes: Vec<u8>,
}

impl Picture {
    /// Share of pixels that differ, and mean difference of channels.
    fn against(&self, other: &Self) -> (f64, f64) {
        assert_eq!(self.size, other.size);
        let apart = |a: &[u8], b: &[u8]| a.iter().zip(b).any(|(x, y)| x.abs_diff(*y) > APART);
        let others = self.bytes.chunks_exact(3).zip(other.bytes.chunks_exact(3)).filter(|(a, b)| apart(a, b)).count();
        let sum: f64 = self.bytes.iter().zip(&other.bytes).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        (others as f64 / (self.size[0] * self.size[1]) as f64, sum / self.bytes.len() as f64)
    }

    fn is_like(&self, other: &Self) -> bool {
        let (others, mean) = self.against(other);
        others <= OTHERS && mean <= MEAN
    }

    fn write(&self, path: &PathBuf) {
        let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
        let mut encoder = png::Encoder::new(file, self.size[0] as u32, self.size[1] as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(&self.bytes).unwrap();
    }

    fn read(path: &PathBuf) -> Self {
        let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        Self { size: [info.width as usize, info.height as usize], bytes }
    }
}

/// The sheet, a quarter of its size.
fn coarse(canvas: &Canvas, size: [usize; 2]) -> Picture {
    let coarse = size.map(|n| n / COARSE);
    let mut bytes = Vec::with_capacity(coarse[0] * coarse[1] * 3);
    for y in 0..coarse[1] {
        for x in 0..coarse[0] {
            let block = (0..COARSE * COARSE)
                .map(|k| canvas.pixels[(y * COARSE + k / COARSE) * size[0] + x * COARSE + k % COARSE]);
            let sum = block.fold([0.0; 4], |sum, p| [0, 1, 2, 3].map(|k| sum[k] + p[k]));
            bytes.extend(sum[..3].iter().map(|v| (v * 255.0 / (COARSE * COARSE) as f32).round() as u8));
        }
    }
    Picture { size: coarse, bytes }
}

/// What is drawn: name, seed, day, size, look.
const DRAWN: [(&str, u64, i32, [f32; 2], Look); 2] =
    [("map-dark", 7, 96, [732.0, 656.0], DARK), ("map-light", 2417, 300, [572.0, 476.0], LIGHT)];

/// Draws the map with something left out.
fn draw(k: usize, change: impl Fn(&mut MapView), keep: impl Fn(&Shape) -> bool) -> Picture {
    let (_, seed, day, size, look) = DRAWN[k];
    let mut stand = Stand::new(seed, day);
    stand.look = look;
    look.apply(&stand.ctx, false);
    let mut view = MapView::default();
    change(&mut view);
    let mut canvas = Canvas::default();
    let mut shapes = Vec::new();
    for frame in 0..3 {
        let (mut drawn, _) = stand.whole_frame(&mut view, size, f64::from(frame));
        canvas.take(std::mem::take(&mut drawn.textures_delta));
        shapes = drawn.shapes;
    }
    shapes.retain(|clipped| keep(&clipped.shape));
    let primitives = stand.ctx.tessellate(shapes, 1.0);
    let size = size.map(|v| v as usize);
    canvas.paint(size, &primitives, 1.0);
    coarse(&canvas, size)
}

fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(format!("{name}.png"))
}

#[test]
fn the_map_looks_as_it_did() {
    for (k, (name, ..)) in DRAWN.iter().enumerate() {
        let picture = draw(k, |_| (), |_| true);
        if std::env::var_os("RENEW_PICTURES").is_some() {
            picture.write(&kept(name));
            continue;
        }
        let (others, mean) = picture.against(&Picture::read(&kept(name)));
        if others > OTHERS || mean > MEAN {
            let now = std::env::temp_dir().join(format!("{name}-now.png"));
            picture.write(&now);
            panic!(
                "{name}: {:.2} % of pixels are others, {mean:.2} of 255 on average; {} shows what is drawn now",
                others * 100.0,
                now.display()
            );
        }
    }
}

#[test]
fn a_picture_without_a_part_is_another() {
    let whole = draw(0, |_| (), |_| true);
    assert!(draw(0, |_| (), |_| true).is_like(&whole), "the same twice");
    let other = |name: &str, picture: Picture| {
        let (others, mean) = picture.against(&whole);
        println!("without {name}: {:.2} % of pixels are others, {mean:.2} of 255 on average", others * 100.0);
        assert!(!picture.is_like(&whole), "without {name}: {others}, {mean}");
    };
    for (layer, name) in layers::Layer::ALL {
        // On this day nobody leaves or returns in numbers worth an arrow.
        if layer != layers::Layer::People {
            other(name, draw(0, |view| *view.layers.switch(layer) = false, |_| true));
        }
    }
    other("land", draw(0, |_| (), |shape| !matches!(shape, Shape::Mesh(_))));
    other("words", draw(0, |_| (), |shape| !matches!(shape, Shape::Text(_))));
    other("insets", draw(0, |view| view.insets_hidden = true, |_| true));
}
