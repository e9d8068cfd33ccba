"""Show results: charts, the page of a report, the table on a terminal."""
