//! `detente essay`: the essay passage by passage, and where each stands in the model.

use super::args::Essay as Args;
use super::failure::Failure;
use super::output::{self, FAINT, HEAD, styled, wrapped};
use crate::symbols::essay::{Held, PASSAGES, Passage};
use crate::tables::provenance::Versions;
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Listed {
    versions: Versions,
    passages: Vec<PassageJson>,
}

#[derive(Serialize)]
struct PassageJson {
    number: u8,
    /// In our words.
    says: &'static str,
    /// `modelled`, `in part` or `absent`.
    in_the_model: &'static str,
    mechanisms: &'static [&'static str],
    levers: &'static [&'static str],
    parameters: &'static [&'static str],
    /// Quantities of the daily series, kinds of events, columns of a batch.
    measures: &'static [&'static str],
    /// Signs of the map and lines of panels.
    shown: Vec<String>,
    /// Kinds of event whose causes show it.
    causes: &'static [&'static str],
    claims: Vec<&'static str>,
    /// What is missing and why; empty where nothing is.
    lacks: &'static str,
}

impl PassageJson {
    fn of(passage: &Passage) -> Self {
        let Passage { number, says, held, mechanisms, levers, parameters, measures, shown, causes, lacks } = *passage;
        Self {
            number,
            says,
            in_the_model: held.words(),
            mechanisms,
            levers,
            parameters,
            measures,
            shown: shown.iter().map(|shown| shown.words()).collect(),
            causes,
            claims: passage.claims().map(|claim| claim.id).collect(),
            lacks,
        }
    }

    /// Whether a word stands in anything that is said of it, whatever its case.
    fn has(&self, word: &str) -> bool {
        let ids = [self.mechanisms, self.levers, self.parameters, self.measures, self.causes, &self.claims];
        let said = [self.says, self.in_the_model, self.lacks].into_iter();
        let said = said.chain(self.shown.iter().map(String::as_str)).chain(ids.into_iter().flatten().copied());
        let word = word.to_lowercase();
        said.into_iter().any(|text| text.to_lowercase().contains(&word))
    }
}

pub(super) fn essay(args: &Args) -> Result<(), Failure> {
    let passages = found(&args.words)?;
    if args.json {
        return output::json(&Listed { versions: Versions::here(), passages });
    }
    output::text(&text(&passages))
}

/// The passages with these numbers, and those that have all of the words.
fn found(asked: &[String]) -> Result<Vec<PassageJson>, Failure> {
    let number = |word: &str| word.parse::<u8>().ok().filter(|n| PASSAGES.iter().any(|passage| passage.number == *n));
    let numbers: Vec<u8> = asked.iter().filter_map(|word| number(word)).collect();
    let words: Vec<&String> = asked.iter().filter(|word| number(word).is_none()).collect();
    let wanted = |passage: &PassageJson| {
        asked.is_empty()
            || numbers.contains(&passage.number)
            || (!words.is_empty() && words.iter().all(|word| passage.has(word)))
    };
    let all = || PASSAGES.iter().map(PassageJson::of);
    let found: Vec<PassageJson> = all().filter(wanted).collect();
    // A number that is there does not hide words that are nowhere.
    let nowhere = !words.is_empty() && !all().any(|passage| words.iter().all(|word| passage.has(word)));
    if found.is_empty() || nowhere {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        return Err(Failure::refused(format!(
            "no passage of the essay has {} in it; `detente essay` lists all of them, numbered 1 to {}",
            words.join(" and "),
            PASSAGES.len()
        )));
    }
    Ok(found)
}

fn text(passages: &[PassageJson]) -> String {
    let mut text = String::new();
    for passage in passages {
        let PassageJson { number, says, in_the_model, .. } = passage;
        let _ = writeln!(text, "{}", styled(HEAD, wrapped(&format!("{number} {says}"), 98).trim_start()));
        let absent = *in_the_model == Held::Absent.words();
        let lacks = match (absent, passage.lacks) {
            (true, why) => format!("{in_the_model}, not here: {why}"),
            (false, "") => (*in_the_model).to_owned(),
            (false, lacks) => format!("{in_the_model}: {lacks}"),
        };
        let _ = writeln!(text, "{}", wrapped(&lacks, 98));
        let shown: Vec<&str> = passage.shown.iter().map(String::as_str).collect();
        let rows: [(&str, &[&str], &str); 7] = [
            ("mechanisms", passage.mechanisms, ", "),
            ("levers", passage.levers, ", "),
            ("parameters", passage.parameters, ", "),
            ("shows in", passage.measures, ", "),
            ("map or panel", &shown, "; "),
            ("ask about", passage.causes, ", "),
            ("claims", &passage.claims, ", "),
        ];
        for (name, list, between) in rows.into_iter().filter(|(_, list, _)| !list.is_empty()) {
            let _ = writeln!(text, "{}", styled(FAINT, wrapped(&format!("{name}: {}", list.join(between)), 98)));
        }
        text.push('\n');
    }
    let of = |held: Held| passages.iter().filter(|passage| passage.in_the_model == held.words()).count();
    let all = passages.len();
    let _ = writeln!(
        text,
        "{all} passage{}: {} modelled, {} in part, {} absent. What is modelled is not thereby true: docs/tables/essay.md.",
        if all == 1 { "" } else { "s" },
        of(Held::Modelled),
        of(Held::InPart),
        of(Held::Absent)
    );
    text
}
