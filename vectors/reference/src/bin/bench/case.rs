//! What is measured: types, how many entries, and how they lie in the memory.

#[derive(Clone)]
pub struct Case {
    pub keys: String,
    pub values: String,
    pub entries: u32,
    pub bucket_size_in_pages: u16,
    pub maps: usize,
}

impl Case {
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let [keys, values, entries, bucket, maps] = words else {
            return Err("prepare takes KEYS VALUES ENTRIES BUCKET MAPS".into());
        };
        let number = |word: &str| word.parse().map_err(|_| format!("not a number: {word}"));
        Ok(Self {
            keys: keys.to_string(),
            values: values.to_string(),
            entries: number(entries)?,
            bucket_size_in_pages: number(bucket)? as u16,
            maps: number(maps)? as usize,
        })
    }
}
