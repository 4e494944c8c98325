//! The judge reads the whole official description, and knows it from something like it.

use serde_json::json;
use tests::judge::{Exchange, Judge, Request, Response, description_folder};

#[test]
fn the_official_description_compiles() {
    let Some(folder) = description_folder() else {
        println!("skipped: STEERSMAN_ISC_DESCRIPTION does not name the folder of the description");
        return;
    };
    let judge = Judge::load(&folder).expect("the official description");
    assert!(
        judge.operations().len() > 80,
        "{}",
        judge.operations().len()
    );

    let exchange = |owner: &str| Exchange {
        request: Request {
            method: "GET".to_owned(),
            path: "/personal-access-tokens/v1".to_owned(),
            query: vec![("owner-id".to_owned(), "1".to_owned())],
            headers: Vec::new(),
            body: Vec::new(),
        },
        response: Response {
            status: 200,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: json!([{
                "id": "86f1dc6fe8f54414950454cbb11278fa",
                "name": "inventory",
                "scope": null,
                owner: {"type": "IDENTITY", "id": "2c91", "name": "audit01"},
                "created": "2017-07-11T18:45:37.098Z",
                "lastUsed": null,
                "managed": false,
                "accessTokenValiditySeconds": 900,
                "expirationDate": null,
                "userAwareTokenNeverExpires": true,
            }])
            .to_string()
            .into_bytes(),
        },
    };
    let complaints = |exchange| judge.judge(&exchange).complaints;
    assert_eq!(complaints(exchange("owner")), []);
    let places: Vec<_> = complaints(exchange("holder"))
        .into_iter()
        .map(|c| c.place)
        .collect();
    assert_eq!(places, ["/*/owner", "/*/holder"]);
}
