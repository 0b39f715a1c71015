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

    /// What a phone loads before a seat can be taken, and no more than that.
    #[test]
    fn a_seat_is_small_and_has_no_script_in_its_page() {
        let size = |path: &str| FILES.iter().find(|(p, ..)| *p == path).unwrap().2.len();
        let seat: usize = ["/", "/seat.js", "/room.js", "/style.css"].into_iter().map(size).sum();
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
