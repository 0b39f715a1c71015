//! From files to one merged tree: TOML syntax, positions, and the chain of `extends`.

use super::PARAM;
use super::bounded::{read_at_most, read_whole};
use super::builtin::{builtin, builtin_names};
use super::error::{Report, nearest, quoted};
use super::raw::FORMAT;
use super::tree::{At, Entry, Node, Path, Table, Value, lay_over};
use std::path::{self, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Files larger than this are no scenarios.
const LARGEST_FILE: u64 = 1 << 20;
/// Overlays of overlays go no deeper than this.
const LONGEST_CHAIN: usize = 16;
/// No table of a scenario lies deeper than this.
const DEEPEST: usize = 24;

/// Where a scenario of the chain comes from.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// Built in, by name.
    BuiltIn(&'static str),
    /// A file.
    File(PathBuf),
    /// What the shell hands over: standard input, or a pipe of another process (`<(…)`).
    Stream(String),
    /// Text handed over under a name; it may extend built-in scenarios only.
    Text {
        /// The name.
        name: String,
        /// The text.
        text: String,
    },
}

impl Origin {
    /// The scenario of this name, seen from a folder: built-in names come first.
    ///
    /// # Errors
    /// A sentence and a way out, if there is neither such a name nor such a file.
    pub(super) fn find(name: &str, folder: Option<&path::Path>) -> Result<Self, (String, Option<String>)> {
        let names = builtin_names();
        if let Some(known) = names.iter().find(|known| **known == name) {
            return Ok(Self::BuiltIn(known));
        }
        let way_out = || match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the built-in scenarios are {}", names.join(", ")),
        };
        let Some(folder) = folder else {
            return Err((format!("there is no built-in scenario {}", quoted(name)), Some(way_out())));
        };
        let file = folder.join(name);
        if !name.is_empty() && file.exists() {
            Ok(Self::File(file))
        } else {
            Err((format!("{} is neither a built-in scenario nor a file", quoted(name)), Some(way_out())))
        }
    }

    /// The stream that a name on the command line stands for, if it does.
    pub(super) fn stream(name: &str) -> Option<Self> {
        let of_the_shell = ["/dev/fd/", "/proc/self/fd/"].iter().filter_map(|folder| name.strip_prefix(folder));
        let numbered =
            of_the_shell.into_iter().any(|fd| !fd.is_empty() && fd.bytes().all(|byte| byte.is_ascii_digit()));
        (numbered || ["-", "/dev/stdin"].contains(&name)).then(|| Self::Stream(name.to_owned()))
    }

    /// Name in messages.
    fn label(&self) -> String {
        match self {
            Self::BuiltIn(name) => format!("built-in {name}"),
            Self::File(file) => file.display().to_string(),
            Self::Stream(name) if name == "-" => "standard input".to_owned(),
            Self::Text { name, .. } | Self::Stream(name) => name.clone(),
        }
    }

    /// What makes two origins the same.
    fn identity(&self) -> String {
        match self {
            Self::File(file) => file.canonicalize().unwrap_or_else(|_| file.clone()).display().to_string(),
            _ => self.label(),
        }
    }

    /// Folder from which `extends` is resolved, if it may name files.
    fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::File(file) => Some(file.parent().map_or_else(PathBuf::new, path::Path::to_path_buf)),
            Self::Stream(_) => Some(PathBuf::new()),
            _ => None,
        }
    }

    fn text(&self) -> Result<String, String> {
        let cannot = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::InvalidInput => "is not a file".to_owned(),
            std::io::ErrorKind::InvalidData => {
                format!("is larger than {} MiB, so it is no scenario", LARGEST_FILE >> 20)
            }
            _ => format!("cannot be read: {error}"),
        };
        let bytes = match self {
            Self::BuiltIn(name) => return Ok(builtin(name).unwrap_or_default().to_owned()),
            Self::Text { text, .. } => return Ok(text.clone()),
            Self::File(file) => read_whole(file, LARGEST_FILE),
            Self::Stream(name) if name == "-" => read_at_most(std::io::stdin().lock(), LARGEST_FILE),
            Self::Stream(name) => std::fs::File::open(name).and_then(|stream| read_at_most(stream, LARGEST_FILE)),
        };
        String::from_utf8(bytes.map_err(cannot)?).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count();
            format!("is not UTF-8 text (line {line})")
        })
    }
}

/// A chain of overlays, merged.
#[derive(Debug)]
pub(super) struct Merged {
    /// The whole, without `extends`.
    pub tree: Node,
    /// Whether every file of the chain was there and well formed, so that what is missing is missing indeed.
    pub whole: bool,
    /// Lines that follow a mistake of syntax, up to the next table header, by file: what seems wrong there may be no more
    /// than an echo.
    pub doubtful: Vec<(usize, std::ops::RangeInclusive<usize>)>,
}

