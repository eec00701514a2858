"""Failures a person can answer, each one sentence that says what to do.

RelanceError
├── UsageError      exit 2: the command or the configuration
├── WorkbookError   exit 3: the workbook cannot be read or written
└── MailError       exit 4: some messages failed or are uncertain
"""


class RelanceError(Exception):
    """`str(error)` is the sentence shown to people, in their language."""

    exit_status = 1


class UsageError(RelanceError):
    exit_status = 2


class WorkbookError(RelanceError):
    exit_status = 3


class MailError(RelanceError):
    exit_status = 4
