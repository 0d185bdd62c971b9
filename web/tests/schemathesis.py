"""Creates a workspace with one of everything, and writes the configuration of schemathesis for it.

usage: schemathesis.py URL CONFIGURATION
"""

import http.cookiejar
import json
import sys
import urllib.request

URL, CONFIGURATION = sys.argv[1:]
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


def create(path, body):
    return send("POST", WORKSPACE + path, body)["id"]


account = {"email": "anna@example.com", "password": PASSWORD, "first_name": "Anna"}
send("POST", "/api/v1/accounts", account)
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
