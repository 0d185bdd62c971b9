step-up-title = Anmeldung bestätigen
step-up-sign-in = Dieser Workspace begrenzt, wie lange eine Sitzung gilt. Danach geht es dort weiter, wo Sie waren.
step-up-recent = Dafür müssen Sie sich vor Kurzem angemeldet haben. Danach geht es dort weiter, wo Sie waren.
step-up-second-factor = Dieser Workspace verlangt einen zweiten Faktor.
step-up-single-sign-on = Dieser Workspace verlangt die Anmeldung über seinen eigenen Anbieter.
step-up-password = Passwort von { $email }
step-up-verb = Weiter
step-up-other = Abmelden und ein anderes Konto verwenden
