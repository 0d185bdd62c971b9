no-access-title = No access yet
no-access-intro = You are a member of { $workspace }, and your role does not open any part of it yet.
no-access-advice = These people can give you access: { $people }.
no-access-nobody = An administrator of the workspace can give you access.
