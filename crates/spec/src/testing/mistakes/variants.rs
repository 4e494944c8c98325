//! The mistakes: what is written in a part instead, and what is told of it.

use super::draft::Draft;
use super::plant::{OfAccount, OfSource, OfToken, Slot};
use crate::code::Code;

/// A mistake. `§` in its text is the place of a code, in the order of the codes; codes
/// without one point at what names the object. `^` marks what names it, `%` is the
/// number of the object, and `#` that of the one before.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) text: &'static str,
    pub(super) codes: &'static [Code],
    needs: Needs,
}

/// Which other parts a mistake needs as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// The object before, with its name.
    Before,
    /// The scopes of the account's tokens.
    Scopes,
    /// The lifetime of the token.
    Lifetime,
    /// The attributes of the source that the account is on, and its kind.
    Attributes,
    /// The names of the sources.
    Sources,
    /// The email addresses of all accounts.
    Accounts,
}

const fn one(text: &'static str, codes: &'static [Code]) -> Variant {
    Variant {
        text,
        codes,
        needs: Needs::Nothing,
    }
}

const fn needing(text: &'static str, codes: &'static [Code], needs: Needs) -> Variant {
    Variant { text, codes, needs }
}

use Code::{
    DuplicateAccountId, DuplicateAccountName, DuplicateAttribute, DuplicateKey, DuplicateProfile,
    DuplicateSource, DuplicateToken, Duration, EmailForm, Empty, ExclusiveKeys, ForbiddenLevel,
    IgnoredScope, IncompatibleLevels, LifetimeTooLong, LongDescription, MissingKey,
    NoKeyPlaceholder, NoScopes, OutOfRange, RepeatedItem, ReservedName, RotationMisfit,
    TenantAddress, UnknownAccountProfile, UnknownAttribute, UnknownCall, UnknownChoice, UnknownKey,
    UnknownLevel, UnknownMappingSource, UnknownMappingTarget, UnknownPlaceholder, UnknownScope,
    UnknownSource, UnknownStore, UnneededLevel, UnsafeText, UnsetVariable, WrongType,
};

/// The mistakes that a part can have.
pub(super) fn of(slot: Slot) -> &'static [Variant] {
    match slot {
        Slot::Tenant => TENANT,
        Slot::Defaults => DEFAULTS,
        Slot::Policy => POLICY,
        Slot::Sections => SECTIONS,
        Slot::Store(0) => FIRST_STORE,
        Slot::Store(_) => STORE,
        Slot::Profile(_) => PROFILE,
        Slot::Source(_, of) => of_source(of),
        Slot::Account(_, of) => of_account(of),
        Slot::Token(_, _, of) => of_token(of),
    }
}

const TENANT: &[Variant] = &[
    one(
        "tenant:\n  baseUrl: §acme.api.identitynow.com\n",
        &[TenantAddress],
    ),
    one("tenant:\n  §clientID: ${SAIL_CLIENT_ID}\n", &[UnknownKey]),
];

const DEFAULTS: &[Variant] = &[
    one(
        "defaults:\n  issuer: {store: local, key: '{account}/issuer'}\n  token:\n    §colour: red\n    deliver: {store: local, key: '{account}/{token}'}\n",
        &[UnknownKey],
    ),
    one(
        "defaults:\n  issuer: {store: local, key: '{account}/issuer'}\n  token:\n    deliver: {§stor: local, key: '{account}/{token}'}\n",
        &[UnknownKey],
    ),
    one(
        "defaults:\n  issuer: {store: local, key: '{account}/issuer'}\n  token: {deliver: {store: §lokal, key: '{account}/{token}'}}\n",
        &[UnknownStore],
    ),
    one(
        "defaults:\n  issuer: {store: local, key: '§{acount}/{account}'}\n  token: {deliver: {store: local, key: '{account}/{token}'}}\n",
        &[UnknownPlaceholder],
    ),
    one(
        "defaults:\n  issuer: {store: local, key: '{account}/issuer'}\n  token: {deliver: {store: local, key: '§${PREFIX}/{account}/{token}'}}\n",
        &[UnsetVariable],
    ),
    one(
        "defaults:\n  issuer: §local\n  token: {deliver: {store: local, key: '{account}/{token}'}}\n",
        &[WrongType],
    ),
    one(
        "§defualts: {issuer: {store: local, key: '{account}/issuer'}}\n",
        &[UnknownKey],
    ),
];

