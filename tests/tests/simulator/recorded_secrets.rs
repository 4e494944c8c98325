//! No secret that the simulator knows is in a recording, wherever a request has it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tests::world;

use crate::served::{Client, Served};

const ADMIN: &str = "simulator-secret-of-jane-doe-for-nothing-real";
const SETTING: &str = "Api-t0ken/of+the=host";
const BACK: &str = "http://127.0.0.1:9/back";
const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A client with which people sign in.
fn made(client: &Client) -> Value {
    let body = json!({"name": "people", "description": "d", "accessTokenValiditySeconds": 600,
        "refreshTokenValiditySeconds": 600, "accessType": "OFFLINE", "enabled": true,
        "redirectUris": [BACK], "grantTypes": ["AUTHORIZATION_CODE", "REFRESH_TOKEN"]});
    let (status, made) = client.post("/oauth-clients/v1", &body).unwrap();
    assert!(status < 300, "{made}");
    made
}

/// The code with which a person comes back who has signed in.
fn code(client: &Client, made: &Value) -> String {
    let id = made["id"].as_str().unwrap();
    let path = format!(
        "/_simulator/sign-in?response_type=code&client_id={id}&redirect_uri={BACK}&as=jane.doe"
    );
    let (_, location, body) = client.send("GET", &path, &[], "");
    let code = location
        .as_deref()
        .and_then(|back| back.split("code=").nth(1));
    let code = code.unwrap_or_else(|| panic!("{location:?} {body}"));
    code.to_owned()
}

/// A text with each sign escaped. No client escapes these letters, which a replay has for a secret.
fn escaped(text: &str, form: impl Fn(u32) -> String) -> String {
    match text {
        "masked" => text.to_owned(),
        text => text.chars().map(|sign| form(u32::from(sign))).collect(),
    }
}

fn wide(text: &str) -> Vec<u8> {
    match text {
        "masked" => text.into(),
        text => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    }
}

fn last(token: &str) -> &str {
    token.rsplit('.').next().unwrap()
}

/// Redeems the code, creates a token, and sends each secret in many ways: the secrets that it has
/// met, and what was answered.
fn script(client: &Client, made: &Value, code: &str) -> (Vec<String>, Vec<u16>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut answers = Vec::new();
    let token = json!({"name": "report", "expirationDate": "2090-01-01T00:00:00Z"});
    let (_, minted) = client.post("/personal-access-tokens/v1", &token).unwrap();
    let (id, secret) = (text(&made["id"]), text(&made["secret"]));
    let form = format!(
        "grant_type=authorization_code&client_id={id}&client_secret={secret}&code={code}&redirect_uri={BACK}"
    );
    let (status, _, granted) = client.send("POST", "/oauth/token", &[FORM], form);
    assert_eq!(status, 200, "{granted}");
    let setting = json!([{"op": "add", "path": "/connectorAttributes/apiToken", "value": SETTING}]);
    let (_, _, sources) = client.get("/sources/v1?limit=1");
    let source = format!("/sources/v1/{}", sources[0]["id"].as_str().unwrap());
    let patch = [("content-type", "application/json-patch+json")];
    let (status, ..) = client.send("PATCH", &source, &patch, setting.to_string());
    assert_eq!(status, 200);
    answers.push(status);

    let secrets = vec![
        ADMIN.to_owned(),
        SETTING.to_owned(),
        secret,
        code.to_owned(),
        text(&minted["secret"]),
        text(&granted["refresh_token"]),
        last(&text(&granted["access_token"])).to_owned(),
        last(client.token()).to_owned(),
    ];
    for secret in &secrets {
        for (method, path, headers, body) in kinds(&source, &id, secret) {
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            answers.push(client.send(method, &path, &headers, body).0);
        }
    }
    (secrets, answers)
}

type Sent = (&'static str, String, Vec<(&'static str, String)>, Vec<u8>);

