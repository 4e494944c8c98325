//! A history: a tenant, a repository, and what happens to them one after the other.

use crate::edits;
use crate::fault::{Fault, Promise};
use crate::files::Files;
use crate::hands;
use crate::issuers;
use crate::random::Random;
use crate::runs;
use crate::tenant::View;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::json;
use simulator::{RequestFilter, TokenRequest};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tests::{Run, SimulatedTenant, World, world};

const FILE: &str = "files/steersman.yaml";
/// An identity whose account is gone disappears five minutes later. A run in which
/// that happens may plan one thing and find another, rightly.
const QUIET: SignedDuration = SignedDuration::from_mins(4);
/// A replaced token is kept until the end of a day, and a run later it is gone.
const LONGEST_OVERLAP: SignedDuration = SignedDuration::from_hours(24 * 5);

/// All that a history has.
pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    pub(crate) files: Files,
    /// The files of the last apply that succeeded.
    pub(crate) good: Files,
    /// Tokens that people have made or renamed.
    pub(crate) by_hand: BTreeSet<String>,
    /// The selection of the plan that is saved.
    pub(crate) saved: Option<Vec<String>>,
    /// Files of stores that people have spoilt, and that no run has written since.
    pub(crate) spoilt: BTreeSet<String>,
    /// When each replaced token was first seen.
    retiring: BTreeMap<String, Timestamp>,
    /// The accounts whose issuer worked when the last run began, with their identities.
    pub(crate) minting: issuers::Working,
    pub(crate) log: Vec<String>,
    pub(crate) counts: Counts,
}

/// How much happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) steps: usize,
    pub(crate) runs: usize,
    pub(crate) applies: BTreeMap<i32, usize>,
    pub(crate) refusals: BTreeMap<String, usize>,
}

impl Counts {
    /// Adds those of another history.
    pub(crate) fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.runs += other.runs;
        for (code, count) in &other.applies {
            *self.applies.entry(*code).or_default() += count;
        }
        for (reason, count) in &other.refusals {
            *self.refusals.entry(reason.clone()).or_default() += count;
        }
    }
}

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Edit,
    Meddle,
    Time,
    Register,
    Enroll,
    Spoil,
    Apply,
    ApplyOnly,
    ApplyInTrouble,
    ApplyKilled,
    Save,
    ApplySaved,
    Look,
}

/// How often each happens, of their sum.
const WEIGHTS: [(Deed, usize); 13] = [
    (Deed::Edit, 28),
    (Deed::Meddle, 14),
    (Deed::Time, 8),
    (Deed::Register, 8),
    (Deed::Enroll, 9),
    (Deed::Spoil, 4),
    (Deed::Apply, 24),
    (Deed::ApplyOnly, 4),
    (Deed::ApplyInTrouble, 7),
    (Deed::ApplyKilled, 5),
    (Deed::Save, 3),
    (Deed::ApplySaved, 4),
    (Deed::Look, 3),
];

impl Story {
    /// The repository that this seed begins with, not applied yet.
    pub(crate) fn begin(seed: u64) -> Self {
        let files = edits::beginning(&mut Random::of(seed, u64::MAX / 2));
        let mut world = match std::env::var("STEERSMAN_HISTORIES_PROGRAM") {
            Ok(program) => World::new(program.leak()),
            Err(_) => world!(),
        };
        let tenant = SimulatedTenant::start();
        world.set(tenant.variables());
        if Random::of(seed, u64::MAX / 3).chance(15) {
            // Some tenants keep email addresses in lower case.
            let behavior = json!({"lowerCaseEmail": true});
            let _ = tenant.send("PUT", "/_simulator/behavior", "", Some(behavior));
        }
        let story = Self {
            world,
            tenant,
            good: files.clone(),
            files,
            by_hand: BTreeSet::new(),
            saved: None,
            spoilt: BTreeSet::new(),
            retiring: BTreeMap::new(),
            minting: issuers::Working::new(),
            log: Vec::new(),
            counts: Counts::default(),
        };
        story.write_files();
        story
    }

    /// The first apply, which makes everything.
    pub(crate) fn first(&mut self) -> Result<(), Fault> {
        self.note(&self.files.yaml());
        runs::apply_as_people_do(self, &mut Random::of(0, 1), None)
    }

    /// Lets the deed of this number happen.
    pub(crate) fn step(&mut self, seed: u64, number: usize) -> Result<(), Fault> {
        let mut random = Random::of(seed, u64::try_from(number).unwrap());
        let mut left = random.below(WEIGHTS.iter().map(|(_, weight)| weight).sum());
        let deed = WEIGHTS
            .iter()
            .find(|(_, weight)| {
                let hit = left < *weight;
                left = left.saturating_sub(*weight);
                hit
            })
            .map_or(Deed::Look, |(deed, _)| *deed);
        self.counts.steps += 1;
        self.note(&format!("{number}: {deed:?}"));
        self.happen(deed, &mut random)
    }

