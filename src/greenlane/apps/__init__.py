"""The stages of the program, one Django app each; a lower one never imports an upper one."""
