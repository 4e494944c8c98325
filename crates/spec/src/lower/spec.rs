//! Entry point of lowering: the merged files to a spec.

use super::context::{Context, Partial};
use super::{account, address, notify, policy, source, store, token};
use crate::decode::Text;
use crate::finding::Findings;
use crate::merge::Merged;
use crate::places::PlaceMap;
use model::{Spec, TenantSettings};
use secrecy::SecretString;
use std::collections::{BTreeSet, HashMap};

/// Lowers the merged files.
pub(crate) fn lower(merged: Merged, findings: &mut Findings) -> Partial {
    let Merged {
        tenant,
        policy,
        notify,
        defaults,
        sources,
        stores,
        accounts,
        complete,
    } = merged;
    let mut context = Context {
        findings,
        places: PlaceMap::default(),
        complete,
        declared_sources: sources
            .iter()
            .map(|source| source.name.value.clone())
            .collect(),
        least_scopes: HashMap::new(),
        doubtful_sources: BTreeSet::new(),
    };
    let sources = source::lower(sources, &mut context);
    let stores = store::lower(stores, &mut context);
    let policy = policy.map(|policy| policy::lower(policy, &mut context));
    let receivers = notify.map(|receivers| notify::lower(receivers, &mut context));
    let defaults = token::Defaults::new(defaults, &stores, &mut context);
    let lowered = account::lower(accounts, &sources, &stores, &defaults, &mut context);
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
        doubtful: lowered.doubtful,
        doubtful_sources: context.doubtful_sources,
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
