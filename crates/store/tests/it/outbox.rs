//! The outbox.

use crate::samples::{after, id, mail, now};
use domain::NodeId;
use std::collections::HashSet;
use store::{Error, NewMail, OutboxCounts, Record};

on_both! {
    async fn a_mail_is_queued_once(db) {
        let record = Record::default().mail(mail("b")).mail(mail("a")).mail(mail("a"));
        db.record(record).await.unwrap();
        db.record(Record::default().mail(mail("a"))).await.unwrap();
        let mails = db.claim_mails(id(), now(), after(60), 9).await.unwrap();
        assert_eq!(mails.iter().map(|m| m.dedupe.as_str()).collect::<HashSet<_>>(), ["a", "b"].into());
        let first = &mails[0];
        assert_eq!((first.to.as_str(), first.kind.as_str()), ("alice@example.com", "ready"));
        assert_eq!((first.subject.as_str(), first.text.as_str()), ("Your certificate", "It is ready."));
        assert_eq!((first.html.as_str(), first.created_at, first.attempts), ("<p>It is ready.</p>", now(), 0));
    }

    async fn many_writers_of_the_same_mails_do_not_block_each_other(db) {
        let writers: Vec<_> = (0..10)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut keys: Vec<_> = (0..6).map(|n| mail(&n.to_string())).collect();
                    keys.rotate_left(n % 6);
                    db.record(Record { mails: keys, ..Record::default() }).await.unwrap();
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(db.outbox_counts().await.unwrap().waiting, 6);
    }

    async fn a_mail_is_sent_postponed_or_given_up(db) {
        let node = id::<NodeId>();
        assert_eq!(db.next_mail_due().await.unwrap(), None);
        for (second, key) in (0..).zip(["a", "b", "c"]) {
            db.record(Record::default().mail(NewMail { created_at: after(second), ..mail(key) })).await.unwrap();
        }
        assert_eq!(db.next_mail_due().await.unwrap(), Some(now()));
        let mails = db.claim_mails(node, after(9), after(60), 9).await.unwrap();
        assert_eq!(mails.iter().map(|m| m.dedupe.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(db.claim_mails(id(), after(9), after(60), 9).await.unwrap().is_empty());
        db.mail_sent(mails[0].id, after(10)).await.unwrap();
        db.mail_postponed(mails[1].id, after(100), "the server is away").await.unwrap();
        db.mail_failed(mails[2].id, "no such mailbox", after(10)).await.unwrap();
        let counts = OutboxCounts { waiting: 1, failed: 1, oldest_waiting_at: Some(after(1)) };
        assert_eq!(db.outbox_counts().await.unwrap(), counts);
        assert!(matches!(db.mail_sent(mails[0].id, after(11)).await, Err(Error::NotFound)));
        assert!(matches!(db.mail_sent(mails[2].id, after(11)).await, Err(Error::NotFound)));

        assert!(db.claim_mails(node, after(99), after(160), 9).await.unwrap().is_empty());
        let again = db.claim_mails(node, after(100), after(160), 9).await.unwrap();
        assert_eq!((again[0].id, again[0].attempts), (mails[1].id, 1));
        db.release_mail_leases(node).await.unwrap();
        assert_eq!(db.claim_mails(id(), after(100), after(160), 9).await.unwrap().len(), 1);
        assert_eq!(db.claim_mails(id(), after(160), after(200), 9).await.unwrap().len(), 1, "the lease ended");
    }

    async fn nodes_never_send_the_same(db) {
        for n in 0..40 {
            db.record(Record::default().mail(mail(&n.to_string()))).await.unwrap();
        }
        let nodes: Vec<_> = (0..5)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let (node, mut claimed) = (id::<NodeId>(), Vec::new());
                    loop {
                        let mails = db.claim_mails(node, now(), after(60), 3).await.unwrap();
                        if mails.is_empty() {
                            return claimed;
                        }
                        claimed.extend(mails.into_iter().map(|mail| mail.id));
                    }
                })
            })
            .collect();
        let mut claimed = Vec::new();
        for node in nodes {
            claimed.extend(node.await.unwrap());
        }
        assert_eq!(claimed.len(), 40);
        assert_eq!(claimed.into_iter().collect::<HashSet<_>>().len(), 40);
    }
}
