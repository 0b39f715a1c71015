//! What a line of the language asks for, where that is acts and nothing more: for scripts and tours ([`super::command`]) and for the
//! steps of a session, which may be a stranger's. It reads the sitting and carries nothing out.

use super::act::{Act, Tab};
use super::commands::{Command, Does, Word};
use super::map::Pick;
use super::start::EXPERIMENTS;
use detente_model::record::recorder::EventId;
use detente_model::scenario::nearest;
use detente_model::symbols::levers::{LEVERS, Lever};
use detente_session::Sitting;
use detente_session::chart::{Ask, Track};
use detente_session::names::quoted;

/// Longest piece of a line in a sentence about it, characters.
const LONGEST: usize = 80;

/// The command that a line begins with, and what stands behind its word.
///
/// # Errors
/// One sentence, if there is no such command.
pub fn command(line: &str) -> Result<(&'static Command, &str), String> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match Command::of(word) {
        Some(command) => Ok((command, rest.trim())),
        None => Err(format!("There is no command `{}`; `help` lists them.", quoted(word, LONGEST))),
    }
}

/// Whether a line may stand in a step of a session.
///
/// # Errors
/// One sentence that says why not.
pub fn may_be_a_step(line: &str) -> Result<(), String> {
    match command(line)?.0.barred() {
        Some(why) => Err(format!("`{}` can be no part of a step: {why}.", quoted(line, LONGEST))),
        None => Ok(()),
    }
}

/// What a command asks for; `rest` is what stands behind its word.
///
/// # Errors
/// One sentence, if it is written otherwise, names something that is not there, or does more than acts say.
pub fn acts(command: &Command, rest: &str, sitting: &Sitting, ask: Ask) -> Result<Vec<Act>, String> {
    let word = command.word;
    let known = match &command.how {
        Does::Act(_) if !rest.is_empty() => return Err(usage(word)),
        Does::Act(act) => return Ok(vec![act.clone()]),
        Does::Tour(_) => return Err(format!("`{word}` is a word of tours only; `help` lists the others.")),
        Does::Word(known) => *known,
    };
    let one = match known {
        Word::Play if rest.is_empty() => Act::Play(true),
        Word::Play => {
            let speed: f32 = number(word, rest)?;
            if speed.is_nan() || speed <= 0.0 {
                return Err(
                    "`play` takes a speed above 0, days a second; leave it out to keep the present one.".to_owned()
                );
            }
            return Ok(vec![Act::Speed(speed), Act::Play(true)]);
        }
        Word::Pause => Act::Play(false),
        Word::Step => Act::Step(if rest.is_empty() { 1 } else { number(word, rest)? }),
        Word::Go => match rest {
            "first" => Act::GoTo(0),
            "last" => Act::GoToLast,
            _ => Act::GoTo(number(word, rest)?),
        },
        Word::Lever => {
            let (lever, value) = lever_move(rest, sitting)?;
            return Ok(vec![Act::SetLever(lever, value), Act::EndStep]);
        }
        Word::Reset if rest.is_empty() => Act::ResetAll,
        Word::Reset => Act::ResetLever(lever(rest)?),
        Word::Show => {
            let (id, day) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let show = Act::Show(branch(word, id, sitting)?);
            if day.is_empty() {
                return Ok(vec![show]);
            }
            let day: i32 = number(word, day.trim())?;
            // In the order in which no branch is played further than it is shown.
            return Ok(if day <= sitting.today() { vec![Act::GoTo(day), show] } else { vec![show, Act::GoTo(day)] });
        }
        Word::Pair => {
            let Some((a, b)) = rest.split_once(char::is_whitespace) else { return Err(usage(word)) };
            Act::Pair([branch(word, a, sitting)?, branch(word, b.trim(), sitting)?])
        }
        Word::Futures => {
            let parts: Vec<&str> = rest.split_whitespace().collect();
            let mut ask = ask;
            let (futures, more) = parts.split_first().ok_or_else(|| usage(word))?;
            ask.futures = number::<u64>(word, futures)?.clamp(1, 4_096);
            if let Some(days) = more.first() {
                ask.days = number::<u32>(word, days)?.clamp(30, 540);
            }
            ask.prior = match more.get(1..).unwrap_or_default() {
                [] => ask.prior,
                ["ranges"] => true,
                ["defaults"] => false,
                _ => return Err(usage(word)),
            };
            Act::Ask(ask)
        }
        Word::Chart => {
            let rules = &sitting.rules;
            let tracks = Track::all(rules);
            let ids: Vec<String> = tracks.iter().map(|track| track.id(rules)).collect();
            match ids.iter().position(|id| id == rest) {
                Some(at) => Act::Track(tracks[at]),
                None => {
                    let said = quoted(rest, LONGEST);
                    return Err(match nearest(rest, ids.iter().map(String::as_str)) {
                        Some(near) => format!("There is no chart `{said}`; did you mean `{near}`?"),
                        None => format!("There is no chart `{said}`; there are {}.", ids.join(", ")),
                    });
                }
            }
        }
        Word::Experiment => {
            let which: usize = number(word, rest)?;
            if !(1..=EXPERIMENTS.len()).contains(&which) {
                return Err(format!("There are {} experiments, counted from 1.", EXPERIMENTS.len()));
            }
            Act::Experiment(which - 1)
        }
        Word::Panel => {
            let tab = Tab::ALL.into_iter().find(|t| t.name().eq_ignore_ascii_case(rest)).ok_or_else(|| usage(word))?;
            Act::Tab(tab)
        }
        Word::Explain => {
            let mut past = sitting.past().iter().rev();
            let found = match rest.parse::<EventId>() {
                Ok(id) => past.find(|(known, _)| *known == id),
                Err(_) => past.find(|(_, event)| event.kind().name() == rest),
            };
            let Some((id, _)) = found else {
                return Err(format!("There was no `{}` so far.", quoted(rest, LONGEST)));
            };
            Act::Explain(*id)
        }
        Word::Inspect => {
            let pick = pick(rest, sitting).ok_or_else(|| format!("Nothing has the id `{}`.", quoted(rest, LONGEST)))?;
            Act::Inspect(pick)
        }
        Word::Predict if ["on", "off"].contains(&rest) => Act::Predict(rest == "on"),
        Word::Predict => return Err(usage(word)),
        _ => return Err(format!("`{word}` does more than a step can.")),
    };
    Ok(vec![one])
}

