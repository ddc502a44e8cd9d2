//! The end of a certificate, from the browser to the list that mail programs fetch.

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::body::Body;
use http::Request;
use time::OffsetDateTime;
use tower::ServiceExt as _;

use crate::answer::Answer;
use crate::test_app::TestApp;

async fn fetch(app: &TestApp, path: &str) -> Answer {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    Answer::read(app.pki.clone().oneshot(request).await.unwrap()).await
}

/// What relying parties have: the chain, the newest list, and a certificate.
struct RelyingParty {
    folder: tempfile::TempDir,
    issuing: String,
    at: OffsetDateTime,
}

impl RelyingParty {
    async fn new(app: &TestApp, leaf: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authorities = app.portal.store().authorities().await.unwrap();
        let mut issuing = String::new();
        for authority in authorities {
            if authority.purpose == domain::AuthorityPurpose::Tls {
                continue;
            }
            let file = match authority.parent {
                None => "root.pem",
                Some(_) => "issuing.pem",
            };
            let fetched = fetch(app, &format!("/pki/{}.crt", authority.id)).await;
            std::fs::write(
                folder.path().join(file),
                pki::pem::certificates(&[&fetched.body]).unwrap(),
            )
            .unwrap();
            if authority.parent.is_some() {
                issuing = format!("/pki/{}.crl", authority.id);
            }
        }
        let id = leaf.rsplit('/').next().unwrap().parse().unwrap();
        let row = app.portal.store().certificate(id).await.unwrap().unwrap();
        std::fs::write(
            folder.path().join("leaf.pem"),
            pki::pem::certificates(&[&row.der]).unwrap(),
        )
        .unwrap();
        Self {
            folder,
            issuing,
            at: app.portal.now() + time::Duration::MINUTE,
        }
    }

    /// Fetches the list; gives its number as `openssl crl` reads it, once its signature is good.
    async fn fetch_list(&self, app: &TestApp) -> u64 {
        let list = fetch(app, &self.issuing).await.expect(200);
        assert_eq!(list.header("cache-control"), "public, max-age=60");
        std::fs::write(self.folder.path().join("list.crl"), &list.body).unwrap();
        let arguments = ["crl", "-in", "list.crl", "-CAfile", "issuing.pem", "-noout"];
        let (is_good, text) = self.run("openssl", &arguments);
        assert!(is_good && text.contains("verify OK"), "{text}");
        let arguments = ["crl", "-in", "list.crl", "-noout", "-crlnumber"];
        let (_, text) = self.run("openssl", &arguments);
        let number = text.trim().strip_prefix("crlNumber=").unwrap();
        u64::from_str_radix(number.trim_start_matches("0x"), 16).unwrap()
    }

    /// What `openssl verify -crl_check` says: nothing where the certificate is good.
    fn refusal(&self) -> Option<String> {
        let at = self.at.unix_timestamp().to_string();
        let arguments = [
            "verify",
            "-x509_strict",
            "-attime",
            &at,
            "-crl_check",
            "-CRLfile",
            "list.crl",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "leaf.pem",
        ];
        let (is_good, text) = self.run("openssl", &arguments);
        (!is_good).then_some(text)
    }

    /// What pkilint finds in the list under a profile: `PKIX` is RFC 5280; `BR` also has the rules of
    /// the CA/Browser Forum for web servers, which know no holds.
    fn findings(&self, profile: &str) -> String {
        let arguments = [
            "lint", "-t", "CRL", "-p", profile, "-s", "NOTICE", "list.crl",
        ];
        let (is_clean, text) = self.run(venv().join("bin/lint_crl"), &arguments);
        assert_eq!(is_clean, text.trim().is_empty(), "{text}");
        text
    }

    fn run(&self, program: impl AsRef<Path>, arguments: &[&str]) -> (bool, String) {
        let program = program.as_ref();
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .output();
        let output = output.unwrap_or_else(|error| {
            panic!(
                "{} is missing ({error}); `cargo xtask test` installs it",
                program.display()
            )
        });
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        (output.status.success(), format!("{stdout}{stderr}"))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the tools are is the test runner's knowledge"
)]
fn venv() -> PathBuf {
    std::env::var_os("CERTPORTAL_VENV").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/venv"),
        PathBuf::from,
    )
}

