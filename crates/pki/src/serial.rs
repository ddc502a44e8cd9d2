//! Serial numbers of certificates.
//!
//! 16 bytes: a fixed top nibble, which keeps the number positive and of one length, and 124 random
//! bits (RFC 5280 section 4.1.2.2; the S/MIME Baseline Requirements section 7.1 ask for 64).

use crate::Error;
use rand_core::CryptoRng;

/// A certificate's serial number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; 16]);

impl Serial {
    /// A new random serial number.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0; 16];
        rng.fill_bytes(&mut random);
        Self((u128::from_be_bytes(random) & (u128::MAX >> 4) | (0x5 << 124)).to_be_bytes())
    }

    /// Takes the content of a DER `INTEGER` or a stored value.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let bytes: [u8; 16] = bytes.try_into().map_err(|_| Error::Serial)?;
        match u128::from_be_bytes(bytes) >> 124 {
            1..=7 => Ok(Self(bytes)),
            _ => Err(Error::Serial),
        }
    }

    /// Reads what [`Self::to_hex`] wrote, in either case.
    pub fn from_hex(digits: &str) -> Result<Self, Error> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| Error::Serial)?;
        Self::from_bytes(&bytes)
    }

    /// The sixteen bytes, which are also the content of the DER `INTEGER`.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// 32 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    pub(crate) fn to_der(self) -> Vec<u8> {
        crate::asn1::element(0x02, &self.0)
    }
}

impl std::fmt::Debug for Serial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Serial({})", self.to_hex())
    }
}

impl std::fmt::Display for Serial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    proptest! {
        #[test]
        fn every_serial_is_positive_long_and_reads_back(seed: u64) {
            let serial = Serial::generate(&mut StdRng::seed_from_u64(seed));
            prop_assert_eq!(serial.as_bytes()[0] >> 4, 5);
            prop_assert_eq!(Serial::from_hex(&serial.to_hex()).unwrap(), serial);
            prop_assert_eq!(Serial::from_bytes(serial.as_bytes()).unwrap(), serial);
        }

        #[test]
        fn nothing_makes_the_reader_panic(text: String) {
            let _ = Serial::from_hex(&text);
        }
    }

    #[test]
    fn serials_of_another_shape_are_refused() {
        for bad in [
            "",
            "01",
            "05000000000000000000000000000000",
            "f5000000000000000000000000000000",
        ] {
            assert!(Serial::from_hex(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_thousand_serials_are_different() {
        let mut rng = StdRng::seed_from_u64(1);
        let all: std::collections::BTreeSet<_> =
            (0..1000).map(|_| Serial::generate(&mut rng)).collect();
        assert_eq!(all.len(), 1000);
    }
}
