//! Broken credentials, networks and stores: `doctor` names what is missing, and says of
//! nothing that rests on it that it is well.

use crate::gateway::{Authority, Network, TENANT};
use crate::setting::{json, least, mint, minted, run_as};
use jiff::SignedDuration;
use serde_json::Value;
use simulator::{Fault, FaultRule, Faults};
use tests::{World, world};

/// A network, and what it takes to break it.
struct Site {
    network: Network,
    authority: Authority,
}

/// A case: how it is broken, the check that says so, its state, words, and the exit code.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    arguments: &'static str,
    broken: fn(&Site, &mut World),
    check: &'static str,
    state: &'static str,
    words: &'static str,
    exit: i32,
}

const fn case(
    name: &'static str,
    broken: fn(&Site, &mut World),
    check: &'static str,
    words: &'static str,
    exit: i32,
) -> Case {
    Case {
        name,
        arguments: "",
        broken,
        check,
        state: "failed",
        words,
        exit,
    }
}

const fn warning(case: Case) -> Case {
    Case {
        state: "warning",
        ..case
    }
}

const fn with(arguments: &'static str, case: Case) -> Case {
    Case { arguments, ..case }
}

fn set(world: &mut World, name: &str, value: &str) {
    world.set([(name.to_owned(), value.to_owned())]);
}

fn at(site: &Site, world: &mut World, address: &str) {
    world.set(site.network.variables(address));
}

fn tls(site: &Site, world: &mut World, name: &str, from: i32, to: i32) {
    let server = site.network.tls(site.authority.server(name, from, to));
    at(site, world, &format!("https://localhost:{}", server.port()));
}

/// Behind a proxy, at a name that no DNS server knows.
fn behind(site: &Site, world: &mut World, proxy: &str) {
    at(site, world, &format!("https://{TENANT}"));
    set(world, "HTTPS_PROXY", proxy);
}

fn proxy(site: &Site, status: Option<&'static str>, password: bool) -> String {
    let server = site.network.tls(site.authority.server(TENANT, 2020, 2100));
    let proxy = site.network.proxy(status.map_or(Ok(server), Err), password);
    format!("http://{}", proxy.address)
}

fn says(site: &Site, world: &mut World, status: &str, body: &str) {
    let server = site.network.says(format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ));
    at(site, world, &format!("http://{server}"));
}

fn without(site: &Site, world: &mut World, purpose: &str, scope: &str) {
    let mut scopes = least(world, "guide", purpose);
    scopes.retain(|held| held != scope);
    run_as(world, &mint(&site.network.tenant, "jane.doe", &scopes));
}

fn answers(site: &Site, operation: &str, fault: Fault) {
    site.network.tenant.simulator().set_faults(Faults {
        rules: vec![FaultRule {
            fault,
            operations: vec![operation.to_owned()],
            skip: 0,
            count: None,
            probability: None,
        }],
        seed: 1,
    });
}

