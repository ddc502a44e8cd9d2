//! Keys for old mail: brought along, and all in one file.

use crate::fixtures::requests::{download, pair, wrong_field};
use crate::life::Life;
use crate::setting::{Database, Ground, actor, on_both, request};
use api::OpenOldMail;
use domain::{AuditAction, Device, DownloadKind, KeyAlgorithm, Secret};
use portal::{Actor, Error, ImportForm, Portal};
use std::collections::BTreeSet;

on_both!(
    everything_that_decrypts_is_in_one_file,
    what_is_brought_along_is_given_back,
    the_doctor_opens_what_was_brought_along,
    what_thunderbird_exports_is_taken_and_no_bomb,
    what_is_not_ones_own_is_refused,
);

/// A PFX of somebody at another portal, and its password.
async fn foreign(database: Database, key: &str) -> (Vec<u8>, Secret<String>) {
    let ground = Ground::new(database).await.unwrap();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let who = actor(&portal, key).await;
    request(&portal, &who, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let id = portal.my_certificates(&who).await.unwrap().certificates[0].id;
    let file = portal.download(&who, id, download(DownloadKind::Pfx, Device::Windows));
    let file = file.await.unwrap().value.bytes.expose().clone();
    let shown = portal.show_password(&who, id, Secret::new(String::new()));
    let password = shown.await.unwrap().value.password.expose().to_owned();
    portal.store().close().await;
    (file, Secret::new(password))
}

fn upload((pfx, password): &(Vec<u8>, Secret<String>)) -> ImportForm {
    ImportForm {
        pfx: Secret::new(pfx.clone()),
        password: password.clone(),
    }
}

async fn audited(portal: &Portal, action: AuditAction) -> usize {
    let query = store::AuditQuery {
        actor: String::new(),
        action: Some(action),
        subject: None,
        from: None,
        until: None,
        before_number: None,
        limit: 50,
    };
    portal.store().audit(query).await.unwrap().len()
}

async fn sign_in_password(portal: &Portal, who: &Actor) -> api::Password {
    let carol = actor(portal, "carol").await;
    let password = portal.reset_password(&carol, who.id.unwrap());
    api::Password::new(password.await.unwrap().start_password.expose())
}

async fn everything_that_decrypts_is_in_one_file(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    let halves = pair(portal, alice).await;
    portal
        .import(alice, upload(&foreign(database, "alice").await))
        .await
        .unwrap();
    let carol = actor(portal, "carol").await;
    let reason = "keyCompromise".to_owned();
    portal
        .revoke(&carol, life.certificate, reason, String::new())
        .await
        .unwrap();
    let password = sign_in_password(portal, alice).await;
    life.days_before_the_end(-100).await;
    let offered = portal
        .my_certificates(alice)
        .await
        .unwrap()
        .old_mail
        .unwrap();
    assert_eq!((offered.keys, offered.password_of), (3, Some(halves[1])));
    let asked = |password: &api::Password, device| OpenOldMail {
        password: password.clone(),
        device,
    };
    // Even who confirmed a moment ago is asked again.
    let refused = portal
        .open_old_mail(alice, asked(&api::Password::default(), Device::Windows))
        .await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(audited(portal, AuditAction::OpenOldMail).await, 0);
    let alice = &Actor {
        confirmed_at: Some(portal.now()),
        ..alice.clone()
    };
    let shown = portal.show_password(alice, halves[1], Secret::new(String::new()));
    let opens = Secret::new(shown.await.unwrap().value.password.expose().to_owned());
    for device in [Device::Windows, Device::Ios] {
        let file = portal
            .open_old_mail(alice, asked(&password, device))
            .await
            .unwrap()
            .value;
        let read = pki::read_pfx(file.bytes.expose(), &opens, &pki::PfxLimits::default()).unwrap();
        let names: BTreeSet<_> = read
            .pairs
            .iter()
            .map(|pair| pair.friendly_name.clone())
            .collect();
        assert_eq!((read.pairs.len(), names.len()), (3, 3));
        let sign = portal
            .store()
            .certificate(halves[0])
            .await
            .unwrap()
            .unwrap()
            .der;
        assert!(read.pairs.iter().all(|pair| pair.certificate_der != sign));
    }
    assert_eq!(audited(portal, AuditAction::OpenOldMail).await, 2);
    // Two files and one password were given out before.
    for number in 3..portal.policy().reveals_per_hour {
        let given = portal
            .open_old_mail(alice, asked(&password, Device::Windows))
            .await;
        assert!(given.is_ok(), "{number}: {:?}", given.err());
    }
    let refused = portal
        .open_old_mail(alice, asked(&password, Device::Windows))
        .await;
    assert!(matches!(refused, Err(Error::TooMany { .. })));
}

async fn what_thunderbird_exports_is_taken_and_no_bomb(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    let folder = life.ground.place.folder.as_path();
    let (file, password) = foreign(database, "alice").await;
    std::fs::write(folder.join("made.p12"), file).unwrap();
    let password = password.expose().as_str();
    let tool = |program: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(program);
        let done = command.args(arguments).current_dir(folder).output();
        let done = done.unwrap_or_else(|error| panic!("{program} is missing: {error}"));
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{program}: {done:?}");
        text
    };
    // Into a profile as Firefox and Thunderbird have, and out again as they export it.
    tool("certutil", &["-N", "-d", "sql:.", "--empty-password"]);
    let import = ["-i", "made.p12", "-d", "sql:.", "-W", password, "-K", ""];
    tool("pk12util", &import);
    let listed = tool("certutil", &["-L", "-d", "sql:."]);
    let own = listed
        .lines()
        .find_map(|line| line.trim_end().strip_suffix("u,u,u"));
    let name = own.unwrap().trim_end();
    let export = [
        "-o", "nss.p12", "-n", name, "-d", "sql:.", "-W", password, "-K", "",
    ];
    tool("pk12util", &export);
    let shown = tool(
        "openssl",
        &["asn1parse", "-inform", "DER", "-in", "nss.p12"],
    );
    assert!(
        shown.contains(":0927C0"),
        "600,000 times is its default: {shown}"
    );
    let upload = |name: &str| ImportForm {
        pfx: Secret::new(std::fs::read(folder.join(name)).unwrap()),
        password: Secret::new(password.to_owned()),
    };

    // More than that is a bomb, whoever made it.
    let secret = format!("pass:{password}");
    let plain = [
        "pkcs12", "-in", "made.p12", "-nodes", "-out", "all.pem", "-passin", &secret,
    ];
    tool("openssl", &plain);
    let bomb = [
        "pkcs12", "-export", "-in", "all.pem", "-out", "bomb.p12", "-iter", "600001",
    ];
    tool(
        "openssl",
        &[bomb.as_slice(), &["-passout", &secret]].concat(),
    );
    let (field, words) = wrong_field(portal.import(alice, upload("bomb.p12")).await);
    assert_eq!(field, "pfx");
    assert!(words.contains("one by one"), "{words}");
    portal.import(alice, upload("nss.p12")).await.unwrap();
    let mine = portal.my_certificates(alice).await.unwrap();
    assert_eq!(mine.imported.len(), 1);
}

