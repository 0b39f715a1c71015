//! Scenarios built into the program.

/// Every built-in scenario: name and text. The only list of them: two starts, then the library by theme, then what is known
/// to have happened, and the world without the essay's claims.
const BUILT_IN: &[(&str, &str)] = &[
    ("november-2024", include_str!("../../../../scenarios/november-2024.toml")),
    ("october-2023", include_str!("../../../../scenarios/october-2023.toml")),
    ("piecemeal-deals", include_str!("../../../../scenarios/piecemeal-deals.toml")),
    ("collective-deal", include_str!("../../../../scenarios/collective-deal.toml")),
    ("full-1701", include_str!("../../../../scenarios/full-1701.toml")),
    ("no-unifil", include_str!("../../../../scenarios/no-unifil.toml")),
    ("roadmap-signed", include_str!("../../../../scenarios/roadmap-signed.toml")),
    ("coalition-leaves", include_str!("../../../../scenarios/coalition-leaves.toml")),
    ("coalition-rebranded", include_str!("../../../../scenarios/coalition-rebranded.toml")),
    ("maximum-pressure", include_str!("../../../../scenarios/maximum-pressure.toml")),
    ("deal-seeker", include_str!("../../../../scenarios/deal-seeker.toml")),
    ("muscat-reopened", include_str!("../../../../scenarios/muscat-reopened.toml")),
    ("nuclear-compromise", include_str!("../../../../scenarios/nuclear-compromise.toml")),
    ("threshold-state", include_str!("../../../../scenarios/threshold-state.toml")),
    ("closed-airspace", include_str!("../../../../scenarios/closed-airspace.toml")),
    ("council-abstention", include_str!("../../../../scenarios/council-abstention.toml")),
    ("elections-first", include_str!("../../../../scenarios/elections-first.toml")),
    ("the-region-incorporated", include_str!("../../../../scenarios/the-region-incorporated.toml")),
    ("deterrence-breaks-down", include_str!("../../../../scenarios/deterrence-breaks-down.toml")),
    ("proportionality", include_str!("../../../../scenarios/proportionality.toml")),
    ("parts-need-each-other", include_str!("../../../../scenarios/parts-need-each-other.toml")),
    ("neighbours-and-votes", include_str!("../../../../scenarios/neighbours-and-votes.toml")),
    ("restraint-returned", include_str!("../../../../scenarios/restraint-returned.toml")),
    ("restraint-on-all-sides", include_str!("../../../../scenarios/restraint-on-all-sides.toml")),
    ("as-it-happened", include_str!("../../../../scenarios/as-it-happened.toml")),
    ("null", include_str!("../../../../scenarios/null.toml")),
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
