"""What people take home: a table, a model, code, a page that plays, a report, a session's file, a QR code."""
