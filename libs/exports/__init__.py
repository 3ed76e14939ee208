"""Files for people: CSV and XLSX of any level, row by row; PDF reports of one client."""
