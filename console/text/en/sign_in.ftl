step-up-title = Sign in further
step-up-sign-in = This workspace limits how long a session lasts. You go on where you were.
step-up-recent = What you want to do needs a recent sign-in. You go on where you were.
step-up-second-factor = This workspace requires a second factor.
step-up-single-sign-on = This workspace requires its own single sign-on.
step-up-password = Password of { $email }
step-up-verb = Go on
step-up-other = Sign out, and use another account
