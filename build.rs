//! Tells cargo what the embedded files depend on.

fn main() {
    // include_dir! cannot tell cargo of files added later.
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=roles");
}
