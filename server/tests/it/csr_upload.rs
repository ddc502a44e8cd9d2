//! A signing request of one's own as a file of the request form, as a browser sends it.

use std::process::Command;

use axum::body::Body;
use http::header;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::test_app::TestApp;

/// A signing request as OpenSSL writes it.
fn openssl_request(form: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args(["req", "-new", "-nodes", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=Alice"])
        .args(["-keyout", "own.key", "-out", "own.csr", "-outform", form])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    std::fs::read(folder.path().join("own.csr")).unwrap()
}

/// Sends the request form as browsers do that send files with it; `accept` is what they read.
async fn send(
    actor: &Actor<'_>,
    csrf: &str,
    (text, name, file): (&str, &str, &[u8]),
    accept: &str,
) -> Answer {
    let form = actor.read("/api/ui/read/request-form").await;
    let form = form.expect(200).json();
    let mut templates = form["templates"].as_array().unwrap().iter();
    let template = templates.find(|one| one["needs_approval"] == false);
    let fields = [
        ("csrf", csrf),
        ("back", "/request?copy="),
        ("form", "request"),
        ("template", template.unwrap()["id"].as_str().unwrap()),
        ("mailbox", "alice@example.com"),
        ("reason", "typed before"),
        ("idempotency_key", form["idempotency_key"].as_str().unwrap()),
        ("csr", text),
    ];
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    let head = format!(
        "--line\r\nContent-Disposition: form-data; name=\"csr_file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend([head.as_bytes(), file, b"\r\n--line--\r\n"].concat());
    let request = actor
        .form_request("/api/ui/request")
        .header(header::ACCEPT, accept);
    let mut request = request.body(Body::from(body)).unwrap();
    let kind = "multipart/form-data; boundary=line".parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    actor.send(request).await
}

const PAGE: &str = "text/html,*/*";

#[tokio::test]
async fn a_file_in_der_or_pem_becomes_a_certificate() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let csrf = alice.csrf().await;
    let page = alice.get("/request").await.expect(200);
    assert!(page.text().contains("enctype=\"multipart/form-data\""));
    assert!(page.text().contains("name=\"csr_file\""));
    for form in ["DER", "PEM"] {
        let file = openssl_request(form);
        let sent = send(&alice, &csrf, ("", "own.csr", &file), PAGE).await;
        let next = sent.location();
        assert!(next.starts_with("/requests/"), "{form}: {next}");
        app.run_due_jobs().await;
        let certificate = alice.certificate_of(&next).await;
        let page = alice.get(&certificate).await.expect(200);
        assert!(page.words().contains("never was in the portal"), "{form}");
        for kind in ["pem", "der", "p7b"] {
            let link = format!("href=\"{certificate}/{kind}\"");
            assert_eq!(page.text().matches(&link).count(), 1, "{kind}");
        }
    }
    // Without a file the same form asks for a key made here.
    let sent = send(&alice, &csrf, ("", "", b""), PAGE).await;
    assert!(sent.location().starts_with("/requests/"));
    app.run_due_jobs().await;
    let certificate = alice.certificate_of(&sent.location()).await;
    let page = alice.get(&certificate).await.expect(200);
    assert!(page.words().contains("Show its password"));
}

#[tokio::test]
async fn a_wrong_file_is_told_at_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let csrf = alice.csrf().await;
    let file = openssl_request("DER");
    let text = String::from_utf8(openssl_request("PEM")).unwrap();
    let large = vec![0x30; 70_000];
    for (what, word) in [
        (("", "own.csr", b"nonsense".as_slice()), "PKCS#10"),
        (("", "empty.csr", b"".as_slice()), "PKCS#10"),
        (("", "large.csr", &large), "64 KiB"),
        (
            (text.as_str(), "own.csr", &file),
            "either the text or the file",
        ),
    ] {
        let page = send(&alice, &csrf, what, PAGE).await.expect(422);
        assert!(page.words().contains(word), "{word}: {}", page.words());
        assert!(page.text().contains("typed before"), "{word}");
        // The fold with the field is open.
        assert!(
            page.text().contains("<details open class=\"fold\""),
            "{word}"
        );
        let told = send(&alice, &csrf, what, "application/json").await;
        let told = told.expect(422).json();
        assert_eq!(told["fields"][0]["field"], "csr_file");
    }
    let huge = vec![0x30; 2 << 20];
    let sent = send(&alice, &csrf, ("", "huge.csr", &huge), PAGE).await;
    sent.expect(413);
    let forged = send(&alice, "forged", ("", "own.csr", &file), PAGE).await;
    forged.expect(403);
    let mine = alice.read("/api/ui/read/my-certificates").await.json();
    assert_eq!(mine["requests"].as_array().unwrap().len(), 0, "{mine}");
}