/// Reads a scenario and everything it extends, and merges them; `over` is laid over all of it, under the name [`PARAM`].
pub(super) fn read(origin: Origin, over: Option<String>, report: &mut Report) -> Merged {
    let mut layers = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    let (mut whole, mut doubtful) = (true, Vec::new());
    if let Some(text) = over {
        report.files.push(PARAM.to_owned());
        seen.push(String::new());
        layers.push(parse(&text, 0, report, &mut doubtful));
    }
    let mut next = Some((origin, None));
    while let Some((origin, asked_at)) = next.take() {
        let file = report.files.len();
        let here = At { file, line: 0, column: 0 };
        report.files.push(origin.label());
        seen.push(origin.identity());
        let text = match origin.text() {
            Ok(text) => text,
            Err(problem) => {
                let help = Some("name a TOML file that can be read".to_owned());
                match asked_at {
                    None => report.push(here, &Path::default(), problem, help),
                    Some(at) => report.push(at, &Path::of("extends"), format!("{} {problem}", origin.label()), help),
                }
                whole = false;
                break;
            }
        };
        let mistakes = doubtful.len();
        let mut tree = parse(&text, file, report, &mut doubtful);
        // Of what is no TOML nobody knows what it would name.
        if doubtful.len() == mistakes {
            check_format(&tree, here, report);
        }
        let extends = match &mut tree.value {
            Value::Table(table) => table.remove("extends"),
            _ => None,
        };
        layers.push(tree);
        let Some(extends) = extends else { break };
        let (at, path) = (extends.node.at, Path::of("extends"));
        let Value::Text(name) = &extends.node.value else {
            let found = extends.node.value.noun();
            let help = "name a built-in scenario or a file, in quotes";
            report.push(at, &path, format!("expected text, found {found}"), Some(help.to_owned()));
            whole = false;
            break;
        };
        match Origin::find(name, origin.folder().as_deref()) {
            Err((problem, help)) => {
                report.push(at, &path, problem, help);
                whole = false;
            }
            Ok(base) => match seen.iter().position(|identity| *identity == base.identity()) {
                Some(first) => {
                    let chain = [report.files.get(first..).unwrap_or_default(), &[base.label()]].concat().join(" → ");
                    let help = "let one of these files extend nothing, or something else";
                    report.push(
                        at,
                        &path,
                        format!("scenarios extend each other in a cycle: {chain}"),
                        Some(help.to_owned()),
                    );
                    whole = false;
                }
                None if seen.len() >= LONGEST_CHAIN => {
                    let chain = report.files.join(" → ");
                    let help = format!("use at most {LONGEST_CHAIN} files in a chain");
                    report.push(at, &path, format!("the chain of `extends` is too long: {chain}"), Some(help));
                    whole = false;
                }
                None => next = Some((base, Some(at))),
            },
        }
    }
    whole = whole && doubtful.is_empty();
    let tree = layers.into_iter().rev().reduce(|base, over| lay_over(base, over, &Path::default()));
    let empty = Node { at: At::default(), value: Value::Table(Table::new()) };
    Merged { tree: tree.unwrap_or(empty), whole, doubtful }
}

fn check_format(tree: &Node, here: At, report: &mut Report) {
    let path = Path::of("format");
    let help = Some(format!("write `format = {FORMAT}`"));
    match tree.table().and_then(|table| table.get("format")) {
        None => report.push(here, &path, "is missing: every scenario file names the version of its format", help),
        Some(entry) => match &entry.node.value {
            Value::Integer(version) if *version == i64::from(FORMAT) => {}
            Value::Integer(version) => {
                let message = format!("{version} is not a format that this program reads");
                report.push(entry.node.at, &path, message, help);
            }
            // A format that is no whole number is an error of its type.
            _ => {}
        },
    }
}

/// Parses one file, noting every mistake of syntax.
fn parse(
    text: &str,
    file: usize,
    report: &mut Report,
    doubtful: &mut Vec<(usize, std::ops::RangeInclusive<usize>)>,
) -> Node {
    let lines = Lines::new(text, file);
    let (document, mut mistakes) = DeTable::parse_recoverable(text);
    mistakes.sort_by_key(|mistake| mistake.span().map_or(usize::MAX, |span| span.start));
    let mut heard_to = 0;
    for mistake in mistakes {
        let span = mistake.span().unwrap_or(text.len()..text.len());
        // A second complaint about a line is mostly the echo of the first.
        if span.start < heard_to {
            continue;
        }
        let at = lines.at(span.start);
        heard_to = lines.starts.get(at.line).copied().unwrap_or(usize::MAX);
        let near = match text.get(span).map(str::trim) {
            Some(found) if !found.is_empty() => format!(" at {}", quoted(found)),
            _ => String::new(),
        };
        let what = match mistake.message().trim() {
            "string values must be quoted, expected literal string" if near.is_empty() => "a value is missing",
            "string values must be quoted, expected literal string" => "text must stand in quotes",
            digits if digits.contains("expected digits") => "a number has digits on both sides of its point, like 0.5",
            other => other,
        };
        let message = format!("not valid TOML{near}: {what}");
        report.push(at, &Path::default(), message, Some("see https://toml.io for how to write it".to_owned()));
        // Up to the next header everything is doubtful already after the first mistake.
        if doubtful.last().is_none_or(|(other, range)| *other != file || !range.contains(&at.line)) {
            doubtful.push((file, at.line..=lines.line_before_next_header(at.line)));
        }
    }
    let mut tree = Node {
        at: At { file, line: 1, column: 1 },
        value: Value::Table(convert_table(document.get_ref(), &lines, &Path::default(), 0, report)),
    };
    nest_levers(&mut tree, report);
    tree
}

