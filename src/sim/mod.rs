//! The simulation: one day, and one file per mechanism.
//!
//! Reading order: [`rules`] (what never changes in a run), [`state`] (what does), this page (a day), then the mechanisms.
//! Rule functions are pure and read like the equations of the model document; systems gather their inputs, draw, and
//! write what they own.

pub mod calendar;
pub mod force;
pub mod given;
pub mod home;
pub mod luck;
pub mod mechanisms;
pub mod roster;
pub mod rules;
pub mod state;
pub mod strategy;
pub mod talks;
pub mod tally;
pub mod world;

use self::force::{fire, harm, ladder, salvo, supply, threat};
use self::home::{economy, factions, nuclear};
use self::strategy::{answer, bases, initiative};
use self::talks::{council, integration, negotiation, path, peacekeeping, roadmap, truce};
use crate::record::probe::Probe;
use bevy::ecs::schedule::{IntoScheduleConfigs, LogLevel, Schedule, ScheduleBuildSettings, SingleThreadedExecutor};

/// The day, in order. Each phase reads what earlier phases left; inside a phase, decisions are taken from a frozen view.
///
/// A truce signed in phase 4 silences phase 7 of the same day; a violation in phase 7 can bring a truce down in phase 10.
#[must_use]
pub fn day<P: Probe>() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    // No system defers anything: strikes are spawned on the spot.
    schedule.set_apply_final_deferred(false);
    schedule.set_build_settings(ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..Default::default() });
    let morning = (
        calendar::turn_the_calendar,   //  1 levers, dated events, administration, channels
        economy::trade::<P>,           //  2 sanctions, oil, funding, corridor;
        supply::supply,                //    production, resupply, air defence, shield
        threat::perceive_threat,       //  3 perceived threat;
        factions::weigh_factions,      //    factions, patience, unrest
        peacekeeping::deploy,          //  4 UNIFIL, army, withdrawal;
        negotiation::negotiate::<P>,   //    tables and signings;
        council::vote::<P>,            //    Council and Assembly;
        roadmap::follow_roadmaps::<P>, //    the roadmap's phases;
        integration::integrate_groups, //    exit and integration in Iraq;
        path::walk_paths::<P>,         //    Gaza from truce to reconstruction
    );
    let strategy = (
        initiative::take_initiative::<P>, //  5 blows and preventive strikes;
        answer::answer::<P>,              //    answers to unanswered harm;
        bases::expose_bases::<P>,         //    bases and their hosts
        salvo::resolve_strikes,           //  6 launch, interception, hits
    );
    let evening = (
        fire::exchange_fire::<P>,     //  7 routine fire and violations
        harm::count_the_dead,         //  8 deaths;
        harm::feel_harm,              //    ledgers, displacement, opinion, reputation
        ladder::climb::<P>,           //  9 escalation levels
        truce::test_agreements::<P>,  // 10 spoilers and collapse;
        nuclear::run_programmes::<P>, //    the nuclear file
        tally::observe,               // 11 totals; the next day
    );
    schedule.add_systems((morning.chain(), strategy.chain(), evening.chain()).chain());
    schedule
}
