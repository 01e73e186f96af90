// In its README's order: what is left out has a default.
var klaroConfig = {
  version: 1,
  acceptAll: true,
  translations: {
    zz: { privacyPolicyUrl: "/confidentialite" },
    fr: { youtube: { description: "Regarder nos vidéos." }, purposes: { video: "Vidéos" } }
  },
  services: [
    { name: "youtube", title: "YouTube", purposes: ["video"], cookies: ["VISITOR_INFO1_LIVE", "YSC", "PREF"] }
  ]
};
