//! Runs of the program, undisturbed and disturbed, each judged.

use crate::declared::issuer_file;
use crate::fault::{Fault, Promise};
use crate::judge::{Judged, judge};
use crate::random::Random;
use crate::site::{Site, credential};
use crate::view::View;
use regex::Regex;
use serde_json::Value;
use simulator::{Fault as Failing, FaultRule, Faults, RequestFilter};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tests::Run;

const CODES: [i32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 64];

static ALLOW: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"--allow (\w+)=(\d+)").unwrap());

/// What goes wrong while a run goes on.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    None,
    Requests(FaultRule),
    /// The programs of the store `other` fail so.
    Store(&'static str),
    /// The run is killed after so many requests.
    Killed(usize),
}

/// An apply, judged.
pub(crate) fn apply(site: &mut Site, random: &mut Random, trouble: &Trouble) -> Result<(), Fault> {
    let words: Vec<String> = ["apply", "spec", "--auto-approve"]
        .map(str::to_owned)
        .into();
    let disturbed = !matches!(trouble, Trouble::None);
    if disturbed {
        site.note(&format!("  trouble: {trouble:?}"));
    }
    match trouble {
        Trouble::None => {}
        Trouble::Requests(rule) => site.tenant.simulator().set_faults(Faults {
            rules: vec![rule.clone()],
            seed: 1 + u64::try_from(random.below(1000)).unwrap(),
        }),
        Trouble::Store(how) => site.world.write(&format!("tools/{how}"), ""),
        Trouble::Killed(requests) => return killed(site, &words, *requests),
    }
    let mut allowed = BTreeMap::new();
    let result = loop {
        let mut all = words.clone();
        for (guard, count) in &allowed {
            all.extend(["--allow".to_owned(), format!("{guard}={count}")]);
        }
        let result = judged_run(site, &all, &[], trouble);
        let Ok(run) = &result else {
            break result;
        };
        let before = allowed.clone();
        let text = format!("{}{}", run.stdout, run.stderr);
        for found in ALLOW.captures_iter(&text) {
            allowed.insert(found[1].to_owned(), found[2].to_owned());
        }
        if run.code != 4 || allowed == before {
            break result;
        }
    };
    site.tenant.simulator().set_faults(Faults::default());
    if let Trouble::Store(how) = trouble {
        std::fs::remove_file(site.world.path(&format!("tools/{how}"))).unwrap();
    }
    let run = result?;
    site.note(&format!("  exit code {}", run.code));
    site.count(format!("applies with exit code {}", run.code));
    if disturbed {
        return Ok(());
    }
    match run.code {
        0 => after_success(site, &run),
        4 => Ok(()),
        // A document that cannot be read is no absent one.
        8 if !site.model.garbled.is_empty() => Ok(()),
        code => Err(Fault::new(
            Promise::OneApplyIsEnough,
            format!("an undisturbed apply exits with {code}\n{}", run.shown()),
        )),
    }
}

/// A command on named tokens, judged. `stopped` are the ids that it may stop.
pub(crate) fn command(site: &mut Site, words: &[String], stopped: &[String]) -> Result<(), Fault> {
    let mut words = words.to_vec();
    for _ in 0..2 {
        let run = judged_run(site, &words, stopped, &Trouble::None)?;
        site.note(&format!("  exit code {}", run.code));
        site.count(format!("token {} with exit code {}", words[1], run.code));
        if run.code == 3 {
            // The only trouble is that of the command itself.
            site.note(&run.shown());
        }
        let text = format!("{}{}", run.stdout, run.stderr);
        let Some(found) = ALLOW.captures(&text).filter(|_| run.code == 4) else {
            break;
        };
        words.extend(["--allow".to_owned(), format!("{}={}", &found[1], &found[2])]);
    }
    for id in stopped {
        site.model.touched(id);
    }
    Ok(())
}

/// Runs, and compares what was before with what is after.
fn judged_run(
    site: &mut Site,
    words: &[String],
    stopped: &[String],
    trouble: &Trouble,
) -> Result<Run, Fault> {
    let (view, documents) = (View::of(&site.tenant), site.documents());
    let run = site.run(words);
    let after = View::of(&site.tenant);
    in_order(site, &run, &after)?;
    let judged = Judged {
        before: (&view, &documents),
        after: (&after, &site.documents()),
        stopped,
        trouble,
    };
    judge(site, &judged).map_err(|fault| Fault {
        text: format!("{}\n{}", fault.text, run.shown()),
        ..fault
    })?;
    site.see();
    Ok(run)
}

