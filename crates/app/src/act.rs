//! What a person can ask for. Panels show and answer with these; only the studio carries them out.

use detente_model::record::recorder::EventId;
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::Lever;
use detente_session::chart::{Ask, Track};
use detente_session::guesses::What;
use detente_study::futures::causes::Came;
use detente_study::futures::rank::Metric;

/// The panels at the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What may come.
    #[default]
    Futures,
    /// Why it came.
    Why,
    /// One thing, closely.
    Inspect,
    /// Two branches.
    Compare,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Futures, Self::Why, Self::Inspect, Self::Compare];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["Futures", "Why", "Inspect", "Compare"][self as usize]
    }
}

/// A way through the steps of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// The next one.
    Next,
    /// The one before.
    Back,
    /// This one, by position.
    To(usize),
}

/// A window over the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Save, open, kept sessions, link, report.
    Share,
    /// Keys and how to read the screen.
    Help,
    /// How good it is: the back-test.
    Scores,
    /// Why, in all of them: what drives an outcome.
    Causes,
    /// What every camp must accept.
    Contested,
    /// The steps of the session, to be prepared.
    Steps,
}

/// One wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Move a lever from today on.
    SetLever(Lever, f64),
    /// A drag has ended.
    EndStep,
    /// Show the levers, ready to be searched.
    SearchLevers,
    /// Take a lever back.
    ResetLever(Lever),
    /// Take all levers back.
    ResetAll,
    /// Take the last move back.
    Undo,
    /// Do it again.
    Redo,
    /// Play or pause.
    PlayPause,
    /// Play, or pause.
    Play(bool),
    /// Days a second.
    Speed(f32),
    /// Move the playhead to a day.
    GoTo(i32),
    /// Move the playhead to the last day played.
    GoToLast,
    /// Move the playhead by days.
    Step(i32),
    /// Start a branch at the playhead.
    Fork,
    /// The same, under this name.
    ForkAs(String),
    /// Show a branch.
    Show(usize),
    /// Name a branch.
    Rename(usize, String),
    /// Delete a branch.
    Prune(usize),
    /// Another seed.
    Reseed(u64),
    /// Every branch as another future.
    Future(Fate),
    /// Another scenario.
    Scenario(String),
    /// The scenario anew, from what was observed up to a date; or, without one, from the start that it sets itself.
    Start(Option<String>),
    /// Show a panel.
    Tab(Tab),
    /// Explain an event.
    Explain(EventId),
    /// Look closely at something.
    Inspect(super::map::Pick),
    /// Other futures.
    Ask(Ask),
    /// Another chart.
    Track(Track),
    /// Stop the futures, or the ranking.
    Cancel,
    /// Go on with futures that were stopped.
    GoOn,
    /// Stop what is under way; everything stays as it was.
    StopWork,
    /// Rank levers by an outcome.
    Rank(Metric),
    /// Close the ranking.
    EndRank,
    /// Whether a policy's futures wait for a guess.
    Predict(bool),
    /// A guess about the policy that stands, and whose; empty without a name.
    Guess(What, String),
    /// Take the last guess back that is not revealed yet.
    Unguess,
    /// Show the futures of the policy that was guessed about.
    Reveal,
    /// Work out what drives an outcome in so many futures.
    Causes(Came, u64),
    /// Stop working that out.
    StopCauses,
    /// Ask every camp what the levers that were moved do, or else the strongest, in so many pairs of futures.
    Contested(u64),
    /// Stop working that out.
    StopContested,
    /// Take a camp of one's own away.
    DropCamp(String),
    /// Every branch as another future, and then the playhead to a day of it.
    FutureOn(Fate, i32),
    /// Two branches to compare, by position.
    Pair([usize; 2]),
    /// One of the suggested experiments.
    Experiment(usize),
    /// Put the suggestions away.
    Dismiss,
    /// Show a step of the session.
    Walk(Walk),
    /// Show the step's title above the map, or put it away.
    ShowSteps(bool),
    /// Show its notes, or hide them.
    ShowNotes(bool),
    /// Make a step of what is shown: its title and its notes.
    Remember(String, String),
    /// Give a step other words: title and notes.
    Reword(usize, String, String),
    /// Give a step what is shown now as its view.
    Retake(usize),
    /// Move a step up, or down.
    ShiftStep(usize, bool),
    /// Remove a step.
    RemoveStep(usize),
    /// Open a lesson.
    Lesson(String),
    /// Open or close a window over the rest.
    Dialog(Option<Dialog>),
    /// Light or dark.
    Theme,
    /// Fill the display, or a window again.
    FullScreen,
    /// Text size.
    Text(f32),
    /// Text so many tenths larger, or smaller.
    Larger(i32),
    /// Open or close the key of the map.
    MapKey,
    /// Whether things travel.
    ReducedMotion(bool),
    /// Save the session under this name, and ask before anything is replaced.
    Save(String),
    /// Save the session in the place of the one of this name, or leave that as it is.
    Replace(Option<String>),
    /// Ask where to save the session.
    SaveElsewhere,
    /// Open the session or scenario of this name; without one, ask which.
    Open(String),
    /// Go on with the session that is offered.
    TakeKept,
    /// Offer it no more.
    DropKept,
    /// Go on with the session that is kept under this id.
    Restore(String),
    /// Delete the session that is kept under this id.
    Forget(String),
    /// Copy a link, or open one.
    CopyLink,
    /// Open the session in a link.
    OpenLink(String),
    /// Write a report under this name, or with a number behind it where one is there.
    Report(String),
    /// Write a report under exactly this name.
    ReportTo(String),
}
