# Who may act on the records of an owner.
package hallpass

default allow := false

allow if {
	reach := data.reach[input.member]
	circles := data.circles[input.owner]
	count(reach[input.cell] & circles) > 0
	count(reach[data.bound[input.cell]] & circles) > 0
}
