//! The essay's claims as switchable hypotheses: one row each.
//!
//! A claim is switched off by setting its parameters to values at which its mechanism does nothing. The size of its effect
//! follows from those parameters, so a comparison of on and off shows what the claim implies, not whether it is true.

use super::parameters::{ROWS, Row};

/// A quantity in which a claim should show, beside how futures end; ids are the default scenario's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Targeted killings and the like.
    Blows,
    /// Events of routine fire of a stream.
    Events(&'static str),
    /// Strikes and salvos of a ledger's holder at the other.
    Answers(&'static str),
    /// The size of all of these, blows.
    Size(&'static str),
    /// Agreements of a table that last 90 days.
    Lasting(&'static str),
    /// Share of a state's armed groups that its army has taken in.
    Integrated(&'static str),
    /// US votes against drafts of the Council.
    Against,
    /// US abstentions from drafts of the Council and votes for them, together: what makes an abstention likelier turns others into
    /// votes in favour.
    NotAgainst,
    /// Day of a table's first signing.
    Signing(&'static str),
    /// Leave that hosts of bases give, in the mean over the days on which Iran and Israel strike deep or worse: it is of a looming war
    /// that hosts are afraid.
    Permission,
    /// Harm to sites of their own that hosts hold against somebody at the end.
    OwnSites,
    /// Standing of a security forum at the end.
    Forum,
    /// Aid at the end.
    Aid,
}

impl Shows {
    /// In words, for people; short, as it heads a row.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Blows => "targeted killings and the like".to_owned(),
            Self::Events(id) => format!("attacks of routine fire, {id}"),
            Self::Answers(id) => format!("strikes and salvos, {id}"),
            Self::Size(id) => format!("size of all strikes, {id}"),
            Self::Lasting(id) => format!("agreements lasting 90 days, {id}"),
            Self::Integrated(id) => format!("groups in the army at the end, {id}"),
            Self::Against => "US votes against drafts".to_owned(),
            Self::NotAgainst => "US votes not against drafts".to_owned(),
            Self::Signing(id) => format!("day of the first signing, {id}"),
            Self::Permission => "hosts' leave in deep exchanges".to_owned(),
            Self::OwnSites => "harm to hosts' sites at the end".to_owned(),
            Self::Forum => "security forum at the end".to_owned(),
            Self::Aid => "aid at the end, trucks".to_owned(),
        }
    }
}

/// Which way a quantity moves where the claim holds: on minus off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// More of it.
    More,
    /// Less of it.
    Less,
    /// The essay gives no sign.
    Either,
}

impl Way {
    /// Whether an interval of on minus off lies wholly on the side that the claim says.
    #[must_use]
    pub fn held(self, low: f64, high: f64) -> bool {
        match self {
            Self::More => low > 0.0,
            Self::Less => high < 0.0,
            Self::Either => low > 0.0 || high < 0.0,
        }
    }

    /// In a word, for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::More => "more",
            Self::Less => "less",
            Self::Either => "either",
        }
    }
}

/// A claim of the essay.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Id in the specification.
    pub id: &'static str,
    /// Short name for people.
    pub name: &'static str,
    /// What the essay says, in our words.
    pub says: &'static str,
    /// The parameters that switch it off, each with the value at which it does nothing.
    pub switches: &'static [(&'static str, f64)],
    /// Where it should show, and which way.
    pub shows: &'static [(Shows, Way)],
    /// The built-in scenario in which what it is about comes about: there it should show more.
    pub stage: &'static str,
    /// Counter-evidence, or what the switch leaves out; empty where the specification names none.
    pub caveat: &'static str,
}

impl Claim {
    /// The rows of its switches, each with the value at which it does nothing.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Row, f64)> + use<> {
        let find = |(id, null): &'static (&'static str, f64)| Some((ROWS.iter().find(|row| row.id == *id)?, *null));
        self.switches.iter().filter_map(find)
    }
}

use Way::{Either, Less, More};

