//! Properties of every adopted spec: it is valid, it is true, and its plan is empty.

use crate::testing::planner::ProductPlanner;
use crate::testing::tenants::{NOW, SECRET, SOURCE, odd, tame};
use crate::{AdoptError, Adopted, AdoptedFile, Layout, Selection, adopt};
use model::{Collection, Live, LiveSource, NativeIdentity, Redactor, Spec};
use planner::Allowances;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_adopted_plans_to_nothing(
        live in odd(),
        split in any::<bool>(),
        picked in prop::option::weighted(0.3, prop::collection::btree_set(0..6_usize, 0..4)),
    ) {
        let source = only_source(&live);
        let selection = picked
            .map_or(Selection::All, |picked| Selection::Only(some_of(source, &picked)));
        let layout = if split { Layout::By("purpose".into()) } else { Layout::OneFile };
        let adopted = match adopt(&ProductPlanner, &live, &source.name, &selection, &layout, &Redactor::default()) {
            Ok(adopted) => adopted,
            Err(AdoptError::NoOwner(_)) => {
                prop_assert!(!can_be_named(&live, source));
                return Ok(());
            }
            // planner_28: the first plan would not be empty.
            Err(AdoptError::ProcessingDue { .. }) => {
                let profile = source.profile.found().as_ref();
                prop_assert!(profile.is_some_and(|profile| profile.refresh_required));
                return Ok(());
            }
            // Only a source whose name no file can contain.
            Err(AdoptError::Undeclarable { .. }) => {
                prop_assert!(source.name.as_str() != SOURCE);
                return Ok(());
            }
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let spec = read(&adopted.files);
        let text: String = adopted.files.iter().map(|file| file.text.as_str()).collect();
        let spec = spec.map_err(|errors| TestCaseError::fail(format!("{errors}\n{text}")))?;
        prop_assert!(spec.digest() == adopted.spec.digest());

        let plan = planner::plan(&spec, &live, NOW, &Allowances::default());
        let steps: Vec<String> = plan
            .steps
            .iter()
            .map(|step| format!("{} {}", step.action, step.address))
            .collect();
        prop_assert!(steps.is_empty(), "{steps:?}\n{text}");
        prop_assert!(plan.problems.is_empty() && plan.blocked.is_empty(), "{text}");
        prop_assert!(plan.guards.is_empty() && plan.incomplete.is_empty());
        prop_assert!(!text.contains(SECRET), "{text}");

        // Every account is declared or counted as left out.
        let there = source.accounts.found().len();
        prop_assert_eq!(spec.accounts.len() + adopted.left_out, there, "{}", text);
    }

    #[test]
    fn all_that_a_spec_can_say_is_said(live in tame(), split in any::<bool>()) {
        let layout = if split { Layout::By("team".into()) } else { Layout::OneFile };
        let adopted = adopt(&ProductPlanner, &live, &SOURCE.into(), &Selection::All, &layout, &Redactor::default()).unwrap();
        let spec = read(&adopted.files).unwrap();
        let source = only_source(&live);
        let declared = spec.sources[SOURCE].managed().unwrap();
        prop_assert_eq!(&declared.description, &source.description);
        prop_assert_eq!(
            declared.delete_threshold.map(i64::from),
            source.delete_threshold
        );
        prop_assert_eq!(
            declared.identity_profile.as_ref().map(|profile| profile.mappings.len()),
            source.profile.found().as_ref().map(|_| 2)
        );
        prop_assert_eq!(spec.accounts.len(), source.accounts.found().len());
        for account in source.accounts.found() {
            let declared = &spec.accounts[account.native_identity.as_str()];
            let identity = account.identity.clone().unwrap();
            prop_assert_eq!(&declared.row.as_ref().unwrap().cells(), &account.cells);
            prop_assert_eq!(
                declared.user_levels.as_ref(),
                live.levels[&identity].complete().ok()
            );
            let owned: BTreeSet<_> = live
                .tokens
                .found()
                .iter()
                .filter(|token| token.owner == identity)
                .map(|token| token.name.clone())
                .collect();
            let tokens = declared.tokens.clone().unwrap_or_default();
            prop_assert_eq!(tokens.keys().cloned().collect::<BTreeSet<_>>(), owned);
        }
    }

    #[test]
    fn the_order_of_the_answers_does_not_matter(live in odd()) {
        let source = only_source(&live).name.clone();
        let texts = |live: &Live| -> Result<Vec<AdoptedFile>, String> {
            adopt(&ProductPlanner, live, &source, &Selection::All, &Layout::OneFile, &Redactor::default())
                .map(|adopted: Adopted| adopted.files)
                .map_err(|error| error.to_string())
        };
        let mut shuffled = live.clone();
        for found in shuffled.sources.values_mut() {
            if let Collection::Complete(Some(found)) = found
                && let Collection::Complete(accounts) = &mut found.accounts
            {
                accounts.reverse();
            }
        }
        if let Collection::Complete(tokens) = &mut shuffled.tokens {
            tokens.reverse();
        }
        prop_assert_eq!(texts(&live), texts(&shuffled));
    }
}

fn only_source(live: &Live) -> &LiveSource {
    live.sources
        .values()
        .next()
        .unwrap()
        .found()
        .as_ref()
        .unwrap()
}

fn some_of(source: &LiveSource, picked: &BTreeSet<usize>) -> BTreeSet<NativeIdentity> {
    let accounts = source.accounts.found().iter().enumerate();
    accounts
        .filter(|(number, _)| picked.contains(number))
        .map(|(_, account)| account.native_identity.clone())
        .collect()
}

fn can_be_named(live: &Live, source: &LiveSource) -> bool {
    live.owners.values().any(|found| {
        found
            .complete()
            .is_ok_and(|found| found.is_some() && found == &source.owner)
    })
}

/// The files as the program reads them.
fn read(files: &[AdoptedFile]) -> Result<Spec, String> {
    let names: BTreeMap<&str, usize> = files
        .iter()
        .map(|file| (file.name.as_str(), file.text.len()))
        .collect();
    assert_eq!(names.len(), files.len(), "two files of one name");
    let loaded = spec::load(
        files
            .iter()
            .map(|file| spec::SourceFile {
                path: file.name.as_str().into(),
                bytes: file.text.clone().into_bytes(),
            })
            .collect(),
        &spec::Options::default(),
    );
    loaded
        .spec
        .ok_or_else(|| format!("{:#?}", loaded.diagnostics))
}
