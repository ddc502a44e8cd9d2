//! A request's page follows along.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt as _;
use http::{Method, header};
use tower::ServiceExt as _;

use crate::test_app::TestApp;

#[tokio::test]
async fn versions_rise_until_nothing_more_happens() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.alice().await, app.bob().await);
    let request = alice.request_certificate("Secure mail").await;
    let id = request.rsplit('/').next().unwrap().to_owned();
    let get = alice
        .browser(Method::GET, &format!("{request}/events"))
        .header(header::ACCEPT, "text/event-stream")
        .body(Body::empty())
        .unwrap();
    let response = app.router.clone().oneshot(get).await.unwrap();
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/event-stream"
    );
    let mut stream = response.into_body().into_data_stream();
    let mut next = async || {
        let chunk = tokio::time::timeout(Duration::from_secs(10), stream.next())
            .await
            .unwrap();
        chunk.map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap())
    };
    let first = next().await.unwrap();
    assert!(first.contains("event: change\ndata: "), "{first}");
    bob.post_json("/api/ui/approve", &[("requests[0]", &id)])
        .await
        .expect(200);
    let second = next().await.unwrap();
    assert_ne!(first, second);
    app.run_due_jobs().await;
    while let Some(event) = next().await {
        assert!(event.contains("event: change"), "{event}");
    }
}

#[tokio::test]
async fn the_stream_ends_when_the_portal_does() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let request = alice.request_certificate("Secure mail").await;
    let end = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        app.shutdown.send_replace(true);
    };
    let path = format!("{request}/events");
    let (answer, ()) = tokio::join!(alice.read(&path), end);
    answer.expect(200);
}
