why-allowed = { $you ->
    [yes] Sie haben das Recht { $act }, denn { $reason }.
   *[no] { $name } hat das Recht { $act }, denn { $reason }.
}
why-denied = { $you ->
    [yes] Sie haben das Recht { $act } nicht, denn { $reason }.
   *[no] { $name } hat das Recht { $act } nicht, denn { $reason }.
}
why-switched-off = { $resource } ist in diesem Arbeitsbereich ausgeschaltet.
why-switched-off-need = { $resource } muss eingeschaltet werden.
why-only-unowned = Der Datensatz hat einen Besitzer, und nur Datensätze ohne Besitzer kann man übernehmen.
why-act = „{ $action }“ auf { $things }
why-act-in = „{ $action }“ auf { $things }
why-act-name = „{ $phrase }“
why-act-name-for = „{ $phrase }“ auf { $things }
why-later-types = Datensätze später hinzugefügter Arten
why-record-things = Datensätze
why-all = alle { $things }
why-own = eigene { $things }
why-of = { $things } von { $owner }
why-assigned = { $things } zugeteilter Mitglieder
why-team = { $things } des Teams
why-named-team = { $things } von Mitgliedern des Teams { $team }
why-department = { $things } der Abteilung und der Abteilungen darunter
why-assigned-department = { $things } zugeteilter Mitglieder in der Abteilung
why-team-department = { $things } des Teams in der Abteilung
why-named-team-department = { $things } von Mitgliedern des Teams { $team } in der Abteilung
why-visible = { $things }, so weit die Sichtbarkeit reicht
why-unowned = { $things } ohne Besitzer
why-former = { $things } eines früheren Mitglieds
why-none = keine { $things }
why-and = { $most } und { $last }
why-or = { $most } oder { $last }
why-it = es
why-them = sie
why-active = { $you ->
    [yes] Sie sind aktives Mitglied
   *[no] { $name } ist aktives Mitglied
}
why-path-and = { $path }, und { $reason }
why-by-role = die Rolle { $role } umfasst { $what }
why-by-profile = das Profil { $profile } des Teams { $team } umfasst { $what }
why-by-model = das Zugriffsmodell umfasst { $what }
why-by-level = { $you ->
    [yes] Ihre Stufe für { $resource } ist { $level }
   *[no] die Stufe von { $name } für { $resource } ist { $level }
}
why-by-contact = { $you ->
    [yes] Sie sind Rechnungskontakt
   *[no] { $name } ist Rechnungskontakt
}
why-by-switch = der Schalter „{ $switch }“ ist eingeschaltet
why-shown-unowned = das Zugriffsmodell zeigt { $things } ohne Besitzer allen, die { $things } sehen
why-inactive = { $you ->
    [yes] Ihre Mitgliedschaft ist deaktiviert
   *[no] die Mitgliedschaft von { $name } ist deaktiviert
}
why-no-level = { $you ->
    [yes] Sie haben keine Stufe für { $resource }, und nötig ist { $enough }
   *[no] { $name } hat keine Stufe für { $resource }, und nötig ist { $enough }
}
why-low-level = { $you ->
    [yes] Ihre Stufe für { $resource } ist { $level }, und nötig ist { $enough }
   *[no] die Stufe von { $name } für { $resource } ist { $level }, und nötig ist { $enough }
}
why-visibility = { $you ->
    [yes] Ihre Sichtbarkeit umfasst nur { $what }
   *[no] die Sichtbarkeit von { $name } umfasst nur { $what }
}
why-no-team = { $you ->
    [yes] Sie sind in keinem Team, dessen Profil es enthält
   *[no] { $name } ist in keinem Team, dessen Profil es enthält
}
why-boundary = die Berechtigungen dieses API-Schlüssels enthalten es nicht
why-boundary-own = die Berechtigungen dieses API-Schlüssels enthalten es nur für eigene Datensätze
why-role-lacks = die Rolle { $role } enthält es nicht
why-role-covers = die Rolle { $role } umfasst nur { $what }
why-profile-lacks = das Profil { $profile } des Teams { $team } enthält es nicht
why-profile-covers = das Profil { $profile } des Teams { $team } umfasst nur { $what }
why-lacks = { $you ->
    [yes] nichts von dem, was Sie haben, enthält es
   *[no] nichts von dem, was { $name } hat, enthält es
}
why-covers = { $you ->
    [yes] was Sie haben, umfasst nur { $what }
   *[no] was { $name } hat, umfasst nur { $what }
}
why-also = dazu gehört auch das Recht { $act }, und { $reason }
why-path-self = { $you ->
    [yes] Sie sind Besitzer
   *[no] { $name } ist Besitzer
}
why-path-assigned = { $you ->
    [yes] { $owner } ist Ihnen zugeteilt
   *[no] { $owner } ist { $name } zugeteilt
}
why-path-managed = { $you ->
    [yes] { $owner } ist Ihnen über andere Vorgesetzte zugeteilt
   *[no] { $owner } ist { $name } über andere Vorgesetzte zugeteilt
}
why-path-team = { $you ->
    [yes] { $owner } ist in einem Ihrer Teams
   *[no] { $owner } ist in einem Team von { $name }
}
why-path-named-team = { $owner } ist im Team { $team }
why-path-department = { $you ->
    [yes] { $owner } ist in Ihrer Abteilung oder in einer darunter
   *[no] { $owner } ist in der Abteilung von { $name } oder in einer darunter
}
why-path-both = { $path }, und { $other }
why-path-unowned = es gibt keinen Besitzer
why-step-active = { $you ->
    [yes] Sie sind aktives Mitglied.
   *[no] { $name } ist aktives Mitglied.
}
why-step-inactive = { $you ->
    [yes] Ihre Mitgliedschaft ist deaktiviert, darum ist nichts erlaubt.
   *[no] Die Mitgliedschaft von { $name } ist deaktiviert, darum ist nichts erlaubt.
}
why-step-requested = Die Frage: das Recht { $act }.
why-step-read = Wer einen Datensatz ändert, braucht auch das Recht { $act }.
why-step-role = Die Rolle { $role } gibt dieses Recht für { $what }.
why-step-profile = Das Profil { $profile } des Teams { $team } gibt dieses Recht für { $what }.
why-step-level = Die Stufe { $level } gibt dieses Recht für { $what }.
why-step-contact = Der Rechnungskontakt hat dieses Recht für { $what }.
why-step-model = Das Zugriffsmodell gibt dieses Recht für { $what }.
why-step-switch = Der Schalter „{ $switch }“ gibt dieses Recht für { $what }.
why-step-shared = { $step } Das Team teilt höchstens { $what }.
why-step-visible = { $step } Die Sichtbarkeit begrenzt es auf { $what }.
why-step-nothing = { $you ->
    [yes] Nichts gibt Ihnen das Recht { $act }.
   *[no] Nichts gibt { $name } das Recht { $act }.
}
why-step-any = Umfasst: { $records }.
why-step-yes = { $records }: ja, { $target }.
why-step-no = { $records }: nein, { $target }.
why-step-boundary = Die Berechtigungen dieses API-Schlüssels enthalten das Recht { $act } nicht.
why-step-boundary-own = Die Berechtigungen dieses API-Schlüssels enthalten das Recht { $act } nur für eigene Datensätze.
why-target-you = Sie sind Besitzer
why-target-owner = Besitzer ist { $owner }
why-target-unowned = es gibt keinen Besitzer
why-target-former = der Besitzer ist nicht mehr Mitglied
why-need = Nötig ist { $list }.
why-need-grant = das Recht { $act }
why-need-grant-visibility = das Recht { $act } mit der Sichtbarkeit { $visibility }
why-need-role = eine Rolle mit dem Recht { $act }
why-need-visibility = die Sichtbarkeit { $visibility }
why-need-profile = das Recht { $act } im Profil des Teams { $team }
why-need-new-profile = ein Profil mit dem Recht { $act } für das Team { $team }
why-need-sharing = { $need } und als geteilte Datensätze { $sharing }
why-need-team = ein Team, dessen Profil das Recht { $act } gibt
why-holder = Jemand mit der Rolle { $roles } kann { $what }.
why-operator = Wer diesen Server betreibt, kann { $what }.
why-edit-level = { $you ->
    [yes] Ihre Stufe für { $resource } auf { $level } setzen
   *[no] die Stufe von { $name } für { $resource } auf { $level } setzen
}
why-edit-visibility = { $you ->
    [yes] Ihre Sichtbarkeit auf { $visibility } setzen
   *[no] die Sichtbarkeit von { $name } auf { $visibility } setzen
}
why-edit-reactivate = { $you ->
    [yes] Ihre Mitgliedschaft wieder aktivieren
   *[no] { $name } wieder aktivieren
}
why-edit-join = { $you ->
    [yes] Sie ins Team { $team } aufnehmen
   *[no] { $name } ins Team { $team } aufnehmen
}
why-edit-role = { $you ->
    [yes] Ihnen die Rolle { $role } geben
   *[no] { $name } die Rolle { $role } geben
}
why-edit-assign = { $you ->
    [yes] Sie { $other } zuteilen
   *[no] { $name } { $other } zuteilen
}
why-edit-department = { $you ->
    [yes] Sie in die Abteilung von { $other } verschieben
   *[no] { $name } in die Abteilung von { $other } verschieben
}
why-edit-sharing = die geteilten Datensätze des Teams { $team } auf { $sharing } setzen
why-edit-profile = dem Profil { $profile } das Recht { $acts } geben
why-edit-grants = der Rolle { $role } das Recht { $acts } geben
why-edit-module = { $resource } einschalten
why-edit-switch-on = den Schalter „{ $switch }“ einschalten
why-edit-switch-off = den Schalter „{ $switch }“ ausschalten
why-rule-deactivated = Deaktiviert
why-rule-no-team = Kein Team mit einem Profil
why-rule-none = Keine
why-rule-scopes = Berechtigungen des API-Schlüssels
why-rule-unowned = Datensätze ohne Besitzer sind sichtbar
why-rule-claim = Nur Datensätze ohne Besitzer kann man übernehmen
why-list-sees = { $you ->
    [yes] Sie sehen
   *[no] { $name } sieht
}
why-list-can = { $you ->
    [yes] Sie haben das Recht „{ $action }“ auf
   *[no] { $name } hat das Recht „{ $action }“ auf
}
why-list-none = { $lead } keine { $things }.
why-list-only = { $lead } den einzigen Eintrag ({ $thing }).
why-list-all = { $lead } alle { $things }.
why-list-all-counted = { $lead } alle { $count } { $things }.
why-list = { $lead } { $things }: { $list }.
why-list-counted = { $lead } { $count } { $things }: { $list }.
why-part = { $n } { $part }
why-part-own = eigene
why-part-unowned = ohne Besitzer
why-part-assigned = { $you ->
    [yes] von { $people }, Ihnen zugeteilt
   *[no] von { $people }, { $name } zugeteilt
}
why-part-team = { $you ->
    [yes] von { $people } in einem Ihrer Teams
   *[no] von { $people } in einem Team von { $name }
}
why-part-department = { $you ->
    [yes] von { $people } in Ihrer Abteilung oder darunter
   *[no] von { $people } in der Abteilung von { $name } oder darunter
}
why-part-assigned-department = { $you ->
    [yes] von { $people }, Ihnen zugeteilt und in Ihrer Abteilung
   *[no] von { $people }, { $name } zugeteilt und in derselben Abteilung
}
why-part-team-department = { $you ->
    [yes] von { $people } in einem Team und der Abteilung von Ihnen
   *[no] von { $people } in einem Team und der Abteilung von { $name }
}
why-part-workspace = von { $people } dieses Arbeitsbereichs
