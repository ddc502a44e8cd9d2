//! Claiming requests and recording their steps.

use crate::samples::{self, World, after, claim, id, mailbox, now, record};
use domain::{AuditAction, NodeId, RequestState, Step};
use store::{Decided, Error, NewCertificate};

on_both! {
    async fn a_request_goes_through_all_steps(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await;
        let request = db.request(certificate.request).await.unwrap().unwrap();
        assert_eq!((request.state, request.step), (RequestState::Issued, Step::Done));
        assert_eq!(request.certificate, Some(certificate.id));
        assert_eq!(request.version, 5);
        let kinds: Vec<_> = db.request_events(request.id).await.unwrap().into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds, ["request", "prepare", "reserve", "sign", "issue"]);
        assert_eq!(db.ledger().await.unwrap(), []);
    }
}
