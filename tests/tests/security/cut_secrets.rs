//! Programs of a store that print a part of a secret.

use crate::stores::{GIVE, enroll, with_programs};
use tests::world;

#[test]
fn security_s9_no_piece_of_a_secret_is_shown() {
    let put = r#"text=$(cat)
secret=$(printf '%s' "$text" | sed -n 's/.*"clientSecret": *"\([^"]*\)".*/\1/p')
printf '%s' "$secret" > seen
echo "invalid value '$(printf '%s' "$secret" | cut -c1-40)...'" >&2
echo "it ends with $(printf '%s' "$secret" | cut -c30-)" >&2
echo "and has x$(printf '%s' "$secret" | cut -c20-44)x in it" >&2
exit 1"#;
    let world = with_programs(put, GIVE);
    enroll(&world);
    let run = world.steersman(
        "apply guide --simulate=tenant/t.json --auto-approve --allow-commands --record r.json --events e.jsonl",
    );
    let secret = world.read("seen");
    assert_eq!(secret.len(), 64, "{}", run.shown());
    let run = run.says("invalid value '[secret]...'");
    let files = ["r.json", "e.jsonl", "tenant/t.journal.jsonl"].map(|path| world.read(path));
    let files = files.iter().map(String::as_str);
    for text in files.chain([run.stdout.as_str(), run.stderr.as_str()]) {
        for at in 0..=secret.len() - 12 {
            let piece = &secret[at..at + 12];
            assert!(!text.contains(piece), "{at}: {piece}\n{text}");
        }
    }
    // A plan is as readable as before.
    let plain = world!();
    plain.example("guide");
    let run = plain.steersman("plan guide --simulate").exits(0);
    assert!(!run.stdout.contains("[secret]"), "{}", run.shown());
}
