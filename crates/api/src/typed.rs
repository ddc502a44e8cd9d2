//! A password on its way between a form and the use cases.

use domain::Secret;
use serde::{Deserialize, Serialize};

/// A password as somebody typed it, or as it is shown to its owner. It crosses the wire, so unlike
/// [`Secret`] it can be serialised; it has no `Debug` of its content and is wiped when dropped.
#[derive(Clone)]
pub struct Password(Secret<String>);

impl Password {
    /// Takes what was typed.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Secret::new(value.into()))
    }

    /// The password. Named loudly, as in [`Secret::expose`].
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Into the type that cannot be serialised, for the way inwards.
    pub fn into_secret(self) -> Secret<String> {
        self.0
    }
}

impl Default for Password {
    fn default() -> Self {
        Self::new("")
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

impl Serialize for Password {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
