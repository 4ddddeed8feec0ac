thread_local! {
    // No size is named: buckets of 128 pages.
    static MANAGER: RefCell<MemoryManager<DefaultMemoryImpl>> =
        RefCell::new(MemoryManager::init(Default::default()));
}

fn upgrade_memory() -> VirtualMemory<DefaultMemoryImpl> {
    MANAGER.with_borrow(|manager| manager.get(MemoryId::new(0)))
}

#[pre_upgrade]
fn pre_upgrade() {
    let mut payload = Vec::new();
    STATE
        .with_borrow(|state| into_writer(state, &mut payload))
        .expect("the state does not encode");
    let length = payload.len() as u32;

    let mut memory = upgrade_memory();
    let mut writer = Writer::new(&mut memory, 0);
    writer.write_all(&length.to_le_bytes()).expect("full");
    writer.write_all(&payload).expect("full");
}

#[post_upgrade]
fn post_upgrade() {
    let memory = upgrade_memory();
    let mut length = [0; 4];
    memory.read(0, &mut length);
    let length = u32::from_le_bytes(length) as usize;
    let mut payload = vec![0; length];
    memory.read(4, &mut payload);
    STATE.set(from_reader(payload.as_slice()).expect("no state"));
}
