//! The pages: plain HTML and script, built into the program.

use crate::api::{Shared, Visitor, plain};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use qrcode::QrCode;
use qrcode::render::{svg, unicode};
use std::sync::Arc;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Every page and what it needs: path, kind, text.
pub const FILES: &[(&str, &str, &str)] = &[
    ("/", HTML, include_str!("../pages/seat.html")),
    ("/seat.js", SCRIPT, include_str!("../pages/seat.js")),
    ("/words.js", SCRIPT, include_str!("../pages/words.js")),
    ("/room.js", SCRIPT, include_str!("../pages/room.js")),
    ("/style.css", STYLE, include_str!("../pages/style.css")),
    ("/host", HTML, include_str!("../pages/host.html")),
    ("/host.js", SCRIPT, include_str!("../pages/host.js")),
    ("/wall", HTML, include_str!("../pages/wall.html")),
    ("/wall.js", SCRIPT, include_str!("../pages/wall.js")),
    ("/check", HTML, include_str!("../pages/check.html")),
    ("/check.js", SCRIPT, include_str!("../pages/check.js")),
];

/// The routes of the pages.
pub fn routes() -> Router<Arc<Shared>> {
    let pages = FILES.iter().fold(Router::new(), |router, &(path, kind, text)| {
        router.route(path, get(move |_: Visitor| async move { plain(kind, text) }))
    });
    // Browsers ask for one, whatever a page says.
    pages.route("/qr.svg", get(qr)).route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
}

async fn qr(State(shared): State<Arc<Shared>>, _: Visitor) -> Response {
    let drawn = || {
        let code = QrCode::new(shared.place.address.as_bytes());
        code.map(|code| code.render::<svg::Color<'_>>().min_dimensions(240, 240).build()).unwrap_or_default()
    };
    plain("image/svg+xml", shared.picture.get_or_init(drawn).clone())
}

/// The address as a picture for a terminal; empty where it is too long for one.
#[must_use]
pub fn picture(address: &str) -> String {
    let code = QrCode::new(address.as_bytes());
    code.map(|code| code.render::<unicode::Dense1x2>().build()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The catalogue: each line in English, French and Arabic.
    fn words() -> BTreeMap<String, [String; 3]> {
        let text = file("/words.js");
        let from = text.find("const WORDS = ").unwrap() + "const WORDS = ".len();
        let lines = &text[from..from + text[from..].find("\n};").unwrap() + 2];
        let words: BTreeMap<_, _> = serde_json::from_str(lines).unwrap();
        assert_eq!(words.len(), lines.lines().count() - 2, "a line stands there twice");
        words
    }

    fn file(path: &str) -> &'static str {
        FILES.iter().find(|(p, ..)| *p == path).unwrap().2
    }

    /// What stands between two marks, all of it.
    fn between<'a>(text: &'a str, open: &str, close: char) -> impl Iterator<Item = &'a str> {
        text.split(open).skip(1).filter_map(move |rest| rest.split(close).next())
    }

    #[test]
    fn every_line_is_said_in_every_language_with_the_same_parts() {
        let parts = |text: &str| (0..10).filter(|n| text.contains(&format!("{{{n}}}"))).collect::<Vec<_>>();
        for (line, said) in words() {
            let by_the_room = line.starts_with("refused.") || line == "english";
            assert_eq!(said[0].is_empty(), by_the_room, "{line}");
            assert!(!said[1].is_empty() && !said[2].is_empty(), "{line}");
            let model = if by_the_room { &said[1] } else { &said[0] };
            for text in said.iter().filter(|text| !text.is_empty()) {
                assert_eq!(parts(text), parts(model), "{line}");
                assert!(text.trim() == text, "{line}");
            }
            assert!(said[2].contains(|c| ('\u{600}'..='\u{6ff}').contains(&c)), "{line} is no Arabic");
        }
    }

    #[test]
    fn every_line_that_a_page_says_is_there_and_none_is_there_in_vain() {
        let words = words();
        let mut said = BTreeSet::new();
        for (path, _, text) in FILES.iter().filter(|(path, ..)| *path != "/words.js") {
            // What else ends with a t and takes words takes names of tags and attributes, without a dot.
            let lines = between(text, "t(\"", '"').filter(|line| line.contains('.') || words.contains_key(*line));
            let marked = between(text, "data-t=\"", '"').chain(between(text, "data-label=\"", '"'));
            for line in lines.chain(marked) {
                // The beginning of a line whose end is put to it, or a line.
                let known =
                    words.contains_key(line) || (line.ends_with('.') && words.keys().any(|key| key.starts_with(line)));
                assert!(known, "{path}: {line}");
            }
            // Wherever it stands: as a line, or as the beginning of some.
            for key in words.keys() {
                let head = key.split_inclusive('.').next().unwrap();
                if text.contains(&format!("\"{key}\"")) || (head != key && text.contains(&format!("\"{head}\" +"))) {
                    said.insert(key.clone());
                }
            }
        }
        let vain: Vec<&String> = words.keys().filter(|key| !said.contains(*key)).collect();
        assert!(vain.is_empty(), "{vain:?}");
        for question in crate::predict::QUESTIONS {
            assert_eq!(words[&format!("predict.{}", question.id)][0], question.text);
        }
    }

    /// What a phone loads before a seat can be taken, and no more than that.
    #[test]
    fn a_seat_is_small_and_has_no_script_in_its_page() {
        let size = |path: &str| file(path).len();
        let seat: usize = ["/", "/seat.js", "/words.js", "/room.js", "/style.css"].into_iter().map(size).sum();
        assert!(seat <= 60 << 10, "{seat} bytes");
        for (path, kind, text) in FILES.iter().filter(|(_, kind, _)| *kind == HTML) {
            assert!(
                !text.contains("<script>") && !text.contains("style=\"") && !text.contains("onclick"),
                "{path} {kind}"
            );
            assert!(text.contains("lang=\"en\"") && text.contains("name=\"viewport\""), "{path}");
        }
        // Text of others is put in as text, never as markup.
        for (path, _, text) in FILES {
            assert!(
                !text.contains("innerHTML") && !text.contains("insertAdjacentHTML") && !text.contains("eval("),
                "{path}"
            );
        }
    }
}
