//! Standard output and standard error: written once, quietly given up when nobody reads, coloured only on a terminal.

use super::failure::Failure;
use crate::scenario::text::{is_joiner, is_unseen};
use crate::tables::folder::Trouble;
use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use jiff::civil::Date;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// What the numbers are worth; closes every summary.
pub(super) const CAVEAT: &str =
    "A what-if tool: outputs are conditional on assumptions and are not predictions of real events.";

/// Headings.
pub(super) const HEAD: Style = Style::new().bold();
/// What matters less.
pub(super) const FAINT: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// `text` in a style.
pub(super) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

fn give(write: impl FnOnce(&mut dyn Write) -> io::Result<()>, out: &mut dyn Write) -> Result<(), Failure> {
    match write(out).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::NobodyReads),
        Err(error) => {
            let trouble = Trouble { what: "cannot write to standard output".to_owned(), cause: error };
            Err(Failure::refused(trouble.to_string()))
        }
    }
}

/// Prints text with styles, which are left out unless a terminal shows it and `NO_COLOR` is unset.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    let mut out = AutoStream::auto(io::stdout().lock());
    give(|out| out.write_all(text.as_bytes()), &mut out)
}

/// Prints bytes as they are.
pub(super) fn plain(bytes: &[u8]) -> Result<(), Failure> {
    give(|out| out.write_all(bytes), &mut io::stdout().lock())
}

/// Prints JSON and a newline.
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    crate::tables::folder::json(&mut bytes, value)
        .map_err(|error| Failure::refused(format!("cannot write JSON: {error}")))?;
    plain(&bytes)
}

/// Text from elsewhere as a terminal may be given it: control characters and marks of direction are spelt out.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let unseen = |c: char| is_unseen(c) && !matches!(c, '\n' | '\t') && !is_joiner(c);
    if !text.contains(unseen) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().fold(String::new(), |mut shown, c| {
        if unseen(c) {
            shown.extend(c.escape_default())
        } else {
            shown.push(c)
        }
        shown
    }))
}

/// Says a line on standard error. If that cannot be written there is nobody left to tell.
pub(super) fn note(text: &str) {
    let mut err = AutoStream::auto(io::stderr().lock());
    let _ = writeln!(err, "{text}");
}

/// Says what is wrong on standard error.
pub(super) fn complain(sentence: &str) {
    note(&format!("{} {}", styled(BAD, "error:"), shown(sentence)));
}

