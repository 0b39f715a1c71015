//! Steps of the draws of one answer, blow or base strike: which draw is of what.

/// Class of target.
pub const CLASS: u32 = 0;
/// Site.
pub const SITE: u32 = 1;
/// Whether it is announced.
pub const TELEGRAPH: u32 = 2;
/// Whether drones and cruise missiles go along.
pub const MIXED: u32 = 3;
/// Rounds that fly as meant, one draw per class of rounds from here on.
pub const FLY: u32 = 4;
/// Rounds intercepted, likewise.
pub const ENGAGE: u32 = 7;
/// Deaths.
pub const DEATHS: u32 = 10;
/// Rounds that hit, one draw per class of rounds from here on.
pub const HIT: u32 = 11;
/// Whether a base is struck at all, or a friend joins.
pub const BASE: u32 = 14;
/// Whether a salvo at a base goes to the host's own sites instead.
pub const OWN: u32 = 15;
