"""Published figures the project carries, one CSV a subject, and the script that derives them.

``areas.csv`` is written by `sim.tables.derive` from a folder of source files; ``columns.csv`` says
for each of its columns what it means, its unit, year and publisher, and its formula if it was
derived. The other tables are typed in, with the source of each row. Nothing here is needed to run
the model but the CSV files, which `sim.facts` reads.
"""
