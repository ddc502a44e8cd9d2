//! Nobody decides their own request, and what is somebody else's does not exist.

use crate::test_app::TestApp;

#[tokio::test]
async fn an_approver_cannot_approve_their_own_request() {
    let app = TestApp::start().await;
    let bob = app.bob().await;
    let request = bob.request_certificate("Secure mail").await;
    let id = request.rsplit('/').next().unwrap();
    bob.post_json("/api/ui/approve", &[("requests[0]", id)])
        .await
        .expect(409);
    bob.post_json("/api/ui/reject", &[("requests[0]", id), ("reason", "no")])
        .await
        .expect(409);
    app.run_due_jobs().await;
    let view = bob
        .read(&format!("/api/ui/read/request?id={id}"))
        .await
        .json();
    assert_eq!(view["state"], "waiting");
}

#[tokio::test]
async fn two_approvals_have_one_winner() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.alice().await, app.bob().await);
    let request = alice.request_certificate("Secure mail").await;
    let id = request.rsplit('/').next().unwrap();
    bob.post_json("/api/ui/approve", &[("requests[0]", id)])
        .await
        .expect(200);
    bob.post_json("/api/ui/approve", &[("requests[0]", id)])
        .await
        .expect(409);
    bob.post_json("/api/ui/reject", &[("requests[0]", id), ("reason", "x")])
        .await
        .expect(409);
    alice
        .post_json("/api/ui/withdraw", &[("id", id)])
        .await
        .expect(409);
}

#[tokio::test]
async fn what_is_somebody_elses_looks_like_what_does_not_exist() {
    let app = TestApp::start().await;
    let (alice, erin) = (app.alice().await, app.erin().await);
    let certificate = alice.certificate().await;
    let request = alice.request_certificate("Secure mail").await;
    let nothing = uuid::Uuid::nil();
    for (theirs, nowhere) in [
        (certificate.clone(), format!("/certificates/{nothing}")),
        (request.clone(), format!("/requests/{nothing}")),
    ] {
        let theirs = erin.get(&theirs).await.expect(404);
        let nowhere = erin.get(&nowhere).await.expect(404);
        let title = |page: &str| page.split("<title>").nth(1).map(|t| t[..12].to_owned());
        assert_eq!(title(&theirs.text()), title(&nowhere.text()));
        assert!(!theirs.text().contains("alice@example.com"));
    }
    let id = request.rsplit('/').next().unwrap();
    let theirs = erin
        .read(&format!("/api/ui/read/request?id={id}"))
        .await
        .expect(404);
    let nowhere = erin
        .read(&format!("/api/ui/read/request?id={nothing}"))
        .await
        .expect(404);
    assert_eq!(theirs.body, nowhere.body);
    erin.post_json("/api/ui/withdraw", &[("id", id)])
        .await
        .expect(404);
    erin.read(&format!("{request}/events")).await.expect(404);
}

#[tokio::test]
async fn what_a_form_does_not_ask_for_is_not_taken() {
    let app = TestApp::start().await;
    let erin = app.erin().await;
    let carol = app.carol().await;
    let fields = [
        ("current", app.passwords["erin"].as_str()),
        ("password", "quite-another-and-longer-secret-7"),
        ("password_again", "quite-another-and-longer-secret-7"),
        ("role", "admin"),
        ("person", "alice"),
    ];
    erin.post_json("/api/ui/change-password", &fields)
        .await
        .expect(200);
    let site = erin.read("/api/ui/read/site").await.json();
    assert_eq!(site["viewer"]["role"], "employee");
    let people = carol.read("/api/ui/read/people").await.json();
    let admins = people["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["role"] == "admin");
    assert_eq!(admins.count(), 1);
}
