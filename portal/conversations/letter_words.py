"""The words of the letters of a conversation, in the languages that we speak."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All words of one language. Those in braces stand for what differs."""

    hello: str
    hello_name: str
    arrived: str
    files: str
    private_link: str
    answer_by_mail: str
    answer_there: str
    by: str
    """Whom a reply is from."""
    all_of_it: str
    attached: str
    refused: str
    somebody: str
    """Who left neither name nor address. This and the next two are for staff."""
    wrote: str
    answer_at_desk: str

    def greeting(self, name: str) -> str:
        """Greet somebody, by their name where they gave one."""
        return self.hello_name.format(name=name) if name else self.hello


WORDS: Mapping[str, Words] = {
    "en": Words(
        hello="Hello,",
        hello_name="Hello {name},",
        arrived="thank you for writing to {site}. Your message is here, and a person will read it. "
        "This is what you wrote:",
        files="With it came: {names}",
        private_link="Everything that is said about it stands on a page of your own. Keep this link to yourself, "
        "it opens without a password:",
        answer_by_mail="Is there something to add? Answer this mail, or write on that page.",
        answer_there="Is there something to add? Write it on that page; answers to this mail are not read.",
        by="{by} at {site}",
        all_of_it="The whole conversation, for you alone:",
        attached="Attached, to be opened by the link below: {names}",
        refused="Hello,\n\nyour mail reached {site}, but it could not be taken: {reason}\n\nNothing of it was kept. "
        "Please write again, or use our form:\n\n  {link}\n\n{site}\n",
        somebody="Somebody",
        wrote="{who} wrote in conversation {number}:",
        answer_at_desk="Answer on the desk; an answer to this mail does not reach the customer:",
    ),
    "de": Words(
        hello="Guten Tag,",
        hello_name="Guten Tag {name},",
        arrived="danke für Ihre Nachricht an {site}. Sie ist angekommen, und ein Mensch wird sie lesen. "
        "Das haben Sie geschrieben:",
        files="Dabei waren: {names}",
        private_link="Alles, was dazu gesagt wird, steht auf einer eigenen Seite für Sie. Behalten Sie diesen Link für "
        "sich, er öffnet sie ohne Passwort:",
        answer_by_mail="Möchten Sie etwas ergänzen? "
        "Antworten Sie auf diese E-Mail, oder schreiben Sie auf jener Seite.",
        answer_there="Möchten Sie etwas ergänzen? "
        "Schreiben Sie es auf jener Seite; Antworten auf diese E-Mail liest niemand.",
        by="{by} von {site}",
        all_of_it="Das ganze Gespräch, nur für Sie:",
        attached="Angehängt, über den Link unten zu öffnen: {names}",
        refused="Guten Tag,\n\nIhre E-Mail an {site} ist angekommen, konnte aber nicht angenommen werden: {reason}\n\n"
        "Nichts davon wurde aufbewahrt. Bitte schreiben Sie noch einmal, oder nehmen Sie unser Formular:\n\n"
        "  {link}\n\n{site}\n",
        somebody="Jemand",
        wrote="{who} hat im Gespräch {number} geschrieben:",
        answer_at_desk="Antworten Sie am Arbeitsplatz; eine Antwort auf diese E-Mail erreicht die Kundschaft nicht:",
    ),
}