/// What has this id on the map.
#[must_use]
pub fn pick(id: &str, sitting: &Sitting) -> Option<Pick> {
    let rules = &sitting.rules;
    let site = || rules.frame.sites.iter().position(|s| s.id.text == id).map(Pick::Site);
    let mission = || rules.missions.iter().position(|m| m.id.text == id).map(Pick::Mission);
    rules.front(id).map(Pick::Front).or_else(|| rules.actor(id).map(Pick::Actor)).or_else(site).or_else(mission)
}

/// The id of what was picked on the map, where [`pick`] finds that by it.
#[must_use]
pub fn id_of(picked: Pick, sitting: &Sitting) -> Option<String> {
    let rules = &sitting.rules;
    let id = match picked {
        Pick::Front(i) => rules.fronts.get(i).map(|front| &front.id),
        Pick::Actor(i) => rules.actors.get(i).map(|actor| &actor.id),
        Pick::Site(i) => rules.frame.sites.get(i).map(|site| &site.id),
        Pick::Mission(i) => rules.missions.get(i).map(|mission| &mission.id),
        Pick::Event(_) => None,
    };
    id.map(|id| id.text.clone()).filter(|id| pick(id, sitting) == Some(picked))
}

/// The position of the branch with this number.
fn branch(word: &str, id: &str, sitting: &Sitting) -> Result<usize, String> {
    let id = number(word, id)?;
    sitting.position(id).ok_or_else(|| format!("There is no branch {id}; the timeline lists those there are."))
}

/// A lever's id and value as they are typed.
///
/// # Errors
/// One sentence that says what is wrong with either.
pub fn lever_move(rest: &str, sitting: &Sitting) -> Result<(Lever, f64), String> {
    let Some((id, value)) = rest.split_once(char::is_whitespace) else { return Err(usage("lever")) };
    let lever = lever(id)?;
    Ok((lever, lever.parse(value.trim(), sitting.rules.frame.start)?))
}

/// The lever with this id.
///
/// # Errors
/// One sentence that names the nearest.
pub fn lever(id: &str) -> Result<Lever, String> {
    Lever::from_id(id).ok_or_else(|| match nearest(id, LEVERS.iter().map(|row| row.id)) {
        Some(near) => format!("There is no lever `{}`; did you mean `{near}`?", quoted(id, LONGEST)),
        None => format!("There is no lever `{}`; `detente levers` lists them.", quoted(id, LONGEST)),
    })
}

