//! One line of words in which scripts from the left and from the right may stand side by side.
//!
//! egui shapes letters, but sets the pieces of a line from left to right as they come. A name in Hebrew or Arabic would have
//! its words in the wrong order, and a number in it would be turned round. Here a line is cut where its direction changes,
//! and the pieces are put in the order in which they are read: the Unicode rules for the order of mixed text (UAX 9), as far
//! as a name of one line needs them, without marks for embedding, which names do not have.

use super::look::{arabic, hebrew};
use bevy_egui::egui::text::{LayoutJob, TextFormat, TextWrapping};
use bevy_egui::egui::{Color32, FontFamily, FontId, Galley, Painter};
use std::sync::Arc;

/// What a character says about direction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A letter that is read from the left.
    Left,
    /// A letter that is read from the right: Hebrew, or Arabic.
    Right,
    /// A digit, which is read from the left in every script.
    Number,
    /// A sign or a space: goes with what stands around it.
    Either,
}

fn way(c: char) -> Way {
    if c.is_numeric() {
        Way::Number
    } else if is_from_the_right(c) {
        Way::Right
    } else if c.is_alphabetic() {
        Way::Left
    } else {
        Way::Either
    }
}

/// Whether a character belongs to a script that is read from the right.
#[must_use]
pub fn is_from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}') && !c.is_numeric()
}

fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{5FF}' | '\u{FB1D}'..='\u{FB4F}')
}

/// A piece of a line with one direction and one font.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    level: u8,
    /// The font's family, where it is not that of the line.
    hebrew: bool,
}

/// Levels of direction: even ones are read from the left, odd ones from the right; a higher one stands inside a lower one.
fn levels(ways: &[Way]) -> Vec<u8> {
    let strong = |way: &&Way| matches!(way, Way::Left | Way::Right);
    let base = u8::from(ways.iter().find(strong) == Some(&Way::Right));
    // A number goes with the letters before it, and counts among them for the signs around it.
    let mut before = if base == 1 { Way::Right } else { Way::Left };
    let mut sides = Vec::with_capacity(ways.len());
    for &way in ways {
        if strong(&&way) {
            before = way;
        }
        sides.push(if way == Way::Number { before } else { way });
    }
    let open = if base == 1 { Way::Right } else { Way::Left };
    (0..ways.len())
        .map(|i| {
            let side = match sides[i] {
                Way::Either => {
                    let of = |side: Option<&Way>| side.copied().unwrap_or(open);
                    let left = of(sides[..i].iter().rev().find(|side| **side != Way::Either));
                    let right = of(sides[i..].iter().find(|side| **side != Way::Either));
                    if left == right { left } else { open }
                }
                side => side,
            };
            match (side, ways[i], base) {
                (Way::Right, Way::Number, _) => 2,
                (Way::Right, ..) => 1,
                (_, _, 0) => 0,
                _ => 2,
            }
        })
        .collect()
}

/// The pieces of a line in the order in which they stand, from the left.
fn pieces(text: &str) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let ways: Vec<Way> = chars.iter().map(|c| way(*c)).collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut script = chars.iter().copied().find(|c| is_from_the_right(*c)).is_some_and(is_hebrew);
    for (c, level) in chars.into_iter().zip(levels(&ways)) {
        if is_from_the_right(c) {
            script = is_hebrew(c);
        }
        let hebrew = level == 1 && script;
        match pieces.last_mut() {
            Some(last) if last.level == level && last.hebrew == hebrew => last.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), level, hebrew }),
        }
    }
    // From the innermost level outwards, whatever stands on it is turned round.
    for level in (1..=2).rev() {
        let mut from = 0;
        while from < pieces.len() {
            let to = pieces[from..].iter().position(|p| p.level < level).map_or(pieces.len(), |n| from + n);
            pieces[from..to].reverse();
            from = to + 1;
        }
    }
    pieces
}

/// A line of words, in the order in which they are read, for whatever takes words.
#[must_use]
pub fn job(text: &str, font: &FontId, color: Color32) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    for piece in pieces(text) {
        let arabic_digits = piece.text.chars().all(|c| matches!(c, '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}'));
        let family: FontFamily = match (piece.level, piece.hebrew) {
            (1, true) => hebrew(),
            (1, false) => arabic(),
            _ if arabic_digits => arabic(),
            _ => font.family.clone(),
        };
        job.append(&piece.text, 0.0, TextFormat::simple(FontId::new(font.size, family), color));
    }
    job
}

/// A line that ends in an ellipsis where it is wider than there is room.
pub(super) fn clipped(painter: &Painter, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    if !text.chars().any(is_from_the_right) {
        let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
        job.wrap = TextWrapping::truncate_at_width(width);
        return painter.layout_job(job);
    }
    let whole = painter.layout_job(job(text, &font, color));
    if whole.size().x <= width {
        return whole;
    }
    // Its end is cut, which may stand at the left: found by trying, since letters change their form at the end.
    let chars: Vec<char> = text.chars().collect();
    let cut = |n: usize| {
        let short: String = chars[..n].iter().collect::<String>().trim_end().to_owned() + "…";
        painter.layout_job(job(&short, &font, color))
    };
    let (mut fits, mut too_long) = (0, chars.len());
    while too_long - fits > 1 {
        let middle = usize::midpoint(fits, too_long);
        if cut(middle).size().x <= width { fits = middle } else { too_long = middle }
    }
    cut(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn words_stand_in_the_order_in_which_they_are_read() {
        // A whole name is one piece: it is shaped as a whole.
        assert_eq!(order("הפסקת אש"), ["הפסקת אש"]);
        assert_eq!(order("وقف إطلاق النار"), ["وقف إطلاق النار"]);
        // A number in it stays a number, to the left of the words before it.
        assert_eq!(order("ענף 12"), ["12", "ענף "]);
        assert_eq!(order("خطة 3 جديدة"), [" جديدة", "3", "خطة "]);
        // Latin words in a Hebrew name, and the other way round.
        assert_eq!(order("תוכנית UN 1701"), ["UN 1701", "תוכנית "]);
        assert_eq!(order("Branch שלום"), ["Branch ", "שלום"]);
        assert_eq!(order("A שלום 5 B"), ["A ", "5", "שלום ", " B"]);
        // Two scripts from the right: the first stands rightmost.
        assert_eq!(order("שלום سلام"), ["سلام", "שלום "]);
        assert_eq!(order("Branch 1"), ["Branch 1"]);
    }
}
