//! The order of the files does not matter.

use spec::{Options, SourceFile};

fn team() -> Vec<SourceFile> {
    [
        (
            "steersman",
            include_bytes!("../../../examples/team/steersman.yaml").to_vec(),
        ),
        (
            "governance",
            include_bytes!("../../../examples/team/governance.yaml").to_vec(),
        ),
        (
            "operations",
            include_bytes!("../../../examples/team/operations.yaml").to_vec(),
        ),
        (
            "people",
            include_bytes!("../../../examples/team/people.yaml").to_vec(),
        ),
    ]
    .map(|(name, bytes)| SourceFile {
        path: format!("{name}.yaml").into(),
        bytes,
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
