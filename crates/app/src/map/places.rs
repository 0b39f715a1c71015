//! Where on the map an event is shown.

use super::facts::Facts;
use super::fronts;
use super::project::Plane;
use detente_model::sim::event::Event;

impl Facts<'_> {
    /// Where an event is shown, if it is about a place.
    pub fn place_of(&self, event: &Event) -> Option<Plane> {
        let rules = self.scene.rules;
        let home = |actor: usize| self.homes.get(actor).copied().flatten();
        let at = |site: usize| self.sites.get(site).map(|(_, _, place)| *place);
        let middle = |front: usize| {
            let path = fronts::front(self, front)?.path;
            path.get(path.len() / 2).copied()
        };
        match event {
            Event::Struck(s) => at(usize::from(s.site)).or_else(|| home(usize::from(s.victim))),
            Event::Signed { table, .. } | Event::Collapsed { table, .. } => {
                let table = &rules.tables[usize::from(*table)];
                table.front.and_then(middle).or_else(|| home(table.parties.first()?.actor))
            }
            Event::Spoiler { actor, .. } => home(usize::from(*actor)),
            Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => {
                home(rules.ledgers[usize::from(*ledger)].holder)
            }
            Event::War { pair, .. } => rules.pairs[usize::from(*pair)].front.and_then(middle),
            Event::LevelMoved { front, .. } | Event::FireDay { front, .. } => middle(usize::from(*front)),
            Event::HostsWarned { hosts, .. } => {
                let first = rules.hosts.get(hosts.trailing_zeros() as usize)?;
                at(*first.bases.first()?)
            }
            Event::ChannelTurned { channel, .. } => {
                let id = &rules.channels[usize::from(*channel)].id.text;
                self.site(self.scene.scenario.channels.get(id)?.site.as_ref()?)
            }
            Event::CorridorLost { corridor } => {
                let id = &rules.corridors[usize::from(*corridor)].id.text;
                self.site(self.scene.scenario.corridors.get(id)?.sites.first()?)
            }
            Event::Nuclear { programme, .. } => {
                let programme = &rules.programmes[usize::from(*programme)];
                programme.sites.first().and_then(|s| at(*s)).or_else(|| home(programme.actor))
            }
            Event::Roadmap { .. } => rules.front("KSA-HOU").and_then(middle),
            Event::Iraq { integration, .. } => home(rules.integrations[usize::from(*integration)].actor),
            Event::Unrest { factions, .. } => home(rules.factions[usize::from(*factions)].actor),
            Event::Path { .. } => rules.front("GAZ").and_then(middle),
            Event::LeverMoved(_) | Event::Calendar { .. } | Event::CouncilVote { .. } | Event::AssemblyVote { .. } => {
                None
            }
        }
    }
}
