//! `detente explain`: why one event of a kept run happened.

use super::args::Explain as Args;
use super::failure::Failure;
use super::origin;
use super::output::{self, CAVEAT};
use crate::futures::posterior;
use crate::record::explain::{Explanation, explain as causes_of};
use crate::record::recorder::{EventId, record};
use crate::scenario::{raw, reload};
use crate::sim::rules::Rules;
use crate::symbols::levers::LeverChange;
use crate::tables::provenance::{LeverLine, Versions};
use crate::tables::run::Manifest;
use jiff::civil::Date;
use serde::Serialize;

/// An explanation, and of which run.
#[derive(Serialize)]
struct Json<'a> {
    run: OfRun<'a>,
    #[serde(flatten)]
    explanation: &'a Explanation,
}

/// What tells a run from every other, and is enough to run it again.
#[derive(Serialize)]
struct OfRun<'a> {
    versions: &'a Versions,
    scenario: &'a str,
    scenario_hash: &'a str,
    content: &'a raw::Scenario,
    start: Option<Date>,
    seed: u64,
    future: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_day: Option<i32>,
    params: &'a str,
    days: u32,
    lever_log: &'a [LeverLine],
    digest: &'a str,
}

impl<'a> OfRun<'a> {
    fn of(manifest: &'a Manifest) -> Self {
        Self {
            versions: &manifest.versions,
            scenario: &manifest.scenario.name,
            scenario_hash: &manifest.scenario.hash,
            content: &manifest.scenario.content,
            start: manifest.start,
            seed: manifest.seed,
            future: manifest.future,
            from_day: manifest.from_day,
            params: &manifest.params,
            days: manifest.days,
            lever_log: &manifest.lever_log,
            digest: &manifest.digest.whole,
        }
    }
}

pub(super) fn explain(args: &Args) -> Result<(), Failure> {
    let folder = args.folder.display();
    let event: EventId = args.event.parse().map_err(Failure::refused)?;
    let manifest = Manifest::read(&args.folder).map_err(Failure::refused)?;
    let loaded = reload(&manifest.scenario.content)?;
    let mut rules = Rules::new(&loaded);
    if manifest.params == "posterior" {
        rules = posterior::learn(rules).map_err(Failure::refused)?;
    }
    let start = origin::kept(&args.folder, manifest.from.as_ref(), &rules)?;
    if let Some(start) = &start {
        rules = start.own(&rules, manifest.future);
    }
    let lines = manifest.lever_log.iter().map(|line| line.read(rules.frame.start));
    let log: Vec<LeverChange> = lines
        .collect::<Result<_, _>>()
        .map_err(|sentence| Failure::refused(format!("the manifest of {folder} is damaged: {sentence}")))?;
    let fates = manifest.fates().map_err(|why| Failure::refused(format!("{folder}: {why}")))?;
    let fates = fates.starting(start.as_ref().map(|start| &start.of(manifest.future).state));

    // An explanation replays the run. If the replay is another history, it would explain what did not happen there.
    let replayed = record(&rules, fates, &log, manifest.days, |_| true);
    let digest = replayed.map(|run| run.digest).unwrap_or_default();
    if digest != manifest.digest {
        let (here, there) = (Versions::here(), &manifest.versions);
        let why = if *there == here {
            "its manifest was changed after the run".to_owned()
        } else {
            format!("it was made by version {}, and this is version {}", there.model, here.model)
        };
        return Err(Failure::refused(format!(
            "cannot explain events of {folder}: replaying it gives another history (digest {}, not {}), because {why}; \
             run it again with `detente run` to explain its events",
            digest.whole, manifest.digest.whole
        )));
    }
    if event.day >= manifest.days as i32 {
        return Err(Failure::refused(format!(
            "there is no event {event}: the run in {folder} ends on day {}",
            manifest.days.saturating_sub(1)
        )));
    }
    let explanation = causes_of(&rules, fates, &log, event).map_err(Failure::refused)?;
    if args.json {
        return output::json(&Json { run: OfRun::of(&manifest), explanation: &explanation });
    }
    output::text(&format!("{}\n\n{CAVEAT}\n", explanation.to_string().trim_end()))
}