/// A date as people write it: 8 November 2024.
pub(super) fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A whole number with thousands set apart.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 future`, `2,000 futures`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A share with its interval, in per cent: "81.6 (80.1–83.0)".
pub(super) fn with_interval(p: f64, low: f64, high: f64) -> String {
    format!("{:.1} ({:.1}–{:.1})", 100.0 * p, 100.0 * low, 100.0 * high)
}

/// Shares of one whole in tenths of a per cent: rounded such that they sum to 100.0, those with the largest remainders up.
pub(super) fn tenths(shares: &[f64]) -> Vec<i64> {
    let whole = (1000.0 * shares.iter().sum::<f64>()).round() as i64;
    let mut rounded: Vec<i64> = shares.iter().map(|share| (1000.0 * share).floor() as i64).collect();
    let missing = whole - rounded.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    // To a millionth, so that equal remainders are equal; of those, the first go up.
    let remainder = |i: usize| (1e6 * (1000.0 * shares[i] - (1000.0 * shares[i]).floor())).round();
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b)));
    order.into_iter().take(usize::try_from(missing).unwrap_or(0)).for_each(|i| rounded[i] += 1);
    rounded
}

/// Tenths of a per cent, as a percentage.
pub(super) fn percent_of(tenths: i64) -> String {
    format!("{:.1} %", tenths as f64 / 10.0)
}

/// A difference of shares that are shown as tenths of a per cent, in points: "+1.6".
pub(super) fn points_of(tenths: i64) -> String {
    let text = format!("{:.1}", tenths as f64 / 10.0);
    if tenths > 0 { format!("+{text}") } else { text }
}

/// A number as text without a sign before nothing: "-0.0" is "0.0".
pub(super) fn unsigned_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

/// A number with about three significant digits, for tables.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    unsigned_zero(match size {
        _ if size >= 1000.0 => {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", thousands(size.round() as u64))
        }
        _ if size >= 100.0 => format!("{value:.0}"),
        _ if size >= 10.0 => format!("{value:.1}"),
        _ if size >= 0.1 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    })
}

/// Words in lines of at most so many characters, indented by two.
pub(super) fn wrapped(words: &str, width: usize) -> String {
    let mut text = String::from(" ");
    let mut length = 1;
    for word in words.split_whitespace() {
        let more = 1 + word.chars().count();
        if length + more > width && length > 1 {
            text.push_str("\n ");
            length = 1;
        }
        text.push(' ');
        text.push_str(word);
        length += more;
    }
    text
}

/// Words aligned in columns; the first is set left, others left or right.
#[derive(Debug, Default)]
pub(super) struct Grid {
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A grid with these headings; a heading that starts with `>` stands over a column set right.
    pub(super) fn new(headings: &[&str]) -> Self {
        let right = headings.iter().map(|heading| heading.starts_with('>')).collect();
        let heads = headings.iter().map(|heading| heading.trim_start_matches('>').to_owned()).collect();
        Self { right, rows: vec![heads] }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Rows under the headings.
    pub(super) fn len(&self) -> usize {
        self.rows.len() - 1
    }

    /// Whether there is nothing under the headings.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text, indented by two; on a terminal, a last column of words is folded to its width. In a pipe lines stay whole.
    pub(super) fn text(&self) -> String {
        self.within(terminal_size::terminal_size_of(io::stdout()).map_or(usize::MAX, |(width, _)| width.0.into()))
    }

    /// The text in lines of at most so many characters, as far as its last column can be folded.
    fn within(&self, most: usize) -> String {
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.right.len()).map(width).collect();
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).zip(&self.right);
            let cells: Vec<String> = cells
                .map(|((cell, &width), &right)| {
                    // Not by a width in `format!`, which panics where a cell is longer than 65,535 characters.
                    let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
                    if right { gap + cell } else { cell.clone() + &gap }
                })
                .collect();
            let line = format!("  {}", cells.join("  "));
            let line = line.trim_end();
            let last = row.last().filter(|_| self.right.last() == Some(&false) && number > 0);
            let folded;
            let line = match last {
                Some(last) if line.chars().count() > most => {
                    let start = line.chars().count() - last.trim_end().chars().count();
                    folded = fold(line, start, most);
                    folded.as_str()
                }
                _ => line,
            };
            if number > 0 {
                text.push_str(line);
            } else if !line.is_empty() {
                text.push_str(&styled(FAINT, line));
            }
            if number > 0 || !line.is_empty() {
                text.push('\n');
            }
        }
        text
    }
}

/// A line whose words from `start` on are folded to `most` characters, hanging under where they begin, or, where that leaves
/// little room, under the second column's usual place.
fn fold(line: &str, start: usize, most: usize) -> String {
    const ROOM: usize = 24;
    const NARROW: usize = 6;
    let hang = if most > start + ROOM { start } else { NARROW };
    let split = line.char_indices().nth(start).map_or(line.len(), |(at, _)| at);
    let (head, words) = line.split_at(split);
    let (mut text, mut length, mut begun) = (head.to_owned(), start, false);
    for word in words.split(' ') {
        let more = word.chars().count();
        if length + usize::from(begun) + more > most && length > hang {
            text.truncate(text.trim_end().len());
            text.push('\n');
            text.push_str(&" ".repeat(hang));
            (length, begun) = (hang, false);
        }
        if begun {
            text.push(' ');
            length += 1;
        }
        text.push_str(word);
        (length, begun) = (length + more, true);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_for_people() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0.0, 0.0123, 1.234, -12.34, 123.4, -12345.6, -0.0001, -0.0].map(short),
            ["0.00", "0.012", "1.23", "-12.3", "123", "-12,346", "0.000", "0.00"]
        );
        assert_eq!(date(jiff::civil::date(2024, 11, 8)), "8 November 2024");
    }

    #[test]
    fn shares_shown_sum_to_a_hundred_and_differ_as_shown() {
        // 43.0 + 0.1 + 53.1 + 3.5 + 0.4 is 100.1 when each is rounded for itself.
        let shares = [860.0, 1.0, 1061.0, 71.0, 7.0].map(|count| count / 2000.0);
        assert_eq!(tenths(&shares), [430, 1, 531, 35, 3]);
        assert_eq!(tenths(&shares).iter().sum::<i64>(), 1000);
        assert_eq!(tenths(&[1.0 / 3.0; 3]), [334, 333, 333]);
        assert_eq!(tenths(&[0.0, 1.0]), [0, 1000]);
        assert_eq!(tenths(&[0.0; 5]), [0; 5], "of nothing");
        assert_eq!([0, 16, -16].map(points_of), ["0.0", "+1.6", "-1.6"]);
        assert_eq!(percent_of(35), "3.5 %");
        assert_eq!(unsigned_zero("-0.000".to_owned()), "0.000");
    }

    #[test]
    fn grids_align() {
        let mut grid = Grid::new(&["name", ">n"]);
        grid.row(["→ a".to_owned(), "1".to_owned()]);
        grid.row(["b".to_owned(), "22".to_owned()]);
        let text = anstream::adapter::strip_str(&grid.text()).to_string();
        assert_eq!(text, "  name   n\n  → a    1\n  b     22\n");
    }

    #[test]
    fn a_last_column_of_words_is_folded_to_the_terminal() {
        let mut grid = Grid::new(&["event", "date", ""]);
        let sentence = "Iran fires 167 missiles at Israel: Nevatim air base; 35 get through, 2 are killed.";
        grid.row(["d104e2".to_owned(), "2025-02-20".to_owned(), sentence.to_owned()]);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let whole = grid.within(usize::MAX);
        assert_eq!(whole.lines().count(), 2);
        for most in [30, 40, 60, 80] {
            let text = grid.within(most);
            assert_eq!(words(&text), words(&whole), "{most}: no word is lost");
            assert!(text.lines().skip(1).all(|line| line.chars().count() <= most), "{most}: {text}");
        }
        assert!(grid.within(80).lines().nth(2).unwrap().starts_with(&" ".repeat(22)), "it hangs under its column");
    }
}
