//! What the files declare of tokens, and the text of the files.

use crate::random::Random;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tests::scale;

/// The names that tokens can have.
pub(crate) const NAMES: [&str; 2] = ["job", "feed"];
const SCOPES: [&str; 3] = [
    "idn:campaign-template:read",
    "sp:search:read",
    "sp:report:read",
];
/// A directory, and programs that can be made to fail.
pub(crate) const STORES: [&str; 2] = ["local", "other"];

/// All that the files declare.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) accounts: Vec<BTreeMap<&'static str, Token>>,
    pub(crate) revoke_undeclared: bool,
    pub(crate) issuer_rotation: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) scopes: Vec<&'static str>,
    pub(crate) days: i64,
    /// Days before its end, hours of overlap, and hours at most.
    pub(crate) rotate: Option<(i64, i64, i64)>,
    pub(crate) rotation: u32,
    pub(crate) store: &'static str,
    /// A part of the key, so that a delivery can move.
    pub(crate) folder: usize,
}

impl Declared {
    pub(crate) fn beginning(accounts: usize, random: &mut Random) -> Self {
        let accounts = (0..accounts)
            .map(|_| BTreeMap::from([("job", Token::any(random))]))
            .collect();
        Self {
            accounts,
            revoke_undeclared: false,
            issuer_rotation: 0,
        }
    }

    /// Changes one thing, and says what.
    pub(crate) fn edit(&mut self, random: &mut Random) -> String {
        match random.below(20) {
            0 => {
                self.revoke_undeclared = !self.revoke_undeclared;
                return format!("undeclared tokens are revoked: {}", self.revoke_undeclared);
            }
            1 => {
                self.issuer_rotation += 1;
                return format!("issuers rotate: {}", self.issuer_rotation);
            }
            _ => {}
        }
        let account = random.below(self.accounts.len());
        let name = random.one(&NAMES);
        let tokens = &mut self.accounts[account];
        let Some(token) = tokens.get_mut(name) else {
            tokens.insert(name, Token::any(random));
            return format!("{account}/{name} is declared");
        };
        let what = match random.below(12) {
            0 => {
                tokens.remove(name);
                return format!("{account}/{name} is declared no more");
            }
            1 | 2 => {
                token.scopes = Token::some_scopes(random);
                "scopes"
            }
            3 | 4 => {
                token.days = random.one(&DAYS);
                "end"
            }
            5 | 6 => {
                token.rotate = Token::any_rotation(random);
                "rotation"
            }
            7 | 8 => {
                token.folder = 1 - token.folder;
                "place"
            }
            9 => {
                token.store = random.one(&STORES);
                "store"
            }
            _ => {
                token.rotation += 1;
                "rotation number"
            }
        };
        format!("{account}/{name}: another {what}: {token:?}")
    }

    /// The text of both files.
    pub(crate) fn texts(&self) -> [(&'static str, String); 2] {
        let shared = scale::repository(1, 1).remove(0).1;
        let program = |verb: &str| format!("[sh, tools/store.sh, {verb}, '{{key}}']");
        let stores = format!(
            "  local: {{directory: secrets/local}}\n  other: {{command: {{get: {}, put: {}, delete: {}, notFound: {{exitCodes: [3]}}}}}}",
            program("get"),
            program("put"),
            program("delete")
        );
        let shared = shared.replace("  local: {directory: secrets}", &stores);
        let issuer = format!(
            "key: \"{{account}}/issuer\", expires: 60d, rotate: {{before: 15d}}, rotation: {}",
            self.issuer_rotation
        );
        let shared = shared.replace("key: \"{account}/issuer\"", &issuer);
        let policy = if self.revoke_undeclared {
            "revoke"
        } else {
            "report"
        };
        let mut text =
            format!("steersman: v1\npolicy: {{unmanagedTokens: {policy}}}\nserviceAccounts:\n");
        for (number, tokens) in self.accounts.iter().enumerate() {
            let name = scale::name(number);
            let _ = writeln!(
                text,
                "  - id: {}\n    name: {name}\n    email: {name}@example.com\n    purpose: Trying things at scale\n    userLevels: [{}]",
                scale::id(number),
                scale::levels(number).join(", ")
            );
            text += if tokens.is_empty() {
                "    tokens: []\n"
            } else {
                "    tokens:\n"
            };
            for (token, declared) in tokens {
                text += &declared.yaml(number, token);
            }
        }
        [
            ("spec/steersman.yaml", shared),
            ("spec/accounts.yaml", text),
        ]
    }
}

const DAYS: [i64; 4] = [10, 20, 30, 60];

impl Token {
    fn any(random: &mut Random) -> Self {
        Self {
            scopes: Self::some_scopes(random),
            days: random.one(&DAYS),
            rotate: Self::any_rotation(random),
            rotation: 0,
            store: random.one(&STORES),
            folder: 0,
        }
    }

    fn some_scopes(random: &mut Random) -> Vec<&'static str> {
        let some = random.some(&SCOPES, 50);
        if some.is_empty() {
            vec![SCOPES[0]]
        } else {
            some
        }
    }

    fn any_rotation(random: &mut Random) -> Option<(i64, i64, i64)> {
        let rotations = [
            None,
            Some((3, 24, 24)),
            Some((6, 24, 96)),
            Some((6, 48, 72)),
            Some((8, 12, 12)),
        ];
        random.one(&rotations)
    }

    /// The shortest and the longest time that a replaced token is kept.
    pub(crate) fn overlap(&self) -> (jiff::SignedDuration, jiff::SignedDuration) {
        let hours = jiff::SignedDuration::from_hours;
        match self.rotate {
            // As docs/tokens.md has it where nothing is declared.
            None => (hours(24), hours(24)),
            Some((_, min, max)) => (hours(min), hours(max)),
        }
    }

    /// Where its secret is, below the folder of the world.
    pub(crate) fn file(&self, account: usize, name: &str) -> String {
        format!("secrets/{}/{}", self.store, self.key(account, name))
    }

    fn key(&self, account: usize, name: &str) -> String {
        format!("{}/{}/{name}", scale::name(account), self.folder)
    }

    fn yaml(&self, account: usize, name: &str) -> String {
        let mut text = format!(
            "      - name: {name}\n        scopes: [{}]\n        expires: {}d\n",
            self.scopes.join(", "),
            self.days
        );
        let _ = match self.rotate {
            None => writeln!(text, "        rotate: never"),
            Some((before, min, max)) => writeln!(
                text,
                "        rotate: {{before: {before}d, overlap: {{min: {min}h, max: {max}h}}}}"
            ),
        };
        if self.rotation > 0 {
            let _ = writeln!(text, "        rotation: {}", self.rotation);
        }
        let _ = writeln!(
            text,
            "        deliver: {{store: {}, key: {}}}",
            self.store,
            self.key(account, name)
        );
        text
    }
}

/// Where the issuer of an account is, below the folder of the world.
pub(crate) fn issuer_file(account: usize) -> String {
    format!("secrets/local/{}/issuer", scale::name(account))
}
