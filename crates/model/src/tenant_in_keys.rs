//! What `{tenant}` stands for in store keys.

use crate::Digest;
use std::fmt::Write as _;

/// Domain below which most tenants have their API.
const DOMAIN: &str = ".api.identitynow.com";

/// What `{tenant}` stands for where the tenant is simulated within the command.
const SIMULATED: &str = "simulated";

/// How many digits of the digest of a path tell two files of one name apart.
const DIGITS: usize = 8;

/// What `{tenant}` stands for where the tenant is simulated, and ends with the command.
pub fn simulated_in_keys() -> String {
    SIMULATED.to_owned()
}

/// What `{tenant}` stands for where the tenant is simulated, and kept in a file of this
/// name, without its ending. Its real path tells it from one of the same name elsewhere.
pub fn simulated_file_in_keys(name: &str, path: &str) -> String {
    let digest: String = Digest::of_bytes(path.as_bytes())
        .as_str()
        .chars()
        .take(DIGITS)
        .collect();
    format!("{SIMULATED}-{}-{digest}", escaped(name))
}

/// What `{tenant}` stands for in store keys: `acme` for
/// `https://acme.api.identitynow.com`, and the host for any other address.
///
/// Two addresses never have the same text, and none has a `/`. Ports and paths are set
/// off by `_`, which no host has, and other characters become `=` and their bytes in
/// hexadecimal. None where the text is no address.
pub fn tenant_in_keys(address: &str) -> Option<String> {
    let (scheme, rest) = address.trim().split_once("://")?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = authority.to_ascii_lowercase();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority.as_str(), ""),
    };
    let path = path.trim_matches('/');
    if host.is_empty() {
        return None;
    }
    let is_https = scheme.eq_ignore_ascii_case("https");
    let usual = if is_https { "443" } else { "80" };
    let port = Some(port).filter(|port| !port.is_empty() && *port != usual);
    let short = host
        .strip_suffix(DOMAIN)
        .filter(|name| is_https && !name.is_empty() && !name.contains('.'));
    if let (Some(name), None, "") = (short, port, path) {
        return Some(escaped(name));
    }
    let mut text = escaped(host);
    // A host without a dot would look like the short form.
    if let Some(port) = port.or((!host.contains('.')).then_some(usual)) {
        let _ = write!(text, "_{port}");
    }
    if !is_https {
        text.push_str("_http");
    }
    for part in path.split('/').filter(|part| !part.is_empty()) {
        text.push_str("__");
        text.push_str(&escaped(part));
    }
    Some(text)
}

/// Letters, digits, `.` and `-` as they are.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "={byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{simulated_file_in_keys, simulated_in_keys, tenant_in_keys};
    use crate::key_as_path;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn a_tenant_has_a_short_name_of_its_own() {
        let mut seen = BTreeMap::new();
        for (address, expected) in [
            ("https://acme.api.identitynow.com", "acme"),
            (
                "https://acme.api.identitynow-demo.com",
                "acme.api.identitynow-demo.com",
            ),
            ("https://acme.api.sailpoint.com", "acme.api.sailpoint.com"),
            ("https://acme", "acme_443"),
            (
                "http://acme.api.identitynow.com",
                "acme.api.identitynow.com_http",
            ),
            (
                "https://acme.api.identitynow.com:8443",
                "acme.api.identitynow.com_8443",
            ),
            ("http://127.0.0.1:4711", "127.0.0.1_4711_http"),
            ("http://127.0.0.1:4712", "127.0.0.1_4712_http"),
            ("https://127.0.0.1:4711", "127.0.0.1_4711"),
            ("http://localhost", "localhost_80_http"),
            ("https://localhost.api.identitynow.com", "localhost"),
            ("http://[::1]:80/", "=5B=3A=3A1=5D_80_http"),
            ("https://gw.example", "gw.example"),
            ("https://gw.example/8080", "gw.example__8080"),
            ("https://gw.example:8080", "gw.example_8080"),
            ("https://gw.example/a/b", "gw.example__a__b"),
            ("https://gw.example/a__b", "gw.example__a=5F=5Fb"),
            ("https://gw.example/%C3%A9", "gw.example__=25C3=25A9"),
        ] {
            let found = tenant_in_keys(address).unwrap();
            assert_eq!(found, expected, "{address}");
            assert_eq!(seen.insert(found, address), None, "{address}");
            assert!(key_as_path(expected).is_ok_and(|parts| parts.len() == 1));
        }
    }

    #[test]
    fn a_simulated_tenant_has_a_name_of_its_own() {
        let of = simulated_file_in_keys;
        let names = [
            of("a", "/w/a.json"),
            of("a", "/w/b/a.json"),
            of("b", "/w/b.json"),
            simulated_in_keys(),
        ];
        assert_eq!(BTreeSet::from(names.clone()).len(), 4);
        assert!(names[0].starts_with("simulated-a-") && names[0].len() == 20);
        assert_eq!(of("a b/", "/x").split_at(18).0, "simulated-a=20b=2F");
        for name in names {
            assert!(key_as_path(&name).is_ok_and(|parts| parts.len() == 1));
        }
    }

    #[test]
    fn one_tenant_has_one_name_however_its_address_is_written() {
        for address in [
            " https://ACME.api.identitynow.com/\n",
            "https://acme.api.identitynow.com:443",
        ] {
            assert_eq!(
                tenant_in_keys(address).as_deref(),
                Some("acme"),
                "{address}"
            );
        }
        for address in ["", "acme", "https://", "https:///x"] {
            assert_eq!(tenant_in_keys(address), None, "{address}");
        }
    }
}
