why = Why?
value-yes = Yes
value-no = No
records-see = You see { $count } { $things }: { $list }.
records-see-all = You see all { $count } { $things }.
records-see-only = You see the only { $thing }.
records-see-none = You see no { $things }.
records-list-and = { $most }, and { $last }
records-of-own = { $n } of your own
records-of-unowned = { $n } without an owner
records-of-assigned = { $n } of { $people } assigned to you
records-of-team = { $n } of { $people } in a team of yours
records-of-department = { $n } of { $people } in your department or below it
records-of-assigned-department = { $n } of { $people } assigned to you in your department
records-of-team-department = { $n } of { $people } in a team and the department of yours
records-of-workspace = { $n } of { $people } of this workspace
records-people = { $n ->
    [one] the one person
   *[other] the { $n } people
}
records-people-some = people
records-other-owner = Another member
records-list = List
records-board = Board
records-export = Export as CSV
records-import = Import CSV
record-new = New { $one }
record-new-first = Create the first { $one }
record-untitled = A { $one } without a name
record-stage = Stage
record-created = Created
records-parts = Parts of the list
records-tab-all = All I can see
records-tab-mine = Mine
records-tab-unassigned = Unassigned
records-sort = Order
records-sort-rank = Best match first
records-sort-newest = Newest first
records-sort-oldest = Oldest first
records-sort-title = A to Z
records-sort-title-down = Z to A
records-match = { $n } of { $all } match
records-match-many = { $n }+ of { $all } match
records-incomplete = Some records may be missing: the search took too long, or records are still being indexed.
records-empty = No { $things } yet
records-empty-all = The workspace has no { $things }, so nothing is hidden from you.
records-empty-some = The { $things } that you may see will appear here. Others may have some that you do not see.
records-search = Search { $things }
records-every-stage = Every stage
records-filter-off = Remove the filter
records-clear = Clear the filters
records-nothing = Nothing that you see matches.
records-select-all = Select every record of this page
records-select = Select { $title }
records-selection = Selection
records-selected = selected
records-unselect = Clear the selection
records-reassign = Reassign
records-move = Move stage
records-delete = Delete
records-view-only = View only
records-left = inactive
records-unassigned = Unassigned
records-first-page = First page
records-me = Me
records-another = Another member …
records-stage-of = Stage of { $title }
records-owner-of = Owner of { $title }
records-only-of = Only records of { $owner }
board-move = Move { $title } to another stage
board-hint = Drag a card into another stage, or focus it and press Shift with ← or →.
board-set = Move
board-fixed = View only
board-empty = Nothing in this stage.
board-more = Show all of them
optional = optional
record-create = Create { $one }
record-created-done = { $title } is created.
record-edit = Edit
record-edit-title = Edit { $title }
record-save = Save changes
record-saved = { $title } is saved.
record-saved-now = Saved now: { $value }
record-stale = Another person saved first. What is saved now is shown below; what you typed is still here. Save again to replace it.
record-not-editable = You may read this record, and not change it.
record-not-reassignable = You may read this record, and not reassign it.
record-not-deletable = You may read this record, and not delete it.
record-stage-needs = { $stage } needs “{ $action }”, which your access does not grant here.
record-moved = { $title } is now in { $stage }.
record-viewers = { $n ->
    [one] One member, with the reason
   *[other] { $n } members, grouped by the reason
}
record-who = Who can see this
record-you = you
record-views = view
record-the-owner = the owner
record-sees-own = Owns the { $one }
record-sees-assigned = Manages { $owner }
record-sees-team = In a team with { $owner }
record-sees-department = Over the department of { $owner }
record-sees-unowned = Sees { $many } without an owner
record-sees-all = Sees every { $one }
record-more-people = { $n ->
    [one] and one more
   *[other] and { $n } more
}
record-as-of-now = As of now, from the same rules that answer every request.
record-open-explain = Open in Explain
record-timeline = Timeline
record-older = Older events
record-share = Make a link
record-link = Members who may read this { $one } can open:
record-copy = Copy
record-act-title = { $action }: { $title }
record-act-effect = It is noted on the timeline.
record-act-text = Text
record-acted = { $action }: { $title }.
record-find-owner = Find by name
record-reassign-title = Reassign { $title }
record-reassign-effect = The new owner has the { $one } from the next request on; who can see it may change.
record-reassign-event = The timeline notes it.
record-reassign-verb = Reassign { $one }
record-keep-owner = Keep the owner
record-reassigned = { $title } now belongs to { $owner }.
record-delete-title = Delete { $title }
record-delete-effect = The { $one } and its timeline are deleted for everyone.
record-delete-final = It cannot be restored.
record-delete-verb = Delete { $one }
record-keep = Keep it
record-deleted = { $one } deleted.
event-you = You
event-operator = The operator
event-no-owner = no owner
event-no-stage = no stage
event-created = created it
event-shared = made a link to it
event-did = did “{ $action }”
event-moved = moved it from { $from } to { $to }
event-moved-to = moved it to { $to }
event-owner = reassigned it from { $from } to { $to }
event-owner-to = reassigned it to { $to }
event-changed = changed { $fields }
event-saved = saved it
selection-reassign = Reassign { $n } { $things }
selection-reassign-effect = { $n ->
    [one] The new owner has it from the next request on; its timeline notes it.
   *[other] The new owner has all { $n } from the next request on; their timelines note it.
}
selection-move = Move { $n } { $things }
selection-move-effect = { $n ->
    [one] It moves to the stage that you choose; its timeline notes it.
   *[other] All { $n } move to the stage that you choose; their timelines note it.
}
selection-delete = Delete { $n } { $things }
selection-delete-effect = { $n ->
    [one] It is deleted with its timeline, and cannot be restored.
   *[other] All { $n } are deleted with their timelines, and cannot be restored.
}
selection-left = { $n ->
    [one] One of the selection stays as it is, because your access does not reach it.
   *[other] { $n } of the selection stay as they are, because your access does not reach them.
}
selection-done = Done: { $n } { $things }.
selection-partly = Done for { $n } of { $all } { $things }. { $why }
record-keep-all = Leave them as they are
search-label = Search or jump to a page
search-open = Search or jump
search-pages = Pages
search-more = All in { $things }
search-nothing = Nothing that you may open matches.
search-hint = ↑ ↓ choose, Enter opens. @ members, # records, > pages. Only what you may open.
figure-table = As a table
figure-count = Records
figure-other-owners = { $count ->
    [one] 1 other
   *[other] { $n } others
}
figure-open = Open
figure-amount = Amount
figure-average = Average
figure-by-stage = by stage
figure-by-owner = by owner
figure-by-month = by month of creation
dashboard-full = Full figures.
dashboard-scoped = Figures of your scope.
dashboard-personal = Your own figures.
dashboard-counts = The figures count { $n } of the { $all } { $things } that you see.
dashboard-nothing = You may read no records yet, so there is nothing to count.
module-level = Your level is { $level }.
module-no-ladder = What your role lets you do here.
module-ladder = Levels, each with those before it
module-yours = your level
module-actions = Actions
module-allowed = Allowed
module-refused = Not allowed
module-own-app = This module runs in an application of yours, which asks Hallpass before each action.
report-intro = A report counts only what its reader may see, whichever member saved it.
report-about = { $things } { $grouping }: { $measure }
report-new = New report
report-edit = Edit report
report-save = Save report
report-saved = { $name } is saved.
report-deleted = The report is deleted.
report-delete = Delete report
report-delete-title = Delete { $name }
report-delete-effect = The report is deleted for all who see it. No record changes.
report-not-deletable = You may read reports, and not delete them.
report-not-creatable = You may read reports, and not save new ones.
report-not-editable = You may read reports, and not change them.
report-none = No saved reports yet
report-none-advice = Reports that you save, and those that others share, appear here.
report-name = Name
report-counts = Counts
report-whose = Whose
report-yours = yours
report-shared = shared
report-type = Record type
report-grouping = Grouped
report-measure = Measure
report-owner = Records of
report-every-owner = Every owner
report-own = Me
report-share = Share it
report-share-hint = Others who may read reports see it, each with their own figures.
report-for-you = Counted for you.
import-title = Import { $things }
import-intro = Choose a CSV file whose first line has names, or paste its text. Nothing is created before you have seen what is found: then all lines or none.
import-text = CSV
import-file = CSV file
import-file-hint = Commas, semicolons or tabs; UTF-8; at most 1 MB and 2,000 lines.
import-owner-unknown = No active member is called “{ $name }”.
import-owner-twice = More than one member is called “{ $name }”; write the id instead.
import-stage-unknown = There is no stage “{ $name }”.
import-column = Column
import-example = First line
import-field = Field
import-field-of = Field of the column { $column }
import-skip = Leave out
import-line = Line
import-mistake = What is wrong
import-check = Check
import-empty = There is no line to import under the line of names.
import-found = { $right } of { $all } lines can be imported.
import-verb = Import { $n } { $things }
import-verb-right = { $n ->
    [one] Import the one correct line
   *[other] Import the { $n } correct lines
}
import-more = { $n ->
    [one] and one more
   *[other] and { $n } more
}
import-done = Imported { $n } { $things }.
import-too-many = At most 2,000 lines at once; split the file.
import-not-allowed = You may not create records of this type.
upload-limit = The file is larger than 1 MB. Split it.
upload-too-large = “{ $name }” is larger than 1 MB. Split it.
upload-workbook = “{ $name }” is a workbook or an archive, not CSV. Save it as “CSV UTF-8” in your spreadsheet, and choose that file.
upload-not-csv = “{ $name }” is not a CSV file. Nothing was read from it.
upload-encoding = “{ $name }” is not in UTF-8. Save it as “CSV UTF-8” in your spreadsheet, and choose it again.
