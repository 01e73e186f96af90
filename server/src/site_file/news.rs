//! `[[news]]`: the news of the home page.

use super::{Refused, filled};
use domain::{site::News, time::CivilDate};
use serde::Deserialize;
use toml::Spanned;

/// The most pieces of news.
const MOST: usize = 20;
/// The most characters of a text.
const TEXT_MAX: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    date: Spanned<String>,
    title: Spanned<String>,
    text: Spanned<String>,
}

/// The news, the latest first.
pub(super) fn read(sections: Vec<Section>) -> Result<Vec<News>, Refused> {
    let mut news: Vec<News> = Vec::new();
    for section in sections {
        let at = section.date.span().start;
        if news.len() == MOST {
            return Err((at, format!("at most {MOST} pieces of news: take out the oldest")));
        }
        let date: CivilDate = section
            .date
            .get_ref()
            .parse()
            .map_err(|_| (at, "news.date must be a day such as \"2026-03-29\"".to_owned()))?;
        let title_at = section.title.span().start;
        let title = filled("news.title", section.title)?;
        if news.iter().any(|known| known.date == date && known.title == title) {
            return Err((title_at, "news.title: this is there twice on the same day".to_owned()));
        }
        let text_at = section.text.span().start;
        let text = section.text.into_inner();
        let sane = !text.trim().is_empty() && !text.chars().any(char::is_control);
        if !sane || text.chars().count() > TEXT_MAX {
            return Err((text_at, format!("news.text must have 1 to {TEXT_MAX} characters, in one line")));
        }
        news.push(News { date, title, text });
    }
    news.sort_by_key(|one| std::cmp::Reverse(one.date));
    Ok(news)
}
