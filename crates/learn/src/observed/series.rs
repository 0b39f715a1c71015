//! The series that observations may be of: ids, units, what is counted. The ids are part of the format and do not change.

/// How a series is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A count over the days of a period: periods add up.
    Count,
    /// A stock at the end of a period: periods do not add up.
    Stock,
}

/// One series of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Series {
    /// Id in files, like `gaza.killed`.
    pub id: &'static str,
    /// What is counted.
    pub what: &'static str,
    /// Unit of a value.
    pub unit: &'static str,
    /// Whether values are counts over a period or a stock at its end.
    pub measure: Measure,
}

const fn count(id: &'static str, what: &'static str, unit: &'static str) -> Series {
    Series { id, what, unit, measure: Measure::Count }
}

/// Every series there is, in the order of reports.
pub static SERIES: [Series; 15] = [
    count("gaza.killed", "killed in Gaza, by the health ministry's count", "deaths"),
    count("westbank.killed", "killed in the West Bank", "deaths"),
    count("lebanon.killed", "killed in Lebanon, by the health ministry's count", "deaths"),
    count("alerts.lebanon", "places in Israel alerted, fire from Lebanon", "alerts"),
    count("alerts.gaza", "places in Israel alerted, fire from Gaza", "alerts"),
    count("alerts.yemen", "places in Israel alerted, fire from Yemen", "alerts"),
    count("alerts.iran", "places in Israel alerted, fire from Iran", "alerts"),
    count("launches.yemen", "missiles and drones from Yemen at Israel", "launches"),
    count("ships.attacked", "ships attacked from Yemen", "ships"),
    count("iri.launches", "attacks on Israel claimed by groups in Iraq", "claims"),
    count("iri.attacks_us", "attacks on US forces in Iraq and Syria", "attacks"),
    count("hzb.attacks", "attacks by Hezbollah on Israel", "attacks"),
    count("isr.strikes_syria", "occasions of Israeli strikes in Syria", "strikes"),
    count("usa.strikes_yemen", "US and British strikes in Yemen", "strikes"),
    Series { id: "iaea.u60", what: "Iran's uranium enriched to 60 %", unit: "kg", measure: Measure::Stock },
];

/// The series of an id; `None` for an id that no series has.
#[must_use]
pub fn series(id: &str) -> Option<&'static Series> {
    SERIES.iter().find(|series| series.id == id)
}
