//! The one table of what can be asked for: the word, what it takes, the keys, the sentence. The language ([`super::command`]), tours,
//! the keyboard, the help and the documents are made from it. It knows acts and nothing that carries them out.

use super::act::{Act, Dialog, Tab, Walk};
use bevy_egui::egui::{Key, Modifiers};

/// What a command is about, in the order of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Days pass.
    Time,
    /// What one policy does.
    Levers,
    /// Other courses of the same history, and other histories.
    Branches,
    /// What may come, and why what came.
    Panels,
    /// What is prepared to be shown one after another.
    Steps,
    /// How it looks.
    Look,
    /// Sessions, links, reports.
    Files,
    /// What stands.
    Answers,
    /// In a tour only.
    Tours,
}

impl Section {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Time,
        Self::Levers,
        Self::Branches,
        Self::Panels,
        Self::Steps,
        Self::Look,
        Self::Files,
        Self::Answers,
        Self::Tours,
    ];

    /// Its heading.
    #[must_use]
    pub fn name(self) -> &'static str {
        [
            "Time",
            "Levers",
            "Branches and histories",
            "Panels",
            "Steps",
            "Look",
            "Files and links",
            "Answers",
            "In a tour only",
        ][self as usize]
    }
}

/// When a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Always: it makes the screen readable.
    Always,
    /// Unless a window lies over the rest.
    NoDialog,
    /// Unless something is being typed.
    NotTyping,
    /// The same, where a step or the way to the first is shown: without, controls keep these keys.
    WithSteps,
    /// Where neither a control nor a map has the keyboard.
    Unfocused,
    /// Where no control has the keyboard, or a map has it.
    UnfocusedOrMap,
}

/// A key, and what it asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcut {
    /// With it.
    pub modifiers: Modifiers,
    /// The key.
    pub key: Key,
    /// When it means this.
    pub when: When,
    /// What is asked for.
    pub act: Act,
    /// Whether every press counts that comes between two pictures, or several are one.
    pub each: bool,
    /// Whether the help names it; a second way to type the same is not named.
    pub named: bool,
    /// Whether a page has it, or the browser has a use of its own for it.
    pub on_page: bool,
}

/// What a command does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// This, and it takes nothing.
    Act(Act),
    /// What the language makes of what stands behind the word.
    Word(Word),
    /// What a tour makes of it.
    Tour(TourWord),
}

/// Commands that take something or answer; [`super::command`] has an arm for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table has a sentence for each")]
pub enum Word {
    Play,
    Pause,
    Step,
    Go,
    Lever,
    Reset,
    Fork,
    Show,
    Seed,
    Future,
    Futures,
    Experiment,
    Panel,
    Chart,
    Pair,
    Explain,
    Inspect,
    Rank,
    Predict,
    Guess,
    Hands,
    Causes,
    Example,
    Contested,
    Steps,
    Remember,
    Text,
    Motion,
    Save,
    Replace,
    Load,
    Report,
    Scenario,
    Start,
    Lesson,
    Link,
    Share,
    Open,
    Restore,
    Decline,
    Kept,
    Forget,
    State,
    Help,
}

/// Commands of a tour; [`super::tour`] has an arm for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table has a sentence for each")]
pub enum TourWord {
    Wait,
    Until,
    Picture,
    Expect,
    Keep,
    Record,
}

/// One thing that can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What it is about.
    pub section: Section,
    /// The word that it begins with.
    pub word: &'static str,
    /// What stands behind it, in capitals; in brackets what may be left out.
    pub takes: &'static str,
    /// What it does, in a few words.
    pub does: &'static str,
    /// How.
    pub how: Does,
    /// Keys that ask for it. Of two with one key the one with more beside it comes first, and gets it.
    pub keys: &'static [Shortcut],
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;

const fn key(modifiers: Modifiers, key: Key, when: When, act: Act) -> Shortcut {
    Shortcut { modifiers, key, when, act, each: false, named: true, on_page: true }
}

/// Every press counts.
const fn each(modifiers: Modifiers, key: Key, when: When, act: Act) -> Shortcut {
    Shortcut { modifiers, key, when, act, each: true, named: true, on_page: true }
}

