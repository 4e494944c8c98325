//! Out-of-band changes at the moment of a request, to test what people do while a client works.

use crate::tenant::Tenant;

type Act = Box<dyn FnOnce(&mut Tenant) + Send>;

/// Changes that wait for their request.
#[derive(Default)]
pub(crate) struct Hooks {
    waiting: Vec<Hook>,
}

struct Hook {
    operation: String,
    /// How many requests to the operation still pass before it.
    skip: u64,
    act: Act,
}

impl Hooks {
    /// Lets a change wait for the request to an operation that comes after so many others.
    pub(crate) fn add(&mut self, operation: &str, skip: u64, act: Act) {
        self.waiting.push(Hook {
            operation: operation.to_owned(),
            skip,
            act,
        });
    }

    /// The changes that happen directly before this request, in the order they were added.
    pub(crate) fn due(&mut self, operation: &str) -> Vec<Act> {
        let mut due = Vec::new();
        let mut waiting = Vec::new();
        for mut hook in self.waiting.drain(..) {
            if hook.operation != operation {
                waiting.push(hook);
            } else if hook.skip > 0 {
                hook.skip -= 1;
                waiting.push(hook);
            } else {
                due.push(hook.act);
            }
        }
        self.waiting = waiting;
        due
    }

    /// How many changes still wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }
}

impl std::fmt::Debug for Hooks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Hooks")
            .field("waiting", &self.len())
            .finish()
    }
}
