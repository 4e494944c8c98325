//! The order of the files does not matter.

use spec::{Options, SourceFile};

fn team() -> Vec<SourceFile> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/team");
    ["steersman", "governance", "operations", "people"]
        .map(|name| SourceFile {
            path: format!("{name}.yaml").into(),
            bytes: std::fs::read(format!("{folder}/{name}.yaml")).unwrap(),
        })
        .into()
}

#[test]
fn shuffled_files_are_the_same_spec() {
    let digest = |files| {
        spec::load(files, &Options::default())
            .spec
            .unwrap()
            .digest()
    };
    let first = digest(team());
    for turn in 1..4 {
        let mut files = team();
        files.rotate_left(turn);
        assert_eq!(digest(files), first);
        let mut files = team();
        files.rotate_left(turn);
        files.reverse();
        assert_eq!(digest(files), first);
    }
}
