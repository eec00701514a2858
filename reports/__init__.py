"""From the ledger to pages: the portfolio as of a date, measures, charts, pages."""
