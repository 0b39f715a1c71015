//! The evenings that maps show, read once for as long as nothing changes.

use detente_model::sim::rules::Rules;
use detente_model::sim::world::Snapshot;
use detente_session::Sitting;
use std::borrow::Cow;

/// One evening of one branch.
#[derive(Clone)]
pub(super) struct Evening {
    key: (u64, usize),
    /// Its state.
    pub now: Snapshot,
    /// Values of every series.
    pub row: Vec<f64>,
    /// Rules as its levers have them in force, where these are not those of the start.
    moved: Option<Rules>,
}

impl Evening {
    fn of(sitting: &Sitting, key: (u64, usize), now: Snapshot) -> Self {
        let moved = match sitting.rules.under(&now.levers) {
            Cow::Owned(rules) => Some(rules),
            Cow::Borrowed(_) => None,
        };
        Self { key, row: sitting.stage().row(&sitting.rules, &now), moved, now }
    }

    /// Rules as they were in force that evening.
    pub fn rules<'a>(&'a self, sitting: &'a Sitting) -> &'a Rules {
        self.moved.as_ref().unwrap_or(&sitting.rules)
    }
}

/// Those that are on screen: of one map or two, and of the world without the policy.
#[derive(Default)]
pub(super) struct Evenings {
    /// Of the map, and of the second one beside it.
    pub shown: [Option<Evening>; 2],
    /// Without the policy since the fork, where there is one.
    pub unchanged: Option<Evening>,
}

impl Evenings {
    /// Reads the evening before the playhead on a branch, for the map in this place.
    pub fn look(&mut self, sitting: &mut Sitting, place: usize, branch: usize) {
        let key = (sitting.revision(), branch);
        if self.shown[place].as_ref().is_none_or(|evening| evening.key != key) {
            let today = sitting.today();
            let now = if branch == sitting.current() { sitting.now().clone() } else { sitting.state(branch, today) };
            self.shown[place] = Some(Evening::of(sitting, key, now));
        }
    }

    /// Reads the same evening as it would be without the policy.
    pub fn look_unchanged(&mut self, sitting: &mut Sitting) {
        let key = (sitting.revision(), sitting.current());
        if sitting.branch().policy().next().is_none() {
            self.unchanged = None;
        } else if self.unchanged.as_ref().is_none_or(|evening| evening.key != key) {
            let now = sitting.had_it_not_changed();
            self.unchanged = Some(Evening::of(sitting, key, now));
        }
    }
}
