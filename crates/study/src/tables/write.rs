//! Files of a run: tables as CSV or Parquet, a manifest as JSON, and never half a file under its final name.
//!
//! A file is written beside its final name, flushed to the disk and renamed; a new folder likewise. Into a folder that is
//! there already, and empty, the files come at once when all of them are written. What a full disk or a killed process
//! leaves behind has a name that starts with a dot and ends in `.partial`.

use super::dictionary::{EVENTS, Field, Meaning, Package, fields_of};
use super::provenance::Provenance;
use detente_model::chance::Key;
use detente_model::record::digest::Digest;
use detente_model::record::outcome::Outcome;
use detente_model::record::recorder::{EventId, Run};
use detente_model::record::say;
use detente_model::record::series::Column;
use detente_model::scenario::{Loaded, raw, read_whole};
use detente_model::sim::event::{Event, EventKind};
use detente_model::sim::rules::{Draws, Rules};
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::{Kind, Lever, LeverChange};
use jiff::civil::Date;
use noisy_float::prelude::R64;
use parquet::basic::{Compression, GzipLevel, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use serde::{Deserialize, Serialize};
use std::borrow::{Borrow, Cow};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Version of the model: outputs of equal versions are equal bit for bit. Behind the `+` stands a digest of what numbers come
/// from (`build.rs`), so that builds that may give others never share a version.
pub const MODEL: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("DETENTE_SOURCES"));

/// Version of the folders and manifests written here.
pub const FILES: u32 = 1;

/// Something that could not be written or read, and why.
#[derive(Debug)]
pub struct Trouble {
    /// What was being done, `cannot …`.
    pub what: String,
    /// What stood in the way.
    pub cause: io::Error,
}

impl Trouble {
    fn at(action: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let what = format!("cannot {action} {}", path.display());
        move |cause| Self { what, cause }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.cause.kind() {
            io::ErrorKind::StorageFull => "the disk is full",
            io::ErrorKind::QuotaExceeded => "the disk quota is used up",
            io::ErrorKind::FileTooLarge => "the file would pass the largest size allowed here",
            io::ErrorKind::PermissionDenied => "permission is denied",
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
            io::ErrorKind::NotADirectory => "part of that path is a file, not a folder",
            io::ErrorKind::NotFound => "there is no such file or folder",
            _ => return write!(f, "{}: {}", self.what, self.cause),
        };
        write!(f, "{}: {words}", self.what)
    }
}

impl std::error::Error for Trouble {}

/// Where something is written until it is whole: beside its final name.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.partial"))
}

/// Whether a name is one that an interrupted write left behind.
#[must_use]
pub fn is_partial(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".partial")
}

/// Makes a rename durable. Folders cannot be opened for this everywhere; where they cannot, the rename itself must do.
fn settle(folder: Option<&Path>) {
    if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty())
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

fn fill(path: &Path, durable: bool, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if durable { file.sync_all() } else { Ok(()) }
}

