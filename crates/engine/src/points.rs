//! The numbers that futures draw.

use crate::bounds::{bounds, memory, room_for, too_many};
use crate::table::{Cells, Column, Table};
use crate::{Code, Error, Model, Setting};
use detente_model::chance::Key;
use detente_model::sim::rules::Draws;

impl Model {
    /// The numbers that the futures of a setting draw, a row each: `future`, then every number that is drawn, by its id. Those of
    /// `draws.csv`.
    ///
    /// # Errors
    /// [`Code::Name`] where nothing is drawn; [`Code::Bound`], also where there is no room for so many.
    pub fn points(&self, setting: &Setting) -> Result<Table, Error> {
        let Setting { seed, point, futures, .. } = setting;
        bounds(*seed, futures, self.days())?;
        if !point.draws() {
            let words = format!(
                "with params {} no future draws a number of its own; run it with prior or posterior",
                point.name()
            );
            return Err(Error::new(Code::Name, [words]));
        }
        let rules = self.placed(point)?;
        let mut draws = Draws::of(&rules);
        let (ids, rows) = (draws.ids(), futures.end - futures.start);
        if memory().is_some_and(|there| rows.saturating_mul(8 * ids.len() as u64) > there) {
            return Err(too_many(rows));
        }
        let mut columns = ids.iter().map(|_| room_for::<f64>(rows)).collect::<Result<Vec<_>, Error>>()?;
        for future in futures.clone() {
            let values = draws.values(Key::new(*seed, future));
            columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        }
        let numbers = futures.clone().map(u64::cast_signed).collect();
        let mut all = vec![Column::new("future", "1", "Number of the future.", Cells::Whole(numbers))];
        let meanings = draws.meanings();
        all.extend(
            ids.into_iter()
                .zip(meanings)
                .zip(columns)
                .map(|((id, (unit, says)), column)| Column::new(id, unit, says, Cells::Real(column))),
        );
        Ok(Table::made(all, self.about(*seed, point, &[], self.days(), None)))
    }
}
