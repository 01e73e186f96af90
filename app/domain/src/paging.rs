//! Long lists are shown page by page: the rows of one page, and which page it is of how many.

/// How many rows a page of a list shows, unless the list has a size of its own.
pub const PAGE_SIZE: u32 = 50;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// How many rows the whole list has.
    pub total: u64,
    /// The page shown, 1 for the first.
    pub page: u32,
    /// How many rows a page has at most.
    pub size: u32,
}

impl<T> Paged<T> {
    /// Page `asked` of a list of `total` rows, still without its rows. Addresses can be typed by hand: a number below the
    /// first page is the first page, one beyond the last page is the last.
    #[must_use]
    pub fn of(total: u64, asked: u32, size: u32) -> Self {
        let mut page = Self { rows: Vec::new(), total, page: 1, size };
        page.page = asked.clamp(1, page.pages());
        page
    }

    /// The same page with its rows.
    #[must_use]
    pub fn with(self, rows: Vec<T>) -> Self {
        Self { rows, ..self }
    }

    /// How many pages there are; 1 for an empty list.
    #[must_use]
    pub fn pages(&self) -> u32 {
        page_of(self.total.saturating_sub(1), self.size)
    }

    /// The number of the page's first row in the whole list, where the list's first row is number 1.
    #[must_use]
    pub fn first(&self) -> u64 {
        u64::from(self.page.saturating_sub(1)) * u64::from(self.size) + 1
    }

    /// The number of the page's last row in the whole list.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.first() + u64::try_from(self.rows.len()).unwrap_or_default().saturating_sub(1)
    }
}

/// The page on which a row stands that has `before` rows before it, 1 for the first page.
#[must_use]
pub fn page_of(before: u64, size: u32) -> u32 {
    u32::try_from(before / u64::from(size.max(1))).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_has_one_page() {
        let pages = |total| Paged::<()>::of(total, 1, 50).pages();
        assert_eq!([0, 1, 50, 51, 100, 101].map(pages), [1, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn a_page_that_does_not_exist_is_the_nearest_one() {
        let page = |asked| Paged::<()>::of(45, asked, 20).page;
        assert_eq!([0, 1, 2, 3, 4, u32::MAX].map(page), [1, 1, 2, 3, 3, 3]);
    }

    #[test]
    fn a_page_knows_the_numbers_of_its_rows() {
        for (page, rows, first, last) in [(1, 20, 1, 20), (2, 20, 21, 40), (3, 5, 41, 45)] {
            let paged = Paged::<()>::of(45, page, 20).with(vec![(); rows]);
            assert_eq!((paged.first(), paged.last()), (first, last));
            assert_eq!((page_of(first - 1, 20), page_of(last - 1, 20)), (page, page));
        }
    }
}
