//! What La Draille sells: for each kind of thing its brands and its variants, written by hand.

/// A kind of thing.
pub(crate) struct Kind {
    /// Begins the item ids.
    pub(crate) code: &'static str,
    pub(crate) category: &'static str,
    pub(crate) brands: &'static [Brand],
    /// The share of the price that is left to the shop.
    pub(crate) margin: f64,
    /// Empty: for the whole year.
    pub(crate) seasons: &'static [&'static str],
    /// Empty: sold everywhere.
    pub(crate) regions: &'static [&'static str],
    pub(crate) traits: &'static [Trait],
    pub(crate) variants: &'static [Variant],
}

/// What is true of every thing of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    /// It is used up and bought again.
    Consumable,
    /// It makes a present.
    Giftable,
    /// Clubs and guides buy it in packs of so many pieces.
    TradePack(u32),
}

/// A brand, with what its things cost and weigh beside those of the others.
pub(crate) struct Brand {
    pub(crate) name: &'static str,
    pub(crate) price: f64,
    pub(crate) weight: f64,
    /// Its models; the first is its first variant's.
    pub(crate) models: &'static [&'static str],
}

/// A variant: French, English, euros, grams, tags.
pub(crate) struct Variant(
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) f64,
    pub(crate) f64,
    pub(crate) &'static [&'static str],
);

use Trait::{Consumable, Giftable, TradePack};
use Variant as V;

