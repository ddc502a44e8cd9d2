//! One page of a list, with a mark where the next one begins (keyset paging).

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Pass as `after` to get the next page; nothing where this is the last.
    pub next: Option<String>,
}
