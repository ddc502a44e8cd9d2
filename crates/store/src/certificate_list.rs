//! The list of all certificates: searched, filtered, newest first.
//!
//! Rows are found in the narrow `certificate_search`; only those of one page are read whole. A word
//! that few certificates have is looked up and what it gives is sorted; one that many have is not,
//! because then a walk through the list meets enough of them soon.

use crate::column::{Maybe, Micros, Word, maybe_micros, micros};
use crate::{Error, Store};
use domain::{
    ByteRange, CertificateId, CertificateSearch, KeyAlgorithm, Mailbox, Name, NumberSearch,
    PersonId, RevocationState, TemplateId,
};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A word that more certificates have is a common one.
const COMMON: i64 = 2_000;

/// How certificates stand towards the revocation list. The numbers are those of the statements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// In any way.
    #[default]
    Any = 0,
    /// Not on it.
    Good = 1,
    /// Not on it, or held.
    NotRevoked = 2,
    /// Held.
    Held = 3,
    /// Revoked.
    Revoked = 4,
}

/// Which certificates to list.
#[derive(Debug, Clone)]
pub struct CertificateQuery {
    /// What was searched for.
    pub search: CertificateSearch,
    /// Only those that end at this time or later.
    pub ends_from: Option<OffsetDateTime>,
    /// Only those that end before.
    pub ends_before: Option<OffsetDateTime>,
    /// Only those made from this template.
    pub template: Option<TemplateId>,
    /// Only those that stand like this towards their revocation list.
    pub standing: Standing,
    /// After this one, given by time of issue and identifier: the next page.
    pub after: Option<(OffsetDateTime, CertificateId)>,
    /// At most so many.
    pub limit: i64,
}

/// A certificate in the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CertificateListRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: CertificateId,
    /// Whose it is.
    #[sqlx(rename = "person_id", try_from = "Uuid")]
    pub person: PersonId,
    /// Their name.
    #[sqlx(try_from = "String")]
    pub person_name: Name,
    /// What it names besides the mailbox, separated by blanks: host names and addresses of a server or
    /// device, further mailboxes of a person.
    pub names: String,
    /// What a device is called; empty for all others.
    pub device: String,
    /// Whether key and password are here: not brought along, and not deleted.
    pub has_secrets: bool,
    /// The mailbox it is for.
    #[sqlx(try_from = "String")]
    pub mailbox: Mailbox,
    /// Name of the template it was made from.
    #[sqlx(try_from = "String")]
    pub template_name: Name,
    /// Its serial number.
    pub serial: Vec<u8>,
    /// SHA-256 of the DER.
    pub thumbprint: Vec<u8>,
    /// Kind of the key.
    #[sqlx(try_from = "Word<KeyAlgorithm>")]
    pub key_algorithm: KeyAlgorithm,
    /// Valid from.
    #[sqlx(try_from = "Micros")]
    pub not_before: OffsetDateTime,
    /// Valid until.
    #[sqlx(try_from = "Micros")]
    pub not_after: OffsetDateTime,
    /// When it was signed.
    #[sqlx(try_from = "Micros")]
    pub issued_at: OffsetDateTime,
    /// When its owner first downloaded it.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub downloaded_at: Option<OffsetDateTime>,
    /// Since when it is on hold.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub held_at: Option<OffsetDateTime>,
    /// Since when it is revoked.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub revoked_at: Option<OffsetDateTime>,
}

impl CertificateListRow {
    /// Whether it is on the revocation list, and whether for good.
    pub const fn revocation_state(&self) -> RevocationState {
        RevocationState::of(self.held_at, self.revoked_at)
    }
}

