//! What the map can hide.

/// Layers that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layers {
    shown: [bool; 9],
}

impl Default for Layers {
    fn default() -> Self {
        Self { shown: [true; 9] }
    }
}

/// A layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// Ribbons and truces.
    Fronts,
    /// Strikes and scars.
    Strikes,
    /// States and armed groups.
    Actors,
    /// Bases with US forces.
    Bases,
    /// Sites.
    Sites,
    /// UNIFIL, the national army, the withdrawal.
    Peacekeepers,
    /// Ships.
    Shipping,
    /// Displacement and aid.
    People,
    /// Names in the script of the place.
    LocalNames,
}

impl Layer {
    /// Every layer with its name.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Fronts, "Fronts and truces"),
        (Self::Strikes, "Strikes and scars"),
        (Self::Actors, "States and armed groups"),
        (Self::Bases, "US bases"),
        (Self::Sites, "Other sites"),
        (Self::Peacekeepers, "UNIFIL and withdrawal"),
        (Self::Shipping, "Shipping"),
        (Self::People, "Displacement and aid"),
        (Self::LocalNames, "Local names"),
    ];
}

impl Layers {
    /// Whether a layer is shown.
    pub fn has(&self, layer: Layer) -> bool {
        self.shown[layer as usize]
    }

    /// The switch of a layer.
    pub fn switch(&mut self, layer: Layer) -> &mut bool {
        &mut self.shown[layer as usize]
    }
}
