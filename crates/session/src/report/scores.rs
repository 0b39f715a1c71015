//! How good it is: what the back-test says of the track shown, and all of it in a table.

use super::Extras;
use super::words::esc;
use crate::backtest::{FEWEST, Question, Shipped, TO_BEAT, lines, shipped};
use crate::sitting::Sitting;
use detente_study::tables::provenance::MODEL;
use std::fmt::Write as _;

pub(super) fn how_good(html: &mut String, sitting: &Sitting, extras: &Extras<'_>) {
    html.push_str("<section><h2>How good is it?</h2>\n");
    match shipped() {
        Ok(of) => whole(html, of, sitting, extras),
        Err(trouble) => {
            let _ = writeln!(html, "<p>{}</p>", esc(&trouble));
        }
    }
    html.push_str("</section>\n");
}

fn whole(html: &mut String, of: &Shipped, sitting: &Sitting, extras: &Extras<'_>) {
    let _ = writeln!(
        html,
        "<p><b>{}</b></p>\n<p>This is a back-test of {}: scenario <code>{}</code>, {} origins. The futures of this report are what-ifs and no such \
         forecasts; it says how far to trust the model where that could be counted.</p>",
        esc(&of.verdict()),
        esc(&of.of()),
        esc(&of.scenario),
        of.plan.origins().len()
    );
    let shown = extras.fans.or(extras.compared);
    if let Some((fans, &track)) = shown.and_then(|fans| Some((fans, fans.tracks.get(extras.track)?))) {
        for line in lines(track, &sitting.rules, fans.ask.days) {
            let _ = writeln!(html, "<p class=backtest>{}: {}</p>", esc(&track.name(&sitting.rules)), esc(&line.whole));
        }
    }
    let _ = writeln!(
        html,
        "<table class=scores><caption>Skill of the weekly value in %, by fair CRPS, against {} (above 0 better, below 0 worse), with its 90 % \
         interval; simple rules that do better, and by how many % this is worse; how many forecasts the bands held</caption>\n\
         <tr><th>series</th><th class=n>weeks ahead</th><th class=n>skill</th><th>simple rules that do better</th>\
         <th class=n>in 50 %</th><th class=n>in 90 %</th></tr>",
        esc(TO_BEAT.words())
    );
    for row in of.rows() {
        let better = row.cell.better_rules();
        let better: Vec<String> = better.iter().map(|(rule, by)| format!("{} ({by})", rule.words())).collect();
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td class=n>{}</td><td class=n>{}</td><td>{}</td><td class=n>{}</td><td class=n>{}</td></tr>",
            esc(row.series.what),
            row.weeks,
            esc(&row.cell.against(TO_BEAT.name()).unwrap_or_else(|| "–".to_owned())),
            if better.is_empty() { "none".to_owned() } else { esc(&better.join(", ")) },
            row.cell.held(row.cell.coverage50),
            row.cell.held(row.cell.coverage90)
        );
    }
    html.push_str("</table>\n");
    if of.rows().any(|row| row.cell.few) {
        let _ = writeln!(html, "<p>Fewer than {FEWEST} forecasts say little.</p>");
    }
    let asked: Vec<String> = Question::ALL.iter().filter_map(|question| of.question(*question)).collect();
    if !asked.is_empty() {
        html.push_str("<ul>\n");
        for sentence in asked {
            let _ = writeln!(html, "<li>{}</li>", esc(&sentence));
        }
        html.push_str("</ul>\n");
    }
    let standing = of.standing().map_or_else(|trouble| trouble, |standing| standing.sentence(MODEL));
    let _ = writeln!(html, "<p>{}</p>", esc(&standing));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Ask, Fans, Track};

    #[test]
    fn the_report_has_the_verdict_the_line_of_the_track_and_every_series() {
        let s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 5);
        let mut fans = Fans::start(&s, Ask { futures: 8, days: 30, prior: false }, &[], 0);
        while fans.is_running() {
            fans.poll(|| true);
        }
        let of = shipped().unwrap();
        let at = |track: Track| fans.tracks.iter().position(|t| *t == track).unwrap();
        for track in [Track::Killed, Track::Oil] {
            let html = super::super::page(&s, &Extras { fans: Some(&fans), track: at(track), ..Extras::default() });
            let (_, section) = html.split_once("<h2>How good is it?</h2>").unwrap();
            let section = section.split_once("</section>").unwrap().0;
            assert!(section.contains(&esc(&of.verdict())), "{section}");
            for line in lines(track, &s.rules, 30) {
                assert!(section.contains(&esc(&line.whole)), "{}\nis not in\n{section}", line.whole);
            }
            for row in of.rows() {
                assert!(section.contains(&format!("<td>{}</td><td class=n>{}</td>", esc(row.series.what), row.weeks)));
            }
            assert_eq!(section.matches("<tr>").count(), 1 + of.rows().count());
        }
        let html = super::super::page(&s, &Extras::default());
        assert!(
            html.contains("How good is it?") && !html.contains("class=backtest"),
            "without futures, without a line"
        );
    }
}
