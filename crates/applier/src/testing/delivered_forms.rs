//! Tests of the forms in which a secret is delivered.

use super::{EncodeError, encode};
use crate::document::{DocumentError, read};
use crate::testing::documents::document;
use model::{DeliveredForm, SecretDocument, SecretField};
use secrecy::ExposeSecret;

const FORMS: [DeliveredForm; 3] = [
    DeliveredForm::Json,
    DeliveredForm::Dotenv,
    DeliveredForm::Sail,
];

fn full(secret: &str) -> SecretDocument {
    SecretDocument {
        base_url: Some("https://acme.api.identitynow.com".to_owned()),
        identity: Some("2c91".into()),
        token: Some("monthly-report".into()),
        created: Some("2026-11-24T20:00:00Z".parse().unwrap()),
        expires: Some("2027-02-22T20:00:00Z".parse().unwrap()),
        ..document(secret)
    }
}

fn text(document: &SecretDocument, form: DeliveredForm) -> String {
    String::from_utf8(encode(document, form).unwrap().to_vec()).unwrap()
}

#[test]
fn every_form_says_whose_secret_it_is_when_it_is_read_back() {
    for secret in ["0123456789abcdef", "$HOME#`id`%&!*?=~:/"] {
        for form in FORMS {
            let written = full(secret);
            let encoded = encode(&written, form).unwrap();
            let back = read(&encoded).unwrap();
            assert_eq!(back.credential.client_id, written.credential.client_id);
            assert_eq!(
                back.credential.client_secret.expose_secret(),
                secret,
                "{form:?}"
            );
            assert_eq!(back.base_url, written.base_url, "{form:?}");
            assert_eq!(back.account, written.account, "{form:?}");
            assert_eq!(back.identity, written.identity, "{form:?}");
            assert_eq!(back.token, written.token, "{form:?}");
            assert_eq!(back.scopes, written.scopes, "{form:?}");
            assert_eq!(back.created, written.created, "{form:?}");
            assert_eq!(back.expires, written.expires, "{form:?}");
        }
    }
}

#[test]
fn a_dotenv_file_has_the_variables_of_steersman_and_the_sdks() {
    assert_eq!(
        text(&full("0123456789abcdef"), DeliveredForm::Dotenv),
        "# Secret of a service account, written by steersman. Do not edit.\n\
         SAIL_BASE_URL=https://acme.api.identitynow.com\n\
         SAIL_CLIENT_ID=2f9c\n\
         SAIL_CLIENT_SECRET=0123456789abcdef\n\
         # steersman: {\"account\":\"audit01\",\"identity\":\"2c91\",\"token\":\"monthly-report\",\"scopes\":[\"sp:search:read\"],\"created\":\"2026-11-24T20:00:00Z\",\"expires\":\"2027-02-22T20:00:00Z\"}\n"
    );
    let quoted = text(&full("$HOME#`id`%&!*?=~:/"), DeliveredForm::Dotenv);
    assert!(
        quoted.contains("SAIL_CLIENT_SECRET='$HOME#`id`%&!*?=~:/'\n"),
        "{quoted}"
    );
}

#[test]
fn the_configuration_of_the_command_line_has_one_environment() {
    let text = text(&full("0123456789abcdef"), DeliveredForm::Sail);
    let (_, yaml) = text.split_once("}\n").unwrap();
    assert_eq!(
        yaml,
        "activeenvironment: steersman\n\
         authtype: pat\n\
         debug: false\n\
         environments:\n  \
           steersman:\n    \
             tenanturl: \"https://acme.identitynow.com\"\n    \
             baseurl: \"https://acme.api.identitynow.com\"\n    \
             pat:\n      \
               clientid: \"2f9c\"\n      \
               clientsecret: \"0123456789abcdef\"\n"
    );
}

#[test]
fn a_single_value_is_nothing_else() {
    let document = full("0123456789abcdef");
    for (field, expected) in [
        (SecretField::BaseUrl, "https://acme.api.identitynow.com"),
        (SecretField::ClientId, "2f9c"),
        (SecretField::ClientSecret, "0123456789abcdef"),
    ] {
        assert_eq!(text(&document, DeliveredForm::Field(field)), expected);
    }
    let bare = super::super::super::testing::documents::document("0123456789abcdef");
    assert!(matches!(
        encode(&bare, DeliveredForm::Field(SecretField::BaseUrl)),
        Err(EncodeError::NoField("baseUrl"))
    ));
}

#[test]
fn files_that_people_wrote_are_read_or_refused_without_their_content() {
    let own = "export SAIL_CLIENT_ID=\"2f9c\"\n\nOTHER=1\nSAIL_CLIENT_SECRET='s3cr3t-of-a-token'\n";
    let back = read(own.as_bytes()).unwrap();
    assert_eq!(
        back.credential.client_secret.expose_secret(),
        "s3cr3t-of-a-token"
    );
    assert_eq!(back.account, None);
    for (text, expected) in [
        (
            "SAIL_CLIENT_ID=2f9c\n",
            DocumentError::Missing {
                field: "clientSecret",
            },
        ),
        (
            "SAIL_CLIENT_ID=a\nSAIL_CLIENT_SECRET=s3cr3t\nSAIL_CLIENT_ID=b\n",
            DocumentError::Duplicate {
                field: "SAIL_CLIENT_ID",
            },
        ),
        (
            "SAIL_CLIENT_ID=a\nSAIL_CLIENT_SECRET=\"s3cr\\3t\"\n",
            DocumentError::Unfit {
                field: "SAIL_CLIENT_SECRET",
                expected: "a text in quotation marks that match",
            },
        ),
        (
            "# steersman: {\nSAIL_CLIENT_ID=a\nSAIL_CLIENT_SECRET=s3cr3t\n",
            DocumentError::Syntax { line: 1, column: 1 },
        ),
        (
            "PASSWORD=s3cr3t\n",
            DocumentError::Syntax { line: 1, column: 1 },
        ),
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!(error, expected, "{text}");
    }
}