/// Every claim, in the order of the specification (1, 12.9).
pub const CLAIMS: &[Claim] = &[
    Claim {
        id: "H1",
        name: "one deal with all",
        says: "Iran's allies hang together, so only a settlement that takes in all of them can hold.",
        switches: &[("link_logroll", 0.0), ("beta_link", 0.0)],
        shows: &[(Shows::Lasting("LEB"), More), (Shows::Lasting("GAZ"), More), (Shows::Lasting("ALL"), More)],
        stage: "collective-deal",
        caveat: "On 8 October 2024 Hezbollah officials dropped their demand for a truce in Gaza first.",
    },
    Claim {
        id: "H2",
        name: "silence emboldens",
        says: "A side that leaves a blow unanswered loses its name for resolve, and is struck more often and harder.",
        switches: &[("beta_rho", 0.0)],
        shows: &[(Shows::Blows, More)],
        stage: "deterrence-breaks-down",
        caveat: "Contested in the literature: Mercer and Press doubt that such reputations form, Weisiger and Yarhi-Milo \
                 find that they do. The range includes the opposite sign.",
    },
    Claim {
        id: "H3",
        name: "resolution 1701 steadies the north",
        says: "UNIFIL and a Lebanese army back in the south keep the border of Lebanon and Israel calm.",
        switches: &[("beta_unifil", 0.0), ("beta_laf", 0.0), ("violation_unifil", 0.0), ("violation_laf", 0.0)],
        shows: &[(Shows::Events("ISR>HZB"), Less), (Shows::Lasting("LEB"), More)],
        stage: "full-1701",
        caveat: "UNIFIL was there when fire began in October 2023, and Caplan and Hoeffler find little effect of \
                 peacekeepers overall.",
    },
    Claim {
        id: "H4",
        name: "the roadmap quiets Yemen",
        says: "Once Saudi Arabia signs and carries out its roadmap with the Houthis, they cease to attack Israel.",
        switches: &[("road_halt", 0.0)],
        shows: &[(Shows::Events("HOU>ISR"), Less), (Shows::Events("HOU>SHIPS"), Less)],
        stage: "roadmap-signed",
        caveat: "",
    },
    Claim {
        id: "H5",
        name: "exit integrates militias",
        says: "When the coalition led by the United States leaves Iraq, the aligned groups there join the state's army.",
        switches: &[("k_pmf_exit", 0.0)],
        shows: &[(Shows::Integrated("IRQ"), More), (Shows::Events("IRI>USA"), Less)],
        stage: "coalition-leaves",
        caveat: "",
    },
    Claim {
        id: "H6",
        name: "hosts of bases restrain",
        says: "Warnings to the hosts of US bases gave Washington a reason to hold back Israel's answer.",
        switches: &[("beta_host", 0.0), ("host_voice", 0.0), ("scale_fear", 0.0)],
        shows: &[(Shows::Answers("ISR|IRN"), Less), (Shows::Size("ISR|IRN"), Less)],
        stage: "neighbours-and-votes",
        caveat: "",
    },
    Claim {
        id: "H7",
        name: "mediated gains fade",
        says: "Mediators calm a conflict for a time, but what they win seldom lasts.",
        switches: &[("mediation_half_life", 3650.0)],
        shows: &[(Shows::Lasting("LEB"), Less), (Shows::Lasting("GAZ"), Less)],
        stage: "piecemeal-deals",
        caveat: "Off means a half-life of ten years, the end of the range: over a year as good as no fading.",
    },
    Claim {
        id: "H8",
        name: "costs at the UN bring abstentions",
        says: "The more isolated a veto leaves Washington, the likelier it abstains in the Security Council.",
        switches: &[("un_cost", 0.0), ("veto_cost", 0.0)],
        shows: &[(Shows::NotAgainst, More), (Shows::Against, Less)],
        stage: "council-abstention",
        caveat: "",
    },
    Claim {
        id: "H9",
        name: "suspended talks press Israel",
        says: "By halting the indirect talks in Muscat, Iran led Washington to ask Israel for a smaller answer.",
        switches: &[("beta_suspension", 0.0), ("scale_suspension", 0.0)],
        shows: &[(Shows::Answers("ISR|IRN"), Less), (Shows::Size("ISR|IRN"), Less)],
        stage: "neighbours-and-votes",
        caveat: "",
    },
    Claim {
        id: "H10",
        name: "restraint is returned",
        says: "If one side holds back, so does the other: debts are settled through mediators, and neither wants a war.",
        switches: &[("settle_rate", 0.0), ("reciprocity_blows", 0.0), ("war_patience", 0.0), ("restraint_trust", 0.0)],
        shows: &[(Shows::Blows, Less), (Shows::Answers("IRN|ISR"), Less), (Shows::Answers("ISR|IRN"), Less)],
        stage: "restraint-returned",
        caveat: "Acts where the lever exchange.restraint is above 0, as it is not by default.",
    },
    Claim {
        id: "H11",
        name: "parts need each other",
        says: "Each part of a settlement rests on the others: what shakes one spreads, issues are traded, and a deal frays.",
        switches: &[
            ("violation_spread", 0.0),
            ("link_separate", 0.0),
            ("package_choice", 0.0),
            ("deal_fray", 0.0),
            ("relief_cost", 0.0),
            ("arms_gain", 0.0),
            ("arms_cost", 0.0),
            ("exit_gain", 0.0),
            ("exit_cost", 0.0),
        ],
        shows: &[(Shows::Lasting("LEB"), Less), (Shows::Lasting("GAZ"), Less), (Shows::Lasting("ALL"), More)],
        stage: "parts-need-each-other",
        caveat: "Acts where the lever deal.interdependence is above 0, as it is not by default.",
    },
    Claim {
        id: "H12",
        name: "texts of the UN act",
        says: "What the United Nations adopts bears on a settlement: on aid, on the table of Gaza, on standing and arms.",
        switches: &[
            ("adopted_aid_other", 1.0),
            ("text_concession", 0.0),
            ("text_deadline", 1.0),
            ("text_legitimacy", 0.0),
            ("text_recognition", 0.0),
            ("credentials_lobby", 0.0),
            ("credentials_rally", 0.0),
            ("credentials_arms", 0.0),
        ],
        shows: &[
            (Shows::Signing("GAZ"), Less),
            (Shows::Aid, More),
            (Shows::Lasting("GAZ"), Either),
            (Shows::Against, Either),
        ],
        stage: "neighbours-and-votes",
        caveat: "Acts where the lever council.consequences is above 0, as it is not by default. Resolutions 2728 and 2735 \
                 brought no truce within 60 days.",
    },
    Claim {
        id: "H13",
        name: "neighbours fear a war",
        says: "States that host bases fear a war between others: they withdraw leave, and seek security in common.",
        switches: &[("fear_permission", 0.0), ("forum_gain", 0.0), ("host_sites", 0.0)],
        shows: &[(Shows::Permission, Less), (Shows::Forum, More), (Shows::OwnSites, More)],
        stage: "neighbours-and-votes",
        caveat: "Acts where the lever hosts.fear_of_war is above 0, as it is not by default. What their fear does to the size \
                 of an answer is H6.",
    },
    Claim {
        id: "H14",
        name: "groups join states",
        says: "Armed groups that gain a place in governments and armies cease to fight, and obey a patron less.",
        switches: &[
            ("incorporation_process", 0.0),
            ("incorporation_legitimacy", 0.0),
            ("incorporation_exit", 0.0),
            ("incorporation_struck", 0.0),
            ("incorporation_breach", 0.0),
            ("incorporation_fire", 0.0),
            ("incorporation_control", 0.0),
            ("incorporation_spoiler", 0.0),
            ("incorporation_trust", 0.0),
            ("spoiler_funding", 0.0),
            ("roadmap_consent", 0.0),
            ("unami_support", 0.0),
            ("activity_fire", 0.0),
            ("activity_return", 0.0),
            ("ballot_benefit", 0.0),
        ],
        shows: &[
            (Shows::Events("HOU>ISR"), Less),
            (Shows::Events("IRI>ISR"), Less),
            (Shows::Events("HAM>ISR"), Less),
            (Shows::Lasting("GAZ"), More),
        ],
        stage: "the-region-incorporated",
        caveat: "Acts where the lever states.incorporation is above 0, as it is not by default; most of it takes two years.",
    },
    Claim {
        id: "H15",
        name: "Washington brings Israel along",
        says: "A settlement needs Washington to bring Israel along: where it presses, Israel signs sooner.",
        switches: &[("leverage_effect", 0.0)],
        shows: &[(Shows::Signing("GAZ"), Less), (Shows::Lasting("GAZ"), More)],
        stage: "deal-seeker",
        caveat: "Acts where the lever us.leverage is above 0, as it is not by default, and not under a course of maximum pressure. \
                 Resolution 2735, drafted in Washington, brought no truce within 60 days.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_is_a_parameter_whose_range_holds_the_null_value() {
        for claim in CLAIMS {
            assert!(!claim.switches.is_empty(), "{} cannot be switched off", claim.id);
            assert_eq!(claim.rows().count(), claim.switches.len(), "{}: a switch is no parameter", claim.id);
            for (row, null) in claim.rows() {
                assert!(row.low <= null && null <= row.high, "{}: {null} outside the range of {}", claim.id, row.id);
            }
            // A number that a scenario names is fixed, so the off arm stays off under prior draws, also where the default is off;
            // at defaults something must be there to switch off.
            let on = |(row, null): (&Row, f64)| row.default.to_bits() != null.to_bits();
            assert!(claim.rows().any(on), "{} is off by default", claim.id);
        }
    }

    /// The scenario without the claims fixes every switch where it does nothing, so that none comes back where parameters are
    /// drawn.
    #[test]
    fn the_scenario_null_switches_every_claim_off() {
        let rules = crate::sim::rules::Rules::new(&crate::scenario::load("null").unwrap_or_else(|e| panic!("{e}")));
        for (id, null) in CLAIMS.iter().flat_map(|claim| claim.switches) {
            let value = rules.frame.parameters.get(id).unwrap_or(f64::NAN);
            assert_eq!(value.to_bits(), null.to_bits(), "{id}");
            assert!(rules.frame.fixed.iter().any(|fixed| fixed == id), "{id} is drawn");
        }
    }

    /// Every claim names where it should show, in things that the default scenario has, and a built-in scenario.
    #[test]
    fn every_claim_names_where_it_should_show() {
        let rules =
            crate::sim::rules::Rules::new(&crate::scenario::load("november-2024").unwrap_or_else(|e| panic!("{e}")));
        for claim in CLAIMS {
            assert!(!claim.shows.is_empty() && crate::scenario::load(claim.stage).is_ok(), "{}", claim.id);
            for (shows, _) in claim.shows {
                let there = match shows {
                    Shows::Events(id) => rules.stream(id).is_some(),
                    Shows::Answers(id) | Shows::Size(id) => rules.ledger(id).is_some(),
                    Shows::Lasting(id) | Shows::Signing(id) => rules.table(id).is_some(),
                    Shows::OwnSites => !rules.hosts.is_empty(),
                    Shows::Permission => !rules.hosts.is_empty() && rules.roles.direct_front.is_some(),
                    Shows::Forum => !rules.programmes.is_empty(),
                    Shows::Aid => !rules.paths.is_empty(),
                    Shows::Integrated(id) => rules.integrations.iter().any(|n| n.id.text == *id),
                    Shows::Blows | Shows::Against | Shows::NotAgainst => true,
                };
                assert!(there, "{}: {shows:?}", claim.id);
            }
        }
    }

    #[test]
    fn ids_follow_the_specification_and_no_switch_serves_two_claims() {
        let mut switches = Vec::new();
        for (claim, number) in CLAIMS.iter().zip(1..) {
            assert_eq!(claim.id, format!("H{number}"));
            switches.extend(claim.switches.iter().map(|(id, _)| *id));
        }
        let count = switches.len();
        switches.sort_unstable();
        switches.dedup();
        assert_eq!(switches.len(), count);
    }

    /// What a lever of a mechanism scales is switched by a claim, so that the claims off leave nothing of a mechanism; with the test
    /// above, by one claim.
    #[test]
    fn whatever_a_lever_scales_is_a_switch_at_the_value_that_the_lever_takes_it_to() {
        for (lever, parameters) in super::super::strengths::SCALED {
            for (id, null) in *parameters {
                let switch = CLAIMS.iter().flat_map(|claim| claim.switches).find(|(switch, _)| switch == id);
                assert!(switch.is_some_and(|(_, at)| at.to_bits() == null.to_bits()), "{id} of {}", lever.id());
            }
        }
    }

    /// A parameter that says of itself of which claim it is, is a switch of that claim.
    #[test]
    fn parameters_name_the_claims_that_they_switch() {
        for row in ROWS {
            for named in row.meaning.split("claim ").skip(1) {
                let id: String = named.chars().take_while(char::is_ascii_alphanumeric).collect();
                let claim = CLAIMS.iter().find(|claim| claim.id == id);
                let switches = |claim: &Claim| claim.switches.iter().any(|(switch, _)| *switch == row.id);
                assert!(claim.is_some_and(switches), "{} is said to be of {id}", row.id);
            }
        }
    }

    #[test]
    fn a_way_is_held_where_the_whole_interval_lies_there() {
        for (way, below, across, above) in
            [(More, false, false, true), (Less, true, false, false), (Either, true, false, true)]
        {
            assert_eq!(
                [(-2.0, -1.0), (-1.0, 1.0), (1.0, 2.0)].map(|(low, high)| way.held(low, high)),
                [below, across, above]
            );
        }
    }
}
