export { coerceJsonStrings } from './coerce.ts';
export { explainIssues, type FieldProblem, type FieldProblems, fieldProblems } from './issues.ts';
export { didYouMean, findNearest } from './nearest.ts';
export { type Period, parsePeriod, period } from './period.ts';
export { readable, readableForm } from './readable.ts';
