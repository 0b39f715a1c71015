//! A scripted tour: one command a line, carried out through the same wishes as a person's, with pictures on the way.

use super::act::{Act, Dialog, Tab};
use super::studio::Studio;
use crate::symbols::levers::Lever;

/// What the window is to do next.
pub enum Turn {
    /// Nothing but go on drawing.
    Wait,
    /// Take a picture.
    Picture(String),
    /// The tour is over, or went wrong.
    Done(Result<(), String>),
}

/// Frames drawn between a command and the next, so that a picture shows what it should.
const FRAMES: u32 = 6;
/// Seconds after which waiting is given up.
const PATIENCE: f64 = 60.0;

/// A tour under way.
pub struct Tour {
    steps: Vec<(usize, String)>,
    next: usize,
    rest: u32,
    waited: f64,
}

impl Tour {
    /// Reads a tour; lines that are empty or begin with `#` say nothing.
    ///
    /// # Errors
    /// Every line that is no command.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut wrong = Vec::new();
        for (n, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Err(why) = Step::read(line) {
                wrong.push(format!("line {n}: {why}"));
            }
            steps.push((n, line.to_owned()));
        }
        if wrong.is_empty() { Ok(Self { steps, next: 0, rest: 20, waited: 0.0 }) } else { Err(wrong.join("\n")) }
    }

    /// Goes on, frame by frame.
    pub fn go_on(&mut self, studio: &mut Studio, seconds: f64) -> Turn {
        if self.rest > 0 {
            self.rest -= 1;
            return Turn::Wait;
        }
        let Some((line, text)) = self.steps.get(self.next) else { return Turn::Done(Ok(())) };
        let fail = |why: String| Turn::Done(Err(format!("tour, line {line} (`{text}`): {why}")));
        let step = match Step::read(text) {
            Ok(step) => step,
            Err(why) => return fail(why),
        };
        self.waited += seconds;
        if self.waited > PATIENCE {
            return fail("waited too long".to_owned());
        }
        match step {
            Step::Wait if studio.is_busy() => return Turn::Wait,
            Step::Until(day) if studio.sitting.today() < day => {
                if !studio.playing {
                    return fail("days do not pass".to_owned());
                }
                return Turn::Wait;
            }
            _ => {}
        }
        let turn = match step {
            Step::Wait | Step::Until(_) => Turn::Wait,
            Step::Act(act) => {
                studio.act(act);
                Turn::Wait
            }
            Step::Picture(path) => Turn::Picture(path),
            Step::Expect(what, value) => match expect(studio, &what) {
                Some(found) if found == value => Turn::Wait,
                Some(found) => return fail(format!("{what} is {found}")),
                None => return fail(format!("nothing is called {what}")),
            },
            Step::Day(days) => {
                studio.act(Act::Step(days));
                Turn::Wait
            }
            Step::Explain(kind) => {
                let past = studio.sitting.past();
                match past.iter().rev().find(|(_, e)| e.kind().name() == kind) {
                    Some((id, _)) => {
                        let id = *id;
                        studio.act(Act::Explain(id));
                        Turn::Wait
                    }
                    None => return fail(format!("there was no {kind}")),
                }
            }
        };
        self.next += 1;
        self.rest = FRAMES;
        self.waited = 0.0;
        turn
    }
}

/// One line.
enum Step {
    Act(Act),
    Day(i32),
    Wait,
    Until(i32),
    Picture(String),
    Explain(String),
    Expect(String, String),
}

impl Step {
    fn read(line: &str) -> Result<Self, String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        let number = || rest.parse::<i32>().map_err(|_| format!("`{word}` takes a whole number, not `{rest}`"));
        let act = |act| Ok(Self::Act(act));
        match word {
            "play" | "pause" => act(Act::PlayPause),
            "speed" => match rest {
                "max" => act(Act::Speed(f32::INFINITY)),
                _ => act(Act::Speed(rest.parse().map_err(|_| format!("`speed` takes days a second or `max`, not `{rest}`"))?)),
            },
            "go" => act(Act::GoTo(number()?)),
            "step" => Ok(Self::Day(number()?)),
            "until" => Ok(Self::Until(number()?)),
            "wait" => Ok(Self::Wait),
            "lever" => {
                let (id, value) = rest.split_once(' ').ok_or("`lever` takes a lever and a value")?;
                let lever = Lever::from_id(id).ok_or_else(|| format!("there is no lever `{id}`"))?;
                let value = match lever.row().kind {
                    crate::symbols::levers::Kind::Date if value.trim() == "off" => crate::symbols::levers::OFF,
                    crate::symbols::levers::Kind::Date => {
                        value.trim().parse::<i32>().map(f64::from).map_err(|_| "a date lever takes a day or `off` here".to_owned())?
                    }
                    _ => lever.parse(value.trim(), jiff::civil::date(2024, 1, 1))?,
                };
                act(Act::SetLever(lever, value))
            }
            "reset" => act(Act::ResetAll),
            "undo" => act(Act::Undo),
            "redo" => act(Act::Redo),
            "fork" => act(Act::Fork),
            "show" => act(Act::Show(number()?.max(0) as usize)),
            "seed" => act(Act::Reseed(rest.parse().map_err(|_| "`seed` takes a whole number".to_owned())?)),
            "experiment" => act(Act::Experiment(number()?.max(0) as usize)),
            "dismiss" => act(Act::Dismiss),
            "theme" => act(Act::Theme),
            "text" => act(Act::Text(rest.parse().map_err(|_| "`text` takes a size from 0.8 to 2".to_owned())?)),
            "motion" => act(Act::ReducedMotion(rest == "reduced")),
            "tab" => {
                let tab = Tab::ALL.into_iter().find(|t| t.name().eq_ignore_ascii_case(rest));
                act(Act::Tab(tab.ok_or_else(|| format!("there is no panel `{rest}`"))?))
            }
            "rank" => act(Act::Rank(crate::futures::rank::Metric::Headline(crate::record::outcome::Headline::RegionalWar))),
            "end-rank" => act(Act::EndRank),
            "help" => act(Act::Dialog(Some(Dialog::Help))),
            "share" => act(Act::Dialog(Some(Dialog::Share))),
            "close" => act(Act::Dialog(None)),
            "save" => act(Act::Save(rest.to_owned())),
            "open" => act(Act::Open(rest.to_owned())),
            "report" => act(Act::Report(rest.to_owned())),
            "scenario" => act(Act::Scenario(rest.to_owned())),
            "explain" => Ok(Self::Explain(rest.to_owned())),
            "picture" => Ok(Self::Picture(rest.to_owned())),
            "expect" => {
                let (what, value) = rest.split_once(' ').ok_or("`expect` takes a name and a value")?;
                Ok(Self::Expect(what.to_owned(), value.trim().to_owned()))
            }
            _ => Err(format!("`{word}` is no command")),
        }
    }
}

/// What a tour can expect.
fn expect(studio: &Studio, what: &str) -> Option<String> {
    Some(match what {
        "day" => studio.sitting.today().to_string(),
        "branches" => studio.sitting.branches().len().to_string(),
        "branch" => studio.sitting.branch().name.clone(),
        "digest" => studio.sitting.branch().history.digest().whole,
        "pairs" => studio.fans().map_or(0, crate::session::chart::Fans::pairs).to_string(),
        "changes" => studio.sitting.branch().changes.len().to_string(),
        "note" => studio.note().unwrap_or("").to_owned(),
        _ => return None,
    })
}
