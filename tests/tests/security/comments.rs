//! A plan of many accounts as a comment: what is unlike the rest is not hidden in it.

use std::fmt::Write as _;
use tests::{World, world};

/// 900 accounts that have little in common; of each, how many of these are its levels,
/// and its address.
fn plan(levels: impl Fn(usize) -> String, email: impl Fn(usize) -> String) -> (World, String) {
    let world = world!();
    world.example("guide");
    let first = world.read("guide/steersman.yaml");
    let (settings, _) = first.split_once("serviceAccounts:").unwrap();
    let mut accounts = String::from("serviceAccounts:\n");
    for number in 0..900 {
        let _ = writeln!(
            accounts,
            "  - {{id: SA-{number:04}, name: svc{number:04}, email: \"{}\", purpose: \"Job {number} {}\", userLevels: [{}], issuer: {{store: local, key: \"svc{number:04}/issuer\"}}, tokens: [{{name: t{number}, scopes: [sp:report:read], expires: 90d, deliver: {{store: local, key: \"svc{number:04}/t\"}}}}]}}",
            email(number),
            "y".repeat(100),
            levels(number),
        );
    }
    world.write("guide/steersman.yaml", settings.to_owned() + &accounts);
    let run = world.steersman("plan guide --simulate --out markdown=p.md");
    let said: String = run.stderr.chars().take(2_000).collect();
    assert_eq!(run.code, 0, "{said}");
    let text = world.read("p.md");
    assert!(text.len() <= 65_536, "{}", text.len());
    (world, text.replace("&#95;", "_"))
}

fn usual(number: usize) -> String {
    ["REPORT_ADMIN", "HELPDESK", "CERT_ADMIN"][..=number % 3].join(", ")
}

#[test]
fn security_s8_a_comment_shows_first_who_is_unlike_the_others() {
    let of_its_own =
        |number: usize| format!("svc{number:04}-{}@corp{number}.example.com", "x".repeat(30));
    let admin = |number: usize| {
        if number == 450 {
            "ORG_ADMIN".to_owned()
        } else {
            usual(number)
        }
    };
    // Each has an address of its own, and one of them everything.
    let (_, text) = plan(admin, |number| match number {
        450 => "evil@attacker.example".to_owned(),
        _ => of_its_own(number),
    });
    assert!(text.contains("Cut to fit"));
    let line = text.lines().find(|line| line.contains("SA-0450")).unwrap();
    assert!(
        line.contains("ORG_ADMIN") || text.contains("ORG_ADMIN"),
        "{line}"
    );
    let at = "attacker.example";
    assert!(text.contains(at), "{line}");
    // What does not fit is counted in the first lines.
    let begin: String = text.lines().take(12).collect::<Vec<_>>().join("\n");
    assert!(
        begin.contains("not shown:** ")
            && begin.contains("parts with addresses or stores that few others have")
            && begin.contains("--out html=FILE"),
        "{begin}"
    );
    // Addresses at one domain, and one elsewhere: it is there, and nothing is missing
    // that is unlike the others.
    let (_, text) = plan(usual, |number| match number {
        450 => "evil@attacker.example".to_owned(),
        _ => format!("person{number}@corp.example.com"),
    });
    assert!(text.contains(at));
    assert!(!text.contains("not shown:**"), "{}", &text[..2_000]);
}

/// More than fit: their number is not hidden.
#[test]
fn security_s8_what_does_not_fit_is_counted_in_the_first_lines() {
    let (_world, text) = plan(
        |_| "ORG_ADMIN".to_owned(),
        |number| format!("{number}@corp{number}.example.com"),
    );
    let begin: String = text.lines().take(12).collect::<Vec<_>>().join("\n");
    assert!(
        begin.contains("parts with rights that few others get"),
        "{begin}"
    );
}
