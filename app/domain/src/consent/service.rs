//! One service as banner, panel, `/cookies`, gating, Content-Security-Policy and sweeping read it (C6).

use crate::words::words;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A service's stable word in cookies, forms and the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceId(String);

impl ServiceId {
    /// Longest one, in bytes.
    pub const LEN_MAX: usize = 40;

    /// The word itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is made of small letters, digits and `_` and neither empty nor too long.
    #[must_use]
    pub fn is_sane(&self) -> bool {
        (1..=Self::LEN_MAX).contains(&self.0.len())
            && self.0.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    }
}

impl From<&str> for ServiceId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// What a service is for.
    #[derive(PartialOrd, Ord)]
    Purpose {
        /// Needed by the site itself; no consent.
        Necessary = "necessary",
        /// Counting visits.
        Measurement = "measurement",
        /// Playing a video kept by somebody else.
        Video = "video",
        /// Showing what was published on a social network.
        Social = "social",
        /// Meeting by video.
        Meeting = "meeting",
        /// Something else of another site shown in a page.
        Embed = "embed",
    }
}

impl Purpose {
    /// Every purpose a person decides about, in the order in which they are shown.
    pub const OPTIONAL: [Self; 5] = [Self::Measurement, Self::Video, Self::Social, Self::Meeting, Self::Embed];

    /// The purpose whose word is `code`, if a person decides about it.
    #[must_use]
    pub fn optional(code: &str) -> Option<Self> {
        Self::from_code(code).filter(|purpose| Self::OPTIONAL.contains(purpose))
    }
}

/// How long a cookie stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Until the browser is closed, at the latest.
    Session,
    /// As long as the choice holds.
    Choice,
    /// A number of days.
    Days(u16),
}

/// What a cookie is for, in a word that the texts have a sentence for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieUse {
    /// Stay signed in.
    SignIn,
    /// Remember the choice about cookies.
    Choice,
    /// Tell one visitor from another to count them.
    TellVisitorsApart,
    /// Keep what a visit was about so far.
    FollowVisit,
    /// Where the visitor came from.
    Origin,
    /// Remember the settings of a player.
    PlayerSettings,
    /// Know a browser again for advertising.
    Advertising,
    /// Protect against automated requests.
    Protection,
    /// Said by the site file.
    Words(String),
}

/// One cookie a service sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieSpec {
    /// Its name; a `*` at the end stands for anything.
    pub name: String,
    /// How long it stays.
    pub lifetime: Lifetime,
    /// What it is for.
    pub used_for: CookieUse,
    /// The path it is set on, most often `/`.
    pub path: String,
    /// Whether this site's host carries it. Those of a frame stay with the provider: they can be told, not deleted.
    pub first_party: bool,
}

impl CookieSpec {
    /// Whether a cookie of this name is meant.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == self.name,
        }
    }
}

/// Who runs a service of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Legal name.
    pub name: String,
    /// Country of the provider, in French.
    pub country: String,
    /// Whether personal data leaves the European Union.
    pub transfer_outside_eu: bool,
}

/// Where the browser may go for a service, as Content-Security-Policy sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    /// Scripts.
    pub script: Vec<String>,
    /// Requests of scripts.
    pub connect: Vec<String>,
    /// Pictures.
    pub img: Vec<String>,
    /// Pages in frames.
    pub frame: Vec<String>,
}

/// What a frame may ask the browser for, beyond showing something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserFeature {
    /// The whole screen.
    Fullscreen,
    /// A small window above others.
    PictureInPicture,
    /// Protected videos.
    EncryptedMedia,
    /// The camera.
    Camera,
    /// The microphone.
    Microphone,
    /// What the screen shows.
    DisplayCapture,
}

impl BrowserFeature {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Fullscreen,
        Self::PictureInPicture,
        Self::EncryptedMedia,
        Self::Camera,
        Self::Microphone,
        Self::DisplayCapture,
    ];

    /// Its name in `Permissions-Policy` and in a frame's `allow`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fullscreen => "fullscreen",
            Self::PictureInPicture => "picture-in-picture",
            Self::EncryptedMedia => "encrypted-media",
            Self::Camera => "camera",
            Self::Microphone => "microphone",
            Self::DisplayCapture => "display-capture",
        }
    }
}

