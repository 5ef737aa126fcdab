"""Signs in, and signs in again when what is fuzzed has ended the session."""

import json
import os
import urllib.error
import urllib.request

import schemathesis

URL = os.environ["KEYHOLDER_URL"]
OWNER = os.environ["KEYHOLDER_WHO"]
PASSWORD = os.environ["KEYHOLDER_PASSWORD"]
ORIGIN = {"program": "api"}
# What ends the session that asks: each has one of its own.
ENDS = {"SignOut", "Lock"}
# What tries a secret of who asks: soon they wait, and that is nobody else's business.
TRIES = {
    "ChangePassword",
    "CreateApiToken",
    "GiveCode",
    "GiveRecoveryCode",
    "RemoveSecondFactor",
    "ReplaceRecoveryCodes",
    "Unlock",
}


def asked(path, token=None, body=None):
    request = urllib.request.Request(URL + path, data=body and json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def sign_in():
    who = {"email": OWNER, "password": PASSWORD, "origin": ORIGIN}
    return asked("/v1/sessions", body=who)["token"]


def somebody_else():
    """Another owner, signed in."""
    new = {"email": "ben@cornerbooks.example", "name": "Ben", "role": "owner"}
    code = asked("/v1/accounts", sign_in(), new)["enrolment"]["code"]
    who = {"email": new["email"], "code": code, "password": PASSWORD, "origin": ORIGIN}
    return asked("/v1/enrolments", body=who)["token"]


def is_open(token):
    try:
        asked("/v1/sessions/current", token)
    except urllib.error.HTTPError:
        return False
    return True


@schemathesis.auth(refresh_interval=None)
class Session:
    kept = None
    other = None

    def get(self, case, context):
        name = case.operation.definition.raw["operationId"]
        if name in ENDS:
            return sign_in()
        if name in TRIES:
            Session.other = Session.other or somebody_else()
            return Session.other
        if Session.kept is None or not is_open(Session.kept):
            Session.kept = sign_in()
        return Session.kept

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
