//! The vault: what a document is, its limits and categories, and the port that keeps it (V).

use crate::{
    actor::Actor,
    error::{PortError, PortResult},
    ids::{DocumentId, YouthId},
    time::Instant,
    words::words,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use std::ops::Range;

/// Largest document, in bytes (V1).
pub const DOCUMENT_MAX_BYTES: u64 = 25 * 1024 * 1024;
/// Largest vault, in bytes (V1).
pub const VAULT_MAX_BYTES: u64 = 200 * 1024 * 1024;
/// Most documents in one vault (V1).
pub const VAULT_MAX_DOCUMENTS: u32 = 500;

words! {
    /// What a document may be (V1).
    FileKind {
        /// Portable Document Format.
        Pdf = "pdf",
        /// A photo.
        Jpeg = "jpeg",
        /// A picture.
        Png = "png",
        /// A photo of a recent phone.
        Heic = "heic",
        /// A text of Word.
        Docx = "docx",
        /// A text of LibreOffice.
        Odt = "odt",
    }
}

impl FileKind {
    /// The value of a file picker's `accept`, extensions and types.
    pub const ACCEPT: &'static str = ".pdf,.jpg,.jpeg,.png,.heic,.docx,.odt,application/pdf,image/jpeg,image/png,image/heic,\
        application/vnd.openxmlformats-officedocument.wordprocessingml.document,application/vnd.oasis.opendocument.text";

    /// The kind that the ending of `name` announces.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        Some(match extension.as_str() {
            "pdf" => Self::Pdf,
            "jpg" | "jpeg" => Self::Jpeg,
            "png" => Self::Png,
            "heic" | "heif" => Self::Heic,
            "docx" => Self::Docx,
            "odt" => Self::Odt,
            _ => return None,
        })
    }

    /// The media type it is served as.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
        }
    }
}

words! {
    /// The eight drawers of a vault (V3).
    #[derive(PartialOrd, Ord)]
    Category {
        /// Identity papers.
        Identity = "identity",
        /// Housing.
        Housing = "housing",
        /// Health cover.
        HealthCover = "health_cover",
        /// School and diplomas.
        SchoolAndDiplomas = "school_and_diplomas",
        /// CV and letters.
        CvAndLetters = "cv_and_letters",
        /// Employment.
        Employment = "employment",
        /// Money.
        Money = "money",
        /// Everything else.
        Other = "other",
    }
}

/// A file name that is safe to store, to show and to send back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentName(String);

/// Why a file name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// There is none.
    #[error("no name")]
    Empty,
    /// More than [`DocumentName::MAX_CHARS`] characters.
    #[error("name too long")]
    TooLong,
    /// A path, a control character, or marks that make it read differently from what it is.
    #[error("forbidden characters in the name")]
    Forbidden,
}

impl DocumentName {
    /// Longest name, in characters.
    pub const MAX_CHARS: usize = 150;

    /// A name as a browser sends it.
    ///
    /// # Errors
    /// Why it cannot be kept: names are refused, never silently changed.
    pub fn new(raw: &str) -> Result<Self, NameFault> {
        let name = raw.trim();
        if name.is_empty() {
            return Err(NameFault::Empty);
        }
        if name.chars().count() > Self::MAX_CHARS {
            return Err(NameFault::TooLong);
        }
        if name.starts_with('.') || name.chars().any(is_forbidden) {
            return Err(NameFault::Forbidden);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Separators would make a path; controls break headers; bidirectional and invisible marks make
/// `gpj.exe` read as `exe.jpg`.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{061c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Who put a document there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Depositor {
    /// The young person.
    Owner,
    /// A member of staff, by name.
    Staff(String),
}

/// One line of a vault's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSummary {
    /// The document.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its drawer.
    pub category: Category,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was deposited.
    pub deposited_at: Instant,
    /// Who put it there.
    pub depositor: Depositor,
    /// Whether the one who looks may delete it.
    pub may_delete: bool,
}

/// A vault as the one who looks may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultView {
    /// How the young person is called.
    pub owner_name: String,
    /// Whether all attached staff may read everything (V5).
    pub shared: bool,
    /// The documents this actor may read, newest first.
    pub documents: Vec<DocumentSummary>,
    /// Bytes used in all; `None` for staff who may not see everything.
    pub used_bytes: Option<u64>,
}

/// What arrives with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// Its drawer.
    pub category: Category,
    /// Its name, as the browser sent it.
    pub raw_name: String,
    /// The most bytes that can still come, as announced by the request: room is reserved at once when there is enough.
    pub announced_bytes: Option<u64>,
}

/// The connection broke while a body was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection was cut")]
pub struct Cut;

/// A document's bytes on their way in.
pub type Incoming<'a> = BoxStream<'a, Result<Bytes, Cut>>;

