//! No text of this crate uses a word that the style guide bans.

use spec::{Code, Example, Explanation, Options, SourceFile, explanations};

/// Words and phrases that name no object, state, cause or action.
const NEVER: &[&str] = &[
    "somebody",
    "nobody",
    "whoever",
    "thing",
    "tells",
    "told",
    "stands",
    "lies",
    "goes by",
    "so many",
    "such that",
    "besides",
    "anew",
    "in silence",
    "what is there",
    "what became of it",
    "which error an answer is",
    "illegal",
    "see above",
];

/// The banned words of a text, as whole words and without regard to case.
fn banned(text: &str) -> Vec<&'static str> {
    let words: Vec<String> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let text = format!(" {} ", words.join(" "));
    NEVER
        .iter()
        .copied()
        .filter(|phrase| text.contains(&format!(" {phrase} ")))
        .collect()
}

#[track_caller]
fn assert_plain(place: &str, text: &str) {
    assert_eq!(banned(text), [] as [&str; 0], "{place}: {text}");
}

#[test]
fn banned_words_are_found_as_whole_words() {
    for (text, expected) in [
        ("Nothing, something and anything", &[][..]),
        ("The thing", &["thing"]),
        ("It is ignored in\nsilence.", &["in silence"]),
        ("Nobody (whoever) lies", &["nobody", "whoever", "lies"]),
    ] {
        assert_eq!(banned(text), expected, "{text}");
    }
}

#[test]
fn titles_and_explanations_are_plain() {
    for code in Code::ALL {
        assert_plain(code.as_str(), code.title());
    }
    for explanation in explanations() {
        let Explanation {
            code,
            meaning,
            why,
            fix,
            example,
        } = explanation;
        for text in [meaning, why, fix] {
            assert_plain(code.as_str(), text);
        }
        let Some(Example { wrong, right }) = example else {
            continue;
        };
        for text in wrong.iter().copied().chain([*right]) {
            assert_plain(code.as_str(), text);
        }
    }
}

#[test]
fn descriptions_of_the_spec_schema_are_plain() {
    let schema = serde_json::to_value(spec::json_schema()).unwrap();
    let mut found = 0;
    let mut open = vec![&schema];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Object(map) => {
                if let Some(serde_json::Value::String(text)) = map.get("description") {
                    found += 1;
                    assert_plain("schema", text);
                }
                open.extend(map.values());
            }
            serde_json::Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(found > 40, "only {found} descriptions");
}

#[test]
fn diagnostics_of_the_wrong_examples_are_plain() {
    for explanation in explanations() {
        let Some(example) = explanation.example else {
            continue;
        };
        let files = example
            .wrong
            .iter()
            .zip(["one.yaml", "two.yaml"])
            .map(|(text, path)| SourceFile {
                path: path.into(),
                bytes: format!(
                    "steersman: v1\n{}",
                    text.trim_start_matches("steersman: v1\n")
                )
                .into_bytes(),
            })
            .collect();
        for diagnostic in spec::load(files, &Options::default()).diagnostics {
            let place = format!("{} in {}", diagnostic.code, explanation.code);
            assert_plain(&place, &diagnostic.message);
            assert_plain(&place, diagnostic.help.as_deref().unwrap_or_default());
            for label in &diagnostic.labels {
                assert_plain(&place, &label.text);
            }
        }
    }
}
