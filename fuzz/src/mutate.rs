//! Changes to an input: to its bytes, its words, its lines, or its tree.

use fastrand::Rng;
use serde_json::Value as Json;
use toml::Value as Toml;

/// How an input is made, so that it can be changed where it has joints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text without a tree.
    Text,
    /// A table of TOML.
    Toml,
    /// A value of JSON.
    Json,
}

/// Pieces that are wrong nearly everywhere, or right in the wrong place.
const PIECES: &[&str] = &[
    "",
    "=",
    ".",
    ",",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    "#",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "é",
    "→",
    "nan",
    "-inf",
    "1e999",
    "-1",
    "0",
    "0x10",
    "1_000",
    "99999999999999999999",
    "0.95",
    "true",
    "null",
    "2024-02-30",
    "2024-11-08",
    "9999-12-31",
    "2024-11-08T00:00:00Z",
    "07:32:00",
    "../../x",
];

/// Bytes that begin, end or break something.
const BYTES: &[u8] = b"0{[\"\\,}9]=.-#%_\n \x00\x1b\x80\xff";

/// Changes an input once to a few times. `others` lends pieces and subtrees; `words` are those of the format.
#[must_use]
pub fn mutate(input: &[u8], form: Form, others: &[Vec<u8>], words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..1 << rng.u32(0..4) {
        bytes = once(&bytes, form, others, words, rng);
    }
    bytes
}

fn once(input: &[u8], form: Form, others: &[Vec<u8>], words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let empty = Vec::new();
    let other = rng.choice(others).unwrap_or(&empty);
    let text = || String::from_utf8_lossy(input).into_owned();
    match rng.u32(0..10) {
        0 | 1 => of_bytes(input.to_vec(), rng),
        2 => splice(input, other, rng),
        3 => pieces(lines(&text()), &lines(&String::from_utf8_lossy(other)), words, rng),
        4 | 5 => pieces(tokens(&text()), &tokens(&String::from_utf8_lossy(other)), words, rng),
        _ => tree(input, form, other, words, rng).unwrap_or_else(|| pieces(tokens(&text()), &[], words, rng)),
    }
}

fn of_bytes(mut bytes: Vec<u8>, rng: &mut Rng) -> Vec<u8> {
    let at = rng.usize(0..=bytes.len());
    match rng.u32(0..5) {
        0 if at < bytes.len() => bytes[at] ^= 1 << rng.u32(0..8),
        1 if at < bytes.len() => drop(bytes.remove(at)),
        2 => bytes.insert(at, BYTES[rng.usize(0..BYTES.len())]),
        3 => bytes.truncate(at),
        _ => {
            let to = (at + rng.usize(0..64)).min(bytes.len());
            let again = bytes[at..to].repeat(rng.usize(1..4));
            drop(bytes.splice(at..at, again));
        }
    }
    bytes
}

/// The beginning of one, and the end of the other.
fn splice(input: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let (a, b) = (rng.usize(0..=input.len()), rng.usize(0..=other.len()));
    [&input[..a], &other[b..]].concat()
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

/// A text in words, numbers and single marks.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in text.chars() {
        let word = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if word && in_word => last.push(c),
            _ => tokens.push(c.to_string()),
        }
        in_word = word;
    }
    tokens
}

fn word<'a>(words: &[&'a str], rng: &mut Rng) -> &'a str {
    let own = rng.choice(words).copied().filter(|_| rng.bool());
    own.unwrap_or(PIECES[rng.usize(0..PIECES.len())])
}

fn pieces(mut all: Vec<String>, others: &[String], words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let at = rng.usize(0..=all.len());
    let new = match rng.choice(others) {
        Some(piece) if rng.bool() => piece.clone(),
        _ => word(words, rng).to_owned(),
    };
    if at < all.len() {
        match rng.u32(0..5) {
            0 => drop(all.remove(at)),
            1 => all.insert(at, all[at].clone()),
            2 => {
                let to = rng.usize(0..all.len());
                all.swap(at, to);
            }
            3 => all[at] = new,
            _ => all.insert(at, new),
        }
    } else {
        all.push(new);
    }
    all.concat().into_bytes()
}

/// What a tree of either format can do.
trait Tree: Clone {
    /// Its branches, by number.
    fn branches(&self) -> usize;
    fn branch(&mut self, at: usize) -> Option<&mut Self>;
    /// The key of a branch, if it has one.
    fn key(&self, at: usize) -> Option<String>;
    /// Leaves a branch out.
    fn cut(&mut self, at: usize);
    /// Puts another branch in, under the key of one that is there, or a new key.
    fn put(&mut self, key: &str, value: Self);
    /// A value that is seldom right.
    fn odd(words: &[&str], rng: &mut Rng) -> Self;
}

macro_rules! tree {
    ($value:ident, $table:ident, $odd:expr) => {
        impl Tree for $value {
            fn branches(&self) -> usize {
                match self {
                    $value::Array(list) => list.len(),
                    $value::$table(table) => table.len(),
                    _ => 0,
                }
            }

            fn branch(&mut self, at: usize) -> Option<&mut Self> {
                match self {
                    $value::Array(list) => list.get_mut(at),
                    $value::$table(table) => table.iter_mut().nth(at).map(|(_, value)| value),
                    _ => None,
                }
            }

            fn key(&self, at: usize) -> Option<String> {
                match self {
                    $value::$table(table) => table.keys().nth(at).cloned(),
                    _ => None,
                }
            }

            fn cut(&mut self, at: usize) {
                match self {
                    $value::Array(list) if at < list.len() => drop(list.remove(at)),
                    $value::$table(table) => {
                        if let Some(key) = table.keys().nth(at).cloned() {
                            table.remove(&key);
                        }
                    }
                    _ => {}
                }
            }

            fn put(&mut self, key: &str, value: Self) {
                match self {
                    $value::Array(list) => list.push(value),
                    $value::$table(table) => drop(table.insert(key.to_owned(), value)),
                    other => *other = value,
                }
            }

            #[allow(clippy::redundant_closure_call, reason = "the macro is given the odd values of its format")]
            fn odd(words: &[&str], rng: &mut Rng) -> Self {
                ($odd)(words, rng)
            }
        }
    };
}

