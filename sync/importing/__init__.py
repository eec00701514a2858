"""Exports of accounting programs become rows of the workbook, every week, without harming what people typed."""