    fn happen(&mut self, deed: Deed, random: &mut Random) -> Result<(), Fault> {
        match deed {
            Deed::Edit => self.edit(random),
            Deed::Meddle => {
                let done = hands::meddle(self, random);
                self.note(&format!("  {}", done.as_deref().unwrap_or("nothing")));
                Ok(())
            }
            Deed::Time => {
                let hours = random.one(&[1, 5, 26, 7 * 24 + 3, 15 * 24 + 5, 40 * 24 + 7]);
                let minutes = i64::try_from(random.below(50)).unwrap();
                self.pass(SignedDuration::from_mins(hours * 60 + minutes));
                self.note(&format!("  {hours} hours and {minutes} minutes pass"));
                Ok(())
            }
            Deed::Register => {
                self.register(random);
                Ok(())
            }
            Deed::Enroll => {
                self.register(random);
                self.enroll(random);
                Ok(())
            }
            Deed::Spoil => {
                self.spoil(random);
                Ok(())
            }
            Deed::Apply => runs::apply_as_people_do(self, random, None),
            Deed::ApplyOnly => {
                let Some(account) = random.pick(&self.files.accounts) else {
                    return Ok(());
                };
                let id = account.id();
                let only = match random.below(4) {
                    0 => format!("levels/{id}"),
                    1 => "kind:token".to_owned(),
                    _ => id.to_owned(),
                };
                self.note(&format!("  only {only}"));
                runs::apply_as_people_do(self, random, Some(only))
            }
            Deed::ApplyInTrouble => runs::apply_in_trouble(self, random),
            Deed::ApplyKilled => runs::apply_killed(self, random),
            Deed::Save => runs::save(self, random),
            Deed::ApplySaved => runs::apply_saved(self),
            Deed::Look => {
                let words: &[&str] = random.one(&[
                    &["status", "files"] as &[&str],
                    &["plan", "files", "--out", "json=-"],
                    &["status", "files", "--format", "json"],
                ]);
                runs::look(self, words).map(drop)
            }
        }
    }