fn killed(site: &mut Site, words: &[String], requests: usize) -> Result<(), Fault> {
    let (view, documents) = (View::of(&site.tenant), site.documents());
    site.tenant.simulator().clear_requests();
    let mut child = site
        .world
        .command()
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    loop {
        let ended = child.try_wait().unwrap().is_some();
        let sent = site.tenant.simulator().requests(&RequestFilter::default());
        if ended || sent.len() >= requests || began.elapsed() > Duration::from_mins(1) {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    let _ = child.wait();
    site.count("runs that were killed");
    let after = View::of(&site.tenant);
    let judged = Judged {
        before: (&view, &documents),
        after: (&after, &site.documents()),
        stopped: &[],
        trouble: &Trouble::Killed(requests),
    };
    judge(site, &judged)?;
    site.see();
    Ok(())
}

/// Requests that fail, and how.
pub(crate) fn requests_that_fail(random: &mut Random) -> FaultRule {
    let operation = random.one(&[
        "createPersonalAccessTokenV1",
        "createPersonalAccessTokenV1",
        "patchPersonalAccessTokenV1",
        "deletePersonalAccessTokenV1",
        "listPersonalAccessTokensV1",
        "oauthToken",
    ]);
    let fault = [
        Failing::ResetAfter,
        Failing::ResetBefore,
        Failing::Status { status: 500 },
        Failing::Status { status: 403 },
        Failing::TruncatedBody,
    ][random.below(5)]
    .clone();
    FaultRule {
        fault,
        operations: vec![operation.to_owned()],
        skip: u64::try_from(random.below(4)).unwrap(),
        count: Some(1 + u64::try_from(random.below(6)).unwrap()),
        probability: None,
    }
}

/// What is true after an apply that succeeded.
fn after_success(site: &mut Site, run: &Run) -> Result<(), Fault> {
    crate::judge::declared_is_there(site, run)?;
    let words: Vec<String> = ["plan", "spec", "--detailed-exitcode"]
        .map(str::to_owned)
        .into();
    let plan = site.run(&words);
    if plan.code != 0 {
        return Err(Fault::new(
            Promise::NextPlanIsEmpty,
            format!("{}\nand then\n{}", run.shown(), plan.shown()),
        ));
    }
    list(site)
}

/// The list of tokens has every token of the accounts, as what it is.
pub(crate) fn list(site: &mut Site) -> Result<(), Fault> {
    let words: Vec<String> = ["token", "list", "spec", "--format", "json"]
        .map(str::to_owned)
        .into();
    let run = site.run(&words);
    let (view, documents) = (View::of(&site.tenant), site.documents());
    in_order(site, &run, &view)?;
    let listed: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
    let empty = Vec::new();
    let rows = listed["tokens"].as_array().unwrap_or(&empty);
    let fault = |text: String| {
        Err(Fault::new(
            Promise::EverythingIsListed,
            format!("{text}\n{}", run.shown()),
        ))
    };
    for (account, owner) in site.owners.iter().enumerate() {
        for (id, token) in view.of_owner(owner) {
            let mut found = rows.iter().filter(|row| row["id"] == id.as_str());
            let Some(row) = found.next().filter(|_| found.next().is_none()) else {
                return fault(format!("{} ({id}) is not listed, or twice", token.name));
            };
            let state = row["state"].as_str().unwrap_or_default();
            let is_declared = site.declared.accounts[account].contains_key(token.name.as_str());
            let is_right = match state {
                "declared" => is_declared,
                "issuer" => documents
                    .get(&issuer_file(account))
                    .and_then(|text| credential(text))
                    .is_some_and(|(stored, _)| stored == *id),
                "mayBeIssuer" => token.scopes.contains("sp:my-personal-access-tokens:manage"),
                "retiring" => token.name.contains("~retiring-"),
                "undeclared" => {
                    !is_declared && !token.name.contains("~retiring-")
                        || site.model.by_hand.contains(id)
                }
                _ => false,
            };
            if !is_right {
                return fault(format!("{} ({id}) is listed as {state}", token.name));
            }
        }
    }
    Ok(())
}

/// The run ended by itself, and no secret left the stores.
fn in_order(site: &Site, run: &Run, view: &View) -> Result<(), Fault> {
    if !CODES.contains(&run.code) || run.stderr.contains("panicked") {
        return Err(Fault::new(Promise::EndsInOrder, run.shown()));
    }
    let written: Vec<(String, String)> = site
        .world
        .everything_written()
        .into_iter()
        .map(|(path, text)| (path.display().to_string(), text))
        .filter(|(path, _)| !path.contains("/secrets/"))
        .collect();
    for (id, token) in &view.tokens {
        let shown = run.stdout.contains(&token.secret) || run.stderr.contains(&token.secret);
        let file = written
            .iter()
            .find(|(_, text)| text.contains(&token.secret));
        if shown || file.is_some() {
            let place = file.map_or("the output", |(path, _)| path);
            return Err(Fault::new(
                Promise::SecretsAreNotShown,
                format!("the secret of {id} is in {place}"),
            ));
        }
    }
    Ok(())
}

impl Site {
    /// Takes note of what the stores hold.
    fn see(&mut self) {
        let (view, documents) = (View::of(&self.tenant), self.documents());
        let mut model = std::mem::take(&mut self.model);
        model.see(&self.declared, &documents, &view);
        model
            .foreign
            .retain(|file, text| documents.get(file) == Some(text));
        model.garbled.retain(|file| {
            documents
                .get(file)
                .is_some_and(|text| text == "{no document")
        });
        self.model = model;
    }
}
