"""The lessons as a folder of pages that needs no server, and as a page to print."""
