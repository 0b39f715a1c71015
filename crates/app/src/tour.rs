//! A scripted tour of the window: commands ([`super::command`]) one a line, with waits, pictures and expectations between.

use super::command;
use super::commands::{Command, Does, TourWord};
use super::studio::Studio;

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
const FRAMES: u32 = 5;
/// Frames drawn before the first command: fonts and pipelines have to be there.
const FIRST_FRAMES: u32 = 20;
/// Seconds after which waiting is given up.
const PATIENCE: f64 = 120.0;

/// A tour under way.
pub struct Tour {
    lines: Vec<(usize, String)>,
    next: usize,
    rest: u32,
    waited: f64,
}

impl Tour {
    /// Reads a tour; lines that are empty or begin with `#` say nothing.
    ///
    /// # Errors
    /// Every line that begins with no command.
    pub fn read(text: &str) -> Result<Self, String> {
        let lines: Vec<(usize, String)> = (1..)
            .zip(text.lines())
            .map(|(n, line)| (n, line.trim().to_owned()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .collect();
        let wrong: Vec<String> = lines
            .iter()
            .filter(|(_, line)| Command::of(line.split(' ').next().unwrap_or("")).is_none())
            .map(|(n, line)| format!("line {n} of the tour: `{line}` begins with no command"))
            .collect();
        if wrong.is_empty() {
            Ok(Self { lines, next: 0, rest: FIRST_FRAMES, waited: 0.0 })
        } else {
            Err(wrong.join("\n"))
        }
    }

    /// Goes on, frame by frame.
    pub fn go_on(&mut self, studio: &mut Studio, seconds: f64) -> Turn {
        if self.rest > 0 {
            self.rest -= 1;
            return Turn::Wait;
        }
        let Some((n, line)) = self.lines.get(self.next) else { return Turn::Done(Ok(())) };
        let fail = |why: &str| Turn::Done(Err(format!("line {n} of the tour (`{line}`): {why}")));
        self.waited += seconds;
        if self.waited > PATIENCE {
            return fail("waited too long");
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        let mut turn = Turn::Wait;
        let known = match Command::of(word).map(|command| &command.how) {
            Some(Does::Tour(word)) => Some(word),
            _ => None,
        };
        match known {
            Some(TourWord::Wait) if studio.is_busy() || studio.report_waits.is_some() => return Turn::Wait,
            Some(TourWord::Wait) => {}
            Some(TourWord::Picture) if studio.panel_moves() => return Turn::Wait,
            Some(TourWord::Until) => match rest.parse::<i32>() {
                Ok(day) if studio.sitting.today() >= day => {}
                Ok(_) if studio.playing => return Turn::Wait,
                Ok(_) => return fail("days do not pass"),
                Err(_) => return fail("`until` takes a day"),
            },
            Some(TourWord::Picture) => turn = Turn::Picture(rest.to_owned()),
            Some(TourWord::Expect) => {
                let Some((name, value)) = rest.split_once(' ') else {
                    return fail("`expect` takes a name and a value");
                };
                let state = serde_json::to_value(command::state(studio)).unwrap_or_default();
                let found = name.split('.').try_fold(&state, |at, key| at.get(key));
                let found = found.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
                let value = value.trim();
                let holds = match value.strip_prefix('<') {
                    Some(most) => {
                        let number = |text: &str| text.trim().parse::<f64>().ok();
                        found.as_deref().and_then(number).zip(number(most)).is_some_and(|(is, most)| is < most)
                    }
                    None => found.as_deref() == Some(value),
                };
                if !holds {
                    return fail(&format!("{name} is {}", found.as_deref().unwrap_or("not there")));
                }
            }
            Some(TourWord::Keep) => {
                studio.start_keeping(true);
                studio.is_tour = false;
            }
            Some(TourWord::Record) => {
                let state = command::run(studio, "state").unwrap_or_default();
                if let Err(why) = super::platform::save_file(rest, state.as_bytes()) {
                    return fail(&why);
                }
            }
            None => {
                if let Err(why) = command::run(studio, line) {
                    return fail(&why);
                }
            }
        }
        self.next += 1;
        self.rest = FRAMES;
        self.waited = 0.0;
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tour_names_every_line_that_is_no_command() {
        let why = Tour::read("play\n\n# words\ndance now\nwait\nsing\n").err().unwrap();
        assert_eq!(why.lines().count(), 2, "{why}");
        assert!(why.contains("line 4") && why.contains("line 6"), "{why}");
    }
}
