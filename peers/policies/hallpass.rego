# Allows if the member reaches a group that the owner is in.
package hallpass

default allow := false

allow if data.reach[input.member][input.cell] & data.groups[input.owner] != set()
