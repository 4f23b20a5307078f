//! Selections of candidates: a flag for each, so that kernels run over whole columns without a branch.

/// Which candidates are selected.
pub(super) type Mask = Vec<bool>;

/// True where one is.
pub(super) fn any(mask: &[bool]) -> bool {
    mask.contains(&true)
}

/// The selected ones, by their positions.
pub(super) fn rows(mask: &[bool]) -> impl Iterator<Item = u32> + '_ {
    (0..).zip(mask).filter(|(_, m)| **m).map(|(row, _)| row)
}

/// Those of `within` for whose value `holds`; the others' values do not matter.
pub(super) fn matching<T: Copy>(within: &[bool], all: &[T], holds: impl Fn(T) -> bool) -> Mask {
    within.iter().zip(all).map(|(w, x)| *w & holds(*x)).collect()
}

/// As [`matching`], where asking is dearer than a branch.
pub(super) fn matching_each<T: Copy>(within: &[bool], all: &[T], holds: impl Fn(T) -> bool) -> Mask {
    within.iter().zip(all).map(|(w, x)| *w && holds(*x)).collect()
}

/// Those of `a` that are not in `b`.
pub(super) fn without(mut a: Mask, b: &[bool]) -> Mask {
    for (a, b) in a.iter_mut().zip(b) {
        *a &= !*b;
    }
    a
}

/// Those of either.
pub(super) fn either(mut a: Mask, b: &[bool]) -> Mask {
    for (a, b) in a.iter_mut().zip(b) {
        *a |= *b;
    }
    a
}

/// None.
pub(super) fn none(like: &[bool]) -> Mask {
    vec![false; like.len()]
}