/// A number behind a command.
///
/// # Errors
/// How the command is written.
pub fn number<N: std::str::FromStr>(word: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|_| usage(word))
}

/// How a command is written, as a sentence.
#[must_use]
pub fn usage(word: &str) -> String {
    let written = Command::of(word).map_or_else(|| "help".to_owned(), Command::written);
    format!("`{word}` is written `{written}`.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::scenario::load;

    fn read(line: &str, sitting: &Sitting) -> Result<Vec<Act>, String> {
        let (command, rest) = command(line)?;
        acts(command, rest, sitting, Ask::default())
    }

    #[test]
    fn a_line_is_read_as_acts_and_nothing_is_done() {
        let mut s = Sitting::new(load("november-2024").unwrap(), 1);
        s.go_to(20);
        s.fork("Other").unwrap();
        let revision = s.revision();
        let lebanon = s.rules.tables.iter().position(|table| table.id.text == "LEB").unwrap();
        let ask = Ask { futures: 64, days: 90, prior: false };
        for (line, acts) in [
            ("go first", vec![Act::GoTo(0)]),
            // Whichever way, no branch is played further than it is shown.
            ("show 0 5", vec![Act::GoTo(5), Act::Show(0)]),
            ("show 0 50", vec![Act::Show(0), Act::GoTo(50)]),
            ("show 1", vec![Act::Show(1)]),
            ("pair 1 0", vec![Act::Pair([1, 0])]),
            ("panel why", vec![Act::Tab(Tab::Why)]),
            ("chart in_force:LEB", vec![Act::Track(Track::InForce(lebanon))]),
            ("futures 64 90 defaults", vec![Act::Ask(ask)]),
            ("futures 64", vec![Act::Ask(Ask { futures: 64, ..Ask::default() })]),
            ("inspect UNIFIL", vec![Act::Inspect(Pick::Mission(0))]),
            ("play 7", vec![Act::Speed(7.0), Act::Play(true)]),
            ("lever unifil.troops 15000", vec![Act::SetLever(Lever::UnifilTroops, 15_000.0), Act::EndStep]),
        ] {
            assert_eq!(read(line, &s), Ok(acts), "{line}");
        }
        let (id, _) = s.past()[s.past().len() / 2];
        assert_eq!(read(&format!("explain {id}"), &s), Ok(vec![Act::Explain(id)]));
        for bad in [
            "show 7",
            "show 0 x",
            "pair 0",
            "chart in_force:LAB",
            "chart",
            "futures 64 90 some",
            "futures",
            "explain d900e1",
            "explain nothing",
            "inspect nothing",
            "save x",
            "predict",
            "wait",
            "undo 2",
        ] {
            let why = read(bad, &s).unwrap_err();
            assert!(why.ends_with(['.', '?']), "{bad}: {why}");
        }
        assert_eq!(s.revision(), revision);
    }

    #[test]
    fn what_writes_files_or_opens_windows_is_refused_as_a_step() {
        for line in ["show 0 5", "panel why", "lever unifil.troops 0"] {
            assert_eq!(may_be_a_step(line), Ok(()), "{line}");
        }
        for (line, why) in [
            ("save x", "hands on sessions"),
            ("report out", "hands on sessions"),
            ("open abc", "hands on sessions"),
            ("share-window", "window over the rest"),
            ("contested 4000", "window over the rest"),
            ("scenario null", "another history"),
            ("steps next", "walks no steps"),
            ("text 2", "how the screen looks"),
            ("picture /tmp/x.png", "word of tours"),
            ("dance", "no command `dance`"),
        ] {
            let said = may_be_a_step(line).unwrap_err();
            assert!(said.contains(why) && said.ends_with('.'), "{line}: {said}");
        }
    }

    #[test]
    fn what_is_picked_has_an_id_by_which_it_is_found() {
        let s = Sitting::new(load("november-2024").unwrap(), 1);
        let picks = [Pick::Actor(0), Pick::Front(1), Pick::Mission(0)];
        for picked in picks {
            let id = id_of(picked, &s).unwrap();
            assert_eq!(pick(&id, &s), Some(picked), "{id}");
        }
        assert_eq!(id_of(Pick::Actor(9_999), &s), None);
    }
}
