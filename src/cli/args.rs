//! Commands and options: the only definition of them. Parser, help and completions all follow from it.

use crate::session::lessons::LESSONS;
use crate::sim::world::MOST_SEED;
use crate::tables::dictionary::LISTED;
use crate::tables::table::Format;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;

/// The default scenario.
pub(super) const DEFAULT_SCENARIO: &str = "november-2024";

const ABOUT: &str = "\
A reproducible what-if simulation of conflict and negotiation in the Middle East from late 2024.

Pick a scenario, move policy levers, run the year once or ten thousand times, and ask of any event why it happened. \
The same scenario, seed and levers give the same history to the last bit on any machine. Outputs are conditional on \
assumptions and are not predictions of real events.";

const EXAMPLES: &str = "\
Examples:
  detente                                           the map, in a window
  detente run                                       the year from 8 November 2024, once
  detente run --out year                            the same, kept with every event and daily series
  detente explain year d30e1                        why the first event of day 30 happened
  detente batch --runs 2000                         how likely each outcome is, with intervals
  detente effect --set unifil.troops=15000 --runs 2000
                                                    what 15,000 peacekeepers would change
  detente compare --runs 2000                       the same of every built-in scenario, side by side
  detente rank --outcome regional_war --from-day 60
                                                    which lever moves that most, from day 60 of this run
  detente causes --outcome regional_war --runs 2000 what drives it, over all futures, and what it needed
  detente contested --set unifil.troops=15000 --runs 500
                                                    what both sides of contested questions must accept
  detente nowcast --until 2024-11-07 --out now      start from what was observed; then batch --from now
  detente score --origins 2023-12-07..2024-10-24    how good forecasts from there were, beside simple rules
  detente claims                                    what the essay's claims change, and what was assumed
  detente essay                                     where each passage of the essay stands in the model
  detente levers                                    what can be moved
  detente class --lan                               a room for a class, in its browsers
  detente report class.detente --out class          a session of the window as a page to hand on