/// Writes a file so that its final name never stands for half of it. With `durable` it also survives a power cut.
///
/// # Errors
/// Whatever stood in the way; nothing stays behind then.
pub fn replace(
    path: &Path,
    durable: bool,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Trouble> {
    let partial = beside(path);
    let done = fill(&partial, durable, write).and_then(|()| fs::rename(&partial, path));
    if done.is_err() {
        let _ = fs::remove_file(&partial);
    } else if durable {
        settle(path.parent());
    }
    done.map_err(Trouble::at("write", path))
}

/// A folder that appears under its final name when it is whole; or, where an empty folder of that name is there already,
/// its files appear in it when all of them are written. That folder itself stays: it may be a mount point, the folder that
/// a shell stands in, or one with rights of its own.
#[derive(Debug)]
pub struct Folder {
    /// Its final name.
    path: PathBuf,
    partial: PathBuf,
    /// Held while this process writes, so that others can tell its draft from one that was left behind.
    _lock: Option<File>,
    /// Whether it was there before.
    stays: bool,
    /// Names of its files, in the order in which they were written.
    files: RefCell<Vec<String>>,
    whole: bool,
}

impl Folder {
    /// A folder to be filled. `path` must not exist, or be an empty folder.
    ///
    /// # Errors
    /// If something is there already, or nothing can be written there.
    pub fn new(path: &Path) -> Result<Self, Trouble> {
        vacant(path)?;
        let absolute = std::path::absolute(path).map_err(Trouble::at("write to", path))?;
        let stays = path.is_dir();
        // Two processes that write to the same place must not share a draft.
        let name = absolute.file_name().map_or_else(|| "files".into(), |name| name.to_string_lossy().into_owned());
        let draft = format!("{name}.{}", std::process::id());
        let partial = beside(&if stays { absolute.join(draft) } else { absolute.with_file_name(draft) });
        let parent = partial.parent().unwrap_or(Path::new("/"));
        let create = || {
            fs::create_dir_all(parent)?;
            clear_drafts(parent, &name);
            if partial.exists() {
                fs::remove_dir_all(&partial)?;
            }
            fs::create_dir(&partial)
        };
        create().map_err(Trouble::at("write to", path))?;
        let lock = File::open(&partial).ok().filter(|folder| folder.try_lock().is_ok());
        Ok(Self { path: absolute, partial, _lock: lock, stays, files: RefCell::default(), whole: false })
    }

    /// Writes one file of it.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn file(&self, name: &str, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Trouble> {
        fill(&self.partial.join(name), true, write).map_err(Trouble::at("write", &self.path.join(name)))?;
        self.files.borrow_mut().push(name.to_owned());
        Ok(())
    }

    /// Gives it its final name.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn finish(mut self) -> Result<(), Trouble> {
        settle(Some(&self.partial));
        if self.stays {
            return self.move_in();
        }
        // An empty folder may have come there meanwhile; it is the only thing that this removes.
        let _ = fs::remove_dir(&self.path);
        fs::rename(&self.partial, &self.path).map_err(Trouble::at("write", &self.path))?;
        self.whole = true;
        settle(self.path.parent());
        Ok(())
    }

    /// Moves the files to where the folder stays; the last one written, which tells of the others, comes last.
    fn move_in(mut self) -> Result<(), Trouble> {
        // Someone else may have been quicker.
        vacant(&self.path)?;
        let files = self.files.take();
        for (i, name) in files.iter().enumerate() {
            let place = self.path.join(name);
            if let Err(cause) = fs::rename(self.partial.join(name), &place) {
                for moved in files.iter().take(i) {
                    let _ = fs::remove_file(self.path.join(moved));
                }
                return Err(Trouble::at("write", &place)(cause));
            }
        }
        let _ = fs::remove_dir(&self.partial);
        self.whole = true;
        settle(Some(&self.path));
        Ok(())
    }
}

