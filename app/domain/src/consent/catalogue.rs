//! The services that Balise knows: who provides them, what they set, where they go. As their providers document them;
//! the durations are the longest that their cookies may be set for.

use super::{
    COOKIE, SESSION_COOKIE,
    service::{
        BrowserFeature, CookieSpec,
        CookieUse::{self, Advertising, FollowVisit, Origin, PlayerSettings, Protection, SignIn, TellVisitorsApart},
        Frame, Hosts, ItemShape,
        Lifetime::{self, Days, Session},
        Provider, Purpose, Service, ServiceId, Tag, Way,
    },
};

/// A service that Balise knows, with what it has to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Google Analytics 4, its own script alone and without advertising.
    GoogleAnalytics {
        /// `G-…`.
        measurement: String,
    },
    /// Matomo, on a server of the organisation's choice.
    Matomo {
        /// `https://…`, without a trailing slash.
        address: String,
        /// The number of the site there.
        site: u32,
        /// Who runs that server.
        provider: Option<Provider>,
        /// Without cookies and for nobody else: needs no consent.
        exempt: bool,
    },
    /// YouTube, from its host without cookies.
    YouTube,
    /// Vimeo, told not to track.
    Vimeo,
    /// A post of Facebook.
    Facebook,
    /// A post of X.
    X,
    /// A post of Instagram.
    Instagram,
    /// A post of LinkedIn.
    LinkedIn,
    /// Jitsi: the host of 8x8 or one's own.
    Jitsi {
        /// Host name.
        host: String,
        /// Who runs that host.
        provider: Provider,
    },
}

