//! Tests of the store in environment variables.

use super::EnvironmentStore;
use crate::stores::Environment;
use crate::stores::store::Store;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;

fn store(prefix: &str, variables: &[(&str, &str)]) -> EnvironmentStore {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    EnvironmentStore::new(prefix, &Environment::new(variables))
}

#[tokio::test]
async fn a_secret_is_read_from_its_variable_in_each_form() {
    let json = r#"{"clientId":"2f9c","clientSecret":"s3cr3t-of-a-token"}"#;
    let dotenv = "SAIL_BASE_URL=https://acme.api.identitynow.com\nSAIL_CLIENT_ID=2f9c\nSAIL_CLIENT_SECRET=s3cr3t-of-a-token\n";
    for text in [json, dotenv] {
        let store = store("PROD", &[("STEERSMAN_SECRET_PROD_ISSUER", text)]);
        let found = store.get("issuer").await.unwrap().unwrap();
        assert_eq!(found.credential.client_id.as_str(), "2f9c");
        let secret = found.credential.client_secret.expose_secret();
        assert_eq!(secret, "s3cr3t-of-a-token");
        assert!(store.get("other").await.unwrap().is_none());
    }
    let empty = store("", &[("STEERSMAN_SECRET_ISSUER", " \n")]);
    assert!(empty.get("issuer").await.unwrap().is_none());
    let broken = store("", &[("STEERSMAN_SECRET_ISSUER", "s3cr3t-of-a-token")]);
    let error = broken.get("issuer").await.unwrap_err().to_string();
    assert!(error.contains("STEERSMAN_SECRET_ISSUER") && !error.contains("s3cr3t"));
}

#[tokio::test]
async fn a_file_reads_no_variable_that_is_not_meant_to_be_read() {
    let text = r#"{"clientId":"2f9c","clientSecret":"s3cr3t-of-a-token"}"#;
    let store = store("", &[("GITHUB_TOKEN", text), ("SAIL_CLIENT_SECRET", text)]);
    for key in ["GITHUB_TOKEN", "../GITHUB_TOKEN", "SAIL_CLIENT_SECRET"] {
        assert!(!matches!(store.get(key).await, Ok(Some(_))), "{key}");
    }
    assert!(!format!("{store:?}").contains("s3cr3t"));
}

#[tokio::test]
async fn nothing_is_written() {
    let store = store("", &[]);
    let put = store.put("issuer", Zeroizing::new(Vec::new())).await;
    for result in [
        put,
        store.probe("issuer").await,
        store.delete("issuer").await,
    ] {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("STEERSMAN_SECRET_ISSUER"), "{error}");
    }
}
