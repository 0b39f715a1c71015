//! The essay, passage by passage, and where each stands in the model: one row each.
//!
//! Passages are told in our words. What a row names (mechanisms, levers, parameters, measures) is named by id, as this room looks at
//! nobody; a test compares the ids with what they name, and the page `docs/tables/essay.md` is rendered from the rows.

use super::claims::{CLAIMS, Claim};
use super::levers::LEVERS;

/// How far a passage is in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// What it says can come about and bears on something, by default or where a number that the row names is moved.
    Modelled,
    /// Part of what it says has no place, or by default the model goes against it.
    InPart,
    /// No equation stands for it.
    Absent,
}

impl Held {
    /// In words, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Modelled => "modelled",
            Self::InPart => "in part",
            Self::Absent => "absent",
        }
    }
}

/// Where one sees something, by what it is called there; a test of the window looks each of them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// A row of the key of the map.
    Map(&'static str),
    /// A kind of event with a sign on the timeline.
    Timeline(&'static str),
    /// A chart of the panel of futures, by its id.
    Futures(&'static str),
    /// A table of outcomes in that panel, by its heading.
    Card(&'static str),
    /// A series under Inspect, by its quantity.
    Inspect(&'static str),
    /// A word of an explanation, as the glossary has it.
    Why(&'static str),
    /// A lever in its panel.
    Levers(&'static str),
}

impl Shown {
    /// In words, for people.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Map(row) => format!("Map: {row}"),
            Self::Timeline(kind) => format!("Timeline: `{kind}`"),
            Self::Futures(id) => format!("Futures: `{id}`"),
            Self::Card(heading) => format!("Futures: {heading}"),
            Self::Inspect(quantity) => format!("Inspect: `{quantity}`"),
            Self::Why(word) => format!("Why: {word}"),
            Self::Levers(id) => format!("Levers: `{id}`"),
        }
    }
}

use Shown::{Card, Futures, Inspect, Levers, Map, Timeline, Why};

/// A passage of the essay.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    /// Place in the essay, from 1.
    pub number: u8,
    /// What it says, in our words.
    pub says: &'static str,
    /// How far it is in the model.
    pub held: Held,
    /// Ids of the mechanisms that stand for it.
    pub mechanisms: &'static [&'static str],
    /// Ids of levers.
    pub levers: &'static [&'static str],
    /// Ids of parameters that size it or switch it off.
    pub parameters: &'static [&'static str],
    /// Where it shows: quantities of the daily series, kinds of events, columns of a batch.
    pub measures: &'static [&'static str],
    /// Signs of the map and lines of panels; none where it has none.
    pub shown: &'static [Shown],
    /// Kinds of event whose causes show it, to ask an explanation about; none where what it says is in no event's causes.
    pub causes: &'static [&'static str],
    /// What is missing and why; of a passage that is modelled, what holds it back, or empty.
    pub lacks: &'static str,
}

impl Passage {
    /// The claims that one of its levers tests or one of its parameters switches off.
    pub fn claims(&self) -> impl Iterator<Item = &'static Claim> + use<> {
        let (levers, parameters) = (self.levers, self.parameters);
        CLAIMS.iter().filter(move |claim| {
            let tested = LEVERS.iter().any(|row| levers.contains(&row.id) && row.claims.contains(&claim.id));
            tested || claim.switches.iter().any(|(id, _)| parameters.contains(id))
        })
    }
}

macro_rules! passages {
    ($( $number:literal $held:ident $says:literal $mechanisms:tt $levers:tt $parameters:tt $measures:tt $shown:tt $causes:tt $lacks:literal; )*) => {
        /// Every passage, in the essay's order; by-lines and the notes at its end are left out.
        pub const PASSAGES: &[Passage] = &[$( Passage {
            number: $number, says: $says, held: Held::$held, mechanisms: &$mechanisms, levers: &$levers,
            parameters: &$parameters, measures: &$measures, shown: &$shown, causes: &$causes, lacks: $lacks,
        }, )*];
    };
}

