//! The scenario reader: what it accepts, what it refuses, and in which words.

use detente::scenario::{builtin_names, load, load_text};

const FIXTURE: &str = "tests/fixtures/two-fronts.toml";

#[test]
fn a_valid_file_loads() {
    let loaded = load(FIXTURE).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.name, "two-fronts");
    assert_eq!(loaded.hash.len(), 16);
    let again = load_text("any name", &std::fs::read_to_string(FIXTURE).unwrap()).unwrap();
    assert_eq!(loaded, again);
}

#[test]
fn built_in_scenarios_load() {
    for name in builtin_names() {
        let loaded = load(name).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(loaded.name, *name);
        assert_eq!(loaded.scenario.extends, None);
    }
}
