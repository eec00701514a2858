"""Credential files that point at the emulator, as Google writes them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote


def service_account_info(url: str, email: str, private_key: str) -> dict[str, str]:
    """The content of a service-account key file."""
    return {
        "type": "service_account",
        "project_id": "test-project",
        "private_key_id": "0123456789abcdef",
        "private_key": private_key,
        "client_email": email,
        "client_id": "100000000000000000000",
        "auth_uri": f"{url}/o/oauth2/auth",
        "token_uri": f"{url}/token",
        "auth_provider_x509_cert_url": f"{url}/oauth2/v1/certs",
        "client_x509_cert_url": f"{url}/robot/v1/metadata/x509/{quote(email)}",
        "universe_domain": "googleapis.com",
    }


def external_account_info(url: str, email: str) -> dict[str, Any]:
    """The content of an `external_account` file: subject token by URL, exchange, then a service account's token."""
    pool = "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/pool/providers/provider"
    return {
        "type": "external_account",
        "audience": pool,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{url}/v1/token",
        "service_account_impersonation_url": f"{url}/v1/projects/-/serviceAccounts/{email}:generateAccessToken",
        "credential_source": {
            "url": f"{url}/subject-token",
            "headers": {"Authorization": "Bearer request-token"},
            "format": {"type": "json", "subject_token_field_name": "value"},
        },
    }
