//! `man`: a page for each command.

use tests::world;

#[test]
fn each_command_has_a_page() {
    let world = world!();
    let _ = world.steersman("man man1").exits(0);
    for name in [
        "steersman",
        "steersman-plan",
        "steersman-token-list",
        "steersman-doctor",
    ] {
        let page = world.read(&format!("man1/{name}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
        assert!(
            page.contains(&name.replace('-', "\\-")) || page.contains(name),
            "{name}"
        );
    }
    assert!(world.read("man1/steersman-doctor.1").contains("access"));
    let printed = world.steersman("man").exits(0);
    assert!(
        printed.stdout.contains(".SH SYNOPSIS"),
        "{}",
        printed.shown()
    );
}
