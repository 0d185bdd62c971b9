# Allowed when the member reaches a circle that the owner stands in.
package hallpass

default allow := false

allow if data.reach[input.member][input.cell] & data.circles[input.owner] != set()