const CASES: &[Case] = &[
    case(
        "nothing is set",
        |_, world| {
            for name in ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"] {
                set(world, name, "");
            }
        },
        "variables",
        "SAIL_BASE_URL, SAIL_CLIENT_ID, SAIL_CLIENT_SECRET are not set",
        6,
    ),
    case(
        "no secret",
        |_, world| set(world, "SAIL_CLIENT_SECRET", ""),
        "variables",
        "SAIL_CLIENT_SECRET is not set",
        6,
    ),
    warning(case(
        "quotation marks",
        |_, world| set(world, "SAIL_CLIENT_SECRET", "\"hush-hush-hush\""),
        "variables",
        "SAIL_CLIENT_SECRET has quotation marks",
        6,
    )),
    warning(case(
        "a placeholder",
        |_, world| set(world, "SAIL_CLIENT_SECRET", "${{secrets.X}}"),
        "variables",
        "a placeholder that was not replaced",
        6,
    )),
    case(
        "http",
        |_, world| set(world, "SAIL_BASE_URL", "http://acme.api.identitynow.com"),
        "address",
        "must begin with https://",
        1,
    ),
    case(
        "the address of the pages",
        |_, world| set(world, "SAIL_BASE_URL", "https://acme.identitynow.com"),
        "address",
        "the address of its API is https://acme.api.identitynow.com",
        1,
    ),
    case(
        "an unknown name",
        |site, world| at(site, world, "https://tenant.invalid"),
        "dns",
        "the name tenant.invalid has no address",
        8,
    ),
    case(
        "nothing listens",
        |site, world| {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap();
            drop(free);
            at(site, world, &format!("http://{address}"));
        },
        "connection",
        "refused",
        8,
    ),
    case(
        "an unknown authority",
        |site, world| tls(site, world, "localhost", 2020, 2100),
        "tls",
        "an authority that this machine does not trust",
        8,
    ),
    with(
        "--ca-file ca.pem",
        case(
            "a certificate for another name",
            |site, world| tls(site, world, "other.example", 2020, 2100),
            "tls",
            "is for another name",
            8,
        ),
    ),
    with(
        "--ca-file ca.pem",
        case(
            "an old certificate",
            |site, world| tls(site, world, "localhost", 2000, 2001),
            "tls",
            "valid until 2001",
            8,
        ),
    ),
    case(
        "no TLS",
        |site, world| {
            let plain = site.network.says("HTTP/1.1 200 OK\r\n\r\n".to_owned());
            at(site, world, &format!("https://localhost:{}", plain.port()));
        },
        "tls",
        "no TLS connection",
        8,
    ),
    with(
        "--ca-file guide/README.md",
        case(
            "authorities without a certificate",
            |_, _| {},
            "authorities",
            "has no certificate in PEM form",
            1,
        ),
    ),
    with(
        "--ca-file ca.pem",
        case(
            "a proxy with a password",
            |site, world| behind(site, world, &proxy(site, None, true)),
            "proxy",
            "(407)",
            8,
        ),
    ),
    with(
        "--ca-file ca.pem",
        case(
            "a proxy that refuses",
            |site, world| behind(site, world, &proxy(site, Some("403 Forbidden"), false)),
            "proxy",
            "does not connect to the host",
            8,
        ),
    ),
    case(
        "a proxy that is not there",
        |site, world| {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap();
            drop(free);
            behind(site, world, &format!("http://{address}"));
        },
        "proxy",
        "the proxy cannot be reached",
        8,
    ),
    case(
        "a page of a firewall",
        |site, world| {
            says(
                site,
                world,
                "403 Forbidden",
                "<html><title>Denied</title></html>",
            );
        },
        "tenant",
        "a firewall or proxy answered",
        8,
    ),
    case(
        "another server",
        |site, world| says(site, world, "404 Not Found", "<html>nothing</html>"),
        "tenant",
        "/oauth/info",
        1,
    ),
    case(
        "a wrong secret",
        |_, world| set(world, "SAIL_CLIENT_SECRET", "wrong-hush-wrong-hush"),
        "signIn",
        "401",
        6,
    ),
    case(
        "an unknown client",
        |_, world| set(world, "SAIL_CLIENT_ID", "0000"),
        "signIn",
        "401",
        6,
    ),
    case(
        "an expired token",
        |site, world| {
            let tenant = &site.network.tenant;
            let request = simulator::TokenRequest {
                name: "short".to_owned(),
                expires: Some(tenant.simulator().now() + SignedDuration::from_hours(1)),
                ..simulator::TokenRequest::default()
            };
            run_as(world, &minted(tenant, "jane.doe", request));
            tenant
                .simulator()
                .advance(SignedDuration::from_hours(2))
                .unwrap();
        },
        "signIn",
        "401",
        6,
    ),
    warning(case(
        "a token that ends soon",
        |site, world| {
            let tenant = &site.network.tenant;
            let request = simulator::TokenRequest {
                name: "soon".to_owned(),
                expires: Some(tenant.simulator().now() + SignedDuration::from_hours(24 * 10 + 1)),
                ..simulator::TokenRequest::default()
            };
            run_as(world, &minted(tenant, "jane.doe", request));
        },
        "expiry",
        "in 10 days",
        0,
    )),
    case(
        "a scope to plan",
        |site, world| without(site, world, "apply", "idn:accounts:read"),
        "planScopes",
        "the scope idn:accounts:read is missing: read the accounts",
        6,
    ),
    case(
        "a scope to apply",
        |site, world| without(site, world, "apply", "idn:password-user-invite:manage"),
        "applyScopes",
        "the scope idn:password-user-invite:manage is missing: invite identities",
        6,
    ),
    case(
        "a user level",
        |site, world| {
            let tenant = &site.network.tenant;
            let scopes = least(world, "guide", "apply");
            let who = tenant.simulator().with_tenant(|tenant| {
                tenant.add_bulk_accounts(1).unwrap();
                tenant.invite_person("svc-monitor").unwrap();
                tenant.register_person("svc-monitor").unwrap();
                tenant
                    .set_levels_out_of_band("svc-monitor", vec!["SOURCE_ADMIN".to_owned()])
                    .unwrap();
                "svc-monitor"
            });
            run_as(world, &mint(tenant, who, &scopes));
        },
        "planLevels",
        "the user level ORG_ADMIN is missing",
        6,
    ),
    case(
        "answers that are no JSON",
        |site, _| answers(site, "listAccountsV1", Fault::MalformedJson),
        "reads",
        "accounts",
        8,
    ),
    case(
        "a list that is empty and cannot be",
        |site, _| answers(site, "listPersonalAccessTokensV1", Fault::EmptyList),
        "reads",
        "an empty list, although there is at least what this run signed in with",
        8,
    ),
    warning(case(
        "secrets that Git would commit",
        |_, world| world.write(".git/HEAD", "ref: refs/heads/main\n"),
        "stores",
        "does not ignore",
        0,
    )),
    case(
        "a folder that is a file",
        |_, world| world.write(".steersman/secrets", "a file"),
        "stores",
        "local: ",
        1,
    ),
    case(
        "a program that is not there",
        |_, world| {
            world.replace(
        "guide/steersman.yaml",
        "local: {directory: .steersman/secrets}",
        "local: {command: {put: [no-such-program, put, \"{key}\"], get: [no-such-program, get, \"{key}\"]}}",
    );
        },
        "stores",
        "no-such-program is not in PATH",
        1,
    ),
    case(
        "files that are wrong",
        |_, world| {
            world.replace(
                "guide/steersman.yaml",
                "owner: jane.doe",
                "owners: jane.doe",
            );
        },
        "files",
        "",
        1,
    ),
];

