//! Runs of the program in a history, undisturbed and disturbed, each judged.

use crate::declared::Settled;
use crate::fault::{Fault, Promise};
use crate::issuers;
use crate::random::Random;
use crate::removals::{Circumstances, Judged};
use crate::story::Story;
use crate::tenant::View;
use jiff::SignedDuration;
use regex::Regex;
use simulator::{Completion, Fault as Trouble, FaultRule, Faults, RequestFilter};
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tests::Run;

/// Exit codes that every command may end with.
const CODES: [i32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 64];

/// Seconds that a run waits for the tenant, whose time passes a hundred times as fast: longer
/// than an invitation of a killed run may be on its way.
const WAIT: &str = "10";

static ALLOW: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"--allow (\w+)=(\d+)").unwrap());

/// An apply and all that is looked at after it.
pub(crate) fn apply(
    story: &mut Story,
    circumstances: &Circumstances,
    words: &[String],
) -> Result<Run, Fault> {
    story.quiet();
    let before = View::of(&story.tenant);
    story.tenant.simulator().clear_requests();
    let run = story.run(words);
    let after = settle(story, circumstances);
    story.count_apply(&run);
    in_order(&run, &after)?;
    removals(story, &before, &after, circumstances)?;
    let writes = story.writes();
    let refused = [4, 5, 6, 64].contains(&run.code) || (run.code == 8 && writes.is_empty());
    let changed = |text: &str| {
        Fault::new(
            Promise::RefusalsChangeNothing,
            format!(
                "exit code {} {text}, and it sent {writes:?}\n{}",
                run.code,
                run.shown()
            ),
        )
    };
    if refused && !writes.is_empty() {
        return Err(changed("refuses"));
    }
    if circumstances.disturbed || circumstances.saved {
        return Ok(run);
    }
    if before.ends_identities_by(after.now) || gained_identity(&before, &run) {
        story.note("  ISC changed identities by itself during the run");
        return Ok(run);
    }
    match run.code {
        0 => {}
        1 if !writes.is_empty() => {
            return Err(changed("is an error"));
        }
        1 | 4 | 6 | 64 => return Ok(run),
        // An identity that is counted and has no account looks as if the list of accounts
        // were short, until ISC has removed it.
        3 | 8 if before.is_ending_identities() && says_that_more_are_counted(&run) => {
            story.note("  ISC counts an identity that it is about to remove");
            return Ok(run);
        }
        // A document that cannot be read is no absent one.
        8 if !story.spoilt.is_empty() => return Ok(run),
        code => {
            return Err(Fault::new(
                Promise::OneApplyIsEnough,
                format!("an undisturbed apply exits with {code}\n{}", run.shown()),
            ));
        }
    }
    if circumstances.only.is_none() {
        // Long lines are broken.
        let said = format!("{} {}", run.stdout, run.stderr);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let settled = Settled {
            files: &story.files,
            view: &after,
            folder: story.world.folder(),
            spoilt: &story.spoilt,
            said: &said,
        };
        settled.check().map_err(|fault| Fault {
            text: format!("{}\n{}", fault.text, run.shown()),
            ..fault
        })?;
        story.replaced_tokens_end(&after, &run)?;
        let plan = look(story, &["plan", "files", "--detailed-exitcode"])?;
        let now = View::of(&story.tenant).now;
        if plan.code != 0 && !after.ends_identities_by(now) {
            return Err(Fault::new(
                Promise::NextPlanIsEmpty,
                format!("{}\nand then\n{}", run.shown(), plan.shown()),
            ));
        }
        story.good = story.files.clone();
    }
    Ok(run)
}

/// Whether a plan had no accounts of a source whose identity profile counts identities.
fn says_that_more_are_counted(run: &Run) -> bool {
    let said: Vec<&str> = run.stdout.split_whitespace().collect();
    said.join(" ")
        .contains("there is none, and the identity profile counts")
}

/// Applies as people do: a guard that offers its own lifting is lifted, mostly.
pub(crate) fn apply_as_people_do(
    story: &mut Story,
    random: &mut Random,
    only: Option<String>,
) -> Result<(), Fault> {
    let mut circumstances = Circumstances {
        only,
        ..Circumstances::default()
    };
    for _ in 0..4 {
        let said_nothing = if random.chance(30) && circumstances.only.is_none() {
            look(story, &["plan", "files", "--detailed-exitcode"])?.code == 0
        } else {
            false
        };
        let run = apply(story, &circumstances, &words(&circumstances))?;
        let writes = story.writes();
        if said_nothing && run.code == 0 && !writes.is_empty() {
            return Err(Fault::new(
                Promise::NextPlanIsEmpty,
                format!(
                    "the plan says no changes, and apply sends {writes:?}\n{}",
                    run.shown()
                ),
            ));
        }
        if run.code == 4 && lift(&mut circumstances, &run) && random.chance(80) {
            continue;
        }
        if [1, 4].contains(&run.code) {
            story.note(&format!("  refused: {}", reason(&run)));
            story.count_refusal(&run);
            // Somebody reverts the commit, mostly.
            if random.chance(70) {
                story.files = story.good.clone();
                story.write_files();
                story.note("  the files are reverted");
            }
        }
        return Ok(());
    }
    Ok(())
}

