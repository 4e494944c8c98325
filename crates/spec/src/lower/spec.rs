//! Entry point of lowering: the merged files to a spec.

use super::aside::Aside;
use super::context::{Context, Partial};
use super::ends::Ends;
use super::profiles::Profiles;
use super::shared_texts::SharedTexts;
use super::tenancy::{SharedKeys, Tenancy};
use super::{account, address, notify, policy, source, store, token};
use crate::decode::Text;
use crate::finding::Findings;
use crate::merge::{Complete, Merged};
use crate::places::PlaceMap;
use model::{Spec, TenantSettings};
use secrecy::SecretString;
use std::collections::{BTreeSet, HashMap};

/// Lowers the merged files.
pub(crate) fn lower(merged: Merged, tenancy: Tenancy<'_>, findings: &mut Findings) -> Partial {
    let Merged {
        tenant,
        policy,
        notify,
        defaults,
        sources,
        stores,
        lost_stores,
        profiles,
        lost_profiles,
        accounts,
        complete,
    } = merged;
    let mut context = Context {
        findings,
        places: PlaceMap::default(),
        complete: Complete {
            // One that could not be read, or has no name, can be any.
            sources: complete.sources && sources.iter().all(|source| source.name.0.is_some()),
            ..complete
        },
        declared_sources: sources
            .iter()
            .filter_map(|source| source.name.0.as_ref())
            .map(|name| name.value.clone())
            .collect(),
        declared_stores: stores
            .iter()
            .map(|(name, _)| name.value.clone())
            .chain(lost_stores)
            .collect(),
        aside: Aside::default(),
        least_scopes: HashMap::new(),
        doubtful_attributes: BTreeSet::new(),
        doubtful_mappings: BTreeSet::new(),
        tenant_in_keys: tenancy.in_keys(tenant.as_ref()),
        shared_keys: SharedKeys::new(tenant.as_ref(), &stores),
        ends: Ends::default(),
        texts: SharedTexts::default(),
    };
    let sources = source::lower(sources, &mut context);
    let stores = store::lower(stores, &mut context);
    let policy = policy.map(|policy| policy::lower(policy, &mut context));
    let receivers = notify.map(|receivers| notify::lower(receivers, &mut context));
    let defaults = token::Defaults::new(defaults, &stores, &mut context);
    let profiles = Profiles::lower(profiles, lost_profiles, &defaults, &stores, &mut context);
    let inputs = account::Inputs {
        sources: &sources,
        stores: &stores,
        defaults: &defaults,
        profiles: &profiles,
    };
    let lowered = account::lower(accounts, inputs, &mut context);
    std::mem::take(&mut context.shared_keys).report(tenancy, context.findings);
    let address = tenant
        .as_ref()
        .and_then(|tenant| tenant.base_url.as_ref())
        .map(|address| address.span);
    let tenant = tenant.map(|tenant| settings(tenant, context.findings));
    Partial {
        address,
        receivers: receivers.unwrap_or_default(),
        spec: Spec {
            tenant: tenant.unwrap_or_default(),
            // Their places are known where the texts are.
            notify: Vec::new(),
            sources,
            stores,
            policy: policy.unwrap_or_default(),
            accounts: lowered.accounts,
        },
        ends: context.ends,
        aside: context.aside,
        doubtful: lowered.doubtful,
        doubtful_attributes: context.doubtful_attributes,
        doubtful_mappings: context.doubtful_mappings,
        places: context.places,
    }
}

/// How to reach the tenant. Variables often end with a line break that nobody sees.
fn settings(tenant: crate::raw::RawTenant, findings: &mut Findings) -> TenantSettings {
    let crate::raw::RawTenant {
        head: _,
        broken: _,
        base_url,
        client_id,
        client_secret,
    } = tenant;
    if let Some(address) = &base_url {
        address::check(address, findings);
    }
    let trimmed = |text: Text| text.value.trim().to_owned();
    TenantSettings {
        base_url: base_url.map(trimmed),
        declared_at: None,
        client_id: client_id.map(trimmed),
        client_secret: client_secret.map(|text| SecretString::from(trimmed(text))),
    }
}
