"""What is published: figures, rates and thresholds, each with its year and source.

``tables/`` holds one CSV a subject. ``areas.csv`` and the tables of the ground (small areas, school
sites, colleges, independents, universities, districts, flows) are written by `sim.data.derive` from
a folder of source files; ``columns.csv`` and ``ground_columns.csv`` say for each of their columns
what it means, its unit, year and publisher, and its formula if it was derived. The other tables are
typed in, with the source of each row. Nothing else of that is needed to run the model: `facts`,
`ground` and `careers` read the tables.
"""
