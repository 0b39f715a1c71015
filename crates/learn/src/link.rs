//! From state to observation: one row per series.
//!
//! On each day of a period the model gives a signal `x` (events of a stream, deaths in a territory, rounds fired) on a front at
//! level `L`. What is expected to be counted over the period is `scale · Σ x · exp(growth · (L − reference)) + floor · days`, and
//! what was counted is a draw around that: negative binomial with `size`, or for a stock log-normal with `sd`. Scale, growth and
//! size are free numbers like those of the model, `observed.scale[SERIES]` and so on; how their priors
//! were set stands in `docs/learning.md`.

use crate::density;
use crate::observed::Series;
use detente_model::sim::course::Course;
use detente_model::sim::event::Event;
use detente_model::sim::probe::Probe;
use detente_model::sim::rules::Rules;
use jiff::civil::{Date, date};
use serde::Serialize;

/// What of the model's state is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Events of a stream of routine fire.
    Events(&'static str),
    /// Everybody killed in a territory, by routine fire and strikes.
    Killed(&'static str),
    /// Missiles, drones and cruise missiles in the answers of a ledger's holder.
    Rounds(&'static str),
    /// Uranium enriched to 60 %, kg, of a programme.
    Stock(&'static str),
}

/// How what is counted spreads around what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Variance = mean + mean²/size. The prior of the size: median, standard deviation of its logarithm.
    NegativeBinomial(f64, f64),
    /// Log-normal with this standard deviation.
    LogNormal(f64),
}

/// One row: how a series comes out of the state.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Link {
    /// Series.
    pub series: &'static str,
    /// What is counted of the state.
    pub signal: Signal,
    /// Counted per unit of signal, prior: median, standard deviation of the logarithm.
    pub scale: (f64, f64),
    /// Growth of that per level of the front, as a logarithm, prior: mean, standard deviation; 0 and 0 where it does not grow.
    pub growth: (f64, f64),
    /// Front and level at which the scale holds.
    pub reference: Option<(&'static str, u8)>,
    /// Spread.
    pub noise: Noise,
    /// Counted a day without any signal.
    pub floor: f64,
    /// Periods that touch these days are not compared: reports stood still.
    pub pauses: &'static [(Date, Date)],
    /// What to know about how it is kept.
    pub bookkeeping: &'static str,
}

const fn link(series: &'static str, signal: Signal, scale: (f64, f64), size: (f64, f64), floor: f64) -> Link {
    Link {
        series,
        signal,
        scale,
        growth: (0.0, 0.0),
        reference: None,
        noise: Noise::NegativeBinomial(size.0, size.1),
        floor,
        pauses: &[],
        bookkeeping: "",
    }
}

/// Reports of Gaza's health ministry stood still from the fall of its head office to the end of the pause.
const GAZA_PAUSE: &[(Date, Date)] = &[(date(2023, 11, 11), date(2023, 12, 1))];

/// Every row, in the order of the series.
pub static LINKS: [Link; 15] = [
    Link {
        pauses: GAZA_PAUSE,
        bookkeeping: "names accepted later and bodies recovered are dated to the report; those under rubble are missing",
        ..link("gaza.killed", Signal::Killed("GAZA"), (1.0, 0.15), (27.0, 0.5), 0.5)
    },
    link("westbank.killed", Signal::Killed("WBK"), (1.0, 0.2), (8.0, 0.5), 0.1),
    Link {
        bookkeeping: "running totals: a report counts whatever was added since the one before",
        ..link("lebanon.killed", Signal::Killed("LBN"), (1.0, 0.3), (5.0, 0.5), 0.05)
    },
    Link {
        growth: (0.2, 0.2),
        reference: Some(("LEB", 2)),
        bookkeeping: "places alerted, not attacks: one attack alerts many places, the more the farther it reaches",
        ..link("alerts.lebanon", Signal::Events("HZB>ISR"), (4.0, 0.7), (2.8, 0.5), 1.0)
    },
    Link {
        growth: (0.5, 0.4),
        reference: Some(("GAZ", 5)),
        bookkeeping: "places alerted, not attacks; most attacks in Gaza are on soldiers there and alert nobody",
        ..link("alerts.gaza", Signal::Events("HAM>ISR"), (1.5, 1.0), (2.0, 0.5), 0.3)
    },
    Link {
        bookkeeping: "told apart from September 2024 on only; a missile over the centre alerts a hundred places, a drone none",
        ..link("alerts.yemen", Signal::Events("HOU>ISR"), (20.0, 1.0), (0.15, 0.5), 0.05)
    },
    Link {
        bookkeeping: "the salvo of the night of 13 April 2024 is dated to the 14th",
        ..link("alerts.iran", Signal::Rounds("IRN|ISR"), (6.0, 0.7), (2.0, 0.5), 0.01)
    },
    link("launches.yemen", Signal::Events("HOU>ISR"), (1.5, 0.5), (3.0, 0.5), 0.01),
    Link {
        bookkeeping: "incidents of one list: definitions differ by half",
        ..link("ships.attacked", Signal::Events("HOU>SHIPS"), (1.0, 0.25), (8.0, 0.5), 0.02)
    },
    link("iri.launches", Signal::Events("IRI>ISR"), (1.0, 0.4), (4.0, 0.5), 0.02),
    link("iri.attacks_us", Signal::Events("IRI>USA"), (1.0, 0.2), (8.0, 0.5), 0.02),
    link("hzb.attacks", Signal::Events("HZB>ISR"), (1.0, 0.3), (8.0, 0.5), 0.1),
    link("isr.strikes_syria", Signal::Events("ISR>SYR"), (1.0, 0.3), (8.0, 0.5), 0.02),
    link("usa.strikes_yemen", Signal::Events("USA>HOU"), (1.0, 0.4), (5.0, 0.5), 0.02),
    Link { noise: Noise::LogNormal(0.04), ..link("iaea.u60", Signal::Stock("IRN"), (1.0, 0.02), (1.0, 0.0), 0.0) },
];

/// A nuisance number: its id, and its value where its normal score is z.
#[derive(Clone, Debug, PartialEq)]
pub struct Nuisance {
    /// `observed.scale[gaza.killed]` and the like.
    pub id: String,
    centre: f64,
    spread: f64,
    log: bool,
}

impl Nuisance {
    /// The value at a normal score.
    #[must_use]
    pub fn at(&self, z: f64) -> f64 {
        let x = self.centre + self.spread * z;
        if self.log { libm::exp(x) } else { x }
    }
}

/// A row with its ids resolved.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The row.
    pub link: &'static Link,
    signal: Place,
    front: Option<(usize, u8)>,
    /// Its nuisance numbers among those of all rows: scale, growth, size.
    numbers: [Option<usize>; 3],
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Events(usize),
    Killed(usize),
    Rounds(usize),
    Stock(usize),
}

/// The nuisance numbers of one series in one particle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nuisances {
    scale: f64,
    growth: f64,
    size: f64,
}

