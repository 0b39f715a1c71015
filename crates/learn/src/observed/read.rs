//! Reads a folder of observations, and says everything that is wrong with it at once.

use super::{Documented, Kind, Measure, Observation, Observed, SERIES, Source, series};
use detente_model::scenario::{Error, Errors, nearest, read_whole};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// No file of observations is larger.
const LARGEST: u64 = 64 << 20;
/// No folder has more files.
const MOST_FILES: usize = 1_000;

/// Columns of observations.
const VALUES: [&str; 6] = ["series", "from", "to", "value", "vintage", "source"];
/// Columns of `events.csv`.
const EVENTS: [&str; 4] = ["date", "kind", "id", "source"];
/// Columns of `sources.csv`.
const SOURCES: [&str; 4] = ["source", "title", "address", "licence"];

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../../assets/observed/", $name)))),*]
    };
}

/// The files of `assets/observed`.
const SHIPPED: &[(&str, &[u8])] = shipped![
    "alerts.csv",
    "events.csv",
    "gaza.killed.csv",
    "iaea.u60.csv",
    "lebanon.killed.csv",
    "reports.csv",
    "ships.attacked.csv",
    "sources.csv",
];

/// What ships.
pub(super) fn embedded() -> Result<Observed, Errors> {
    let mut reader = Reader::default();
    for (name, bytes) in SHIPPED {
        reader.file(&format!("built-in {name}"), name, bytes);
    }
    reader.finish("built-in")
}

/// A folder on disk.
pub(super) fn folder(path: &Path) -> Result<Observed, Errors> {
    let name = path.display().to_string();
    let mut reader = Reader::default();
    let names = match names(path) {
        Ok(names) => names,
        Err(message) => {
            reader.wrong(&name, (0, 0), "", message, Some("name a folder with CSV files of observations".to_owned()));
            return reader.finish(&name);
        }
    };
    if !names.iter().any(|name| name != "events.csv" && name != "sources.csv") {
        let help = format!("put a file NAME.csv into it with the header {}", VALUES.join(","));
        reader.wrong(&name, (0, 0), "", "there are no observations in it".to_owned(), Some(help));
    }
    for file in names {
        let path = path.join(&file);
        let shown = path.display().to_string();
        match read_whole(&path, LARGEST) {
            Ok(bytes) => reader.file(&shown, &file, &bytes),
            Err(cause) => reader.wrong(&shown, (0, 0), "", format!("it cannot be read: {cause}"), None),
        }
    }
    reader.finish(&name)
}

/// Names of the CSV files in a folder, in order.
fn names(path: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(path).map_err(|cause| format!("the folder cannot be read: {cause}"))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|cause| format!("the folder cannot be read: {cause}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.to_ascii_lowercase().ends_with(".csv") && !name.starts_with('.') {
            names.push(name);
        }
    }
    if names.len() > MOST_FILES {
        return Err(format!("it has {} CSV files, more than {MOST_FILES}", names.len()));
    }
    names.sort();
    Ok(names)
}

/// A value and where it stands.
struct Placed {
    row: Observation,
    file: usize,
    line: usize,
}

#[derive(Default)]
struct Reader {
    files: Vec<String>,
    errors: Vec<Error>,
    rows: BTreeMap<&'static str, Vec<Placed>>,
    events: Option<Vec<Documented>>,
    /// The date of the event before.
    last_event: Option<Date>,
    sources: Vec<Source>,
}

/// One line of a file: where it is, and its cells.
struct Line<'a> {
    file: &'a str,
    number: usize,
    cells: Vec<String>,
    /// Column in characters at which each cell begins.
    columns: Vec<usize>,
}

impl Reader {
    fn wrong(&mut self, file: &str, at: (usize, usize), key: &str, message: String, help: Option<String>) {
        let (line, column) = at;
        self.errors.push(Error { file: file.to_owned(), line, column, key: key.to_owned(), message, help });
    }

    fn cell(&mut self, line: &Line<'_>, key: (usize, &str), message: String, help: Option<String>) {
        let (place, key) = key;
        self.wrong(line.file, (line.number, line.columns[place]), key, message, help);
    }

