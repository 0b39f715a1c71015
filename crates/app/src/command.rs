//! One language of commands for everything that drives the app without a hand: the page's `window.detente.command`, the
//! tests in a real browser, and scripted tours of the window.
//!
//! A command is one line: a word, then what it takes, apart by spaces. The answer is text; a mistake is a sentence. See
//! [`super::commands`] for the table. Nothing here draws or waits: [`run`] changes the studio as a hand would, and the next frame
//! shows it.

use super::act::{Act, Dialog, Walk};
use super::causes::MOST;
use super::commands::{COMMANDS, Does, Section, Word};
use super::contested::contested_moves;
use super::frames::Frames;
use super::keep::Record;
use super::language::{self, number, usage};
use super::platform;
use super::studio::{Saving, Studio};
use detente_model::record::outcome::Headline;
use detente_model::scenario::{self, nearest};
use detente_model::sim::world::Fate;
use detente_session::chart::Track;
use detente_session::contest::{self, Contest};
use detente_session::cover::{COVERED, cover, cover_of, headline, seen};
use detente_session::file::Saved;
use detente_session::guesses::{Cover, What};
use detente_session::inquiry::{FEW, Inquiry};
use detente_session::lessons::Lesson;
use detente_session::start::shipped;
use detente_study::futures::causes::{Came, Row};
use detente_study::futures::rank::Metric;
use serde::Serialize;

/// What `rank` ranks by.
const WAR: Metric = Metric::Headline(Headline::RegionalWar);

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
    /// Last day of the observations from which it starts, where it does.
    pub start: Option<String>,
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
    /// What drives an outcome, where that was asked.
    pub causes: Option<Causes>,
    /// What every camp says, where that was asked.
    pub contested: Option<Contested>,
    /// Frames.
    pub frames: Frames,
    /// Whether a session is offered: of an earlier start, or the one before this.
    pub offered: bool,
    /// Whether a policy's futures wait for a guess.
    pub predict: bool,
    /// Whether those of the policy that stands do.
    pub covered: bool,
    /// Guesses of the session.
    pub guesses: usize,
    /// How many of them have a score.
    pub scored: usize,
    /// Steps of the session.
    pub steps: usize,
    /// The one shown, counted from 1; null before the first.
    pub step: Option<usize>,
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
    /// Median of every track at the end of the policy's futures; while they are covered of those without it, or none.
    pub ends: Vec<f64>,
}

/// What was asked of all futures, and what was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Causes {
    /// What is asked about.
    pub outcome: String,
    /// In how many futures.
    pub futures: u64,
    /// The day they start from.
    pub from: i32,
    /// Whether it is being worked out.
    pub running: bool,
    /// Whether it is of the sitting as it stands.
    pub stands: bool,
    /// Futures that come to it; null until all is known.
    pub with_outcome: Option<u64>,
    /// What they needed, as `detente causes --json` has it.
    pub causes: Vec<Row>,
    /// One such future.
    pub example: Option<u64>,
}

