/*
 * Keeps the messages and stack traces of failures in payloads, so that they are encrypted. The SDK loads this file by its
 * path, with require, into the worker and into the bundle of the workflows.
 */
const { DefaultFailureConverter } = require('@temporalio/common');

/** Errors of the encryption itself. They hold no data, and whoever lacks a key must be able to read them. */
const PLAIN = new Set(['ENCRYPTION_KEY_UNKNOWN', 'PAYLOAD_UNREADABLE']);

const plain = new DefaultFailureConverter();

class EncodedFailures extends DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  /** @override */
  errorToFailure(error, ...others) {
    return PLAIN.has(error?.code) ? plain.errorToFailure(error, ...others) : super.errorToFailure(error, ...others);
  }
}

exports.failureConverter = new EncodedFailures();
