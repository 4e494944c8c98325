//! Tests of the journal file.

use super::history::History;
use super::{Conclusion, Journal, JournalError, MintIntent, RaiseIntent};
use camino::{Utf8Path, Utf8PathBuf};
use model::{Address, Digest, StoreKey};
use std::error::Error;
use tempfile::TempDir;

const TENANT: &str = "https://acme.api.identitynow.com";

fn place() -> (TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/journal.jsonl");
    (folder, path.try_into().unwrap())
}

fn open(path: &Utf8Path) -> Journal {
    Journal::open(path, TENANT).unwrap()
}

fn mint(token: &str) -> (Address, MintIntent) {
    let address = Address::Token("SA-001".into(), token.into());
    let intent = MintIntent {
        owner: "2c91".into(),
        token: token.into(),
        deliver: StoreKey {
            store: "local".into(),
            key: format!("audit01/{token}"),
        },
        target: None,
        since: Some("2026-11-24T20:00:00Z".parse().unwrap()),
        declared: None,
    };
    (address, intent)
}

fn lines(path: &Utf8Path) -> Vec<serde_json::Value> {
    let text = fs_err::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_used_plan_is_known_to_every_later_run() {
    let (_folder, path) = place();
    let journal = open(&path);
    assert_eq!(journal.plan_used_at("a"), None);
    journal.use_plan("a").unwrap();
    let when = journal.plan_used_at("a");
    assert!(when.is_some());
    drop(journal);
    assert!(lines(&path).iter().any(|line| line["plan"] == "a"));

    let journal = open(&path);
    assert!(journal.plan_used_at("a").is_some());
    assert_eq!(journal.plan_used_at("b"), None);
    // It is no intent, so nothing is left to be concluded.
    assert!(journal.unfinished().is_empty());

    let nowhere = Journal::disabled();
    nowhere.use_plan("a").unwrap();
    assert_eq!(nowhere.plan_used_at("a"), None);
}

#[test]
fn intents_without_a_conclusion_are_left_to_the_next_run() {
    let (_folder, path) = place();
    let intents = ["first", "second", "third", "fourth"].map(mint);
    let journal = open(&path);
    assert!(journal.unfinished().is_empty());
    for (address, intent) in &intents {
        journal.intend(address, intent.clone()).unwrap();
    }
    // What this run does is not what an earlier one left.
    assert!(journal.unfinished().is_empty());
    drop(journal);

    let journal = open(&path);
    let unfinished = journal.unfinished();
    let left: Vec<_> = unfinished
        .iter()
        .map(|left| (left.address.clone(), left.intent.clone()))
        .collect();
    assert_eq!(left, intents);

    let results = [
        Conclusion::Done,
        Conclusion::Failed("why".to_owned()),
        Conclusion::Superseded,
    ];
    for (left, result) in unfinished.iter().zip(&results) {
        journal.conclude(left.id.clone(), result).unwrap();
    }
    assert_eq!(journal.unfinished(), unfinished[3..]);
    drop(journal);
    assert_eq!(open(&path).unfinished(), unfinished[3..]);
}

#[test]
fn kinds_that_earlier_versions_wrote_are_skipped() {
    let (_folder, path) = place();
    let journal = open(&path);
    let (address, first) = mint("first");
    journal.intend(&address, first.clone()).unwrap();
    drop(journal);
    let kinds = [
        r#""address":"source/S","kind":"createSource","name":"S""#,
        r#""address":"account/SA-001","kind":"import","source":"S""#,
        r#""address":"profile/S","kind":"createProfile","name":"P""#,
        r#""address":"invitation/SA-001","kind":"invite","identity":"2c91""#,
        r#""address":"token/SA-001/old","kind":"revoke","token":"2f9c""#,
    ];
    let time = r#"{"time":"2026-11-24T20:00:00Z","run":"earlier""#;
    let intended = |(number, kind): (usize, &&str)| {
        format!(r#"{time},"event":"intended","id":"earlier#{number}",{kind}}}"#)
    };
    let concluded = format!(r#"{time},"event":"concluded","id":"earlier#0","result":"done"}}"#);
    let mut text = fs_err::read_to_string(&path).unwrap();
    for line in kinds.iter().enumerate().map(intended).chain([concluded]) {
        text.push_str(&line);
        text.push('\n');
    }
    fs_err::write(&path, &text).unwrap();
    let left: Vec<_> = open(&path)
        .unfinished()
        .into_iter()
        .map(|left| left.intent)
        .collect();
    assert_eq!(left, [first]);
    assert_eq!(
        Journal::peek(&path, TENANT).unwrap().unfinished.len(),
        1,
        "a reader skips them, too"
    );

    // A kind that no version wrote is damage.
    let unknown = text.replace("createSource", "danced");
    fs_err::write(&path, unknown).unwrap();
    let error = Journal::open(&path, TENANT).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }), "{error:?}");
}