fn convert_table(table: &DeTable<'_>, lines: &Lines<'_>, path: &Path, depth: usize, report: &mut Report) -> Table {
    let mut entries = Table::new();
    for (key, value) in table {
        let key_at = lines.at(key.span().start);
        let path = path.key(key.get_ref());
        if depth >= DEEPEST {
            report.push(key_at, &path, "is nested too deeply", Some("no scenario needs that".to_owned()));
            break;
        }
        if let Some(node) = convert(value, lines, &path, depth + 1, report) {
            entries.insert(key.get_ref().to_string(), Entry { key_at, node });
        }
    }
    entries
}

/// The node of a value; nothing, and a note, if it cannot be represented.
fn convert(
    value: &Spanned<DeValue<'_>>,
    lines: &Lines<'_>,
    path: &Path,
    depth: usize,
    report: &mut Report,
) -> Option<Node> {
    let at = lines.at(value.span().start);
    let mut refuse = |what: String, help: &str| {
        report.push(at, path, what, Some(help.to_owned()));
        None
    };
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => {
                return refuse(format!("{} is too large a number", quoted(number.as_str())), "write a smaller number");
            }
        },
        DeValue::Float(number) => match number.as_str().parse() {
            Ok(number) => Value::Float(number),
            Err(_) => {
                // What the parser could make nothing of has been reported as a mistake of syntax.
                if number.as_str().is_empty() {
                    return None;
                }
                return refuse(format!("{} is not a number", quoted(number.as_str())), "write a number such as 0.5");
            }
        },
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(time) if time.date.is_some() && time.time.is_none() && time.offset.is_none() => {
            Value::Date(time.to_string())
        }
        DeValue::Datetime(time) => Value::Time(time.to_string()),
        DeValue::Array(items) => {
            if depth >= DEEPEST {
                return refuse("is nested too deeply".to_owned(), "no scenario needs that");
            }
            let convert = |(i, item)| convert(item, lines, &path.index(i), depth + 1, report);
            Value::Array(items.iter().enumerate().filter_map(convert).collect())
        }
        DeValue::Table(table) => Value::Table(convert_table(table, lines, path, depth, report)),
    };
    Some(Node { at, value })
}

/// Brings lever ids written in quotes (`"unifil.troops" = 12000`) into the nested form of dotted keys.
fn nest_levers(tree: &mut Node, report: &mut Report) {
    let Value::Table(root) = &mut tree.value else { return };
    let Some(Entry { node: Node { value: Value::Table(levers), .. }, .. }) = root.get_mut("levers") else { return };
    let dotted: Vec<String> = levers.keys().filter(|key| key.contains('.')).cloned().collect();
    for id in dotted {
        let Some(entry) = levers.remove(&id) else { continue };
        let steps: Vec<&str> = id.split('.').collect();
        let at = entry.key_at;
        if steps.len() > DEEPEST {
            let help = "`detente levers` lists the ids there are";
            report.push(at, &Path::of("levers"), format!("{} is no id of a lever", quoted(&id)), Some(help.to_owned()));
            continue;
        }
        let path = steps.iter().fold(Path::of("levers"), |path, step| path.key(step));
        if !insert_nested(levers, &steps, entry) {
            let help = "keep one of the two entries";
            report.push(at, &path, "is written twice, in quotes and without", Some(help.to_owned()));
        }
    }
}

fn insert_nested(table: &mut Table, steps: &[&str], entry: Entry) -> bool {
    match steps {
        [] => false,
        [last] => match table.contains_key(*last) {
            true => false,
            false => table.insert((*last).to_owned(), entry).is_none(),
        },
        [first, rest @ ..] => {
            let group =
                || Entry { key_at: entry.key_at, node: Node { at: entry.key_at, value: Value::Table(Table::new()) } };
            match &mut table.entry((*first).to_owned()).or_insert_with(group).node.value {
                Value::Table(group) => insert_nested(group, rest, entry),
                _ => false,
            }
        }
    }
}

/// Lines of a text, to turn a byte offset into line and column.
struct Lines<'t> {
    text: &'t str,
    file: usize,
    starts: Vec<usize>,
    /// Lines that begin with a bracket, from 0.
    headers: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, file: usize) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let bracket = |(i, line): (usize, &str)| line.trim_start().starts_with('[').then_some(i);
        let headers = text.lines().enumerate().filter_map(bracket).collect();
        Self { text, file, starts, headers }
    }

    fn at(&self, offset: usize) -> At {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = 1 + self.text.get(start..offset).map_or(0, |before| before.chars().count());
        At { file: self.file, line, column }
    }

    /// The last line before the next table header after this line.
    fn line_before_next_header(&self, line: usize) -> usize {
        let next = self.headers.partition_point(|header| *header < line);
        self.headers.get(next).copied().unwrap_or(usize::MAX)
    }
}