const fn brand(name: &'static str, price: f64, weight: f64, models: &'static [&'static str]) -> Brand {
    Brand { name, price, weight, models }
}

const NORDHANG: Brand =
    brand("Nordhang", 1.4, 0.85, &["Isfjell", "Storli", "Vinje", "Tromsa", "Rondane", "Halden"]);
const SYLVANE: Brand =
    brand("Sylvane", 1.2, 0.95, &["Chamois", "Gypaète", "Mélèze", "Lagopède", "Tétras", "Hermine"]);
const CLAIRVAL: Brand =
    brand("Clairval", 1.0, 1.0, &["Combe", "Lauze", "Draye", "Clapas", "Vallon", "Serre"]);
const BALMETTE: Brand =
    brand("Balmette", 0.75, 1.15, &["Départ", "Sente", "Halte", "Relais", "Étape", "Gîte"]);
const VERTIGE: Brand =
    brand("Vertige", 1.2, 0.9, &["Dièdre", "Fissure", "Surplomb", "Dalle", "Pilier", "Arête"]);
const COULEE: Brand = brand("Coulée", 1.1, 1.0, &["Névé", "Sérac", "Cornice", "Poudre", "Vire", "Avens"]);
const LUCIOLE: Brand = brand("Luciole", 1.0, 1.0, &["Vega", "Rigel", "Altaïr", "Deneb", "Mira", "Spica"]);
const PIERRIER: Brand =
    brand("Pierrier", 1.05, 0.95, &["Foulée", "Lacet", "Éboulis", "Balcon", "Crête", "Bise"]);
const LAINAGE: Brand =
    brand("Lainage d'Ubaye", 1.15, 1.0, &["Mérinos", "Toison", "Agneline", "Cardée", "Filée", "Tissée"]);
const CABANON: Brand =
    brand("Cabanon", 1.0, 1.0, &["Maison", "Marché", "Jardin", "Verger", "Ruche", "Moulin"]);
const ATELIER: Brand = brand("Atelier du Buëch", 1.0, 1.0, &["Nº 1", "Nº 2", "Nº 3", "Nº 4", "Nº 5", "Nº 6"]);
const CARTOFLEUR: Brand = brand("Éditions du Torrent", 1.0, 1.0, &["2026"]);
const SECOURS: Brand = brand("Premiers Pas", 1.0, 1.0, &["Classique"]);

const WINTER: &[&str] = &["winter"];
const SUMMER: &[&str] = &["summer", "all-year"];
const MAINLAND: &[&str] = &["metropole"];
const NO_FLIGHT: &[&str] = &["metropole", "corse"];
const ALWAYS: &[&str] = &[];
const EVERYWHERE: &[&str] = &[];

#[rustfmt::skip]
pub(crate) const KINDS: &[Kind] = &[
    Kind { code: "PHA", category: "pharmacy/blisters", brands: &[SECOURS], margin: 0.30, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Consumable], variants: &[
        V("Pansements pour ampoules, 6 pièces", "Blister plasters, 6 pieces", 7.50, 25.0, &[]), V("Bâton contre les frottements", "Anti-chafing stick", 8.90, 40.0, &[])] },
    Kind { code: "PHS", category: "pharmacy/sleep", brands: &[SECOURS], margin: 0.30, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Consumable], variants: &[
        V("Tisane du dortoir", "Dormitory herbal tea", 6.20, 60.0, &[]), V("Mélatonine, 30 comprimés", "Melatonin, 30 tablets", 11.90, 30.0, &[])] },
    Kind { code: "TEN", category: "tents", brands: &[NORDHANG, SYLVANE, CLAIRVAL], margin: 0.34, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Tente légère 1 place", "Lightweight 1-person tent", 219.0, 1150.0, &["light", "trekking"]), V("Tente légère 2 places", "Lightweight 2-person tent", 289.0, 1690.0, &["light", "trekking"]),
        V("Tente 2 places", "2-person tent", 149.0, 2600.0, &["camping"]), V("Tente 3 places", "3-person tent", 189.0, 3300.0, &["camping"]),
        V("Tente familiale 4 places", "4-person family tent", 279.0, 7200.0, &["family", "camping"]), V("Tente familiale 6 places", "6-person family tent", 419.0, 12500.0, &["family", "camping"])] },
    Kind { code: "SLB", category: "sleeping-bags", brands: &[NORDHANG, SYLVANE, BALMETTE], margin: 0.38, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Sac de couchage léger +8 °C", "Light sleeping bag +8 °C", 99.0, 690.0, &["light", "trekking"]), V("Sac de couchage 3 saisons 0 °C", "3-season sleeping bag 0 °C", 139.0, 1050.0, &["trekking"]),
        V("Sac de couchage d'hiver −12 °C", "Winter sleeping bag −12 °C", 269.0, 1480.0, &["cold"]), V("Sac de couchage large +5 °C", "Wide sleeping bag +5 °C", 69.0, 1600.0, &["camping", "family"]),
        V("Sac de couchage junior +6 °C", "Junior sleeping bag +6 °C", 45.0, 900.0, &["family"])] },
    Kind { code: "MAT", category: "mats", brands: &[NORDHANG, CLAIRVAL, BALMETTE], margin: 0.42, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Matelas gonflable léger", "Light inflatable mat", 89.0, 420.0, &["light", "trekking"]), V("Matelas autogonflant 5 cm", "Self-inflating mat 5 cm", 59.0, 980.0, &["camping"]),
        V("Matelas en mousse pliable", "Folding foam mat", 29.0, 410.0, &["trekking"]), V("Matelas double de camping", "Double camping mat", 119.0, 2900.0, &["camping", "family"])] },
    Kind { code: "LAM", category: "lamps", brands: &[LUCIOLE, CLAIRVAL, BALMETTE], margin: 0.45, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Giftable], variants: &[
        V("Lampe frontale 350 lumens", "Headlamp 350 lumens", 34.0, 82.0, &["trekking"]), V("Lampe frontale rechargeable 700 lumens", "Rechargeable headlamp 700 lumens", 69.0, 110.0, &["trail", "trekking"]),
        V("Lampe frontale junior", "Junior headlamp", 19.0, 70.0, &["family"]), V("Lanterne de camp", "Camp lantern", 39.0, 320.0, &["camping", "family"])] },
    Kind { code: "STO", category: "stoves", brands: &[CLAIRVAL, BALMETTE], margin: 0.36, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Réchaud à gaz compact", "Compact gas stove", 39.0, 95.0, &["light", "trekking"]), V("Réchaud à gaz avec popote", "Gas stove with pot", 95.0, 420.0, &["trekking"]),
        V("Réchaud de camp deux feux", "Two-burner camp stove", 119.0, 4200.0, &["camping", "family"])] },
    Kind { code: "GAS", category: "gas", brands: &[BALMETTE], margin: 0.25, seasons: ALWAYS, regions: NO_FLIGHT, traits: &[Consumable], variants: &[
        V("Cartouche de gaz 100 g", "Gas cartridge 100 g", 5.90, 200.0, &[]), V("Cartouche de gaz 230 g", "Gas cartridge 230 g", 7.90, 380.0, &[]), V("Cartouche de gaz 450 g", "Gas cartridge 450 g", 11.90, 660.0, &[])] },
    Kind { code: "COO", category: "cookware", brands: &[CLAIRVAL, BALMETTE], margin: 0.44, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Giftable], variants: &[
        V("Popote 1 personne en titane", "1-person titanium pot", 49.0, 110.0, &["light", "trekking"]), V("Popote 2 personnes en aluminium", "2-person aluminium pot set", 35.0, 380.0, &["trekking"]),
        V("Batterie de camp 4 personnes", "4-person camp cookset", 59.0, 1250.0, &["camping", "family"]), V("Couverts pliants", "Folding cutlery", 12.0, 55.0, &[])] },
    Kind { code: "MEA", category: "food", brands: &[CABANON], margin: 0.32, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Consumable, TradePack(10)], variants: &[
        V("Repas lyophilisé : pâtes aux cèpes", "Freeze-dried meal: pasta with ceps", 8.90, 130.0, &["trekking", "vegetarian"]), V("Repas lyophilisé : riz au curry", "Freeze-dried meal: rice curry", 8.50, 125.0, &["trekking", "vegetarian"]),
        V("Repas lyophilisé : purée au bœuf", "Freeze-dried meal: beef and mash", 9.50, 140.0, &["trekking"]), V("Petit déjeuner aux flocons d'avoine", "Oat breakfast", 5.50, 110.0, &["trekking", "vegetarian"]),
        V("Barres aux abricots, 5 pièces", "Apricot bars, 5 pieces", 9.90, 200.0, &["trail", "vegetarian"]), V("Gels énergétiques, 6 pièces", "Energy gels, 6 pieces", 13.90, 240.0, &["trail"]),
        V("Boisson isotonique au citron, 500 g", "Lemon isotonic drink, 500 g", 14.50, 540.0, &["trail"]), V("Mélange de fruits secs, 300 g", "Trail mix, 300 g", 7.20, 310.0, &["trail", "vegetarian"])] },
    Kind { code: "BOO", category: "boots", brands: &[SYLVANE, CLAIRVAL, BALMETTE], margin: 0.40, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Chaussures de randonnée basses femme", "Women's low hiking shoes", 99.0, 720.0, &["women", "hiking"]), V("Chaussures de randonnée basses homme", "Men's low hiking shoes", 99.0, 860.0, &["men", "hiking"]),
        V("Chaussures de randonnée montantes femme", "Women's hiking boots", 149.0, 980.0, &["women", "hiking", "trekking"]), V("Chaussures de randonnée montantes homme", "Men's hiking boots", 149.0, 1180.0, &["men", "hiking", "trekking"]),
        V("Chaussures d'alpinisme en cuir", "Leather mountaineering boots", 259.0, 1650.0, &["alpine"])] },
    Kind { code: "SOC", category: "socks", brands: &[LAINAGE, CLAIRVAL, PIERRIER], margin: 0.52, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Giftable, TradePack(5)], variants: &[
        V("Chaussettes de randonnée en laine", "Wool hiking socks", 18.0, 75.0, &["hiking", "trekking"]), V("Chaussettes de randonnée légères", "Light hiking socks", 13.0, 48.0, &["hiking", "light"]),
        V("Chaussettes de course basses", "Low running socks", 12.0, 32.0, &["trail"]), V("Chaussettes de ski", "Ski socks", 24.0, 95.0, &["ski"])] },
    Kind { code: "CAR", category: "care", brands: &[ATELIER], margin: 0.48, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Consumable], variants: &[
        V("Cire pour cuir", "Leather wax", 9.50, 110.0, &[]), V("Imperméabilisant en spray", "Waterproofing spray", 14.90, 330.0, &[]), V("Lessive pour duvet", "Down wash", 12.50, 280.0, &[]),
        V("Lessive pour membrane", "Wash for waterproofs", 11.50, 280.0, &[]), V("Brosse à chaussures", "Boot brush", 6.90, 90.0, &[]), V("Fart universel", "All-temperature ski wax", 13.90, 120.0, &["ski"])] },
    Kind { code: "POL", category: "poles", brands: &[NORDHANG, PIERRIER, BALMETTE], margin: 0.43, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Bâtons de randonnée en aluminium", "Aluminium trekking poles", 49.0, 520.0, &["hiking", "trekking"]), V("Bâtons de randonnée pliables", "Folding trekking poles", 89.0, 440.0, &["hiking", "trekking", "light"]),
        V("Bâtons de trail en carbone", "Carbon trail poles", 119.0, 300.0, &["trail", "light"]), V("Bâtons de ski de randonnée", "Ski touring poles", 69.0, 480.0, &["ski", "touring"])] },
    Kind { code: "PAC", category: "packs", brands: &[NORDHANG, CLAIRVAL, BALMETTE], margin: 0.41, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Sac à dos de journée 22 L", "Day pack 22 L", 69.0, 750.0, &["hiking"]), V("Sac à dos de trek 50 L", "Trekking pack 50 L", 149.0, 1700.0, &["trekking"]),
        V("Sac à dos léger 38 L", "Light pack 38 L", 129.0, 890.0, &["light", "trekking"]), V("Sac à dos junior 15 L", "Junior pack 15 L", 35.0, 480.0, &["family"]),
        V("Gilet de trail 8 L", "Trail vest 8 L", 95.0, 240.0, &["trail", "light"])] },
    Kind { code: "BOT", category: "bottles", brands: &[CLAIRVAL, PIERRIER, BALMETTE], margin: 0.50, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Giftable, TradePack(10)], variants: &[
        V("Gourde en inox 0,75 L", "Steel bottle 0.75 L", 22.0, 190.0, &["hiking"]), V("Gourde isotherme 0,5 L", "Insulated bottle 0.5 L", 29.0, 310.0, &["cold"]),
        V("Flasque souple 0,5 L", "Soft flask 0.5 L", 16.0, 35.0, &["trail", "light"]), V("Gourde junior 0,35 L", "Junior bottle 0.35 L", 14.0, 110.0, &["family"])] },
    Kind { code: "MAP", category: "maps", brands: &[CARTOFLEUR], margin: 0.35, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Giftable], variants: &[
        V("Carte Écrins au 1:25 000", "Map Écrins 1:25,000", 13.90, 105.0, &[]), V("Carte Queyras au 1:25 000", "Map Queyras 1:25,000", 13.90, 105.0, &[]), V("Carte Dévoluy au 1:25 000", "Map Dévoluy 1:25,000", 13.90, 105.0, &[]),
        V("Carte Ubaye au 1:25 000", "Map Ubaye 1:25,000", 13.90, 105.0, &[]), V("Carte Mercantour au 1:25 000", "Map Mercantour 1:25,000", 13.90, 105.0, &[]), V("Carte Chartreuse au 1:25 000", "Map Chartreuse 1:25,000", 13.90, 105.0, &[]),
        V("Topo-guide : tours de trois jours", "Guidebook: three-day tours", 19.90, 340.0, &["trekking"]), V("Topo-guide : sentiers en famille", "Guidebook: family walks", 16.90, 310.0, &["family"]),
        V("Topo-guide : escalade en falaise", "Guidebook: sport climbing", 26.00, 420.0, &["climbing"]), V("Topo-guide : ski de randonnée", "Guidebook: ski touring", 24.50, 390.0, &["ski"])] },
    Kind { code: "JAC", category: "jackets", brands: &[NORDHANG, SYLVANE, BALMETTE], margin: 0.46, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Veste imperméable femme", "Women's waterproof jacket", 169.0, 390.0, &["women", "hiking"]), V("Veste imperméable homme", "Men's waterproof jacket", 169.0, 450.0, &["men", "hiking"]),
        V("Doudoune légère", "Light down jacket", 149.0, 310.0, &["light", "cold"]), V("Polaire", "Fleece jacket", 69.0, 360.0, &["hiking"]), V("Coupe-vent de trail", "Trail windbreaker", 89.0, 120.0, &["trail", "light"])] },
    Kind { code: "BAS", category: "base-layers", brands: &[LAINAGE, NORDHANG, CLAIRVAL], margin: 0.49, seasons: WINTER, regions: EVERYWHERE, traits: &[Giftable], variants: &[
        V("Maillot chaud femme", "Women's thermal top", 55.0, 190.0, &["women", "cold"]), V("Maillot chaud homme", "Men's thermal top", 55.0, 220.0, &["men", "cold"]),
        V("Collant chaud femme", "Women's thermal tights", 49.0, 170.0, &["women", "cold"]), V("Collant chaud homme", "Men's thermal tights", 49.0, 190.0, &["men", "cold"])] },
    Kind { code: "GLO", category: "gloves", brands: &[COULEE, SYLVANE, BALMETTE], margin: 0.47, seasons: WINTER, regions: EVERYWHERE, traits: &[Giftable], variants: &[
        V("Gants de ski", "Ski gloves", 59.0, 240.0, &["ski", "cold"]), V("Sous-gants en laine", "Wool liner gloves", 19.0, 45.0, &["light"]), V("Moufles d'altitude", "Mountain mittens", 89.0, 260.0, &["cold"])] },
    Kind { code: "HAT", category: "hats", brands: &[LAINAGE, SYLVANE], margin: 0.55, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Giftable], variants: &[
        V("Bonnet en laine", "Wool beanie", 24.0, 60.0, &["cold"]), V("Tour de cou", "Neck warmer", 17.0, 45.0, &["cold"]), V("Casquette de trail", "Trail cap", 25.0, 55.0, &["trail"]), V("Chapeau de soleil", "Sun hat", 29.0, 80.0, &["hiking"])] },
    Kind { code: "TRS", category: "trail-shoes", brands: &[PIERRIER, SYLVANE, NORDHANG], margin: 0.42, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Chaussures de trail femme", "Women's trail shoes", 119.0, 500.0, &["women", "trail"]), V("Chaussures de trail homme", "Men's trail shoes", 119.0, 600.0, &["men", "trail"]),
        V("Chaussures de course en montagne", "Mountain running shoes", 139.0, 520.0, &["trail", "light"]), V("Chaussures de trail longue distance", "Long-distance trail shoes", 149.0, 620.0, &["trail"])] },
    Kind { code: "SKI", category: "skis", brands: &[COULEE, NORDHANG, CLAIRVAL], margin: 0.30, seasons: WINTER, regions: MAINLAND, traits: &[], variants: &[
        V("Skis de randonnée légers 84 mm", "Light touring skis 84 mm", 449.0, 2300.0, &["ski", "light", "touring"]), V("Skis de randonnée 95 mm", "Touring skis 95 mm", 499.0, 2900.0, &["ski", "touring"]),
        V("Skis de piste", "Piste skis", 379.0, 5200.0, &["ski", "piste"]), V("Skis junior", "Junior skis", 149.0, 3000.0, &["ski", "family"])] },
    Kind { code: "SKB", category: "ski-boots", brands: &[COULEE, CLAIRVAL], margin: 0.33, seasons: WINTER, regions: MAINLAND, traits: &[], variants: &[
        V("Chaussures de ski de randonnée femme", "Women's touring boots", 389.0, 2300.0, &["ski", "women", "touring"]), V("Chaussures de ski de randonnée homme", "Men's touring boots", 389.0, 2700.0, &["ski", "men", "touring"]),
        V("Chaussures de ski de piste", "Piste ski boots", 279.0, 4100.0, &["ski", "piste"]), V("Chaussures de ski junior", "Junior ski boots", 119.0, 2400.0, &["ski", "family"])] },
    Kind { code: "GOG", category: "goggles", brands: &[COULEE, LUCIOLE, BALMETTE], margin: 0.50, seasons: WINTER, regions: EVERYWHERE, traits: &[Giftable], variants: &[
        V("Masque de ski", "Ski goggles", 69.0, 130.0, &["ski"]), V("Masque de ski photochromique", "Photochromic ski goggles", 129.0, 135.0, &["ski"]), V("Masque de ski junior", "Junior ski goggles", 35.0, 95.0, &["ski", "family"])] },
    Kind { code: "HAR", category: "harnesses", brands: &[VERTIGE, CLAIRVAL], margin: 0.39, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Baudrier de falaise", "Sport climbing harness", 69.0, 390.0, &["climbing"]), V("Baudrier d'alpinisme léger", "Light alpine harness", 59.0, 210.0, &["climbing", "light"]), V("Baudrier junior", "Junior harness", 45.0, 280.0, &["climbing", "family"])] },
    Kind { code: "ROP", category: "ropes", brands: &[VERTIGE, NORDHANG], margin: 0.37, seasons: ALWAYS, regions: EVERYWHERE, traits: &[TradePack(5)], variants: &[
        V("Corde à simple 9,8 mm 60 m", "Single rope 9.8 mm 60 m", 139.0, 3800.0, &["climbing"]), V("Corde à simple 9,4 mm 70 m", "Single rope 9.4 mm 70 m", 179.0, 4100.0, &["climbing", "light"]),
        V("Corde d'alpinisme 7,8 mm 30 m", "Alpine rope 7.8 mm 30 m", 85.0, 1150.0, &["alpine"]), V("Cordelette 6 mm 5 m", "Accessory cord 6 mm 5 m", 9.0, 120.0, &["climbing"])] },
    Kind { code: "CRB", category: "carabiners", brands: &[VERTIGE, CLAIRVAL], margin: 0.46, seasons: ALWAYS, regions: EVERYWHERE, traits: &[TradePack(10)], variants: &[
        V("Mousqueton à vis", "Screw-lock carabiner", 12.0, 58.0, &["climbing"]), V("Dégaines, 6 pièces", "Quickdraws, set of 6", 79.0, 560.0, &["climbing"]), V("Descendeur tube", "Belay tube", 19.0, 55.0, &["climbing"]),
        V("Assureur à freinage assisté", "Assisted-braking belay device", 75.0, 190.0, &["climbing"])] },
    Kind { code: "HEL", category: "helmets", brands: &[VERTIGE, COULEE, CLAIRVAL], margin: 0.41, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Casque d'escalade", "Climbing helmet", 59.0, 320.0, &["climbing"]), V("Casque léger d'alpinisme et de ski", "Light climbing and ski helmet", 99.0, 220.0, &["climbing", "ski", "light"]), V("Casque junior", "Junior helmet", 49.0, 300.0, &["family", "climbing"])] },
    Kind { code: "CLS", category: "climbing-shoes", brands: &[VERTIGE, PIERRIER], margin: 0.44, seasons: ALWAYS, regions: EVERYWHERE, traits: &[], variants: &[
        V("Chaussons d'escalade confortables", "Comfortable climbing shoes", 89.0, 480.0, &["climbing"]), V("Chaussons d'escalade techniques", "Technical climbing shoes", 129.0, 430.0, &["climbing"]), V("Chaussons junior", "Junior climbing shoes", 49.0, 320.0, &["climbing", "family"])] },
    Kind { code: "CHA", category: "chalk", brands: &[ATELIER], margin: 0.55, seasons: ALWAYS, regions: EVERYWHERE, traits: &[Consumable, TradePack(10)], variants: &[
        V("Magnésie en boule", "Chalk ball", 5.50, 60.0, &["climbing"]), V("Magnésie liquide 200 ml", "Liquid chalk 200 ml", 11.90, 230.0, &["climbing"]), V("Sac à magnésie en laine", "Wool chalk bag", 24.0, 110.0, &["climbing"])] },
    Kind { code: "WAT", category: "water-filters", brands: &[CLAIRVAL, BALMETTE], margin: 0.40, seasons: SUMMER, regions: EVERYWHERE, traits: &[], variants: &[
        V("Filtre à eau de poche", "Pocket water filter", 39.0, 75.0, &["trekking", "light"]), V("Filtre à eau par gravité 3 L", "Gravity water filter 3 L", 79.0, 330.0, &["camping", "family"])] },
];
