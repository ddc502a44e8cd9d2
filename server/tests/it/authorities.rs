//! The page of the authorities, its files, and the page that helps everybody to install a root.

use domain::Secret;
use time::Duration;

use crate::test_app::TestApp;

const FILE_PASSWORD: &str = "four quite unrelated words";

/// Whether one stands in the other.
fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn an_auditor_reads_and_an_administrator_changes() {
    let app = TestApp::start().await;
    let [carol, dave] = [app.anonymous(), app.anonymous()];
    carol.sign_in("carol").await;
    dave.sign_in("dave").await;
    for (actor, may_change) in [(&carol, true), (&dave, false)] {
        let page = actor.get("/admin/authorities").await.expect(200);
        let words = page.words();
        assert!(words.contains("Root CA") && words.contains("TLS CA 1"));
        assert!(words.contains("0 issued, 0 valid, 0 revoked"), "{words}");
        assert_eq!(words.contains("New issuing authority"), may_change);
        assert_eq!(words.contains("Take its key offline"), may_change);
    }
    let fields = [
        ("parent", "elsewhere"),
        ("name", "Mail CA 2"),
        ("purpose", "mail"),
        ("key_algorithm", "p384"),
        ("domains", "example.com"),
    ];
    let created = carol.post("/api/ui/create-authority", &fields).await;
    assert_eq!(created.location(), "/admin/authorities");
    let again = carol.post_json("/api/ui/create-authority", &fields).await;
    assert_eq!(again.expect(422).json()["fields"][0]["field"], "name");
    let requests = app.portal.store().authority_requests().await.unwrap();
    let path = format!("/admin/authorities/{}/request", requests[0].id);
    let file = dave.get(&path).await.expect(200);
    assert!(file.text().contains("BEGIN CERTIFICATE REQUEST"));
    assert!(file.header("content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn a_roots_key_comes_as_a_file() {
    let app = TestApp::start().await;
    let carol = app.anonymous();
    carol.sign_in("carol").await;
    let root = app.portal.store().authorities().await.unwrap().remove(0);
    let path = format!("/admin/authorities/{}/key", root.id);
    let wrong = [("file_password", "short"), ("password", "")];
    let page = carol.post(&path, &wrong).await.expect(422);
    assert!(page.text().contains("aria-invalid=\"true\""));
    // Signing in counts as a confirmation for five minutes.
    app.advance(Duration::minutes(6));
    let form = |password| [("file_password", FILE_PASSWORD), ("password", password)];
    let refused = carol.post(&path, &form("wrong")).await.expect(422);
    assert!(refused.text().contains("This is not your sign-in password"));
    let own = app.passwords["carol"].as_str();
    let file = carol.post(&path, &form(own)).await.expect(200);
    assert_eq!(file.header("content-type"), "application/x-pkcs12");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.header("content-disposition").starts_with("attachment"));
    let password = Secret::new(FILE_PASSWORD.to_owned());
    let read = pki::AuthorityFile::Pfx {
        bytes: &file.body,
        password: &password,
    };
    let read = pki::read_authority(&read, app.portal.now()).unwrap();
    assert_eq!(read.certificate_der, root.certificate);
}

#[tokio::test]
async fn a_key_that_was_pasted_is_kept_nowhere() {
    let app = TestApp::start().await;
    let carol = app.anonymous();
    carol.sign_in("carol").await;
    let material = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
    let fields = [
        ("material", material),
        ("form", "import-authority"),
        ("back", "/admin/authorities"),
    ];
    let page = carol.post("/api/ui/import-authority", &fields).await;
    let page = page.expect(422);
    assert!(page.words().contains("It cannot be taken over"));
    assert!(!page.text().contains("c2VjcmV0"));
    assert!(page.text().contains("<details open class=\"confirm\""));
    let page = carol.get("/admin/authorities").await.expect(200);
    assert!(!page.text().contains("c2VjcmV0"));
}

#[tokio::test]
async fn everybody_can_install_the_root() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let root = app.portal.store().authorities().await.unwrap().remove(0);
    let page = visitor.get("/help/authorities").await.expect(200);
    assert!(page.words().contains("Trust our certificates"));
    for ending in ["crt", "pem", "p7b", "crl"] {
        let path = format!("/pki/{}.{ending}", root.id);
        assert!(page.text().contains(&path) || ending == "crl", "{path}");
        let file = visitor.get(&path).await.expect(200).body;
        match ending {
            "crt" => assert_eq!(file, root.certificate),
            "pem" => assert_eq!(
                pki::pem::read_certificates(&file).unwrap(),
                [&*root.certificate]
            ),
            "p7b" => assert!(has(&file, &root.certificate)),
            _ => assert_eq!(pki::read_crl(&file).unwrap(), []),
        }
    }
    visitor.get("/pki/nothing.crt").await.expect(404);
}
