"""Creates a workspace with one of everything, and writes the configuration of schemathesis for it.

usage: schemathesis.py URL MAILS CONFIGURATION
"""

import email
import email.policy
import http.cookiejar
import json
import pathlib
import re
import sys
import time
import urllib.request

URL, MAILS, CONFIGURATION = sys.argv[1:]
PASSWORD = "correct horse battery"
WORKSPACE = "/api/v1/workspaces/acme"

# What would end the workspace, or the membership of the caller.
EXCLUDED = [
    ("DELETE", "/api/v1/workspaces/{ws}"),
    ("POST", "/api/v1/workspaces/{ws}/leave"),
    ("POST", "/api/v1/workspaces/{ws}/ownership"),
    ("DELETE", "/api/v1/workspaces/{ws}/api-keys/{id}"),
]

session = urllib.request.build_opener(
    urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
)


def send(method, path, body=None):
    request = urllib.request.Request(URL + path, method=method)
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    with session.open(request, data) as response:
        text = response.read()
    return json.loads(text) if text else None


def confirmation():
    """The token in the mail that asks to confirm the address."""
    for _ in range(100):
        for mail in pathlib.Path(MAILS).glob("*-confirm_address-*.eml"):
            message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
            text = message.get_body(("plain",)).get_content()
            return re.search(r"/confirmations/([A-Za-z0-9_-]+)", text)[1]
        time.sleep(0.1)
    raise SystemExit("no mail to confirm the address")


def create(path, body):
    return send("POST", WORKSPACE + path, body)["id"]


account = {"email": "anna@example.com", "password": PASSWORD, "first_name": "Anna"}
send("POST", "/api/v1/accounts", account)
send("POST", f"/api/v1/confirmations/{confirmation()}", {})
workspace = {"name": "Acme", "slug": "acme", "blueprint": "standard"}
send("POST", "/api/v1/workspaces", workspace)
member = send("GET", WORKSPACE + "/me")["id"]
profile = create("/profiles", {"name": "Sales", "grants": {}})
ids = {
    "members": member,
    "profiles": profile,
    "teams": create("/teams", {"name": "Sales", "profile": profile}),
    "departments": create("/departments", {"name": "Sales"}),
    "roles": create("/roles", {"name": "Reader", "grants": ["contacts:read:all"]}),
    "invitations": create("/invitations", {"email": "ben@example.com", "role": "member"}),
}
record = create("/records/contacts", {"fields": {"name": "Initech"}})
key = send("POST", WORKSPACE + "/api-keys", {"name": "Schemathesis"})["key"]

lines = [
    "[parameters]",
    '"path.ws" = "acme"',
    '"path.entity" = "contacts"',
    f'"path.member" = "{member}"',
    "[headers]",
    f'Authorization = "Bearer {key}"',
]
for noun, value in ids.items():
    lines += [
        "[[operations]]",
        f'include-path-regex = "/workspaces/.ws./{noun}/.id."',
        f'parameters = {{ "path.ws" = "acme", "path.id" = "{value}" }}',
    ]
lines += [
    "[[operations]]",
    'include-path-regex = "/records/.entity./.id."',
    f'parameters = {{ "path.ws" = "acme", "path.entity" = "contacts", "path.id" = "{record}" }}',
]
for method, path in EXCLUDED:
    lines += ["[[operations]]", f'include-name = "{method} {path}"', "enabled = false"]
with open(CONFIGURATION, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
