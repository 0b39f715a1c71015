//! One future, day by day.

use crate::{Code, Error};
use detente_model::record::digest::Digester;
use detente_model::record::recorder::{EventId, day_events, outcome_of_course};
use detente_model::record::say::sentence;
use detente_model::record::series::{Column, Evening, columns};
use detente_model::sim::course::Course;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::LeverChange;
use detente_study::futures::ensemble::Beginning;
use std::sync::Arc;

/// One future of a model. A fork goes on by itself from where the run stands.
#[derive(Clone)]
pub struct Run {
    course: Course,
    columns: Arc<Vec<Column>>,
    digester: Digester,
    events: Vec<EventInfo>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventInfo {
    /// Id, like `d19e2`: the second event of day 19.
    pub id: String,
    /// Day since the start.
    pub day: i32,
    /// What happened, in a sentence.
    pub sentence: String,
}

impl Run {
    pub(crate) fn new(rules: Arc<Rules>, fate: Fate, log: Vec<LeverChange>, from: Option<&Beginning>) -> Self {
        let columns = Arc::new(columns(&rules));
        let mut course = Course::new(&rules, fate, log.clone());
        if let Some(Beginning { state, point }) = from {
            course.restore_at(state, fate.seed, fate.future, point, log);
        }
        Self { course, columns, digester: Digester::default(), events: Vec::new() }
    }

    /// Runs one day.
    pub fn step(&mut self) {
        let day = self.course.day();
        self.course.step();
        let rules = self.course.rules();
        for (place, event) in (1..).zip(day_events(rules, self.course.events(), self.course.columns())) {
            self.digester.event(day, &event);
            let (id, sentence) = (EventId { day, place }.to_string(), sentence(rules, &event));
            self.events.push(EventInfo { id, day, sentence });
        }
        let row = self.row();
        self.digester.row(&self.columns, &row);
    }

    /// Runs `days` days.
    pub fn days(&mut self, days: u32) {
        for _ in 0..days {
            self.step();
        }
    }

    /// Days run so far.
    #[must_use]
    pub fn day(&self) -> i32 {
        self.course.day()
    }

    /// The date of the day about to run, like `2024-11-08`.
    #[must_use]
    pub fn date(&self) -> String {
        self.course.rules().date(self.course.day()).to_string()
    }

    /// A series' value on the last evening; before the first day, that of the start.
    ///
    /// # Errors
    /// [`Code::Name`] if there is no such series.
    pub fn value(&self, series: &str) -> Result<f64, Error> {
        let found = self.columns.iter().find(|column| column.name == series);
        let column = found.ok_or_else(|| {
            let near = detente_model::scenario::nearest(series, self.columns.iter().map(|column| column.name.as_str()));
            let way =
                near.map_or_else(|| "`Model::series` lists them".to_owned(), |id| format!("did you mean `{id}`?"));
            Error::new(Code::Name, [format!("there is no series `{series}`; {way}")])
        })?;
        Ok(column.value(&self.evening()))
    }

    /// The values of all series on the last evening, in the order of [`Model::series`](crate::Model::series).
    #[must_use]
    pub fn row(&self) -> Vec<f64> {
        let evening = self.evening();
        self.columns.iter().map(|column| column.value(&evening)).collect()
    }

    /// Everything that happened so far, in order.
    #[must_use]
    pub fn events(&self) -> &[EventInfo] {
        &self.events
    }

    /// How it stands: `regional_war`, `collective_deal`, `piecemeal_truce`, `contained_exchange` or `unsettled`.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        outcome_of_course(&self.course).headline.name()
    }

    /// What the run so far is, in 16 hexadecimal digits: those of `detente run` for as many days.
    #[must_use]
    pub fn digest(&self) -> String {
        self.digester.clone().finish(&self.course.snapshot()).whole
    }

    fn evening(&self) -> Evening<'_> {
        let given = self.course.given();
        Evening { rules: &given.rules, columns: self.course.columns(), levers: &given.levers, clock: given.clock }
    }
}
