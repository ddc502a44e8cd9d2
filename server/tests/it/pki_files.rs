//! The plain http listener.

use axum::body::Body;
use http::Request;
use tower::ServiceExt as _;

use crate::answer::Answer;
use crate::test_app::TestApp;

async fn get(app: &TestApp, path: &str, known: Option<&str>) -> Answer {
    let mut request = Request::builder().uri(path);
    if let Some(etag) = known {
        request = request.header("if-none-match", etag);
    }
    let request = request.body(Body::empty()).unwrap();
    Answer::read(app.pki.clone().oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn authorities_and_their_lists_are_there_for_everybody() {
    let app = TestApp::start().await;
    let authorities = app.portal.store().authorities().await.unwrap();
    assert!(!authorities.is_empty());
    for authority in authorities {
        for (ending, kind) in [
            ("crt", "application/pkix-cert"),
            ("crl", "application/pkix-crl"),
            ("pem", "application/x-pem-file"),
            ("p7b", "application/x-pkcs7-certificates"),
        ] {
            let path = format!("/pki/{}.{ending}", authority.id);
            let file = get(&app, &path, None).await.expect(200);
            assert_eq!(file.header("content-type"), kind);
            assert_eq!(file.header("set-cookie"), "");
            assert!(file.header("cache-control").starts_with("public, max-age="));
            let again = get(&app, &path, Some(&file.header("etag")))
                .await
                .expect(304);
            assert!(again.body.is_empty());
        }
    }
    for path in [
        "/",
        "/pki/",
        "/pki/x.crt",
        "/pki/../Cargo.toml",
        "/sign-in",
        "/healthz",
    ] {
        get(&app, path, None).await.expect(404);
    }
}
