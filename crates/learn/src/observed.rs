//! Observations: what was counted, from when to when, and by whom.
