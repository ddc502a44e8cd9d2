//! The hash chain of the audit log: appending to it and verifying it.
//!
//! `hash = SHA-256(previous hash, then every field with its length)`. A changed, missing, added or
//! moved entry breaks the chain at that number; entries cut off at the end are noticed because the
//! head does not fit any more. Who can write to the database can also write a whole new chain and
//! head, which only a copy of the head kept elsewhere tells.

use crate::{Error, NewAudit, Store, column::micros, pool::Both, pool::Tx};
use domain::RequestId;
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

/// The first entry that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditBreak {
    /// Number of the entry.
    pub number: i64,
    /// What is wrong with it, in words.
    pub what: String,
}

/// What a verification of the audit log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCheck {
    /// How many entries are in order.
    pub checked: u64,
    /// The first that is not, if any.
    pub broken: Option<AuditBreak>,
}

/// Entries read at a time.
const BATCH: i64 = 2_000;

/// One statement that locks the head, moves it on and gives the old hash. The new hash follows.
const ADVANCE: &str = "UPDATE audit_head SET number = number + $1 WHERE id = 1
    RETURNING number, hash";
const INSERT_AND_SET_HASH: Both = both!(
    "INSERT INTO audit_entry (number, recorded_at, actor_id, actor_label, action,
        subject, subject_label, details, address, request_id, previous_hash, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    "UPDATE audit_head SET hash = $12 WHERE id = 1"
);
const HEAD: &str = "SELECT number, hash FROM audit_head WHERE id = 1";
const ENTRIES: &str = "SELECT number, recorded_at, actor_id, actor_label, action, subject,
        subject_label, details, address, request_id, previous_hash, hash
    FROM audit_entry WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3";
const BELOW_FIRST: &str = "SELECT MIN(number) FROM audit_entry WHERE number < 1";
const BEYOND_HEAD: &str = "SELECT MIN(entry.number) FROM audit_entry entry, audit_head head
    WHERE entry.number > head.number";

/// The stored columns of an entry, as they are hashed.
#[derive(FromRow)]
struct Entry {
    number: i64,
    recorded_at: i64,
    actor_id: Option<Uuid>,
    actor_label: String,
    action: String,
    subject: Option<Uuid>,
    subject_label: String,
    details: String,
    address: Option<String>,
    request_id: Option<Uuid>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// Appends entries. On PostgreSQL this holds the head until the transaction ends, so it comes last.
pub(crate) async fn append(
    tx: &mut Tx,
    audits: &[NewAudit],
    request: Option<RequestId>,
) -> Result<(), Error> {
    let Ok(count @ 1..) = i64::try_from(audits.len()) else {
        return Ok(());
    };
    let (last, mut previous): (i64, Vec<u8>) = on_each!(tx, fetch_one(ADVANCE, count))?;
    let insert = tx.together(INSERT_AND_SET_HASH);
    for (number, audit) in (last - count + 1..).zip(audits) {
        let entry = Entry::new(number, audit, request, previous)?;
        on_each!(
            tx,
            execute(
                insert,
                entry.number,
                entry.recorded_at,
                entry.actor_id,
                &entry.actor_label,
                &entry.action,
                entry.subject,
                &entry.subject_label,
                &entry.details,
                &entry.address,
                entry.request_id,
                &entry.previous_hash,
                &entry.hash
            )
        )?;
        previous = entry.hash;
    }
    Ok(())
}

impl Entry {
    fn new(
        number: i64,
        audit: &NewAudit,
        request: Option<RequestId>,
        previous_hash: Vec<u8>,
    ) -> Result<Self, Error> {
        let mut entry = Self {
            number,
            recorded_at: micros(audit.at),
            actor_id: audit.actor.map(|id| id.0),
            actor_label: audit.actor_label.clone(),
            action: audit.action.as_str().to_owned(),
            subject: audit.subject,
            subject_label: audit.subject_label.clone(),
            details: serde_json::to_string(&audit.details)
                .map_err(|_| Error::corrupt("audit_entry", "details", "it is not JSON"))?,
            address: audit.address.clone(),
            request_id: request.map(|id| id.0),
            previous_hash,
            hash: Vec::new(),
        };
        entry.hash = entry.computed_hash();
        Ok(entry)
    }

    fn computed_hash(&self) -> Vec<u8> {
        let mut hasher = Sha256::new();
        hasher.update(&self.previous_hash);
        hasher.update(self.number.to_be_bytes());
        hasher.update(self.recorded_at.to_be_bytes());
        let fields = [
            self.actor_id.as_ref().map(|id| id.as_bytes().as_slice()),
            Some(self.actor_label.as_bytes()),
            Some(self.action.as_bytes()),
            self.subject.as_ref().map(|id| id.as_bytes().as_slice()),
            Some(self.subject_label.as_bytes()),
            Some(self.details.as_bytes()),
            self.address.as_deref().map(str::as_bytes),
            self.request_id.as_ref().map(|id| id.as_bytes().as_slice()),
        ];
        for field in fields {
            // The length of a missing field is one that no field has.
            let length = field.map_or(u64::MAX, |field| field.len() as u64);
            hasher.update(length.to_be_bytes());
            hasher.update(field.unwrap_or_default());
        }
        hasher.finalize().to_vec()
    }

    /// What is wrong with this entry, if it should be number `number` and follow `previous`.
    fn fault(&self, number: i64, previous: &[u8]) -> Option<AuditBreak> {
        let what = if self.number != number {
            "the entry is missing"
        } else if self.previous_hash != previous {
            "the entry does not follow the one before it"
        } else if self.hash != self.computed_hash() {
            "the entry was changed"
        } else {
            return None;
        };
        Some(AuditBreak {
            number,
            what: what.to_owned(),
        })
    }
}

impl Store {
    /// Verifies the whole audit log, up to the head it had at the start.
    pub async fn verify_audit(&self) -> Result<AuditCheck, Error> {
        let (head, head_hash): (i64, Vec<u8>) = on_each!(self, fetch_one(HEAD))?;
        let mut checked = 0;
        let mut previous = vec![0; 32];
        let broken = |number, what: &str| {
            Some(AuditBreak {
                number,
                what: what.to_owned(),
            })
        };
        let first: Option<i64> = on_each!(self, scalar fetch_one(BELOW_FIRST))?;
        if let Some(number) = first {
            return Ok(AuditCheck {
                checked: 0,
                broken: broken(number, "the entry was added"),
            });
        }
        while checked < head {
            let entries: Vec<Entry> = on_each!(self, fetch_all(ENTRIES, checked, head, BATCH))?;
            if entries.is_empty() {
                let broken = broken(checked + 1, "the entry is missing");
                return Ok(AuditCheck {
                    checked: checked.unsigned_abs(),
                    broken,
                });
            }
            for entry in entries {
                if let Some(fault) = entry.fault(checked + 1, &previous) {
                    return Ok(AuditCheck {
                        checked: checked.unsigned_abs(),
                        broken: Some(fault),
                    });
                }
                previous = entry.hash;
                checked += 1;
            }
        }
        let beyond: Option<i64> = on_each!(self, scalar fetch_one(BEYOND_HEAD))?;
        let broken = match beyond {
            _ if previous != head_hash => broken(
                head,
                "the last entry is not the one that the head of the log names",
            ),
            Some(number) => broken(number, "the entry was added"),
            None => None,
        };
        Ok(AuditCheck {
            checked: checked.unsigned_abs(),
            broken,
        })
    }
}
