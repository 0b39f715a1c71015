//! Whatever the reader is given, it answers with a scenario or with errors that can be mended, and never panics.

use detente_model::scenario::{Errors, builtin, lever_log, levers_at_start, load_text, spectral_radius};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::fs;
use std::sync::LazyLock;
use toml::{Table, Value};

static FIXTURE: LazyLock<String> =
    LazyLock::new(|| fs::read_to_string("tests/fixtures/two-fronts.toml").expect("the fixture is there"));

/// Pieces of TOML and of scenarios, well and badly placed.
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
    "'''",
    "#",
    "\\",
    "\n",
    "\u{feff}",
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
    "2024-02-30",
    "2024-11-08",
    "2024-11-08T00:00:00Z",
    "07:32:00",
    "ISR",
    "HZB",
    "SHIPS",
    "ISR>HZB",
    "\"ISR>HZB\"",
    "\"ISR|HZB\"",
    "LEB",
    "streams",
    "value",
    "low",
    "high",
    "format",
    "extends = \"november-2024\"",
    "extends = \"two-fronts\"",
    "levers",
    "lever_changes",
    "calendar",
    "parties",
    "offspring",
    "mu",
    "date",
    "unifil",
    "troops",
    "us.sanctions_relief",
    "x.y.z",
    "on",
];

/// Reads a text and holds the answer to what is promised of it.
fn holds(toml: &str) -> Result<(), TestCaseError> {
    match load_text("fuzz.toml", toml) {
        Ok(loaded) => {
            let scenario = &loaded.scenario;
            prop_assert!(levers_at_start(scenario).values().iter().all(|value| value.is_finite()));
            prop_assert!(lever_log(scenario).is_sorted_by_key(|change| change.day));
            let text = toml::to_string(scenario).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let again =
                load_text("fuzz.toml", &text).map_err(|errors| TestCaseError::fail(format!("{errors}\n{text}")))?;
            prop_assert_eq!(again, loaded);
        }
        Err(Errors(errors)) => {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(!error.message.is_empty());
                prop_assert!(!error.to_string().contains('\n'), "{}", error);
                if error.file == "fuzz.toml" {
                    prop_assert!(error.line <= toml.split('\n').count(), "{}", error);
                    prop_assert_eq!(error.line == 0, error.column == 0);
                }
                // A structure that fits the schema but not the types would be a fault of this program.
                prop_assert!(!error.message.starts_with("cannot be understood"), "{}", error);
            }
        }
    }
    Ok(())
}

/// A change to a text made of pieces.
#[derive(Clone, Debug)]
enum Change {
    Delete(Index),
    Double(Index),
    Swap(Index, Index),
    Put(Index, &'static str),
    Insert(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<Index>().prop_map(Change::Delete),
        any::<Index>().prop_map(Change::Double),
        any::<(Index, Index)>().prop_map(|(a, b)| Change::Swap(a, b)),
        (any::<Index>(), select(PIECES)).prop_map(|(at, piece)| Change::Put(at, piece)),
        (any::<Index>(), select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
    ]
}

fn apply(pieces: &mut Vec<String>, change: &Change) {
    if pieces.is_empty() {
        return;
    }
    let n = pieces.len();
    match change {
        Change::Delete(at) => drop(pieces.remove(at.index(n))),
        Change::Double(at) => pieces.insert(at.index(n), pieces[at.index(n)].clone()),
        Change::Swap(a, b) => pieces.swap(a.index(n), b.index(n)),
        Change::Put(at, piece) => pieces[at.index(n)] = (*piece).to_owned(),
        Change::Insert(at, piece) => pieces.insert(at.index(n), (*piece).to_owned()),
    }
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

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

/// Keys of scenarios.
fn key() -> impl Strategy<Value = String> {
    static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
        fn collect(value: &Value, keys: &mut Vec<String>) {
            if let Value::Table(table) = value {
                keys.extend(table.keys().cloned());
            }
            match value {
                Value::Table(table) => table.values().for_each(|value| collect(value, keys)),
                Value::Array(items) => items.iter().for_each(|value| collect(value, keys)),
                _ => {}
            }
        }
        let mut keys = Vec::new();
        for text in [FIXTURE.as_str(), builtin("november-2024").expect("it is built in")] {
            collect(&Value::Table(text.parse::<Table>().expect("it is valid")), &mut keys);
        }
        keys.sort();
        keys.dedup();
        keys
    });
    prop_oneof![9 => select(KEYS.as_slice()), 1 => ".{0,6}"]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Integer),
        (-10_i64..5000).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Float),
        (0.0..1.5_f64).prop_map(Value::Float),
        any::<bool>().prop_map(Value::Boolean),
        key().prop_map(Value::String),
        select(PIECES).prop_map(|piece| Value::String(piece.to_owned())),
        (2023_u16..2026, 1_u8..13, 1_u8..29).prop_map(|(year, month, day)| {
            let date = toml::value::Date { year, month, day };
            Value::Datetime(toml::value::Datetime { date: Some(date), time: None, offset: None })
        }),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            4 => prop::collection::vec((key(), inner), 0..6).prop_map(|entries| Value::Table(entries.into_iter().collect())),
        ]
    })
}

