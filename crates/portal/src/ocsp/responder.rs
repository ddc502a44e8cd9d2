//! Each authority has a responder of its own. Its key and certificate: made when the first request comes, sealed in the database,
//! used by all nodes, and made anew at half of their life.

use crate::{Actor, Error, Portal, place};
use ca::{CertificateAuthority as _, Embedded};
use domain::{AuditAction, AuthorityId, KeyAlgorithm, ResponderId};
use pki::ocsp::{CertId, IssuerId, Responder, ResponderPlan};
use pki::{IssuingCertificate, PrivateKey, Serial};
use std::sync::{Arc, PoisonError, RwLock};
use store::{NewAudit, NewResponder, Record, ResponderRow};
use time::OffsetDateTime;

/// A responder that can sign.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(super) responder: Responder,
}

impl Ready {
    /// Last second of its certificate.
    pub(crate) const fn not_after(&self) -> OffsetDateTime {
        self.responder.not_after()
    }

    /// Half of its life.
    fn renew_at(&self) -> OffsetDateTime {
        let from = self.responder.not_before();
        from + (self.responder.not_after() - from) / 2
    }
}

/// An authority that is answered for: how requests name it, and its responder once there is one.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(super) authority: AuthorityId,
    pub(super) issuer: IssuerId,
    ready: RwLock<Option<Arc<Ready>>>,
    renewing: tokio::sync::Mutex<()>,
}

impl Slot {
    fn ready(&self) -> Option<Arc<Ready>> {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        ready.clone()
    }

    fn set_ready(&self, ready: Arc<Ready>) {
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = Some(ready);
    }
}

impl Portal {
    /// The authority that a request names; nothing for those of others. One that another node has
    /// made a moment ago is found too.
    pub(super) async fn ocsp_slot(&self, id: &CertId) -> Result<Option<Arc<Slot>>, Error> {
        let state = self.ocsp_state();
        if let Some(slot) = state.slot(id) {
            return Ok(Some(slot));
        }
        for row in self.store().authorities().await? {
            if state.knows(row.id) {
                continue;
            }
            // The root of somebody else may have a key of a kind that is not used here.
            let Ok(certificate) = IssuingCertificate::parse(&row.certificate) else {
                continue;
            };
            state.add(Slot {
                authority: row.id,
                issuer: IssuerId::of(&certificate)?,
                ready: RwLock::default(),
                renewing: tokio::sync::Mutex::default(),
            });
        }
        Ok(state.slot(id))
    }

    /// The responder in use. While one task makes the next one, or if that fails, the one before
    /// is good until it expires.
    pub(super) async fn ocsp_responder(&self, slot: &Slot) -> Result<Arc<Ready>, Error> {
        let now = self.now();
        let fresh = || slot.ready().filter(|ready| now < ready.renew_at());
        if let Some(ready) = fresh() {
            return Ok(ready);
        }
        let usable = slot
            .ready()
            .filter(|ready| now < ready.responder.not_after());
        let _turn = match (&usable, slot.renewing.try_lock()) {
            (_, Ok(turn)) => turn,
            (Some(usable), Err(_)) => return Ok(Arc::clone(usable)),
            (None, Err(_)) => slot.renewing.lock().await,
        };
        if let Some(ready) = fresh() {
            return Ok(ready);
        }
        match (self.find_or_make_responder(slot, now).await, usable) {
            (Ok(ready), _) => {
                let ready = Arc::new(ready);
                slot.set_ready(Arc::clone(&ready));
                Ok(ready)
            }
            (Err(error), Some(usable)) => {
                tracing::warn!(%error, "the OCSP responder could not be renewed; trying again");
                Ok(usable)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn find_or_make_responder(
        &self,
        slot: &Slot,
        now: OffsetDateTime,
    ) -> Result<Ready, Error> {
        let rows = self.store().authorities().await?;
        let row = rows.into_iter().find(|row| row.id == slot.authority);
        let row = row.ok_or(Error::NotFound)?;
        let issuer = IssuingCertificate::parse(&row.certificate)?;
        if let Some(newest) = self.store().newest_responder(row.id).await? {
            let found = self.open_responder(&issuer, &newest)?;
            // Without the authority's key there is no next one.
            let until = if row.sealed_key.is_some() {
                found.renew_at()
            } else {
                found.responder.not_after()
            };
            if now < until {
                return Ok(found);
            }
        }
        if row.sealed_key.is_none() {
            return Err(Error::NotFound);
        }
        let authority = self.authority(row.id).await?;
        let made = self.make_responder(&authority, now).await?;
        tracing::info!(authority = %made.authority, "made a new OCSP responder");
        self.open_responder(&issuer, &made)
    }

    /// Opens the key and checks that it belongs to the certificate, and that to the authority.
    pub(crate) fn open_responder(
        &self,
        issuer: &IssuingCertificate,
        row: &ResponderRow,
    ) -> Result<Ready, Error> {
        let key = self
            .key_ring()?
            .open(place::responder_key(row.id), &row.sealed_key)?;
        let key = PrivateKey::from_pkcs8(key.expose())?;
        Ok(Ready {
            responder: Responder::new(&row.certificate, key, issuer)?,
        })
    }

    /// As with every certificate, what is to be signed is stored before it is signed. A row that a
    /// crash leaves unsigned is never used.
    async fn make_responder(
        &self,
        authority: &Embedded,
        now: OffsetDateTime,
    ) -> Result<ResponderRow, Error> {
        let id = self.new_id(|now, rng| ResponderId::generate(now, rng));
        let issuer = authority.signing_authority().certificate();
        let key = PrivateKey::generate(KeyAlgorithm::P256)?;
        let serial = self.random().with(|rng| Serial::generate(rng));
        let plan = ResponderPlan::new(issuer, &key.public_key()?, &serial, now)?;
        let pkcs8 = key.to_pkcs8()?;
        let ring = self.key_ring()?;
        let sealed_key = self
            .random()
            .with(|rng| ring.seal(place::responder_key(id), pkcs8.expose(), rng))?;
        let record = |action| Record::default().audit(audit(action, authority.id(), &serial, now));
        let row = NewResponder {
            id,
            authority: authority.id(),
            serial: serial.as_bytes().to_vec(),
            tbs: plan.tbs_der().to_vec(),
            sealed_key: sealed_key.clone(),
            created_at: now,
        };
        self.store()
            .reserve_responder(row, record(AuditAction::Reserve))
            .await?;
        let certificate = authority
            .sign_responder(plan)
            .await
            .map_err(Error::internal)?;
        self.store()
            .record_responder_signed(id, certificate.clone(), record(AuditAction::Sign))
            .await?;
        Ok(ResponderRow {
            id,
            authority: authority.id(),
            sealed_key,
            certificate,
        })
    }
}

/// These actions usually concern a request; here there is none to link to.
fn audit(
    action: AuditAction,
    authority: AuthorityId,
    serial: &Serial,
    now: OffsetDateTime,
) -> NewAudit {
    let label = format!("OCSP responder of authority {authority}");
    NewAudit {
        subject: None,
        details: vec![("serial".to_owned(), serial.to_hex())],
        ..Actor::system().audit(action, now, authority.0, label)
    }
}
