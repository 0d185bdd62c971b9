reach-all = Alle
reach-department = Abteilung
reach-visible = Nach Sichtbarkeit
reach-team = Team
reach-assigned = Zugeteilt
reach-own = Eigene
reach-unowned = Ohne Besitzer
reach-none = Keine
reach-yes = Ja
reach-all-means = jeder Datensatz
reach-department-means = Datensätze derselben Abteilung
reach-visible-means = so weit die Sichtbarkeit des Mitglieds reicht
reach-team-means = Datensätze desselben Teams
reach-assigned-means = Datensätze der zugeteilten Personen
reach-own-means = die eigenen Datensätze
reach-unowned-means = Datensätze ohne Besitzer

matrix-records = Datensätze
matrix-modules = Module
matrix-settings = Einstellungen
matrix-keys = Tasten: Pfeile bewegen, Enter öffnet ein Feld, A D T O N wählen Alle, Abteilung, Team, Eigene oder Keine, Esc nimmt eine Wahl zurück.
matrix-off = Aus

effect-saving = Speichern
effect-and = und
effect-gives = { $n ->
    [one] gibt einer Person
   *[other] gibt { $n } Personen
}
effect-takes = { $n ->
    [one] nimmt einer Person
   *[other] nimmt { $n } Personen
}
effect-action = { $action } auf { $resource }
effect-action-records = { $action } auf { $resource } ({ $n ->
    [one] ein Datensatz
   *[other] { $n } Datensätze
})
effect-more = { $n ->
    [one] eine weitere Aktion
   *[other] { $n } weitere Aktionen
}
effect-none = Kein Mitglied gewinnt oder verliert etwas.
effect-ask = Die Vorschau zeigt vor dem Speichern, wer was gewinnt und wer was verliert.
effect-people = Nach Person anzeigen
effect-others = { $n ->
    [one] und eine weitere Person
   *[other] und { $n } weitere Personen
}
effect-other-member = Ein anderes Mitglied
effect-keys = { $n ->
    [one] Ein API-Schlüssel funktioniert nicht mehr
   *[other] { $n } API-Schlüssel funktionieren nicht mehr
}: { $keys }.
effect-invitations = { $n ->
    [one] Eine Einladung kann nicht mehr angenommen werden
   *[other] { $n } Einladungen können nicht mehr angenommen werden
}: { $people }.

name = Name
description = Beschreibung
discard = Verwerfen
preview = Vorschau
save-changes = { $n ->
    [one] 1 Änderung speichern
   *[other] { $n } Änderungen speichern
}
keep-it = Behalten
added = Hinzugefügt:
removed = Entfernt:
search-member = Name oder E-Mail suchen
no-member-matches = Kein Mitglied gefunden.
more-members = { $n ->
    [one] Ein weiteres Mitglied: suchen Sie nach dem Namen.
   *[other] { $n } weitere Mitglieder: suchen Sie nach dem Namen.
}
count-members = { $n ->
    [one] 1 Mitglied
   *[other] { $n } Mitglieder
}
stale-matrix = Jemand anders hat zuerst gespeichert. Zellen mit einem Ring unterscheiden sich von der gespeicherten Fassung: prüfen Sie diese, und speichern Sie erneut.
stale-changed = Eine andere Person hat zuerst gespeichert und { $what } geändert. Die Seite zeigt das; Ihre Änderungen bleiben, mit einem Ring um Felder. Prüfen Sie sie, und speichern Sie noch einmal.
fact-teams = Teams
fact-department = Abteilung
fact-visibility = Sichtbarkeit
fact-preset = Vorlage
fact-also = Zudem

