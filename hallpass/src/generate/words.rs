//! The words that people, companies and subjects are made of.

use super::rng::Rng;

const FIRST: &str = "Ada Adam Ágnes Aisha Alex Alice Alma Amara Amir Ana Anders Andrea Anita Anna Anton Arjun \
    Astrid Aurora Bea Ben Björn Bruno Carla Carlos Celia Chiara Chloé Clara Cleo Dario David Diego Dilan Dmitri \
    Dora Eda Elena Eli Elif Elisa Emil Emma Enzo Erik Esther Eva Fatima Felix Fiona Frida Gabriel Giulia Grace \
    Greta Hana Hannah Hassan Helena Henrik Hugo Ida Ines Ingrid Irina Isaac Ivan Jakob Jan Jana Jasmin Joana Johan \
    Jonas José Julia Kai Karim Katya Kenji Klara Laila Lara Lars Laura Lea Leo Liam Lina Linus Lisa Livia Louis \
    Lucas Lucia Luna Magda Maja Malik Marco Maria Marta Mateo Max Maya Mei Mia Michał Mila Milan Mira Mohammed \
    Nadia Naomi Nele Nia Nico Nils Nina Noah Noor Nora Olga Oliver Omar Oscar Otto Pablo Paula Pavel Petra Priya \
    Rafael Rania Raúl Rita Robin Romy Rosa Ruben Ruth Sami Samuel Sara Sofia Sonja Søren Stella Sven Tara Teresa \
    Theo Thomas Tilda Tom Valentina Vera Victor Viktor Yara Yasmin Yuki Yusuf Zoë Żaneta";

const LAST: &str = "Aalto Abbas Acosta Adeyemi Ahmed Almeida Andersson Arnold Bakker Barbosa Bauer Becker Bergmann \
    Bernard Bianchi Blanc Bonnet Borg Brandt Brown Bruni Bühler Cabrera Caruso Castro Chen Clarke Cohen Conti Costa \
    Cruz Dahl Dang Darwish Demir Diaz Dietrich Dlamini Dubois Dupont Eder Ekström Eriksen Esposito Evans Fabbri \
    Farah Fernández Ferrari Fischer Fontaine Frank Fraser Fuchs Gallo García Gashi Gauthier Gomes Graf Greco Gruber \
    Haas Hahn Hansen Hartmann Hassan Hermann Hoffmann Horváth Huber Hughes Ibrahim Ito Ivanov Jansen Jensen Johansson \
    Jones Jung Kaya Keller Khan Kim Klein Kovač Kowalski Krause Kumar Kurz Lang Larsson Lefèvre Lehmann Lindgren López \
    Lorenz Luca Lund Maier Marino Martin Mazur Meier Mendes Mensah Moreau Moretti Müller Murphy Nagy Nakamura Navarro \
    Neumann Nguyen Nielsen Nkosi Novak Nowak Oberholzer Okafor Olsen Ortega Ortiz Ott Özdemir Park Patel Pavlov Pereira \
    Peters Petrov Pham Pinto Popescu Ramos Reis Reyes Ricci Rinaldi Rizzo Rojas Romano Rossi Roth Rousseau Ruiz Russo \
    Sánchez Santos Sato Schmid Schneider Schubert Seidel Silva Simon Singh Sokolov Sommer Sousa Stein Suárez Suzuki \
    Székely Tanaka Taylor Thomas Torres Tran Tóth Vargas Vega Vidal Virtanen Vogel Voß Wagner Walker Wang Weber Weiß \
    Williams Wilson Winkler Wójcik Wolf Wong Yamamoto Yıldız Young Zhang Ziegler Zimmermann Zürcher";

const COMPANY: [&str; 2] = [
    "Alpenglow Amber Anchor Apex Arbor Arctic Aspen Atlas Aurora Basalt Beacon Birch Blue Bluefin Boreal Bright Canyon \
     Cedar Citrine Cobalt Copper Coral Crescent Cypress Delta Driftwood Eastbank Ember Evergreen Falcon Fern Foxglove \
     Glacier Golden Granite Harbour Hazel Highland Horizon Indigo Iris Iron Ironwood Ivory Jade Juniper Kestrel Lakeside \
     Lark Lumen Maple Marble Meridian Mistral Moss Nordic North Northwind Oak Obsidian Onyx Orchard Osprey Pebble \
     Pine Polar Quartz Raven Red River Rowan Saffron Sage Sandstone Sierra Silver Slate Solstice Spruce Stellar Stone \
     Summit Sunrise Tamarind Thistle Tidal Timber Topaz Umber Vale Verdant Vesper Violet Walnut Westwind Willow Zenith",
    "Aviation Bakery Bank Biotech Capital Cargo Chemicals Clinics Coffee Construction Consulting Cosmetics Design \
     Diagnostics Dynamics Electric Energy Engineering Fashion Films Foods Foundry Furniture Games Glass Health Hotels \
     Insurance Labs Lighting Logistics Machines Marine Media Metals Mobility Motors Networks Optics Outdoor Packaging \
     Paper Pharma Plastics Power Printing Properties Publishing Rail Recycling Robotics Security Seeds Shipping \
     Software Solar Steel Studios Systems Tea Telecom Textiles Tools Toys Travel Water Wines Works",
];

