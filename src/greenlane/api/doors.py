"""Who may pass at the API: address name to who, opened by a token; the rest is closed."""

from __future__ import annotations

from greenlane.core.access import (
    API_PUBLIC,
    API_SIGNED_IN,
    Access,
    api_only,
    case_workers,
    company_actors,
    deciding,
    doing,
    having,
    people_reading,
    proposing,
)
from greenlane.core.vocabulary import Matter, Power, Purpose

_COMPANY = api_only(company_actors)
_ANSWERING = api_only(having(Power.ANSWER))
_REVIEWING = api_only(having(Power.REVIEW))
_OFFICE = api_only(case_workers)
_VETTING = api_only(people_reading(Matter.VETTING))
_VETTERS = api_only(having(Power.VET))

DOORS: dict[str, Access] = {
    "api-v1:openapi-json": API_PUBLIC,
    "api-v1:api-root": API_PUBLIC,
    "api-v1:root": API_SIGNED_IN,
    "api-v1:keys": API_PUBLIC,
    "api-v1:accounts": API_SIGNED_IN,
    "api-v1:account": API_SIGNED_IN,
    "api-v1:parties": API_SIGNED_IN,
    "api-v1:declare_party": _COMPANY,
    "api-v1:remove_party": _COMPANY,
    "api-v1:screen": _VETTERS,
    "api-v1:hits": _VETTING,
    "api-v1:account_hits": _VETTING,
    "api-v1:hit": _VETTING,
    "api-v1:decide_hit": _VETTERS,
    "api-v1:confirm_hit": api_only(having(Power.CONFIRM_HITS)),
    "api-v1:customs_rows": _VETTING,
    "api-v1:customs_file": _VETTERS,
    "api-v1:open_account": _COMPANY,
    "api-v1:sign": api_only(doing(Purpose.SIGN_AGREEMENT)),
    "api-v1:record_check": api_only(having(Power.VET)),
    "api-v1:duties": API_SIGNED_IN,
    "api-v1:acts": API_SIGNED_IN,
    "api-v1:act": API_SIGNED_IN,
    "api-v1:facts": api_only(company_actors, having(Power.STATE_FACTS)),
    "api-v1:eligibility": API_SIGNED_IN,
    "api-v1:company_profile": _COMPANY,
    "api-v1:agreement": API_SIGNED_IN,
    "api-v1:risk": _COMPANY,
    "api-v1:documents": api_only(company_actors, having(Power.BE_ASSIGNED)),
    "api-v1:profile": API_SIGNED_IN,
    "api-v1:answer": _ANSWERING,
    "api-v1:evidence": _ANSWERING,
    "api-v1:reaffirm": _COMPANY,
    "api-v1:submit": _COMPANY,
    "api-v1:review": _REVIEWING,
    "api-v1:close_review": _REVIEWING,
    "api-v1:checks": _OFFICE,
    "api-v1:propose": api_only(proposing),
    "api-v1:approve": api_only(deciding),
    "api-v1:decline": api_only(deciding),
    "api-v1:letters": API_SIGNED_IN,
    "api-v1:letter": API_SIGNED_IN,
    "api-v1:due": _OFFICE,
    "api-v1:program_duties": _OFFICE,
    "api-v1:program_act": api_only(case_workers, having(Power.CONFIRM_CRITERIA)),
    "api-v1:record": API_SIGNED_IN,
    "api-v1:receipt": API_SIGNED_IN,
}
