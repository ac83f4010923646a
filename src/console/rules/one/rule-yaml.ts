/** A rule as the API wrote it. Its whole numbers keep all digits, which JSON.parse would round. */
export type ReadRule = Readonly<Record<string, unknown>>;

/** The `rule` in an answer of the API. JSON is YAML, too. */
export async function ruleIn(answer: string): Promise<ReadRule> {
  const { parse } = await import('yaml');
  return (parse(answer, { intAsBigInt: true }) as { rule: ReadRule }).rule;
}

export async function asYaml(rule: ReadRule): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(rule);
}

export async function asJson(rule: ReadRule): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(rule, {
    ...{ collectionStyle: 'flow', defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE', lineWidth: 0 },
    doubleQuotedAsJSON: true,
  });
}
