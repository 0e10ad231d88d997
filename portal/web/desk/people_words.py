"""What the room of people says in English, for the catalogues; `frame.refused` and the forms look it up."""

from typing import Final

from flask_babel import lazy_gettext

OF_PEOPLE: Final = (
    lazy_gettext("Choose a password of at least 12 characters; a few words in a row are easy to remember."),
    lazy_gettext("Choose a password of at most 200 characters."),
    lazy_gettext("Choose a password with more different characters."),
    lazy_gettext("Choose a password that is not your name or address."),
    lazy_gettext("There is an account with this e-mail address already."),
    lazy_gettext("This is the last admin who can sign in. Make somebody else an admin first."),
    lazy_gettext("There is no such account."),
    lazy_gettext("This account is tied to another sign-in already. An admin can look into it."),
    lazy_gettext("This sign-in belongs to another account already."),
    lazy_gettext("Write an e-mail address such as ada@example.com."),
    lazy_gettext("Write a name of 1 to 100 characters."),
    lazy_gettext("Choose one of the languages, or none."),
    lazy_gettext("This link has been used, or its time is over. Ask for a new one."),
    lazy_gettext("There were many attempts to sign in. Wait a little, then try again."),
    lazy_gettext('The second factor needs two more packages: pip install "signpost-portal[second-factor]"'),
    lazy_gettext('Signed links of customers need one more package: pip install "signpost-portal[customers]"'),
)
OF_THE_DOOR: Final = (
    lazy_gettext("That is not your present password."),
    lazy_gettext("Your account must have a second step. An admin can change that."),
    lazy_gettext("This code is not right, or was used before. Wait for the next one and type it in."),
    lazy_gettext("Choose a role: agent, writer, lead or admin."),
    lazy_gettext('Signing in with an issuer needs more packages: pip install "signpost-portal[oidc]"'),
    lazy_gettext("The sign-in of your company can't be reached at the moment. Please try again in a minute."),
    lazy_gettext("The sign-in of your company did not confirm who you are. Please start again."),
)
