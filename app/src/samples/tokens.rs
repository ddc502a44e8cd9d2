//! Samples of API tokens, of what they are for, and what these pages say.

use api::{Error, FieldError, MadeToken, Password};

use super::Sample;
use super::list::with;
use super::portal::SamplePortal;
use super::values::{self, ID};
use crate::PostOutcome;

const TOKEN: &str = "cpt_Zm9yLXNhbXBsZXMtb25seS1ub3QtYS1yZWFsLXRva2VuLTE";

/// The list, a token that was just made, one that could not be, and a certificate for a program.
pub(super) fn tokens() -> Vec<Sample> {
    let page = "/account/tokens";
    vec![
        Sample::new("tokens", page, SamplePortal::default()),
        Sample::new(
            "tokens-empty",
            page,
            with(|portal| {
                portal.tokens.tokens.clear();
                portal.tokens.must_confirm = false;
            }),
        ),
        Sample::new("tokens-made", page, SamplePortal::default()).after(PostOutcome::Token(
            MadeToken {
                name: "Mail <gateway>".to_owned(),
                token: Password::new(TOKEN),
                expires_at: values::NOW + time::Duration::days(90),
            },
        )),
        Sample::new("tokens-refused", page, SamplePortal::default()).after(PostOutcome::Failed {
            form: "/account/tokens/make".to_owned(),
            error: Error::fields(vec![
                wrong("days", "Between 1 and 365 days, please."),
                wrong("password", "This is not your sign-in password."),
            ]),
            values: vec![
                ("form".to_owned(), "make-token".to_owned()),
                ("name".to_owned(), "Typed <name>".to_owned()),
                ("days".to_owned(), "400".to_owned()),
                ("scope".to_owned(), "request".to_owned()),
            ],
        }),
        Sample::new(
            "certificate-for-program",
            format!("/certificates/{ID}"),
            with(|portal| {
                portal.certificate.fetch_with = Some("curl --fail https://x/pfx".to_owned());
            }),
        ),
    ]
}

fn wrong(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}

fn html(name: &str) -> String {
    let mut samples = tokens().into_iter();
    let sample = samples.find(|sample| sample.name == name).unwrap();
    sample.render().html
}

#[test]
fn tokens_are_listed_with_what_they_may_do_and_are_revoked_one_by_one() {
    let html = html("tokens");
    for part in [
        "Mail &lt;gateway&gt;",
        "See and request certificates, and fetch them with key and password (secrets)",
        "last used ",
        "never used",
        "Expired",
        "Your sign-in password",
        "value=\"90\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(html.matches("action=\"/api/ui/revoke-token\"").count(), 2);
    assert!(!html.contains("<script type=\"module\""), "a plain page");
}

#[test]
fn who_was_confirmed_just_now_is_not_asked_again() {
    let html = html("tokens-empty");
    assert!(html.contains("You have no token") && !html.contains("sign-in password"));
}

#[test]
fn a_token_is_text_in_the_page_that_answers_and_in_no_attribute() {
    let html = html("tokens-made");
    assert_eq!(html.matches(TOKEN).count(), 1);
    assert!(html.contains(&format!(">{TOKEN}<")), "{html}");
    assert!(html.contains("It is shown only now."));
}

#[test]
fn what_was_typed_is_still_there() {
    let html = html("tokens-refused");
    assert!(html.contains("value=\"Typed &lt;name&gt;\"") && html.contains("value=\"400\""));
    assert!(html.contains("Between 1 and 365 days, please."));
    assert!(html.contains("This is not your sign-in password."));
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 2);
    assert!(
        html.contains("<option value=\"request\" selected"),
        "{html}"
    );
}

#[test]
fn a_certificate_for_a_program_says_how_and_can_still_be_downloaded() {
    let html = html("certificate-for-program");
    assert!(
        html.contains("curl --fail https://x/pfx") && html.contains("href=\"/account/tokens\"")
    );
    assert!(html.contains("Show my password") && html.contains("Download certificate"));
}
