//! Memory of lanes, which a run takes once and uses again: a kernel's result is written into what an earlier
//! one no longer needs.

use std::{cell::RefCell, rc::Rc};

use super::lanes::ROWS;

/// What lanes are made of.
pub(super) trait Lane: Copy + 'static {
    /// What stands where nothing was written.
    const NOTHING: &'static [Self; ROWS];

    /// Where what is no longer needed is kept.
    fn spare(pool: &Pool) -> &Spare<Self>;
}

type Spare<T> = RefCell<Vec<Rc<[T; ROWS]>>>;

/// Memory that no lanes need at present.
#[derive(Debug, Default)]
pub(super) struct Pool {
    numbers: Spare<f64>,
    symbols: Spare<u32>,
}

impl Lane for f64 {
    const NOTHING: &'static [Self; ROWS] = &[0.0; ROWS];

    fn spare(pool: &Pool) -> &Spare<Self> {
        &pool.numbers
    }
}

impl Lane for u32 {
    const NOTHING: &'static [Self; ROWS] = &[Self::MAX; ROWS];

    fn spare(pool: &Pool) -> &Spare<Self> {
        &pool.symbols
    }
}

/// A value for each candidate of a block. A clone shares them.
#[derive(Debug, Clone)]
pub(super) struct Lent<'v, T: Lane> {
    /// `Some` until it is dropped.
    held: Option<Rc<[T; ROWS]>>,
    pool: &'v Pool,
}

impl<'v, T: Lane> Lent<'v, T> {
    /// Lanes that were written before.
    pub(super) fn any(pool: &'v Pool) -> Self {
        let spare = T::spare(pool).borrow_mut().pop();
        let held = Some(spare.unwrap_or_else(|| Rc::new(*T::NOTHING)));
        Self { held, pool }
    }

    /// The same for all.
    pub(super) fn one(pool: &'v Pool, value: T) -> Self {
        let mut lent = Self::any(pool);
        lent.all_mut().fill(value);
        lent
    }

    /// What a function makes of each of others.
    pub(super) fn made<U: Copy>(pool: &'v Pool, others: &[U; ROWS], f: impl Fn(U) -> T) -> Self {
        let mut lent = Self::any(pool);
        for (to, from) in lent.all_mut().iter_mut().zip(others) {
            *to = f(*from);
        }
        lent
    }

    /// The values.
    pub(super) fn all(&self) -> &[T; ROWS] {
        self.held.as_deref().unwrap_or(T::NOTHING)
    }

    /// The values to be changed, no longer shared with any clone.
    pub(super) fn all_mut(&mut self) -> &mut [T; ROWS] {
        let is_shared = self.held.as_ref().is_none_or(|held| Rc::strong_count(held) > 1);
        if is_shared {
            let mut own = Self::any(self.pool);
            if let Some(held) = own.held.as_mut() {
                *Rc::make_mut(held) = *self.all();
            }
            *self = own;
        }
        let held = self.held.get_or_insert_with(|| Rc::new(*T::NOTHING));
        Rc::make_mut(held)
    }
}

impl<T: Lane> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        if let Some(held) = self.held.take().filter(|held| Rc::strong_count(held) == 1) {
            T::spare(self.pool).borrow_mut().push(held);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again_and_a_clone_keeps_its_values() {
        let pool = Pool::default();
        let mut a = Lent::one(&pool, 1.0);
        let b = a.clone();
        a.all_mut().fill(2.0);
        assert_eq!((a.all()[0], b.all()[63]), (2.0, 1.0));
        drop((a, b));
        assert_eq!(pool.numbers.borrow().len(), 2);
        let c = Lent::made(&pool, &[3_u32; ROWS], f64::from);
        assert_eq!((c.all()[7], pool.numbers.borrow().len()), (3.0, 1));
    }
}
