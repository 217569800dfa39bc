"""Who may pass at the API: address name to roles, opened by a token; the rest is closed."""

from __future__ import annotations

from greenlane.core.access import API_PUBLIC, API_SIGNED_IN, Access, api_only

_COMPANY = ("company_officer", "point_of_contact")
_ANSWERING = (*_COMPANY, "contributor", "consultant")
_OFFICE = ("specialist", "vetting_analyst", "field_manager", "director")

DOORS: dict[str, Access] = {
    "api-v1:openapi-json": API_PUBLIC,
    "api-v1:api-root": API_PUBLIC,
    "api-v1:root": API_SIGNED_IN,
    "api-v1:keys": API_PUBLIC,
    "api-v1:accounts": API_SIGNED_IN,
    "api-v1:account": API_SIGNED_IN,
    "api-v1:open_account": api_only(*_COMPANY),
    "api-v1:sign": api_only("company_officer"),
    "api-v1:record_check": api_only("specialist", "vetting_analyst"),
    "api-v1:duties": API_SIGNED_IN,
    "api-v1:acts": API_SIGNED_IN,
    "api-v1:act": API_SIGNED_IN,
    "api-v1:facts": api_only(*_COMPANY, "specialist", "field_manager", "director"),
    "api-v1:eligibility": API_SIGNED_IN,
    "api-v1:company_profile": api_only(*_COMPANY),
    "api-v1:agreement": API_SIGNED_IN,
    "api-v1:risk": api_only(*_COMPANY),
    "api-v1:documents": api_only(*_COMPANY, "specialist"),
    "api-v1:profile": API_SIGNED_IN,
    "api-v1:answer": api_only(*_ANSWERING),
    "api-v1:evidence": api_only(*_ANSWERING),
    "api-v1:reaffirm": api_only(*_COMPANY),
    "api-v1:submit": api_only(*_COMPANY),
    "api-v1:review": api_only("specialist", "field_manager"),
    "api-v1:close_review": api_only("specialist", "field_manager"),
    "api-v1:checks": api_only(*_OFFICE),
    "api-v1:propose": api_only("specialist", "field_manager", "director"),
    "api-v1:approve": api_only("field_manager", "director"),
    "api-v1:decline": api_only("field_manager", "director"),
    "api-v1:letters": API_SIGNED_IN,
    "api-v1:letter": API_SIGNED_IN,
    "api-v1:due": api_only(*_OFFICE),
    "api-v1:record": API_SIGNED_IN,
    "api-v1:receipt": API_SIGNED_IN,
}
