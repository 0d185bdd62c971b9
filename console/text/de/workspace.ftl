no-access-title = Noch kein Zugriff
no-access-intro = Sie sind Mitglied von { $workspace }, und Ihre Rolle öffnet noch keinen Bereich.
no-access-advice = Diese Personen können Ihnen Zugriff geben: { $people }.
no-access-administrator = Ein Administrator des Workspace kann Ihnen Zugriff geben.
new-workspace = Neuer Workspace
new-workspace-intro = Jede Rolle und jedes Recht lässt sich später ändern. Wer das Zugriffsmodell selbst wechselt, sieht zuerst, wer was erhielte und verlöre.
new-workspace-advice = Ein Workspace für eine juristische Person: Teams trennen ihre Abteilungen.
new-workspace-name = Name
new-workspace-slug = Kurzname, oder leer
new-workspace-model = Wie soll der Zugriff funktionieren?
new-workspace-create = Workspace erstellen
new-workspace-next = Zugriffsmodell wählen
workspace-created = { $name } ist bereit. Laden Sie als Nächstes Ihr Team ein.
slug-taken = Ein anderer Workspace hat diesen Kurznamen. Wählen Sie einen anderen.
bring-your-own = Eigenes Modell
bring-your-own-text = Fügen Sie einen Blueprint ein, oder beginnen Sie mit einem mitgelieferten Modell. Er wird beim Schreiben geprüft; gespeichert wird nichts, bevor Sie den Workspace erstellen.
bring-your-own-paste = Schreiben und prüfen
bring-your-own-check = Text prüfen
bring-your-own-from = Mit einem Modell beginnen
bring-your-own-intro = Der Text wird beim Schreiben geprüft; gespeichert wird nichts, bevor Sie den Workspace erstellen.
bring-your-own-blueprint = Text des Zugriffsmodells
blueprint-found = { $faults ->
    [0] Kein Fehler
    [one] Ein Fehler
   *[other] { $faults } Fehler
}{ $notes ->
    [0] {""}
    [one] , ein Hinweis
   *[other] , { $notes } Hinweise
}
blueprint-messages = Die Meldungen sind die des Compilers, auf Englisch, wie in der API und auf der Kommandozeile.
blueprint-correct = In { $word } ändern
blueprint-does = Was es tut
blueprint-empty = Sobald hier ein Text steht, erscheint, was das Zugriffsmodell tut.
blueprint-outline = Er passt: { $roles ->
    [one] eine Rolle
   *[other] { $roles } Rollen
}, { $records ->
    [one] ein Datensatztyp
   *[other] { $records } Datensatztypen
}. Sie wären { $top }.
line = Zeile { $line }
model-reserved = Modelle, die sich nicht wählen lassen, sind dem Betreiber vorbehalten, sobald Sie einen Workspace haben. Wenden Sie sich an { $contact }.
mark-own-roles = Eigene Rollen
mark-scopes = Reichweiten
mark-managers = Vorgesetzte
mark-teams = Teams
mark-presets = Vorlagen
restorable = Gelöschte Workspaces
restorable-until = wiederherstellbar bis { $until }
restore = Wiederherstellen
restored = { $workspace } ist wiederhergestellt.
steps = Schritte
step-account = Konto
step-workspace = Workspace
step-model = Zugriffsmodell
step-invite = Einladen
begin-with = Beginnen mit
begin-sample = Beispieldaten
begin-sample-hint = zwölf Einträge jeder Art, die Sie löschen können
begin-empty = Leer
workspace-created-first = { $name } ist bereit. Laden Sie die ersten Personen ein, oder schliessen Sie dies und sehen Sie sich um.
