//! Policy levers: what a user may move at any day of a running world.
//!
//! One row each. Values are stored as `f64` whatever the kind: a choice as the index of its option, a date as days since
//! the scenario's start ([`OFF`] when off), so that a lever set is one flat array that a snapshot copies.

use super::Evidence;
use super::claims::{CLAIMS, Claim};
use noisy_float::prelude::R64;
use serde::{Deserialize, Serialize};
use std::ops::Index;

/// The stored value of a date lever that is switched off.
pub const OFF: f64 = -1.0e9;

/// What values a lever takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A number within the row's range.
    Number,
    /// One of these options.
    Choice(&'static [&'static str]),
    /// A date (`YYYY-MM-DD`) or `off`.
    Date,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LeverRow {
    /// Id in scenario files, on the command line and in panels.
    pub id: &'static str,
    /// Short name for people.
    pub name: &'static str,
    /// Who holds it.
    pub owner: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Unit of a number.
    pub unit: &'static str,
    /// Smallest number.
    pub low: f64,
    /// Largest number.
    pub high: f64,
    /// Default, in stored form.
    pub default: f64,
    /// What it touches first.
    pub touches: &'static str,
    /// The passage of the essay it belongs to, in our words.
    pub essay: &'static str,
    /// Claims of the essay that moving it tests, by id ([`super::claims`]).
    pub claims: &'static [&'static str],
    /// Where the default comes from; empty for an assumption.
    pub source: &'static str,
    /// Evidence tag of the default.
    pub tag: Evidence,
}

impl LeverRow {
    /// Where the default comes from, in words.
    #[must_use]
    pub fn origin(&self) -> &'static str {
        if self.source.is_empty() { "an assumption, free to vary over the range" } else { self.source }
    }

    /// The claims it tests.
    pub fn tested(&self) -> impl Iterator<Item = &'static Claim> + use<> {
        let claims = self.claims;
        CLAIMS.iter().filter(move |claim| claims.contains(&claim.id))
    }
}

