//! The state of every entity, by component: the one list of columns, and where a day finds them.
//!
//! A world that is looked at keeps its columns in the tables of an ECS ([`Tables`]), a future of an ensemble in vectors
//! ([`Columns`]). A day works on [`Slices`] and cannot tell which.

use super::dated::Dated as _;
use super::roster::{AllMut, ViewMut};
use super::rules::Rules;
use super::start;
use super::state::{
    Agreement, Arsenal, Channel, Corridor, Council, Economy, Factions, Fire, Front, Host, Incorporation, Integration,
    Ix, Ledger, Mission, Pair, Path, Programme, Roadmap, SiteState, Standing, Territory, Threat,
};
use bevy_ecs::component::Mutable;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use serde::{Deserialize, Serialize};

macro_rules! columns {
    ($( $(#[$meta:meta])* $name:ident : $component:ty = $start:path; )*) => {
        /// The state of every entity, by component, in order of ids. Written as JSON for digests and comparisons and never read back
        /// from it: stores without a limit are infinite, which JSON does not know. Binary formats know it.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct Columns { $(
            #[doc = concat!("`", stringify!($component), "` of every entity that has one.")]
            $(#[$meta])*
            pub $name: Vec<$component>,
        )* }

        impl Columns {
            /// The state of day 0.
            #[must_use]
            pub fn start(rules: &Rules) -> Self {
                Self { $( $name: $start(rules).collect(), )* }
            }

            /// Whether there is as much of every component as in another state.
            #[must_use]
            pub fn matches(&self, other: &Self) -> bool {
                true $( && self.$name.len() == other.$name.len() )*
            }

            /// Takes the state of day 0, keeping the memory.
            pub fn restart(&mut self, rules: &Rules) {
                $( self.$name.clear(); self.$name.extend($start(rules)); )*
            }

            /// Counts every day that the state remembers from `days` later on.
            pub(super) fn recount(&mut self, days: i32) {
                $( self.$name.iter_mut().for_each(|state| state.recount(days)); )*
            }
        }

        /// The same state as slices that a day works on, wherever it is kept.
        pub struct Slices<'a> { $(
            #[doc = concat!("`", stringify!($component), "` of every entity that has one.")]
            pub $name: &'a mut [$component],
        )* }

        impl Columns {
            /// All of it, to work on.
            #[inline(always)]
            pub fn slices(&mut self) -> Slices<'_> {
                Slices { $( $name: &mut self.$name, )* }
            }
        }

        /// The tables of an ECS world that hold it.
        #[derive(SystemParam)]
        pub struct Tables<'w, 's> { $( $name: AllMut<'w, 's, $component>, )* }

        impl Tables<'_, '_> {
            /// Every table in order of ids.
            #[inline(always)]
            pub fn views(&mut self) -> TableViews<'_> {
                TableViews { $( $name: self.$name.view(), )* }
            }
        }

        /// Views of those tables; what a view had to sort is written back when it goes.
        pub struct TableViews<'a> { $( $name: ViewMut<'a, $component>, )* }

        impl TableViews<'_> {
            /// All of them, to work on.
            #[inline(always)]
            pub fn slices(&mut self) -> Slices<'_> {
                Slices { $( $name: &mut self.$name, )* }
            }
        }

        /// Prepared queries, one per column.
        pub(super) struct Views { $( pub(super) $name: QueryState<(&'static Ix, &'static mut $component)>, )* }

        impl Views {
            pub(super) fn new(world: &mut World) -> Self {
                Self { $( $name: world.query(), )* }
            }
            pub(super) fn read(&mut self, world: &mut World, into: &mut Columns) {
                $( read(&mut self.$name, world, &mut into.$name); )*
            }
            pub(super) fn write(&mut self, world: &mut World, from: &Columns) {
                $( write(&mut self.$name, world, &from.$name); )*
            }
        }
    };
}

columns! {
    standings: Standing = start::standings;
    arsenals: Arsenal = start::arsenals;
    threats: Threat = start::threats;
    ledgers: Ledger = start::ledgers;
    pairs: Pair = start::pairs;
    fronts: Front = start::fronts;
    fires: Fire = start::fire;
    agreements: Agreement = start::agreements;
    channels: Channel = start::channels;
    missions: Mission = start::missions;
    territories: Territory = start::territories;
    sites: SiteState = start::sites;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hosts: Host = start::hosts;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    economies: Economy = start::economies;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    corridors: Corridor = start::corridors;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    factions: Factions = start::factions;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    programmes: Programme = start::programmes;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roadmaps: Roadmap = start::roadmaps;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    integrations: Integration = start::integrations;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    councils: Council = start::councils;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    paths: Path = start::paths;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    incorporations: Incorporation = start::incorporations;
}

/// Copies a column out of a world, in order of ids.
pub(super) fn read<C: Component<Mutability = Mutable> + Copy>(
    view: &mut QueryState<(&'static Ix, &'static mut C)>,
    world: &mut World,
    into: &mut Vec<C>,
) {
    into.clear();
    let mut in_order = true;
    for (ix, value) in view.query(world).iter() {
        in_order &= usize::from(ix.0) == into.len();
        into.push(*value);
    }
    if !in_order {
        let mut pairs: Vec<(u16, C)> = view.query(world).iter().map(|(ix, value)| (ix.0, *value)).collect();
        pairs.sort_by_key(|(ix, _)| *ix);
        into.clear();
        into.extend(pairs.into_iter().map(|(_, value)| value));
    }
}

fn write<C: Component<Mutability = Mutable> + Copy>(
    view: &mut QueryState<(&'static Ix, &'static mut C)>,
    world: &mut World,
    from: &[C],
) {
    for (ix, mut value) in view.query_mut(world).iter_mut() {
        *value = from[usize::from(ix.0)];
    }
}
