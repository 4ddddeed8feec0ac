#[pre_upgrade]
fn pre_upgrade() {
    let mut writer = BufferedStableWriter::new(32 * 1024);
    STATE
        .with_borrow(|state| into_writer(state, &mut writer))
        .expect("the state does not encode");
    writer.flush().expect("stable memory is full");
}

#[post_upgrade]
fn post_upgrade() {
    let reader = BufferedStableReader::new(32 * 1024);
    STATE.set(from_reader(reader).expect("no state at byte 0"));
}
