//! Which numbers of a state are days, so that all of them can be counted from another day on.

use super::state::{
    Agreement, Arsenal, Channel, Corridor, Council, Economy, Factions, Fire, Front, Host, Incorporation, Integration,
    Ledger, Mission, NEVER, Pair, Path, Programme, Roadmap, SiteState, Standing, Territory, Threat,
};

/// State of one entity that may remember days.
pub(super) trait Dated {
    /// Counts every day that it remembers from `days` later on.
    fn recount(&mut self, days: i32);
}

macro_rules! dated {
    ($( $component:ty { $( $field:ident ),* } )*) => { $(
        impl Dated for $component {
            fn recount(&mut self, _days: i32) { $( move_day(&mut self.$field, _days); )* }
        }
    )* };
}

fn move_day(day: &mut i32, days: i32) {
    if *day != NEVER {
        *day -= days;
    }
}

dated! {
    Standing {}
    Arsenal {}
    Threat {}
    Ledger { owed_since, last_answer }
    Front { last_blow, last_fire, last_step, last_loud }
    Fire {}
    Agreement { since, last_spoiler, last_collapse }
    Channel { suspended_since }
    Mission {}
    Territory {}
    SiteState { noted }
    Host { warned_on, struck_on }
    Economy {}
    Corridor { lost_on }
    Factions {}
    Programme { decided_on, device_on, detected_on, censured_on }
    Roadmap {}
    Integration {}
    Council { cease_fire_on, membership_on }
    Path { withdrawn_on, unified_on, elected_on, rebuilt_on, tried_on }
    Incorporation {}
}

impl Dated for Pair {
    fn recount(&mut self, days: i32) {
        move_day(&mut self.war_since, days);
        self.last_fire.iter_mut().for_each(|day| move_day(day, days));
    }
}
