"""Who may pass where people sign in, join and hold roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenlane.core.access import (
    PUBLIC,
    SIGNED_IN,
    Access,
    givers,
    keepers,
    only,
    people_reading,
)
from greenlane.core.vocabulary import Matter

DOORS: Final[Mapping[str, Access]] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "enter_demo": PUBLIC,
    "set_language": PUBLIC,
    "account_signup": PUBLIC,
    "register": PUBLIC,
    "accept_invitation": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    # The second half of signing in: there is a session, and nobody in it yet.
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "open_organization": SIGNED_IN,
    "sign_in_again": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "set_up_second_factor": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "own_sign_in": SIGNED_IN,
    "change_name": SIGNED_IN,
    "create_token": SIGNED_IN,
    "revoke_token": SIGNED_IN,
    "people": only(people_reading(Matter.PEOPLE)),
    "invite": only(givers),
    "withdraw_invitation": only(givers),
    # Everybody may give up a role of their own; whose else, the action asks.
    "end_role": SIGNED_IN,
    "reset_second_factor": only(keepers),
}
