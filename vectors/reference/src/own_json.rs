//! JSON of the types in own.rs.

use crate::own::{
    Account, CandidUser, CborUser, EventKey, PackedUser, Point, User, I128, I16, I32, I64, I8,
};
use crate::types::FromJson;
use serde_json::Value;

macro_rules! signed {
    ($($name:ident)+) => {$(
        impl FromJson for $name {
            fn from_json(value: &Value) -> Result<Self, String> {
                FromJson::from_json(value).map(Self)
            }
        }
    )+};
}

signed!(I8 I16 I32 I64 I128);

macro_rules! structs {
    ($($name:ident { $($field:ident)+ })+) => {$(
        impl FromJson for $name {
            fn from_json(value: &Value) -> Result<Self, String> {
                Ok(Self { $($field: FromJson::from_json(&value[stringify!($field)])?,)+ })
            }
        }
    )+};
}

structs! {
    Point { x y }
    Account { owner balance limit note }
    User { name age }
    CandidUser { name age }
    CborUser { name age }
    PackedUser { name age }
}

impl FromJson for EventKey {
    fn from_json(value: &Value) -> Result<Self, String> {
        let (room, user, time) = FromJson::from_json(value)?;
        Ok(Self(room, user, time))
    }
}
