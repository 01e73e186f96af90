//! A letter and its two forms. Mail programs know no style sheets and only some HTML, so the column is a table, each
//! element has its own style, the fonts are those of the system, and nothing is loaded.

use crate::texts::Texts;
use domain::{mail::Composed, site::Site};
use std::fmt::Write;

/// A piece of a letter.
pub(super) enum Block {
    /// A paragraph.
    Text(String),
    /// A text that somebody wrote, with its line breaks.
    Words(String),
    /// A label, and a value that people may copy.
    Fact(&'static str, String),
    /// The text of a button, and the address it opens.
    Button(&'static str, String),
}

/// The content of a letter.
pub(super) struct Letter {
    /// The subject, on one line.
    pub(super) subject: String,
    /// The heading above the text.
    pub(super) heading: String,
    /// The parts after the heading.
    pub(super) blocks: Vec<Block>,
}

const BODY: &str = "margin:0;padding:0;background-color:#f6f3ee;color:#1f2430;\
    font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:17px;line-height:1.5";
const CARD: &str = "max-width:560px;width:100%;background-color:#ffffff;border-radius:12px;text-align:left";
const HEADING: &str = "margin:0 0 16px;font-size:24px;line-height:1.25;color:#1f2430";
const PARAGRAPH: &str = "margin:0 0 16px";
const WORDS: &str = "margin:0 0 16px;padding:2px 0 2px 14px;border-left:4px solid #c9d4f5";
const FACT: &str = "font-family:Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:18px";
const BUTTON: &str = "display:inline-block;padding:13px 22px;background-color:#1d4ed8;color:#ffffff;\
    border-radius:8px;font-weight:bold;text-decoration:none";
const SMALL: &str = "margin:0 0 16px;font-size:14px;color:#4a5160";
const FOOTER: &str = "margin:16px 0 0;font-size:14px;color:#4a5160";

impl Letter {
    /// The letter as plain text and as HTML, signed by the site.
    pub(super) fn compose(self, texts: Texts, site: &Site) -> Composed {
        let Self { subject, heading, blocks } = self;
        let mut text = format!("{heading}\n");
        let mut html = format!("<h1 style=\"{HEADING}\">{}</h1>", escape(&heading));
        for block in &blocks {
            // Writing to a string cannot fail.
            let _ = match block {
                Block::Text(words) | Block::Words(words) => write!(text, "\n{words}\n"),
                Block::Fact(label, value) => write!(text, "\n{label}\u{a0}: {value}\n"),
                Block::Button(label, link) => write!(text, "\n{label}\u{a0}:\n{link}\n"),
            };
            let _ = match block {
                Block::Text(words) => write!(html, "<p style=\"{PARAGRAPH}\">{}</p>", escape(words)),
                Block::Words(words) => {
                    write!(html, "<p style=\"{WORDS}\">{}</p>", escape(words).replace('\n', "<br>"))
                }
                Block::Fact(label, value) => write!(
                    html,
                    "<p style=\"{PARAGRAPH}\">{}\u{a0}:<br><strong style=\"{FACT}\">{}</strong></p>",
                    escape(label),
                    escape(value)
                ),
                Block::Button(label, link) => write!(
                    html,
                    "<p style=\"{PARAGRAPH}\"><a href=\"{link}\" style=\"{BUTTON}\">{label}</a></p>\
                     <p style=\"{SMALL}\">{words}<br><span style=\"word-break:break-all\">{link}</span></p>",
                    link = escape(link),
                    label = escape(label),
                    words = escape(texts.mail_link_text()),
                ),
            };
        }
        let place = format!("{}, {}", site.address, site.city);
        let _ = write!(text, "\n-- \n{}\n{place}\n{}\n", site.name, texts.mail_automatic());
        let html = format!(
            "<!DOCTYPE html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\
             <body style=\"{BODY}\"><table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\">\
             <tr><td align=\"center\" style=\"padding:24px 12px\">\
             <table role=\"presentation\" cellspacing=\"0\" cellpadding=\"0\" style=\"{CARD}\">\
             <tr><td style=\"padding:28px 24px\">{html}</td></tr></table>\
             <p style=\"{FOOTER}\">{name}<br>{place}<br>{automatic}</p></td></tr></table></body></html>",
            lang = texts.language().tag(),
            title = escape(&subject),
            name = escape(&site.name),
            place = escape(&place),
            automatic = escape(texts.mail_automatic()),
        );
        Composed { subject, text, html }
    }
}

/// Escapes `text` for the content of an element or of an attribute.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}
