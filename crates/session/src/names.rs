//! Names from anywhere (typed, in a file, in a link): cleaned and bounded, so that one line holds them and none of them can
//! pass for another or turn the words around it.

use detente_model::scenario::text::{is_joiner, is_unseen, joins};

/// Longest name, characters.
pub const LONGEST_NAME: usize = 60;
/// What is called nothing.
const UNNAMED: &str = "Unnamed";
/// Most marks over or under one letter: more than any spelling needs, fewer than reach into the lines around.
const MOST_MARKS: usize = 4;

/// A name as it can be shown: on one line, without characters that are not seen or that turn the direction of others, at
/// most [`LONGEST_NAME`] characters, never empty. Zero-width joiners stay where letters need them. A clean name comes back
/// as it is.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let clean = one_line(name, LONGEST_NAME);
    if clean.is_empty() { UNNAMED.to_owned() } else { clean }
}

/// Words of others in a sentence of ours: cleaned as names are, and cut with "…" where they are longer than `most`.
#[must_use]
pub fn quoted(text: &str, most: usize) -> String {
    let clean = one_line(text, most.saturating_add(1));
    if clean.chars().count() <= most {
        return clean;
    }
    clean.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A line of others, cleaned as names are, of at most `most` characters; empty where nothing in it can be seen.
pub(super) fn clean_line(text: &str, most: usize) -> String {
    one_line(text, most)
}

/// A text of several lines as it can be shown: each line cleaned as names are, no empty ones at the ends and no two in a row, at
/// most `most` characters. A clean text comes back as it is.
#[must_use]
pub fn clean_text(text: &str, most: usize) -> String {
    let mut clean = String::new();
    let (mut length, mut gap) = (0, false);
    for line in text.lines() {
        let breaks = if length == 0 { 0 } else { 1 + usize::from(gap) };
        if length + breaks >= most {
            break;
        }
        let line = one_line(line, most - length - breaks);
        if line.is_empty() {
            gap = true;
            continue;
        }
        clean.extend(std::iter::repeat_n('\n', breaks));
        clean += &line;
        length += breaks + line.chars().count();
        gap = false;
    }
    clean
}

/// At most `most` characters of a text on one line, without what is not seen.
fn one_line(text: &str, most: usize) -> String {
    let mut clean = String::new();
    let (mut length, mut marks, mut gap) = (0, 0, false);
    let mut before = None;
    let mut rest = text.chars().peekable();
    while length < most
        && let Some(c) = rest.next()
    {
        // What broke the line or the word apart becomes a space; spaces in a row, and at the ends, become one or none.
        if c.is_whitespace() || matches!(c, '\u{0085}' | '\u{2028}' | '\u{2029}') {
            gap = length > 0;
            before = None;
            continue;
        }
        if is_joiner(c) {
            if before.is_some_and(joins) && rest.peek().copied().is_some_and(joins) && length + 1 < most {
                clean.push(c);
                length += 1;
            }
            before = None;
            continue;
        }
        if is_unseen(c) {
            continue;
        }
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MOST_MARKS {
            continue;
        }
        if std::mem::take(&mut gap) {
            if length + 2 > most {
                break;
            }
            clean.push(' ');
            length += 1;
        }
        clean.push(c);
        length += 1;
        before = Some(c);
    }
    clean
}

/// Marks that stand over, under or through the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{06D6}'..='\u{06ED}' | '\u{0E31}'..='\u{0E4E}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// A name as the stem of a file or folder: letters and digits, lower case, with single hyphens between; never empty, and
/// never a path.
#[must_use]
pub fn file_stem(name: &str) -> String {
    let mut stem = String::new();
    for c in clean_name(name).chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            stem.push(c);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
    }
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() { "session".to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_name_stays_as_it_is() {
        for name in ["As it stands", "From day 41", "محاولة جديدة", "ניסיון חדש", "می‌روم", "क्‍ष", "Café naïve – 2"]
        {
            assert_eq!(clean_name(name), name);
        }
    }

    #[test]
    fn a_name_is_on_one_line_bounded_and_never_empty() {
        assert_eq!(clean_name("a\u{202E}b\u{2066}c\u{2069}\u{200B}d\u{0}\u{7}"), "abcd");
        assert_eq!(clean_name("  two\r\nlines\tand\u{2028}more  "), "two lines and more");
        assert_eq!(clean_name("a\u{200D}b\u{200C}"), "ab", "joiners that join nothing");
        for empty in ["", " \n ", "\u{202E}\u{200B}", "\u{3164}"] {
            assert_eq!(clean_name(empty), "Unnamed", "{empty:?}");
        }
        let long = clean_name(&"x".repeat(3_000_000));
        assert_eq!(long.chars().count(), LONGEST_NAME);
        assert_eq!(clean_name(&"ab ".repeat(40)).chars().count(), LONGEST_NAME - 1, "no space at the end");
        assert_eq!(clean_name(&format!("e{}", "\u{0301}".repeat(50))).chars().count(), 1 + MOST_MARKS);
        for name in [long.as_str(), "a\u{202E}b", "می‌روم", " x "] {
            assert_eq!(clean_name(&clean_name(name)), clean_name(name), "cleaned twice is cleaned once");
        }
    }

    #[test]
    fn a_text_keeps_its_lines_and_nothing_that_cannot_be_seen() {
        assert_eq!(clean_text("\n\n one  two\r\n\n\n\nthree\u{202E}\n \n", 100), "one two\n\nthree");
        assert_eq!(clean_text("", 10), "");
        assert_eq!(clean_text("ab\ncd", 4), "ab\nc");
        assert_eq!(clean_text("ab\n\ncd", 4), "ab");
        for text in ["one\n\n\ntwo", "می‌روم\nb", "ab cd\n".repeat(400).as_str()] {
            for most in [1, 2, 3, 10, 2_000] {
                let once = clean_text(text, most);
                assert!(once.chars().count() <= most);
                assert_eq!(clean_text(&once, most), once, "cleaned twice is cleaned once");
            }
        }
    }

    #[test]
    fn a_stem_is_no_path() {
        assert_eq!(file_stem("../../x"), "x");
        assert_eq!(file_stem("November 2024 (changed)"), "november-2024-changed");
        assert_eq!(file_stem("C:\\windows\\..\\a.b"), "c-windows-a-b");
        assert_eq!(file_stem("///"), "session");
        assert_eq!(file_stem("november-2024"), "november-2024");
    }

    #[test]
    fn words_of_others_are_cut() {
        assert_eq!(quoted("a\nb", 10), "a b");
        assert_eq!(quoted(&"x".repeat(100), 5), "xxxx…");
    }
}