role-intro = { $n } Rollen für { $members ->
    [one] ein Mitglied
   *[other] { $members } Mitglieder
}. Eine Änderung gilt ab der nächsten Anfrage aller, die die Rolle haben.
role-intro-only = { $n } Rollen. Eine Änderung gilt ab der nächsten Anfrage aller, die die Rolle haben.
role-role = Rolle
role-by-role = Nach Rolle
role-by-resource = Nach Ressource
role-by-person = Nach Person
role-built-in = Vorgegeben
role-own = Eigene Rollen
role-new = Neue Rolle
role-create = Rolle erstellen
role-created = { $name } ist erstellt. Noch kein Mitglied hat diese Rolle.
role-saved = { $name } ist gespeichert.
role-copy = Kopieren
role-copy-name = Kopie von { $name }
role-delete = Rolle löschen
role-delete-title = { $name } löschen
role-delete-effect = Die Rolle endet sofort. Das lässt sich nicht rückgängig machen.
role-delete-holders = Sie kann gelöscht werden, wenn kein Mitglied sie hat. Zurzeit: { $members }.
role-deleted = { $name } ist gelöscht.
role-drifted = weicht vom Stand bei der Erstellung ab
role-drift = { $n ->
    [one] Weicht an 1 Stelle vom Stand bei der Erstellung ab
   *[other] Weicht an { $n } Stellen vom Stand bei der Erstellung ab
}
role-as-created = Zurück zum Stand bei der Erstellung
role-members = { $n ->
    [one] 1 Mitglied
   *[other] { $n } Mitglieder
}: { $names }
role-members-more = { $n } Mitglieder: { $names } und { $rest } weitere
role-no-members = Kein Mitglied hat diese Rolle.
role-assign = Mitglieder zuweisen
role-assign-title = { $name } zuweisen
role-assign-note = Sie haben die Rolle ab ihrer nächsten Anfrage, anstelle der bisherigen.
role-assigned = { $n ->
    [0] Es wurde kein Mitglied gewählt.
    [one] Ein Mitglied hat jetzt die Rolle.
   *[other] { $n } Mitglieder haben jetzt die Rolle.
}
role-general = Diese Rolle gilt auch für Datensatztypen, die später hinzukommen. Wird eine andere Reichweite gespeichert, gelten nur noch die Zellen unten.
role-new-effect = Eine neue Rolle ändert für niemanden etwas, bis sie zugewiesen wird.
role-person-note = Unter jeder Reichweite steht, woher sie kommt. Die weiteste gilt.
role-history = Verlauf
role-history-of = Verlauf von { $name }
role-history-none = An dieser Rolle wurde nichts geändert.
role-history-more = Frühere Änderungen stehen im Audit-Log.
role-history-created = { $who } hat die Rolle erstellt.
role-history-changed = { $who } hat die Rolle geändert.
role-history-deleted = { $who } hat die Rolle gelöscht.
role-history-renamed = { $who } hat { $was } in { $is } umbenannt.
role-history-given = { $who } hat den Zugriff von { $name } geändert.

profile-intro = Was Mitglieder über ihre Teams erhalten. Eine Änderung gilt ab der nächsten Anfrage aller, deren Team das Profil hat.
profile-nothing = Hier erscheinen Profile: ein Profil bestimmt, wie weit jede Aktion reicht, und ein Team gibt es seinen Mitgliedern.
profile-new = Neues Profil
profile-create = Profil erstellen
profile-created = { $name } ist erstellt. Geben Sie es einem Team, damit es gilt.
profile-delete = Profil löschen
profile-delete-effect = Das Profil endet sofort. Das lässt sich nicht rückgängig machen.
profile-delete-teams = Es kann gelöscht werden, wenn kein Team es hat. Zurzeit haben es: { $teams }.
profile-drifted = weicht von der Vorlage ab
profile-drift = { $n ->
    [one] Weicht an 1 Stelle von der Vorlage ab
   *[other] Weicht an { $n } Stellen von der Vorlage ab
}
profile-as-template = Zurück zur Vorlage
profile-teams = { $n ->
    [one] In einem Team:
   *[other] In { $n } Teams:
}
profile-new-effect = Ein neues Profil ändert für niemanden etwas, bis ein Team es hat.

