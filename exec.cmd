@rem "exec" of our npm scripts: on POSIX it lets signals reach the relay itself, and Windows has none.
@%*
