//! What an event is about: the one answer for whoever filters, groups or illustrates events.

use crate::sim::event::Event;
use crate::sim::rules::Rules;

/// What an event is about; positions refer to [`Rules`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Actors in it, each once.
    pub actors: Vec<usize>,
    /// Front.
    pub front: Option<usize>,
    /// Table.
    pub table: Option<usize>,
    /// Pair whose exchange it belongs to.
    pub pair: Option<usize>,
    /// Site.
    pub site: Option<usize>,
}

impl Event {
    /// What it is about.
    #[must_use]
    pub fn about(&self, rules: &Rules) -> About {
        let mut about = About::default();
        match *self {
            Event::Struck(s) => {
                let (a, b) = (usize::from(s.actor), usize::from(s.opponent));
                about.actors = vec![a, b, usize::from(s.victim)];
                let between = |l: &&crate::sim::rules::LedgerRules| {
                    (l.holder, l.against) == (a, b) || (l.holder, l.against) == (b, a)
                };
                let ledger = rules.ledgers.iter().find(between);
                about.pair = ledger.map(|l| l.pair);
                // A blow at an ally is about the front on which it fell.
                let both = |f: &crate::sim::rules::FrontRules| {
                    f.parties.contains(&a) && f.parties.contains(&usize::from(s.victim))
                };
                let fell = rules.fronts.iter().position(both).filter(|_| s.victim != s.opponent);
                about.front = fell.or(ledger.and_then(|l| l.front));
                about.site = Some(usize::from(s.site)).filter(|&site| site < rules.frame.sites.len());
            }
            Event::Signed { table, .. } | Event::Collapsed { table, .. } => about.at_table(rules, table),
            Event::Spoiler { table, actor } => {
                about.at_table(rules, table);
                about.actors = vec![usize::from(actor)];
            }
            Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => {
                let l = &rules.ledgers[usize::from(ledger)];
                about.actors = vec![l.holder, l.against];
                (about.pair, about.front) = (Some(l.pair), l.front);
            }
            Event::War { pair, .. } => {
                let rule = &rules.pairs[usize::from(pair)];
                about.actors = rule.ledgers.iter().map(|&l| rules.ledgers[l].holder).collect();
                (about.pair, about.front) = (Some(usize::from(pair)), rule.front);
            }
            Event::LevelMoved { front, .. } | Event::FireDay { front, .. } => {
                let front = usize::from(front);
                about.front = Some(front);
                about.actors.clone_from(&rules.fronts[front].parties);
                about.pair = rules.fronts[front].ledgers.first().map(|&l| rules.ledgers[l].pair);
            }
            Event::HostsWarned { foe, hosts } => {
                about.actors = vec![usize::from(foe)];
                let warned = rules.hosts.iter().enumerate().filter(|(i, _)| hosts >> i & 1 == 1);
                about.actors.extend(warned.map(|(_, host)| host.actor));
            }
            Event::Roadmap { roadmap, .. } => about.at_table(rules, rules.roadmaps[usize::from(roadmap)].table as u16),
            Event::Path { path, .. } => about.at_table(rules, rules.paths[usize::from(path)].table as u16),
            Event::Iraq { integration, .. } => about.actors = vec![rules.integrations[usize::from(integration)].actor],
            Event::Nuclear { programme, .. } => about.actors = vec![rules.programmes[usize::from(programme)].actor],
            Event::Unrest { factions, .. } => about.actors = vec![rules.factions[usize::from(factions)].actor],
            Event::LeverMoved(_)
            | Event::Calendar { .. }
            | Event::ChannelTurned { .. }
            | Event::CorridorLost { .. }
            | Event::CouncilVote { .. }
            | Event::AssemblyVote { .. } => {}
        }
        about.actors.sort_unstable();
        about.actors.dedup();
        about
    }
}

impl About {
    fn at_table(&mut self, rules: &Rules, table: u16) {
        let rule = &rules.tables[usize::from(table)];
        (self.table, self.front) = (Some(usize::from(table)), rule.front);
        self.actors = rule.parties.iter().map(|party| party.actor).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_belongs_to_its_pair_and_a_truce_to_its_table() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let id = |id: &str| rules.actor(id).unwrap();
        let ledger = rules.ledgers.iter().position(|l| (l.holder, l.against) == (id("IRN"), id("ISR"))).unwrap();
        let owed = Event::AnswerOwed { ledger: ledger as u16 }.about(&rules);
        assert_eq!(owed.pair, Some(rules.ledgers[ledger].pair));
        assert!(owed.actors.contains(&id("IRN")) && owed.actors.contains(&id("ISR")) && owed.actors.len() == 2);
        let table = rules.table("LEB").unwrap();
        let signed = Event::Signed { table: table as u16, left_out: None }.about(&rules);
        assert_eq!((signed.table, signed.pair, signed.front), (Some(table), None, rules.tables[table].front));
        assert_eq!(Event::Calendar { entry: 0 }.about(&rules), About::default());
    }

    /// A blow at an ally is filed on the front of that ally, everything else between two states on the front of their exchange.
    #[test]
    fn a_blow_is_filed_where_it_fell() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let id = |id: &str| rules.actor(id).unwrap() as u16;
        let front = |victim: &str, kind| {
            let strike = crate::sim::state::Strike {
                kind,
                actor: id("ISR"),
                opponent: id("IRN"),
                victim: id(victim),
                ledger: rules.ledger("ISR|IRN").unwrap() as u16,
                initiative: 0,
                magnitude: 1.0,
                class: crate::sim::state::TargetClass::Military,
                site: u16::MAX,
                telegraphed: false,
                rounds: [0; 3],
                arrivals: 0,
                intercepted: 0,
                hits: 0,
                deaths: 0,
            };
            Event::Struck(strike).about(&rules).front.map(|front| rules.fronts[front].id.text.clone())
        };
        use crate::sim::state::StrikeKind::{AirStrike, Blow, Preventive};
        assert_eq!(front("IRN", Blow).as_deref(), Some("IRN-ISR"));
        assert_eq!(front("HZB", Blow).as_deref(), Some("LEB"));
        assert_eq!(front("HAM", Blow).as_deref(), Some("GAZ"));
        for kind in [AirStrike, Preventive] {
            assert_eq!(front("IRN", kind).as_deref(), Some("IRN-ISR"));
        }
    }
}
