//! The judge reads the whole official description, and knows it from something like it.

use serde_json::{Value, json};
use tests::judge::{Exchange, Judge, Part, Request, Response, description_folder};

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

    let tokens = |owner: &str| {
        exchange(
            "GET",
            "/personal-access-tokens/v1",
            200,
            &json!([{
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
            }]),
        )
    };
    let complaints = |exchange| judge.judge(&exchange).complaints;
    assert_eq!(complaints(tokens("owner")), []);
    let places: Vec<_> = complaints(tokens("holder"))
        .into_iter()
        .map(|c| c.place)
        .collect();
    assert_eq!(places, ["/*/owner", "/*/holder"]);
}

/// Where the description contradicts its own examples, the deviation is named.
#[test]
fn the_official_examples_fit_but_for_known_deviations() {
    let Some(folder) = description_folder() else {
        println!("skipped: STEERSMAN_ISC_DESCRIPTION does not name the folder of the description");
        return;
    };
    let judge = Judge::load(&folder).expect("the official description");
    let text = std::fs::read_to_string(folder.join("openapi-subset.json")).expect("readable");
    let root: Value = serde_json::from_str(&text).expect("JSON");
    let examples = examples(&root);
    assert!(examples.len() > 200, "{}", examples.len());
    let complaints: Vec<_> = examples
        .iter()
        .flat_map(|example| judge.judge(example).complaints)
        .filter(|complaint| complaint.part == Part::ResponseBody)
        // Access items are what no service account has, and their examples go beyond the schema.
        .filter(|complaint| !complaint.place.contains("/access/*/"))
        .map(|complaint| complaint.to_string())
        .collect();
    assert_eq!(complaints, [""; 0]);
}

/// The examples of the answers of all operations, as exchanges.
fn examples(root: &Value) -> Vec<Exchange> {
    let mut found = Vec::new();
    for (path, item) in object(&root["paths"]) {
        for (method, operation) in object(item) {
            for (status, response) in object(&operation["responses"]) {
                let Ok(status) = status.parse() else { continue };
                let response = resolved(root, response);
                let content = &response["content"]["application/json"];
                let named = object(&content["examples"])
                    .map(|(_, example)| &resolved(root, example)["value"]);
                for value in content.get("example").into_iter().chain(named) {
                    found.push(exchange(
                        &method.to_uppercase(),
                        path,
                        status,
                        &fitting(value),
                    ));
                }
            }
        }
    }
    found
}

/// The example, of search results only the identities: no others are simulated.
fn fitting(example: &Value) -> Value {
    let Some(rows) = example.as_array() else {
        return example.clone();
    };
    let other = |row: &Value| row.get("_type").is_some_and(|kind| kind != "identity");
    rows.iter()
        .filter(|row| row.is_object() && !other(row))
        .cloned()
        .collect()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn resolved<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'));
    pointer
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(value)
}

fn exchange(method: &str, path: &str, status: u16, body: &Value) -> Exchange {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Exchange {
        request: Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
        },
        response: Response {
            status,
            headers,
            body: body.to_string().into_bytes(),
        },
    }
}