const FORM: &str = "AG GmbH Ltd Inc SA SAS AB BV SpA Oy Group Partners";

const CITY: &str = "Amsterdam Athens Barcelona Basel Berlin Bern Bilbao Bologna Bristol Brussels Budapest Cologne \
    Copenhagen Dublin Düsseldorf Edinburgh Florence Frankfurt Geneva Ghent Gothenburg Graz Hamburg Helsinki Istanbul \
    Kraków Leipzig Lille Linz Lisbon London Lucerne Lyon Madrid Malmö Manchester Marseille Milan Munich Naples Nice \
    Oslo Paris Porto Prague Riga Rome Rotterdam Salzburg Sofia Stockholm Stuttgart Tallinn Turin Utrecht Valencia \
    Vienna Vilnius Warsaw Zagreb Zurich";

const INDUSTRY: &str = "Agriculture Automotive Banking Chemicals Construction Education Energy Fashion Finance Food \
    Government Healthcare Hospitality Insurance Logistics Manufacturing Media Pharma Publishing Retail Software \
    Telecoms Tourism Transport";

/// Phrases, with the words between bars.
const SUBJECT: &str = "Renewal|Question about the invoice|Onboarding of the new site|Price list in two currencies|\
    Late delivery|Demo for the board|Contract with changes|Access for the auditors|Upgrade to the larger plan|\
    Return of three items|Feedback after the pilot|Data protection agreement|Second offer|Call back on Thursday|\
    Import of the old customers|Report for the quarter|Broken link in the newsletter|Training for the service team|\
    Framework agreement|Extension for two years|Maintenance of the machines|Spare parts|Annual review|Workshop on site|\
    Migration of the archive|Licences for the branch|Rollout in the north|Rollout in the south|Pilot in one region|\
    Discount for the first year|Reminder of the payment|Credit note|Change of address|New contact person|Complaint about a part|\
    Security questionnaire|Tender|Service level|Integration of the shop|Integration of the accounting|Relocation|Trade fair";

const NOTE: &str = "Please call back next week.|They want to decide this quarter.|The budget is approved.|\
    Waiting for their legal department.|Sent the offer again with the new terms.|Met at the fair.|They compare us with two others.|\
    Asked for a reference.|Wants the documents in German.|The contact is on leave until the end of the month.|\
    Agreed on the next steps.|Price is an issue.|Needs the answer before Friday.|Delivered and accepted.";

/// The words, split once.
#[derive(Clone)]
pub(super) struct Words {
    pub(super) first: Vec<&'static str>,
    pub(super) last: Vec<&'static str>,
    pub(super) cities: Vec<&'static str>,
    pub(super) industries: Vec<&'static str>,
    pub(super) subjects: Vec<&'static str>,
    pub(super) notes: Vec<&'static str>,
    companies: [Vec<&'static str>; 2],
    forms: Vec<&'static str>,
}

/// The name of a person.
#[derive(Clone, Copy)]
pub(super) struct PersonName {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
}

impl Words {
    pub(super) fn new() -> Words {
        let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
        let phrases = |text: &'static str| text.split('|').collect::<Vec<_>>();
        Words {
            first: words(FIRST),
            last: words(LAST),
            cities: words(CITY),
            industries: words(INDUSTRY),
            subjects: phrases(SUBJECT),
            notes: phrases(NOTE),
            companies: COMPANY.map(words),
            forms: words(FORM),
        }
    }

    pub(super) fn person(&self, rng: &mut Rng) -> PersonName {
        PersonName { first: word(rng, &self.first), last: word(rng, &self.last) }
    }

    pub(super) fn company(&self, rng: &mut Rng) -> String {
        let [front, back] = &self.companies;
        let name = format!("{} {}", word(rng, front), word(rng, back));
        // A third has a legal form.
        if rng.is_in(33) { format!("{name} {}", word(rng, &self.forms)) } else { name }
    }
}

/// One of some words.
pub(super) fn word(rng: &mut Rng, words: &[&'static str]) -> &'static str {
    rng.one_of(words).copied().unwrap_or_default()
}
