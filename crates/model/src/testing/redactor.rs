//! Tests of the redactor.

use super::{CHUNK, Origin, REDACTED, Redactor, Replaced};
use secrecy::SecretString;

const SECRET: &str = "s3cr3t/\"0f\" audit01+é";

fn redactor(secrets: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    for secret in secrets {
        redactor.learn(&SecretString::from(*secret));
    }
    redactor
}

/// Base64 as `base64(1)` prints it, by the book and apart from the code under test.
fn base64(text: &[u8], alphabet: &[u8; 64], padded: bool) -> String {
    let mut out = String::new();
    for three in text.chunks(3) {
        let mut bytes = [0; 3];
        bytes[..three.len()].copy_from_slice(three);
        let [a, b, c] = bytes.map(u32::from);
        let word = a << 16 | b << 8 | c;
        for place in 0..=three.len() {
            let index = word >> (18 - 6 * place) & 63;
            out.push(char::from(alphabet[index as usize]));
        }
        if padded {
            out.extend(std::iter::repeat_n('=', 3 - three.len()));
        }
    }
    out
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn a_secret_is_replaced_wherever_it_stands() {
    let redactor = redactor(&["s3cr3t"]);
    for (text, expected) in [
        ("", ""),
        ("nothing here", "nothing here"),
        ("got s3cr3t and s3cr3t", "got [secret] and [secret]"),
        ("s3cr3s3cr3t", "s3cr3[secret]"),
        ("s3cr3ts3cr3t", "[secret][secret]"),
        ("é s3cr3té", "é [secret]é"),
    ] {
        assert_eq!(redactor.redact(text), expected);
    }
    assert_eq!(
        redactor.redact_bytes(b"\xff s3cr3t \xfe").as_ref(),
        b"\xff [secret] \xfe"
    );
}

#[test]
fn security_m6_every_form_is_found() {
    let redactor = redactor(&[SECRET]);
    let json = serde_json::to_string(SECRET).unwrap();
    let each = |form: fn(u8) -> String| SECRET.bytes().map(form).collect::<Vec<_>>();
    let ascii_json: Vec<String> = SECRET
        .chars()
        .map(|c| format!("\\u{:04x}", u32::from(c)))
        .collect();
    let ascii_json = ascii_json.concat();
    let url = each(|byte| format!("%{byte:02X}")).concat();
    let hex = each(|byte| format!("{byte:02x}")).concat();
    let spaced: Vec<String> = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
    let forms = [
        SECRET.to_owned(),
        json.trim_matches('"').to_owned(),
        ascii_json,
        url.to_lowercase(),
        url,
        "s3cr3t%2F%220f%22%20audit01%2B%C3%A9".to_owned(),
        "s3cr3t%2f%220f%22+audit01%2b%c3%a9".to_owned(),
        hex.to_uppercase(),
        hex,
        spaced.join(" "),
    ];
    for form in forms {
        let text = format!("<{form}>");
        assert_eq!(redactor.redact(&text), format!("<{REDACTED}>"), "{text}");
    }
}

/// Dumps as `xxd`, `od`, `hexdump` and printers of lists write them, by the book.
#[test]
fn security_m6_dumps_are_found() {
    let secret = "86c5d1b05ce2ce14f0e1d2c3b4a59687";
    let dump = |offset: fn(usize) -> String, line: fn(&[u8]) -> String| {
        let lines: Vec<String> = secret
            .as_bytes()
            .chunks(16)
            .enumerate()
            .map(|(index, bytes)| format!("{}{}", offset(16 * index), line(bytes)))
            .collect();
        lines.join("\n")
    };
    let each = |bytes: &[u8], form: fn(&u8) -> String, between: &str| {
        bytes.iter().map(form).collect::<Vec<_>>().join(between)
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let hex = |byte: &u8| format!("{byte:02x}");
    let none = |_| String::new();
    let dumps = [
        (
            "xxd",
            dump(
                |at| format!("{at:08x}: "),
                |line| {
                    let words = line
                        .chunks(2)
                        .map(|two| format!("{:02x}{:02x}", two[0], two[1]));
                    let words = words.collect::<Vec<_>>().join(" ");
                    format!("{words}  {}", String::from_utf8_lossy(line))
                },
            ),
        ),
        (
            "hexdump -C",
            dump(
                |at| format!("{at:08x}  "),
                |line| {
                    let hex = |bytes: &[u8]| {
                        let hex = bytes.iter().map(|byte| format!("{byte:02x}"));
                        hex.collect::<Vec<_>>().join(" ")
                    };
                    format!(
                        "{}  {}  |{}|",
                        hex(&line[..8]),
                        hex(&line[8..]),
                        String::from_utf8_lossy(line)
                    )
                },
            ),
        ),
        (
            "od -c",
            dump(
                |at| format!("{at:07o}   "),
                |line| {
                    line.iter()
                        .map(|byte| format!("{}   ", char::from(*byte)))
                        .collect::<Vec<_>>()
                        .concat()
                },
            ),
        ),
        (
            "od -x",
            dump(
                |at| format!("{at:07o} "),
                |line| {
                    let words = line
                        .chunks(2)
                        .map(|two| format!("{:02x}{:02x}", two[1], two[0]));
                    words.collect::<Vec<_>>().join(" ")
                },
            ),
        ),
        (
            "od -b",
            dump(
                |at| format!("{at:07o} "),
                |line| {
                    line.iter()
                        .map(|byte| format!("{byte:03o} "))
                        .collect::<Vec<_>>()
                        .concat()
                },
            ),
        ),
        (
            "xxd -i",
            dump(none, |line| {
                line.iter()
                    .map(|byte| format!("  0x{byte:02x},"))
                    .collect::<Vec<_>>()
                    .concat()
            }),
        ),
        (
            "a list",
            format!(
                "[\n  {}\n]",
                each(secret.as_bytes(), ToString::to_string, ",\n  ")
            ),
        ),
        ("colons", each(secret.as_bytes(), hex, ":")),
    ];
    let redactor = redactor(&[secret]);
    for (what, dump) in dumps {
        let printed = format!("failed:\n{dump}\nend of 2 lines");
        let clean = redactor.redact(&printed);
        assert!(
            clean.starts_with("failed:\n") && clean.ends_with("\nend of 2 lines"),
            "{what}: {clean}"
        );
        assert!(clean.contains(REDACTED), "{what}: {clean}");
        for part in [
            text(&secret.as_bytes()[..6]),
            text(&secret.as_bytes()[26..]),
        ] {
            assert!(!clean.contains(&part), "{what}: {clean}");
        }
        assert!(clean.len() < 60, "{what}: {clean}");
    }
    let wide = secret.replace("", "\0");
    let wide = wide.trim_start_matches('\0').to_owned();
    assert_eq!(redactor.redact(&wide), format!("{REDACTED}\0"));
    let lines = format!("{}⏎{}", &secret[..9], &secret[9..]);
    assert_eq!(redactor.redact(&lines), REDACTED);
}

#[test]
fn security_m6_base64_is_found_at_every_offset() {
    let redactor = redactor(&[SECRET]);
    let document = serde_json::to_string(&serde_json::json!({ "clientSecret": SECRET })).unwrap();
    for offset in 0..4 {
        for after in ["", "x", "xy"] {
            for text in [SECRET, &document] {
                let text = format!("{}{text}{after}", "p".repeat(offset));
                for alphabet in [STANDARD, URL_SAFE] {
                    for padded in [false, true] {
                        let encoded = base64(text.as_bytes(), alphabet, padded);
                        let wrapped: Vec<&str> = encoded
                            .as_bytes()
                            .chunks(19)
                            .map(|line| std::str::from_utf8(line).unwrap())
                            .collect();
                        for printed in [encoded.clone(), wrapped.join("\n"), wrapped.join("\\n")] {
                            let clean = redactor.redact(&printed);
                            assert!(clean.contains(REDACTED), "{printed}");
                            // What is left has fewer than 12 bits of the secret.
                            let left = clean.replace(REDACTED, "");
                            let secret = base64(SECRET.as_bytes(), alphabet, false);
                            assert!(!left.contains(&secret[..6]), "{printed}: {clean}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn security_m6_what_is_left_of_base64_depends_on_no_bit_of_the_secret() {
    // They differ in every bit at both ends.
    let secrets = [
        "\u{2a}secret-of-a-token\u{2a}",
        "\u{55}secret-of-a-token\u{55}",
    ];
    for offset in 0..4 {
        for after in ["", "x", "xy", "xyz"] {
            let left = secrets.map(|secret| {
                let text = format!("{}{secret}{after}", "p".repeat(offset));
                let encoded = base64(text.as_bytes(), STANDARD, true);
                let clean = redactor(&[secret])
                    .redact(&format!("<{encoded}>"))
                    .into_owned();
                assert!(clean.contains(REDACTED), "{clean}");
                clean
            });
            assert_eq!(left[0], left[1], "{offset} {after}");
        }
    }
}

#[test]
fn short_secrets_are_left_alone() {
    let redactor = redactor(&["", "abcde", " abcd\n"]);
    assert_eq!(redactor.redact("abcde abcd"), "abcde abcd");
    // Words in a row are no secret, a secret that a line break divides is.
    let redactor = self::redactor(&["secret", "a-long-secret-of-a-token"]);
    assert_eq!(redactor.redact("se cret"), "se cret");
    assert_eq!(redactor.redact("a-long-secret\n-of-a-token"), REDACTED);
}

#[test]
fn secrets_across_the_borders_of_chunks_are_found() {
    let redactor = redactor(&[SECRET]);
    for before in [CHUNK - 30, CHUNK - 3, CHUNK, CHUNK + 1, 3 * CHUNK - 1] {
        let text = format!("{}{SECRET} end", "x".repeat(before));
        let clean = redactor.redact(&text);
        assert_eq!(clean.len(), before + REDACTED.len() + 4);
    }
}

#[test]
fn a_secret_that_is_cut_off_is_not_seen_either() {
    let redactor = redactor(&["s3cr3t"]);
    let long = "a program says much about what it did, ";
    let clean = redactor.redact_beginning(format!("{long}and the secret is s3cr3").as_bytes());
    assert_eq!(clean, b"a program says");
    let clean = redactor.redact_beginning(format!("it is s3cr3t, {long}and ended").as_bytes());
    assert_eq!(clean, b"it is [secret], ");
}

#[test]
fn clones_share_what_they_know_and_print_nothing() {
    let redactor = redactor(&[]);
    let other = redactor.clone();
    other.learn(&SecretString::from("s3cr3t"));
    other.learn(&SecretString::from("s3cr3t"));
    assert_eq!(redactor.redact("s3cr3t"), REDACTED);
    assert_eq!(format!("{redactor:?}"), "Redactor");
}

#[test]
fn many_secrets_cost_little() {
    let redactor = Redactor::default();
    for number in 0..2_000_u64 {
        let secret = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        redactor.learn(&SecretString::from(format!("{secret:016x}{secret:016x}")));
    }
    let text = "0123456789abcdef plan of an account\n".repeat(10_000);
    assert_eq!(redactor.redact(&text), text);
}

#[test]
fn security_m6_a_layout_keeps_its_structure() {
    let secret = "userlevelsCERT_ADMIN";
    let redactor = redactor(&[secret]);
    for text in [
        "user levels  CERT_ADMIN",
        "user\nlevels CERT_ADMIN",
        "75 73 65 72 6c 65 76 65 6c 73 43 45 52 54 5f 41 44 4d 49 4e",
    ] {
        assert_eq!(redactor.redact(text), REDACTED, "a value");
        assert_eq!(redactor.redact_layout(text), text, "a layout");
    }
    assert_eq!(
        redactor.redact_layout("x userlevelsCERT_ADMIN\ny"),
        "x [secret]\ny"
    );
    // A line of a message is a value, and the next one is another.
    assert_eq!(
        redactor.redact_lines("a user levels CERT_ADMIN\nuser\nlevelsCERT_ADMIN\n"),
        "a [secret]\nuser\nlevelsCERT_ADMIN\n"
    );
}

#[test]
fn security_m6_what_is_replaced_is_counted_with_its_origin() {
    let redactor = redactor(&["secret-of-the-operator"]);
    redactor.learn_from(&"token-of-the-tenant".into(), Origin::Tenant);
    // Nobody can make a secret of the operator one of theirs.
    redactor.learn_from(&"secret-of-the-operator".into(), Origin::Tenant);
    let counting = redactor.counting();
    let _ = redactor.redact("token-of-the-tenant");
    assert_eq!(counting.replaced(), Replaced::default());
    let _ = counting.redact("secret-of-the-operator, secret-of-the-operator");
    let expected = Replaced {
        texts: 1,
        of_others: Vec::new(),
    };
    assert_eq!(counting.replaced(), expected);
    let _ = counting
        .clone()
        .redact_lines("nothing\ntoken-of-the-tenant");
    let expected = Replaced {
        texts: 2,
        of_others: vec![Origin::Tenant],
    };
    assert_eq!(counting.replaced(), expected);
}

/// Dumps in other words: with more notations, in a sentence, and in a string of JSON.
/// What the programs printed was copied from them.
#[test]
fn security_m6_dumps_of_words_and_within_lines_are_found() {
    let secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let words = |size: usize, form: fn(u64) -> String| {
        let lines = secret.as_bytes().chunks(16).enumerate();
        let lines = lines.map(|(index, line)| {
            let words = line.chunks(size).map(|bytes| {
                let mut word = [0; 8];
                word[..size].copy_from_slice(bytes);
                form(u64::from_le_bytes(word))
            });
            let words = words.collect::<Vec<_>>().join(" ");
            format!("{:07o} {words}", 16 * index)
        });
        lines.collect::<Vec<_>>().join("\n") + "\n0000040"
    };
    let list = format!("{:?}", secret.as_bytes());
    let xxd = "00000000: 3066 3165 3264 3363 3462 3561 3639 3738  0f1e2d3c4b5a6978\n00000010: 3837 3936 6135 6234 6333 6432 6531 6630  8796a5b4c3d2e1f0";
    let dumps = [
        words(2, |word| format!("{word:06o}")),
        words(4, |word| format!("{word:011o}")),
        words(8, |word| format!("{word:022o}")),
        words(2, |word| format!("{word:05}")),
        words(4, |word| format!("{word:10}")),
        words(8, |word| format!("{word:20}")),
        words(2, |word| format!("{word:04x}")),
        words(4, |word| format!("{word:08x}")),
        words(8, |word| format!("{word:016x}")),
        words(1, |word| format!("{word:08b}")),
        xxd.to_owned(),
        list.clone(),
        format!("not allowed (403): {list}"),
        format!("a program says: {}", xxd.lines().next().unwrap()),
        secret
            .bytes()
            .map(|byte| format!("\\x{byte:02x}"))
            .collect::<Vec<String>>()
            .concat(),
        secret
            .bytes()
            .map(|byte| format!("&#{byte};"))
            .collect::<Vec<String>>()
            .concat(),
        secret
            .bytes()
            .map(|byte| format!("={byte:02X}"))
            .collect::<Vec<String>>()
            .concat(),
        // `od -v -Ax -tx1z`
        secret
            .as_bytes()
            .chunks(16)
            .map(|line| {
                let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
                let text = String::from_utf8_lossy(line);
                format!("000000 {}  >{text}<\n", hex.join(" "))
            })
            .collect::<Vec<String>>()
            .concat(),
    ];
    let redactor = redactor(&[secret, &secret[..16]]);
    for dump in dumps {
        for printed in [
            format!("failed:\n{dump}\nend"),
            serde_json::to_string(&serde_json::json!({"a": [{"text": dump}], "b": "c"})).unwrap(),
        ] {
            let clean = redactor.redact(&printed);
            assert!(clean.contains(REDACTED), "{printed}\n{clean}");
            for at in 0..secret.len() - 6 {
                assert!(!clean.contains(&secret[at..at + 6]), "{printed}\n{clean}");
            }
            let numbers = clean.split(|c: char| !c.is_ascii_alphanumeric());
            let left = numbers.filter(|number| number.len() > 1 && !number.starts_with("00000"));
            assert!(left.count() < 9, "{printed}\n{clean}");
            if printed.starts_with('{') {
                let value: Result<serde_json::Value, _> = serde_json::from_str(&clean);
                assert_eq!(value.unwrap()["b"], "c", "{clean}");
            }
        }
    }
}

#[test]
fn security_low_a_text_costs_the_same_with_any_secret() {
    let redactor = redactor(&[&format!("{}\"b", "a".repeat(16_000))]);
    // Where a form is built again at each place, this takes hours.
    for text in [
        "61".repeat(10_000),
        "YWFh".repeat(5_000),
        "a".repeat(20_000),
    ] {
        assert_eq!(redactor.redact(&text), text);
    }
}

/// What `od` and `hexdump` leave out because it repeats. They print the first line of
/// equal ones and `*`.
#[test]
fn security_f3_dumps_without_the_lines_that_repeat_are_found() {
    let folded = |text: &str, width: usize, offset: fn(usize) -> String, byte: fn(u8) -> String| {
        let mut lines: Vec<String> = Vec::new();
        let mut last: &[u8] = &[];
        for (index, line) in text.as_bytes().chunks(width).enumerate() {
            if line != last {
                let bytes: Vec<String> = line.iter().map(|one| byte(*one)).collect();
                lines.push(format!("{}{}", offset(width * index), bytes.join(" ")));
            } else if lines.last().is_some_and(|last| last != "*") {
                lines.push("*".to_owned());
            }
            last = line;
        }
        lines.push(offset(text.len()));
        lines.join("\n")
    };
    let block = "0f1e2d3c4b5a6978";
    let repeated = format!("ab{block}{block}{block}{block}cdef");
    let doubled = "00ff1e2ddd3c4b55a6978877";
    let redactor = redactor(&[&repeated, doubled]);
    let hex = |byte: u8| format!("{byte:02x}");
    let octal = |byte: u8| format!("{byte:03o}");
    let character = |byte: u8| char::from(byte).to_string();
    for (text, width) in [
        (format!("{}{repeated}\n", "x".repeat(14)), 16),
        (format!("{doubled}\n"), 1),
        (format!("see {doubled} and {doubled}"), 1),
        (format!("x{doubled}"), 2),
    ] {
        for printed in [
            folded(&text, width, |at| format!("{at:07o} "), hex),
            folded(&text, width, |at| format!("{at:08x}  "), hex),
            folded(&text, width, |_| " ".to_owned(), hex),
            folded(&text, width, |at| format!("{at:07o} "), octal),
            folded(&text, width, |_| String::new(), character),
        ] {
            let clean = redactor.redact(&printed);
            assert!(clean.contains(REDACTED), "{printed}\n{clean}");
            let left = clean.lines().filter(|line| line.split(' ').count() > 1);
            let printed_lines = printed.lines().count();
            assert!(
                left.count() <= printed_lines / 2 + 4 && clean.len() * 2 < printed.len() + 200,
                "{printed}\n{clean}"
            );
            // A string of JSON has its first and last line beside quotation marks.
            for printed in [
                printed.clone(),
                format!("dump:\n{printed}"),
                printed.trim_end().to_owned(),
            ] {
                let json = serde_json::to_string(&serde_json::json!({"text": printed, "b": "c"}));
                let json = json.unwrap();
                let clean = redactor.redact(&json);
                assert!(clean.contains(REDACTED), "{json}\n{clean}");
                let value: Result<serde_json::Value, _> = serde_json::from_str(&clean);
                assert_eq!(value.unwrap()["b"], "c", "{clean}");
            }
        }
    }
    // Without a secret nothing is replaced.
    let other = folded(&"x".repeat(64), 16, |at| format!("{at:07o} "), hex);
    assert_eq!(redactor.redact(&other), other);
}

#[test]
fn security_low_a_folded_dump_costs_the_same_with_any_secret() {
    let redactor = redactor(&[&format!("{}b", "a".repeat(16_000))]);
    let text = format!("61 {}\n*\n61\n*\n62\n", "61 ".repeat(15)).repeat(1_000);
    // Beyond a bound of comparisons, what begins like a secret is taken for one.
    assert!(redactor.redact(&text).contains(REDACTED));
}

/// The last line of a dump has as many bytes as are left, and its last word can be shorter.
#[test]
fn security_f3_dumps_of_secrets_of_any_length_are_found() {
    let text =
        "eyJhbGciOi.Ab3xK9zQ7wLmN2pR5tVyAb3xK9zQ7wLmN2pR5tVyAb3xK9zQ7wLmN2pR5tVy.sIgNaTuRe00";
    for length in 16..text.len() {
        let secret = &text[..length];
        let redactor = redactor(&[secret]);
        for (group, is_reversed) in [(1, false), (2, false), (4, false), (8, false), (4, true)] {
            let line = |(index, line): (usize, &[u8])| {
                let words = line.chunks(group).map(|word| {
                    let mut bytes = word.to_vec();
                    if is_reversed {
                        bytes.reverse();
                    }
                    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
                    digits.collect::<String>()
                });
                let words = words.collect::<Vec<_>>().join(" ");
                let beside = String::from_utf8_lossy(line);
                format!("{:08x}: {words:40}  {beside}\n", 16 * index)
            };
            let lines = secret.as_bytes().chunks(16).enumerate().map(line);
            let dump = lines.collect::<String>();
            let json = serde_json::to_string(&serde_json::json!({"text": dump})).unwrap();
            for printed in [dump, json] {
                let clean = redactor.redact(&printed);
                assert!(clean.contains(REDACTED), "{printed}\n{clean}");
                assert!(!clean.contains(&secret[..8]), "{printed}\n{clean}");
            }
        }
    }
}
