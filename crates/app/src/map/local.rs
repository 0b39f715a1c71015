//! Names in the script of the place. A run of one script in one font is shaped and set right to left as a whole; egui has no
//! order for mixed runs, so names of two languages are laid out one by one.

use super::plates::SIZE;
use crate::look::{arabic, hebrew};
use bevy_egui::egui::{Color32, FontId, Galley, Painter, Pos2, Rect, Vec2, vec2};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Room between names of two languages.
const APART: f32 = 9.0;

/// Height of letters over the base line for which there is always room, pixels.
const ASCENT: f32 = 9.0;

/// A name in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Local {
    /// Language: `ar`, `fa`, `he` or `ur`.
    pub language: &'static str,
    /// The name.
    pub text: &'static str,
}

/// Every name, by place.
pub(super) fn all() -> &'static BTreeMap<&'static str, Vec<Local>> {
    static ALL: OnceLock<BTreeMap<&'static str, Vec<Local>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: BTreeMap<_, Vec<Local>> = BTreeMap::new();
        for row in include_str!("../../../../assets/map/names.tsv").lines().filter(|row| !row.starts_with('#')) {
            let mut cells = row.split('\t');
            if let (Some(place), Some(language), Some(text)) = (cells.next(), cells.next(), cells.next()) {
                all.entry(place).or_default().push(Local { language, text });
            }
        }
        all
    })
}

/// Names of a place: none, one, or two of equal rank.
pub(super) fn of(place: &str) -> &'static [Local] {
    all().get(place).map_or(&[], Vec::as_slice)
}

/// Names on one line.
pub(super) struct Line {
    /// Each with where it begins, from the corner of the ink of all.
    words: Vec<(Vec2, Arc<Galley>)>,
    /// Size of the ink: letters with long tails need more room than a line of Latin.
    pub size: Vec2,
}

impl Line {
    /// Sets names side by side on one base line.
    pub fn new(painter: &Painter, names: &[Local], color: Color32) -> Self {
        let mut words = Vec::new();
        let mut ink = Rect::NOTHING;
        let mut x = 0.0;
        for name in names {
            let family = if name.language == "he" { hebrew() } else { arabic() };
            let galley = painter.layout_no_wrap(name.text.to_owned(), FontId::new(SIZE, family), color);
            // Glyphs stand on the base line; fonts differ in how far that is from the top.
            let base = galley.rows.first().map_or(0.0, |row| row.pos.y + row.glyphs.first().map_or(0.0, |g| g.pos.y));
            let at = vec2(x - galley.mesh_bounds.min.x, -base);
            ink = ink.union(galley.mesh_bounds.translate(at));
            x += galley.mesh_bounds.width() + APART;
            words.push((at, galley));
        }
        if words.is_empty() {
            return Self { words, size: Vec2::ZERO };
        }
        // Words of low letters stand as far below what is over them as others.
        ink.min.y = ink.min.y.min(-ASCENT);
        words.iter_mut().for_each(|(at, _)| *at -= ink.min.to_vec2());
        Self { words, size: ink.size() }
    }

