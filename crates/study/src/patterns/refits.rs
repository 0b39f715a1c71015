//! Numbers refitted on the training window: `assets/observed/refits.toml`.

use super::facts::Unusable;
use serde::{Deserialize, Serialize};

const REFITS: &str = include_str!("../../../../assets/observed/refits.toml");

/// A number that was changed because the model missed a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refit {
    /// Scenario that states the number.
    pub scenario: String,
    /// Where in the scenario, keys from the outermost in.
    pub path: Vec<String>,
    /// Value before.
    pub old: f64,
    /// Value now.
    pub new: f64,
    /// Key of the fact that was missed.
    pub fact: String,
    /// What the model gave before, in words.
    pub before: String,
    /// What it gives now.
    pub after: String,
    /// Why this number and why this value.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    refits: Vec<Refit>,
}

/// Reads the refits of this package.
///
/// # Errors
/// If the file does not hold refits.
pub fn list() -> Result<Vec<Refit>, Unusable> {
    let file: Result<File, _> = toml::from_str(REFITS);
    file.map(|file| file.refits).map_err(|error| Unusable(format!("The file of refits cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::facts::{Label, book};

    #[test]
    fn only_facts_of_the_training_window_were_fitted() {
        let book = book().unwrap();
        for refit in list().unwrap() {
            let fact = book.facts.iter().find(|fact| fact.key == refit.fact).unwrap();
            assert_eq!(Label::of(fact.window[1]), Label::Train, "{}", refit.fact);
        }
    }

    #[test]
    fn the_scenarios_hold_what_the_list_says() {
        for refit in list().unwrap() {
            let loaded = detente_model::scenario::load(&refit.scenario).unwrap();
            let value = if let [first, id] = &refit.path[..]
                && first == "parameters"
            {
                detente_model::sim::rules::Rules::new(&loaded).frame.parameters.get(id).unwrap()
            } else {
                let scenario = serde_json::to_value(loaded.scenario).unwrap();
                let at = refit.path.iter().fold(&scenario, |at, key| &at[key]);
                at.get("value").unwrap_or(at).as_f64().unwrap()
            };
            assert!((value - refit.new).abs() < 1e-12, "{:?} is {value}", refit.path);
        }
    }
}
