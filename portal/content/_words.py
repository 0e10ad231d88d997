"""The few words that rendering itself adds to an article, in the article's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of one language."""

    note: str = "Note"
    tip: str = "Tip"
    important: str = "Important"
    warning: str = "Warning"
    danger: str = "Caution"
    video: str = "Watch the video"
    media: str = "Open the embedded page"
    image: str = "Image"
    table: str = "Table"
    link_to: str = "Link to the section “{}”"
    back: str = "Back to the text"
    footnote: str = "Footnote {}"
    done: str = "Done"
    to_do: str = "To do"


_WORDS = {
    "en": Words(),
    "de": Words(
        note="Hinweis",
        tip="Tipp",
        important="Wichtig",
        warning="Warnung",
        danger="Vorsicht",
        video="Video ansehen",
        media="Eingebettete Seite öffnen",
        image="Bild",
        table="Tabelle",
        link_to="Link zum Abschnitt „{}“",
        back="Zurück zum Text",
        footnote="Fußnote {}",
        done="Erledigt",
        to_do="Zu tun",
    ),
    "fr": Words(
        note="Remarque",
        tip="Conseil",
        important="Important",
        warning="Avertissement",
        danger="Attention",
        video="Voir la vidéo",
        media="Ouvrir la page intégrée",
        image="Image",
        table="Tableau",
        link_to="Lien vers la section « {} »",
        back="Retour au texte",
        footnote="Note {}",
        done="Fait",
        to_do="À faire",
    ),
    "es": Words(
        note="Nota",
        tip="Consejo",
        important="Importante",
        warning="Advertencia",
        danger="Precaución",
        video="Ver el vídeo",
        media="Abrir la página insertada",
        image="Imagen",
        table="Tabla",
        link_to="Enlace a la sección «{}»",
        back="Volver al texto",
        footnote="Nota al pie {}",
        done="Hecho",
        to_do="Pendiente",
    ),
}


def words_of(lang: str) -> Words:
    """Return the words for a BCP 47 tag; English where we have none of its language."""
    return _WORDS.get(lang.partition("-")[0].lower(), _WORDS["en"])


def stand_ins() -> frozenset[str]:
    """Return, in all languages, the link texts that stand for an image, a film or a frame without words of its own."""
    return frozenset(text for words in _WORDS.values() for text in (words.image, words.video, words.media))
