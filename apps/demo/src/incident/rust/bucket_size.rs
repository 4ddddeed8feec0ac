thread_local! {
    // The hooks stay as they are; the size is named now.
    static MANAGER: RefCell<MemoryManager<DefaultMemoryImpl>> =
        RefCell::new(MemoryManager::init_with_bucket_size(
            Default::default(),
            1,
        ));
}
