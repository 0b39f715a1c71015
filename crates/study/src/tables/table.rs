//! A table of columns, written as CSV or as Parquet: whole, or piece by piece where it is long.

use super::provenance::MODEL;
use jiff::civil::Date;
use parquet::basic::{Compression, GzipLevel, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, with a header; an empty cell where there is nothing to say. What is in the columns stands in
    /// `datapackage.json` beside it.
    #[default]
    Csv,
    /// Apache Parquet, compressed (gzip); null where there is nothing to say. Types are those of the columns whatever they
    /// hold; where they come from, units and meanings stand in the file's metadata.
    Parquet,
}

impl Format {
    /// Extension of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// A column of a table. All columns of a table are equally long.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Dates; always there.
    Date(Vec<Date>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Real numbers; always there.
    Real(Vec<f64>),
    /// Text.
    Text(Vec<Option<String>>),
}

impl Cells {
    /// Puts the cells of another column of the same kind behind these.
    pub fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Date(list), Self::Date(more)) => list.extend(more),
            (Self::Whole(list), Self::Whole(more)) => list.extend(more),
            (Self::Real(list), Self::Real(more)) => list.extend(more),
            (Self::Text(list), Self::Text(more)) => list.extend(more),
            _ => {}
        }
    }
}

/// A table: named columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table(pub Vec<(String, Cells)>);

impl Table {
    fn rows(&self) -> usize {
        self.0.first().map_or(0, |(_, cells)| match cells {
            Cells::Date(list) => list.len(),
            Cells::Whole(list) => list.len(),
            Cells::Real(list) => list.len(),
            Cells::Text(list) => list.len(),
        })
    }

    /// Writes it.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn write<W: Write + Send>(&self, format: Format, out: W) -> io::Result<()> {
        self.write_with(format, out, &[])
    }

    /// Writes it with metadata, which only Parquet has a place for.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn write_with<W: Write + Send>(&self, format: Format, out: W, metadata: &[(String, String)]) -> io::Result<()> {
        let mut sheet = Sheet::new(format, out, self, metadata)?;
        sheet.add(self)?;
        sheet.close()
    }

    fn header<W: Write>(&self, csv: &mut csv::Writer<W>) -> csv::Result<()> {
        csv.write_record(self.0.iter().map(|(name, _)| guarded(name).into_owned()))
    }

    fn csv<W: Write>(&self, csv: &mut csv::Writer<W>) -> csv::Result<()> {
        let mut text = String::new();
        for row in 0..self.rows() {
            for (_, cells) in &self.0 {
                use fmt::Write as _;
                text.clear();
                // Writing to a string cannot fail.
                let _ = match cells {
                    Cells::Date(list) => write!(text, "{}", list[row]),
                    Cells::Whole(list) => list[row].map_or(Ok(()), |value| write!(text, "{value}")),
                    // Always with a point, so that no reader takes a column that begins with whole numbers for one of them.
                    Cells::Real(list) if list[row].fract() == 0.0 => write!(text, "{}.0", list[row]),
                    Cells::Real(list) => write!(text, "{}", list[row]),
                    Cells::Text(list) => list[row].as_ref().map_or(Ok(()), |value| write!(text, "{value}")),
                };
                let field = if matches!(cells, Cells::Text(_)) { guarded(&text) } else { Cow::Borrowed(text.as_str()) };
                csv.write_field(field.as_bytes())?;
            }
            csv.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    fn schema(&self) -> Result<Arc<Type>, parquet::errors::ParquetError> {
        let fields = self.0.iter().map(|(name, cells)| {
            let (physical, logical, repetition) = match cells {
                Cells::Date(_) => (Physical::INT32, Some(LogicalType::Date), Repetition::REQUIRED),
                Cells::Whole(_) => (Physical::INT64, None, Repetition::OPTIONAL),
                Cells::Real(_) => (Physical::DOUBLE, None, Repetition::REQUIRED),
                Cells::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
            };
            let field = Type::primitive_type_builder(name, physical).with_repetition(repetition);
            field.with_logical_type(logical).build().map(Arc::new)
        });
        let fields = fields.collect::<Result<_, _>>()?;
        Ok(Arc::new(Type::group_type_builder("table").with_fields(fields).build()?))
    }

    fn group<W: Write + Send>(&self, file: &mut SerializedFileWriter<W>) -> Result<(), parquet::errors::ParquetError> {
        let mut group = file.next_row_group()?;
        for (_, cells) in &self.0 {
            match cells {
                Cells::Date(list) => {
                    let epoch = jiff::civil::date(1970, 1, 1);
                    let days: Vec<i32> = list.iter().map(|date| (*date - epoch).get_days()).collect();
                    column::<Int32Type, _>(&mut group, &days, None)?;
                }
                Cells::Whole(list) => {
                    let there: Vec<i64> = list.iter().flatten().copied().collect();
                    column::<Int64Type, _>(&mut group, &there, Some(levels(list)))?;
                }
                Cells::Real(list) => column::<DoubleType, _>(&mut group, list, None)?,
                Cells::Text(list) => {
                    let there: Vec<ByteArray> = list.iter().flatten().map(|text| text.as_str().into()).collect();
                    column::<ByteArrayType, _>(&mut group, &there, Some(levels(list)))?;
                }
            }
        }
        group.close()?;
        Ok(())
    }
}

/// A table on its way into a file, part by part: all parts have the same columns.
pub struct Sheet<W: Write + Send>(Writer<W>);

enum Writer<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    Parquet(Box<SerializedFileWriter<W>>),
}

