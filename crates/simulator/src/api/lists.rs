//! Pages of lists, from rows that are computed once per query and cached.
//!
//! With the cache, a page costs the same at every offset.

use std::sync::Arc;

use serde_json::Value;

use super::call::{Answer, Call};
use super::list_cache::Given;
use crate::collection::{CollectionQuery, CollectionRules};
use crate::errors::Refusal;
use crate::filter::Fields;
use crate::tenant::{Tenant, fingerprint, scramble};

/// A page of a list: the keys of its rows, and the total if requested.
pub(super) struct Page {
    keys: Vec<String>,
    total: usize,
    count: bool,
}

/// A row of a list, known by a key.
pub(super) trait Row: Fields {
    fn key(&self) -> String;
}

/// The keys of the rows that a query asks for, in order.
pub(super) fn keys<R: Row>(
    query: &CollectionQuery,
    rows: impl IntoIterator<Item = R>,
) -> Vec<String> {
    let page = query.page(rows);
    page.rows.iter().map(Row::key).collect()
}

impl Page {
    /// The answer with what `show` makes of each key; a key without a row is left out.
    pub(super) fn shown(self, show: impl Fn(&str) -> Option<Value>) -> Answer {
        let rows = self.keys.iter().filter_map(|key| show(key)).collect();
        self.answer(rows)
    }

    /// The answer with these rows.
    fn answer(self, rows: Vec<Value>) -> Answer {
        let answer = Answer::ok(Value::Array(rows));
        if self.count {
            answer.with_header("x-total-count", self.total.to_string())
        } else {
            answer
        }
    }

    /// The rows with the numbers of this page.
    fn rows_of(&self, rows: &[Value]) -> Vec<Value> {
        self.keys
            .iter()
            .filter_map(|key| rows.get(key.parse::<usize>().ok()?).cloned())
            .collect()
    }

    /// The same page, always with the total.
    pub(super) fn always_counted(mut self) -> Self {
        self.count = true;
        self
    }
}

impl Call<'_> {
    /// The page that the query asks for. `rows` gives the keys of all rows of the query, in order.
    pub(super) fn page(
        &mut self,
        rules: &CollectionRules,
        rows: impl FnOnce(&Tenant, &CollectionQuery) -> Vec<String>,
    ) -> Result<Page, Refusal> {
        let query = CollectionQuery::parse(self.query, rules)
            .map_err(|error| Refusal::illegal_value(error.to_string()))?;
        let everything = CollectionQuery {
            limit: usize::MAX,
            offset: 0,
            count: false,
            ..query.clone()
        };
        let ids = self.remembered("", |tenant| rows(tenant, &everything));
        let ids = match self.behaviour.given {
            Given::All => ids.as_slice(),
            Given::FirstHalf => &ids[..ids.len() / 2],
            Given::Nothing => &[],
        };
        let limit = if self.behaviour.short_page {
            query.limit.min(ids.len()).div_ceil(2)
        } else {
            query.limit
        };
        let start = query.offset.min(ids.len());
        let end = start.saturating_add(limit).min(ids.len());
        let keys = match self.behaviour.shuffle {
            Some(seed) if query.sorters.is_empty() => {
                let mut shuffled: Vec<&String> = ids.iter().collect();
                shuffled.sort_by_key(|id| scramble(fingerprint(seed, id.as_bytes())));
                shuffled[start..end]
                    .iter()
                    .map(|id| (*id).clone())
                    .collect()
            }
            _ => ids[start..end].to_vec(),
        };
        let drift = if self.behaviour.changing_total {
            1 + query.offset % 7
        } else {
            0
        };
        Ok(Page {
            keys,
            total: ids.len() + drift,
            count: query.count,
        })
    }

    /// The keys of the rows of this request, computed if they are not cached. `extra` is the part of
    /// the request beyond its path and query.
    pub(super) fn remembered(
        &mut self,
        extra: &str,
        rows: impl FnOnce(&Tenant) -> Vec<String>,
    ) -> Arc<Vec<String>> {
        let key = self.key() + extra;
        let tenant = &*self.tenant;
        self.lists
            .remembered(key, tenant.generation, || rows(tenant))
    }

    /// The list of rows that are few enough to be built for each request.
    pub(super) fn list(
        &mut self,
        rules: &CollectionRules,
        rows: &[Value],
    ) -> Result<Answer, Refusal> {
        let page = self.page_of_rows(rules, rows)?;
        let shown = page.rows_of(rows);
        Ok(page.answer(shown))
    }

    /// The list of rows that are filtered and sorted by other values than they show, always with
    /// the total.
    pub(super) fn counted_list_by(
        &mut self,
        rules: &CollectionRules,
        rows: Vec<(Value, Value)>,
    ) -> Result<Answer, Refusal> {
        let (fields, rows): (Vec<Value>, Vec<Value>) = rows.into_iter().unzip();
        let page = self.page_of_rows(rules, &fields)?.always_counted();
        let shown = page.rows_of(&rows);
        Ok(page.answer(shown))
    }

    /// The list of rows that are filtered and sorted by other values than they show.
    pub(super) fn list_by(
        &mut self,
        rules: &CollectionRules,
        rows: Vec<(Value, Value)>,
    ) -> Result<Answer, Refusal> {
        let (fields, rows): (Vec<Value>, Vec<Value>) = rows.into_iter().unzip();
        let page = self.page_of_rows(rules, &fields)?;
        let shown = page.rows_of(&rows);
        Ok(page.answer(shown))
    }

    fn page_of_rows(&mut self, rules: &CollectionRules, fields: &[Value]) -> Result<Page, Refusal> {
        self.page(rules, |_, query| {
            let numbered = fields.iter().enumerate();
            keys(
                query,
                numbered.map(|(number, row)| NumberedRow { number, row }),
            )
        })
    }

    /// Cache key: equal for two requests for the same rows.
    fn key(&self) -> String {
        use std::fmt::Write as _;
        let mut key = self.operation.to_owned();
        for (name, value) in self.path {
            let _ = write!(key, "\u{0}{name}\u{0}{value}");
        }
        for (name, value) in self.query {
            if !matches!(name.as_str(), "limit" | "offset" | "count") {
                let _ = write!(key, "\u{1}{name}\u{1}{value}");
            }
        }
        // The visible rows may depend on the caller.
        let _ = write!(key, "\u{2}{:?}", self.caller.identity);
        key
    }
}

/// A row of a list that is not kept, known by its number.
struct NumberedRow<'a> {
    number: usize,
    row: &'a Value,
}

impl Fields for NumberedRow<'_> {
    fn field(&self, name: &str) -> Option<crate::filter::Value<'_>> {
        self.row.field(name)
    }
}

impl Row for NumberedRow<'_> {
    fn key(&self) -> String {
        self.number.to_string()
    }
}