/// Removes drafts of this name that killed processes have left behind. A folder can be locked where drafts matter; where it
/// cannot, they stay.
fn clear_drafts(parent: &Path, name: &str) {
    let owner = |draft: &str| {
        let number = draft.strip_prefix(&format!(".{name}."))?.strip_suffix(".partial")?;
        number.parse::<u32>().ok()
    };
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let Some(owner) = owner(&entry.file_name().to_string_lossy()) else { continue };
        // A process that has just made its draft may be about to lock it.
        let alive = Path::new("/proc").join(owner.to_string()).exists();
        let path = entry.path();
        if !alive && path.is_dir() && File::open(&path).is_ok_and(|folder| folder.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.whole {
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

/// Whether it is what a file system puts at its own top, so that a fresh mount point is as good as empty.
fn is_of_the_system(entry: &fs::DirEntry) -> bool {
    entry.file_name() == "lost+found"
}

/// Refuses a place where something is already.
///
/// # Errors
/// If `path` is a file or a folder with anything in it, or cannot be looked at.
pub fn vacant(path: &Path) -> Result<(), Trouble> {
    let taken = |words: &str| Trouble {
        what: format!("cannot write to {}", path.display()),
        cause: io::Error::new(io::ErrorKind::AlreadyExists, format!("{words}; give the name of a new folder")),
    };
    // What another write has under way, or left behind, takes no name from this one.
    let counts = |entry: &fs::DirEntry| !is_partial(&entry.file_name().to_string_lossy()) && !is_of_the_system(entry);
    match fs::read_dir(path) {
        Ok(entries) => match entries.filter_map(Result::ok).find(counts) {
            None => Ok(()),
            Some(_) => Err(taken("there are files in that folder already")),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) if path.is_file() => Err(taken("there is a file of that name already")),
        Err(error) => Err(Trouble::at("write to", path)(error)),
    }
}

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

/// The events of a run: who, where, the numbers and the sentence.
#[must_use]
pub fn events_table(rules: &Rules, events: &[(EventId, Event)]) -> Table {
    let cast: Vec<Cast<'_>> = events.iter().map(|(_, event)| Cast::of(rules, event)).collect();
    let text = |of: for<'b> fn(&Cast<'b>) -> Option<&'b str>| {
        Cells::Text(cast.iter().map(|cast| Some(of(cast).unwrap_or(NONE).to_owned())).collect())
    };
    let mut table = Table::default();
    let mut add = |name: &str, cells: Cells| table.0.push((name.to_owned(), cells));
    add("event", Cells::Text(events.iter().map(|(id, _)| Some(id.to_string())).collect()));
    add("day", Cells::Whole(events.iter().map(|(id, _)| Some(id.day.into())).collect()));
    add("place", Cells::Whole(events.iter().map(|(id, _)| Some(id.place.into())).collect()));
    add("date", Cells::Date(events.iter().map(|(id, _)| rules.date(id.day)).collect()));
    add("kind", Cells::Text(events.iter().map(|(_, event)| Some(event.kind().name().to_owned())).collect()));
    add("actor", text(|cast| cast.actor));
    add("opponent", text(|cast| cast.opponent));
    add("victim", text(|cast| cast.victim));
    add("front", text(|cast| cast.front));
    add("agreement", text(|cast| cast.agreement));
    // Nothing is ever missing: counts are 0 in events that have none, words are `none`. A column that is empty for its first
    // hundred rows is taken for text by some readers, and one that is empty in a whole run for numbers by others.
    let count = |of: fn(&Cast<'_>) -> i64| Cells::Whole(cast.iter().map(|cast| Some(of(cast))).collect());
    add("level_from", count(|cast| cast.levels.0.unwrap_or(NO_LEVEL)));
    add("level_to", count(|cast| cast.levels.1.unwrap_or(NO_LEVEL)));
    add("events", count(|cast| cast.events));
    add("rounds", count(|cast| cast.fire[0]));
    add("arrivals", count(|cast| cast.fire[1]));
    add("intercepted", count(|cast| cast.fire[2]));
    add("hits", count(|cast| cast.fire[3]));
    add("deaths", count(|cast| cast.deaths));
    add("votes_for", count(|cast| cast.votes[0]));
    add("votes_against", count(|cast| cast.votes[1]));
    add("votes_abstaining", count(|cast| cast.votes[2]));
    let steps: Vec<Step> = events.iter().map(|(_, event)| step_of(rules, event)).collect();
    let words = |of: fn(&Step) -> &Option<String>| {
        Cells::Text(steps.iter().map(|step| Some(of(step).clone().unwrap_or_else(|| NONE.to_owned()))).collect())
    };
    add("step", words(|step| &step.step));
    add("value", words(|step| &step.value));
    add("amount", Cells::Real(steps.iter().map(|step| step.amount).collect()));
    let sentences = events.iter().map(|(_, event)| Some(say::sentence(rules, event)));
    add("sentence", Cells::Text(sentences.collect()));
    table
}

/// Who and what an event names, as columns.
#[derive(Default)]
struct Cast<'a> {
    actor: Option<&'a str>,
    opponent: Option<&'a str>,
    victim: Option<&'a str>,
    front: Option<&'a str>,
    agreement: Option<&'a str>,
    levels: (Option<i64>, Option<i64>),
    events: i64,
    /// Rounds, arrivals, intercepted, hits.
    fire: [i64; 4],
    deaths: i64,
    /// In favour, against, abstaining.
    votes: [i64; 3],
}

/// Stands in columns of words where there is nothing to say.
const NONE: &str = "none";
/// Stands in columns of levels where no level moves; 0 is a level.
const NO_LEVEL: i64 = -1;

/// What an event did, by its name in files, and a value with it: a lever and what it was set to, the step of a roadmap or a
/// nuclear programme, whether a draft was adopted. The sentence says the same to people.
#[derive(Default)]
struct Step {
    step: Option<String>,
    /// A value in words.
    value: Option<String>,
    /// A value as a number: words and numbers never share a column.
    amount: f64,
}

fn step_of(rules: &Rules, event: &Event) -> Step {
    let plain = |step: &str| Step { step: Some(step.to_owned()), ..Step::default() };
    let named = |step: Option<String>| Step { step, ..Step::default() };
    match event {
        Event::LeverMoved(change) => {
            let step = Some(change.lever.id().to_owned());
            match stated(change.lever, change.value.raw(), rules.frame.start) {
                serde_json::Value::String(value) => Step { step, value: Some(value), amount: 0.0 },
                _ => Step { step, value: None, amount: change.value.raw() },
            }
        }
        Event::ChannelTurned { channel, suspended } => Step {
            value: rules.channels.get(usize::from(*channel)).map(|c| c.id.text.clone()),
            ..plain(if *suspended { "suspended" } else { "open" })
        },
        Event::CorridorLost { corridor } => {
            Step { value: rules.corridors.get(usize::from(*corridor)).map(|c| c.id.text.clone()), ..plain("lost") }
        }
        Event::CouncilVote { adopted, .. } => plain(if *adopted { "adopted" } else { "failed" }),
        Event::Roadmap { step, .. } => named(step_name(step)),
        Event::Iraq { step, .. } => named(step_name(step)),
        Event::Nuclear { step, .. } => named(step_name(step)),
        Event::Path { step, .. } => named(step_name(step)),
        Event::Unrest { repressed, .. } => plain(if *repressed { "repressed" } else { "calm" }),
        _ => Step::default(),
    }
}

/// A step by the name under which it is serialised, so that names stand once; with its number, where it has one.
fn step_name(step: &impl Serialize) -> Option<String> {
    match serde_json::to_value(step) {
        Ok(serde_json::Value::String(name)) => Some(name),
        Ok(serde_json::Value::Object(object)) => object.iter().next().map(|(name, number)| format!("{name} {number}")),
        _ => None,
    }
}

impl<'a> Cast<'a> {
    fn of(rules: &'a Rules, event: &Event) -> Self {
        let actor = |i: u16| rules.actors.get(usize::from(i)).map(|a| a.id.text.as_str());
        let front = |i: usize| rules.fronts.get(i).map(|f| f.id.text.as_str());
        let table = |i: u16| rules.tables.get(usize::from(i)).map(|t| t.id.text.as_str());
        let table_front = |i: u16| rules.tables.get(usize::from(i)).and_then(|t| t.front).and_then(front);
        match *event {
            Event::LeverMoved(_)
            | Event::Calendar { .. }
            | Event::ChannelTurned { .. }
            | Event::CorridorLost { .. } => Self::default(),
            Event::CouncilVote { yes, against, abstaining, .. }
            | Event::AssemblyVote { yes, against, abstaining, .. } => {
                Self { votes: [yes, against, abstaining].map(i64::from), ..Self::default() }
            }
            Event::HostsWarned { foe, .. } => Self { actor: actor(foe), ..Self::default() },
            Event::Roadmap { roadmap, .. } => {
                let at = rules.roadmaps.get(usize::from(roadmap)).map(|r| r.table as u16);
                Self { agreement: at.and_then(table), front: at.and_then(table_front), ..Self::default() }
            }
            Event::Path { path, .. } => {
                let at = rules.paths.get(usize::from(path)).map(|path| path.table as u16);
                Self { agreement: at.and_then(table), front: at.and_then(table_front), ..Self::default() }
            }
            Event::Iraq { integration, .. } => {
                let state = rules.integrations.get(usize::from(integration)).map(|n| n.actor as u16);
                Self { actor: state.and_then(actor), ..Self::default() }
            }
            Event::Nuclear { programme, .. } => {
                let owner = rules.programmes.get(usize::from(programme)).map(|n| n.actor as u16);
                Self { actor: owner.and_then(actor), ..Self::default() }
            }
            Event::Unrest { factions, .. } => {
                let state = rules.factions.get(usize::from(factions)).map(|f| f.actor as u16);
                Self { actor: state.and_then(actor), ..Self::default() }
            }
            Event::Signed { table: t, .. } => Self { agreement: table(t), front: table_front(t), ..Self::default() },
            Event::Collapsed { table: t, level, .. } => Self {
                agreement: table(t),
                front: table_front(t),
                levels: (None, Some(level.into())),
                ..Self::default()
            },
            Event::Spoiler { table: t, actor: a } => {
                Self { actor: actor(a), agreement: table(t), front: table_front(t), ..Self::default() }
            }
            Event::Struck(s) => Self {
                actor: actor(s.actor),
                opponent: actor(s.opponent),
                victim: actor(s.victim),
                fire: if matches!(event.kind(), EventKind::Salvo | EventKind::BaseSalvo) {
                    [s.rounds.iter().sum(), s.arrivals, s.intercepted, s.hits].map(i64::from)
                } else {
                    [0; 4]
                },
                deaths: s.deaths.into(),
                ..Self::default()
            },
            Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => {
                rules.ledgers.get(usize::from(ledger)).map_or_else(Self::default, |l| Self {
                    actor: actor(l.holder as u16),
                    opponent: actor(l.against as u16),
                    front: l.front.and_then(front),
                    ..Self::default()
                })
            }
            Event::War { pair, .. } => rules.pairs.get(usize::from(pair)).map_or_else(Self::default, |pair| {
                let side = |i: usize| pair.ledgers.get(i).and_then(|l| actor(rules.ledgers[*l].holder as u16));
                Self { actor: side(0), opponent: side(1), front: pair.front.and_then(front), ..Self::default() }
            }),
            Event::LevelMoved { front: f, from, to, .. } => {
                Self { front: front(f.into()), levels: (Some(from.into()), Some(to.into())), ..Self::default() }
            }
            Event::FireDay { front: f, events, deaths } => {
                Self { front: front(f.into()), events: events.into(), deaths: deaths.into(), ..Self::default() }
            }
        }
    }
}

/// The daily series of a run.
#[must_use]
pub fn series_table(rules: &Rules, run: &Run) -> Table {
    series_of(rules, &run.columns, &run.rows)
}

/// Daily series, one row a day from day 0 on.
#[must_use]
pub fn series_of(rules: &Rules, columns: &[Column], rows: &[impl Borrow<Vec<f64>>]) -> Table {
    let days = 0..rows.len();
    let mut table = Table::default();
    table.0.push(("day".to_owned(), Cells::Whole(days.clone().map(|day| Some(day as i64)).collect())));
    table.0.push(("date".to_owned(), Cells::Date(days.map(|day| rules.date(day as i32)).collect())));
    for (i, column) in columns.iter().enumerate() {
        let values = rows.iter().map(|row| row.borrow()[i]);
        let cells = if column.is_whole() {
            Cells::Whole(values.map(|value| Some(value as i64)).collect())
        } else {
            Cells::Real(values.collect())
        };
        table.0.push((column.name.clone(), cells));
    }
    table
}

/// Versions that decide whether a folder can be read and a run repeated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Of the scenario file format.
    pub format: u32,
    /// Of the model.
    pub model: String,
}

