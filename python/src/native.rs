//! Models, batches, effects and runs.

use crate::table::Table;
use crate::wait::{exception, refuse, watched};
use detente_engine::{Code, Error, Joining, Order, Outcomes, Point, Record, Rows, Setting};
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

/// Names of the scenarios that are built in.
#[pyfunction]
pub fn builtin() -> Vec<&'static str> {
    detente_engine::Model::builtin().to_vec()
}

/// Where free numbers stand: a word, or some by id.
#[derive(FromPyObject)]
pub enum Params {
    /// `default`, `prior` or `posterior`.
    Name(String),
    /// Ids and values.
    Given(Vec<(String, f64)>),
}

/// A lever, what it is set to, and the day.
type Move = (String, String, u32);

/// Seed, numbers, levers, first future, futures.
type Line = (u64, Params, Vec<Move>, u64, u64);

/// Seed, numbers (a word, and those given), levers, future, days.
type Again = (u64, String, Vec<(String, f64)>, Vec<Move>, u64, u32);

fn point(py: Python<'_>, params: Params) -> PyResult<Point> {
    Ok(match params {
        Params::Given(values) => Point::Given(values),
        Params::Name(name) => match name.as_str() {
            "default" => Point::Default,
            "prior" => Point::Drawn,
            "posterior" => Point::Posterior,
            other => {
                let words = format!("params = {other}: it is default, prior, posterior or numbers by id");
                return Err(refuse(py, Code::Point, words));
            }
        },
    })
}

fn orders(levers: Vec<Move>) -> Vec<Order> {
    levers.into_iter().map(|(lever, value, day)| Order::new(lever, value, day)).collect()
}

/// Threads: those asked for, or one per core.
fn threads(jobs: Option<usize>) -> usize {
    jobs.unwrap_or_else(|| available_parallelism().map_or(1, std::num::NonZero::get)).max(1)
}

/// A table for Python.
fn table(py: Python<'_>, of: detente_engine::Table) -> PyResult<Table> {
    Table::of(of).map_err(|error| exception(py, &error))
}

/// Futures as a range: where there is no such range, it is refused later for what it is.
fn range(first: u64, futures: u64) -> std::ops::Range<u64> {
    first..first.saturating_add(futures)
}

/// Settings, as the engine takes them.
fn listed(py: Python<'_>, settings: Vec<Line>) -> PyResult<Vec<Setting>> {
    let mut list = Vec::with_capacity(settings.len());
    for (seed, params, levers, first, futures) in settings {
        list.push(Setting { seed, point: point(py, params)?, orders: orders(levers), futures: range(first, futures) });
    }
    Ok(list)
}

/// What a design gave, as tables of Arrow: made where the interpreter's lock is free.
struct Tables {
    tables: Option<[Table; 3]>,
    outcomes: Option<Outcomes>,
    digest: String,
}

impl Tables {
    fn of(rows: Rows) -> Result<Self, Error> {
        let Rows { futures, agreements, means, outcomes, digest } = rows;
        Ok(Self { tables: Some([Table::of(futures)?, Table::of(agreements)?, Table::of(means)?]), outcomes, digest })
    }

    fn batch(self, py: Python<'_>) -> PyResult<Batch> {
        let Self { tables, outcomes, digest } = self;
        let Some([futures, agreements, means]) = tables else {
            return Ok(Batch { futures: None, agreements: None, means: None, outcomes, rows: digest });
        };
        let kept = |table: Table| Py::new(py, table).map(Some);
        Ok(Batch {
            futures: kept(futures)?,
            agreements: kept(agreements)?,
            means: kept(means)?,
            outcomes,
            rows: digest,
        })
    }
}

/// A scenario, read and checked.
#[pyclass(frozen, module = "detente._detente")]
pub struct Model(detente_engine::Model);

#[pymethods]
impl Model {
    #[staticmethod]
    fn load(py: Python<'_>, name_or_path: &str) -> PyResult<Self> {
        detente_engine::Model::load(name_or_path).map(Self).map_err(|error| exception(py, &error))
    }

    #[staticmethod]
    fn from_toml(py: Python<'_>, name: &str, toml: &str) -> PyResult<Self> {
        detente_engine::Model::from_toml(name, toml).map(Self).map_err(|error| exception(py, &error))
    }

    #[staticmethod]
    fn reload(py: Python<'_>, content: &str) -> PyResult<Self> {
        detente_engine::Model::reload(content).map(Self).map_err(|error| exception(py, &error))
    }

