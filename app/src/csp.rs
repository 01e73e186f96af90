//! The Content-Security-Policy of a page: it allows only what the page needs (C5).

use domain::consent::Service;

/// What a page has that the policy must allow.
pub(crate) struct Needs<'p> {
    /// The nonce of its scripts, if it has any.
    pub(crate) nonce: Option<&'p str>,
    /// Whether the page has an island, which loads WebAssembly and calls the portal.
    pub(crate) island: bool,
    /// Whether it registers the worker of the installed app.
    pub(crate) worker: bool,
    /// Whether it names the manifest of the app.
    pub(crate) manifest: bool,
    /// The accepted services that measure visits on this page.
    pub(crate) tags: &'p [Service],
    /// The origins that it may show in frames.
    pub(crate) frames: &'p [String],
    /// Whether the page itself is shown inside one of our frames.
    pub(crate) framed: bool,
}

impl Needs<'_> {
    /// The value of the header.
    pub(crate) fn header(&self) -> String {
        let mut scripts: Vec<String> = self.nonce.map(|nonce| format!("'nonce-{nonce}'")).into_iter().collect();
        let mut connect = Vec::new();
        let mut img = vec!["'self'".to_owned()];
        if self.island {
            scripts.extend(["'strict-dynamic'", "'wasm-unsafe-eval'"].map(str::to_owned));
            connect.push("'self'".to_owned());
        }
        for Service { hosts, .. } in self.tags {
            scripts.extend_from_slice(&hosts.script);
            connect.extend_from_slice(&hosts.connect);
            img.extend_from_slice(&hosts.img);
        }
        let list = |sources: &[String]| if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") };
        // Without these two directives, `default-src` forbids both.
        let worker = if self.worker { " worker-src 'self';" } else { "" };
        let manifest = if self.manifest { " manifest-src 'self';" } else { "" };
        // There is no `report-to`: a browser that knows it ignores `report-uri`, and Chromium then sends no reports
        // over http.
        format!(
            "default-src 'none'; script-src {}; style-src 'self'; img-src {}; font-src 'none'; connect-src {};{worker}{manifest} \
             form-action 'self'; frame-src {}; frame-ancestors {}; base-uri 'none'; report-uri /csp",
            list(&scripts),
            list(&img),
            list(&connect),
            list(self.frames),
            if self.framed { "'self'" } else { "'none'" },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Needs<'_> =
        Needs { nonce: None, island: false, worker: false, manifest: false, tags: &[], frames: &[], framed: false };

    #[test]
    fn a_page_without_needs_may_load_only_its_style_and_pictures() {
        assert_eq!(
            NOTHING.header(),
            "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; font-src 'none'; connect-src 'none'; \
             form-action 'self'; frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; report-uri /csp"
        );
    }

    #[test]
    fn each_need_adds_its_own_sources_and_nothing_else() {
        let island = Needs { nonce: Some("abc"), island: true, ..NOTHING }.header();
        assert!(island.contains("script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval';"), "{island}");
        assert!(island.contains("connect-src 'self';") && !island.contains("worker-src"), "{island}");
        let worker = Needs { worker: true, ..NOTHING }.header();
        assert_eq!(worker.replace(" worker-src 'self';", ""), NOTHING.header());
        let manifest = Needs { manifest: true, ..NOTHING }.header();
        assert_eq!(manifest.replace(" manifest-src 'self';", ""), NOTHING.header());
        let frames = ["https://visio.exemple.test".to_owned()];
        let frame = Needs { frames: &frames, framed: true, ..NOTHING }.header();
        assert!(frame.contains("frame-src https://visio.exemple.test; frame-ancestors 'self';"), "{frame}");
    }
}
