//! One key of the configuration: name, default, meaning.

/// A key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Name inside its section.
    pub name: &'static str,
    /// What holds if nobody says anything; its kind is the kind of the key.
    pub default: Default,
    /// What it does, one sentence or two.
    pub meaning: &'static str,
    /// Whether its value must not be shown.
    pub is_secret: bool,
}

/// The default of a key.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    /// Text.
    Text(&'static str),
    /// A whole number.
    Number(i64),
    /// Yes or no, which is no.
    No,
    /// A list of texts, which is empty.
    EmptyList,
}

impl Key {
    /// A key that holds a text.
    pub const fn text(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self::new(name, Default::Text(default), meaning)
    }

    /// A key that holds a text which may contain a password.
    pub const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        let mut key = Self::text(name, default, meaning);
        key.is_secret = true;
        key
    }

    /// A key that holds a whole number.
    pub const fn number(name: &'static str, default: i64, meaning: &'static str) -> Self {
        Self::new(name, Default::Number(default), meaning)
    }

    /// A key that holds yes or no.
    pub const fn flag(name: &'static str, meaning: &'static str) -> Self {
        Self::new(name, Default::No, meaning)
    }

    /// A key that holds a list of texts.
    pub const fn list(name: &'static str, meaning: &'static str) -> Self {
        Self::new(name, Default::EmptyList, meaning)
    }

    const fn new(name: &'static str, default: Default, meaning: &'static str) -> Self {
        Self {
            name,
            default,
            meaning,
            is_secret: false,
        }
    }
}
