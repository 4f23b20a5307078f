//! Laws of the key ring.

use jardin_contract::KeyRing;

fn texts_are_read_under_their_own_slot_and_binding<R: KeyRing>(open: impl Fn() -> R) {
    let ring = open();
    let slots = ring.create(2).unwrap();
    assert_ne!(slots[0], slots[1]);
    let sealed = ring.seal(slots[0], b"ada", b"38000").unwrap();
    assert_ne!(sealed, ring.seal(slots[0], b"ada", b"38000").unwrap(), "equal texts are seen to be equal");
    drop(ring);
    let ring = open();
    let read = |slot, bound: &[u8], sealed: &[u8]| ring.open(slot, bound, sealed).unwrap();
    assert_eq!(read(slots[0], b"ada", &sealed).as_deref(), Some(b"38000".as_slice()));
    assert_eq!(read(slots[1], b"ada", &sealed), None);
    assert_eq!(read(slots[0], b"bob", &sealed), None);
    assert_eq!(read(slots[0], b"ada", &sealed[1..]), None);
    assert_eq!(read(slots[0], b"ada", b""), None);
    assert!(ring.create(3).unwrap().iter().all(|slot| !slots.contains(slot)));
    assert!(ring.create(0).unwrap().is_empty());
}

fn nothing_is_read_or_sealed_under_a_destroyed_key<R: KeyRing>(open: impl Fn() -> R) {
    let ring = open();
    let slots = ring.create(3).unwrap();
    let sealed: Vec<_> = slots.iter().map(|slot| ring.seal(*slot, b"", b"text").unwrap()).collect();
    ring.destroy(&slots[..2]).unwrap();
    // once more does no harm
    ring.destroy(&slots[1..2]).unwrap();
    ring.destroy(&[]).unwrap();
    for ring in [ring, open()] {
        let read = |n: usize| ring.open(slots[n], b"", &sealed[n]).unwrap();
        assert_eq!((read(0), read(1), read(2)), (None, None, Some(b"text".to_vec())));
        assert!(ring.seal(slots[0], b"", b"text").is_err());
    }
}

mod this_store {
    use crate::keys::Keys;

    #[test]
    fn texts_are_read_under_their_own_slot_and_binding() {
        let folder = tempfile::tempdir().unwrap();
        super::texts_are_read_under_their_own_slot_and_binding(|| {
            Keys::open(&folder.path().join("keys"), [7; 32], true).unwrap()
        });
    }

    #[test]
    fn nothing_is_read_or_sealed_under_a_destroyed_key() {
        let folder = tempfile::tempdir().unwrap();
        super::nothing_is_read_or_sealed_under_a_destroyed_key(|| {
            Keys::open(&folder.path().join("keys"), [7; 32], true).unwrap()
        });
    }
}