async fn the_doctor_opens_what_was_brought_along(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    let erin = actor(portal, "erin").await;
    for (who, key) in [(alice, "alice"), (&erin, "erin")] {
        let file = upload(&foreign(database, key).await);
        portal.import(who, file).await.unwrap();
    }
    let found = async || {
        let findings = portal.doctor().await.unwrap();
        let opens = |finding: &&portal::Finding| finding.check.starts_with("I5");
        findings.iter().find(opens).unwrap().clone()
    };
    let good = found().await;
    assert!(
        good.is_good && good.detail.contains("2 keys brought along"),
        "{good:?}"
    );
    // A seal holds for one row only: the key of one is not the key of the other.
    let sql = |statement: &str| life.ground.place.sql(statement);
    sql("CREATE TABLE kept AS SELECT * FROM imported_certificate");
    let take = |column: &str, which: &str| {
        sql(&format!(
            "UPDATE imported_certificate SET {column} =
                (SELECT {column} FROM kept WHERE kept.id {which} imported_certificate.id)"
        ));
    };
    for column in ["sealed_password", "sealed_key"] {
        take(column, "<>");
        let bad = found().await;
        assert!(!bad.is_good, "{column}");
        assert_eq!(
            bad.detail.matches("brought along ").count(),
            2,
            "{column}: {bad:?}"
        );
        take(column, "=");
        assert!(found().await.is_good, "{column}");
    }
    take("der", "<>");
    let bad = found().await;
    assert!(
        bad.detail.contains("not that of the certificate"),
        "{bad:?}"
    );
}