impl Bound {
    /// The row of a series in these rules, its nuisance numbers added to the list; `None` where the scenario lacks what is
    /// counted.
    #[must_use]
    pub fn new(series: &Series, rules: &Rules, nuisances: &mut Vec<Nuisance>) -> Option<Self> {
        let link = LINKS.iter().find(|link| link.series == series.id)?;
        let signal = match link.signal {
            Signal::Events(id) => Place::Events(rules.streams.iter().position(|s| s.id.text == id)?),
            Signal::Killed(id) => Place::Killed(rules.territories.iter().position(|t| t.id.text == id)?),
            Signal::Rounds(id) => Place::Rounds(rules.ledgers.iter().position(|l| l.id.text == id)?),
            Signal::Stock(id) => Place::Stock(rules.programmes.iter().position(|n| n.id.text == id)?),
        };
        let front = link
            .reference
            .and_then(|(id, level)| Some((rules.fronts.iter().position(|front| front.id.text == id)?, level)));
        let mut add = |what: &str, centre: f64, spread: f64, log: bool| {
            (spread > 0.0).then(|| {
                nuisances.push(Nuisance { id: format!("observed.{what}[{}]", link.series), centre, spread, log });
                nuisances.len() - 1
            })
        };
        let numbers = [
            add("scale", libm::log(link.scale.0), link.scale.1, true),
            add("growth", link.growth.0, link.growth.1, false),
            match link.noise {
                Noise::NegativeBinomial(median, sd) => add("size", libm::log(median), sd, true),
                Noise::LogNormal(_) => None,
            },
        ];
        Some(Self { link, signal, front, numbers })
    }

