//! What must hold in the database at any time, as queries that find what breaks it.
//!
//! Most of it the schema forbids already; this also finds what a restored backup, a hand at the
//! database or a mistake of ours left behind. Decrypting secrets and reading certificates is not
//! possible here: see [`Store::credentials_after`] and [`Store::certificates_after`].

use crate::{Error, Store};
use uuid::Uuid;

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which invariant it breaks.
    pub invariant: &'static str,
    /// What was found, in words.
    pub what: String,
}

struct Check {
    invariant: &'static str,
    what: &'static str,
    /// Finds identifiers of the rows that break it.
    query: &'static str,
}

const CHECKS: &[Check] = &[
    Check {
        invariant: "I1",
        what: "request: its state and its step do not fit",
        query: "SELECT id FROM request
            WHERE (state = 'issued') <> (step = 'done')
                OR (step <> 'prepare' AND state NOT IN ('issuing', 'issued', 'failed', 'cancelled'))
                OR (lease_owner IS NOT NULL AND state <> 'issuing')",
    },
    Check {
        invariant: "I1",
        what: "request: its step and what was prepared for it do not fit",
        query: "SELECT request.id FROM request
            LEFT JOIN credential ON credential.request_id = request.id
            WHERE (request.step = 'prepare') <> (credential.request_id IS NULL)
                OR (request.csr IS NOT NULL AND credential.sealed_key IS NOT NULL)",
    },
    Check {
        invariant: "I1",
        what: "request: its step and the recorded intent do not fit",
        query: "SELECT request.id FROM request
            LEFT JOIN intent ON intent.request_id = request.id
            WHERE (request.step IN ('sign', 'bundle', 'done')) <> (intent.request_id IS NOT NULL)",
    },
    Check {
        invariant: "I1",
        what: "request: issued without the approvals that its template asks for",
        query: "SELECT request.id FROM request
            WHERE request.state IN ('issuing', 'issued', 'failed', 'cancelled')
                AND request.approvals_needed > (SELECT COUNT(*) FROM approval
                    WHERE approval.request_id = request.id)",
    },
    Check {
        invariant: "I1",
        what: "request: decided by the person who asked",
        query: "SELECT id FROM request WHERE decided_by = person_id OR decided_by = requested_by
                OR EXISTS (SELECT 1 FROM approval WHERE approval.request_id = request.id
                    AND approval.person_id IN (request.person_id, request.requested_by))",
    },
    Check {
        invariant: "I2",
        what: "request: signed but without a certificate, or the other way round",
        query: "SELECT request.id FROM request
            LEFT JOIN certificate ON certificate.request_id = request.id
            WHERE (request.step IN ('bundle', 'done')) <> (certificate.id IS NOT NULL)",
    },
    Check {
        invariant: "I2",
        what: "request: its certificates are not the ones that it asked for",
        query: "SELECT request_id FROM certificate GROUP BY request_id
            HAVING COUNT(*) <> CASE MIN(part) WHEN 'whole' THEN 1 ELSE 2 END
                OR COUNT(DISTINCT part) <> COUNT(*)",
    },
    Check {
        invariant: "I3",
        what: "certificate: no intent with its serial number was recorded",
        query: "SELECT certificate.id FROM certificate
            LEFT JOIN intent ON intent.request_id = certificate.request_id
                AND intent.part = certificate.part
                AND intent.authority_id = certificate.authority_id
                AND intent.serial = certificate.serial
            WHERE intent.request_id IS NULL",
    },
    Check {
        invariant: "I4",
        what: "authority: a serial number was used twice",
        query: "SELECT authority_id FROM intent GROUP BY authority_id, serial HAVING COUNT(*) > 1",
    },
    Check {
        invariant: "I4",
        what: "authority: its revocation list has a number that was not given out",
        query: "SELECT authority.id FROM authority JOIN crl ON crl.authority_id = authority.id
            WHERE crl.number > authority.crl_number",
    },
    Check {
        invariant: "I6",
        what: "request: it changed more often than the audit log says",
        query: "SELECT request.id FROM request
            WHERE (SELECT COUNT(*) FROM audit_entry WHERE audit_entry.request_id = request.id)
                < 1 + CASE WHEN decided_at IS NULL THEN 0 ELSE 1 END
                + CASE step WHEN 'prepare' THEN 0 WHEN 'reserve' THEN 1 WHEN 'sign' THEN 2
                    WHEN 'bundle' THEN 3 ELSE 4 END
                + CASE state WHEN 'withdrawn' THEN 1 WHEN 'failed' THEN 1 WHEN 'cancelled' THEN 2
                    ELSE 0 END",
    },
    Check {
        invariant: "I6",
        what: "request: named by the audit log, but missing",
        query: "SELECT DISTINCT audit_entry.request_id FROM audit_entry
            LEFT JOIN request ON request.id = audit_entry.request_id
            WHERE audit_entry.request_id IS NOT NULL AND request.id IS NULL",
    },
    Check {
        invariant: "I6",
        what: "certificate: held or revoked without an entry in the audit log",
        query: "SELECT certificate.id FROM certificate
            WHERE (revoked_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_entry
                    WHERE audit_entry.subject = certificate.id AND audit_entry.action = 'revoke'))
                OR (held_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_entry
                    WHERE audit_entry.subject = certificate.id AND audit_entry.action = 'hold'))",
    },
    Check {
        invariant: "I6",
        what: "request: what may have been signed for it was revoked without an entry in the audit log",
        query: "SELECT DISTINCT request_id FROM intent
            WHERE revoked_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_entry
                WHERE audit_entry.request_id = intent.request_id
                    AND audit_entry.action = 'revoke')",
    },
    Check {
        invariant: "I9",
        what: "certificate: what is known of its revocation does not fit",
        query: "SELECT id FROM certificate
            WHERE (revocation_reason IS NULL) <> (held_at IS NULL AND revoked_at IS NULL)
                OR (revocation_reason = 'certificateHold') <> (revoked_at IS NULL)",
    },
    Check {
        invariant: "I9",
        what: "request: it ended, but what may have been signed for it was not revoked",
        query: "SELECT DISTINCT request.id FROM request
            JOIN intent ON intent.request_id = request.id
            LEFT JOIN certificate ON certificate.request_id = intent.request_id
                AND certificate.part = intent.part
            WHERE request.state = 'cancelled' AND intent.revoked_at IS NULL
                AND certificate.id IS NULL",
    },
    Check {
        invariant: "I9",
        what: "certificate: its key was lost before its end, but it was not revoked",
        query: "SELECT DISTINCT certificate.id FROM certificate
            JOIN (SELECT key_id, revoked_at FROM certificate
                    WHERE revocation_reason = 'keyCompromise'
                UNION ALL
                SELECT key_id, revoked_at FROM intent WHERE revocation_reason = 'keyCompromise'
                UNION ALL
                SELECT key_id, revoked_at FROM journal_revocation
                    WHERE revocation_reason = 'keyCompromise'
            ) AS lost ON lost.key_id = certificate.key_id
            WHERE certificate.revoked_at IS NULL AND certificate.not_after > lost.revoked_at",
    },
    Check {
        invariant: "I9",
        what: "authority: its revocation list was made from changes that did not happen",
        query: "SELECT authority.id FROM authority JOIN crl ON crl.authority_id = authority.id
            WHERE crl.revocations > authority.revocations",
    },
    Check {
        invariant: "I8",
        what: "request: secrets are stored without it",
        query: "SELECT credential.request_id FROM credential
            LEFT JOIN request ON request.id = credential.request_id
            LEFT JOIN person ON person.id = request.person_id
            WHERE person.id IS NULL",
    },
    Check {
        invariant: "I8",
        what: "request: issued without a PFX, or the other way round",
        query: "SELECT request.id FROM request
            LEFT JOIN credential ON credential.request_id = request.id
            WHERE request.csr IS NULL
                AND (request.state = 'issued') <> (credential.sealed_pfx IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM certificate
                    JOIN audit_entry ON audit_entry.subject = certificate.id
                        AND audit_entry.action = 'delete'
                    WHERE certificate.request_id = request.id
                        AND certificate.part = credential.part
                        AND credential.sealed_key IS NULL)",
    },
    Check {
        invariant: "I8",
        what: "certificate: its owner is not the person who asked",
        query: "SELECT certificate.id FROM certificate
            JOIN request ON request.id = certificate.request_id
            WHERE certificate.person_id <> request.person_id",
    },
];

impl Store {
    /// Everything in the database that must not be; empty if all is well.
    pub async fn ledger(&self) -> Result<Vec<Violation>, Error> {
        let mut violations = Vec::new();
        for check in CHECKS {
            let found: Vec<Uuid> = on_each!(self, scalar fetch_all(check.query))?;
            violations.extend(found.into_iter().map(|id| Violation {
                invariant: check.invariant,
                what: format!("{} ({id})", check.what),
            }));
        }
        Ok(violations)
    }
}
