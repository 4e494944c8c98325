//! The comment for a pull request holds together, whatever is in it.

use crate::case::{Case, redacted};
use crate::many::many;

/// Sees that every fence and tag that is opened is closed, in order.
#[track_caller]
fn assert_whole(markdown: &str, limit: usize) {
    assert!(
        markdown.len() <= limit,
        "{} bytes of {limit}",
        markdown.len()
    );
    let mut fence: Option<&str> = None;
    let mut open = 0_usize;
    for line in markdown.lines() {
        if let Some(marks) = fence {
            if line == marks {
                fence = None;
            }
        } else if let Some(marks) = line
            .strip_suffix("diff")
            .filter(|marks| marks.starts_with("```"))
        {
            fence = Some(marks);
        } else {
            open += line.matches("<details").count();
            open = open
                .checked_sub(line.matches("</details>").count())
                .unwrap();
            for tag in ["summary", "code", "b", "sub"] {
                assert_eq!(
                    line.matches(&format!("<{tag}>")).count(),
                    line.matches(&format!("</{tag}>")).count(),
                    "{line}"
                );
            }
        }
    }
    assert_eq!((fence, open), (None, 0), "{markdown}");
    assert!(markdown.starts_with("<!-- steersman:plan tenant=http://127.0.0.1:"));
    assert!(markdown.ends_with("</sub>\n"));
}

#[test]
fn it_is_cut_to_any_size_and_stays_whole() {
    let case = many(120);
    let _ = case.world.steersman("apply guide --auto-approve").exits(0);
    // An email address that changes is always shown by itself.
    let mut text = case.world.read("guide/steersman.yaml");
    for index in 0..120 {
        let email = format!("team{index}@example.com");
        text = text.replacen("robots@example.com", &email, 1);
    }
    case.world.write("guide/steersman.yaml", text);
    for limit in [2048, 2500, 4096, 7000, 9000, 16384, 65536] {
        let run = case
            .world
            .steersman(&format!(
                "plan guide --out markdown=- --markdown-limit {limit}"
            ))
            .exits(0);
        assert_whole(&run.stdout, limit);
        let cut = run.stdout.contains("Cut to fit.");
        assert_eq!(cut, limit < 20000, "{limit}\n{}", run.stdout);
        if limit == 4096 {
            insta::assert_snapshot!(redacted(&run, &run.stdout));
        }
    }
}

#[test]
fn nothing_in_a_name_breaks_out() {
    let case = Case::new("guide");
    case.world.replace(
        "guide/steersman.yaml",
        "purpose: Automate monthly audit report",
        r#"purpose: "``` </details><script>alert(1)</script> @team #1 \u202e [x](y) <!-- -->""#,
    );
    case.world.replace(
        "guide/steersman.yaml",
        "- name: Service Accounts",
        r"- name: 'A `b` </summary> <img src=x> @all | $x$'",
    );
    let outputs = case.plan("", 0);
    assert_whole(&outputs.markdown, 65536);
    insta::assert_snapshot!("breaking_out.markdown", outputs.redacted(&outputs.markdown));
    for format in [&outputs.html, &outputs.text] {
        assert!(!format.contains('\u{202e}'));
    }
    assert!(!outputs.html.contains("<script>alert"));
    assert!(!outputs.html.contains("<img"));
    assert_eq!(outputs.html.matches("<script>").count(), 1);
    assert_eq!(
        outputs.html.matches("</details>").count(),
        outputs.html.matches("<details").count()
    );
}