macro_rules! levers {
    ($( $variant:ident = $id:literal, $name:literal, $owner:literal, $kind:expr, $unit:literal, $low:expr, $high:expr, $default:expr, $tag:ident, $touches:literal, $essay:literal, [$( $claim:literal ),*], $source:literal; )*) => {
        /// A lever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        #[repr(u8)]
        pub enum Lever { $( #[doc = $touches] $variant, )* }

        impl Lever {
            /// Every lever, in the order of the table.
            pub const ALL: &[Self] = &[$( Self::$variant ),*];
        }

        /// Every row, in the same order as [`Lever::ALL`].
        pub const LEVERS: &[LeverRow] = &[$( LeverRow {
            id: $id, name: $name, owner: $owner, kind: $kind, unit: $unit, low: $low, high: $high, default: $default,
            touches: $touches, essay: $essay, claims: &[$( $claim ),*], source: $source, tag: Evidence::$tag,
        }, )*];
    };
}

/// Classes of targets that a holder may choose, each option with all of those before it. The last sets no limit of its own.
const TARGET_SETS: [&str; 4] = ["military", "military+energy", "military+energy+nuclear", "any"];

use Kind::{Choice, Date, Number};
levers! {
    Administration = "us.administration", "Course of the new administration", "United States", Choice(&["continuity", "deal_seeker", "max_pressure"]), "option", 0.0, 2.0, 2.0, H, "sanctions, consent, arms, Council votes and appetite for talks from the change of administration on", "the new US administration", [], "inauguration on 20 January 2025; that its course is one of pressure is known with hindsight";
    SanctionsPressure = "us.sanctions_pressure", "Sanctions pressure", "United States", Number, "share", 0.0, 1.0, 0.45, S, "Iranian oil exports and revenue", "maximum pressure", [], "so that exports are about 1.6 million barrels a day, as in early 2024 (egyptoil-gas, Vortexa)";
    DeterrentPresence = "us.deterrent_presence", "Deterrent presence", "United States", Number, "share", 0.0, 1.0, 0.6, A, "Iran's caution before it answers", "maps of US bases", [], "";
    BaseSorties = "us.base_sorties", "Sorties from host bases", "United States", Number, "share", 0.0, 1.0, 0.3, A, "exposure of US bases and their hosts", "retaliation on American and Arab targets", ["H6"], "";
    HostAssurances = "hosts.assurances", "Assurances to host states", "Gulf & Yemen", Number, "share", 0.0, 1.0, 0.4, A, "basing permission of host states", "Arab countries that would aid an attack", ["H6"], "";
    FearOfWar = "hosts.fear_of_war", "Host states' fear of war", "Gulf & Yemen", Number, "share", 0.0, 1.0, 0.0, H, "permission of hosts, the scale of Israeli answers, a security forum, strikes on hosts' own sites; at 0 fear moves nothing", "Arab governments that warn of a wider war", ["H13"], "the essay claims it; no size is known";
    ArmsResupply = "us.arms_resupply", "Arms and interceptor resupply", "United States", Number, "times usual", 0.0, 3.0, 1.0, A, "Israeli interceptors received a day", "US help to Israel", [], "";
    ScaleVeto = "us.scale_veto", "US veto on the scale of Israeli strikes", "United States", Number, "share", 0.0, 1.0, 0.4, A, "size of Israeli answers, consent to preventive strikes", "urging Israel to recalibrate", [], "";
    Leverage = "us.leverage", "US leverage on Israel to sign", "United States", Number, "share", 0.0, 1.0, 0.0, A, "Israel's cost of signing at every table at which it sits; nothing under a course of maximum pressure", "convincing Israel to play along", ["H15"], "";
    GroupTalks = "us.group_talks", "Talks with armed groups", "United States", Number, "share", 0.0, 1.0, 0.3, A, "rate at which tables with armed groups can sign: Lebanon, Gaza, the Red Sea, Iraq, and the collective one", "reluctance to recognise the groups", [], "";
    RegionalRole = "us.regional_role", "Accepted regional role of Iran", "United States", Number, "share", 0.0, 1.0, 0.0, A, "Iran's benefit in the nuclear and collective tables", "spheres of influence", [], "";
    SanctionsRelief = "us.sanctions_relief", "Sanctions relief offered", "United States", Number, "share", 0.0, 1.0, 0.0, A, "Iran's benefit in the nuclear table", "grand bargain", [], "";
    RoadmapAcquiescence = "us.roadmap_acquiescence", "Acquiescence in the roadmap", "United States", Number, "share", 0.0, 1.0, 0.3, A, "US term of the Yemen table", "legitimacy of the Houthis", ["H4"], "";
    CoalitionExitDate = "us.coalition_exit_date", "Coalition exit from Iraq", "United States", Date, "date", 0.0, 0.0, OFF, A, "targets of Iraqi groups, integration", "complete withdrawal from Iraq", ["H5"], "";
    RebrandShare = "us.rebrand_share", "Share of the coalition re-branded", "United States", Number, "share", 0.0, 1.0, 0.3, A, "targets that remain after an exit", "re-branding instead of leaving", [], "";
    UnscPosture = "us.unsc_posture", "Posture in the Security Council", "United States", Number, "logit", -1.0, 1.5, 0.0, A, "US vote on drafts", "abstention in the Council", [], "";
    IsraelWithdrawalShare = "israel.withdrawal_share", "Withdrawal from south Lebanon", "Israel", Number, "share", 0.0, 1.0, 1.0, A, "completed withdrawal w: violations and collapse", "withdrawal from Lebanese territory", [], "";
    IsraelWithdrawalDays = "israel.withdrawal_days", "Days of the withdrawal", "Israel", Number, "days", 1.0, 720.0, 60.0, S, "pace of the withdrawal after a truce", "withdrawal from Lebanese territory", [], "60 days in the agreement of 27 November 2024 (devdiscourse.com, that day)";
    IsraelDisputedAreas = "israel.disputed_areas", "Shebaa Farms, Kfarchouba, Ghajar", "Israel", Choice(&["none", "ghajar", "all"]), "option", 0.0, 2.0, 0.0, A, "completed withdrawal w, terms of the Lebanon table", "the three disputed areas", [], "";
    IsraelTargetSet = "israel.target_set", "Targets in Iran", "Israel", Choice(&TARGET_SETS), "option", 0.0, 3.0, 0.0, A, "classes of targets of strikes on Iran", "the strikes of 26 October", [], "";
    IsraelBlowRate = "israel.blow_rate", "Leadership-strike rate", "Israel", Number, "times usual", 0.0, 3.0, 1.0, A, "hazard of blows (0 is a moratorium)", "killings of leaders", [], "";
    IsraelProportionality = "israel.proportionality", "Proportionality of answers", "Israel", Number, "blows/blow", 0.0, 2.0, 0.65, C, "size of Israeli answers; how far it matters hangs on leakage and on how many answers there are: see the scenario `proportionality`", "proportionate response", [], "so that the size of the answers of 2024 comes out";
    IsraelResponseScale = "israel.response_scale", "Readiness to answer", "Israel", Number, "times usual", 0.0, 1.5, 1.0, A, "chance of an Israeli answer short of open war", "deterrence by answering", ["H2"], "";
    IsraelSettlements = "israel.settlements", "Settlements in the West Bank", "Israel", Choice(&["growth", "freeze", "withdrawal"]), "option", 0.0, 2.0, 0.0, A, "baselines of fire in the West Bank, legitimacy of the Authority and so elections; with states.incorporation above 0 also who wins them", "settlements as a condition of peace", [], "";
    IranDirectiveHzb = "iran.directive.hzb", "Directive to Hezbollah", "Iran", Number, "share held back", 0.0, 1.0, 0.0, A, "Hezbollah's fire, as far as Iran controls it", "containing strikes", [], "";
    IranDirectiveIri = "iran.directive.iri", "Directive to the Iraqi groups", "Iran", Number, "share held back", 0.0, 1.0, 0.95, C, "Iraqi groups' attacks on US forces", "containing strikes", [], "so that the attacks on US forces of 2024 come out (165 from October 2023 to January 2024, then few: Pentagon)";
    IranDirectiveHou = "iran.directive.hou", "Directive to the Houthis", "Iran", Number, "share held back", 0.0, 1.0, 0.0, A, "Houthi fire, as far as Iran controls it", "containing strikes", [], "";
    IranDirectivePij = "iran.directive.pij", "Directive to Islamic Jihad", "Iran", Number, "share held back", 0.0, 1.0, 0.0, A, "Islamic Jihad as a spoiler", "containing strikes", [], "";
    IranDirectiveHam = "iran.directive.ham", "Directive to Hamas", "Iran", Number, "share held back", 0.0, 1.0, 0.0, A, "Hamas's fire, as far as Iran controls it", "containing strikes", [], "";
    IranDirectiveWbg = "iran.directive.wbg", "Directive to West Bank groups", "Iran", Number, "share held back", 0.0, 1.0, 0.0, A, "West Bank groups' fire, as far as Iran controls it", "containing strikes", [], "";
    IranTargetSet = "iran.target_set", "Targets in Israel", "Iran", Choice(&TARGET_SETS), "option", 0.0, 3.0, 3.0, A, "classes of targets of Iranian salvos on Israel", "the pledge of military targets only", [], "";
    IranBlowRate = "iran.blow_rate", "Rate of blows at leaders and plots abroad", "Iran", Number, "times usual", 0.0, 3.0, 1.0, A, "hazard of blows by Iran and Hezbollah (0 is a moratorium)", "another harsh counter-attack at an unknown time", [], "";
    IranProportionality = "iran.proportionality", "Proportionality of answers", "Iran", Number, "blows/blow", 0.0, 2.0, 1.0, C, "size of Iranian answers; nearly flat in the default year, as a larger salvo also clears more of the ledger: see the scenario `proportionality`", "proportionate response", [], "so that the size of the salvos of 2024 comes out";
    IranResponseScale = "iran.response_scale", "Readiness to answer", "Iran", Number, "times usual", 0.0, 1.5, 1.0, A, "chance of an Iranian answer short of open war; what is left unanswered piles up toward it: see the scenario `deterrence-breaks-down`", "resolve to meet any and all strikes", ["H2"], "";
    IranReformists = "iran.reformists", "Reformists' weight", "Iran", Number, "share", 0.0, 1.0, 0.45, A, "reformists' weight at rest: answers, the pace of enrichment, the decision to weaponise", "reformists and hard-liners", [], "";
    IranEnrichmentCap = "iran.enrichment_cap", "Enrichment cap offered", "Iran", Choice(&["none", "60", "20", "3.67"]), "% U-235", 0.0, 3.0, 0.0, A, "US benefit in the nuclear table", "review of the nuclear file", [], "";
    IranSuspendMuscat = "iran.suspend_muscat", "Muscat channel suspended", "Iran", Choice(&["off", "on"]), "option", 0.0, 1.0, 1.0, A, "Oman's weight, the mutual-restraint table, US pressure on Israel", "the halted Muscat process", ["H9"], "";
    IranAxisFunding = "iran.axis_funding", "Funding of aligned groups", "Iran", Number, "times usual", 0.0, 2.0, 1.0, A, "resupply of the groups; with states.incorporation above 0 also how often left-out groups attack as spoilers", "funding of armed groups", [], "";
    IranUnCostDrive = "iran.un_cost_drive", "Drive to raise costs at the UN", "Iran", Number, "share", 0.0, 1.0, 0.3, A, "isolation, drafts", "raising the cost of vetoes", ["H8"], "";
    RestraintIrn = "restraint.irn", "Civilian restraint: Iran on Israel", "Iran", Number, "share", 0.0, 1.0, 0.5, A, "target classes of Iranian salvos; with exchange.restraint above 0 also trust at the tables where both sit, and how far Israel returns it", "the pledge of military targets only", [], "";
    RestraintIsrIrn = "restraint.isr_irn", "Civilian restraint: Israel on Iran", "Israel", Number, "share", 0.0, 1.0, 0.5, A, "target classes of Israeli strikes on Iran; with exchange.restraint above 0 also trust at the tables where both sit, and how far Iran returns it", "limits on both sides", [], "";
    RestraintIsrLeb = "restraint.isr_leb", "Civilian restraint: Israel in Lebanon", "Israel", Number, "share", 0.0, 1.0, 0.5, A, "deaths per event in Lebanon; with exchange.restraint above 0 also trust at the tables where both sit", "limits on both sides", [], "";
    RestraintIsrGaz = "restraint.isr_gaz", "Civilian restraint: Israel in Gaza", "Israel", Number, "share", 0.0, 1.0, 0.5, A, "deaths per event in Gaza; with exchange.restraint above 0 also trust at the tables where both sit", "limits on both sides", [], "";
    RestraintHzb = "restraint.hzb", "Civilian restraint: Hezbollah", "Lebanon & UN", Number, "share", 0.0, 1.0, 0.5, A, "deaths per event in Israel's north; with exchange.restraint above 0 also trust at the tables where both sit", "limits on both sides", [], "";
    RestraintHou = "restraint.hou", "Civilian restraint: Houthis", "Gulf & Yemen", Number, "share", 0.0, 1.0, 0.5, A, "deaths per Houthi event; with exchange.restraint above 0 also trust at the tables where both sit", "limits on both sides", [], "";
    RestraintIri = "restraint.iri", "Civilian restraint: Iraqi groups", "Iraq", Number, "share", 0.0, 1.0, 0.5, A, "deaths per event of Iraqi groups; with exchange.restraint above 0 also trust at the tables where both sit", "limits on both sides", [], "";
    RestraintHam = "restraint.ham", "Civilian restraint: Hamas", "Palestinians", Number, "share", 0.0, 1.0, 0.5, A, "deaths per event of Hamas; with exchange.restraint above 0 also trust at the tables where both sit", "limits on both sides", [], "";
    UnifilTroops = "unifil.troops", "UNIFIL strength", "Lebanon & UN", Number, "troops", 0.0, 15000.0, 10000.0, S, "UNIFIL strength u: violations and collapse", "resolution 1701", ["H3"], "10,000 to 10,500 in August 2024 (Xinhua, azvision.az); ceiling of 15,000 in resolution 1701 (UN News, 2006)";
    UnifilMandate = "unifil.mandate", "UNIFIL rules", "Lebanon & UN", Number, "times today's", 0.0, 2.0, 1.0, A, "UNIFIL strength u: violations and collapse", "monitoring the implementation", ["H3"], "";
    LafTroopsSouth = "laf.troops_south", "Lebanese army in the south", "Lebanon & UN", Number, "troops", 0.0, 15000.0, 10000.0, S, "army's deployment l after a truce", "border control by the state", ["H3"], "10,000 announced on 27 November 2024 (tbnisrael)";
    MonitoringMechanism = "un.monitoring_mechanism", "Truce-monitoring mechanism", "Lebanon & UN", Choice(&["off", "on"]), "option", 0.0, 1.0, 1.0, S, "collapse of the Lebanon truce", "monitoring the implementation", [], "part of the agreement of 27 November 2024 (devdiscourse.com, that day)";
    SignRoadmap = "saudi.sign_roadmap", "Saudi Arabia signs the roadmap", "Gulf & Yemen", Date, "date", 0.0, 0.0, OFF, A, "the Yemen table", "signing the Saudi-Houthi deal", ["H4"], "";
    UnamiExtension = "unami.extension_months", "UNAMI extension", "Iraq", Number, "months", 0.0, 24.0, 0.0, A, "capacity of the Iraqi state", "the end of UNAMI", [], "";
    MilitiaIntegration = "iraq.militia_integration", "Support for integrating militias", "Iraq", Number, "share", 0.0, 1.0, 0.3, A, "integration of the Iraqi groups", "integration into the army", ["H5"], "";
    StatesIncorporation = "states.incorporation", "Groups under the authority of states", "The deal", Number, "share", 0.0, 1.0, 0.0, H, "how processes in Yemen, Iraq and Palestine take armed groups in, and what that ends; at 0 nothing of it acts", "groups that join governments and armies", ["H14"], "the essay claims it; no size is known";
    ChannelOman = "channel.oman", "Oman channel", "Mediators", Number, "intensity", 0.0, 1.0, 0.3, A, "caution of Iran; Red Sea, Yemen, nuclear, restraint and collective tables (counts 0 while suspended)", "Arab intermediaries", ["H7"], "";
    ChannelQatar = "channel.qatar", "Qatar channel", "Mediators", Number, "intensity", 0.0, 1.0, 0.6, A, "caution of Iran; Gaza, Lebanon, Iraq, nuclear, restraint and collective tables", "Arab intermediaries", ["H7"], "";
    ChannelSwiss = "channel.swiss", "Swiss channel", "Mediators", Number, "intensity", 0.0, 1.0, 0.3, A, "caution of Iran; Iraq, nuclear, restraint and collective tables", "the Swiss embassy", ["H7"], "";
    ChannelBerriHochstein = "channel.berri_hochstein", "Berri-Hochstein channel", "Mediators", Number, "intensity", 0.0, 1.0, 0.7, A, "Lebanon and collective tables", "indirect talks on Lebanon", ["H7"], "";
    ChannelCairo = "channel.cairo", "Cairo channel", "Mediators", Number, "intensity", 0.0, 1.0, 0.5, A, "Gaza and collective tables", "indirect talks on Gaza", ["H7"], "";
    ZoneTalks = "region.zone_talks", "Zone and collective-security talks", "Mediators", Number, "share", 0.0, 1.0, 0.0, A, "threat perceptions; the security forum, with hosts.fear_of_war above 0", "a zone free of nuclear weapons", [], "";
    ExchangeRestraint = "exchange.restraint", "Restraint bought and returned", "Mediators", Number, "share", 0.0, 1.0, 0.0, H, "debts settled through mediators, blows at whoever showed restraint, what a pledge of limits is worth at a table, and how far caution holds past the threshold of war; at 0 nothing of it acts", "Tehran restrained if Israel refrains", ["H10"], "the essay claims it; no size is known";
    SuspensionDrive = "un.suspension_drive", "Drive against Israel's membership", "UN bodies", Choice(&["off", "debate", "credentials"]), "option", 0.0, 2.0, 0.0, A, "isolation of Israel; with council.consequences above 0 also texts on credentials, the rally of a government whose credentials are rejected, and arms for it. Resolution 181 (1947) recommended partition; admission was Assembly resolution 273 (1949)", "ostracising Israel at the UN", ["H8"], "";
    CouncilConsequences = "council.consequences", "Votes that cost and texts that act", "UN bodies", Number, "share", 0.0, 1.0, 0.0, H, "what a veto cast alone costs, and what adopted texts do by their kind; at 0 a text is a text", "decisions of the Council that shape a settlement in Gaza", ["H12"], "the essay claims it; no size is known";
    AidAccess = "gaza.aid_access", "Aid into Gaza", "Palestinians", Number, "trucks/day", 0.0, 1000.0, 60.0, S, "deaths, Gaza path", "delivery of aid", [], "72 trucks a day in December 2024 (Reuters, 21 January 2025)";
    ElectionDate = "palestine.election_date", "Palestinian elections", "Palestinians", Date, "date", 0.0, 0.0, OFF, A, "Gaza path", "electing their own leaders", [], "";
    UnifiedAdministration = "palestine.unified_administration", "Unified administration", "Palestinians", Number, "share", 0.0, 1.0, 0.2, A, "Gaza path", "unified governance", [], "";
    ReconstructionFunds = "palestine.reconstruction_funds", "Reconstruction funds", "Palestinians", Number, "share", 0.0, 1.0, 0.2, A, "Gaza path", "reconstruction", [], "";
    PalestineTrade = "palestine.trade", "Trade through the crossings", "Palestinians", Number, "share", 0.0, 1.0, 0.0, A, "economic activity in Gaza, as far as a truce and reconstruction open the crossings; fire and return hang on it by activity_fire and activity_return", "the resumption of trade and commerce", [], "";
    DealArchitecture = "deal.architecture", "Architecture of the deal", "The deal", Choice(&["piecemeal", "hybrid", "collective"]), "option", 0.0, 2.0, 0.0, A, "tables that open", "one deal with all or one by one", ["H1"], "";
    DealLeftOut = "deal.left_out", "Left out of the collective deal", "The deal", Choice(&["nobody", "KSA", "HOU", "IRI", "HAM"]), "option", 0.0, 4.0, 0.0, A, "parties of the collective table; an armed group left out may act as a spoiler", "one deal with all", ["H1"], "";
    DealLinkage = "deal.linkage", "Linkage between agreements", "The deal", Number, "share", 0.0, 1.0, 0.3, A, "how far linked truces hold each other up", "a comprehensive approach", ["H1"], "";
    DealInterdependence = "deal.interdependence", "Parts that need each other", "The deal", Number, "share", 0.0, 1.0, 0.0, H, "violations that spread between linked truces, packages that the parties of a collective deal choose, and a deal that frays part by part; at 0 nothing of it acts", "united and inter-connected groups", ["H11"], "the essay claims it; no size is known";
    DealSequencing = "deal.sequencing", "Sequencing", "The deal", Choice(&["terms-first", "cease-fire-first"]), "option", 0.0, 1.0, 0.0, A, "utilities of groups under fire and of Israel", "cease-fire first", [], "";
    DealGuarantee = "deal.guarantee", "Outside guarantee", "The deal", Number, "share", 0.0, 1.0, 0.3, A, "cost of relying on promises; collapse of agreements", "bringing Israel to play along", [], "";
}

/// Levers that move nothing but their own event in a year of the default scenario, each with what makes it act. Held by a test.
pub const IDLE: &[(Lever, &str)] = &[
    (Lever::RebrandShare, "once the coalition leaves (us.coalition_exit_date)"),
    (
        Lever::RegionalRole,
        "while the nuclear or the collective table meets (iran.suspend_muscat off, deal.architecture)",
    ),
    (Lever::SanctionsRelief, "while the nuclear table meets (iran.suspend_muscat off)"),
    (Lever::IranEnrichmentCap, "while the nuclear table meets (iran.suspend_muscat off); 60 is as none"),
    (
        Lever::RestraintIsrIrn,
        "with targets in Iran beyond the military (israel.target_set), or exchange.restraint above 0",
    ),
    (Lever::ChannelOman, "while the Muscat channel is open (iran.suspend_muscat off)"),
    (Lever::UnamiExtension, "from the end of the mission's mandate, 31 December 2025: in runs of more than 418 days"),
    (Lever::DealLeftOut, "with one deal on offer (deal.architecture hybrid or collective)"),
];

impl Lever {
    /// What makes it act, for a lever that moves nothing in a year of the default scenario.
    #[must_use]
    pub fn acts_only(self) -> Option<&'static str> {
        IDLE.iter().find(|(lever, _)| *lever == self).map(|(_, when)| *when)
    }

    /// The lever with this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        LEVERS.iter().position(|row| row.id == id).map(|i| Self::ALL[i])
    }

    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static LeverRow {
        &LEVERS[self as usize]
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// Reads a value as written in a file or on a command line. `start` turns dates into days.
    ///
    /// # Errors
    /// One sentence that says what the lever takes.
    pub fn parse(self, text: &str, start: jiff::civil::Date) -> Result<f64, String> {
        let row = self.row();
        match row.kind {
            Kind::Number => match text.parse::<f64>() {
                Ok(value) => self.admit(value),
                Err(_) => Err(format!(
                    "{} takes a number from {} to {} ({}), not `{}`",
                    row.id,
                    row.low,
                    row.high,
                    row.unit,
                    text.escape_debug()
                )),
            },
            Kind::Choice(options) => {
                options.iter().position(|option| *option == text).map(|i| i as f64).ok_or_else(|| {
                    let meant = options.iter().find(|option| option.eq_ignore_ascii_case(text));
                    let meant = meant.map_or_else(String::new, |option| format!("; did you mean `{option}`?"));
                    format!("{} takes one of {}, not `{}`{meant}", row.id, options.join(", "), text.escape_debug())
                })
            }
            Kind::Date if text == "off" => Ok(OFF),
            Kind::Date => match text.parse::<jiff::civil::Date>() {
                Ok(date) if date < start => Err(format!(
                    "{} takes a date from the first day on, which is {start}, or `off`, not {date}",
                    row.id
                )),
                Ok(date) => Ok(f64::from((date - start).get_days())),
                Err(_) => {
                    let meant = if text.eq_ignore_ascii_case("off") { "; did you mean `off`?" } else { "" };
                    Err(format!(
                        "{} takes a date like 2025-09-30 or `off`, not `{}`{meant}",
                        row.id,
                        text.escape_debug()
                    ))
                }
            },
        }
    }

    /// Checks a stored value.
    ///
    /// # Errors
    /// One sentence that says what the lever takes.
    pub fn admit(self, value: f64) -> Result<f64, String> {
        let row = self.row();
        let fits = match row.kind {
            Kind::Number => value >= row.low && value <= row.high,
            Kind::Choice(options) => (0..options.len()).any(|i| (value - i as f64).abs() < f64::EPSILON),
            Kind::Date => value.is_finite(),
        };
        if fits && R64::try_new(value).is_some() {
            Ok(value)
        } else {
            Err(format!("{} takes {} to {} ({}), not {value}", row.id, row.low, row.high, row.unit))
        }
    }

    /// A stored value in words.
    #[must_use]
    pub fn say(self, value: f64, start: jiff::civil::Date) -> String {
        match self.row().kind {
            Kind::Number => format!("{value}"),
            Kind::Choice(options) => options.get(value as usize).copied().unwrap_or("?").to_owned(),
            Kind::Date if value <= OFF => "off".to_owned(),
            Kind::Date => {
                // A date beyond the calendar is one that never comes.
                let span = jiff::Span::new().try_days(value as i64);
                let date = span.and_then(|span| start.checked_add(span));
                date.map_or_else(|_| "off".to_owned(), |date| date.to_string())
            }
        }
    }
}

impl From<Lever> for String {
    fn from(lever: Lever) -> Self {
        lever.id().to_owned()
    }
}

impl TryFrom<String> for Lever {
    type Error = String;
    fn try_from(id: String) -> Result<Self, String> {
        Self::from_id(&id).ok_or_else(|| format!("there is no lever `{}`", id.escape_debug()))
    }
}

/// The value of every lever on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Vec<f64>", try_from = "Vec<f64>")]
pub struct LeverSet([f64; LEVERS.len()]);

impl From<LeverSet> for Vec<f64> {
    fn from(levers: LeverSet) -> Self {
        levers.0.to_vec()
    }
}

impl TryFrom<Vec<f64>> for LeverSet {
    type Error = String;

    fn try_from(values: Vec<f64>) -> Result<Self, String> {
        let found = values.len();
        values.try_into().map(Self).map_err(|_| format!("{found} values for {} levers", LEVERS.len()))
    }
}

impl Default for LeverSet {
    fn default() -> Self {
        let mut values = [0.0; LEVERS.len()];
        for (value, row) in values.iter_mut().zip(LEVERS) {
            *value = row.default;
        }
        Self(values)
    }
}

impl Index<Lever> for LeverSet {
    type Output = f64;
    #[inline(always)]
    fn index(&self, lever: Lever) -> &f64 {
        &self.0[lever as usize]
    }
}

impl LeverSet {
    /// Sets one lever.
    pub fn set(&mut self, lever: Lever, value: f64) {
        self.0[lever as usize] = value;
    }

    /// The value relative to its default (levers that scale a parameter).
    #[inline]
    #[must_use]
    pub fn relative(&self, lever: Lever) -> f64 {
        self.0[lever as usize] / lever.row().default
    }

    /// Whether a two-way switch is on.
    #[inline]
    #[must_use]
    pub fn on(&self, lever: Lever) -> bool {
        self.0[lever as usize] > 0.5
    }

    /// All values, in table order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// One entry of a lever log: from this day on the lever has this value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LeverChange {
    /// Day since the scenario's start.
    pub day: i32,
    /// The lever.
    pub lever: Lever,
    /// The value in stored form; always finite.
    pub value: R64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_claims_a_source_names_one_and_claims_exist() {
        for row in LEVERS {
            let wants = matches!(row.tag, Evidence::S | Evidence::C);
            assert!(!wants || !row.source.is_empty(), "{} is tagged {:?} and names no source", row.id, row.tag);
            assert_eq!(row.tested().count(), row.claims.len(), "{} names a claim that is none", row.id);
        }
        for claim in CLAIMS {
            assert!(LEVERS.iter().any(|row| row.claims.contains(&claim.id)), "no lever tests {}", claim.id);
        }
    }

    #[test]
    fn ids_are_unique_and_defaults_admissible() {
        for (i, row) in LEVERS.iter().enumerate() {
            assert!(LEVERS[..i].iter().all(|other| other.id != row.id), "{} twice", row.id);
            assert_eq!(Lever::from_id(row.id), Some(Lever::ALL[i]));
            Lever::ALL[i].admit(row.default).unwrap();
        }
    }

    #[test]
    fn values_are_read_or_refused_in_words() {
        let start = jiff::civil::date(2024, 11, 8);
        assert_eq!(Lever::UnifilTroops.parse("12000", start), Ok(12000.0));
        assert_eq!(Lever::IsraelDisputedAreas.parse("all", start), Ok(2.0));
        assert_eq!(Lever::ElectionDate.parse("2024-11-18", start), Ok(10.0));
        assert_eq!(Lever::ElectionDate.parse("off", start), Ok(OFF));
        for (lever, text) in [
            (Lever::UnifilTroops, "many"),
            (Lever::UnifilTroops, "15001"),
            (Lever::UnifilTroops, "NaN"),
            (Lever::IsraelDisputedAreas, "some"),
            (Lever::ElectionDate, "soon"),
        ] {
            assert!(lever.parse(text, start).unwrap_err().contains(lever.id()));
        }
    }
}
