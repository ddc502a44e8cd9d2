//! From a request to the two things that it is for: the password and the PFX.

use domain::Secret;
use time::Duration;

use crate::test_app::TestApp;

#[tokio::test]
async fn request_approve_show_download() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.alice().await, app.bob().await);
    let request = alice.request_certificate("Secure mail").await;
    assert!(
        alice
            .get(&request)
            .await
            .expect(200)
            .text()
            .contains("alice@example.com")
    );
    let id = request.rsplit('/').next().unwrap();
    assert!(
        bob.get("/queue")
            .await
            .expect(200)
            .text()
            .contains("Alice Adams")
    );
    let done = bob
        .post_json("/api/ui/approve", &[("requests[0]", id)])
        .await
        .expect(200);
    assert!(
        done.json()["message"].as_str().unwrap().contains('1'),
        "{}",
        done.text()
    );
    app.run_due_jobs().await;

    let certificate = alice.certificate_of(&request).await;
    alice.get(&certificate).await.expect(200);
    let shown = alice
        .post_json(&format!("{certificate}/show-password"), &[])
        .await
        .expect(200);
    let password = shown.json()["password"].as_str().unwrap().to_owned();
    for device in ["windows", "mac", "ios", "thunderbird", "android"] {
        let fields = [("device", device)];
        let file = alice
            .post(&format!("{certificate}/download"), &fields)
            .await
            .expect(200);
        assert_eq!(file.header("content-type"), "application/x-pkcs12");
        assert_eq!(file.header("cache-control"), "no-store");
        let disposition = file.header("content-disposition");
        assert!(
            disposition.starts_with("attachment; filename=\"alice"),
            "{disposition}"
        );
        assert!(
            disposition.contains("; filename*=UTF-8''alice"),
            "{disposition}"
        );
        pki::verify_opens(&file.body, &Secret::new(password.clone())).unwrap();
    }
}

#[tokio::test]
async fn without_javascript_the_password_is_on_the_page_that_answers_and_only_there() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let certificate = alice.certificate().await;
    let page = alice
        .post(&format!("{certificate}/show-password"), &[])
        .await
        .expect(200);
    let shown = alice
        .post_json(&format!("{certificate}/show-password"), &[])
        .await;
    let password = shown.json()["password"].as_str().unwrap().to_owned();
    assert!(page.words().contains(&password), "{}", page.text());
    assert!(
        !page.text().contains("<script type=\"module\""),
        "such a page is plain"
    );
    for path in [certificate.as_str(), "/", "/account"] {
        assert!(!alice.get(path).await.words().contains(&password), "{path}");
    }
}

#[tokio::test]
async fn identity_is_confirmed_before_secrets_are_shown() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let certificate = alice.certificate().await;
    app.advance(Duration::minutes(6));
    let show = format!("{certificate}/show-password");
    let download = format!("{certificate}/download");
    alice.post_json(&show, &[]).await.expect(422);
    alice
        .post_json(&show, &[("password", "wrong")])
        .await
        .expect(422);
    let page = alice
        .post(&download, &[("device", "windows")])
        .await
        .expect(422);
    assert_eq!(page.header("content-disposition"), "");
    assert!(page.text().contains("sign-in password"), "{}", page.text());
    let password = [("password", app.passwords["alice"].as_str())];
    alice.post_json(&show, &password).await.expect(200);
    alice
        .post(&download, &[("device", "windows")])
        .await
        .expect(200);
}

#[tokio::test]
async fn nobody_else_gets_the_secrets_whatever_their_role() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let certificate = alice.certificate().await;
    for key in ["erin", "bob", "carol", "dave"] {
        let other = app.signed_in(key).await;
        let password = app.passwords[key].clone();
        let fields = [("password", password.as_str()), ("device", "windows")];
        for verb in ["show-password", "download"] {
            other
                .post_json(&format!("{certificate}/{verb}"), &fields)
                .await
                .expect(404);
            other
                .post(&format!("{certificate}/{verb}"), &fields)
                .await
                .expect(404);
        }
    }
    let visitor = app.anonymous();
    let answer = visitor
        .post(&format!("{certificate}/download"), &[("device", "windows")])
        .await;
    assert!(answer.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn sending_the_form_twice_gives_one_request() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let first = alice.request_certificate("Secure mail").await;
    let second = alice.request_certificate("Secure mail").await;
    assert_eq!(first, second);
}
