import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import proto from '@temporalio/proto';
import { isGrpcServiceError, type Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../../workflows/messages.ts';

export const CLIENT_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.clientId, SearchAttributeType.KEYWORD);
export const RULE_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleId, SearchAttributeType.KEYWORD);
export const RULE_STATUS = defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleStatus, SearchAttributeType.KEYWORD);
export const RULE_VERSION = defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleVersion, SearchAttributeType.INT);

const { INDEXED_VALUE_TYPE_KEYWORD: KEYWORD, INDEXED_VALUE_TYPE_INT: INT } =
  proto.temporal.api.enums.v1.IndexedValueType;
/** Names and types of the search attributes. */
export const INDEXED_VALUES = { ClientId: KEYWORD, RuleId: KEYWORD, RuleStatus: KEYWORD, RuleVersion: INT };

/**
 * Registers missing search attributes in the namespace. Returns false if vigil has no permission to list or register
 * them, as in Temporal Cloud; an operator must then register them.
 */
export async function ensureSearchAttributes(client: Client, namespace: string): Promise<boolean> {
  const { operatorService } = client.connection;
  try {
    const known = await operatorService.listSearchAttributes({ namespace });
    const missing = Object.entries(INDEXED_VALUES).filter(([name]) => !Object.hasOwn(known.customAttributes, name));
    if (missing.length > 0)
      await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) && NOT_ALLOWED.has(error.code)) return false;
    throw error;
  }
}

/** gRPC status PERMISSION_DENIED and UNIMPLEMENTED. */
const NOT_ALLOWED = new Set([7, 12]);
