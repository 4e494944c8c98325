//! Tenants of one repository: what `{tenant}` stands for, and keys that tenants share.

use crate::code::Code;
use crate::decode::{List, Needed, Text};
use crate::finding::{Finding, Findings};
use crate::raw::{
    RawAge, RawAws, RawAzure, RawCommand, RawGcloud, RawGithub, RawKubernetes, RawOnePassword,
    RawReadyMade, RawStore, RawStoreKind, RawTenant, RawVault,
};
use crate::span::Span;
use crate::yaml::Origin;
use std::collections::BTreeSet;

/// What stands for a tenant that is not known: `validate` needs none.
const UNKNOWN: &str = "tenant";

/// What is known of the tenants of the files, from outside of the files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tenancy<'a> {
    /// What `{tenant}` stands for; none where the files decide.
    pub(crate) in_keys: Option<&'a str>,
    /// Files beside the tenant's that declare other tenants.
    pub(crate) others: &'a [String],
}

impl Tenancy<'_> {
    /// What `{tenant}` stands for.
    pub(super) fn in_keys(&self, tenant: Option<&RawTenant>) -> String {
        let declared = || {
            let address = tenant?.base_url.as_ref().filter(|text| text.is_known())?;
            model::tenant_in_keys(&address.value)
        };
        self.in_keys
            .map(str::to_owned)
            .or_else(declared)
            .unwrap_or_else(|| UNKNOWN.to_owned())
    }
}

/// Keys that lead to the same entry for each tenant.
#[derive(Debug, Default)]
pub(crate) struct SharedKeys {
    /// Stores that each tenant has for itself: its file declares them, or a variable names
    /// the place.
    own_stores: BTreeSet<String>,
    /// The file of the tenant. What is written there is the tenant's own.
    file: Option<u32>,
    /// Where the keys without `{tenant}` are.
    keys: BTreeSet<Span>,
}

impl SharedKeys {
    pub(super) fn new(tenant: Option<&RawTenant>, stores: &[(Text, RawStore)]) -> Self {
        let file = tenant.map(|tenant| tenant.head.file);
        let own_stores = stores
            .iter()
            .filter(|(name, store)| Some(name.span.file) == file || differs(&store.kind))
            .map(|(name, _)| name.value.clone())
            .collect();
        Self {
            own_stores,
            file,
            keys: BTreeSet::new(),
        }
    }

    /// Notes a key of this store, if it is the same for each tenant.
    pub(super) fn note(&mut self, store: &Text, key: &Text) {
        let is_own = Some(key.span.file) == self.file
            || self.own_stores.contains(&store.value)
            || [store, key]
                .into_iter()
                .any(|text| text.origin != Origin::Written);
        if !is_own && !key.value.contains("{tenant}") {
            self.keys.insert(key.span);
        }
    }

    /// Reports the keys, if the repository has other tenants.
    pub(super) fn report(self, tenancy: Tenancy<'_>, findings: &mut Findings) {
        let Some(first) = tenancy.others.first() else {
            return;
        };
        let more = match tenancy.others.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        for span in self.keys {
            findings.push(
                Finding::new(
                    Code::KeyOfAllTenants,
                    format!("store key without `{{tenant}}`, and {first}{more} declares another tenant"),
                )
                .at(span, "the same entry for each tenant")
                .help("begin the key with `{tenant}/`; or declare the store in the file of each tenant, at a place of its own"),
            );
        }
    }
}

