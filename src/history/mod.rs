//! Calls that were made earlier, read back from logs: when trouble began and ended, what it cost, who spent it. Pure:
//! no file is opened here.
