//! Showing the password and downloading: only the owner, confirmed, counted, recorded.

use crate::fixtures::requests::demo;
use crate::setting::{Database, Ground, actor, on_both, request};
use api::Download;
use domain::{AuditAction, CertificateId, Device, KeyAlgorithm, Secret};
use portal::{Actor, Error, Portal};

on_both!(
    only_the_owner_gets_the_secrets,
    a_stale_session_must_confirm,
    showing_is_counted,
    another_key_ring_seals
);

async fn issued(portal: &Portal, who: &Actor) -> CertificateId {
    request(portal, who, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    portal.my_certificates(who).await.unwrap().certificates[0].id
}

fn no_password() -> Secret<String> {
    Secret::new(String::new())
}

fn download(device: Device) -> Download {
    Download {
        password: api::Password::default(),
        device,
        kind: domain::DownloadKind::Pfx,
    }
}

async fn only_the_owner_gets_the_secrets(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let id = issued(&portal, &alice).await;
    for key in ["erin", "bob", "carol", "dave"] {
        let other = actor(&portal, key).await;
        assert!(
            matches!(
                portal.show_password(&other, id, no_password()).await,
                Err(Error::NotFound)
            ),
            "{key}"
        );
        let refused = portal.download(&other, id, download(Device::Windows)).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{key}");
    }
    let shown = portal
        .show_password(&alice, id, no_password())
        .await
        .unwrap()
        .value;
    let password = Secret::new(shown.password.expose().to_owned());
    for device in Device::ALL {
        let file = portal
            .download(&alice, id, download(*device))
            .await
            .unwrap()
            .value;
        pki::verify_opens(file.bytes.expose(), &password).unwrap();
        assert!(
            file.file_name.starts_with("alice@example.com-"),
            "{}",
            file.file_name
        );
        assert_eq!(file.content_type, "application/x-pkcs12");
    }
    for (action, times) in [
        (AuditAction::ShowPassword, 1),
        (AuditAction::Download, Device::ALL.len()),
    ] {
        let query = store::AuditQuery {
            actor: String::new(),
            action: Some(action),
            subject: Some(id.0),
            from: None,
            until: None,
            before_number: None,
            limit: 50,
        };
        assert_eq!(
            portal.store().audit(query).await.unwrap().len(),
            times,
            "{action}"
        );
    }
}

async fn a_stale_session_must_confirm(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    let people = portal.seed_demo().await.unwrap();
    let password = people
        .iter()
        .find(|person| person.key == "alice")
        .unwrap()
        .password
        .clone();
    let fresh = actor(&portal, "alice").await;
    let id = issued(&portal, &fresh).await;
    let stale = Actor {
        confirmed_at: Some(portal.now() - time::Duration::minutes(6)),
        ..fresh
    };
    assert!(portal.certificate(&stale, id).await.unwrap().must_confirm);
    assert!(matches!(
        portal.show_password(&stale, id, no_password()).await,
        Err(Error::Invalid(_))
    ));
    let wrong = Secret::new("not the password".to_owned());
    assert!(matches!(
        portal.show_password(&stale, id, wrong).await,
        Err(Error::Invalid(_))
    ));
    let confirmed = portal.show_password(&stale, id, password).await.unwrap();
    assert!(portal.now() - confirmed.confirmed_at < time::Duration::minutes(1));
}

async fn showing_is_counted(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let id = issued(&portal, &alice).await;
    for _ in 0..portal.policy().reveals_per_hour {
        portal
            .show_password(&alice, id, no_password())
            .await
            .unwrap();
    }
    assert!(matches!(
        portal.show_password(&alice, id, no_password()).await,
        Err(Error::TooMany { .. })
    ));
}

async fn another_key_ring_seals(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let id = issued(&portal, &alice).await;
    let kept = ground.place.folder.join("kept.toml");
    std::fs::rename(ground.place.folder.join("keyring.toml"), &kept).unwrap();

    let other = ground.place.start(None).await;
    assert!(other.sealed().is_some());
    assert!(matches!(
        other.show_password(&alice, id, no_password()).await,
        Err(Error::Sealed)
    ));
    request(&other, &alice, false, KeyAlgorithm::P256).await;
    assert_eq!(
        other.run_due_work().await,
        0,
        "a sealed portal claims nothing"
    );

    std::fs::rename(&kept, ground.place.folder.join("keyring.toml")).unwrap();
    let again = ground.place.start(None).await;
    assert!(again.sealed().is_none());
    assert_eq!(again.run_due_work().await, 1, "nothing was lost");
    again
        .show_password(&alice, id, no_password())
        .await
        .unwrap();
}
