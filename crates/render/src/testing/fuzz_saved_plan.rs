//! Fuzz target: files that are, or claim to be, a saved plan.

use super::hostile_text::plan_of;
use crate::saved_plan::{Approval, Binding, FileDigest, SavedPlan};
use camino::{Utf8Path, Utf8PathBuf};
use model::{Caller, Collection, Digest, Live, Spec, StoreFacts};
use planner::{Allowances, Selection};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const PATH: &str = "plan.json";
const TENANT: &str = "https://acme.api.identitynow.com";

/// A file in one of three ways, by the first byte: any bytes, the file of a plan
/// with bytes replaced, or one with values replaced and a digest that fits.
///
/// A file is refused, or is a saved plan that is written and read as the same. A
/// file with replaced bytes is never another plan. Whatever a file says, it agrees
/// only with what is given beside it.
///
/// # Panics
/// Where that does not hold.
pub fn saved_plan(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match kind % 4 {
        0 => {
            read(rest);
        }
        1 => {
            let mut bytes = original().1.clone().into_bytes();
            for edit in rest.chunks_exact(4) {
                let [high, low, how, byte] = edit else {
                    continue;
                };
                let at = (usize::from(*high) << 8 | usize::from(*low)) % bytes.len();
                match how % 3 {
                    0 => bytes[at] = *byte,
                    1 => bytes.insert(at, *byte),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            if let Some(plan) = read(&bytes) {
                assert_eq!(plan, original().0, "a file without a fitting digest");
            }
        }
        _ => {
            let mut value: Value = serde_json::from_str(&original().1).unwrap_or_default();
            let mut bytes = rest.iter().copied();
            while bytes.len() > 0 {
                spoil(&mut value, &mut bytes);
            }
            if let Some(keys) = value.as_object_mut() {
                keys.shift_remove("digest");
            }
            let digest = Digest::of(&value);
            if let Some(keys) = value.as_object_mut() {
                keys.insert("digest".to_owned(), digest.as_str().into());
            }
            read(value.to_string().as_bytes());
        }
    }
}

/// Reads a file as `apply --plan` does, with all checks.
fn read(bytes: &[u8]) -> Option<SavedPlan> {
    let path = Utf8Path::new(PATH);
    let digest = FileDigest::of(bytes);
    let approval = match Approval::parse(path, bytes.to_vec(), Some(&digest)) {
        Ok(approval) => approval,
        Err(error) => {
            // A message may repeat a value, and not a whole file.
            let items: usize = error.items().iter().map(String::len).sum();
            assert!(error.to_string().len() + items < 64 * 1024, "{error}");
            return None;
        }
    };
    let paths = [Utf8PathBuf::from("accounts")];
    let selection = Selection::default();
    let given = approval.check_given(binding(&paths, &selection, &[]));
    let same_tenant = approval.check_tenant(Some(TENANT));
    let _ = approval.check_spec(spec());
    let allow = Allowances::default();
    let mut plan = planner::plan_selected(spec(), live(), live().observed_at, &allow, &selection);
    let steps = plan.steps.len();
    let restricted = approval.restrict(spec(), live(), &mut plan, &allow, &selection);
    assert!(restricted.is_err() || plan.steps.len() <= steps);
    let saved = SavedPlan::parse(path, bytes).ok();
    assert!(saved.is_some());
    let saved = saved?;
    assert_eq!(given.is_ok(), is_as_given(&saved));
    assert_eq!(same_tenant.is_ok(), saved.tenant == TENANT);
    let again = saved.text().unwrap_or_default();
    assert_eq!(
        SavedPlan::parse(path, again.as_bytes()).as_ref(),
        Ok(&saved)
    );
    Some(saved)
}

/// Whether a file records what is given beside it: one path, nothing else. How the
/// path is spelled does not count.
fn is_as_given(saved: &SavedPlan) -> bool {
    let spellings = |path: &Utf8PathBuf| {
        let parts: Vec<&str> = path
            .as_str()
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        parts == ["accounts"] && !path.as_str().starts_with('/')
    };
    !saved.paths.is_empty()
        && saved.paths.iter().all(spellings)
        && saved.selection.only.is_empty()
        && saved.selection.except.is_empty()
        && saved.allowances.is_empty()
}

fn binding<'a>(
    paths: &'a [Utf8PathBuf],
    selection: &'a Selection,
    allowances: &'a [(String, u64)],
) -> Binding<'a> {
    Binding {
        tenant: TENANT,
        paths,
        selection,
        allowances,
    }
}

