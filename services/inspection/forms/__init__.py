"""The papers of a case: each form says in one file what an officer adds to it, when it is lawful, and what stands on it.

Forms 4–11 of TT 28/2013/TT-BKHCN, the letter that goes with a transferred file, and the inventory. What the annex of the
circular prints word by word is not in our sources: titles, codes and what each paper must say are those of the articles
that call for it; the rest of the wording and the layout are our own, to be checked against the annex before use.
"""
