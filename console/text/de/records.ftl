why = Warum?
value-yes = Ja
value-no = Nein
records-see = Sie sehen { $count } { $things }: { $list }.
records-see-all = Sie sehen alle { $count } { $things }.
records-see-only = Sie sehen den einzigen Eintrag: { $thing }.
records-see-none = Sie sehen keine Einträge in { $things }.
records-list-and = { $most } und { $last }
records-of-own = { $n } eigene
records-of-unowned = { $n } ohne Besitzer
records-of-assigned = { $n } von { $people }, die Ihnen zugewiesen sind
records-of-team = { $n } von { $people } aus Ihren Teams
records-of-department = { $n } von { $people } aus Ihrer Abteilung oder darunter
records-of-assigned-department = { $n } von { $people }, die Ihnen in Ihrer Abteilung zugewiesen sind
records-of-team-department = { $n } von { $people } aus Ihrem Team und Ihrer Abteilung
records-of-workspace = { $n } von { $people } dieses Arbeitsbereichs
records-people = { $n ->
    [one] der einen Person
   *[other] den { $n } Personen
}
records-people-some = Personen
records-other-owner = Ein anderes Mitglied
records-list = Liste
records-board = Tafel
records-export = Als CSV exportieren
records-import = CSV importieren
record-new = { $one } anlegen
record-new-first = Ersten Eintrag anlegen: { $one }
record-untitled = { $one } ohne Namen
record-stage = Phase
record-created = Angelegt
records-parts = Teile der Liste
records-tab-all = Alles, was ich sehe
records-tab-mine = Meine
records-tab-unassigned = Ohne Besitzer
records-sort = Reihenfolge
records-sort-rank = Beste Treffer zuerst
records-sort-newest = Neueste zuerst
records-sort-oldest = Älteste zuerst
records-sort-title = A bis Z
records-sort-title-down = Z bis A
records-match = { $n } von { $all } passen
records-match-many = { $n }+ von { $all } passen
records-incomplete = Es können Einträge fehlen: Die Suche hat zu lange gedauert, oder Einträge werden noch erfasst.
records-empty = Noch nichts in { $things }
records-empty-all = Der Arbeitsbereich hat keine { $things }; es ist nichts vor Ihnen verborgen.
records-empty-some = Hier erscheinen { $things }, die Sie sehen dürfen. Andere haben vielleicht welche, die Sie nicht sehen.
records-search = { $things } durchsuchen
records-every-stage = Jede Phase
records-filter-off = Filter entfernen
records-clear = Filter zurücksetzen
records-nothing = Nichts von dem, was Sie sehen, passt.
records-select-all = Alle Einträge dieser Seite auswählen
records-select = { $title } auswählen
records-selection = Auswahl
records-selected = ausgewählt
records-unselect = Auswahl aufheben
records-reassign = Neu zuweisen
records-move = Phase ändern
records-delete = Löschen
records-view-only = Nur lesen
records-left = inaktiv
records-unassigned = Ohne Besitzer
records-first-page = Erste Seite
records-me = Ich
records-another = Ein anderes Mitglied …
records-stage-of = Phase von { $title }
records-owner-of = Besitzer von { $title }
records-only-of = Nur Einträge von { $owner }
board-move = { $title } in eine andere Phase verschieben
board-hint = Ziehen Sie eine Karte in eine andere Phase, oder setzen Sie den Fokus darauf und drücken Sie Umschalt mit ← oder →.
board-set = Verschieben
board-fixed = Nur lesen
board-empty = Nichts in dieser Phase.
board-more = Alle anzeigen
optional = freiwillig
record-create = { $one } anlegen
record-created-done = { $title } ist angelegt.
record-edit = Bearbeiten
record-edit-title = { $title } bearbeiten
record-save = Änderungen speichern
record-saved = { $title } ist gespeichert.
record-saved-now = Gespeichert ist jetzt: { $value }
record-stale = Eine andere Person hat zuerst gespeichert. Was jetzt gespeichert ist, steht unten; Ihre Eingaben sind noch da. Speichern Sie nochmals, um es zu ersetzen.
record-not-editable = Sie dürfen diesen Eintrag lesen, aber nicht ändern.
record-not-reassignable = Sie dürfen diesen Eintrag lesen, aber nicht neu zuweisen.
record-not-deletable = Sie dürfen diesen Eintrag lesen, aber nicht löschen.
record-stage-needs = { $stage } braucht «{ $action }», was Ihr Zugriff hier nicht gewährt.
record-moved = { $title } ist jetzt in { $stage }.
record-viewers = { $n ->
    [one] Ein Mitglied, mit dem Grund
   *[other] { $n } Mitglieder, nach dem Grund gruppiert
}
record-who = Wer das sehen kann
record-you = Sie
record-views = ansehen
record-the-owner = dem Besitzer
record-sees-own = Besitzt den Eintrag ({ $one })
record-sees-assigned = Führt { $owner }
record-sees-team = In einem Team mit { $owner }
record-sees-department = Über der Abteilung von { $owner }
record-sees-unowned = Sieht { $many } ohne Besitzer
record-sees-all = Sieht jeden Eintrag ({ $one })
record-more-people = { $n ->
    [one] und eine weitere Person
   *[other] und { $n } weitere
}
record-as-of-now = Stand jetzt, nach denselben Regeln, die jede Anfrage beantworten.
record-open-explain = In «Erklären» öffnen
record-timeline = Verlauf
record-older = Ältere Ereignisse
record-share = Link erstellen
record-link = Mitglieder, die diesen Eintrag lesen dürfen ({ $one }), können öffnen:
record-copy = Kopieren
record-act-title = { $action }: { $title }
record-act-effect = Der Verlauf hält es fest.
record-act-text = Text
record-acted = { $action }: { $title }.
record-find-owner = Nach Namen suchen
record-reassign-title = { $title } neu zuweisen
record-reassign-effect = Der neue Besitzer hat den Eintrag ({ $one }) ab der nächsten Anfrage; wer ihn sieht, kann sich ändern.
record-reassign-event = Der Verlauf hält es fest.
record-reassign-verb = { $one } neu zuweisen
record-keep-owner = Besitzer behalten
record-reassigned = { $title } gehört jetzt: { $owner }.
record-delete-title = { $title } löschen
record-delete-effect = Der Eintrag ({ $one }) und sein Verlauf werden für alle gelöscht.
record-delete-final = Er lässt sich nicht wiederherstellen.
record-delete-verb = { $one } löschen
record-keep = Behalten
record-deleted = { $one } gelöscht.
event-you = Sie
event-operator = Der Betreiber
event-no-owner = niemand
event-no-stage = keine Phase
event-created = hat es angelegt
event-shared = hat einen Link erstellt
event-did = «{ $action }» ausgeführt
event-moved = hat es von { $from } nach { $to } verschoben
event-moved-to = hat es nach { $to } verschoben
event-owner = hat es neu zugewiesen: von { $from } an { $to }
event-owner-to = hat es neu zugewiesen an { $to }
event-changed = hat geändert: { $fields }
event-saved = hat es gespeichert
selection-reassign = { $n } neu zuweisen ({ $things })
selection-reassign-effect = { $n ->
    [one] Der neue Besitzer hat den Eintrag ab der nächsten Anfrage; der Verlauf hält es fest.
   *[other] Der neue Besitzer hat alle { $n } ab der nächsten Anfrage; der Verlauf hält es fest.
}
selection-move = { $n } verschieben ({ $things })
selection-move-effect = { $n ->
    [one] Der Eintrag kommt in die Phase, die Sie wählen; der Verlauf hält es fest.
   *[other] Alle { $n } kommen in die Phase, die Sie wählen; der Verlauf hält es fest.
}
selection-delete = { $n } löschen ({ $things })
selection-delete-effect = { $n ->
    [one] Der Eintrag wird mit seinem Verlauf gelöscht und lässt sich nicht wiederherstellen.
   *[other] Alle { $n } werden mit ihrem Verlauf gelöscht und lassen sich nicht wiederherstellen.
}
selection-left = { $n ->
    [one] Einer der ausgewählten bleibt, wie er ist, weil Ihr Zugriff ihn nicht erreicht.
   *[other] { $n } der ausgewählten bleiben, wie sie sind, weil Ihr Zugriff sie nicht erreicht.
}
selection-done = Erledigt: { $n } { $things }.
selection-partly = Erledigt für { $n } von { $all } { $things }. { $why }
record-keep-all = So lassen, wie sie sind
search-label = Suchen oder zu einer Seite springen
search-open = Suchen, öffnen
search-pages = Seiten
search-more = Alle in { $things }
search-nothing = Nichts, was Sie öffnen dürfen, passt.
search-hint = ↑ ↓ wählen, Enter öffnet. @ Mitglieder, # Einträge, > Seiten. Nur, was Sie öffnen dürfen.
figure-table = Als Tabelle
figure-count = Einträge
figure-other-owners = { $count ->
    [one] 1 weiterer
   *[other] { $n } weitere
}
figure-open = Offen
figure-amount = Betrag
figure-average = Durchschnitt
figure-by-stage = nach Phase
figure-by-owner = nach Besitzer
figure-by-month = nach Monat der Anlage
dashboard-full = Alle Zahlen.
dashboard-scoped = Zahlen Ihres Bereichs.
dashboard-personal = Ihre eigenen Zahlen.
dashboard-counts = Die Zahlen zählen { $n } der { $all } { $things }, die Sie sehen.
dashboard-nothing = Sie dürfen noch keine Einträge lesen; es gibt nichts zu zählen.
module-level = Ihre Stufe ist { $level }.
module-no-ladder = Was Ihre Rolle Ihnen hier erlaubt.
module-ladder = Stufen, jede mit denen davor
module-yours = Ihre Stufe
module-actions = Aktionen
module-allowed = Erlaubt
module-refused = Nicht erlaubt
module-own-app = Dieses Modul läuft in einer eigenen Anwendung, die Hallpass vor jeder Aktion fragt.
report-intro = Ein Bericht zählt für jede Person, was sie sehen darf, egal wer ihn gespeichert hat.
report-about = { $things } { $grouping }: { $measure }
report-new = Neuer Bericht
report-edit = Bericht bearbeiten
report-save = Bericht speichern
report-saved = { $name } ist gespeichert.
report-deleted = Der Bericht ist gelöscht.
report-delete = Bericht löschen
report-delete-title = { $name } löschen
report-delete-effect = Der Bericht wird für alle gelöscht, die ihn sehen. Kein Eintrag ändert sich.
report-not-deletable = Sie dürfen Berichte lesen, aber nicht löschen.
report-not-creatable = Sie dürfen Berichte lesen, aber keine neuen speichern.
report-not-editable = Sie dürfen Berichte lesen, aber nicht ändern.
report-none = Noch keine gespeicherten Berichte
report-none-advice = Hier erscheinen Berichte, die Sie speichern, und solche, die andere teilen.
report-name = Name
report-counts = Zählt
report-whose = Wessen
report-yours = Ihrer
report-shared = geteilt
report-type = Art der Einträge
report-grouping = Gruppiert
report-measure = Mass
report-owner = Einträge von
report-every-owner = Jeder Besitzer
report-own = Ich
report-share = Teilen
report-share-hint = Andere, die Berichte lesen dürfen, sehen ihn, jeder mit eigenen Zahlen.
report-for-you = Für Sie gezählt.
import-title = { $things } importieren
import-intro = Wählen Sie eine CSV-Datei, deren erste Zeile Namen hat, oder fügen Sie ihren Text ein. Nichts wird angelegt, bevor Sie sehen, was gefunden wurde: dann alle Zeilen oder keine.
import-text = CSV
import-file = CSV-Datei
import-file-hint = Kommas, Strichpunkte oder Tabulatoren; UTF-8; höchstens 1 MB und 2.000 Zeilen.
import-owner-unknown = Kein aktives Mitglied heisst «{ $name }».
import-owner-twice = Mehr als ein Mitglied heisst «{ $name }»; schreiben Sie stattdessen die ID.
import-stage-unknown = Es gibt keine Phase «{ $name }».
import-column = Spalte
import-example = Erste Zeile
import-field = Feld
import-field-of = Feld der Spalte { $column }
import-skip = Weglassen
import-line = Zeile
import-mistake = Was falsch ist
import-check = Prüfen
import-empty = Unter der Zeile der Namen gibt es keine Zeile zu importieren.
import-found = { $right } von { $all } Zeilen können importiert werden.
import-verb = { $n } { $things } importieren
import-verb-right = { $n ->
    [one] Die eine richtige Zeile importieren
   *[other] Die { $n } richtigen Zeilen importieren
}
import-more = { $n ->
    [one] und eine weitere
   *[other] und { $n } weitere
}
import-done = { $n } { $things } importiert.
import-too-many = Höchstens 2.000 Zeilen auf einmal; teilen Sie die Datei.
import-not-allowed = Sie dürfen keine Einträge dieser Art anlegen.
upload-limit = Die Datei ist grösser als 1 MB. Teilen Sie sie.
upload-too-large = «{ $name }» ist grösser als 1 MB. Teilen Sie die Datei.
upload-workbook = «{ $name }» ist eine Arbeitsmappe oder ein Archiv, kein CSV. Speichern Sie sie in Ihrer Tabellenkalkulation als «CSV UTF-8», und wählen Sie jene Datei.
upload-not-csv = «{ $name }» ist keine CSV-Datei. Es wurde nichts daraus gelesen.
upload-encoding = «{ $name }» ist nicht in UTF-8. Speichern Sie die Datei in Ihrer Tabellenkalkulation als «CSV UTF-8», und wählen Sie sie noch einmal.