impl Versions {
    /// Those of this program.
    #[must_use]
    pub fn here() -> Self {
        Self { format: raw::FORMAT, model: MODEL.to_owned() }
    }
}

/// One lever change as files and screens show it: numbers as numbers, choices and dates in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeverLine {
    /// Day since the start.
    pub day: i32,
    /// Date of that day.
    pub date: Date,
    /// Id of the lever.
    pub lever: String,
    /// The value from then on.
    pub value: serde_json::Value,
}

impl LeverLine {
    /// A change in words.
    #[must_use]
    pub fn of(change: &LeverChange, rules: &Rules) -> Self {
        Self {
            day: change.day,
            date: rules.date(change.day),
            lever: change.lever.id().to_owned(),
            value: stated(change.lever, change.value.raw(), rules.frame.start),
        }
    }

    /// The change it stands for.
    ///
    /// # Errors
    /// One sentence, where a manifest was changed by hand.
    pub fn read(&self, start: Date) -> Result<LeverChange, String> {
        let lever = Lever::try_from(self.lever.clone())?;
        let Self { day, date, .. } = self;
        let meant = jiff::Span::new().try_days(*day).and_then(|days| start.checked_add(days)).ok();
        if meant != Some(*date) {
            let on = meant.map_or_else(|| "no date".to_owned(), |date| date.to_string());
            return Err(format!(
                "the move of {} stands on day {day}, which is {on}, and on {date}; write the date of that day",
                self.lever
            ));
        }
        let value = match &self.value {
            serde_json::Value::Number(number) => lever.admit(number.as_f64().unwrap_or(f64::NAN))?,
            serde_json::Value::String(text) => lever.parse(text, start)?,
            other => return Err(format!("{} takes a number or a word, not {other}", self.lever)),
        };
        match R64::try_new(value) {
            Some(value) => Ok(LeverChange { day: self.day, lever, value }),
            None => Err(format!("{} takes a finite number", self.lever)),
        }
    }
}

