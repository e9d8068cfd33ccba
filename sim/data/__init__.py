"""What is published: figures, rates and thresholds, each with its year and source.

``tables/`` holds one CSV a subject. ``areas.csv`` is written by `sim.data.derive` from a folder of
source files; ``columns.csv`` says for each of its columns what it means, its unit, year and
publisher, and its formula if it was derived. The other tables are typed in, with the source of
each row. Nothing else of that is needed to run the model: `facts` and `careers` read the tables.
"""
