//! A tenant that chooses its access token: it hides no text of a plan.

use crate::server::{is_sign_in, json, start};
use tests::{World, world};

/// A tenant in which the source of the guide is not there, with this access token.
fn with_token(token: &'static str) -> World {
    let mut world = world!();
    world.example("guide");
    world.set(start(move |request, stream| {
        if is_sign_in(request) {
            json(
                stream,
                &format!(r#"{{"access_token":"{token}","expires_in":749}}"#),
            )
        } else {
            json(stream, "[]")
        }
    }));
    world
}

#[test]
fn security_f1_an_access_token_that_is_a_word_of_the_plan_hides_nothing() {
    // Words that are too short for a token, or no token: refused, and redacted nowhere.
    for token in [
        "steersman",
        "REPORT_ADMIN",
        "Service Accounts",
        "levels/SA-001",
        "a",
    ] {
        let world = with_token(token);
        let run = world.steersman("plan guide --out json=p.json");
        assert_ne!(run.code, 0, "{}", run.shown());
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(!said.contains("[secret]"), "{token}\n{said}");
        assert!(!world.path("p.json").exists(), "{token}");
    }
    // One that could be a token, and is a text of the plan: the plan is not shown.
    let world = with_token("token/SA-001/monthly-report");
    let run = world.steersman("plan guide --out json=p.json --save s.json");
    assert_ne!(run.code, 0, "{}", run.shown());
    assert!(!run.stdout.contains("REPORT_ADMIN"), "{}", run.shown());
    for path in ["p.json", "s.json"] {
        assert!(!world.path(path).exists(), "{path}");
    }
}

/// An address that steersman uses elsewhere, and not in this plan: the plan is shown in full,
/// because nothing of it is replaced.
#[test]
fn security_f1_an_access_token_that_is_an_address_of_no_step_hides_nothing() {
    let world = with_token("invitation/SA-001");
    let run = world.steersman("plan guide --out json=p.json").exits(1);
    let document = world.read("p.json");
    assert!(document.contains("levels/SA-001"), "{document}");
    for text in [&run.stdout, &run.stderr, &document] {
        assert!(!text.contains("[secret]"), "{text}");
        assert!(!text.contains("invitation/SA-001"), "{text}");
    }
}
