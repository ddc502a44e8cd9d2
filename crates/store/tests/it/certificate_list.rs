//! Finding certificates among all that there are.

use crate::samples::{self, World, after, id, mailbox, now, record};
use domain::{AuditAction, CertificateId, CertificateSearch, KeyPart, NodeId, TemplateId};
use store::{CertificateListRow, CertificateQuery, NewCertificate, Store};
use time::Duration;

fn query(typed: &str) -> CertificateQuery {
    CertificateQuery {
        search: CertificateSearch::parse(typed),
        ends_from: None,
        ends_before: None,
        template: None,
        standing: store::Standing::Any,
        after: None,
        limit: 100,
    }
}

async fn found(db: &Store, query: &CertificateQuery) -> Vec<CertificateId> {
    let rows = db.certificates(query).await.unwrap();
    let count = db.count_certificates(query).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), rows.len());
    rows.into_iter().map(|row| row.id).collect()
}

async fn several(world: &World, db: &Store, locals: &[&str]) -> Vec<NewCertificate> {
    let mut made = Vec::new();
    for local in locals {
        made.push(world.issue(db, local).await);
    }
    made
}

on_both! {
    async fn ones_own_are_listed_page_by_page_in_each_state(db) {
        let world = samples::world(&db).await;
        let made = several(&world, &db, &["valid", "held", "revoked", "short"]).await;
        let held = "held_at = 1, revocation_reason = 'certificateHold'";
        let revoked = "held_at = 1, revoked_at = 2, revocation_reason = 'superseded'";
        for (local, change) in [("held", held), ("revoked", revoked), ("short", "not_after = not_before + 1")] {
            db.tamper(&format!("UPDATE certificate SET {change} WHERE mailbox = '{local}@example.com'")).await;
        }
        let locals = async |query: CertificateQuery| {
            let rows = db.certificates_page_of(world.alice, &query).await.unwrap();
            let locals = rows.iter().map(|row| row.mailbox.as_str().split('@').next().unwrap().to_owned());
            locals.collect::<Vec<_>>().join(" ")
        };
        let standing = |standing| CertificateQuery { standing, ..query("") };
        assert_eq!(locals(query("")).await, "short revoked held valid");
        for (which, expected) in [
            (store::Standing::Good, "short valid"),
            (store::Standing::NotRevoked, "short held valid"),
            (store::Standing::Held, "held"),
            (store::Standing::Revoked, "revoked"),
        ] {
            assert_eq!(locals(standing(which)).await, expected, "{which:?}");
        }
        let ending = CertificateQuery { ends_before: Some(after(1)), ..query("") };
        assert_eq!(locals(ending).await, "short");
        let lasting = CertificateQuery { ends_from: Some(after(1)), ..query("") };
        assert_eq!(locals(lasting).await, "revoked held valid");
        let mut page = CertificateQuery { limit: 3, ..query("") };
        assert_eq!(locals(page.clone()).await, "short revoked held");
        page.after = Some((now(), made[1].id));
        assert_eq!(locals(page).await, "valid");
        assert!(db.certificates_page_of(world.bob, &query("")).await.unwrap().is_empty());
    }

    async fn words_find_what_begins_with_them(db) {
        let world = samples::world(&db).await;
        let made = several(&world, &db, &["alice", "sales.team", "press_50"]).await;
        let [alice, sales, press] = [made[0].id, made[1].id, made[2].id];
        for (typed, ids) in [
            ("", &[press, sales, alice] as &[CertificateId]),
            ("Sales", &[sales]),
            ("team", &[sales]),
            ("sales.team@example.com", &[sales]),
            ("press_50", &[press]),
            ("press%50", &[]),
            // All of them are Alice Smith's.
            ("smith", &[press, sales, alice]),
            ("ALI smi team@", &[sales]),
            ("@example.com", &[press, sales, alice]),
            ("xample.com", &[]),
            ("nobody", &[]),
            ("smith nobody", &[]),
            ("<>", &[]),
            ("'; DROP TABLE person; --", &[]),
        ] {
            assert_eq!(found(&db, &query(typed)).await, ids, "{typed}");
        }
    }

    async fn numbers_find_serials_and_thumbprints(db) {
        let world = samples::world(&db).await;
        let made = several(&world, &db, &["a", "b", "c"]).await;
        for certificate in &made {
            let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |hex, b| format!("{hex}{b:02x}"));
            let serial = hex(&certificate.serial);
            let decimal = u128::from_be_bytes(certificate.serial.clone().try_into().unwrap()).to_string();
            let colons = certificate.serial.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(":");
            let thumbprint = hex(&certificate.thumbprint);
            for typed in [&serial, &decimal, &colons, &thumbprint, &thumbprint[..33].to_owned()] {
                assert_eq!(found(&db, &query(typed)).await, [certificate.id], "{typed}");
            }
            // All samples begin alike.
            assert_eq!(found(&db, &query(&serial[..12])).await.len(), 3);
        }
        assert_eq!(found(&db, &query("ffffffffffff1")).await, []);
        assert_eq!(found(&db, &query("99999999999999999999")).await, []);
    }

    async fn filters_narrow_what_is_found(db) {
        let world = samples::world(&db).await;
        let made = several(&world, &db, &["a", "b"]).await;
        let all = [made[1].id, made[0].id];
        let end = made[0].not_after;
        let serial = made[0].serial.iter().fold(String::new(), |hex, b| format!("{hex}{b:02x}"));
        for (typed, all) in [("", &all[..]), ("smith", &all[..]), (&serial, &all[1..])] {
            let at = |from, before| CertificateQuery { ends_from: from, ends_before: before, ..query(typed) };
            assert_eq!(found(&db, &at(Some(end), None)).await, all, "{typed}");
            assert_eq!(found(&db, &at(Some(end + Duration::SECOND), None)).await, []);
            assert_eq!(found(&db, &at(None, Some(end))).await, []);
            assert_eq!(found(&db, &at(None, Some(end + Duration::SECOND))).await, all);
            let of = |template| CertificateQuery { template: Some(template), ..query(typed) };
            assert_eq!(found(&db, &of(world.at_once)).await, all);
            assert_eq!(found(&db, &of(id::<TemplateId>())).await, []);
        }
    }

    async fn pages_meet_everything_once_newest_first(db) {
        let world = samples::world(&db).await;
        let mut made: Vec<_> = Vec::new();
        for n in 0..7 {
            made.push(world.issue(&db, &format!("m{n}")).await.id);
        }
        made.reverse();
        for typed in ["", "smith", "m"] {
            let mut seen: Vec<CertificateListRow> = Vec::new();
            loop {
                let after = seen.last().map(|row| (row.issued_at, row.id));
                let page = db.certificates(&CertificateQuery { after, limit: 3, ..query(typed) }).await.unwrap();
                if page.is_empty() {
                    break;
                }
                seen.extend(page);
            }
            assert_eq!(seen.iter().map(|row| row.id).collect::<Vec<_>>(), made, "{typed}");
        }
        let few = CertificateQuery { limit: 3, ..query("") };
        assert_eq!(db.count_certificates(&few).await.unwrap(), 3);
    }

    async fn a_row_says_what_the_list_shows(db) {
        let world = samples::world(&db).await;
        let made = world.issue(&db, "alice").await;
        let row = db.certificates(&query("alice")).await.unwrap().remove(0);
        assert_eq!((row.id, row.mailbox, row.person_name.as_str()), (made.id, mailbox("alice"), "Alice Smith"));
        assert_eq!((row.serial, row.thumbprint, row.key_algorithm), (made.serial, made.thumbprint, made.key_algorithm));
        assert_eq!((row.not_before, row.not_after, row.issued_at), (made.not_before, made.not_after, made.issued_at));
        assert_eq!((row.template_name.as_str(), row.downloaded_at), ("S/MIME at once", None));
        db.record_download(made.id, after(5), record(AuditAction::Download)).await.unwrap();
        assert_eq!(db.certificates(&query("")).await.unwrap()[0].downloaded_at, Some(after(5)));
    }

    async fn only_what_is_ready_is_listed(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let certificate = world.reserve(&db, node).await;
        let request_id = certificate.request;
        db.record_signed(request_id, node, vec![certificate.clone()], now(), record(AuditAction::Sign)).await.unwrap();
        db.migrate().await.unwrap();
        assert_eq!(found(&db, &query("")).await, []);
        db.record_bundled(request_id, node, vec![samples::pfx(KeyPart::Whole)], now(), record(AuditAction::Issue)).await.unwrap();
        assert_eq!(found(&db, &query("")).await, [certificate.id]);
    }

    async fn an_update_adds_what_was_ready_before(db) {
        let world = samples::world(&db).await;
        let made = several(&world, &db, &["a", "b"]).await;
        db.tamper("DELETE FROM certificate_search").await;
        db.tamper("DELETE FROM certificate_word").await;
        assert_eq!(found(&db, &query("")).await, []);
        for _ in 0..2 {
            db.migrate().await.unwrap();
            assert_eq!(found(&db, &query("")).await, [made[1].id, made[0].id]);
            assert_eq!(found(&db, &query("a@example.com")).await, [made[0].id]);
        }
    }
}
