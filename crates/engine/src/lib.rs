//! The engine from outside: ids and plain numbers, and nothing of what is inside.
//!
//! * [`Model`]: a scenario, read and checked: its levers, free numbers and daily series.
//! * [`Run`]: one future of it, day by day: series, events, how it stands, forks.
//! * [`Ensemble`]: many futures on several threads: how likely each outcome is, with 90 % intervals; and [`Ensemble::effect`], the
//!   paired effect of orders on the same random numbers.
//! * [`Design`]: many settings in one go, a row per future: typed columns ([`Table`]) that other languages take over as they are.
//! * [`Record`]: one future with all of its events, series and explanations.
//! * [`Point`]: where the free numbers of a future stand. [`Order`]: a lever moved on a day. [`Error`]: everything that is wrong, with
//!   a code that stays.
//!
//! A run is a pure function of (scenario, seed, future, point, orders): no clock, thread or platform shows, and it is bit for bit the
//! run that `detente run` gives for the same.
//!
//! ```
//! use detente_engine::{Model, Order, Point};
//!
//! // Does a stronger UNIFIL make the truce in Lebanon likelier to be in force after a year?
//! let model = Model::load("november-2024")?;
//! let mut run = model.run(1, 0, &Point::Default, &[Order::new("unifil.troops", "15000", 0)])?;
//! run.days(30);
//! assert_eq!((run.day(), run.date()), (30, "2024-12-08".to_owned()));
//! assert!(run.value("mean.ISR>HZB")? >= 0.0);
//!
//! let ensemble = model.ensemble().futures(0..64).days(180).point(Point::Drawn);
//! let effect = ensemble.effect(&[Order::new("unifil.troops", "15000", 0)])?;
//! let truce = effect.share("piecemeal_truce")?;
//! assert!((-1.0..=1.0).contains(&truce.low) && truce.low <= truce.value && truce.value <= truce.high);
//! # Ok::<(), detente_engine::Error>(())
//! ```

mod bounds;
mod design;
mod ensemble;
mod error;
mod model;
mod points;
mod record;
mod run;
mod table;

pub use bounds::MOST_FUTURE;
pub use design::{Assembly, Design, Rows, Setting};
pub use ensemble::{Effect, Ensemble, Estimate, Joining, Lasting, Outcomes};
pub use error::{Code, Error, Place};
pub use model::{LeverInfo, Model, NumberInfo, Order, Point, SeriesInfo};
pub use record::Record;
pub use run::{EventInfo, Run};
pub use table::{Cells, Column, Table};

/// The version of the model: the package's and a digest of what numbers come from. Two builds that may give different numbers never
/// share it.
pub const VERSION: &str = detente_study::tables::provenance::MODEL;
