"""What an operator asks and starts, through the API and on the command line alike: which days are there,
which numbers changed, and pulls of the past. Nothing here commits.
"""