/// Another way to type it.
const fn also(modifiers: Modifiers, key: Key, when: When, act: Act) -> Shortcut {
    Shortcut { modifiers, key, when, act, each: true, named: false, on_page: true }
}

/// Not in a page.
const fn off_page(modifiers: Modifiers, key: Key, when: When, act: Act) -> Shortcut {
    Shortcut { modifiers, key, when, act, each: false, named: true, on_page: false }
}

/// A row of the table. A macro and no function: keys that are handed to a function are no part of a static table.
macro_rules! row {
    ($section:ident, [$word:literal, $takes:literal, $does:literal], $how:expr, &[$($key:expr),* $(,)?] $(,)?) => {
        Command { section: Section::$section, word: $word, takes: $takes, does: $does, how: $how, keys: &[$($key),*] }
    };
}

/// Every command.
pub static COMMANDS: &[Command] = &[
    row!(Time, ["play", "[DAYS_A_SECOND]", "lets days pass"], Does::Word(Word::Play), &[]),
    row!(Time, ["pause", "", "stops them"], Does::Word(Word::Pause), &[]),
    row!(
        Time,
        ["toggle", "", "plays or pauses"],
        Does::Act(Act::PlayPause),
        &[each(NONE, Key::Space, When::UnfocusedOrMap, Act::PlayPause)],
    ),
    row!(
        Time,
        ["step", "[DAYS]", "moves by a day, or so many; with Shift by a week"],
        Does::Word(Word::Step),
        &[
            each(SHIFT, Key::ArrowRight, When::Unfocused, Act::Step(7)),
            each(SHIFT, Key::ArrowLeft, When::Unfocused, Act::Step(-7)),
            each(NONE, Key::ArrowRight, When::UnfocusedOrMap, Act::Step(1)),
            each(NONE, Key::ArrowLeft, When::UnfocusedOrMap, Act::Step(-1)),
        ],
    ),
    row!(
        Time,
        ["go", "DAY|first|last", "moves to the morning of a day: the first, the last one played"],
        Does::Word(Word::Go),
        &[key(NONE, Key::Home, When::NotTyping, Act::GoTo(0)), key(NONE, Key::End, When::NotTyping, Act::GoToLast)],
    ),
    row!(Levers, ["lever", "ID VALUE", "moves a lever from today on"], Does::Word(Word::Lever), &[]),
    row!(Levers, ["reset", "[ID]", "takes a lever back, or all of them"], Does::Word(Word::Reset), &[]),
    row!(
        Levers,
        ["redo", "", "does again what was taken back"],
        Does::Act(Act::Redo),
        &[each(CTRL.plus(SHIFT), Key::Z, When::NotTyping, Act::Redo), also(CTRL, Key::Y, When::NotTyping, Act::Redo)],
    ),
    row!(
        Levers,
        ["undo", "", "takes the last lever move back"],
        Does::Act(Act::Undo),
        &[each(CTRL, Key::Z, When::NotTyping, Act::Undo)],
    ),
    row!(
        Levers,
        ["search", "", "shows the levers, ready to be searched"],
        Does::Act(Act::SearchLevers),
        &[key(NONE, Key::L, When::NotTyping, Act::SearchLevers), key(CTRL, Key::F, When::NoDialog, Act::SearchLevers),],
    ),
    row!(
        Levers,
        ["experiment", "NUMBER", "sets the levers of a suggested experiment (1 to 3), and plays"],
        Does::Word(Word::Experiment),
        &[],
    ),
    row!(Levers, ["dismiss", "", "puts the suggestions away"], Does::Act(Act::Dismiss), &[]),
    row!(
        Branches,
        ["fork", "[NAME]", "starts a branch at the playhead and shows it"],
        Does::Word(Word::Fork),
        &[key(NONE, Key::B, When::NotTyping, Act::Fork)],
    ),
    row!(
        Branches,
        ["show", "NUMBER [DAY]", "shows another branch, on the day shown or on another"],
        Does::Word(Word::Show),
        &[],
    ),
    row!(
        Branches,
        ["pair", "NUMBER NUMBER", "compares two branches, one of them the one shown"],
        Does::Word(Word::Pair),
        &[],
    ),
    row!(Branches, ["seed", "NUMBER", "replays everything under another seed"], Does::Word(Word::Seed), &[]),
    row!(
        Branches,
        ["future", "NUMBER [drawn]", "replays everything as another future of this seed, with parameters drawn or not"],
        Does::Word(Word::Future),
        &[],
    ),
    row!(Branches, ["scenario", "NAME", "starts from another scenario"], Does::Word(Word::Scenario), &[]),
    row!(
        Branches,
        [
            "start",
            "DATE | scenario",
            "begins the scenario anew: from what was observed to 2024-11-07, or from the start that it sets"
        ],
        Does::Word(Word::Start),
        &[],
    ),
    row!(
        Panels,
        ["causes-window", "", "opens why, in all of them: what an outcome needed, over all futures"],
        Does::Act(Act::Dialog(Some(Dialog::Causes))),
        &[key(SHIFT, Key::W, When::NotTyping, Act::Dialog(Some(Dialog::Causes)))],
    ),
    row!(
        Panels,
        [
            "causes",
            "[OUTCOME [FUTURES]] | stop",
            "works out what drives an outcome (regional_war, truce:LEB, ...) in so many futures, or stops that"
        ],
        Does::Word(Word::Causes),
        &[],
    ),
    row!(
        Panels,
        ["example", "", "opens one future that came to it as a history, on the day after"],
        Does::Word(Word::Example),
        &[],
    ),
    row!(
        Panels,
        ["contested-window", "", "opens what every camp must accept, whatever one assumes of contested questions"],
        Does::Act(Act::Dialog(Some(Dialog::Contested))),
        &[key(SHIFT, Key::C, When::NotTyping, Act::Dialog(Some(Dialog::Contested)))],
    ),
    row!(
        Panels,
        [
            "contested",
            "[PAIRS] | stop",
            "asks every camp what the levers that were moved do, or else the strongest of the ranking; or stops that"
        ],
        Does::Word(Word::Contested),
        &[],
    ),
    row!(
        Panels,
        ["panel", "NAME", "shows Futures, Why, Inspect or Compare"],
        Does::Word(Word::Panel),
        &[
            key(NONE, Key::F, When::NotTyping, Act::Tab(Tab::Futures)),
            key(NONE, Key::W, When::NotTyping, Act::Tab(Tab::Why)),
            key(NONE, Key::I, When::NotTyping, Act::Tab(Tab::Inspect)),
            key(NONE, Key::C, When::NotTyping, Act::Tab(Tab::Compare)),
        ],
    ),
    row!(
        Panels,
        [
            "futures",
            "NUMBER [DAYS [ranges|defaults]]",
            "asks for so many futures, so many days ahead, with parameters from their ranges or at their defaults"
        ],
        Does::Word(Word::Futures),
        &[],
    ),
    row!(
        Panels,
        ["chart", "TRACK", "shows the chart of a quantity, such as killed, regional_war or in_force:LEB"],
        Does::Word(Word::Chart),
        &[],
    ),
    row!(Panels, ["rank", "", "ranks levers by regional war; again to go back"], Does::Word(Word::Rank), &[]),
    row!(
        Panels,
        ["predict", "on|off", "lets a policy's futures wait for a guess: predict first, then look"],
        Does::Word(Word::Predict),
        &[],
    ),
    row!(
        Panels,
        [
            "guess",
            "OUTCOME|TRACK|change VALUE [NAME]",
            "guesses the percent of futures that end in an outcome, such as regional_war, or the change of a chart on the last day"
        ],
        Does::Word(Word::Guess),
        &[],
    ),
    row!(
        Panels,
        [
            "hands",
            "LESS SAME MORE [OUTCOME]",
            "enters a show of hands: an outcome becomes less likely, about the same, more likely (regional_war)"
        ],
        Does::Word(Word::Hands),
        &[],
    ),
    row!(Panels, ["unguess", "", "takes the last guess back that is not revealed yet"], Does::Act(Act::Unguess), &[]),
    row!(
        Panels,
        ["reveal", "", "shows the futures that were guessed about, and scores the guesses"],
        Does::Act(Act::Reveal),
        &[key(NONE, Key::R, When::NotTyping, Act::Reveal)],
    ),
    row!(
        Panels,
        ["explain", "KIND|EVENT", "explains the last event of a kind, such as salvo, or one by its id, such as d104e2"],
        Does::Word(Word::Explain),
        &[],
    ),
    row!(
        Panels,
        ["inspect", "ID", "shows a front, an actor, a site or a mission by its id"],
        Does::Word(Word::Inspect),
        &[],
    ),
    row!(
        Steps,
        ["steps", "next|back|NUMBER", "shows the next step of the session, the one before, or one by its number"],
        Does::Word(Word::Steps),
        &[
            key(NONE, Key::PageDown, When::WithSteps, Act::Walk(Walk::Next)),
            key(NONE, Key::PageUp, When::WithSteps, Act::Walk(Walk::Back)),
        ],
    ),
    row!(
        Steps,
        ["remember", "[TITLE]", "makes a step of what is shown: branch, day, panel; it stands behind the one shown"],
        Does::Word(Word::Remember),
        &[],
    ),
    row!(
        Steps,
        ["steps-window", "", "opens the steps of the session: made, named, put in order, removed"],
        Does::Act(Act::Dialog(Some(Dialog::Steps))),
        &[key(NONE, Key::S, When::NotTyping, Act::Dialog(Some(Dialog::Steps)))],
    ),
    row!(
        Look,
        ["theme", "", "turns the ground light or dark"],
        Does::Act(Act::Theme),
        &[key(NONE, Key::T, When::NotTyping, Act::Theme)],
    ),
    row!(
        Look,
        ["text", "SIZE|larger|smaller", "sets the text size, 0.8 to 2"],
        Does::Word(Word::Text),
        &[
            each(CTRL, Key::Plus, When::Always, Act::Larger(1)),
            also(CTRL, Key::Equals, When::Always, Act::Larger(1)),
            each(CTRL, Key::Minus, When::Always, Act::Larger(-1)),
            key(CTRL, Key::Num0, When::Always, Act::Text(1.0)),
        ],
    ),
    row!(Look, ["motion", "reduced|full", "says whether things travel"], Does::Word(Word::Motion), &[]),
    row!(
        Look,
        ["key", "", "opens or closes the key of the map"],
        Does::Act(Act::MapKey),
        &[key(NONE, Key::K, When::NotTyping, Act::MapKey)],
    ),
    row!(
        Look,
        ["screen", "", "fills the whole screen, or a window again"],
        Does::Act(Act::FullScreen),
        &[off_page(NONE, Key::F11, When::Always, Act::FullScreen)],
    ),
    row!(
        Look,
        ["help-window", "", "opens the help with its keys"],
        Does::Act(Act::Dialog(Some(Dialog::Help))),
        &[key(NONE, Key::Questionmark, When::NotTyping, Act::Dialog(Some(Dialog::Help))),],
    ),
    row!(
        Look,
        ["scores-window", "", "opens what the back-test says of the model: how good is it?"],
        Does::Act(Act::Dialog(Some(Dialog::Scores))),
        &[],
    ),
    row!(
        Files,
        ["share-window", "", "opens what saves, opens, shares and reports"],
        Does::Act(Act::Dialog(Some(Dialog::Share))),
        &[
            key(CTRL, Key::S, When::NoDialog, Act::Dialog(Some(Dialog::Share))),
            key(CTRL, Key::O, When::NoDialog, Act::Dialog(Some(Dialog::Share))),
        ],
    ),
    row!(Files, ["close", "", "closes the window over the rest"], Does::Act(Act::Dialog(None)), &[]),
    row!(
        Files,
        ["save", "NAME", "saves the session as a file that is not there yet, or again in its own"],
        Does::Word(Word::Save),
        &[],
    ),
    row!(
        Files,
        ["replace", "NAME", "saves it in the place of a session that is there"],
        Does::Word(Word::Replace),
        &[],
    ),
    row!(Files, ["load", "NAME", "opens a session or scenario file"], Does::Word(Word::Load), &[]),
    row!(
        Files,
        ["lesson", "NAME", "opens a lesson: deterrence-or-spiral, one-deal-or-many, what-peacekeepers-do"],
        Does::Word(Word::Lesson),
        &[],
    ),
    row!(Files, ["report", "NAME", "writes a report into a new folder"], Does::Word(Word::Report), &[]),
    row!(Files, ["share", "", "puts the link into the page's address and copies it"], Does::Word(Word::Share), &[],),
    row!(Files, ["open", "TAIL", "opens the session of a link"], Does::Word(Word::Open), &[]),
    row!(
        Files,
        ["restore", "[ID]", "goes on with the session that is offered, or with the one that is kept under an id"],
        Does::Word(Word::Restore),
        &[],
    ),
    row!(Files, ["decline", "", "offers it no more; it stays in the list"], Does::Word(Word::Decline), &[]),
    row!(Files, ["forget", "ID", "deletes the session that is kept under an id"], Does::Word(Word::Forget), &[]),
    row!(Answers, ["state", "", "answers with what stands, as JSON"], Does::Word(Word::State), &[]),
    row!(Answers, ["link", "", "answers with the tail of a link to this session"], Does::Word(Word::Link), &[],),
    row!(Answers, ["kept", "", "answers with the list of kept sessions, as JSON"], Does::Word(Word::Kept), &[]),
    row!(Answers, ["help", "", "answers with this list"], Does::Word(Word::Help), &[]),
    row!(Tours, ["wait", "", "until no futures are running"], Does::Tour(TourWord::Wait), &[]),
    row!(Tours, ["until", "DAY", "until that day has come, while days pass"], Does::Tour(TourWord::Until), &[],),
    row!(Tours, ["picture", "FILE", "writes what is shown as a PNG file"], Does::Tour(TourWord::Picture), &[],),
    row!(
        Tours,
        ["expect", "NAME VALUE", "stops with an error unless `state` has this; `<VALUE` for less than it"],
        Does::Tour(TourWord::Expect),
        &[],
    ),
    row!(
        Tours,
        ["keep", "", "keeps the session for the next start, as without a tour, and offers what an earlier one left"],
        Does::Tour(TourWord::Keep),
        &[],
    ),
    row!(Tours, ["record", "FILE", "writes what `state` answers into a file"], Does::Tour(TourWord::Record), &[],),
];

