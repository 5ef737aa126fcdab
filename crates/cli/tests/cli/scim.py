"""Asks a service whose address and token are given as scim2-tester does, and says what it found wrong.

Groups are the roles of a shop: nobody makes or deletes one, which is all that the tester would try.
"""

import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

url, token = sys.argv[1:]
client = SyncSCIMClient(Client(base_url=url, headers={"Authorization": f"Bearer {token}"}))
results = check_server(client, resource_types=["User"])
for result in results:
    if result.status not in (Status.SUCCESS, Status.SKIPPED):
        print(result.status.name, result.title, result.reason, result.data, file=sys.stderr)
wrong = sum(result.status in (Status.ERROR, Status.CRITICAL, Status.DEVIATION) for result in results)
done = sum(result.status is not Status.SKIPPED for result in results)
print(f"{done} checks, {wrong} wrong")
sys.exit(wrong > 0)
