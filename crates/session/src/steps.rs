//! Steps of a session: what is shown one after another while somebody speaks to it, each with notes for the speaker.
//!
//! A step holds commands of the language that drives the window; to a session they are words, bounded and cleaned like all that
//! comes from files. Whoever shows a session carries them out, and says which may be steps.

use super::names::{clean_line, clean_name, clean_text};
use serde::{Deserialize, Serialize};

/// Most steps of a session.
pub const MOST_STEPS: usize = 100;
/// Most commands of a step.
pub const MOST_COMMANDS: usize = 20;
/// Longest notes of a step, characters.
pub const LONGEST_NOTES: usize = 2_000;
/// Longest command, characters.
pub const LONGEST_COMMAND: usize = 200;

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is called.
    pub title: String,
    /// What the speaker wants to remember, in lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// What brings it onto the screen, a command each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
}

impl Step {
    /// The same with words that can be shown: a title of one line, notes of at most [`LONGEST_NOTES`] characters, commands that say
    /// something. A clean step comes back as it is.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        let commands = self.commands.iter().map(|command| clean_line(command, LONGEST_COMMAND));
        Self {
            title: clean_name(&self.title),
            notes: clean_text(&self.notes, LONGEST_NOTES),
            commands: commands.filter(|command| !command.is_empty()).collect(),
        }
    }
}

/// The steps of a session, and the one that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list: Vec<Step>,
    /// Position of the one shown; `None` before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<usize>,
}

impl Steps {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them, in order.
    #[must_use]
    pub fn list(&self) -> &[Step] {
        &self.list
    }

    /// Position of the one shown; `None` before the first.
    #[must_use]
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    /// The one shown.
    #[must_use]
    pub fn shown(&self) -> Option<&Step> {
        self.list.get(self.at?)
    }

    /// Position of the next one; `None` behind the last.
    #[must_use]
    pub fn after(&self) -> Option<usize> {
        let next = self.at.map_or(0, |at| at + 1);
        (next < self.list.len()).then_some(next)
    }

    /// Position of the one before; `None` at the first.
    #[must_use]
    pub fn before(&self) -> Option<usize> {
        self.at?.checked_sub(1)
    }

    /// Shows a step. One that is not there changes nothing.
    pub fn turn_to(&mut self, step: usize) {
        if step < self.list.len() {
            self.at = Some(step);
        }
    }

    /// Goes back to before the first.
    pub fn begin(&mut self) {
        self.at = None;
    }

    /// Puts a step behind the one shown, or behind all of them where none is, and shows it. Returns its position.
    ///
    /// # Errors
    /// One sentence, if there is no room for a step or for its commands.
    pub fn add(&mut self, step: &Step) -> Result<usize, String> {
        if self.list.len() >= MOST_STEPS {
            return Err(format!("A session holds {MOST_STEPS} steps, and this one is full; remove one first."));
        }
        if step.commands.len() > MOST_COMMANDS {
            return Err(format!("A step holds {MOST_COMMANDS} commands; make two steps of it."));
        }
        let place = self.at.map_or(self.list.len(), |at| at + 1);
        self.list.insert(place, step.cleaned());
        self.at = Some(place);
        Ok(place)
    }

    /// Gives a step other words.
    pub fn reword(&mut self, step: usize, title: &str, notes: &str) {
        if let Some(step) = self.list.get_mut(step) {
            *step = Step { title: title.to_owned(), notes: notes.to_owned(), ..std::mem::take(step) }.cleaned();
        }
    }

    /// Gives a step another view.
    pub fn retake(&mut self, step: usize, commands: Vec<String>) {
        if let Some(step) = self.list.get_mut(step).filter(|_| commands.len() <= MOST_COMMANDS) {
            *step = Step { commands, ..std::mem::take(step) }.cleaned();
        }
    }

    /// Moves a step one place up or down; the one shown stays shown.
    pub fn shift(&mut self, step: usize, up: bool) {
        let Some(other) = (if up { step.checked_sub(1) } else { Some(step + 1) }) else { return };
        if step.max(other) >= self.list.len() {
            return;
        }
        self.list.swap(step, other);
        self.at = self.at.map(|at| match at {
            at if at == step => other,
            at if at == other => step,
            at => at,
        });
    }