/// What was asked of every camp, and what they must accept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contested {
    /// Levers, row by row.
    pub levers: Vec<&'static str>,
    /// Pairs of futures in each cell.
    pub pairs: u64,
    /// Whether it is being worked out.
    pub running: bool,
    /// Whether it is of the sitting as it stands.
    pub stands: bool,
    /// Camps of the session's own, column by column behind those that ship.
    pub own: Vec<String>,
    /// What every camp must accept: lever, measure, whether it rises; null until all is known.
    pub robust: Option<Vec<(&'static str, String, bool)>>,
    /// Why a camp cannot be asked, where one cannot.
    pub fault: Option<String>,
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
    let (command, rest) = language::command(line)?;
    let word = command.word;
    let acts = || language::acts(command, rest, &studio.sitting, studio.desk.ask);
    let known = match &command.how {
        Does::Act(_) | Does::Tour(_) => {
            let acts = acts()?;
            return Ok(done(studio, acts));
        }
        Does::Word(known) => known,
    };
    match known {
        Word::Lever => {
            let acts = acts()?;
            return begun(studio, acts);
        }
        Word::Reset if !rest.is_empty() => {
            let acts = acts()?;
            return begun(studio, acts);
        }
        Word::Fork if rest.is_empty() => return begun(studio, vec![Act::Fork]),
        Word::Fork => return begun(studio, vec![Act::ForkAs(rest.to_owned())]),
        Word::Seed => studio.act(Act::Reseed(number(word, rest)?)),
        Word::Future => {
            let (future, drawn) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if !["", "drawn"].contains(&drawn.trim()) {
                return Err(format!("Behind the number stands `drawn` or nothing, not `{drawn}`."));
            }
            let fate = Fate { seed: studio.sitting.seed(), future: number(word, future)?, prior: !drawn.is_empty() };
            studio.act(Act::Future(fate));
        }
        Word::Causes if rest == "stop" => studio.act(Act::StopCauses),
        Word::Causes | Word::Contested if rest != "stop" && cover(&studio.sitting) != Cover::Open => {
            return Err(COVERED.to_owned());
        }
        Word::Causes => {
            let (outcome, futures) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let came = match outcome {
                "" => Came::Headline(Headline::RegionalWar),
                id => {
                    Came::read(id, &studio.sitting.rules).map_err(|why| sentence(&format!("`causes {id}`: {why}")))?
                }
            };
            let futures = if futures.is_empty() { FEW } else { number::<u64>(word, futures.trim())? };
            studio.act(Act::Causes(came, futures.clamp(1, MOST)));
        }
        Word::Contested if rest == "stop" => studio.act(Act::StopContested),
        Word::Contested => {
            let pairs = if rest.is_empty() { contest::FEW } else { number::<u64>(word, rest)? };
            let moves = contested_moves(&studio.sitting, &studio.desk);
            studio.desk.contest(&studio.sitting, moves, pairs.clamp(1, MOST))?;
            studio.act(Act::Dialog(Some(Dialog::Contested)));
        }
        Word::Example if !rest.is_empty() => return Err(usage(word)),
        Word::Example => {
            let Some(inquiry) = studio.desk.inquiry().filter(|inquiry| inquiry.answer().is_some()) else {
                return Err("Nothing was found out yet; `causes` asks, and `state` says when it is done.".to_owned());
            };
            if !inquiry.is_of_levers(&studio.sitting) {
                return Err("Levers, branch or seed are others by now; ask again with `causes`.".to_owned());
            }
            let Some((fate, day)) = inquiry.example() else {
                return Err(
                    "None of these futures is a history of its own; `go first`, then ask with `causes`.".to_owned()
                );
            };
            studio.act(Act::FutureOn(fate, day));
        }
        Word::Rank => studio.act(if studio.desk.needle().is_some() { Act::EndRank } else { Act::Rank(WAR) }),
        Word::Guess => {
            let mut parts = rest.splitn(3, char::is_whitespace);
            let (Some(of), Some(value)) = (parts.next(), parts.next()) else { return Err(usage(word)) };
            let what = guessed(studio, of, number(word, value.trim_end_matches('%'))?)?;
            return studio.guess(what, parts.next().unwrap_or_default()).map(|()| String::new());
        }
        Word::Hands => {
            let parts: Vec<&str> = rest.split_whitespace().collect();
            let (&[less, same, more] | &[less, same, more, _]) = &parts[..] else { return Err(usage(word)) };
            let outcome = outcome(parts.get(3).copied().unwrap_or(Headline::RegionalWar.name()))?;
            let counts = [number(word, less)?, number(word, same)?, number(word, more)?];
            return studio.guess(What::Hands { outcome, counts }, "").map(|()| String::new());
        }
        Word::Play
        | Word::Pause
        | Word::Step
        | Word::Go
        | Word::Reset
        | Word::Show
        | Word::Pair
        | Word::Futures
        | Word::Chart
        | Word::Experiment
        | Word::Panel
        | Word::Explain
        | Word::Inspect
        | Word::Predict => {
            let acts = acts()?;
            return Ok(done(studio, acts));
        }
        Word::Steps => {
            let walk = match rest {
                "next" => Walk::Next,
                "back" => Walk::Back,
                _ => Walk::To(number::<usize>(word, rest)?.checked_sub(1).ok_or_else(|| usage(word))?),
            };
            studio.act(Act::Walk(walk));
            studio.finish_work();
            return match studio.trouble() {
                Some(why) => Err(why.to_owned()),
                None => Ok(String::new()),
            };
        }
        Word::Remember => return studio.remember(rest, ""),
        Word::Lesson => {
            studio.act(Act::Lesson(Lesson::of(rest)?.name.to_owned()));
        }
        Word::Text => studio.act(match rest {
            "larger" => Act::Larger(1),
            "smaller" => Act::Larger(-1),
            _ => Act::Text(number(word, rest)?),
        }),
        Word::Motion => match rest {
            "reduced" | "full" => studio.act(Act::ReducedMotion(rest == "reduced")),
            _ => return Err(usage(word)),
        },
        Word::Save | Word::Replace | Word::Load | Word::Report | Word::Forget if rest.is_empty() => {
            return Err(usage(word));
        }
        Word::Save | Word::Replace => match studio.save(rest, *known == Word::Replace) {
            Saving::Done(said) => studio.say(said, false),
            Saving::No(why) => return Err(why),
            Saving::Asks(path) => {
                return Err(format!("{path} is there already; give another name, or write `replace {rest}`."));
            }
        },
        Word::Load => studio.act(Act::Open(rest.to_owned())),
        Word::Report => studio.act(Act::ReportTo(rest.to_owned())),
        Word::Scenario => {
            if scenario::builtin(rest).is_none() {
                return Err(usage(word));
            }
            studio.act(Act::Scenario(rest.to_owned()));
        }
        Word::Start if rest == "scenario" => studio.act(Act::Start(None)),
        Word::Start if shipped().any(|name| name == rest) => studio.act(Act::Start(Some(rest.to_owned()))),
        Word::Start => return Err(usage(word)),
        Word::Link => return Ok(Saved::of(&studio.sitting).to_link()),
        Word::Share => {
            let shared = platform::share_link(&Saved::of(&studio.sitting).to_link());
            studio.say(shared.said, false);
            return Ok(shared.link);
        }
        Word::Open => return opened(studio, Act::OpenLink(rest.to_owned())),
        Word::Restore if rest.is_empty() => return opened(studio, Act::TakeKept),
        Word::Restore => return opened(studio, Act::Restore(rest.to_owned())),
        Word::Decline => studio.keeper.decline(),
        Word::Kept => {
            let records: Vec<&Record> = studio.keeper.records().collect();
            return serde_json::to_string(&records).map_err(|error| error.to_string());
        }
        Word::Forget => studio.act(Act::Forget(rest.to_owned())),
        Word::State => return serde_json::to_string(&state(studio)).map_err(|error| error.to_string()),
        Word::Help => return Ok(help()),
    }
    Ok(String::new())
}

