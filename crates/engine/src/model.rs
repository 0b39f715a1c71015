//! A scenario, read and checked, and what can be said of it by id.

use crate::table::{Cells, Column, Table};
use crate::{Code, Ensemble, Error, Run};
use detente_learn::now::{self, Start};
use detente_model::record::series::columns;
use detente_model::scenario::{self, Loaded, builtin_names, nearest};
use detente_model::sim::rules::{self, Finder, FreeNumbers, Rules};
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::{Kind, LEVERS, Lever, LeverChange};
use detente_model::symbols::parameters::NOT_DRAWN;
use detente_study::futures::ensemble::{Beginning, Origin};
use detente_study::futures::posterior;
use detente_study::tables::provenance::Provenance;
use noisy_float::prelude::R64;
use std::sync::Arc;

/// A scenario, read and checked. Cheap to clone.
#[derive(Clone)]
pub struct Model {
    loaded: Arc<Loaded>,
    rules: Arc<Rules>,
    /// A nowcast from which its futures start.
    start: Option<Start>,
}

/// Where the free numbers of a future stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Point {
    /// At the scenario's own values.
    #[default]
    Default,
    /// Drawn from their ranges, for every future anew.
    Drawn,
    /// The same, but for numbers about which the record to 31 August 2024 says something: drawn from what it says, on the luck
    /// that [`Point::Drawn`] has.
    Posterior,
    /// Some given by id (a family's id, like `table.eta`, for all of it, but for those of it that are given by their own); the others
    /// at the scenario's own.
    Given(Vec<(String, f64)>),
}

impl Point {
    /// Whether every future has numbers of its own.
    pub(crate) fn draws(&self) -> bool {
        matches!(self, Self::Drawn | Self::Posterior)
    }

    /// As a word: `default`, `prior`, `posterior` or `given`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Drawn => "prior",
            Self::Posterior => "posterior",
            Self::Given(_) => "given",
        }
    }
}

/// A lever moved on the morning of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Id of the lever, as [`Model::levers`] lists it.
    pub lever: String,
    /// What it is set to, as files and the command line write it: a number, an option, a date or `off`.
    pub value: String,
    /// Day since the start, 0 for the first.
    pub day: u32,
}

impl Order {
    /// An order.
    #[must_use]
    pub fn new(lever: impl Into<String>, value: impl Into<String>, day: u32) -> Self {
        Self { lever: lever.into(), value: value.into(), day }
    }
}

/// A lever.
#[derive(Clone, Debug, PartialEq)]
pub struct LeverInfo {
    /// Id, like `unifil.troops`.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// What it takes: `number`, `choice` or `date`.
    pub kind: &'static str,
    /// Unit of a number; empty for a choice or a date.
    pub unit: &'static str,
    /// Least value; the first option's position for a choice.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// What this scenario starts with, as [`Order::value`] has it.
    pub at_start: String,
    /// Options of a choice; else empty.
    pub options: &'static [&'static str],
}

/// A number that the scenario leaves free.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberInfo {
    /// Id, like `theta_war` or `table.eta[LEB]`.
    pub id: String,
    /// The scenario's own value.
    pub default: f64,
    /// Least value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Whether its range is logarithmic.
    pub log: bool,
    /// Whether [`Point::Drawn`] draws it; the others stand at their default there, and move where they are given.
    pub drawn: bool,
}

/// A daily series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesInfo {
    /// Id, like `events.ISR>HZB`.
    pub id: String,
    /// Unit.
    pub unit: &'static str,
}

