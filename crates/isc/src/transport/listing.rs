//! Reads a whole list, page by page, and checks that it is complete.

use super::call::Call;
use super::client::Client;
use super::paging::check;
use crate::incomplete::incomplete;
use futures::{StreamExt as _, stream};
use model::{Collection, Incomplete, IncompleteReason, TenantError};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A row of a list.
pub(crate) trait Row: DeserializeOwned + Send {
    /// Its unique id.
    fn key(&self) -> &str;
}

/// A list to be read.
#[derive(Clone, Debug)]
pub(crate) struct Listing<'a> {
    /// The request for it, without paging.
    call: Call<'a>,
    /// The order of the rows. Without one, it can differ from page to page.
    sorters: &'static str,
    page: usize,
    /// Whether the operation can state the total number of rows.
    counted: bool,
}

/// More rows than any list without a total has.
const MOST_UNCOUNTED: usize = 100_000;

/// How many pages may be short or missing before the last.
const MOST_SHORT: usize = 3;

struct Page<R> {
    rows: Vec<R>,
    size: usize,
    total: Option<u64>,
    undecodable: Option<Incomplete>,
}

impl<'a> Listing<'a> {
    /// A list of ISC's standard kind: 250 rows a page, and a total.
    pub(crate) fn new(call: Call<'a>, sorters: &'static str) -> Self {
        Self {
            call,
            sorters,
            page: 250,
            counted: true,
        }
    }

    pub(crate) fn filtered(mut self, filters: String) -> Self {
        self.call = self.call.query("filters", filters);
        self
    }

    /// A list with smaller pages and without a total.
    pub(crate) fn uncounted(mut self, page: usize) -> Self {
        self.page = page;
        self.counted = false;
        self
    }

    fn page_call(&self, offset: usize) -> Call<'a> {
        let mut call = self
            .call
            .clone()
            .query("limit", self.page.to_string())
            .query("offset", offset.to_string())
            .query("sorters", self.sorters);
        if self.counted && offset == 0 {
            call = call.query("count", "true");
        }
        call
    }

    /// Whether more rows can follow a page of this size, where no total is known.
    ///
    /// A short page is the last one of a list without totals. Where a total was
    /// requested and not stated, the tenant may return smaller pages, too, and only
    /// an empty page proves the end: accounts that a list lacks would be deleted.
    fn goes_on_after(&self, size: usize) -> bool {
        if self.counted {
            size > 0
        } else {
            size >= self.page
        }
    }

    async fn read<R: Row>(&self, client: &Client, offset: usize) -> Result<Page<R>, TenantError> {
        let answer = client.send(&self.page_call(offset)).await?;
        let values: Vec<Value> = answer.json()?;
        let size = values.len();
        let mut rows = Vec::with_capacity(size);
        let mut undecodable = None;
        for (index, value) in values.into_iter().enumerate() {
            match serde_json::from_value(value) {
                Ok(row) => rows.push(row),
                Err(error) => {
                    undecodable.get_or_insert(Incomplete {
                        reason: IncompleteReason::UndecodableRow,
                        detail: format!(
                            "row {} of the list: {}",
                            offset + index + 1,
                            answer.decoding_error(&error)
                        ),
                        call: None,
                    });
                }
            }
        }
        Ok(Page {
            rows,
            size,
            total: answer.total(),
            undecodable,
        })
    }
}

impl Client {
    /// Reads only how many rows a list has, and its first page.
    pub(crate) async fn list_from_first<R: Row>(
        &self,
        listing: &Listing<'_>,
    ) -> Result<FirstPage<R>, TenantError> {
        listing.read(self, 0).await.map(FirstPage)
    }

    /// Reads a whole list: the first page, and then all others at once.
    pub(crate) async fn list<R: Row>(
        &self,
        listing: &Listing<'_>,
    ) -> Result<Collection<Vec<R>>, TenantError> {
        let first = self.list_from_first(listing).await?;
        self.list_rest(listing, first).await
    }

