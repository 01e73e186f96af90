// It brings no text of its own: this banner says what ours says.
import "/npm/vanilla-cookieconsent/dist/cookieconsent.umd.js";

CookieConsent.run({
  categories: {
    necessary: { enabled: true, readOnly: true },
    video: { services: { youtube: { label: "YouTube", cookies: [{ name: "VISITOR_INFO1_LIVE" }, { name: "YSC" }, { name: "PREF" }] } } }
  },
  language: {
    default: "fr",
    translations: {
      fr: {
        consentModal: {
          title: "Vos cookies, votre choix",
          description: "Le site marche sans. Si vous acceptez, il peut aussi montrer des vidéos YouTube. Vous changez d’avis quand vous voulez.",
          acceptAllBtn: "Tout accepter",
          acceptNecessaryBtn: "Tout refuser",
          showPreferencesBtn: "Personnaliser"
        },
        preferencesModal: {
          title: "Gestion des cookies",
          acceptAllBtn: "Tout accepter",
          acceptNecessaryBtn: "Tout refuser",
          savePreferencesBtn: "Enregistrer mes choix",
          closeIconLabel: "Fermer",
          sections: [
            { title: "Nécessaires", description: "Le site en a besoin.", linkedCategory: "necessary" },
            { title: "Vidéos", description: "Regarder nos vidéos.", linkedCategory: "video" }
          ]
        }
      }
    }
  }
});
