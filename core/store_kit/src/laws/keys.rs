//! Laws of the key ring.

use jardin_contract::Store;

use super::Open;

/// What was sealed is opened under its own slot and binding, and nowhere else; equal texts are not sealed alike.
pub async fn texts_are_read_under_their_own_slot_and_binding(open: &impl Open) {
    let ring = open().await;
    let slots = ring.create_keys(2).unwrap();
    assert_ne!(slots[0], slots[1]);
    let sealed = ring.seal_text(slots[0], b"ada", b"38000").unwrap();
    assert_ne!(
        sealed,
        ring.seal_text(slots[0], b"ada", b"38000").unwrap(),
        "equal texts are seen to be equal"
    );
    drop(ring);
    let ring = open().await;
    let read = |slot, bound: &[u8], sealed: &[u8]| ring.open_text(slot, bound, sealed).unwrap();
    assert_eq!(read(slots[0], b"ada", &sealed).as_deref(), Some(b"38000".as_slice()));
    assert_eq!(read(slots[1], b"ada", &sealed), None);
    assert_eq!(read(slots[0], b"bob", &sealed), None);
    assert_eq!(read(slots[0], b"ada", &sealed[1..]), None);
    assert_eq!(read(slots[0], b"ada", b""), None);
    assert!(ring.create_keys(3).unwrap().iter().all(|slot| !slots.contains(slot)));
    assert!(ring.create_keys(0).unwrap().is_empty());
}

/// A destroyed key opens and seals nothing, in this opening and in the next; the others are as they were.
pub async fn nothing_is_read_or_sealed_under_a_destroyed_key(open: &impl Open) {
    let ring = open().await;
    let slots = ring.create_keys(3).unwrap();
    let sealed: Vec<_> = slots.iter().map(|slot| ring.seal_text(*slot, b"", b"text").unwrap()).collect();
    ring.destroy_keys(&slots[..2]).unwrap();
    // once more does no harm
    ring.destroy_keys(&slots[1..2]).unwrap();
    ring.destroy_keys(&[]).unwrap();
    let check = |ring: &dyn Store| {
        let read = |n: usize| ring.open_text(slots[n], b"", &sealed[n]).unwrap();
        assert_eq!((read(0), read(1), read(2)), (None, None, Some(b"text".to_vec())));
        assert!(ring.seal_text(slots[0], b"", b"text").is_err());
    };
    check(&*ring);
    drop(ring);
    check(&*open().await);
}
