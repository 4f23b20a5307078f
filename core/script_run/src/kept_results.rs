//! What `candidates` and `arrange` gave, kept where it follows from the settings alone.
//!
//! Nothing that is kept can tell one person's request from another's: a function whose result is kept is bound to
//! `sources` or `page` and to `params` and to nothing else, and no word of its script reads the clock, so that
//! it was never shown anything but the settings, which are the key.

use std::sync::{Mutex, PoisonError};

use jardin_contract::Params;

/// How many settings results are kept for: those of a few placements, before and after a campaign.
const MAX_SETTINGS: usize = 16;

/// The results of one function by the settings that it was given.
#[derive(Debug)]
pub(crate) struct KeptResults<T>(Mutex<Vec<(Params, T)>>);

impl<T> Default for KeptResults<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> KeptResults<T> {
    /// What the function gave for these settings, else what `run` gives. A failure is not kept.
    pub(crate) fn result_for<E>(&self, params: &Params, run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().iter().find(|(kept, _)| kept.is_same(params)).map(|(_, result)| result.clone());
        if let Some(result) = known {
            return Ok(result);
        }
        let result = run()?;
        let mut kept = lock();
        if kept.len() >= MAX_SETTINGS {
            kept.remove(0);
        }
        kept.push((params.clone(), result.clone()));
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jardin_contract::Param;

    use super::*;

    fn settings(n: i64) -> Params {
        Params(Arc::new([("n".into(), Param::Integer(n))].into()))
    }

    #[test]
    fn a_result_is_that_of_its_own_settings() {
        let (kept, runs) = (KeptResults::default(), Mutex::new(Vec::new()));
        let ask = |n| {
            kept.result_for(&settings(n), || {
                runs.lock().unwrap().push(n);
                if n < 0 { Err(n) } else { Ok(n * 10) }
            })
        };
        assert_eq!([ask(1), ask(2), ask(1), ask(-1), ask(-1)], [Ok(10), Ok(20), Ok(10), Err(-1), Err(-1)]);
        assert_eq!(*runs.lock().unwrap(), [1, 2, -1, -1]);
        for n in 0..100 {
            assert_eq!(ask(n), Ok(n * 10));
        }
        assert_eq!(kept.0.lock().unwrap().len(), MAX_SETTINGS);
    }
}