    fn starting(&self, py: Python<'_>, nowcast: &str) -> PyResult<Self> {
        py.detach(|| self.0.starting(nowcast)).map(Self).map_err(|error| exception(py, &error))
    }

    #[getter]
    fn nowcast(&self) -> Option<(&str, &str)> {
        self.0.nowcast()
    }

    fn content(&self) -> String {
        self.0.content()
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn hash(&self) -> &str {
        self.0.hash()
    }

    #[getter]
    fn start(&self) -> String {
        self.0.start()
    }

    #[getter]
    fn days(&self) -> u32 {
        self.0.days()
    }

    fn levers(&self, py: Python<'_>) -> PyResult<Table> {
        table(py, self.0.lever_table())
    }

    fn parameters(&self, py: Python<'_>) -> PyResult<Table> {
        table(py, self.0.number_table())
    }

    fn run(
        &self,
        py: Python<'_>,
        seed: u64,
        future: u64,
        params: Params,
        levers: Vec<Move>,
        days: u32,
    ) -> PyResult<Run> {
        let (point, orders) = (point(py, params)?, orders(levers));
        let record = py.detach(|| self.0.record(seed, future, &point, &orders, days));
        record.map(Run).map_err(|error| exception(py, &error))
    }

    /// Futures of one or more settings.
    #[pyo3(signature = (settings, days, jobs, columns, rows, progress))]
    #[allow(clippy::too_many_arguments, reason = "the Python half passes all of them, and nobody else calls it")]
    fn design(
        &self,
        py: Python<'_>,
        settings: Vec<Line>,
        days: u32,
        jobs: Option<usize>,
        columns: Option<Vec<String>>,
        rows: bool,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Batch> {
        let design = self.0.design(listed(py, settings)?).days(days).jobs(threads(jobs)).columns(columns);
        let design = if rows { design } else { design.sums_only() };
        let work = || -> Result<_, Error> {
            let made = design.run()?;
            if rows {
                return Tables::of(made);
            }
            Ok(Tables { tables: None, outcomes: made.outcomes, digest: made.digest })
        };
        let made = watched(py, design.futures(), progress.as_ref(), || design.done(), || design.stop(), work)?;
        made.batch(py)
    }

    /// A stretch of a design: what the futures of these settings were, as text from which `assembled` makes the tables.
    fn stretch(&self, py: Python<'_>, settings: Vec<Line>, days: u32, jobs: Option<usize>) -> PyResult<String> {
        let design = self.0.design(listed(py, settings)?).days(days).jobs(threads(jobs));
        let work = || design.stretch(0..design.futures());
        watched(py, design.futures(), None, || design.done(), || design.stop(), work)
    }

    /// Puts stretches of a design together: `stretches` gives them in order.
    fn assembled(
        &self,
        py: Python<'_>,
        settings: Vec<Line>,
        days: u32,
        columns: Option<Vec<String>>,
        stretches: Bound<'_, PyAny>,
    ) -> PyResult<Batch> {
        let design = self.0.design(listed(py, settings)?).days(days).columns(columns);
        let mut assembly = py.detach(|| design.assembly()).map_err(|error| exception(py, &error))?;
        for stretch in stretches.try_iter()? {
            let stretch: String = stretch?.extract()?;
            py.detach(|| assembly.add(&stretch)).map_err(|error| exception(py, &error))?;
        }
        let made = py.detach(|| assembly.rows().and_then(Tables::of)).map_err(|error| exception(py, &error))?;
        made.batch(py)
    }

    /// What the futures of a setting draw.
    fn points(&self, py: Python<'_>, line: Line) -> PyResult<Table> {
        let (seed, params, levers, first, futures) = line;
        let point = point(py, params)?;
        let setting = Setting { seed, point, orders: orders(levers), futures: range(first, futures) };
        py.detach(|| self.0.points(&setting).and_then(Table::of)).map_err(|error| exception(py, &error))
    }

    /// Where parts of one batch are joined.
    fn joining(&self) -> Joined {
        Joined(Mutex::new(Joining::new(&self.0)))
    }

    #[allow(clippy::too_many_arguments, reason = "the Python half passes all of them, and nobody else calls it")]
    fn effect(
        &self,
        py: Python<'_>,
        with_: Vec<Move>,
        line: Line,
        days: u32,
        jobs: Option<usize>,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Effect> {
        let (seed, params, levers, first, futures) = line;
        let range = range(first, futures);
        let ensemble = self.0.ensemble().seed(seed).futures(range).days(days).jobs(threads(jobs));
        let ensemble = ensemble.point(point(py, params)?).orders(orders(levers));
        let with = orders(with_);
        let effect =
            watched(py, futures, progress.as_ref(), || ensemble.done(), || ensemble.stop(), || ensemble.effect(&with));
        effect.map(Effect)
    }

    fn again(&self, py: Python<'_>, setting: &str, future: u64) -> PyResult<Again> {
        let (of, days) = self.0.again(setting, future).map_err(|error| exception(py, &error))?;
        let name = of.point.name().to_owned();
        let given = if let Point::Given(values) = of.point { values } else { Vec::new() };
        let levers = of.orders.into_iter().map(|order| (order.lever, order.value, order.day)).collect();
        Ok((of.seed, name, given, levers, future, days))
    }
}

/// Parts of one batch that are joined one after another.
#[pyclass(frozen, module = "detente._detente")]
pub struct Joined(Mutex<Joining>);

#[pymethods]
impl Joined {
    /// Adds a part, from its sums.
    fn add(&self, py: Python<'_>, part: &str) -> PyResult<()> {
        let added = py.detach(|| self.0.lock().unwrap_or_else(PoisonError::into_inner).add(part));
        added.map_err(|error| exception(py, &error))
    }

    /// All that was added.
    fn batch(&self, py: Python<'_>) -> PyResult<Batch> {
        let whole = py.detach(|| self.0.lock().unwrap_or_else(PoisonError::into_inner).whole());
        let outcomes = whole.map_err(|error| exception(py, &error))?;
        Ok(Batch { futures: None, agreements: None, means: None, outcomes: Some(outcomes), rows: String::new() })
    }
}

/// Futures that were run.
#[pyclass(frozen, module = "detente._detente")]
pub struct Batch {
    #[pyo3(get)]
    futures: Option<Py<Table>>,
    #[pyo3(get)]
    agreements: Option<Py<Table>>,
    #[pyo3(get)]
    means: Option<Py<Table>>,
    outcomes: Option<Outcomes>,
    /// Digest of the rows; empty without.
    rows: String,
}

impl Batch {
    fn outcomes(&self, py: Python<'_>) -> PyResult<&Outcomes> {
        let several = "a design has no sums of its own, since its settings differ; read `.means`";
        self.outcomes.as_ref().ok_or_else(|| refuse(py, Code::Name, several.to_owned()))
    }
}

#[pymethods]
impl Batch {
    fn summary(&self, py: Python<'_>) -> PyResult<Table> {
        table(py, self.outcomes(py)?.summary())
    }

    fn digest(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.outcomes(py)?.digest())
    }

    fn rows_digest(&self) -> &str {
        &self.rows
    }

    fn sums(&self, py: Python<'_>) -> PyResult<String> {
        let outcomes = self.outcomes(py)?;
        Ok(py.detach(|| outcomes.part()))
    }

    fn count(&self, py: Python<'_>) -> PyResult<u64> {
        Ok(self.outcomes(py)?.futures())
    }
}

/// What levers changed, pair by pair.
#[pyclass(frozen, module = "detente._detente")]
pub struct Effect(detente_engine::Effect);

#[pymethods]
impl Effect {
    fn summary(&self, py: Python<'_>) -> PyResult<Table> {
        table(py, self.0.summary())
    }

    fn pairs(&self) -> u64 {
        self.0.pairs()
    }
}

/// One future, recorded.
#[pyclass(frozen, module = "detente._detente")]
pub struct Run(Record);

#[pymethods]
impl Run {
    fn events(&self, py: Python<'_>) -> PyResult<Table> {
        table(py, self.0.events())
    }

    fn series(&self, py: Python<'_>) -> PyResult<Table> {
        table(py, self.0.series())
    }

    fn digest(&self) -> &str {
        self.0.digest()
    }

    fn outcome(&self) -> (&'static str, &'static str, &'static str) {
        self.0.outcome().into()
    }

    /// In words and as JSON.
    fn explain(&self, py: Python<'_>, event: &str) -> PyResult<(String, String)> {
        let explained: Result<_, Error> = py.detach(|| self.0.explain(event));
        explained.map_err(|error| exception(py, &error))
    }
}