/// A saved plan and its file.
fn original() -> &'static (SavedPlan, String) {
    static ORIGINAL: OnceLock<(SavedPlan, String)> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let paths = [Utf8PathBuf::from("accounts")];
        let selection = Selection::default();
        let now = live().observed_at;
        let allow = Allowances::default();
        let mut plan = planner::plan_selected(spec(), live(), now, &allow, &selection);
        // What a plan can have beside steps.
        let other = plan_of("audit01");
        plan.blocked.extend(other.blocked);
        plan.unmanaged = other.unmanaged;
        plan.stores = other.stores;
        let saved = SavedPlan::new(&plan, binding(&paths, &selection, &[]), (now, 1));
        let text = saved.text().unwrap_or_default();
        (saved, text)
    })
}

fn spec() -> &'static Spec {
    static SPEC: OnceLock<Spec> = OnceLock::new();
    SPEC.get_or_init(|| {
        let text = r"
steersman: v1
tenant: {baseUrl: https://acme.api.identitynow.com}
sources: [{name: Service Accounts, owner: jane}]
serviceAccounts:
  - {id: SA-001, name: audit01, email: a@example.com, purpose: Audits, userLevels: [REPORT_ADMIN]}
";
        let file = spec::SourceFile {
            path: "a.yaml".into(),
            bytes: text.into(),
        };
        let options = spec::Options {
            without_tenant: true,
            ..spec::Options::default()
        };
        let loaded = spec::load(vec![file], &options);
        assert!(loaded.spec.is_some(), "{:?}", loaded.diagnostics);
        loaded.spec.unwrap_or_default()
    })
}

/// A tenant without anything.
fn live() -> &'static Live {
    static LIVE: OnceLock<Live> = OnceLock::new();
    LIVE.get_or_init(|| Live {
        observed_at: jiff::Timestamp::UNIX_EPOCH,
        tenant: TENANT.to_owned(),
        caller: Caller {
            client_id: "c1".into(),
            identity: Some("i1".into()),
            user_name: Some("jane".to_owned()),
            authorities: ["ORG_ADMIN".to_owned()].into(),
            is_api_client: false,
        },
        owners: BTreeMap::from([(
            model::OwnerRef::Alias("jane".to_owned()),
            Collection::Complete(Some("i1".into())),
        )]),
        sources: BTreeMap::from([("Service Accounts".into(), Collection::Complete(None))]),
        inactive_owners: BTreeMap::new(),
        similar_owners: BTreeMap::new(),
        profiles: Collection::Complete(Vec::new()),
        custom_levels: Collection::Complete([].into()),
        identities: BTreeMap::new(),
        names: BTreeMap::new(),
        makers: BTreeMap::new(),
        user_names: BTreeMap::new(),
        listed_levels: BTreeMap::new(),
        levels: BTreeMap::new(),
        tokens: Collection::Complete(Vec::new()),
        requests: 1,
        stores: StoreFacts::default(),
    })
}

/// Puts another value somewhere into a document.
fn spoil(value: &mut Value, bytes: &mut impl Iterator<Item = u8>) {
    let mut next = || bytes.next().unwrap_or_default();
    let step = next();
    match value {
        Value::Array(items) if !step.is_multiple_of(8) && !items.is_empty() => {
            let index = usize::from(next()) % items.len();
            if let Some(item) = items.get_mut(index) {
                spoil(item, bytes);
            }
        }
        Value::Object(fields) if !step.is_multiple_of(8) && !fields.is_empty() => {
            let index = usize::from(next()) % fields.len();
            if let Some((_, field)) = fields.iter_mut().nth(index) {
                spoil(field, bytes);
            }
        }
        other => {
            *other = match next() % 16 {
                0 => Value::Null,
                1 => json!(u64::MAX),
                2 => json!(-1),
                3 => json!(1e308),
                4 => json!(""),
                5 => json!([]),
                6 => json!({}),
                7 => json!(true),
                8 => json!("x".repeat(usize::from(next()) * 16)),
                9 => (0..next() % 100).fold(json!([]), |inner, _| json!([inner])),
                10 => json!("9999-12-31T23:59:59Z"),
                11 => json!("-009999-01-02T00:00:00Z"),
                12 => json!("accounts/"),
                13 => json!(["accounts", "./accounts"]),
                14 => json!("\u{1b}[2J\u{202e}\n::add-mask::"),
                _ => json!(String::from_utf8_lossy(&[next(), next()])),
            };
        }
    }
}
