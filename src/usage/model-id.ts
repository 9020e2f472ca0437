/** The ways in which one model is named: dated, by a provider, with a long context. */

/** What is taken off, one after the other. Nothing else is guessed: `claude-opus-4-9` is never `claude-opus-4`. */
const EXTRAS: readonly RegExp[] = [
  // The client's own mark of a long context.
  /\[1m\]$/i,
  // Gateways, and the ARN of an inference profile.
  /^.*\//,
  // Amazon Bedrock: `us.anthropic.`, `global.anthropic.`, `anthropic.`
  /^(?:[a-z-]+\.)?anthropic\./,
  // Amazon Bedrock: `-v1:0`
  /-v\d+(?::\d+)?$/,
  // Google Cloud: `@20250929`, `@default`
  /@[\w-]+$/,
  /-(?:\d{8}|latest)$/,
];

/** The id itself, then with less and less around it. The first that has a price is the model. */
export function modelIdForms(id: string): readonly string[] {
  const forms = [id];
  let form = id;
  for (const extra of EXTRAS) {
    const shorter = form.replace(extra, '');
    if (shorter === form || shorter === '') continue;
    forms.push(shorter);
    form = shorter;
  }
  return forms;
}
