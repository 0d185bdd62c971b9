team-intro = { $members ->
    [one] Ein Mitglied
   *[other] { $members } Mitglieder
}. Eine geänderte Rolle gilt ab der nächsten Anfrage.
team-search = Name oder E-Mail suchen
team-everyone = Alle
team-member = Mitglied
team-role = Rolle
team-status = Status
team-open = Offene Zuordnungen
team-department = Abteilung
team-actions = Aktionen für { $name }
team-role-of = Rolle von { $name }
team-role-saved = { $name } ist jetzt { $role }.
team-set-role = Rolle speichern
team-edit = Zugriff bearbeiten
team-removed = { $name } ist kein Mitglied mehr.
team-remove-title = { $name } entfernen
team-remove-effect = { $name } kann den Workspace ab der nächsten Anfrage nicht mehr öffnen.
team-remove-open = { $count ->
    [one] Ein offener Datensatz bleibt zugeordnet
   *[other] { $count } offene Datensätze bleiben zugeordnet
}: { $list }.
team-remove-account = Das Konto und andere Workspaces bleiben, wie sie sind.
team-keep = Nicht entfernen
team-nothing = Kein Mitglied gefunden.
billing-contact = Rechnungskontakt
