# Written by `make values` from conf/beliefs/default/: change the records, not this file.

from collections.abc import Sequence

Number = float | tuple[float, ...]

class Table(tuple[float, ...]):
    words: tuple[str, ...]

def named(words: Sequence[str], numbers: Sequence[float]) -> Table: ...

class Group:
    def __init__(self, name: str, content: dict[str, Number]) -> None: ...

class PrimaryToSecondary(Table):
    primary: float
    secondary: float

class WhiteBritishToAnyOther(Table):
    white_british: float
    white_other: float
    indian_chinese: float
    pakistani: float
    bangladeshi: float
    asian_other: float
    black_african: float
    black_caribbean: float
    white_black_caribbean: float
    other_mixed: float
    any_other: float

class WhiteBritishToMixedAnyOther(Table):
    white_british: float
    white_other: float
    asian: float
    black: float
    mixed_any_other: float

class BeginsToInFull(Table):
    begins: float
    in_full: float

class RetentionToTransport(Table):
    retention: float
    cpd: float
    tutoring: float
    careers: float
    transport: float

class EarlyToKs4(Table):
    early: float
    ks2: float
    ks4: float

class SchoolSixthFormToFurtherEducation(Table):
    school_sixth_form: float
    sixth_form_college: float
    further_education: float

class LeastToMost(Table):
    least: float
    most: float

class ProfessionalToWorking(Table):
    professional: float
    intermediate: float
    working: float

class OtherToFsm(Table):
    other: float
    fsm: float

class SchoolSixthFormToNone(Table):
    school_sixth_form: float
    sixth_form_college: float
    further_education: float
    apprenticeship: float
    work: float
    none: float

class SchoolSixthFormToApprenticeship(Table):
    school_sixth_form: float
    sixth_form_college: float
    further_education: float
    apprenticeship: float

class ConstantToFsm(Table):
    constant: float
    attainment: float
    fsm: float

class SchoolSixthFormToAttainment(Table):
    school_sixth_form: float
    sixth_form_college: float
    further_education: float
    apprenticeship: float
    work: float
    none: float
    attainment: float

class ConstantToAttainment(Table):
    constant: float
    attainment: float

class ConstantToFurtherEducation(Table):
    constant: float
    attainment: float
    further_education: float

class ConstantToHighTariff(Table):
    constant: float
    heritage: float
    distance: float
    high_tariff: float

class EastMidlandsToYorkshireAndTheHumber(Table):
    east_midlands: float
    east_of_england: float
    london: float
    north_east: float
    north_west: float
    south_east: float
    south_west: float
    west_midlands: float
    yorkshire_and_the_humber: float

class ConstantToAtHome(Table):
    constant: float
    attainment: float
    high_tariff: float
    deprivation: float
    at_home: float

class ConstantToDeprivation(Table):
    constant: float
    attainment: float
    high_tariff: float
    deprivation: float

class DroppingOutToGoodClass(Table):
    dropping_out: float
    good_class: float

class HighTariffToGoodClass(Table):
    high_tariff: float
    good_class: float

class PupilsToHighTariff(Table):
    pupils: float
    high_tariff: float

class LondonToElsewhere(Table):
    london: float
    south_east: float
    elsewhere: float

class DegreeToTechnical(Table):
    degree: float
    attainment: float
    good_class: float
    high_tariff: float
    academic: float
    technical: float

class AttainmentToLevel2(Table):
    attainment: float
    academic: float
    technical: float
    level2: float

class EverybodyToStudiedAway(Table):
    everybody: float
    low_origin: float
    high_tariff: float
    studied_away: float

class ProfessionalToLower(Table):
    professional: float
    middle: float
    lower: float

class EverybodyToProfessionalOrigin(Table):
    everybody: float
    high_tariff: float
    good_class: float
    professional_origin: float

class AtNoneToAtFull(Table):
    at_none: float
    at_quarter: float
    at_half: float
    at_full: float

