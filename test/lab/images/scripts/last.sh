#!/bin/sh
# As entrypoints are often written: the program last, without exec.
witness graceful 1
