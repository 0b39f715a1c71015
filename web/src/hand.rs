//! Starts the tests with a hand: `web/hand/hand.mjs`, which moves a real mouse, fingers and keys in real browsers.

use super::{Places, serve};
use std::process::Command;

/// `form` is `both`, or `short`: in Firefox what a hand does most.
pub fn test(places: &Places, form: &str) -> Result<(), String> {
    let folder = places.root.join("web/hand");
    let serving = serve::start(places, 0)?;
    if !folder.join("node_modules").is_dir() {
        run(Command::new("npm").args(["ci", "--silent"]).current_dir(&folder), "npm")?;
    }
    let script = folder.join("hand.mjs");
    let mut command = Command::new("node");
    command.arg(&script).arg(serving.address.port().to_string()).arg(places.pictures()).arg(form);
    run(&mut command, "node")
}

fn run(command: &mut Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|cause| {
        format!("{name} cannot be run ({cause}); install node and npm (on Debian: `apt install nodejs npm`).")
    })?;
    if status.success() { Ok(()) } else { Err("The page fails in the hand; see above.".to_owned()) }
}
