//! Where the names in a certificate come from.

use crate::words;

/// Where the common name in the subject comes from. Programs compare the alternative name; this one
/// is for people to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CommonNameSource {
    /// As usual for the kind: the address for mail, the person's name where the certificate names
    /// them, the first DNS name of a server or device.
    #[default]
    Usual,
    /// The address that the certificate is for.
    Mailbox,
    /// What whoever requests it calls the device, for example its serial number.
    Device,
    /// There is no common name (RFC 5280 section 4.1.2.6 allows an empty subject).
    Nothing,
}

words!(CommonNameSource, "source of the common name", {
    Usual => "usual",
    Mailbox => "mailbox",
    Device => "device",
    Nothing => "nothing",
});

/// Which addresses of a person stand in the alternative name (RFC 5280 section 4.2.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AddressSource {
    /// The one that was chosen when the certificate was requested.
    #[default]
    Chosen,
    /// All that are recorded for the person when it is requested, the chosen one first.
    All,
}

words!(AddressSource, "source of addresses", { Chosen => "chosen", All => "all" });