#[test]
fn the_lines_are_as_documented() {
    let (_folder, path) = place();
    let journal = open(&path);
    assert!(
        lines(&path).is_empty(),
        "a run that does nothing writes nothing"
    );
    let (address, intent) = mint("monthly-report");
    let id = journal.intend(&address, intent).unwrap();
    journal
        .conclude(
            id.clone(),
            &Conclusion::Failed("the store is full".to_owned()),
        )
        .unwrap();

    let mut lines = lines(&path);
    let run = lines[0]["run"].clone();
    for line in &mut lines {
        let line = line.as_object_mut().unwrap();
        let time = line.remove("time").unwrap();
        time.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert_eq!(line.remove("run").unwrap(), run);
    }
    let id = id.to_string();
    assert_eq!(
        lines,
        [
            serde_json::json!({"event": "began", "format": 5, "version": env!("CARGO_PKG_VERSION")}),
            serde_json::json!({
                "event": "intended",
                "id": id,
                "address": "token/SA-001/monthly-report",
                "kind": "mint",
                "tenant": TENANT,
                "owner": "2c91",
                "token": "monthly-report",
                "deliver": {"store": "local", "key": "audit01/monthly-report"},
                "since": "2026-11-24T20:00:00Z",
            }),
            serde_json::json!({
                "event": "concluded",
                "id": id,
                "result": "failed",
                "error": "the store is full",
            }),
        ]
    );
}

/// A crash may cut the file anywhere. What was concluded by then stays so, and
/// the journal can be used.
#[test]
fn a_file_that_ends_anywhere_is_read_and_written_on() {
    let (_folder, path) = place();
    let journal = open(&path);
    let (address, first) = mint("first");
    let id = journal.intend(&address, first.clone()).unwrap();
    let intended = fs_err::read(&path).unwrap().len();
    journal.conclude(id, &Conclusion::Done).unwrap();
    drop(journal);
    let text = fs_err::read(&path).unwrap();

    let left_at = |length: usize| {
        // The line break at the end is no part of what a line tells.
        let is_intended = length + 1 >= intended;
        let is_concluded = length + 1 >= text.len();
        (is_intended && !is_concluded).then(|| first.clone())
    };
    for length in 0..=text.len() {
        let history = History::read(&path, &text[..length], TENANT).unwrap();
        let left = history.unfinished.into_iter().map(|left| left.intent);
        assert!(left.eq(left_at(length)), "cut at {length}");
    }
    let ends = [
        0,
        1,
        intended - 2,
        intended - 1,
        intended,
        intended + 1,
        text.len() - 1,
    ];
    for length in ends {
        fs_err::write(&path, &text[..length]).unwrap();
        let (address, second) = mint("second");
        open(&path).intend(&address, second.clone()).unwrap();
        let left = open(&path).unfinished();
        let left = left.into_iter().map(|left| left.intent);
        assert!(
            left.eq(left_at(length).into_iter().chain([second])),
            "cut at {length}"
        );
        lines(&path);
    }
}