impl Model {
    /// Names of the scenarios that are built in.
    #[must_use]
    pub fn builtin() -> &'static [&'static str] {
        builtin_names()
    }

    /// Reads a scenario: a built-in one by its name, or else a file by its path.
    ///
    /// # Errors
    /// [`Code::Scenario`], with everything that is wrong in it: file, line, column, key, way out.
    pub fn load(name_or_path: &str) -> Result<Self, Error> {
        scenario::load(name_or_path).map(Self::of).map_err(|errors| wrong(&errors))
    }

    /// Reads a scenario from text; `name` stands for the file in what is said of it.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn from_toml(name: &str, toml: &str) -> Result<Self, Error> {
        scenario::load_text(name, toml).map(Self::of).map_err(|errors| wrong(&errors))
    }

    /// Everything it says, as JSON on one line: what [`Model::reload`] takes, wherever the files of it are.
    #[must_use]
    pub fn content(&self) -> String {
        // Serialising plain data into memory cannot fail.
        serde_json::to_string(&self.loaded.scenario).unwrap_or_default()
    }

    /// A model from what [`Model::content`] gave: of the same name and hash.
    ///
    /// # Errors
    /// [`Code::Scenario`], if it is no such text.
    pub fn reload(content: &str) -> Result<Self, Error> {
        let scenario = serde_json::from_str(content).map_err(|why| {
            Error::new(Code::Scenario, [format!("the content of the scenario cannot be read: {why}; load its file")])
        })?;
        scenario::reload(&scenario).map(Self::of).map_err(|errors| wrong(&errors))
    }

    fn of(loaded: Loaded) -> Self {
        let rules = Rules::new(&loaded);
        Self { loaded: Arc::new(loaded), rules: Arc::new(rules), start: None }
    }

    /// The same with futures that start from a nowcast: future K in the state of particle K modulo their number, and with its numbers,
    /// so that points are [`Point::Default`]. `nowcast` is a folder or file that `detente nowcast` wrote, or the date of one that
    /// ships, `2024-11-07`; the scenario begins on the day after it.
    ///
    /// # Errors
    /// [`Code::Scenario`] if there is no such nowcast, it is damaged, was made by another version, or is of another world.
    pub fn starting(&self, nowcast: &str) -> Result<Self, Error> {
        let start = now::start(nowcast, &self.rules).map_err(|why| Error::new(Code::Scenario, [why]))?;
        Ok(Self { start: Some(start), ..self.clone() })
    }

    /// The nowcast from which futures start, as it was asked for, and its digest; `None` if they start as the scenario does.
    #[must_use]
    pub fn nowcast(&self) -> Option<(&str, &str)> {
        self.start.as_ref().map(|start| (start.nowcast.as_str(), start.digest.as_str()))
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.loaded.name
    }

    /// What its content is, in 16 hexadecimal digits: the same for the same content, however it is spread over files.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.loaded.hash
    }

    /// First day, like `2024-11-08`.
    #[must_use]
    pub fn start(&self) -> String {
        self.rules.frame.start.to_string()
    }

    /// Days that it runs unless told otherwise.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.rules.frame.days
    }

    /// Every lever, in the order of the table of levers.
    #[must_use]
    pub fn levers(&self) -> Vec<LeverInfo> {
        let frame = &self.rules.frame;
        let info = |&lever: &Lever| {
            let row = lever.row();
            let options: &[&str] = if let Kind::Choice(options) = row.kind { options } else { &[] };
            LeverInfo {
                id: row.id,
                name: row.name,
                kind: match row.kind {
                    Kind::Number => "number",
                    Kind::Choice(_) => "choice",
                    Kind::Date => "date",
                },
                unit: if matches!(row.kind, Kind::Number) { row.unit } else { "" },
                low: row.low,
                high: row.high,
                at_start: written(lever, frame.levers[lever], frame.start),
                options,
            }
        };
        Lever::ALL.iter().map(info).collect()
    }

    /// Every number that the scenario leaves free, in the order in which those that [`Point::Drawn`] draws are drawn.
    #[must_use]
    pub fn numbers(&self) -> Vec<NumberInfo> {
        let info = |number: rules::FreeNumber| NumberInfo {
            drawn: !NOT_DRAWN.contains(&number.id.as_str()),
            id: number.id,
            default: number.default,
            low: number.low,
            high: number.high,
            log: number.log,
        };
        FreeNumbers::of(&self.rules).0.into_iter().map(info).collect()
    }

    /// [`Model::levers`] as a table.
    #[must_use]
    pub fn lever_table(&self) -> Table {
        let levers = self.levers();
        let text = |of: &dyn Fn(&LeverInfo) -> String| Cells::Text(levers.iter().map(of).collect());
        let real = |of: &dyn Fn(&LeverInfo) -> f64| Cells::Real(levers.iter().map(of).collect());
        let columns = vec![
            Column::new("lever", "", "Id.", text(&|lever| lever.id.to_owned())),
            Column::new("name", "", "Name.", text(&|lever| lever.name.to_owned())),
            Column::new("kind", "", "What it takes: number, choice or date.", text(&|lever| lever.kind.to_owned())),
            Column::new("unit", "", "Unit of a number; empty for a choice or a date.", text(&|l| l.unit.to_owned())),
            Column::new("low", "of the lever", "Least value.", real(&|lever| lever.low)),
            Column::new("high", "of the lever", "Largest value.", real(&|lever| lever.high)),
            Column::new("at_start", "of the lever", "What this scenario starts with.", text(&|l| l.at_start.clone())),
            Column::new("options", "", "Options of a choice, with | between.", text(&|l| l.options.join("|"))),
        ];
        Table::made(columns, Vec::new())
    }

    /// [`Model::numbers`] as a table.
    #[must_use]
    pub fn number_table(&self) -> Table {
        let numbers = self.numbers();
        let real = |of: &dyn Fn(&NumberInfo) -> f64| Cells::Real(numbers.iter().map(of).collect());
        let columns = vec![
            Column::new("parameter", "", "Id.", Cells::Text(numbers.iter().map(|number| number.id.clone()).collect())),
            Column::new("default", "of the parameter", "The scenario's own value.", real(&|number| number.default)),
            Column::new("low", "of the parameter", "Least value.", real(&|number| number.low)),
            Column::new("high", "of the parameter", "Largest value.", real(&|number| number.high)),
            Column::new("log", "0 or 1", "Whether its range is logarithmic.", {
                Cells::Whole(numbers.iter().map(|number| i64::from(number.log)).collect())
            }),
            Column::new(
                "drawn",
                "0 or 1",
                "Whether prior and posterior draw it; else it stands at its default there.",
                Cells::Whole(numbers.iter().map(|number| i64::from(number.drawn)).collect()),
            ),
        ];
        Table::made(columns, Vec::new())
    }

    /// Every daily series, in the order of [`Run::row`].
    #[must_use]
    pub fn series(&self) -> Vec<SeriesInfo> {
        columns(&self.rules).into_iter().map(|column| SeriesInfo { id: column.name, unit: column.unit }).collect()
    }

    /// One future, at its first day.
    ///
    /// # Errors
    /// [`Code::Point`] and [`Code::Order`], with every mistake of either.
    pub fn run(&self, seed: u64, future: u64, point: &Point, orders: &[Order]) -> Result<Run, Error> {
        let rules = self.placed(point)?;
        let log = self.log(orders)?;
        Ok(Run::new(rules, Fate { seed, future, prior: point.draws() }, log, self.beginning(future)))
    }

    /// Many futures; by default 1,000 of seed 1, on as many threads as there are processors.
    #[must_use]
    pub fn ensemble(&self) -> Ensemble {
        Ensemble::new(self)
    }

    /// The rules at a point, as they are before a future draws.
    pub(crate) fn placed(&self, point: &Point) -> Result<Arc<Rules>, Error> {
        self.takes(point)?;
        let values = match point {
            Point::Default | Point::Drawn => return Ok(Arc::clone(&self.rules)),
            Point::Posterior => {
                let learnt = posterior::learn(Rules::clone(&self.rules));
                return learnt.map(Arc::new).map_err(|why| Error::new(Code::Point, [why]));
            }
            Point::Given(values) => values,
        };
        let given = FreeNumbers::of(&self.rules).given(values);
        let given = given.map_err(|wrong| Error::new(Code::Point, wrong.iter().map(ToString::to_string)))?;
        let mut rules = Rules::clone(&self.rules);
        rules.place(&given);
        Ok(Arc::new(rules))
    }

    /// Whether futures can have their numbers there: those that start from a nowcast have its particles'.
    pub(crate) fn takes(&self, point: &Point) -> Result<(), Error> {
        if self.start.is_none() || *point == Point::Default {
            return Ok(());
        }
        let words = "futures that start from a nowcast have the numbers of its particles; neither draw nor give any, and fix in the scenario \
                     what is to stand elsewhere";
        Err(Error::new(Code::Point, [words.to_owned()]))
    }

    /// Day 0 of a future and its numbers, where these are not the scenario's.
    pub(crate) fn beginning(&self, future: u64) -> Option<&Beginning> {
        self.start.as_ref().map(|start| start.of(future))
    }

    /// The same of many futures.
    pub(crate) fn origin(&self) -> Option<Origin> {
        self.start.as_ref().map(Start::origin)
    }

    /// Numbers given by id as every number that they move has them, families as their members; as they are where one has no place.
    pub(crate) fn spread(&self, point: &Point) -> Vec<(String, f64)> {
        let Point::Given(values) = point else { return Vec::new() };
        spread(&FreeNumbers::of(&self.rules).finder(), values)
    }

    /// What futures of these are of, for the metadata of a table.
    pub(crate) fn about(
        &self,
        seed: u64,
        point: &Point,
        log: &[LeverChange],
        days: u32,
        future: Option<u64>,
    ) -> Vec<(String, String)> {
        let from = self.start.as_ref().map(|start| start.digest.clone());
        let params = if from.is_some() { "nowcast" } else { point.name() };
        let of = Provenance::of(&self.loaded, &self.rules, days, seed, params, log);
        let mut pairs = Provenance { future, from, ..of }.metadata();
        let given: serde_json::Map<_, _> =
            self.spread(point).into_iter().map(|(id, value)| (id, serde_json::json!(value))).collect();
        if !given.is_empty() {
            pairs.push(("detente.given".to_owned(), serde_json::Value::Object(given).to_string()));
        }
        pairs
    }

    pub(crate) fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// Orders of a run of so many days as a log; one on a day after the last would do nothing, so it is a mistake.
    pub(crate) fn log_within(&self, orders: &[Order], days: u32) -> Result<Vec<LeverChange>, Error> {
        let late = orders.iter().filter(|order| order.day >= days);
        let late: Vec<String> = late
            .map(|order| {
                let last = days.saturating_sub(1);
                format!("{} is set on day {}, and the last day is {last}; set it earlier", order.lever, order.day)
            })
            .collect();
        if late.is_empty() { self.log(orders) } else { Err(Error::new(Code::Order, late)) }
    }

    /// Orders as a log, in order of days.
    pub(crate) fn log(&self, orders: &[Order]) -> Result<Vec<LeverChange>, Error> {
        let (mut log, mut wrong) = (Vec::<LeverChange>::new(), Vec::new());
        for order in orders {
            match self.change(order) {
                Ok(change) if log.iter().any(|c| (c.lever, c.day) == (change.lever, change.day)) => {
                    wrong.push(format!("{} is set twice on day {}; keep one", order.lever, order.day));
                }
                Ok(change) => log.push(change),
                Err(sentence) => wrong.push(sentence),
            }
        }
        log.sort_by_key(|change| change.day);
        if wrong.is_empty() { Ok(log) } else { Err(Error::new(Code::Order, wrong)) }
    }

    /// An order's value as [`LeverInfo::at_start`] would have it: `15000` where `15000.0` was said.
    pub(crate) fn stated(&self, order: &Order) -> Option<String> {
        let change = self.change(order).ok()?;
        Some(written(change.lever, change.value.raw(), self.rules.frame.start))
    }

    fn change(&self, order: &Order) -> Result<LeverChange, String> {
        let lever = Lever::from_id(&order.lever).ok_or_else(|| {
            let near = nearest(&order.lever, LEVERS.iter().map(|row| row.id));
            let way =
                near.map_or_else(|| "the table of levers lists them".to_owned(), |id| format!("did you mean `{id}`?"));
            format!("there is no lever `{}`; {way}", order.lever)
        })?;
        let value = lever.parse(&order.value, self.rules.frame.start)?;
        let value = R64::try_new(value).ok_or_else(|| format!("{} takes a finite number", order.lever))?;
        let day =
            i32::try_from(order.day).map_err(|_| format!("day {} is further off than any run goes", order.day))?;
        Ok(LeverChange { day, lever, value })
    }
}

