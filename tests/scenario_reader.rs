//! The scenario reader: what it accepts, what it refuses, and in which words.

use detente::scenario::{load, load_text};

const FIXTURE: &str = "tests/fixtures/two-fronts.toml";

#[test]
fn a_valid_file_loads() {
    let loaded = load(FIXTURE).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.name, "two-fronts");
    assert_eq!(loaded.hash.len(), 16);
    let again = load_text("any name", &std::fs::read_to_string(FIXTURE).unwrap()).unwrap();
    assert_eq!(loaded, again);
}
