# Written by `make values` from conf/beliefs/default/: change the records, not this file.

Number = float | tuple[float, ...]

class Group:
    def __init__(self, name: str, content: dict[str, Number]) -> None: ...

class PlacesBeliefs(Group):
    town_share: float
    town_land: float
    ward_sd: float
    small_area_sd: float
    size_density: float
    idaci_spread_mean: float
    fsm_variance_mean: float
    road_factor: float
    near_primaries: float
    near_secondaries: float
    ward_scatter: float

class PeopleBeliefs(Group):
    transitory_sd: float
    transitory_keep: float
    income_age_slope: float
    under_registration: float
    under_registration_slope: float
    arrivals: float
    moves: float
    eal: tuple[float, ...]
    income_offset: tuple[float, ...]
    broad_offset: tuple[float, ...]
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
    parents_migrant: float
    parents_area_income: tuple[float, ...]
    parents_noise: float

class AdmissionsBeliefs(Group):
    distance: tuple[float, ...]
    distance_power: float
    pull: float
    pull_class: float
    likeness: tuple[float, ...]
    access: tuple[float, ...]
    taste: float
    lottery: float
    grammar_pull: float
    grammar_distance: float
    slack: float
    intake_scale: float
    reputation_scale: tuple[float, ...]
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
    value_added_primary: float
    value_added_secondary: float
    value_added_area: float
    differential: float
    area_early: float
    area_primary: float
    area_secondary: float
    small_area_early: float
    heritage_early: tuple[float, ...]
    heritage_primary: tuple[float, ...]
    heritage_secondary: tuple[float, ...]
    heritage_flatter: tuple[float, ...]

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
    recruit_sorting: tuple[float, ...]
    recruit_sd: float
    school_part: float
    ever6_mean: float

class PlansBeliefs(Group):
    standard_fixed: tuple[float, ...]
    standard_pupil: tuple[float, ...]
    standard_need: tuple[float, ...]
    dose: tuple[float, ...]
    fixed: tuple[float, ...]
    relative_return: tuple[float, ...]
    security: tuple[float, ...]
    evidence_use: float
    habit_sd: float
    practice_spread: float
    premium_reach: float
    gap_flicker: float
    pooled: float

class MoneyBeliefs(Group):
    return_per_thousand: float
    saturation: float
    concentration: float
    disadvantaged_multiplier: float
    use_sd: float
    lag: float
    need_weight: float

class AssessmentBeliefs(Group):
    reliability: tuple[float, ...]
    mark_mean: tuple[float, ...]
    mark_sd: tuple[float, ...]
    attainment8_mean: float
    attainment8_sd: float
    attainment8_top: float
    early_cut: float
    ks2_cut: float
    low_prior_weight: tuple[float, ...]
    english_maths_cut: float
    good_school: float

class OffersBeliefs(Group):
    sixth_share: float
    sixth_size: float
    sixth_roll: float
    sixth_places: float
    sixth_colleges: float
    technical_colleges: float
    outside_share: float
    outside_minutes: float
    reach_minutes: float
    apprenticeship_cv: float
    access_minutes: float
    road_factor: float
    speed: float
    terrain_rural: float
    mean_minutes: tuple[float, ...]
    log_km_mean: float
    option_minutes: float
    option_density: float
    transport_reach: float
    neighbours_keep: float

class ParentsBeliefs(Group):
    fsm: tuple[float, ...]
    other: tuple[float, ...]
    education: float
    education_mean: tuple[float, ...]
    education_sd: tuple[float, ...]
    tilt: float
    local_mean: float
    local_sd: float

class Post16Beliefs(Group):
    route: tuple[float, ...]
    route_score: tuple[float, ...]
    route_ever6: tuple[float, ...]
    route_migration: tuple[float, ...]
    places: tuple[float, ...]
    travel: float
    attached_travel: float
    neighbours: float
    expectations: float
    heritage: tuple[float, ...]
    level3: tuple[float, ...]
    level3_route: tuple[float, ...]
    level3_migration: tuple[float, ...]
    level2: tuple[float, ...]
    academic: tuple[float, ...]
    trait: float
    technical_pull: float
    technical_quality: float
    technical_cost_gbp: float
    transport_relief: float
    transport_cost_gbp: float
    premium_level3: float
    premium_stay: float

class HigherBeliefs(Group):
    entry: tuple[float, ...]
    entry_route: tuple[float, ...]
    entry_fsm: float
    isolation: tuple[float, ...]
    entry_occupation: tuple[float, ...]
    migration: tuple[float, ...]
    without_level3: float
    tariff: tuple[float, ...]
    tariff_occupation: tuple[float, ...]
    home: tuple[float, ...]
    home_occupation: tuple[float, ...]
    distance: float
    universities: float
    high_tariff_universities: float
    university_regions: tuple[float, ...]
    university_size_sd: float
    places_follow: float
    drop: tuple[float, ...]
    good: tuple[float, ...]
    later_degree: tuple[float, ...]
    later_access: float
    support_relief: tuple[float, ...]
    support_cost_gbp: float
    isolation_centre: float
    attainment_centre: tuple[float, ...]

class RecruitmentBeliefs(Group):
    raised_abroad: tuple[float, ...]
    vacancy_response: float
    search_again: float
    professional: tuple[float, ...]
    middle: tuple[float, ...]
    origin: float
    experience: float
    scheme: float
    attachment: tuple[float, ...]
    low_share: float
    distance: float
    reserve: tuple[float, ...]
    adoption_pace: float

class FunnelBeliefs(Group):
    scheme_share: float
    invitations: float
    apply: tuple[float, ...]
    credentials: float
    leaks: tuple[float, ...]
    credential_weights: tuple[float, ...]
    contacts: tuple[float, ...]
    contacts_gap: float
    selection_luck: tuple[float, ...]
    interview_merit: float
    uplift: float
    contextual_cost: float
    blind_cost: float
    cell_cuts: tuple[float, ...]
    leak_weights: tuple[float, ...]

class ProgressionBeliefs(Group):
    step_chance: float
    clock: float
    reform_effect: float
    reform_cost: float
    steps: float
    base_pay: float
    level_pay: tuple[float, ...]
    credential_pay: tuple[float, ...]
    region_pay: float
    step_pay: float
    conditional_gap: float
    talent_pay: float
    pay_sd: float

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
