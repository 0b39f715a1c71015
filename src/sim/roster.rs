//! How systems look across entities: all components of a kind as one slice, in order of ids.
//!
//! Query order is not stable in Bevy. It is the order of ids as long as every entity of a kind lives in one table and was
//! spawned in order, which is checked at each look; then a view is the table itself and costs nothing. Should an entity
//! have been given an extra component, or been spawned out of turn, the view is a sorted copy (written back when it
//! goes), and the run is bit for bit the same.

use super::state::Ix;
use bevy::ecs::change_detection::ContiguousMut;
use bevy::ecs::component::{Component, Mutable};
use bevy::ecs::prelude::*;
use bevy::ecs::system::SystemParam;
use std::ops::{Deref, DerefMut};

/// Every component `T`, for reading.
#[derive(SystemParam)]
pub struct All<'w, 's, T: Component>(Query<'w, 's, (&'static Ix, &'static T)>);

/// Every component `T`, for writing.
#[derive(SystemParam)]
pub struct AllMut<'w, 's, T: Component<Mutability = Mutable>>(Query<'w, 's, (&'static Ix, &'static mut T)>);

/// Components in order of ids.
pub enum View<'a, T> {
    /// The table itself.
    Table(&'a [T]),
    /// A sorted copy.
    Sorted(Vec<T>),
}

/// Components in order of ids, for writing.
pub enum ViewMut<'a, T: Copy> {
    /// The table itself.
    Table(&'a mut [T]),
    /// A sorted copy, written back when the view goes.
    Sorted {
        /// Values in order.
        values: Vec<T>,
        /// Where each goes back to.
        cells: Vec<Mut<'a, T>>,
    },
}

#[inline(always)]
fn in_order(ixs: &[Ix]) -> bool {
    ixs.iter().zip(0_u16..).all(|(ix, i)| ix.0 == i)
}

impl<T: Component + Copy> All<'_, '_, T> {
    /// The components in order of ids.
    #[inline(always)]
    #[must_use]
    pub fn view(&self) -> View<'_, T> {
        if let Ok(mut chunks) = self.0.contiguous_iter()
            && let Some((ixs, values)) = chunks.next()
            && chunks.next().is_none()
            && in_order(ixs)
        {
            return View::Table(values);
        }
        View::Sorted(self.sorted())
    }

    #[cold]
    fn sorted(&self) -> Vec<T> {
        let mut pairs: Vec<(u16, T)> = self.0.iter().map(|(ix, value)| (ix.0, *value)).collect();
        pairs.sort_by_key(|(ix, _)| *ix);
        pairs.into_iter().map(|(_, value)| value).collect()
    }
}

impl<T: Component<Mutability = Mutable> + Copy> AllMut<'_, '_, T> {
    /// The components in order of ids.
    #[inline(always)]
    pub fn view(&mut self) -> ViewMut<'_, T> {
        if !self.is_table() {
            return self.sorted();
        }
        let values = self.0.contiguous_iter_mut().ok().and_then(|mut chunks| chunks.next()).map(|(_, values)| values);
        // Nothing in the model reads change ticks, so none are written.
        ViewMut::Table(values.map_or(&mut [], |values| ContiguousMut::bypass_change_detection_split(values).0))
    }

    #[inline(always)]
    fn is_table(&self) -> bool {
        let Ok(mut chunks) = self.0.contiguous_iter() else { return false };
        match (chunks.next(), chunks.next()) {
            (None, _) => true,
            (Some((ixs, _)), None) => in_order(ixs),
            (Some(_), Some(_)) => false,
        }
    }

    #[cold]
    fn sorted(&mut self) -> ViewMut<'_, T> {
        let mut pairs: Vec<(u16, Mut<'_, T>)> = self.0.iter_mut().map(|(ix, value)| (ix.0, value)).collect();
        pairs.sort_by_key(|(ix, _)| *ix);
        let cells: Vec<Mut<'_, T>> = pairs.into_iter().map(|(_, value)| value).collect();
        ViewMut::Sorted { values: cells.iter().map(|cell| **cell).collect(), cells }
    }
}

impl<T> Deref for View<'_, T> {
    type Target = [T];
    #[inline(always)]
    fn deref(&self) -> &[T] {
        match self {
            Self::Table(values) => values,
            Self::Sorted(values) => values,
        }
    }
}

impl<T: Copy> Deref for ViewMut<'_, T> {
    type Target = [T];
    #[inline(always)]
    fn deref(&self) -> &[T] {
        match self {
            Self::Table(values) => values,
            Self::Sorted { values, .. } => values,
        }
    }
}

impl<T: Copy> DerefMut for ViewMut<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Table(values) => values,
            Self::Sorted { values, .. } => values,
        }
    }
}

impl<T: Copy> Drop for ViewMut<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Self::Sorted { values, cells } = self {
            for (cell, value) in cells.iter_mut().zip(values) {
                **cell = *value;
            }
        }
    }
}