/// Why a document was not stored. Nothing of it is left behind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DepositRefusal {
    /// The name cannot be kept.
    #[error(transparent)]
    Name(#[from] NameFault),
    /// The ending of the name is none of V1.
    #[error("this type of file is not accepted")]
    KindNotAccepted,
    /// The content is not what the ending announces.
    #[error("the content is not what the name announces")]
    ContentDiffers,
    /// The file is damaged, or holds something a reader of such files would choke on.
    #[error("the file is damaged or unsafe")]
    Damaged,
    /// A document with macros.
    #[error("the file holds macros")]
    Macros,
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// More than [`DOCUMENT_MAX_BYTES`].
    #[error("the file is too large")]
    TooLarge,
    /// No room left in the vault.
    #[error("the vault is full")]
    VaultFull,
    /// [`VAULT_MAX_DOCUMENTS`] documents already.
    #[error("too many documents")]
    TooManyDocuments,
    /// The connection broke before the end.
    #[error("the connection was cut")]
    Cut,
    /// The disk is full or the store does not answer.
    #[error("the store cannot take it now")]
    StoreUnavailable,
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A range as a browser asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeRequest {
    /// From this byte on, to the end or to the other byte, included.
    From(u64, Option<u64>),
    /// The last so many bytes.
    Last(u64),
}

impl RangeRequest {
    /// The one range of a `Range` header; several or another unit are ignored, as RFC 9110 allows.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let spec = header.strip_prefix("bytes=")?.trim();
        let (first, last) = spec.split_once('-')?;
        let number =
            |text: &str| (text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<u64>().ok()).flatten();
        match (first.trim(), last.trim()) {
            ("", last) => number(last).map(Self::Last),
            (first, "") => number(first).map(|first| Self::From(first, None)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From(first, Some(last)))
            }
        }
    }

    /// The bytes meant, of `length` in all; nothing when none can be given (416).
    #[must_use]
    pub fn resolve(self, length: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::From(first, last) => first..last.map_or(length, |last| length.min(last.saturating_add(1))),
            Self::Last(count) => length.saturating_sub(count)..length,
        };
        (range.start < range.end).then_some(range)
    }
}

/// A document on its way out.
pub struct DocumentBody {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its whole length in bytes.
    pub length: u64,
    /// The bytes that follow, when a range was asked for; nothing for an unsatisfiable one.
    pub range: Result<Option<Range<u64>>, Unsatisfiable>,
    /// The bytes, verified chunk by chunk. An error breaks the answer off.
    pub bytes: BoxStream<'static, Result<Bytes, PortError>>,
}

/// The range asked for lies outside the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsatisfiable;

/// Keeping documents. Every reading, deposit, deletion, consent change and refused attempt is logged (V11).
#[async_trait]
pub trait Vaults: Send + Sync {
    /// The documents of a vault that the actor may see.
    async fn view(&self, actor: &Actor, youth: YouthId) -> PortResult<VaultView>;
    /// One document's line, for whoever may read it.
    async fn document(&self, actor: &Actor, youth: YouthId, document: DocumentId) -> PortResult<DocumentSummary>;
    /// Stores a document; it is safe on disk when the answer comes.
    async fn deposit(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: NewDocument,
        bytes: Incoming<'_>,
    ) -> Result<DocumentSummary, DepositRefusal>;
    /// Opens a document, or a range of it.
    async fn open(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: DocumentId,
        range: Option<RangeRequest>,
    ) -> PortResult<DocumentBody>;
    /// Deletes a document for good.
    async fn delete(&self, actor: &Actor, youth: YouthId, document: DocumentId) -> PortResult<()>;
    /// The young person opens or closes the vault to all attached staff (V5).
    async fn set_shared(&self, actor: &Actor, shared: bool) -> PortResult<()>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_deceive_are_refused() {
        for good in ["CNI recto.pdf", "Élodie – CV (2).docx", "photo.HEIC", "契約.pdf", "a.b.c.pdf"] {
            assert_eq!(DocumentName::new(good).map(|name| name.0), Ok(good.to_owned()));
        }
        for bad in [
            "../../etc/passwd.pdf",
            "a\0.pdf",
            "cv\u{202e}fdp.exe",
            "C:\\x.pdf",
            "a\r\nb.pdf",
            ".htaccess",
            "a\u{200b}.pdf",
        ] {
            assert_eq!(DocumentName::new(bad), Err(NameFault::Forbidden), "{bad:?}");
        }
        assert_eq!(DocumentName::new("  "), Err(NameFault::Empty));
        assert_eq!(DocumentName::new(&"é".repeat(151)), Err(NameFault::TooLong));
    }

    #[test]
    fn kinds_by_extension() {
        assert_eq!(FileKind::from_name("a.PDF"), Some(FileKind::Pdf));
        assert_eq!(FileKind::from_name("a.jpeg"), Some(FileKind::Jpeg));
        for bad in ["pdf", "a.exe", "a.pdf.", "a.pdf.html", ""] {
            assert_eq!(FileKind::from_name(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn ranges_as_rfc_9110_has_them() {
        let resolved = |header: &str| RangeRequest::parse(header).map(|range| range.resolve(1000));
        assert_eq!(resolved("bytes=0-499"), Some(Some(0..500)));
        assert_eq!(resolved("bytes=500-"), Some(Some(500..1000)));
        assert_eq!(resolved("bytes=-200"), Some(Some(800..1000)));
        assert_eq!(resolved("bytes=-5000"), Some(Some(0..1000)));
        assert_eq!(resolved("bytes=900-5000"), Some(Some(900..1000)));
        assert_eq!(resolved("bytes=1000-"), Some(None));
        assert_eq!(resolved("bytes=-0"), Some(None));
        for ignored in ["bytes=5-4", "bytes=a-b", "bytes=0-1,3-4", "items=0-1", "bytes=", "bytes=-", "bytes=+1-2"] {
            assert_eq!(RangeRequest::parse(ignored), None, "{ignored}");
        }
    }

    proptest! {
        #[test]
        fn any_range_header_is_read_or_ignored(header in "\\PC{0,40}", length in 0u64..5000) {
            if let Some(range) = RangeRequest::parse(&header).and_then(|range| range.resolve(length)) {
                prop_assert!(range.start < range.end && range.end <= length);
            }
        }

        #[test]
        fn a_kept_name_never_holds_a_separator_or_control(raw in "\\PC{0,60}") {
            if let Ok(name) = DocumentName::new(&raw) {
                prop_assert!(!name.as_str().contains(['/', '\\', '\0', '\r', '\n']));
            }
        }
    }
}