/// Has acts carried out, which answer nothing.
fn done(studio: &mut Studio, acts: Vec<Act>) -> String {
    acts.into_iter().for_each(|act| studio.act(act));
    String::new()
}

/// Carries acts out that may begin a branch, and answers with its name.
///
/// # Errors
/// One sentence, where no branch can begin.
fn begun(studio: &mut Studio, acts: Vec<Act>) -> Result<String, String> {
    // What is under way would make them wait with a word; a script waits without one.
    studio.finish_work();
    studio.hush();
    let before = studio.sitting.branch().id;
    done(studio, acts);
    if let Some(why) = studio.trouble() {
        return Err(why.to_owned());
    }
    let branch = studio.sitting.branch();
    Ok(if branch.id == before { String::new() } else { branch.name.clone() })
}

/// Has a session opened, as a hand does, and waits for it: whoever gives commands goes on from what is there then.
///
/// # Errors
/// One sentence with a way out, where it cannot be opened.
fn opened(studio: &mut Studio, act: Act) -> Result<String, String> {
    // A report that is being written would be waited for with a word; a script waits without one.
    studio.finish_work();
    studio.act(act);
    studio.finish_work();
    studio.trouble().map_or_else(|| Ok(String::new()), |why| Err(why.to_owned()))
}

/// The name of a headline outcome.
fn outcome(name: &str) -> Result<String, String> {
    let names = Headline::ALL.map(Headline::name);
    headline(name).map(|known| known.name().to_owned()).ok_or_else(|| match nearest(name, names) {
        Some(near) => format!("There is no outcome `{name}`; did you mean `{near}`?"),
        None => format!("There is no outcome `{name}`; there are {}.", names.join(", ")),
    })
}