const POLICY: &[Variant] = &[
    one(
        "policy:\n  forbidUserLevels: [ORG_ADMIN]\n  maxTokenLifetime: 180d\n  limits: {§deleteAcounts: 2}\n",
        &[UnknownKey],
    ),
    one(
        "policy:\n  §maxLife: 180d\n  forbidUserLevels: [ORG_ADMIN]\n  maxTokenLifetime: 180d\n",
        &[UnknownKey],
    ),
    one(
        "policy:\n  limits: {deleteAccounts: §-1}\n  maxTokenLifetime: 180d\n  forbidUserLevels: [ORG_ADMIN]\n",
        &[WrongType],
    ),
];

const SECTIONS: &[Variant] = &[
    one("§nope: 1\n", &[UnknownKey]),
    one("§serviceAcounts: []\n", &[UnknownKey]),
];

const FIRST_STORE: &[Variant] = &[
    one("  local: §secrets\n", &[WrongType]),
    one("  local:\n    directory: §''\n", &[Empty]),
    one("  local: {§directry: secrets}\n", &[UnknownKey]),
    one(
        "  local: {directory: a, §command: {put: [a, '{key}'], get: [a, '{key}']}}\n",
        &[ExclusiveKeys],
    ),
];

const STORE: &[Variant] = &[
    one(
        "  own:\n    command:\n      §put: [put]\n      get: [get, '{key}']\n",
        &[NoKeyPlaceholder],
    ),
    one("  own: {§vault: {prefix: x}}\n", &[MissingKey]),
    one(
        "  own: {§§age: {recipients: [§x]}}\n",
        &[MissingKey, MissingKey, WrongType],
    ),
    one(
        "  own: {§command: {get: [get, '{key}'], delete: [rm, '§{kex}']}}\n",
        &[MissingKey, UnknownPlaceholder],
    ),
];

const PROFILE: &[Variant] = &[
    one("  %: {§colour: red}\n", &[UnknownKey]),
    needing(
        "  %: {§email: iam@example.com}\n",
        &[UnknownKey],
        Needs::Accounts,
    ),
    one("  %: {§usrLevels: [SOURCE_ADMIN]}\n", &[UnknownKey]),
    one(
        "  %: {§deliver: {store: local, key: 'q/{account}/{token}'}}\n",
        &[UnknownKey],
    ),
    one("  %: {issuer: {store: §lokal}}\n", &[UnknownStore]),
    one("  %: {issuer: §local}\n", &[WrongType]),
    one(
        "  %: {issuer: {store: local, key: '%/§{acount}/{account}'}}\n",
        &[UnknownPlaceholder],
    ),
    one("  %: {token: §local}\n", &[WrongType]),
    one("  %: {token: {deliver: §local}}\n", &[WrongType]),
    one("  %: {token: {§deliver: {store: local}}}\n", &[MissingKey]),
    one(
        "  %: {token: {deliver: {store: §lokal, key: '%/{account}/{token}'}}}\n",
        &[UnknownStore],
    ),
    one(
        "  %: {token: {deliver: {§stor: local, key: '%/{account}/{token}'}}}\n",
        &[UnknownKey],
    ),
    one("  %: {token: {accessTokenValidity: §13h}}\n", &[OutOfRange]),
    one("  %: {token: {expires: §90}}\n", &[Duration]),
    one("  %: {token: {rotate: {before: §soon}}}\n", &[Duration]),
    one("  %: {userLevels: §SOURCE_ADMIN}\n", &[WrongType]),
    one("  %: {attributes: {region: §[eu]}}\n", &[WrongType]),
    one("  %: §[local]\n", &[WrongType]),
    one(
        "  %: {issuer: {§stroe: local}, token: {§colour: red}}\n",
        &[UnknownKey, UnknownKey],
    ),
];

