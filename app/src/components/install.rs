//! How to install the app: a hint that people can close for good, and the steps, which stay on the page of one's
//! devices (P1).

use crate::{page::Page, texts::Texts};
use leptos::prelude::*;

/// The address that closes the hint.
pub(crate) const CLOSE: &str = "/appareils/installation";

/// The hint, until the person closes it. The style hides it inside the installed app.
pub(crate) fn hint(page: &Page) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    page.visit.session.as_ref().filter(|session| session.shows_install_hint()).map(|_| {
        view! {
            <section class="card card--soft install" aria-labelledby="t-installer">
                {words(texts)}
                <form method="post" action=CLOSE>
                    <button class="button button--quiet button--small">{texts.install_close()}</button>
                </form>
            </section>
        }
    })
}

/// The steps, which cannot be closed.
pub(crate) fn steps(texts: Texts) -> impl IntoView {
    view! { <section class="card install" aria-labelledby="t-installer">{words(texts)}</section> }
}

fn words(texts: Texts) -> impl IntoView {
    view! {
        <h2 id="t-installer">{texts.install_title()}</h2>
        <p>{texts.install_text()}</p>
        <details>
            <summary>{texts.install_how()}</summary>
            <div class="install-ways">
                <div>
                    <h3>{texts.install_android()}</h3>
                    <ol>
                        <li>{texts.install_android_menu()}</li>
                        <li>{texts.install_android_add()}</li>
                    </ol>
                </div>
                <div>
                    <h3>{texts.install_iphone()}</h3>
                    <ol>
                        <li>{texts.install_iphone_share()}</li>
                        <li>{texts.install_iphone_add()}</li>
                    </ol>
                </div>
            </div>
            <p class="hint">{texts.install_shared()}</p>
        </details>
    }
}
