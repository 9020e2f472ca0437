/** The rules that look for money to save. Each says what, where, and how much it would have been. */
import type { RecommendationRule, RuleName } from '../model/recommendation-rules.ts';
import { countText, usdText } from './amount-text.ts';
import { MAIN_AGENT } from './billed-request.ts';
import { costOfTokens } from './price-request.ts';
import { promptOf, ratesAt, type Saving, type SavingQuery, savedBy } from './saving.ts';
import { subjectText } from './subject-text.ts';
import { addSum, emptySum, groupUsage } from './usage-groups.ts';

type RuleNamed<Name extends RuleName> = Extract<RecommendationRule, { rule: Name }>;

/** What a rule finds in a range of the cube. */
export function savingsOf(rule: RecommendationRule, query: SavingQuery): Saving[] {
  switch (rule.rule) {
    case 'cheaper_model_for_small_agents':
      return cheaperModel(rule, query);
    case 'cache_never_read':
      return cacheNeverRead(rule, query);
    case 'long_cache_not_needed':
      return longCacheNotNeeded(rule, query);
    case 'expensive_prompts':
      return expensivePrompts(rule, query);
  }
}

function cheaperModel(rule: RuleNamed<'cheaper_model_for_small_agents'>, query: SavingQuery): Saving[] {
  const { cube, prices, range, modelName } = query;
  const target = prices.find(rule.to_model);
  if (!target) return [];
  return groupUsage(cube, range, ['agent']).flatMap(({ keys: [agent], models }) => {
    if (agent === null || agent === undefined || agent === MAIN_AGENT) return [];
    const others = [...models].filter(([model]) => prices.find(model)?.id !== target.id);
    const sum = emptySum();
    for (const [, part] of others) addSum(sum, part);
    const isSmall =
      sum.requests >= Math.max(1, rule.min_requests) &&
      promptOf(sum.tokens) / sum.requests <= rule.max_average_input_tokens &&
      sum.tokens.output / sum.requests <= rule.max_average_output_tokens;
    const rates = isSmall && ratesAt(prices, rule.to_model, { ...sum, last: range.until });
    if (!rates) return [];
    const subject = `agent ${subjectText(agent)}`;
    const saved = sum.cost - costOfTokens(rates, sum.tokens);
    const size = countText(promptOf(sum.tokens) / sum.requests);
    const message = `Agent ${subjectText(agent)} made ${countText(sum.requests)} small requests (prompts of ${size} tokens on average) for ${usdText(sum.cost)}. On ${modelName(rule.to_model)} they would have cost ${usdText(saved)} less.`;
    return [{ rule: rule.rule, subject, saved, message }];
  });
}

function cacheNeverRead(rule: RuleNamed<'cache_never_read'>, query: SavingQuery): Saving[] {
  const { cube, range } = query;
  return groupUsage(cube, range, ['command', 'agent']).flatMap(group => {
    const { cache_read: reads } = group.tokens;
    const writes = group.tokens.cache_write_5m + group.tokens.cache_write_1h;
    if (writes < Math.max(1, rule.min_cache_write_tokens) || reads > rule.max_reads_per_write * writes) return [];
    const saved = savedBy(group, query, tokens => ({
      ...tokens,
      input: promptOf(tokens),
      cache_read: 0,
      cache_write_5m: 0,
      cache_write_1h: 0,
    }));
    const [command = null, agent = null] = group.keys;
    const where = placeText(command, agent);
    const message = `${capital(where)} wrote ${countText(writes)} tokens to the cache and read ${countText(reads)} from it. Without caching that would have cost ${usdText(saved)} less.`;
    return [{ rule: rule.rule, subject: where, saved, message }];
  });
}

function longCacheNotNeeded(rule: RuleNamed<'long_cache_not_needed'>, query: SavingQuery): Saving[] {
  const { cube, range } = query;
  const maxMillis = rule.max_session_minutes * 60_000;
  const byProject = new Map<string | null, { sessions: number; saved: number }>();
  for (const group of groupUsage(cube, range, ['session', 'project'])) {
    const [session = null, project = null] = group.keys;
    // One that may still go on is not judged yet.
    const isShort = group.last - group.first <= maxMillis && group.last + maxMillis < range.until;
    if (session === null || !isShort || group.tokens.cache_write_1h < Math.max(1, rule.min_cache_write_1h_tokens)) {
      continue;
    }
    const saved = savedBy(group, query, tokens => ({
      ...tokens,
      cache_write_5m: tokens.cache_write_5m + tokens.cache_write_1h,
      cache_write_1h: 0,
    }));
    const sum = byProject.get(project) ?? { sessions: 0, saved: 0 };
    byProject.set(project, { sessions: sum.sessions + 1, saved: sum.saved + saved });
  }
  return [...byProject].map(([project, { sessions, saved }]) => {
    const subject = project === null ? 'sessions without a project' : `project ${subjectText(project)}`;
    const count = `${countText(sessions)} ${sessions === 1 ? 'session' : 'sessions'}`;
    const where = project === null ? '' : ` of project ${subjectText(project)}`;
    const message = `${count}${where} paid for the cache of one hour and lasted ${countText(rule.max_session_minutes)} minutes or less. With the cache of five minutes, read in time, ${usdText(saved)} less.`;
    return { rule: rule.rule, subject, saved, message };
  });
}

function expensivePrompts(rule: RuleNamed<'expensive_prompts'>, query: SavingQuery): Saving[] {
  const groups = groupUsage(query.cube, query.range, ['session', 'project']);
  const total = groups.reduce((sum, { cost }) => sum + cost, 0);
  return groups.flatMap(group => {
    const [session = null, project = null] = group.keys;
    const average = promptOf(group.tokens) / group.requests;
    const isDear =
      session !== null &&
      average >= Math.max(1, rule.min_average_prompt_tokens) &&
      group.requests >= rule.min_requests &&
      group.cost > 0 &&
      group.cost >= rule.min_cost_share * total;
    if (!isDear) return [];
    const share = rule.min_average_prompt_tokens / average;
    const saved = savedBy(group, query, tokens => ({
      input: tokens.input * share,
      cache_read: tokens.cache_read * share,
      cache_write_5m: tokens.cache_write_5m * share,
      cache_write_1h: tokens.cache_write_1h * share,
      output: tokens.output,
    }));
    const where = `session ${subjectText(session)}${project === null ? '' : ` of project ${subjectText(project)}`}`;
    const percent = Math.round((100 * group.cost) / total);
    const message = `${capital(where)} sent prompts of ${countText(average)} tokens on average, for ${usdText(group.cost)} (${percent} % of all). Kept below ${countText(rule.min_average_prompt_tokens)} by /clear or /compact, about ${usdText(saved)} less.`;
    return [{ rule: rule.rule, subject: `session ${subjectText(session)}`, saved, message }];
  });
}

/** Where something was used, for people. */
function placeText(command: string | null, agent: string | null): string {
  const inCommand = command === null ? 'outside of known commands' : `in ${subjectText(command)}`;
  if (agent === null) return `an unknown agent ${inCommand}`;
  return agent === MAIN_AGENT ? `the main agent ${inCommand}` : `agent ${subjectText(agent)} ${inCommand}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