impl Known {
    /// The words a site file may name, in the order of the message that lists them.
    pub const NAMES: [&'static str; 9] =
        ["google_analytics", "matomo", "youtube", "vimeo", "facebook", "x", "instagram", "linkedin", "jitsi"];

    /// The one of that word, where it has nothing to be told.
    #[must_use]
    pub fn plain(name: &str) -> Option<Self> {
        Some(match name {
            "youtube" => Self::YouTube,
            "vimeo" => Self::Vimeo,
            "facebook" => Self::Facebook,
            "x" => Self::X,
            "instagram" => Self::Instagram,
            "linkedin" => Self::LinkedIn,
            _ => return None,
        })
    }

    /// Its definition.
    #[must_use]
    pub fn service(self) -> Service {
        match self {
            Self::GoogleAnalytics { measurement } => google_analytics(measurement),
            Self::Matomo { address, site, provider, exempt } => matomo(&address, site, provider, exempt),
            Self::YouTube => youtube(),
            Self::Vimeo => vimeo(),
            Self::Facebook => facebook(),
            Self::X => x(),
            Self::Instagram => instagram(),
            Self::LinkedIn => linkedin(),
            Self::Jitsi { host, provider } => jitsi(&host, provider),
        }
    }
}

/// Cookies of the site itself.
pub(super) fn own() -> Vec<Service> {
    let own = |id: &str, name: &str, cookie: CookieSpec| Service {
        id: ServiceId::from(id),
        name: name.to_owned(),
        provider: None,
        purpose: Purpose::Necessary,
        about: None,
        exempt: false,
        cookies: vec![cookie],
        hosts: Hosts::default(),
        way: Way::Own,
    };
    vec![
        own("session", "Session", here(SESSION_COOKIE, Session, SignIn)),
        own("choice", COOKIE, here(COOKIE, Lifetime::Choice, CookieUse::Choice)),
    ]
}

/// Names that trackers of former sites left behind: of services here and of many that cannot be here. Whoever refuses
/// is rid of them too (C4).
pub(super) fn left_behind() -> Vec<CookieSpec> {
    [
        // Google Analytics, Ads and Tag Manager; the portal's former WordPress had all of these.
        "_ga",
        "_ga_*",
        "_gid",
        "_gat",
        "_gat_*",
        "_gac_*",
        "_gcl_*",
        "_dc_gtm_*",
        "__utm*",
        "FPLC",
        "FPID",
        // Matomo.
        "_pk_*",
        "mtm_*",
        // AddThis and ShareThis.
        "__atuvc",
        "__atuvs",
        "__atrfs",
        "__sharethis_cookie_test__",
        "__stid",
        // Meta, X, LinkedIn, TikTok, Pinterest, Snapchat, Microsoft.
        "_fbp",
        "_fbc",
        "fr",
        "_twitter_sess",
        "li_fat_id",
        "_ttp",
        "_tt_*",
        "_pin_unauth",
        "_pinterest_*",
        "_scid*",
        "_uet*",
        "_clck",
        "_clsk",
        // Session recorders.
        "_hj*",
        "mouseflow",
        "mf_*",
        "_lo_*",
        "fs_uid",
        // Mail campaigns and their widgets.
        "sib_cuid",
        "sib_*",
        "__hs*",
        "hubspotutk",
        // Choice cookies of other consent scripts.
        "tarteaucitron",
        "hasConsent",
        "cookie_notice_accepted",
        "cookielawinfo-*",
        "viewed_cookie_policy",
        "orejime",
        "klaro",
        "cc_cookie",
        "axeptio_*",
        "OptanonConsent",
        "didomi_token",
        "euconsent-v2",
    ]
    .into_iter()
    .map(|name| here(name, Session, Origin))
    .collect()
}

/// A cookie that this site's host carries.
fn here(name: &str, lifetime: Lifetime, used_for: CookieUse) -> CookieSpec {
    CookieSpec { name: name.to_owned(), lifetime, used_for, path: "/".to_owned(), first_party: true }
}

/// A cookie of the provider's own host.
fn there(name: &str, lifetime: Lifetime, used_for: CookieUse) -> CookieSpec {
    CookieSpec { first_party: false, ..here(name, lifetime, used_for) }
}

fn owned(sources: &[&str]) -> Vec<String> {
    sources.iter().map(|source| (*source).to_owned()).collect()
}

fn provider(name: &str, country: &str, transfer_outside_eu: bool) -> Option<Provider> {
    Some(Provider { name: name.to_owned(), country: country.to_owned(), transfer_outside_eu })
}

/// As developers.google.com/tag-platform/security/guides/csp and support.google.com/analytics/answer/11397207 say.
/// `gtag/js` alone: a path in the policy keeps out the tag manager that the same host serves.
fn google_analytics(measurement: String) -> Service {
    let script = format!("https://www.googletagmanager.com/gtag/js?id={measurement}");
    Service {
        id: ServiceId::from("google_analytics"),
        name: "Google Analytics".to_owned(),
        provider: provider("Google Ireland Ltd", "Irlande", true),
        purpose: Purpose::Measurement,
        about: None,
        exempt: false,
        cookies: vec![here("_ga", Days(396), TellVisitorsApart), here("_ga_*", Days(396), FollowVisit)],
        hosts: Hosts {
            script: owned(&["https://www.googletagmanager.com/gtag/js"]),
            connect: owned(&[
                "https://www.google-analytics.com",
                "https://*.google-analytics.com",
                "https://*.analytics.google.com",
            ]),
            img: owned(&["https://*.google-analytics.com"]),
            frame: Vec::new(),
        },
        way: Way::Tag(Tag {
            loader: Some("services/google-analytics.js"),
            script,
            data: vec![("measurement", measurement)],
        }),
    }
}

/// As matomo.org/faq/general/faq_146 (cookies) and the CNIL's guide to its exempt configuration say.
fn matomo(address: &str, site: u32, by: Option<Provider>, exempt: bool) -> Service {
    let cookies = match exempt {
        true => Vec::new(),
        false => vec![
            here("_pk_id*", Days(393), TellVisitorsApart),
            here("_pk_ref*", Days(182), Origin),
            here("_pk_ses*", Days(1), FollowVisit),
        ],
    };
    Service {
        id: ServiceId::from("matomo"),
        name: "Matomo".to_owned(),
        provider: by,
        purpose: Purpose::Measurement,
        about: None,
        exempt,
        cookies,
        hosts: Hosts {
            script: vec![format!("{address}/matomo.js")],
            connect: vec![format!("{address}/matomo.php")],
            img: vec![format!("{address}/matomo.php")],
            frame: Vec::new(),
        },
        way: Way::Tag(Tag {
            loader: Some("services/matomo.js"),
            script: format!("{address}/matomo.js"),
            data: vec![
                ("tracker", format!("{address}/matomo.php")),
                ("site", site.to_string()),
                ("cookies", if exempt { "no" } else { "yes" }.to_owned()),
            ],
        }),
    }
}

/// A service in a frame, from one origin.
fn framed(
    (id, name, purpose): (&str, &str, Purpose),
    by: Option<Provider>,
    origin: &str,
    cookies: Vec<CookieSpec>,
    frame: Frame,
) -> Service {
    Service {
        id: ServiceId::from(id),
        name: name.to_owned(),
        provider: by,
        purpose,
        about: None,
        exempt: false,
        cookies,
        hosts: Hosts { frame: vec![origin.to_owned()], ..Hosts::default() },
        way: Way::Frame(frame),
    }
}

const PLAYER: &[BrowserFeature] =
    &[BrowserFeature::Fullscreen, BrowserFeature::PictureInPicture, BrowserFeature::EncryptedMedia];

/// The host without cookies sets none before playing; playing sets these.
fn youtube() -> Service {
    let frame = Frame {
        address: "https://www.youtube-nocookie.com/embed/{item}".to_owned(),
        link: "https://www.youtube.com/watch?v={item}".to_owned(),
        item: ItemShape::Word { min: 11, max: 11 },
        permissions: PLAYER,
        wide: true,
    };
    let cookies = vec![
        there("VISITOR_INFO1_LIVE", Days(180), PlayerSettings),
        there("VISITOR_PRIVACY_METADATA", Days(180), PlayerSettings),
        there("YSC", Session, FollowVisit),
    ];
    let by = provider("Google Ireland Ltd", "Irlande", true);
    framed(("youtube", "YouTube", Purpose::Video), by, "https://www.youtube-nocookie.com", cookies, frame)
}

/// `dnt=1`: the player sets no cookie to know a browser again.
fn vimeo() -> Service {
    let frame = Frame {
        address: "https://player.vimeo.com/video/{item}?dnt=1".to_owned(),
        link: "https://vimeo.com/{item}".to_owned(),
        item: ItemShape::Digits,
        permissions: PLAYER,
        wide: true,
    };
    let cookies = vec![
        there("__cf_bm", Days(1), Protection),
        there("_cfuvid", Session, Protection),
        there("player", Days(365), PlayerSettings),
    ];
    let by = provider("Vimeo.com, Inc.", "États-Unis", true);
    framed(("vimeo", "Vimeo", Purpose::Video), by, "https://player.vimeo.com", cookies, frame)
}

fn facebook() -> Service {
    let frame = Frame {
        address: "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2F{item}".to_owned(),
        link: "https://www.facebook.com/{item}".to_owned(),
        item: ItemShape::Digits,
        permissions: &[],
        wide: false,
    };
    let cookies = vec![
        there("datr", Days(400), Protection),
        there("fr", Days(90), Advertising),
        there("sb", Days(400), TellVisitorsApart),
    ];
    let by = provider("Meta Platforms Ireland Ltd", "Irlande", true);
    framed(("facebook", "Facebook", Purpose::Social), by, "https://www.facebook.com", cookies, frame)
}

fn x() -> Service {
    let frame = Frame {
        address: "https://platform.twitter.com/embed/Tweet.html?dnt=true&id={item}".to_owned(),
        link: "https://x.com/i/status/{item}".to_owned(),
        item: ItemShape::Digits,
        permissions: &[],
        wide: false,
    };
    let cookies = vec![
        there("guest_id", Days(400), TellVisitorsApart),
        there("personalization_id", Days(400), Advertising),
        there("__cf_bm", Days(1), Protection),
    ];
    let by = provider("X Internet Unlimited Company", "Irlande", true);
    framed(("x", "X", Purpose::Social), by, "https://platform.twitter.com", cookies, frame)
}

fn instagram() -> Service {
    let frame = Frame {
        address: "https://www.instagram.com/p/{item}/embed/".to_owned(),
        link: "https://www.instagram.com/p/{item}/".to_owned(),
        item: ItemShape::Word { min: 5, max: 40 },
        permissions: &[],
        wide: false,
    };
    let cookies = vec![
        there("csrftoken", Days(365), Protection),
        there("ig_did", Days(365), TellVisitorsApart),
        there("mid", Days(400), TellVisitorsApart),
    ];
    let by = provider("Meta Platforms Ireland Ltd", "Irlande", true);
    framed(("instagram", "Instagram", Purpose::Social), by, "https://www.instagram.com", cookies, frame)
}

fn linkedin() -> Service {
    let frame = Frame {
        address: "https://www.linkedin.com/embed/feed/update/urn:li:share:{item}".to_owned(),
        link: "https://www.linkedin.com/feed/update/urn:li:share:{item}".to_owned(),
        item: ItemShape::Digits,
        permissions: &[],
        wide: false,
    };
    let cookies = vec![
        there("bcookie", Days(365), TellVisitorsApart),
        there("lidc", Days(1), FollowVisit),
        there("__cf_bm", Days(1), Protection),
    ];
    let by = provider("LinkedIn Ireland Unlimited Company", "Irlande", true);
    framed(("linkedin", "LinkedIn", Purpose::Social), by, "https://www.linkedin.com", cookies, frame)
}

/// A meeting by video (E8): the room is the item.
fn jitsi(host: &str, by: Provider) -> Service {
    let frame = Frame {
        address: format!("https://{host}/{{item}}"),
        link: format!("https://{host}/{{item}}"),
        item: ItemShape::Word { min: 3, max: 80 },
        permissions: &[
            BrowserFeature::Camera,
            BrowserFeature::Microphone,
            BrowserFeature::DisplayCapture,
            BrowserFeature::Fullscreen,
        ],
        wide: true,
    };
    let cookies = vec![there("JSESSIONID", Session, FollowVisit)];
    framed(("jitsi", "Jitsi", Purpose::Meeting), Some(by), &format!("https://{host}"), cookies, frame)
}