/// As [`Model::spread`], of a point whose numbers are found already.
pub(crate) fn spread(finder: &Finder<'_>, values: &[(String, f64)]) -> Vec<(String, f64)> {
    match finder.spread(values) {
        Ok(spread) => spread.into_iter().map(|(number, value)| (number.id.clone(), value)).collect(),
        Err(_) => values.to_vec(),
    }
}

fn wrong(errors: &scenario::Errors) -> Error {
    let places = errors.0.iter().map(|error| crate::Place {
        file: error.file.clone(),
        line: error.line as u64,
        column: error.column as u64,
        key: error.key.clone(),
    });
    let places = places.collect();
    Error { places, ..Error::new(Code::Scenario, errors.to_string().lines().map(str::to_owned)) }
}

/// A lever's value as [`Order::value`] has it.
fn written(lever: Lever, value: f64, start: jiff::civil::Date) -> String {
    use detente_model::symbols::levers::OFF;
    match lever.row().kind {
        Kind::Number => value.to_string(),
        Kind::Choice(options) => options.get(value as usize).copied().unwrap_or_default().to_owned(),
        Kind::Date if value <= OFF => "off".to_owned(),
        Kind::Date => {
            start.checked_add(jiff::Span::new().days(value as i64)).map_or_else(|_| "off".to_owned(), |d| d.to_string())
        }
    }
}