/// Replaces a value somewhere in a tree.
fn graft(value: &mut Value, steps: &[Index], graft: Value) {
    let [step, rest @ ..] = steps else {
        *value = graft;
        return;
    };
    match value {
        Value::Table(table) if !table.is_empty() => {
            let n = table.len();
            if let Some((_, inner)) = table.iter_mut().nth(step.index(n)) {
                self::graft(inner, rest, graft);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let n = items.len();
            self::graft(&mut items[step.index(n)], rest, graft);
        }
        _ => *value = graft,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "(?s).{0,300}") {
        holds(&text)?;
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(select(PIECES), 0..80), spaced in any::<bool>()) {
        holds(&pieces.join(if spaced { " " } else { "" }))?;
    }

    #[test]
    fn changed_lines(changes in prop::collection::vec(change(), 1..8)) {
        let mut text = lines(&FIXTURE);
        changes.iter().for_each(|change| apply(&mut text, change));
        holds(&text.concat())?;
    }

    #[test]
    fn changed_words(changes in prop::collection::vec(change(), 1..8)) {
        let mut text = tokens(&FIXTURE);
        changes.iter().for_each(|change| apply(&mut text, change));
        holds(&text.concat())?;
    }

    #[test]
    fn any_tree(entries in prop::collection::vec((key(), tree()), 0..12), over in any::<bool>()) {
        let mut table: Table = entries.into_iter().collect();
        table.insert("format".to_owned(), Value::Integer(1));
        if over {
            table.insert("extends".to_owned(), Value::String("november-2024".to_owned()));
        }
        holds(&toml::to_string(&table).unwrap())?;
    }

    #[test]
    fn grafted_trees(grafts in prop::collection::vec((prop::collection::vec(any::<Index>(), 1..5), tree()), 1..4)) {
        let mut whole = Value::Table(FIXTURE.parse::<Table>().unwrap());
        for (steps, value) in grafts {
            graft(&mut whole, &steps, value);
        }
        holds(&toml::to_string(&whole).unwrap())?;
    }

    #[test]
    fn radius_is_a_number_between_the_bounds_of_its_rows(entries in prop::collection::vec(-1.0..3.0_f64, 0..50)) {
        let n = (0..8).rev().find(|n| n * n <= entries.len()).unwrap_or(0);
        let radius = spectral_radius(&entries, n);
        let sums = || entries[..n * n].chunks(n.max(1)).map(|row| row.iter().map(|entry| entry.max(0.0)).sum::<f64>());
        let (least, most) = (sums().fold(f64::INFINITY, f64::min), sums().fold(0.0, f64::max));
        prop_assert!(n == 0 || radius >= least - 1e-9, "{} < {}", radius, least);
        prop_assert!(radius <= most + 1e-9, "{} > {}", radius, most);
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = |open: &str, close: &str, n: usize| format!("format = 1\nx = {}1{}", open.repeat(n), close.repeat(n));
    let dotted = vec!["a"; 70].join(".");
    for text in [
        deep("[", "]", 70),
        deep("[", "]", 100_000),
        deep("{ a = ", " }", 70),
        deep("{ a = ", " }", 100_000),
        deep(&format!("{{ {dotted} = "), " }", 70),
        format!("format = 1\n[{}]\n", vec!["a"; 100_000].join(".")),
        format!("format = 1\n[{dotted}]\n{dotted} = 1\n"),
        format!("format = 1\n[levers]\n\"{}\" = 1\n", vec!["a"; 100_000].join(".")),
        format!("format = 1\n[levers]\n\"{}\" = 1\n", ".".repeat(100_000)),
    ] {
        assert!(load_text("deep.toml", &text).is_err());
    }
}
