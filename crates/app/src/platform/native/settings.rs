//! Settings in a file of the user's, and what the system says of dark windows and of motion.

use super::super::answer::Wish;
use super::home::folder;
use detente_study::tables::folder::replace;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// The longest that the system is waited for.
const PATIENCE: Duration = Duration::from_millis(400);

pub(in super::super) fn read_settings() -> Option<String> {
    std::fs::read_to_string(folder()?.join("settings.json")).ok()
}

pub(in super::super) fn write_settings(text: &str) -> Result<(), String> {
    let no = |why: &str| format!("Settings cannot be kept for the next start ({why}).");
    let folder = folder().ok_or_else(|| no("this account has no folder for data"))?;
    std::fs::create_dir_all(&folder).map_err(|cause| no(&cause.to_string()))?;
    let path = folder.join("settings.json");
    replace(&path, false, |out| out.write_all(text.as_bytes())).map_err(|trouble| no(&trouble.to_string()))
}

/// A question to the system: a program of its own that answers it, and what an answer must hold to mean yes or no.
struct Question {
    program: &'static str,
    arguments: &'static [&'static str],
    yes: &'static [&'static str],
    no: &'static [&'static str],
}

const DARK: &[Question] = if cfg!(target_os = "macos") {
    &[Question {
        program: "defaults",
        arguments: &["read", "-g", "AppleInterfaceStyle"],
        yes: &["Dark"],
        no: &["Light"],
    }]
} else if cfg!(windows) {
    &[Question {
        program: "reg",
        arguments: &[
            "query",
            r"HKCU\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize",
            "/v",
            "AppsUseLightTheme",
        ],
        yes: &["0x0"],
        no: &["0x1"],
    }]
} else {
    &[
        Question {
            program: "gsettings",
            arguments: &["get", "org.gnome.desktop.interface", "color-scheme"],
            yes: &["dark"],
            no: &["light"],
        },
        // Set where `color-scheme` is not: older desktops, and those that only have a theme.
        Question {
            program: "gsettings",
            arguments: &["get", "org.gnome.desktop.interface", "gtk-theme"],
            yes: &["-dark", "-Dark"],
            no: &[],
        },
    ]
};

const STILL: &[Question] = if cfg!(target_os = "macos") {
    &[Question {
        program: "defaults",
        arguments: &["read", "com.apple.universalaccess", "reduceMotion"],
        yes: &["1"],
        no: &["0"],
    }]
} else if cfg!(windows) {
    &[Question {
        program: "reg",
        arguments: &["query", r"HKCU\Control Panel\Desktop\WindowMetrics", "/v", "MinAnimate"],
        yes: &["    0"],
        no: &["    1"],
    }]
} else {
    &[Question {
        program: "gsettings",
        arguments: &["get", "org.gnome.desktop.interface", "enable-animations"],
        yes: &["false"],
        no: &["true"],
    }]
};

pub(in super::super) fn wish() -> Wish {
    let (tell, hear) = channel();
    // A desktop that hangs must not keep the window from opening.
    let asked = std::thread::Builder::new().spawn(move || {
        let answer = |questions: &[Question]| questions.iter().find_map(|question| question.meaning(&question.ask()?));
        // Nobody hears it after the time is over.
        let _ = tell.send(Wish { dark: answer(DARK), reduced_motion: answer(STILL) });
    });
    asked.ok().and_then(|_| hear.recv_timeout(PATIENCE).ok()).unwrap_or_default()
}

impl Question {
    fn ask(&self) -> Option<String> {
        let mut command = Command::new(self.program);
        command.args(self.arguments).stdin(Stdio::null()).stderr(Stdio::null());
        let output = command.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn meaning(&self, answer: &str) -> Option<bool> {
        let says = |words: &[&str]| words.iter().any(|word| answer.contains(word));
        if says(self.yes) {
            return Some(true);
        }
        says(self.no).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_the_system_means_yes_no_or_nothing() {
        let question = Question { program: "none", arguments: &[], yes: &["dark"], no: &["light"] };
        for (answer, meaning) in
            [("'prefer-dark'\n", Some(true)), ("'prefer-light'\n", Some(false)), ("'default'\n", None), ("", None)]
        {
            assert_eq!(question.meaning(answer), meaning, "{answer}");
        }
        assert_eq!(question.ask(), None);
    }
}
