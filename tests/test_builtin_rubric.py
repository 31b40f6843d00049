"""The built-in rubric is what it was designed to be: its stages, its 26 items, its must-haves, its resources."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from partnercheck import yamlfile
from partnercheck.places import shipped
from partnercheck.problems import render
from partnercheck.rubric.cases import cases_file, read_cases
from partnercheck.rubric.loader import DEFAULT_RUBRIC, examine, load_rubric
from partnercheck.rubric.model import Rubric
from partnercheck.scoring.cases import run_cases

FILE = shipped("rubrics") / f"{DEFAULT_RUBRIC}.yaml"

STAGES = {"not_yet": 0, "consultation": 1, "involvement": 2, "partnership": 3, "codesign": 4}
ITEMS = {
    "mat": ["mat_time", "mat_pay", "mat_access", "mat_anchor"],
    "tec": ["tec_welcome", "tec_methods", "tec_staff", "tec_data"],
    "soc": ["soc_leaders", "soc_role", "soc_floor", "soc_bonds", "soc_dissent"],
    "lrn": ["lrn_rhythm", "lrn_nearness", "lrn_trying", "lrn_reflect"],
    "dec": ["dec_agenda", "dec_power", "dec_design", "dec_through", "dec_reply"],
    "div": ["div_finding", "div_compare", "div_reach", "div_safety"],
}
GATES = {
    ("partnership", "dec_power", "partnership"),
    ("partnership", "lrn_nearness", "partnership"),
    ("partnership", "lrn_rhythm", "partnership"),
    ("partnership", "dec_reply", "involvement"),
    ("codesign", "dec_design", "codesign"),
    ("codesign", "dec_through", "partnership"),
    ("codesign", "lrn_trying", "partnership"),
}
ASKED_ABOUT_A_YEAR = {"mat_pay", "lrn_reflect", "div_compare"}
# The hand-checked catalogue of November 2026.
ADDRESSES = """\
https://edhub.ama-assn.org/steps-forward/module/2702594
https://aafp.org/pubs/fpm/issues/2015/0700/p22.html
https://healthcareexcellence.ca/en/resources/patient-engagement-resource/creating-a-patient-and-family-advisory-council-a-toolkit-for-pediatric-practices
https://www.ahrq.gov/patient-safety/patients-families/engagingfamilies/strategy1/index.html
https://healthcareexcellence.ca/en/resources/patient-engagement-resource/advancing-the-practice-of-patient-and-family-centered-care-in-primary-care-and-other-ambulatory-settings/
https://lincolnshire.icb.nhs.uk/resources-for-patient-participation-groups-ppgs/
https://cqc.org.uk/guidance-providers/gps/gp-mythbusters/gp-mythbuster-108-involving-and-engaging-patient-population-and-local-communities
http://vcsqi.org/san/person-family-engagement/
https://hipxchange.org/toolkit/patientengagement/
http://www.pcpcc.org/resource/engaging-patients-improving-ambulatory-care
https://www.ahrq.gov/patient-safety/reports/engage.html
https://www.ahrq.gov/patient-safety/reports/engage/casestudies.html
https://doi.org/10.1370/afm.1929
https://healthcareexcellence.ca/en/resources/patient-partner-recognition-guide
https://www.pcori.org/engagement-research/engagement-resources/foundational-expectations/dedicated-funds-engagement-partner-compensation
https://ipfcc.org/bestpractices/sustainable-partnerships/preparing/compensation.html
https://www.learningforinvolvement.org.uk/topic/payments/
https://www.hqontario.ca/Engaging-Patients/Patient-Engagement-Tools-and-Resources/Resources-for-Patients-Families-and-Caregivers/Tools-and-Resources-for-Specific-Types-of-Engagement-Activities
https://www.hqontario.ca/Patient-Partnering/Patient-Partnering-Tools-and-Resources/Resources-for-Health-Care-Providers/Build-Equity-and-Diversity-Into-Your-Engagement-Activities
https://www.ipfcc.org/bestpractices/strengthening-pfacs/toolkit/overview/index.html
https://www.nihr.ac.uk/being-inclusive-public-involvement-health-and-care-research
https://iod.unh.edu/equipped-engage/tools-pcoris-foundational-expectations
https://www.ahrq.gov/health-literacy/improve/precautions/toolkit.html
https://doi.org/10.1111/hex.13795
https://www.ahrq.gov/ncepcr/tools/transform-qi/deliver-facilitation/curriculum/index.html
https://www.ahrq.gov/evidencenow/tools/pdsa-worksheet.html
https://www.ihi.org/resources/tools/quality-improvement-essentials-toolkit
https://www.ahrq.gov/teamstepps-program/curriculum/intro/explain.html
https://pmc.ncbi.nlm.nih.gov/articles/PMC9327859
https://betsylehmancenterma.gov/tools/including-the-patient-voice
https://patientvoicesbc.ca/resources/patient-engagement-tips-facilitation/
https://www.ipfcc.org/bestpractices/sustainable-partnerships/nurturing/effective-meetings.html
https://www.kingsfund.org.uk/publications/patients-partners
https://www.towerhamletstogether.com/our-work/co-production-guidance-principle-2
https://www.thinklocalactpersonal.org.uk/Latest/Co-production-The-ladder-of-co-production/
https://www.healthcareexcellence.ca/en/resources/engagement-capable-environments/
https://www.england.nhs.uk/long-read/working-in-partnership-with-people-and-communities-statutory-guidance/
https://www.healthinnovation.org/change-package/introduction/about-the-change-package
https://doi.org/10.1371/journal.pgph.0002312
https://www.pointofcarefoundation.org.uk/
https://aci.health.nsw.gov.au/projects/co-design/library-of-related-resources
https://www.hqsc.govt.nz/consumer-hub/engaging-consumers-and-whanau/co-design/
https://archive.ontariocaregiver.ca/lessons-in-changing-care/
https://ceppp.ca/en/category/evaluation-toolkit/health-care/participant-en
https://ppe.mcmaster.ca/resources/public-and-patient-engagement-evaluation-tool/
""".split()


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load_rubric()


def test_it_has_no_findings_not_even_warnings() -> None:
    assert [render(found) for found in examine(*yamlfile.read_file(FILE))[1]] == []


def test_five_stages_of_one_continuum(rubric: Rubric) -> None:
    assert {stage.id: stage.points for stage in rubric.stages} == STAGES
    assert rubric.stage("codesign").name == "Co-design partnership"  # never just "co-design"
    assert all(stage.summary for stage in rubric.stages)


def test_six_domains_with_twenty_six_items(rubric: Rubric) -> None:
    assert {domain.id: [item.id for item in domain.items] for domain in rubric.domains} == ITEMS
    assert len(rubric.items) == 26
    assert [domain.id for domain in rubric.domains if domain.journey] == ["lrn", "dec"]


def test_a_hundred_and_thirty_descriptors_all_different(rubric: Rubric) -> None:
    texts = [text for item in rubric.items for text in item.levels.values()]
    assert len(texts) == 130
    assert all(list(item.levels) == list(STAGES) for item in rubric.items)
    for item in rubric.items:
        assert len(set(item.levels.values())) == 5


def test_the_must_haves_are_the_seven_designed(rubric: Rubric) -> None:
    assert {(gate.stage, gate.item, gate.required) for gate in rubric.gates} == GATES


def test_the_pulse_asks_the_must_haves(rubric: Rubric) -> None:
    assert list(rubric.profiles) == ["pulse"]
    assert set(rubric.profile_items("pulse")) == {item for _, item, _ in GATES}


def test_means_do_not_limit_a_placement(rubric: Rubric) -> None:
    assert rubric.floor_domains == ("soc", "lrn", "dec")
    scoring = rubric.scoring
    assert (str(scoring.domain_min_share), scoring.item_min_answers, scoring.weighting, scoring.max_domain_lag) == (
        "2/3",
        2,
        "sides",
        1,
    )
    assert all(part.weight == 1 for part in (*rubric.domains, *rubric.items))


def test_only_paying_may_not_apply(rubric: Rubric) -> None:
    assert [item.id for item in rubric.items if item.not_applicable] == ["mat_pay"]


def test_the_time_asked_about(rubric: Rubric) -> None:
    assert {item.id for item in rubric.items if item.window == "12 months"} == ASKED_ABOUT_A_YEAR
    assert {item.window for item in rubric.items} == {"3 months", "12 months"}


def test_cautions_stand_beside_a_high_placement(rubric: Rubric) -> None:
    tests = {(test.item or test.domain, test.below) for caution in rubric.cautions for test in caution.when_any}
    assert tests == {
        ("div_finding", "involvement"),
        ("div_compare", "involvement"),
        ("mat_pay", "involvement"),
        ("soc_leaders", "involvement"),
        ("mat", "consultation"),
        ("div", "consultation"),
    }
    assert {caution.placed_at_least for caution in rubric.cautions} == {"partnership"}


def test_both_sides_can_answer(rubric: Rubric) -> None:
    sides = Counter(role.side for role in rubric.roles)
    assert sides["patients"] == 2
    assert sides["practice"] >= 5
    assert "facilitator" not in {role.id for role in rubric.roles}  # has no vote


def test_every_resource_is_one_of_the_checked_catalogue(rubric: Rubric) -> None:
    assert {resource.url for resource in rubric.resources} <= set(ADDRESSES)
    assert all(resource.reviewed == "2026-11" for resource in rubric.resources)
    assert len({resource.url for resource in rubric.resources}) == len(rubric.resources)


def test_every_item_names_its_own_resource_for_every_step(rubric: Rubric) -> None:
    stages = {resource.id: set(resource.stages) for resource in rubric.resources}
    for item in rubric.items:
        reached = set().union(*(stages[resource] for resource in item.resources))
        assert item.topics
        assert reached == set(STAGES) - {"not_yet"}, item.id


def test_every_item_says_why_and_on_what_ground(rubric: Rubric) -> None:
    references = {reference.id for reference in rubric.references}
    for item in rubric.items:
        assert item.why
        assert item.sources
        assert item.name
        assert set(item.sources) <= references
    dois = {reference.doi for reference in rubric.references}
    assert "10.1097/HMR.0000000000000250" in dois


def test_it_says_what_it_is_not(rubric: Rubric) -> None:
    assert "No patient has tested this wording yet" in rubric.about
    assert "not a grade" in rubric.about
    assert rubric.start
    assert (rubric.status, rubric.language, rubric.license) == ("active", "en", "CC-BY-4.0")


def test_descriptors_use_no_stage_names_and_no_acronyms(rubric: Rubric) -> None:
    for item in rubric.items:
        for text in (item.ask, *item.levels.values()):
            assert not re.search(r"\b(consultation|involvement|co-?design)\b", text, re.IGNORECASE), text
            assert not re.search(r"\b[A-Z]{2,}\b", text), text


def test_its_worked_cases_all_come_out_as_expected(rubric: Rubric) -> None:
    document, found = yamlfile.read_file(cases_file(FILE))
    cases, more = read_cases(document, rubric)
    assert [render(entry) for entry in (*found, *more, *run_cases(rubric, cases, document))] == []
    assert len(cases) >= 15
    assert all(case.why for case in cases)
    assert {stage for case in cases for stage in case.stages.values()} >= {None, *STAGES}
