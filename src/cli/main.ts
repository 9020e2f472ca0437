/** The command line as an executable. */
import { runToEnd } from './executable.ts';
import { runCli } from './run-cli.ts';

runToEnd(context => runCli(process.argv.slice(2), context));
