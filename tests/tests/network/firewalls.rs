//! Pages of firewalls, and credentials of API clients.

use crate::gateway::Network;
use tests::world;

#[test]
fn tenants_11_a_page_of_a_firewall_is_said_as_what_it_is() {
    let network = Network::new();
    for status in ["403 Forbidden", "503 Service Unavailable"] {
        let body = "<html><head><title>Access Denied</title></head><body>Your support ID is lost</body></html>";
        let server = network.says(format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nX-Request-Id: fw-4711\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ));
        let mut world = world!();
        world.example("guide");
        world.set(network.variables(&format!("http://{server}")));
        let run = world.steersman("plan guide").exits(8);
        for words in [
            "a firewall or proxy answered instead of ISC",
            "Access Denied",
            "request id fw-4711",
            "administrators of the firewall",
        ] {
            assert!(run.stderr.contains(words), "{words}: {}", run.shown());
        }
        assert!(!run.stderr.contains("ORG_ADMIN"), "{}", run.shown());
    }
}
