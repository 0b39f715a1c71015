//! Levers that switch a whole mechanism on: each scales its parameters from the value at which they do nothing, with the lever
//! at 0, to their full strength, with the lever at 1.
//!
//! The parameters hold the full strength, and are drawn for a future like all others; what a day reads
//! ([`crate::sim::rules::Rules::p`]) is what the levers leave of it. So drawn parameters switch nothing on. Equations that read
//! their lever themselves (restraint bought and returned) do the same without a row here.

use super::levers::{Lever, LeverSet};
use super::parameters::Parameters;

/// A value between that at which a parameter does nothing and its full strength.
#[inline]
#[must_use]
pub fn scaled(null: f64, full: f64, lever: f64) -> f64 {
    if lever >= 1.0 { full } else { null + lever * (full - null) }
}

macro_rules! strengths {
    ($( $lever:ident { $( $id:ident = $null:literal ),* $(,)? } )*) => {
        /// Every such lever with its parameters, each with the value at which it does nothing.
        pub const SCALED: &[(Lever, &[(&str, f64)])] = &[$( (Lever::$lever, &[$( (stringify!($id), $null) ),*]) ),*];

        impl Parameters {
            /// Puts in force what the levers leave of the full strength of the parameters that they scale.
            pub fn scale(&mut self, full: &Self, levers: &LeverSet) {
                $( let lever = levers[Lever::$lever]; $( self.$id = scaled($null, full.$id, lever); )* )*
            }
        }
    };
}

strengths! {
    ExchangeRestraint { restraint_trust = 0.0 }
    DealInterdependence {
        violation_spread = 0.0, link_separate = 0.0, package_choice = 0.0, deal_fray = 0.0, relief_cost = 0.0, arms_gain = 0.0,
        arms_cost = 0.0, exit_gain = 0.0, exit_cost = 0.0,
    }
    CouncilConsequences {
        veto_cost = 0.0, adopted_aid_other = 1.0, text_concession = 0.0, text_deadline = 1.0, text_legitimacy = 0.0,
        text_recognition = 0.0, credentials_lobby = 0.0, credentials_rally = 0.0, credentials_arms = 0.0,
    }
    FearOfWar {
        fear_permission = 0.0, scale_fear = 0.0, scale_suspension = 0.0, forum_gain = 0.0, host_sites = 0.0, host_voice = 0.0,
    }
    StatesIncorporation {
        incorporation_process = 0.0, incorporation_legitimacy = 0.0, incorporation_exit = 0.0, incorporation_struck = 0.0,
        incorporation_breach = 0.0, incorporation_fire = 0.0, incorporation_control = 0.0, incorporation_spoiler = 0.0,
        incorporation_trust = 0.0, spoiler_funding = 0.0, roadmap_consent = 0.0, unami_support = 0.0, activity_fire = 0.0,
        activity_return = 0.0, ballot_benefit = 0.0,
    }
}

impl Parameters {
    /// The defaults as they are in force with every lever at its default.
    #[must_use]
    pub fn at_start() -> Self {
        let full = Self::default();
        let mut p = full.clone();
        p.scale(&full, &LeverSet::default());
        p
    }
}

impl Lever {
    /// Whether it scales parameters.
    #[inline]
    #[must_use]
    pub fn scales(self) -> bool {
        SCALED.iter().any(|(lever, _)| *lever == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::parameters::{NOT_DRAWN, ROWS};

    /// What rests at nothing by default and is drawn from there up is switched by a lever, or would be switched on by drawing
    /// it. Two are left, and are no mechanism's strength: how sure a defence is of where a round will fall, and what is offered
    /// to left-out groups without anybody saying so.
    #[test]
    fn no_drawn_parameter_switches_on_what_is_off_by_default() {
        let scaled = |id: &str| SCALED.iter().any(|(_, parameters)| parameters.iter().any(|(other, _)| *other == id));
        let at_nothing = ROWS.iter().filter(|row| row.default.abs() < f64::EPSILON && !scaled(row.id));
        let drawn = at_nothing.filter(|row| row.high > row.low && !NOT_DRAWN.contains(&row.id));
        let drawn: Vec<&str> = drawn.map(|row| row.id).collect();
        assert_eq!(drawn, ["q_open", "spoiler_inducement"]);
    }

    #[test]
    fn at_0_they_do_nothing_at_1_they_are_whole_and_between_they_rise() {
        let full = Parameters::default();
        let of = |value: f64| {
            let (mut p, mut levers) = (full.clone(), LeverSet::default());
            SCALED.iter().for_each(|(lever, _)| levers.set(*lever, value));
            p.scale(&full, &levers);
            p
        };
        let [off, half, whole] = [0.0, 0.5, 1.0].map(of);
        assert_eq!(whole, full);
        for (lever, parameters) in SCALED {
            assert!(lever.row().default.abs() < f64::EPSILON, "{} is off by default", lever.id());
            for (id, null) in *parameters {
                let at = |p: &Parameters| p.get(id).unwrap_or(f64::NAN);
                assert_eq!(at(&off).to_bits(), null.to_bits(), "{id}");
                assert!((at(&half) - 0.5 * (null + at(&full))).abs() < 1e-12, "{id}");
                assert!((at(&full) - null).abs() > 1e-9, "{id} does nothing at full strength");
                let row = ROWS.iter().find(|row| row.id == *id);
                assert!(row.is_some_and(|row| row.low <= *null && *null <= row.high), "{id}");
            }
        }
    }
}
