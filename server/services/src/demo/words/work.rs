//! Fields of work: jobs, trainings, employers.

/// A field of work. The jobs, trainings and employers of one person come from one field, so that they fit together.
pub(in crate::demo) struct Sector {
    /// Job names, worded like those of the ROME.
    pub(in crate::demo) jobs: &'static [&'static str],
    /// Diplomas and trainings that lead there.
    pub(in crate::demo) trainings: &'static [&'static str],
    /// Employers, all invented.
    pub(in crate::demo) employers: &'static [&'static str],
}

/// The fields of work.
pub(in crate::demo) const SECTORS: &[Sector] = &[
    Sector {
        jobs: &[
            "Vendeur / Vendeuse en prêt-à-porter",
            "Employé / Employée de libre-service",
            "Hôte / Hôtesse de caisse",
            "Conseiller / Conseillère de vente",
        ],
        trainings: &["CAP Équipier polyvalent du commerce", "Titre professionnel Conseiller de vente"],
        employers: &["Épicerie du Vieux Lavoir", "Les Halles Fictives", "Maison Tissandre"],
    },
    Sector {
        jobs: &[
            "Commis / Commise de cuisine",
            "Serveur / Serveuse en restauration",
            "Employé polyvalent / Employée polyvalente de restauration",
            "Boulanger / Boulangère",
            "Pâtissier / Pâtissière",
        ],
        trainings: &["CAP Cuisine", "CAP Pâtissier"],
        employers: &["Brasserie du Méridien Perdu", "Fournil Gardelune", "Cantine des Trois Phares"],
    },
    Sector {
        jobs: &[
            "Préparateur / Préparatrice de commandes",
            "Cariste",
            "Magasinier / Magasinière",
            "Chauffeur-livreur / Chauffeuse-livreuse",
        ],
        trainings: &["Titre professionnel Préparateur de commandes en entrepôt", "CACES R489"],
        employers: &["Entrepôts Pontelier", "Colis-Cabotage", "Logistique du Canal Neuf"],
    },
    Sector {
        jobs: &[
            "Électricien / Électricienne du bâtiment",
            "Peintre en bâtiment",
            "Plombier-chauffagiste / Plombière-chauffagiste",
            "Maçon / Maçonne",
        ],
        trainings: &["CAP Électricien", "Titre professionnel Peintre en bâtiment"],
        employers: &["Bâti-Boussole", "Ateliers Rocheblave", "Chantiers de l'Écluse Fictive"],
    },
    Sector {
        jobs: &[
            "Auxiliaire de puériculture",
            "Animateur / Animatrice d'accueil périscolaire",
            "Aide-soignant / Aide-soignante",
            "Accompagnant éducatif et social / Accompagnante éducative et sociale",
        ],
        trainings: &["CAP Accompagnant éducatif petite enfance", "BAFA"],
        employers: &["Crèche Les Petits Sémaphores", "Association Ronde-Marelle", "Résidence du Grand Tilleul"],
    },
    Sector {
        jobs: &[
            "Développeur / Développeuse web",
            "Technicien / Technicienne d'assistance en informatique",
            "Installateur / Installatrice de fibre optique",
            "Chargé / Chargée de communication numérique",
        ],
        trainings: &["Titre professionnel Développeur web et web mobile", "Bac pro CIEL"],
        employers: &["Atelier Pixel-Hirondelle", "Fibre et Compagnie Fictive", "Octet Vermeil"],
    },
    Sector {
        jobs: &[
            "Secrétaire",
            "Agent / Agente d'accueil",
            "Assistant administratif / Assistante administrative",
            "Assistant / Assistante comptable",
        ],
        trainings: &["Bac pro AGOrA", "Titre professionnel Employé administratif et d'accueil"],
        employers: &["Cabinet Hautecombe", "Mutuelle Imaginaire du Bassin", "Bureau Plumetier"],
    },
    Sector {
        jobs: &[
            "Agent / Agente de sécurité",
            "Agent / Agente de propreté des locaux",
            "Agent / Agente de sûreté aéroportuaire",
        ],
        trainings: &["CQP Agent de prévention et de sécurité", "CAP Agent de propreté et d'hygiène"],
        employers: &["Vigie Nervaux", "Netteté du Levant", "Veille Alcyon"],
    },
    Sector {
        jobs: &["Mécanicien / Mécanicienne cycles", "Mécanicien / Mécanicienne automobile", "Carrossier / Carrossière"],
        trainings: &["CAP Maintenance des véhicules", "CQP Technicien vendeur cycles"],
        employers: &["Garage Tournebise", "Cyclerie du Pignon Libre", "Vélos Charmeuil"],
    },
    Sector {
        jobs: &[
            "Coiffeur / Coiffeuse",
            "Esthéticien / Esthéticienne",
            "Couturier / Couturière",
            "Technicien / Technicienne son",
        ],
        trainings: &["CAP Métiers de la coiffure", "CAP Métiers de la mode"],
        employers: &["Salon Mirebeaux", "Atelier Fil-de-Brume", "Studio La Sourdine"],
    },
    Sector {
        jobs: &["Jardinier / Jardinière paysagiste", "Fleuriste", "Maraîcher / Maraîchère"],
        trainings: &["CAPA Jardinier paysagiste", "CAP Fleuriste"],
        employers: &["Jardins Bonnefouge", "Pépinière du Rempart Vert", "Fleurs Villandre"],
    },
];
