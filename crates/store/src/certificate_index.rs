//! What a certificate is found by, written when it becomes ready.

use crate::pool::{Both, Tx};
use crate::{Error, Store};
use domain::{CertificateId, Mailbox, Name, RequestId, name_words, search_words};
use sqlx::FromRow;
use uuid::Uuid;

/// Certificates that are added in one transaction after an update.
const AT_A_TIME: i64 = 500;

/// Eight words at a time; most certificates have fewer, and then the last stands again.
const INSERT: Both = both!(
    "INSERT INTO certificate_word (word, certificate_id)
    VALUES ($2, $1), ($3, $1), ($4, $1), ($5, $1), ($6, $1), ($7, $1), ($8, $1), ($9, $1)
    ON CONFLICT DO NOTHING",
    "INSERT INTO certificate_search (certificate_id, template_id, issued_at, not_after, words)
    SELECT certificate.id, request.template_id, certificate.issued_at, certificate.not_after, $10
    FROM certificate JOIN request ON request.id = certificate.request_id
    WHERE certificate.id = $1
    ON CONFLICT DO NOTHING"
);
macro_rules! holder {
    ($where:literal) => {
        concat!(
            "SELECT certificate.id, person.name, certificate.mailbox, request.names, request.device
            FROM certificate JOIN person ON person.id = certificate.person_id
            JOIN request ON request.id = certificate.request_id ",
            $where
        )
    };
}
/// Also counts those that are not ready yet, but from indexes alone.
const COUNT_MISSING: &str = "SELECT (SELECT COUNT(*) FROM certificate)
    - (SELECT COUNT(*) FROM certificate_search)";
const OF_REQUEST: &str = holder!("WHERE certificate.request_id = $1");
const MISSING: &str = holder!(
    "WHERE request.state = 'issued' AND NOT EXISTS (SELECT 1 FROM certificate_search
        WHERE certificate_search.certificate_id = certificate.id)
    ORDER BY certificate.id LIMIT $1"
);

/// Whom a certificate names.
#[derive(FromRow)]
struct Holder {
    #[sqlx(try_from = "Uuid")]
    id: CertificateId,
    #[sqlx(try_from = "String")]
    name: Name,
    #[sqlx(try_from = "String")]
    mailbox: Mailbox,
    names: String,
    device: String,
}

/// Makes the certificates of a request ones that can be found.
pub(crate) async fn add(tx: &mut Tx, request: RequestId) -> Result<(), Error> {
    let holders: Vec<Holder> = on_each!(tx, fetch_all(OF_REQUEST, request.0))?;
    for holder in &holders {
        insert(tx, holder).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, holder: &Holder) -> Result<(), Error> {
    let mut words = search_words(&holder.name, &holder.mailbox);
    words.extend(name_words(&holder.names, &holder.device));
    let all: String = words.iter().flat_map(|word| [" ", word.as_str()]).collect();
    // Nothing happens where another node was first, or an earlier chunk.
    let insert = tx.together(INSERT);
    for chunk in words.chunks(8) {
        let word = |at: usize| chunk.get(at).or(chunk.last());
        on_each!(
            tx,
            execute(
                insert,
                holder.id.0,
                word(0),
                word(1),
                word(2),
                word(3),
                word(4),
                word(5),
                word(6),
                word(7),
                all.as_str()
            )
        )?;
    }
    Ok(())
}

impl Store {
    /// Adds the certificates that became ready under a version that did not write this down.
    pub(crate) async fn index_certificates(&self) -> Result<(), Error> {
        let missing: i64 = on_each!(self, scalar fetch_one(COUNT_MISSING))?;
        if missing == 0 {
            return Ok(());
        }
        loop {
            let added = transaction!(self, tx => {
                let missing: Vec<Holder> = on_each!(tx, fetch_all(MISSING, AT_A_TIME))?;
                for holder in &missing {
                    insert(tx, holder).await?;
                }
                Ok(missing.len())
            })?;
            if added == 0 {
                return Ok(());
            }
        }
    }
}