/// Whether a variable names the place of a store, so that it can differ by tenant.
fn differs(kind: &RawStoreKind) -> bool {
    fn any<'a>(texts: impl IntoIterator<Item = Option<&'a Text>>) -> bool {
        texts
            .into_iter()
            .flatten()
            .any(|text| text.origin != Origin::Written)
    }
    fn words(list: Option<&List<Text>>) -> bool {
        any(list.iter().flat_map(|list| &list.items).map(Some))
    }
    match kind {
        RawStoreKind::Directory(path) => any([Some(path)]),
        RawStoreKind::Environment(environment) => any([environment.prefix.as_ref()]),
        RawStoreKind::Age(RawAge {
            directory: Needed(directory),
            ..
        }) => any([directory.as_ref()]),
        RawStoreKind::Command(RawCommand {
            put: Needed(put), ..
        }) => words(put.as_ref()),
        RawStoreKind::ReadyMade(ready_made) => match ready_made {
            RawReadyMade::Vault(RawVault {
                mount: Needed(mount),
                prefix,
                ..
            }) => any([mount.as_ref(), prefix.as_ref()]),
            RawReadyMade::Aws(RawAws { region, prefix, .. }) => {
                any([region.as_ref(), prefix.as_ref()])
            }
            RawReadyMade::Kubernetes(RawKubernetes {
                namespace: Needed(namespace),
                context,
                prefix,
                ..
            }) => any([namespace.as_ref(), context.as_ref(), prefix.as_ref()]),
            RawReadyMade::Github(RawGithub {
                repository: Needed(repository),
                environment_of,
                ..
            }) => any([repository.as_ref(), environment_of.as_ref()]),
            RawReadyMade::Gcloud(RawGcloud {
                project: Needed(place),
                prefix,
                ..
            })
            | RawReadyMade::Azure(RawAzure {
                vault: Needed(place),
                prefix,
                ..
            })
            | RawReadyMade::OnePassword(RawOnePassword {
                vault: Needed(place),
                prefix,
                ..
            }) => any([place.as_ref(), prefix.as_ref()]),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::load::{Options, load};
    use crate::source::SourceFile;

    const ACCOUNTS: &str = "steersman: v1
sources: [{name: S, owner: jane}]
serviceAccounts:
  - id: SA-1
    name: audit
    email: a@example.com
    purpose: p
    tokens: [{name: t, scopes: [sp:report:read], expires: 1d, rotate: never}]
";

    fn loaded(stores: &str, key: &str, tenant: &str, options: &Options) -> crate::Loaded {
        let defaults = format!(
            "{stores}defaults:\n  issuer: {{store: s, key: '{key}/issuer'}}\n  token: {{deliver: {{store: s, key: '{key}/t-{{token}}'}}}}\n"
        );
        let files = [
            ("a.yaml", format!("{ACCOUNTS}{defaults}")),
            ("tenants/prod.yaml", format!("steersman: v1\n{tenant}")),
        ];
        let files = files.map(|(path, text)| SourceFile {
            path: path.into(),
            bytes: text.into_bytes(),
        });
        load(files.into(), options)
    }

    const STORES: &str = "stores: {s: {directory: secrets}}\n";
    const TENANT: &str = "tenant: {baseUrl: https://acme.api.identitynow.com}\n";

    #[test]
    fn tokens_4_each_placeholder_is_filled_in() {
        let key = "{tenant}/{source}/{id}/{account}";
        let simulated = Options {
            tenant_in_keys: Some("simulated".to_owned()),
            ..Options::default()
        };
        for (options, tenant, expected) in [
            (Options::default(), TENANT, "acme/S/SA-1/audit"),
            (Options::default(), "tenant: {}\n", "tenant/S/SA-1/audit"),
            // What the operator says counts.
            (simulated, TENANT, "simulated/S/SA-1/audit"),
        ] {
            let loaded = loaded(STORES, key, tenant, &options);
            let spec = loaded.spec.unwrap();
            let account = spec.accounts.values().next().unwrap();
            let token = account.tokens.as_ref().unwrap().get("t").unwrap();
            let issuer = account.issuer.as_ref().unwrap();
            assert_eq!(issuer.key, format!("{expected}/issuer"));
            assert_eq!(token.deliver.key, format!("{expected}/t-t"));
        }
    }

    #[test]
    fn tokens_4_a_key_that_tenants_share_is_reported() {
        let others = Options {
            other_tenants: vec!["tenants/test.yaml".to_owned()],
            ..Options::default()
        };
        let count = |stores: &str, key: &str, tenant: &str, options: &Options| {
            let loaded = loaded(stores, key, tenant, options);
            assert!(loaded.spec.is_some(), "{:?}", loaded.diagnostics);
            let found = loaded.diagnostics.iter();
            found
                .filter(|found| found.code == Code::KeyOfAllTenants)
                .count()
        };
        for (key, expected) in [("{account}", 2), ("{tenant}/{account}", 0)] {
            assert_eq!(count(STORES, key, TENANT, &others), expected, "{key}");
        }
        let alone = Options::default();
        assert_eq!(count(STORES, "{account}", TENANT, &alone), 0);
        // Each tenant has a store of its own.
        let own = format!("{TENANT}{STORES}");
        assert_eq!(count("", "{account}", &own, &others), 0);
        let by_variable = "stores: {s: {directory: 'secrets/${STAGE:-prod}'}}\n";
        assert_eq!(count(by_variable, "{account}", TENANT, &others), 0);
    }
}
