//! The plan on a terminal that is narrow.

use crate::case::{Case, redacted};

#[test]
fn it_fits_the_width() {
    let mut case = Case::applied("team");
    case.world.set([("COLUMNS".to_owned(), "60".to_owned())]);
    for (old, new) in [
        (
            "Import the nightly file of the HR system",
            "Import the hourly file of the HR system",
        ),
        (
            "Tell the HR team how the nightly import ended",
            "Report failed imports",
        ),
    ] {
        case.world.replace("team/people.yaml", old, new);
    }
    let run = case.world.steersman("plan team").exits(0);
    for line in run.stdout.lines() {
        // A command is not broken: it is to be copied.
        let commands = line.trim_start().starts_with("run:") || line.contains('`');
        assert!(line.chars().count() <= 60 || commands, "{line}");
    }
    insta::assert_snapshot!(redacted(&run, &run.stdout));
}
