//! Administrators add people and help them.

use crate::test_app::TestApp;

#[tokio::test]
async fn a_new_person_signs_in_with_the_start_password() {
    let app = TestApp::start().await;
    let carol = app.carol().await;
    let fields = [
        ("name", "Frank Fox"),
        ("mailbox", "frank@example.com"),
        ("role", "employee"),
    ];
    let added = carol
        .post_json("/people/add", &fields)
        .await
        .expect(200)
        .json();
    let password = added["start_password"].as_str().unwrap();
    let frank = app.anonymous();
    let fields = [("mailbox", "frank@example.com"), ("password", password)];
    frank
        .post_json("/api/ui/sign-in", &fields)
        .await
        .expect(200);
    frank.get("/").await.expect(200);
}

#[tokio::test]
async fn without_javascript_the_start_password_is_on_the_page_that_answers() {
    let app = TestApp::start().await;
    let (carol, alice) = (app.carol().await, app.alice().await);
    let id = alice.read("/api/ui/read/site").await.json()["viewer"]["id"].clone();
    let path = format!("/people/{}", id.as_str().unwrap());
    let page = carol
        .post(&format!("{path}/reset-password"), &[])
        .await
        .expect(200);
    assert!(page.text().contains("Alice Adams"));
    assert_eq!(alice.get("/").await.location(), "/sign-in");
    let fields = [
        ("name", ""),
        ("mailbox", "frank@elsewhere.example"),
        ("role", "king"),
    ];
    let page = carol.post("/people/add", &fields).await.expect(422);
    assert!(page.text().contains("fill this in"), "{}", page.text());
}

#[tokio::test]
async fn a_role_holds_from_the_next_request_on() {
    let app = TestApp::start().await;
    let (carol, erin) = (app.carol().await, app.erin().await);
    erin.read("/api/ui/read/queue").await.expect(403);
    let id = erin.read("/api/ui/read/site").await.json()["viewer"]["id"].clone();
    let id = id.as_str().unwrap();
    carol
        .post_json("/api/ui/set-role", &[("id", id), ("role", "approver")])
        .await
        .expect(200);
    erin.read("/api/ui/read/queue").await.expect(200);
    carol
        .post_json("/api/ui/set-role", &[("id", id), ("role", "employee")])
        .await
        .expect(200);
    erin.read("/api/ui/read/queue").await.expect(403);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::start().await;
    let carol = app.carol().await;
    let id = carol.read("/api/ui/read/site").await.json()["viewer"]["id"].clone();
    let id = id.as_str().unwrap();
    carol
        .post_json("/api/ui/set-role", &[("id", id), ("role", "employee")])
        .await
        .expect(409);
    carol
        .post_json("/api/ui/disable-person", &[("id", id)])
        .await
        .expect(409);
}
