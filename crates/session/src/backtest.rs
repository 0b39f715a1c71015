//! What the back-test says of what a chart shows: the series that stands for a track, its sentence, and where there is none.
//!
//! The back-test is of the model started from the record; futures of a what-if scenario are no such forecast. It says how far
//! the model can be trusted where that could be counted, and no more.

use super::tracks::Track;
use detente_learn::link::{LINKS, Signal};
pub use detente_learn::score::baselines::Rule;
pub use detente_learn::score::forecast::Question;
pub use detente_learn::score::shipped::{Row, Shipped, TO_BEAT, shipped};
pub use detente_learn::score::skill::FEWEST;
use detente_model::sim::rules::Rules;

/// What to say where nothing that may ship was counted of what a chart shows.
pub const NOTHING: &str = "No back-test: nothing that may ship was counted of this.";

/// What stands beside a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The whole sentence.
    pub whole: String,
    /// In one line, longest first.
    pub short: Vec<String>,
    /// The series, where one was scored.
    pub series: Option<&'static str>,
}

/// Series that are counted of what a track shows.
#[must_use]
pub fn series(track: Track, rules: &Rules) -> Vec<&'static str> {
    let of = |signal: Signal| match (track, signal) {
        (Track::Fire(front), Signal::Events(id)) => {
            rules.fronts[front].streams.iter().any(|&stream| rules.streams[stream].id.text == id)
        }
        (Track::Ships, Signal::Events(id)) => {
            super::tracks::ships(rules).any(|stream| rules.streams[stream].id.text == id)
        }
        (Track::Killed, Signal::Killed(id)) => rules.territories.iter().any(|territory| territory.id.text == id),
        _ => false,
    };
    LINKS.iter().filter(|link| of(link.signal)).map(|link| link.series).collect()
}

/// What the back-test says of a track over so many days, a line for each series that was scored; one line where none was.
#[must_use]
pub fn lines(track: Track, rules: &Rules, days: u32) -> Vec<Line> {
    let none = |whole: String| {
        let short = vec![whole.clone(), "No back-test: not counted often enough".to_owned(), "No back-test".to_owned()];
        vec![Line { short, whole, series: None }]
    };
    let of = match shipped() {
        Ok(of) => of,
        Err(trouble) => return none(trouble),
    };
    let series = series(track, rules);
    let scored: Vec<Line> = series.iter().filter_map(|id| of.nearest(id, days)).map(|row| line(of, &row)).collect();
    if !scored.is_empty() {
        return scored;
    }
    // Of something that is counted and could not be scored, the reason.
    let why = series.iter().find_map(|id| of.why_not(id));
    none(why.map_or_else(|| NOTHING.to_owned(), |why| format!("No back-test: {why}.")))
}

fn line(of: &Shipped, row: &Row<'_>) -> Line {
    let sentence = row.sentence();
    let whole = format!("Back-test, {sentence} ({}: {}).", of.of(), row.series.what);
    Line { whole, short: row.short(), series: Some(row.series.id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(scenario: &str) -> Rules {
        Rules::new(&detente_model::scenario::load(scenario).unwrap())
    }

    #[test]
    fn the_line_of_a_track_is_the_sentence_of_the_cell_that_ships() {
        let of = shipped().unwrap();
        let rules = rules("november-2024");
        let front = |id: &str| Track::Fire(rules.front(id).unwrap());
        for (track, id) in [
            (front("LEB"), "alerts.lebanon"),
            (front("GAZ"), "alerts.gaza"),
            (Track::Killed, "gaza.killed"),
            (Track::Ships, "ships.attacked"),
        ] {
            assert!(series(track, &rules).contains(&id), "{id}: {:?}", series(track, &rules));
            for (days, weeks) in [(7, 1), (30, 4), (180, 13)] {
                let line = lines(track, &rules, days).into_iter().find(|line| line.series == Some(id)).unwrap();
                let cell = &of.summary.series[id][&u32::to_string(&weeks)];
                let sentence = cell.sentence(weeks, TO_BEAT.name()).unwrap();
                let (begin, rest) = line.whole.split_once(&sentence).unwrap();
                assert_eq!(begin, "Back-test, ");
                assert!(line.whole.contains("(the model started from the record, to "), "{}", line.whole);
                // Where another simple rule is better, it says so.
                let other = cell.better_rules().into_iter().find(|(rule, _)| *rule != TO_BEAT);
                assert_eq!(rest.contains("worse than"), other.is_some(), "{}", line.whole);
            }
        }
    }

    #[test]
    fn a_track_without_a_series_says_so_in_one_line() {
        let rules = rules("november-2024");
        for track in Track::all(&rules) {
            let said = lines(track, &rules, 180);
            assert!(!said.is_empty());
            if series(track, &rules).is_empty() {
                assert_eq!(said.len(), 1);
                assert_eq!((said[0].whole.as_str(), said[0].series), (NOTHING, None));
            }
            let scored = series(track, &rules).iter().any(|id| shipped().unwrap().nearest(id, 180).is_some());
            assert_eq!(scored, said.iter().all(|line| line.series.is_some()), "{}", track.id(&rules));
        }
        for track in [Track::RegionalWar, Track::Displaced, Track::Oil, Track::Agreements] {
            assert_eq!(lines(track, &rules, 90)[0].whole, NOTHING);
        }
    }
}
