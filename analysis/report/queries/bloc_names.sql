-- The blocs, in the order of the page.
SELECT bloc, name, outlets, colour FROM measured.bloc ORDER BY position, bloc;