/// A script on the public pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Our own file that prepares the provider's script (`public/services/…`); none where the provider's needs nothing.
    pub loader: Option<&'static str>,
    /// The provider's script.
    pub script: String,
    /// What the loader is told, as `data-…` attributes.
    pub data: Vec<(&'static str, String)>,
}

/// A page of the provider in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its address; `{item}` stands for what is shown.
    pub address: String,
    /// Where people see the same without a frame; `{item}` as above.
    pub link: String,
    /// What an item is made of.
    pub item: ItemShape,
    /// What the frame may ask the browser for.
    pub permissions: &'static [BrowserFeature],
    /// Whether it is as wide as a film, or as long as a message.
    pub wide: bool,
}

impl Frame {
    /// The address of the frame that shows `item`.
    #[must_use]
    pub fn address_of(&self, item: &str) -> String {
        self.address.replace("{item}", item)
    }

    /// The address of the page that shows `item`.
    #[must_use]
    pub fn link_of(&self, item: &str) -> String {
        self.link.replace("{item}", item)
    }

    /// The permissions as the `allow` of a frame.
    #[must_use]
    pub fn allow(&self) -> String {
        self.permissions.iter().map(|permission| permission.name()).collect::<Vec<_>>().join("; ")
    }
}

/// What the item of a frame is made of: nothing that means something else in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemShape {
    /// So many letters, digits, `-` and `_`.
    Word {
        /// The shortest.
        min: usize,
        /// The longest.
        max: usize,
    },
    /// Digits alone.
    Digits,
}

impl ItemShape {
    /// Whether `item` is one.
    #[must_use]
    pub fn fits(self, item: &str) -> bool {
        match self {
            Self::Word { min, max } => {
                (min..=max).contains(&item.len())
                    && item.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            }
            Self::Digits => (1..=24).contains(&item.len()) && item.bytes().all(|b| b.is_ascii_digit()),
        }
    }
}

impl fmt::Display for ItemShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word { min, max } if min == max => write!(f, "{min} letters, digits, - or _"),
            Self::Word { min, max } => write!(f, "{min} to {max} letters, digits, - or _"),
            Self::Digits => write!(f, "1 to 24 digits"),
        }
    }
}

/// How a service comes into a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is this site itself.
    Own,
    /// A script on the public pages.
    Tag(Tag),
    /// A frame, on a page of its own.
    Frame(Frame),
}

/// One service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its stable word.
    pub id: ServiceId,
    /// The name people know.
    pub name: String,
    /// Who runs it; nobody but the organisation for its own.
    pub provider: Option<Provider>,
    /// What it is for.
    pub purpose: Purpose,
    /// What it is for, said by the site file in place of the sentence of its purpose.
    pub about: Option<String>,
    /// Whether it may run without being asked, until somebody objects: a measurement of one's own audience, anonymous
    /// and for nobody else (CNIL 2020-091, §5).
    pub exempt: bool,
    /// The cookies it sets.
    pub cookies: Vec<CookieSpec>,
    /// Where the browser goes for it.
    pub hosts: Hosts,
    /// How it comes into a page.
    pub way: Way,
}

impl Service {
    /// Whether people decide about it, exempt ones included: those may be objected to.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.purpose != Purpose::Necessary
    }

    /// Whether it waits for a yes.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.is_optional() && !self.exempt
    }

    /// The frame, if it is one.
    #[must_use]
    pub fn frame(&self) -> Option<&Frame> {
        match &self.way {
            Way::Frame(frame) => Some(frame),
            Way::Own | Way::Tag(_) => None,
        }
    }

    /// The script on the public pages, if it is one.
    #[must_use]
    pub fn tag(&self) -> Option<&Tag> {
        match &self.way {
            Way::Tag(tag) => Some(tag),
            Way::Own | Way::Frame(_) => None,
        }
    }

    /// What a person said yes or no to: another purpose or provider is another question (C10), another sentence or
    /// address is not.
    pub(super) fn question(&self) -> String {
        let provider = self.provider.as_ref();
        format!(
            "{}|{}|{}|{}",
            self.id,
            self.purpose.code(),
            provider.map_or("", |provider| &provider.name),
            provider.is_some_and(|provider| provider.transfer_outside_eu)
        )
    }
}