    /// Reads one file; `name` is its name in the folder.
    fn file(&mut self, shown: &str, name: &str, bytes: &[u8]) {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
                let help = Some("save the file as UTF-8".to_owned());
                self.wrong(shown, (line, column), "", "this is not UTF-8 text".to_owned(), help);
                return;
            }
        };
        let header: &[&str] = match name {
            "events.csv" => &EVENTS,
            "sources.csv" => &SOURCES,
            _ => &VALUES,
        };
        self.files.push(shown.to_owned());
        let file = self.files.len() - 1;
        if name == "events.csv" {
            self.events.get_or_insert_default();
        }
        let mut seen_header = false;
        for line in lines(shown, text) {
            if !seen_header {
                seen_header = true;
                if line.cells.iter().map(|cell| cell.trim()).ne(header.iter().copied()) {
                    let help = Some(format!("it must be {}", header.join(",")));
                    self.wrong(shown, (line.number, 1), "", "the header is another".to_owned(), help);
                    return;
                }
                continue;
            }
            if line.cells.len() != header.len() {
                let message = format!("{} cells where there are {} columns", line.cells.len(), header.len());
                let help = Some(format!("the columns are {}", header.join(",")));
                self.wrong(shown, (line.number, 1), "", message, help);
                continue;
            }
            match name {
                "events.csv" => self.event(&line),
                "sources.csv" => {
                    let [source, title, address, licence] = [0, 1, 2, 3].map(|i| line.cells[i].trim().to_owned());
                    self.sources.push(Source { source, title, address, licence });
                }
                _ => self.value(&line, file),
            }
        }
        if !seen_header {
            let help = Some(format!("its first line must be {}", header.join(",")));
            self.wrong(shown, (1, 1), "", "the file is empty".to_owned(), help);
        }
    }

    fn date(&mut self, line: &Line<'_>, key: (usize, &str)) -> Option<Date> {
        let text = line.cells[key.0].trim();
        // Exactly the form named, so that a file reads the same everywhere.
        let date = (text.len() == 10).then(|| text.parse().ok()).flatten();
        if date.is_none() {
            let help = Some("write a date that exists as YYYY-MM-DD".to_owned());
            self.cell(line, key, format!("{} is no date", quoted(text)), help);
        }
        date
    }

    fn value(&mut self, line: &Line<'_>, file: usize) {
        let id = line.cells[0].trim();
        let of = series(id);
        if of.is_none() {
            let known = SERIES.iter().map(|series| series.id);
            let help = match nearest(id, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the series are {}", known.collect::<Vec<_>>().join(", ")),
            };
            self.cell(line, (0, "series"), format!("there is no series {}", quoted(id)), Some(help));
        }
        let from = self.date(line, (1, "from"));
        let to = self.date(line, (2, "to"));
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            let help = Some("swap them, or mend one".to_owned());
            self.cell(line, (2, "to"), format!("the period ends on {to}, before it begins on {from}"), help);
        }
        let vintage = match line.cells[4].trim() {
            "" => None,
            _ => {
                let vintage = self.date(line, (4, "vintage"));
                if let (Some(vintage), Some(to)) = (vintage, to)
                    && vintage < to
                {
                    let help = Some("leave it empty if it was known on the last day".to_owned());
                    let message = format!("known on {vintage}, before the period ends on {to}");
                    self.cell(line, (4, "vintage"), message, help);
                }
                vintage
            }
        };
        let text = line.cells[3].trim();
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        match value {
            None => {
                let help = Some("write a number, or leave the line out where nothing is known".to_owned());
                self.cell(line, (3, "value"), format!("{} is no number", quoted(text)), help);
            }
            Some(value) if value < 0.0 => {
                let help = Some("put a correction into the period that it belongs to".to_owned());
                self.cell(line, (3, "value"), format!("{text} is negative"), help);
            }
            Some(value) if value > 1e9 => {
                self.cell(line, (3, "value"), format!("{text} is more than a thousand million"), None);
            }
            Some(value) => {
                if of.is_some_and(|of| of.measure == Measure::Count) && libm::trunc(value) != value {
                    let help = Some("what is counted is a whole number".to_owned());
                    self.cell(line, (3, "value"), format!("{text} is not a whole number"), help);
                }
            }
        }
        if let (Some(of), Some(from), Some(to), Some(value)) = (of, from, to, value) {
            let row = Observation { from, to, value, vintage, source: line.cells[5].trim().to_owned() };
            self.rows.entry(of.id).or_default().push(Placed { row, file, line: line.number });
        }
    }

    fn event(&mut self, line: &Line<'_>) {
        let date = self.date(line, (0, "date"));
        let word = line.cells[1].trim();
        let kind = Kind::of(word);
        if kind.is_none() {
            let known = Kind::ALL.map(Kind::name);
            let help = match nearest(word, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the kinds are {}", known.join(", ")),
            };
            self.cell(line, (1, "kind"), format!("there is no kind of event {}", quoted(word)), Some(help));
        }
        let id = line.cells[2].trim();
        if id.is_empty() {
            let help = Some("name the table, initiative, ledger … as the scenario does".to_owned());
            self.cell(line, (2, "id"), "no id".to_owned(), help);
        }
        if kind == Some(Kind::Complete) && Kind::of(id.split(':').next().unwrap_or_default()).is_none() {
            let help = Some("name a kind, or KIND:ID".to_owned());
            self.cell(line, (2, "id"), format!("{} names no kind of event", quoted(id)), help);
        }
        let Some(date) = date else { return };
        if let Some(last) = self.last_event.replace(date)
            && date < last
        {
            let help = Some("put events in the order of their dates".to_owned());
            self.cell(line, (0, "date"), format!("{date} stands after {last}"), help);
        }
        let Some(kind) = kind else { return };
        let event =
            Documented { date, kind, id: id.to_owned(), source: line.cells[3].trim().to_owned(), line: line.number };
        self.events.get_or_insert_default().push(event);
    }

    /// What lies between the lines: order and overlaps.
    fn between(&mut self) {
        let mut found = Vec::new();
        for (id, list) in &mut self.rows {
            for pair in list.windows(2) {
                let [a, b] = [&pair[0], &pair[1]];
                if a.file == b.file && a.row.vintage == b.row.vintage && b.row.from < a.row.from {
                    let message = format!("{id} from {} stands after {id} from {}", b.row.from, a.row.from);
                    let help = "put the periods of a series and vintage in order".to_owned();
                    found.push((b.file, b.line, message, help));
                }
            }
            list.sort_by_key(|placed| (placed.row.vintage, placed.row.from, placed.file, placed.line));
            // The period so far that reaches farthest.
            let mut reach: Option<&Placed> = None;
            for placed in list.iter() {
                if let Some(before) = reach.filter(|before| before.row.vintage == placed.row.vintage) {
                    if placed.row.from <= before.row.to {
                        let message = format!(
                            "{id} from {} to {} overlaps the period from {} to {} of line {}",
                            placed.row.from, placed.row.to, before.row.from, before.row.to, before.line
                        );
                        let help = "periods of one vintage may not overlap; name a vintage if this is a revision";
                        found.push((placed.file, placed.line, message, help.to_owned()));
                    }
                    if placed.row.to <= before.row.to {
                        continue;
                    }
                }
                reach = Some(placed);
            }
        }
        for (file, line, message, help) in found {
            let file = self.files[file].clone();
            self.wrong(&file, (line, 1), "", message, Some(help));
        }
    }

    fn finish(mut self, name: &str) -> Result<Observed, Errors> {
        self.between();
        if !self.errors.is_empty() {
            self.errors.sort();
            self.errors.dedup();
            return Err(Errors(self.errors));
        }
        let rows = self.rows.into_iter().map(|(id, list)| (id, list.into_iter().map(|p| p.row).collect())).collect();
        Ok(Observed::new(name.to_owned(), rows, self.events, self.sources))
    }
}

