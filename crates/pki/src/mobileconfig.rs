//! Profiles for Apple's devices: a person's PFX and the authority's certificates in one file that
//! iOS and macOS install together ("Configuration Profile Reference", Apple).
//!
//! The password is not in it: the device asks for it. Unsigned, a device shows the profile as such;
//! [`crate::sign_mobileconfig`] signs it.

use crate::Error;
use openssl::base64::encode_block;
use openssl::x509::X509;
use std::cmp::Ordering;
use std::fmt::Write;

/// A profile. The UUIDs are 8-4-4-4-12 hexadecimal digits, each used once; a device replaces the
/// profile of the same identifier.
#[derive(Debug, Clone, Copy)]
pub struct MobileConfig<'a> {
    /// Shown as the profile's name.
    pub display_name: &'a str,
    /// Shown below it.
    pub organisation: &'a str,
    /// What it is for, in a sentence.
    pub description: &'a str,
    /// In the way of Java's packages, for example `com.example.certportal.alice`; the payloads are
    /// called by it and their UUID.
    pub identifier: &'a str,
    /// UUID of the profile.
    pub uuid: &'a str,
    /// Key and certificate.
    pub pfx: MobilePfx<'a>,
    /// Certificates of authorities, each as a payload of its own: only so does a device trust a
    /// root, of which it asks the person first.
    pub authorities: &'a [MobileCertificate<'a>],
}

/// The payload with the PFX; old devices take the compatible flavour only.
#[derive(Debug, Clone, Copy)]
pub struct MobilePfx<'a> {
    /// UUID of the payload.
    pub uuid: &'a str,
    /// Shown as the certificate's name.
    pub display_name: &'a str,
    /// Name of the file within the profile, for example `alice.p12`.
    pub file_name: &'a str,
    /// The container, encrypted under its password.
    pub bytes: &'a [u8],
}

/// The payload with an authority's certificate.
#[derive(Debug, Clone, Copy)]
pub struct MobileCertificate<'a> {
    /// UUID of the payload.
    pub uuid: &'a str,
    /// Shown as the certificate's name.
    pub display_name: &'a str,
    /// The certificate in DER. A root becomes `com.apple.security.root`, another one
    /// `com.apple.security.pkcs1`.
    pub der: &'a [u8],
}

/// Writes the profile as an XML property list.
pub fn mobileconfig(profile: &MobileConfig<'_>) -> Result<String, Error> {
    check_identifiers(profile)?;
    let pfx = &profile.pfx;
    let mut payloads = Payload {
        kind: "com.apple.security.pkcs12",
        identifier: profile.identifier,
        uuid: pfx.uuid,
        display_name: pfx.display_name,
        file_name: Some(pfx.file_name),
        content: pfx.bytes,
    }
    .to_xml()?;
    for one in profile.authorities {
        let certificate = X509::from_der(one.der)?;
        let (subject, issuer) = (certificate.subject_name(), certificate.issuer_name());
        let kind = if subject.try_cmp(issuer)? == Ordering::Equal {
            "com.apple.security.root"
        } else {
            "com.apple.security.pkcs1"
        };
        payloads += &Payload {
            kind,
            identifier: profile.identifier,
            uuid: one.uuid,
            display_name: one.display_name,
            file_name: None,
            content: one.der,
        }
        .to_xml()?;
    }
    let mut top = String::new();
    for (key, text) in [
        ("PayloadType", "Configuration"),
        ("PayloadIdentifier", profile.identifier),
        ("PayloadUUID", profile.uuid),
        ("PayloadDisplayName", profile.display_name),
        ("PayloadOrganization", profile.organisation),
        ("PayloadDescription", profile.description),
        // On a Mac it belongs to the person, not to everybody who signs in.
        ("PayloadScope", "User"),
    ] {
        entry(&mut top, key, text)?;
    }
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n{top}{VERSION}\
         <key>PayloadContent</key>\n<array>\n{payloads}</array>\n</dict>\n</plist>\n"
    ))
}

const VERSION: &str = "<key>PayloadVersion</key>\n<integer>1</integer>\n";

struct Payload<'a> {
    kind: &'a str,
    identifier: &'a str,
    uuid: &'a str,
    display_name: &'a str,
    file_name: Option<&'a str>,
    content: &'a [u8],
}

impl Payload<'_> {
    fn to_xml(&self) -> Result<String, Error> {
        let mut xml = String::from("<dict>\n");
        entry(&mut xml, "PayloadType", self.kind)?;
        let identifier = format!("{}.{}", self.identifier, self.uuid);
        entry(&mut xml, "PayloadIdentifier", &identifier)?;
        entry(&mut xml, "PayloadUUID", self.uuid)?;
        entry(&mut xml, "PayloadDisplayName", self.display_name)?;
        if let Some(name) = self.file_name {
            entry(&mut xml, "PayloadCertificateFileName", name)?;
        }
        xml += VERSION;
        xml += "<key>PayloadContent</key>\n<data>\n";
        let base64 = encode_block(self.content);
        let mut rest = base64.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
            xml += line;
            xml.push('\n');
            rest = after;
        }
        xml += "</data>\n</dict>\n";
        Ok(xml)
    }
}

fn entry(xml: &mut String, key: &str, text: &str) -> Result<(), Error> {
    let text = escaped(text)?;
    // Writing to a string cannot fail.
    let _ = write!(xml, "<key>{key}</key>\n<string>{text}</string>\n");
    Ok(())
}

/// Text as XML holds it (XML 1.0 section 2.2 and 2.4).
fn escaped(text: &str) -> Result<String, Error> {
    let is_wrong = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.trim().is_empty() || text.chars().any(is_wrong) {
        return Err(Error::Input(
            "a profile's names are text without control characters",
        ));
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&apos;",
            other => escaped.push(other),
        }
    }
    Ok(escaped)
}

fn check_identifiers(profile: &MobileConfig<'_>) -> Result<(), Error> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let identifier = profile.identifier;
    if !(1..=200).contains(&identifier.len()) || !identifier.bytes().all(is_word) {
        return Err(Error::Input(
            "a profile's identifier has letters, digits, dots and hyphens",
        ));
    }
    let mut uuids = vec![profile.uuid.to_ascii_lowercase()];
    uuids.push(profile.pfx.uuid.to_ascii_lowercase());
    uuids.extend(
        profile
            .authorities
            .iter()
            .map(|one| one.uuid.to_ascii_lowercase()),
    );
    let is_well_formed = uuids.iter().all(|uuid| is_uuid(uuid));
    let count = uuids.len();
    uuids.sort();
    uuids.dedup();
    if is_well_formed && uuids.len() == count {
        Ok(())
    } else {
        Err(Error::Input(
            "a profile and each of its parts have a UUID of their own, 8-4-4-4-12 hexadecimal digits",
        ))
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
