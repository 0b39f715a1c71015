//! The two branches that are compared, and the futures that are wanted for what is shown.

use super::room::Studio;
use crate::act::Tab;
use detente_session::desk::Want;

impl Studio {
    /// The futures that are wanted: those of the two branches that are compared, else those of the policy. A report is about
    /// the policy, whatever is on the screen, and about the two branches as well where they are compared.
    pub(super) fn wanted(&self) -> Want {
        let done = self.report_waits.is_some() && self.compared_whole().is_some();
        self.comparing().filter(|_| !done).map_or(Want::Policy, Want::Branches)
    }

    /// The two branches shown side by side, if they are.
    pub(super) fn comparing(&self) -> Option<[usize; 2]> {
        self.pair().filter(|_| self.tab == Tab::Compare)
    }

    /// The two branches to compare: those that were chosen, as long as both are there and one of them is the branch shown;
    /// else the branch shown and the one that it left, or one that left it.
    pub(super) fn pair(&self) -> Option<[usize; 2]> {
        let (sitting, current) = (&self.sitting, self.sitting.current());
        let n = sitting.branches().len();
        let chosen =
            self.pair.filter(|pair| pair[0] != pair[1] && pair.contains(&current) && pair.iter().all(|b| *b < n));
        let parent = |branch: usize| sitting.branches()[branch].fork.and_then(|(id, _)| sitting.position(id));
        let related = || {
            let child = || (0..n).rev().find(|&b| parent(b) == Some(current)).map(|child| [current, child]);
            parent(current).map(|parent| [parent, current]).or_else(child)
        };
        chosen.or_else(related)
    }
}
