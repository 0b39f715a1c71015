//! Words and ids: that every one of them can be shown, and that there are not more things than a world is made for.

use super::Validator;
use crate::scenario::text::first_unseen;
use crate::scenario::tree::{Node, Path, Value};

/// Longest id or name of a key, characters.
const LONGEST_KEY: usize = 60;
/// Longest name, characters.
const LONGEST_NAME: usize = 120;
/// Longest text, characters: a description, a source.
const LONGEST_TEXT: usize = 4_000;
/// Most entries of one section; a scenario has a few dozen.
const MOST_ENTRIES: usize = 4_096;

impl Validator<'_> {
    /// Checks every text and every key, whatever they mean.
    pub(super) fn words(&mut self) {
        let tree = self.tree;
        if let Some(table) = tree.table() {
            for (key, entry) in table {
                let path = Path::of(key);
                let n = match &entry.node.value {
                    Value::Table(section) => section.len(),
                    Value::Array(list) => list.len(),
                    _ => 0,
                };
                if n > MOST_ENTRIES {
                    let help = format!("use at most {MOST_ENTRIES}");
                    self.complain(&path, format!("has {n} entries, more than a scenario can hold"), help);
                    continue;
                }
                self.key(&path, key);
                self.words_of(&path, key, &entry.node);
            }
        }
    }

    fn words_of(&mut self, path: &Path, key: &str, node: &Node) {
        match &node.value {
            Value::Text(text) => {
                let most = if matches!(key, "name" | "title") { LONGEST_NAME } else { LONGEST_TEXT };
                let length = text.chars().count();
                if length > most {
                    self.complain(path, format!("is {length} characters long"), format!("use at most {most}"));
                } else if let Some(c) = first_unseen(text) {
                    self.complain(path, unseen(c), "leave it out");
                } else if matches!(key, "name" | "title" | "text") && text.trim().contains(char::is_control) {
                    self.complain(path, "stands on more than one line", "leave line ends and tabs out");
                }
            }
            Value::Array(list) => {
                for (i, item) in list.iter().enumerate() {
                    self.words_of(&path.index(i), key, item);
                }
            }
            Value::Table(table) => {
                for (key, entry) in table {
                    let path = path.key(key);
                    self.key(&path, key);
                    self.words_of(&path, key, &entry.node);
                }
            }
            _ => {}
        }
    }

    fn key(&mut self, path: &Path, key: &str) {
        let length = key.chars().count();
        if length > LONGEST_KEY {
            let help = format!("use at most {LONGEST_KEY}");
            self.complain_of_key(path, format!("a name here is {length} characters long"), help);
        } else if let Some(c) = first_unseen(key).or_else(|| key.chars().find(|c| c.is_control())) {
            self.complain_of_key(path, unseen(c), "leave it out");
        }
    }
}

fn unseen(c: char) -> String {
    format!("holds a character that cannot be seen (U+{:04X})", c as u32)
}
