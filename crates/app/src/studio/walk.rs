//! Steps of a session: shown one after another, made of what is shown, and the lessons that ship.
//!
//! A step's commands are looked at before any of them is carried out: steps come from strangers' files, too. Then they are
//! carried out in order; where one takes a while, the others wait for it, and Cancel leaves them undone.

use super::bench::Origin;
use super::room::Studio;
use crate::act::{Act, Tab, Walk};
use crate::language;
use detente_session::lessons::Lesson;
use detente_session::names::quoted;
use detente_session::steps::Step;

impl Studio {
    /// Shows a step.
    pub(super) fn walk(&mut self, walk: Walk) {
        let steps = self.sitting.steps();
        let count = steps.list().len();
        let to = match walk {
            Walk::Next => steps.after(),
            Walk::Back => steps.before(),
            Walk::To(step) => Some(step).filter(|step| *step < count),
        };
        let Some((to, step)) = to.and_then(|to| Some((to, steps.list().get(to)?))) else {
            let why = match (count, walk) {
                (0, _) => "This session has no steps yet: press S and “Remember this” to make one of what is shown."
                    .to_owned(),
                (_, Walk::Next) => "This was the last step.".to_owned(),
                (_, Walk::Back) => "There is no step before this one.".to_owned(),
                (_, Walk::To(_)) => format!("Steps are counted from 1 to {count}."),
            };
            // A number that is typed is meant; a key that was hit by chance is no trouble.
            return self.say(why, matches!(walk, Walk::To(_)) && count > 0);
        };
        let commands = step.commands.clone();
        if let Err(why) = commands.iter().try_for_each(|line| language::may_be_a_step(line)) {
            return self.say(format!("Step {} was not shown. {why}", to + 1), true);
        }
        // What stood before, and what was said of it, does not stand in the way.
        (self.dialog, self.note, self.playing, self.steps.shown) = (None, None, false, true);
        if self.desk.needle().is_some() {
            self.desk.end_rank();
        }
        self.sitting.prepare(|steps| steps.turn_to(to));
        self.walking = commands.into();
        self.walk_on();
    }

    /// Goes on with the step that is being shown, until something in it takes a while.
    pub(super) fn walk_on(&mut self) {
        while self.holder().is_none()
            && let Some(line) = self.walking.pop_front()
        {
            let read = language::command(&line);
            let acts = read.and_then(|(command, rest)| language::acts(command, rest, &self.sitting, self.desk.ask));
            let done = acts.and_then(|acts| {
                acts.into_iter().for_each(|act| self.act(act));
                self.trouble().map_or(Ok(()), |why| Err(why.to_owned()))
            });
            if let Err(why) = done {
                self.walking.clear();
                let step = self.sitting.steps().at().map_or(0, |at| at + 1);
                self.say(format!("Step {step} stops at `{}`: {why}", quoted(&line, 60)), true);
            }
        }
    }

    /// Commands that bring back what is shown: branch and day, the panel, and what it is about. Where the map looks, text size and
    /// theme are not among them.
    #[must_use]
    pub fn shown_as_commands(&self) -> Vec<String> {
        let sitting = &self.sitting;
        let mut lines = vec![format!("show {} {}", sitting.branch().id, sitting.today())];
        let chart = self.track().map(|track| format!("chart {}", track.id(&sitting.rules)));
        let panel = format!("panel {}", self.tab.name().to_lowercase());
        match self.tab {
            Tab::Futures => lines.extend(chart.into_iter().chain([panel])),
            Tab::Why => {
                let told = self.why.event.filter(|event| sitting.past().iter().any(|(id, _)| id == event));
                lines.push(told.map_or(panel, |event| format!("explain {event}")));
            }
            Tab::Inspect => {
                let id = self.pick.and_then(|pick| language::id_of(pick, sitting));
                lines.push(id.map_or(panel, |id| format!("inspect {id}")));
            }
            Tab::Compare => {
                let pair = self.pair().map(|pair| pair.map(|branch| sitting.branches()[branch].id));
                lines.extend(pair.map(|[a, b]| format!("pair {a} {b}")).into_iter().chain(chart).chain([panel]));
            }
        }
        lines
    }

    /// Makes a step of what is shown, and says so. Without a title it is called by the day and the panel.
    ///
    /// # Errors
    /// One sentence, if the session is full of steps.
    pub fn remember(&mut self, title: &str, notes: &str) -> Result<String, String> {
        let title = match title.trim() {
            "" => format!("Day {}, {}", self.sitting.today(), self.tab.name()),
            title => title.to_owned(),
        };
        let step = Step { title, notes: notes.to_owned(), commands: self.shown_as_commands() };
        let place = self.sitting.prepare(|steps| steps.add(&step))?;
        self.steps.shown = true;
        Ok(format!("Step {} is what is shown now.", place + 1))
    }

    /// Opens a lesson, and shows its first step. The session before it is kept.
    pub(super) fn lesson(&mut self, name: &str) {
        match Lesson::of(name) {
            Ok(lesson) => {
                let said = format!("{}: PageDown goes on, PageUp back.", lesson.title);
                self.open_saved(lesson.saved(), &said, Origin::Lesson);
            }
            Err(why) => self.say(why, true),
        }
    }

