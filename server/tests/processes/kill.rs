//! `kill -9` of the serving process with requests in the pipeline, on both databases.

use crate::demo::Demo;
use crate::node::{eventually, postgres_database};

#[test]
fn a_killed_portal_finishes_after_its_restart_on_sqlite() {
    killed_and_restarted(None);
}

#[test]
fn a_killed_portal_finishes_after_its_restart_on_postgres() {
    if let Some(database) = postgres_database("killed") {
        killed_and_restarted(Some(database));
    }
}

fn killed_and_restarted(database: Option<String>) {
    let demo = Demo::new(database);
    let node = demo.start();
    let requested = ["alice", "erin"].map(|key| demo.sign_in(&node, key).request(&node.url, false));
    // Wherever they are now.
    node.kill();

    // The demo gives new passwords at each start; the sessions end with the old ones.
    let node = demo.start();
    let people = ["alice", "erin"].map(|key| demo.sign_in(&node, key));
    eventually("every accepted request is a certificate", || {
        let mut both = people.iter().zip(&requested);
        both.all(|(person, request)| person.certificate(&node.url, request).is_some())
    });
    demo.assert_healthy();
}

#[test]
fn a_second_portal_on_the_same_data_is_refused() {
    let demo = Demo::new(None);
    let node = demo.start();
    let any_port = "127.0.0.1:0";
    let serve = ["serve", "--listen", any_port, "--pki-listen", any_port];
    let (code, text) = demo.certportal(&serve);
    assert_ne!(code, 0, "{text}");
    assert!(
        text.contains("already") || text.contains("another"),
        "{text}"
    );
    drop(node);
}
