//! `kill -9` of the serving process with requests in the pipeline, on both databases.

use crate::browser::Browser;
use crate::node::{Node, Setting, assert_healthy, eventually, postgres_database};

#[test]
fn a_killed_portal_finishes_after_its_restart_on_sqlite() {
    killed_and_restarted(None);
}

#[test]
fn a_killed_portal_finishes_after_its_restart_on_postgres() {
    if let Some(database) = postgres_database("killed") {
        killed_and_restarted(Some(&database));
    }
}

fn killed_and_restarted(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.json");
    let data = folder.path().join("data");
    let setting = Setting {
        data: data.clone(),
        database,
        people: Some(&people),
        ..Setting::default()
    };
    let node = Node::start(&setting);
    let alice = Browser::sign_in(folder.path(), &node.url, &people, "alice");
    let erin = Browser::sign_in(folder.path(), &node.url, &people, "erin");
    let accepted = [
        alice.request(&node.url, false),
        erin.request(&node.url, false),
    ];
    // Wherever they are now.
    node.kill();

    // The demo gives new passwords at each start; the sessions end with the old ones.
    let node = Node::start(&setting);
    let alice = Browser::sign_in(folder.path(), &node.url, &people, "alice");
    let erin = Browser::sign_in(folder.path(), &node.url, &people, "erin");
    eventually("every accepted request is a certificate", || {
        alice.certificate(&node.url, &accepted[0]).is_some()
            && erin.certificate(&node.url, &accepted[1]).is_some()
    });
    assert_healthy(&data, database);
}

#[test]
fn a_second_portal_on_the_same_data_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let node = Node::start(&Setting {
        data: data.clone(),
        ..Setting::default()
    });
    let (code, text) = crate::node::certportal(
        &data,
        None,
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--pki-listen",
            "127.0.0.1:0",
        ],
    );
    assert_ne!(code, 0, "{text}");
    assert!(
        text.contains("already") || text.contains("another"),
        "{text}"
    );
    drop(node);
}
