//! Functions that compare take structs apart without `..`, so that a new field cannot be forgotten.

use crate::repository::{self, TextFile};
use crate::{assert_none, assert_one};
use syn::visit::{self, Visit};
use syn::{Block, Item, ItemImpl, Macro, Pat, PatStruct, PatTupleStruct, Path, Type};

/// A function, and the structs that it has to take apart.
struct Comparison {
    file: &'static str,
    /// `function`, or `Type::method`.
    function: &'static str,
    structs: &'static [&'static str],
}

/// The functions that compare a declared object with an observed one, that make
/// a digest of an observed one, or that show what differs.
const COMPARISONS: &[Comparison] = &[
    Comparison {
        file: "crates/model/src/live/account.rs",
        function: "LiveAccount::fingerprint",
        structs: &["Self"],
    },
    Comparison {
        file: "crates/model/src/live/profile.rs",
        function: "LiveProfile::fingerprint",
        structs: &["Self"],
    },
    Comparison {
        file: "crates/model/src/live/source.rs",
        function: "LiveSource::fingerprint",
        structs: &["Self"],
    },
    Comparison {
        file: "crates/model/src/live/token.rs",
        function: "LiveToken::fingerprint",
        structs: &["Self"],
    },
    Comparison {
        file: "crates/model/src/live/profile.rs",
        function: "LiveProfile::mappings_fingerprint",
        structs: &["Self"],
    },
    Comparison {
        file: "crates/model/src/ownership.rs",
        function: "classify",
        structs: &["LiveAccount"],
    },
    Comparison {
        file: "crates/model/src/spec/account.rs",
        function: "AccountRow::columns",
        structs: &["Self"],
    },
    Comparison {
        file: "crates/planner/src/token_request/stop.rs",
        function: "classify",
        structs: &["ListedToken"],
    },
    Comparison {
        file: "crates/render/src/token_list/document.rs",
        function: "document",
        structs: &["ListedToken"],
    },
    Comparison {
        file: "crates/planner/src/classify/account.rs",
        function: "imported_cells",
        structs: &["LiveAccount"],
    },
    Comparison {
        file: "crates/planner/src/classify/earlier.rs",
        function: "classify",
        structs: &["Previously"],
    },
    Comparison {
        file: "crates/planner/src/classify/identity.rs",
        function: "classify",
        structs: &["LiveAccount", "PlannedChanges"],
    },
    Comparison {
        file: "crates/planner/src/classify/invitation.rs",
        function: "classify",
        structs: &["LiveIdentity"],
    },
    Comparison {
        file: "crates/planner/src/classify/issuer.rs",
        function: "classify",
        structs: &["Known"],
    },
    Comparison {
        file: "crates/planner/src/classify/token.rs",
        function: "takes_away",
        structs: &["TokenChange"],
    },
    Comparison {
        file: "crates/planner/src/classify/profile.rs",
        function: "differences",
        structs: &["LiveProfile", "ProfileSpec"],
    },
    Comparison {
        file: "crates/planner/src/classify/schema.rs",
        function: "declared_shape",
        structs: &["AttributeSpec"],
    },
    Comparison {
        file: "crates/planner/src/classify/schema.rs",
        function: "observed_shape",
        structs: &["LiveAttribute", "LiveSchema"],
    },
    Comparison {
        file: "crates/planner/src/classify/source.rs",
        function: "differences",
        structs: &["LiveSource", "ManagedSource"],
    },
    Comparison {
        file: "crates/planner/src/classify/token.rs",
        function: "compare",
        structs: &["LiveToken", "TokenSpec"],
    },
    Comparison {
        file: "crates/planner/src/classify/undeclared_token.rs",
        function: "classify",
        structs: &["Context", "LiveToken"],
    },
    Comparison {
        file: "crates/planner/src/phases/profile.rs",
        function: "changed_fields",
        structs: &["ProfileChanges"],
    },
    Comparison {
        file: "crates/planner/src/phases/schema.rs",
        function: "as_fields",
        structs: &["Shape"],
    },
    Comparison {
        file: "crates/planner/src/phases/schema.rs",
        function: "attribute_text",
        structs: &["AttributeShape"],
    },
    Comparison {
        file: "crates/planner/src/plan.rs",
        function: "plan_selected",
        structs: &["Draft"],
    },
    Comparison {
        file: "crates/planner/src/selection/addresses.rs",
        function: "everything",
        structs: &["Draft"],
    },
    Comparison {
        file: "crates/planner/src/selection/cut.rs",
        function: "cut",
        structs: &["Draft"],
    },
];

/// What is wrong with a function that compares.
fn complaints(comparison: &Comparison, TextFile { path, text }: &TextFile) -> Vec<String> {
    let Comparison {
        file: _,
        function,
        structs,
    } = comparison;
    let file = match syn::parse_file(text) {
        Ok(file) => file,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let Some(body) = body_of(function, &file.items) else {
        return vec![format!(
            "{path}: there is no function {function}; if it was moved or renamed, change the list"
        )];
    };
    let mut patterns = Patterns::default();
    patterns.visit_block(body);
    let Patterns {
        taken_apart,
        with_rest,
    } = patterns;
    let missing = structs
        .iter()
        .filter(|name| !taken_apart.iter().any(|taken| taken == *name))
        .filter(|name| !with_rest.iter().any(|open| open == *name))
        .map(|name| format!("{path}: {function} does not take {name} apart; name all its fields"));
    let open = with_rest.iter().map(|name| {
        format!("{path}: {function} has `..` in a pattern of {name}; name all its fields")
    });
    missing.chain(open).collect()
}

/// The body of a function, or of a method as `Type::method`. Modules of tests
/// are not looked into.
fn body_of<'file>(function: &str, items: &'file [Item]) -> Option<&'file Block> {
    items.iter().find_map(|item| match item {
        Item::Fn(item) if item.sig.ident == function => Some(&*item.block),
        Item::Impl(item) => {
            let (of, method) = function.split_once("::")?;
            is_of(item, of).then(|| method_of(item, method)).flatten()
        }
        _ => None,
    })
}

