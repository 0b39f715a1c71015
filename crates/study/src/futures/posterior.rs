//! The posterior that ships: what the record to 31 August 2024 says about the numbers of `october-2023`, as `detente fit --write`
//! leaves it in `assets/observed/posterior.toml`.

use detente_model::sim::rules::{Known, Rules, Score};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const SHIPPED: &str = include_str!("../../../../assets/observed/posterior.toml");

/// A table of what a fit identified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Scenario whose numbers these are.
    pub scenario: String,
    /// Last day of the record.
    pub until: Date,
    /// Futures.
    pub futures: u64,
    /// Seed.
    pub seed: u64,
    /// Digest of what was observed.
    pub observed: String,
    /// Numbers that were identified, in their order.
    #[serde(default)]
    pub numbers: Vec<Row>,
}

/// One number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Id.
    pub id: String,
    /// Mean of its normal score; 0 under the prior.
    pub mean: f64,
    /// Standard deviation of that; 1 under the prior.
    pub sd: f64,
    /// Least value of the prior that the score is of.
    pub low: f64,
    /// Largest.
    pub high: f64,
}

impl Table {
    /// The one that ships.
    ///
    /// # Errors
    /// If the file does not hold one; in a sentence.
    pub fn shipped() -> Result<Self, String> {
        Self::read(SHIPPED).map_err(|why| format!("assets/observed/posterior.toml cannot be read: {why}"))
    }

    /// Reads a table.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let table: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        match table.numbers.iter().find(|row| !(row.mean.is_finite() && row.sd.is_finite() && row.sd > 0.0)) {
            Some(row) => Err(format!("{}: mean and sd must be numbers, and sd above 0", row.id)),
            None => Ok(table),
        }
    }

    /// As a file holds it.
    #[must_use]
    pub fn text(&self) -> String {
        let said = "# What the record says about the numbers: `--params posterior` draws from this. Made by `detente fit --write \
                    assets/observed/posterior.toml`;\n# docs/learning.md says how. Scores are of the prior with these ends: a \
                    number whose range has changed since is drawn from its range.\n\n";
        // Plain data: there is nothing to fail.
        format!("{said}{}", toml::to_string(self).unwrap_or_default())
    }

    /// Its numbers, as rules take them.
    #[must_use]
    pub fn known(&self) -> Vec<Known> {
        let of = |row: &Row| Known {
            id: row.id.clone(),
            score: Score { mean: row.mean, sd: row.sd },
            low: row.low,
            high: row.high,
        };
        self.numbers.iter().map(of).collect()
    }
}

/// Rules whose draws follow the posterior that ships.
///
/// # Errors
/// If what ships cannot be read; in a sentence.
pub fn learn(rules: Rules) -> Result<Rules, String> {
    Ok(rules.learn(&Table::shipped()?.known()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::sim::rules::Learnt;

    /// What ships is of the numbers that there are: ids and priors are those of the scenario that was fitted.
    #[test]
    fn the_posterior_that_ships_is_of_the_numbers_and_priors_of_this_model() {
        let table = Table::shipped().unwrap();
        assert_eq!(table.scenario, "october-2023");
        assert!(table.until <= jiff::civil::date(2024, 8, 31), "nothing is fitted to later days");
        let rules = Rules::new(&detente_model::scenario::load(&table.scenario).unwrap());
        let taken = learn(rules).unwrap().frame.learnt.as_ref().map_or(0, Learnt::len);
        assert_eq!(
            taken,
            table.numbers.len(),
            "a number is unknown, fixed or of another range; make the posterior anew: \
             cargo run --release --no-default-features -- fit --write assets/observed/posterior.toml"
        );
    }

    #[test]
    fn a_table_is_read_as_it_was_written_and_nonsense_is_refused() {
        let row = Row { id: "table.h0[GAZ]".to_owned(), mean: -0.75, sd: 0.5, low: 0.01, high: 0.1 };
        let mut table = Table { numbers: vec![row], ..Table::shipped().unwrap() };
        assert_eq!(Table::read(&table.text()).unwrap(), table);
        table.numbers[0].sd = 0.0;
        assert!(Table::read(&table.text()).unwrap_err().contains("table.h0[GAZ]"));
        table.numbers.clear();
        assert_eq!(Table::read(&table.text()).unwrap(), table);
    }
}