#[test]
fn other_damage_is_told_with_its_line() {
    let (_folder, path) = place();
    let journal = open(&path);
    for token in ["first", "second"] {
        let (address, intent) = mint(token);
        journal.intend(&address, intent).unwrap();
    }
    drop(journal);
    let text = fs_err::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let damage = [
        (2, &lines[1][..30]),
        (2, "\0\0\0"),
        (2, "{}"),
        (
            3,
            r#"{"time":"2026-11-24T20:00:00Z","run":"x","event":"danced"}"#,
        ),
        (
            3,
            r#"{"time":"yesterday","run":"x","event":"began","format":1,"version":"1"}"#,
        ),
    ];
    for (number, line) in damage {
        let mut damaged = lines.clone();
        damaged[number - 1] = line;
        let damaged = damaged.join("\n") + "\n";
        fs_err::write(&path, &damaged).unwrap();
        match Journal::open(&path, TENANT).unwrap_err() {
            JournalError::Damaged { line, .. } => assert_eq!(line, number),
            other => panic!("{other:?}"),
        }
        assert_eq!(
            fs_err::read_to_string(&path).unwrap(),
            damaged,
            "it was written to"
        );
    }
    let newer =
        r#"{"time":"2026-11-24T20:00:00Z","run":"x","event":"began","format":6,"version":"9"}"#;
    fs_err::write(&path, format!("{newer}\nwhatever\n")).unwrap();
    let error = Journal::open(&path, TENANT).unwrap_err();
    assert!(
        matches!(
            error,
            JournalError::Newer {
                line: 1,
                format: 6,
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn two_runs_do_not_share_a_journal() {
    let (_folder, path) = place();
    let journal = open(&path);
    let error = Journal::open(&path, TENANT).unwrap_err();
    assert!(matches!(error, JournalError::InUse { .. }), "{error:?}");
    assert!(error.to_string().contains(path.as_str()));
    assert!(error.source().is_none());
    drop(journal);
    open(&path);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = place();
    let mode = |path: &Utf8Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
    open(&path);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);

    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    open(&path);
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_journal_that_cannot_be_is_an_error() {
    let (folder, path) = place();
    fs_err::write(folder.path().join("state"), "").unwrap();
    let error = Journal::open(&path, TENANT).unwrap_err();
    assert!(matches!(error, JournalError::Open { .. }), "{error:?}");
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let error = Journal::open(folder, TENANT).unwrap_err();
    assert!(matches!(error, JournalError::NotAFile { .. }), "{error:?}");
}

#[test]
fn a_disabled_journal_keeps_nothing() {
    let journal = Journal::disabled();
    let (address, intent) = mint("first");
    let id = journal.intend(&address, intent).unwrap();
    journal.conclude(id, &Conclusion::Done).unwrap();
    assert!(journal.unfinished().is_empty());
}

#[test]
fn apply_05_the_intents_of_another_tenant_are_left_alone() {
    let (_folder, path) = place();
    let (address, intent) = mint("report");
    let other = Journal::open(&path, "https://other.api.identitynow.com").unwrap();
    other.intend(&address, intent.clone()).unwrap();
    drop(other);
    let journal = open(&path);
    assert_eq!(journal.unfinished(), []);
    journal.intend(&address, intent).unwrap();
    drop(journal);
    assert_eq!(open(&path).unfinished().len(), 1);
    assert_eq!(
        Journal::peek(&path, "https://other.api.identitynow.com")
            .unwrap()
            .unfinished
            .len(),
        1
    );
}

#[test]
fn security_m1_intents_without_a_tenant_are_told_and_left_alone() {
    let (_folder, path) = place();
    let line = r#"{"time":"2026-11-24T20:00:00Z","run":"x","event":"intended","id":"x#1","address":"token/SA-001/report","kind":"mint","owner":"2c91","token":"report","deliver":{"store":"local","key":"audit01/report"}}"#;
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(&path, format!("{line}\n")).unwrap();
    let journal = open(&path);
    assert_eq!(journal.unfinished(), []);
    let [notice] = journal.notices().try_into().unwrap();
    assert!(notice.contains("1 unfinished token creations"), "{notice}");
}

#[test]
fn security_m1_a_cut_last_line_is_told() {
    let (_folder, path) = place();
    let (address, intent) = mint("report");
    open(&path).intend(&address, intent).unwrap();
    assert!(open(&path).notices().is_empty());
    let text = fs_err::read(&path).unwrap();
    fs_err::write(&path, &text[..text.len() - 9]).unwrap();
    let told = |notices: Vec<String>| {
        let [notice] = notices.try_into().unwrap();
        assert!(notice.contains("incomplete line"), "{notice}");
    };
    told(Journal::peek(&path, TENANT).unwrap().notices);
    told(open(&path).notices());
}

#[cfg(unix)]
#[test]
fn security_low_a_journal_is_not_written_through_a_link() {
    let (folder, path) = place();
    let target = folder.path().join("target");
    fs_err::write(&target, "").unwrap();
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::os::unix::fs::symlink(&target, &path).unwrap();
    for error in [
        Journal::open(&path, TENANT).unwrap_err(),
        Journal::peek(&path, TENANT).unwrap_err(),
    ] {
        assert!(matches!(error, JournalError::NotAFile { .. }), "{error:?}");
    }
    assert_eq!(fs_err::read(&target).unwrap(), b"");
}

#[test]
fn planner_17_where_a_token_was_delivered_is_known_to_every_later_run() {
    let (_folder, path) = place();
    let journal = open(&path);
    let (done, mut intent) = mint("done");
    for key in ["first", "second"] {
        key.clone_into(&mut intent.deliver.key);
        let id = journal.intend(&done, intent.clone()).unwrap();
        journal.conclude_created(id, "2f9c".into()).unwrap();
    }
    let (failed, other) = mint("failed");
    let id = journal.intend(&failed, other).unwrap();
    let why = Conclusion::Failed("full".to_owned());
    journal.conclude(id, &why).unwrap();
    let (open_still, other) = mint("open");
    journal.intend(&open_still, other).unwrap();
    drop(journal);
    let earlier = Journal::peek(&path, TENANT).unwrap();
    let delivered = earlier.delivered;
    assert_eq!(delivered, [(done.clone(), intent.deliver.clone())].into());
    // The place before it is known, too, until something is delivered there again.
    let before = StoreKey {
        key: "first".to_owned(),
        ..intent.deliver.clone()
    };
    assert_eq!(earlier.left, [(before, done.clone())].into());
    assert_eq!(earlier.created[&done].token.as_str(), "2f9c");
    assert_eq!(open(&path).earlier().delivered, delivered);
    let journal = open(&path);
    "first".clone_into(&mut intent.deliver.key);
    let id = journal.intend(&done, intent).unwrap();
    journal.conclude(id, &Conclusion::Done).unwrap();
    drop(journal);
    let left = Journal::peek(&path, TENANT).unwrap().left;
    let left: Vec<&str> = left.keys().map(|place| place.key.as_str()).collect();
    assert_eq!(left, ["second"]);
    // Another tenant's tokens are none of this one's.
    let other = Journal::peek(&path, "https://other").unwrap();
    assert!(other.delivered.is_empty());
}

#[test]
fn tenants_10_a_raised_threshold_is_left_to_the_next_run_of_its_tenant() {
    let (_folder, path) = place();
    let address = Address::Account("SA-001".into());
    let intent = RaiseIntent {
        source: "source-1".into(),
        name: "Robots".into(),
        to: 28,
        back: 10,
    };
    let journal = open(&path);
    journal.raise(&address, intent.clone()).unwrap();
    let restored = journal.raise(&address, intent.clone()).unwrap();
    journal.conclude(restored, &Conclusion::Done).unwrap();
    drop(journal);

    // It is no mint.
    let earlier = Journal::peek(&path, TENANT).unwrap();
    assert!(earlier.unfinished.is_empty());
    let left: Vec<&RaiseIntent> = earlier.raised.iter().map(|left| &left.intent).collect();
    assert_eq!(left, [&intent]);
    let other = Journal::peek(&path, "https://other.api.identitynow.com").unwrap();
    assert_eq!(other.raised, []);

    let journal = open(&path);
    let left = journal.earlier().raised;
    assert_eq!(left, earlier.raised);
    journal
        .conclude(left[0].id.clone(), &Conclusion::Superseded)
        .unwrap();
    assert_eq!(journal.earlier().raised, []);
    drop(journal);
    assert_eq!(Journal::peek(&path, TENANT).unwrap().raised, []);
}

/// Bounded tries need the failures of earlier runs, for what is declared now.
#[test]
fn failed_creations_are_counted_until_one_succeeds_or_something_else_is_declared() {
    let (_folder, path) = place();
    let (address, intent) = mint("report");
    let declared = |text: &str| Some(Digest::of_bytes(text.as_bytes()));
    let failed = || Conclusion::Failed("the store is full".to_owned());
    let tries = || {
        let earlier = Journal::peek(&path, TENANT).unwrap();
        assert_eq!(earlier.tries, open(&path).earlier().tries);
        earlier.tries.get(&address).map(|tries| tries.failed)
    };
    for (what, conclusion, expected) in [
        (None, failed(), None),
        (declared("one"), failed(), Some(1)),
        (declared("one"), failed(), Some(2)),
        (declared("one"), Conclusion::Superseded, Some(2)),
        (declared("two"), failed(), Some(1)),
        (declared("two"), Conclusion::Done, None),
    ] {
        let journal = open(&path);
        let intent = MintIntent {
            declared: what,
            ..intent.clone()
        };
        let id = journal.intend(&address, intent).unwrap();
        journal.conclude(id, &conclusion).unwrap();
        drop(journal);
        assert_eq!(tries(), expected, "{conclusion:?}");
    }
    // Another tenant's failures are another's.
    let other = Journal::open(&path, "https://other.api.identitynow.com").unwrap();
    let intent = MintIntent {
        declared: declared("two"),
        ..intent
    };
    let id = other.intend(&address, intent).unwrap();
    other.conclude(id, &failed()).unwrap();
    drop(other);
    assert_eq!(tries(), None);
}
