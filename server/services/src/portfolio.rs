//! The search of an advisor among their young people (A2).

use crate::{Services, error::Fault, store};
use async_trait::async_trait;
use domain::{
    actor::{Actor, Kind},
    error::{PortError, PortResult},
    fold::fold,
    paging::{PAGE_SIZE, Paged},
    portfolio::{Initial, PortfolioPage, PortfolioQuery, Portfolios},
};

/// Longest search read, in characters.
const SEARCH_MAX: usize = 80;

#[async_trait]
impl Portfolios for Services {
    async fn page(&self, actor: &Actor, query: PortfolioQuery) -> PortResult<PortfolioPage> {
        let Kind::Staff { account, role } = *actor.kind() else {
            return Err(PortError::Refused);
        };
        if !role.follows_young_people() {
            return Err(PortError::Refused);
        }
        let read = async {
            let at = self.calendar.now();
            let search: String = query.search.chars().take(SEARCH_MAX).collect();
            let folded = fold(&search);
            let mut db = self.data.read().await?;
            let letters = store::portfolio::letters(&mut db, account, &folded, at).await?;
            let mut total = 0;
            let mut initials = Vec::with_capacity(letters.len());
            for (letter, people) in letters {
                initials.push(Initial { letter, before: total });
                total += people;
            }
            let mut found = Paged::of(total, query.page, PAGE_SIZE);
            found.rows = store::portfolio::page(&mut db, account, &folded, found.page, at).await?;
            Ok::<_, Fault>(PortfolioPage { found, initials })
        };
        Ok(read.await?)
    }
}