/// What all searches share: $1 and $2 the row before, $3 to $6 the filters, $7 the limit. The sign
/// before a column keeps SQLite from walking the list where what was looked up is to be sorted.
macro_rules! found {
    ($sign:literal, $search:literal, $order:literal) => {
        concat!(
            "SELECT certificate_search.certificate_id, certificate_search.issued_at,
                certificate_search.template_id
            FROM certificate_search
            WHERE (",
            $sign,
            "certificate_search.issued_at, certificate_search.certificate_id) < ($1, $2)
                AND certificate_search.not_after >= $3 AND certificate_search.not_after < $4
                AND ($5 IS NULL OR certificate_search.template_id = $5)
                AND ($6 = 0
                    OR ($6 = 1 AND certificate_search.certificate_id NOT IN (
                        SELECT id FROM certificate WHERE revocation_reason IS NOT NULL))
                    OR ($6 = 2 AND certificate_search.certificate_id NOT IN (
                        SELECT id FROM certificate WHERE revocation_reason IS NOT NULL
                            AND revoked_at IS NOT NULL))
                    OR ($6 = 3 AND certificate_search.certificate_id IN (
                        SELECT id FROM certificate WHERE revocation_reason IS NOT NULL
                            AND revoked_at IS NULL))
                    OR ($6 = 4 AND certificate_search.certificate_id IN (
                        SELECT id FROM certificate WHERE revocation_reason IS NOT NULL
                            AND revoked_at IS NOT NULL))) ",
            $search,
            $order,
            " LIMIT $7"
        )
    };
}
macro_rules! list_and_count {
    ($list:ident, $count:ident, $sign:literal, $search:literal) => {
        const $list: &str = concat!(
            "WITH found AS (",
            found!(
                $sign,
                $search,
                "ORDER BY certificate_search.issued_at DESC, certificate_search.certificate_id DESC"
            ),
            ") SELECT certificate.id, certificate.person_id, person.name AS person_name,
                EXISTS (SELECT 1 FROM credential
                    WHERE credential.request_id = certificate.request_id
                        AND credential.part = certificate.part
                        AND credential.sealed_key IS NOT NULL) AS has_secrets,
                (SELECT names FROM request WHERE request.id = certificate.request_id) AS names,
                (SELECT device FROM request WHERE request.id = certificate.request_id) AS device,
                certificate.mailbox,
                template.name AS template_name, certificate.serial, certificate.thumbprint,
                certificate.key_algorithm, certificate.not_before, certificate.not_after,
                certificate.issued_at, certificate.downloaded_at, certificate.held_at,
                certificate.revoked_at
            FROM found
            JOIN certificate ON certificate.id = found.certificate_id
            JOIN person ON person.id = certificate.person_id
            JOIN template ON template.id = found.template_id
            ORDER BY found.issued_at DESC, found.certificate_id DESC"
        );
        const $count: &str = concat!(
            "SELECT COUNT(*) FROM (",
            found!($sign, $search, ""),
            ") AS found"
        );
    };
}
list_and_count!(LIST, COUNT, "", "");
list_and_count!(
    LIST_NUMBER,
    COUNT_NUMBER,
    "+",
    "AND certificate_search.certificate_id IN (
        SELECT id FROM certificate WHERE serial = $8
        UNION SELECT id FROM certificate WHERE serial >= $9 AND serial <= $10
        UNION SELECT id FROM certificate WHERE thumbprint >= $11 AND thumbprint <= $12) "
);
list_and_count!(
    LIST_COMMON,
    COUNT_COMMON,
    "",
    "AND certificate_search.words LIKE $8 ESCAPE '\\'
    AND certificate_search.words LIKE $9 ESCAPE '\\'
    AND certificate_search.words LIKE $10 ESCAPE '\\'
    AND certificate_search.words LIKE $11 ESCAPE '\\' "
);
list_and_count!(
    LIST_RARE,
    COUNT_RARE,
    "+",
    "AND certificate_search.certificate_id IN (
        SELECT certificate_id FROM certificate_word WHERE word >= $12 AND word < $13)
    AND certificate_search.words LIKE $8 ESCAPE '\\'
    AND certificate_search.words LIKE $9 ESCAPE '\\'
    AND certificate_search.words LIKE $10 ESCAPE '\\'
    AND certificate_search.words LIKE $11 ESCAPE '\\' "
);
const COUNT_WORD: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM certificate_word
    WHERE word >= $1 AND word < $2 LIMIT $3) AS found";

