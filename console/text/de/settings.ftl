on = Ein
off = Aus
never = nie
expired = abgelaufen
older = Ältere
newest = Neueste
not-set = Nicht gesetzt
language = Sprache
keep-it = Behalten
cannot-be-undone = Das kann nicht rückgängig gemacht werden.
another-member = ein anderes Mitglied
record-type = Datensatztyp
stale = Eine andere Person hat zuerst gespeichert. Das Formular zeigt Ihre Eingaben; laden Sie die Seite neu, um die gespeicherten Werte zu sehen, und senden Sie es von dort noch einmal.
picture-choose = Bild wählen
picture-remove = Entfernen
picture-hint = PNG, JPEG oder WebP; es wird vor dem Senden verkleinert.
preview-effect = Wirkung ansehen
effect-gain = { $n ->
    [one] Eine Person erhält
   *[other] { $n } Personen erhalten
} «{ $action }» für { $resource }.
effect-loss = { $n ->
    [one] Eine Person verliert
   *[other] { $n } Personen verlieren
} «{ $action }» für { $resource }.
effect-more = { $n ->
    [one] Und eine weitere Änderung.
   *[other] Und { $n } weitere Änderungen.
}
effect-keys = { $n ->
    [one] Ein API-Schlüssel funktioniert nicht mehr.
   *[other] { $n } API-Schlüssel funktionieren nicht mehr.
}
effect-invitations = { $n ->
    [one] Eine offene Einladung kann nicht mehr angenommen werden.
   *[other] { $n } offene Einladungen können nicht mehr angenommen werden.
}
effect-none = Niemand erhält oder verliert etwas.
switches = Schalter des Zugriffsmodells
switch-on = Der Schalter ist ein, ab der nächsten Anfrage.
switch-off = Der Schalter ist aus, ab der nächsten Anfrage.
switch-it-on = Einschalten
switch-it-off = Ausschalten
remove-it = Entfernen
general-intro = Name, Logo und Vorgaben des Workspace.
general-name = Name
general-slug = Kurzname
general-slug-hint = Der Name in Adressen. Links mit dem alten Kurznamen führen 90 Tage lang hierher.
general-rename = Name und Kurznamen speichern
general-logo = Logo
general-handbook = Handbuch
general-handbook-hint = Was jedes Mitglied und Ihre KI-Assistenten über die Organisation wissen sollten.
general-currency = Währung
general-zone = Zeitzone
general-landing = Startseite
general-saved = Die allgemeinen Einstellungen sind gespeichert.
branding-intro = Farbe und Logo, die Mitglieder im Rahmen und in Mails sehen.
branding-colour = Farbe
branding-colour-remove = Standardfarbe verwenden
branding-readable = Der Kontrast auf hellen Seiten ist { $ratio } : 1: Text in dieser Farbe ist lesbar.
branding-darkened = Der Kontrast auf hellen Seiten ist { $ratio } : 1, und Text braucht 4,5 : 1. Knöpfe und Links verwenden stattdessen { $shade }, im selben Farbton.
branding-logo = Logo im Rahmen und in Mails
branding-footer = Fusszeile von Mails
branding-footer-reason = Die Texte von Mails ändert hier nur der Betreiber. Wenden Sie sich an { $contact }.
branding-save = Branding speichern
branding-saved = Das Branding ist gespeichert.
modules-intro = Schalten Sie aus, was der Workspace nicht braucht. Gelöscht wird nichts: Es kommt zurück, wie es war.
modules-none = Das Zugriffsmodell hat nichts, was sich ausschalten lässt.
modules-hint = Was aus ist, fehlt in der Navigation, und jede Anfrage dazu wird abgelehnt.
modules-save = Module speichern
modules-saved = { $n ->
    [0] Es wurde nichts geändert.
    [one] Ein Modul ist geändert, ab der nächsten Anfrage.
   *[other] { $n } Module sind geändert, ab der nächsten Anfrage.
}
security-intro = Wie Mitglieder und Programme hereinkommen, und wann sie wieder draussen sind.
security-sign-in = Anmeldung
security-session = Ablauf von Sitzungen
security-timeout = Nach { $idle } Tagen ohne Gebrauch, und in jedem Fall nach { $longest } Tagen.
security-two-factor = Zwei-Faktor-Anmeldung
security-two-factor-none = Konten melden sich mit einem Passwort an. Dieser Server hat noch keine zweiten Faktoren.
security-own-sessions = Ihre eigenen Sitzungen finden Sie in Ihrem Profil.
security-open-sessions = Meine Sitzungen öffnen
security-open-keys = API-Schlüssel öffnen
security-keys = { $n ->
    [0] Kein Programm hat einen Schlüssel.
    [one] Ein Programm hat einen Schlüssel.
   *[other] { $n } Programme haben einen Schlüssel.
}
authentication-intro = Wie sich Personen anmelden, und wessen Adressen beitreten dürfen.
authentication-methods = Wege zur Anmeldung
authentication-password = E-Mail und Passwort
authentication-password-text = Für jedes Konto, mit mindestens 12 Zeichen.
authentication-plan = Der Tarif dieses Workspace ist { $plan }.
authentication-domains = Adressen, die beitreten dürfen
authentication-domains-hint = Eine Domain pro Zeile. Nur Adressen dieser Domains können eingeladen werden und beitreten; ohne Eintrag können es alle.
authentication-save = Domains speichern
authentication-saved = Die Domains sind gespeichert.
in-use = In Gebrauch
feature-sso = Single Sign-on
feature-scim = Verwaltung durch ein Verzeichnis
feature-later = Auf diesem Server gibt es dafür noch nichts einzurichten.
feature-included = In Ihrem Tarif enthalten
feature-from = Ab { $plan }
feature-never = In keinem Tarif
integrations-intro = Verbindungen, die Ihre Programme über die API lesen. Hallpass speichert sie und verbirgt ihre Geheimnisse.
integrations-none = Es ist kein System verbunden.
integrations-add = Verbindung hinzufügen
integrations-name = Name
integrations-kind = Art
integrations-key = Schlüssel
integrations-secret = Geheimnis
integrations-secrets = Geheimnisse: { $list }
integrations-hint = Programme finden die Verbindung unter ihrem Schlüssel. Das Geheimnis wird nie mehr gezeigt.
integrations-connected = Die Verbindung ist hinzugefügt.
integrations-saved = Die Verbindung ist gespeichert.
integrations-removed = Die Verbindung ist entfernt.
integrations-remove = { $name } entfernen
api-keys-intro = Schlüssel für Programme. Ein Schlüssel handelt für ein Mitglied: Er darf, was es darf, und endet, wenn es nichts mehr darf.
api-keys-none = Kein Programm hat einen Schlüssel. Erstellen Sie einen, um die API zu verwenden.
api-key-name = Name
api-key-acts-for = Handelt für
api-key-made = Erstellt
api-key-used = Zuletzt verwendet
api-key-expires = Läuft ab
api-key-new = Neuer Schlüssel
api-key-create = Schlüssel erstellen
api-key-created = Der Schlüssel ist erstellt.
api-key-once = Kopieren Sie ihn jetzt: Er wird nur dieses eine Mal gezeigt.
api-key-secret = Geheimnis des neuen Schlüssels
api-key-hint = Sie können Schlüssel für sich erstellen, und für Mitglieder, die nicht mehr dürfen als Sie.
api-key-revoke = Widerrufen
api-key-revoke-title = { $name } widerrufen
api-key-revoke-effect = Programme mit diesem Schlüssel werden ab der nächsten Anfrage abgelehnt.
api-key-revoked = Der Schlüssel ist widerrufen.
days-30 = in 30 Tagen
days-90 = in 90 Tagen
days-365 = in einem Jahr
billing-portal = Abrechnungsportal öffnen
billing-vacant = Es gibt keinen aktiven Rechnungskontakt. Bis es einen gibt, gehen Rechnungen an die Inhaber der obersten Rolle.
billing-choose = Kontakt wählen
billing-plan = Tarif
billing-no-plan = Kein Tarif
billing-trialing = Probezeit
billing-active = Aktiv
billing-past-due = Zahlung überfällig
billing-cancelled = Gekündigt
billing-renews = Verlängert sich am { $date }.
billing-ends = Endet am { $date }.
billing-card = { $brand } mit Endziffern { $last }, gültig bis { $end }
billing-change-plan = Tarif wechseln
billing-plan-changed = Der Tarif ist gewechselt.
billing-cancel = Abonnement kündigen
billing-cancel-title = Abonnement kündigen
billing-cancel-effect = Der Tarif gilt bis zum Ende der bezahlten Zeit.
billing-cancel-data = Der Workspace und alle seine Daten bleiben.
billing-keep = Tarif behalten
billing-cancel-done = Das Abonnement ist gekündigt.
billing-contact-role = erhält Rechnungen, darf die Abrechnung ändern
billing-inactive = inaktiv
billing-nobody = Es gibt keinen Rechnungskontakt.
billing-transfer-to = Mitglied wählen
billing-transferred = Der Rechnungskontakt ist geändert.
billing-details = Angaben auf Rechnungen
billing-company = Firma
billing-vat = MWST-Nummer
billing-address = Adresse
billing-save = Angaben speichern
billing-saved = Die Angaben sind gespeichert.
billing-invoices = Rechnungen
billing-no-invoices = Es gibt noch keine Rechnung. Sie erscheinen hier, sobald eine ausgestellt ist.
invoice-number = Nummer
invoice-issued = Ausgestellt
invoice-amount = Betrag
invoice-open-link = Öffnen
invoice-draft = Entwurf
invoice-open = Offen
invoice-uncollectible = Uneinbringlich
invoice-void = Storniert
invoice-paid = Bezahlt
audit-intro = Wer was getan hat, was abgelehnt wurde, und warum. Einträge lassen sich nicht ändern.
audit-who = Wer
audit-what = Was
audit-when = Wann
audit-outcome = Ergebnis
audit-anyone = Alle Personen
audit-anything = Jede Aktion
audit-any-outcome = Jedes Ergebnis
audit-done = Ausgeführt
audit-denied = Abgelehnt
audit-ever = Jederzeit
audit-day = Letzte 24 Stunden
audit-week = Letzte 7 Tage
audit-month = Letzte 30 Tage
audit-clear = Filter löschen
audit-nothing = Kein Eintrag gefunden.
audit-unfold = Einzelheiten zu «{ $what }»
audit-why = Warum es abgelehnt wurde
audit-explain = In Erklären nachsehen
audit-no-values = Der Eintrag hat keine Werte.
audit-field = Feld
audit-before = Vorher
audit-after = Nachher
audit-hidden = Diese Werte dürfen Sie nicht lesen: { $list }.
audit-request = Anfrage
danger-intro = Jeder Schritt wird protokolliert, und was etwas zerstört, verlangt ein Wort.
danger-own-intro = Was Ihren eigenen Zugriff beendet. Jeder Schritt wird protokolliert.
danger-transfer = Ein anderes Mitglied erhält Ihre Rolle, und Sie die nächste darunter.
danger-recipient = Mitglied wählen
danger-no-candidate = Es gibt kein anderes aktives Mitglied.
danger-export = Alles exportieren
danger-export-text = Eine Datei mit Mitgliedern, Rollen, Datensätzen, ihrem Verlauf und dem Audit-Log. Geheimnisse fehlen.
danger-export-verb = Exportieren
danger-replace = Zugriffsmodell
danger-replace-text = Jetzt { $model }. Ein anderes wird zuerst verglichen: wer was erhielte und verlöre.
danger-replace-verb = Zugriffsmodell ersetzen
danger-leave-text = Ihre Mitgliedschaft endet. Ihr Konto und Ihre anderen Workspaces bleiben.
danger-account-text = Ihr Konto endet, mit Ihren Mitgliedschaften in allen Workspaces.
danger-delete = Workspace löschen
danger-delete-text = Er schliesst sofort für alle und lässt sich 30 Tage lang wiederherstellen.
danger-delete-verb = Workspace löschen
danger-operator = Einiges davon ist dem Betreiber vorbehalten. Wenden Sie sich an { $contact }.
delete-account = Konto löschen
delete-account-title = Ihr Konto löschen
delete-account-memberships = Ihre Mitgliedschaften in allen Workspaces enden.
delete-account-records = Datensätze, die Ihnen gehören, bleiben in ihren Workspaces, mit Ihrem Namen.
delete-account-sessions = Alle Ihre Sitzungen und API-Schlüssel enden sofort.
delete-account-done = Ihr Konto ist gelöscht.
leave-title = { $workspace } verlassen
leave-access = Sie können ihn ab der nächsten Anfrage nicht mehr öffnen.
leave-records = Datensätze, die Ihnen gehören, bleiben Ihnen zugeordnet, bis ein anderes Mitglied sie neu zuordnet.
leave-account = Ihr Konto und Ihre anderen Workspaces bleiben.
leave-stay = Bleiben
leave-done = Sie haben { $workspace } verlassen.
ownership-title = Eigentum an { $name } übertragen
ownership-recipient = { $name } wird { $role }.
ownership-grantor = Sie sind nicht mehr { $role }: Sie erhalten die nächste Rolle darunter.
ownership-back = Sie können es nicht zurücknehmen: Das neue Mitglied in dieser Rolle kann es geben.
ownership-done = Das Eigentum ist übertragen.
delete-title = { $workspace } löschen
delete-members = { $n ->
    [one] Ein Mitglied verliert sofort den Zugriff.
   *[other] { $n } Mitglieder verlieren sofort den Zugriff.
}
delete-closes = Er schliesst sofort für alle.
delete-programs = API-Schlüssel enden, und offene Einladungen lassen sich nicht mehr annehmen.
delete-restore = Sie können ihn bis { $until } wiederherstellen; danach kann es niemand mehr.
delete-done = { $workspace } ist gelöscht. Sie können ihn 30 Tage lang wiederherstellen.
model-intro = Der Workspace verwendet { $model }. Wählen Sie ein anderes, um zu sehen, wer was erhielte und verlöre; geändert wird nichts, bis Sie es ersetzen.
model-upgrade = Der Server bringt eine spätere Fassung dieses Zugriffsmodells mit.
model-own = Bearbeiten Sie den jetzigen Text, oder fügen Sie Ihren eigenen ein.
model-text = Text zeigen
model-compare = Vergleichen
model-comparison = Was sich ändern würde
model-misfits = Es kann das jetzige nicht ersetzen: Dies passt nicht.
model-members = { $n ->
    [0] Kein Mitglied erhält oder verliert etwas.
    [one] Ein Mitglied erhält oder verliert etwas.
   *[other] { $n } Mitglieder erhalten oder verlieren etwas.
}
model-replace-hint = Ganz oder gar nicht. Der alte und der neue Text stehen im Audit-Log.
model-replaced = Das Zugriffsmodell ist jetzt { $model }.
