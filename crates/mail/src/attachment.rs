//! A file that goes with a message. It is put together when the message is sent, and kept nowhere.

use crate::SendError;
use lettre::message::header::ContentType;
use lettre::message::{MultiPart, SinglePart};

/// A file that goes with a message: a certificate, or a container that is sealed by its password.
#[derive(Clone)]
pub struct Attachment {
    /// Name of the file.
    pub file_name: String,
    /// Media type.
    pub content_type: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attachment")
            .field("file_name", &self.file_name)
            .finish_non_exhaustive()
    }
}

/// The message's text with files beside it (RFC 2046 section 5.1.3).
pub(crate) fn beside(text: MultiPart, files: &[Attachment]) -> Result<MultiPart, SendError> {
    if files.is_empty() {
        return Ok(text);
    }
    let mut mixed = MultiPart::mixed().multipart(text);
    for file in files {
        mixed = mixed.singlepart(part(file)?);
    }
    Ok(mixed)
}

fn part(file: &Attachment) -> Result<SinglePart, SendError> {
    let kind = ContentType::parse(file.content_type)
        .map_err(|error| SendError::Permanent(error.to_string()))?;
    let attachment = lettre::message::Attachment::new(file.file_name.clone());
    Ok(attachment.body(file.bytes.clone(), kind))
}
