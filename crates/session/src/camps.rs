//! Camps of somebody's own that stand in a session beside those that ship: how many, which names, and what of a file is shown.

use super::names::{clean_name, quoted};
use detente_model::camps::{Camp, LONGEST_REASON, MOST_SETTINGS, camp};

/// Most camps of a session that are somebody's own.
pub const MOST_OWN: usize = 4;
/// Longest line that says what one holds, characters.
const LONGEST_TITLE: usize = 120;
/// Longest description, characters.
const LONGEST_DESCRIPTION: usize = 2_000;
/// Longest id of a parameter, characters.
const LONGEST_ID: usize = 120;

/// A camp with every word fit to be shown: bounded, on one line, without characters that are not seen.
#[must_use]
pub fn cleaned(camp: Camp) -> Camp {
    let set = |mut set: detente_model::camps::Setting| {
        set.id = quoted(&set.id, LONGEST_ID);
        set.source = quoted(&set.source, LONGEST_REASON);
        set
    };
    Camp {
        question: None,
        name: clean_name(&camp.name),
        title: quoted(&camp.title, LONGEST_TITLE),
        description: quoted(&camp.description, LONGEST_DESCRIPTION),
        sets: camp.sets.into_iter().map(set).collect(),
    }
}

/// Adds a camp to those that there are.
///
/// # Errors
/// One sentence, where there are enough, or one of that name.
pub fn add(all: &mut Vec<Camp>, new: Camp) -> Result<(), String> {
    let new = cleaned(new);
    if all.len() >= MOST_OWN {
        return Err(format!("A session has at most {MOST_OWN} camps of its own; take one away first."));
    }
    if is_taken(&new.name, all) {
        return Err(format!("There is a camp “{}” already; give yours a name of its own.", new.name));
    }
    all.push(new);
    Ok(())
}

/// Whether a name is that of a camp that ships, or of one of these.
fn is_taken(name: &str, all: &[Camp]) -> bool {
    camp(name).is_some() || all.iter().any(|other| other.name == name)
}

/// What is wrong with camps that came from a file, if anything is. Whether a scenario has their parameters, and admits the values, is
/// seen when they are laid over it.
pub(super) fn fault(all: &[Camp]) -> Option<&'static str> {
    if all.len() > MOST_OWN {
        return Some("it has too many camps");
    }
    let odd = |(i, own): (usize, &Camp)| {
        let numbers = (1..=MOST_SETTINGS).contains(&own.sets.len());
        let said = own.sets.iter().all(|set| set.value.is_finite() && !set.source.is_empty());
        !numbers || !said || own.title.is_empty() || is_taken(&own.name, &all[..i])
    };
    all.iter().enumerate().any(odd).then_some("a camp in it sets nothing, gives no reason, or has another's name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sitting;
    use crate::file::Saved;

    fn own(name: &str) -> Camp {
        let text = format!(
            "format = 1\nextends = \"november-2024\"\nname = \"{name}\"\ntitle = \"Mine\"\ndescription = \"So it\\nis.\"\n\
             [parameters]\n# Heard in a lecture.\nbeta_rho = 0.9\n"
        );
        Camp::from_text("mine.toml", &text).unwrap()
    }

    #[test]
    fn a_session_keeps_its_camps_in_file_and_link() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
        assert!(s.is_untouched());
        s.add_camp(own("mine")).unwrap();
        assert!(!s.is_untouched() && s.camps()[0].description == "So it is.");
        let saved = Saved::of(&s);
        for read in [Saved::from_text(&saved.to_text()).unwrap(), Saved::from_link(&saved.to_link()).unwrap()] {
            let opened = read.open().unwrap();
            assert_eq!(opened.camps(), s.camps());
            assert!(read.remarks().is_empty());
        }
        s.drop_camp("mine");
        assert!(
            s.camps().is_empty() && !Saved::of(&s).to_text().contains("camps"),
            "files without camps are as before"
        );
    }

    #[test]
    fn there_are_few_of_them_and_each_has_a_name_of_its_own() {
        let mut all = Vec::new();
        assert!(add(&mut all, own("spiral")).unwrap_err().contains("“spiral” already"));
        for name in ["a", "b", "c", "d"] {
            add(&mut all, own(name)).unwrap();
        }
        assert!(add(&mut all, own("e")).unwrap_err().contains("at most 4"));
        all.pop();
        assert!(add(&mut all, own("a")).unwrap_err().contains("“a” already"));
    }

    /// What a file says is bounded, cleaned and remarked on, or refused in a sentence.
    #[test]
    fn what_a_stranger_s_file_holds_is_cleaned_or_refused() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 1);
        s.add_camp(own("mine")).unwrap();
        let saved = Saved::of(&s);
        let mut odd = saved.clone();
        odd.camps[0].title = format!("a\u{202E}b\n{}", "x".repeat(3_000));
        odd.camps[0].sets[0].source = "y".repeat(5_000);
        let read = Saved::from_text(&odd.to_text()).unwrap();
        assert_eq!((read.camps[0].title.chars().count(), read.camps[0].sets[0].source.chars().count()), (120, 600));
        assert!(read.remarks().iter().any(|remark| remark.contains("shortened")), "{:?}", read.remarks());
        assert_eq!(Saved::from_text(&read.to_text()).unwrap().camps, read.camps, "cleaned twice is cleaned once");
        let spoil: [fn(&mut Saved); 5] = [
            |saved| saved.camps = vec![saved.camps[0].clone(); 5],
            |saved| saved.camps = vec![saved.camps[0].clone(); 2],
            |saved| saved.camps[0].sets.clear(),
            |saved| saved.camps[0].sets[0].source.clear(),
            |saved| saved.camps[0].name = "spiral".to_owned(),
        ];
        for spoil in spoil {
            let mut spoilt = saved.clone();
            spoil(&mut spoilt);
            let why = Saved::from_text(&spoilt.to_text()).unwrap().open().err().unwrap();
            assert!(why.starts_with("This session file is damaged: ") && why.contains("camp"), "{why}");
        }
    }
}