/// An answer about an outcome, about a track, or about the chart that is shown (`change`).
fn guessed(studio: &Studio, of: &str, value: f64) -> Result<What, String> {
    let rules = &studio.sitting.rules;
    let track =
        if of == "change" { studio.track() } else { Track::all(rules).into_iter().find(|track| track.id(rules) == of) };
    match track {
        // As an outcome it is asked for its chance, as a chart for its change.
        Some(track) if headline(of).is_none() => Ok(What::Size { track: track.id(rules), change: value }),
        _ => outcome(of).map(|outcome| What::Chance { outcome, percent: value }),
    }
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
        start: sitting.start().map(|start| start.nowcast.clone()),
        day: sitting.today(),
        played: branch.history.days(),
        digest: branch.history.digest().whole,
        branch: branch.id,
        branches: sitting.branches().len(),
        policy: branch.policy().map(|change| (change.day, change.lever.id(), change.value.raw())).collect(),
        playing: studio.playing,
        speed: studio.speed,
        futures: futures(studio),
        causes: studio.desk.inquiry().map(|inquiry| causes(studio, inquiry)),
        contested: studio.desk.contested().map(|contest| contested(studio, contest)),
        frames: studio.frames,
        offered: studio.keeper.offer().is_some(),
        predict: sitting.guesses().on,
        covered: cover(sitting) != Cover::Open,
        guesses: sitting.guesses().list().len(),
        scored: sitting.guesses().list().iter().filter(|guess| guess.came.is_some()).count(),
        steps: sitting.steps().list().len(),
        step: sitting.steps().at().map(|at| at + 1),
        notice: studio.note().map(str::to_owned),
    }
}

fn causes(studio: &Studio, inquiry: &Inquiry) -> Causes {
    let found = inquiry.answer();
    // An outcome is of a table of the scenario that was there when it was asked about, which is this one as long as it is here.
    Causes {
        outcome: inquiry.what.came.id(&studio.sitting.rules),
        futures: inquiry.runs,
        from: inquiry.from,
        running: inquiry.is_running(),
        stands: inquiry.is_of(&studio.sitting, studio.desk.ask),
        with_outcome: found.map(|found| found.with_outcome),
        causes: found.map_or_else(Vec::new, |found| found.causes.clone()),
        example: found.and_then(|found| found.example),
    }
}

fn contested(studio: &Studio, contest: &Contest) -> Contested {
    let rules = &studio.sitting.rules;
    let moves = &contest.what.moves;
    let lever = |row: usize| moves[row].0.id();
    let answer = contest.answer();
    let own = contest.what.camps.iter().filter(|camp| camp.question.is_none());
    Contested {
        levers: (0..moves.len()).map(lever).collect(),
        pairs: contest.runs,
        running: contest.is_running(),
        stands: contest.is_of(&studio.sitting, studio.desk.ask),
        own: own.map(|camp| camp.name.clone()).collect(),
        robust: answer.and_then(|answer| answer.as_ref().ok()).map(|table| {
            let robust = table.robust().into_iter();
            robust.map(|c| (lever(c.lever), contest::MEASURES[c.measure].words(rules), c.rises)).collect()
        }),
        fault: answer.and_then(|answer| answer.as_ref().err().cloned()),
    }
}

