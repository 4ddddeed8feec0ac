//! Candid messages, as `ic_cdk::storage::stable_save` writes them.

use crate::decode::Decoded;
use crate::fixture::{Fixture, Fixtures};
use crate::tagged::{bigint, bytes, integer, tagged, unsigned};
use crate::types::{modes, Mode, State, TEXT};
use candid::de::IDLDeserialize;
use candid::utils::{ArgumentDecoder, ArgumentEncoder};
use candid::{CandidType, Int, Nat, Principal};
use serde::Deserialize;
use serde_bytes::ByteBuf;
use serde_json::{json, Value};

const CANDID: &str = "candid 0.10.39";

const VALUES_TYPE: &str = "(nat, int, text, blob, principal, opt nat64, opt nat64, Profile), \
where type Profile = record { owner : principal; \"display name\" : text; tags : vec text; \
parent : opt Profile; status : variant { Ok : nat8; Err : text } }";
const MODES_TYPE: &str = "(vec variant { Idle; Limited : nat32; Range : record { nat8; nat8 }; \
Window : record { start : nat64; end : nat64 } })";
const STATE_TYPE: &str = "(record { id : nat64; balance : int64; supply : nat; rate : float64; \
active : bool; name : text; avatar : blob; nickname : opt text; \
entries : vec record { nat32; text }; users : vec record { nat64; text }; mode : variant { Idle; \
Limited : nat32; Range : record { nat8; nat8 }; Window : record { start : nat64; end : nat64 } } })";
const NUMBERS_TYPE: &str = "(nat8, nat16, nat32, nat64, int8, int16, int32, int64, float32, \
float64, bool, null)";
const LARGE_TYPE: &str = "(vec nat64, blob)";

type Values = (Nat, Int, String, ByteBuf, Principal, Option<u64>, Option<u64>, Profile);
type Numbers = (u8, u16, u32, u64, i8, i16, i32, i64, f32, f64, bool, ());
type Large = (Vec<u64>, ByteBuf);

#[derive(Deserialize, CandidType)]
struct Profile {
    owner: Principal,
    #[serde(rename = "display name")]
    name: String,
    tags: Vec<String>,
    parent: Option<Box<Profile>>,
    status: Result<u8, String>,
}

impl Profile {
    fn new(parent: Option<Profile>, status: Result<u8, String>) -> Self {
        Self {
            owner: Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 7, 1, 1]),
            name: TEXT.into(),
            tags: vec!["a".into(), String::new()],
            parent: parent.map(Box::new),
            status,
        }
    }

    fn tagged(&self) -> Value {
        json!({
            "owner": principal(self.owner),
            "display name": self.name,
            "tags": self.tags,
            "parent": self.parent.as_ref().map(|parent| parent.tagged()),
            "status": self.status,
        })
    }
}

fn principal(value: Principal) -> Value {
    json!({ "$principal": value.to_text() })
}

fn values() -> Result<Values, String> {
    let wide = "123456789012345678901234567890123456789012345678901234567890";
    let nat = wide.parse().map_err(|error| format!("{error}"))?;
    let int = format!("-{wide}").parse().map_err(|error| format!("{error}"))?;
    let parent = Profile::new(None, Err("no".into()));
    let profile = Profile::new(Some(parent), Ok(1));
    let blob = ByteBuf::from([0, 1, 127, 128, 255]);
    Ok((
        nat,
        int,
        TEXT.into(),
        blob,
        Principal::management_canister(),
        Some(u64::MAX),
        None,
        profile,
    ))
}

fn tagged_values(values: &Values) -> Value {
    let (nat, int, text, blob, owner, some, none, profile) = values;
    let option = |value: &Option<u64>| value.map(|value| unsigned(value.into()));
    json!([
        number(&nat.0.to_string()),
        number(&int.0.to_string()),
        text,
        bytes(blob),
        principal(*owner),
        option(some),
        option(none),
        profile.tagged(),
    ])
}

fn number(decimal: &str) -> Value {
    decimal.parse().map_or_else(|_| bigint(decimal), integer)
}

fn numbers() -> Numbers {
    let (f32, f64) = (f32::NEG_INFINITY, -0.0);
    let unsigned = (u8::MAX, u16::MAX, u32::MAX, u64::MAX);
    let signed = (i8::MIN, i16::MIN, i32::MIN, i64::MIN);
    let (a, b, c, d) = unsigned;
    let (e, f, g, h) = signed;
    (a, b, c, d, e, f, g, h, f32, f64, true, ())
}

fn large() -> Large {
    let list = (0..2_000_u64).map(|index| index * index * index).collect();
    let blob: Vec<u8> = (0..20_000_u32).map(|index| (index >> 4) as u8).collect();
    (list, ByteBuf::from(blob))
}

fn encode<T: ArgumentEncoder>(arguments: T) -> Result<Vec<u8>, String> {
    let mut payload = Vec::new();
    candid::write_args(&mut payload, arguments).map_err(|error| error.to_string())?;
    Ok(payload)
}

pub fn add(fixtures: &mut Fixtures) -> Result<(), String> {
    let mut add = |kind: &str, candid: &str, description: &str, payload: Vec<u8>| {
        fixtures.both(fixture(kind, kind, candid, description), payload)
    };
    add("state", STATE_TYPE, "the state, as one argument", encode((State::new(),))?)?;
    add("values", VALUES_TYPE, "eight arguments, one of a recursive type", encode(values()?)?)?;
    add("modes", MODES_TYPE, "every case of a variant", encode((modes(),))?)?;
    add("numbers", NUMBERS_TYPE, "numbers of fixed size", encode(numbers())?)?;
    add("large", LARGE_TYPE, "a large vector and a large blob", encode(large())?)?;
    add("nothing", "()", "no arguments", encode(())?)?;
    let text = "a short state saved over a longer one, whose end stays behind it";
    let stale = fixture("stale", "state", STATE_TYPE, text);
    fixtures.stale(stale, encode((State::small(),))?, &encode((State::new(),))?)
}

fn fixture(name: &str, kind: &str, candid: &str, description: &str) -> Fixture {
    let fixture = Fixture::new(&format!("candid-{name}"), "candid", CANDID, kind, description);
    fixture.with_candid(candid)
}

/// As `stable_restore` reads: what follows the message is not looked at.
pub fn decode(name: &str, payload: &[u8]) -> Result<Decoded, String> {
    match name {
        "state" => arguments::<(State,)>(payload, |state| tagged(&state)),
        "values" => arguments::<Values>(payload, |values| Ok(tagged_values(&values))),
        "modes" => arguments::<(Vec<Mode>,)>(payload, |modes| tagged(&modes)),
        "numbers" => arguments::<Numbers>(payload, |numbers| tagged(&numbers)),
        "large" => arguments::<Large>(payload, |large| tagged(&large)),
        "nothing" => arguments::<()>(payload, |()| Ok(json!([]))),
        _ => Err(format!("candid has no type {name}")),
    }
}

fn arguments<T>(payload: &[u8], print: fn(T) -> Result<Value, String>) -> Result<Decoded, String>
where
    T: for<'de> ArgumentDecoder<'de>,
{
    let mut decoder = IDLDeserialize::new(payload).map_err(|error| error.to_string())?;
    let decoded = T::decode(&mut decoder).map_err(|error| error.to_string())?;
    Ok(Decoded { value: print(decoded)?, followed: decoder.done().is_err() })
}