schema-editor = Schema-Editor
schema-intro = Die Datensatztypen dieses Workspace: ihre Felder, ihre Phasen, und wer was damit tun darf.
schema-new = Neuer Datensatztyp
schema-new-intro = Rechte auf alle Datensatztypen gelten sofort auch für diesen. Weitere Felder und Phasen folgen auf seiner Seite.
schema-create = Datensatztyp erstellen
schema-created = { $name } ist erstellt.
schema-entity = Datensatztyp
schema-added = Eigener
schema-key = Schlüssel
schema-key-new = Schlüssel, in Adressen und Rechten; er lässt sich nicht ändern
schema-name = Name, Mehrzahl
schema-one = Name in der Einzahl
schema-title = Titel
schema-title-field = Name des Titelfelds
schema-fields = Felder
schema-stages = Phasen
schema-permissions = Rechte
schema-pipeline = Pipeline
schema-field = Feld
schema-type = Typ
schema-options = Optionen
schema-options-added = Optionen einer Auswahl, eine pro Zeile
schema-required = Pflicht
schema-required-added = Jeder Datensatz hat es
schema-remove = Löschen
schema-add-field = Feld hinzufügen
schema-name-of = Name von { $name }
schema-options-of = Optionen von { $name }, eine pro Zeile
schema-required-of = { $name } ist Pflicht
schema-remove-of = { $name } löschen
schema-save = Felder speichern
schema-save-note = Ein Feld oder eine Option, die Datensätze haben, lässt sich nicht löschen.
schema-delete = Datensatztyp löschen
schema-delete-effect = Der Datensatztyp endet sofort, mit seinen Feldern, Phasen und Rechten. Das lässt sich nicht rückgängig machen.
schema-delete-when = Er kann gelöscht werden, wenn er keine Datensätze hat.
stale-form = Jemand anders hat zuerst gespeichert. Ihre Eingaben stehen unten: vergleichen Sie, und speichern Sie erneut.
stale-fields = Eine andere Person hat zuerst gespeichert und { $what } geändert. Die Seite zeigt das; was Sie eingegeben haben, bleibt. Prüfen Sie es, und speichern Sie noch einmal.
field-text = Text
field-long-text = Langer Text
field-number = Zahl
field-money = Betrag
field-date = Datum
field-time = Datum und Zeit
field-email = E-Mail
field-phone = Telefon
field-link = Link
field-choice = Auswahl
field-check = Ja oder nein
pipeline-nothing = Hier erscheinen Phasen: ein Datensatz durchläuft sie, und jede bestimmt, wer ihn verschieben darf.
pipeline-stage = Phase
pipeline-place = Reihenfolge
pipeline-by = Wer Datensätze verschiebt, braucht
pipeline-by-update = das Recht zu ändern
pipeline-open = Zu bearbeiten
pipeline-open-added = Ein Datensatz darin ist noch zu bearbeiten
pipeline-place-of = Reihenfolge von { $name }
pipeline-by-of = Aktion, die Datensätze von { $name } verschiebt
pipeline-open-of = Ein Datensatz in { $name } ist noch zu bearbeiten
pipeline-add = Phase hinzufügen
pipeline-save = Phasen speichern
pipeline-save-note = Eine Phase, in der Datensätze sind, lässt sich nicht löschen.
pipeline-saved = Die Phasen sind gespeichert.
permissions-profile = Profil
permissions-intro = Jedes Profil mit einem Recht auf diese Datensätze. Eine Änderung gilt ab der nächsten Anfrage aller in seinen Teams.
permissions-intro-roles = Jede Rolle mit einem Recht auf diese Datensätze.
permissions-all = Auch jene ohne Recht anzeigen
permissions-granted = Nur jene mit einem Recht
permissions-nothing = Nichts gibt ein Recht auf diese Datensätze.
permissions-saved = { $n ->
    [one] 1 Änderung ist gespeichert.
   *[other] { $n } Änderungen sind gespeichert.
}

source-role = Rolle
source-profile = { $name } über { $team }
source-level = Stufe { $name }
source-unowned = ohne Besitzer