passages! {
    1 InPart "Presidents of reform sought a grand bargain: nuclear limits against a say in the region."
        ["negotiation", "packages", "nuclear"] ["us.regional_role", "us.sanctions_relief", "iran.enrichment_cap", "deal.interdependence"] ["role_gain", "role_cost", "relief_gain", "package_choice"] ["status", "signed"]
        [Futures("agreements")] ["signed"] "the role is one number at two tables and exercised nowhere; that it is traded for limits is off by default";
    2 InPart "The president is open to talking with Washington directly."
        ["factions", "negotiation"] ["iran.reformists", "us.administration"] ["faction_talks"] ["reformists", "status"]
        [Futures("reformists")] ["signed"] "no president and no direct talks; reformists do not enter what Iran weighs at a table";
    3 Modelled "Iran's missiles of 1 October for killed leaders and a general; Israel's strikes of 26 October."
        ["initiative", "answer", "salvo", "harm"] ["israel.blow_rate", "israel.target_set"] ["harm_salvo", "harm_hit", "credit_share"] ["ledger", "owed", "salvo", "air_strike"]
        [Map("Ballistic missile"), Map("Aircraft"), Map("Impact, scar"), Why("ledger")] ["salvo", "air_strike", "answer_owed"] "";
    4 InPart "Hard-liners have mostly passed over a bargain."
        ["factions", "answer", "nuclear"] ["iran.reformists"] ["pace_factions", "weapon_factions"] ["reformists", "pace"]
        [Inspect("reformists")] ["nuclear"] "their weight bears on answers, enrichment and weapons, and not on what Iran accepts at a table";
    5 InPart "A looming war and maximum pressure turn hard-liners toward calm."
        ["calendar", "economy", "factions", "negotiation"] ["us.administration", "us.sanctions_pressure"] ["war_spectre", "faction_pressure"] ["sanctions", "ledger", "reformists"]
        [Futures("reformists"), Futures("oil")] ["unrest", "signed"] "a looming war makes signing cheaper; pressure works the other way, for hard-liners and enrichment";
    6 InPart "The leader's adviser says that Iran is ready for diplomacy."
        ["negotiation", "factions"] ["iran.enrichment_cap", "iran.suspend_muscat"] ["patience_gain"] ["patience", "status"]
        [Inspect("patience")] ["signed"] "no adviser and no statement: readiness is levers and the values at a table";
    7 Absent "It wants its sovereignty respected in return."
        [] [] [] []
        [] [] "nothing at a table stands for it, and no source gives its worth; nearest are relief and the regional role";
    8 InPart "Western diplomats notice the tone and wait for deeds."
        ["negotiation", "packages"] ["iran.enrichment_cap", "restraint.irn"] ["cap_gain_mid", "cap_gain_low", "restraint_trust"] ["status"]
        [Why("enrichment cap offered")] ["signed"] "only deeds count at a table; a tone, and doubt about it, have no place";
    9 Modelled "What is under way does not aim at peace."
        ["negotiation", "truce"] [] [] ["status", "settlement"]
        [Card("Escalation × settlement")] ["signed", "collapsed"] "no outcome is called peace";
    10 Modelled "Two conditions of lasting peace, neither in sight: settlements given up, armed groups not paid."
        ["economy", "fire", "path"] ["israel.settlements", "iran.axis_funding"] ["settlement_freeze_effect", "settlement_withdrawal_effect", "settlement_legitimacy", "funding_upkeep"] ["funding", "events"]
        [Card("Enduring peace, the essay's two conditions")] ["fire", "gaza_path"] "both are levers, which nobody in the model decides";
    11 InPart "No war is sought; strikes on allies in Iraq, Yemen, Lebanon and Syria are to be contained."
        ["fire", "answer", "caution"] ["iran.directive.hzb", "iran.directive.hou", "us.scale_veto"] ["beta_channel"] ["events", "level"]
        [Map("Front: both sides’ fire")] ["fire", "salvo", "step_up"] "Israel and the Iraqi groups are a pair whose first strike never comes";
    12 InPart "One deal, with Iran and with every ally that fights on its side."
        ["negotiation", "fire", "truce"] ["deal.architecture", "deal.left_out"] ["link_logroll", "veto_player_cost", "collective_residual"] ["status", "signed", "settlement"]
        [Map("Truce"), Futures("in_force:ALL")] ["signed", "collapsed"] "West Bank groups and Islamic Jihad stay outside by rule, as spoilers";
    13 InPart "Groups that move and endure have kept the war long and fierce."
        ["economy", "supply", "fire", "ladder"] ["iran.axis_funding"] ["decapitation_effect", "corridor_rest", "beta_exhaustion"] ["munitions", "events", "decapitation"]
        [Inspect("munitions")] ["fire", "corridor_lost"] "stores, money and leaders that are replaced, but no mobility: nobody moves or hides";
    14 InPart "The groups are bound together, so that calm takes a settlement with all."
        ["fire", "negotiation", "truce", "spread"] ["deal.linkage", "deal.architecture", "deal.interdependence"] ["solidarity_floor", "beta_link", "link_logroll", "link_separate", "violation_spread", "deal_fray"] ["events", "collapse_chance"]
        [Futures("agreements")] ["collapsed", "fire", "signed"] "a truce in Gaza quiets Yemen and Iraq, and Hezbollah's fire follows none but its own; three of the links are off by default";
    15 InPart "Washington does not recognise the groups, helps to curb them, and yet talks with some."
        ["negotiation", "supply"] ["us.group_talks", "us.arms_resupply"] [] ["status", "interceptors"]
        [Inspect("interceptors")] ["signed"] "recognition itself: no equation would read it";
    16 Modelled "A US envoy and Lebanon's speaker mediate between Israel and Hezbollah."
        ["negotiation", "truce"] ["channel.berri_hochstein"] ["audience_mediation", "mediation_gain", "mediation_half_life"] ["channel", "status", "signed"]
        [Inspect("status")] ["signed", "collapsed"] "";
    17 InPart "Hezbollah fights on, and wants the cease-fire before the terms."
        ["negotiation", "packages"] ["deal.sequencing"] ["sequencing_penalty", "sequencing_commitment"] ["status"]
        [Why("no cease-fire before the terms")] ["signed"] "the order is a term in two parties' values; cease-fire and terms remain one signature";
    18 Modelled "Israel is to leave Shebaa Farms, Kfarchouba and Ghajar."
        ["peacekeeping", "negotiation", "packages", "truce"] ["israel.disputed_areas", "israel.withdrawal_share", "israel.withdrawal_days"] ["disputed_share", "disputed_benefit_all", "disputed_cost_all", "beta_withdrawal"] ["withdrawal"]
        [Map("Disputed, crossing"), Map("UNIFIL; Israel still to leave")] ["signed", "collapsed"] "";
    19 Modelled "Resolution 1701 in full: peacekeepers who monitor, a border held by Lebanon's state."
        ["peacekeeping", "truce"] ["unifil.troops", "unifil.mandate", "laf.troops_south", "un.monitoring_mechanism"] ["beta_unifil", "beta_laf", "beta_mechanism", "violation_unifil", "violation_laf"] ["peacekeepers", "national_troops", "collapse_chance"]
        [Map("UNIFIL; Israel still to leave"), Map("UN position, launch area")] ["collapsed"] "Lebanon signs and has no say of its own; the UN force is one number";
    20 Modelled "Riyadh signs and carries out what the UN mediated with the Houthis."
        ["negotiation", "roadmap"] ["saudi.sign_roadmap", "us.roadmap_acquiescence"] ["acquiescence_gain", "roadmap_phase_days", "roadmap_suspension"] ["phases", "suspended", "roadmap"]
        [Futures("phases")] ["roadmap", "signed"] "";
    21 InPart "Houthis and their opponents then talk: a government of all, a constitution, a vote."
        ["roadmap", "incorporation"] ["deal.guarantee", "states.incorporation"] ["roadmap_talks", "roadmap_constitution", "roadmap_consent", "roadmap_seat"] ["roadmap", "incorporated"]
        [Timeline("roadmap")] ["roadmap"] "constitution and vote are one step that a year does not reach, and nobody wins; consent and effect are off by default";
    22 InPart "It would bring the Houthis a standing that they long for."
        ["incorporation"] ["states.incorporation"] ["incorporation_legitimacy", "roadmap_seat"] ["incorporated"]
        [Inspect("incorporated")] [] "it counts in Yemen only and is off by default; nobody else's recognition is there";
    23 InPart "Fewer US and Israeli strikes in Yemen in return for a halt of Houthi attacks."
        ["fire", "roadmap", "answer"] ["us.roadmap_acquiescence", "states.incorporation"] ["road_halt", "road_outside", "incorporation_fire"] ["events", "air_strike"]
        [Map("Ships: pass, stay away")] ["fire", "air_strike"] "both fall with the phases and not in return for each other; Israel's only by what it has to answer";
    24 Modelled "Iraqi groups aligned with Iran attack Israel more."
        ["fire", "ladder"] [] ["solidarity_floor", "h_up"] ["events", "excitation", "level"]
        [Map("Drone"), Futures("fire:IRQ")] ["fire", "step_up"] "more of it comes by chance and by what other fronts stir up; no directive reaches it";
    25 InPart "The UN mission in Iraq ends in 2025, and with that the call for an exit grows louder."
        ["integration"] ["unami.extension_months", "states.incorporation"] ["unami_loss", "unami_support"] ["iraq", "integrated"]
        [Timeline("iraq")] ["iraq"] "mission and exit are two dates; the end of the one does not press for the other";
    26 Modelled "The coalition is to go altogether, not to stay under another name."
        ["integration", "fire", "bases", "fear"] ["us.coalition_exit_date", "us.rebrand_share"] ["exit_days", "extension_pull"] ["coalition_exit", "iraq", "events"]
        [Map("US base, risk")] ["iraq"] "";
    27 Absent "Baghdad would have to take its security into its own hands, and fast."
        [] [] [] []
        [] [] "the state's capacity is a number that only the end of the UN mission changes; it grows into no gap";
    28 Modelled "That makes it easier to take the aligned groups into the army."
        ["integration", "incorporation", "fire"] ["iraq.militia_integration", "us.coalition_exit_date", "states.incorporation"] ["k_pmf_exit", "k_integration", "integration_fire", "incorporation_fire"] ["integrated"]
        [Futures("integrated")] ["fire"] "";
    29 Modelled "There may be a hidden weapons programme."
        ["nuclear"] [] ["weapon_rate", "detection_base", "device_days"] ["weaponising", "nuclear"]
        [Inspect("weaponising")] ["nuclear"] "what a finished device would change is left out";
    30 InPart "Iran would reconsider its nuclear file and turn to ties with the West."
        ["negotiation", "packages", "nuclear", "economy"] ["iran.enrichment_cap", "us.sanctions_relief"] ["cap_cost_low", "cap_gain_low", "access_deal", "pace_down"] ["enriched", "access", "breakout"]
        [Futures("breakout")] ["nuclear", "signed"] "ties are relief and oil, and nothing with other Western states; a cap at 60 % moves no value";
    31 InPart "A zone free of such weapons, then shared security and trade, in place of an arms race."
        ["nuclear", "forum", "threat", "supply"] ["region.zone_talks", "hosts.fear_of_war"] ["zone_rate", "zone_relief", "forum_gain", "richardson_reaction"] ["zone", "forum", "threat"]
        [Inspect("zone"), Inspect("forum")] [] "no co-operation in trade; the forum is off by default";
    32 InPart "Washington has to let it happen and to bring Israel along."
        ["negotiation", "fear", "answer"] ["us.leverage", "us.scale_veto", "deal.guarantee"] ["leverage_effect", "scale_veto_effect"] ["status", "us_consent"]
        [Why("US leverage on Israel to sign")] ["signed", "air_strike"] "leverage bears on truces, restraint and the deal with all; Israel has no seat at the nuclear table or in zone talks";
    33 Modelled "Oman, Qatar and the Swiss carry messages."
        ["negotiation", "caution"] ["channel.oman", "channel.qatar", "channel.swiss"] ["beta_channel", "audience_mediation"] ["channel"]
        [Timeline("channel"), Levers("channel.oman")] ["signed"] "Oman's counts for nothing while Iran suspends it, as at the start";
    34 InPart "They have eased tensions, though not for long."
        ["caution", "truce", "restraint"] ["channel.swiss", "exchange.restraint"] ["mediation_gain", "mediation_half_life", "settle_rate"] ["age", "collapse_chance", "answer_settled"]
        [Inspect("age")] ["answer_settled", "collapsed"] "gains fade by default; that mediators make a war less likely needs `exchange.restraint`, which is 0 by default";
    35 Modelled "The next administration gives less cause for hope, and calm stays a goal."
        ["calendar", "negotiation"] ["us.administration"] ["course_distrust"] ["status", "sanctions"]
        [Levers("us.administration")] ["signed"] "";
    36 InPart "War is to be averted by something temporary."
        ["negotiation", "answer", "initiative", "restraint"] ["iran.suspend_muscat", "exchange.restraint"] ["exchange_restraint", "settle_rate"] ["status", "answer_settled", "war"]
        [Futures("regional_war")] ["answer_settled", "signed"] "agreements have no term: they hold until they collapse";
    37 InPart "Security in the region cannot be had in parts."
        ["forum", "fear"] ["region.zone_talks", "hosts.fear_of_war"] ["forum_gain", "forum_relief", "forum_benefit"] ["forum"]
        [Inspect("forum")] [] "one number, off by default, that fear and talks raise; neighbours decide nothing in it";
    38 InPart "Arab capitals say that such a war would shake everyone."
        ["fear", "initiative", "bases"] ["hosts.assurances", "us.base_sorties", "hosts.fear_of_war"] ["fear_front", "fear_permission", "scale_fear", "host_voice"] ["fear", "permission"]
        [Map("Airspace limited"), Map("Airspace closed"), Inspect("fear")] ["preventive_strike"] "hosts of US bases only, and no capital decides to speak; that Washington hears them is off by default";
    39 InPart "Bases are pointed out to Arab hosts: who helps an attack, US or Arab, will be struck."
        ["bases", "caution"] ["us.base_sorties", "us.deterrent_presence", "hosts.fear_of_war"] ["lambda_base", "host_permission_loss", "beta_host", "host_sites"] ["hosts_warned", "base_salvo", "exposure", "host_harm"]
        [Map("US base, risk")] ["hosts_warned", "base_salvo"] "struck only where US forces have joined in; hosts' own sites are off by default, and only in two states";
    40 InPart "Iran broke off the talks in Muscat for a while, to be heard."
        ["calendar", "negotiation", "caution", "fear"] ["iran.suspend_muscat", "hosts.fear_of_war"] ["beta_suspension", "suspension_days", "scale_suspension"] ["channel"]
        [Timeline("channel")] ["channel"] "a lever and a date of the scenario; Iran never decides it";
    41 Modelled "It was one more reason for Washington to ask Israel for a smaller strike."
        ["fear", "answer", "caution"] ["us.scale_veto", "hosts.fear_of_war"] ["scale_fear", "scale_suspension", "scale_veto_effect"] ["air_strike", "exchange_gain"]
        [Inspect("exchange_gain")] ["air_strike"] "that hosts' fear and halted talks move the size is off by default; the lever itself is not";
    42 Modelled "Iran vows to answer 26 October, too."
        ["answer", "harm"] ["iran.response_scale"] ["vow_lapse", "rho_loss"] ["owed", "ledger", "answer_lapsed"]
        [Inspect("owed"), Why("ledger")] ["salvo", "answer_lapsed", "answer_owed"] "";
    43 Modelled "To prevent a conflict is not to make peace."
        ["negotiation", "truce"] [] [] ["settlement", "status"]
        [Card("Enduring peace, the essay's two conditions")] ["signed"] "no outcome is called peace";
    44 Absent "Tehran will neither recognise Israel nor sign a peace with it."
        [] [] [] []
        [] [] "no table is about recognition or peace, so that nobody can refuse it";
    45 Absent "Iran sees the root of the crisis in Israel's present leadership."
        [] [] [] []
        [] [] "no leaders of Israel, and no equation says who is at fault";
    46 InPart "War solves nothing and is sooner begun than ended."
        ["answer", "restraint"] ["exchange.restraint"] ["theta_war", "war_end", "war_patience"] ["war", "war_began", "war_ended"]
        [Inspect("war")] ["war_began", "war_ended"] "wars end by a fixed chance, an agreement or silence, whatever they cost; that both shrink from one is off by default";
    47 InPart "A settlement is judged by what it can be expected to deliver."
        ["negotiation", "incorporation"] ["deal.guarantee", "states.incorporation"] ["commitment_threat", "restraint_trust", "incorporation_trust"] ["threat", "incorporated"]
        [Why("outside guarantee")] ["signed"] "the cost of relying on a promise is given for each party; nobody learns from what was delivered";
    48 InPart "A Muslim consensus against the occupation, at the UN, the Arab League and the OIC."
        ["council"] ["iran.un_cost_drive"] ["assembly_rate", "assembly_drive"] ["isolation", "assembly_vote"]
        [Futures("isolation")] ["assembly_vote"] "the Assembly is one share of votes; the Arab League and the OIC have no place";
    49 Absent "The campaign for control of Gaza may leave no room for two states."
        [] [] [] []
        [] [] "territory has no status: no outcome is one state or two";
    50 InPart "A state of Palestine would be best, and may be out of reach without Israel."
        ["council", "texts", "negotiation", "path"] ["us.unsc_posture", "council.consequences"] ["vote_statehood", "text_legitimacy", "text_recognition"] ["council_vote"]
        [Timeline("council_vote")] ["council_vote"] "admission to the UN stands for it; Israel's only say is a dearer signature in Gaza, off by default";
    51 Modelled "There is another way, which does not start with statehood."
        ["path", "truce"] ["palestine.unified_administration"] ["path_stage", "path_withdrawal"] ["stages", "gaza_path"]
        [Futures("stages")] ["gaza_path"] "";
    52 Modelled "First a truce that spares lives and lets aid through."
        ["negotiation", "path", "harm"] ["gaza.aid_access", "channel.cairo"] ["aid_truce", "aid_deaths"] ["aid", "killed", "status"]
        [Futures("aid"), Futures("killed")] ["signed", "gaza_path"] "";
    53 InPart "Then Palestinians determine their future and choose who leads them."
        ["path", "ballot", "incorporation"] ["palestine.election_date", "states.incorporation"] ["election_legitimacy", "ballot_authority", "ballot_benefit", "incorporation_legitimacy"] ["gaza_path", "governs"]
        [Map("Governs by votes"), Inspect("governs")] ["gaza_path"] "lists and not people; what votes change is off by default; self-determination ends at an election";
    54 Modelled "One administration for Gaza and the West Bank, and rebuilding."
        ["path", "harm", "incorporation"] ["palestine.unified_administration", "palestine.reconstruction_funds", "states.incorporation"] ["path_unified", "path_rebuilt", "rebuild_half_life", "incorporation_process"] ["stages", "governs", "displaced"]
        [Futures("stages"), Futures("displaced")] ["gaza_path"] "";
    55 InPart "Trade takes up again beside it."
        ["path", "incorporation", "harm"] ["palestine.trade", "states.incorporation"] ["activity_rate", "activity_fire", "activity_return"] ["trade", "activity"]
        [Inspect("trade")] [] "Gaza's crossings only; what activity changes is off by default";
    56 InPart "Only the UN can do this in Gaza and keep a wider war away; Iran backs it."
        ["council", "texts", "peacekeeping"] ["iran.un_cost_drive", "unifil.troops"] ["adopted_aid", "draft_rate"] ["council_vote", "aid", "peacekeepers"]
        [Map("UN position, launch area")] ["council_vote"] "no table needs the UN; Iran's backing is a drive for votes";
    57 Modelled "What the Council decides will tell on a settlement in Gaza."
        ["council", "texts", "negotiation", "path"] ["us.unsc_posture", "council.consequences"] ["adopted_aid", "text_concession", "text_deadline", "text_legitimacy"] ["council_vote", "aid", "status"]
        [Timeline("council_vote")] ["council_vote", "signed"] "beyond aid it is off by default";
    58 Modelled "Washington will not let a text under Chapter VII or on statehood through."
        ["council"] ["us.unsc_posture", "us.administration"] ["vote_statehood", "vote_course"] ["council_vote"]
        [Timeline("council_vote"), Why("statehood or membership")] ["council_vote"] "";
    59 Modelled "Iran makes vetoes costly, so that Washington abstains and texts on aid pass."
        ["council", "texts"] ["iran.un_cost_drive", "council.consequences"] ["un_cost", "veto_cost", "veto_cost_least"] ["veto_cost", "isolation", "council_vote"]
        [Futures("isolation"), Inspect("veto_cost")] ["council_vote"] "the cost of vetoes cast alone is off by default, and without it a drive moves hardly a vote";
    60 Modelled "Debates about Israel's seat are to make an outsider of it."
        ["council", "texts"] ["un.suspension_drive", "council.consequences"] ["assembly_debate", "credentials_rally", "credentials_arms"] ["isolation", "assembly_vote"]
        [Futures("isolation")] ["assembly_vote"] "what isolation brings beyond the US vote is off by default";
    61 Absent "The resolution of 1947 came with conditions, on which the seat could be withdrawn."
        [] [] [] []
        [] [] "a note at a lever; no condition of membership is examined";
    62 InPart "It will hardly come to that: the United States stands in the way."
        ["texts", "council"] ["un.suspension_drive", "us.unsc_posture", "council.consequences"] ["credentials_lobby"] ["assembly_vote"]
        [Timeline("assembly_vote")] ["assembly_vote"] "once driven, texts on credentials pass by default, against the essay; with `credentials_lobby` high none is tabled; the Charter's suspension is left out as near impossible";
    63 Absent "Israel cannot be overthrown by force, at this stage."
        [] [] [] []
        [] [] "outside what this model can say: no outcome ends a state";
    64 InPart "Iran helps armed Palestinian groups for as long as they ask for it."
        ["economy", "fire", "truce"] ["iran.axis_funding", "iran.directive.ham", "iran.directive.pij", "iran.directive.wbg", "states.incorporation"] ["funding_exponent", "spoiler_funding"] ["funding", "events", "spoiler"]
        [Inspect("funding")] ["fire", "spoiler"] "help is levers, and nobody asks; money reaches spoilers with `spoiler_funding` only, off by default";
    65 Modelled "Open war and peace have much between them."
        ["ladder", "negotiation"] [] [] ["escalation", "settlement", "level"]
        [Card("Escalation × settlement")] ["step_up", "signed"] "";
    66 Modelled "Each Israeli strike will meet an answer in proportion."
        ["answer", "salvo"] ["iran.response_scale", "iran.proportionality"] ["credit_fixed", "answer_least"] ["salvo", "exchange_gain", "owed"]
        [Map("Ballistic missile"), Map("Intercepted")] ["salvo", "answer_owed"] "an answer is a chance on each day, so that some strikes go unanswered";
    67 Modelled "To do nothing would end deterrence and invite worse."
        ["harm", "answer", "initiative"] ["iran.response_scale", "israel.response_scale"] ["beta_rho", "rho_loss", "rho_gain"] ["resolve", "blow"]
        [Map("State: resolve, power")] ["salvo", "blow"] "";
    68 Absent "Iran calls its strikes lawful self-defence."
        [] [] [] []
        [] [] "no equation reads law, and nobody gives the size of an audience's response to it";
    69 Modelled "Military targets only, and as few civilians harmed as can be, on both sides."
        ["target", "answer", "harm", "negotiation", "restraint"] ["restraint.irn", "restraint.isr_irn", "restraint.isr_leb", "restraint.isr_gaz", "restraint.hzb", "restraint.hou", "restraint.iri", "restraint.ham"] ["restraint_lethality", "restraint_trust", "reciprocity_pledges"] ["killed", "deaths"]
        [Futures("killed")] ["signed"] "pledges stand at a half by default; that the other side sees and returns them is off";
    70 Modelled "While Israel holds back, so does Tehran, though a harsh answer may come some day."
        ["restraint", "answer", "initiative"] ["exchange.restraint", "israel.blow_rate", "iran.blow_rate"] ["settle_rate", "reciprocity_blows", "war_patience"] ["forgone", "answer_settled", "answer_lapsed"]
        [Timeline("answer_settled")] ["answer_settled", "blow", "answer_lapsed"] "returned restraint is off by default; without it what is owed is answered or fades";
}
