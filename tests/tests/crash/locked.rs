//! One run at a time writes the journal and the stores of a folder.

use crate::setting::{APPLY, LOCK, Setting};

#[test]
fn a_second_run_says_which_one_holds_the_folder_and_changes_nothing() {
    let setting = Setting::enrolled();
    let first = setting.apply_with_pause("createPersonalAccessTokenV1", 4000);
    for words in [APPLY, "enroll SA-001 guide --client-id x"] {
        let second = setting.world.steersman(words).exits(1);
        for text in [
            format!("another run writes here: process {} on ", first.id()),
            format!("(lock `{LOCK}`)"),
            format!(
                "nothing was changed; wait until that run has ended, then run the command again; if it hangs, `kill {}`",
                first.id()
            ),
        ] {
            assert!(
                one_line(&second.stderr).contains(&text),
                "{text}: {}",
                second.shown()
            );
        }
    }
    // Reading needs no lock.
    let _ = setting.world.steersman("plan guide").exits(0);
    let output = first.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    setting.faults([]);
    setting.is_settled();
    assert_eq!(setting.world.read(LOCK), "");
}

#[test]
fn the_lock_of_a_killed_run_is_free() {
    let setting = Setting::enrolled();
    setting.kill_during("createPersonalAccessTokenV1");
    let left = setting.world.read(LOCK);
    assert!(left.contains("\"process\":"), "{left}");
    let _ = setting.converges();
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link_is_not_followed() {
    let setting = Setting::new();
    setting.world.write(".steersman/note", "");
    std::os::unix::fs::symlink("../elsewhere", setting.world.path(LOCK)).unwrap();
    let run = setting.apply().exits(4);
    assert!(
        run.stderr.contains("does not write through links"),
        "{}",
        run.shown()
    );
    assert!(!setting.world.path("elsewhere").exists());
    assert_eq!(setting.tenant.count("createSourceV1"), 0);
}

#[test]
fn a_folder_without_room_for_a_lock_is_told() {
    let setting = Setting::new();
    setting.world.write(".steersman", "a file");
    let run = setting.apply().exits(1);
    let stderr = one_line(&run.stderr);
    for text in [
        format!("cannot lock `{LOCK}` against other runs: "),
        "--journal FILE".to_owned(),
    ] {
        assert!(stderr.contains(&text), "{text}: {}", run.shown());
    }
    assert_eq!(setting.tenant.count("createSourceV1"), 0);
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