/// A lever's stored value as JSON states it: numbers as numbers, choices and dates in words.
#[must_use]
pub fn stated(lever: Lever, value: f64, start: Date) -> serde_json::Value {
    match lever.row().kind {
        Kind::Number => value.into(),
        _ => lever.say(value, start).into(),
    }
}

/// The scenario of a run, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioPart {
    /// Name.
    pub name: String,
    /// Hash of the content.
    pub hash: String,
    /// Everything it says, overlays merged.
    pub content: raw::Scenario,
}

impl ScenarioPart {
    /// The scenario as it was loaded.
    #[must_use]
    pub fn of(loaded: &Loaded) -> Self {
        Self { name: loaded.name.clone(), hash: loaded.hash.clone(), content: loaded.scenario.clone() }
    }
}

/// Most days of a run.
pub const MOST_DAYS: u32 = 3650;
/// No manifest is larger.
const LARGEST_MANIFEST: u64 = 16 << 20;

fn default_params() -> String {
    "default".to_owned()
}

/// What a recorded run is, in `manifest.json`: enough to repeat it to the last bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this layout.
    pub files: u32,
    /// Versions of scenario format and model.
    pub versions: Versions,
    /// Seed.
    pub seed: u64,
    /// Number of the future: 0 for a run that is asked for by its seed alone.
    #[serde(default)]
    pub future: u64,
    /// `default`, or `prior` where the future drew its parameters.
    #[serde(default = "default_params")]
    pub params: String,
    /// The numbers that it drew, by id of the parameter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drawn: BTreeMap<String, f64>,
    /// Days run.
    pub days: u32,
    /// The first day, day 0; it stands in the scenario, too.
    #[serde(default)]
    pub start: Option<Date>,
    /// The user's lever changes.
    pub lever_log: Vec<LeverLine>,
    /// How it ended.
    pub outcome: Outcome,
    /// Digest of everything.
    pub digest: Digest,
    /// The scenario.
    pub scenario: ScenarioPart,
}

