//! Authorities and revocation lists.

use crate::samples::{self, after, id, now};
use domain::AuthorityId;
use store::{CrlRow, Error};

fn list(number: i64) -> CrlRow {
    CrlRow {
        number,
        der: vec![0x30, 7],
        this_update: now(),
        next_update: after(3600),
        revocations: number,
    }
}

on_both! {
    async fn roots_come_first(db) {
        samples::world(&db).await;
        let authorities = db.authorities().await.unwrap();
        assert_eq!(authorities[0].parent, None);
        assert_eq!(authorities[1].parent, Some(authorities[0].id));
        assert_eq!(authorities[1].sealed_key, Some(vec![9; 40]));
        assert!(!format!("{authorities:?}").contains("sealed_key"));
    }

    async fn a_list_never_goes_back(db) {
        let authority = samples::world(&db).await.authority;
        assert_eq!(db.crl(authority).await.unwrap(), None);
        // Numbers that were not given out, or not by this authority.
        assert!(matches!(db.put_crl(authority, list(1)).await, Err(Error::Conflict(_))));
        for number in 1..=3 {
            assert_eq!(db.next_crl_number(authority).await.unwrap().number, number);
        }
        db.put_crl(authority, list(2)).await.unwrap();
        assert!(matches!(db.put_crl(authority, list(1)).await, Err(Error::Conflict(_))));
        assert!(matches!(db.put_crl(authority, list(2)).await, Err(Error::Conflict(_))));
        assert_eq!(db.crl(authority).await.unwrap(), Some(list(2)));
        db.put_crl(authority, list(3)).await.unwrap();
        assert_eq!(db.crl(authority).await.unwrap(), Some(list(3)));
        let unknown = db.next_crl_number(id::<AuthorityId>()).await;
        assert!(matches!(unknown, Err(Error::NotFound)));
    }

    async fn numbers_are_given_out_once(db) {
        let authority = samples::world(&db).await.authority;
        let takers: Vec<_> = (0..20)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { db.next_crl_number(authority).await.unwrap().number })
            })
            .collect();
        let mut numbers = Vec::new();
        for taker in takers {
            numbers.push(taker.await.unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    }
}
