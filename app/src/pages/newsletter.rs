//! `/newsletter`, and the pages to which its mails lead (F1, F2).

use crate::{
    actions::newsletter::Subscribe,
    components::{
        field::{Choice, line, one_of},
        form::{FORM, error_summary, live},
        icon::{CIRCLE_CHECK, MAIL, icon},
        layout::Area,
        message::{Tone, done, message},
        notice::notice,
        public_form::{defences, token},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::{FieldErrors, newsletter::NewsletterForm},
    newsletter::{LinkPurpose, ReaderCategory},
    register::ProcessingId,
};
use leptos::prelude::*;

pub(crate) const BASE: &str = "/newsletter";
pub(crate) const CONFIRM: &str = "/newsletter/confirmer";
pub(crate) const LEAVE: &str = "/newsletter/desinscription";

/// `/newsletter`.
pub(crate) async fn page(page: Page, shown: Shown<NewsletterForm>) -> PageResult {
    let texts = page.texts;
    let token = token(&page, &shown.form)?;
    let sent = page.query("fait") == "oui" && !page.is_refusal();
    let document = Document::new(Area::PublicForm, texts.newsletter_title(), move || {
        let Shown { form: typed, errors } = shown;
        let live = (!sent).then(|| live::<Subscribe>(&page, FORM, None));
        let content = if sent {
            done(texts.newsletter_sent(), texts.newsletter_sent_text()).into_any()
        } else {
            form(texts, token.clone(), &typed, &errors).into_any()
        };
        let labels = [
            ("first_name", texts.newsletter_first_name()),
            ("last_name", texts.newsletter_last_name()),
            ("email", texts.newsletter_email()),
            ("category", texts.newsletter_category()),
            ("organisation", texts.newsletter_organisation()),
            ("position", texts.newsletter_position()),
        ];
        view! {
            <div class="page-head">
                <h1>{texts.newsletter_title()}</h1>
                <p class="lead">{texts.newsletter_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            {live}
            {content}
            {notice(&page, ProcessingId::Newsletter)}
        }
    });
    Ok(if sent { document.without_island() } else { document })
}

fn form(texts: Texts, token: String, typed: &NewsletterForm, errors: &FieldErrors) -> impl IntoView + use<> {
    let name = |name, label, token, value| line(name, label, value).autocomplete(token).capitalised();
    let categories = ReaderCategory::ALL.map(|category| {
        let name = match category {
            ReaderCategory::Young => texts.newsletter_young(),
            ReaderCategory::Adult => texts.newsletter_adult(),
            ReaderCategory::Elected => texts.newsletter_elected(),
            ReaderCategory::Professional => texts.newsletter_professional(),
            ReaderCategory::Partner => texts.newsletter_partner(),
        };
        Choice::new(category.code(), name)
    });
    let first_name = name("first_name", texts.newsletter_first_name(), "given-name", &*typed.first_name);
    let last_name = name("last_name", texts.newsletter_last_name(), "family-name", &*typed.last_name);
    let email = line("email", texts.newsletter_email(), &typed.email).kind("email").autocomplete("email");
    let organisation = name("organisation", texts.newsletter_organisation(), "organization", &*typed.organisation);
    let position = name("position", texts.newsletter_position(), "organization-title", &*typed.position);
    view! {
        <form class="card form" id=FORM method="post" action=BASE>
            {first_name.view(texts, errors)}
            {last_name.view(texts, errors)}
            {email.hint(texts.newsletter_email_hint()).view(texts, errors)}
            {one_of("category", texts.newsletter_category(), categories, &[&*typed.category]).view(texts, errors)}
            <div class="form when-work">
                <p class="hint">{texts.newsletter_work_hint()}</p>
                {organisation.optional().view(texts, errors)}
                {position.optional().view(texts, errors)}
            </div>
            <div class="field">
                <label class="choice">
                    <input type="checkbox" name="measured" value="on" checked=typed.measured == "on" aria-describedby="measured-aide"/>
                    <span>{texts.newsletter_measured()}</span>
                </label>
                <p class="hint" id="measured-aide">{texts.newsletter_measured_hint()}</p>
            </div>
            {defences(texts, token)}
            <button class="button button--wide">{icon(MAIL)}{texts.newsletter_submit()}</button>
        </form>
    }
}

/// The texts of a page to which a mail leads.
struct Step {
    title: &'static str,
    lead: &'static str,
    button: &'static str,
    done: (&'static str, &'static str),
    path: &'static str,
    purpose: LinkPurpose,
}

/// `/newsletter/confirmer`. A GET changes nothing, because mail programs open links before people do.
pub(crate) async fn confirm(page: Page, _: Shown<()>) -> PageResult {
    let texts = page.texts;
    let step = Step {
        title: texts.newsletter_confirm_title(),
        lead: texts.newsletter_confirm_lead(),
        button: texts.newsletter_confirm_submit(),
        done: (texts.newsletter_confirmed(), texts.newsletter_confirmed_text()),
        path: CONFIRM,
        purpose: LinkPurpose::Confirm,
    };
    Ok(document(page, step))
}

/// `/newsletter/desinscription`.
pub(crate) async fn leave(page: Page, _: Shown<()>) -> PageResult {
    let texts = page.texts;
    let step = Step {
        title: texts.newsletter_leave_title(),
        lead: texts.newsletter_leave_lead(),
        button: texts.newsletter_leave_submit(),
        done: (texts.newsletter_left(), texts.newsletter_left_text()),
        path: LEAVE,
        purpose: LinkPurpose::Unsubscribe,
    };
    Ok(document(page, step))
}

fn document(page: Page, step: Step) -> Document {
    let texts = page.texts;
    let token = page.query("jeton").to_owned();
    let works = !page.is_refusal() && page.host.newsletter.knows(step.purpose, &token);
    Document::new(Area::PublicForm, step.title, move || {
        let content = if page.query("fait") == "oui" {
            done(step.done.0, step.done.1).into_any()
        } else if works {
            let action = format!("{}?jeton={token}", step.path);
            view! {
                <div class="card">
                    <p>{step.lead}</p>
                    <form method="post" action=action>
                        <button class="button">{icon(CIRCLE_CHECK)}{step.button}</button>
                    </form>
                </div>
            }
            .into_any()
        } else {
            view! {
                {message(Tone::Warning, texts.newsletter_dead_link(), texts.newsletter_dead_link_text())}
                <p><a class="button button--second" href=BASE>{texts.newsletter_back()}</a></p>
            }
            .into_any()
        };
        view! {
            <div class="page-head"><h1>{step.title}</h1></div>
            {content}
        }
    })
}