fn of_source(of: OfSource) -> &'static [Variant] {
    match of {
        OfSource::Name => {
            const {
                &[
                    needing("§name: {a: b}\n", &[WrongType], Needs::Sources),
                    needing("", &[MissingKey], Needs::Sources),
                    needing("name: ^Source #\n", &[DuplicateSource], Needs::Before),
                ]
            }
        }
        OfSource::Owner => {
            const {
                &[
                    one("", &[MissingKey]),
                    one("owner: §[jane.doe]\n", &[WrongType]),
                    one("owner: {§mail: jane.doe@example.com}\n", &[UnknownKey]),
                ]
            }
        }
        OfSource::Description => const { &[one("description: §''\n", &[Empty]), LONG] },
        OfSource::Threshold => {
            const {
                &[
                    one("deleteThreshold: §101\n", &[OutOfRange]),
                    one("deleteThreshold: §ten\n", &[WrongType]),
                ]
            }
        }
        OfSource::Attributes => {
            const {
                &[
                    one(
                        "attributes: [{name: team}, {name: §team}, {name: region}]\n",
                        &[DuplicateAttribute],
                    ),
                    one(
                        "attributes: [{name: §purpose}, {name: team}, {name: region}]\n",
                        &[DuplicateAttribute],
                    ),
                    needing(
                        "attributes: [§team, {name: region}]\n",
                        &[WrongType],
                        Needs::Attributes,
                    ),
                ]
            }
        }
        OfSource::Unmanaged => const { &[one("unmanaged: §kep\n", &[UnknownChoice])] },
        OfSource::ProfileName => {
            const {
                &[
                    one("§nme: Profile\n", &[UnknownKey]),
                    needing("name: §Profile #\n", &[DuplicateProfile], Needs::Before),
                ]
            }
        }
        OfSource::Mappings => {
            const {
                &[
                    needing(
                        "mappings: {uid: name, lastname: §nme}\n",
                        &[UnknownMappingSource],
                        Needs::Attributes,
                    ),
                    one(
                        "mappings: {uid: name, §lstname: name}\n",
                        &[UnknownMappingTarget],
                    ),
                    one("mappings: {uid: name, lastname: §[name]}\n", &[WrongType]),
                ]
            }
        }
        OfSource::Extra => {
            const {
                &[
                    one("§colour: red\n", &[UnknownKey]),
                    needing("managed: §maybe\n", &[WrongType], Needs::Attributes),
                ]
            }
        }
    }
}

const LONG: Variant = one(
    "description: §this description is much too long for a source, because it says each thing three times, and then once more, and it goes on and on until nobody reads it any more, which is what it was for, and after that there are still more words, and then the end of it, and a bit of it is said again\n",
    &[LongDescription],
);

fn of_account(of: OfAccount) -> &'static [Variant] {
    match of {
        OfAccount::Identity => {
            const {
                &[
                    one("name: ^somename-%\n", &[MissingKey]),
                    one("id: ^X-%\n", &[MissingKey]),
                    one("§id:\nname: ^other-%\n", &[WrongType]),
                    one("§hue: red\n", &[UnknownKey, MissingKey, MissingKey]),
                    needing(
                        "id: ^SA-#\nname: own-%\n",
                        &[DuplicateAccountId],
                        Needs::Before,
                    ),
                    needing(
                        "id: ^SA-#\nname: audit#\n",
                        &[DuplicateAccountId],
                        Needs::Before,
                    ),
                    needing(
                        "id: ^Y-%\nname: §audit#\n",
                        &[DuplicateAccountName],
                        Needs::Before,
                    ),
                    one("id: ^Z-%\n§nmae: x\n", &[UnknownKey]),
                ]
            }
        }
        OfAccount::Source => {
            const {
                &[needing(
                    "source: §Nowhere %\n",
                    &[UnknownSource],
                    Needs::Sources,
                )]
            }
        }
        OfAccount::Email => {
            const {
                &[
                    one("email: §nomail\n", &[EmailForm]),
                    one("", &[MissingKey]),
                    one("email: §[a]\n", &[WrongType]),
                ]
            }
        }
        OfAccount::Purpose => {
            const {
                &[
                    one("", &[MissingKey]),
                    one("§purpose:\n", &[WrongType]),
                    one("purpose: §\"two\\nlines\"\n", &[UnsafeText]),
                ]
            }
        }
        OfAccount::Attributes => {
            const {
                &[
                    needing(
                        "attributes: {§tem: iam}\n",
                        &[UnknownAttribute],
                        Needs::Attributes,
                    ),
                    one("attributes: {team: §[iam]}\n", &[WrongType]),
                ]
            }
        }
        OfAccount::Levels => {
            const {
                &[
                    needing(
                        "userLevels: [§ORG_ADMIN]\n",
                        &[ForbiddenLevel],
                        Needs::Scopes,
                    ),
                    one("userLevels: [§SOURCE_ADMN]\n", &[UnknownLevel]),
                    one(
                        "userLevels: [SOURCE_ADMIN, §SOURCE_SUBADMIN]\n",
                        &[IncompatibleLevels],
                    ),
                    one("userLevels: §SOURCE_ADMIN\n", &[WrongType]),
                    one("§userLevels:\n", &[WrongType]),
                    needing(
                        "userLevels: [§CERT_ADMIN, SOURCE_ADMIN]\n",
                        &[UnneededLevel],
                        Needs::Scopes,
                    ),
                    needing(
                        "userLevels: [SOURCE_ADMIN, §SOURCE_ADMIN]\n",
                        &[RepeatedItem],
                        Needs::Scopes,
                    ),
                ]
            }
        }
        OfAccount::Profile => const { &[one("profile: §nowhere%\n", &[UnknownAccountProfile])] },
        OfAccount::Issuer => {
            const {
                &[
                    one("issuer: {store: §lokal, key: a%}\n", &[UnknownStore]),
                    one(
                        "issuer: {store: local, key: 'b%/§{acount}'}\n",
                        &[UnknownPlaceholder],
                    ),
                    one("issuer: §local\n", &[WrongType]),
                ]
            }
        }
        OfAccount::Extra => {
            const {
                &[
                    one("§colour: red\n", &[UnknownKey]),
                    one("previously: {§nme: x}\n", &[UnknownKey]),
                    one(
                        "previously: {id: x%}\n§previously: {id: y%}\n",
                        &[DuplicateKey],
                    ),
                ]
            }
        }
    }
}

