//! OCSP over the plain http listener, asked as OpenSSL asks and as browsers and caches do.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Request};
use std::path::Path;
use std::process::Command;
use time::Duration;
use tower::ServiceExt as _;

use crate::answer::Answer;
use crate::test_app::TestApp;

const MALFORMED: &[u8] = &[0x30, 3, 0x0a, 1, 1];
const UNAUTHORIZED: &[u8] = &[0x30, 3, 0x0a, 1, 6];

async fn send(app: &TestApp, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", kind)
        .body(Body::from(body))
        .unwrap();
    Answer::read(app.pki.clone().oneshot(request).await.unwrap()).await
}

async fn post(app: &TestApp, body: &[u8]) -> Answer {
    let kind = "application/ocsp-request";
    send(app, Method::POST, "/ocsp", kind, body.to_vec()).await
}

async fn get(app: &TestApp, path: &str, known: Option<&str>) -> Answer {
    let mut request = Request::builder().uri(path);
    if let Some(etag) = known {
        request = request.header("if-none-match", etag);
    }
    let request = request.body(Body::empty()).unwrap();
    Answer::read(app.pki.clone().oneshot(request).await.unwrap()).await
}

fn openssl(folder: &Path, arguments: &str) -> String {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "openssl {arguments}:\n{text}");
    text
}

/// A portal with a certificate; it and its chain are files in the folder.
async fn portal_with_certificate(folder: &Path) -> TestApp {
    let app = TestApp::start().await;
    let page = app.alice().await.certificate().await;
    let id = page.rsplit('/').next().unwrap().parse().unwrap();
    let store = app.portal.store();
    let leaf = store.certificate(id).await.unwrap().unwrap().der;
    let authorities = store.authorities().await.unwrap();
    for (name, der) in [
        ("leaf", &leaf),
        ("root", &authorities[0].certificate),
        ("issuing", &authorities[1].certificate),
    ] {
        let pem = pki::pem::certificates(&[der]).unwrap();
        std::fs::write(folder.join(format!("{name}.pem")), pem).unwrap();
    }
    app
}

fn asked(folder: &Path, options: &str) -> Vec<u8> {
    let arguments = format!("ocsp -issuer issuing.pem {options} -reqout request.der");
    openssl(folder, &arguments);
    std::fs::read(folder.join("request.der")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openssl_asks_at_the_address_in_the_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let app = portal_with_certificate(folder.path()).await;
    let uri = openssl(folder.path(), "x509 -in leaf.pem -noout -ocsp_uri");
    assert_eq!(uri.trim(), format!("{}/ocsp", app.portal.policy().pki_url));

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = app.pki.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let now = app.portal.now().unix_timestamp();
    for (options, said) in [
        ("-sha1 -no_nonce -cert leaf.pem", "leaf.pem: good"),
        ("-sha256 -no_nonce -cert leaf.pem", "leaf.pem: good"),
        ("-sha256 -nonce -cert leaf.pem", "leaf.pem: good"),
        ("-nonce -serial 0x4711", "0x4711: unknown"),
        ("-no_nonce -serial 0x4711", "0x4711: unknown"),
    ] {
        let arguments = format!(
            "ocsp -url http://{address}/ocsp -issuer issuing.pem {options} -CAfile root.pem \
             -verify_other issuing.pem -attime {now} -validity_period 999999999"
        );
        let text = openssl(folder.path(), &arguments);
        assert!(text.contains("Response verify OK"), "{text}");
        assert!(text.contains(said), "{options}: {text}");
        assert!(
            !text.contains("WARNING: no nonce") || options.contains("-no_nonce"),
            "{text}"
        );
    }
    server.abort();
}

#[tokio::test]
async fn answers_can_be_kept_where_nobody_asked_for_a_fresh_one() {
    let folder = tempfile::tempdir().unwrap();
    let app = portal_with_certificate(folder.path()).await;
    let request = asked(folder.path(), "-sha1 -no_nonce -cert leaf.pem");
    let posted = post(&app, &request).await.expect(200);
    assert_eq!(posted.header("content-type"), "application/ocsp-response");
    assert_eq!(
        posted.header("cache-control"),
        "max-age=3600, public, no-transform, must-revalidate"
    );
    assert_eq!(
        posted.header("last-modified"),
        "Mon, 04 May 2026 09:00:00 GMT"
    );
    assert_eq!(posted.header("expires"), "Tue, 05 May 2026 09:00:00 GMT");
    assert_eq!(posted.header("set-cookie"), "");

    let base64 = STANDARD.encode(&request);
    let escaped = form_urlencoded::byte_serialize(base64.as_bytes()).collect::<String>();
    let bare = base64.trim_end_matches('=');
    for path in [&base64, &escaped, bare] {
        let got = get(&app, &format!("/ocsp/{path}"), None).await.expect(200);
        assert_eq!(got.body, posted.body, "{path}");
        let path = format!("/ocsp/{path}");
        let same = get(&app, &path, Some(&got.header("etag")))
            .await
            .expect(304);
        assert!(same.body.is_empty());
    }
    app.advance(Duration::hours(13));
    let renewed = post(&app, &request).await.expect(200);
    assert_ne!(renewed.header("etag"), posted.header("etag"));

    for options in ["-nonce -cert leaf.pem", "-no_nonce -serial 0x4711"] {
        let request = asked(folder.path(), options);
        let answer = post(&app, &request).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{options}");
        assert_eq!(answer.header("etag"), "");
    }
}

#[tokio::test]
async fn what_is_no_request_is_answered_too() {
    let folder = tempfile::tempdir().unwrap();
    let app = portal_with_certificate(folder.path()).await;
    let request = asked(folder.path(), "-nonce -cert leaf.pem");
    let truncated = request[..request.len() - 1].to_vec();
    let large = vec![0x30; 4096];
    for body in [&b""[..], b"text", &truncated, &large] {
        let answer = post(&app, body).await.expect(200);
        assert_eq!(answer.body, MALFORMED);
        assert_eq!(answer.header("content-type"), "application/ocsp-response");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    post(&app, &vec![0x30; 4097]).await.expect(413);
    let long = STANDARD.encode(vec![0x30; 4097]);
    get(&app, &format!("/ocsp/{long}"), None).await.expect(413);
    for path in [
        "/ocsp/%00",
        "/ocsp/not+base64!",
        "/ocsp/MAA=",
        "/ocsp/%ff%fe",
    ] {
        assert_eq!(
            get(&app, path, None).await.expect(200).body,
            MALFORMED,
            "{path}"
        );
    }
    let kind = "application/x-www-form-urlencoded";
    send(&app, Method::POST, "/ocsp", kind, request.clone())
        .await
        .expect(415);
    send(&app, Method::PUT, "/ocsp", kind, request)
        .await
        .expect(405);

    // The name of one authority with the key of another one is nobody's.
    let arguments = "ocsp -issuer issuing.pem -cert issuing.pem -reqout request.der";
    openssl(folder.path(), arguments);
    let other = std::fs::read(folder.path().join("request.der")).unwrap();
    assert_eq!(post(&app, &other).await.expect(200).body, UNAUTHORIZED);
}
