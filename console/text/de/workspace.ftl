no-access-title = Noch kein Zugriff
no-access-intro = Sie sind Mitglied von { $workspace }, und Ihre Rolle öffnet noch keinen Bereich.
no-access-advice = Diese Personen können Ihnen Zugriff geben: { $people }.
no-access-nobody = Ein Administrator des Workspace kann Ihnen Zugriff geben.