class GoodClassToAttainment(Table):
    good_class: float
    high_tariff: float
    attainment: float

class SiftToInterview(Table):
    sift: float
    interview: float

class FirstToThird(Table):
    first: float
    second: float
    third: float

class LowerToProfessional(Table):
    lower: float
    middle: float
    professional: float

class GoodClassToTechnical(Table):
    good_class: float
    high_tariff: float
    attainment: float
    degree: float
    technical: float

class At25ToAt30(Table):
    at_25: float
    at_30: float

class SupportToPlan(Table):
    support: float
    plan: float

class BasicToLowPrior(Table):
    basic: float
    deprivation: float
    low_prior: float

class ConstantToAge(Table):
    constant: float
    attainment: float
    no_level3: float
    fsm: float
    age: float

class UnemploymentToNotEmployed(Table):
    unemployment: float
    not_employed: float

class PlacesBeliefs(Group):
    home_scatter: float
    income_by_idaci: float
    near_primaries: float
    near_secondaries: float
    near_catholic: PrimaryToSecondary
    near_grammars: float
    grammar_km: float

class PeopleBeliefs(Group):
    transitory_sd: float
    transitory_keep: float
    income_age_slope: float
    under_registration: float
    under_registration_slope: float
    credit_line: float
    arrivals: float
    moves: float
    eal: WhiteBritishToAnyOther
    girls: float
    catholic: WhiteBritishToMixedAnyOther
    income_offset: WhiteBritishToAnyOther
    broad_offset: WhiteBritishToMixedAnyOther
    cell_trust: float
    income_mean: float
    income_sd: float
    parents_income: float
    parents_income_migrant: float
    parents_area: float
    parents_mean: float
    parents_sd: float
    adult_level3_mean: float
    adult_level3_sd: float
    deep_income: float
    long_share: float
    under_registration_depth: float
    newcomer_eal: float
    leave_income: float
    leave_near: float
    leave_km: float
    parents_migrant: float
    parents_area_income: BeginsToInFull
    parents_noise: float
    late_others: WhiteBritishToAnyOther
    late_disadvantaged: WhiteBritishToAnyOther
    parents_poor: float

class AdmissionsBeliefs(Group):
    distance: PrimaryToSecondary
    distance_near: PrimaryToSecondary
    border: PrimaryToSecondary
    pull: float
    pull_class: float
    likeness: PrimaryToSecondary
    access: PrimaryToSecondary
    taste: float
    lottery: float
    grammar_pull: float
    grammar_distance: float
    catholic_pull: float
    catholic_distance: float
    slack: float
    intake_scale: float
    reputation_scale: PrimaryToSecondary
    inertia: float
    eleven_plus_income: float
    eleven_plus_mark: float
    eleven_plus_error: float
    first_reputation: float

class LearningBeliefs(Group):
    income_early: float
    education_early: float
    income_primary: float
    education_primary: float
    income_secondary: float
    education_secondary: float
    carry_primary: float
    carry_secondary: float
    carry_disadvantaged: float
    noise_early: float
    noise_primary: float
    noise_secondary: float
    noise_disadvantaged: float
    early_support: float
    support_others: float
    support_near: float
    mass: float
    mass_scale: float
    mass_others: float
    peers_primary: float
    peers_secondary: float
    setting: float
    fade: float
    fade_density: float
    push_primary: float
    fade_push: float
    value_added_primary: float
    value_added_secondary: float
    value_added_area: float
    differential: float
    drift: float
    cohort_shock_primary: float
    cohort_shock_secondary: float
    area_early: float
    area_primary: float
    area_secondary: float
    small_area_early: float
    heritage_early: WhiteBritishToAnyOther
    heritage_primary: WhiteBritishToAnyOther
    heritage_secondary: WhiteBritishToAnyOther
    heritage_flatter: WhiteBritishToAnyOther
    gap_early: WhiteBritishToMixedAnyOther
    gap_primary: WhiteBritishToMixedAnyOther
    gap_secondary: WhiteBritishToMixedAnyOther

