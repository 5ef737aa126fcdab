//! What stands in the path of an operation.

use serde::de::DeserializeOwned;

use crate::account::AccountId;
use crate::session::SessionId;

/// The parts of a path that are not fixed, in their order. They are read by serde: a value for one
/// part, a tuple for several.
pub trait Place: DeserializeOwned + Send {
    /// The path of a template: each name in braces is replaced by the next part.
    fn fill(&self, template: &str) -> String {
        let mut parts = self.parts().into_iter();
        let segment = |segment: &str| match segment.strip_prefix('{') {
            Some(_) => parts.next().unwrap_or_default(),
            None => segment.to_owned(),
        };
        template.split('/').map(segment).collect::<Vec<_>>().join("/")
    }

    /// The parts as text. All are ids, so that nothing in them means anything to a path.
    fn parts(&self) -> Vec<String>;
}

impl Place for () {
    fn parts(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Place for AccountId {
    fn parts(&self) -> Vec<String> {
        vec![self.uuid().to_string()]
    }
}

impl Place for (AccountId, SessionId) {
    fn parts(&self) -> Vec<String> {
        vec![self.0.uuid().to_string(), self.1.uuid().to_string()]
    }
}