    /// The end: whatever happened, two applies that nothing disturbs settle it, or a
    /// refusal says why not.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        self.note("the end");
        let mut random = Random::of(0, 0);
        for _ in 0..2 {
            runs::apply_as_people_do(self, &mut random, None)?;
        }
        Ok(())
    }

    /// An edit that `validate` accepts; another one would not be merged.
    fn edit(&mut self, random: &mut Random) -> Result<(), Fault> {
        let before = self.files.clone();
        let Some(what) = edits::edit(&mut self.files, random) else {
            return Ok(());
        };
        self.write_files();
        let run = runs::look(self, &["validate", "files"])?;
        if run.code == 0 {
            self.note(&format!("  {what}"));
        } else {
            self.note(&format!("  {what}: not valid: {}", runs::reason(&run)));
            self.files = before;
            self.write_files();
        }
        Ok(())
    }

    /// Somebody follows an invitation.
    fn register(&mut self, random: &mut Random) {
        let view = View::of(&self.tenant);
        let invited: Vec<&String> = view
            .identities
            .iter()
            .filter(|(_, identity)| identity.status == "PENDING")
            .map(|(id, _)| id)
            .collect();
        let Some(id) = random.pick(&invited) else {
            return;
        };
        let done = self
            .tenant
            .simulator()
            .with_tenant(|tenant| tenant.register_person(id).is_ok());
        if done {
            self.note(&format!("  {} registers", view.identities[*id].alias));
        }
    }

    /// The person behind a declared account makes its issuer and puts it into the
    /// store.
    fn enroll(&mut self, random: &mut Random) {
        let view = View::of(&self.tenant);
        let ready: Vec<(String, String, String)> = self
            .files
            .accounts
            .iter()
            .filter(|account| account.tokens.is_some())
            .filter_map(|account| {
                let mut rows = view.rows_of(account.source());
                let (_, row) = rows.find(|(id, row)| match &account.row {
                    Some(declared) => *id == declared.id,
                    None => row.name == account.name,
                })?;
                let identity = row.identity.clone()?;
                let is_active = view.identities.get(&identity)?.status == "ACTIVE";
                let file = account.issuer_file();
                is_active.then(|| (identity, file, account.name.clone()))
            })
            .collect();
        let Some((identity, file, name)) = random.pick(&ready) else {
            return;
        };
        let old: Vec<&String> = view
            .tokens_of(identity)
            .filter(|(_, token)| token.name == "issuer")
            .map(|(id, _)| id)
            .collect();
        let never_expires = random.chance(50);
        let minted = self.tenant.simulator().with_tenant(|tenant| {
            for id in old {
                let _ = tenant.revoke_token_out_of_band(id);
            }
            let request = TokenRequest {
                name: "issuer".to_owned(),
                scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                access_token_validity_seconds: None,
                expires: None,
                never_expires,
            };
            tenant.mint_personal_access_token_as_owner(identity, request)
        });
        let Ok(minted) = minted else { return };
        let document =
            json!({"clientId": minted.id, "clientSecret": minted.secret.expose_secret()});
        self.write_secret(file, &document.to_string());
        self.note(&format!("  {name} is enrolled, for ever: {never_expires}"));
    }

    /// Something happens to a file of a store.
    fn spoil(&mut self, random: &mut Random) {
        let files: Vec<String> = self
            .files
            .accounts
            .iter()
            .flat_map(|account| {
                let tokens = account.tokens.iter().flatten();
                tokens
                    .map(|token| account.token_file(token))
                    .chain([account.issuer_file()])
            })
            .filter(|file| self.world.path(file).exists())
            .collect();
        let Some(file) = random.pick(&files) else {
            return;
        };
        match random.below(4) {
            0 | 1 => {
                std::fs::remove_file(self.world.path(file)).unwrap();
                self.note(&format!("  {file} is deleted"));
            }
            2 => {
                self.write_secret(file, "{not a document");
                self.spoilt.insert(file.clone());
                self.note(&format!("  {file} is garbled"));
            }
            _ => {
                let other = random
                    .one(&files.iter().map(String::as_str).collect::<Vec<_>>())
                    .to_owned();
                let text = self.world.read(&other);
                self.write_secret(file, &text);
                // Another token's document is not believed, and not overwritten.
                self.spoilt.insert(file.clone());
                self.note(&format!("  {file} becomes a copy of {other}"));
            }
        }
    }

    fn write_secret(&self, file: &str, text: &str) {
        self.world.write(file, text);
        only_for_its_owner(&self.world.path(file));
    }

    /// Writes the files as they are declared now.
    pub(crate) fn write_files(&self) {
        self.world.write(FILE, self.files.yaml());
    }

    /// Sees which issuers work before a run.
    pub(crate) fn see_issuers(&mut self) {
        let view = View::of(&self.tenant);
        self.minting = issuers::working(&self.files, &view, self.world.folder());
    }

    /// Runs the program.
    pub(crate) fn run(&mut self, words: &[String]) -> Run {
        self.counts.runs += 1;
        self.see_issuers();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.note(&format!("  $ steersman {}", words.join(" ")));
        self.world.steersman_words(&words)
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.tenant.simulator().advance(time).unwrap();
    }

    /// Lets time pass until nothing is due that would change the tenant during a run.
    pub(crate) fn quiet(&self) {
        loop {
            let view = View::of(&self.tenant);
            let soon = view
                .deletions
                .iter()
                .filter(|due| view.now + QUIET > **due)
                .max();
            let Some(due) = soon else { return };
            let second = SignedDuration::from_secs(1);
            self.pass(due.duration_since(view.now).max(SignedDuration::ZERO) + second);
        }
    }

    /// The requests of the last run that ask for a change.
    pub(crate) fn writes(&self) -> Vec<String> {
        let filter = RequestFilter {
            writes: Some(true),
            ..RequestFilter::default()
        };
        let requests = self.tenant.simulator().requests(&filter);
        requests
            .iter()
            .filter(|request| request.operation.as_deref() != Some("oauthToken"))
            .map(|request| format!("{} {}", request.method, request.path))
            .collect()
    }

    /// Sees that tokens that were replaced long ago are gone, or reported.
    pub(crate) fn replaced_tokens_end(&mut self, view: &View, run: &Run) -> Result<(), Fault> {
        self.retiring.retain(|id, _| view.tokens.contains_key(id));
        for (id, token) in &view.tokens {
            if !token.name.contains("~retiring-") {
                continue;
            }
            let since = *self.retiring.entry(id.clone()).or_insert(view.now);
            let is_late = since + LONGEST_OVERLAP < view.now;
            let reported = run.stdout.contains(&token.name) || run.stdout.contains(id.as_str());
            // The overlap begins with the successor, and that can have been made once more.
            let name = token.name.split("~retiring-").next().unwrap_or_default();
            let has_young_successor = view.tokens_of(&token.owner).any(|(_, successor)| {
                successor.name == name && successor.created + LONGEST_OVERLAP > view.now
            });
            let is_kept = reported || has_young_successor || view.is_ending(&token.owner);
            if is_late && token.is_alive(view.now) && !is_kept {
                return Err(Fault::new(
                    Promise::ReplacedTokensEnd,
                    format!(
                        "{} of {} is alive since {since}\n{}",
                        token.name,
                        token.owner,
                        run.shown()
                    ),
                ));
            }
        }
        Ok(())
    }

    pub(crate) fn note(&mut self, text: &str) {
        self.log.push(text.to_owned());
    }

    pub(crate) fn count_apply(&mut self, run: &Run) {
        *self.counts.applies.entry(run.code).or_default() += 1;
    }

    pub(crate) fn count_refusal(&mut self, run: &Run) {
        *self.counts.refusals.entry(runs::reason(run)).or_default() += 1;
    }
}

/// Takes the rights of others from a file, as stores have it.
pub(crate) fn only_for_its_owner(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let owner = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, owner).unwrap();
    }
}
