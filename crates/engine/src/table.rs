//! Tables as plain columns.

use crate::VERSION;
use detente_study::tables::dictionary::Meaning;
use detente_study::tables::table::{Cells as Inside, Format, Sheet, Table as Written};
use jiff::Span;
use jiff::civil::date;
use std::io::{self, Write};
use std::ops::Range;

/// Rows that are written at a time.
const GROUP: usize = 1 << 14;

/// A table: columns of one length, and what it is of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// What it is of, as pairs of `detente.KEY` and text: those that the program writes into Parquet files.
    pub metadata: Vec<(String, String)>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Unit; empty for texts.
    pub unit: String,
    /// What it means, in a sentence.
    pub says: String,
    /// What it holds.
    pub cells: Cells,
}

/// What a column holds. Nothing is ever missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Dates, as days since 1970-01-01.
    Date(Vec<i32>),
    /// Whole numbers.
    Whole(Vec<i64>),
    /// Real numbers; not a number where there is none.
    Real(Vec<f64>),
    /// Texts.
    Text(Vec<String>),
    /// Texts that recur: the different ones, and for every row the position of its own.
    Word {
        /// The different texts.
        words: Vec<String>,
        /// Positions, by row.
        at: Vec<u32>,
    },
}

impl Cells {
    /// Rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let rows = match self {
            Self::Date(list) => list.len(),
            Self::Whole(list) => list.len(),
            Self::Real(list) => list.len(),
            Self::Text(list) => list.len(),
            Self::Word { at, .. } => at.len(),
        };
        rows as u64
    }
}

impl Column {
    pub(crate) fn new(name: impl Into<String>, unit: &str, says: &str, cells: Cells) -> Self {
        Self { name: name.into(), unit: unit.to_owned(), says: says.to_owned(), cells }
    }
}

impl Table {
    /// Rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.columns.first().map_or(0, |column| column.cells.rows())
    }

    /// Writes it as CSV, or as Parquet with units, meanings and what it is of in the metadata of the file: as the program writes its
    /// tables.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn write<W: Write + Send>(&self, parquet: bool, out: W) -> io::Result<()> {
        let format = if parquet { Format::Parquet } else { Format::Csv };
        let mut about = self.metadata.clone();
        // Serialising plain data into memory cannot fail.
        about.push(("detente.columns".to_owned(), serde_json::to_string(&self.fields()).unwrap_or_default()));
        let mut sheet = Sheet::new(format, out, &self.part(0..0), &about)?;
        let rows = self.rows() as usize;
        for start in (0..rows).step_by(GROUP) {
            sheet.add(&self.part(start..(start + GROUP).min(rows)))?;
        }
        sheet.close()
    }

    /// What its columns are, as JSON: `name`, `type` (`integer`, `number`, `string` or `date`), `unit` and `description`.
    #[must_use]
    pub fn fields(&self) -> serde_json::Value {
        let of_type = |cells: &Cells| match cells {
            Cells::Date(_) => "date",
            Cells::Whole(_) => "integer",
            Cells::Real(_) => "number",
            Cells::Text(_) | Cells::Word { .. } => "string",
        };
        let field = |column: &Column| {
            let Column { name, unit, says, cells } = column;
            serde_json::json!({ "name": name, "type": of_type(cells), "unit": unit, "description": says })
        };
        self.columns.iter().map(field).collect()
    }

    /// Some of its rows as the program writes them.
    fn part(&self, rows: Range<usize>) -> Written {
        let epoch = date(1970, 1, 1);
        let column = |Column { name, cells, .. }: &Column| {
            let rows = rows.clone();
            let cells = match cells {
                Cells::Date(list) => Inside::Date(
                    list[rows].iter().map(|days| epoch.saturating_add(Span::new().days(i64::from(*days)))).collect(),
                ),
                Cells::Whole(list) => Inside::Whole(list[rows].iter().copied().map(Some).collect()),
                Cells::Real(list) => Inside::Real(list[rows].to_vec()),
                Cells::Text(list) => Inside::Text(list[rows].iter().cloned().map(Some).collect()),
                Cells::Word { words, at } => {
                    Inside::Text(at[rows].iter().map(|at| words.get(*at as usize).cloned()).collect())
                }
            };
            (name.clone(), cells)
        };
        Written(self.columns.iter().map(column).collect())
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A table of the program, with the meaning of its columns.
    pub(crate) fn of(table: Written, meaning: &dyn Meaning, metadata: Vec<(String, String)>) -> Self {
        let epoch = date(1970, 1, 1);
        let column = |(name, cells): (String, Inside)| {
            let (unit, says) = meaning.of(&name);
            let cells = match cells {
                Inside::Date(list) => Cells::Date(list.iter().map(|day| (*day - epoch).get_days()).collect()),
                Inside::Whole(list) => Cells::Whole(list.into_iter().map(Option::unwrap_or_default).collect()),
                Inside::Real(list) => Cells::Real(list),
                Inside::Text(list) => Cells::Text(list.into_iter().map(Option::unwrap_or_default).collect()),
            };
            Column::new(name.clone(), unit, says, cells)
        };
        Self { columns: table.0.into_iter().map(column).collect(), metadata }
    }

    /// A table made here, of a model.
    pub(crate) fn made(columns: Vec<Column>, of: Vec<(String, String)>) -> Self {
        let metadata = if of.is_empty() { vec![("detente.model".to_owned(), VERSION.to_owned())] } else { of };
        Self { columns, metadata }
    }
}
