//! How many connections each address has open.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many connections each address has open; those of an IPv6 network of 64 bits, which one client has to itself,
/// count together.
#[derive(Default)]
pub(crate) struct Addresses(Mutex<BTreeMap<IpAddr, usize>>);

impl Addresses {
    /// Takes a place for a connection; `None` where its address has as many open as it may. What has no address is
    /// not counted.
    pub(crate) fn take_place(
        self: &Arc<Self>,
        from: Option<IpAddr>,
        most: Option<usize>,
    ) -> Option<AddressPlace> {
        let Some(address) = from.map(network_of) else { return Some(AddressPlace(None)) };
        let mut open = self.lock_open();
        let count = open.entry(address).or_default();
        if most.is_some_and(|most| *count >= most) {
            return None;
        }
        *count += 1;
        Some(AddressPlace(Some((Arc::clone(self), address))))
    }

    fn lock_open(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

/// The place of an open connection of an address.
pub(crate) struct AddressPlace(Option<(Arc<Addresses>, IpAddr)>);

impl Drop for AddressPlace {
    fn drop(&mut self) {
        let Some((addresses, address)) = &self.0 else { return };
        let mut open = addresses.lock_open();
        let left = open.get(address).map_or(0, |count| count - 1);
        if left == 0 {
            open.remove(address);
        } else {
            open.insert(*address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let addresses = Arc::new(Addresses::default());
        let take = |from: &str| addresses.take_place(Some(from.parse().unwrap()), Some(2));
        let (one, two) = (take("192.0.2.1"), take("192.0.2.1"));
        assert!(one.is_some() && two.is_some() && take("192.0.2.1").is_none());
        assert!(take("192.0.2.2").is_some());
        drop(one);
        assert!(take("192.0.2.1").is_some());
        drop(two);
        assert!(addresses.lock_open().is_empty());
        assert!(addresses.take_place(None, Some(0)).is_some());
    }

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        let addresses = Arc::new(Addresses::default());
        let take = |from: &str| addresses.take_place(Some(from.parse().unwrap()), Some(1));
        let held = take("2001:db8:0:1::1");
        assert!(
            held.is_some() && take("2001:db8:0:1:ffff::2").is_none() && take("2001:db8:0:2::1").is_some()
        );
    }
}
