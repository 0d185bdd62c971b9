team-intro = { $members ->
    [one] Ein Mitglied
   *[other] { $members } Mitglieder
}{ $open ->
    [0] .
    [one] , eine offene Einladung.
   *[other] , { $open } offene Einladungen.
} Eine geänderte Rolle gilt ab der nächsten Anfrage.
team-search = Name oder E-Mail suchen
team-everyone = Alle
team-every-role = Alle Rollen
team-every-department = Alle Abteilungen
team-member = Mitglied
team-role = Rolle
team-status = Status
team-open = Offene Zuordnungen
team-open-short = offen
team-department = Abteilung
team-actions = Aktionen für { $name }
team-choose = { $name } auswählen
team-chosen = ausgewählt
team-clear = Auswahl aufheben
team-bulk-role = Rolle ändern
team-bulk-department = Abteilung ändern
team-bulk-team = Teams ändern
team-role-of = Rolle von { $name }
team-role-saved = { $name } ist jetzt { $role }.
team-set-role = Rolle speichern
team-nothing = Kein Mitglied gefunden.
team-more-match = Es gibt weitere Treffer. Geben Sie mehr vom Namen ein.
team-show-everyone = Alle zeigen
team-pages = Seiten der Mitglieder
team-range = { $from }–{ $to } von { $total }
team-first-page = Erste Seite
team-only-one = { $name } ist als Einzige oder Einziger { $role }.
team-choose-one = Auswählen
team-choose-top = Weitere Person als { $role } wählen
team-expired = Abgelaufen
team-dead = Nicht annehmbar
team-invited = Eingeladen: { $sent }
team-invited-left = Eingeladen: { $sent }, noch { $days ->
    [one] ein Tag
   *[other] { $days } Tage
}
team-dead-grantor = Wer sie gesendet hat, darf ihren Inhalt nicht mehr vergeben.
team-dead-contents = Etwas, das sie nennt, gibt es nicht mehr.
team-dead-address = Der Workspace lässt nur Adressen anderer Domains zu.
team-undelivered = Die E-Mail ist noch nicht zugestellt: { $error }
team-resend = Erneut senden
team-resent = Ein neuer Link ist unterwegs an { $email }. Der alte gilt nicht mehr.
team-revoke = Widerrufen
team-revoke-title = Einladung von { $email } widerrufen
team-revoke-link = Der Link in der E-Mail gilt ab sofort nicht mehr.
team-revoke-later = Sie können die Adresse jederzeit wieder einladen.
team-revoked = Die Einladung ist widerrufen.
team-keep-invitation = Behalten
team-remove-title = { $name } entfernen
team-remove-effect = { $name } kann den Workspace ab der nächsten Anfrage nicht mehr öffnen.
team-remove-account = Das Konto und andere Workspaces bleiben, wie sie sind.
team-removed = { $name } ist kein Mitglied mehr.
team-keep = Nicht entfernen
team-leaving-open = { $count ->
    [one] Ein offener Datensatz bleibt zugeordnet:
   *[other] { $count } offene Datensätze bleiben zugeordnet:
}
team-leaving-nothing = Kein offener Datensatz, den Sie sehen, ist zugeordnet.
team-deactivate-instead = Stattdessen deaktivieren
team-deactivate-title = { $name } deaktivieren
team-deactivate-sign-in = Die Sitzungen enden, und ohne aktive Mitgliedschaft in einem anderen Workspace ist keine Anmeldung möglich.
team-deactivate-elsewhere = Andere Workspaces bleiben offen.
team-deactivate-keeps = Rolle, Teams und Datensätze bleiben. Sie können jederzeit wieder aktivieren.
team-deactivated = { $name } ist inaktiv.
team-reactivated = { $name } ist wieder aktiv.
team-keep-active = Aktiv lassen
team-billing-now = { $name } ist Rechnungskontakt. Wählen Sie, wer es künftig ist.
team-billing-vacant = Es gibt keinen Rechnungskontakt. Wählen Sie eine Person.
team-billing-title = { $name } zum Rechnungskontakt machen
team-billing-gains = { $name } erhält die Rechnungen und kann die Abrechnung öffnen.
team-billing-loses = { $name } ist nicht mehr Rechnungskontakt.
team-billing-done = { $name } ist jetzt Rechnungskontakt.
team-keep-contact = Nichts ändern
billing-contact = Rechnungskontakt