/// Whether a run refused a step because ISC gave an identity to a row that had none when
/// the plan was made. Somebody had just added the row, and ISC was still at it.
fn gained_identity(before: &View, run: &Run) -> bool {
    run.code == 3
        && !before.refreshes.is_empty()
        && (run.stdout.split_whitespace().collect::<Vec<_>>().join(" "))
            .contains("had no identity when the plan was made, and has identity")
}

/// Takes up the allowances that a refusal offers; false if it offers none.
fn lift(circumstances: &mut Circumstances, run: &Run) -> bool {
    let text = format!("{}{}", run.stdout, run.stderr);
    let before = circumstances.allowed.clone();
    for found in ALLOW.captures_iter(&text) {
        let count = found[2].parse().unwrap();
        circumstances.allowed.insert(found[1].to_owned(), count);
    }
    before != circumstances.allowed
}

fn words(circumstances: &Circumstances) -> Vec<String> {
    let mut words: Vec<String> = ["apply", "files", "--auto-approve", "--wait", WAIT]
        .map(str::to_owned)
        .into();
    if let Some(only) = &circumstances.only {
        words.extend(["--only".to_owned(), only.clone()]);
    }
    for (guard, count) in &circumstances.allowed {
        words.extend(["--allow".to_owned(), format!("{guard}={count}")]);
    }
    words
}

/// An apply in which requests fail.
pub(crate) fn apply_in_trouble(story: &mut Story, random: &mut Random) -> Result<(), Fault> {
    let (rules, partial) = trouble(random);
    let trouble: Vec<String> = rules
        .iter()
        .map(|rule| {
            let FaultRule {
                fault,
                operations,
                skip,
                count,
                probability: _,
            } = rule;
            let count = count.map_or(String::new(), |count| format!(", {count} times"));
            format!("({}: {fault:?}, after {skip}{count})", operations.join(" "))
        })
        .collect();
    let trouble = trouble.join(" ");
    story.note(&format!("  trouble: {trouble}"));
    let set = Faults {
        rules,
        seed: 1 + u64::try_from(random.below(1000)).unwrap(),
    };
    story.tenant.simulator().set_faults(set);
    let circumstances = Circumstances {
        partial,
        disturbed: true,
        trouble,
        ..Circumstances::default()
    };
    let run = apply(story, &circumstances, &words(&circumstances));
    story.tenant.simulator().set_faults(Faults::default());
    let run = run?;
    story.note(&format!("  exit code {}", run.code));
    Ok(())
}

/// What goes wrong, and which list is never whole because of it.
fn trouble(random: &mut Random) -> (Vec<FaultRule>, Option<&'static str>) {
    let rule = |operation: &str, fault: Trouble, count: Option<u64>| FaultRule {
        fault,
        operations: vec![operation.to_owned()],
        skip: 0,
        count,
        probability: None,
    };
    if random.chance(45) {
        let operation = random.one(&[
            "listAccountsV1",
            "listAccountsV1",
            "listPersonalAccessTokensV1",
        ]);
        let fault = [
            Trouble::TooManyRequests {
                retry_after: Some(0),
            },
            Trouble::MalformedJson,
            Trouble::EmptyList,
            Trouble::ShortList,
        ][random.below(4)]
        .clone();
        return (vec![rule(operation, fault, None)], Some(operation));
    }
    let operation = random.one(&[
        "createSourceV1",
        "putSourceSchemaV1",
        "updateSourceV1",
        "importAccountsV1",
        "importAccountsV1",
        "createIdentityProfileV1",
        "updateIdentityProfileV1",
        "syncIdentityProfileV1",
        "startIdentitiesInviteV1",
        "patchAuthUserV1",
        "createPersonalAccessTokenV1",
        "createPersonalAccessTokenV1",
        "patchPersonalAccessTokenV1",
        "deletePersonalAccessTokenV1",
        "getTaskStatusV1",
        "oauthToken",
    ]);
    let fault = [
        Trouble::ResetAfter,
        Trouble::ResetBefore,
        Trouble::Status { status: 500 },
        Trouble::TruncatedBody,
        Trouble::Task {
            outcome: Completion::Error,
        },
        Trouble::Task {
            outcome: Completion::Warning,
        },
        Trouble::StatusRace,
    ][random.below(7)]
    .clone();
    let mut rule = rule(
        operation,
        fault,
        Some(1 + u64::try_from(random.below(2)).unwrap()),
    );
    rule.skip = u64::try_from(random.below(3)).unwrap();
    (vec![rule], None)
}

