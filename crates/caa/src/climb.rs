//! Finding the records that hold for a name: its own, or those of the nearest parent that has some
//! (RFC 8659 section 3). An alias is resolved on the way, but its target's parents are not asked.

use crate::lookup::{Lookup, LookupError, RecordSet};

/// The records that hold, and where they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relevant {
    /// The name itself, or a parent.
    pub(crate) at: String,
    pub(crate) records: RecordSet,
}

/// Climbs from a name to its top-level domain. No records at all are no restriction.
pub(crate) async fn climb(
    lookup: &dyn Lookup,
    domain: &str,
) -> Result<Option<Relevant>, (String, LookupError)> {
    let mut next = Some(domain);
    while let Some(name) = next {
        let records = lookup.lookup(name).await;
        let records = records.map_err(|error| (name.to_owned(), error))?;
        if !records.properties.is_empty() {
            return Ok(Some(Relevant {
                at: name.to_owned(),
                records,
            }));
        }
        next = name.split_once('.').map(|(_, parent)| parent);
    }
    Ok(None)
}
