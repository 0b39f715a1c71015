//! One language of commands for everything that drives the app without a hand: the page's `window.detente.command`, the
//! tests in a real browser, and scripted tours of the window.
//!
//! A command is one line: a word, then what it takes, apart by spaces. The answer is text; a mistake is a sentence. See
//! [`COMMANDS`] for the list. Nothing here draws or waits: [`run`] changes the studio as a hand would, and the next frame
//! shows it.

use super::act::{Act, Dialog, Tab};
use super::frames::Frames;
use super::keep::Record;
use super::map::Pick;
use super::platform;
use super::studio::{Saving, Studio};
use detente_model::record::outcome::Headline;
use detente_model::scenario::{self, nearest};
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::{LEVERS, Lever};
use detente_session::Sitting;
use detente_session::file::Saved;
use detente_study::futures::rank::Metric;
use serde::Serialize;

/// What `rank` ranks by.
const WAR: Metric = Metric::Headline(Headline::RegionalWar);

/// Every command: how it is written, and what it does.
pub const COMMANDS: &[(&str, &str)] = &[
    ("play [DAYS_A_SECOND]", "lets days pass"),
    ("pause", "stops them"),
    ("step [DAYS]", "moves the playhead by a day, or so many"),
    ("go DAY", "moves the playhead to the morning of a day"),
    ("lever ID VALUE", "moves a lever from today on"),
    ("reset [ID]", "takes a lever back, or all of them"),
    ("undo", "takes the last move back"),
    ("redo", "does it again"),
    ("fork [NAME]", "starts a branch at the playhead and shows it"),
    ("show NUMBER", "shows another branch"),
    ("seed NUMBER", "replays everything under another seed"),
    ("future NUMBER [drawn]", "replays everything as another future of this seed, with parameters drawn or not"),
    ("futures NUMBER [DAYS]", "asks for so many futures, so many days ahead"),
    ("link", "answers with the tail of a link to this session"),
    ("share", "puts the link into the page's address and copies it"),
    ("open TAIL", "opens the session of a link"),
    ("restore [ID]", "goes on with the session that is offered, or with the one that is kept under an id"),
    ("decline", "offers it no more; it stays in the list"),
    ("kept", "answers with the list of kept sessions, as JSON"),
    ("forget ID", "deletes the session that is kept under an id"),
    ("experiment NUMBER", "sets the levers of a suggested experiment (1 to 3), and plays"),
    ("dismiss", "puts the suggestions away"),
    ("panel NAME", "shows Futures, Why, Inspect or Compare"),
    ("explain KIND", "explains the last event of a kind, such as salvo"),
    ("inspect FRONT", "shows a front, an actor or a site by its id"),
    ("rank", "ranks levers by regional war; again to go back"),
    ("theme", "turns the ground light or dark"),
    ("text SIZE", "sets the text size, 0.8 to 2"),
    ("motion reduced|full", "says whether things travel"),
    ("key", "opens or closes the key of the map"),
    ("help-window", "opens the help"),
    ("share-window", "opens save, open, share"),
    ("close", "closes what is open"),
    ("save NAME", "saves the session as a file that is not there yet, or again in its own"),
    ("replace NAME", "saves it in the place of a session that is there"),
    ("load NAME", "opens a session or scenario file"),
    ("report NAME", "writes a report into a new folder"),
    ("scenario NAME", "starts from another scenario"),
    ("state", "answers with what stands, as JSON"),
    ("help", "answers with this list"),
];

/// What stands: the answer to `state`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed.
    pub seed: u64,
    /// Number of the future under it.
    pub future: u64,
    /// Whether its parameters are drawn.
    pub drawn: bool,
    /// The playhead.
    pub day: i32,
    /// Days played on the branch shown.
    pub played: i32,
    /// Digest of those days.
    pub digest: String,
    /// Number of the branch shown.
    pub branch: u32,
    /// Branches.
    pub branches: usize,
    /// Moves since the fork, as (day, lever, value).
    pub policy: Vec<(i32, &'static str, f64)>,
    /// Whether days pass.
    pub playing: bool,
    /// Days a second.
    pub speed: f32,
    /// The futures.
    pub futures: Futures,
    /// Frames.
    pub frames: Frames,
    /// Whether a session is offered: of an earlier start, or the one before this.
    pub offered: bool,
    /// What the user is told.
    pub notice: Option<String>,
}

