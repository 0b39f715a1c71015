//! What the page may do, told to the browser: nothing but its own scripts, which are named by their digests.

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

/// The place of the policy in the page.
pub const PLACE: &str = "{{policy}}";

/// The page with its policy written in. To be done last: it names every script and style by its digest.
pub fn written_in(page: &str) -> String {
    page.replace(PLACE, &policy(page))
}

/// The policy of a page that has one.
pub fn of(page: &str) -> Option<&str> {
    page.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?.1.split('"').next()
}

fn policy(page: &str) -> String {
    let (scripts, styles) = (digests(page, "script"), digests(page, "style"));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src {styles}; img-src data: blob:; \
         connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
    )
}

/// Digests of all that stands between these tags.
fn digests(page: &str, tag: &str) -> String {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let parts = page.split(open.as_str()).skip(1).filter_map(|part| part.split_once('>'));
    let contents = parts.filter_map(|(_, rest)| rest.split(close.as_str()).next());
    let digest = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
    contents.map(|text| format!("'sha256-{}'", digest(text))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_and_style_is_named_by_its_digest() {
        let page = "<meta http-equiv=\"Content-Security-Policy\" content=\"{{policy}}\"><style>a</style><script>alert(1)</script>\
                    <script type=\"module\">2</script>";
        let page = written_in(page);
        let policy = of(&page).unwrap();
        // `printf 'alert(1)' | openssl dgst -sha256 -binary | base64`
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 3, "{policy}");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe-inline"));
    }
}
