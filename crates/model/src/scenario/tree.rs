//! A scenario file as a tree in which every key and value remembers where it was written.
//!
//! Overlays are merged on this tree, before any typed value is made, so that an error in a merged scenario can point to
//! the file and line that hold the mistake and not to the file that was asked for.

use std::collections::BTreeMap;
use std::fmt;

/// A place in one of the files read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct At {
    /// Index of the file in the chain of `extends`; 0 is the file asked for, its base is 1, and so on.
    pub file: usize,
    /// Line, from 1; 0 stands for the file as a whole.
    pub line: usize,
    /// Column in characters, from 1; 0 stands for the file as a whole.
    pub column: usize,
}

impl At {
    /// The one of two places that was written last, that is, in the outermost overlay.
    pub(super) fn later(self, other: Self) -> Self {
        if other.file < self.file { other } else { self }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Where the value stands; for a table, its header.
    pub at: At,
    /// What it is.
    pub value: Value,
}

/// An entry of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// Where the key stands.
    pub key_at: At,
    /// The value.
    pub node: Node,
}

/// A table of a file.
pub(super) type Table = BTreeMap<String, Entry>;

/// What can be written in a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Text in quotes.
    Text(String),
    /// A number without a point.
    Integer(i64),
    /// A number with one, or `nan` or `inf`.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A date, as `YYYY-MM-DD`.
    Date(String),
    /// A time of day, or a date with one.
    Time(String),
    /// A list.
    Array(Vec<Node>),
    /// A table.
    Table(Table),
}

impl Value {
    /// What it is, in words.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Float(_))
    }
}

impl Node {
    /// The table, if it is one.
    pub(super) fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table under this key, if there is one.
    pub(super) fn section(&self, key: &str) -> Option<&Table> {
        self.table()?.get(key)?.node.table()
    }

    /// Whether something is written at this path.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.trace(path).1 == path.0.len()
    }

    /// Where the key and the value of this path stand; for a path that is not written, those of what should hold it.
    pub(super) fn locate(&self, path: &Path) -> (At, At) {
        self.trace(path).0
    }

    fn trace(&self, path: &Path) -> ((At, At), usize) {
        let (mut node, mut key_at) = (self, self.at);
        for (depth, step) in path.0.iter().enumerate() {
            let next = match (&node.value, step) {
                (Value::Table(table), Step::Key(key)) => table.get(key).map(|entry| (entry.key_at, &entry.node)),
                (Value::Array(items), Step::Index(i)) => items.get(*i).map(|item| (item.at, item)),
                _ => None,
            };
            match next {
                Some((at, child)) => (key_at, node) = (at, child),
                None => return ((key_at, node.at), depth),
            }
        }
        ((key_at, node.at), path.0.len())
    }
}

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
}

/// The dotted path of a value: `streams."ISR>HZB".mu`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Path(Vec<Step>);

impl Path {
    /// The path of a key of the whole file.
    pub(super) fn of(key: &str) -> Self {
        Self::default().key(key)
    }

    /// This path and a key more.
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// This path and an item of a list more.
    pub(super) fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// The path of what contains this one; of the whole, itself.
    pub(super) fn parent(&self) -> Self {
        Self(self.0.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec()))
    }

    /// This path and everything that contains it, from the whole down.
    pub(super) fn and_above(&self) -> impl Iterator<Item = Self> {
        (0..=self.0.len()).map(|length| Self(self.0[..length].to_vec()))
    }

    /// Whether the other path is this one or lies below it.
    pub(super) fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) => {
                    let bare = !key.is_empty()
                        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
                    let dot = if i == 0 { "" } else { "." };
                    if bare { write!(f, "{dot}{key}")? } else { write!(f, "{dot}\"{}\"", key.escape_debug())? }
                }
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Keys of a quantity written as a table.
const QUANTITY: &[&str] = &["value", "low", "high", "tag", "source"];

fn is_quantity(table: &Table) -> bool {
    table.contains_key("value") && table.keys().all(|key| QUANTITY.contains(&key.as_str()))
}

/// Lays one file over another: tables are merged key by key, anything else is replaced, except that entries of the lists
/// `calendar` and `lever_changes` are appended. A bare number over `{ value, low, … }` replaces `value` alone, and a
/// table of such keys without `value` keeps the bare number below it as its value.
pub(super) fn lay_over(base: Node, over: Node, path: &Path) -> Node {
    match (base.value, over.value) {
        (Value::Table(mut table), number) if number.is_number() && is_quantity(&table) => {
            if let Some(entry) = table.get_mut("value") {
                entry.node = Node { at: over.at, value: number };
            }
            Node { at: base.at, value: Value::Table(table) }
        }
        (number, Value::Table(mut table))
            if number.is_number() && !table.is_empty() && table.keys().all(|key| QUANTITY.contains(&key.as_str())) =>
        {
            table
                .entry("value".to_owned())
                .or_insert(Entry { key_at: base.at, node: Node { at: base.at, value: number } });
            Node { at: over.at, value: Value::Table(table) }
        }
        (Value::Table(mut below), Value::Table(above)) => {
            for (key, entry) in above {
                let merged = match below.remove(&key) {
                    None => entry,
                    Some(old) => {
                        let at = if entry.node.table().is_some() { old.key_at } else { entry.key_at };
                        Entry { key_at: at, node: lay_over(old.node, entry.node, &path.key(&key)) }
                    }
                };
                below.insert(key, merged);
            }
            Node { at: base.at, value: Value::Table(below) }
        }
        (Value::Array(mut below), Value::Array(above))
            if *path == Path::of("calendar") || *path == Path::of("lever_changes") =>
        {
            below.extend(above);
            Node { at: over.at, value: Value::Array(below) }
        }
        (_, value) => Node { at: over.at, value },
    }
}