#[tokio::test]
async fn what_is_revoked_is_refused_by_whoever_fetches_the_list() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let page = alice.certificate().await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    let party = RelyingParty::new(&app, &page).await;
    let first = party.fetch_list(&app).await;
    assert_eq!(party.refusal(), None);
    assert_eq!(party.findings("BR").trim(), "");

    let carol = app.carol().await;
    let fields = [("id", id.as_str()), ("comment", "Phone not found")];
    carol.post_json("/api/ui/hold", &fields).await.expect(200);
    let second = party.fetch_list(&app).await;
    let refusal = party.refusal().unwrap();
    assert!(refusal.contains("error 23"), "{refusal}");
    assert_eq!(party.findings("PKIX").trim(), "");
    carol
        .post_json("/api/ui/reactivate", &fields[..1])
        .await
        .expect(200);
    let third = party.fetch_list(&app).await;
    assert_eq!(party.refusal(), None);

    let fields = [
        ("id", id.as_str()),
        ("reason", "keyCompromise"),
        ("comment", ""),
    ];
    carol.post_json("/api/ui/revoke", &fields).await.expect(200);
    let fourth = party.fetch_list(&app).await;
    let refusal = party.refusal().unwrap();
    assert!(
        refusal.contains("error 23") && refusal.contains("revoked"),
        "{refusal}"
    );
    assert_eq!(party.findings("BR").trim(), "");
    assert!(first < second && second < third && third < fourth);
    carol.post_json("/api/ui/revoke", &fields).await.expect(409);
    // It is made anew every day, whether something happened or not.
    app.advance(time::Duration::hours(25));
    assert!(party.fetch_list(&app).await > fourth);
}

#[tokio::test]
async fn an_owner_reports_a_loss_without_javascript_and_keeps_the_file() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let page = alice.certificate().await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    let words = alice.get(&page).await.expect(200).text();
    assert!(words.contains("Report lost") && words.contains("revoked at once and for good"));

    let wrong = [("id", id.as_str()), ("reason", ""), ("back", page.as_str())];
    alice.post("/api/ui/report-lost", &wrong).await.expect(303);
    let lost = [
        ("id", id.as_str()),
        ("reason", "keyCompromise"),
        ("back", page.as_str()),
    ];
    let answer = alice.post("/api/ui/report-lost", &lost).await.expect(303);
    assert_eq!(answer.location(), page);
    let words = alice.get(&page).await.expect(200).words();
    assert!(words.contains("Revoked on 4 May 2026"), "{words}");
    assert!(words.contains("Somebody else may have the key"), "{words}");
    assert!(!words.contains("Report lost"), "{words}");
    let home = alice.get("/").await.expect(200).words();
    assert!(home.contains("Revoked: do not sign with it"), "{home}");

    let password = app.passwords["alice"].clone();
    let fields = [("password", password.as_str()), ("device", "thunderbird")];
    let file = alice
        .post(&format!("{page}/download"), &fields)
        .await
        .expect(200);
    assert_eq!(file.header("content-type"), "application/x-pkcs12");
    alice
        .post(&format!("{page}/show-password"), &fields)
        .await
        .expect(200);
}

#[tokio::test]
async fn an_administrator_finds_the_verbs_on_the_page() {
    let app = TestApp::start().await;
    let page = app.alice().await.certificate().await;
    let carol = app.carol().await;
    let html = carol.get(&page).await.expect(200).text();
    for verb in ["revoke", "hold"] {
        assert!(
            html.contains(&format!("action=\"/api/ui/{verb}\"")),
            "{verb}"
        );
    }
    assert!(!html.contains("/api/ui/report-lost") && !html.contains("/api/ui/reactivate"));
    let auditor = app.signed_in("dave").await;
    let html = auditor.get(&page).await.expect(200).text();
    assert!(!html.contains("action=\"/api/ui/revoke\""));
}
