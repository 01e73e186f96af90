//! The rows of the portfolio (A2). The same code writes them on the server and, when somebody searches, in the browser.
//!
//! The rows are strings for the reason that `fields.rs` gives. This module escapes everything that it puts into them.

use crate::{fields::escape, found::Found};

const CALENDAR_CLOCK: &str = include_str!("../icons/calendar-clock.svg").trim_ascii();
const EYE: &str = include_str!("../icons/eye.svg").trim_ascii();

/// The path of the portfolio. The path of a file is this one, a slash and an id.
pub(crate) const BASE: &str = "/conseiller/jeunes";
/// The class of the link to a file.
pub(crate) const LINK: &str = "person-name";

/// The class that gives a person's avatar its colour, the same one on every page.
pub(crate) fn avatar_class(name: &str) -> &'static str {
    const CLASSES: [&str; 4] = ["avatar", "avatar avatar--2", "avatar avatar--3", "avatar avatar--4"];
    CLASSES[name.bytes().map(usize::from).sum::<usize>() % CLASSES.len()]
}

/// The row of a person. `columns` are the names of the columns; a site without a vault has no fourth column. `id` is an
/// anchor: the first person of each letter has one, to which the letters above the list lead.
pub(crate) fn row(person: &Found, id: Option<&str>, columns: &[String]) -> String {
    let mut html = String::from("<tr role=\"row\"");
    if let Some(id) = id {
        html += &[" id=\"", &escape(id), "\""].concat();
    }
    html += "><th role=\"rowheader\" scope=\"row\"><span class=\"person\"><span class=\"";
    html += avatar_class(&person.name);
    html += &["\" aria-hidden=\"true\">", &escape(&person.initials), "</span><span><a class=\"", LINK].concat();
    html += &["\" href=\"", BASE, "/", &person.youth.to_string(), "\">", &escape(&person.name)].concat();
    html += &["</a><br><span class=\"hint\">", &escape(&person.about), "</span></span></span></th>"].concat();

    let next = escape(&person.next);
    let next = match person.planned {
        true => {
            ["<span class=\"with-icon\"><span class=\"i\">", CALENDAR_CLOCK, "</span><span>", &next, "</span></span>"]
                .concat()
        }
        false => ["<span class=\"hint\">", &next, "</span>"].concat(),
    };
    let shared = match person.shared.as_str() {
        "" => String::new(),
        shared => {
            ["<span class=\"badge badge--success\"><span class=\"i\">", EYE, "</span>", &escape(shared), "</span>"]
                .concat()
        }
    };
    for (column, cell) in columns.iter().skip(1).zip([escape(&person.job), next, shared]) {
        html += &["<td role=\"cell\" data-label=\"", &escape(column), "\">", &cell, "</td>"].concat();
    }
    html + "</tr>"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Found {
        Found {
            youth: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            name: "Léa <b>".to_owned(),
            initials: "L".to_owned(),
            about: "19 ans".to_owned(),
            job: String::new(),
            next: "Rien de prévu".to_owned(),
            planned: false,
            shared: "Partagés".to_owned(),
        }
    }

    fn columns(count: usize) -> Vec<String> {
        ["Nom", "Métier", "À venir", "Documents"].map(str::to_owned)[..count].to_vec()
    }

    #[test]
    fn a_row_leads_to_the_file_and_escapes_what_it_shows() {
        let html = row(&person(), Some("lettre-l"), &columns(4));
        assert!(html.starts_with("<tr role=\"row\" id=\"lettre-l\"><th "), "{html}");
        assert!(
            html.contains("href=\"/conseiller/jeunes/01890a5d-ac96-774b-bcce-b302099a8057\">Léa &lt;b&gt;</a>"),
            "{html}"
        );
        // A cell without a value is empty: the style hides empty cells on a phone.
        assert!(html.contains("<td role=\"cell\" data-label=\"Métier\"></td>"), "{html}");
        assert!(html.contains("<span class=\"hint\">Rien de prévu</span>") && html.contains("Partagés"), "{html}");
        assert_eq!(html.matches("<td ").count(), 3);
    }

    #[test]
    fn a_site_without_a_vault_has_no_column_for_it() {
        let html = row(&Found { planned: true, ..person() }, None, &columns(3));
        assert!(html.starts_with("<tr role=\"row\"><th "), "{html}");
        assert!(html.contains("with-icon") && !html.contains("Partagés"), "{html}");
    }
}