/// How the futures get on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Futures {
    /// The day they start from.
    pub from: i32,
    /// How many were asked for.
    pub asked: u64,
    /// How many had to be run, both arms together.
    pub fresh: u64,
    /// How many of the baseline have come.
    pub baseline: u64,
    /// How many of the policy have come.
    pub policy: u64,
    /// Whether baseline and policy are the same.
    pub null: bool,
    /// Whether they are still running.
    pub running: bool,
    /// Seconds until a first band could be shown.
    pub first_band: f64,
    /// How long it took, seconds.
    pub took: f64,
    /// The longest that one frame gave to it, seconds.
    pub longest: f64,
    /// Median of every track at the end of the policy's futures.
    pub ends: Vec<f64>,
}

/// Obeys one line.
///
/// # Errors
/// One sentence that says what was wrong with it.
pub fn run(studio: &mut Studio, line: &str) -> Result<String, String> {
    let answer = obey(studio, line);
    // Whoever gives commands goes on from what they made.
    studio.finish_work();
    answer
}

fn obey(studio: &mut Studio, line: &str) -> Result<String, String> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match word {
        "play" => {
            if !rest.is_empty() {
                let speed: f32 = number(word, rest)?;
                if speed.is_nan() || speed <= 0.0 {
                    return Err(
                        "`play` takes a speed above 0, days a second; leave it out to keep the present one.".to_owned()
                    );
                }
                studio.speed = speed;
            }
            if !studio.playing {
                studio.act(Act::PlayPause);
            }
        }
        "pause" => studio.playing = false,
        "step" => studio.act(Act::Step(if rest.is_empty() { 1 } else { number(word, rest)? })),
        "go" => studio.act(Act::GoTo(number(word, rest)?)),
        "lever" => {
            let Some((id, value)) = rest.split_once(char::is_whitespace) else { return Err(usage(word)) };
            let lever = lever(id)?;
            let value = lever.parse(value.trim(), studio.sitting.rules.frame.start)?;
            let forked = studio.sitting.set_lever(lever, value)?;
            studio.sitting.end_step();
            return Ok(forked.unwrap_or_default());
        }
        "reset" if rest.is_empty() => studio.act(Act::ResetAll),
        "reset" => return studio.sitting.reset_lever(lever(rest)?).map(Option::unwrap_or_default),
        "undo" => studio.act(Act::Undo),
        "redo" => studio.act(Act::Redo),
        "fork" if rest.is_empty() => studio.act(Act::Fork),
        "fork" => return studio.sitting.fork(rest),
        "show" => {
            let id = number(word, rest)?;
            let Some(branch) = studio.sitting.position(id) else {
                return Err(format!("There is no branch {id}; `state` says which there are."));
            };
            studio.act(Act::Show(branch));
        }
        "seed" => studio.act(Act::Reseed(number(word, rest)?)),
        "future" => {
            let (future, drawn) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if !["", "drawn"].contains(&drawn.trim()) {
                return Err(format!("Behind the number stands `drawn` or nothing, not `{drawn}`."));
            }
            let fate = Fate { seed: studio.sitting.seed(), future: number(word, future)?, prior: !drawn.is_empty() };
            studio.act(Act::Future(fate));
        }
        "futures" => {
            let (futures, days) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let ask = &mut studio.desk.ask;
            ask.futures = number::<u64>(word, futures)?.clamp(1, 4_096);
            if !days.is_empty() {
                ask.days = number::<u32>(word, days.trim())?.clamp(30, 540);
            }
        }
        "experiment" => {
            let which: usize = number(word, rest)?;
            if !(1..=super::start::EXPERIMENTS.len()).contains(&which) {
                return Err(format!("There are {} experiments, counted from 1.", super::start::EXPERIMENTS.len()));
            }
            studio.act(Act::Experiment(which - 1));
        }
        "dismiss" => studio.act(Act::Dismiss),
        "panel" => {
            let tab = Tab::ALL.into_iter().find(|t| t.name().eq_ignore_ascii_case(rest)).ok_or_else(|| usage(word))?;
            studio.act(Act::Tab(tab));
        }
        "explain" => {
            let past = studio.sitting.past();
            let found = past.iter().rev().find(|(_, event)| event.kind().name() == rest).map(|(id, _)| *id);
            let Some(id) = found else { return Err(format!("There was no `{rest}` so far.")) };
            studio.act(Act::Explain(id));
        }
        "inspect" => {
            let rules = &studio.sitting.rules;
            let site = || rules.frame.sites.iter().position(|s| s.id.text == rest).map(Pick::Site);
            let pick = rules.front(rest).map(Pick::Front).or_else(|| rules.actor(rest).map(Pick::Actor)).or_else(site);
            let Some(pick) = pick else { return Err(format!("Nothing has the id `{rest}`.")) };
            studio.act(Act::Inspect(pick));
        }
        "rank" => studio.act(if studio.desk.needle().is_some() { Act::EndRank } else { Act::Rank(WAR) }),
        "theme" => studio.act(Act::Theme),
        "text" => studio.act(Act::Text(number(word, rest)?)),
        "motion" => match rest {
            "reduced" | "full" => studio.act(Act::ReducedMotion(rest == "reduced")),
            _ => return Err(usage(word)),
        },
        "key" => studio.map.key_open = !studio.map.key_open,
        "help-window" => studio.act(Act::Dialog(Some(Dialog::Help))),
        "share-window" => studio.act(Act::Dialog(Some(Dialog::Share))),
        "close" => studio.act(Act::Dialog(None)),
        "save" | "replace" | "load" | "report" | "forget" if rest.is_empty() => return Err(usage(word)),
        "save" | "replace" => match studio.save(rest, word == "replace") {
            Saving::Done(said) => studio.say(said, false),
            Saving::No(why) => return Err(why),
            Saving::Asks(path) => {
                return Err(format!("{path} is there already; give another name, or write `replace {rest}`."));
            }
        },
        "load" => studio.act(Act::Open(rest.to_owned())),
        "report" => studio.act(Act::ReportTo(rest.to_owned())),
        "scenario" => {
            if scenario::builtin(rest).is_none() {
                return Err(usage(word));
            }
            studio.act(Act::Scenario(rest.to_owned()));
        }
        "link" => return Ok(Saved::of(&studio.sitting).to_link()),
        "share" => {
            let shared = platform::share_link(&Saved::of(&studio.sitting).to_link());
            studio.say(shared.said, false);
            return Ok(shared.link);
        }
        "open" => {
            let sitting = open_link(rest)?;
            studio.sit(sitting);
        }
        "restore" => {
            let sitting = if rest.is_empty() { studio.keeper.restore()? } else { studio.keeper.restore_kept(rest)? };
            studio.sit(sitting);
        }
        "decline" => studio.keeper.decline(),
        "kept" => {
            let records: Vec<&Record> = studio.keeper.records().collect();
            return serde_json::to_string(&records).map_err(|error| error.to_string());
        }
        "forget" => studio.act(Act::Forget(rest.to_owned())),
        "state" => return serde_json::to_string(&state(studio)).map_err(|error| error.to_string()),
        "help" => return Ok(help()),
        _ => return Err(format!("There is no command `{word}`; `help` lists them.")),
    }
    Ok(String::new())
}