    /// Shows the first step of a session that this program made itself; a stranger's waits for a hand.
    pub(super) fn begin_lesson(&mut self) {
        let said = self.note.take();
        self.act(Act::Walk(Walk::To(0)));
        if self.note.is_none() {
            self.note = said;
        }
        // As it ships: what is done in it from here on is worth keeping.
        self.keeper.begin(&self.sitting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command;
    use crate::map::Pick;
    use detente_model::scenario::load;
    use detente_session::Sitting;
    use detente_session::chart::Track;
    use detente_session::file::Saved;
    use detente_session::lessons::LESSONS;
    use detente_session::steps::Steps;

    fn studio() -> Studio {
        let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
        studio.is_tour = true;
        studio
    }

    fn with(commands: &[&[&str]]) -> Studio {
        let mut studio = studio();
        for (i, commands) in commands.iter().enumerate() {
            let commands = commands.iter().map(|line| (*line).to_owned()).collect();
            let step = Step { title: format!("Step {}", i + 1), notes: String::new(), commands };
            studio.sitting.prepare(|steps| steps.add(&step)).unwrap();
        }
        studio.sitting.prepare(Steps::begin);
        studio
    }

    /// Where it stands: step, day, branch, panel.
    fn stands(studio: &Studio) -> (Option<usize>, i32, u32, Tab) {
        (studio.sitting.steps().at(), studio.sitting.today(), studio.sitting.branch().id, studio.tab)
    }

    #[test]
    fn steps_are_shown_one_after_another_and_back_and_at_the_ends_nothing_moves() {
        let mut s = with(&[&["show 0 12", "panel why"], &["show 0 3", "panel inspect", "inspect ISR"], &["go 8"]]);
        s.act(Act::Walk(Walk::Back));
        assert_eq!((stands(&s).0, s.trouble()), (None, None));
        s.act(Act::Walk(Walk::Next));
        assert_eq!(stands(&s), (Some(0), 12, 0, Tab::Why));
        s.act(Act::Walk(Walk::Next));
        assert_eq!(stands(&s), (Some(1), 3, 0, Tab::Inspect));
        s.act(Act::Walk(Walk::Next));
        s.act(Act::Walk(Walk::Next));
        assert_eq!(stands(&s), (Some(2), 8, 0, Tab::Inspect));
        assert!(s.trouble().is_none() && s.note().is_some_and(|note| note.contains("last step")), "{:?}", s.note());
        s.act(Act::Walk(Walk::Back));
        s.act(Act::Walk(Walk::Back));
        assert_eq!(stands(&s), (Some(0), 12, 0, Tab::Why));
        s.act(Act::Walk(Walk::To(9)));
        assert!(s.trouble().is_some_and(|why| why.contains("from 1 to 3")), "{:?}", s.note());
        assert_eq!(stands(&s).0, Some(0));
        let mut none = studio();
        none.act(Act::Walk(Walk::Next));
        assert!(none.trouble().is_none() && none.note().is_some_and(|note| note.contains("Remember this")));
    }

    /// A playhead that goes far is played in slices; what stands behind it in the step waits.
    #[test]
    fn what_takes_a_while_is_waited_for_and_cancel_leaves_the_rest_undone() {
        for cancelled in [false, true] {
            let mut s = with(&[&["go 110", "panel inspect", "inspect ISR"]]);
            s.bench.at_once = 0.0;
            s.act(Act::Walk(Walk::Next));
            assert!(s.is_working());
            assert_eq!((s.sitting.today(), s.tab), (0, Tab::Futures));
            if cancelled {
                s.act(Act::StopWork);
                assert_eq!((s.sitting.today(), s.tab, s.pick), (0, Tab::Futures, None));
                continue;
            }
            s.finish_work();
            assert_eq!((s.sitting.today(), s.tab), (110, Tab::Inspect));
            assert!(s.pick.is_some());
        }
    }

    #[test]
    fn of_a_step_with_a_command_that_none_may_have_nothing_is_done() {
        for (line, why) in [
            ("save stolen", "hands on sessions"),
            ("report out", "hands on sessions"),
            ("share-window", "window over the rest"),
            ("scenario null", "another history"),
            ("steps 1", "walks no steps"),
            ("dance", "no command"),
        ] {
            let mut s = with(&[&["go 9", line]]);
            s.act(Act::Walk(Walk::Next));
            let said = s.trouble().unwrap_or_default().to_owned();
            assert!(said.contains(why) && said.starts_with("Step 1 was not shown.") && said.ends_with('.'), "{said}");
            assert_eq!((stands(&s), s.dialog), ((None, 0, 0, Tab::Futures), None), "{line}");
        }
        // What is not there stops it where it stands, in words.
        let mut s = with(&[&["go 4", "inspect nothing", "go 9"]]);
        s.act(Act::Walk(Walk::Next));
        assert!(
            s.trouble().is_some_and(|why| why.starts_with("Step 1 stops at `inspect nothing`: ")),
            "{:?}",
            s.note()
        );
        assert_eq!(s.sitting.today(), 4);
        assert!(command::run(&mut s, "steps 1").is_err_and(|why| why.contains("inspect nothing")));
    }

    #[test]
    fn what_is_remembered_is_brought_back_from_anywhere() {
        let mut s = studio();
        s.act(Act::GoTo(30));
        s.act(Act::Fork);
        command::run(&mut s, "lever unifil.troops 0").unwrap();
        s.act(Act::GoTo(40));
        let event = s.sitting.past()[s.sitting.past().len() / 2].0;
        s.act(Act::Explain(event));
        s.remember("", "").unwrap();
        s.act(Act::Inspect(Pick::Mission(0)));
        s.act(Act::GoTo(33));
        s.remember("The mission", "Say how many.\nAsk why.").unwrap();
        s.act(Act::Tab(Tab::Futures));
        s.act(Act::Track(Track::Killed));
        s.act(Act::Show(0));
        s.act(Act::GoTo(5));
        s.remember("Killed", "").unwrap();
        s.act(Act::GoTo(35));
        s.act(Act::Pair([0, 1]));
        s.act(Act::Tab(Tab::Compare));
        s.remember("Beside each other", "").unwrap();
        let titles: Vec<&str> = s.sitting.steps().list().iter().map(|step| step.title.as_str()).collect();
        assert_eq!(titles, ["Day 40, Why", "The mission", "Killed", "Beside each other"]);
        let (script, played) = (s.sitting.script().courses, s.sitting.branches().len());
        // Somewhere else, and as a file opened anew.
        let mut again = Studio::new(Saved::from_text(&Saved::of(&s.sitting).to_text()).unwrap().open().unwrap());
        again.is_tour = true;
        for s in [&mut s, &mut again] {
            s.act(Act::Tab(Tab::Why));
            s.act(Act::GoTo(1));
            for step in [0, 2, 1, 3, 2, 0, 3, 1, 0] {
                s.act(Act::Walk(Walk::To(step)));
                assert_eq!(s.trouble(), None);
                let stands = (s.sitting.today(), s.sitting.branch().id, s.tab);
                match step {
                    0 => assert_eq!((stands, s.why.event), ((40, 1, Tab::Why), Some(event))),
                    1 => assert_eq!((stands, s.pick), ((33, 1, Tab::Inspect), Some(Pick::Mission(0)))),
                    2 => assert_eq!((stands, s.track()), ((5, 0, Tab::Futures), Some(Track::Killed))),
                    _ => assert_eq!((stands, s.pair()), ((35, 0, Tab::Compare), Some([0, 1]))),
                }
            }
            assert_eq!((&s.sitting.script().courses, s.sitting.branches().len()), (&script, played), "steps only show");
        }
    }

    /// Every lesson plays from its first step to its last and back, and nothing in it is refused.
    #[test]
    fn every_lesson_opens_in_one_click_and_plays_to_its_end() {
        for lesson in &LESSONS {
            let mut s = studio();
            s.act(Act::Lesson(lesson.name.to_owned()));
            s.finish_work();
            assert!(s.trouble().is_none() && s.steps.shown, "{}: {:?}", lesson.name, s.note());
            let count = s.sitting.steps().list().len();
            let branches = s.sitting.branches().len();
            let mut seen = std::collections::BTreeSet::from([s.sitting.branch().id]);
            assert_eq!((s.sitting.seed(), s.sitting.steps().at()), (80, Some(0)), "{}", lesson.name);
            assert_eq!((s.desk.ask.futures, s.desk.ask.days, s.desk.ask.prior), (256, 180, true));
            for at in 1..count {
                assert_eq!(command::run(&mut s, "steps next"), Ok(String::new()), "{}, step {}", lesson.name, at + 1);
                assert_eq!(s.sitting.steps().at(), Some(at));
                seen.insert(s.sitting.branch().id);
            }
            assert_eq!(seen.len(), branches, "{}: a branch is shown by no step", lesson.name);
            for at in (0..count - 1).rev() {
                assert_eq!(command::run(&mut s, "steps back"), Ok(String::new()), "{}, step {}", lesson.name, at + 1);
            }
            assert_eq!(s.sitting.branches().len(), branches, "{}: a step began a branch", lesson.name);
        }
        let mut s = studio();
        s.act(Act::Lesson("nothing".to_owned()));
        assert!(s.trouble().is_some_and(|why| why.contains("There is no lesson `nothing`")));
    }

    /// A stranger's steps wait for a hand; they are only in sight.
    #[test]
    fn a_session_that_is_opened_shows_no_step_by_itself() {
        let text = Saved::of(&with(&[&["go 9"]]).sitting).to_text();
        let mut s = studio();
        s.receive(Ok(text));
        s.finish_work();
        assert_eq!((s.sitting.today(), s.sitting.steps().at(), s.steps.shown), (0, None, true));
    }
}
