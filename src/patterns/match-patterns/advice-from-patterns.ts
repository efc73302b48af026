import type { MatchedPatterns } from '#memory';
import { fixesIn } from '../domain/description.js';
import { SIGNATURE_TASKS } from '../domain/served.js';
import type { PatternResponse } from '../read-model/pattern.response.js';

/** Of patterns, and of warnings, so many at most: advice has to be read. */
const MOST = 3;
/** A claim that holds less often than not is no advice. */
const SURE_ENOUGH = 0.5;
/** Nobody knows yet who will do the task; and what is better than the median half of all are by chance. */
const ONLY_PROVEN = ['agent', 'agent_type', 'faster', 'cheaper'];
/** A candidate with fewer tasks behind it is not worth a word. */
const CANDIDATE_TASKS = 3;

/** What was asked of those that are served, in words. */
const RULES = {
  active: `Active, with a confidence of at least ${String(SURE_ENOUGH)}.`,
  candidate: `A candidate from at least ${String(CANDIDATE_TASKS)} distinct tasks, with a confidence of at least ${String(SURE_ENOUGH)}.`,
  error: `An error that at least ${String(SIGNATURE_TASKS)} distinct tasks of the type met.`,
};

/**
 * What is served of the patterns that match, the surest first: active ones, then candidates with
 * enough tasks behind them; and as warnings the errors that several tasks of the type met. What is not
 * proven of an agent, or of what is faster or cheaper, and the errors of an agent are no advice.
 */
export function adviceFrom(
  found: readonly PatternResponse[],
): Pick<MatchedPatterns, 'matching' | 'warnings' | 'rules'> {
  const claims = found.filter(({ definition: [kind = ''] }) => !kind.endsWith('_signature'));
  const sure = claims.filter(({ confidence_score }) => confidence_score >= SURE_ENOUGH);
  const active = sure.filter(
    ({ status, evidence }) => status === 'active' && evidence.distinct_tasks > 0,
  );
  const candidates = sure.filter(
    ({ status, evidence, definition: [kind = ''] }) =>
      status === 'candidate' &&
      evidence.distinct_tasks >= CANDIDATE_TASKS &&
      !ONLY_PROVEN.includes(kind),
  );
  const errors = found.filter(
    ({ status, definition: [kind] }) => status === 'active' && kind === 'type_signature',
  );

  const matching = [...active, ...candidates].slice(0, MOST).map(asAdvice);
  const warnings = errors.slice(0, MOST).map(asWarning);

  return {
    matching,
    warnings,
    rules: Object.fromEntries([
      ...matching.map(({ pattern_id, status }) => [pattern_id, RULES[status]] as const),
      ...warnings.map(({ pattern_id }) => [pattern_id, RULES.error] as const),
    ]),
  };
}

const asWarning = (error: PatternResponse): MatchedPatterns['warnings'][number] => ({
  text: error.says,
  pattern_id: error.pattern_id,
  confidence: error.confidence_score,
  fixes: [...fixesIn(error.recommended_context)],
});

function asAdvice(pattern: PatternResponse): MatchedPatterns['matching'][number] {
  return {
    pattern_id: pattern.pattern_id,
    pattern_type: pattern.pattern_type,
    status: pattern.status === 'active' ? 'active' : 'candidate',
    confidence: pattern.confidence_score,
    says: pattern.says,
    success_indicators: pattern.success_indicators,
    failure_indicators: pattern.failure_indicators,
    recommended_context: pattern.recommended_context,
  };
}
