/** A value of an option that it does not take. */

const NAME = 'InvalidValue';

/** The message says what was expected; the command line says what was given, and for which option. */
export class InvalidValue extends Error {
  override name = NAME;
}

/** By its name: parts of the command line are files of their own when built, each with a class of its own. */
export const isInvalidValue = (error: unknown): error is InvalidValue => error instanceof Error && error.name === NAME;
