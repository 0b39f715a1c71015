//! Colours, type and spacing: the one place where a colour has a value.

use bevy_egui::egui::epaint::FontColorTransferFunction;
use bevy_egui::egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, Style,
    TextStyle, Theme, Vec2, Visuals, style::WidgetVisuals,
};
use std::sync::Arc;

/// Colours of one theme. Names say what a colour is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Whether the ground is dark.
    pub dark: bool,
    /// Sea.
    pub sea: Color32,
    /// Land.
    pub land: Color32,
    /// Land of the parties, one step lighter.
    pub party_land: Color32,
    /// State borders.
    pub border: Color32,
    /// Provinces.
    pub province: Color32,
    /// Coast.
    pub coast: Color32,
    /// Panels.
    pub panel: Color32,
    /// Raised widgets.
    pub raised: Color32,
    /// Fields, sunk.
    pub sunk: Color32,
    /// Separators.
    pub hairline: Color32,
    /// Outlines.
    pub strong: Color32,
    /// Text.
    pub ink: Color32,
    /// Secondary text.
    pub ink2: Color32,
    /// Names on the map.
    pub ink3: Color32,
    /// Israel.
    pub israel: Color32,
    /// United States.
    pub united_states: Color32,
    /// Iran.
    pub iran: Color32,
    /// Aligned armed groups.
    pub aligned: Color32,
    /// UN bodies, truces, open airspace: what holds fire down.
    pub un: Color32,
    /// Other states, ships.
    pub other: Color32,
    /// You: changed levers, your fan, your branch.
    pub you: Color32,
    /// The ground of what is yours.
    pub you_ground: Color32,
    /// Baseline.
    pub baseline: Color32,
    /// Impact.
    pub flash: Color32,
    /// Intensity, from none to most.
    pub ramp: [Color32; 5],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// On a dark ground.
pub const DARK: Look = Look {
    dark: true,
    sea: rgb(0x0C_131A),
    land: rgb(0x18_222C),
    party_land: rgb(0x1E_2A35),
    border: rgb(0x43_525F),
    province: rgb(0x28_3541),
    coast: rgb(0x3A_4957),
    panel: rgb(0x13_1B23),
    raised: rgb(0x1C_2630),
    sunk: rgb(0x0E_151C),
    hairline: rgb(0x2A_3642),
    strong: rgb(0x3B_4957),
    ink: rgb(0xE8_EDF2),
    ink2: rgb(0xA9_B5C0),
    ink3: rgb(0x87_94A1),
    israel: rgb(0x3F_9BE3),
    united_states: rgb(0xA5_DBF8),
    iran: rgb(0xF2_703A),
    aligned: rgb(0xF2_B93B),
    un: rgb(0x33_C79C),
    other: rgb(0x8F_9BA7),
    you: rgb(0xF2_9CCB),
    you_ground: rgb(0x30_222C),
    baseline: rgb(0x7B_8894),
    flash: rgb(0xFF_F3B0),
    ramp: [rgb(0x1E_2A35), rgb(0x4A_4436), rgb(0x8A_7340), rgb(0xD0_AE4F), rgb(0xFF_E9A0)],
};

/// On a light ground.
pub const LIGHT: Look = Look {
    dark: false,
    sea: rgb(0xDC_E6EB),
    land: rgb(0xF3_F0E9),
    party_land: rgb(0xFB_F9F5),
    border: rgb(0xA5_9D8F),
    province: rgb(0xE0_DACE),
    coast: rgb(0x8F_A3AE),
    panel: rgb(0xFC_FBF8),
    raised: rgb(0xF1_EEE8),
    sunk: rgb(0xF1_EEE8),
    hairline: rgb(0xDD_D8CE),
    strong: rgb(0xBD_B6A9),
    ink: rgb(0x1B_232B),
    ink2: rgb(0x4C_5761),
    ink3: rgb(0x5A_656F),
    israel: rgb(0x00_64A6),
    united_states: rgb(0x24_80B8),
    iran: rgb(0xA6_3A00),
    aligned: rgb(0xA8_7200),
    un: rgb(0x00_7A59),
    other: rgb(0x72_7D86),
    you: rgb(0x94_276A),
    you_ground: rgb(0xF6_E6EF),
    baseline: rgb(0x8A_949C),
    flash: rgb(0xFF_D23F),
    ramp: [rgb(0xED_E8DD), rgb(0xD9_C79A), rgb(0xB8_944C), rgb(0x7E_5A22), rgb(0x3F_2A0E)],
};

impl Look {
    /// The colour of a scenario's side (`israel`, `iran`, `united_states`, `aligned`, …).
    #[must_use]
    pub fn side(&self, side: &str) -> Color32 {
        match side {
            "israel" => self.israel,
            "united_states" => self.united_states,
            "iran" => self.iran,
            "aligned" => self.aligned,
            "un" => self.un,
            _ => self.other,
        }
    }