async fn what_is_brought_along_is_given_back(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    let file = foreign(database, "alice").await;
    portal.import(alice, upload(&file)).await.unwrap();
    let (field, words) = wrong_field(portal.import(alice, upload(&file)).await);
    assert!(field == "pfx" && words.contains("already"), "{words}");
    let card = portal
        .my_certificates(alice)
        .await
        .unwrap()
        .imported
        .remove(0);
    assert_eq!(card.name, "alice@example.com");
    let none = || Secret::new(String::new());
    for key in ["erin", "bob", "carol", "dave"] {
        let other = actor(portal, key).await;
        let refused = portal.show_imported_password(&other, card.id, none()).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{key}");
        let form = download(DownloadKind::Pfx, Device::Mac);
        let refused = portal.download_imported(&other, card.id, form).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{key}");
        let refused = portal.remove_imported(&other, card.id).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{key}");
    }
    let shown = portal
        .show_imported_password(alice, card.id, none())
        .await
        .unwrap()
        .value;
    let password = Secret::new(shown.password.expose().to_owned());
    assert_ne!(password.expose(), file.1.expose(), "a new password");
    for kind in [DownloadKind::Pfx, DownloadKind::OtherPfx] {
        let given = portal
            .download_imported(alice, card.id, download(kind, Device::Mac))
            .await;
        pki::verify_opens(given.unwrap().value.bytes.expose(), &password).unwrap();
    }
    assert_eq!(audited(portal, AuditAction::Import).await, 1);
    portal.remove_imported(alice, card.id).await.unwrap();
    assert!(
        portal
            .my_certificates(alice)
            .await
            .unwrap()
            .imported
            .is_empty()
    );
    assert_eq!(audited(portal, AuditAction::Delete).await, 1);
    portal.import(alice, upload(&file)).await.unwrap();
}

async fn what_is_not_ones_own_is_refused(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice) = (&life.portal, &life.alice);
    let erins = foreign(database, "erin").await;
    let (field, words) = wrong_field(portal.import(alice, upload(&erins)).await);
    assert!(
        field == "pfx" && words.contains("erin@example.com"),
        "{words}"
    );
    let mistyped = (erins.0.clone(), Secret::new("mistyped".to_owned()));
    assert_eq!(
        wrong_field(portal.import(alice, upload(&mistyped)).await).0,
        "pfx_password"
    );
    for bytes in [Vec::new(), b"not a container".to_vec(), vec![0x30; 2 << 20]] {
        let (field, words) = wrong_field(
            portal
                .import(alice, upload(&(bytes, erins.1.clone())))
                .await,
        );
        assert!(field == "pfx" && words.ends_with('.'), "{words}");
    }
    // What the portal has made is here already.
    let form = download(DownloadKind::Pfx, Device::Windows);
    let file = portal
        .download(alice, life.certificate, form)
        .await
        .unwrap()
        .value;
    let shown = portal.show_password(alice, life.certificate, Secret::new(String::new()));
    let password = Secret::new(shown.await.unwrap().value.password.expose().to_owned());
    let own = (file.bytes.expose().clone(), password);
    let (_, words) = wrong_field(portal.import(alice, upload(&own)).await);
    assert!(words.contains("comes from this portal"), "{words}");
    assert!(
        portal
            .my_certificates(alice)
            .await
            .unwrap()
            .imported
            .is_empty()
    );
    assert_eq!(audited(portal, AuditAction::Import).await, 0);
}
