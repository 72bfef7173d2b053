#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::whatsapp_android_rows(bytes));
