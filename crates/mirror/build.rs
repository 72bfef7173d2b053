//! The migrations are read by a macro, which cargo cannot see: a new one must rebuild the crate.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/mirror");
}