fn of_token(of: OfToken) -> &'static [Variant] {
    match of {
        OfToken::Name => {
            const {
                &[
                    one("", &[MissingKey]),
                    one("§name:\n", &[WrongType]),
                    one("§nam: x\n", &[UnknownKey]),
                    one("name: ^§steersman-issuer~x%\n", &[ReservedName]),
                    needing("name: ^t#\n", &[DuplicateToken], Needs::Before),
                ]
            }
        }
        OfToken::Permissions => {
            const {
                &[
                    one("scopes: [§idn:sources:manag]\n", &[UnknownScope]),
                    one("§scopes: []\n", &[NoScopes]),
                    one("scopes: §idn:sources:manage\n", &[WrongType]),
                    one("§scope: [idn:sources:manage]\n", &[UnknownKey]),
                    one("", &[MissingKey]),
                    one(
                        "scopes: [sp:scopes:all, §sp:search:read]\n",
                        &[IgnoredScope],
                    ),
                    one(
                        "scopes: [idn:sources:manage, §idn:sources:manage]\n",
                        &[RepeatedItem],
                    ),
                    one("calls: [§POST /serch/v1]\n", &[UnknownCall]),
                    one(
                        "scopes: [idn:sources:manage]\n§calls: [§POST /serch/v1]\n",
                        &[ExclusiveKeys, UnknownCall],
                    ),
                ]
            }
        }
        OfToken::Validity => {
            const {
                &[
                    one("accessTokenValidity: §13h\n", &[OutOfRange]),
                    one("accessTokenValidity: §soon\n", &[Duration]),
                ]
            }
        }
        OfToken::Expires => {
            const {
                &[
                    one("expires: §400d\n", &[LifetimeTooLong]),
                    one("expires: §90\n", &[Duration]),
                ]
            }
        }
        OfToken::Rotate => {
            const {
                &[
                    needing(
                        "§rotate: {before: 500d}\n",
                        &[RotationMisfit],
                        Needs::Lifetime,
                    ),
                    one("§rotate: {window: 'Sat 02:00-05:00 UTC'}\n", &[MissingKey]),
                    one("rotate: {before: §soon}\n", &[Duration]),
                ]
            }
        }
        OfToken::Deliver => {
            const {
                &[
                    one(
                        "deliver: {store: §lokal, key: 'c%/{account}/{token}'}\n",
                        &[UnknownStore],
                    ),
                    one(
                        "deliver: {store: local, key: '§{tokn}/d%/{account}'}\n",
                        &[UnknownPlaceholder],
                    ),
                    one("§deliver: {store: local}\n", &[MissingKey]),
                    one("§deliver: {store: §lokal}\n", &[MissingKey, UnknownStore]),
                    one("deliver: §local\n", &[WrongType]),
                ]
            }
        }
        OfToken::Extra => {
            const {
                &[
                    one("§colour: red\n", &[UnknownKey]),
                    one("purpose: §''\n", &[Empty]),
                ]
            }
        }
    }
}

