skip = Zum Inhalt springen
menu = Menü
open-menu = Menü öffnen
settings = Einstellungen
switch-workspace = Workspace wechseln
profile = Profil
sign-out = Abmelden
back = Zurück
close = Schliessen
cancel = Abbrechen
save = Speichern
apply = Anwenden
search = Suchen
more = Mehr
type-word = Geben Sie zur Bestätigung { $word } ein
none = keine
to-start = Zur Startseite
next-page = Nächste Seite
offline = Sie sind offline. Was Sie eingegeben haben, ist noch hier: Senden Sie es wieder, sobald Sie verbunden sind.
form-restored = Ihre Sitzung war abgelaufen. Was Sie eingegeben haben, ist wieder hier: Gespeichert ist noch nichts.

rail-dashboard = Dashboard
rail-reports = Berichte
rail-records = Datensätze
rail-modules = Module
rail-workspace = Workspace
rail-people = Personen
rail-access = Zugriff
rail-security = Sicherheit
rail-data = Daten
rail-plan = Tarif
rail-general = Allgemein
rail-branding = Branding
rail-teams = Teams
rail-departments = Abteilungen
rail-explain = Erklären
rail-compare = Vergleichen
rail-review = Zugriffsprüfung
rail-audit = Audit-Log
rail-authentication = Anmeldung
rail-api-keys = API-Schlüssel
rail-schema = Schema
rail-profiles = Profile
rail-integrations = Integrationen
rail-billing = Abrechnung
rail-danger = Gefahrenzone
rail-delete-account = Konto löschen

time-now = gerade eben
time-minutes = vor { $n } Min.
time-hours = vor { $n } Std.
time-days = { $n ->
    [one] gestern
   *[other] vor { $n } Tagen
}

refused-title = Diese Seite ist für Sie nicht zugänglich
refused-advice = Ein Administrator des Workspace kann die Rechte Ihrer Rolle ändern.
missing-title = Seite nicht gefunden
missing-advice = Sie wurde vielleicht gelöscht, oder Sie haben keinen Zugriff darauf.
missing-outside = Die Seite gibt es nicht, oder Sie haben keinen Zugriff darauf.
broken-title = Etwas ist schiefgegangen
broken-advice = Es wurde nichts geändert. Versuchen Sie es gleich noch einmal.
not-saved-title = Nicht gespeichert
not-saved-advice = Es wurde nichts geändert. Gehen Sie zurück: Ihre Eingaben sind noch da.

view-as = Ansehen als
view-blocked-more = Die Person darf etwas, was Sie nicht dürfen.
view-blocked-role = Mitglieder mit dieser Rolle können Sie nicht ändern.
view-title = Ansehen als { $name }
view-effect-read = 30 Minuten lang sehen Sie den Workspace genau so, wie { $name } ihn sieht.
view-effect-write = In dieser Zeit können Sie darin nichts ändern.
view-effect-told = { $name } wird per E-Mail informiert, und das Audit-Log hält es unter Ihrem Namen fest.
view-password = Ihr Passwort
view-begin = Ansehen als { $name }
view-bar = Sie sehen, was { $name } sieht.
view-until = Es kann nichts geändert werden. Ende um { $time }.
view-end = Zurück zu { $name }
