//! How systems look across entities: all components of a kind as one slice, in order of ids.
//!
//! Query order is not stable in Bevy. It is the order of ids as long as every entity of a kind lives in one table and was
//! spawned in order, which is checked at each look; then a view is the table itself and costs nothing. Should an entity
//! have been given an extra component, or been spawned out of turn, the view is a sorted copy (written back when it
//! goes), and the run is bit for bit the same.

use super::state::Ix;
use bevy_ecs::change_detection::ContiguousMut;
use bevy_ecs::component::{Component, Mutable, StorageType};
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
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
        cells: Vec<&'a mut T>,
    },
}

/// Looks at every position without stopping at the first that is out of order: that runs many at a time.
#[inline(always)]
fn in_order(ixs: &[Ix]) -> bool {
    ixs.iter().enumerate().fold(0, |wrong, (i, ix)| wrong | (ix.0 ^ i as u16)) == 0
}

impl<T: Component + Copy> All<'_, '_, T> {
    /// The components in order of ids.
    #[inline(always)]
    #[must_use]
    pub fn view(&self) -> View<'_, T> {
        // Components in tables always have chunks.
        const { assert!(matches!(T::STORAGE_TYPE, StorageType::Table)) };
        let Ok(mut chunks) = self.0.contiguous_iter() else { return View::Table(&[]) };
        match (chunks.next(), chunks.next()) {
            (None, _) => View::Table(&[]),
            (Some((ixs, values)), None) if in_order(ixs) => View::Table(values),
            (first, second) => sorted(first.into_iter().chain(second).chain(chunks)),
        }
    }
}

#[cold]
fn sorted<'a, T: Copy + 'a>(chunks: impl Iterator<Item = (&'a [Ix], &'a [T])>) -> View<'a, T> {
    let mut pairs: Vec<(Ix, T)> =
        chunks.flat_map(|(ixs, values)| ixs.iter().copied().zip(values.iter().copied())).collect();
    pairs.sort_by_key(|(ix, _)| ix.0);
    View::Sorted(pairs.into_iter().map(|(_, value)| value).collect())
}

impl<T: Component<Mutability = Mutable> + Copy> AllMut<'_, '_, T> {
    /// The components in order of ids.
    #[inline(always)]
    pub fn view(&mut self) -> ViewMut<'_, T> {
        const { assert!(matches!(T::STORAGE_TYPE, StorageType::Table)) };
        let Ok(mut chunks) = self.0.contiguous_iter_mut() else { return ViewMut::Table(&mut []) };
        match (chunks.next(), chunks.next()) {
            (None, _) => ViewMut::Table(&mut []),
            (Some((ixs, values)), None) if in_order(ixs) => ViewMut::Table(untracked(values)),
            (first, second) => {
                let chunks = first.into_iter().chain(second).chain(chunks);
                sorted_mut(chunks.map(|(ixs, values)| (ixs, untracked(values))))
            }
        }
    }
}

/// Nothing in the model reads change ticks, so none are written.
#[inline(always)]
fn untracked<'a, T>(values: ContiguousMut<'a, T>) -> &'a mut [T] {
    ContiguousMut::bypass_change_detection_split(values).0
}

#[cold]
fn sorted_mut<'a, T: Copy + 'a>(chunks: impl Iterator<Item = (&'a [Ix], &'a mut [T])>) -> ViewMut<'a, T> {
    let mut pairs: Vec<(Ix, &'a mut T)> = chunks.flat_map(|(ixs, values)| ixs.iter().copied().zip(values)).collect();
    pairs.sort_by_key(|(ix, _)| ix.0);
    let cells: Vec<&'a mut T> = pairs.into_iter().map(|(_, value)| value).collect();
    ViewMut::Sorted { values: cells.iter().map(|cell| **cell).collect(), cells }
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
