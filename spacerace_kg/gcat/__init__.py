"""The import of GCAT: its tables read, mapped, joined to the record and written."""
