//! Files that pipelines keep between their runs: records.

use crate::bounds::{measured, took_little};

/// A record is an artefact: whoever can write the CI's files can forge one.
#[test]
fn security_s3_a_forged_record_takes_little() {
    let world = measured();
    world.example("guide");
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve --record r.json")
        .exits(0);
    let honest = world.read("r.json");
    let many = vec!["\"\""; 21_000_000].join(",");
    let forged = honest.replacen("\"steps\":", &format!("\"notices\":[{many}],\"steps\":"), 1);
    assert!(forged.len() > 60_000_000, "{}", forged.len());
    world.write("r.json", &forged);
    for words in [
        "show r.json",
        "apply guide --simulate=t.json --auto-approve --record r.json",
    ] {
        let run = world.steersman(words);
        took_little(&world, &run);
        assert!(
            run.code != 0 && run.stderr.contains("more than 2500000 values"),
            "{words}: {}",
            run.shown()
        );
    }
}
