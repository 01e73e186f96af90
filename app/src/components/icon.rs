//! The icons of `app/icons`. They are inlined, so that a page needs no further request.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $file:literal),+ $(,)?) => {
        $(pub(crate) const $name: &str = include_str!(concat!("../../icons/", $file, ".svg")).trim_ascii();)+

        /// Every icon and drawing by its file's name.
        pub(crate) const ALL: &[(&str, &str)] = &[$(($file, $name)),+];
    };
}

icons! {
    BRAND = "brand", HERO = "hero", LIGHTHOUSE = "lighthouse",
    ARROW_RIGHT = "arrow-right", BANKNOTE = "banknote", BRIEFCASE = "briefcase",
    CALENDAR_CLOCK = "calendar-clock", CAMERA = "camera", CHEVRON_LEFT = "chevron-left", CHEVRON_RIGHT = "chevron-right", CIRCLE_CHECK = "circle-check",
    CIRCLE_X = "circle-x", CLOCK = "clock", COMPASS = "compass", COOKIE = "cookie", DOWNLOAD = "download", ELLIPSIS = "ellipsis", EYE = "eye",
    FILE_TEXT = "file-text", FOLDER = "folder", FOLDER_LOCK = "folder-lock",
    GRADUATION_CAP = "graduation-cap", HEART_PULSE = "heart-pulse", HISTORY = "history", HOUSE = "house",
    ID_CARD = "id-card", IMAGE = "image", INFO = "info", KEY_ROUND = "key-round", LIFE_BUOY = "life-buoy", LOCK = "lock",
    LOG_IN = "log-in", LOG_OUT = "log-out", MAIL = "mail", MAP_PIN = "map-pin", PENCIL = "pencil", PHONE = "phone",
    PLAY = "play", PLUS = "plus", SCALE = "scale", SEARCH = "search", SHIELD_CHECK = "shield-check", SMARTPHONE = "smartphone", TRASH = "trash-2",
    TRIANGLE_ALERT = "triangle-alert", UPLOAD = "upload", USER = "user-round", USERS = "users",
}

/// An icon beside a text. Screen readers do not see it, so the text must say everything.
pub(crate) fn icon(svg: &'static str) -> impl IntoView {
    view! { <span class="i" inner_html=svg></span> }
}

/// A drawing that is only decoration.
pub(crate) fn drawing(class: &'static str, svg: &'static str) -> impl IntoView {
    view! { <div class=class inner_html=svg></div> }
}