/// The sitting of a link, whole or only its tail.
///
/// # Errors
/// One sentence with a way out.
pub fn open_link(link: &str) -> Result<Sitting, String> {
    Saved::from_link(link)?.open()
}

/// What stands.
#[must_use]
pub fn state(studio: &Studio) -> State {
    let sitting = &studio.sitting;
    let branch = sitting.branch();
    State {
        scenario: sitting.loaded.name.clone(),
        seed: sitting.seed(),
        future: sitting.fate().future,
        drawn: sitting.fate().prior,
        day: sitting.today(),
        played: branch.history.days(),
        digest: branch.history.digest().whole,
        branch: branch.id,
        branches: sitting.branches().len(),
        policy: branch.policy().map(|change| (change.day, change.lever.id(), change.value.raw())).collect(),
        playing: studio.playing,
        speed: studio.speed,
        futures: futures(studio),
        frames: studio.frames,
        offered: studio.keeper.offer().is_some(),
        notice: studio.note().map(str::to_owned),
    }
}

fn futures(studio: &Studio) -> Futures {
    let Some(fans) = studio.desk.last() else { return Futures::default() };
    let end = |track: usize| {
        let bands = fans.bands(usize::from(!fans.is_null()), track);
        bands.last().map_or(0.0, |band| band[2])
    };
    Futures {
        from: fans.from,
        asked: fans.ask.futures,
        fresh: studio.desk.fresh,
        baseline: fans.come(0),
        policy: fans.come(1),
        null: fans.is_null(),
        running: fans.is_running(),
        first_band: studio.desk.first_band().unwrap_or(0.0),
        took: studio.desk.took().unwrap_or(0.0),
        longest: studio.desk.longest,
        ends: (0..fans.tracks.len()).map(end).collect(),
    }
}

