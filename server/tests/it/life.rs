//! The life of a certificate over HTTP: renewing, files, old mail, bringing along; without JavaScript
//! too.

use axum::body::Body;
use domain::Secret;
use http::header;
use time::Duration;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::test_app::TestApp;

async fn password(actor: &Actor<'_>, path: &str) -> Secret<String> {
    let shown = actor.post_json(path, &[]).await.expect(200).json();
    Secret::new(shown["password"].as_str().unwrap().to_owned())
}

/// Sends a form with a file.
async fn upload(actor: &Actor<'_>, csrf: &str, pfx: &[u8], password: &str) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf), ("pfx_password", password), ("back", "/")] {
        let part =
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    body.extend(b"--line\r\nContent-Disposition: form-data; name=\"pfx\"; filename=\"a.p12\"\r\n");
    body.extend(b"Content-Type: application/x-pkcs12\r\n\r\n");
    body.extend(pfx);
    body.extend(b"\r\n--line--\r\n");
    let mut request = actor
        .form_request("/imported/add")
        .header(header::ACCEPT, "text/html,*/*")
        .body(Body::from(body))
        .unwrap();
    let kind = "multipart/form-data; boundary=line".parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    actor.send(request).await
}

#[tokio::test]
async fn one_click_renews_and_the_page_leads_to_the_next_one() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let certificate = alice.certificate().await;
    let id = certificate.rsplit('/').next().unwrap();
    alice
        .post_json("/api/ui/renew", &[("id", id)])
        .await
        .expect(409);
    app.advance(Duration::days(340));
    alice.sign_in("alice").await;
    for page in ["/", certificate.as_str()] {
        let page = alice.get(page).await.expect(200);
        assert!(
            page.text().contains("action=\"/api/ui/renew\""),
            "{}",
            page.text()
        );
    }
    let sent = alice.post("/api/ui/renew", &[("id", id)]).await;
    assert!(
        sent.location().starts_with("/requests/"),
        "{}",
        sent.location()
    );
    app.run_due_jobs().await;
    let page = alice.get(&certificate).await.expect(200);
    assert!(
        page.words().contains("See the next one"),
        "{}",
        page.words()
    );
}

#[tokio::test]
async fn every_file_of_a_certificate() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let certificate = alice.certificate().await;
    let opens = password(&alice, &format!("{certificate}/show-password")).await;
    let download = format!("{certificate}/download");
    let id = certificate.rsplit('/').next().unwrap().parse().unwrap();
    let row = app.portal.store().certificate(id).await.unwrap();
    let leaf = row.unwrap().der;
    for (kind, content_type, ending) in [
        ("other-pfx", "application/x-pkcs12", "p12"),
        (
            "profile",
            "application/x-apple-aspen-config",
            "mobileconfig",
        ),
        ("pem", "application/x-pem-file", "pem"),
        ("der", "application/pkix-cert", "cer"),
        ("p7b", "application/x-pkcs7-certificates", "p7b"),
    ] {
        let fields = [("device", "ios"), ("kind", kind)];
        let file = if ["pem", "der", "p7b"].contains(&kind) {
            // Nothing secret: a link is enough, and the form for what is secret has none of it.
            alice.post(&download, &fields).await.expect(422);
            alice.get(&format!("{certificate}/{kind}")).await
        } else {
            alice.post(&download, &fields).await
        };
        let file = file.expect(200);
        assert_eq!(file.header("content-type"), content_type);
        assert_eq!(file.header("cache-control"), "no-store");
        let disposition = file.header("content-disposition");
        assert!(
            disposition.contains(&format!(".{ending}\"")),
            "{disposition}"
        );
        if kind == "other-pfx" {
            pki::verify_opens(&file.body, &opens).unwrap();
        }
        match kind {
            "pem" => assert_eq!(pki::pem::read_certificates(&file.body).unwrap()[0], leaf),
            "der" => assert_eq!(file.body, leaf),
            "chain" => assert!(file.body.windows(leaf.len()).any(|part| part == leaf)),
            _ => {}
        }
        if kind == "profile" {
            // A CMS message (RFC 5652), with the profile in it.
            assert_eq!(file.body[0], 0x30);
            assert!(file.text().contains("com.apple.security.pkcs12"));
            assert!(!file.text().contains(opens.expose().as_str()));
        }
    }
    let fields = [("device", "ios"), ("kind", "nonsense")];
    alice.post(&download, &fields).await.expect(422);
}

#[tokio::test]
async fn what_is_brought_along_comes_back_and_opens_old_mail() {
    // Another portal has made it, for the same person.
    let elsewhere = TestApp::start().await;
    let other = elsewhere.alice().await;
    let certificate = other.certificate().await;
    let first = password(&other, &format!("{certificate}/show-password")).await;
    let fields = [("device", "windows")];
    let file = other
        .post(&format!("{certificate}/download"), &fields)
        .await;

    let app = TestApp::start().await;
    let alice = app.alice().await;
    let csrf = alice.csrf().await;
    upload(&alice, "forged", &file.body, first.expose())
        .await
        .expect(403);
    let wrong = upload(&alice, &csrf, &file.body, "mistyped")
        .await
        .expect(422);
    assert!(wrong.words().contains("password"), "{}", wrong.words());
    upload(&alice, &csrf, b"nonsense", "x").await.expect(422);
    upload(&alice, &csrf, &vec![0; 2 << 20], "x")
        .await
        .expect(413);
    let kept = upload(&alice, &csrf, &file.body, first.expose()).await;
    assert_eq!(kept.location(), "/");
    let page = alice.get("/").await.expect(200);
    assert!(page.words().contains("Brought along"), "{}", page.words());
    let erin = app.erin().await;
    let theirs = upload(&erin, &erin.csrf().await, &file.body, first.expose())
        .await
        .expect(422);
    assert!(
        theirs.words().contains("alice@example.com"),
        "{}",
        theirs.words()
    );

    let start = page.text().find("/imported/0").unwrap();
    let id: String = page.text()[start + 10..].chars().take(36).collect();
    let opens = password(&alice, &format!("/imported/{id}/show-password")).await;
    let shown = alice
        .post(&format!("/imported/{id}/show-password"), &[])
        .await
        .expect(200);
    assert!(
        shown.words().contains(opens.expose().as_str()),
        "{}",
        shown.words()
    );
    let given = alice
        .post(&format!("/imported/{id}/download"), &fields)
        .await
        .expect(200);
    pki::verify_opens(&given.body, &opens).unwrap();
    for verb in ["show-password", "download"] {
        let refused = erin
            .post_json(&format!("/imported/{id}/{verb}"), &fields)
            .await;
        refused.expect(404);
    }

    // All keys: confirmed each time, under a password that is known.
    alice.post("/old-mail", &fields).await.expect(422);
    let secret = app.passwords["alice"].clone();
    let asked = [("device", "mac"), ("password", secret.as_str())];
    let all = alice.post("/old-mail", &asked).await.expect(200);
    assert_eq!(all.header("cache-control"), "no-store");
    pki::verify_opens(&all.body, &opens).unwrap();
    let gone = alice.post("/api/ui/remove-imported", &[("id", &id)]).await;
    assert_eq!(gone.location(), "/");
    alice.post("/old-mail", &asked).await.expect(409);
}
