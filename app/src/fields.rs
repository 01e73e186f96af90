//! The ids around a field, and the HTML of its errors. The same code runs on the server and in the browser, where an
//! island that sends a form shows the errors.
//!
//! The functions give strings, not views. A browser parses a string in one call, which adds no code to the WebAssembly;
//! each view would add the code that builds its elements. Everything that was typed or read is escaped here.

use std::fmt::Write as _;

const TRIANGLE_ALERT: &str = include_str!("../icons/triangle-alert.svg").trim_ascii();

/// The id of the hint of `field`.
pub(crate) fn hint_id(field: &str) -> String {
    format!("{field}-aide")
}

/// The id of the line with the error of `field`.
pub(crate) fn error_id(field: &str) -> String {
    format!("{field}-erreur")
}

/// The value of `aria-describedby` on `field`: the ids of its hint and of its error, when they exist.
pub(crate) fn described_by(field: &str, hint: bool, wrong: bool) -> Option<String> {
    match (hint, wrong) {
        (true, true) => Some(format!("{} {}", hint_id(field), error_id(field))),
        (true, false) => Some(hint_id(field)),
        (false, true) => Some(error_id(field)),
        (false, false) => None,
    }
}

/// The line with the error of `field`.
pub(crate) fn error_line(field: &str, sentence: &str) -> String {
    let (id, sentence) = (escape(&error_id(field)), escape(sentence));
    format!("<p class=\"error\" id=\"{id}\"><span class=\"i\">{TRIANGLE_ALERT}</span><span>{sentence}</span></p>")
}

/// One line of the summary.
pub(crate) struct SummaryLine {
    /// The id of the field that the line leads to; none for an error of the whole form.
    pub(crate) field: Option<String>,
    /// The field's label.
    pub(crate) label: Option<String>,
    /// The error.
    pub(crate) sentence: String,
}

/// The summary above a form that was refused. It takes the focus; on a page without a script `autofocus` does that.
pub(crate) struct Summary<'a> {
    /// Whether it asks a question instead of listing errors.
    pub(crate) asks: bool,
    /// Its heading.
    pub(crate) title: &'a str,
    /// The errors, in the order of the form.
    pub(crate) lines: &'a [SummaryLine],
    /// A sentence below the lines.
    pub(crate) text: Option<&'a str>,
}

impl Summary<'_> {
    /// The summary as HTML.
    pub(crate) fn html(&self) -> String {
        let class = if self.asks { "errors errors--ask" } else { "errors" };
        let mut html = format!("<div class=\"{class}\" role=\"alert\" tabindex=\"-1\" autofocus>");
        // Writing to a String cannot fail.
        let _ = write!(html, "<h2>{}</h2>", escape(self.title));
        if !self.lines.is_empty() {
            html.push_str("<ul>");
            self.lines.iter().for_each(|line| line.write(&mut html));
            html.push_str("</ul>");
        }
        if let Some(text) = self.text {
            let _ = write!(html, "<p>{}</p>", escape(text));
        }
        html.push_str("</div>");
        html
    }
}

impl SummaryLine {
    fn write(&self, html: &mut String) {
        let mut line = escape(&self.sentence);
        if let Some(label) = &self.label {
            // A label that is a question needs no colon.
            let separator = if label.ends_with('?') { " " } else { "\u{a0}: " };
            line = format!("{}{separator}{line}", escape(label));
        }
        let _ = match &self.field {
            Some(field) => write!(html, "<li><a href=\"#{}\">{line}</a></li>", escape(field)),
            None => write!(html, "<li>{line}</li>"),
        };
    }
}

/// Escapes `text` for the content of an element or of a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_described_by_its_hint_then_by_its_error() {
        assert_eq!(described_by("email", true, true).as_deref(), Some("email-aide email-erreur"));
        assert_eq!(described_by("email", true, false).as_deref(), Some("email-aide"));
        assert_eq!(described_by("email", false, true).as_deref(), Some("email-erreur"));
        assert_eq!(described_by("email", false, false), None);
    }

    #[test]
    fn the_error_line_of_a_field_carries_the_id_that_describes_the_field() {
        let html = error_line("email", "Remplissez ce champ.");
        assert!(html.starts_with("<p class=\"error\" id=\"email-erreur\"><span class=\"i\"><svg "), "{html}");
        assert!(html.ends_with("</svg></span><span>Remplissez ce champ.</span></p>"), "{html}");
    }

    #[test]
    fn a_summary_leads_to_each_field_and_puts_no_colon_after_a_question() {
        let line = |field: &str, label: &str| SummaryLine {
            field: (!field.is_empty()).then(|| field.to_owned()),
            label: (!label.is_empty()).then(|| label.to_owned()),
            sentence: "Non.".to_owned(),
        };
        let lines = [line("a", "Nom"), line("b", "Quand ?"), line("c", ""), line("", "")];
        let summary = Summary { asks: false, title: "À corriger", lines: &lines, text: None };
        assert_eq!(
            summary.html(),
            "<div class=\"errors\" role=\"alert\" tabindex=\"-1\" autofocus><h2>À corriger</h2><ul>\
             <li><a href=\"#a\">Nom\u{a0}: Non.</a></li><li><a href=\"#b\">Quand ? Non.</a></li>\
             <li><a href=\"#c\">Non.</a></li><li>Non.</li></ul></div>"
        );
        let alone = Summary { asks: true, title: "Un instant", lines: &[], text: Some("La case est en bas.") };
        assert_eq!(
            alone.html(),
            "<div class=\"errors errors--ask\" role=\"alert\" tabindex=\"-1\" autofocus><h2>Un instant</h2>\
             <p>La case est en bas.</p></div>"
        );
    }

    #[test]
    fn typed_text_never_becomes_markup() {
        let evil = "\"><script>alert(1)</script>&";
        let lines =
            [SummaryLine { field: Some(evil.to_owned()), label: Some(evil.to_owned()), sentence: evil.to_owned() }];
        let summary = Summary { asks: false, title: evil, lines: &lines, text: Some(evil) };
        for html in [summary.html(), error_line(evil, evil)] {
            assert!(!html.contains(evil) && !html.contains("<script"), "{html}");
            assert!(html.contains("&quot;&gt;&lt;script&gt;"), "{html}");
        }
    }
}
