//! Authorities of a network, and certificates that are refused.

use crate::gateway::{Authority, Network};
use tests::{World, world};

/// A world with the guide and the certificate of the authority.
fn with_guide(authority: &Authority) -> World {
    let world = world!();
    world.example("guide");
    world.write("ca.pem", &authority.pem);
    world.write("notes.txt", "no certificate");
    world
}

#[test]
fn tenants_15_an_authority_of_the_network_is_trusted_where_it_is_named() {
    let (network, authority) = (Network::new(), Authority::new());
    let server = network.tls(authority.server("localhost", 2020, 2100));
    let address = format!("https://localhost:{}", server.port());
    let run = |variable: Option<&str>, words: &str| {
        let mut world = with_guide(&authority);
        world.set(network.variables(&address));
        if let Some(name) = variable {
            let file = world.path("ca.pem").display().to_string();
            world.set([(name.to_owned(), file)]);
        }
        world.steersman(words)
    };

    let unknown = run(None, "plan guide").exits(8);
    assert!(
        unknown
            .stderr
            .contains("an authority that this machine does not trust"),
        "{}",
        unknown.shown()
    );
    assert!(unknown.stderr.contains("--ca-file"), "{}", unknown.shown());
    let noticed = run(Some("REQUESTS_CA_BUNDLE"), "plan guide").exits(8);
    assert!(
        noticed.stderr.contains("REQUESTS_CA_BUNDLE is set"),
        "{}",
        noticed.shown()
    );

    let _ = run(None, "plan guide --ca-file ca.pem").exits(0);
    let _ = run(Some("SSL_CERT_FILE"), "plan guide").exits(0);
    let _ = run(Some("STEERSMAN_CA_FILE"), "apply guide --auto-approve").exits(0);

    for (file, words) in [
        ("notes.txt", "has no certificate in PEM form"),
        ("nowhere.pem", "cannot read the authorities of nowhere.pem"),
    ] {
        let run = run(None, &format!("plan guide --ca-file {file}")).exits(1);
        assert!(run.stderr.contains(words), "{}", run.shown());
    }
}

#[test]
fn tenants_15_a_failure_says_what_is_in_the_way() {
    let (network, authority) = (Network::new(), Authority::new());
    let world = || with_guide(&authority);
    let at = |name: &str, from, to| {
        let server = network.tls(authority.server(name, from, to));
        format!("https://localhost:{}", server.port())
    };
    // Nobody listens at a port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = format!("https://localhost:{}", free.local_addr().unwrap().port());
    drop(free);
    let plain = network.says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned());
    for (address, words, help) in [
        (
            at("other.example", 2020, 2100),
            "is for another name",
            "SAIL_BASE_URL",
        ),
        (
            at("localhost", 2000, 2001),
            "is valid until 2001-01-01T00:00:00Z, and this machine's clock says",
            "clock",
        ),
        (
            at("localhost", 2099, 2100),
            "is valid from 2099-01-01T00:00:00Z, and this machine's clock says",
            "clock",
        ),
        (refused, "refused", "network"),
        (
            format!("https://localhost:{}", plain.port()),
            "no TLS connection",
            "speaks TLS",
        ),
        (
            "https://tenant.invalid".to_owned(),
            "the name tenant.invalid has no address",
            "DNS",
        ),
    ] {
        let mut world = world();
        world.set(network.variables(&address));
        let run = world.steersman("plan guide --ca-file ca.pem").exits(8);
        assert!(run.stderr.contains(words), "{words}: {}", run.shown());
        assert!(run.stderr.contains(help), "{help}: {}", run.shown());
    }
}
