//! The types of the payloads, and the values they are written with.

use candid::CandidType;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// Latin, Chinese, a character outside the basic plane, and a combining mark.
pub const TEXT: &str = "Z\u{fc}rich \u{6771}\u{4eac} \u{1f642} e\u{301}";

#[derive(Clone, Serialize, Deserialize, CandidType)]
pub struct State {
    pub id: u64,
    pub balance: i64,
    pub supply: u128,
    pub rate: f64,
    pub active: bool,
    pub name: String,
    #[serde(with = "serde_bytes")]
    pub avatar: Vec<u8>,
    pub nickname: Option<String>,
    pub entries: Vec<(u32, String)>,
    pub users: BTreeMap<u64, String>,
    pub mode: Mode,
}

#[derive(Clone, Serialize, Deserialize, CandidType)]
pub enum Mode {
    Idle,
    Limited(u32),
    Range(u8, u8),
    Window { start: u64, end: u64 },
}

impl State {
    pub fn new() -> Self {
        Self {
            id: u64::MAX,
            balance: i64::MIN,
            supply: 340_282_366_920_938_463_463_374_607_431,
            rate: 0.1,
            active: true,
            name: TEXT.into(),
            avatar: vec![0, 1, 127, 128, 255],
            nickname: Some("ada".into()),
            entries: vec![(0, String::new()), (u32::MAX, "last".into())],
            users: [(0, "zero".into()), (1 << 53, "big".into()), (u64::MAX, "max".into())].into(),
            mode: Mode::Window { start: 1_700_000_000_000_000_000, end: u64::MAX },
        }
    }

    /// About 100 KB of CBOR.
    pub fn large() -> Self {
        let entry = |index: u32| (index * 7, format!("entry {index} of the large state"));
        let user = |index: u64| (index * index, format!("user-{index}"));
        Self {
            avatar: (0..20_000_u32).map(|index| ((index * index) >> 5) as u8).collect(),
            entries: (0..1_700).map(entry).collect(),
            users: (0..1_500).map(user).collect(),
            ..Self::new()
        }
    }

