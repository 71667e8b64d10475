import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';

/** Most field errors that one answer lists. */
const MAX_ERRORS = 20;

/** Validates with TypeBox itself: text of params and queries is converted to what the schema says, bodies are taken as they are. */
export function validateWithTypeBox(http: FastifyInstance): void {
  http.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const checker = Compile(schema);
    const converts = httpPart !== 'body';
    return (input: unknown) => {
      const value = Value.Default(schema, converts ? Value.Convert(schema, input) : input);
      if (checker.Check(value)) return { value };
      const issues = checker.Errors(value).slice(0, MAX_ERRORS);
      return {
        error: Object.assign(new Error('validation'), {
          validation: issues.map(({ instancePath, message }) => ({ instancePath, message })),
        }),
      };
    };
  });
}
