"""Late-payment law as dated data: rates, interest, fixed sums, limitation, terms. Pure; every number comes from `data/*.csv`.

A user reads, dates and replaces the numbers (the Rates tab); where one is missing, the figure is refused and the missing value
named. Each table keeps its source and how sure it is. This is no legal advice: counsel confirms what is marked low or medium.
"""