    /// The colour of a scenario's side.
    #[must_use]
    pub fn of(&self, side: detente_model::scenario::raw::Side) -> Color32 {
        use detente_model::scenario::raw::Side;
        match side {
            Side::Israel => self.israel,
            Side::UnitedStates => self.united_states,
            Side::Iran => self.iran,
            Side::Aligned => self.aligned,
            Side::Un => self.un,
            Side::Other => self.other,
        }
    }

    /// The intensity ramp at `t` from 0 to 1.
    #[must_use]
    pub fn intensity(&self, t: f32) -> Color32 {
        let at = t.clamp(0.0, 1.0) * 4.0;
        let low = (at as usize).min(3);
        mix(self.ramp[low], self.ramp[low + 1], at - low as f32)
    }

    /// Ink on a filled square of ink.
    #[must_use]
    pub fn on_ink(&self) -> Color32 {
        if self.dark { rgb(0x0E_151C) } else { Color32::WHITE }
    }

    /// Gives a context these colours and this type.
    pub fn apply(&self, ctx: &Context, reduced_motion: bool) {
        let theme = if self.dark { Theme::Dark } else { Theme::Light };
        ctx.set_theme(theme);
        ctx.set_style_of(theme, self.style(reduced_motion));
    }

    fn style(&self, reduced_motion: bool) -> Style {
        let mut style = Style { visuals: self.visuals(), ..Style::default() };
        let font = |size, family: FontFamily| FontId::new(size, family);
        style.text_styles = [
            (TextStyle::Small, font(14.0, condensed())),
            (TextStyle::Body, font(14.0, FontFamily::Proportional)),
            (TextStyle::Button, font(14.0, FontFamily::Proportional)),
            (TextStyle::Monospace, font(14.0, condensed())),
            (TextStyle::Heading, font(17.0, semibold())),
        ]
        .into();
        let s = &mut style.spacing;
        s.item_spacing = Vec2::new(8.0, 4.0);
        s.button_padding = Vec2::new(8.0, 4.0);
        s.interact_size = Vec2::new(28.0, 28.0);
        s.menu_margin = Margin::same(8);
        s.scroll.bar_width = 8.0;
        s.scroll.floating = true;
        s.scroll.fade.strength = 0.0;
        style.animation_time = if reduced_motion { 0.0 } else { 0.15 };
        style.interaction.tooltip_delay = 0.25;
        style.interaction.selectable_labels = false;
        style
    }

    fn visuals(&self) -> Visuals {
        let mut v = if self.dark { Visuals::dark() } else { Visuals::light() };
        // The screen blends light: dark letters on a light ground would be thin, light ones on a dark ground fat.
        v.text_options.color_transfer_function =
            if self.dark { FontColorTransferFunction::Off } else { FontColorTransferFunction::Gamma(0.62) };
        // A cursor that blinks would have the whole screen drawn again and again while nothing happens.
        v.text_cursor.blink = false;
        v.panel_fill = self.panel;
        v.window_fill = self.panel;
        v.window_stroke = Stroke::new(1.0, self.strong);
        v.window_corner_radius = CornerRadius::same(6);
        v.menu_corner_radius = CornerRadius::same(6);
        let shadow = Shadow {
            offset: [0, 3],
            blur: 10,
            spread: 0,
            color: Color32::from_black_alpha(if self.dark { 115 } else { 46 }),
        };
        (v.window_shadow, v.popup_shadow) = (shadow, shadow);
        v.extreme_bg_color = self.sunk;
        v.text_edit_bg_color = Some(self.sunk);
        v.faint_bg_color = self.raised;
        v.override_text_color = Some(self.ink);
        v.hyperlink_color = self.ink;
        v.selection.bg_fill = self.you_ground;
        v.selection.stroke = Stroke::new(2.0, self.ink);
        let widget = |fill: Color32, line: Color32, text: Color32| WidgetVisuals {
            bg_fill: fill,
            weak_bg_fill: fill,
            bg_stroke: Stroke::new(1.0, line),
            corner_radius: CornerRadius::same(5),
            fg_stroke: Stroke::new(1.5, text),
            expansion: 0.0,
        };
        v.widgets.noninteractive = widget(self.panel, self.hairline, self.ink);
        v.widgets.inactive = widget(self.raised, self.strong, self.ink);
        v.widgets.hovered = widget(mix(self.raised, self.ink, 0.08), self.ink3, self.ink);
        v.widgets.active = widget(mix(self.raised, self.ink, 0.14), self.ink, self.ink);
        v.widgets.open = widget(self.raised, self.ink3, self.ink);
        v
    }
}