    /// Where each word is painted, for a corner of the ink.
    pub fn words(&self, corner: Pos2) -> impl Iterator<Item = (Pos2, &Arc<Galley>)> {
        self.words.iter().map(move |(at, galley)| (corner + *at, galley))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::fonts;
    use bevy_egui::egui::{Context, FontFamily, RawInput};

    /// Lays out with the fonts of the program.
    fn with_fonts<T>(mut ask: impl FnMut(&Painter) -> T) -> T {
        let ctx = Context::default();
        ctx.set_fonts(fonts());
        let mut answer = None;
        let mut drawn = ctx.run_ui(RawInput::default(), |ui| answer = Some(ask(ui.painter())));
        drawn.textures_delta.clear();
        answer.unwrap()
    }

    /// Letters with their left edge and the size of their ink, from left to right.
    fn glyphs(painter: &Painter, text: &str, family: FontFamily) -> Vec<(char, f32, Vec2)> {
        let galley = painter.layout_no_wrap(text.to_owned(), FontId::new(60.0, family), Color32::WHITE);
        // Signs over letters take no room; nor do the empty glyphs that egui adds where it sees ligatures.
        let glyphs = galley.rows.iter().flat_map(|row| &row.glyphs).filter(|g| g.advance_width > 0.0);
        let mut list: Vec<_> = glyphs.map(|g| (g.chr, g.pos.x, g.uv_rect.size)).collect();
        list.sort_by(|a, b| a.1.total_cmp(&b.1));
        list
    }

    #[test]
    fn letters_run_from_right_to_left_and_so_do_words() {
        // Signs over a letter stand at its place or beside it.
        let mark = |c: &char| ('\u{64B}'..='\u{65F}').contains(c);
        with_fonts(|painter| {
            for (place, names) in all() {
                for name in names {
                    let family = if name.language == "he" { hebrew() } else { arabic() };
                    let glyphs = glyphs(painter, name.text, family);
                    let shown: Vec<char> = glyphs.into_iter().map(|(c, ..)| c).filter(|c| !mark(c)).collect();
                    let mut letters = name.text.chars().rev().filter(|c| !mark(c));
                    // A ligature is one glyph, named after its first letter: one letter after it is not found.
                    assert!(shown.iter().all(|c| letters.any(|l| l == *c)), "{place}: {shown:?} for {}", name.text);
                    let all = name.text.chars().filter(|c| !mark(c)).count();
                    assert!(
                        shown.len() + 2 >= all && (name.language != "he" || shown.len() == all),
                        "{place}: {shown:?}"
                    );
                }
            }
        });
    }

    #[test]
    fn arabic_letters_join() {
        with_fonts(|painter| {
            // The same letter four times: at the start, twice in the middle, at the end; and alone.
            let sizes = |text: &str, family| glyphs(painter, text, family).into_iter().map(|g| g.2).collect::<Vec<_>>();
            let four = sizes("عععع", arabic());
            let alone = sizes("ع", arabic());
            let &[end, middle, other, start] = four.as_slice() else { panic!("{four:?}") };
            let same = |a: Vec2, b: Vec2| (a - b).length() < 2.0;
            assert!(same(middle, other), "{four:?}");
            assert!(!same(end, middle) && !same(middle, start) && !same(start, end), "{four:?}");
            assert!([start, middle, end].iter().all(|form| !same(*form, alone[0])), "{four:?}, {alone:?}");
            // Hebrew letters stand apart.
            let row = sizes("ההה", hebrew());
            assert!(row.len() == 3 && row.iter().all(|form| same(*form, row[0])), "{row:?}");
        });
    }

    #[test]
    fn every_letter_is_in_its_font_and_of_its_language() {
        with_fonts(|painter| {
            for (place, names) in all() {
                assert!(names.windows(2).all(|pair| pair[0].language < pair[1].language), "{place}");
                for name in names {
                    let family = if name.language == "he" { hebrew() } else { arabic() };
                    let font = FontId::new(60.0, family);
                    let missing =
                        painter.layout_no_wrap("\u{4E00}".to_owned(), font.clone(), Color32::WHITE).mesh_bounds;
                    for c in name.text.chars() {
                        let hebrew = ('\u{5D0}'..='\u{5F4}').contains(&c);
                        let arabic = ('\u{620}'..='\u{6D3}').contains(&c);
                        assert!(c == ' ' || if name.language == "he" { hebrew } else { arabic }, "{place}: {c:?}");
                        // egui's own question answers no for a family of one font.
                        let ink = painter.layout_no_wrap(c.to_string(), font.clone(), Color32::WHITE).mesh_bounds;
                        assert!(c == ' ' || (ink != missing && ink.is_positive()), "{place}: {c:?}");
                        // Look-alikes: Persian and Urdu have their own kaf and yeh, and four letters more.
                        let foreign = if name.language == "ar" { "گچپژکی" } else { "كيىة" };
                        assert!(!foreign.contains(c), "{place}: {c:?} in {}", name.language);
                    }
                }
            }
        });
    }
}