    pub fn small() -> Self {
        Self {
            id: 0,
            balance: -1,
            supply: u64::MAX.into(),
            rate: -0.0,
            active: false,
            name: String::new(),
            avatar: Vec::new(),
            nickname: None,
            entries: Vec::new(),
            users: BTreeMap::new(),
            mode: Mode::Idle,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Integers {
    u8: u8,
    u16: u16,
    u32: u32,
    u64: u64,
    i8: i8,
    i16: i16,
    i32: i32,
    i64: i64,
    unsigned: Vec<u64>,
    signed: Vec<i64>,
}

impl Integers {
    /// Every length of the encodings, from both sides.
    pub fn new() -> Self {
        let edges = [23, 31, 127, 255, 65_535, u64::from(u32::MAX), (1 << 53) - 1, i64::MAX as u64];
        let signed = [23, 24, 31, 32, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536];
        let wide = [1 << 31, 1 << 32, (1 << 53) - 1, 1 << 53, i64::MAX];
        Self {
            u8: u8::MAX,
            u16: u16::MAX,
            u32: u32::MAX,
            u64: u64::MAX,
            i8: i8::MIN,
            i16: i16::MIN,
            i32: i32::MIN,
            i64: i64::MIN,
            unsigned: edges.iter().flat_map(|edge| [*edge, edge + 1]).collect(),
            signed: signed.into_iter().chain(wide).flat_map(|edge: i64| [-edge, !edge]).collect(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Wide {
    u128: Vec<u128>,
    i128: Vec<i128>,
}

impl Wide {
    /// What fits 64 bits is a plain integer in CBOR, the rest a big number.
    pub fn new() -> Self {
        let edge = i128::from(u64::MAX);
        Self {
            u128: vec![0, u64::MAX.into(), u128::from(u64::MAX) + 1, u128::MAX],
            i128: vec![0, -1, i64::MIN.into(), -edge - 1, -edge - 2, edge + 1, i128::MIN],
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Floats {
    singles: Vec<f32>,
    doubles: Vec<f64>,
}

impl Floats {
    pub fn new() -> Self {
        let mut floats = Self::finite();
        floats.singles.extend([f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
        floats.doubles.extend([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
        floats
    }

    /// Ends of the half, single and double ranges, subnormal numbers too.
    pub fn finite() -> Self {
        let half = [0.0, -0.0, 1.0, 1.5, -2.25, 65_504.0, 2.0_f32.powi(-14), 2.0_f32.powi(-24)];
        let single = [0.1, 65_505.0, 65_536.0, 2.0_f32.powi(-25), 1e-40, f32::MAX, f32::MIN];
        let double = [0.1, 1e-40, 1e300, 5e-324, 9_007_199_254_740_992.0, f64::MAX, f64::MIN];
        let singles: Vec<f32> = half.into_iter().chain(single).collect();
        let doubles = singles.iter().map(|value| f64::from(*value)).chain(double).collect();
        Self { singles, doubles }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Texts {
    char: char,
    text: String,
    escapes: String,
    nul: String,
    bytes: ByteBuf,
    array_of_u8: Vec<u8>,
    fixed: [u8; 4],
}

impl Texts {
    pub fn new() -> Self {
        Self {
            char: '\u{1f642}',
            text: TEXT.into(),
            escapes: "\" \\ / \n \r \t \u{7f} \u{2028} \u{ffff}".into(),
            nul: "a\0b".into(),
            bytes: ByteBuf::from([0, 1, 127, 128, 255]),
            array_of_u8: vec![0, 1, 127, 128, 255],
            fixed: [1, 2, 3, 4],
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Maps {
    /// Out of order, as a `HashMap` is, but the same in every run.
    by_number: IndexMap<u64, String>,
    by_signed: BTreeMap<i64, bool>,
    by_text: BTreeMap<String, u8>,
    nested: BTreeMap<u8, BTreeMap<u16, BTreeMap<String, Vec<u32>>>>,
    set: BTreeSet<u32>,
}

impl Maps {
    pub fn new() -> Self {
        let inner = BTreeMap::from([("a".to_string(), vec![1, 2]), (TEXT.to_string(), vec![])]);
        Self {
            by_number: [24, u64::MAX, 0, 1 << 53, 1, 23]
                .map(|key| (key, format!("n{key}")))
                .into_iter()
                .collect(),
            by_signed: [i64::MIN, -1, 0, i64::MAX].map(|key| (key, key < 0)).into(),
            by_text: [("".to_string(), 0), ("__proto__".to_string(), 1), (TEXT.to_string(), 2)]
                .into(),
            nested: [(1, [(300, inner), (301, BTreeMap::new())].into()), (2, BTreeMap::new())]
                .into(),
            set: [3, 1, 2].into(),
        }
    }
}

/// Keys that JSON cannot have.
#[derive(Serialize, Deserialize)]
pub struct Keys {
    by_pair: BTreeMap<(u32, String), u64>,
    by_bytes: BTreeMap<ByteBuf, u8>,
    by_bool: BTreeMap<bool, u8>,
    by_option: BTreeMap<Option<u8>, u8>,
    by_unit_variant: BTreeMap<Color, u8>,
    mixed_with_text: BTreeMap<Label, u8>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub enum Color {
    Red,
    Green,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(untagged)]
pub enum Label {
    Number(u64),
    Text(String),
}

impl Keys {
    pub fn new() -> Self {
        Self {
            by_pair: [((1, "a".into()), 10), ((1, "b".into()), 11), ((2, "a".into()), u64::MAX)]
                .into(),
            by_bytes: [(ByteBuf::new(), 0), (ByteBuf::from([1, 2]), 1)].into(),
            by_bool: [(false, 0), (true, 1)].into(),
            by_option: [(None, 0), (Some(5), 1)].into(),
            by_unit_variant: [(Color::Red, 0), (Color::Green, 1)].into(),
            mixed_with_text: [(Label::Number(1), 0), (Label::Text("1".into()), 1)].into(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Options {
    none: Option<u64>,
    some: Option<u64>,
    some_none: Option<Option<u64>>,
    unit: (),
    marker: Marker,
    list: Vec<Option<String>>,
    boxed: Option<Box<Options>>,
}

#[derive(Serialize, Deserialize)]
pub struct Marker;

impl Options {
    pub fn new() -> Self {
        Self { boxed: Some(Box::new(Self::leaf())), ..Self::leaf() }
    }

    fn leaf() -> Self {
        Self {
            none: None,
            some: Some(u64::MAX),
            some_none: Some(None),
            unit: (),
            marker: Marker,
            list: vec![None, Some("x".into())],
            boxed: None,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Enums {
    modes: Vec<Mode>,
    result: Result<u64, String>,
    tagged: Vec<Event>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    Started,
    Moved { x: i32, y: i32 },
}

impl Enums {
    pub fn new() -> Self {
        Self {
            modes: modes(),
            result: Err("no".into()),
            tagged: vec![Event::Started, Event::Moved { x: -1, y: 1 }],
        }
    }
}

pub fn modes() -> Vec<Mode> {
    let window = Mode::Window { start: 0, end: u64::MAX };
    vec![Mode::Idle, Mode::Limited(1_000_000), Mode::Range(1, 255), window]
}

#[derive(Serialize, Deserialize)]
pub struct Empties {
    list: Vec<u64>,
    bytes: ByteBuf,
    text: String,
    by_text: BTreeMap<String, u8>,
    by_number: BTreeMap<u64, u8>,
    tuple_list: Vec<(u8, u8)>,
    record: Nothing,
}

#[derive(Serialize, Deserialize)]
pub struct Nothing {}

impl Empties {
    pub fn new() -> Self {
        Self {
            list: Vec::new(),
            bytes: ByteBuf::new(),
            text: String::new(),
            by_text: BTreeMap::new(),
            by_number: BTreeMap::new(),
            tuple_list: Vec::new(),
            record: Nothing {},
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Point(pub u64, pub String, pub Option<bool>);

#[derive(Serialize, Deserialize)]
pub struct Wrapper(pub Point);

#[derive(Serialize, Deserialize)]
pub struct Tuples {
    point: Point,
    wrapper: Wrapper,
    pair: (u8, String),
    nested: ((u8, u8), [(bool, ()); 2]),
}

impl Tuples {
    pub fn new() -> Self {
        Self {
            point: Point(u64::MAX, "p".into(), None),
            wrapper: Wrapper(Point(0, String::new(), Some(true))),
            pair: (255, TEXT.into()),
            nested: ((1, 2), [(true, ()), (false, ())]),
        }
    }
}

/// `flatten` makes serde write a map of unknown length.
#[derive(Serialize, Deserialize)]
pub struct Flattened {
    version: u8,
    #[serde(flatten)]
    inner: Inner,
    last: String,
}

#[derive(Serialize, Deserialize)]
pub struct Inner {
    created: u32,
    tags: Vec<String>,
}

impl Flattened {
    pub fn new() -> Self {
        let inner = Inner { created: 7, tags: vec!["a".into(), "b".into()] };
        Self { version: 2, inner, last: "end".into() }
    }
}

/// One of each length at which a header changes.
#[derive(Serialize, Deserialize)]
pub struct Lengths {
    texts: Vec<String>,
    bytes: Vec<ByteBuf>,
    lists: Vec<Vec<u8>>,
    maps: Vec<BTreeMap<u32, u8>>,
}

impl Lengths {
    pub fn new() -> Self {
        let all = [0, 1, 15, 16, 23, 24, 31, 32, 255, 256, 65_535, 65_536];
        let short = &all[..10];
        Self {
            texts: all.iter().map(|length| "t".repeat(*length)).collect(),
            bytes: all.iter().map(|length| ByteBuf::from(vec![0xb5; *length])).collect(),
            lists: all.iter().map(|length| vec![1; *length]).collect(),
            maps: short
                .iter()
                .map(|length| (0..*length as u32).map(|key| (key, 0)).collect())
                .collect(),
        }
    }
}

/// rmp-serde writes this name as an extension type.
#[derive(Serialize, Deserialize)]
#[serde(rename = "_ExtStruct")]
pub struct Extension((i8, ByteBuf));

#[derive(Serialize, Deserialize)]
pub struct Extensions {
    custom: Vec<Extension>,
    timestamps: Vec<Extension>,
}

impl Extensions {
    pub fn new() -> Self {
        let custom =
            [0, 1, 2, 3, 4, 8, 16, 17, 256].map(|length| extension(42, vec![0xe7; length]));
        let nanoseconds_and_seconds = 999_999_999_u64 << 34 | 1_700_000_000;
        let long = [999_999_999_u32.to_be_bytes().as_slice(), &(-1_i64).to_be_bytes()].concat();
        let timestamps = [
            1_700_000_000_u32.to_be_bytes().to_vec(),
            nanoseconds_and_seconds.to_be_bytes().to_vec(),
            long,
        ];
        Self {
            custom: custom.into(),
            timestamps: timestamps.map(|bytes| extension(-1, bytes)).into(),
        }
    }
}

fn extension(kind: i8, bytes: Vec<u8>) -> Extension {
    Extension((kind, ByteBuf::from(bytes)))
}
