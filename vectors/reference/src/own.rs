//! Types that the crate has no `Storable` for, as docs/format/own-layouts.md tells canisters to write them.
//! Its Rust blocks stand here word for word; a test of the conformance package compares them.

use candid::{CandidType, Decode, Encode};
use ic_principal::Principal;
use ic_stable_structures::storable::Bound;
use ic_stable_structures::Storable;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Reverse;

macro_rules! signed {
    ($($name:ident($signed:ty as $unsigned:ty);)+) => {$(
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub $signed);

        impl $name {
            const SIGN: $unsigned = 1 << (<$unsigned>::BITS - 1);
        }

        impl Storable for $name {
            fn to_bytes(&self) -> Cow<'_, [u8]> {
                Cow::Owned(self.into_bytes())
            }

            fn into_bytes(self) -> Vec<u8> {
                (self.0 as $unsigned ^ Self::SIGN).to_be_bytes().to_vec()
            }

            fn from_bytes(bytes: Cow<[u8]>) -> Self {
                let flipped = <$unsigned>::from_be_bytes(bytes.as_ref().try_into().unwrap());
                Self((flipped ^ Self::SIGN) as $signed)
            }

            const BOUND: Bound =
                Bound::Bounded { max_size: <$unsigned>::BITS / 8, is_fixed_size: true };
        }
    )+};
}

signed! {
    I8(i8 as u8);
    I16(i16 as u16);
    I32(i32 as u32);
    I64(i64 as u64);
    I128(i128 as u128);
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub x: I32,
    pub y: I32,
}

impl Storable for Point {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Owned([self.x.to_bytes(), self.y.to_bytes()].concat())
    }

    fn into_bytes(self) -> Vec<u8> {
        self.to_bytes().into_owned()
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        let (x, y) = bytes.split_at(4);
        Self { x: I32::from_bytes(x.into()), y: I32::from_bytes(y.into()) }
    }

    const BOUND: Bound = Bound::Bounded { max_size: 8, is_fixed_size: true };
}

/// Appends a field whose size varies: its length in `width` bytes, then its bytes.
fn put(bytes: &mut Vec<u8>, width: usize, field: &impl Storable) {
    let field = field.to_bytes();
    bytes.extend_from_slice(&(field.len() as u32).to_be_bytes()[4 - width..]);
    bytes.extend_from_slice(&field);
}

/// Takes such a field off the front.
fn take<T: Storable>(bytes: &mut &[u8], width: usize) -> T {
    let length = split(bytes, width).iter().fold(0, |length, byte| length << 8 | *byte as usize);
    T::from_bytes(split(bytes, length).into())
}

/// Takes so many bytes off the front.
fn split<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (front, rest) = bytes.split_at(length);
    *bytes = rest;
    front
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub owner: Principal,
    pub balance: u64,
    pub limit: Option<u64>,
    pub note: String,
}

impl Storable for Account {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        let mut bytes = Vec::new();
        put(&mut bytes, 1, &self.owner); // at most 29 bytes
        bytes.extend_from_slice(&self.balance.to_bytes()); // always 8
        put(&mut bytes, 1, &self.limit); // at most 9
        put(&mut bytes, 4, &self.note); // unbounded
        Cow::Owned(bytes)
    }

    fn into_bytes(self) -> Vec<u8> {
        self.to_bytes().into_owned()
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        let mut rest = bytes.as_ref();
        let owner = take(&mut rest, 1);
        let balance = u64::from_bytes(split(&mut rest, 8).into());
        let limit = take(&mut rest, 1);
        let note = take(&mut rest, 4);
        Self { owner, balance, limit, note }
    }

    const BOUND: Bound = Bound::Unbounded;
}

pub struct User {
    pub name: String,
    pub age: u8,
}

impl Storable for User {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        let mut bytes = vec![2]; // the version
        put(&mut bytes, 4, &self.name);
        bytes.push(self.age);
        Cow::Owned(bytes)
    }

    fn into_bytes(self) -> Vec<u8> {
        self.to_bytes().into_owned()
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        match bytes.split_first() {
            Some((1, mut old)) => Self { name: take(&mut old, 4), age: 0 },
            Some((2, mut new)) => {
                let name = take(&mut new, 4);
                Self { name, age: new[0] }
            }
            _ => panic!("a user of an unknown version"),
        }
    }

    const BOUND: Bound = Bound::Unbounded;
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey(pub String, pub Principal, pub Reverse<u64>);

impl Storable for EventKey {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        let mut bytes = Vec::new();
        put_escaped(&mut bytes, self.0.as_bytes());
        put(&mut bytes, 1, &self.1); // an order by length needs the length in front
        bytes.extend_from_slice(&(!self.2 .0).to_be_bytes()); // all bits turned round
        Cow::Owned(bytes)
    }

    fn into_bytes(self) -> Vec<u8> {
        self.to_bytes().into_owned()
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        let mut rest = bytes.as_ref();
        let room = String::from_utf8(take_escaped(&mut rest)).unwrap();
        let user = take(&mut rest, 1);
        Self(room, user, Reverse(!u64::from_bytes(rest.into())))
    }

    const BOUND: Bound = Bound::Unbounded;
}

/// Appends bytes with each 00 as 00 FF, and 00 00 behind them.
fn put_escaped(bytes: &mut Vec<u8>, member: &[u8]) {
    for byte in member {
        bytes.push(*byte);
        if *byte == 0 {
            bytes.push(0xff);
        }
    }
    bytes.extend_from_slice(&[0, 0]);
}

/// Takes such bytes off the front.
fn take_escaped(bytes: &mut &[u8]) -> Vec<u8> {
    let mut member = Vec::new();
    loop {
        match split(bytes, 1)[0] {
            0 if split(bytes, 1)[0] == 0 => return member,
            byte => member.push(byte),
        }
    }
}

#[derive(CandidType, Deserialize)]
pub struct CandidUser {
    pub name: String,
    pub age: u8,
}

impl Storable for CandidUser {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Owned(Encode!(self).unwrap())
    }

    fn into_bytes(self) -> Vec<u8> {
        Encode!(&self).unwrap()
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        Decode!(&bytes, Self).unwrap()
    }

    const BOUND: Bound = Bound::Unbounded;
}

#[derive(Serialize, Deserialize)]
pub struct CborUser {
    pub name: String,
    pub age: u8,
}

impl Storable for CborUser {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        let mut bytes = Vec::new();
        ciborium::into_writer(self, &mut bytes).unwrap();
        Cow::Owned(bytes)
    }

    fn into_bytes(self) -> Vec<u8> {
        self.to_bytes().into_owned()
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        ciborium::from_reader(bytes.as_ref()).unwrap()
    }

    const BOUND: Bound = Bound::Unbounded;
}

#[derive(Serialize, Deserialize)]
pub struct PackedUser {
    pub name: String,
    pub age: u8,
}

impl Storable for PackedUser {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Owned(rmp_serde::to_vec_named(self).unwrap())
    }

    fn into_bytes(self) -> Vec<u8> {
        self.to_bytes().into_owned()
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        rmp_serde::from_slice(&bytes).unwrap()
    }

    const BOUND: Bound = Bound::Unbounded;
}
