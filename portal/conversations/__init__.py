"""What customers write to people, and what agents answer. In: messages by form, mail and program. Out: replies, mails.

Tables: `conversations`, `messages`, `attachments`, `attachment_contents`, `contact_forms`, `incoming_mails`,
`saved_replies`.
"""
