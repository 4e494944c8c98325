//! Texts of files and of a tenant that are longer than a table can count.

use tests::world;

const STATE: &str = "--simulate=t.json";

#[test]
fn security_s7_a_text_of_any_length_fits_into_a_table() {
    let world = world!();
    world.example("guide");
    let first = world.read("guide/steersman.yaml");
    let with = |one: &str, two: &str| {
        let more = format!(
            "\n  - {{id: SA-002, name: audit02, email: two@example.com, purpose: \"{two}\"}}\n"
        );
        let text = first.replace(
            "purpose: Automate monthly audit report",
            &format!("purpose: \"{one}\""),
        );
        world.write("guide/steersman.yaml", text + &more);
    };
    // Of new accounts, of changed ones, and what the tenant has of them.
    let words = "y ".repeat(33_000) + "z";
    let word = "y".repeat(66_000);
    let wide = "漢".repeat(40_000);
    for (one, two) in [
        (words.as_str(), "x"),
        (word.as_str(), wide.as_str()),
        ("x", words.as_str()),
    ] {
        with(one, two);
        for command in ["plan", "status"] {
            let run = world
                .steersman(&format!("{command} guide {STATE}"))
                .exits(0);
            assert!(run.stdout.contains("audit02"), "{command}");
        }
        let run = world.steersman(&format!(
            "plan guide {STATE} --full --out markdown=p.md --out json=p.json"
        ));
        let run = run.exits(0);
        // The columns of a table divide it.
        assert!(run.stdout.contains("JSON"), "{}", run.shown());
        assert!(world.read("p.md").contains("JSON"));
        assert!(world.read("p.json").len() > 66_000);
        let run = world.steersman(&format!("apply guide {STATE} --auto-approve"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        for command in [
            "adopt Service\u{a0}Accounts",
            "simulator person list --state t.json",
        ] {
            let words: Vec<String> = command
                .split(' ')
                .map(|word| word.replace('\u{a0}', " "))
                .collect();
            let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
            if words.first() == Some(&"adopt") {
                words.push(STATE);
            }
            let run = world.steersman_words(&words);
            assert_ne!(run.code, 101, "{command}: {}", run.stderr);
        }
    }
}
