//! Which Mission Locale serves which postal code. A code may span several towns, and so several of them.

use std::collections::BTreeMap;

/// A Mission Locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// Its code in the national information system, such as `75119S00`.
    pub code: String,
    /// The name people know.
    pub name: String,
}

/// Who serves which postal code, from the site's table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Territory {
    structures: Vec<Structure>,
    /// Places in `structures`, by postal code, in the order of the table.
    served: BTreeMap<String, Vec<usize>>,
}

impl Territory {
    /// The table of these lines: a postal code and one that serves it.
    #[must_use]
    pub fn of(lines: impl IntoIterator<Item = (String, Structure)>) -> Self {
        let mut territory = Self::default();
        for (postal_code, structure) in lines {
            let known = territory.structures.iter().position(|known| known.code == structure.code);
            let place = known.unwrap_or_else(|| {
                territory.structures.push(structure);
                territory.structures.len() - 1
            });
            let serving = territory.served.entry(postal_code).or_default();
            if !serving.contains(&place) {
                serving.push(place);
            }
        }
        territory
    }

    /// Those that serve `postal_code`; none where the table does not say.
    #[must_use]
    pub fn serving(&self, postal_code: &str) -> Vec<&Structure> {
        let places = self.served.get(postal_code).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.structures.get(*place)).collect()
    }

    /// The one of that code.
    #[must_use]
    pub fn structure(&self, code: &str) -> Option<&Structure> {
        self.structures.iter().find(|structure| structure.code == code)
    }

    /// How many postal codes it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.served.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.served.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_to_all_that_serve_it_in_the_order_of_the_table() {
        let one = || Structure { code: "75119S00".into(), name: "Paris".into() };
        let other = || Structure { code: "77468S00".into(), name: "Torcy".into() };
        let line = |code: &str, structure| (code.to_owned(), structure);
        let territory =
            Territory::of([line("75011", one()), line("77400", other()), line("77400", one()), line("77400", other())]);
        let names = |code| territory.serving(code).into_iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names("75011"), ["Paris"]);
        assert_eq!(names("77400"), ["Torcy", "Paris"]);
        assert!(names("13001").is_empty() && names("").is_empty());
        assert_eq!(territory.structure("77468S00"), Some(&other()));
        assert_eq!(territory.structure("x"), None);
        assert_eq!((territory.len(), territory.is_empty(), Territory::default().is_empty()), (2, false, true));
    }
}