/// Runs a statement with the values that all searches share and its own.
macro_rules! with_filters {
    ($store:ident, $query:ident, [$($fetch:tt)+], $sql:ident $(, $value:expr)* $(,)?) => {{
        let (at, id) = $query
            .after
            .map_or((i64::MAX, Uuid::max()), |(at, id)| (micros(at), id.0));
        on_each!($store, $($fetch)+ (
            $sql,
            at,
            id,
            maybe_micros($query.ends_from).unwrap_or(i64::MIN),
            maybe_micros($query.ends_before).unwrap_or(i64::MAX),
            $query.template.map(|template| template.0),
            $query.standing as i64,
            $query.limit
            $(, $value)*
        ))
    }};
}
macro_rules! run {
    ($store:ident, $query:ident, $fetch:tt, $all:ident, $number:ident, $common:ident, $rare:ident) => {
        match &$query.search {
            CertificateSearch::Everything => with_filters!($store, $query, $fetch, $all),
            CertificateSearch::Number(number) => {
                let values = NumberValues::new(number);
                with_filters!(
                    $store,
                    $query,
                    $fetch,
                    $number,
                    values.decimal,
                    &values.serial.first,
                    &values.serial.last,
                    &number.thumbprint.first,
                    &number.thumbprint.last
                )
            }
            CertificateSearch::Words(words) => {
                let [a, b, c, d] = patterns(words);
                match $store.rare_word(words).await? {
                    None => with_filters!($store, $query, $fetch, $common, a, b, c, d),
                    Some((first, end)) => {
                        with_filters!($store, $query, $fetch, $rare, a, b, c, d, first, end)
                    }
                }
            }
        }
    };
}

impl Store {
    /// Certificates that are ready, newest first.
    pub async fn certificates(
        &self,
        query: &CertificateQuery,
    ) -> Result<Vec<CertificateListRow>, Error> {
        run!(
            self,
            query,
            [fetch_all],
            LIST,
            LIST_NUMBER,
            LIST_COMMON,
            LIST_RARE
        )
    }

    /// How many certificates a query finds, up to its limit.
    pub async fn count_certificates(&self, query: &CertificateQuery) -> Result<i64, Error> {
        run!(self, query, [scalar fetch_one], COUNT, COUNT_NUMBER, COUNT_COMMON, COUNT_RARE)
    }

    /// The longest of the words as a range, unless many certificates have it.
    async fn rare_word(&self, words: &[String]) -> Result<Option<(String, String)>, Error> {
        let longest = words.iter().max_by_key(|word| word.len());
        // Nothing follows a character that does not exist yet; no words find nothing.
        let first = longest.cloned().unwrap_or_default();
        let end = longest.map_or_else(String::new, |word| format!("{word}\u{10FFFF}"));
        let count: i64 = on_each!(self, scalar fetch_one(COUNT_WORD, &first, &end, COMMON + 1))?;
        Ok((count <= COMMON).then_some((first, end)))
    }
}

/// A number as values of a statement; what it cannot be finds nothing.
struct NumberValues<'a> {
    decimal: &'a [u8],
    serial: ByteRange,
}

impl<'a> NumberValues<'a> {
    fn new(number: &'a NumberSearch) -> Self {
        Self {
            decimal: number.decimal.as_deref().unwrap_or_default(),
            serial: number.serial.clone().unwrap_or(ByteRange {
                first: vec![1],
                last: Vec::new(),
            }),
        }
    }
}

/// Patterns for `words`, each of which has a blank before it.
fn patterns(words: &[String]) -> [String; 4] {
    std::array::from_fn(|at| {
        let mut pattern = String::from("%");
        if let Some(word) = words.get(at) {
            pattern.push(' ');
            for c in word.chars() {
                if matches!(c, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
            pattern.push('%');
        }
        pattern
    })
}