impl<W: Write + Send> Sheet<W> {
    /// A file with the columns of `columns`, which may be empty, and metadata, which only Parquet has a place for.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn new(format: Format, out: W, columns: &Table, metadata: &[(String, String)]) -> io::Result<Self> {
        match format {
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                columns.header(&mut csv).map_err(csv_as_io)?;
                Ok(Self(Writer::Csv(Box::new(csv))))
            }
            Format::Parquet => {
                let pairs = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
                let properties = WriterProperties::builder()
                    .set_compression(Compression::GZIP(GzipLevel::default()))
                    .set_created_by(format!("detente {MODEL}"))
                    .set_key_value_metadata(Some(pairs.collect()))
                    .build();
                let file =
                    columns.schema().and_then(|schema| SerializedFileWriter::new(out, schema, Arc::new(properties)));
                Ok(Self(Writer::Parquet(Box::new(file.map_err(as_io)?))))
            }
        }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn add(&mut self, rows: &Table) -> io::Result<()> {
        match &mut self.0 {
            Writer::Csv(csv) => rows.csv(csv).map_err(csv_as_io),
            Writer::Parquet(_) if rows.rows() == 0 => Ok(()),
            Writer::Parquet(file) => rows.group(file).map_err(as_io),
        }
    }

    /// Writes the end of the file.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn close(self) -> io::Result<()> {
        match self.0 {
            Writer::Csv(mut csv) => csv.flush(),
            Writer::Parquet(file) => file.close().map(|_| ()).map_err(as_io),
        }
    }
}

/// Text as a spreadsheet shows it: where it would be taken for a formula, an apostrophe stands before it. Numbers written
/// as text stay what they are.
fn guarded(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula && text.parse::<f64>().is_err() { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Definition levels: 1 where there is a value.
fn levels<T>(list: &[Option<T>]) -> Vec<i16> {
    list.iter().map(|value| i16::from(value.is_some())).collect()
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: Option<Vec<i16>>,
) -> Result<(), parquet::errors::ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(parquet::errors::ParquetError::General("more columns than the schema has".to_owned()));
    };
    column.typed::<T>().write_batch(values, levels.as_deref(), None)?;
    column.close()
}

/// The error of the file below, if that is what stopped the writer.
fn csv_as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// The error of the file below, if that is what stopped the writer.
fn as_io(error: parquet::errors::ParquetError) -> io::Error {
    match error {
        parquet::errors::ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let text = |cells: &[&str]| Cells::Text(cells.iter().map(|c| Some((*c).to_owned())).collect());
        let table =
            Table(vec![("=name".to_owned(), text(&["=1+1", "@SUM(A1)", "-2+3", "-2.5", "+4", "a=b", "65.10"]))]);
        let mut bytes = Vec::new();
        table.write(Format::Csv, &mut bytes).unwrap();
        let csv = String::from_utf8(bytes).unwrap();
        assert_eq!(csv, "'=name\n'=1+1\n'@SUM(A1)\n'-2+3\n-2.5\n+4\na=b\n65.10\n");
    }
}
