import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../messages.ts';

export const SEARCH_KEYS = {
  clientId: defineSearchAttributeKey(SEARCH_ATTRIBUTES.clientId, SearchAttributeType.KEYWORD),
  ruleId: defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleId, SearchAttributeType.KEYWORD),
  ruleStatus: defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleStatus, SearchAttributeType.KEYWORD),
  ruleVersion: defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleVersion, SearchAttributeType.INT),
};
