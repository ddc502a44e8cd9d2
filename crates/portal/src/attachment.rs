//! What goes with a mail. The mail's row names it, `certificate:ID` or `pfx:ID`; the file is put
//! together when the mail is sent, so that nothing secret waits in the outbox.

use crate::{Error, Portal, place};
use domain::{CertificateForm, CertificateId};
use mail::Attachment;

/// Something that goes with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attached {
    /// A certificate and those above it, without the root.
    Certificate(CertificateId),
    /// The PFX, sealed by its password.
    Pfx(CertificateId),
}

/// As it stands in the mail's row.
pub(crate) fn write(attached: &[Attached]) -> Option<String> {
    let words: Vec<String> = attached
        .iter()
        .map(|one| match one {
            Attached::Certificate(id) => format!("certificate:{id}"),
            Attached::Pfx(id) => format!("pfx:{id}"),
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn read(stored: &str) -> Option<Vec<Attached>> {
    stored
        .split_whitespace()
        .map(|word| match word.split_once(':')? {
            ("certificate", id) => id.parse().ok().map(Attached::Certificate),
            ("pfx", id) => id.parse().ok().map(Attached::Pfx),
            _ => None,
        })
        .collect()
}

impl Portal {
    /// The files that a mail's row names. [`Error::NotFound`] where they are no longer there, for
    /// example deleted after the mail was queued.
    pub(crate) async fn attachments(&self, stored: &str) -> Result<Vec<Attachment>, Error> {
        let mut files = Vec::new();
        for one in read(stored).ok_or(Error::NotFound)? {
            files.push(match one {
                Attached::Certificate(id) => self.attached_certificate(id).await?,
                Attached::Pfx(id) => self.attached_pfx(id).await?,
            });
        }
        Ok(files)
    }

    async fn attached_certificate(&self, id: CertificateId) -> Result<Attachment, Error> {
        let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
        let file = self.write_certificate(&row, CertificateForm::Pem).await?;
        Ok(Attachment {
            file_name: file.file_name,
            content_type: file.content_type,
            bytes: file.bytes.expose().clone(),
        })
    }

    async fn attached_pfx(&self, id: CertificateId) -> Result<Attachment, Error> {
        let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
        let sealed = self.credential(id).await?;
        let pfx = self
            .key_ring()?
            .open(place::pfx((&sealed).into()), &sealed.pfx)?;
        Ok(Attachment {
            file_name: pki::pfx::file_name(&row.mailbox, row.not_before),
            content_type: "application/x-pkcs12",
            bytes: pfx.expose().clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_attached_reads_back() {
        let id = CertificateId(uuid::Uuid::from_u128(7));
        let attached = vec![Attached::Certificate(id), Attached::Pfx(id)];
        let stored = write(&attached).unwrap();
        assert_eq!(read(&stored), Some(attached));
        assert_eq!(write(&[]), None);
        for wrong in ["pfx", "key:x", "pfx:x", "certificate:"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
