//! What can be predicted of a coming turn, and how it came out. Every question is about what everybody sees, so that its answer
//! tells nobody anything new.

use detente_model::sim::event::{Event, EventKind};

/// A question about a turn.
pub struct Question {
    /// Id.
    pub id: &'static str,
    /// Words.
    pub text: &'static str,
    so: fn(&Event) -> bool,
}

/// All of them.
pub const QUESTIONS: &[Question] = &[
    Question {
        id: "signed",
        text: "Will an agreement be signed before the turn ends?",
        so: |event| event.kind() == EventKind::Signed,
    },
    Question {
        id: "collapsed",
        text: "Will an agreement collapse before the turn ends?",
        so: |event| event.kind() == EventKind::Collapsed,
    },
    Question {
        id: "answered",
        text: "Will one side answer another by missiles or from the air before the turn ends?",
        so: |event| matches!(event.kind(), EventKind::Salvo | EventKind::AirStrike),
    },
    Question {
        id: "war",
        text: "Will an open war begin before the turn ends?",
        so: |event| event.kind() == EventKind::WarBegan,
    },
];

impl Question {
    /// The question with this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        QUESTIONS.iter().find(|question| question.id == id)
    }

    /// Whether it came so in a turn with these events.
    pub fn came<'a>(&self, mut events: impl Iterator<Item = &'a Event>) -> bool {
        events.any(self.so)
    }
}

/// What a prediction costs: its squared distance from what came, 0 best and 1 worst (Brier).
#[must_use]
pub fn brier(percent: u8, came: bool) -> f64 {
    let miss = f64::from(percent) / 100.0 - f64::from(u8::from(came));
    miss * miss
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sure_and_right_prediction_costs_nothing_and_an_even_one_a_quarter() {
        assert!(brier(100, true).abs() < 1e-12 && brier(0, false).abs() < 1e-12);
        assert!((brier(50, true) - 0.25).abs() < 1e-12 && (brier(100, false) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn questions_see_what_they_ask_for() {
        let signed = Event::Signed { table: 0, left_out: None };
        let collapsed = Event::Collapsed { table: 0, age: 3, level: 0 };
        assert!(Question::find("signed").unwrap().came([&collapsed, &signed].into_iter()));
        assert!(!Question::find("signed").unwrap().came([&collapsed].into_iter()));
        assert!(Question::find("nothing").is_none());
    }
}