fn lever(id: &str) -> Result<Lever, String> {
    Lever::from_id(id).ok_or_else(|| match nearest(id, LEVERS.iter().map(|row| row.id)) {
        Some(near) => format!("There is no lever `{id}`; did you mean `{near}`?"),
        None => format!("There is no lever `{id}`; `detente levers` lists them."),
    })
}

fn number<N: std::str::FromStr>(word: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|_| usage(word))
}

fn usage(word: &str) -> String {
    let how = COMMANDS.iter().find(|(how, _)| how.split(' ').next() == Some(word)).map_or("help", |(how, _)| how);
    format!("`{word}` is written `{how}`.")
}

fn help() -> String {
    COMMANDS.iter().map(|(how, what)| format!("{how:24} {what}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::scenario::load;

    fn studio() -> Studio {
        Studio::new(Sitting::new(load("november-2024").unwrap(), 1))
    }

    #[test]
    fn every_command_is_known_and_a_mistake_is_a_sentence() {
        let mut s = studio();
        for (how, _) in COMMANDS {
            let word = how.split(' ').next().unwrap();
            let answer = run(&mut s, word);
            assert!(!matches!(&answer, Err(why) if why.contains("no command")), "{word}: {answer:?}");
        }
        for bad in [
            "",
            "dance",
            "go",
            "go x",
            "lever",
            "lever nothing 1",
            "lever unifil.troops",
            "show 9",
            "open abc",
            "play -1",
        ] {
            let why = run(&mut s, bad).unwrap_err();
            assert!(why.ends_with(['.', '?']) || why.contains("takes"), "{bad}: {why}");
        }
    }

    #[test]
    fn commands_do_what_a_hand_does() {
        let mut s = studio();
        run(&mut s, "go 40").unwrap();
        run(&mut s, "lever unifil.troops 15000").unwrap();
        run(&mut s, "step 20").unwrap();
        let state = state(&s);
        assert_eq!((state.day, state.policy.as_slice()), (60, &[(40, "unifil.troops", 15_000.0)][..]));
        let link = run(&mut s, "link").unwrap();
        let mut other = studio();
        run(&mut other, &format!("open https://example.org/detente/#s={link}")).unwrap();
        assert_eq!(super::state(&other).digest, state.digest);
        run(&mut s, "undo").unwrap();
        assert!(super::state(&s).policy.is_empty());
    }

    #[test]
    fn the_digest_that_the_page_must_give() {
        #[derive(serde::Deserialize)]
        struct Golden {
            seed: u64,
            commands: Vec<String>,
            day: i32,
            digest: String,
        }
        let golden: Golden = serde_json::from_str(include_str!("../../../tests/expected/web_digest.json")).unwrap();
        let mut s = studio();
        run(&mut s, &format!("seed {}", golden.seed)).unwrap();
        for command in &golden.commands {
            run(&mut s, command).unwrap();
        }
        let state = state(&s);
        assert_eq!(
            (state.day, state.digest),
            (golden.day, golden.digest),
            "if the model was meant to change, put the new digest there"
        );
    }
}
