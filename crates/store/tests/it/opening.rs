//! Opening, migrating and closing.

use crate::samples;
use crate::support::{EMPTY_SCHEMA, TestDb};
use store::{Error, Store};

on_both! {
    async fn migrating_again_changes_nothing(db) {
        assert!(db.is_migrated().await.unwrap());
        db.migrate().await.unwrap();
        assert!(db.is_migrated().await.unwrap());
        db.ping().await.unwrap();
    }

    async fn several_nodes_migrate_together(db) {
        if db.is_sqlite() {
            let dir = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/fresh.sqlite", dir.path().display());
            migrate_together(&url).await;
        } else {
            db.tamper(EMPTY_SCHEMA).await;
            assert!(!db.is_migrated().await.unwrap());
            migrate_together(db.url()).await;
        }
    }

    async fn another_schema_is_noticed(db) {
        db.tamper("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 6").await;
        assert!(!db.is_migrated().await.unwrap());
        assert!(matches!(db.migrate().await, Err(Error::Migration(_))));
    }

    async fn what_is_acknowledged_is_there_after_a_restart(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await;
        let again = db.reopen().await;
        assert!(again.certificate(certificate.id).await.unwrap().is_some());
        again.close().await;
        assert!(matches!(again.ping().await, Err(Error::Busy)));
    }
}

async fn migrate_together(url: &str) {
    let nodes: Vec<_> = (0..4)
        .map(|_| {
            let url = url.to_owned();
            tokio::spawn(async move {
                let store = Store::open(&url, 2).await.unwrap();
                store.migrate().await.unwrap();
                assert!(store.is_migrated().await.unwrap());
                store.close().await;
            })
        })
        .collect();
    for node in nodes {
        node.await.unwrap();
    }
}

#[tokio::test]
async fn a_new_sqlite_file_is_empty_private_and_durable() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("portal.sqlite");
    let store = Store::open(&format!("sqlite://{}", file.display()), 2)
        .await
        .unwrap();
    assert_eq!(store.kind(), "SQLite");
    assert!(!store.is_migrated().await.unwrap());
    store.migrate().await.unwrap();
    for name in ["portal.sqlite", "portal.sqlite-wal", "portal.sqlite-shm"] {
        let mode = std::fs::metadata(dir.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    store.close().await;
}

#[tokio::test]
async fn every_sqlite_connection_has_its_pragmas() {
    // Opening checks journal mode, synchronous and foreign keys on each connection; this looks at
    // what a stranger sees in the file, and that a broken reference is refused.
    let db = TestDb::sqlite().await;
    assert_eq!(
        db.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode")
            .await,
        1
    );
    let world = samples::world(&db).await;
    let mut request = world.waiting("alice");
    request.person = samples::id();
    let refused = db.create_request(request, store::Record::default()).await;
    assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");
}

#[tokio::test]
async fn an_address_of_something_else_is_refused() {
    for url in [
        "",
        "mysql://host/name",
        "sqlite",
        "sqlite:///no/such/folder/portal.sqlite",
    ] {
        assert!(
            matches!(Store::open(url, 2).await, Err(Error::Database(_))),
            "{url}"
        );
    }
    assert!(matches!(
        Store::open("postgres://127.0.0.1:1/x", 2).await,
        Err(Error::Busy)
    ));
}
