//! `detente claims --evidence`: what the record says about the claims.

use super::args::Claims as Args;
use super::failure::Failure;
use super::fit::begins;
use super::observe::observed;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, styled, thousands, wrapped};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::threads;
use crate::learn::evidence::{Factor, Plan, Weighed, Weighing};
use crate::learn::fit::{Ended, LAST};
use crate::learn::observed::Observed;
use crate::sim::world::MOST_SEED;
use crate::symbols::claims::CLAIMS;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(super) fn evidence(args: &Args) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what(), &[])?;
    let observed = observed(args.observed.as_deref())?;
    let until = args.until.unwrap_or(LAST);
    let plan = Plan { until, particles: args.particles as usize, seed: args.seed, seeds: args.seeds };
    begins(&prepared, until, &observed)?;
    if plan.seed + plan.seeds - 1 > MOST_SEED {
        return Err(Failure::refused(format!("--seed {}: there are not {} seeds from there", plan.seed, plan.seeds)));
    }
    if let Some(last) = last_observed(&observed).filter(|last| until > *last) {
        return Err(Failure::refused(format!(
            "--until {until}: {} ends on {last}; name a date to then",
            observed.name
        )));
    }
    let fixed = Weighing::fixed(&prepared.rules);
    if !fixed.is_empty() {
        let of = |(claim, id): &(&str, &str)| {
            format!("{claim}: {} fixes {id}, so the claim cannot be switched; leave it free", prepared.loaded.name)
        };
        return Err(Failure::Refused(fixed.iter().map(of).collect()));
    }
    let weighing = Weighing::new(&prepared.rules, &observed, plan.clone()).map_err(Failure::Scenario)?;
    let jobs = threads(args.jobs);
    let weighed = watched(weighing.work(), |progress| weighing.run(jobs, progress))?;
    let weighed = weighed.map_err(|ended| match ended {
        Ended::Refused(sentence) => Failure::refused(sentence),
        Ended::Stopped => Failure::Interrupted("interrupted: too early for results".to_owned()),
    })?;
    if args.json {
        return output::json(&weighed);
    }
    output::text(&text(&prepared, &plan, &weighed))
}

/// The last day of which a folder says anything.
fn last_observed(observed: &Observed) -> Option<Date> {
    let series = observed.series().filter_map(|series| Some(observed.range(series.id)?[1]));
    series.chain(observed.events().into_iter().flatten().map(|event| event.date)).max()
}

fn text(prepared: &Prepared, plan: &Plan, weighed: &BTreeMap<String, Weighed>) -> String {
    let title =
        format!("What the record says about the claims · {} · to {}", prepared.loaded.name, output::date(plan.until));
    let mut text = format!("{}\n", styled(HEAD, title));
    let _ = writeln!(
        text,
        "ln of the Bayes factor, with 90 % intervals over {} seeds of {} particles",
        plan.seeds,
        thousands(plan.particles as u64)
    );
    if plan.until > LAST {
        let last = output::date(LAST);
        let _ = writeln!(text, "These days go beyond {last}, to which the numbers of the model were fitted.");
    }
    let mut grid = Grid::new(&["claim", "", ">on against off", "", ">strong against off", "", "the record"]);
    for claim in CLAIMS {
        let Some(of) = weighed.get(claim.id) else { continue };
        let [[a, b], [c, d]] = [of.log_bayes_factor, of.strong].map(|factor| cells(&factor));
        let says = of.words.strip_prefix("the record ").unwrap_or(of.words).to_owned();
        grid.row([claim.id.to_owned(), claim.name.to_owned(), a, b, c, d, says]);
    }
    let _ = write!(text, "\n{}", grid.text());
    let said = "On is as the prior has it, off the values at which a claim does nothing, strong the far end of its ranges. Words are of \
                on against off: with 2 ln B up to 2 the record speaks a little, to 6 plainly, to 10 strongly, beyond that very strongly \
                (Kass and Raftery 1995); where the interval holds 0 it says nothing. Arms run on the same random numbers: where they \
                gave the same to the last bit, nothing that was counted or decided in these days depends on the claim.";
    let _ = writeln!(text, "\n{}\n{CAVEAT}", styled(FAINT, wrapped(said, 98)));
    text
}

/// A factor and its interval.
fn cells(factor: &Factor) -> [String; 2] {
    let number = |x: f64| if x < -0.05 { format!("−{:.1}", -x) } else { format!("{:.1}", x.abs()) };
    let signed = |x: f64| if x >= 0.05 { format!("+{x:.1}") } else { number(x) };
    let interval = match (factor.low, factor.high) {
        (Some(low), Some(high)) if low < high => format!("{} to {}", signed(low), signed(high)),
        _ => String::new(),
    };
    [signed(factor.value), interval]
}
