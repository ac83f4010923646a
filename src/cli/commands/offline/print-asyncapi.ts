import { asyncApiDocument } from '../../../api/asyncapi/document.ts';
import { printJson, type CliIo } from '../../io.ts';

/** Prints the AsyncAPI document of the subjects, the same as GET /api/asyncapi.json. */
export const printAsyncApi = (io: CliIo): void => printJson(io, asyncApiDocument());