tree!(Json, Object, |words: &[&str], rng: &mut Rng| match rng.u32(0..12) {
    0 => Json::Null,
    1 => Json::from(true),
    2 => Json::from(-1),
    3 => Json::from(i64::MAX),
    4 => Json::from(u64::MAX),
    5 => Json::from(1e308),
    6 => Json::from(rng.f64()),
    7 => Json::from("x".repeat(rng.usize(0..20_000))),
    8 => Json::Array(Vec::new()),
    9 => Json::Object(serde_json::Map::new()),
    10 => serde_json::from_str("[[[[[[[[1]]]]]]]]").unwrap_or_default(),
    _ => Json::from(word(words, rng)),
});

tree!(Toml, Table, |words: &[&str], rng: &mut Rng| match rng.u32(0..11) {
    0 => Toml::Boolean(rng.bool()),
    1 => Toml::Integer(rng.i64(..)),
    2 => Toml::Integer(rng.i64(-10..5_000)),
    3 => Toml::Float(rng.f64() * 1.5),
    4 => Toml::Float(f64::from_bits(rng.u64(..))),
    5 => Toml::Array(Vec::new()),
    6 => Toml::Table(toml::Table::new()),
    7 => Toml::Datetime(toml::value::Datetime {
        date: Some(toml::value::Date { year: rng.u16(2023..2026), month: rng.u8(1..13), day: rng.u8(1..29) }),
        time: None,
        offset: None,
    }),
    8 => Toml::String("x".repeat(rng.usize(0..2_000))),
    _ => Toml::String(word(words, rng).to_owned()),
});

fn tree(input: &[u8], form: Form, other: &[u8], words: &[&str], rng: &mut Rng) -> Option<Vec<u8>> {
    match form {
        Form::Text => None,
        Form::Json => {
            let mut value: Json = serde_json::from_slice(input).ok()?;
            change(&mut value, serde_json::from_slice(other).ok(), words, rng);
            Some(value.to_string().into_bytes())
        }
        Form::Toml => {
            let read = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse().ok().map(Toml::Table);
            let mut value: Toml = read(input)?;
            change(&mut value, read(other), words, rng);
            Some(toml::to_string(&value).ok()?.into_bytes())
        }
    }
}

/// Goes down somewhere and changes what is there.
fn change<T: Tree>(value: &mut T, other: Option<T>, words: &[&str], rng: &mut Rng) {
    let n = value.branches();
    if n == 0 || rng.u32(0..6) == 0 {
        // A branch of another input, under its own key or another; or something odd.
        let (key, graft) = match other.filter(|_| rng.u32(0..3) > 0) {
            Some(tree) => twig(tree, rng),
            None => (None, T::odd(words, rng)),
        };
        let key = key.filter(|_| rng.u32(0..4) > 0).unwrap_or_else(|| word(words, rng).to_owned());
        return value.put(&key, graft);
    }
    let at = rng.usize(0..n);
    match rng.u32(0..8) {
        0 => value.cut(at),
        1 => {
            if let Some(branch) = value.branch(at).cloned() {
                value.put(word(words, rng), branch);
            }
        }
        2 => {
            if let Some(branch) = value.branch(at) {
                *branch = T::odd(words, rng);
            }
        }
        _ => {
            if let Some(branch) = value.branch(at) {
                change(branch, other, words, rng);
            }
        }
    }
}

/// Some part of a tree, and its key.
fn twig<T: Tree>(mut tree: T, rng: &mut Rng) -> (Option<String>, T) {
    let mut key = None;
    loop {
        let n = tree.branches();
        if n == 0 || (key.is_some() && rng.bool()) {
            return (key, tree);
        }
        let at = rng.usize(0..n);
        let name = tree.key(at);
        let Some(branch) = tree.branch(at).cloned() else { return (key, tree) };
        (key, tree) = (name.or(key), branch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_input_and_trees_stay_trees() {
        let (json, toml) = (br#"{"a": [1, {"b": "c"}], "d": null}"#, b"a = 1\n[b]\nc = [2, 3]\n");
        let mut still = 0;
        for seed in 0..200 {
            for (form, input) in [(Form::Json, &json[..]), (Form::Toml, toml), (Form::Text, b"play 3")] {
                let all = || mutate(input, form, &[input.to_vec()], &["a", "b"], &mut Rng::with_seed(seed));
                assert_eq!(all(), all(), "{form:?} {seed}");
            }
            let changed = tree(json, Form::Json, json, &["a"], &mut Rng::with_seed(seed)).unwrap();
            assert!(serde_json::from_slice::<Json>(&changed).is_ok());
            still += usize::from(tree(toml, Form::Toml, toml, &["a"], &mut Rng::with_seed(seed)).is_some());
        }
        assert!(still > 150, "{still}");
    }
}
