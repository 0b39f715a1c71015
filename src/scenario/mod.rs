//! Scenarios: from a file to a validated description of a world.

pub mod raw;
pub struct Loaded { pub scenario: raw::Scenario, pub name: String, pub hash: String }
pub fn load(name: &str) -> Result<Loaded, String> {
    let text = std::fs::read_to_string(format!("scenarios/{name}.toml")).unwrap();
    Ok(Loaded { scenario: toml::from_str(&text).map_err(|e| e.to_string())?, name: name.to_owned(), hash: "x".into() })
}
pub fn levers_at_start(_: &raw::Scenario) -> crate::symbols::levers::LeverSet { Default::default() }
pub fn lever_log(_: &raw::Scenario) -> Vec<crate::symbols::levers::LeverChange> { vec![] }
pub fn spectral_radius(_: &[f64], _: usize) -> f64 { 0.5 }