/// A colour between two.
#[must_use]
pub fn mix(a: Color32, b: Color32, t: f32) -> Color32 {
    let t = t.clamp(0.0, 1.0);
    let channel = |x: u8, y: u8| (f32::from(x) + (f32::from(y) - f32::from(x)) * t).round() as u8;
    Color32::from_rgb(channel(a.r(), b.r()), channel(a.g(), b.g()), channel(a.b(), b.b()))
}

/// A colour with an opacity from 0 to 1.
#[must_use]
pub fn faint(color: Color32, alpha: f32) -> Color32 {
    color.gamma_multiply(alpha.clamp(0.0, 1.0))
}

/// Family of bold words.
#[must_use]
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Family of tables, axes and the map.
#[must_use]
pub fn condensed() -> FontFamily {
    FontFamily::Name("condensed".into())
}

/// Family of country names.
#[must_use]
pub fn condensed_medium() -> FontFamily {
    FontFamily::Name("condensed-medium".into())
}

/// Family of bold words on the map.
#[must_use]
pub fn condensed_semibold() -> FontFamily {
    FontFamily::Name("condensed-semibold".into())
}

/// Family of waters.
#[must_use]
pub fn condensed_italic() -> FontFamily {
    FontFamily::Name("condensed-italic".into())
}

/// Family of names in Arabic script. It has one font only, so that a name is one run and is shaped as a whole.
#[must_use]
pub fn arabic() -> FontFamily {
    FontFamily::Name("arabic".into())
}

/// Family of names in Hebrew script.
#[must_use]
pub fn hebrew() -> FontFamily {
    FontFamily::Name("hebrew".into())
}

/// IBM Plex (SIL Open Font License 1.1, `assets/fonts/LICENSE.txt`), carried in the program.
#[must_use]
pub fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let faces: [(FontFamily, &'static [u8]); 8] = [
        (FontFamily::Proportional, include_bytes!("../../../assets/fonts/IBMPlexSans-Regular.ttf")),
        (semibold(), include_bytes!("../../../assets/fonts/IBMPlexSans-SemiBold.ttf")),
        (condensed(), include_bytes!("../../../assets/fonts/IBMPlexSansCondensed-Regular.ttf")),
        (condensed_medium(), include_bytes!("../../../assets/fonts/IBMPlexSansCondensed-Medium.ttf")),
        (condensed_semibold(), include_bytes!("../../../assets/fonts/IBMPlexSansCondensed-SemiBold.ttf")),
        (condensed_italic(), include_bytes!("../../../assets/fonts/IBMPlexSansCondensed-Italic.ttf")),
        (arabic(), include_bytes!("../../../assets/fonts/IBMPlexSansArabic-Regular.ttf")),
        (hebrew(), include_bytes!("../../../assets/fonts/IBMPlexSansHebrew-Regular.ttf")),
    ];
    // Names that users give may be in any script that the program has letters for; names of places have a family of their own.
    let local = [hebrew().to_string(), arabic().to_string()];
    for (family, bytes) in faces {
        let name = family.to_string();
        fonts.font_data.insert(name.clone(), Arc::new(FontData::from_static(bytes)));
        let own = std::iter::once(name.clone());
        let list = if local.contains(&name) { own.collect() } else { own.chain(local.iter().cloned()).collect() };
        fonts.families.insert(family, list);
    }
    let condensed = fonts.families.get(&condensed()).cloned().unwrap_or_default();
    fonts.families.insert(FontFamily::Monospace, condensed);
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(c: Color32) -> f64 {
        let line = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { libm::pow((v + 0.055) / 1.055, 2.4) }
        };
        0.2126 * line(c.r()) + 0.7152 * line(c.g()) + 0.0722 * line(c.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_every_ground() {
        for look in [DARK, LIGHT] {
            for ground in [look.sea, look.land, look.party_land, look.panel, look.raised, look.sunk, look.you_ground] {
                for ink in [look.ink, look.ink2, look.ink3, look.you] {
                    assert!(contrast(ink, ground) >= 4.5, "{ink:?} on {ground:?}: {}", contrast(ink, ground));
                }
            }
            for mark in [look.israel, look.united_states, look.iran, look.aligned, look.un, look.other] {
                for ground in [look.sea, look.land, look.party_land] {
                    assert!(contrast(mark, ground) >= 3.0, "{mark:?} on {ground:?}: {}", contrast(mark, ground));
                }
            }
        }
    }

    #[test]
    fn the_ramp_is_monotone_in_lightness() {
        for look in [DARK, LIGHT] {
            let steps: Vec<f64> = (0..=20).map(|i| luminance(look.intensity(i as f32 / 20.0))).collect();
            assert!(steps.windows(2).all(|w| (w[1] > w[0]) == look.dark), "{steps:?}");
        }
    }
}