fn is_of(item: &ItemImpl, name: &str) -> bool {
    match &*item.self_ty {
        Type::Path(path) => last(&path.path).is_some_and(|last| last == name),
        _ => false,
    }
}

fn method_of<'file>(item: &'file ItemImpl, name: &str) -> Option<&'file Block> {
    item.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(method) if method.sig.ident == name => Some(&method.block),
        _ => None,
    })
}

fn last(path: &Path) -> Option<String> {
    path.segments.last().map(|last| last.ident.to_string())
}

/// The names of what patterns take apart, whole and with a rest.
#[derive(Default)]
struct Patterns {
    taken_apart: Vec<String>,
    with_rest: Vec<String>,
}

impl<'file> Visit<'file> for Patterns {
    fn visit_pat_struct(&mut self, pattern: &'file PatStruct) {
        let name = last(&pattern.path).unwrap_or_default();
        if pattern.rest.is_some() {
            self.with_rest.push(name);
        } else {
            self.taken_apart.push(name);
        }
        visit::visit_pat_struct(self, pattern);
    }

    fn visit_pat_tuple_struct(&mut self, pattern: &'file PatTupleStruct) {
        if pattern
            .elems
            .iter()
            .any(|part| matches!(part, Pat::Rest(_)))
        {
            self.with_rest.push(last(&pattern.path).unwrap_or_default());
        }
        visit::visit_pat_tuple_struct(self, pattern);
    }

    /// What a macro is given is not parsed: a pattern in `matches!` is told by
    /// a `..` before a closing bracket.
    fn visit_macro(&mut self, called: &'file Macro) {
        let text: String = called.tokens.to_string().split_whitespace().collect();
        if text.contains("..}") || text.contains("..)") {
            self.with_rest.push(last(&called.path).unwrap_or_default());
        }
    }
}

#[test]
fn comparisons_name_all_fields() {
    let mut all = Vec::new();
    for comparison in COMPARISONS {
        let file = TextFile {
            path: comparison.file.to_owned(),
            text: repository::read(comparison.file).unwrap(),
        };
        all.extend(complaints(comparison, &file));
    }
    assert_none(&all);
}

const EXAMPLE: &str = "crates/x/src/a.rs";

fn example(function: &'static str, text: &str) -> Vec<String> {
    let comparison = Comparison {
        file: EXAMPLE,
        function,
        structs: &["Token"],
    };
    let file = TextFile {
        path: EXAMPLE.to_owned(),
        text: text.to_owned(),
    };
    complaints(&comparison, &file)
}

#[test]
fn other_comparisons_are_complained_of() {
    for (function, text, word) in [
        ("same", "", "no function same"),
        ("same", "fn (", EXAMPLE),
        (
            "same",
            "mod tests { fn same() { let Token { a } = x; } }",
            "no function same",
        ),
        (
            "Token::same",
            "fn same() { let Token { a } = x; }",
            "no function Token::same",
        ),
        (
            "Token::same",
            "impl Other { fn same() { let Token { a } = x; } }",
            "no function Token::same",
        ),
        ("same", "fn same() {}", "does not take Token apart"),
        (
            "same",
            "fn same() { x.a == y.a }",
            "does not take Token apart",
        ),
        (
            "same",
            "fn same() { let Other { a } = x; }",
            "does not take Token apart",
        ),
        (
            "same",
            "fn same() { let Token { a, .. } = x; }",
            "`..` in a pattern of Token",
        ),
        (
            "same",
            "fn same() { xs.map(|model::Token { a, .. }| a) }",
            "`..` in a pattern of Token",
        ),
        (
            "same",
            "fn same() { let Token { a } = x; match y { Kind::A { .. } => 1 } }",
            "`..` in a pattern of A",
        ),
        (
            "same",
            "fn same() { let Token { a } = x; if let Some(Pair(..)) = y {} }",
            "`..` in a pattern of Pair",
        ),
        (
            "same",
            "fn same() { let Token { a } = x; matches!(y, Kind::A { .. }) }",
            "`..` in a pattern of matches",
        ),
    ] {
        assert_one(&example(function, text), &[EXAMPLE, word]);
    }
}

#[test]
fn comparisons_that_name_all_fields_are_not_complained_of() {
    for (function, text) in [
        ("same", "fn same() { let Token { a, b: _ } = x; }"),
        ("same", "fn same() { let model::Token { a } = x; }"),
        (
            "same",
            "fn same() { let Token { a } = x; match y { [first, ..] => 0..=1, _ => ..2 } }",
        ),
        (
            "same",
            "fn same() { let Token { a } = x; Token { b: 1, ..y } }",
        ),
        (
            "Token::same",
            "impl Clone for Token { fn same(&self) { let Token { a } = self; } }",
        ),
    ] {
        assert_none(&example(function, text));
    }
}