/// An apply that is killed after so many requests, or when the journal has grown
/// by a line.
pub(crate) fn apply_killed(story: &mut Story, random: &mut Random) -> Result<(), Fault> {
    story.quiet();
    let before = View::of(&story.tenant);
    story.tenant.simulator().clear_requests();
    let by_journal = random.chance(30);
    let limit = if by_journal {
        1 + random.below(4)
    } else {
        1 + random.below(60)
    };
    let journal = story.world.path(".steersman/journal.jsonl");
    let size = || std::fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    let start = size();
    story.see_issuers();
    let mut child = story
        .world
        .command()
        .args(words(&Circumstances::default()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    loop {
        let ended = child.try_wait().unwrap().is_some();
        let reached = if by_journal {
            size() >= start + limit
        } else {
            let requests = story.tenant.simulator().requests(&RequestFilter::default());
            requests.len() >= limit
        };
        if ended || reached || began.elapsed() > Duration::from_mins(1) {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    let _ = child.wait();
    story.note(&format!(
        "  killed after {limit} {}",
        if by_journal {
            "lines of the journal"
        } else {
            "requests"
        }
    ));
    let circumstances = Circumstances {
        disturbed: true,
        ..Circumstances::default()
    };
    let after = settle(story, &circumstances);
    removals(story, &before, &after, &circumstances)
}

/// A plan that is saved for later.
pub(crate) fn save(story: &mut Story, random: &mut Random) -> Result<(), Fault> {
    story.quiet();
    let mut words: Vec<String> = ["plan", "files", "--save", "plan.json"]
        .map(str::to_owned)
        .into();
    let mut given = Vec::new();
    if random.chance(40)
        && let Some(account) = random.pick(&story.files.accounts)
    {
        given = vec!["--only".to_owned(), account.id().to_owned()];
    }
    words.extend(given.clone());
    let _ = std::fs::remove_file(story.world.path("plan.json"));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    look(story, &words)?;
    story.saved = story.world.path("plan.json").exists().then_some(given);
    Ok(())
}

/// The plan that was saved, whatever happened since.
pub(crate) fn apply_saved(story: &mut Story) -> Result<(), Fault> {
    let Some(given) = story.saved.take() else {
        return Ok(());
    };
    let mut words: Vec<String> = ["apply", "files", "--plan", "plan.json", "--wait", WAIT]
        .map(str::to_owned)
        .into();
    words.extend(given.clone());
    let circumstances = Circumstances {
        saved: true,
        only: given.get(1).cloned(),
        ..Circumstances::default()
    };
    let run = apply(story, &circumstances, &words)?;
    story.note(&format!("  exit code {}", run.code));
    Ok(())
}

/// A command that only reads.
pub(crate) fn look(story: &mut Story, words: &[&str]) -> Result<Run, Fault> {
    story.tenant.simulator().clear_requests();
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let run = story.run(&words);
    in_order(&run, &View::of(&story.tenant))?;
    let writes = story.writes();
    if !writes.is_empty() {
        return Err(Fault::new(
            Promise::RefusalsChangeNothing,
            format!("{words:?} only reads, and sent {writes:?}\n{}", run.shown()),
        ));
    }
    Ok(run)
}

/// What a run that was disturbed has set going comes to its end.
fn settle(story: &Story, circumstances: &Circumstances) -> View {
    if circumstances.disturbed {
        story.pass(SignedDuration::from_mins(2));
    }
    View::of(&story.tenant)
}

fn removals(
    story: &Story,
    before: &View,
    after: &View,
    circumstances: &Circumstances,
) -> Result<(), Fault> {
    let judged = Judged {
        files: &story.files,
        by_hand: &story.by_hand,
        minting: &story.minting,
        before,
        after,
        circumstances,
    };
    let folder = story.world.folder();
    let issuers = || issuers::still_work(&story.minting, &story.files, after, folder);
    judged
        .check()
        .and_then(|()| issuers())
        .map_err(|fault| Fault {
            text: format!("{} {}", fault.text, circumstances.trouble),
            ..fault
        })
}

/// The run ended by itself, and shows no secret.
fn in_order(run: &Run, view: &View) -> Result<(), Fault> {
    if !CODES.contains(&run.code) || run.stderr.contains("panicked") {
        return Err(Fault::new(Promise::EndsInOrder, run.shown()));
    }
    for (id, token) in &view.tokens {
        if run.stdout.contains(&token.secret) || run.stderr.contains(&token.secret) {
            return Err(Fault::new(
                Promise::SecretsAreNotShown,
                format!("the secret of {id} is in the output"),
            ));
        }
    }
    Ok(())
}

/// Why a run refused, in a line that is alike for like refusals.
pub(crate) fn reason(run: &Run) -> String {
    let text = format!("{}\n{}", run.stdout, run.stderr);
    let line = text
        .lines()
        .find(|line| line.contains("refused by guard"))
        .or_else(|| text.lines().find(|line| line.contains("error")))
        .unwrap_or_default();
    let line: String = line
        .chars()
        .map(|sign| if sign.is_ascii_digit() { '0' } else { sign })
        .collect();
    format!("{} {}", run.code, line.trim())
}
