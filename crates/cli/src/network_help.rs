//! Help for a tenant that cannot be reached: name, network, authorities, proxy, clock.

use crate::environment::variable;
use model::Obstacle;

/// What to do about what is in the way.
pub(crate) fn obstacle_help(obstacle: Obstacle) -> String {
    help(obstacle, &variable)
}

/// Variables by which other tools are told of a corporate authority.
const OF_OTHER_TOOLS: [&str; 5] = [
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "GIT_SSL_CAINFO",
    "AWS_CA_BUNDLE",
];

/// Variables that name a proxy.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variable that names the proxy for this host; none where it is reached directly.
pub(crate) fn proxy_for(host: &str) -> Option<&'static str> {
    proxy_among(host, &variable)
}

fn proxy_among(host: &str, variable: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    let direct = variable("NO_PROXY").or_else(|| variable("no_proxy"));
    let is_direct = direct.iter().flat_map(|list| list.split(',')).any(|entry| {
        let entry = entry.trim().trim_start_matches('.').to_ascii_lowercase();
        entry == "*"
            || !entry.is_empty()
                && host
                    .strip_suffix(&entry)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    let mut proxies = PROXIES.iter().copied();
    proxies.find(|name| !is_direct && variable(name).is_some())
}

fn help(obstacle: Obstacle, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let set = |names: &[&'static str]| names.iter().copied().find(|name| variable(name).is_some());
    let proxy = set(&PROXIES);
    match obstacle {
        Obstacle::UnknownHost => format!(
            "check the spelling of SAIL_BASE_URL and the DNS server{}",
            match proxy {
                Some(_) => String::new(),
                None => "; behind a proxy, set HTTPS_PROXY".to_owned(),
            }
        ),
        Obstacle::Refused | Obstacle::TimedOut | Obstacle::Other => match proxy {
            Some(name) => format!("check the address and the network; the proxy is that of {name}"),
            None => {
                "check the address and the network; behind a proxy, set HTTPS_PROXY".to_owned()
            }
        },
        Obstacle::UnknownAuthority => match set(&OF_OTHER_TOOLS) {
            Some(name) => format!(
                "{name} is set, which steersman does not read: give the same file with `--ca-file` or SSL_CERT_FILE"
            ),
            None => "if the network has its own authority, give its certificate (PEM) with `--ca-file FILE`, or set SSL_CERT_FILE; if not, the connection may be intercepted".to_owned(),
        },
        Obstacle::OtherName => {
            "check SAIL_BASE_URL; a portal or proxy may have answered in the tenant's place".to_owned()
        }
        Obstacle::NotValidNow => {
            "set the clock of this machine; if it is right, the certificate has to be renewed".to_owned()
        }
        Obstacle::Tls => {
            "check that SAIL_BASE_URL and HTTPS_PROXY lead to a server that speaks TLS, and that `--ca-file` and SSL_CERT_FILE are PEM files".to_owned()
        }
        Obstacle::ProxyPassword => match proxy {
            Some(name) => format!(
                "write the user name and the password into {name}, as http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded"
            ),
            None => "tell the proxy of this network who you are, as http://USER:PASSWORD@HOST:PORT in HTTPS_PROXY".to_owned(),
        },
        Obstacle::ProxyUnreachable => format!(
            "check the proxy in {}; NO_PROXY lists hosts that are reached without it",
            proxy.unwrap_or("HTTPS_PROXY")
        ),
        Obstacle::ProxyRefused => format!(
            "ask the administrators of the proxy in {} to allow the tenant's host; or list the host in NO_PROXY",
            proxy.unwrap_or("HTTPS_PROXY")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_no_proxy_has_none() {
        for (list, expected) in [
            (None, Some("HTTPS_PROXY")),
            (Some("other.example"), Some("HTTPS_PROXY")),
            (Some("tenant.example"), None),
            (Some(" x, .example "), None),
            (Some("ant.example"), Some("HTTPS_PROXY")),
            (Some("*"), None),
        ] {
            let variable = |name: &str| match name {
                "HTTPS_PROXY" => Some("http://proxy:1".to_owned()),
                "NO_PROXY" => list.map(str::to_owned),
                _ => None,
            };
            assert_eq!(
                proxy_among("tenant.example", &variable),
                expected,
                "{list:?}"
            );
        }
    }

    #[test]
    fn tenants_15_the_variable_that_is_set_is_named() {
        let none = |_: &str| None;
        for (obstacle, set, words) in [
            (Obstacle::UnknownAuthority, None, "--ca-file"),
            (
                Obstacle::UnknownAuthority,
                Some("REQUESTS_CA_BUNDLE"),
                "REQUESTS_CA_BUNDLE is set, which steersman does not read",
            ),
            (
                Obstacle::ProxyPassword,
                Some("https_proxy"),
                "password into https_proxy",
            ),
            (Obstacle::UnknownHost, None, "set HTTPS_PROXY"),
            (Obstacle::ProxyUnreachable, Some("ALL_PROXY"), "ALL_PROXY"),
            (Obstacle::NotValidNow, None, "clock"),
        ] {
            let variable = |name: &str| {
                let is_set = set == Some(name);
                is_set.then(|| "http://jane:hush@proxy:3128".to_owned())
            };
            let text = match set {
                Some(_) => help(obstacle, &variable),
                None => help(obstacle, &none),
            };
            assert!(text.contains(words), "{text}");
            assert!(!text.contains("hush"), "{text}");
        }
    }
}