teams-intro = Mitglieder eines Teams erreichen die Datensätze der anderen, wo eine Rolle Team sagt.
teams-intro-profiles = Ein Team gibt seinen Mitgliedern ein Profil und bestimmt, wie viel davon sie teilen.
teams-nothing = Hier erscheinen Teams: ein Team fasst Mitglieder zusammen, die Datensätze teilen.
teams-team = Team
teams-members = Mitglieder
teams-new = Neues Team
teams-create = Team erstellen
teams-created = { $name } ist erstellt. Fügen Sie die Mitglieder hinzu.
teams-no-profile = Kein Profil
teams-given = Was Mitglieder über das Team erhalten
teams-add = Mitglied hinzufügen
teams-also = Auch in
teams-empty = Hier erscheinen Mitglieder: sie erhalten ab ihrer nächsten Anfrage, was das Team gibt.
teams-joined = { $name } ist jetzt im Team.
teams-left = { $name } ist nicht mehr im Team.
teams-remove = Entfernen
teams-remove-of = { $name } aus dem Team entfernen
teams-delete = Team löschen
teams-delete-effect = Das Team endet sofort. Das lässt sich nicht rückgängig machen.
teams-delete-members = { $n ->
    [one] Es kann gelöscht werden, wenn es keine Mitglieder hat. Zurzeit hat es eines.
   *[other] Es kann gelöscht werden, wenn es keine Mitglieder hat. Zurzeit hat es { $n }.
}
choose-member = Mitglied wählen
sharing = Datensätze teilen
sharing-own = Eigene: Mitglieder erreichen nur die eigenen Datensätze, was auch immer das Profil sagt
sharing-team = Team: Mitglieder erreichen die Datensätze des Teams, wo das Profil Team oder Alle sagt
sharing-all = Alle: Mitglieder erreichen so viel, wie das Profil sagt
sharing-capped = durch Teilen begrenzt

department-intro = Wer wo ist, und wie viel jede Person sieht.
department-nothing = Hier erscheinen Abteilungen: sie bilden einen Baum, und wer die eigene Abteilung sieht, sieht auch jene darunter.
department-new = Neue Abteilung
department-create = Abteilung erstellen
department-created = { $name } ist erstellt.
department-in-all = { $n } insgesamt
department-move-hint = Ziehen Sie eine Abteilung in eine andere, oder neben den Baum nach oben. Mit der Tastatur: Alt → verschiebt sie in die darüber, Alt ← heraus. Sie sehen, was sich ändert, bevor Sie es speichern.
department-parent = Unterhalb von
department-top = Zuoberst
department-manager = Leitung
department-no-manager = Keine Leitung
department-led-by = Leitung: { $name }
department-place = Name und Ort
department-add = Hierher verschieben
department-joined = { $name } ist jetzt in der Abteilung.
department-left = { $name } ist jetzt in keiner Abteilung.
department-remove-of = { $name } aus der Abteilung entfernen
department-visibility-of = Sichtbarkeit von { $name }
department-visibility-saved = { $name } sieht: { $level }.
department-delete = Abteilung löschen
department-delete-effect = Die Abteilung endet sofort. Das lässt sich nicht rückgängig machen.
department-delete-when = Sie kann gelöscht werden, wenn sie keine Mitglieder und keine Abteilungen unter sich hat.
stale-removed = Eine andere Person hat { $what } entfernt.
once-done = Dieses Formular wurde schon gesendet und nicht noch einmal ausgeführt. Die Seite zeigt den jetzigen Stand.
once-shown = Das ist schon geschehen und wurde nicht wiederholt. Ein Geheimnis wird einmal gezeigt: falls Sie es nicht kopiert haben, erstellen Sie ein neues.
address-unknown = Die Adresse sagt „{ $name }={ $value }“; das kennt diese Seite nicht und lässt es weg.
form-unsaved = Ihre Eingaben sind nicht gespeichert. Trotzdem schliessen?
stale-choice = Jemand anders hat zuerst gespeichert. Die Seite zeigt den jetzigen Stand: wählen Sie noch einmal, falls nötig.

explain-title = Zugriff erklären
explain-intro = Fragen Sie, was jemand tun kann, und sehen Sie jede Regel, die darüber entscheidet.
explain-intro-own = Fragen Sie, was Sie tun können, und sehen Sie jede Regel, die darüber entscheidet.
explain-who = Wer
explain-what = Aktion
explain-choose = Aktion wählen
explain-owner = Wessen Datensätze
explain-any = überhaupt
explain-record = Datensatz
explain-find = Datensatz suchen
explain-any-record = irgendein Datensatz
explain-basis = Worauf das beruht
explain-check = Prüfen
explain-allowed = Erlaubt
explain-denied = Nicht erlaubt
explain-rule = Entschieden durch
explain-through = über
explain-records = Welche Datensätze
explain-steps = Schritt für Schritt
explain-acts = Was es erlauben würde
explain-needs = Was es braucht
explain-who-else = Wer kann: { $action }
explain-no-one = Kein Mitglied kann das.
explain-lists = Was { $name } sieht
rule-role = Rolle
rule-profile = Profil
rule-level = Stufe
rule-visibility = Sichtbarkeit
rule-switch = Schalter
rule-billing-contact = Rechnungskontakt
rule-unowned = Datensätze ohne Besitzer
rule-status = Status
rule-team = Teams
rule-module = Modul
rule-claim = Übernehmen
rule-scopes = Umfang
review-intro = Was jedes Mitglied hat, wie weit es reicht, und wer es gegeben hat. Rolle und Reichweite gelten jetzt; die CSV-Datei hat dieselben Zeilen.
review-csv = CSV exportieren
review-reach = Reichweite
review-extras = Zusätzlich
review-seen = Zuletzt gesehen
review-never = nie
review-given-by = Gegeben von
review-given = Gegeben am
review-operator = Der Betreiber
review-records = { $reach } auf jedem Datensatztyp
review-reach-more = { $reach }: { $names } und { $n } weitere
review-settings = { $n ->
    [one] ändert eine Einstellung
   *[other] ändert { $n } Einstellungen
}
review-levels = Eigene Stufen
review-teams = { $n ->
    [one] 1 Team
   *[other] { $n } Teams
}