/// Text from a file as it may stand in a message.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    format!("`{short}{}`", if text.chars().count() > 60 { "…" } else { "" })
}

/// Lines of CSV with their numbers: no cell spans lines, remarks and empty lines are left out. Cells in quotes may hold commas.
fn lines<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = Line<'a>> {
    text.lines().enumerate().filter_map(move |(i, line)| {
        if line.trim().is_empty() || line.starts_with('#') {
            return None;
        }
        let (cells, columns) = split(line);
        Some(Line { file, number: i + 1, cells, columns })
    })
}

/// Cells of a line, and the column in characters at which each begins.
fn split(line: &str) -> (Vec<String>, Vec<usize>) {
    let (mut cells, mut columns) = (vec![String::new()], vec![1]);
    let (mut quotes, mut last_quote) = (false, false);
    for (i, c) in line.chars().enumerate() {
        match c {
            '"' => {
                // A quote twice within quotes is one.
                if !quotes && last_quote {
                    cells.last_mut().expect("there is one").push('"');
                }
                quotes = !quotes;
                last_quote = !quotes;
                continue;
            }
            ',' if !quotes => {
                cells.push(String::new());
                columns.push(i + 2);
            }
            _ => cells.last_mut().expect("there is one").push(c),
        }
        last_quote = false;
    }
    (cells, columns)
}
