//! Tables that are handed in, as CSV or as Parquet: row by row, every cell as text and with its place.

use detente_model::scenario::read_whole;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// No table is larger.
const LARGEST: u64 = 1 << 30;

/// How a Parquet file begins.
const MAGIC: &[u8; 4] = b"PAR1";

/// Where a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Line and column in characters, both from 1.
    Text {
        /// Line.
        line: u64,
        /// Column.
        column: u64,
    },
    /// Row of a file that has no lines, from 1; 0 are the names of the columns.
    Row(u64),
}

impl fmt::Display for Place {
    /// As it stands behind the name of a file: `:3:7`, or `, row 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { line, column } => write!(f, ":{line}:{column}"),
            Self::Row(0) => f.write_str(", names of columns"),
            Self::Row(row) => write!(f, ", row {row}"),
        }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What stands in it, without blanks around it; empty if nothing does.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Reads a table and gives its rows to `row`, the first with the names of its columns.
///
/// # Errors
/// One sentence, if the file cannot be read as a table at all.
pub fn read(path: &Path, mut row: impl FnMut(Vec<Cell>)) -> Result<(), String> {
    let shown = path.display();
    let mut begins = [0; MAGIC.len()];
    let is_parquet = File::open(path).and_then(|mut file| file.read_exact(&mut begins)).is_ok() && begins == *MAGIC;
    if is_parquet {
        return parquet(path, &mut row).map_err(|why| format!("cannot read {shown} as Parquet: {why}"));
    }
    let bytes = read_whole(path, LARGEST).map_err(|why| format!("cannot read {shown}: {why}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("{shown}:{line}: this is no text in UTF-8; save the table as CSV in UTF-8, or as Parquet")
    })?;
    csv(text.trim_start_matches('\u{feff}'), &mut row).map_err(|(place, why)| format!("{shown}{place}: {why}"))
}

/// Reads CSV: cells apart by commas, in quotes where they hold commas, quotes (twice) or ends of lines. Empty lines are passed over.
fn csv(text: &str, row: &mut impl FnMut(Vec<Cell>)) -> Result<(), (Place, String)> {
    let mut letters = text.chars().peekable();
    let (mut line, mut column) = (1, 1);
    let mut cells: Vec<Cell> = Vec::new();
    while letters.peek().is_some() {
        let place = Place::Text { line, column };
        let (mut cell, mut quoted) = (String::new(), false);
        if letters.next_if_eq(&'"').is_some() {
            (quoted, column) = (true, column + 1);
            loop {
                match letters.next() {
                    None => return Err((place, "a quote is opened and not closed; close it".to_owned())),
                    Some('"') if letters.next_if_eq(&'"').is_none() => {
                        column += 1;
                        break;
                    }
                    Some(letter) => {
                        cell.push(letter);
                        (line, column) = match letter {
                            '\n' => (line + 1, 1),
                            '"' => (line, column + 2),
                            _ => (line, column + 1),
                        };
                    }
                }
            }
        }
        while let Some(letter) = letters.next_if(|letter| !matches!(letter, ',' | '\n' | '\r')) {
            if quoted && !letter.is_whitespace() {
                let why =
                    "something stands behind a closing quote; put the whole cell in quotes, and quotes in it twice";
                return Err((Place::Text { line, column }, why.to_owned()));
            }
            column += 1;
            cell.push(letter);
        }
        cells.push(Cell { text: cell.trim().to_owned(), place });
        match letters.next() {
            Some(',') => {
                column += 1;
                // A comma at the very end has an empty cell behind it.
                if letters.peek().is_none() {
                    cells.push(Cell { text: String::new(), place: Place::Text { line, column } });
                }
            }
            end => {
                if end == Some('\r') {
                    let _ = letters.next_if_eq(&'\n');
                }
                (line, column) = (line + 1, 1);
                let whole = std::mem::take(&mut cells);
                if whole.len() > 1 || whole.iter().any(|cell| !cell.text.is_empty()) {
                    row(whole);
                }
            }
        }
    }
    if !cells.is_empty() {
        row(cells);
    }
    Ok(())
}

