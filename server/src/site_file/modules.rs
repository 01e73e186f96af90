//! `[modules]`: what this portal has.

use super::Refused;
use domain::site::{Module, Modules};
use std::collections::BTreeMap;
use toml::Spanned;

/// Each module by its word; one that is not named is on.
pub(super) type Section = BTreeMap<Spanned<String>, Spanned<bool>>;

/// The modules that are on. One that needs another cannot be on without it.
pub(super) fn read(section: &Section) -> Result<Modules, Refused> {
    let mut off = Vec::new();
    for (word, on) in section {
        let Some(module) = Module::from_code(word.get_ref()) else {
            let allowed = Module::ALL.map(Module::code).join(", ");
            return Err((word.span().start, format!("modules.{}: unknown module; allowed: {allowed}", word.get_ref())));
        };
        if !on.get_ref() {
            off.push(module);
        }
    }
    let modules = Modules::without(&off);
    // Where it says so, or else where what it needs is turned off: one of the two is in the file.
    let line = |module: Module| section.iter().find(|(word, _)| word.get_ref() == module.code());
    for module in Module::ALL.into_iter().filter(|module| modules.has(*module)) {
        if let Some(needed) = module.needs().iter().find(|needed| !modules.has(**needed)) {
            let at = line(module).or_else(|| line(*needed)).map_or(0, |(word, _)| word.span().start);
            let (module, needed) = (module.code(), needed.code());
            return Err((
                at,
                format!(
                    "modules.{module} = true needs modules.{needed} = true; \
                     allowed: {needed} = true, or {module} = false as well"
                ),
            ));
        }
    }
    Ok(modules)
}
