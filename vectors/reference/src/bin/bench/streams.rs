//! The keys and values of a case: the same as in `benchmarks/compare/src/streams.ts`.

use ic_principal::Principal;
use ic_stable_structures::storable::Blob;

/// A bijection of 32-bit numbers that scatters them (the finalizer of MurmurHash3).
pub fn hash32(number: u32) -> u32 {
    let mut h = number.wrapping_mul(0x9e37_79b1);
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// The numbers below `count` in an order that looks random.
pub fn shuffled(count: u32, seed: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count).collect();
    for i in (1..count).rev() {
        let other = hash32(i.wrapping_add(seed)) % (i + 1);
        order.swap(i as usize, other as usize);
    }
    order
}

pub trait Key: Sized {
    /// Key number `index` of a random order; no two are equal.
    fn random(index: u32) -> Self;
    /// Key number `index` in ascending order, where the case has such keys.
    fn ascending(index: u32) -> Option<Self>;
}

impl Key for u64 {
    /// At most 2^53 - 1, so that JavaScript can have it as a number.
    fn random(index: u32) -> Self {
        let high = hash32(index.wrapping_mul(2).wrapping_add(1)) >> 11;
        u64::from(high) << 32 | u64::from(hash32(index.wrapping_mul(2)))
    }

    fn ascending(index: u32) -> Option<Self> {
        Some(index.into())
    }
}

impl Key for Principal {
    fn random(index: u32) -> Self {
        let mut bytes = [2; 29];
        for word in 0..7 {
            let number = hash32(index.wrapping_mul(8).wrapping_add(word as u32));
            bytes[word * 4..][..4].copy_from_slice(&number.to_be_bytes());
        }
        Principal::from_slice(&bytes)
    }

    fn ascending(_: u32) -> Option<Self> {
        None
    }
}

impl Key for String {
    fn random(index: u32) -> Self {
        format!("user-{:013x}", u64::random(index))
    }

    fn ascending(_: u32) -> Option<Self> {
        None
    }
}

pub trait Value: Sized {
    /// Value number `index`.
    fn of(index: u32) -> Self;
    /// The number of a value.
    fn number(&self) -> u64;
}

impl Value for u64 {
    fn of(index: u32) -> Self {
        index.into()
    }

    fn number(&self) -> u64 {
        *self
    }
}

fn bytes_of(index: u32, size: usize) -> Vec<u8> {
    let mut bytes = vec![index as u8; size];
    bytes[..4].copy_from_slice(&index.to_be_bytes());
    bytes
}

fn number_of(bytes: &[u8]) -> u64 {
    u32::from_be_bytes(bytes[..4].try_into().unwrap()).into()
}

impl Value for Blob<128> {
    fn of(index: u32) -> Self {
        Blob::try_from(bytes_of(index, 128).as_slice()).unwrap()
    }

    fn number(&self) -> u64 {
        number_of(self.as_slice())
    }
}

impl Value for Vec<u8> {
    fn of(index: u32) -> Self {
        bytes_of(index, 500)
    }

    fn number(&self) -> u64 {
        number_of(self)
    }
}