fn parquet(path: &Path, row: &mut impl FnMut(Vec<Cell>)) -> Result<(), String> {
    let said = |why: parquet::errors::ParquetError| {
        let why = why.to_string();
        if why.contains("Disabled feature") || why.contains("disabled") {
            return format!("{why}; write it with compression=\"gzip\" or none");
        }
        why
    };
    let file = File::open(path).map_err(|why| why.to_string())?;
    let reader = SerializedFileReader::new(file).map_err(said)?;
    let names: Vec<String> =
        reader.metadata().file_metadata().schema_descr().columns().iter().map(|c| c.path().string()).collect();
    row(names.into_iter().map(|text| Cell { text, place: Place::Row(0) }).collect());
    for (at, found) in reader.get_row_iter(None).map_err(said)?.enumerate() {
        let (found, place) = (found.map_err(said)?, Place::Row(at as u64 + 1));
        row(found.get_column_iter().map(|(_, field)| Cell { text: text_of(field), place }).collect());
    }
    Ok(())
}

/// A field as CSV would have it; what is no number, text or date is spelt out, and refused by whoever wants one of these.
fn text_of(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.trim().to_owned(),
        Field::Byte(n) => n.to_string(),
        Field::Short(n) => n.to_string(),
        Field::Int(n) => n.to_string(),
        Field::Long(n) => n.to_string(),
        Field::UByte(n) => n.to_string(),
        Field::UShort(n) => n.to_string(),
        Field::UInt(n) => n.to_string(),
        Field::ULong(n) => n.to_string(),
        Field::Float(value) => value.to_string(),
        Field::Double(value) => value.to_string(),
        Field::Date(days) => {
            let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(*days)));
            date.map_or_else(|_| days.to_string(), |date| date.to_string())
        }
        other => {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = write!(text, "{other}");
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<Vec<(String, u64, u64)>>, String> {
        let mut rows = Vec::new();
        let done = csv(text, &mut |row: Vec<Cell>| {
            let place = |cell: Cell| match cell.place {
                Place::Text { line, column } => (cell.text, line, column),
                Place::Row(row) => (cell.text, row, 0),
            };
            rows.push(row.into_iter().map(place).collect());
        });
        done.map(|()| rows).map_err(|(place, why)| format!("{place}: {why}"))
    }

    #[test]
    fn cells_have_their_places() {
        let at = |cells: &[(&str, u64, u64)]| -> Vec<(String, u64, u64)> {
            cells.iter().map(|(text, line, column)| ((*text).to_owned(), *line, *column)).collect()
        };
        let text = "a,\"b,\"\"c\",d\r\n\n1, 2 ,3\n\"x\ny\",,\n7,8,9";
        assert_eq!(
            rows(text).unwrap(),
            [
                at(&[("a", 1, 1), ("b,\"c", 1, 3), ("d", 1, 11)]),
                at(&[("1", 3, 1), ("2", 3, 3), ("3", 3, 7)]),
                at(&[("x\ny", 4, 1), ("", 5, 4), ("", 5, 5)]),
                at(&[("7", 6, 1), ("8", 6, 3), ("9", 6, 5)]),
            ]
        );
        assert_eq!(rows("a,").unwrap(), [at(&[("a", 1, 1), ("", 1, 3)])]);
        assert_eq!(rows("a\n1").unwrap(), [at(&[("a", 1, 1)]), at(&[("1", 2, 1)])]);
        assert!(rows("").unwrap().is_empty());
        assert!(rows("a\n\"1").unwrap_err().starts_with(":2:1: a quote is opened"));
        assert!(rows("\"a\"b").unwrap_err().starts_with(":1:4: something stands behind"));
    }
}
