//! What happened on the branch shown, and why.

use super::words::esc;
use super::{EXPLAINED, named};
use crate::compare::Digits;
use crate::sitting::Sitting;
use detente_model::record::explain::Explanation;
use detente_model::record::recorder::EventId;
use detente_model::record::summary::killed;
use std::fmt::Write as _;

/// What stands before the events that are explained, and what behind them; returns which those are.
pub(super) fn around(html: &mut String, behind: &mut String, sitting: &Sitting) -> Vec<EventId> {
    let rules = &sitting.rules;
    html.push_str("<section><h2>What happened, and why</h2>\n");
    html.push_str("<table><caption>Killed so far, by territory: the model's count, and what either side would publish</caption>\n<tr><th></th><th class=n>model</th><th class=n>those who live there</th><th class=n>those who fire</th></tr>\n");
    for (count, territory) in killed(rules, sitting.fate(), sitting.now()).iter().zip(&rules.territories) {
        let say = |n: u32| Digits::Whole.say(f64::from(n));
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td class=n>{}</td><td class=n>{}</td><td class=n>{}</td></tr>",
            named(&territory.name),
            say(count.count),
            say(count.by_the_harmed),
            say(count.by_the_other)
        );
    }
    html.push_str("</table>\n<h3>Key events</h3>\n");
    let mut key: Vec<(u8, EventId)> =
        sitting.past().iter().filter_map(|(id, event)| Some((event.kind().weight()?, *id))).collect();
    let all = key.len();
    key.sort_unstable();
    key.truncate(EXPLAINED);
    key.sort_by_key(|(_, id)| *id);
    if key.is_empty() {
        html.push_str("<p>None so far.</p>\n");
    }
    if all > key.len() {
        let _ = writeln!(
            behind,
            "<p>… and {} lesser ones, besides daily fire: all stand in the tables of events.</p>",
            all - key.len()
        );
    }
    behind.push_str("</section>\n");
    key.into_iter().map(|(_, id)| id).collect()
}

/// Why one of them happened.
pub(super) fn explained(html: &mut String, why: &Explanation) {
    let _ = writeln!(
        html,
        "<article><p><small>{} · event {}</small><br><b>{}</b></p>",
        esc(&why.date),
        why.event,
        esc(&why.sentence)
    );
    if !why.decided.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", esc(&why.decided));
    }
    if !why.causes.is_empty() {
        html.push_str("<ul>\n");
        for cause in &why.causes {
            let link = why.link(cause);
            let place = cause.event.map_or(String::new(), |id| format!(" <small>[{id}]</small>"));
            let without = why.without_cause(cause).map_or(String::new(), |without| format!(" {without}"));
            let _ = writeln!(
                html,
                "<li><em>{link}</em>{place}: {} {}{without}</li>",
                esc(&cause.sentence),
                esc(&cause.contribution)
            );
        }
        html.push_str("</ul>\n");
    }
    if let Some(uncaused) = &why.uncaused {
        let _ = writeln!(html, "<p>{}</p>", esc(uncaused));
    }
    html.push_str("</article>\n");
}
