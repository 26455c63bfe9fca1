"""What people take home: a table, a model, code, a page that plays, a report, a session's file, a QR code.

`results` has a row for each file. What they are made of is a `finished` fit, whose numbers are its `outcome`.
"""
