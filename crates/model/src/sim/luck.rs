//! Every process that draws, and its keys for every entity of a run.
//!
//! The names are part of the model's format: renaming one changes every run.

use super::rules::Rules;
use crate::chance::Key;

macro_rules! luck {
    ($( $name:ident : $of:ident, $doc:literal; )*) => {
        /// Keys of one future, by process and entity.
        #[derive(Clone, Debug, Default)]
        pub struct Luck {
            /// Root of the future's draws.
            pub root: Option<Key>,
            $( #[doc = $doc] pub $name: Vec<Key>, )*
        }

        impl Luck {
            /// The keys of this future for every entity of these rules.
            #[must_use]
            pub fn new(rules: &Rules, seed: u64, future: u64) -> Self {
                let mut luck = Self::default();
                luck.reseed(rules, seed, future);
                luck
            }

            /// Takes the keys of another future, keeping the memory.
            pub fn reseed(&mut self, rules: &Rules, seed: u64, future: u64) {
                let root = Key::new(seed, future);
                self.root = Some(root);
                $(
                    let process = root.of(stringify!($name));
                    self.$name.clear();
                    self.$name.extend(rules.$of.iter().map(|entity| process.of_hash(entity.id.hash)));
                )*
            }
        }
    };
}

luck! {
    fire: streams, "Count of a stream: k = 0.";
    fire_deaths: streams, "Deaths of a stream: k = number of the event.";
    answer: ledgers, "Whether a ledger holder answers: k = 0.";
    answer_size: ledgers, "How large the answer is: k = 0.";
    war_end: pairs, "Whether war mode ends: k = 0.";
    strike: ledgers, "How an answer goes: k names the step (see `salvo`).";
    perceive: ledgers, "How harm is perceived: k = low bits of the hash of the ledger or initiative that the strike came from.";
    blow: initiatives, "Whether a blow falls (0), its severity (1), its victim (2).";
    preventive: initiatives, "Whether a preventive strike comes: k = 0.";
    initiative_strike: initiatives, "How a blow or preventive strike goes: k names the step.";
    sign: tables, "Whether a table signs: k = 0.";
    table_shock: tables, "Common shock of a table: k = 0.";
    collapse: tables, "Whether an agreement collapses (0), and how far (1).";
    spoiler: tables, "Whether left-out groups attack: k = low bits of the hash of the group's id.";
    joining: initiatives, "Whether a friend joins a preventive strike: k = 0; how its strike goes, by step.";
    base: hosts, "Whether a base is struck, and how: k names the step.";
    corridor: corridors, "Whether a corridor is lost: k = 0.";
    roadmap: roadmaps, "Whether a roadmap is suspended or resumed (0), whether it reaches its next stage (1).";
    programme: programmes, "A nuclear programme: k names the step (see `nuclear`).";
    council: councils, "Drafts, texts and votes: k names the step (see `council`).";
    path: paths, "Elections (0), stages (1 to 3) and the noise of a vote (4) of a path.";
    step: fronts, "Whether a front steps up (0) or down (1).";
}
