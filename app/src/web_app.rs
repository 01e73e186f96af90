//! The installable app (P1, P2): its manifest, with the name and the texts of the site.

pub use crate::render::{OFFLINE, offline_page};

use crate::texts::{Language, Texts};
use domain::{
    colour::Colour,
    site::{Module, Site},
};
use serde_json::{Value, json};

/// The icons of the manifest: the file, its size, and whether a device may cut it into its own shape.
const ICONS: [(&str, &str, &str); 3] = [
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
];

/// A picture of a page, which browsers show before they install the app.
struct Screenshot {
    file: &'static str,
    sizes: &'static str,
    form_factor: &'static str,
    /// The modules that a site needs to have this page.
    modules: &'static [Module],
    label: fn(Texts) -> &'static str,
}

const SCREENSHOTS: [Screenshot; 3] = [
    Screenshot {
        file: "screenshots/space.webp",
        sizes: "720x1480",
        form_factor: "narrow",
        modules: &[Module::YouthSpace, Module::Vault],
        label: Texts::app_screenshot_space,
    },
    Screenshot {
        file: "screenshots/vault.webp",
        sizes: "720x1480",
        form_factor: "narrow",
        modules: &[Module::Vault],
        label: Texts::app_screenshot_vault,
    },
    Screenshot {
        file: "screenshots/advisor.webp",
        sizes: "1180x820",
        form_factor: "wide",
        modules: &[Module::Advisors],
        label: Texts::app_screenshot_advisor,
    },
];

/// The files that the manifest can name.
pub fn pictures() -> impl Iterator<Item = &'static str> {
    ICONS.iter().map(|(file, ..)| *file).chain(SCREENSHOTS.iter().map(|screenshot| screenshot.file))
}

/// The colours around the app, before and around its pages.
#[derive(Clone, Copy, Debug)]
pub struct Colours {
    /// The colour of the bar above the app.
    pub theme: Colour,
    /// The colour of the window before the first page is shown.
    pub background: Colour,
}

/// The manifest of `site`. `address` gives the address of a picture; a picture without an address is left out.
#[must_use]
pub fn manifest(site: &Site, colours: Colours, address: &dyn Fn(&str) -> Option<String>) -> String {
    let texts = Texts::of(Language::Fr);
    let icons: Vec<Value> = ICONS
        .iter()
        .filter_map(|(file, sizes, purpose)| {
            Some(json!({ "src": address(file)?, "sizes": sizes, "type": "image/png", "purpose": purpose }))
        })
        .collect();
    let screenshots: Vec<Value> = SCREENSHOTS
        .iter()
        .filter(|screenshot| site.modules.have(screenshot.modules))
        .filter_map(|Screenshot { file, sizes, form_factor, label, .. }| {
            let (src, label) = (address(file)?, label(texts));
            Some(
                json!({ "src": src, "sizes": sizes, "type": "image/webp", "form_factor": form_factor, "label": label }),
            )
        })
        .collect();
    let mut manifest = json!({
        // Browsers recognise the installed app by this id, so it must never change, even if the start address does.
        "id": "/",
        "name": site.name,
        "short_name": site.short_name,
        "description": site.tagline,
        "lang": texts.language().tag(),
        "dir": "ltr",
        "scope": "/",
        "start_url": start(site),
        "display": "standalone",
        "theme_color": colours.theme.to_string(),
        "background_color": colours.background.to_string(),
        "icons": icons,
        "shortcuts": shortcuts(texts, site),
    });
    if !screenshots.is_empty() {
        manifest["screenshots"] = screenshots.into();
    }
    manifest.to_string()
}

/// The page where the app opens. Most of the time people have to sign in first; the page sends those who are signed in
/// to their space.
fn start(site: &Site) -> &'static str {
    let spaces = [Module::YouthSpace, Module::Advisors];
    if spaces.into_iter().any(|space| site.modules.has(space)) { "/connexion" } else { "/" }
}

/// Pages that people open often, when the site has them.
fn shortcuts(texts: Texts, site: &Site) -> Vec<Value> {
    let places = [
        (Module::YouthSpace, "/mon-espace", texts.nav_youth_space()),
        (Module::Vault, "/mon-espace/coffre-fort", site.vault_name.as_str()),
        (Module::Contact, "/contact", texts.footer_contact()),
    ];
    let there = places.into_iter().filter(|(module, ..)| site.modules.has(*module));
    there.map(|(_, url, name)| json!({ "name": name, "url": url })).collect()
}
