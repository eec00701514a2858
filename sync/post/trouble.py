"""Why a mail server could not be used, said to the person who installs: what is wrong, what to do, then the bare reason."""

import re
from collections.abc import Sequence

from sync.dunning.refusals import without_addresses
from sync.ledger.words import Language

_TROUBLES: Sequence[tuple[re.Pattern[str], str, str]] = (
    (
        re.compile(r"^[45]\d\d\b"),
        "the {server} turns down one message after the other, whoever they are for: see the Today tab, or wait",
        "le {server} écarte un message après l’autre, quel qu’en soit le destinataire\u00a0: voyez l’onglet À faire, ou attendez",
    ),
    (
        re.compile(r"CertVerif", re.IGNORECASE),
        "the certificate of the {server} is not trusted: check the server’s name in {variable}; for a server of your own, "
        "name your authority’s file in SSL_CERT_FILE",
        "le certificat du {server} n’est pas reconnu\u00a0: vérifiez le nom du serveur dans {variable}\u202f; pour un serveur "
        "à vous, indiquez le fichier de votre autorité dans SSL_CERT_FILE",
    ),
    (
        re.compile(r"^token"),
        "the provider gave no access token: check RELANCE_MAIL_OAUTH, or grant the access again",
        "le fournisseur n’a pas donné de jeton d’accès\u00a0: vérifiez RELANCE_MAIL_OAUTH, ou redonnez l’accès",
    ),
    (
        re.compile(r"Authentication|Login|\b53[058]\b"),
        "the {server} refuses the user, the password or the token: check {variable}",
        "le {server} refuse l’identifiant, le mot de passe ou le jeton\u00a0: vérifiez {variable}",
    ),
    (
        re.compile(r"STARTTLS"),
        "the {server} offers no encryption (STARTTLS): nothing is said to it in clear; check {variable}",
        "le {server} ne propose pas de chiffrement (STARTTLS)\u00a0: rien ne lui est dit en clair\u202f; vérifiez {variable}",
    ),
    (
        re.compile(r"SSL"),
        "the {server} and Relance do not agree on encryption: check the port in {variable}",
        "le {server} et Relance ne s’accordent pas sur le chiffrement\u00a0: vérifiez le port dans {variable}",
    ),
    (
        re.compile(r"Folder"),
        "the {server} has no such folder: check the end of {variable}",
        "le {server} n’a pas ce dossier\u00a0: vérifiez la fin de {variable}",
    ),
    (
        re.compile(r"Error|Disconnected|Refused|[Tt]imeout|abort|readonly"),
        "the {server} does not answer: check {variable}, or wait for it to be back",
        "le {server} ne répond pas\u00a0: vérifiez {variable}, ou attendez son retour",
    ),
)
_SERVERS = {
    "smtp": ("mail server", "serveur de messagerie", "RELANCE_SMTP_URL"),
    "imap": ("server of the mailbox", "serveur de la boîte de réponses", "RELANCE_IMAP_URL"),
}


def plain_trouble(reason: str, protocol: str, language: Language) -> str:
    """`reason` is that of an `Unreachable`; what is none of these (a sentence already) stays as it is."""
    english, french, variable = _SERVERS[protocol]
    reason = without_addresses(reason)
    for pattern, in_english, in_french in _TROUBLES:
        if pattern.search(reason):
            text, server = (in_french, french) if language == "fr" else (in_english, english)
            return f"{text.format(server=server, variable=variable)} ({reason})"
    return reason
