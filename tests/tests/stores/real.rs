//! The contract on the real programs. `tests/stores.sh` installs them and runs this.
