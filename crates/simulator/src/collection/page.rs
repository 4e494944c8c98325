//! Filters, sorts and pages the rows of a list.

use super::CollectionQuery;
use super::sorters::order;
use crate::filter::Fields;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page<R> {
    /// The rows of the page.
    pub(crate) rows: Vec<R>,
    /// The value of `X-Total-Count`, if requested.
    pub(crate) total: Option<usize>,
}

impl CollectionQuery {
    /// The page of `rows`, which may be all rows or those that an index gave for the filter.
    ///
    /// Without sorters it looks at no more rows than it needs to; with sorters it puts only the
    /// rows of the page in order.
    pub(crate) fn page<R: Fields>(&self, rows: impl IntoIterator<Item = R>) -> Page<R> {
        let mut matching = rows.into_iter().filter(|row| {
            self.filter
                .as_ref()
                .is_none_or(|filter| filter.matches(row))
        });
        if self.sorters.is_empty() {
            let before = matching.by_ref().take(self.offset).count();
            let rows: Vec<R> = matching.by_ref().take(self.limit).collect();
            let total = self.count.then(|| before + rows.len() + matching.count());
            return Page { rows, total };
        }
        let matching: Vec<R> = matching.collect();
        let total = self.count.then_some(matching.len());
        Page {
            rows: self.sorted_page(matching),
            total,
        }
    }

    /// The page's rows in order; rows that the sorters hold equal keep the order of the list, so
    /// that paging gives each of them once.
    fn sorted_page<R: Fields>(&self, rows: Vec<R>) -> Vec<R> {
        let end = self.offset.saturating_add(self.limit);
        let mut numbered: Vec<(usize, R)> = rows.into_iter().enumerate().collect();
        let compare = |left: &(usize, R), right: &(usize, R)| {
            order(&self.sorters, &left.1, &right.1).then_with(|| left.0.cmp(&right.0))
        };
        if end < numbered.len() {
            numbered.select_nth_unstable_by(end, compare);
            numbered.truncate(end);
        }
        if self.offset >= numbered.len() {
            return Vec::new();
        }
        if self.offset > 0 {
            numbered.select_nth_unstable_by(self.offset, compare);
            numbered.drain(..self.offset);
        }
        numbered.sort_unstable_by(compare);
        numbered.into_iter().map(|(_, row)| row).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::{ACCOUNTS, CollectionQuery};

    fn pages(
        rows: &[serde_json::Value],
        limit: usize,
        filters: &str,
        sorters: &str,
    ) -> Vec<serde_json::Value> {
        let mut all = Vec::new();
        loop {
            let (limit, offset) = (limit.to_string(), all.len().to_string());
            let parameters = [
                ("limit", limit.as_str()),
                ("offset", &offset),
                ("count", "true"),
                ("filters", filters),
                ("sorters", sorters),
            ];
            let query = CollectionQuery::parse(&parameters, &ACCOUNTS).expect("parameters");
            let page = query.page(rows);
            let total = page.total.expect("a total was asked for");
            if page.rows.is_empty() {
                assert_eq!(total, all.len());
                return all;
            }
            assert!(page.rows.len() <= query.limit && all.len() + page.rows.len() <= total);
            all.extend(page.rows.into_iter().cloned());
        }
    }

    proptest! {
        #[test]
        fn paging_gives_each_row_once(
            names in proptest::collection::vec("[a-c]{0,2}", 0..60),
            limit in 1_usize..=250,
            sorted in prop::sample::select(vec!["", "name", "-name", "name,-id"]),
            filters in prop::sample::select(vec!["", "name sw \"a\" or name eq \"\""]),
        ) {
            let rows: Vec<_> = names
                .iter()
                .enumerate()
                .map(|(id, name)| json!({"id": format!("{id:03}"), "name": name}))
                .collect();
            let mut expected: Vec<_> = rows
                .iter()
                .filter(|row| {
                    let name = row["name"].as_str().unwrap();
                    filters.is_empty() || name.is_empty() || name.starts_with('a')
                })
                .cloned()
                .collect();
            let name = |row: &serde_json::Value| row["name"].as_str().unwrap().to_owned();
            match sorted {
                "name" => expected.sort_by_key(name),
                "-name" => expected.sort_by_key(|row| std::cmp::Reverse(name(row))),
                "name,-id" => {
                    expected.reverse();
                    expected.sort_by_key(name);
                }
                _ => {}
            }
            prop_assert_eq!(pages(&rows, limit, filters, sorted), expected);
        }
    }
}
