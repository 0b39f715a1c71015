//! What is wrong with a scenario, said so that it can be mended: file, line, column, key, a sentence and a way out.

use super::tree::{At, Path};
use serde::Serialize;
use std::fmt;
use std::ops::RangeInclusive;

/// One mistake in a scenario.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Error {
    /// The file as it was named, or `built-in NAME`.
    pub file: String,
    /// Line, from 1; 0 if the mistake is the file as a whole.
    pub line: usize,
    /// Column in characters, from 1; 0 if the mistake is the file as a whole.
    pub column: usize,
    /// Dotted path of the key; empty if there is none.
    pub key: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// A way out.
    pub help: Option<String>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if self.line > 0 {
            write!(f, "{}:{}:", self.line, self.column)?;
        }
        if !self.key.is_empty() {
            write!(f, " {}:", self.key)?;
        }
        write!(f, " {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

/// Mistakes said at once; whoever has more than these mends them first.
const SHOWN: usize = 50;

/// Every mistake found in a scenario, in the order of file, line and column; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Errors(pub Vec<Error>);

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().take(SHOWN).enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n… and {more} more; mend these first"),
        }
    }
}

impl std::error::Error for Errors {}

/// Mistakes as they are found.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Names of the files of the chain, by [`At::file`].
    pub files: Vec<String>,
    errors: Vec<Error>,
}

impl Report {
    /// An empty report about these files.
    pub(super) fn of(files: Vec<String>) -> Self {
        Self { files, errors: Vec::new() }
    }

    /// Notes a mistake.
    pub(super) fn push(&mut self, at: At, path: &Path, message: impl Into<String>, help: Option<String>) {
        self.errors.push(Error {
            file: self.files.get(at.file).cloned().unwrap_or_default(),
            line: at.line,
            column: at.column,
            key: path.to_string(),
            message: message.into(),
            help,
        });
    }

    /// Takes over the mistakes and file names of another report of the same files.
    pub(super) fn merge(&mut self, other: Self) {
        self.files = other.files;
        self.errors.extend(other.errors);
    }

    /// Forgets mistakes on these lines of these files.
    pub(super) fn forget(&mut self, lines: &[(usize, RangeInclusive<usize>)]) {
        let files = &self.files;
        self.errors.retain(|error| {
            !lines.iter().any(|(file, range)| files.get(*file) == Some(&error.file) && range.contains(&error.line))
        });
    }

    /// Mistakes so far.
    pub(super) fn len(&self) -> usize {
        self.errors.len()
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Everything found, in order, each once.
    pub(super) fn into_errors(mut self) -> Errors {
        self.errors.sort();
        self.errors.dedup();
        Errors(self.errors)
    }
}

/// Text from a file as it may stand in a message: on one line and not too long.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().count() > 60 {
        short.push('…');
    }
    format!("`{short}`")
}

/// A number as people write it.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1e9 || size > 0.0 && size < 1e-6 { format!("{value:e}") } else { format!("{value}") }
}

/// The known word nearest to one that is not known, if any is near enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    if length > 80 {
        return None;
    }
    let allowed = (length / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `X`?", or else the list of what there is if it is short enough to read.
pub(super) fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone, nouns: &str) -> Option<String> {
    if let Some(near) = nearest(word, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let names: Vec<&str> = known.into_iter().take(25).collect();
    match names.len() {
        0 => Some(format!("there are no {nouns}")),
        25 => None,
        _ => Some(format!("the {nouns} are {}", names.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_slips_and_not_strangers() {
        let known = ["november-2024", "october-2023"];
        assert_eq!(nearest("november-2042", known), Some("november-2024"));
        assert_eq!(nearest("OCTOBER-2023", known), Some("october-2023"));
        assert_eq!(nearest("summer", known), None);
        assert_eq!(nearest("", ["a"]), None);
        assert_eq!(nearest("HBZ", ["ISR", "HZB", "IRN"]), Some("HZB"));
    }

    #[test]
    fn text_from_files_stays_on_one_line() {
        assert_eq!(quoted("a\nb"), "`a\\nb`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }
}
