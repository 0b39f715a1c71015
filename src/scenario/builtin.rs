//! Scenarios built into the program.

/// Every built-in scenario: name and text. The only list of them.
const BUILT_IN: &[(&str, &str)] = &[
    ("november-2024", include_str!("../../scenarios/november-2024.toml")),
    ("october-2023", include_str!("../../scenarios/october-2023.toml")),
];

/// Names of the built-in scenarios.
#[must_use]
pub fn builtin_names() -> &'static [&'static str] {
    const NAMES: [&str; BUILT_IN.len()] = {
        let mut names = [""; BUILT_IN.len()];
        let mut i = 0;
        while i < names.len() {
            names[i] = BUILT_IN[i].0;
            i += 1;
        }
        names
    };
    &NAMES
}

/// The text of a built-in scenario.
#[must_use]
pub fn builtin(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