    /// Its nuisance numbers at the values of all.
    #[must_use]
    pub fn nuisances(&self, all: &[f64]) -> Nuisances {
        let [scale, growth, size] = self.numbers.map(|at| at.map(|at| all[at]));
        Nuisances {
            scale: scale.unwrap_or(self.link.scale.0),
            growth: growth.unwrap_or(self.link.growth.0),
            size: size.unwrap_or(match self.link.noise {
                Noise::NegativeBinomial(size, _) | Noise::LogNormal(size) => size,
            }),
        }
    }

    /// Whether what is observed is a stock, of which only the last day of a period counts.
    #[must_use]
    pub fn is_stock(&self) -> bool {
        matches!(self.signal, Place::Stock(_))
    }

    /// What the evening of the last day run adds to what is expected, before the scale.
    #[must_use]
    pub fn signal<P: Probe>(&self, course: &Course<P>, n: &Nuisances) -> f64 {
        let columns = course.columns();
        let x = match self.signal {
            Place::Events(stream) => f64::from(columns.fires[stream].events),
            Place::Killed(territory) => f64::from(columns.territories[territory].killed_today),
            Place::Stock(programme) => columns.programmes[programme].stock,
            Place::Rounds(ledger) => {
                let of = |event: &Event| match event {
                    Event::Struck(strike) if usize::from(strike.ledger) == ledger => strike.rounds.iter().sum(),
                    _ => 0_u32,
                };
                f64::from(course.events().iter().map(of).sum::<u32>())
            }
        };
        match self.front {
            Some((front, level)) if x > 0.0 => {
                x * libm::exp(n.growth * (f64::from(columns.fronts[front].level) - f64::from(level)))
            }
            _ => x,
        }
    }

    /// What is expected to be counted over a period of so many days with this sum of signals (of a stock: its last value).
    #[must_use]
    pub fn expected(&self, signals: f64, days: i32, n: &Nuisances) -> f64 {
        n.scale * signals + self.link.floor * f64::from(days)
    }

    /// ln of the density of a value.
    #[must_use]
    pub fn log_density(&self, value: f64, signals: f64, days: i32, n: &Nuisances) -> f64 {
        let expected = self.expected(signals, days, n);
        match self.link.noise {
            Noise::NegativeBinomial(..) => density::negative_binomial(value, expected, n.size),
            Noise::LogNormal(sd) => density::log_normal(value, expected, sd),
        }
    }

    /// A value as it might be counted: what is expected with a draw of the noise, at the quantile `u`.
    #[must_use]
    pub fn counted(&self, u: f64, signals: f64, days: i32, n: &Nuisances) -> f64 {
        use detente_model::chance::quantile;
        let expected = self.expected(signals, days, n);
        match self.link.noise {
            Noise::NegativeBinomial(..) => f64::from(quantile::NegativeBinomial::new(n.size).quantile(u, expected)),
            Noise::LogNormal(sd) => expected * libm::exp(sd * quantile::normal(u)),
        }
    }

    /// Whether reports stood still on a day of this period.
    #[must_use]
    pub fn pauses(&self, from: Date, to: Date) -> bool {
        self.link.pauses.iter().any(|(first, last)| from <= *last && *first <= to)
    }
}