/// The parts that have to stay as they are; none where the mistake cannot be made here.
pub(super) fn needs(slot: Slot, variant: &Variant, draft: &Draft) -> Option<Vec<Slot>> {
    let permissions = |account: usize| -> Vec<Slot> {
        (0..draft.accounts[account].tokens.len())
            .flat_map(|token| {
                [OfToken::Permissions, OfToken::Name].map(|of| Slot::Token(account, token, of))
            })
            .collect()
    };
    let all_sources = |of: &[OfSource]| -> Vec<Slot> {
        (0..draft.sources.len())
            .flat_map(|source| of.iter().map(move |of| Slot::Source(source, *of)))
            .collect()
    };
    let kind = [OfSource::Name, OfSource::Attributes, OfSource::Extra];
    match (variant.needs, slot) {
        (Needs::Nothing, _) => Some(Vec::new()),
        (Needs::Before, Slot::Source(source, OfSource::Name)) if source > 0 => {
            let mut needed =
                all_sources(&[OfSource::Name, OfSource::Attributes, OfSource::ProfileName]);
            needed.retain(|needed| *needed != slot);
            needed.extend(accounts(draft, OfAccount::Attributes));
            needed.extend(accounts(draft, OfAccount::Source));
            let name = format!("Source {source}\n");
            let is_used = draft
                .accounts
                .iter()
                .any(|account| account.source.ends_with(&name));
            (!is_used).then_some(needed)
        }
        (Needs::Before, Slot::Source(source, OfSource::ProfileName)) if source > 0 => Some(vec![
            Slot::Source(source - 1, OfSource::ProfileName),
            Slot::Source(source - 1, OfSource::Name),
            Slot::Source(source, OfSource::Name),
        ]),
        (Needs::Before, Slot::Account(account, _)) if account > 0 => {
            let same = draft.accounts[account].source == draft.accounts[account - 1].source;
            let needed = vec![
                Slot::Account(account - 1, OfAccount::Identity),
                Slot::Account(account - 1, OfAccount::Source),
                Slot::Account(account, OfAccount::Source),
            ];
            same.then_some(needed)
        }
        (Needs::Before, Slot::Token(account, token, _)) if token > 0 => {
            Some(vec![Slot::Token(account, token - 1, OfToken::Name)])
        }
        (Needs::Scopes, Slot::Account(account, _)) => {
            let is_admin = draft.accounts[account].levels.contains("SOURCE_ADMIN");
            let has_tokens = !draft.accounts[account].tokens.is_empty();
            (is_admin && has_tokens).then(|| permissions(account))
        }
        (Needs::Lifetime, Slot::Token(account, token, _)) => Some(vec![
            Slot::Token(account, token, OfToken::Expires),
            Slot::Account(account, OfAccount::Profile),
            Slot::Defaults,
            Slot::Profile(0),
            Slot::Profile(1),
        ]),
        (Needs::Attributes, Slot::Account(_, _)) => Some(all_sources(&kind)),
        (Needs::Attributes, Slot::Source(source, _)) => {
            let mut needed: Vec<Slot> = kind
                .iter()
                .map(|of| Slot::Source(source, *of))
                .filter(|needed| *needed != slot)
                .collect();
            needed.push(Slot::Source(source, OfSource::Mappings));
            needed.push(Slot::Source(source, OfSource::Owner));
            needed.retain(|needed| *needed != slot);
            needed.extend(accounts(draft, OfAccount::Attributes));
            Some(needed)
        }
        (Needs::Accounts, _) => Some(accounts(draft, OfAccount::Email)),
        (Needs::Sources, Slot::Account(_, _)) => Some(all_sources(&[OfSource::Name])),
        (Needs::Sources, Slot::Source(_, _)) => {
            // Accounts are on it by its name.
            let mut needed = accounts(draft, OfAccount::Source);
            needed.extend(accounts(draft, OfAccount::Attributes));
            Some(needed)
        }
        (
            Needs::Before | Needs::Scopes | Needs::Lifetime | Needs::Attributes | Needs::Sources,
            _,
        ) => None,
    }
}

fn accounts(draft: &Draft, of: OfAccount) -> Vec<Slot> {
    (0..draft.accounts.len())
        .map(|account| Slot::Account(account, of))
        .collect()
}
