//! What was registered before later observations were seen: `assets/observed/registered.toml`.

use super::backtest::Plan;
use crate::now::shipped_digests;
use serde::{Deserialize, Serialize};

const REGISTERED: &str = include_str!("../../../../assets/observed/registered.toml");

/// Version, scenario and settings of which the score counts as a forecast, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// Version of the model, as `detente --version` says it before the digest of its sources (a corrected text is no other
    /// forecast); empty as long as none is registered.
    pub version: String,
    /// Digest of the nowcast that ships with it: other equations, or another filter, give another one.
    pub nowcast: String,
    /// Scenario from whose start the filter runs.
    pub scenario: String,
    /// Particles of the filter.
    pub particles: usize,
    /// Members of each forecast.
    pub members: u64,
    /// Seed.
    pub seed: u64,
    /// Days from one origin to the next.
    pub every: u32,
    /// Weeks ahead.
    pub horizons: Vec<u32>,
    /// The last day of which anything was used while the model was made.
    pub last_day_used: jiff::civil::Date,
}

/// What was registered, and how a score stands to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// What was registered.
    #[serde(flatten)]
    pub registered: Registered,
    /// Whether this program is of the registered version.
    pub this_version: bool,
    /// Whether scenario, particles, members, seed, steps and horizons are the registered ones, too.
    pub this_score: bool,
}

/// Reads what is registered.
///
/// # Errors
/// If the file of this package does not hold it.
pub fn registered() -> Result<Registered, String> {
    toml::from_str(REGISTERED).map_err(|error| format!("assets/observed/registered.toml cannot be read: {error}"))
}

impl Registered {
    /// How a score of `scenario` by program version `version`, with the nowcasts that ship with this program, stands to it.
    #[must_use]
    pub fn against(self, version: &str, scenario: &str, plan: &Plan) -> Standing {
        let name = version.split('+').next().unwrap_or(version);
        let this_version = self.version == name && shipped_digests().any(|(_, digest)| digest == self.nowcast);
        let same = (self.particles, self.members, self.seed, self.every)
            == (plan.particles, plan.members, plan.seed, plan.every);
        let this_score = this_version && same && self.scenario == scenario && self.horizons == plan.horizons;
        Standing { registered: self, this_version, this_score }
    }
}

impl Standing {
    /// The same in one sentence; `here` is the version of this program.
    #[must_use]
    pub fn sentence(&self, here: &str) -> String {
        match self {
            Self { this_score: true, registered, .. } => {
                format!("Version and settings are those that count for days after {}.", registered.last_day_used)
            }
            Self { registered, .. } if registered.version.is_empty() => "No version is registered yet.".to_owned(),
            Self { this_version: true, .. } => "This version is the registered one; these settings are not.".to_owned(),
            Self { registered, .. } => format!("Registered is version {}; this is {here}.", registered.version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_registered_can_be_run_and_ends_before_what_is_sealed() {
        let of = registered().unwrap();
        assert!(of.last_day_used <= date(2024, 11, 7));
        // The model, or its filter, is not the one that was registered: take the change back, or register it anew with a
        // reason in CHANGELOG.md.
        assert_eq!(of.version, env!("CARGO_PKG_VERSION"));
        assert_eq!(shipped_digests().find(|(date, _)| *date == of.last_day_used.to_string()).unwrap().1, of.nowcast);
        assert!(of.particles >= 2 && of.members >= 2 && !of.horizons.is_empty());
        detente_model::scenario::load(&of.scenario).unwrap();
        let plan = Plan {
            from: date(2024, 1, 4),
            to: date(2024, 1, 4),
            every: of.every,
            horizons: of.horizons.clone(),
            members: of.members,
            particles: of.particles,
            series: Vec::new(),
            seed: of.seed,
        };
        let standing = of.clone().against(&of.version, &of.scenario, &plan);
        assert!(standing.this_version && standing.this_score);
        assert!(of.clone().against(&format!("{}+sources", of.version), &of.scenario, &plan).this_version);
        assert!(
            !Registered { nowcast: String::new(), ..of.clone() }.against(&of.version, &of.scenario, &plan).this_version
        );
        assert!(!of.clone().against("0.0.0+another", &of.scenario, &plan).this_version);
        let other = Plan { seed: of.seed + 1, ..plan };
        let standing = of.clone().against(&of.version, &of.scenario, &other);
        assert!(standing.this_version && !standing.this_score);
    }
}