class TeachersBeliefs(Group):
    leaving: float
    leaving_slope: float
    leaving_sd: float
    vacancy: float
    vacancy_isolation: float
    vacancy_leaving: float
    vacancy_harm: float
    novice_recruits: float
    novice_slope: float
    novice_penalty: float
    turnover_harm: float
    effect_sd: float
    recruit_sorting: PrimaryToSecondary
    recruit_sd: float
    school_part: float
    ever6_mean: float
    pay_leaving: float
    pay_gbp: float
    pay_cost: float
    pupils_a_teacher: PrimaryToSecondary
    outside_part: float
    cpd_keeps: float
    ease: float
    movers: float
    pay_pull: float
    hardship_pull: float
    isolation_pull: float
    near_km: float
    seen: float
    entry: float

class PlansBeliefs(Group):
    standard_fixed: PrimaryToSecondary
    standard_pupil: PrimaryToSecondary
    standard_need: PrimaryToSecondary
    dose: RetentionToTransport
    fixed: RetentionToTransport
    relative_return: RetentionToTransport
    security: RetentionToTransport
    evidence_use: float
    habit_sd: float
    practice_spread: float
    premium_reach: float
    gap_flicker: float
    pooled: float
    cpd_cost_gbp: float
    tutoring_cost_gbp: float
    meal_cost_gbp: float
    evidence_cost_gbp: float

class MoneyBeliefs(Group):
    return_per_thousand: float
    saturation: float
    concentration: float
    disadvantaged_multiplier: float
    use_sd: float
    lag: float
    need_weight: float
    local_mirror: float

class AssessmentBeliefs(Group):
    reliability: EarlyToKs4
    mark_mean: EarlyToKs4
    mark_sd: EarlyToKs4
    attainment8_mean: float
    attainment8_sd: float
    attainment8_top: float
    early_cut: float
    ks2_cut: float
    low_prior_weight: PrimaryToSecondary
    english_maths_cut: float
    good_school: float
    late_points: float

class OffersBeliefs(Group):
    reach_minutes: float
    apprenticeship_cv: float
    access_minutes: float
    road_factor: float
    speed: float
    terrain_rural: float
    farthest_minutes: float
    mean_minutes: SchoolSixthFormToFurtherEducation
    log_km_mean: float
    option_minutes: float
    option_density: float
    transport_reach: float
    neighbours_keep: float
    places_bounds: LeastToMost

class ParentsBeliefs(Group):
    fsm: ProfessionalToWorking
    other: ProfessionalToWorking
    education: float
    education_mean: OtherToFsm
    education_sd: OtherToFsm
    tilt: float
    local_mean: float
    local_sd: float

class Post16Beliefs(Group):
    route: SchoolSixthFormToNone
    route_score: SchoolSixthFormToNone
    route_ever6: SchoolSixthFormToNone
    route_migration: SchoolSixthFormToNone
    places: SchoolSixthFormToApprenticeship
    travel: float
    attached_travel: float
    neighbours: float
    expectations: float
    heritage: WhiteBritishToAnyOther
    level3: ConstantToFsm
    level3_route: SchoolSixthFormToNone
    level3_migration: OtherToFsm
    level2: ConstantToFsm
    academic: SchoolSixthFormToAttainment
    trait: float
    technical_pull: float
    technical_quality: float
    technical_cost_gbp: float
    transport_relief: float
    transport_cost_gbp: float
    premium_level3: float
    premium_stay: float
    apprenticeship_girls: float
    route_slack: SchoolSixthFormToNone
    causal_share: float