`detente help COMMAND` says more about each.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "detente", version = crate::tables::provenance::MODEL, about = "A reproducible what-if simulation of conflict and negotiation in the Middle East from late 2024", long_about = ABOUT, after_help = EXAMPLES)]
#[command(max_term_width = 100)]
pub(super) struct Cli {
    /// Show no progress, neither bar nor lines
    #[arg(long, short, global = true)]
    pub quiet: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Open the map in a window (what `detente` alone does)
    #[command(after_help = "\
Examples:
  detente                                 the default scenario, on the map
  detente window october-2023 --seed 3    another start and seed
  detente window class.detente            go on with a saved session
  detente window --lesson one-deal-or-many   a prepared lesson, step by step

Without a display, `detente run` and `detente batch` give the same numbers as text.")]
    Window(Window),
    /// Validate scenario files and report every mistake at once
    #[command(after_help = "\
Examples:
  detente check my-scenario.toml          exit status 0 if it is fit to run, 2 otherwise
  detente check scenarios/*.toml          several at once

A scenario of your own can be ten lines: say `extends = \"november-2024\"` and only what differs.
`detente schema` prints the JSON Schema, with which editors complete and check scenario files as you type.")]
    Check(Check),
    /// Run one history and summarise it
    #[command(after_help = "\
Examples:
  detente run                                             the default scenario
  detente run october-2023 --days 90                      another start, 90 days
  detente run --set israel.blow_rate=0                    a moratorium on leadership strikes from day 0
  detente run --set laf.troops_south=15000@2025-01-20     a lever moved on a date
  detente run --set deal.sequencing=cease-fire-first@60   a lever moved on day 60
  detente run --seed 3 --out run3                         keep events, series and manifest in run3/
  detente run --seed 3 --future 812 --params prior --out odd
                                                          one future of a batch, kept and to be explained
  detente run --json | jq .outcome                        for scripts: one JSON object and nothing else

Run it again with the same arguments and you get the same bytes. `run --seed N` is the future 0 of `batch --seed N`; \
--future K is the future K, whose row of runs.csv has the same totals. `detente levers` lists what --set can move.")]
    Run(Run),
    /// Run many futures of a scenario and show how likely each outcome is
    #[command(after_help = "\
Examples:
  detente batch --runs 1000                               a minute or less on two cores
  detente batch --runs 5000 --params prior                draw uncertain parameters too: wider, more honest
  detente batch --runs 100000 --out big                   keep one row per future; may be interrupted
  detente batch --runs 100000 --out big --resume          go on where it stopped
  detente batch --runs 200000 --out big --resume          a hundred thousand more
  detente batch --futures 0..50000 --out part1            a part of it, on one machine of several (see merge)
  detente batch --runs 100000 --part 3/64 --out part-3    the same for one task of 64, numbered 0 to 63
  detente batch --runs 300 --list regional/none           numbers of the futures that end so; `detente run --future K` keeps one

Intervals beside shares and means are 90 % intervals for the number of runs. Results do not depend on --jobs.")]
    Batch(Batch),
    /// Join parts of a batch that ran separately into the whole
    #[command(after_help = "\
Examples:
  detente batch --futures 0..50000 --out part1            on one machine
  detente batch --futures 50000..100000 --out part2       on another
  detente merge part1 part2 --out whole                   the bytes of `batch --runs 100000 --out whole`
  detente batch --runs 100000 --part 3/64 --out part-3    one task of 64
  detente merge part-* --runs 100000 --parts 64 --out whole
                                                          where some are missing, it names them for --array= of Slurm

Parts must be finished, of the same scenario, seed, days, parameters, levers and version, and follow each other without \
gap or overlap. They stay as they are.")]
    Merge(Merge),
    /// Show what moving levers changes, future by future against the unchanged scenario
    #[command(after_help = "\
Examples:
  detente effect --set unifil.troops=15000 --set unifil.mandate=1.5 --runs 2000
  detente effect --set israel.withdrawal_share=0.5 --runs 2000 --params prior
  detente effect --set iran.suspend_muscat=off@2025-02-01 --runs 5000 --json
  detente effect --set unifil.troops=0 --runs 100000 --out big
                                                          keep it; may be interrupted, and go on with --resume

Each future runs twice on the same random numbers, with and without the change, so differences show with few runs. \
The 90 % interval of a difference is always shown; where it spans zero the table says so, too. An interruption prints what \
has been run so far.")]
    Effect(Effect),
    /// Run what a folder holds again, from the folder alone
    #[command(after_help = "\
Examples:
  detente again year                      replay a kept run and say whether it is the same to the last bit
  detente again big --out big2            run a kept batch again; its tables are the same bytes

A folder that `run --out`, `batch --out` or `effect --out` wrote has the content of its scenario in its manifest, with seed, days, \
parameters and levers. Exit status 0 if the result is the same, 2 otherwise.")]
    Again(Again),
    /// Compare how scenarios end, one row each
    #[command(after_help = "\
Examples:
  detente compare                                         every built-in scenario
  detente compare november-2024 my-scenario.toml --runs 5000
  detente compare --params prior                          with parameters drawn: wider, more honest
  detente compare --markdown                              a table to paste, with its command

Shares are in % of futures, they and the mean of the killed ± the longer arm of a 90 % interval. Beside the outcomes stand the essay's two conditions of \
an enduring peace, met or not. An interruption prints the scenarios finished so far.")]
    Compare(Compare),
    /// Rank the levers by how much each moves an outcome from one day on
    #[command(after_help = "\
Examples:
  detente rank --outcome regional_war                     every lever, moved on day 0
  detente rank --outcome truce:LEB --from-day 60 --seed 3 from day 60 of the run with seed 3
  detente rank --outcome deaths --params prior --json

OUTCOME is regional_war, collective_deal, piecemeal_truce, contained_exchange, unsettled, truce:TABLE (in force at the end), \
killed (by fire, strikes and salvos), deaths (by routine fire), deaths:STREAM or events:STREAM.

Every lever that can reach the outcome is moved to each end of its range, or to each option, against the same futures \
with no lever moved. Levers whose place is clear stop early; the rest get up to --runs pairs. An interruption prints the \
ranking so far.")]
    Rank(Rank),
    /// Say what drives an outcome over all futures: what came before it, and what it needed
    #[command(after_help = "\
Examples:
  detente causes --outcome regional_war --runs 2000       some seconds on two cores
  detente causes --outcome truce:LEB --runs 1000 --params prior
  detente causes --outcome collapse:GAZ --set unifil.troops=0 --runs 1000 --json
  detente causes --outcome regional_war --example war     keep one such future; then `detente explain war EVENT`

OUTCOME is regional_war, collective_deal, piecemeal_truce, contained_exchange, unsettled, direct_fire, truce:TABLE (in force \
at the end) or collapse:TABLE.

Futures with the outcome run again, on the same luck, with every event of a kind taken away: the kind was needed where the \
outcome is gone. Futures without it are given the events of a kind that a future with it had: the kind is enough where the \
outcome comes. docs/argue.md says more. Results do not depend on --jobs.")]
    Causes(Causes),
    /// Show what moving levers does under contested assumptions, and which conclusions every camp must accept
    #[command(after_help = "\
Examples:
  detente contested --set unifil.troops=15000 --set israel.blow_rate=0 --runs 500
  detente contested --set iran.response_scale=0.5 --outcome regional_war --outcome truce:LEB --runs 1000
  detente contested full-1701 --set deal.guarantee=1 --runs 500 --json | jq .robust
  detente contested --set unifil.troops=15000 --camp mine.toml
                                                          with a camp of your own beside those that ship
  detente contested --set unifil.troops=15000 --from-day 60 --seed 3
                                                          from day 60 of the run with seed 3
  detente contested --set unifil.troops=15000 --from class.detente
                                                          from the day that a saved session shows

Camps are the two sides of four contested questions; `detente scenarios` lists them, scenarios/camps holds them, and docs/argue.md says how to \
write one. Levers are moved one at a time, against the same futures with none moved. OUTCOME is as for `detente rank`. Results do not depend on --jobs.")]
    Contested(Contested),
    /// Show what each claim of the essay changes, and how much of that was put in
    #[command(after_help = "\
Examples:
  detente claims                                          all claims, in the default scenario
  detente claims october-2023 --runs 5000
  detente claims --json | jq '.claims[] | {id, switches}'
  detente claims --evidence               what the record to 31 August 2024 says about them: some ten minutes

Each claim is a parameter with a value at which it does nothing. The same futures run with the claim on and off, at \
default parameters and with parameters drawn. An interruption prints what has been run so far.")]
    Claims(Claims),
    /// Open a room: a class plays the delegations in its browsers, in one world, and sees what its orders changed
    #[command(after_help = "\
Examples:
  detente class                           a room on this machine alone, with seats, rules and sheets that ship
  detente class --lan                     the same for every browser of the network it is on
  detente class october-2023 --data monday --seats mine.toml
                                          another start, kept in monday/, with seats of your own
  detente class --seats six               six seats, for a small class
  detente class class.detente --data tuesday
                                          on from a saved session, whose orders stay whose they were
  detente class --data monday             go on with it, every seat, order and turn where it was
  detente class --name class.example.org --proxy
                                          behind a proxy with a certificate on this machine
  detente class --lan --name class.example.org --tls-certificate chain.pem --tls-key key.pem
                                          with a certificate of its own

It prints the address, the code that lets people in and the facilitator's key, and answers until it is stopped (Ctrl-C). Every \
accepted order is on the disk before it is acknowledged. docs/class.md is a host's guide.")]
    Class(Class),
    /// Show the chain of causes of one event of a kept run
    #[command(after_help = "\
Examples:
  detente run --out year                  keep a run; its summary and year/events.csv name events, like d30e1
  detente explain year d30e1              the chance, the draw, the terms of the equation, and earlier causes
  detente explain year d30e1 --json       the same for scripts")]
    Explain(Explain),
    /// Replay every branch of a session file and check that it gives the same history
    #[command(after_help = "\
Examples:
  detente replay class.detente            exit status 0 if every branch is as it was saved, 2 otherwise
  detente replay class.detente --json     branches, lever moves, digests and outcomes
  detente replay --link LINK              the same for a shared link, whole or its tail

A session is what the window saves: scenario, seed, branches and lever moves. Nothing else is kept, so replaying is all it \
takes to have every number again.")]
    Replay(Replay),
    /// Write a session as one web page to hand on, with the data behind it
    #[command(after_help = "\
Examples:
  detente report class.detente --out class            class/report.html, the session, and tables as CSV and Parquet
  detente report class.detente --out class --futures 2000 --track killed

The page needs nothing beside it: charts of the futures from the playhead with and without the levers moved, the lever log, \
key events with their causes, and every assumption with its evidence. TRACK is killed, displaced, breakout, oil or \
fire:FRONT.")]
    Report(Report),
    /// List the policy levers: who holds them, what they take, what they act on
    #[command(after_help = "\
Examples:
  detente levers                          as a table
  detente levers --json | jq -r '.levers[].id'")]
    Levers(Plain),
    /// List every parameter with default, range, evidence and source
    #[command(after_help = "\
Examples:
  detente parameters                      as a table
  detente parameters october-2023 --json  with the estimates of another scenario

Evidence: S sourced, L literature from memory, C calibrated, A assumption, H assumption with hindsight.")]
    Parameters(Parameters),
    /// List the essay passage by passage, and where each stands in the model
    #[command(after_help = "\
Examples:
  detente essay                           every passage, in our words and in its order
  detente essay oman                      those with a word in them: in the passage, a lever, a measure, a reason
  detente essay 59 62                     two by their numbers
  detente essay absent                    what no equation stands for, and why
  detente essay H12 --json                for scripts: the passages of a claim

Several words must all be in a passage. A whole number that a passage has is that passage. \
\"Ask about\" names kinds of event whose causes show it: keep a run with `detente run --out DIR`, then ask `detente explain DIR EVENT`.")]
    Essay(Essay),
    /// List what stands in the columns of the tables of runs and batches, with units
    #[command(after_help = "\
Examples:
  detente columns                         every table
  detente columns runs                    the table with a row per future
  detente columns --json | jq -r '.[] | select(.unit == \"persons\").quantity'

A column is named by its quantity, or by quantity and id, like killed.LEB. The same stands in datapackage.json beside the tables.")]
    Columns(Columns),
    /// List the built-in scenarios
    #[command(after_help = "Example:\n  detente scenarios\n\nUse a name wherever a command takes SCENARIO.")]
    Scenarios(Plain),
    /// Hold the model against observed facts: interval, rank and a verdict for each
    #[command(after_help = "\
Examples:
  detente patterns                        the facts P1 to P15 that the mechanisms cover
  detente patterns --params prior         with every number drawn from its range

A fact lies in the training window (to 31 August 2024), the validation window (to 7 November 2024), or was known later. \
Numbers are fitted to the training window only.")]
    Patterns(Patterns),
    /// List what was observed: ranges, gaps, licences, what it can be compared with
    #[command(after_help = "\
Examples:
  detente observe                         what ships with the program
  detente observe my-observations         a folder of your own: exit status 0 if it is fit to use, 2 otherwise
  detente observe --json | jq '.series[].series'

Files *.csv hold series,from,to,value,vintage,source with both dates included; events.csv documented decisions; sources.csv \
where values come from. Every mistake is said at once.")]
    Observe(Observe),
    /// Start from what was observed: weigh futures by what was counted and decided up to a date
    #[command(after_help = "\
Examples:
  detente nowcast --until 2024-11-07 --out now            from October 2023 to the evening of 7 November 2024
  detente nowcast --until 2024-11-07 --out now --resume   go on where it was interrupted
  detente batch november-2024 --from now --runs 2000      futures from there
  detente nowcast --until 2024-04-12 --observed my-observations --json

Results do not depend on --jobs. `detente observe` says what is compared; docs/learning.md says how.")]
    Nowcast(Nowcast),
    /// Score forecasts: what was foreseen at many dates against what came, beside simple rules
    #[command(after_help = "\
Examples:
  detente score --origins 2023-12-07..2024-10-24           what ships, every 14 days, 1, 4 and 13 weeks ahead
  detente score --origins 2023-12-07..2024-10-24 --out s   keep it; may be interrupted
  detente score --origins 2023-12-07..2024-10-24 --out s --resume
                                                           go on where it stopped
  detente score --observed mine --origins 2025-01-02..2025-12-25 --series gaza.killed,ships.attacked --json

At each origin the filter has seen what was known on its evening, and nothing later. A forecast is scored where the week was \
counted and eight weeks were counted before it. Results do not depend on --jobs. docs/scores.md says how to read them.")]
    Score(Score),
    /// Say what the record tells about each number: before, after, and what it does not tell
    #[command(after_help = "\
Examples:
  detente fit                             numbers of october-2023, on days to 31 August 2024: a minute or two
  detente fit --out f                     keep it; may be interrupted
  detente fit --out f --resume            go on where it stopped
  detente fit --observed mine --until 2024-03-28 --json
  detente batch --params posterior --runs 2000
                                          futures with what ships drawn from it

Numbers are fitted to days to 31 August 2024 and no later. Results do not depend on --jobs. docs/learning.md says how to read them.")]
    Fit(Fit),
    /// Print the JSON Schema of scenario files, for editors
    #[command(after_help = "\
Example:
  detente schema > scenario.schema.json
  Then, as the first line of a scenario file:  #:schema ./scenario.schema.json")]
    Schema,
    /// Print a manual page
    #[command(after_help = "\
Examples:
  detente man > ~/.local/share/man/man1/detente.1
  detente man batch > ~/.local/share/man/man1/detente-batch.1")]
    Man(Man),
    /// Print a completion script for a shell, with the names of scenarios and levers
    #[command(after_help = "\
Examples:
  detente completions bash > ~/.local/share/bash-completion/completions/detente
  detente completions zsh  > ~/.zfunc/_detente
  detente completions fish > ~/.config/fish/completions/detente.fish")]
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Scenario files (or names of built-in scenarios)
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<String>,
    /// Say of every file what it lacks to be a camp, too; without this, of those that say what they hold (title, description)
    #[arg(long)]
    pub camp: bool,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

/// Which scenario, which levers.
#[derive(Debug, Args)]
pub(super) struct What {
    /// Name of a built-in scenario, or path of a scenario file
    #[arg(value_name = "SCENARIO", default_value = DEFAULT_SCENARIO, value_hint = ValueHint::FilePath)]
    pub scenario: String,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Days to run [default: what the scenario says]
    #[arg(long, value_name = "D", allow_negative_numbers = true, value_parser = days)]
    pub days: Option<u32>,
    /// Set a parameter by its id in `detente parameters`, like theta_war=9 or "table.eta[LEB]=0.1"
    #[arg(long, value_name = "ID=VALUE")]
    pub param: Vec<String>,
}

/// Where futures start.
#[derive(Debug, Default, Args)]
pub(super) struct FromNow {
    /// Start futures from the particles of a nowcast, with their parameters: NOW is a folder or file that `detente nowcast` wrote, or
    /// the date of one that ships, 2024-11-07
    #[arg(long, value_name = "NOW", value_hint = ValueHint::AnyPath, conflicts_with = "params")]
    pub from: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Class {
    /// A built-in scenario, a scenario file, or a saved session (*.detente) [default: november-2024, or what DIR holds]
    #[arg(value_name = "SCENARIO|SESSION", value_hint = ValueHint::FilePath)]
    pub what: Option<String>,
    /// Seats of your own, as TOML, or `six` for those of a small class [default: twelve, where some ship for this start]
    #[arg(long, value_name = "FILE|six", value_hint = ValueHint::FilePath)]
    pub seats: Option<PathBuf>,
    /// Let other machines of the network in; without it only browsers of this machine reach the room
    #[arg(long)]
    pub lan: bool,
    /// Port; 0 takes one that is free
    #[arg(long, value_name = "P", allow_negative_numbers = true, default_value_t = 8080, value_parser = port)]
    pub port: u16,
    /// A name by which browsers reach the room, beside its number; may be given more than once, and the first is shown
    #[arg(long = "name", value_name = "NAME", value_hint = ValueHint::Hostname, value_parser = host_name)]
    pub names: Vec<String>,
    /// A proxy on this machine hands requests on: take its word (X-Forwarded-For) for where they come from
    #[arg(long, requires = "names")]
    pub proxy: bool,
    /// The room's own certificate, with those that vouch for it, in PEM: it is asked over https then
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "tls_key", conflicts_with = "proxy")]
    pub tls_certificate: Option<PathBuf>,
    /// Private key of that certificate, in PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// Folder that keeps the room, and from which it goes on
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, default_value = "class-room")]
    pub data: PathBuf,
    /// Print one JSON object (address, code, key), and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Observe {
    /// Folder of observations [default: what ships with the program]
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

/// The scenario that is filtered unless another is named: the one that begins before what was observed.
pub(super) const OBSERVED_SCENARIO: &str = "october-2023";

#[derive(Debug, Args)]
pub(super) struct Nowcast {
    /// Name of a built-in scenario, or path of a scenario file, that begins before UNTIL
    #[arg(value_name = "SCENARIO", default_value = OBSERVED_SCENARIO, value_hint = ValueHint::FilePath)]
    pub scenario: String,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Set a parameter by its id in `detente parameters`, like theta_war=9 or "table.eta[LEB]=0.1"
    #[arg(long, value_name = "ID=VALUE")]
    pub param: Vec<String>,
    #[command(flatten)]
    pub set: Set,
    /// Folder of observations [default: what ships with the program]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub observed: Option<PathBuf>,
    /// Last day of observations, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: jiff::civil::Date,
    /// Particles
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 2000, value_parser = whole(2, 100_000))]
    pub particles: u64,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Keep the result and the particles in this new folder
    #[arg(long, value_name = "NOW", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Go on with a nowcast in NOW that was interrupted
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Write what futures need to start from it into one FILE, with 128 particles
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "resume")]
    pub write: Option<PathBuf>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

impl Nowcast {
    /// Scenario, seed and parameters.
    pub(super) fn what(&self) -> What {
        What { scenario: self.scenario.clone(), seed: self.seed, days: None, param: self.param.clone() }
    }
}

#[derive(Debug, Args)]
pub(super) struct Score {
    /// Name of a built-in scenario, or path of a scenario file, that begins before the first origin
    #[arg(value_name = "SCENARIO", default_value = OBSERVED_SCENARIO, value_hint = ValueHint::FilePath)]
    pub scenario: String,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Set a parameter by its id in `detente parameters`, like theta_war=9 or "table.eta[LEB]=0.1"
    #[arg(long, value_name = "ID=VALUE")]
    pub param: Vec<String>,
    /// Folder of observations [default: what ships with the program]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub observed: Option<PathBuf>,
    /// First and last date from which to forecast: the last days that are known
    #[arg(long, value_name = "FROM..TO", value_parser = dates)]
    pub origins: (jiff::civil::Date, jiff::civil::Date),
    /// Days from one origin to the next
    #[arg(long, value_name = "D", allow_negative_numbers = true, default_value_t = 14, value_parser = days)]
    pub every: u32,
    /// Weeks ahead
    #[arg(long, value_name = "W,…", allow_negative_numbers = true, value_delimiter = ',', default_values_t = [1, 4, 13], value_parser = weeks)]
    pub horizons: Vec<u32>,
    /// Particles of the filter
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 2000, value_parser = whole(2, 100_000))]
    pub particles: u64,
    /// Members of each forecast, of the model and of every simple rule
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(2, 100_000))]
    pub members: u64,
    /// Series [default: all that were counted]
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub series: Vec<String>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Keep the score and every origin in this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Go on with a score in DIR that was interrupted
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

impl Score {
    /// Scenario, seed and parameters.
    pub(super) fn what(&self) -> What {
        What { scenario: self.scenario.clone(), seed: self.seed, days: None, param: self.param.clone() }
    }
}

#[derive(Debug, Args)]
pub(super) struct Fit {
    /// Name of a built-in scenario, or path of a scenario file, that begins before UNTIL
    #[arg(value_name = "SCENARIO", default_value = OBSERVED_SCENARIO, value_hint = ValueHint::FilePath)]
    pub scenario: String,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Futures to hold against the record
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 40_000, value_parser = whole(1000, 1_000_000))]
    pub futures: u64,
    /// Last day of observations, YYYY-MM-DD [default: 2024-08-31, the last day that numbers may be fitted to]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Option<jiff::civil::Date>,
    /// Set a parameter by its id in `detente parameters`, like theta_war=9 or "table.eta[LEB]=0.1"
    #[arg(long, value_name = "ID=VALUE")]
    pub param: Vec<String>,
    /// Folder of observations [default: what ships with the program]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub observed: Option<PathBuf>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Keep the result and the futures' figures in this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Go on with a fit in DIR that was interrupted
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Write the numbers that were identified into FILE: the table of which `--params posterior` is made
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub write: Option<PathBuf>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

impl Fit {
    /// Scenario, seed and parameters.
    pub(super) fn what(&self) -> What {
        What { scenario: self.scenario.clone(), seed: self.seed, days: None, param: self.param.clone() }
    }
}

/// Reads a number of weeks.
fn weeks(text: &str) -> Result<u32, String> {
    whole(1, 104)(text).map(|weeks| weeks as u32)
}

/// Reads `FROM..TO`.
fn dates(text: &str) -> Result<(jiff::civil::Date, jiff::civil::Date), String> {
    let (from, to) = text.split_once("..").ok_or("write two dates, like 2023-12-07..2024-10-24")?;
    let (from, to) = (date(from.trim())?, date(to.trim())?);
    if from <= to { Ok((from, to)) } else { Err("the first date must not lie behind the second".to_owned()) }
}

/// Reads a date.
fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "write a date that exists as YYYY-MM-DD".to_owned())
}

/// Lever changes.
#[derive(Debug, Args)]
pub(super) struct Set {
    /// Move a lever, from DAY on: a day number (0 is the first) or a date [default DAY: 0]
    #[arg(long, value_name = "LEVER=VALUE[@DAY]")]
    pub set: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub what: What,
    /// Number of the future: the one that a batch with this seed counts as K
    #[arg(long, value_name = "K", allow_negative_numbers = true, default_value_t = 0, value_parser = whole(0, 10 * MOST_FUTURES))]
    pub future: u64,
    /// A future of a batch that was run: DIR#K, future K of the batch in DIR (or row K of the futures of a design there), or a row as a
    /// JSON object. One with `future` and `setting` says all of it (a scenario file is named beside it); one with `future` alone is
    /// looked up in the folder in which it lies
    #[arg(long, value_name = "ROW", value_hint = ValueHint::FilePath, conflicts_with_all = ["seed", "days", "param", "future", "from_day", "from", "params", "set"])]
    pub like: Option<PathBuf>,
    /// Day from which on it is that future: to there the history is that of future 0 at the scenario's parameters, as `rank
    /// --from-day` and a window at that day start from it
    #[arg(long, value_name = "DAY", allow_negative_numbers = true, conflicts_with = "from")]
    pub from_day: Option<String>,
    /// Parameters: at their defaults, or as future K of a batch draws them
    #[arg(long, value_enum, default_value_t = Params::Default)]
    pub params: Params,
    #[command(flatten)]
    pub from: FromNow,
    #[command(flatten)]
    pub set: Set,
    /// Keep manifest, events and daily series in this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Format of events and series
    #[arg(long, value_enum, default_value_t = TableFormat::Csv, requires = "out")]
    pub format: TableFormat,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

impl Run {
    /// The command without any option.
    pub fn of(scenario: String) -> Self {
        Self {
            what: What { scenario, seed: 1, days: None, param: Vec::new() },
            future: 0,
            like: None,
            from_day: None,
            params: Params::Default,
            from: FromNow::default(),
            set: Set { set: Vec::new() },
            out: None,
            format: TableFormat::Csv,
            json: false,
        }
    }
}

/// With which parameters, on how many threads.
#[derive(Debug, Args)]
pub(super) struct Many {
    /// Parameters: at their defaults, or drawn for every future from their ranges or from the posterior that ships
    #[arg(long, value_enum, default_value_t = Params::Default)]
    pub params: Params,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Batch {
    #[command(flatten)]
    pub what: What,
    #[command(flatten)]
    pub set: Set,
    /// Futures to run: those with the numbers 0 to N-1
    #[arg(long, value_name = "N", allow_negative_numbers = true, required_unless_present_any = ["futures", "design"], value_parser = whole(1, MOST_FUTURES))]
    pub runs: Option<u64>,
    /// Many settings: a table (CSV or Parquet) with a row for each, whose columns are ids of levers (moved on day 0), ids of
    /// parameters, `seed` and `futures` (for rows without it, --runs says how many)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["futures", "from", "draws", "timing", "list"])]
    pub design: Option<PathBuf>,
    /// A part of a larger batch: the futures with the numbers A to B-1
    #[arg(long, value_name = "A..B", conflicts_with = "runs", value_parser = slice)]
    pub futures: Option<Range<u64>>,
    /// Of --runs N only part K of P (0 to P-1), for one task of several: with --runs 1000, part 0/4 is futures 0 to 249; of --design
    /// FILE, a part of its rows
    #[arg(long, value_name = "K/P", conflicts_with = "futures", value_parser = part)]
    pub part: Option<Part>,
    #[command(flatten)]
    pub from: FromNow,
    #[command(flatten)]
    pub many: Many,
    /// Keep the result and tables of futures and agreements in this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = TableFormat::Csv, requires = "out")]
    pub format: TableFormat,
    /// Go on with a batch in DIR that was interrupted, or that is to have more futures
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// With --params prior or posterior, how to keep the numbers that each future drew (about 14 kB a future)
    #[arg(long, value_enum, default_value_t = Draws::Csv)]
    pub draws: Draws,
    /// Say on standard error how long it took
    #[arg(long)]
    pub timing: bool,
    /// List the futures like this instead, by number: a class of outcomes (regional_war, piecemeal_truce, …), a cell of the
    /// table (regional/none), or deadliest (the 5 % with most killed)
    #[arg(long, value_name = "LIKE", conflicts_with_all = ["out", "timing"])]
    pub list: Option<String>,
}

impl Batch {
    /// Numbers of the futures asked for.
    pub(super) fn numbers(&self) -> Range<u64> {
        let whole = self.futures.clone().unwrap_or(0..self.runs.unwrap_or_default());
        self.part.map_or(whole, |part| part.of(self.runs.unwrap_or_default()))
    }
}

/// One of several parts of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    /// Which, from 0.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Part {
    /// Numbers of its futures among so many: parts differ by one future at most, and follow each other without gap.
    pub(super) fn of(self, runs: u64) -> Range<u64> {
        let begins = |part: u64| (u128::from(runs) * u128::from(part) / u128::from(self.of.max(1))) as u64;
        begins(self.number)..begins(self.number + 1)
    }
}

/// Most parts of a batch.
const MOST_PARTS: u64 = 1_000_000;

/// Reads `K/P`.
fn part(text: &str) -> Result<Part, String> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let read = text.split_once('/').and_then(|(part, of)| Some(Part { number: number(part)?, of: number(of)? }));
    match read {
        Some(part) if part.of > MOST_PARTS => Err(format!("there are at most {MOST_PARTS} parts")),
        Some(part) if part.number < part.of => Ok(part),
        Some(Part { of: 0, .. }) => Err("there is one part at least".to_owned()),
        Some(part) => Err(format!("parts of {} are numbered 0 to {}", part.of, part.of - 1)),
        None => Err("write which part of how many, like 3/64".to_owned()),
    }
}

/// Most futures of a batch.
const MOST_FUTURES: u64 = 100_000_000;

/// Reads a port.
fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "write a port, 1 to 65535, or 0 for one that is free".to_owned())
}

/// Reads a name of a machine, as it stands in an address.
fn host_name(text: &str) -> Result<String, String> {
    let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if !text.is_empty() && text.len() <= 253 && text.chars().all(fit) && !text.starts_with(['.', '-']) {
        return Ok(text.to_owned());
    }
    Err("write a name as it stands in an address, like class.example.org: no port, no https://".to_owned())
}

/// Reads a whole number from `low` to `high`.
fn whole(low: u64, high: u64) -> impl Fn(&str) -> Result<u64, String> + Clone + Send + Sync + 'static {
    move |text| match text.parse::<u64>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(format!("write a whole number from {low} to {high}, in digits like {}", (low + 1000).min(high))),
    }
}

/// Reads a number of days.
fn days(text: &str) -> Result<u32, String> {
    whole(1, 3650)(text).map(|days| days as u32)
}

/// Reads a number of threads.
fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    let number = whole(1, 1_000_000)(text)?;
    usize::try_from(number).ok().and_then(NonZeroUsize::new).ok_or_else(|| "write a smaller number".to_owned())
}

/// Reads `A..B`.
fn slice(text: &str) -> Result<Range<u64>, String> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let ends = text.split_once("..").and_then(|(start, end)| Some(number(start)?..number(end)?));
    match ends {
        Some(futures) if futures.start < futures.end && futures.end <= 10 * MOST_FUTURES => {
            if futures.end - futures.start <= MOST_FUTURES {
                Ok(futures)
            } else {
                Err(format!("that is more than {MOST_FUTURES} futures"))
            }
        }
        Some(futures) if futures.start < futures.end => {
            Err(format!("numbers of futures go up to {}", 10 * MOST_FUTURES))
        }
        Some(_) => Err("the first number must be smaller than the second".to_owned()),
        None => Err("write two numbers, like 256..512 for the futures 256 to 511".to_owned()),
    }
}

/// How drawn parameters are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Draws {
    /// As draws.csv
    Csv,
    /// As draws.parquet
    Parquet,
    /// Not at all
    None,
}

impl Draws {
    pub(super) fn format(self) -> Option<Format> {
        match self {
            Self::Csv => Some(Format::Csv),
            Self::Parquet => Some(Format::Parquet),
            Self::None => None,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// Folders that `detente batch --out` wrote, in any order
    #[arg(required = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folders: Vec<PathBuf>,
    /// Write the whole into this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Futures of the whole: with --parts, says which parts are missing (of a design, --parts alone does)
    #[arg(long, value_name = "N", allow_negative_numbers = true, requires = "parts", value_parser = whole(1, MOST_FUTURES))]
    pub runs: Option<u64>,
    /// How many parts there are to be, as `batch --part K/P` made them; folders that hold no finished part count as missing
    #[arg(long, value_name = "P", allow_negative_numbers = true, value_parser = whole(1, MOST_PARTS))]
    pub parts: Option<u64>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Patterns {
    /// Futures from each start
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(1, 10_000_000))]
    pub runs: u64,
    /// Seed
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Parameters: at their defaults, or drawn from their ranges for every future
    #[arg(long, value_enum, default_value_t = Ranges::Default)]
    pub params: Ranges,
    /// Move a lever, from the first day of every start on
    #[arg(long, value_name = "LEVER=VALUE")]
    pub set: Vec<String>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Effect {
    #[command(flatten)]
    pub what: What,
    /// Move a lever, from DAY on: a day number (0 is the first) or a date [default DAY: 0]
    #[arg(long, value_name = "LEVER=VALUE[@DAY]", required = true)]
    pub set: Vec<String>,
    /// Futures to run
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(1, MOST_FUTURES))]
    pub runs: u64,
    #[command(flatten)]
    pub from: FromNow,
    #[command(flatten)]
    pub many: Many,
    /// Keep the result in this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Go on with an effect in DIR that was interrupted, or that is to have more pairs
    #[arg(long, requires = "out")]
    pub resume: bool,
}

#[derive(Debug, Args)]
pub(super) struct Again {
    /// Folder that `run`, `batch`, `effect` or `claims` wrote with `--out`
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Write the result into this new folder, as the first time
    #[arg(long, value_name = "NEW", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// Names of built-in scenarios, or paths of scenario files [default: every built-in one]
    #[arg(value_name = "SCENARIO", value_hint = ValueHint::FilePath)]
    pub scenarios: Vec<String>,
    /// Futures of each scenario
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(1, 10_000_000))]
    pub runs: u64,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Days to run [default: what each scenario says]
    #[arg(long, value_name = "D", allow_negative_numbers = true, value_parser = days)]
    pub days: Option<u32>,
    /// Set a parameter by its id in `detente parameters`, like theta_war=9 or "table.eta[LEB]=0.1"
    #[arg(long, value_name = "ID=VALUE")]
    pub param: Vec<String>,
    #[command(flatten)]
    pub from: FromNow,
    /// Parameters: at their defaults, or drawn for every future from their ranges or from the posterior that ships
    #[arg(long, value_enum, default_value_t = Params::Default)]
    pub params: Params,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Print a Markdown table
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Rank {
    #[command(flatten)]
    pub what: What,
    /// What levers are ranked by, like regional_war, truce:LEB or deaths
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: String,
    /// Day from which levers move: a day number of the run with this seed, or a date [default: 0]
    #[arg(long, value_name = "DAY", allow_hyphen_values = true, conflicts_with = "from")]
    pub from_day: Option<String>,
    #[command(flatten)]
    pub set: Set,
    /// The most pairs of futures for each lever at each end
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(1, 100_000))]
    pub runs: u64,
    #[command(flatten)]
    pub from: FromNow,
    /// Parameters: at their defaults, or drawn for every future from their ranges or from the posterior that ships
    #[arg(long, value_enum, default_value_t = Params::Default)]
    pub params: Params,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Causes {
    #[command(flatten)]
    pub what: What,
    /// What is asked about, like regional_war, truce:LEB or collapse:GAZ
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: String,
    /// Futures to run; those with the outcome run again for every kind of event
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(1, 100_000))]
    pub runs: u64,
    #[command(flatten)]
    pub set: Set,
    #[command(flatten)]
    pub from: FromNow,
    #[command(flatten)]
    pub many: Many,
    /// Keep one such future, that of the example, in this new folder, as `detente run --out` does
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub example: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Contested {
    #[command(flatten)]
    pub what: What,
    /// A lever to move, from DAY on: a day number (0 is the first) or a date [default DAY: that from which futures run]; each lever
    /// makes a row
    #[arg(long, value_name = "LEVER=VALUE[@DAY]", required = true)]
    pub set: Vec<String>,
    /// What is measured, several times over if wanted [default: regional_war and deaths]
    #[arg(long, value_name = "OUTCOME", visible_alias = "measure")]
    pub outcome: Vec<String>,
    /// A camp of your own, beside those that ship: a file in the form of scenarios/camps, which sets parameters, each with a comment on
    /// where the number comes from or why you hold it; may be given more than once
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub camp: Vec<String>,
    /// Start from a session that the window saved: its scenario and seed, and the branch shown, to its playhead or --from-day
    #[arg(long, value_name = "SESSION", value_hint = ValueHint::FilePath, conflicts_with_all = ["scenario", "seed", "param"])]
    pub from: Option<PathBuf>,
    /// Day from which camps differ and levers move: a day number of the run with this seed, or a date [default: 0, or the playhead of
    /// SESSION]
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    pub from_day: Option<String>,
    /// Pairs of futures in each cell
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 500, value_parser = whole(1, 100_000))]
    pub runs: u64,
    #[command(flatten)]
    pub many: Many,
}

#[derive(Debug, Args)]
pub(super) struct Claims {
    /// Name of a built-in scenario, or path of a scenario file [with --evidence: october-2023]
    #[arg(value_name = "SCENARIO", default_value = DEFAULT_SCENARIO, default_value_if("evidence", "true", OBSERVED_SCENARIO), value_hint = ValueHint::FilePath)]
    pub scenario: String,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Days to run [default: what the scenario says]
    #[arg(long, value_name = "D", allow_negative_numbers = true, value_parser = days, conflicts_with = "evidence")]
    pub days: Option<u32>,
    /// Set a parameter by its id in `detente parameters`, like theta_war=9 or "table.eta[LEB]=0.1"
    #[arg(long, value_name = "ID=VALUE")]
    pub param: Vec<String>,
    /// Pairs of futures for each claim, at default parameters and again with parameters drawn
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000, value_parser = whole(1, 10_000_000), conflicts_with = "evidence")]
    pub runs: u64,
    /// Say instead what the record says about the claims: the evidence of a filter with each as it is, off, and at its strong end
    #[arg(long)]
    pub evidence: bool,
    /// With --evidence: last day of observations, YYYY-MM-DD [default: 2024-08-31]
    #[arg(long, value_name = "DATE", value_parser = date, requires = "evidence")]
    pub until: Option<jiff::civil::Date>,
    /// With --evidence: particles of each filter
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 500, value_parser = whole(2, 100_000), requires = "evidence")]
    pub particles: u64,
    /// With --evidence: filters of each claim as it is, off and strong, each with a seed of its own
    #[arg(long, value_name = "R", allow_negative_numbers = true, default_value_t = 8, value_parser = whole(1, 1000), requires = "evidence")]
    pub seeds: u64,
    /// With --evidence: folder of observations [default: what ships with the program]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "evidence")]
    pub observed: Option<PathBuf>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
    /// Keep the result in this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "evidence")]
    pub out: Option<PathBuf>,
    /// Go on with claims in DIR that were interrupted, or that are to have more pairs
    #[arg(long, requires = "out")]
    pub resume: bool,
}

impl Claims {
    /// Scenario, seed, days and parameters.
    pub(super) fn what(&self) -> What {
        What { scenario: self.scenario.clone(), seed: self.seed, days: self.days, param: self.param.clone() }
    }
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Folder that `detente run --out` wrote
    #[arg(value_name = "RUN_DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Event as the log names it: day and place, like d30e1
    #[arg(value_name = "EVENT")]
    pub event: String,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Session file that the window saved
    #[arg(value_name = "SESSION", value_hint = ValueHint::FilePath, required_unless_present = "link")]
    pub session: Option<PathBuf>,
    /// A shared link, whole or its tail, instead of a file
    #[arg(long, value_name = "LINK", conflicts_with = "session", allow_hyphen_values = true)]
    pub link: Option<String>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// Session file that the window saved
    #[arg(value_name = "SESSION", value_hint = ValueHint::FilePath)]
    pub session: PathBuf,
    /// Write the page and its tables into this new folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Futures to run from the playhead, with and without the levers moved
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 256, value_parser = whole(2, 100_000))]
    pub futures: u64,
    /// Days ahead
    #[arg(long, value_name = "D", allow_negative_numbers = true, default_value_t = 180, value_parser = days)]
    pub days: u32,
    /// Parameters: at their defaults, or drawn from their ranges for every future
    #[arg(long, value_enum, default_value_t = Ranges::Prior)]
    pub params: Ranges,
    /// What is charted, like killed or fire:FRONT [default: fire on the first front]
    #[arg(long, value_name = "TRACK")]
    pub track: Option<String>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "J", allow_negative_numbers = true, value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
pub(super) struct Plain {
    /// Print JSON and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Essay {
    /// Words or numbers of passages [default: all]
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// Print JSON and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Columns {
    /// One table [default: all]
    #[arg(value_name = "TABLE", value_parser = PossibleValuesParser::new(LISTED.iter().map(|table| table.name)))]
    pub table: Option<String>,
    /// Print JSON and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Parameters {
    /// Scenario whose estimates are listed
    #[arg(value_name = "SCENARIO", default_value = DEFAULT_SCENARIO, value_hint = ValueHint::FilePath)]
    pub scenario: String,
    /// Set a parameter by its id in `detente parameters`, like theta_war=9 or "table.eta[LEB]=0.1"
    #[arg(long, value_name = "ID=VALUE")]
    pub param: Vec<String>,
    /// Print JSON and nothing else
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Man {
    /// Command whose page is printed [default: that of the program]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Parameters of an ensemble.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Params {
    /// The same for every future
    #[default]
    Default,
    /// Drawn from their ranges for every future
    Prior,
    /// The same, but for numbers about which the record to 31 August 2024 says something: drawn from what it says
    Posterior,
}

/// The same where the posterior is not at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Ranges {
    /// The same for every future
    #[default]
    Default,
    /// Drawn from their ranges for every future
    Prior,
}

impl Params {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Prior => "prior",
            Self::Posterior => "posterior",
        }
    }

    /// Whether every future has numbers of its own.
    pub(super) fn draws(self) -> bool {
        self != Self::Default
    }

    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Default => "parameters at their defaults",
            Self::Prior => "parameters drawn from their ranges",
            Self::Posterior => "parameters drawn from what the record says, or else from their ranges",
        }
    }

    /// Those of a name that a result holds.
    pub(super) fn of(name: &str) -> Self {
        [Self::Prior, Self::Posterior].into_iter().find(|params| params.name() == name).unwrap_or_default()
    }
}

/// Format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// Comma-separated values
    Csv,
    /// Apache Parquet
    Parquet,
}

impl From<TableFormat> for Format {
    fn from(format: TableFormat) -> Self {
        match format {
            TableFormat::Csv => Self::Csv,
            TableFormat::Parquet => Self::Parquet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }
}

/// `detente window`.
#[derive(Args, Debug, Default)]
pub(super) struct Window {
    /// A built-in scenario, a scenario file, a saved session (*.detente), or a link to one
    #[arg(value_hint = ValueHint::FilePath)]
    pub what: Option<String>,
    /// Seed of the random numbers
    #[arg(long, allow_negative_numbers = true, default_value_t = 1, value_parser = whole(0, MOST_SEED))]
    pub seed: u64,
    /// Number of the future: the one that a batch with this seed counts as K
    #[arg(long, value_name = "K", allow_negative_numbers = true, default_value_t = 0, value_parser = whole(0, 10 * MOST_FUTURES))]
    pub future: u64,
    /// Parameters: at their defaults, or as future K of a batch draws them
    #[arg(long, value_enum, default_value_t = Ranges::Default)]
    pub params: Ranges,
    /// Start from a nowcast that ships: the last day of its observations, 2024-11-07
    #[arg(long, value_name = "DATE", conflicts_with = "params")]
    pub from: Option<String>,
    /// A future of a batch that was run, with its levers and numbers, played to its end: DIR#K or ROW.json, as `detente run --like` takes
    /// it
    #[arg(long, value_name = "ROW", value_hint = ValueHint::FilePath, conflicts_with_all = ["seed", "future", "params", "from"])]
    pub like: Option<PathBuf>,
    /// Open a lesson of 45 minutes at its first step; PageDown goes on
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(LESSONS.iter().map(|lesson| lesson.name)),
        conflicts_with_all = ["what", "seed", "future", "params", "from", "like"])]
    pub lesson: Option<String>,
    /// Start on a dark ground
    #[arg(long)]
    pub dark: bool,
    /// Text size, 0.8 to 2 [default: as chosen the last time, or 1]
    #[arg(long)]
    pub text: Option<f32>,
    /// Size of the window in pixels, WIDTHxHEIGHT [default: 1440x900, or the whole of a smaller display]
    #[arg(long)]
    pub size: Option<String>,
    /// Carry out the commands in this file, one a line, and close (for tests and pictures)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tour: Option<PathBuf>,
    /// After each picture write what is on the screen into this file: what stands, every control and text with its place (for
    /// tests)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub watch: Option<PathBuf>,
}

impl Window {
    /// What `detente` alone opens.
    pub fn fresh() -> Self {
        Self { seed: 1, ..Self::default() }
    }
}
