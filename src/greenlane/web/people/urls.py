"""Addresses of signing in, joining and roles. allauth's own are named one by one: what stands not
here does not exist, such as its pages for changing an address behind the record's back.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path, re_path

from greenlane.web.people import joining, own, roles, sign_in

urlpatterns: list[URLPattern] = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/demo/", sign_in.enter_demo, name="enter_demo"),
    path("accounts/language/", sign_in.set_language, name="set_language"),
    path("accounts/signup/", joining.sign_up, name="account_signup"),
    path("accounts/register/<str:token>/", joining.register, name="register"),
    path("accounts/company/", joining.open_organization, name="open_organization"),
    path("accounts/invitation/<str:token>/", joining.accept_invitation, name="accept_invitation"),
    path("accounts/again/", sign_in.sign_in_again, name="sign_in_again"),
    path(
        "accounts/reauthenticate/",
        sign_in.ProveByPassword.as_view(),
        name="account_reauthenticate",
    ),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "accounts/password/reset/sent/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # A person's key holds a hyphen, which allauth's own pattern for this address cannot read.
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>U-[0-9A-Z]{10}|UID)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("accounts/2fa/", factors.index, name="mfa_index"),
    path("accounts/2fa/set-up/", sign_in.set_up_second_factor, name="set_up_second_factor"),
    path("accounts/2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/again/", sign_in.ProveByCode.as_view(), name="mfa_reauthenticate"),
    path("accounts/2fa/app/", sign_in.ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/app/end/", sign_in.DeactivateTotp.as_view(), name="mfa_deactivate_totp"),
    path("accounts/2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "accounts/2fa/codes/new/",
        sign_in.GenerateCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("accounts/2fa/keys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("accounts/2fa/keys/add/", sign_in.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "accounts/2fa/keys/again/",
        sign_in.ProveByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/2fa/keys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "accounts/2fa/keys/<int:pk>/remove/",
        sign_in.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("accounts/2fa/keys/<int:pk>/edit/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("accounts/me/", own.own_sign_in, name="own_sign_in"),
    path("accounts/me/name/", own.change_name, name="change_name"),
    path("accounts/me/tokens/", own.create_token, name="create_token"),
    path("accounts/me/tokens/<str:token>/revoke/", own.revoke_token, name="revoke_token"),
    path("people/<str:place>/", roles.people, name="people"),
    path("people/<str:place>/invite/", roles.invite, name="invite"),
    path(
        "people/invitations/<str:invitation>/withdraw/", roles.withdraw, name="withdraw_invitation"
    ),
    path("people/roles/<str:grant>/end/", roles.end_role, name="end_role"),
    path(
        "people/persons/<str:person>/second-factor/",
        roles.reset_second_factor,
        name="reset_second_factor",
    ),
]
