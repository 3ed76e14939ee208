"""Plain-text e-mail with files: nothing in a name can become a header; sent by SMTP with TLS."""

from libs.mail.errors import MailRefused, MailUnavailable
from libs.mail.letters import Attachment, Letter, as_message, one_line, text_block
from libs.mail.sending import Mailer, PrintingMailer, SmtpMailer, make_mailer
from libs.mail.settings import MailSettings

__all__ = [
    "Attachment",
    "Letter",
    "MailRefused",
    "MailSettings",
    "MailUnavailable",
    "Mailer",
    "PrintingMailer",
    "SmtpMailer",
    "as_message",
    "make_mailer",
    "one_line",
    "text_block",
]
