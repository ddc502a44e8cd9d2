//! How values of our own types stand in columns.
//!
//! `#[sqlx(try_from = "..")]` on the fields of row structs goes through these types, so that a row
//! that was read holds valid values, and what is stored stays plain: integers, UUIDs, words.

use crate::Error;
use domain::{
    AuditAction, AuthorityId, AuthorityPurpose, CertificateId, KeyAlgorithm, KeyPart, Name,
    PersonId, PersonState, PfxPasswordPolicy, Reason, RequestState, RevocationReason,
    RevocationState, Role, Step, TemplateContent, TextError, TokenScope, UnknownWord,
};
use sqlx::{Database, Decode, Type};
use std::str::FromStr;
use time::OffsetDateTime;
use uuid::Uuid;

/// Microseconds since 1970, the stored form of a time.
pub(crate) fn micros(time: OffsetDateTime) -> i64 {
    let micros = time.unix_timestamp_nanos().div_euclid(1_000);
    i64::try_from(micros).unwrap_or(i64::MAX)
}

/// Microseconds of an optional time.
pub(crate) fn maybe_micros(time: Option<OffsetDateTime>) -> Option<i64> {
    time.map(micros)
}

/// A time as it stands in a column.
#[derive(Debug, Clone, Copy, Type)]
#[sqlx(transparent)]
pub(crate) struct Micros(pub(crate) i64);

impl TryFrom<Micros> for OffsetDateTime {
    type Error = time::error::ComponentRange;

    fn try_from(value: Micros) -> Result<Self, Self::Error> {
        Self::from_unix_timestamp_nanos(i128::from(value.0) * 1_000)
    }
}

/// A word of one of the enums of `domain`.
#[derive(Debug)]
pub(crate) struct Word<T>(T);

impl<DB: Database, T> Type<DB> for Word<T>
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <String as Type<DB>>::type_info()
    }

    fn compatible(info: &DB::TypeInfo) -> bool {
        <String as Type<DB>>::compatible(info)
    }
}

impl<'r, DB: Database, T: FromStr<Err = UnknownWord>> Decode<'r, DB> for Word<T>
where
    String: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        Ok(Self(<String as Decode<'r, DB>>::decode(value)?.parse()?))
    }
}

macro_rules! word {
    ($($name:ident),+ $(,)?) => {$(
        impl From<Word<$name>> for $name {
            fn from(value: Word<$name>) -> Self {
                value.0
            }
        }
    )+};
}
word!(
    AuditAction,
    AuthorityPurpose,
    KeyAlgorithm,
    KeyPart,
    PersonState,
    PfxPasswordPolicy,
    RequestState,
    RevocationReason,
    RevocationState,
    Role,
    Step,
    TokenScope
);

/// A column that holds JSON.
#[derive(Debug, Type)]
#[sqlx(transparent)]
pub(crate) struct Json(String);

impl Json {
    pub(crate) fn of(value: &TemplateContent) -> Result<Self, Error> {
        serde_json::to_string(value)
            .map(Self)
            .map_err(|_| Error::corrupt("template_version", "content", "it cannot be written"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<Json> for TemplateContent {
    type Error = serde_json::Error;

    fn try_from(value: Json) -> Result<Self, Self::Error> {
        serde_json::from_str(&value.0)
    }
}

/// A column that may be NULL.
#[derive(Debug, Type)]
#[sqlx(transparent)]
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

impl TryFrom<Maybe<Micros>> for Option<OffsetDateTime> {
    type Error = time::error::ComponentRange;

    fn try_from(value: Maybe<Micros>) -> Result<Self, Self::Error> {
        value.0.map(OffsetDateTime::try_from).transpose()
    }
}

macro_rules! maybe {
    ($($name:ident: $from:ty),+ $(,)?) => {$(
        impl From<Maybe<$from>> for Option<$name> {
            fn from(value: Maybe<$from>) -> Self {
                value.0.map($name)
            }
        }
    )+};
}
maybe!(AuthorityId: Uuid, CertificateId: Uuid, PersonId: Uuid);

macro_rules! maybe_text {
    ($($name:ident),+ $(,)?) => {$(
        impl TryFrom<Maybe<String>> for Option<$name> {
            type Error = TextError;

            fn try_from(value: Maybe<String>) -> Result<Self, TextError> {
                value.0.map($name::try_from).transpose()
            }
        }
    )+};
}
maybe_text!(Name, Reason);

impl TryFrom<Maybe<String>> for Option<RevocationReason> {
    type Error = UnknownWord;

    fn try_from(value: Maybe<String>) -> Result<Self, UnknownWord> {
        value.0.as_deref().map(str::parse).transpose()
    }
}

/// Words in one column, separated by commas.
pub(crate) fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(",")
}

/// Reads what [`join`] wrote.
pub(crate) fn split<T: FromStr>(words: &str) -> Result<Vec<T>, T::Err> {
    words
        .split(',')
        .filter(|word| !word.is_empty())
        .map(str::parse)
        .collect()
}

/// A pattern for `LIKE .. ESCAPE '\'` that finds a text anywhere, lower-cased. PostgreSQL cannot
/// compare a text that contains NUL, and nothing stored does.
pub(crate) fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in search.trim().to_lowercase().chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_wildcards_literally() {
        assert_eq!(pattern(" 50%_A\\ "), "%50\\%\\_a\\\\%");
        assert_eq!(pattern(""), "%%");
    }

    #[test]
    fn a_time_reads_back_to_the_microsecond() {
        for value in [0, 1, -1, 1_760_000_000_123_456, -62_135_596_800_000_000] {
            let time = OffsetDateTime::try_from(Micros(value)).unwrap();
            assert_eq!(micros(time), value);
        }
        assert!(OffsetDateTime::try_from(Micros(i64::MAX)).is_err());
    }

    #[test]
    fn words_are_joined_and_split() {
        let words = join([KeyAlgorithm::Rsa3072.as_str(), KeyAlgorithm::P256.as_str()]);
        let read: Vec<KeyAlgorithm> = split(&words).unwrap();
        assert_eq!(read, [KeyAlgorithm::Rsa3072, KeyAlgorithm::P256]);
        assert!(split::<KeyAlgorithm>("rsa3072,nonsense").is_err());
    }
}