    /// Removes a step; returns its title. Where it was shown, the one before it is the last that was.
    pub fn remove(&mut self, step: usize) -> Option<String> {
        if step >= self.list.len() {
            return None;
        }
        let removed = self.list.remove(step);
        self.at = self.at.and_then(|at| if at >= step { at.checked_sub(1) } else { Some(at) });
        Some(removed.title)
    }

    /// Makes every word in it fit to be shown; returns whether one had to be changed.
    pub(super) fn clean(&mut self) -> bool {
        let clean: Vec<Step> = self.list.iter().map(Step::cleaned).collect();
        let changed = clean != self.list;
        self.list = clean;
        changed
    }

    /// What is wrong with steps that came from a file, if anything is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.list.len() > MOST_STEPS || self.list.iter().any(|step| step.commands.len() > MOST_COMMANDS) {
            return Some("it has too many steps, or a step has too many commands");
        }
        self.at.is_some_and(|at| at >= self.list.len()).then_some("the step to show is not there")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sitting;
    use crate::file::Saved;
    use detente_model::scenario;
    use serde_json::json;

    fn step(title: &str) -> Step {
        Step { title: title.to_owned(), notes: "Say this.\n\nThen that.".to_owned(), commands: vec!["show 0 2".into()] }
    }

    fn steps(titles: &[&str]) -> Steps {
        let mut steps = Steps::default();
        for title in titles {
            steps.add(&step(title)).unwrap();
        }
        steps
    }

    fn titles(steps: &Steps) -> Vec<&str> {
        steps.list().iter().map(|step| step.title.as_str()).collect()
    }

    fn with_steps() -> Sitting {
        let mut sitting = Sitting::new(scenario::load("november-2024").unwrap(), 11);
        assert!(sitting.is_untouched());
        sitting.prepare(|all| *all = steps(&["One", "Two", "Three"]));
        assert!(!sitting.is_untouched(), "what was prepared is worth keeping");
        sitting
    }

    #[test]
    fn steps_are_walked_from_before_the_first_to_the_last_and_back() {
        let mut walked = Steps { at: None, ..steps(&["One", "Two"]) };
        assert_eq!((walked.shown(), walked.after(), walked.before()), (None, Some(0), None));
        walked.turn_to(0);
        assert_eq!((walked.after(), walked.before()), (Some(1), None));
        walked.turn_to(1);
        assert_eq!((walked.after(), walked.before()), (None, Some(0)));
        walked.turn_to(2);
        assert_eq!(walked.at(), Some(1), "there is no third");
        assert_eq!(Steps::default().after(), None);
    }

    #[test]
    fn a_new_step_stands_behind_the_one_shown_which_stays_shown_wherever_it_is_put() {
        let mut some = steps(&["One", "Two", "Three"]);
        assert_eq!((titles(&some), some.at()), (vec!["One", "Two", "Three"], Some(2)));
        some.turn_to(0);
        assert_eq!(some.add(&step("New")), Ok(1));
        assert_eq!(titles(&some), ["One", "New", "Two", "Three"]);
        some.shift(1, false);
        assert_eq!((titles(&some), some.at()), (vec!["One", "Two", "New", "Three"], Some(2)));
        some.shift(1, true);
        assert_eq!((titles(&some), some.at()), (vec!["Two", "One", "New", "Three"], Some(2)));
        // At the ends there is nowhere to go.
        some.shift(0, true);
        some.shift(3, false);
        some.shift(9, true);
        assert_eq!(titles(&some), ["Two", "One", "New", "Three"]);
        assert_eq!(some.remove(0).as_deref(), Some("Two"));
        assert_eq!((titles(&some), some.at()), (vec!["One", "New", "Three"], Some(1)));
        assert_eq!(some.remove(1).as_deref(), Some("New"));
        assert_eq!((titles(&some), some.at(), some.after()), (vec!["One", "Three"], Some(0), Some(1)));
        some.remove(0);
        assert_eq!((titles(&some), some.at(), some.after()), (vec!["Three"], None, Some(0)));
        assert_eq!(some.remove(7), None);
        some.reword(0, "  Last\n", "a\u{202E}b\n\n\n\nc  ");
        some.retake(0, vec!["go 3".into(), "  ".into()]);
        let last = &some.list()[0];
        assert_eq!((last.title.as_str(), last.notes.as_str()), ("Last", "ab\n\nc"));
        assert_eq!(last.commands, ["go 3"]);
    }

    #[test]
    fn what_is_full_is_refused_in_a_sentence() {
        let mut full = Steps::default();
        for i in 0..MOST_STEPS {
            full.add(&step(&format!("Step {i}"))).unwrap();
        }
        let why = full.add(&step("One more")).unwrap_err();
        assert!(why.contains("100 steps") && why.ends_with('.'), "{why}");
        let long = Step { commands: vec!["go 1".into(); MOST_COMMANDS + 1], ..step("Long") };
        let why = Steps::default().add(&long).unwrap_err();
        assert!(why.contains("20 commands") && why.ends_with('.'), "{why}");
    }

    #[test]
    fn a_file_and_what_is_kept_bring_steps_again_and_a_link_leaves_them_out() {
        let mut sitting = with_steps();
        sitting.prepare(|steps| steps.turn_to(1));
        let saved = Saved::of(&sitting);
        for again in [Saved::from_text(&saved.to_text()).unwrap(), Saved::from_link(&saved.to_kept()).unwrap()] {
            assert!(again.remarks().is_empty(), "{:?}", again.remarks());
            let opened = again.open().unwrap();
            assert_eq!(opened.steps(), sitting.steps());
            assert_eq!(opened.steps().shown().unwrap().title, "Two");
        }
        let link = Saved::from_link(&saved.to_link()).unwrap().open().unwrap();
        assert!(link.steps().is_empty(), "notes are the speaker's");
    }

    #[test]
    fn a_file_of_before_has_no_steps_and_one_without_says_nothing_of_them() {
        let plain = Saved::of(&Sitting::new(scenario::load("november-2024").unwrap(), 11)).to_text();
        assert!(!plain.contains("\"steps\""));
        assert!(Saved::from_text(&plain).unwrap().open().unwrap().steps().is_empty());
    }

    #[test]
    fn a_stranger_s_steps_are_cleaned_bounded_or_refused() {
        let text = |list: serde_json::Value, at: serde_json::Value| {
            let mut value = serde_json::to_value(Saved::of(&with_steps())).unwrap();
            value["steps"] = json!({ "list": list, "at": at });
            value.to_string()
        };
        let hostile = json!([{
            "title": format!("a\u{202E}b\n{}", "x".repeat(1_000_000)),
            "notes": format!("first\u{7}\r\nsecond\u{200B}\n{}", "y ".repeat(100_000)),
            "commands": ["go\n40", "\u{202E}", "z".repeat(5_000)],
        }]);
        let saved = Saved::from_text(&text(hostile, json!(0))).unwrap();
        assert_eq!(saved.remarks().len(), 1, "{:?}", saved.remarks());
        let opened = saved.open().unwrap();
        let first = &opened.steps().list()[0];
        assert!(first.title.starts_with("ab x") && first.title.chars().count() <= 60, "{}", first.title);
        assert!(first.notes.starts_with("first\nsecond\ny y") && first.notes.chars().count() <= LONGEST_NOTES);
        assert_eq!(first.commands[0], "go 40");
        assert_eq!((first.commands.len(), first.commands[1].chars().count()), (2, LONGEST_COMMAND));
        // What it is by now is clean.
        assert!(Saved::from_text(&Saved::of(&opened).to_text()).unwrap().remarks().is_empty());
        let one = json!({ "title": "x", "commands": ["go 1"] });
        let many = json!({ "title": "x", "commands": vec!["go 1"; MOST_COMMANDS + 1] });
        for (list, at, words) in [
            (json!(vec![one.clone(); MOST_STEPS + 1]), json!(null), "too many steps"),
            (json!([many]), json!(null), "too many commands"),
            (json!([one.clone()]), json!(1), "step to show is not there"),
            (json!([]), json!(0), "step to show is not there"),
        ] {
            let why = Saved::from_text(&text(list, at)).and_then(|saved| saved.open()).err().unwrap();
            assert!(why.contains(words) && why.ends_with('.'), "{why}");
        }
    }
}
