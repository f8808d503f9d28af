import * as z from 'zod';
import { language, source } from './grading-shapes.ts';
import { contract } from './operation.ts';

const fromOne = z.int().min(1);
const place = {
  line: fromOne.meta({ description: 'Counts from 1; LF, CR LF and CR end a line' }),
  column: fromOne.meta({
    description: 'Counts from 1, in UTF-16 units as editors do: after 😀 it is 2 more, after 한 1',
  }),
  end_line: fromOne.optional(),
  end_column: fromOne.optional().meta({ description: 'The first column behind the marked text' }),
};

export const codeError = z
  .object({
    message: z.string().meta({ description: 'In the words of the language’s own parser' }),
    ...place,
    type: z.string().meta({
      description: 'SyntaxError, IndentationError, TabError, UnsupportedSyntax or TooComplex',
      examples: ['SyntaxError'],
    }),
  })
  .meta({ id: 'CodeError' });
export type CodeError = z.output<typeof codeError>;

export const codeWarning = z
  .object({
    code: z.string().meta({ description: 'Stable word for the rule', examples: ['forbidden_import'] }),
    message: z.string().meta({ description: 'What to do, in one sentence' }),
    ...place,
  })
  .meta({ id: 'CodeWarning' });
export type CodeWarning = z.output<typeof codeWarning>;

export const codeValidation = z
  .object({
    valid: z.boolean().meta({ description: 'Without syntax errors; warnings do not count' }),
    errors: z.array(codeError),
    warnings: z.array(codeWarning).meta({ description: 'In the order of the text' }),
  })
  .meta({ id: 'CodeValidation' });
export type CodeValidation = z.output<typeof codeValidation>;

const moduleName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}_$@./:-]+$/u, 'must be the name of a module');

export const validationContract = contract({
  validate: {
    method: 'POST',
    path: '/api/code/validate',
    summary: 'Check a program without running it',
    description:
      'Answers at once: syntax errors from the language’s own parser with their place, and warnings for forbidden imports and for slips of beginners.',
    access: {
      student: 'self',
      assistant: 'self',
      teacher: 'self',
      org_admin: 'self',
      platform_admin: 'self',
    },
    body: z.strictObject({
      code: source,
      language: language.default('python'),
      forbidden_imports: z
        .array(moduleName)
        .max(100)
        .optional()
        .meta({
          description:
            'Modules that a program may not import, with all below them, in place of the usual ones; `[]` allows every one',
          examples: [['os', 'subprocess', '__import__']],
        }),
    }),
    status: 200,
    response: codeValidation,
  },
});
