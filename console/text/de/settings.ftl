on = Ein
off = Aus
never = nie
expired = abgelaufen
older = Ältere
newest = Neueste
not-set = Nicht gesetzt
language = Sprache
cannot-be-undone = Das kann nicht rückgängig gemacht werden.
another-member = ein anderes Mitglied
record-type = Datensatztyp
stale = Eine andere Person hat zuerst gespeichert. Das Formular zeigt Ihre Eingaben; laden Sie die Seite neu, um die gespeicherten Werte zu sehen, und senden Sie es von dort noch einmal.
picture-choose = Bild wählen
picture-remove = Entfernen
picture-hint = PNG, JPEG oder WebP; es wird vor dem Senden verkleinert.
preview-effect = Wirkung ansehen
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
security-session = Ablauf von Sitzungen
security-timeout = Eine Sitzung endet nach { $idle } Tagen ohne Gebrauch, und in jedem Fall nach { $longest } Tagen.
security-two-factor = Zwei-Faktor-Anmeldung
security-own-sessions = Ihre eigenen Sitzungen finden Sie in Ihrem Profil.
security-open-sessions = Meine Sitzungen öffnen
security-session-text = Dieser Workspace kann früher eine Anmeldung verlangen; andere Workspaces betrifft das nicht.
security-idle = Minuten ohne Gebrauch
security-absolute = Minuten seit der Anmeldung
security-recent = Minuten, für die eine Anmeldung als aktuell gilt
security-is-default = { $span }, wenn Sie nichts wählen
security-days = { $n ->
    [one] Ein Tag
   *[other] { $n } Tage
}
security-hours = { $n ->
    [one] Eine Stunde
   *[other] { $n } Stunden
}
security-minutes = { $n ->
    [one] Eine Minute
   *[other] { $n } Minuten
}
security-networks = Netzwerke, aus denen der Workspace benutzt wird
security-networks-hint = Adressen oder Bereiche, durch Kommas getrennt; leer für alle. Mitglieder und API-Schlüssel von anderswo werden ab ihrer nächsten Anfrage abgewiesen. Ihre Adresse ist { $address }.
security-two-factor-from = Verlangt ab
security-two-factor-hint = Ab diesem Tag (UTC) kommen Mitglieder nur mit einem zweiten Faktor in diesen Workspace, auf jedem Weg. Leer: nicht verlangt.
security-saved = Die Sicherheitseinstellungen sind gespeichert. Sie gelten ab der nächsten Anfrage.
security-open-keys = API-Schlüssel öffnen
security-keys = { $n ->
    [0] Kein Programm hat einen Schlüssel.
    [one] Ein Programm hat einen Schlüssel.
   *[other] { $n } Programme haben einen Schlüssel.
}
authentication-intro = Wie sich Personen anmelden, und wessen Adressen beitreten dürfen.
authentication-methods = Wege zur Anmeldung
authentication-password = E-Mail und Passwort
authentication-password-text = Für jedes Konto, mit mindestens 15 Zeichen.
authentication-plan = Der Tarif dieses Workspace ist { $plan }.
authentication-domains = Adressen, die beitreten dürfen
authentication-domains-hint = Eine Domain pro Zeile. Nur Adressen dieser Domains können eingeladen werden und beitreten; ohne Eintrag können es alle.
authentication-save = Domains speichern
authentication-saved = Die Domains sind gespeichert.
in-use = In Gebrauch
feature-sso = Single Sign-on
feature-scim = Verwaltung durch ein Verzeichnis
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
service-accounts = Dienstkonten
service-accounts-intro = Ein Dienstkonto ist ein Mitglied für ein Programm. Es hat eine Rolle und API-Schlüssel, niemand meldet sich damit an, und seine Schlüssel gelten weiter, wenn die Personen gehen, die sie erstellt haben.
service-account = Dienstkonto
service-account-new = Neues Dienstkonto
service-account-create = Dienstkonto erstellen
service-account-created = Das Dienstkonto ist erstellt. Erstellen Sie unten einen Schlüssel dafür.
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
api-key-scopes = Darf
api-key-everything = Alles, was das Mitglied darf
api-key-read-only = Nur lesen
api-key-chosen = Ausgewählte Berechtigungen
api-key-may = Was der Schlüssel darf
api-key-choose = Berechtigungen auswählen
api-key-choose-hint = Ein Schlüssel darf nie mehr als sein Mitglied. Datensätze ändern setzt voraus, dass er sie lesen darf. Was später zum Workspace hinzukommt, ist nicht enthalten.
api-key-own-only = nur eigene Datensätze
api-key-every-action = alles
api-key-all-resources = Alles
api-key-all-records = Alle Datensätze
api-key-all-modules = Alle Module
api-key-all-settings = Alle Einstellungen
api-key-scope = { $resource }: { $actions }
api-key-scope-own = { $resource }: { $actions } (eigene Datensätze)
api-key-networks = Netzwerke
api-key-networks-hint = Adressen oder Bereiche, aus denen der Schlüssel verwendet wird, durch Kommas getrennt; leer für alle, die der Workspace zulässt.
api-key-from-networks = nur aus { $networks }
api-key-from-address = von { $address }
api-key-expires-soon = läuft bald ab
api-key-former-until = Früheres Geheimnis gilt bis
api-key-former-used = zuletzt verwendet
api-key-edit = Bearbeiten
api-key-edit-title = { $name } bearbeiten
api-key-edit-hint = Es gilt ab der nächsten Anfrage mit dem Schlüssel. Das Geheimnis bleibt.
api-key-keep-scopes = Wie bisher
api-key-keep-expiry = Wie bisher: { $at }
api-key-keep-never = Wie bisher: nie
api-key-stale-scopes = Was der Schlüssel darf: Gespeichert ist „{ $now }“, gewählt ist etwas anderes.
api-key-saved = Der Schlüssel ist gespeichert.
api-key-rotate = Erneuern
api-key-rotate-title = { $name } erneuern
api-key-rotate-effect = Der Schlüssel erhält ein anderes Geheimnis, das einmal gezeigt wird.
api-key-rotate-stays = Berechtigungen, Netzwerke und Ablauf bleiben.
api-key-overlap = Das frühere Geheimnis gilt
api-key-end-former = Früheres Geheimnis beenden
api-key-end-former-title = Früheres Geheimnis von { $name } beenden
api-key-end-former-effect = Programme, die noch das frühere Geheimnis verwenden, werden ab der nächsten Anfrage abgelehnt.
api-key-former-ended = Das frühere Geheimnis ist beendet.
overlap-none = nicht mehr
overlap-hour = noch eine Stunde
overlap-day = noch einen Tag
overlap-week = noch eine Woche
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
billing-no-contact = Es gibt keinen Rechnungskontakt.
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
audit-from = Von
audit-to = Bis
audit-bad-day = Ein Tag wird so geschrieben: 2026-03-15
audit-about = Betrifft
audit-about-anything = Betrifft alles
audit-about-member = Betrifft { $name }
audit-export = Als CSV exportieren
audit-export-jsonl = Als JSON Lines exportieren
audit-export-prepare = Im Hintergrund als CSV exportieren
audit-export-prepare-jsonl = Im Hintergrund als JSON Lines exportieren
audit-clear = Filter löschen
audit-nothing = Kein Eintrag gefunden.
audit-unfold = Einzelheiten zu «{ $what }»
audit-why = Warum es abgelehnt wurde
audit-explain = In Erklären nachsehen
audit-compare = Wer damals was durfte, mit heute vergleichen
audit-no-values = Der Eintrag hat keine Werte.
audit-field = Feld
audit-before = Vorher
audit-after = Nachher
audit-hidden = Diese Werte dürfen Sie nicht lesen: { $list }.
audit-request = Anfrage
danger-intro = Jeder Schritt wird protokolliert, und was etwas zerstört, verlangt ein Wort.
danger-own-intro = Was Ihren eigenen Zugriff beendet. Jeder Schritt wird protokolliert.
danger-transfer = Ein anderes Mitglied erhält Ihre Rolle, und Sie die nächste darunter.
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
model-more = Weitere Personen anzeigen
model-members = { $n ->
    [0] Kein Mitglied erhält oder verliert etwas.
    [one] Ein Mitglied erhält oder verliert etwas.
   *[other] { $n } Mitglieder erhalten oder verlieren etwas.
}
model-rules = Regeln, die sich unterscheiden
model-rules-hint = Keine Berechtigung eines Mitglieds zeigt sie. Jede heißt wie im Text des Zugriffsmodells.
model-rule = Regel
model-replace-hint = Ganz oder gar nicht. Der alte und der neue Text stehen im Audit-Log.
model-replaced = Das Zugriffsmodell ist jetzt { $model }.
misfit-people = Rollen und Personen
misfit-teams = Teams und Abteilungen
misfit-records = Datensätze
misfit-keys = API-Schlüssel
misfit-invitations = Einladungen
misfit-other = Weiteres
misfit-role = { $n ->
    [one] Ein Mitglied hat die Rolle { $role }, die das andere Zugriffsmodell nicht hat.
   *[other] { $n } Mitglieder haben die Rolle { $role }, die das andere Zugriffsmodell nicht hat.
}
misfit-role-advice = Geben Sie ihnen zuerst eine andere Rolle.
misfit-meaning-role = { $resource } ist im anderen Zugriffsmodell etwas anderes, und eine eigene Rolle gibt ein Recht darauf.
misfit-meaning-profile = { $resource } ist im anderen Zugriffsmodell etwas anderes, und ein Profil gibt ein Recht darauf.
misfit-meaning-level = { $resource } ist im anderen Zugriffsmodell etwas anderes, und Mitglieder haben eine Stufe dafür.
misfit-meaning-advice = Nehmen Sie es zuerst weg, oder geben Sie ihm im Text des Zugriffsmodells einen anderen Schlüssel: Was für das eine galt, würde sonst für das andere gelten.
misfit-no-top = Kein aktives Mitglied hätte die höchste Rolle, { $role }.
misfit-no-top-advice = Geben Sie zuerst jemandem eine Rolle, die in beiden Zugriffsmodellen zuoberst ist.
misfit-one-holder = Die Rolle { $role } hat im anderen Zugriffsmodell genau eine Person, und { $n } Mitglieder haben sie.
misfit-one-holder-advice = Geben Sie zuerst allen bis auf eine Person eine andere Rolle.
misfit-levels = { $n ->
    [one] Ein Mitglied hat Stufen, und seine Rolle hat im anderen Zugriffsmodell keine.
   *[other] { $n } Mitglieder haben Stufen, und ihre Rollen haben im anderen Zugriffsmodell keine.
}
misfit-levels-advice = Setzen Sie diese Stufen zuerst auf keine.
misfit-services = { $n ->
    [one] Ein Dienstkonto hat eine Rolle, die nur eine Person haben kann.
   *[other] { $n } Dienstkonten haben eine Rolle, die nur eine Person haben kann.
}
misfit-services-advice = Geben Sie ihnen zuerst eine andere Rolle.
misfit-managers = Mitglieder sind jemandem zugeteilt, dessen Rolle im anderen Zugriffsmodell nicht führt.
misfit-managers-advice = Teilen Sie sie zuerst jemand anderem zu.
misfit-contacts = Mehr als ein Mitglied ist Rechnungskontakt.
misfit-contacts-advice = Lassen Sie nur eines davon.
misfit-service-manager = Mitglieder sind einem Dienstkonto zugeteilt.
misfit-type = Die Art { $name } ist im anderen Zugriffsmodell nicht möglich.
misfit-type-advice = Löschen Sie die Art zuerst, oder wählen Sie ein Zugriffsmodell, das sie erlaubt.
misfit-custom-role = Die Rolle { $name } gibt, was das andere Zugriffsmodell nicht zulässt.
misfit-custom-role-advice = Ändern Sie die Rechte der Rolle, oder löschen Sie sie.
misfit-profile = Das Profil { $name } gibt, was das andere Zugriffsmodell nicht zulässt.
misfit-profile-advice = Ändern Sie die Rechte des Profils, oder löschen Sie es.
misfit-no-teams = Der Arbeitsbereich hat Teams, und das andere Zugriffsmodell hat keine.
misfit-no-departments = Der Arbeitsbereich hat Abteilungen, und das andere Zugriffsmodell hat keine.
misfit-remove-advice = Löschen Sie sie zuerst.
misfit-no-managers = { $n ->
    [one] Ein Mitglied ist jemandem zugeteilt, und das andere Zugriffsmodell hat keine Vorgesetzten.
   *[other] { $n } Mitglieder sind jemandem zugeteilt, und das andere Zugriffsmodell hat keine Vorgesetzten.
}
misfit-no-managers-advice = Heben Sie diese Zuteilungen zuerst auf.
misfit-no-visibility = { $n ->
    [one] Ein Mitglied sieht durch die Sichtbarkeit mehr als die eigenen Datensätze; das andere Zugriffsmodell hat keine.
   *[other] { $n } Mitglieder sehen durch die Sichtbarkeit mehr als die eigenen Datensätze; das andere Zugriffsmodell hat keine.
}
misfit-no-visibility-advice = Setzen Sie ihre Sichtbarkeit zuerst auf die engste.
misfit-no-contact = Der Arbeitsbereich hat einen Rechnungskontakt, und das andere Zugriffsmodell hat keinen.
misfit-no-contact-advice = Wählen Sie ein Zugriffsmodell, das einen hat.
misfit-no-level = { $n ->
    [one] Ein Mitglied hat für { $resource } eine Stufe, die das andere Zugriffsmodell nicht hat.
   *[other] { $n } Mitglieder haben für { $resource } eine Stufe, die das andere Zugriffsmodell nicht hat.
}
misfit-key = Was der API-Schlüssel { $name } darf, würde im anderen Zugriffsmodell etwas anderes bedeuten.
misfit-some-key = Was ein API-Schlüssel darf, würde im anderen Zugriffsmodell etwas anderes bedeuten.
misfit-key-advice = Widerrufen Sie ihn zuerst.
misfit-records-of = Es gibt Datensätze in { $records }, und das andere Zugriffsmodell hat diese Art nicht.
misfit-records-of-advice = Exportieren und löschen Sie sie zuerst.
misfit-field = Datensätze in { $records } haben einen Wert im Feld { $field }, das das andere Zugriffsmodell nicht hat.
misfit-field-advice = Leeren Sie zuerst das Feld in diesen Datensätzen.
misfit-option = Datensätze in { $records } haben im Feld { $field } die Auswahl { $option }, die das andere Zugriffsmodell nicht hat.
misfit-option-advice = Wählen Sie in diesen Datensätzen zuerst etwas anderes.
misfit-stage = Datensätze in { $records } sind in der Phase { $stage }, die das andere Zugriffsmodell nicht hat.
misfit-stage-advice = Verschieben Sie diese Datensätze zuerst in eine andere Phase.
misfit-report = Der Bericht { $name } zählt eine Phase von { $records }, die das andere Zugriffsmodell nicht hat.
misfit-some-report = Ein Bericht zählt eine Phase von { $records }, die das andere Zugriffsmodell nicht hat.
misfit-report-advice = Ändern oder löschen Sie zuerst den Bericht.
misfit-invitation-level = Eine offene Einladung gibt eine Stufe für { $resource }, und das ist im anderen Zugriffsmodell etwas anderes.
misfit-invitation-role = Eine offene Einladung gibt die Rolle { $role }, die das andere Zugriffsmodell nicht hat.
misfit-invitation-page = Eine offene Einladung führt zur Seite { $page }, die das andere Zugriffsmodell nicht hat.
misfit-invitation-refused = Eine offene Einladung könnte nicht angenommen werden. { $why }
misfit-invitation-advice = Widerrufen Sie sie zuerst.
sample-data = Beispieldaten
sample-text = Mit diesen Einträgen wurde der Workspace angelegt. Was seither jemand geändert hat, ist nicht mitgezählt.
sample-remove = Beispieldaten entfernen
sample-title = Beispieldaten entfernen?
sample-goes = Diese Einträge werden gelöscht: { $list }.
sample-all = Niemand hat einen davon geändert.
sample-stays = Was jemand geändert oder ergänzt hat, bleibt: { $list }.
sample-removed = { $n ->
    [one] Ein Beispiel ist entfernt.
   *[other] { $n } Beispiele sind entfernt.
}
sample-removed-some = { $n ->
    [one] Ein Beispiel ist entfernt.
   *[other] { $n } Beispiele sind entfernt.
} Was geändert wurde, bleibt: { $list }.