compare-people = Personen
compare-roles = Rollen
compare-given = Person und Rolle
compare-created = Rolle und Vorlage
compare-profiles = Profile
compare-moments = Damals und heute
compare-people-intro = Zwei Personen, die Unterschiede zuerst. Jede Reichweite führt zur Regel, die sie gibt.
compare-roles-intro = Zwei Rollen, wie sie ein neues Mitglied hat, die Unterschiede zuerst.
compare-given-intro = Was eine Person über ihre Rolle hinaus hat, und was ihr davon fehlt: durch Stufen, Teams, Sichtbarkeit und den Rechnungskontakt.
compare-created-intro = Eine eigene Rolle und wie sie erstellt wurde.
compare-profiles-intro = Zwei Profile, oder ein Profil und seine Vorlage.
compare-moments-intro = Der Arbeitsbereich nach einem Eintrag des Protokolls und heute: wer mehr darf, und wer weniger.
compare-first = Erste Seite
compare-second = Zweite Seite
compare-choose-role = Rolle wählen
compare-choose-profile = Profil wählen
compare-choose-entry = Eintrag des Protokolls wählen
compare-template = Vorlage von { $name }
compare-template-second = Wie sie das Zugriffsmodell festlegt
compare-now = Heute
compare-then = Wie erstellt
compare-entry = { $who }, { $at }
compare-swap = Tauschen
compare-copy = Link kopieren
compare-nothing = Hier erscheinen die Unterschiede, mit der Zahl der Einträge, um die es jeweils geht. Wählen Sie beide Seiten.
compare-no-creation = Das Protokoll enthält nicht mehr, wie diese Rolle erstellt wurde.
compare-right = Recht
compare-records = Einträge
compare-same = Gleich
compare-and-more = { $n ->
    [one] und eines mehr
   *[other] und { $n } weitere
}
compare-differ = { $n ->
    [0] Kein Unterschied. { $of ->
        [one] Ein Recht ist gleich.
       *[other] { $of } Rechte sind gleich.
    }
    [one] Eines von { $of } Rechten ist anders.
   *[other] { $n } von { $of } Rechten sind anders.
}
compare-people-differ = { $n ->
    [0] Kein Mitglied darf mehr oder weniger als damals.
    [one] Ein Mitglied darf mehr oder weniger als damals.
   *[other] { $n } Mitglieder dürfen mehr oder weniger als damals.
}
compare-like = { $name } wie { $other } machen? { $gives ->
    [0] Das gibt nichts
    [one] Das gibt ein Recht
   *[other] Das gibt { $gives } Rechte
} und nimmt { $takes ->
    [0] nichts
    [one] eines
   *[other] { $takes }
}.
compare-back = { $name } zurück zu dem, wie die Rolle erstellt wurde?
compare-preview = Änderung ansehen
compare-no-match = Nichts passt.
compare-more-match = Es gibt mehr: Suchen Sie nach dem Namen.
role-compare = Vergleichen
department-comes-to = Was das ergibt
department-reaches-all = Alle Einträge
department-reaches-none = Kein Eintrag
department-managed-by = Geleitet von { $name }
department-reaches-others = { $list }, { $n ->
    [one] eine weitere Art
   *[other] { $n } weitere Arten
}
