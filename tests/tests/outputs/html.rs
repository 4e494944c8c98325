//! The page stands alone.

use crate::case::Case;

#[test]
fn the_page_needs_no_network_and_may_not_use_it() {
    let outputs = Case::new("guide").plan("", 0);
    let html = &outputs.html;
    for foreign in ["src=", "href=", "@import", "url(", "<link", "<iframe"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    // The browser lets nothing run or load but what these digests name.
    let policy = html
        .lines()
        .find(|line| line.contains("Content-Security-Policy"))
        .unwrap();
    assert!(policy.contains("default-src &#39;none&#39;"), "{policy}");
    assert!(policy.contains("script-src &#39;sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for handler in [" onclick", " onload", " style=\""] {
        assert!(!html.contains(handler), "{handler}");
    }
}