impl Manifest {
    /// Name of its file.
    pub const NAME: &'static str = "manifest.json";

    /// What the run is of.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance {
            versions: self.versions.clone(),
            scenario: self.scenario.clone(),
            start: self.start.unwrap_or_default(),
            days: self.days,
            seed: self.seed,
            params: self.params.clone(),
            lever_log: self.lever_log.clone(),
            future: Some(self.future),
        }
    }

    /// Reads the manifest of a run folder.
    ///
    /// # Errors
    /// One sentence.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(Self::NAME);
        let bytes = read_whole(&path, LARGEST_MANIFEST).map_err(|cause| {
            format!("{}; RUN_DIR is the folder that `detente run --out` wrote", Trouble::at("read", &path)(cause))
        })?;
        let sentence = |error: serde_json::Error| format!("{} is no manifest of a run: {error}", path.display());
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(sentence)?;
        match value.get("files").and_then(serde_json::Value::as_u64) {
            Some(files) if files == u64::from(FILES) => {
                let manifest: Self = serde_json::from_value(value).map_err(sentence)?;
                if !(1..=MOST_DAYS).contains(&manifest.days) {
                    return Err(format!(
                        "{} was changed: a run has 1 to {MOST_DAYS} days, not {}",
                        path.display(),
                        manifest.days
                    ));
                }
                Ok(manifest)
            }
            Some(files) => Err(format!("{} has layout {files}; this program reads {FILES}", path.display())),
            None if value.get("block").is_some() => Err(format!(
                "{} holds a batch, and not one run whose events are kept; `detente run --future K --out RUN_DIR` with the \
                 batch's scenario, seed and levers keeps the future K of it, to be explained",
                folder.display()
            )),
            None => Err(format!("{} is no manifest of a run", path.display())),
        }
    }
}

