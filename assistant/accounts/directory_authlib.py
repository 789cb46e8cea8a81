"""The city's directory over OpenID Connect, by Authlib and joserfc."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assistant.accounts.directory import Departure, DirectoryFailed, Person
from assistant.settings import DirectorySettings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that are believed: none of them can be made with what a client knows."""

WAIT_SECONDS = 10.0
LEEWAY_SECONDS = 60
"""How far the clocks of the two servers may be apart."""

_LOCAL = ("127.0.0.1", "::1", "localhost")


class OpenIdDirectory:
    """A provider found by its issuer (OpenID Connect Discovery 1.0)."""

    def __init__(self, settings: DirectorySettings) -> None:
        self._settings = settings
        self._issuer = settings.issuer.rstrip("/")

    def depart(self, redirect_uri: str) -> Departure:
        """Return where to send a browser; raises `DirectoryFailed`."""
        metadata = self._metadata()
        kept = {"nonce": generate_token(32), "verifier": generate_token(64)}
        with self._client(redirect_uri) as client:
            address, state = client.create_authorization_url(
                self._endpoint(metadata, "authorization_endpoint"),
                state=generate_token(32),
                nonce=kept["nonce"],
                code_verifier=kept["verifier"],
            )
        return Departure(address, state, kept)

    def arrive(
        self, redirect_uri: str, kept: Mapping[str, str], answer: Mapping[str, str]
    ) -> Person:
        """Return who came back; raises `DirectoryFailed` for anything that does not fit."""
        if "error" in answer or "code" not in answer:
            raise DirectoryFailed(f"The directory refused: {answer.get('error', 'no code')}.")
        if answer.get("iss", self._issuer).rstrip("/") != self._issuer:
            raise DirectoryFailed("The answer comes from another directory.")
        metadata = self._metadata()
        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    self._endpoint(metadata, "token_endpoint"),
                    grant_type="authorization_code",
                    code=answer["code"],
                    code_verifier=kept["verifier"],
                )
                claims = self._claims(metadata, token, kept["nonce"])
                claims = {**self._user_info(client, metadata, claims["sub"]), **claims}
        except (AuthlibBaseError, JoseError, httpx.HTTPError, ValueError, KeyError) as error:
            raise DirectoryFailed(f"The directory's answer does not hold: {error}.") from error
        return self._person(claims)

    def _client(self, redirect_uri: str) -> Any:
        return OAuth2Client(
            self._settings.client_id,
            self._settings.client_secret.get_secret_value() or None,
            scope=self._settings.scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=WAIT_SECONDS,
        )

    def _metadata(self) -> dict[str, Any]:
        try:
            reply = httpx.get(
                f"{self._issuer}/.well-known/openid-configuration", timeout=WAIT_SECONDS
            )
            reply.raise_for_status()
            metadata: dict[str, Any] = reply.json()
        except (httpx.HTTPError, httpx.InvalidURL, json.JSONDecodeError) as error:
            raise DirectoryFailed(f"The directory cannot be reached: {error}.") from error
        if str(metadata.get("issuer", "")).rstrip("/") != self._issuer:
            raise DirectoryFailed("The directory calls itself otherwise than the settings do.")
        return metadata

    def _endpoint(self, metadata: Mapping[str, Any], name: str) -> str:
        address = str(metadata.get(name, ""))
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _LOCAL:
            raise DirectoryFailed(f"The directory's {name} is not https.")
        return address

    def _claims(
        self, metadata: Mapping[str, Any], token: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        """The claims of the ID token, after its signature, issuer, audience, times and nonce."""
        reply = httpx.get(self._endpoint(metadata, "jwks_uri"), timeout=WAIT_SECONDS)
        reply.raise_for_status()
        keys = KeySet.import_key_set(reply.json())
        decoded = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
        wanted = {
            "iss": {"essential": True, "values": [metadata["issuer"]]},
            "aud": {"essential": True, "values": [self._settings.client_id]},
            "nonce": {"essential": True},
        }
        params = {
            "nonce": nonce,
            "client_id": self._settings.client_id,
            "access_token": token.get("access_token"),
        }
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, params)
        claims.validate(leeway=LEEWAY_SECONDS)
        return dict(claims)

    def _user_info(self, client: Any, metadata: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """What the directory tells only when asked again; of the same person, or nothing."""
        if not metadata.get("userinfo_endpoint"):
            return {}
        reply = client.get(self._endpoint(metadata, "userinfo_endpoint"))
        reply.raise_for_status()
        told: dict[str, Any] = reply.json()
        return told if told.get("sub") == subject else {}

    def _person(self, claims: Mapping[str, Any]) -> Person:
        groups = claims.get(self._settings.groups_claim, [])
        listed = groups if isinstance(groups, list) else [groups]
        return Person(
            issuer=self._issuer,
            subject=str(claims["sub"])[:300],
            name=str(claims.get(self._settings.name_claim, "")),
            display_name=str(claims.get("name", ""))[:100],
            groups=tuple(str(group) for group in listed),
        )
