//! PFX containers (PKCS#12, RFC 7292) as people meet them: flavours, passwords, devices.

use crate::words;

/// Which algorithms protect a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PfxFlavour {
    /// PBES2 with AES-256-CBC, HMAC-SHA-256.
    Modern,
    /// Triple DES and HMAC-SHA-1, for readers that say "wrong password" to a modern one. Only with
    /// a password made by the portal of at least 112 bits.
    Compatible,
}

words!(PfxFlavour, "PFX flavour", { Modern => "modern", Compatible => "compatible" });

impl PfxFlavour {
    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Modern => Self::Compatible,
            Self::Compatible => Self::Modern,
        }
    }
}

/// How the portal makes the password of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PfxPasswordPolicy {
    /// 24 symbols of 32 without look-alikes, in six groups of four joined by hyphens: 120 bits.
    Fours,
    /// 16 symbols of 75, some of them punctuation: 99.7 bits.
    Sixteen,
}

words!(PfxPasswordPolicy, "password policy", { Fours => "fours", Sixteen => "sixteen" });

impl PfxPasswordPolicy {
    /// Length of such a password in characters, hyphens included.
    pub const fn length(self) -> usize {
        match self {
            Self::Fours => 29,
            Self::Sixteen => 16,
        }
    }

    /// Strength in bits, rounded down.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Fours => 120,
            Self::Sixteen => 99,
        }
    }
}

/// Which file with the key of a certificate its owner downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DownloadKind {
    /// The PFX in the flavour that the device reads.
    #[default]
    Pfx,
    /// The PFX in the other flavour, for who is told that the password is wrong.
    OtherPfx,
    /// A profile for Apple's devices with the PFX and the authorities.
    Profile,
}

words!(DownloadKind, "kind of file", {
    Pfx => "pfx",
    OtherPfx => "other-pfx",
    Profile => "profile",
});

/// How a certificate is written to a file without its key. Nothing in it is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateForm {
    /// As text, with those above it but the root: what servers want.
    Pem,
    /// In DER, alone.
    Der,
    /// With all those above it.
    P7b,
}

words!(CertificateForm, "form of a certificate", { Pem => "pem", Der => "der", P7b => "p7b" });

/// Where somebody wants to use their certificate: they choose a device, not an algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    /// Outlook on Windows.
    Windows,
    /// Apple Mail on macOS.
    Mac,
    /// Mail on iPhone and iPad.
    Ios,
    /// Thunderbird on any system.
    Thunderbird,
    /// A mail program on Android.
    Android,
}

words!(Device, "device", {
    Windows => "windows",
    Mac => "mac",
    Ios => "ios",
    Thunderbird => "thunderbird",
    Android => "android",
});

impl Device {
    /// The likely one for a browser that is named in words, such as "Firefox on Linux".
    pub fn guess(browser: &str) -> Self {
        let has = |word| browser.contains(word);
        if has("Android") {
            Self::Android
        } else if has("iPhone") || has("iPad") {
            Self::Ios
        } else if has("Mac") {
            Self::Mac
        } else if has("Linux") || has("ChromeOS") {
            Self::Thunderbird
        } else {
            Self::Windows
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Device;

    #[test]
    fn a_browser_tells_the_device() {
        for (browser, device) in [
            ("Edge on Windows", Device::Windows),
            ("Safari on Mac", Device::Mac),
            ("Chrome on iPhone", Device::Ios),
            ("Safari on iPad", Device::Ios),
            ("Firefox on Android", Device::Android),
            ("Firefox on Linux", Device::Thunderbird),
            ("A browser on ChromeOS", Device::Thunderbird),
            ("An unknown browser", Device::Windows),
            ("", Device::Windows),
        ] {
            assert_eq!(Device::guess(browser), device, "{browser}");
        }
    }
}
