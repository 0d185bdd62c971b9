team-intro = { $team }: { $members ->
    [one] ein Mitglied
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
team-alias = Mit Alias
team-as = als { $alias }
team-unseen = Lange nicht gesehen
team-unseen-fact = { $count ->
    [one] Ein aktives Mitglied war seit { $days } Tagen nicht mehr hier.
   *[other] { $count } aktive Mitglieder waren seit { $days } Tagen nicht mehr hier.
}
team-unseen-advice = Entziehen Sie den Zugriff allen, die gegangen sind.
team-unseen-show = Anzeigen
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
access-preset = Vorlage
access-preset-blocked = Diese Vorlage liest nur, die Rolle darf mehr.
access-visibility = Sichtbarkeit
access-visibility-hint = Wessen Datensätze sie sehen, soweit die Rolle es offen lässt.
access-no-department = Keine Abteilung
access-manager = Vorgesetzte Person
access-no-manager = Niemand
access-landing = Startseite
access-landing-first = Die erste Seite, die sie öffnen dürfen
access-alias = Alias
access-alias-hint = Ein anderer Name, unter dem das Mitglied hier arbeitet, zum Beispiel Support. Die Suche findet ihn; der Zugriff hängt nicht davon ab.
access-teams = Teams
access-contact-hint = Erhält die Rechnungen und kann die Abrechnung öffnen. Der bisherige Rechnungskontakt gibt dies ab.
access-contact-own = Sie sind Rechnungskontakt. Sonst erhalten Sie keine Rechnungen mehr und öffnen die Abrechnung nicht mehr, ausser Ihre Rolle erlaubt es.
access-gives-up = Sie geben den Rechnungskontakt selbst ab: Sie erhalten keine Rechnungen mehr und öffnen die Abrechnung nicht mehr, ausser Ihre Rolle erlaubt es. Speichern Sie erneut zur Bestätigung.
access-nothing = Noch ist nichts geändert.
access-same = Das ändert nichts an dem, was sie können.
access-gains = Gewinnt
access-loses = Verliert
access-in = in { $resource }
access-records = { $count ->
    [one] ein Datensatz
   *[other] { $count } Datensätze
}
access-sidebar = Die Navigation zeigt { $count } von { $total }: { $names }.
access-sidebar-empty = Die Navigation zeigt nichts.
access-others = { $count ->
    [one] Eine weitere Person gewinnt oder verliert etwas.
   *[other] { $count } weitere Personen gewinnen oder verlieren etwas.
}
access-stops-keys = { $count ->
    [one] Ein API-Schlüssel gilt nicht mehr.
   *[other] { $count } API-Schlüssel gelten nicht mehr.
}
access-stops-invitations = { $count ->
    [one] Eine offene Einladung ist nicht mehr annehmbar.
   *[other] { $count } offene Einladungen sind nicht mehr annehmbar.
}
access-mistakes = Prüfen Sie die markierten Felder.
access-stale-by = Seit Sie das Formular geöffnet haben, hat dieses Mitglied gespeichert: { $people }.
access-stale-other = Eine andere Person hat dieses Mitglied gespeichert, nachdem Sie das Formular geöffnet haben.
access-stale-kept = Ihre Angaben bleiben stehen, alles andere zeigt den gespeicherten Stand. Speichern Sie erneut, um nur Ihre Angaben zu ersetzen, oder schliessen Sie das Formular, um alles zu belassen.
access-stale-part = { $part }: gespeichert ist { $was }, Sie haben { $is } gewählt
access-stale-same = Gespeichert ist, was Sie gewählt haben.
access-yes = ja
access-no = nein
access-save = Zugriff speichern
access-preview = Vorschau
access-saved = Der Zugriff von { $name } ist gespeichert.
required = (erforderlich)
invite-intro = Sie erhalten einen Link per E-Mail. Er gilt { $days } Tage.
invite-emails = E-Mail-Adressen
invite-emails-hint = Eine oder viele: durch Kommas oder Zeilen getrennt, als Name <Adresse>, oder aus einer CSV-Datei eingefügt.
invite-file = CSV-Datei
invite-file-hint = Statt zu tippen: eine Spalte mit Adressen, auf Wunsch eine mit Namen.
invite-file-large = { $name } ist grösser als 256 KB. Teilen Sie die Datei, oder fügen Sie die Adressen ein.
invite-file-kind = { $name } ist keine CSV- oder Textdatei. Speichern Sie das Blatt in der Tabellenkalkulation als CSV.
invite-file-encoding = Die Zeichenkodierung von { $name } ist nicht erkennbar. Speichern Sie die Datei als CSV UTF-8.
invite-file-empty = { $name } ist leer.
invite-name = Name
invite-name-hint = Für eine Adresse. Bei mehreren können die Namen neben den Adressen sein.
invite-lines = Adressen
invite-contact = Diese Person zum Rechnungskontakt machen
invite-send = { $word } ({ $count })
invite-send-rest = Diese weglassen und { $count } senden
invite-wrong = { $count ->
    [one] Eine Adresse kann nicht eingeladen werden. Noch ist nichts gesendet.
   *[other] { $count } Adressen können nicht eingeladen werden. Noch ist nichts gesendet.
}
invite-no-address = Eine Adresse ist erforderlich.
invite-too-many = Höchstens 100 Adressen auf einmal.
invite-sent = { $count ->
    [one] Die Einladung ist unterwegs an { $email }.
   *[other] { $count } Einladungen sind unterwegs.
}
bulk-role-title = { $count ->
    [one] Rolle eines Mitglieds ändern
   *[other] Rolle von { $count } Mitgliedern ändern
}
bulk-department-title = { $count ->
    [one] Abteilung eines Mitglieds ändern
   *[other] Abteilung von { $count } Mitgliedern ändern
}
bulk-team-title = { $count ->
    [one] Teams eines Mitglieds ändern
   *[other] Teams von { $count } Mitgliedern ändern
}
bulk-team = Team
bulk-what = Beitreten oder verlassen
bulk-join = Beitreten
bulk-leave = Verlassen
bulk-people = Mitglieder
bulk-verb = { $count ->
    [one] Ein Mitglied ändern
   *[other] { $count } Mitglieder ändern
}
bulk-done = { $count ->
    [one] Ein Mitglied ist geändert.
   *[other] { $count } Mitglieder sind geändert.
}
reassign-title = Datensätze von { $name } übertragen
reassign-intro = Überträgt Datensätze von einer Person auf eine andere. Was Sie weglassen, bleibt, wo es ist.
reassign-from = Bisher zuständig
reassign-to = Künftig zuständig
reassign-other = Andere Person
reassign-which = Welche Datensätze
reassign-type = Typ
reassign-moves = Übertragen
reassign-left-out = Weggelassen
reassign-together = Ausgewählt
reassign-nothing = Es gibt keinen Datensatz, den Sie übertragen können.
reassign-no-owner = Niemand
reassign-leave = Niemandem zuordnen
reassign-stays = { $count ->
    [one] Ein Datensatz bleibt: Sie dürfen ihn nicht übertragen.
   *[other] { $count } Datensätze bleiben: Sie dürfen sie nicht übertragen.
}
reassign-verb = { $count ->
    [one] Einen Datensatz übertragen
   *[other] { $count } Datensätze übertragen
}
reassign-no-type = Wählen Sie mindestens einen Typ.
reassign-done = { $from } an { $to }: { $list } übertragen.
member-removed = Entfernt
member-role-by = { $role }, seit { $since }, vergeben von { $by }
member-role-since = { $role }, seit { $since }
member-joined = Beigetreten
member-seen = Zuletzt gesehen
member-never = Nie
member-explain = Zugriff erklären
member-reach = Was sie können
member-resource = Bereich
member-may = Reichweite und Aktionen
member-unowned = Niemandem zugeordnet
pick-find-team = Team suchen
pick-find-department = Abteilung suchen
pick-find-member = Mitglied suchen
pick-nothing = Kein Name enthält das
pick-incomplete = Vielleicht gibt es mehr: den Anfang des Namens eingeben