    /// Reads what comes after the first page.
    pub(crate) async fn list_rest<R: Row>(
        &self,
        listing: &Listing<'_>,
        FirstPage(first): FirstPage<R>,
    ) -> Result<Collection<Vec<R>>, TenantError> {
        let mut gathered = Gathered::new(listing.page, first.total);
        if let Some(total) = first.total.filter(|_| listing.counted) {
            let offsets = later_offsets(total, listing.page)?;
            let mut left = offsets.len();
            let mut short = usize::from(first.size < listing.page);
            gathered.add(first);
            let mut pages = stream::iter(offsets)
                .map(|offset| listing.read(self, offset))
                .buffered(self.parallel());
            // After a short or missing page the list is partial, and the rows of the
            // others still say something. A tenant can state any total, so reading on
            // in spite of several could take hours.
            while short < MOST_SHORT
                && let Some(page) = pages.next().await
            {
                left -= 1;
                let is_full = page.as_ref().is_ok_and(|page| page.size >= listing.page);
                short += usize::from(!is_full);
                gathered.add_or_note(page)?;
            }
            if left > 0 {
                gathered.note_unread(left);
            }
        } else {
            let mut offset = first.size;
            let mut more = listing.goes_on_after(first.size);
            let mut is_short = first.size < listing.page;
            gathered.add(first);
            while more {
                let page = listing.read(self, offset).await;
                more = page.as_ref().is_ok_and(|page| {
                    offset += page.size;
                    // What comes after a short page only shows that it was not
                    // the last. A server that does not look at the offset would
                    // go on for ever.
                    !is_short && listing.goes_on_after(page.size) && offset < MOST_UNCOUNTED
                });
                is_short = page.as_ref().is_ok_and(|page| page.size < listing.page);
                if page.as_ref().is_ok_and(|page| page.size == 0) {
                    break;
                }
                gathered.add_or_note(page)?;
            }
        }
        Ok(gathered.finish())
    }

    /// How many requests are worth sending at a time.
    pub(crate) fn parallel(&self) -> usize {
        usize::try_from(self.config().parallel.get()).unwrap_or(usize::MAX)
    }
}

/// The first page of a list.
pub(crate) struct FirstPage<R>(Page<R>);

impl<R> FirstPage<R> {
    /// How many pages follow it, where the tenant states the total.
    pub(crate) fn pages_after(&self, listing: &Listing<'_>) -> Option<u64> {
        let page = u64::try_from(listing.page).ok()?;
        Some(self.0.total?.div_ceil(page).saturating_sub(1))
    }
}

fn later_offsets(total: u64, page: usize) -> Result<Vec<usize>, TenantError> {
    /// More rows than any tenant has; a larger total is an error.
    const MOST: usize = 10_000_000;
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    if total > MOST {
        return Err(TenantError::new(
            "reading a list",
            model::TenantErrorKind::Undecodable {
                text: format!("the stated total is {total} rows"),
            },
        ));
    }
    Ok((page..total).step_by(page).collect())
}

/// The pages that were read so far.
struct Gathered<R> {
    page: usize,
    total: Option<u64>,
    rows: Vec<R>,
    sizes: Vec<usize>,
    trouble: Option<Incomplete>,
}

impl<R: Row> Gathered<R> {
    fn new(page: usize, total: Option<u64>) -> Self {
        Self {
            page,
            total,
            rows: Vec::new(),
            sizes: Vec::new(),
            trouble: None,
        }
    }

    fn add(&mut self, page: Page<R>) {
        self.sizes.push(page.size);
        self.rows.extend(page.rows);
        self.trouble = self.trouble.take().or(page.undecodable);
    }

    /// A page that is missing makes the list partial; an error that makes all further
    /// reads useless is returned.
    fn add_or_note(&mut self, page: Result<Page<R>, TenantError>) -> Result<(), TenantError> {
        match page {
            Ok(page) => self.add(page),
            Err(error) => {
                let why = incomplete(error)?;
                self.trouble = self.trouble.take().or(Some(why));
            }
        }
        Ok(())
    }

    /// So many pages were not read, because several before them are short.
    fn note_unread(&mut self, left: usize) {
        self.trouble.get_or_insert_with(|| Incomplete {
            reason: IncompleteReason::ShortPage,
            detail: format!(
                "{MOST_SHORT} pages have fewer than {} rows, so {left} more pages were not read",
                self.page
            ),
            call: None,
        });
    }

    fn finish(self) -> Collection<Vec<R>> {
        let keys: Vec<&str> = self.rows.iter().map(Row::key).collect();
        let why = match self.trouble {
            Some(why) => Err(why),
            None => check(&self.sizes, self.page, self.total, &keys),
        };
        match why {
            Ok(()) => Collection::Complete(self.rows),
            Err(why) => Collection::Partial {
                found: self.rows,
                why,
            },
        }
    }
}