class HigherBeliefs(Group):
    entry: ConstantToAttainment
    entry_route: SchoolSixthFormToNone
    entry_fsm: float
    isolation: OtherToFsm
    entry_occupation: ProfessionalToWorking
    migration: OtherToFsm
    without_level3: float
    tariff: ConstantToFurtherEducation
    tariff_occupation: ProfessionalToWorking
    home: ConstantToHighTariff
    home_occupation: ProfessionalToWorking
    distance: float
    home_km: float
    high_tariff_universities: float
    university_regions: EastMidlandsToYorkshireAndTheHumber
    university_size_sd: float
    places_follow: float
    drop: ConstantToAtHome
    good: ConstantToDeprivation
    later_degree: ProfessionalToWorking
    later_access: float
    support_relief: DroppingOutToGoodClass
    support_cost_gbp: float
    isolation_centre: float
    attainment_centre: HighTariffToGoodClass
    independents: PupilsToHighTariff
    independents_hold: float

class RecruitmentBeliefs(Group):
    raised_abroad: LondonToElsewhere
    vacancy_response: float
    search_again: float
    professional: DegreeToTechnical
    middle: AttainmentToLevel2
    origin: float
    experience: float
    scheme: float
    attachment: EverybodyToStudiedAway
    low_share: float
    distance: float
    reserve: ProfessionalToLower
    adoption_pace: float
    commute: float
    market_taste: float

class FunnelBeliefs(Group):
    scheme_share: float
    invitations: float
    apply: EverybodyToProfessionalOrigin
    credentials: float
    leaks: AtNoneToAtFull
    credential_weights: GoodClassToAttainment
    contacts: SiftToInterview
    contacts_gap: float
    selection_luck: SiftToInterview
    interview_merit: float
    uplift: float
    contextual_cost: float
    blind_cost: float
    cell_cuts: FirstToThird
    leak_weights: AtNoneToAtFull

class ProgressionBeliefs(Group):
    step_chance: float
    clock: float
    reform_effect: float
    reform_cost: float
    steps: float
    base_pay: float
    level_pay: LowerToProfessional
    credential_pay: GoodClassToTechnical
    region_pay: float
    step_pay: float
    conditional_gap: float
    talent_pay: float
    pay_sd: float
    women_pay: At25ToAt30
    women_hours: At25ToAt30
    level_gap: LowerToProfessional

class AttendanceBeliefs(Group):
    level: PrimaryToSecondary
    disadvantaged: PrimaryToSecondary
    income: PrimaryToSecondary
    migrant_flatter: float
    heritage: WhiteBritishToAnyOther
    others: float
    heritage_primary: float
    spread: PrimaryToSecondary
    cost: PrimaryToSecondary
    work_effect: float
    work_cost_gbp: float

class ChildrenBeliefs(Group):
    girls_early: float
    girls_primary: float
    girls_secondary: float
    needs_primary_rates: SupportToPlan
    needs_secondary_rates: SupportToPlan
    needs_girls: float
    needs_income: float
    needs_month: float
    needs_early: SupportToPlan
    needs_primary: SupportToPlan
    needs_secondary: SupportToPlan

class HighNeedsBeliefs(Group):
    notional: BasicToLowPrior
    top_up_gbp: float
    cover: float

class SpellsBeliefs(Group):
    without_work: ConstantToAge
    lasting: float
    place: UnemploymentToNotEmployed
    weaker: float

class Values:
    def __init__(self, groups: dict[str, Group]) -> None: ...
    places: PlacesBeliefs
    people: PeopleBeliefs
    admissions: AdmissionsBeliefs
    learning: LearningBeliefs
    teachers: TeachersBeliefs
    plans: PlansBeliefs
    money: MoneyBeliefs
    assessment: AssessmentBeliefs
    offers: OffersBeliefs
    parents: ParentsBeliefs
    post16: Post16Beliefs
    higher: HigherBeliefs
    recruitment: RecruitmentBeliefs
    funnel: FunnelBeliefs
    progression: ProgressionBeliefs
    attendance: AttendanceBeliefs
    children: ChildrenBeliefs
    high_needs: HighNeedsBeliefs
    spells: SpellsBeliefs