/// Writes a recorded run into a new folder: `manifest.json`, `datapackage.json`, `events.*`, `series.*`.
///
/// # Errors
/// Whatever stood in the way; then there is no such folder.
pub fn write_run(
    path: &Path,
    format: Format,
    loaded: &Loaded,
    rules: &Rules,
    (fate, log): (Fate, &[LeverChange]),
    run: &Run,
) -> Result<(), Trouble> {
    let folder = Folder::new(path)?;
    let manifest = Manifest {
        files: FILES,
        versions: Versions::here(),
        seed: fate.seed,
        future: fate.future,
        params: if fate.prior { "prior".to_owned() } else { default_params() },
        drawn: if fate.prior { drawn(rules, fate) } else { BTreeMap::new() },
        days: run.rows.len() as u32,
        start: Some(rules.frame.start),
        lever_log: log.iter().map(|change| LeverLine::of(change, rules)).collect(),
        outcome: run.outcome,
        digest: run.digest.clone(),
        scenario: ScenarioPart::of(loaded),
    };
    let provenance =
        Provenance::of(loaded, rules, manifest.days, fate.seed, &manifest.params, log).of_future(fate.future);
    let mut package = Package::new(&provenance);
    for (name, table, fields) in [
        ("events", events_table(rules, &run.events), &EVENTS as &dyn Meaning),
        ("series", series_table(rules, run), &run.columns),
    ] {
        let fields = fields_of(&table, fields);
        let metadata = metadata(&provenance, &fields);
        let file = format!("{name}.{}", format.extension());
        folder.file(&file, |out| table.write_with(format, out, &metadata))?;
        package.add(name, file, format, fields);
    }
    folder.file(Package::NAME, |out| json(out, &package))?;
    folder.file(Manifest::NAME, |out| json(out, &manifest))?;
    folder.finish()
}

/// The numbers that a future draws, by id.
fn drawn(rules: &Rules, fate: Fate) -> BTreeMap<String, f64> {
    let mut draws = Draws::of(rules);
    draws.ids().into_iter().zip(draws.values(Key::new(fate.seed, fate.future))).collect()
}

/// The metadata of a Parquet file: what it is of, and what its columns are.
#[must_use]
pub fn metadata(provenance: &Provenance, fields: &[Field]) -> Vec<(String, String)> {
    let mut pairs = provenance.metadata();
    // Serialising plain data into memory cannot fail.
    pairs.push(("detente.columns".to_owned(), serde_json::to_string(fields).unwrap_or_default()));
    pairs
}

/// Writes indented JSON with a newline at the end.
///
/// # Errors
/// Those of the writer.
pub fn json<W: Write>(mut out: W, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")
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

    fn write_into(path: &Path) -> Result<(), Trouble> {
        let folder = Folder::new(path)?;
        folder.file("a.txt", |out| out.write_all(b"a"))?;
        folder.file("b.txt", |out| out.write_all(b"b"))?;
        folder.finish()
    }

    fn names(path: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn an_empty_folder_is_filled_and_not_put_another_in_its_place() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("here");
        fs::create_dir(&path).unwrap();
        // What an interrupted write left is no reason to refuse.
        fs::create_dir(path.join(".here.1.partial")).unwrap();
        #[cfg(unix)]
        let before = {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
            let about = fs::metadata(&path).unwrap();
            (about.ino(), about.mode())
        };
        write_into(&path).unwrap();
        assert_eq!(names(&path), [".here.1.partial", "a.txt", "b.txt"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let about = fs::metadata(&path).unwrap();
            assert_eq!((about.ino(), about.mode()), before, "the same folder, with its rights");
        }
        assert!(write_into(&path).unwrap_err().to_string().contains("files in that folder already"));
        assert_eq!(names(top.path()), ["here"], "nothing beside it");
    }

    #[test]
    fn a_new_folder_appears_whole_and_one_given_up_not_at_all() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("deep/new");
        drop(Folder::new(&path).unwrap());
        assert!(!path.exists());
        write_into(&path).unwrap();
        assert_eq!(names(&path), ["a.txt", "b.txt"]);
        let empty = top.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let folder = Folder::new(&empty).unwrap();
        folder.file("a.txt", |out| out.write_all(b"a")).unwrap();
        drop(folder);
        assert_eq!(names(&empty), Vec::<String>::new());
    }
}
