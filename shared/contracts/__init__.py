"""The published language: one envelope, one file of events per publisher, and the documents made from them."""