/// Requests of many kinds with a secret in them.
fn kinds(source: &str, id: &str, secret: &str) -> Vec<Sent> {
    let percent = escaped(secret, |sign| format!("%{sign:02x}"));
    let twice = escaped(secret, |sign| format!("%25{sign:02X}"));
    let unicode = escaped(secret, |sign| format!("\\u{sign:04X}"));
    let pair = format!("{id}:{secret}");
    let kind = |kind: &str| vec![("content-type", kind.to_owned())];
    let get = |path: String| ("GET", path, Vec::new(), Vec::new());
    let post = |path: &str, media: &str, body: String| {
        ("POST", path.to_owned(), kind(media), body.into_bytes())
    };
    let boundary = "multipart/form-data; boundary=edge";
    let part = |name: &str, body: &[u8]| {
        let head = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        [head.as_bytes(), body, b"\r\n--edge--\r\n"].concat()
    };
    let import = format!("{source}/load-accounts");
    vec![
        get(format!("{source}/{percent}")),
        get(format!("/sources/v1/{percent}/schemas")),
        get(format!("/nowhere/{twice}")),
        get(format!("/accounts/v1/{}", URL_SAFE_NO_PAD.encode(&pair))),
        get(format!("/sources/v1?filters=name%20eq%20%22{percent}%22")),
        get(format!("/sources/v1?{percent}=1&q={}", STANDARD.encode(&pair).replace('+', "%2B"))),
        ("GET", "/sources/v1".to_owned(), vec![("authorization", format!("Basic {}", STANDARD.encode(&pair)))], Vec::new()),
        ("GET", "/tenant/v1".to_owned(), vec![("x-sailpoint-experimental", secret.to_owned())], Vec::new()),
        post("/search/v1", JSON.1, json!({"indices": ["identities"], "query": {"query": format!("\"{secret}\"")}}).to_string()),
        post("/search/v1", JSON.1, format!("{{\"{unicode}\": [\"{unicode}\"], \"query\": {{\"query\": \"x\"}}}}")),
        post("/search/v1", JSON.1, format!("{{\"cut\": \"{unicode}")),
        post("/sources/v1", JSON.1, json!({"name": "s", "description": STANDARD.encode(&pair), "notes": format!("{{\"deep\":\"{}\"}}", secret.replace('/', "\\/"))}).to_string()),
        post("/sources/v1", "text/plain", format!("the secret is {secret}.")),
        post("/sources/v1", "application/xml", format!("<a b='{secret}'>{}</a>", STANDARD.encode(&pair))),
        post("/sources/v1", &format!("text/plain; of=\"{secret}\""), "x".to_owned()),
        ("POST", "/sources/v1".to_owned(), kind("text/plain; charset=utf-16le"), wide(secret)),
        ("POST", import.clone(), kind(boundary), part("file", format!("id,name\n1,{secret}\n").as_bytes())),
        ("POST", import.clone(), kind(boundary), part("file", &[&[0xff, 0xfe][..], pair.as_bytes()].concat())),
        ("POST", import, kind(boundary), part(&secret.replace('"', ""), b"id\n")),
        post("/oauth/token", FORM.1, format!("grant_type=client_credentials&client_id={percent}&client_secret=other-1")),
        post("/oauth/token", JSON.1, json!({"client_id": id, "client_secret": secret}).to_string()),
        post(&format!("/oauth/token?state={percent}"), "text/plain", secret.to_owned()),
    ]
}

#[test]
fn others_no_known_secret_is_in_a_recording() {
    let world = world!();
    let words = [
        "--record",
        "r.jsonl",
        "--clock",
        "manual",
        "--rate-limit",
        "off",
    ];
    let served = Served::start(&world, &words);
    let client = served.client();
    let made_here = made(&client);
    let code = code(&client, &made_here);
    let (secrets, answers) = script(&client, &made_here, &code);
    let (exit, said) = served.ended_and_said();
    assert_eq!(exit, Some(0), "{said}");
    let recording = world.read("r.jsonl");
    for secret in &secrets {
        assert!(secret.len() > 20, "{secret}");
        let wide = wide(secret);
        let mut forms = vec![
            secret.clone(),
            escaped(secret, |sign| format!("%{sign:02x}")),
            escaped(secret, |sign| format!("%25{sign:02X}")),
            escaped(secret, |sign| format!("\\u{sign:04X}")),
            json!(String::from_utf8(wide).unwrap())
                .to_string()
                .trim_matches('"')
                .to_owned(),
        ];
        // In base64, with whatever is before it: 3 places at which it can begin.
        forms.extend((0..3).map(|before| {
            let encoded = STANDARD.encode(format!("{}{secret}", &"xyz"[..before]));
            encoded[4..encoded.len() - 4].to_owned()
        }));
        for form in forms {
            let line = recording.lines().find(|line| line.contains(&form));
            assert_eq!(line, None, "{form}");
        }
    }

    // A client that has what a replay gives it sends the same.
    let served = Served::start(&world, &["--replay", "r.jsonl"]);
    let client = served.client();
    let made = made(&client);
    assert_eq!(made["secret"], "masked");
    let (_, replayed) = script(&client, &made, "masked");
    let (exit, said) = served.ended_and_said();
    assert_eq!(exit, Some(0), "{said}");
    assert_eq!(replayed, answers);
}
