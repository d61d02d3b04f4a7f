// Nothing: what is compiled of this library are the headers that kurabe_targets.cmake names.
