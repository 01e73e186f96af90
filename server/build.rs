//! Embeds what `make assets` wrote to `target/site`: each file, precompressed, under one hash.
//! Without it the program compiles, and says at the start what is missing.

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let site = Path::new(&root).join("../target/site");
    let manifest = site.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let mut code = String::new();
    match fs::read_to_string(&manifest).ok().and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok()) {
        Some(manifest) => {
            let hash = manifest["hash"].as_str().expect("manifest.json: hash");
            let _ = writeln!(code, "pub(crate) const HASH: &str = {hash:?};");
            code.push_str("pub(crate) static FILES: &[Asset] = &[\n");
            for file in manifest["files"].as_array().expect("manifest.json: files") {
                let name = file["name"].as_str().expect("manifest.json: name");
                let kind = file["type"].as_str().expect("manifest.json: type");
                let path = site.join("files").join(name);
                let include = |suffix: &str| format!("include_bytes!({:?})", format!("{}{suffix}", path.display()));
                let packed = |suffix: &str, key: &str| match file[key].is_null() {
                    true => "None".to_owned(),
                    false => format!("Some({})", include(suffix)),
                };
                let _ = writeln!(
                    code,
                    "    Asset {{ name: {name:?}, content_type: {kind:?}, plain: {}, brotli: {}, gzip: {} }},",
                    include(""),
                    packed(".br", "br"),
                    packed(".gz", "gzip"),
                );
            }
            code.push_str("];\n");
        }
        None => {
            code.push_str("pub(crate) const HASH: &str = \"\";\npub(crate) static FILES: &[Asset] = &[];\n");
        }
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("assets.rs");
    fs::write(out, code).expect("OUT_DIR is writable");
}
