//! Negotiation tables and mediation channels.

use super::{Role, Validator};
use crate::scenario::error::quoted;
use crate::scenario::raw::{Channel, Table};
use crate::scenario::tree::Path;
use crate::symbols::families as family;

impl Validator<'_> {
    pub(super) fn talks(&mut self) {
        let scenario = self.scenario;
        for (id, table) in &scenario.tables {
            self.table(&Path::of("tables").key(id), id, table);
        }
        for (id, channel) in &scenario.channels {
            self.channel(&Path::of("channels").key(id), channel);
        }
    }

    fn table(&mut self, path: &Path, id: &str, table: &Table) {
        if let Some(front) = &table.front {
            self.refer(&path.key("front"), "fronts", "front", front);
        }
        self.quantity(&path.key("eta"), &table.eta, &family::TABLE_ETA);
        self.quantity(&path.key("h0"), &table.h0, &family::TABLE_H0);
        self.quantity(&path.key("shape"), &table.shape, &family::TABLE_SHAPE);
        let parties = path.key("parties");
        self.at_least_two(&parties, table.parties.len());
        for (actor, party) in &table.parties {
            let path = parties.key(actor);
            self.refer_key(&path, "actors", "actor", actor);
            self.quantity(&path.key("benefit"), &party.benefit, &family::TABLE_BENEFIT);
            self.quantity(&path.key("war_cost"), &party.war_cost, &family::TABLE_WAR_COST);
            self.quantity(&path.key("audience_cost"), &party.audience_cost, &family::TABLE_AUDIENCE_COST);
            self.quantity(&path.key("commitment_cost"), &party.commitment_cost, &family::TABLE_COMMITMENT_COST);
            if let Some(signatory) = &party.signatory {
                let path = path.key("signatory");
                self.refer(&path, "actors", "actor", signatory);
                if table.parties.contains_key(signatory) {
                    let message = format!("{} is a party of this table, and signs for itself", quoted(signatory));
                    self.complain(
                        &path,
                        message,
                        "name an actor without utilities of its own at this table, or nobody",
                    );
                }
            }
        }
        for (channel, weight) in &table.channels {
            let path = path.key("channels").key(channel);
            self.refer_key(&path, "channels", "channel", channel);
            self.quantity(&path, weight, &family::TABLE_CHANNEL);
        }
        self.refer_all(&path.key("silences"), "streams", "stream", &table.silences);
        if let Some(mission) = &table.mission {
            self.refer(&path.key("mission"), "missions", "mission", mission);
        }
        self.refer_all(&path.key("links"), "tables", "table", &table.links);
        for (i, _) in table.links.iter().enumerate().filter(|(_, link)| *link == id) {
            self.complain(&path.key("links").index(i), "the table is linked to itself", "name other tables");
        }
        self.refer_all(&path.key("spoilers"), "actors", "actor", &table.spoilers);
        for (i, spoiler) in table.spoilers.iter().enumerate() {
            if table.parties.contains_key(spoiler) {
                let message = format!("{} is a party of this table, and so not left out", quoted(spoiler));
                self.complain(
                    &path.key("spoilers").index(i),
                    message,
                    "name it under `parties` or `spoilers`, not both",
                );
            }
        }
    }

    fn channel(&mut self, path: &Path, channel: &Channel) {
        self.lever(&path.key("lever"), Some(&channel.lever), Role::Number);
        if let Some(site) = &channel.site {
            self.refer(&path.key("site"), "sites", "site", site);
        }
        self.lever(&path.key("suspended_by"), channel.suspended_by.as_ref(), Role::Switch);
        let since = path.key("suspended_since_day");
        if let Some(day) = channel.suspended_since_day {
            if day > 0 {
                let help =
                    "count days from the start backwards, as 0 or less; use `lever_changes` for what comes later";
                self.complain(&since, format!("{day} lies after the start"), help);
            }
            if channel.suspended_by.is_none() && !self.spoiled.at(&path.key("suspended_by")) {
                self.complain(&since, "nothing suspends this channel", "name the switch in `suspended_by`");
            }
        }
    }
}