/// What rests on a check, as far as it is checked over the network.
const ORDER: [&str; 8] = [
    "proxy",
    "dns",
    "connection",
    "tls",
    "tenant",
    "signIn",
    "owner",
    "planScopes",
];

#[test]
fn what_is_missing_is_named_in_each_of_more_than_20_cases() {
    assert!(CASES.len() >= 20);
    println!("| broken | check | what doctor says | what to do | exit |\n|---|---|---|---|---|");
    for case in CASES {
        let site = Site {
            network: Network::new(),
            authority: Authority::new(),
        };
        let mut world = world!();
        world.example("guide");
        world.write("ca.pem", &site.authority.pem);
        world.set(site.network.tenant.variables());
        (case.broken)(&site, &mut world);
        let words = format!("doctor guide --format json --retries 0 {}", case.arguments);
        let run = world.steersman(words.trim()).exits(case.exit);
        let said = json(&run);
        let checks = said["checks"].as_array().unwrap();
        let of =
            |name: &str| -> &Value { checks.iter().find(|check| check["name"] == name).unwrap() };
        let check = of(case.check);
        let name = case.name;
        assert_eq!(check["state"], case.state, "{name}: {}", run.shown());
        assert!(
            check["found"].as_str().unwrap().contains(case.words),
            "{name}: {check}"
        );
        assert!(
            check["help"].is_string() || case.check == "files",
            "{name}: {check}"
        );
        let cell = |key: &str| {
            let text = check[key].as_str().unwrap_or("-");
            let line = text.lines().next().unwrap_or("-");
            line.chars().take(90).collect::<String>().replace('|', "/")
        };
        println!(
            "| {name} | {}, {} | {} | {} | {} |",
            case.check,
            case.state,
            cell("found"),
            cell("help"),
            case.exit
        );
        assert_eq!(said["exitCode"], case.exit, "{name}");
        if name == "nothing is set" {
            assert!(cell("help").contains("SAIL_"), "{check}");
            let help = check["help"].as_str().unwrap();
            assert!(help.contains("`steersman doctor --access"), "{check}");
        }
        let failed = ORDER.iter().position(|name| of(name)["state"] == "failed");
        for later in failed.iter().flat_map(|place| &ORDER[place + 1..]) {
            assert_eq!(of(later)["state"], "notChecked", "{name}: {later}");
        }
        assert!(
            !run.stdout.contains("hush") && !run.stderr.contains("hush"),
            "{}",
            run.shown()
        );
    }
}