/// Keys that ask for no command: they are of the control that has the keyboard, or of what is open.
pub const OTHER_KEYS: &[(&str, &str)] = &[
    (
        "+  −  0",
        "zooms and resets the map of the region, or the map that the Tab key came to; Shift+arrows move that one",
    ),
    ("Tab, Enter, arrows", "reaches and moves everything; Delete puts a lever back"),
    ("Esc", "closes what is open"),
];

impl Command {
    /// The command that begins with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|command| command.word == word)
    }

    /// How it is written: the word, and what it takes.
    #[must_use]
    pub fn written(&self) -> String {
        format!("{} {}", self.word, self.takes).trim_end().to_owned()
    }

    /// Why it may be no step of a session, which may be a stranger's; `None` where it may. A step shows, and moves levers.
    #[must_use]
    pub fn barred(&self) -> Option<&'static str> {
        Some(match (&self.how, self.section) {
            (Does::Act(Act::Undo | Act::Redo), _) => "it takes back what was done by hand",
            (Does::Act(Act::Dialog(_)) | Does::Word(Word::Causes | Word::Contested), _) => {
                "it opens a window over the rest"
            }
            (Does::Act(Act::SearchLevers), _) => "it takes the keyboard",
            (Does::Act(Act::Unguess) | Does::Word(Word::Guess | Word::Hands), _) => {
                "guesses are those of the people in the room"
            }
            (Does::Word(Word::Seed | Word::Future | Word::Scenario | Word::Start | Word::Example), _) => {
                "it puts another history in the place of this one"
            }
            (Does::Word(Word::Fork), _) => "it begins another branch each time; begin it beforehand, and `show` it",
            (Does::Word(Word::Rank), _) => "it works for a while, and is asked for by hand",
            (_, Section::Steps) => "a step walks no steps",
            (_, Section::Look) => "how the screen looks is up to whoever sits before it",
            (_, Section::Files) => "it reads, writes or hands on sessions",
            (_, Section::Answers) => "it only answers",
            (_, Section::Tours) => "it is a word of tours",
            (_, Section::Time | Section::Levers | Section::Branches | Section::Panels) => return None,
        })
    }

    /// Its keys as the help names them; empty without one.
    #[must_use]
    pub fn key_names(&self) -> String {
        let names: Vec<String> = self.keys.iter().filter(|shortcut| shortcut.named).map(Shortcut::name).collect();
        names.join(", ")
    }
}