fn futures(studio: &Studio) -> Futures {
    let Some(fans) = studio.desk.last() else { return Futures::default() };
    let shown = seen(fans, cover_of(&studio.sitting, &fans.subject, None));
    let end = |track: usize| {
        let bands = shown.as_ref().map(|shown| shown.bands(usize::from(!shown.is_null()), track));
        bands.and_then(|bands| Some(bands.last()?[2])).unwrap_or(0.0)
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

/// With its full stop, unless it ends as a sentence does.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn help() -> String {
    let section = |section: Section| {
        let rows = COMMANDS.iter().filter(move |command| command.section == section);
        rows.map(|command| format!("{:24} {}\n", command.written(), command.does)).collect::<String>()
    };
    // Words of a tour are no part of the language.
    Section::ALL.into_iter().filter(|s| *s != Section::Tours).map(section).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Command;
    use detente_model::scenario::load;
    use detente_session::Sitting;

    fn studio() -> Studio {
        Studio::new(Sitting::new(load("november-2024").unwrap(), 1))
    }

    #[test]
    fn every_command_is_known_and_a_mistake_is_a_sentence() {
        let mut s = studio();
        for Command { word, section, .. } in COMMANDS {
            let answer = run(&mut s, word);
            assert!(!matches!(&answer, Err(why) if why.contains("no command")), "{word}: {answer:?}");
            let refused = matches!(&answer, Err(why) if why.contains("of tours only"));
            assert_eq!(refused, *section == Section::Tours, "{word}");
            assert_eq!(help().contains(&format!("\n{word} ")) || *word == "play", !refused, "{word}");
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
            "undo 3",
            "wait",
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
        // As by a hand: it says so, and goes back to what was there.
        assert!(super::state(&other).notice.is_some_and(|said| said.starts_with("Opened from the link")));
        run(&mut other, "go 70").unwrap();
        let played = super::state(&other).digest;
        run(&mut other, &format!("open {link}")).unwrap();
        assert_ne!(super::state(&other).digest, played);
        run(&mut other, "restore").unwrap();
        assert_eq!((super::state(&other).digest, super::state(&other).day), (played, 70));
        assert!(run(&mut studio(), "restore").is_err_and(|why| why.contains("No earlier session")));
        assert!(run(&mut studio(), "restore nothing").is_err_and(|why| why.contains("kept no more")));
        run(&mut s, "undo").unwrap();
        assert!(super::state(&s).policy.is_empty());
    }

    /// What stands, without how fast the machine is; with what was said, who is compared, and whether suggestions stand.
    fn stands(s: &Studio) -> (String, Option<[usize; 2]>, bool, Vec<String>) {
        let state = State { frames: Frames::default(), futures: Futures::default(), ..state(s) };
        let names = s.sitting.branches().iter().map(|branch| branch.name.clone()).collect();
        (serde_json::to_string(&state).unwrap(), s.pair, s.welcome, names)
    }

    #[test]
    fn a_command_and_the_gesture_for_it_leave_the_same_behind() {
        use detente_model::symbols::levers::Lever;
        let troops = Lever::UnifilTroops;
        let moved = || vec![Act::SetLever(troops, 15_000.0), Act::EndStep];
        // What was done before, the command with its answer, the gesture.
        type Case<'a> = (&'a [&'a str], &'a str, &'a str, Vec<Act>);
        let cases: [Case<'_>; 7] = [
            (&[], "lever unifil.troops 15000", "", moved()),
            // On a day that was played a move begins a branch, and says so.
            (&["go 40", "go 10"], "lever unifil.troops 15000", "From day 10", moved()),
            (&["lever unifil.troops 0"], "reset unifil.troops", "", vec![Act::ResetLever(troops)]),
            (
                &["lever unifil.troops 0", "go 40", "go 10"],
                "reset unifil.troops",
                "From day 10",
                vec![Act::ResetLever(troops)],
            ),
            (&["go 10"], "fork", "Branch 1", vec![Act::Fork]),
            (&["go 10"], "fork Aid first", "Aid first", vec![Act::ForkAs("Aid first".to_owned())]),
            (&["fork B"], "fork B", "B (2)", vec![Act::ForkAs("B".to_owned())]),
        ];
        for (before, line, answer, acts) in cases {
            let [mut said, mut done] = [studio(), studio()];
            for s in [&mut said, &mut done] {
                s.is_tour = true;
                before.iter().for_each(|line| drop(run(s, line).unwrap()));
            }
            assert_eq!(run(&mut said, line).as_deref(), Ok(answer), "{before:?}, {line}");
            done.hush();
            acts.into_iter().for_each(|act| done.act(act));
            assert_eq!(stands(&said), stands(&done), "{before:?}, {line}");
            // And both are taken back alike.
            for s in [&mut said, &mut done] {
                run(s, "undo").unwrap();
            }
            assert_eq!(stands(&said), stands(&done), "{before:?}, {line}, undo");
        }
        // Where there is no room for another branch the sentence says so; an older trouble is none of this command's.
        let mut s = studio();
        s.say("Of before.".to_owned(), true);
        assert_eq!(run(&mut s, "fork B").as_deref(), Ok("B"));
        let full = (0..70).find_map(|_| run(&mut s, "fork").err()).unwrap();
        assert!(full.ends_with('.') && s.trouble() == Some(full.as_str()), "{full}");
    }

    #[test]
    fn a_guess_is_typed_and_until_then_no_command_tells_of_the_policy() {
        let mut s = studio();
        (s.is_tour, s.desk.threads) = (true, 0);
        run(&mut s, "futures 32 60").unwrap();
        run(&mut s, "predict on").unwrap();
        let come = |s: &mut Studio| {
            while s.is_busy() {
                s.pass(0.05, || true);
                std::thread::sleep(std::time::Duration::from_millis(45));
            }
            s.pass(0.05, || true);
        };
        come(&mut s);
        let baseline = state(&s).futures.ends;
        assert!(run(&mut s, "guess regional_war 20").is_err_and(|why| why.contains("move one first")));
        run(&mut s, "lever israel.blow_rate 0").unwrap();
        run(&mut s, "lever unifil.troops 0").unwrap();
        come(&mut s);
        assert_eq!((state(&s).covered, &state(&s).futures.ends), (true, &baseline));
        // Nor does what is asked of many futures at once.
        for asks in ["causes", "contested"] {
            assert!(run(&mut s, asks).is_err_and(|why| why.contains("Predict first")), "{asks}");
        }
        for bad in ["guess", "guess war", "guess regional_wars 3", "guess regional_war many", "guess killed x"] {
            assert!(run(&mut s, bad).is_err_and(|why| why.ends_with(['.', '?'])), "{bad}");
        }
        for bad in ["hands 1 2", "hands 0 0 0", "hands 1 2 3 peace", "predict", "guess regional_war 120"] {
            assert!(run(&mut s, bad).is_err_and(|why| why.ends_with(['.', '?'])), "{bad}");
        }
        run(&mut s, "reveal").unwrap();
        assert!(state(&s).covered && s.trouble().is_some_and(|why| why.contains("guess first")), "{:?}", s.note());
        run(&mut s, "guess regional_war 20% Ana Maria").unwrap();
        run(&mut s, "guess change -0.5").unwrap();
        run(&mut s, "guess killed 3").unwrap();
        run(&mut s, "unguess").unwrap();
        run(&mut s, "hands 3 4 5").unwrap();
        assert_eq!((state(&s).guesses, state(&s).scored, &state(&s).futures.ends), (3, 0, &baseline));
        assert_eq!(s.sitting.guesses().list()[0].name, "Ana Maria");
        run(&mut s, "reveal").unwrap();
        come(&mut s);
        let state = state(&s);
        assert_eq!((state.covered, state.scored), (false, 3));
        assert_ne!(state.futures.ends, baseline);
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