impl Shortcut {
    /// How it is written on keyboards.
    #[must_use]
    pub fn name(&self) -> String {
        let key = match self.key {
            Key::ArrowLeft => "←",
            Key::ArrowRight => "→",
            Key::Plus => "+",
            Key::Minus => "−",
            Key::Questionmark => "?",
            key => key.name(),
        };
        let held = |yes: bool, name: &'static str| if yes { name } else { "" };
        format!("{}{}{key}", held(self.modifiers.command, "Ctrl+"), held(self.modifiers.shift, "Shift+"))
    }
}

/// Keys, as the help and the documents list them.
#[must_use]
pub fn keys() -> Vec<(String, &'static str)> {
    let with_keys = COMMANDS.iter().filter(|command| !command.keys.is_empty());
    let commands = with_keys.map(|command| (command.key_names(), command.does));
    commands.chain(OTHER_KEYS.iter().map(|(key, does)| ((*key).to_owned(), *does))).collect()
}

/// Words on a control, with the first key of the command that it asks for: "Fork here (B)".
#[must_use]
pub fn with_key(words: &str, word: &str) -> String {
    let name = Command::of(word).and_then(|command| command.keys.first()).map(Shortcut::name);
    name.map_or_else(|| words.to_owned(), |name| format!("{words} ({name})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_one_thing_and_a_key_goes_to_whom_it_is_meant_for() {
        for (i, command) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS[..i].iter().all(|other| other.word != command.word), "{}", command.word);
            assert!(!command.does.is_empty() && !command.does.ends_with('.'), "{}", command.word);
        }
        let mut keys: Vec<&Shortcut> = COMMANDS.iter().flat_map(|command| command.keys).collect();
        assert!(keys.len() > 20);
        // Those are asked first that work nearly always; each takes every press with which its own modifiers are held.
        keys.sort_by_key(|shortcut| shortcut.when);
        for (i, later) in keys.iter().enumerate() {
            for earlier in &keys[..i] {
                let takes = earlier.key == later.key && later.modifiers.matches_logically(earlier.modifiers);
                assert!(!takes, "{} takes what is meant for {}", earlier.name(), later.name());
            }
        }
    }

    /// What may stand in a stranger's session, word for word: whoever adds a command says here whether it may.
    #[test]
    fn a_step_shows_and_moves_levers_and_does_nothing_else() {
        let may: Vec<&str> = COMMANDS.iter().filter(|c| c.barred().is_none()).map(|c| c.word).collect();
        let shows = ["show", "pair", "panel", "futures", "chart", "predict", "reveal", "explain", "inspect"];
        let moves = ["play", "pause", "toggle", "step", "go", "lever", "reset", "experiment", "dismiss"];
        assert_eq!(may, moves.iter().chain(&shows).copied().collect::<Vec<_>>());
        for command in COMMANDS.iter().filter_map(Command::barred) {
            assert!(!command.ends_with('.') && command.chars().next().is_some_and(char::is_lowercase), "{command}");
        }
        let lesson = Command::of("lesson").unwrap();
        for known in &detente_session::lessons::LESSONS {
            assert!(lesson.does.contains(known.name), "the help does not name {}", known.name);
        }
    }

    #[test]
    fn controls_name_the_keys_of_the_table() {
        assert_eq!(with_key("Fork here", "fork"), "Fork here (B)");
        assert_eq!(with_key("Save, open, share, report", "share-window"), "Save, open, share, report (Ctrl+S)");
        assert_eq!(
            (with_key("Play", "toggle"), with_key("x", "theme")),
            ("Play (Space)".to_owned(), "x (T)".to_owned())
        );
        assert_eq!(Command::of("step").unwrap().key_names(), "Shift+→, Shift+←, →, ←");
        assert_eq!(Command::of("redo").unwrap().key_names(), "Ctrl+Shift+Z");
        assert_eq!(
            (Command::of("go").unwrap().written(), Command::of("undo").unwrap().written()),
            ("go DAY|first|last".to_owned(), "undo".to_owned())
        );
    }
}
